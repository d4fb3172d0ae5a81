/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests, rows, summaries and replies as records: what is decoded, what is refused and where, and
 * which child is kept. Most children play a script (docs/chaos.md).
 */
#include <inttypes.h>

#include "worker/harness.h"

struct point {
	int x, y;
};
LW_RECORD(point, struct point, LW_FIELD(x), LW_FIELD(y));

struct person {
	const char *name;
	const int *ages;
	size_t age_count;
};
LW_RECORD(person, struct person, LW_FIELD(name), LW_LIST(ages, age_count, LW_OPTIONAL));

/* What came, as text; and how the callbacks behave. */
struct seen {
	char text[1024];
	unsigned count;
	unsigned refuse_at; /* the row that is answered with 5; 0: none */
};

static int
add(struct seen *s, const struct lw_row *row, const char *what)
{
	size_t length = strlen(s->text);

	(void)snprintf(s->text + length, sizeof s->text - length, "%s%" PRIu64 "%s ", row->stream,
	    row->sequence, what);
	return ++s->count == s->refuse_at ? 5 : 0;
}

static int
on_point(void *context, const struct lw_row *row, const struct point *value)
{
	char what[64];

	(void)snprintf(what, sizeof what, "=(%d,%d)", value->x, value->y);
	return add(context, row, what);
}

static int
on_person(void *context, const struct lw_row *row, const struct person *value)
{
	char what[64];

	(void)snprintf(what, sizeof what, "=%s:%zu:%d", value->name, value->age_count,
	    value->age_count ? value->ages[value->age_count - 1] : 0);
	return add(context, row, what);
}

static int
on_raw(void *context, const struct lw_row *row)
{
	char what[64];

	(void)snprintf(what, sizeof what, "=%.*s", (int)row->payload_size, row->payload);
	return add(context, row, what);
}

static const struct lw_rows both[] = { LW_ROWS("points", point, on_point),
	LW_ROWS("people", person, on_person) };
static const struct lw_rows points_only[] = { LW_ROWS("points", point, on_point) };

#define POINTS    "stream name=points; "
#define PEOPLE    "stream name=people; "
#define POINT(n)  "row sequence=" #n " payload='{\"x\":1,\"y\":2}'"
#define PERSON(n) "row stream=1 sequence=" #n " payload='{\"name\":\"Ada\",\"ages\":[3,36]}'"

static struct lw_sinks
sinks_of(const struct lw_rows *rows, size_t count, struct seen *seen)
{
	struct lw_sinks sinks = LW_SINKS_INIT;

	*seen = (struct seen){ .count = 0 };
	sinks.context = seen;
	sinks.rows = rows;
	sinks.rows_count = count;
	return sinks;
}

static lw_code
play(struct harness *h, const char *acts, const struct lw_sinks *sinks)
{
	lw_summary_clear(&h->summary);
	h->code = lw_session_stream(
	    h->session, "play", lw_text(acts), sinks, NULL, &h->summary, &h->error);
	return h->code;
}

static void
open_chaos(struct harness *h)
{
	h->options.budgets.grace_ms = 500;
	harness_open_chaos(h, NULL);
}

/* ---- Rows --------------------------------------------------------------------------------------- */

static void
each_stream_has_a_record_of_its_own(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(both, 2, &seen);
	assert_int_equal(
	    play(&h, POINTS PEOPLE POINT(0) "; " PERSON(0) "; " POINT(1), &sinks), LW_OK);
	assert_string_equal(seen.text, "points0=(1,2) people0=Ada:2:36 points1=(1,2) ");
	assert_int_equal(h.summary.rows, 3);
	harness_end(&h);
}

static void
rows_without_an_entry_go_to_the_raw_callback(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.on_row = on_raw;
	assert_int_equal(
	    play(&h, POINTS "stream name=other; " POINT(0) "; row stream=1 sequence=0 payload=7",
		&sinks),
	    LW_OK);
	assert_string_equal(seen.text, "points0=(1,2) other0=7 ");
	harness_end(&h);
}

