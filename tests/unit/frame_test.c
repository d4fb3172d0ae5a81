/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames from a peer that is not trusted. The bytes here are made by hand where wire_put would not
 * make them; the address sanitizer's build is the judge of the mutations at the end.
 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/bytes.h"
#include "wire/frame.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { GENERATION = 3, REQUEST = 7, BIG_CAP = 1 << 24, SIDE_IDS = 256, MUTATIONS = 200000 };

static struct wire_reader reader;
static struct buffer sent;

static int
free_all(void **state)
{
	(void)state;
	wire_reader_free(&reader);
	buffer_free(&sent);
	return 0;
}

static void
start_reading_from(enum wire_side side, uint64_t cap)
{
	wire_reader_free(&reader);
	wire_reader_init(&reader, side, GENERATION, cap);
	buffer_clear(&sent);
}

static void
start_reading(void)
{
	start_reading_from(WIRE_WORKER, BIG_CAP);
}

static void
feed(const void *bytes, size_t size)
{
	assert_true(buffer_append(&reader.in, bytes, size));
}

static void
feed_sent(void)
{
	feed(buffer_front(&sent), buffer_size(&sent));
}

/* A header with nothing checked: what a liar would write. */
static void
append_header(uint32_t size, unsigned id, unsigned flags, uint32_t generation, uint32_t request)
{
	uint8_t header[WIRE_HEADER_SIZE] = { 0 };

	wire_store32(header, size);
	header[4] = (uint8_t)id;
	header[5] = (uint8_t)flags;
	wire_store32(header + 8, generation);
	wire_store32(header + 12, request);
	assert_true(buffer_append(&sent, header, sizeof header));
}

static void
append_frame(unsigned id, unsigned flags, const char *body)
{
	append_header((uint32_t)strlen(body), id, flags, GENERATION, REQUEST);
	assert_true(buffer_append_text(&sent, body));
}

static void
put(enum wire_message_id id, const void *head, size_t head_size, const void *rest, size_t rest_size)
{
	struct wire_target target = { .out = &sent, .generation = GENERATION };

	assert_true(wire_put(&target, id, REQUEST, head, head_size, rest, rest_size));
}

static void
expect_message(enum wire_message_id id, const void *body, size_t size)
{
	struct wire_message m = { .request = 99 };

	if (wire_next(&reader, &m) != WIRE_MESSAGE)
		fail_msg("no message where one was sent: %s", reader.why);
	assert_int_equal(m.id, id);
	assert_int_equal(m.request, REQUEST);
	assert_int_equal(m.size, size);
	if (size > 0)
		assert_memory_equal(m.body, body, size);
}

static void
expect_nothing(void)
{
	struct wire_message m = { .request = 99 };

	assert_int_equal(wire_next(&reader, &m), WIRE_NEED_MORE);
	assert_int_equal(m.request, 99);
}

static void
expect_violation(const char *words)
{
	struct wire_message m = { .request = 99 };

	for (int i = 0; i < 2; i++) { /* what was wrong stays wrong */
		reader.why[0] = '\0';
		assert_int_equal(wire_next(&reader, &m), WIRE_VIOLATION);
		assert_int_equal(m.request, 99);
		if (strstr(reader.why, words) == NULL)
			fail_msg("want \"%s\", got \"%s\"", words, reader.why);
	}
}

static uint8_t *
pattern(size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);

	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(i * 31 + (i >> 8));
	return bytes;
}

/* ---- What was put comes out ---------------------------------------------------------------- */

static void
round_trip(size_t head_size, size_t rest_size)
{
	size_t size = head_size + rest_size;
	size_t frames = size ? (size + WIRE_BODY_MAX - 1) / WIRE_BODY_MAX : 1;
	uint8_t *bytes = pattern(size);

	start_reading();
	put(WIRE_ROW, bytes, head_size, bytes + head_size, rest_size);
	assert_int_equal(buffer_size(&sent), size + frames * WIRE_HEADER_SIZE);
	feed_sent();
	expect_message(WIRE_ROW, bytes, size);
	expect_nothing();
	assert_int_equal(buffer_size(&reader.in), 0);
	free(bytes);
}

