/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session is a recipe and the worker that it is open in; the child behind it may be replaced at
 * any time, and is given the recipe again when the next request needs it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "parent/budgets.h"
#include "parent/error.h"
#include "parent/exchange.h"
#include "parent/recipe.h"
#include "parent/session.h"
#include "parent/statistics.h"
#include "parent/verdict.h"

#define EXPORT_NAME_MAX 255

struct lw_session {
	lw_worker *worker; /* NULL once the worker is closed */
	lw_capability *capability;
	struct lw_session_facts facts; /* of the last opening */
	struct lw_budgets budgets;     /* of this scope */
};

const lw_capability *
session_capability(const lw_session *session)
{
	return session->capability;
}

static bool
is_open(const lw_worker *w)
{
	return w->child != NULL &&
	       (w->child->state == CHILD_IDLE || w->child->state == CHILD_BUSY ||
		   w->child->state == CHILD_ASKED);
}

/* The live version may go on after a comma: "4.35.0-pre, commit ...". */
static bool
is_version(const char *live, const char *built)
{
	size_t size = strlen(built);

	return strncmp(live, built, size) == 0 && (live[size] == '\0' || live[size] == ',');
}

static void
copy_facts(const struct child *c, const lw_capability *capability, struct lw_session_facts *f)
{
	const char *built = capability->lean_version;

	f->generation = c->options.generation;
	(void)snprintf(f->host, sizeof f->host, "%s", c->host);
	(void)snprintf(f->runtime, sizeof f->runtime, "%s", c->runtime);
	(void)snprintf(f->lean_version, sizeof f->lean_version, "%s", c->lean_version);
	(void)snprintf(f->warning, sizeof f->warning, "%s", c->warning);
	if (*built != '\0' && *f->lean_version != '\0' && !is_version(f->lean_version, built))
		(void)snprintf(f->warning, sizeof f->warning,
		    "the capability was built with Lean %.60s and runs on Lean %s, whose functions "
		    "may be others: build it again",
		    built, f->lean_version);
}

static lw_code
need_open(lw_session *s, struct lw_error *ret_error)
{
	lw_code code = worker_need_open(s->worker, s->capability, ret_error);

	if (code == LW_OK)
		copy_facts(s->worker->child, s->capability, &s->facts);
	return code;
}

static lw_code
open_session(lw_worker *w, const lw_capability *capability, lw_session **ret_session,
    struct lw_error *ret_error)
{
	lw_session *s;
	lw_code code;

