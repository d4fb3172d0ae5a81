/* SPDX-License-Identifier: Apache-2.0 */
#include "ours.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "records.h"
#include "series.h"

/* Every call of the library that must succeed. */
static void
must(lw_code code, const struct lw_error *error)
{
	if (code != LW_OK)
		fail("%s: %s\n%s", lw_code_name(code), error->message, error->log_tail);
}

static lw_code
start_worker(lw_containment containment, const char *const *environment, lw_worker **ret_worker,
    struct lw_error *error)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;

	options.environment = environment;
	options.containment = containment;
	options.budgets.request_ms = LW_LONG_RUNNING_MS;
	return lw_worker_start(&options, NULL, ret_worker, error);
}

bool
ours_contained(lw_containment containment)
{
	lw_worker *worker = NULL;
	struct lw_error error = LW_ERROR_INIT;
	lw_code code = start_worker(containment, NULL, &worker, &error);

	if (code != LW_OK && error.verdict != LW_V_CHILD_NOT_CONTAINED)
		must(code, &error);
	lw_worker_close(&worker);
	return code == LW_OK;
}

static void
start(
    struct ours *o, enum ours_host host, lw_containment containment, const char *const *environment)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	struct lw_worker_facts worker = LW_WORKER_FACTS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;

	*o = (struct ours){ .facts = LW_SESSION_FACTS_INIT };
	options.host = host == OURS_LEAN ? "lean" : "native";
	options.library = host == OURS_LEAN ? BENCH_GUEST_LEAN : BENCH_GUEST_NATIVE;
	options.runtime = host == OURS_LEAN ? BENCH_RUNTIME : NULL;
	options.module = host == OURS_LEAN ? "Bench" : NULL;
	must(lw_capability_create(&options, &capability, &error), &error);
	must(start_worker(containment, environment, &o->worker, &error), &error);
	must(lw_session_open(o->worker, capability, NULL, &o->session, &error), &error);
	must(lw_worker_health(o->worker, NULL, &error), &error);
	lw_capability_free(&capability);
	(void)lw_session_facts(o->session, &o->facts);
	(void)lw_worker_facts(o->worker, &worker);
	o->pid = worker.pid;
}

void
ours_start(struct ours *o, enum ours_host host, lw_containment containment)
{
	start(o, host, containment, NULL);
}

void
ours_start_by_socket(struct ours *o)
{
	static const char *const environment[] = { "LEANWORKER_LANE=socket", NULL };

	start(o, OURS_NATIVE, LW_CONTAINMENT_BEST, environment);
}

void
ours_cycle(struct ours *o)
{
	struct lw_error error = LW_ERROR_INIT;

	must(lw_worker_cycle(o->worker, NULL, &error), &error);
	ours_call(o); /* the session is opened again by the first request */
}

void
ours_end(struct ours *o)
{
	lw_session_close(&o->session);
	lw_worker_close(&o->worker);
}

static void
stream(struct ours *o, const char *export_name, const char *request, const struct lw_sinks *sinks,
    struct lw_summary *summary)
{
	struct lw_error error = LW_ERROR_INIT;

	must(lw_session_stream(
		 o->session, export_name, lw_text(request), sinks, NULL, summary, &error),
	    &error);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

struct sink {
	uint64_t sum;
	const struct corpus_fields *fields;
};

static int
look(void *context, const struct lw_row *row)
{
	struct sink *s = context;

	s->sum += corpus_look(row->payload, row->payload_size);
	return 0;
}

static int
parse(void *context, const struct lw_row *row)
{
	struct sink *s = context;
	json_t *payload = json_loadb(row->payload, row->payload_size, 0, NULL);
	const char *text = json_string_value(json_object_get(payload, s->fields->text));

	if (text == NULL)
		return 1;
	s->sum += corpus_read(
	    text, json_integer_value(json_object_get(payload, s->fields->number)));
	json_decref(payload);
	return 0;
}

/* ---- The corpora as records: every member of every payload ---------------------------------- */

static int
read_file(void *context, const struct lw_row *row, const struct file *f)
{
	(void)row;
	((struct sink *)context)->sum += corpus_read(f->kind.at, f->line);
	return 0;
}

static int
read_text(void *context, const struct lw_row *row, const struct text *t)
{
	(void)row;
	((struct sink *)context)->sum += corpus_read(t->text.at, t->id);
	return 0;
}

static int
read_numbers(void *context, const struct lw_row *row, const struct numbers *n)
{
	(void)row;
	((struct sink *)context)->sum += corpus_read(n->name.at, n->id);
	return 0;
}

static const struct lw_rows typed[CORPUS_KINDS] = {
	[CORPUS_S] = LW_ROWS(NULL, file, read_file),
	[CORPUS_L] = LW_ROWS(NULL, text, read_text),
	[CORPUS_N] = LW_ROWS(NULL, numbers, read_numbers),
};

uint64_t
ours_receive(
    struct ours *o, enum corpus_kind kind, unsigned size_index, uint64_t count, enum ours_sink sink)
{
	struct sink s = { .fields = &corpus_fields[kind] };
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_summary summary = LW_SUMMARY_INIT;
	char request[64];

	sinks.context = &s;
	sinks.on_row = sink == OURS_RAW ? look : sink == OURS_JANSSON ? parse : NULL;
	if (sink == OURS_TYPED) {
		sinks.rows = &typed[kind];
		sinks.rows_count = 1;
	}
	(void)snprintf(
	    request, sizeof request, "%d %u %llu", kind, size_index, (unsigned long long)count);
	stream(o, "bench_rows", request, &sinks, &summary);
	if (sink == OURS_COUNT)
		s.sum = summary.rows;
	lw_summary_clear(&summary);
	return s.sum;
}

/* ---- One at a time ------------------------------------------------------------------------- */

void
ours_call(struct ours *o)
{
	struct lw_error error = LW_ERROR_INIT;
	struct lw_reply reply = LW_REPLY_INIT;

	must(
	    lw_session_call(o->session, "bench_echo", lw_text("{}"), NULL, &reply, &error), &error);
	lw_reply_clear(&reply);
}

struct wakes {
	double *ns;
	size_t count, room;
};

static int
note_wake(void *context, const struct lw_row *row)
{
	struct wakes *w = context;
	int64_t now = now_ns();
	char text[32];

	(void)snprintf(text, sizeof text, "%.*s", (int)row->payload_size, row->payload);
	if (w->count < w->room)
		w->ns[w->count++] = (double)(now - strtoll(text, NULL, 10));
	return 0;
}

void
ours_wake(struct ours *o, double *ret_ns, size_t count)
{
	struct wakes w = { .ns = ret_ns, .room = count };
	struct lw_sinks sinks = LW_SINKS_INIT;
	char request[32];

	sinks.context = &w;
	sinks.on_row = note_wake;
	(void)snprintf(request, sizeof request, "%zu", count);
	stream(o, "bench_wake", request, &sinks, NULL);
	if (w.count != count)
		fail("%zu wakes, not %zu", w.count, count);
}