static void
a_message_comes_out_as_it_was_put_whatever_its_size(void **state)
{
	static const size_t around[] = { 0, 1, 2, 3 };
	static const size_t heads[] = { 0, 1, 15, WIRE_ROW_HEAD, WIRE_BODY_MAX - 1, WIRE_BODY_MAX,
		WIRE_BODY_MAX + 1, 2 * WIRE_BODY_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(around); i++)
		for (int delta = -17; delta <= 17; delta++)
			if (around[i] > 0 || delta >= 0)
				round_trip(0, around[i] * WIRE_BODY_MAX + (size_t)delta);
	for (size_t i = 0; i < COUNT(heads); i++)
		for (size_t j = 0; j < COUNT(heads); j++)
			round_trip(heads[i], heads[j]);
}

static void
no_frame_is_larger_than_the_limit_and_only_the_last_does_not_say_more(void **state)
{
	uint8_t *bytes = pattern(3 * WIRE_BODY_MAX);
	const uint8_t *at;

	(void)state;
	start_reading();
	put(WIRE_METADATA, NULL, 0, bytes, 3 * WIRE_BODY_MAX);
	at = buffer_front(&sent);
	for (int i = 0; i < 3; i++, at += WIRE_FRAME_MAX) {
		assert_int_equal(wire_load32(at), WIRE_BODY_MAX);
		assert_int_equal(at[4], WIRE_METADATA);
		assert_int_equal(at[5], i < 2 ? WIRE_MORE : 0);
		assert_int_equal(wire_load32(at + 8), GENERATION);
		assert_int_equal(wire_load32(at + 12), REQUEST);
	}
	assert_ptr_equal(at, buffer_front(&sent) + buffer_size(&sent));
	free(bytes);
}

struct flushed {
	size_t calls, largest, stop_at;
	struct buffer all;
};

static bool
on_flush(void *context, struct buffer *out)
{
	struct flushed *f = context;

	f->calls++;
	if (buffer_size(out) > f->largest)
		f->largest = buffer_size(out);
	assert_true(buffer_append(&f->all, buffer_front(out), buffer_size(out)));
	buffer_clear(out);
	return f->calls != f->stop_at;
}

static void
a_long_message_need_not_be_held_as_a_whole(void **state)
{
	struct flushed f = { 0 };
	struct wire_target target = { &sent, GENERATION, on_flush, &f };
	uint8_t *bytes = pattern(5 * WIRE_BODY_MAX + 1);

	(void)state;
	start_reading();
	assert_true(wire_put(
	    &target, WIRE_ROW, REQUEST, bytes, 100, bytes + 100, 5 * WIRE_BODY_MAX + 1 - 100));
	assert_int_equal(f.calls, 6);
	assert_int_equal(f.largest, WIRE_FRAME_MAX);
	feed(buffer_front(&f.all), buffer_size(&f.all));
	expect_message(WIRE_ROW, bytes, 5 * WIRE_BODY_MAX + 1);
	buffer_free(&f.all);
	free(bytes);
}

static void
a_flush_that_fails_ends_the_message_there(void **state)
{
	struct flushed f = { .stop_at = 2 };
	struct wire_target target = { &sent, GENERATION, on_flush, &f };
	uint8_t *bytes = pattern(5 * WIRE_BODY_MAX);

	(void)state;
	start_reading();
	assert_false(wire_put(&target, WIRE_ROW, REQUEST, NULL, 0, bytes, 5 * WIRE_BODY_MAX));
	assert_int_equal(f.calls, 2);
	buffer_free(&f.all);
	free(bytes);
}