	if (w->session != NULL)
		return error_set(ret_error, LW_V_MISUSE,
		    "the worker has an open session; close it, or start another worker");
	s = sys_alloc(sizeof *s);
	if (s == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a session");
	s->facts = (struct lw_session_facts)LW_SESSION_FACTS_INIT;
	s->worker = w;
	s->capability = capability_hold(capability);
	code = need_open(s, ret_error);
	if (code != LW_OK && worker_shall_repeat(w))
		code = need_open(s, ret_error);
	if (code != LW_OK) {
		lw_capability_free(&s->capability);
		sys_free(s);
		return code;
	}
	w->session = s;
	*ret_session = s;
	return LW_OK;
}

lw_code
lw_session_open(lw_worker *worker, const lw_capability *capability,
    const struct lw_call_options *call, lw_session **ret_session, struct lw_error *ret_error)
{
	lw_code code;

	if (capability == NULL || ret_session == NULL)
		return error_set(
		    ret_error, LW_V_MISUSE, "capability and ret_session must be given");
	code = worker_enter(worker, call, NULL, ret_error);
	if (code != LW_OK)
		return code;
	code = open_session(worker, capability, ret_session, ret_error);
	worker_leave(worker);
	return code;
}

lw_code
lw_session_set_budgets(
    lw_session *session, const struct lw_budgets *budgets, struct lw_error *ret_error)
{
	lw_code code;

	if (session == NULL || session->worker == NULL)
		return error_set(
		    ret_error, LW_V_SESSION_LOST, "the session is closed, or its worker is");
	if (budgets == NULL)
		return error_set(ret_error, LW_V_MISUSE, "budgets is NULL");
	code = worker_enter(session->worker, NULL, NULL, ret_error);
	if (code != LW_OK)
		return code;
	code = budgets_check(budgets, ret_error);
	if (code == LW_OK)
		session->budgets = *budgets;
	worker_leave(session->worker);
	return code;
}

void
lw_session_close(lw_session **session)
{
	lw_session *s = session != NULL ? *session : NULL;
	lw_worker *w = s != NULL ? s->worker : NULL;

	if (s == NULL)
		return;
	if (w != NULL && w->owner == getpid() && worker_access(w) != WORKER_TAKEN)
		return;
	if (w != NULL) { /* in a forked copy nobody else is at it */
		w->session = NULL;
		worker_release(w);
	}
	*session = NULL;
	lw_capability_free(&s->capability);
	sys_free(s);
}

void
session_orphan(lw_session *session)
{
	session->worker = NULL;
	session->facts.generation = 0;
}

lw_code
lw_session_facts(const lw_session *session, struct lw_session_facts *ret_facts)
{
	enum worker_access access = WORKER_INSIDE;
	lw_worker *w;

	if (session == NULL || ret_facts == NULL || ret_facts->struct_size != sizeof *ret_facts)
		return LW_E_MISUSE;
	w = session->worker;
	if (w != NULL)
		access = worker_access(w);
	if (access == WORKER_DENIED)
		return LW_E_MISUSE;
	*ret_facts = session->facts;
	if (w == NULL || !is_open(w))
		ret_facts->generation = 0;
	else
		/* It may have been opened ahead of the next call. */
		copy_facts(w->child, session->capability, ret_facts);
	if (access == WORKER_TAKEN)
		worker_release(w);
	return LW_OK;
}

/* ---- Requests ------------------------------------------------------------------------------ */

struct call {
	lw_session *session;
	const char *export_name, *text;
	size_t size;
	struct request request;
	struct exchange exchange;
	int64_t began_ns; /* of the request itself; 0: it was not begun */
	int64_t spent_ns; /* of its budget, in a child that died before it had read it */
};

static lw_code
check_call(const struct call *call, const struct lw_sinks *sinks, struct lw_error *ret_error)
{
	size_t valid;

	if (call->session == NULL || call->session->worker == NULL)
		return error_set(
		    ret_error, LW_V_SESSION_LOST, "the session is closed, or its worker is");
	if (call->export_name == NULL || *call->export_name == '\0' ||
	    strlen(call->export_name) > EXPORT_NAME_MAX)
		return error_set(
		    ret_error, LW_V_MISUSE, "an export's name has 1 to %d bytes", EXPORT_NAME_MAX);
	if (call->text == NULL || call->size > WIRE_REQUEST_MAX - WIRE_FRAME_MAX)
		return error_set(ret_error, LW_V_MISUSE,
		    "a request is a text of at most 1 GiB; this one is %s",
		    call->text ? "larger" : "NULL");
	if (sinks != NULL && sinks->struct_size != sizeof *sinks)
		return error_set(ret_error, LW_V_MISUSE, "sinks must begin as LW_SINKS_INIT");
	valid = utf8_valid_prefix(call->text, call->size);
	if (valid != call->size)
		return error_set(
		    ret_error, LW_V_MISUSE, "the request is not UTF-8 at byte %zu", valid);
	return LW_OK;
}

static void
describe_last_row(const struct request *r, struct lw_error *error)
{
	if (r->rows == 0)
		return;
	error->has_row = LW_ROW_LAST;
	(void)snprintf(error->stream, sizeof error->stream, "%s", r->streams[r->last_stream].name);
	error->sequence = r->last_sequence;
}

/* What every error of a request says about it. */
static void
describe_call(const struct call *call, struct lw_error *error)
{
	const struct request *r = &call->request;
	int64_t now = sys_monotonic_ns();

	if (error == NULL)
		return;
	error->generation = r->generation;
	error->rows = r->rows;
	error->elapsed_ns = (uint64_t)(now - call->began_ns);
	error->quiet_ns = (uint64_t)(now - r->event_ns);
	if (call->exchange.asked_ns != 0)
		error->asked_ns = (uint64_t)(now - call->exchange.asked_ns);
	error->work_started = !worker_may_repeat(call->session->worker) &&
			      error->verdict != LW_V_EXPORT_UNKNOWN &&
			      error->verdict != LW_V_EXPORT_DATA;
	if (error->has_row == LW_ROW_NONE && error->code != LW_E_ROW)
		describe_last_row(r, error);
}

static void
describe_row(const struct request *r, struct lw_error *error)
{
	if (error == NULL || r->end.stream == WIRE_NO_STREAM)
		return;
	error->has_row = LW_ROW_AT_FAULT;
	(void)snprintf(error->stream, sizeof error->stream, "%s", r->streams[r->end.stream].name);
	error->sequence = r->end.sequence;
}

/* It stopped when it was asked ahead of a limit. */
static lw_code
late_error(const struct call *call, struct lw_error *ret_error)
{
	const struct exchange_limit *limit = &call->exchange.stopped_by;
	const char *stopped = "the export stopped when asked, and the child was kept";
	char words[128];

	if (limit->of_call)
		return error_set(ret_error, limit->verdict,
		    "the call's deadline came before the request was over; %s", stopped);
	exchange_limit_words(limit, call->exchange.what, words, sizeof words);
	return error_set(ret_error, limit->verdict, "%s; %s", words, stopped);
}

/* The child said END, and it was not a success. */
static lw_code
end_error(const struct call *call, struct lw_error *ret_error)
{
	const struct request *r = &call->request;
	lw_verdict verdict = verdict_of_outcome(r->end.outcome);
	lw_code code;

	if (r->end.outcome == WIRE_OUTCOME_STOPPED)
		return late_error(call, ret_error);
	if (verdict == LW_V_EXPORT_STATUS)
		code = error_set(
		    ret_error, verdict, "the export returned status %u", r->end.status);
	else
		code = error_set(ret_error, verdict, "%s", r->end.message);
	if (ret_error != NULL) {
		ret_error->status = (int)r->end.status;
		ret_error->offset = r->end.offset;
	}
	describe_row(r, ret_error);
	return code;
}

static const char *
fate(const struct call *call)
{
	const struct child *c = call->session->worker->child;

	return call->request.ended ? "kept" : c->killed ? "killed" : "lost";
}

static lw_code
sink_error(const struct call *call, struct lw_error *ret_error)
{
	const struct request *r = &call->request;
	lw_code code = error_set(ret_error, LW_V_SINK,
	    "a callback returned %d after %llu rows; the child was %s", r->sink_code,
	    (unsigned long long)r->rows, fate(call));

	if (ret_error != NULL)
		ret_error->status = r->sink_code;
	return code;
}

static lw_code
cancel_error(const struct call *call, struct lw_error *ret_error)
{
	return error_set(ret_error, LW_V_CANCELLED,
	    "the caller cancelled after %llu rows; the child was %s",
	    (unsigned long long)call->request.rows, fate(call));
}

/* It ended well before it had noticed that nobody wants it any more, and nothing was kept back. */
static bool
is_success(const struct request *r)
{
	return r->ended && r->end.outcome == WIRE_OUTCOME_OK && !r->sink_failed && r->withheld == 0;
}

/* One of: success, a sink's refusal, a cancel, what the child stated, how the child ended. */
static lw_code
judge(const struct call *call, struct lw_error *ret_error)
{
	lw_worker *w = call->session->worker;
	const struct request *r = &call->request;
	lw_code code;

	if (is_success(r))
		return LW_OK;
	if (r->sink_failed)
		code = sink_error(call, ret_error);
	else if (r->cancelled)
		code = cancel_error(call, ret_error);
	else if (!r->ended)
		code = worker_child_error(w, ret_error);
	else
		code = end_error(call, ret_error);
	child_describe(w->child, ret_error);
	describe_call(call, ret_error);
	return code;
}

static bool
is_answered(const struct child *c)
{
	return c->state == CHILD_IDLE;
}

/* A repeat has what the first attempt left of the budget; opening again has its own. */
static lw_code
run_once(struct call *call, enum wire_kind kind, const struct lw_sinks *sinks,
    struct lw_error *ret_error)
{
	lw_worker *w = call->session->worker;
	struct request *r = &call->request;
	lw_code code = need_open(call->session, ret_error);

