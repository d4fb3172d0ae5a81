/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker bench: how fast an export of the user's answers a request of the user's. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/probe/timed.h"
#include "cli/probe/times.h"
#include "cli/screen.h"
#include "cli/target.h"

#define FOR_MS 5000

struct bench {
	struct cli_target target;
	const char *export_name;
	char *request;
	size_t request_size;
	uint32_t for_ms;
	struct lw_session_facts facts;
	struct times requests, first_rows;
	uint64_t rows, bytes;
	int64_t elapsed_ns;
	int64_t parent_cpu_us, child_cpu_us; /* of the measured span; -1: not known */
};

/* ---- CPU time ---------------------------------------------------------------------------------- */

static int64_t
own_cpu_us(void)
{
	struct rusage used;

	if (getrusage(RUSAGE_SELF, &used) != 0)
		return -1;
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* Fields 14 and 15 of /proc/PID/stat, counted behind the name, which may contain anything. */
static int64_t
child_cpu_us(lw_worker *worker)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	char text[1024] = "", path[64], *at, *end;
	int64_t ticks = -1;
	FILE *file;

	if (lw_worker_facts(worker, &facts) != LW_OK)
		return -1;
	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)facts.pid);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	(void)fclose(file);
	at = strrchr(text, ')');
	for (int field = 2; at != NULL && field < 14; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL)
		ticks = strtoll(at, &end, 10) + strtoll(end, NULL, 10);
	return ticks < 0 ? -1 : ticks * 1000000 / sysconf(_SC_CLK_TCK);
}

/* ---- Measuring --------------------------------------------------------------------------------- */

static void
show(const struct bench *b, int64_t now_ns)
{
	struct lw_progress progress = { "bench: ms", (uint64_t)(now_ns / 1000000), b->for_ms };

	cli_progress(&progress);
}

static lw_code
run_requests(struct bench *b, lw_session *session, struct lw_error *ret_error)
{
	int64_t began = cli_now_ns();
	struct timed t = { .rows = 0 };

	while (b->elapsed_ns < b->for_ms * INT64_C(1000000)) {
		lw_code code = timed_stream(session, b->export_name,
		    lw_bytes(b->request, b->request_size), &b->target.call, &t, ret_error);

		if (code != LW_OK)
			return code;
		b->elapsed_ns = t.returned_ns - began;
		b->rows += t.rows;
		b->bytes += t.bytes;
		times_add(&b->requests, (uint64_t)(t.returned_ns - t.called_ns));
		if (t.rows > 0)
			times_add(&b->first_rows, (uint64_t)(t.first_row_ns - t.called_ns));
		show(b, b->elapsed_ns);
	}
	return LW_OK;
}

static lw_code
measure(struct bench *b, struct lw_error *ret_error)
{
	struct lw_opened opened = LW_OPENED_INIT;
	int64_t parent, child;
	struct timed warm_up = { .rows = 0 };
	lw_code code = cli_target_open(&b->target, &opened, ret_error);

	if (code == LW_OK) {
		(void)lw_session_facts(opened.session, &b->facts);
		code = timed_stream(opened.session, b->export_name,
		    lw_bytes(b->request, b->request_size), &b->target.call, &warm_up, ret_error);
	}
	if (code == LW_OK) {
		parent = own_cpu_us();
		child = child_cpu_us(opened.worker);
		code = run_requests(b, opened.session, ret_error);
		b->parent_cpu_us = parent < 0 ? -1 : own_cpu_us() - parent;
		b->child_cpu_us = child < 0 ? -1 : child_cpu_us(opened.worker) - child;
	}
	cli_target_close(&opened);
	return code;
}

/* ---- The report -------------------------------------------------------------------------------- */

static double
ms(const struct times *t, double share)
{
	return (double)times_quantile(t, share) / 1e6;
}

static double
rate(const struct bench *b, uint64_t what)
{
	return (double)what * 1e9 / (double)b->elapsed_ns;
}

static void
print_cpu(const char *whose, int64_t us)
{
	if (us < 0)
		printf("%-14s not known\n", whose);
	else
		printf("%-14s %.0f ms\n", whose, (double)us / 1e3);
}