static void
a_message_that_arrives_byte_by_byte_is_there_with_its_last_byte(void **state)
{
	uint8_t *bytes = pattern(WIRE_BODY_MAX + 9);
	const uint8_t *at;
	size_t size;

	(void)state;
	start_reading();
	put(WIRE_ROW, bytes, WIRE_ROW_HEAD, bytes + WIRE_ROW_HEAD,
	    WIRE_BODY_MAX + 9 - WIRE_ROW_HEAD);
	at = buffer_front(&sent);
	size = buffer_size(&sent);
	for (size_t i = 0; i < size; i++) {
		expect_nothing();
		feed(at + i, 1);
	}
	expect_message(WIRE_ROW, bytes, WIRE_BODY_MAX + 9);
	expect_nothing();
	free(bytes);
}

static void
messages_that_arrive_together_come_out_one_by_one(void **state)
{
	uint8_t *bytes = pattern(2 * WIRE_BODY_MAX);

	(void)state;
	start_reading();
	put(WIRE_STREAM, "\0\0\0\0", 4, "rows", 4);
	put(WIRE_ROW, NULL, 0, bytes, 2 * WIRE_BODY_MAX);
	put(WIRE_HEALTHY, NULL, 0, NULL, 0);
	put(WIRE_ROW, NULL, 0, bytes, 10);
	put(WIRE_END, NULL, 0, bytes, 48);
	feed_sent();
	expect_message(WIRE_STREAM, "\0\0\0\0rows", 8);
	expect_message(WIRE_ROW, bytes, 2 * WIRE_BODY_MAX);
	expect_message(WIRE_HEALTHY, NULL, 0);
	expect_message(WIRE_ROW, bytes, 10);
	expect_message(WIRE_END, bytes, 48);
	expect_nothing();
	free(bytes);
}

static void
small_chunks_are_joined_too_and_the_last_may_be_empty(void **state)
{
	(void)state;
	start_reading();
	append_frame(WIRE_ROW, WIRE_MORE, "one ");
	append_frame(WIRE_ROW, WIRE_MORE, "two ");
	append_frame(WIRE_ROW, 0, "three");
	append_frame(WIRE_METADATA, WIRE_MORE, "all");
	append_frame(WIRE_METADATA, 0, "");
	feed_sent();
	expect_message(WIRE_ROW, "one two three", 13);
	expect_message(WIRE_METADATA, "all", 3);
	expect_nothing();
}

static void
requests_travel_in_the_other_direction(void **state)
{
	uint8_t *bytes = pattern(WIRE_BODY_MAX * 2 + 5);

	(void)state;
	start_reading_from(WIRE_PARENT, BIG_CAP);
	put(WIRE_RUN, bytes, 20, bytes + 20, WIRE_BODY_MAX * 2 + 5 - 20);
	put(WIRE_SHUTDOWN, NULL, 0, NULL, 0);
	feed_sent();
	expect_message(WIRE_RUN, bytes, WIRE_BODY_MAX * 2 + 5);
	expect_message(WIRE_SHUTDOWN, NULL, 0);
	expect_nothing();
	free(bytes);
}

/* ---- Sizes --------------------------------------------------------------------------------- */

static void
a_joined_message_may_be_as_long_as_the_cap_and_no_longer(void **state)
{
	(void)state;
	start_reading_from(WIRE_WORKER, 10);
	append_frame(WIRE_ROW, WIRE_MORE, "12345");
	append_frame(WIRE_ROW, 0, "67890");
	feed_sent();
	expect_message(WIRE_ROW, "1234567890", 10);

	start_reading_from(WIRE_WORKER, 10);
	append_frame(WIRE_ROW, WIRE_MORE, "12345");
	append_frame(WIRE_ROW, 0, "678901");
	feed_sent();
	expect_violation("ROW is longer than 10 bytes");
}

