/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request of a session, from its text to what the caller is told: streams and commands.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "parent/budgets.h"
#include "parent/error.h"
#include "parent/exchange.h"
#include "parent/session.h"
#include "parent/statistics.h"
#include "parent/verdict.h"

#define EXPORT_NAME_MAX 255

struct call {
	lw_session *session;
	const char *export_name, *text;
	size_t size;
	struct buffer encoded; /* the text, where the request is a record */
	struct request request;
	struct exchange exchange;
	int64_t began_ns; /* of the request itself; 0: it was not begun */
	int64_t spent_ns; /* of its budget, in a child that died before it had read it */
};

static lw_code
check_size(const struct call *call, struct lw_error *ret_error)
{
	if (call->text != NULL && call->size <= WIRE_REQUEST_MAX - WIRE_FRAME_MAX)
		return LW_OK;
	return error_set(ret_error, LW_V_MISUSE,
	    "a request is a text of at most 1 GiB; this one is %s", call->text ? "larger" : "NULL");
}

static lw_code
check_text(const struct call *call, struct lw_error *ret_error)
{
	lw_code code = check_size(call, ret_error);
	size_t valid;

	if (code != LW_OK)
		return code;
	valid = utf8_valid_prefix(call->text, call->size);
	if (valid != call->size)
		return error_set(
		    ret_error, LW_V_MISUSE, "the request is not UTF-8 at byte %zu", valid);
	return LW_OK;
}

static lw_code
encode_request(struct call *call, const struct lw_input *request, struct lw_error *ret_error)
{
	struct record_fault fault;
	lw_code code = record_check(request->record, ret_error);

	if (code != LW_OK)
		return code;
	if (request->value == NULL)
		return error_set(ret_error, LW_V_MISUSE, "the request is a record at NULL");
	if (!record_encode(request->record(), request->value, &call->encoded, &fault))
		return record_error(ret_error, LW_V_ENCODE, "the request", &fault);
	call->text = (const char *)buffer_front(&call->encoded);
	call->size = buffer_size(&call->encoded);
	return check_size(call, ret_error);
}

static lw_code
take_input(struct call *call, const struct lw_input *request, struct lw_error *ret_error)
{
	if (request->record != NULL)
		return encode_request(call, request, ret_error);
	call->text = request->text;
	call->size = request->size;
	return check_text(call, ret_error);
}

static lw_code
check_output(const struct lw_output *into, struct lw_error *ret_error)
{
	if (into->record != NULL && into->value == NULL)
		return error_set(ret_error, LW_V_MISUSE, "the record to decode into is NULL");
	return record_check(into->record, ret_error);
}

static lw_code
check_sinks(const struct lw_sinks *sinks, struct lw_error *ret_error)
{
	if (sinks == NULL)
		return LW_OK;
	if (sinks->struct_size != sizeof *sinks)
		return error_set(ret_error, LW_V_MISUSE, "sinks must begin as LW_SINKS_INIT");
	return rows_check(sinks, ret_error);
}

static lw_code
check_call(const struct call *call, struct lw_error *ret_error)
{
	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (call->session == NULL || call->session->worker == NULL)
		return error_set(
		    ret_error, LW_V_SESSION_LOST, "the session is closed, or its worker is");
	if (call->export_name == NULL || *call->export_name == '\0' ||
	    strlen(call->export_name) > EXPORT_NAME_MAX)
		return error_set(
		    ret_error, LW_V_MISUSE, "an export's name has 1 to %d bytes", EXPORT_NAME_MAX);
	return LW_OK;
}

