/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's account of a request, over messages made by hand: what an honest child sends, and
 * every lie that we could think of.
 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "parent/request.h"
#include "wire/bytes.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { GENERATION = 5 };

/* What the sinks saw, as lines of text; answer is what they return from the n-th call on. */
static struct {
	char text[8192];
	unsigned calls, fail_at;
	int answer;
	unsigned sleep_ms;
} seen;

static struct lw_sinks sinks;
static struct request request;

static int seen_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int
seen_line(const char *format, ...)
{
	size_t size = strlen(seen.text);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(seen.text + size, sizeof seen.text - size, format, arguments);
	va_end(arguments);
	if (seen.sleep_ms > 0)
		(void)usleep(seen.sleep_ms * 1000);
	return ++seen.calls == seen.fail_at ? seen.answer : 0;
}

static int
on_row(void *context, const struct lw_row *row)
{
	assert_ptr_equal(context, &seen);
	assert_int_equal(row->generation, GENERATION);
	return seen_line("%s %llu %.*s\n", row->stream, (unsigned long long)row->sequence,
	    (int)row->payload_size, row->payload);
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	assert_ptr_equal(context, &seen);
	return seen_line("! %s: %s\n", diagnostic->code, diagnostic->message);
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	assert_ptr_equal(context, &seen);
	return seen_line("%% %s %llu/%llu\n", progress->phase,
	    (unsigned long long)progress->current, (unsigned long long)progress->total);
}

static int
on_metadata(void *context, const char *json, size_t size)
{
	(void)context, (void)json, (void)size;
	fail_msg("metadata is delivered after success, by the session");
	return 0;
}

static void
begin_with(enum wire_kind kind, const struct lw_sinks *with, struct deadline deadline)
{
	request_free(&request);
	memset(&seen, 0, sizeof seen);
	request_init(&request, kind, GENERATION, with, deadline);
}

static void
begin(enum wire_kind kind)
{
	sinks = (struct lw_sinks)LW_SINKS_INIT;
	sinks.context = &seen;
	sinks.on_row = on_row;
	sinks.on_diagnostic = on_diagnostic;
	sinks.on_progress = on_progress;
	sinks.on_metadata = on_metadata;
	begin_with(kind, &sinks, DEADLINE_NEVER);
}

static int
free_request(void **state)
{
	(void)state;
	request_free(&request);
	return 0;
}

/* ---- Messages ------------------------------------------------------------------------------ */

/* Its body lies in memory of exactly its size, so that a read past the end is seen. */
static enum request_take
take(enum wire_message_id id, const void *body, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct wire_message m = { .id = id, .request = 1, .body = exact, .size = size };
	enum request_take taken;

	assert_non_null(exact);
	if (size > 0)
		memcpy(exact, body, size);
	taken = request_take(&request, &m);
	free(exact);
	return taken;
}

static enum request_take
take_buffer(enum wire_message_id id, struct buffer *body)
{
	enum request_take taken = take(id, buffer_front(body), buffer_size(body));

	buffer_free(body);
	return taken;
}

static enum request_take
stream_of(uint32_t number, const char *name, size_t size)
{
	struct buffer b = BUFFER_EMPTY;

	assert_true(wire_put32(&b, number) && buffer_append(&b, name, size));
	return take_buffer(WIRE_STREAM, &b);
}

static enum request_take
stream(uint32_t number, const char *name)
{
	return stream_of(number, name, strlen(name));
}

static enum request_take
row_of(uint32_t number, uint32_t zero, uint64_t sequence, const char *payload, size_t size)
{
	struct buffer b = BUFFER_EMPTY;

	assert_true(wire_put32(&b, number) && wire_put32(&b, zero) && wire_put64(&b, sequence));
	assert_true(buffer_append(&b, payload, size));
	return take_buffer(WIRE_ROW, &b);
}