static void
a_message_without_an_end_stops_at_the_cap(void **state)
{
	uint8_t *bytes = pattern(WIRE_BODY_MAX);
	struct wire_message m;
	enum wire_read read = WIRE_NEED_MORE;
	uint64_t frames = 0;

	(void)state;
	start_reading_from(WIRE_WORKER, 10 * WIRE_BODY_MAX);
	while (read == WIRE_NEED_MORE && frames < 100) {
		buffer_clear(&sent);
		append_header(WIRE_BODY_MAX, WIRE_ROW, WIRE_MORE, GENERATION, REQUEST);
		assert_true(buffer_append(&sent, bytes, WIRE_BODY_MAX));
		feed_sent();
		frames++;
		read = wire_next(&reader, &m);
	}
	assert_int_equal(read, WIRE_VIOLATION);
	assert_int_equal(frames, 11);
	free(bytes);
}

static void
a_size_that_no_frame_has_is_refused_with_its_header(void **state)
{
	static const uint32_t sizes[] = { WIRE_BODY_MAX + 1, WIRE_FRAME_MAX, 1u << 24, INT32_MAX,
		0x80000000u, 0xfffffff0u, 0xffffffffu };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		start_reading();
		append_header(sizes[i], WIRE_ROW, 0, GENERATION, REQUEST);
		feed_sent();
		expect_violation("ROW declares");
		assert_true(reader.in.room <= 256);
		assert_int_equal(reader.joined.room, 0);
	}
}

static void
nothing_is_set_aside_for_bytes_that_were_only_declared(void **state)
{
	(void)state;
	start_reading();
	append_header(WIRE_BODY_MAX, WIRE_ROW, WIRE_MORE, GENERATION, REQUEST);
	feed_sent();
	expect_nothing();
	assert_true(reader.in.room <= 256);
	assert_int_equal(reader.joined.room, 0);
}

static void
memory_grows_with_the_bytes_that_came_and_is_given_back(void **state)
{
	enum { CHUNKS = 40 };
	uint8_t *bytes = pattern(WIRE_BODY_MAX);
	size_t came = 0;

	(void)state;
	start_reading();
	for (int i = 0; i <= CHUNKS; i++) {
		buffer_clear(&sent);
		append_header(
		    WIRE_BODY_MAX, WIRE_ROW, i < CHUNKS ? WIRE_MORE : 0, GENERATION, REQUEST);
		assert_true(buffer_append(&sent, bytes, WIRE_BODY_MAX));
		feed_sent();
		came += WIRE_BODY_MAX;
		if (i < CHUNKS)
			expect_nothing();
		assert_true(reader.joined.room <= 2 * came + 256);
		assert_true(reader.in.room <= 4 * WIRE_FRAME_MAX);
	}
	assert_int_equal(wire_next(&reader, &(struct wire_message){ 0 }), WIRE_MESSAGE);
	expect_nothing();
	assert_true(reader.joined.room <= WIRE_FRAME_MAX);
	free(bytes);
}

/* ---- Headers ------------------------------------------------------------------------------- */

static void
every_field_of_a_header_is_checked(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *words;
	} cases[] = {
		{ 2, 1, "declares" },    /* 64 KiB */
		{ 3, 0x80, "declares" }, /* 2 GiB */
		{ 4, 0, "message id 0" },
		{ 4, WIRE_MESSAGE_END, "message id" },
		{ 4, 255, "message id 255" },
		{ 4, WIRE_RUN, "message id" }, /* the parent's to send */
		{ 5, 2, "unknown flags 0x2 0" },
		{ 5, 0x80, "unknown flags 0x80 0" },
		{ 5, 0x81, "unknown flags 0x81 0" },
		{ 6, 1, "unknown flags 0 0x1" },
		{ 7, 1, "unknown flags 0 0x100" },
		{ 8, GENERATION - 1, "generation 2 in generation 3" },
		{ 8, GENERATION + 1, "generation 4 in generation 3" },
		{ 8, 0, "generation 0 in generation 3" },
		{ 11, 1, "generation 16777219 in generation 3" },
	};
	uint8_t *header;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		start_reading();
		append_frame(WIRE_ROW, 0, "a row, as far as frames go");
		header = sent.bytes + sent.start;
		header[cases[i].at] = cases[i].value;
		feed_sent();
		expect_violation(cases[i].words);
	}
}

