/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session is a recipe and the worker that it is open in; the child behind it may be replaced at
 * any time, and is given the recipe again when the next request needs it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "parent/error.h"
#include "parent/recipe.h"
#include "parent/session.h"
#include "parent/verdict.h"
#include "parent/worker.h"

#define EXPORT_NAME_MAX 255

struct lw_session {
	lw_worker *worker; /* NULL once the worker is closed */
	lw_capability *capability;
	struct lw_session_facts facts; /* of the last opening */
};

static void
keep_facts(lw_session *s)
{
	const struct child *c = s->worker->child;
	struct lw_session_facts *f = &s->facts;

	f->generation = c->options.generation;
	(void)snprintf(f->host, sizeof f->host, "%s", c->host);
	(void)snprintf(f->runtime, sizeof f->runtime, "%s", c->runtime);
	(void)snprintf(f->lean_version, sizeof f->lean_version, "%s", c->lean_version);
	(void)snprintf(f->warning, sizeof f->warning, "%s", c->warning);
}

static lw_code
need_open(lw_session *s, struct lw_error *ret_error)
{
	lw_code code = worker_need_open(s->worker, s->capability, ret_error);

	if (code == LW_OK)
		keep_facts(s);
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
	if (code != LW_OK && worker_may_repeat(w))
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
lw_session_open(lw_worker *worker, const lw_capability *capability, lw_session **ret_session,
    struct lw_error *ret_error)
{
	lw_code code;

	if (capability == NULL || ret_session == NULL)
		return error_set(
		    ret_error, LW_V_MISUSE, "capability and ret_session must be given");
	code = worker_enter(worker, ret_error);
	if (code != LW_OK)
		return code;
	code = open_session(worker, capability, ret_session, ret_error);
	worker_leave(worker);
	return code;
}

void
lw_session_close(lw_session **session)
{
	lw_session *s = *session;

	if (s == NULL || (s->worker != NULL && s->worker->in_call))
		return;
	*session = NULL;
	if (s->worker != NULL)
		s->worker->session = NULL;
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
	const struct child *c;

	if (session == NULL || ret_facts == NULL || ret_facts->struct_size != sizeof *ret_facts)
		return LW_E_MISUSE;
	*ret_facts = session->facts;
	c = session->worker ? session->worker->child : NULL;
	if (c == NULL || c->state == CHILD_READY || !child_lives(c))
		ret_facts->generation = 0;
	return LW_OK;
}

/* ---- Requests ------------------------------------------------------------------------------ */

struct call {
	lw_session *session;
	const char *export_name, *text;
	size_t size;
	struct request request;
	int64_t began_ns;
	uint32_t spent_ms; /* of the budget, in a child that died before it had read the request */
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

/* What every error of a request says about it. */
static void
describe_call(const struct call *call, struct lw_error *error)
{
	const struct request *r = &call->request;

	if (error == NULL)
		return;
	(void)snprintf(error->command, sizeof error->command, "%s", call->export_name);
	error->generation = r->generation;
	error->rows = r->rows;
	error->elapsed_ns = (uint64_t)(sys_monotonic_ns() - call->began_ns);
	error->work_started = !worker_may_repeat(call->session->worker);
}

static void
describe_row(const struct request *r, struct lw_error *error)
{
	if (error == NULL || r->end.stream == WIRE_NO_STREAM)
		return;
	error->has_row = 1;
	(void)snprintf(error->stream, sizeof error->stream, "%s", r->streams[r->end.stream].name);
	error->sequence = r->end.sequence;
}

/* The child said END, and it was not a success. */
static lw_code
end_error(const struct request *r, uint32_t budget_ms, struct lw_error *ret_error)
{
	lw_verdict verdict = verdict_of_outcome(r->end.outcome);
	lw_code code;

	if (verdict == LW_V_STOPPED)
		return error_set(ret_error, LW_V_REQUEST_TIMEOUT,
		    "the request did not end within %u ms; the export stopped when asked, and the "
		    "child was kept",
		    budget_ms);
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

static lw_code
sink_error(const struct lw_worker *w, const struct request *r, struct lw_error *ret_error)
{
	const char *child = r->ended ? "kept" : w->child->exit.known ? "lost" : "killed";
	lw_code code = error_set(ret_error, LW_V_SINK,
	    "a callback returned %d after %llu rows; the child was %s", r->sink_code,
	    (unsigned long long)r->rows, child);

	child_describe(w->child, ret_error);
	if (ret_error != NULL)
		ret_error->status = r->sink_code;
	return code;
}

/* One of: success, a sink's refusal, what the child stated, how the child ended. */
static lw_code
judge(const struct call *call, struct lw_error *ret_error)
{
	lw_worker *w = call->session->worker;
	const struct request *r = &call->request;
	lw_code code = LW_OK;

	if (r->sink_failed) {
		code = sink_error(w, r, ret_error);
	} else if (!r->ended) {
		code = worker_child_error(w, ret_error);
	} else if (r->end.outcome != WIRE_OUTCOME_OK) {
		code = end_error(r, w->options.request_ms, ret_error);
	}
	if (code != LW_OK)
		describe_call(call, ret_error);
	return code;
}

static lw_code
run_once(struct call *call, enum wire_kind kind, const struct lw_sinks *sinks,
    struct lw_error *ret_error)
{
	lw_worker *w = call->session->worker;
	lw_code code = need_open(call->session, ret_error);

	if (code != LW_OK)
		return code;
	call->began_ns = sys_monotonic_ns();
	request_init(&call->request, kind, w->generation, sinks, DEADLINE_NEVER);
	call->request.cap = w->options.row_cap;
	worker_run(w, &call->request, call->export_name, call->text, call->size,
	    w->options.request_ms - call->spent_ms);
	return judge(call, ret_error);
}

/* Of the request's budget; something is left, so that the repeat can at least be asked. */
static uint32_t
spent_ms(const struct call *call)
{
	int64_t spent = (sys_monotonic_ns() - call->began_ns) / 1000000;
	uint32_t budget = call->session->worker->options.request_ms;

	return call->began_ns == 0 ? 0 : spent < budget ? (uint32_t)spent : budget - 1;
}

static lw_code
run(struct call *call, enum wire_kind kind, const struct lw_sinks *sinks,
    struct lw_error *ret_error)
{
	lw_code code = run_once(call, kind, sinks, ret_error);

	if (code != LW_OK && worker_may_repeat(call->session->worker)) {
		call->spent_ms = spent_ms(call);
		request_free(&call->request);
		code = run_once(call, kind, sinks, ret_error);
	}
	return code;
}

/* ---- Streams ------------------------------------------------------------------------------- */

void
lw_summary_clear(struct lw_summary *summary)
{
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
    size_t request_size, const struct lw_sinks *sinks, struct lw_summary *ret_summary,
    struct lw_error *ret_error)
{
	struct call call = { .session = session,
		.export_name = export_name,
		.text = request,
		.size = request_size };
	lw_code code = check_call(&call, sinks, ret_error);

	if (code == LW_OK && ret_summary != NULL && ret_summary->struct_size != sizeof *ret_summary)
		code = error_set(
		    ret_error, LW_V_MISUSE, "the summary must begin as LW_SUMMARY_INIT");
	if (code == LW_OK)
		code = worker_enter(session->worker, ret_error);
	if (code != LW_OK)
		return code;
	code = stream(&call, sinks, ret_summary, ret_error);
	request_free(&call.request);
	worker_leave(session->worker);
	return code;
}

/* ---- Commands ------------------------------------------------------------------------------ */

void
lw_reply_clear(struct lw_reply *reply)
{
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
	ret_reply->generation = r->generation;
	r->reply = BUFFER_EMPTY;
	return LW_OK;
}

lw_code
lw_session_call(lw_session *session, const char *export_name, const char *request,
    size_t request_size, struct lw_reply *ret_reply, struct lw_error *ret_error)
{
	struct call call = { .session = session,
		.export_name = export_name,
		.text = request,
		.size = request_size };
	lw_code code = check_call(&call, NULL, ret_error);

	if (code == LW_OK && (ret_reply == NULL || ret_reply->struct_size != sizeof *ret_reply))
		code = error_set(ret_error, LW_V_MISUSE, "the reply must begin as LW_REPLY_INIT");
	if (code == LW_OK)
		code = worker_enter(session->worker, ret_error);
	if (code != LW_OK)
		return code;
	code = command(&call, ret_reply, ret_error);
	request_free(&call.request);
	worker_leave(session->worker);
	return code;
}