static void
an_entry_without_a_name_is_for_all_streams_without_one(void **state)
{
	static const struct lw_rows rows[] = { LW_ROWS(NULL, point, on_point),
		LW_ROWS("people", person, on_person) };
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(rows, 2, &seen);
	assert_int_equal(play(&h, POINTS PEOPLE POINT(0) "; " PERSON(0), &sinks), LW_OK);
	assert_string_equal(seen.text, "points0=(1,2) people0=Ada:2:36 ");
	harness_end(&h);
}

/* ---- Rows that do not fit ----------------------------------------------------------------------- */

static void
expect_decode_error(
    const struct harness *h, const char *stream, uint64_t sequence, const char *path, size_t offset)
{
	EXPECT_FAILURE(h, LW_V_ROW_DECODE);
	assert_string_equal(h->error.stream, stream);
	assert_int_equal(h->error.sequence, sequence);
	assert_int_equal(h->error.has_row, LW_ROW_AT_FAULT);
	assert_string_equal(h->error.path, path);
	assert_int_equal(h->error.offset, offset);
	assert_string_equal(h->error.command, "play");
}

static void
a_row_that_does_not_fit_ends_the_request_and_keeps_the_worker(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;
	pid_t pid;

	(void)state;
	open_chaos(&h);
	pid = harness_pid(&h);
	sinks = sinks_of(both, 2, &seen);
	assert_int_equal(
	    play(&h,
		POINTS PEOPLE POINT(0) "; row sequence=1 payload='{\"x\":1,\"y\":\"no\"}'; " PERSON(
		    0) "; " POINT(2) "; wait-stop; end outcome=1",
		&sinks),
	    LW_E_DECODE);
	expect_decode_error(&h, "points", 1, "$.y", 11);
	assert_string_equal(h.error.message,
	    "stream \"points\", sequence 1: $.y: expected a whole number from -2147483648 to "
	    "2147483647, found \"no\", at byte 11");
	assert_int_equal(h.error.rows, 1);
	assert_false(h.error.killed);
	assert_string_equal(seen.text, "points0=(1,2) ");
	assert_int_equal(play(&h, POINTS POINT(0), &sinks), LW_OK);
	assert_int_equal(harness_pid(&h), pid);
	assert_int_equal(h.summary.generation, 1);
	harness_end(&h);
}

static void
a_child_that_does_not_stop_after_such_a_row_is_killed(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	assert_int_equal(play(&h, POINTS "row payload=[]; hang", &sinks), LW_E_DECODE);
	expect_decode_error(&h, "points", 0, "$", 0);
	assert_true(h.error.killed);
	assert_int_equal(play(&h, POINTS POINT(0), &sinks), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
}

static void
a_row_of_a_stream_that_nobody_expects_does_not_fit(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	assert_int_equal(
	    play(&h, POINTS "stream name=pionts; " POINT(0) "; row stream=1 sequence=0 payload=1",
		&sinks),
	    LW_E_DECODE);
	expect_decode_error(&h, "pionts", 0, "", 0);
	EXPECT_TEXT(h.error.message,
	    "stream \"pionts\", sequence 0: sinks.rows has no entry for this stream");
	assert_false(h.error.killed);
	assert_int_equal(h.error.generation, 1);
	harness_end(&h);
}

/* Its own check should have refused it: the child lies, and is no longer trusted. */
static void
a_payload_that_is_not_json_is_a_lie_whoever_reads_it(void **state)
{
	static const char *const payloads[] = { "row payload='{\"x\":1,'", "row payload='[] x'",
		"row payload='{\"x\":1,\"y\":2} x'", "row stream=1 sequence=0 payload=tru" };
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;
	char acts[128];

	(void)state;
	open_chaos(&h);
	for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
		sinks = sinks_of(points_only, 1, &seen);
		(void)snprintf(
		    acts, sizeof acts, POINTS "stream name=other; " POINT(0) "; %s", payloads[i]);
		assert_int_equal(play(&h, acts, &sinks), LW_E_PROTOCOL);
		EXPECT_FAILURE(&h, LW_V_PROTOCOL);
		EXPECT_TEXT(h.error.message, "the payload is not JSON at byte");
		assert_string_equal(seen.text, "points0=(1,2) ");
	}
	harness_end(&h);
}