static void
every_flag_but_one_is_unknown(void **state)
{
	struct wire_message m;

	(void)state;
	for (unsigned flags = 0; flags < 256; flags++) {
		start_reading();
		append_frame(WIRE_ROW, flags, "x");
		feed_sent();
		assert_int_equal(wire_next(&reader, &m), flags == 0           ? WIRE_MESSAGE
							 : flags == WIRE_MORE ? WIRE_NEED_MORE
									      : WIRE_VIOLATION);
	}
}

static void
only_ids_of_the_table_and_of_the_right_side_are_read(void **state)
{
	static const enum wire_side sides[] = { WIRE_PARENT, WIRE_WORKER };
	struct wire_message m;

	(void)state;
	for (size_t side = 0; side < COUNT(sides); side++)
		for (unsigned id = 0; id < SIDE_IDS; id++) {
			const struct wire_rule *rule = wire_rule(id);
			bool right = rule != NULL && rule->from == sides[side];

			start_reading_from(sides[side], BIG_CAP);
			append_frame(id, 0, "x");
			feed_sent();
			assert_int_equal(
			    wire_next(&reader, &m), right ? WIRE_MESSAGE : WIRE_VIOLATION);
			if (!right)
				assert_non_null(strstr(reader.why, "is not one of this side"));
		}
}

static void
only_messages_that_may_be_chunked_go_on_in_another_frame(void **state)
{
	(void)state;
	for (unsigned id = 0; id < WIRE_MESSAGE_END; id++) {
		const struct wire_rule *rule = wire_rule(id);

		if (rule == NULL)
			continue;
		start_reading_from(rule->from, BIG_CAP);
		append_frame(id, WIRE_MORE, "x");
		feed_sent();
		if (rule->flags & WIRE_CHUNKED)
			expect_nothing();
		else
			expect_violation("cannot be longer than one frame");
	}
}

static void
an_empty_frame_cannot_promise_more(void **state)
{
	(void)state;
	start_reading();
	append_frame(WIRE_ROW, WIRE_MORE, "");
	feed_sent();
	expect_violation("empty frame");
}