static enum request_take
row(uint32_t number, uint64_t sequence, const char *payload)
{
	return row_of(number, 0, sequence, payload, strlen(payload));
}

static enum request_take
diagnostic(const char *code, size_t code_size, const char *message, size_t message_size)
{
	struct buffer b = BUFFER_EMPTY;

	assert_true(wire_put_text(&b, code, code_size) && buffer_append(&b, message, message_size));
	return take_buffer(WIRE_DIAGNOSTIC, &b);
}

static enum request_take
progress(uint64_t current, uint64_t total, const char *phase, size_t size)
{
	struct buffer b = BUFFER_EMPTY;

	assert_true(wire_put64(&b, current) && wire_put64(&b, total));
	assert_true(buffer_append(&b, phase, size));
	return take_buffer(WIRE_PROGRESS, &b);
}

struct end {
	uint32_t outcome, status;
	uint64_t rows, elapsed_ns;
	uint32_t stream, zero;
	uint64_t sequence, offset;
	const char *message;
	size_t message_size; /* 0: of the text */
};

static void
put_end(struct buffer *b, const struct end *e)
{
	const char *message = e->message ? e->message : "";

	assert_true(wire_put32(b, e->outcome) && wire_put32(b, e->status));
	assert_true(wire_put64(b, e->rows) && wire_put64(b, e->elapsed_ns));
	assert_true(wire_put32(b, e->stream) && wire_put32(b, e->zero));
	assert_true(wire_put64(b, e->sequence) && wire_put64(b, e->offset));
	assert_true(buffer_append(b, message, e->message_size ? e->message_size : strlen(message)));
}

static enum request_take
take_end(struct end e)
{
	struct buffer b = BUFFER_EMPTY;

	put_end(&b, &e);
	return take_buffer(WIRE_END, &b);
}

static enum request_take
success(uint64_t rows)
{
	return take_end((struct end){ .rows = rows, .stream = WIRE_NO_STREAM });
}

#define goes_on(taken) assert_int_equal((taken), REQUEST_GOES_ON)

static void
is_lie(enum request_take taken, const char *words)
{
	assert_int_equal(taken, REQUEST_LIE);
	if (strstr(request.why, words) == NULL)
		fail_msg("want \"%s\", got \"%s\"", words, request.why);
	assert_int_equal(utf8_valid_prefix(request.why, strlen(request.why)), strlen(request.why));
	assert_false(request.ended);
}

/* ---- What an honest child sends ------------------------------------------------------------ */

static void
rows_reach_the_sink_in_their_order(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "declarations"));
	goes_on(row(0, 0, "{\"line\":1}"));
	goes_on(row(0, 1, "{\"line\":2}"));
	goes_on(row(0, 2, "[3]"));
	assert_int_equal(
	    take_end((struct end){ .rows = 3, .elapsed_ns = 77, .stream = WIRE_NO_STREAM }),
	    REQUEST_ENDED);
	assert_string_equal(seen.text, "declarations 0 {\"line\":1}\n"
				       "declarations 1 {\"line\":2}\n"
				       "declarations 2 [3]\n");
	assert_true(request.ended);
	assert_int_equal(request.rows, 3);
	assert_int_equal(request.end.outcome, WIRE_OUTCOME_OK);
	assert_int_equal(request.end.elapsed_ns, 77);
	assert_int_equal(request.stream_count, 1);
	assert_int_equal(request.streams[0].rows, 3);
}

static void
each_stream_counts_its_own_rows(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "a"));
	goes_on(row(0, 0, "1"));
	goes_on(stream(1, "b"));
	goes_on(row(1, 0, "2"));
	goes_on(row(0, 1, "3"));
	goes_on(row(1, 1, "4"));
	goes_on(row(1, 2, "5"));
	assert_int_equal(success(5), REQUEST_ENDED);
	assert_string_equal(seen.text, "a 0 1\nb 0 2\na 1 3\nb 1 4\nb 2 5\n");
	assert_int_equal(request.streams[0].rows, 2);
	assert_int_equal(request.streams[1].rows, 3);
}