static void
rows_behind_one_that_did_not_fit_must_be_json_too(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	(void)play(&h, POINTS "row payload=1; row payload='{'; wait-stop; end outcome=1", &sinks);
	assert_int_equal(h.code, LW_E_DECODE);
	assert_int_equal(h.error.verdict, LW_V_ROW_DECODE);
	assert_int_equal(play(&h, POINTS POINT(0), &sinks), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
}

static void
one_row_may_decode_to_so_many_bytes_and_the_next_again(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(both, 2, &seen);
	sinks.decoded_max = 64;
	assert_int_equal(
	    play(&h, POINTS PEOPLE PERSON(0) "; " PERSON(1) "; " PERSON(2) "; " PERSON(3), &sinks),
	    LW_OK);
	assert_int_equal(seen.count, 4);
	assert_int_equal(
	    play(&h,
		POINTS PEOPLE "row stream=1 sequence=0 payload='{\"name\":\"Ada\",\"ages\":"
			      "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}'",
		&sinks),
	    LW_E_DECODE);
	assert_string_equal(h.error.path, "$.ages[8]");
	EXPECT_TEXT(h.error.message, "expected at most 64 bytes of decoded values, found more");
	harness_end(&h);
}

static void
a_typed_callback_may_refuse(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	seen.refuse_at = 2;
	assert_int_equal(
	    play(&h, POINTS POINT(0) "; " POINT(1) "; " POINT(2) "; wait-stop; end outcome=1",
		&sinks),
	    LW_E_SINK);
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_int_equal(h.error.status, 5);
	assert_int_equal(h.error.rows, 2);
	assert_int_equal(seen.count, 2);
	harness_end(&h);
}

/* ---- Rows that are held ------------------------------------------------------------------------- */

static void
held_rows_are_handed_over_after_success_in_their_order(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(both, 2, &seen);
	sinks.hold_bytes = 1 << 20;
	assert_int_equal(
	    play(&h, POINTS PEOPLE POINT(0) "; " PERSON(0) "; " POINT(1), &sinks), LW_OK);
	assert_string_equal(seen.text, "points0=(1,2) people0=Ada:2:36 points1=(1,2) ");
	assert_int_equal(h.summary.rows, 3);
	sinks = sinks_of(NULL, 0, &seen);
	sinks.on_row = on_raw;
	sinks.hold_bytes = 1 << 20;
	assert_int_equal(play(&h, POINTS "row payload=1; row payload=2", &sinks), LW_OK);
	assert_string_equal(seen.text, "points0=1 points1=2 ");
	harness_end(&h);
}

static void
no_held_row_is_handed_over_after_a_failure(void **state)
{
	static const struct {
		const char *acts;
		lw_verdict verdict;
	} ends[] = { { "end outcome=1 status=3", LW_V_OK }, { "signal SEGV", LW_V_SIGNALLED },
		{ "exit 3", LW_V_EXITED }, { "row payload=[]", LW_V_ROW_DECODE },
		{ "row payload='{'", LW_V_PROTOCOL }, { "end rows=7", LW_V_PROTOCOL } };
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;
	char acts[128];

	(void)state;
	open_chaos(&h);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		sinks = sinks_of(points_only, 1, &seen);
		sinks.hold_bytes = 1000;
		(void)snprintf(
		    acts, sizeof acts, POINTS POINT(0) "; " POINT(1) "; %s", ends[i].acts);
		assert_int_not_equal(play(&h, acts, &sinks), LW_OK);
		if (ends[i].verdict != LW_V_OK)
			EXPECT_FAILURE(&h, ends[i].verdict);
		assert_int_equal(seen.count, 0);
		assert_int_equal(h.error.rows, 0);
	}
	harness_end(&h);
}

