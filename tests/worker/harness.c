/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/harness.h"

#include <inttypes.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void
expect_ok(struct harness *h, lw_code code)
{
	if (code != LW_OK)
		fail_msg("%s (%s): %s\n%s", lw_code_name(code), lw_verdict_name(h->error.verdict),
		    h->error.message, h->error.log_tail);
}

static void
keep_log(void *context, uint32_t generation, const char *text, size_t size)
{
	struct harness *h = context;

	(void)generation;
	if (!h->forget_log)
		fwrite(text, 1, size, h->log_out);
	fflush(h->log_out);
	if (h->on_log != NULL)
		h->on_log(h);
}

void
harness_start(struct harness *h)
{
	h->log_out = open_memstream(&h->log, &h->log_size);
	assert_non_null(h->log_out);
	if (h->options.child_path == NULL)
		h->options.child_path = support_child();
	h->options.on_log = keep_log;
	h->options.log_context = h;
	expect_ok(h, lw_worker_start(&h->options, NULL, &h->worker, &h->error));
}

/* A file beside the fixture's library. */
static void
built(const char *file, char ret_path[4096])
{
	const char *beside = support_library();

	(void)snprintf(
	    ret_path, 4096, "%.*s%s", (int)(strrchr(beside, '/') + 1 - beside), beside, file);
}

static void
open_manifest(struct harness *h, const char *path)
{
	lw_capability *capability = NULL;

	if (h->worker == NULL)
		harness_start(h);
	expect_ok(h, lw_capability_load(path, &capability, &h->error));
	expect_ok(h, lw_session_open(h->worker, capability, NULL, &h->session, &h->error));
	lw_capability_free(&capability);
}

void
harness_open_fixture(struct harness *h)
{
	open_manifest(h, support_manifest());
}

void
harness_open_manifest(struct harness *h, const char *file)
{
	char path[4096];

	built(file, path);
	open_manifest(h, path);
}

void
harness_open_guest(struct harness *h)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability = NULL;
	char library[4096];

	built("libguest.so", library);
	options.host = "lean";
	options.library = library;
	options.runtime = support_runtime();
	options.module = "Guest";
	if (h->worker == NULL)
		harness_start(h);
	expect_ok(h, lw_capability_create(&options, &capability, &h->error));
	expect_ok(h, lw_session_open(h->worker, capability, NULL, &h->session, &h->error));
	lw_capability_free(&capability);
}

char *
harness_script(const char *format, ...)
{
	char *script = NULL;
	va_list arguments;

	va_start(arguments, format);
	assert_true(vasprintf(&script, format, arguments) >= 0);
	va_end(arguments);
	return script;
}