static void
any_json_value_is_a_payload(void **state)
{
	static const char *const payloads[] = { "null", "0", "\"\"", "true", "[]", "{}", " null ",
		"-1.5e3", "\"\\u0000\"", "\"\xf0\x9d\x94\xb8\"" };

	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "r"));
	for (size_t i = 0; i < COUNT(payloads); i++)
		goes_on(row(0, i, payloads[i]));
	assert_int_equal(success(COUNT(payloads)), REQUEST_ENDED);
	assert_non_null(strstr(seen.text, "r 0 null\n"));
}

static void
a_stream_without_rows_is_a_success_too(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	assert_int_equal(success(0), REQUEST_ENDED);
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "named, and then nothing"));
	assert_int_equal(success(0), REQUEST_ENDED);
	assert_int_equal(seen.calls, 0);
}

static void
diagnostics_and_progress_reach_their_sinks_between_rows(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "r"));
	goes_on(progress(0, 10, "scan", 4));
	goes_on(row(0, 0, "1"));
	goes_on(diagnostic("odd", 3, "line 7 is odd", 13));
	goes_on(row(0, 1, "2"));
	goes_on(diagnostic("bare", 4, "", 0));
	goes_on(progress(10, WIRE_NO_TOTAL, "sc\xc3\xa4n", 5));
	assert_int_equal(success(2), REQUEST_ENDED);
	assert_string_equal(seen.text, "% scan 0/10\nr 0 1\n! odd: line 7 is odd\nr 1 2\n"
				       "! bare: \n% sc\xc3\xa4n 10/18446744073709551615\n");
}

static void
the_last_metadata_of_a_request_wins(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	assert_false(request.has_metadata);
	goes_on(take(WIRE_METADATA, "{\"lines\":1,\"longer\":true}", 25));
	goes_on(take(WIRE_METADATA, "{\"lines\":2}", 11));
	assert_int_equal(success(0), REQUEST_ENDED);
	assert_true(request.has_metadata);
	assert_string_equal((const char *)buffer_front(&request.metadata), "{\"lines\":2}");
	assert_int_equal(buffer_size(&request.metadata), 12);
	assert_int_equal(seen.calls, 0);
}

static void
a_call_is_answered_with_any_text(void **state)
{
	(void)state;
	begin(WIRE_KIND_CALL);
	goes_on(take(WIRE_REPLY, "not JSON: judged later", 22));
	assert_int_equal(success(0), REQUEST_ENDED);
	assert_true(request.has_reply);
	assert_string_equal((const char *)buffer_front(&request.reply), "not JSON: judged later");

	begin(WIRE_KIND_CALL);
	goes_on(take(WIRE_REPLY, "", 0));
	assert_int_equal(success(0), REQUEST_ENDED);
	assert_int_equal(buffer_size(&request.reply), 1);
}

static void
nobody_has_to_listen(void **state)
{
	struct lw_sinks deaf = LW_SINKS_INIT;
	const struct lw_sinks *const none[] = { NULL, &deaf };

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		begin_with(WIRE_KIND_STREAM, none[i], DEADLINE_NEVER);
		goes_on(stream(0, "r"));
		goes_on(row(0, 0, "1"));
		goes_on(progress(1, 2, "p", 1));
		goes_on(diagnostic("c", 1, "m", 1));
		is_lie(diagnostic("", 0, "still checked", 13), "malformed diagnostic");
		is_lie(row(0, 1, "still checked"), "not JSON");
		assert_int_equal(success(1), REQUEST_ENDED);
		assert_int_equal(request.rows, 1);
	}
}