	if (code == LW_OK)
		code = exchange_may_begin(w, ret_error); /* opening may have taken its time */
	if (code != LW_OK)
		return code;
	call->began_ns = sys_monotonic_ns() - call->spent_ns;
	call->exchange = (struct exchange){
		.worker = w,
		.is_done = is_answered,
		.what = "the request",
		.request = r,
		.began_ns = call->began_ns,
		.budget_ms = w->call.budgets.request_ms,
		.late = LW_V_REQUEST_TIMEOUT,
	};
	request_init(r, kind, w->generation, sinks,
	    deadline_earlier(
		w->call.deadline, budget_end(call->began_ns, w->call.budgets.request_ms)));
	r->cap = w->options.row_cap;
	r->cancel = w->call.cancel;
	child_run(w->child, r, call->export_name, call->text, call->size);
	exchange_run(&call->exchange);
	child_drain_log(w->child);
	return judge(call, ret_error);
}

/* Counts a request, however it ended: a reply that is no JSON, or a sink after the end, is its end. */
static void
account(const struct call *call, lw_code code, lw_verdict verdict)
{
	lw_worker *w = call->session->worker;
	struct lw_worker_statistics *s = &w->statistics;
	const struct request *r = &call->request;
	int64_t now = sys_monotonic_ns();

	s->requests++;
	if (code != LW_OK)
		s->failures[verdict]++;
	s->rows += r->rows;
	s->row_bytes += r->row_bytes;
	if (call->began_ns != 0)
		histogram_add(&s->request, now - call->began_ns);
	if (r->first_row_ns != 0)
		histogram_add(&s->first_row, r->first_row_ns - r->began_ns);
	if (code != LW_OK)
		return;
	s->successes++;
	restarts_note_success(&w->restarts);
	if (w->lost_ns != 0)
		histogram_add(&s->recovery, now - w->lost_ns);
	w->lost_ns = 0;
}

static lw_code
run(struct call *call, enum wire_kind kind, const struct lw_sinks *sinks, struct lw_error *error)
{
	lw_worker *w = call->session->worker;
	lw_code code;

	worker_apply_policy(w);
	code = run_once(call, kind, sinks, error);
	if (code != LW_OK && worker_shall_repeat(w)) {
		w->statistics.repeated++;
		if (call->began_ns != 0)
			call->spent_ns = sys_monotonic_ns() - call->began_ns;
		request_free(&call->request);
		code = run_once(call, kind, sinks, error);
	}
	if (code != LW_OK) /* also where it came to no request */
		(void)snprintf(error->command, sizeof error->command, "%s", call->export_name);
	return code;
}

/* ---- Streams ------------------------------------------------------------------------------- */

void
lw_summary_clear(struct lw_summary *summary)
{
	if (summary == NULL)
		return;
	for (size_t i = 0; i < summary->stream_count; i++)
		sys_free(summary->streams[i].stream);
	sys_free(summary->streams);
	sys_free(summary->metadata);
	*summary = (struct lw_summary)LW_SUMMARY_INIT;
}

/* Moves the names and the metadata out of a request that succeeded. */
static lw_code
fill_summary(struct call *call, struct lw_summary *ret, struct lw_error *ret_error)
{
	struct request *r = &call->request;
	struct lw_summary summary = LW_SUMMARY_INIT;

	summary.streams = sys_alloc((r->stream_count + 1) * sizeof *summary.streams);
	if (summary.streams == NULL) {
		lw_code code = error_set(ret_error, LW_V_NO_MEMORY, "no memory for a summary");

		describe_call(call, ret_error);
		return code;
	}
	for (uint32_t i = 0; i < r->stream_count; i++)
		summary.streams[i] = (struct lw_stream_count){ r->streams[i].name,
			r->streams[i].rows };
	summary.stream_count = r->stream_count;
	r->stream_count = 0; /* the names have moved */
	if (r->has_metadata) {
		summary.metadata = (char *)r->metadata.bytes;
		summary.metadata_size = buffer_size(&r->metadata) - 1;
		r->metadata = BUFFER_EMPTY;
	}
	summary.rows = r->rows;
	summary.elapsed_ns = r->end.elapsed_ns;
	summary.generation = r->generation;
	summary.restarted = call->session->worker->call.restarted;
	summary.pid = call->session->worker->child->pid;
	*ret = summary;
	return LW_OK;
}

static lw_code
deliver_metadata(const struct call *call, const struct lw_sinks *sinks, struct lw_error *ret_error)
{
	const struct buffer *metadata = &call->request.metadata;
	lw_code code;
	int answer;

	if (!call->request.has_metadata || sinks == NULL || sinks->on_metadata == NULL)
		return LW_OK;
	answer = sinks->on_metadata(
	    sinks->context, (const char *)buffer_front(metadata), buffer_size(metadata) - 1);
	if (answer == 0)
		return LW_OK;
	code = error_set(ret_error, LW_V_SINK, "on_metadata returned %d", answer);
	describe_call(call, ret_error);
	return code;
}

static lw_code
stream(struct call *call, const struct lw_sinks *sinks, struct lw_summary *ret_summary,
    struct lw_error *ret_error)
{
	lw_code code = run(call, WIRE_KIND_STREAM, sinks, ret_error);