static void
describe_last_row(const struct request *r, struct lw_error *error)
{
	if (r->delivered == 0)
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
	error->rows = r->delivered;
	error->elapsed_ns = (uint64_t)(now - call->began_ns);
	error->quiet_ns = (uint64_t)(now - r->event_ns);
	if (call->exchange.asked_ns != 0)
		error->asked_ns = (uint64_t)(now - call->exchange.asked_ns);
	error->work_started = !worker_may_repeat(call->session->worker) &&
			      error->verdict != LW_V_EXPORT_UNKNOWN &&
			      error->verdict != LW_V_EXPORT_DATA;
	if (error->has_row == LW_ROW_NONE && error->code != LW_E_ROW && error->code != LW_E_DECODE)
		describe_last_row(r, error);
}

static void
describe_row(const struct request *r, uint32_t stream, uint64_t sequence, struct lw_error *error)
{
	if (error == NULL || stream == WIRE_NO_STREAM)
		return;
	error->has_row = LW_ROW_AT_FAULT;
	(void)snprintf(error->stream, sizeof error->stream, "%s", r->streams[stream].name);
	error->sequence = sequence;
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
	describe_row(r, r->end.stream, r->end.sequence, ret_error);
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
	    (unsigned long long)r->delivered, fate(call));

	if (ret_error != NULL)
		ret_error->status = r->sink_code;
	return code;
}

/* A row of the child's that the library itself refused. */
static lw_code
refused_row_error(const struct call *call, struct lw_error *ret_error)
{
	const struct request *r = &call->request;
	char what[384];
	lw_code code;

	(void)snprintf(what, sizeof what, "stream \"%s\", sequence %llu",
	    r->streams[r->refused_stream].name, (unsigned long long)r->refused_sequence);
	if (r->refusal == LW_V_ROW_DECODE)
		code = record_error(ret_error, r->refusal, what, &r->sink.fault);
	else
		code = error_set(ret_error, r->refusal,
		    "%s: with this row more than %zu bytes would be held until success", what,
		    r->sinks->hold_bytes);
	describe_row(r, r->refused_stream, r->refused_sequence, ret_error);
	return code;
}

static lw_code
cancel_error(const struct call *call, struct lw_error *ret_error)
{
	return error_set(ret_error, LW_V_CANCELLED,
	    "the caller cancelled after %llu rows; the child was %s",
	    (unsigned long long)call->request.delivered, fate(call));
}