static void
a_failure_keeps_its_words_and_the_row_to_blame(void **state)
{
	struct end e = { WIRE_OUTCOME_ROW_MALFORMED, 4, 1, 99, 0, 0, 1, 17, "no envelope", 0 };

	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "r"));
	goes_on(row(0, 0, "1"));
	assert_int_equal(take_end(e), REQUEST_ENDED);
	assert_int_equal(request.end.outcome, WIRE_OUTCOME_ROW_MALFORMED);
	assert_int_equal(request.end.status, 4);
	assert_int_equal(request.end.stream, 0);
	assert_int_equal(request.end.sequence, 1);
	assert_int_equal(request.end.offset, 17);
	assert_string_equal(request.end.message, "no envelope");
}

static void
a_call_that_failed_needs_no_reply(void **state)
{
	struct end e = {
		.outcome = WIRE_OUTCOME_EXCEPTION, .stream = WIRE_NO_STREAM, .message = "x"
	};

	(void)state;
	begin(WIRE_KIND_CALL);
	assert_int_equal(take_end(e), REQUEST_ENDED);
}

/* ---- Lies about streams and rows ----------------------------------------------------------- */

static void
stream_numbers_are_not_skipped_or_used_twice(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(stream(1, "first"), "stream number 1 after 0 streams");
	is_lie(stream(WIRE_NO_STREAM, "first"), "stream number 4294967295");
	goes_on(stream(0, "first"));
	is_lie(stream(0, "again"), "stream number 0 after 1 streams");
	is_lie(stream(2, "skipped"), "stream number 2 after 1 streams");
	assert_int_equal(request.stream_count, 1);
}

static void
a_request_has_1024_streams_and_no_more(void **state)
{
	char name[32];

	(void)state;
	begin(WIRE_KIND_STREAM);
	for (uint32_t i = 0; i < WIRE_STREAMS_MAX; i++) {
		(void)snprintf(name, sizeof name, "stream %u", i);
		goes_on(stream(i, name));
	}
	is_lie(stream(WIRE_STREAMS_MAX, "one more"), "stream number 1024");
	goes_on(row(WIRE_STREAMS_MAX - 1, 0, "1"));
	assert_string_equal(seen.text, "stream 1023 0 1\n");
}

static void
a_name_is_1_to_255_bytes_of_clean_text(void **state)
{
	static const struct {
		const char *name;
		size_t size;
	} bad[] = {
		{ "", 0 },
		{ "\0", 1 },
		{ "a\0b", 3 },
		{ "ab\0", 3 },
		{ "\xff", 1 },
		{ "a\xc3", 2 },
		{ "\xc0\x80", 2 },
		{ "\xed\xa0\x80", 3 },
		{ "\x80", 1 },
	};
	char name[WIRE_STREAM_NAME_MAX + 2];

	(void)state;
	begin(WIRE_KIND_STREAM);
	for (size_t i = 0; i < COUNT(bad); i++)
		is_lie(stream_of(0, bad[i].name, bad[i].size), "name of stream 0");
	memset(name, 'n', sizeof name);
	is_lie(stream_of(0, name, WIRE_STREAM_NAME_MAX + 1), "name of stream 0");
	goes_on(stream_of(0, name, WIRE_STREAM_NAME_MAX));
	goes_on(stream(1, "n"));
	goes_on(stream(2, "\xe2\x88\x80"));
	assert_int_equal(strlen(request.streams[0].name), WIRE_STREAM_NAME_MAX);
}

static void
a_row_belongs_to_a_stream_that_was_named(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(row(0, 0, "1"), "stream number 0, of which there are 0");
	goes_on(stream(0, "r"));
	is_lie(row(1, 0, "1"), "stream number 1, of which there are 1");
	is_lie(row(WIRE_NO_STREAM, 0, "1"), "stream number 4294967295");
	is_lie(row_of(0, 1, 0, "1", 1), "stream number 0");
	assert_int_equal(seen.calls, 0);
}

