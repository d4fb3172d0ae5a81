/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker stream: rows as lines of JSON on standard output. Everything else, diagnostics, what
 * the child prints, progress on a terminal, goes to standard error, so that a pipe gets rows only.
 */
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define CLEAR_LINE "\r\033[K"

struct stream {
	const char *export_name, *manifest, *request, *child;
	uint32_t timeout_ms;
	int terminal;       /* standard error is one: progress is shown there */
	int progress_shown; /* the last line there is ours to overwrite */
	char name[1024];    /* of the last row's stream, and the same in JSON */
	char *name_json;
};

/* How many bytes come before a line end. */
static size_t
until_line_end(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] != '\n' && text[n] != '\r')
		n++;
	return n;
}

static void
clear_progress(struct stream *s)
{
	if (s->progress_shown)
		fputs(CLEAR_LINE, stderr);
	s->progress_shown = 0;
}

/* Most rows are of the stream of the row before. */
static const char *
name_in_json(struct stream *s, const char *name)
{
	json_t *text;

	if (s->name_json != NULL && strcmp(s->name, name) == 0)
		return s->name_json;
	free(s->name_json);
	text = json_string(name);
	s->name_json = json_dumps(text, JSON_ENCODE_ANY);
	json_decref(text);
	(void)snprintf(s->name, sizeof s->name, "%s", name);
	return s->name_json ? s->name_json : "null";
}

/* JSON has line ends only between tokens, where a space does as well. */
static void
print_on_one_line(const char *json, size_t size)
{
	for (size_t done = 0; done < size; done++) {
		size_t plain = until_line_end(json + done, size - done);

		fwrite(json + done, 1, plain, stdout);
		done += plain;
		if (done < size)
			putchar(' ');
	}
}

/* Nonzero ends the request: nobody reads our output any more. */
static int
print_row(void *context, const struct lw_row *row)
{
	struct stream *s = context;

	clear_progress(s);
	printf("{\"stream\":%s,\"sequence\":%" PRIu64 ",\"payload\":", name_in_json(s, row->stream),
	    row->sequence);
	print_on_one_line(row->payload, row->payload_size);
	fputs("}\n", stdout);
	return ferror(stdout);
}

static int
print_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	clear_progress(context);
	fprintf(stderr, "%s: %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static int
print_progress(void *context, const struct lw_progress *progress)
{
	struct stream *s = context;

	if (!s->terminal)
		return 0;
	fprintf(stderr, CLEAR_LINE "%s %" PRIu64, progress->phase, progress->current);
	if (progress->total != UINT64_MAX)
		fprintf(stderr, " of %" PRIu64, progress->total);
	fflush(stderr);
	s->progress_shown = 1;
	return 0;
}

static void
print_log(void *context, uint32_t generation, const char *text, size_t size)
{
	(void)generation;
	clear_progress(context);
	fwrite(text, 1, size, stderr);
}

static lw_code
run(struct stream *s, const char *request, size_t size, struct lw_error *error)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;
	lw_capability *capability = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;
	lw_code code = lw_capability_load(s->manifest, &capability, error);

	options.child_path = s->child;
	options.budgets.request_ms = s->timeout_ms;
	options.on_log = print_log;
	options.log_context = sinks.context = s;
	sinks.on_row = print_row;
	sinks.on_diagnostic = print_diagnostic;
	sinks.on_progress = print_progress;
	if (code == LW_OK)
		code = lw_worker_start(&options, NULL, &worker, error);
	if (code == LW_OK)
		code = lw_session_open(worker, capability, NULL, &session, error);
	if (code == LW_OK)
		code = lw_session_stream(
		    session, s->export_name, request, size, &sinks, NULL, NULL, error);
	clear_progress(s);
	lw_session_close(&session);
	lw_worker_close(&worker);
	lw_capability_free(&capability);
	return code;
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: leanworker stream EXPORT --capability MANIFEST [--request TEXT|@FILE|-]\n"
	    "                         [--timeout MS] [--child PROGRAM]\n"
	    "example:\n"
	    "  leanworker stream leanworker_fixture_many --capability interop.capability.json \\\n"
	    "      --request '{\"count\":3}'\n");
	return CLI_EXIT_USAGE;
}

/* False when the arguments make no sense. */
static int
parse(struct stream *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "capability", required_argument, NULL, 'c' },
		{ "request", required_argument, NULL, 'r' },
		{ "timeout", required_argument, NULL, 't' },
		{ "child", required_argument, NULL, 'C' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:r:t:", options, NULL)) != -1) {
		if (option == 'c')
			s->manifest = optarg;
		else if (option == 'r')
			s->request = optarg;
		else if (option == 't')
			s->timeout_ms = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'C')
			s->child = optarg;
		else
			return 0;
	}
	s->export_name = argv[optind];
	return argc == optind + 1 && s->manifest != NULL;
}

int
cli_stream(int argc, char **argv)
{
	struct stream s = { .request = "{}" };
	struct lw_error error = LW_ERROR_INIT;
	char *request;
	size_t size;
	lw_code code;

	if (!parse(&s, argc, argv))
		return usage();
	s.terminal = isatty(STDERR_FILENO);
	(void)setvbuf(stdout, NULL, _IOLBF, 1 << 16); /* rows are live, in a pipe too */
	request = cli_read_text(s.request, &size);
	if (request == NULL)
		return CLI_EXIT_USAGE;
	code = run(&s, request, size, &error);
	free(request);
	free(s.name_json);
	if (fflush(stdout) != 0 && code == LW_OK) {
		perror("leanworker: standard output");
		return 1;
	}
	return code == LW_OK ? 0 : cli_fail(&error);
}