static void
nothing_comes_inside_an_unfinished_message(void **state)
{
	static const struct {
		unsigned id, flags;
		uint32_t request;
	} cases[] = {
		{ WIRE_STREAM, 0, REQUEST },
		{ WIRE_END, 0, REQUEST },
		{ WIRE_HEALTHY, 0, REQUEST },
		{ WIRE_DIAGNOSTIC, WIRE_MORE, REQUEST },
		{ WIRE_METADATA, 0, REQUEST },
		{ WIRE_ROW, 0, REQUEST + 1 },
		{ WIRE_ROW, WIRE_MORE, REQUEST + 1 },
		{ WIRE_ROW, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		start_reading();
		append_frame(WIRE_ROW, WIRE_MORE, "first part");
		append_header(1, cases[i].id, cases[i].flags, GENERATION, cases[i].request);
		assert_true(buffer_append_text(&sent, "x"));
		feed_sent();
		expect_violation("inside an unfinished message");
	}
}

/* ---- Streams that are cut or damaged ------------------------------------------------------- */

/* A request's worth of messages in small frames; *ret_ends[i] is where the i-th message ends. */
static size_t
record_stream(size_t ret_ends[16])
{
	static const struct {
		unsigned id, flags;
		const char *body;
	} frames[] = {
		{ WIRE_HEALTHY, 0, "" },
		{ WIRE_STREAM, 0, "....rows" },
		{ WIRE_ROW, 0, "................{\"a\":1}" },
		{ WIRE_ROW, WIRE_MORE, "................{" },
		{ WIRE_ROW, WIRE_MORE, "\"b\":" },
		{ WIRE_ROW, 0, "[1,2,3,4,5,6,7]}" },
		{ WIRE_PROGRESS, 0, "................scan" },
		{ WIRE_DIAGNOSTIC, WIRE_MORE, "....code" },
		{ WIRE_DIAGNOSTIC, 0, "message" },
		{ WIRE_METADATA, WIRE_MORE, "{\"n\":" },
		{ WIRE_METADATA, 0, "3}" },
		{ WIRE_END, 0, "................................................" },
		{ WIRE_BYE, 0, "" },
	};
	size_t messages = 0;

	buffer_clear(&sent);
	for (size_t i = 0; i < COUNT(frames); i++) {
		append_frame(frames[i].id, frames[i].flags, frames[i].body);
		if (!(frames[i].flags & WIRE_MORE))
			ret_ends[messages++] = buffer_size(&sent);
	}
	return messages;
}

static void
a_stream_that_is_cut_anywhere_yields_whole_messages_only(void **state)
{
	size_t ends[16], messages, whole, size;
	struct buffer all = BUFFER_EMPTY;
	struct wire_message m;

	(void)state;
	messages = record_stream(ends);
	size = buffer_size(&sent);
	assert_true(buffer_append(&all, buffer_front(&sent), size));
	for (size_t cut = 0; cut <= size; cut++) {
		start_reading();
		feed(buffer_front(&all), cut);
		whole = 0;
		while (wire_next(&reader, &m) == WIRE_MESSAGE)
			whole++;
		assert_true(whole == 0 || ends[whole - 1] <= cut);
		assert_true(whole == messages || ends[whole] > cut);
		expect_nothing();
	}
	buffer_free(&all);
}

/* xorshift64*: the same damage everywhere and always. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717);
}

static void
damage(uint8_t *bytes, size_t *size, uint64_t *seed)
{
	static const uint32_t liked[] = { 0, 1, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff,
		0x80000000u, 0xffffffffu, WIRE_BODY_MAX, WIRE_BODY_MAX + 1, GENERATION };
	uint64_t r = next_random(seed);
	size_t at = (size_t)(r >> 8) % *size, n = 1 + (size_t)(r >> 40) % 32;

	if (n > *size - at)
		n = *size - at;
	switch (r % 6) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << (r >> 48) % 8);
		break;
	case 1:
		bytes[at] = (uint8_t)(r >> 48);
		break;
	case 2:
		if (*size - at >= 4)
			wire_store32(bytes + at, liked[(r >> 48) % COUNT(liked)]);
		break;
	case 3: /* bytes are lost */
		memmove(bytes + at, bytes + at + n, *size - at - n);
		*size -= *size > n ? n : 0;
		break;
	case 4: /* bytes are said twice */
		memmove(bytes + at + n, bytes + at, *size - at);
		*size += n;
		break;
	default: /* the rest is lost */
		*size = at ? at : 1;
	}
}

static bool
lies_within(const struct wire_message *m, const struct buffer *b)
{
	return b->bytes != NULL && m->body >= b->bytes && m->body + m->size <= b->bytes + b->end;
}

/* Reads all that there is; answers how it ended. */
static enum wire_read
drain(uint64_t *messages, uint64_t *body_bytes)
{
	struct wire_message m;
	enum wire_read read;
	volatile uint8_t sum = 0;

	while ((read = wire_next(&reader, &m)) == WIRE_MESSAGE) {
		const struct wire_rule *rule = wire_rule(m.id);

		if (rule == NULL || rule->from != WIRE_WORKER)
			fail_msg("a message of id %d", m.id);
		if (!lies_within(&m, &reader.in) && !lies_within(&m, &reader.joined))
			fail_msg("the body of %s is not where it can be", rule->name);
		for (size_t i = 0; i < m.size; i++)
			sum = (uint8_t)(sum + m.body[i]);
		*messages += 1;
		*body_bytes += m.size;
	}
	return read;
}