static void
a_sequence_is_the_next_one(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "r"));
	is_lie(row(0, 1, "1"), "stream \"r\": sequence 1 where 0 was next");
	goes_on(row(0, 0, "1"));
	is_lie(row(0, 0, "1"), "sequence 0 where 1 was next");
	is_lie(row(0, 2, "1"), "sequence 2 where 1 was next");
	is_lie(row(0, UINT64_MAX, "1"), "sequence 18446744073709551615 where 1 was next");
	assert_int_equal(seen.calls, 1);
	assert_int_equal(request.rows, 1);
}

static void
a_payload_that_is_not_json_reaches_no_sink(void **state)
{
	static const struct {
		const char *payload;
		size_t size;
		const char *words;
	} bad[] = {
		{ "", 0, "not JSON at byte 0" },
		{ " ", 1, "not JSON at byte 1" },
		{ "nul", 3, "not JSON at byte 0" },
		{ "{\"a\":}", 6, "not JSON at byte 5" },
		{ "1 2", 3, "not JSON at byte 2" },
		{ "\"\xff\"", 3, "not JSON at byte 1" },
		{ "\"\xed\xa0\x80\"", 5, "not JSON at byte 1" },
		{ "1\0", 2, "not JSON at byte 1" },
	};

	(void)state;
	begin(WIRE_KIND_STREAM);
	goes_on(stream(0, "r"));
	for (size_t i = 0; i < COUNT(bad); i++)
		is_lie(row_of(0, 0, 0, bad[i].payload, bad[i].size), bad[i].words);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(request.rows, 0);
}

/* The name may take 255 bytes; what was wrong must still be told, and as UTF-8. */
static void
the_longest_name_leaves_room_for_what_was_wrong(void **state)
{
	char name[WIRE_STREAM_NAME_MAX];

	(void)state;
	begin(WIRE_KIND_STREAM);
	for (size_t i = 0; i < sizeof name; i += 3)
		memcpy(name + i, "\xe2\x88\x80", 3);
	goes_on(stream_of(0, name, sizeof name));
	is_lie(row(0, UINT64_MAX, "1"), "sequence 18446744073709551615 where 0 was next");
	is_lie(row(0, 0, "{]"), "the payload is not JSON at byte 1: ");
}

/* ---- Other lies ---------------------------------------------------------------------------- */

static void
malformed_diagnostics_are_lies(void **state)
{
	static const uint8_t long_code[] = { 5, 0, 0, 0, 'c', 'o', 'd', 'e' };
	static const uint8_t huge_code[] = { 0xff, 0xff, 0xff, 0xff, 'c' };

	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(diagnostic("", 0, "text", 4), "malformed diagnostic");
	is_lie(diagnostic("a\0b", 3, "text", 4), "malformed diagnostic");
	is_lie(diagnostic("\xff", 1, "text", 4), "malformed diagnostic");
	is_lie(diagnostic("code", 4, "te\0xt", 5), "malformed diagnostic");
	is_lie(diagnostic("code", 4, "\xe2\x88", 2), "malformed diagnostic");
	is_lie(take(WIRE_DIAGNOSTIC, long_code, sizeof long_code), "malformed diagnostic");
	is_lie(take(WIRE_DIAGNOSTIC, huge_code, sizeof huge_code), "malformed diagnostic");
	assert_int_equal(seen.calls, 0);
}

static void
malformed_progress_is_a_lie(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(progress(1, 2, "", 0), "malformed progress");
	is_lie(progress(1, 2, "a\0b", 3), "malformed progress");
	is_lie(progress(1, 2, "\xc3", 1), "malformed progress");
	is_lie(take(WIRE_PROGRESS, "0123456789abcde", 15), "malformed progress");
	assert_int_equal(seen.calls, 0);
}

static void
metadata_is_json(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(take(WIRE_METADATA, "", 0), "metadata is not JSON");
	is_lie(take(WIRE_METADATA, "{\"a\":1", 6), "metadata is not JSON at byte 6");
	assert_false(request.has_metadata);
}