int
harness_apart(int (*play)(void))
{
	int status = -1;
	pid_t apart = fork();

	if (apart == 0) {
		support_deadline(15);
		_exit(play());
	}
	assert_int_equal(waitpid(apart, &status, 0), apart);
	if (!WIFEXITED(status))
		print_error("the process apart was ended by signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

lw_code
harness_try_native(struct harness *h, const char *file, const char *dependency)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	char library[4096], before[4096];
	const char *dependencies[] = { before, NULL };
	lw_capability *capability = NULL;

	built(file, library);
	options.host = "native";
	options.library = library;
	if (dependency != NULL) {
		built(dependency, before);
		options.dependencies = dependencies;
	}
	if (h->worker == NULL)
		harness_start(h);
	expect_ok(h, lw_capability_create(&options, &capability, &h->error));
	lw_session_close(&h->session);
	h->code = lw_session_open(h->worker, capability, NULL, &h->session, &h->error);
	lw_capability_free(&capability);
	return h->code;
}

void
harness_open_native(struct harness *h)
{
	expect_ok(h, harness_try_native(h, "libnative_guest.so", NULL));
}

void
harness_open_hostile(struct harness *h)
{
	expect_ok(h, harness_try_native(h, "libnative_hostile.so", NULL));
}

void
harness_start_chaos(struct harness *h, const char *script)
{
	char *text = NULL;

	assert_int_not_equal(
	    asprintf(&text, "%s%s",
		script && strncmp(script, "LEANWORKER_CHAOS=", 17) == 0 ? "" : "LEANWORKER_CHAOS=",
		script ? script : ""),
	    -1);
	h->options.child_path = support_chaos();
	h->options.environment = (const char *const[]){ text, NULL };
	harness_start(h);
	h->options.environment = NULL;
	free(text);
}

void
harness_open_chaos(struct harness *h, const char *script)
{
	if (h->worker == NULL)
		harness_start_chaos(h, script);
	expect_ok(h, harness_try_native(h, "nothing", NULL));
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct harness *h = context;

	fprintf(h->events_out, "row %s %" PRIu64 " %.*s\n", row->stream, row->sequence,
	    (int)row->payload_size, row->payload);
	h->rows_seen++;
	if (h->on_row != NULL)
		h->on_row(h, row);
	return h->rows_seen > h->sink_after ? h->sink_answer : 0;
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	struct harness *h = context;

	fprintf(h->events_out, "diagnostic %s %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	struct harness *h = context;

	fprintf(h->events_out, "progress %s %" PRIu64, progress->phase, progress->current);
	if (progress->total != UINT64_MAX)
		fprintf(h->events_out, " of %" PRIu64, progress->total);
	fputc('\n', h->events_out);
	return 0;
}

static int
on_metadata(void *context, const char *json, size_t size)
{
	struct harness *h = context;

	fprintf(h->events_out, "metadata %.*s\n", (int)size, json);
	return 0;
}

lw_code
harness_stream(struct harness *h, const char *export_name, const char *request)
{
	struct lw_sinks sinks = LW_SINKS_INIT;

	sinks.context = h;
	sinks.on_row = on_row;
	sinks.on_diagnostic = on_diagnostic;
	sinks.on_progress = on_progress;
	sinks.on_metadata = on_metadata;
	free(h->events);
	h->events = NULL;
	h->events_out = open_memstream(&h->events, &h->events_size);
	assert_non_null(h->events_out);
	h->rows_seen = 0;
	lw_summary_clear(&h->summary);
	h->code = lw_session_stream(
	    h->session, export_name, lw_text(request), &sinks, h->call, &h->summary, &h->error);
	fclose(h->events_out);
	h->events_out = NULL;
	return h->code;
}

void
harness_expect_usable(struct harness *h)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_session_facts session = LW_SESSION_FACTS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	const char *echo = "leanworker_fixture_echo";

	expect_ok(h, lw_worker_health(h->worker, NULL, &h->error));
	if (h->session == NULL)
		return;
	assert_int_equal(lw_session_facts(h->session, &session), LW_OK);
	if (strcmp(session.host, "chaos") == 0) {
		expect_ok(
		    h, lw_session_call(h->session, "polite", lw_text(""), NULL, &reply, &h->error));
		lw_reply_clear(&reply);
		return;
	}
	if (lw_session_call(h->session, "guest_echo", lw_text("{\"still\":\"here\"}"), NULL, &reply,
		NULL) != LW_OK)
		expect_ok(h, lw_session_call(h->session, echo, lw_text("{\"still\":\"here\"}"),
				 NULL, &reply, &h->error));
	assert_string_equal(reply.text, "{\"still\":\"here\"}");
	lw_reply_clear(&reply);
	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	assert_int_not_equal(facts.pid, 0);
}

void
harness_close(struct harness *h)
{
	lw_session_close(&h->session);
	lw_worker_close(&h->worker);
	lw_summary_clear(&h->summary);
	if (h->log_out != NULL)
		fclose(h->log_out);
	free(h->log);
	free(h->events);
	h->log_out = NULL;
	h->log = h->events = NULL;
}

void
harness_end(struct harness *h)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;

	harness_expect_usable(h);
	if (h->session != NULL)
		assert_int_equal(lw_session_facts(h->session, &facts), LW_OK);
	expect_ok(h, lw_worker_shutdown(h->worker, &h->report, &h->error));
	assert_int_equal(h->report.outcome, LW_SHUTDOWN_ORDERLY);
	if (strcmp(facts.host, "lean") == 0)
		EXPECT_TEXT(h->log, "leanrt: live objects 0,");
	harness_close(h);
}

bool
harness_can_contain(lw_containment containment)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	lw_worker *worker = NULL;
	lw_code code;

	options.child_path = support_child();
	options.containment = containment;
	code = lw_worker_start(&options, NULL, &worker, NULL);
	lw_worker_close(&worker);
	return code == LW_OK;
}

void
harness_under_every_containment(void (*scenario)(lw_containment containment))
{
	unsigned ran = 0;

	for (int kind = LW_CONTAINMENT_PID_NAMESPACE; kind <= LW_CONTAINMENT_SUBREAPER; kind++)
		if (harness_can_contain((lw_containment)kind)) {
			scenario((lw_containment)kind);
			ran++;
		}
	assert_int_not_equal(ran, 0); /* the subreaper works everywhere */
}

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
harness_now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

int64_t
harness_cpu_ms(void)
{
	return clock_ms(CLOCK_THREAD_CPUTIME_ID);
}

int
harness_broken(const struct harness *h, const char *what)
{
	fprintf(stderr, "%s: %s (%s)\n", what, lw_verdict_name(h->error.verdict), h->error.message);
	return 1;
}

pid_t
harness_pid(struct harness *h)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	return facts.pid;
}

uint32_t
harness_generation(struct harness *h)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	return facts.generation;
}