static uint64_t
mutations(void)
{
	const char *slowness = getenv("LWTEST_SLOWNESS");

	return slowness != NULL && atoi(slowness) > 1 ? MUTATIONS / 50 : MUTATIONS;
}

static void
a_damaged_stream_is_read_or_refused_but_never_beyond_its_bytes(void **state)
{
	enum { SMALL_CAP = 64, ROUNDS = 4, ROOM = 4096 };
	uint8_t original[ROOM], bytes[ROOM];
	uint64_t seed = 20240607, messages = 0, body_bytes, violations = 0, count = mutations();
	size_t ends[16], size, original_size;

	(void)state;
	(void)record_stream(ends);
	original_size = buffer_size(&sent);
	assert_true(original_size + ROUNDS * 32 <= ROOM);
	memcpy(original, buffer_front(&sent), original_size);
	for (uint64_t i = 0; i < count; i++) {
		memcpy(bytes, original, size = original_size);
		for (uint64_t rounds = 1 + next_random(&seed) % ROUNDS; rounds > 0; rounds--)
			damage(bytes, &size, &seed);
		start_reading_from(WIRE_WORKER, SMALL_CAP);
		body_bytes = 0;
		for (size_t at = 0, n; at < size; at += n) {
			n = 1 + (size_t)(next_random(&seed) >> 32) % 200;
			if (n > size - at)
				n = size - at;
			feed(bytes + at, n);
			if (drain(&messages, &body_bytes) == WIRE_VIOLATION) {
				assert_true(reader.why[0] != '\0');
				violations++;
				break;
			}
		}
		assert_true(body_bytes <= size);
		assert_true(buffer_size(&reader.joined) <= SMALL_CAP);
	}
	/* Neither is everything refused nor anything swallowed. */
	assert_true(violations > count / 4 && violations < count);
	assert_true(messages > count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_message_comes_out_as_it_was_put_whatever_its_size),
		LW_TEST(no_frame_is_larger_than_the_limit_and_only_the_last_does_not_say_more),
		LW_TEST(a_long_message_need_not_be_held_as_a_whole),
		LW_TEST(a_flush_that_fails_ends_the_message_there),
		LW_TEST(a_message_that_arrives_byte_by_byte_is_there_with_its_last_byte),
		LW_TEST(messages_that_arrive_together_come_out_one_by_one),
		LW_TEST(small_chunks_are_joined_too_and_the_last_may_be_empty),
		LW_TEST(requests_travel_in_the_other_direction),
		LW_TEST(a_joined_message_may_be_as_long_as_the_cap_and_no_longer),
		LW_TEST(a_message_without_an_end_stops_at_the_cap),
		LW_TEST(a_size_that_no_frame_has_is_refused_with_its_header),
		LW_TEST(nothing_is_set_aside_for_bytes_that_were_only_declared),
		LW_TEST(memory_grows_with_the_bytes_that_came_and_is_given_back),
		LW_TEST(every_field_of_a_header_is_checked),
		LW_TEST(every_flag_but_one_is_unknown),
		LW_TEST(only_ids_of_the_table_and_of_the_right_side_are_read),
		LW_TEST(only_messages_that_may_be_chunked_go_on_in_another_frame),
		LW_TEST(an_empty_frame_cannot_promise_more),
		LW_TEST(nothing_comes_inside_an_unfinished_message),
		LW_TEST(a_stream_that_is_cut_anywhere_yields_whole_messages_only),
		LW_TEST(a_damaged_stream_is_read_or_refused_but_never_beyond_its_bytes),
	};

	support_start();
	return cmocka_run_group_tests(tests, NULL, free_all);
}