static void
a_body_that_is_cut_anywhere_is_a_lie(void **state)
{
	static const enum wire_message_id ids[] = { WIRE_STREAM, WIRE_ROW, WIRE_DIAGNOSTIC,
		WIRE_PROGRESS, WIRE_END };
	static const size_t least[] = { 5, 17, 6, 17, 48 }; /* of a body that can be true */
	uint8_t zeros[64] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++)
		for (size_t size = 0; size < least[i]; size++) {
			begin(WIRE_KIND_STREAM);
			is_lie(take(ids[i], zeros, size), "");
		}
}

static void
the_end_confirms_the_number_of_rows(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(success(1), "says that it sent 1 rows; 0 came");
	goes_on(stream(0, "r"));
	goes_on(row(0, 0, "1"));
	goes_on(row(0, 1, "1"));
	is_lie(success(1), "says that it sent 1 rows; 2 came");
	is_lie(success(3), "says that it sent 3 rows; 2 came");
	is_lie(success(UINT64_MAX), "2 came");
	assert_int_equal(success(2), REQUEST_ENDED);
}

static void
the_end_blames_a_stream_that_was_named(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(take_end((struct end){ .outcome = WIRE_OUTCOME_ROW_MALFORMED, .stream = 0 }),
	    "blames stream number 0, of which there are 0");
	goes_on(stream(0, "r"));
	is_lie(take_end((struct end){ .outcome = WIRE_OUTCOME_ROW_MALFORMED, .stream = 1 }),
	    "blames stream number 1, of which there are 1");
	assert_int_equal(
	    take_end((struct end){ .outcome = WIRE_OUTCOME_ROW_MALFORMED, .stream = 0 }),
	    REQUEST_ENDED);
}

static void
a_malformed_end_is_a_lie(void **state)
{
	static char text[sizeof request.end.message];
	struct end good = { .stream = WIRE_NO_STREAM }, e;

	(void)state;
	begin(WIRE_KIND_STREAM);
	memset(text, 'm', sizeof text);
	e = good, e.outcome = WIRE_OUTCOME_END;
	is_lie(take_end(e), "malformed END");
	e = good, e.outcome = UINT32_MAX;
	is_lie(take_end(e), "malformed END");
	e = good, e.zero = 1;
	is_lie(take_end(e), "malformed END");
	e = good, e.message = "a\0b", e.message_size = 3;
	is_lie(take_end(e), "malformed END");
	e = good, e.message = "\xff";
	is_lie(take_end(e), "malformed END");
	e = good, e.message = text, e.message_size = sizeof text;
	is_lie(take_end(e), "malformed END");
	e.message_size--;
	assert_int_equal(take_end(e), REQUEST_ENDED);
	assert_int_equal(strlen(request.end.message), sizeof text - 1);
}

static void
what_only_an_opening_ends_with_cannot_end_a_request(void **state)
{
	static const enum wire_outcome outcomes[] = { WIRE_OUTCOME_HOST_UNKNOWN,
		WIRE_OUTCOME_RUNTIME_LOAD, WIRE_OUTCOME_RUNTIME_TOO_OLD,
		WIRE_OUTCOME_CAPABILITY_LOAD, WIRE_OUTCOME_INITIALIZER, WIRE_OUTCOME_IMPORT,
		WIRE_OUTCOME_REQUEST_MALFORMED };

	(void)state;
	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
		struct end e = { .outcome = outcomes[i], .stream = WIRE_NO_STREAM };

		begin(WIRE_KIND_STREAM);
		is_lie(take_end(e), "cannot end a request");
	}
}