/* It ended well before it had noticed that nobody wants it any more, and nothing was kept back. */
static bool
is_success(const struct request *r)
{
	return r->ended && r->end.outcome == WIRE_OUTCOME_OK && r->refusal == LW_V_OK &&
	       r->withheld == 0;
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
	if (r->refusal == LW_V_SINK)
		code = sink_error(call, ret_error);
	else if (r->refusal != LW_V_OK)
		code = refused_row_error(call, ret_error);
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
	lw_code code = session_need_open(call->session, ret_error);

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
	s->rows += r->delivered;
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

static void
name_command(const struct call *call, struct lw_error *error)
{
	(void)snprintf(error->command, sizeof error->command, "%s", call->export_name);
}

/* The first attempt may have used up the budget, although the child had not read the request. */
static bool
shall_repeat(const struct call *call)
{
	const lw_worker *w = call->session->worker;
	uint32_t request_ms = w->call.budgets.request_ms;

	return worker_shall_repeat(w) &&
	       (call->began_ns == 0 || !deadline_passed(budget_end(call->began_ns, request_ms)));
}

static lw_code
run(struct call *call, enum wire_kind kind, const struct lw_sinks *sinks, struct lw_error *error)
{
	lw_worker *w = call->session->worker;
	lw_code code;

	worker_apply_policy(w);
	code = run_once(call, kind, sinks, error);
	if (code != LW_OK && shall_repeat(call)) {
		w->statistics.repeated++;
		if (call->began_ns != 0)
			call->spent_ns = sys_monotonic_ns() - call->began_ns;
		request_free(&call->request);
		code = run_once(call, kind, sinks, error);
	}
	if (code != LW_OK) /* also where it came to no request */
		name_command(call, error);
	return code;
}

/* What stays of a call when it is over, whichever way. */
static void
end_call(struct call *call, lw_code code, lw_verdict verdict)
{
	account(call, code, verdict);
	request_free(&call->request);
	worker_leave(call->session->worker);
	buffer_free(&call->encoded);
}

/* The first half of every public call: nothing is touched before all of it is in order. */
static lw_code
begin_call(struct call *call, const struct lw_input *request, const struct lw_call_options *options,
    struct lw_error *error)
{
	lw_code code = take_input(call, request, error);

	if (code == LW_OK)
		code = worker_enter(call->session->worker, options, &call->session->budgets, error);
	if (code != LW_OK)
		buffer_free(&call->encoded);
	return code;
}

/*
 * What came at the end, decoded for the caller's struct, which is not written before all else has
 * gone well. One block holds the struct and what it points to; a decoder of the caller's own keeps
 * what it likes.
 */
struct decoded {
	const struct lw_record *record; /* NULL: nothing was to be decoded */
	void *block;
};

static lw_code
decode_end(const struct lw_output *into, const char *json, size_t size, lw_verdict verdict,
    const char *what, struct decoded *ret, struct lw_error *ret_error)
{
	const struct lw_record *record = into->record();
	struct arena arena = ARENA_OF(RECORD_DECODED_MAX);
	void *value = sys_alloc(record->size), *copy = NULL;
	struct record_fault fault;
	lw_code code = LW_OK;

	fault.no_memory = value == NULL;
	if (value == NULL || !record_decode(record, json, size, &arena, value, &fault))
		code = record_error(ret_error, verdict, what, &fault);
	else if (record->decode == NULL && (copy = record_copy(record, value)) == NULL)
		code = error_set(ret_error, LW_V_NO_MEMORY, "%s: no memory to keep it", what);
	arena_free(&arena);
	if (code == LW_OK)
		*ret = (struct decoded){ record, copy ? copy : value };
	if (code != LW_OK || copy != NULL)
		sys_free(value);
	return code;
}

/* Gives it to the caller; *ret_memory holds what the struct points to. */
static void
decoded_publish(struct decoded *d, const struct lw_output *into, void **ret_memory)
{
	if (d->record == NULL)
		return;
	memcpy(into->value, d->block, d->record->size);
	*ret_memory = d->block;
	*d = (struct decoded){ NULL, NULL };
}

static void
decoded_drop(struct decoded *d)
{
	if (d->record != NULL && d->record->release != NULL)
		d->record->release(d->block);
	sys_free(d->block);
	*d = (struct decoded){ NULL, NULL };
}

lw_code
lw_decode(const char *json, size_t size, struct lw_output into, void **ret_memory,
    struct lw_error *ret_error)
{
	struct decoded d = { NULL, NULL };
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (json == NULL || into.record == NULL || ret_memory == NULL)
		return error_set(
		    ret_error, LW_V_MISUSE, "json, LW_INTO and ret_memory must be given");
	code = check_output(&into, ret_error);
	if (code == LW_OK)
		code = decode_end(&into, json, size, LW_V_REPLY_DECODE, "the text", &d, ret_error);
	if (code == LW_OK)
		decoded_publish(&d, &into, ret_memory);
	return code;
}

/* ---- Streams ------------------------------------------------------------------------------- */

void
lw_summary_clear(struct lw_summary *summary)
{
	struct lw_output into;

	if (summary == NULL)
		return;
	for (size_t i = 0; i < summary->stream_count; i++)
		sys_free(summary->streams[i].stream);
	sys_free(summary->streams);
	sys_free(summary->metadata);
	sys_free(summary->memory);
	into = summary->into;
	*summary = (struct lw_summary)LW_SUMMARY_INIT;
	summary->into = into;
}

/* Moves the names and the metadata out of a request that succeeded. */
static void
fill_summary(struct call *call, struct lw_stream_count *streams, struct lw_summary *ret)
{
	struct request *r = &call->request;

	for (uint32_t i = 0; i < r->stream_count; i++)
		streams[i] = (struct lw_stream_count){ r->streams[i].name, r->streams[i].rows };
	ret->streams = streams;
	ret->stream_count = r->stream_count;
	r->stream_count = 0; /* the names have moved */
	ret->metadata = NULL;
	ret->metadata_size = 0;
	if (r->has_metadata) {
		ret->metadata = (char *)r->metadata.bytes;
		ret->metadata_size = buffer_size(&r->metadata) - 1;
		r->metadata = BUFFER_EMPTY;
	}
	ret->rows = r->rows;
	ret->elapsed_ns = r->end.elapsed_ns;
	ret->generation = r->generation;
	ret->restarted = call->session->worker->call.restarted;
	ret->pid = call->session->worker->child->pid;
	ret->memory = NULL;
}

static lw_code
decode_metadata(const struct call *call, const struct lw_output *into, struct decoded *ret,
    struct lw_error *ret_error)
{
	const struct buffer *metadata = &call->request.metadata;
	struct record_fault none = { .path = "$", .expected = "the export sent no metadata" };

	if (into->record == NULL)
		return LW_OK;
	if (!call->request.has_metadata)
		return record_error(ret_error, LW_V_SUMMARY_DECODE, "the metadata", &none);
	return decode_end(into, (const char *)buffer_front(metadata), buffer_size(metadata) - 1,
	    LW_V_SUMMARY_DECODE, "the metadata", ret, ret_error);
}

static lw_code
hand_over(struct call *call, struct lw_error *ret_error)
{
	switch (request_hand_over(&call->request)) {
	case REQUEST_NO_MEMORY:
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory to hand over a row");
	case REQUEST_MUTED:
		return call->request.refusal == LW_V_SINK ? sink_error(call, ret_error)
							  : refused_row_error(call, ret_error);
	default:
		return LW_OK;
	}
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
	if (ret_error != NULL)
		ret_error->status = answer;
	return code;
}

/* What the application's callbacks are given after the child's success. */
static lw_code
deliver_end(struct call *call, const struct lw_sinks *sinks, struct lw_error *ret_error)
{
	lw_code code = hand_over(call, ret_error);

	return code == LW_OK ? deliver_metadata(call, sinks, ret_error) : code;
}

/* What can fail without a callback comes before them; after them nothing can. */
static lw_code
summarise(struct call *call, const struct lw_sinks *sinks, struct lw_summary *ret_summary,
    struct lw_error *ret_error)
{
	struct lw_stream_count *streams = sys_alloc(
	    (call->request.stream_count + 1) * sizeof *streams);
	struct decoded d = { NULL, NULL };
	lw_code code;

	if (streams == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a summary");
	code = decode_metadata(call, &ret_summary->into, &d, ret_error);
	if (code == LW_OK)
		code = deliver_end(call, sinks, ret_error);
	if (code != LW_OK) {
		decoded_drop(&d);
		sys_free(streams);
		return code;
	}
	fill_summary(call, streams, ret_summary);
	decoded_publish(&d, &ret_summary->into, &ret_summary->memory);
	return LW_OK;
}

static lw_code
finish_stream(struct call *call, const struct lw_sinks *sinks, struct lw_summary *ret_summary,
    struct lw_error *ret_error)
{
	lw_code code = ret_summary != NULL ? summarise(call, sinks, ret_summary, ret_error)
					   : deliver_end(call, sinks, ret_error);

	if (code != LW_OK) {
		describe_call(call, ret_error);
		name_command(call, ret_error);
	}
	return code;
}

static lw_code
check_summary(const struct lw_summary *summary, struct lw_error *ret_error)
{
	if (summary == NULL)
		return LW_OK;
	if (summary->struct_size != sizeof *summary)
		return error_set(
		    ret_error, LW_V_MISUSE, "the summary must begin as LW_SUMMARY_INIT");
	return check_output(&summary->into, ret_error);
}

lw_code
lw_session_stream(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_sinks *sinks, const struct lw_call_options *options,
    struct lw_summary *ret_summary, struct lw_error *ret_error)
{
	struct call call = { .session = session, .export_name = export_name };
	struct lw_error own = LW_ERROR_INIT, *error = ret_error ? ret_error : &own;
	lw_code code = check_call(&call, error);

	if (code == LW_OK)
		code = check_sinks(sinks, error);
	if (code == LW_OK)
		code = check_summary(ret_summary, error);
	if (code == LW_OK)
		code = begin_call(&call, &request, options, error);
	if (code != LW_OK)
		return code;
	code = run(&call, WIRE_KIND_STREAM, sinks, error);
	if (code == LW_OK)
		code = finish_stream(&call, sinks, ret_summary, error);
	end_call(&call, code, error->verdict);
	return code;
}

/* ---- Commands ------------------------------------------------------------------------------ */

void
lw_reply_clear(struct lw_reply *reply)
{
	struct lw_output into;

	if (reply == NULL)
		return;
	sys_free(reply->text);
	sys_free(reply->memory);
	into = reply->into;
	*reply = (struct lw_reply)LW_REPLY_INIT;
	reply->into = into;
}

static lw_code
reply_malformed(size_t offset, const char *why, struct lw_error *ret_error)
{
	lw_code code = error_set(
	    ret_error, LW_V_REPLY_MALFORMED, "the reply is not JSON at byte %zu: %s", offset, why);

	if (ret_error != NULL)
		ret_error->offset = offset;
	return code;
}

static lw_code
finish_command(struct call *call, struct lw_reply *ret_reply, struct lw_error *ret_error)
{
	struct request *r = &call->request;
	const char *why, *text = (const char *)r->reply.bytes;
	size_t offset, size = buffer_size(&r->reply) - 1;
	struct decoded d = { NULL, NULL };
	lw_code code = LW_OK;

	/* What decodes is JSON: that is looked at for what does not. */
	if (ret_reply->into.record != NULL)
		code = decode_end(
		    &ret_reply->into, text, size, LW_V_REPLY_DECODE, "the reply", &d, ret_error);
	if (d.record == NULL && !jread_validate(text, size, &offset, &why))
		code = reply_malformed(offset, why, ret_error);
	if (code != LW_OK) {
		describe_call(call, ret_error);
		name_command(call, ret_error);
		return code;
	}
	ret_reply->text = (char *)r->reply.bytes;
	ret_reply->size = size;
	ret_reply->memory = NULL;
	decoded_publish(&d, &ret_reply->into, &ret_reply->memory);
	ret_reply->elapsed_ns = r->end.elapsed_ns;
	ret_reply->generation = r->generation;
	ret_reply->restarted = call->session->worker->call.restarted;
	r->reply = BUFFER_EMPTY;
	return LW_OK;
}

static lw_code
check_reply(const struct lw_reply *reply, struct lw_error *ret_error)
{
	if (reply == NULL || reply->struct_size != sizeof *reply)
		return error_set(ret_error, LW_V_MISUSE, "the reply must begin as LW_REPLY_INIT");
	return check_output(&reply->into, ret_error);
}

lw_code
lw_session_call(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_call_options *options, struct lw_reply *ret_reply, struct lw_error *ret_error)
{
	struct call call = { .session = session, .export_name = export_name };
	struct lw_error own = LW_ERROR_INIT, *error = ret_error ? ret_error : &own;
	lw_code code = check_call(&call, error);

	if (code == LW_OK)
		code = check_reply(ret_reply, error);
	if (code == LW_OK)
		code = begin_call(&call, &request, options, error);
	if (code != LW_OK)
		return code;
	code = run(&call, WIRE_KIND_CALL, NULL, error);
	if (code == LW_OK)
		code = finish_command(&call, ret_reply, error);
	end_call(&call, code, error->verdict);
	return code;
}