static void
no_held_row_is_handed_over_after_the_time_is_up(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.hold_bytes = 1000;
	call.budgets.request_ms = 300;
	h.code = lw_session_stream(h.session, "play",
	    lw_text(POINTS POINT(0) "; wait-stop; end outcome=1"), &sinks, &call, NULL, &h.error);
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(seen.count, 0);
	harness_end(&h);
}

static lw_cancel_token *token;

static int
cancel(void *context, const struct lw_diagnostic *diagnostic)
{
	(void)context, (void)diagnostic;
	lw_cancel_token_cancel(token);
	return 0;
}

static void
no_held_row_is_handed_over_after_a_cancel(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.hold_bytes = 1000;
	sinks.on_diagnostic = cancel;
	assert_int_equal(lw_cancel_token_create(&token, &h.error), LW_OK);
	call.cancel = token;
	h.code = lw_session_stream(h.session, "play",
	    lw_text(POINTS POINT(0) "; diagnostic code=a message=b; wait-stop; end outcome=1"),
	    &sinks, &call, NULL, &h.error);
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	assert_int_equal(seen.count, 0);
	assert_int_equal(h.error.rows, 0);
	lw_cancel_token_free(&token);
	harness_end(&h);
}

static void
more_than_the_bound_is_not_held_and_the_worker_is_kept(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;
	pid_t pid;

	(void)state;
	open_chaos(&h);
	pid = harness_pid(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.hold_bytes = 2 * (24 + strlen("{\"x\":1,\"y\":2}"));
	assert_int_equal(play(&h, POINTS POINT(0) "; " POINT(1), &sinks), LW_OK);
	assert_int_equal(seen.count, 2);
	sinks.hold_bytes--;
	assert_int_equal(
	    play(&h, POINTS POINT(0) "; " POINT(1) "; wait-stop; end outcome=1", &sinks), LW_E_ROW);
	EXPECT_FAILURE(&h, LW_V_HOLD_LIMIT);
	assert_string_equal(h.error.stream, "points");
	assert_int_equal(h.error.sequence, 1);
	assert_string_equal(h.error.message,
	    "stream \"points\", sequence 1: with this row more than 73 bytes would be held until "
	    "success");
	assert_int_equal(seen.count, 2);
	sinks.hold_bytes = 5; /* one row alone */
	assert_int_equal(play(&h, POINTS POINT(0), &sinks), LW_E_ROW);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

static void
a_callback_may_refuse_a_held_row(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;
	pid_t pid;

	(void)state;
	open_chaos(&h);
	pid = harness_pid(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.hold_bytes = 1000;
	seen.refuse_at = 2;
	assert_int_equal(play(&h, POINTS POINT(0) "; " POINT(1) "; " POINT(2), &sinks), LW_E_SINK);
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_int_equal(h.error.status, 5);
	assert_int_equal(h.error.rows, 2);
	assert_int_equal(seen.count, 2);
	assert_string_equal(h.error.command, "play");
	assert_false(h.error.killed);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

struct moody {
	int calls;
};

/* Refuses what it took before. */
static bool
change_its_mind(
    const char *json, size_t size, void *ret_value, const char **ret_why, size_t *ret_at)
{
	static int calls;

	(void)json, (void)size;
	*(struct moody *)ret_value = (struct moody){ ++calls };
	*ret_why = "not any more";
	*ret_at = 0;
	return calls != 4;
}
LW_DECODER(moody, struct moody, change_its_mind, NULL);

static int
on_moody(void *context, const struct lw_row *row, const struct moody *value)
{
	(void)value;
	return add(context, row, "");
}

static void
a_decoder_that_refuses_a_held_row_at_last_loses_none_in_silence(void **state)
{
	static const struct lw_rows rows[] = { LW_ROWS("points", moody, on_moody) };
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(rows, 1, &seen);
	sinks.hold_bytes = 1000;
	assert_int_equal(play(&h, POINTS POINT(0) "; " POINT(1), &sinks), LW_E_DECODE);
	expect_decode_error(&h, "points", 1, "$", 0);
	EXPECT_TEXT(h.error.message, "not any more");
	assert_string_equal(seen.text, "points0 ");
	assert_int_equal(h.error.rows, 1);
	harness_end(&h);
}

static void
a_refusal_at_the_hand_over_leaves_the_callers_summary_alone(void **state)
{
	struct harness h = HARNESS_INIT;
	struct person owner = { "nobody", NULL, 0 };
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(points_only, 1, &seen);
	sinks.hold_bytes = 1000;
	seen.refuse_at = 1;
	lw_summary_clear(&h.summary);
	h.summary.into = LW_INTO(person, &owner);
	h.code = lw_session_stream(h.session, "play",
	    lw_text(POINTS POINT(0) "; metadata json='{\"name\":\"Ada\",\"ages\":[1]}'"), &sinks,
	    NULL, &h.summary, &h.error);
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_string_equal(owner.name, "nobody");
	assert_null(h.summary.memory);
	h.summary.into = (struct lw_output){ NULL, NULL };
	harness_end(&h);
}

/* ---- Requests, summaries, replies ---------------------------------------------------------------- */

static void
a_request_may_be_a_record_and_so_may_its_reply(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct person asked = { "Ada \"\xc3\xa9\"", (const int[]){ 1, -2 }, 2 };
	struct person back = { NULL, NULL, 0 };

	(void)state;
	harness_open_guest(&h);
	reply.into = LW_INTO(person, &back);
	assert_int_equal(lw_session_call(h.session, "guest_echo", LW_VALUE(person, &asked), NULL,
			     &reply, &h.error),
	    LW_OK);
	assert_string_equal(reply.text, "{\"name\":\"Ada \\\"\xc3\xa9\\\"\",\"ages\":[1,-2]}");
	memset(reply.text, ' ', reply.size); /* it points to memory of its own */
	assert_string_equal(back.name, asked.name);
	assert_true(back.age_count == 2 && back.ages[1] == -2);
	lw_reply_clear(&reply);
	assert_ptr_equal(reply.into.value, &back); /* for the next call */
	harness_end(&h);
}

static void
a_reply_that_does_not_fit_leaves_the_struct_and_the_worker(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct point back = { 7, 8 };

	(void)state;
	harness_open_guest(&h);
	reply.into = LW_INTO(point, &back);
	h.code = lw_session_call(
	    h.session, "guest_echo", lw_text("{\"x\":1}"), NULL, &reply, &h.error);
	EXPECT_FAILURE(&h, LW_V_REPLY_DECODE);
	assert_string_equal(h.error.path, "$.y");
	assert_string_equal(h.error.command, "guest_echo");
	EXPECT_TEXT(h.error.message, "the reply: $.y: expected the key \"y\"");
	assert_true(back.x == 7 && back.y == 8);
	assert_null(reply.text);
	h.code = lw_session_call(
	    h.session, "guest_echo", lw_text("{\"x\":1,\"y\":2}"), NULL, &reply, &h.error);
	assert_int_equal(h.code, LW_OK);
	assert_true(back.y == 2 && reply.generation == 1);
	lw_reply_clear(&reply);
	harness_end(&h);
}

static void
a_request_that_cannot_be_written_is_not_sent(void **state)
{
	struct harness h = HARNESS_INIT;
	struct person unnamed = { NULL, NULL, 0 };
	struct lw_reply reply = LW_REPLY_INIT;

	(void)state;
	harness_open_guest(&h);
	h.code = lw_session_call(
	    h.session, "guest_echo", LW_VALUE(person, &unnamed), NULL, &reply, &h.error);
	EXPECT_FAILURE(&h, LW_V_ENCODE);
	assert_string_equal(
	    h.error.message, "the request: $.name: expected a string, found NULL, at byte 0");
	assert_string_equal(h.error.path, "$.name");
	harness_end(&h);
}

static lw_code
play_into(struct harness *h, const char *acts, struct lw_output into, const struct lw_sinks *sinks)
{
	lw_summary_clear(&h->summary);
	h->summary.into = into;
	h->code = lw_session_stream(
	    h->session, "play", lw_text(acts), sinks, NULL, &h->summary, &h->error);
	return h->code;
}

static void
metadata_may_be_decoded_into_a_struct(void **state)
{
	struct harness h = HARNESS_INIT;
	struct person owner = { NULL, NULL, 0 };

	(void)state;
	open_chaos(&h);
	assert_int_equal(play_into(&h, "metadata json='{\"name\":\"Ada\",\"ages\":[1]}'",
			     LW_INTO(person, &owner), NULL),
	    LW_OK);
	memset(h.summary.metadata, ' ', h.summary.metadata_size);
	assert_string_equal(owner.name, "Ada");
	assert_int_equal(owner.ages[0], 1);
	lw_summary_clear(&h.summary);
	assert_null(h.summary.memory);
	harness_end(&h);
}

static void
metadata_that_is_missing_or_does_not_fit_is_a_failure(void **state)
{
	struct harness h = HARNESS_INIT;
	struct point place = { 7, 8 };
	struct lw_sinks sinks;
	struct seen seen;
	pid_t pid;

	(void)state;
	open_chaos(&h);
	pid = harness_pid(&h);
	assert_int_equal(play_into(&h, "rows 1", LW_INTO(point, &place), NULL), LW_E_DECODE);
	EXPECT_FAILURE(&h, LW_V_SUMMARY_DECODE);
	assert_int_equal(h.error.rows, 1);
	sinks = sinks_of(points_only, 1, &seen);
	assert_int_equal(play_into(&h, POINTS POINT(0) "; metadata json='{\"x\":1,\"y\":true}'",
			     LW_INTO(point, &place), &sinks),
	    LW_E_DECODE);
	EXPECT_FAILURE(&h, LW_V_SUMMARY_DECODE);
	assert_string_equal(h.error.path, "$.y");
	assert_int_equal(h.error.offset, 11);
	assert_string_equal(h.error.command, "play");
	assert_int_equal(seen.count, 1);
	sinks.hold_bytes = 1000; /* nothing is committed then */
	assert_int_equal(
	    play_into(&h, POINTS POINT(0) "; metadata json='[]'", LW_INTO(point, &place), &sinks),
	    LW_E_DECODE);
	assert_int_equal(seen.count, 1);
	assert_int_equal(h.error.rows, 0);
	assert_true(place.x == 7 && place.y == 8);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

/* ---- Misuse ------------------------------------------------------------------------------------- */

static const struct lw_record *
of_another_version_record(void)
{
	static const struct lw_record record = { .struct_size = sizeof record + 8,
		.field_size = sizeof(struct lw_field) };

	return &record;
}
typedef struct point of_another_version_struct;

static void
expect_misuse(struct harness *h, const struct lw_sinks *sinks, const char *part)
{
	EXPECT_FAILURE(h, LW_V_MISUSE);
	EXPECT_TEXT(h->error.message, part);
	(void)sinks;
}

static void
sinks_that_make_no_sense_are_misuse(void **state)
{
	static const struct lw_rows twice[] = { LW_ROWS("points", point, on_point),
		LW_ROWS("people", person, on_person), LW_ROWS("points", person, on_person) };
	static const struct lw_rows any_twice[] = { LW_ROWS(NULL, point, on_point),
		LW_ROWS(NULL, person, on_person) };
	struct lw_rows broken = LW_ROWS("points", point, on_point);
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks;
	struct seen seen;

	(void)state;
	open_chaos(&h);
	sinks = sinks_of(twice, 3, &seen);
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "sinks.rows[0] and [2] are for the same stream");
	sinks = sinks_of(any_twice, 2, &seen);
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "sinks.rows[0] and [1] are for the same stream");
	sinks = sinks_of(NULL, 1, &seen);
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "sinks.rows is NULL");
	broken.on_row = NULL;
	sinks = sinks_of(&broken, 1, &seen);
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "sinks.rows[0] is not made with LW_ROWS, or has no callback");
	broken = (struct lw_rows)LW_ROWS("points", point, on_point);
	broken.record = NULL;
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "sinks.rows[0]");
	broken.record = of_another_version_record;
	broken.on_row = twice[0].on_row;
	(void)play(&h, "rows 1", &sinks);
	expect_misuse(&h, &sinks, "another version");
	harness_end(&h);
}