static void
what_belongs_to_a_stream_has_no_place_in_a_call(void **state)
{
	(void)state;
	begin(WIRE_KIND_CALL);
	is_lie(stream(0, "r"), "STREAM does not belong");
	is_lie(row(0, 0, "1"), "ROW does not belong");
	is_lie(diagnostic("c", 1, "m", 1), "DIAGNOSTIC does not belong");
	is_lie(progress(1, 2, "p", 1), "PROGRESS does not belong");
	is_lie(take(WIRE_METADATA, "{}", 2), "METADATA does not belong");
	assert_int_equal(seen.calls, 0);
}

static void
a_reply_has_no_place_in_a_stream(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	is_lie(take(WIRE_REPLY, "{}", 2), "REPLY does not belong");
	assert_false(request.has_reply);
}

static void
a_call_that_succeeds_has_answered(void **state)
{
	(void)state;
	begin(WIRE_KIND_CALL);
	is_lie(success(0), "without a reply");
	goes_on(take(WIRE_REPLY, "{}", 2));
	is_lie(success(1), "says that it sent 1 rows; 0 came");
	assert_int_equal(success(0), REQUEST_ENDED);
}

static void
messages_of_other_phases_are_lies(void **state)
{
	static const enum wire_message_id ids[] = { WIRE_HELLO, WIRE_HEALTHY, WIRE_OPENED,
		WIRE_BYE };

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		begin(WIRE_KIND_STREAM);
		is_lie(take(ids[i], "", 0), "does not belong");
		begin(WIRE_KIND_CALL);
		is_lie(take(ids[i], "", 0), "does not belong");
	}
}

/* ---- Sinks that fail, and sinks that take too long ----------------------------------------- */

static void
after_a_sink_has_failed_nothing_is_delivered_and_all_is_counted(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	seen.fail_at = 2;
	seen.answer = -42;
	goes_on(stream(0, "r"));
	goes_on(row(0, 0, "1"));
	assert_int_equal(row(0, 1, "2"), REQUEST_MUTED);
	assert_int_equal(request.refusal, LW_V_SINK);
	assert_int_equal(request.sink_code, -42);
	goes_on(row(0, 2, "3"));
	goes_on(progress(1, 2, "p", 1));
	goes_on(diagnostic("c", 1, "m", 1));
	goes_on(stream(1, "late"));
	goes_on(row(1, 0, "4"));
	is_lie(row(1, 2, "5"), "sequence 2 where 1 was next");
	is_lie(row(1, 1, "?"), "not JSON");
	assert_int_equal(seen.calls, 2);
	assert_int_equal(request.rows, 2);
	assert_int_equal(request.dropped, 2);
	is_lie(success(2), "says that it sent 2 rows; 4 came");
	assert_int_equal(success(4), REQUEST_ENDED);
}

static void
any_sink_may_fail(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	seen.fail_at = 1;
	seen.answer = 7;
	assert_int_equal(diagnostic("c", 1, "m", 1), REQUEST_MUTED);
	assert_int_equal(request.sink_code, 7);

	begin(WIRE_KIND_STREAM);
	seen.fail_at = 1;
	seen.answer = 1;
	assert_int_equal(progress(1, 2, "p", 1), REQUEST_MUTED);
	assert_int_equal(request.sink_code, 1);
	assert_int_equal(progress(1, 2, "p", 1), REQUEST_GOES_ON);
	assert_int_equal(seen.calls, 1);
}

static void
a_sink_in_which_the_deadline_passes_makes_the_request_late(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	request.deadline = deadline_in_ms(60000);
	goes_on(stream(0, "r"));
	goes_on(row(0, 0, "1"));
	request.deadline = deadline_in_ms(5);
	seen.sleep_ms = 10;
	assert_int_equal(row(0, 1, "2"), REQUEST_LATE);
	assert_int_equal(request.rows, 2);
	assert_int_equal(progress(1, 2, "p", 1), REQUEST_LATE);
	assert_int_equal(diagnostic("c", 1, "m", 1), REQUEST_LATE);
}