	if (code == LW_OK)
		code = deliver_metadata(call, sinks, ret_error);
	if (code == LW_OK && ret_summary != NULL)
		code = fill_summary(call, ret_summary, ret_error);
	return code;
}

lw_code
lw_session_stream(lw_session *session, const char *export_name, const char *request,
    size_t request_size, const struct lw_sinks *sinks, const struct lw_call_options *options,
    struct lw_summary *ret_summary, struct lw_error *ret_error)
{
	struct call call = { .session = session,
		.export_name = export_name,
		.text = request,
		.size = request_size };
	struct lw_error own = LW_ERROR_INIT, *error = ret_error ? ret_error : &own;
	lw_code code = check_call(&call, sinks, error);

	if (code == LW_OK && ret_summary != NULL && ret_summary->struct_size != sizeof *ret_summary)
		code = error_set(error, LW_V_MISUSE, "the summary must begin as LW_SUMMARY_INIT");
	if (code == LW_OK)
		code = worker_enter(session->worker, options, &session->budgets, error);
	if (code != LW_OK)
		return code;
	code = stream(&call, sinks, ret_summary, error);
	account(&call, code, error->verdict);
	request_free(&call.request);
	worker_leave(session->worker);
	return code;
}

/* ---- Commands ------------------------------------------------------------------------------ */

void
lw_reply_clear(struct lw_reply *reply)
{
	if (reply == NULL)
		return;
	sys_free(reply->text);
	*reply = (struct lw_reply)LW_REPLY_INIT;
}

static lw_code
command(struct call *call, struct lw_reply *ret_reply, struct lw_error *ret_error)
{
	struct request *r = &call->request;
	lw_code code = run(call, WIRE_KIND_CALL, NULL, ret_error);
	const char *fault, *text = (const char *)r->reply.bytes;
	size_t offset, size = code == LW_OK ? buffer_size(&r->reply) - 1 : 0;

	if (code != LW_OK)
		return code;
	if (!jread_validate(text, size, &offset, &fault)) {
		code = error_set(ret_error, LW_V_REPLY_MALFORMED,
		    "the reply is not JSON at byte %zu: %s", offset, fault);
		describe_call(call, ret_error);
		if (ret_error != NULL)
			ret_error->offset = offset;
		return code;
	}
	ret_reply->text = (char *)r->reply.bytes;
	ret_reply->size = size;
	ret_reply->elapsed_ns = r->end.elapsed_ns;
	ret_reply->generation = r->generation;
	ret_reply->restarted = call->session->worker->call.restarted;
	r->reply = BUFFER_EMPTY;
	return LW_OK;
}

lw_code
lw_session_call(lw_session *session, const char *export_name, const char *request,
    size_t request_size, const struct lw_call_options *options, struct lw_reply *ret_reply,
    struct lw_error *ret_error)
{
	struct call call = { .session = session,
		.export_name = export_name,
		.text = request,
		.size = request_size };
	struct lw_error own = LW_ERROR_INIT, *error = ret_error ? ret_error : &own;
	lw_code code = check_call(&call, NULL, error);

	if (code == LW_OK && (ret_reply == NULL || ret_reply->struct_size != sizeof *ret_reply))
		code = error_set(error, LW_V_MISUSE, "the reply must begin as LW_REPLY_INIT");
	if (code == LW_OK)
		code = worker_enter(session->worker, options, &session->budgets, error);
	if (code != LW_OK)
		return code;
	code = command(&call, ret_reply, error);
	account(&call, code, error->verdict);
	request_free(&call.request);
	worker_leave(session->worker);
	return code;
}