static void
requests_and_outputs_without_a_struct_are_misuse(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct point place = { 1, 2 };

	(void)state;
	open_chaos(&h);
	h.code = lw_session_call(
	    h.session, "play", LW_VALUE(point, (struct point *)NULL), NULL, &reply, &h.error);
	expect_misuse(&h, NULL, "the request is a record at NULL");
	h.code = lw_session_stream(
	    h.session, "play", LW_VALUE(of_another_version, &place), NULL, NULL, NULL, &h.error);
	expect_misuse(&h, NULL, "another version");
	(void)play_into(&h, "rows 1", LW_INTO(point, (struct point *)NULL), NULL);
	expect_misuse(&h, NULL, "the record to decode into is NULL");
	(void)play_into(&h, "rows 1", LW_INTO(of_another_version, &place), NULL);
	expect_misuse(&h, NULL, "another version");
	reply.into = LW_INTO(point, (struct point *)NULL);
	h.code = lw_session_call(h.session, "play", lw_text("{}"), NULL, &reply, &h.error);
	expect_misuse(&h, NULL, "the record to decode into is NULL");
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(each_stream_has_a_record_of_its_own),
		LW_TEST(rows_without_an_entry_go_to_the_raw_callback),
		LW_TEST(an_entry_without_a_name_is_for_all_streams_without_one),
		LW_TEST(a_row_that_does_not_fit_ends_the_request_and_keeps_the_worker),
		LW_TEST(a_child_that_does_not_stop_after_such_a_row_is_killed),
		LW_TEST(a_row_of_a_stream_that_nobody_expects_does_not_fit),
		LW_TEST(a_payload_that_is_not_json_is_a_lie_whoever_reads_it),
		LW_TEST(rows_behind_one_that_did_not_fit_must_be_json_too),
		LW_TEST(one_row_may_decode_to_so_many_bytes_and_the_next_again),
		LW_TEST(a_typed_callback_may_refuse),
		LW_TEST(held_rows_are_handed_over_after_success_in_their_order),
		LW_TEST(no_held_row_is_handed_over_after_a_failure),
		LW_TEST(no_held_row_is_handed_over_after_the_time_is_up),
		LW_TEST(no_held_row_is_handed_over_after_a_cancel),
		LW_TEST(more_than_the_bound_is_not_held_and_the_worker_is_kept),
		LW_TEST(a_callback_may_refuse_a_held_row),
		LW_TEST(a_decoder_that_refuses_a_held_row_at_last_loses_none_in_silence),
		LW_TEST(a_refusal_at_the_hand_over_leaves_the_callers_summary_alone),
		LW_TEST(a_request_may_be_a_record_and_so_may_its_reply),
		LW_TEST(a_reply_that_does_not_fit_leaves_the_struct_and_the_worker),
		LW_TEST(a_request_that_cannot_be_written_is_not_sent),
		LW_TEST(metadata_may_be_decoded_into_a_struct),
		LW_TEST(metadata_that_is_missing_or_does_not_fit_is_a_failure),
		LW_TEST(sinks_that_make_no_sense_are_misuse),
		LW_TEST(requests_and_outputs_without_a_struct_are_misuse),
	};

	return support_run(tests);
}