static void
a_sink_that_fails_too_late_has_failed(void **state)
{
	(void)state;
	begin(WIRE_KIND_STREAM);
	request.deadline = (struct deadline){ 0 };
	seen.fail_at = 1;
	seen.answer = 3;
	goes_on(stream(0, "r"));
	assert_int_equal(row(0, 0, "1"), REQUEST_MUTED);
}

/* ---- Damage -------------------------------------------------------------------------------- */

static void
bodies_of_random_bytes_are_survived(void **state)
{
	enum { ROUNDS = 20000 };
	const char *slowness = getenv("LWTEST_SLOWNESS");
	unsigned rounds = slowness != NULL && atoi(slowness) > 1 ? ROUNDS / 20 : ROUNDS;
	uint32_t seed = 12345;
	uint8_t body[80];

	(void)state;
	begin(WIRE_KIND_STREAM);
	for (unsigned i = 0; i < rounds; i++) {
		size_t size = (seed >> 8) % sizeof body;

		for (size_t at = 0; at < size; at++) {
			seed = seed * 1664525 + 1013904223;
			body[at] = (seed >> 30) == 0 ? (uint8_t)(seed >> 16) : 0;
		}
		seed = seed * 1664525 + 1013904223;
		if (i % 500 == 0)
			begin(i % 1000 ? WIRE_KIND_CALL : WIRE_KIND_STREAM);
		(void)take((enum wire_message_id)(WIRE_STREAM + (seed >> 20) % 7), body, size);
	}
	assert_true(request.stream_count <= WIRE_STREAMS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(rows_reach_the_sink_in_their_order),
		LW_TEST(each_stream_counts_its_own_rows),
		LW_TEST(any_json_value_is_a_payload),
		LW_TEST(a_stream_without_rows_is_a_success_too),
		LW_TEST(diagnostics_and_progress_reach_their_sinks_between_rows),
		LW_TEST(the_last_metadata_of_a_request_wins),
		LW_TEST(a_call_is_answered_with_any_text),
		LW_TEST(nobody_has_to_listen),
		LW_TEST(a_failure_keeps_its_words_and_the_row_to_blame),
		LW_TEST(a_call_that_failed_needs_no_reply),
		LW_TEST(stream_numbers_are_not_skipped_or_used_twice),
		LW_TEST(a_request_has_1024_streams_and_no_more),
		LW_TEST(a_name_is_1_to_255_bytes_of_clean_text),
		LW_TEST(a_row_belongs_to_a_stream_that_was_named),
		LW_TEST(a_sequence_is_the_next_one),
		LW_TEST(a_payload_that_is_not_json_reaches_no_sink),
		LW_TEST(the_longest_name_leaves_room_for_what_was_wrong),
		LW_TEST(malformed_diagnostics_are_lies),
		LW_TEST(malformed_progress_is_a_lie),
		LW_TEST(metadata_is_json),
		LW_TEST(a_body_that_is_cut_anywhere_is_a_lie),
		LW_TEST(the_end_confirms_the_number_of_rows),
		LW_TEST(the_end_blames_a_stream_that_was_named),
		LW_TEST(a_malformed_end_is_a_lie),
		LW_TEST(what_only_an_opening_ends_with_cannot_end_a_request),
		LW_TEST(what_belongs_to_a_stream_has_no_place_in_a_call),
		LW_TEST(a_reply_has_no_place_in_a_stream),
		LW_TEST(a_call_that_succeeds_has_answered),
		LW_TEST(messages_of_other_phases_are_lies),
		LW_TEST(after_a_sink_has_failed_nothing_is_delivered_and_all_is_counted),
		LW_TEST(any_sink_may_fail),
		LW_TEST(a_sink_in_which_the_deadline_passes_makes_the_request_late),
		LW_TEST(a_sink_that_fails_too_late_has_failed),
		LW_TEST(bodies_of_random_bytes_are_survived),
	};

	support_start();
	return cmocka_run_group_tests(tests, NULL, free_request);
}