static void
print_table(const struct bench *b)
{
	printf("served by %s%s%s\n", b->facts.runtime, *b->facts.lean_version ? " " : "",
	    b->facts.lean_version);
	printf("%-14s %" PRIu64 " in %.2f s, after one that does not count\n", "requests",
	    b->requests.count, (double)b->elapsed_ns / 1e9);
	printf("%-14s %" PRIu64 ", %.0f rows/s\n", "rows", b->rows, rate(b, b->rows));
	printf("%-14s %" PRIu64 " bytes of payloads, %.2f MB/s\n", "bytes", b->bytes,
	    rate(b, b->bytes) / 1e6);
	printf("%-14s p50 %.3f ms, p99 %.3f ms, longest %.3f ms\n", "request time",
	    ms(&b->requests, 0.5), ms(&b->requests, 0.99), (double)b->requests.max_ns / 1e6);
	if (b->first_rows.count > 0)
		printf("%-14s p50 %.3f ms, p99 %.3f ms\n", "first row", ms(&b->first_rows, 0.5),
		    ms(&b->first_rows, 0.99));
	else
		printf("%-14s none\n", "first row");
	print_cpu("CPU here", b->parent_cpu_us);
	print_cpu("CPU of child", b->child_cpu_us);
}

static json_t *
known(int64_t us)
{
	return us < 0 ? json_null() : json_integer(us);
}

static int
print_json(const struct bench *b)
{
	return cli_print_json(json_pack(
	    "{s:i, s:{s:s, s:s}, s:s, s:f, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, "
	    "s:o, s:o}",
	    "leanworker_bench", 1, "served_by", "runtime", b->facts.runtime, "lean_version",
	    b->facts.lean_version, "export", b->export_name, "elapsed_ms",
	    (double)b->elapsed_ns / 1e6, "requests", (json_int_t)b->requests.count, "rows",
	    (json_int_t)b->rows, "bytes", (json_int_t)b->bytes, "rows_per_s", rate(b, b->rows),
	    "bytes_per_s", rate(b, b->bytes), "request_p50_ms", ms(&b->requests, 0.5),
	    "request_p99_ms", ms(&b->requests, 0.99), "request_max_ms",
	    (double)b->requests.max_ns / 1e6, "first_row_p50_ms", ms(&b->first_rows, 0.5),
	    "first_row_p99_ms", ms(&b->first_rows, 0.99), "cpu_us", known(b->parent_cpu_us),
	    "child_cpu_us", known(b->child_cpu_us)));
}

static int
run(struct bench *b, const char *request)
{
	struct lw_error error = LW_ERROR_INIT;
	lw_code code;

	b->request = cli_read_text(request, &b->request_size);
	if (b->request == NULL)
		return CLI_EXIT_FILE;
	code = measure(b, &error);
	free(b->request);
	if (code != LW_OK)
		return cli_fail(&error);
	if (b->target.json)
		return print_json(b);
	print_table(b);
	return 0;
}

static int
bench(const struct cli_verb *verb, int argc, char **argv)
{
	static struct bench b; /* its buckets are much for a stack */
	struct cli_options options = { .count = 0 };
	struct cli_request request;
	int status;

	b.facts = (struct lw_session_facts)LW_SESSION_FACTS_INIT;
	b.for_ms = FOR_MS;
	cli_request_begin(&request, &options);
	cli_time(&options, 0, "for", "how long, at least: 500ms, 30s, 2m; default 5s", &b.for_ms);
	cli_target_begin(&b.target, &options);
	cli_describe(&options, "json",
	    "the report as a line of JSON; a failure too, for\n`leanworker explain`");
	status = cli_request_parse(verb, &options, &b.target, &request, argc, argv);
	b.export_name = request.export_name;
	return status >= 0 ? status : run(&b, request.text);
}

const struct cli_verb cli_bench = {
	.name = "bench",
	.does = "measure rows per second of a streaming export",
	.usage = "EXPORT --capability MANIFEST [OPTION...]\n"
		 "EXPORT --project FOLDER [--library LIBRARY] [OPTION...]",
	.about = "Runs a streaming export with the same request again and again, in one session, "
		 "and counts.\n"
		 "Rows are checked, and thrown away. The first request does not count.\n",
	.examples =
	    "  leanworker bench my_export -c my.capability.json -r '{\"count\":1000}' --for 2s\n"
	    "  leanworker bench my_export -c my.capability.json --json | jq .rows_per_s\n",
	.run = bench,
};
