/* SPDX-License-Identifier: Apache-2.0 */
/* What a request emits, as text and in parts: the same bytes on the wire, the same faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "child/emit.h"

#define ROW_CAP 1000

static volatile uint32_t stop_flag;
static struct buffer out;
static const struct wire_target target = { .out = &out, .generation = 1 };
static struct emission emission = {
	.target = &target, .stop_flag = &stop_flag, .row_cap = ROW_CAP
};

static int
begin(void **state)
{
	(void)state;
	stop_flag = 0;
	buffer_clear(&out);
	emission_begin(&emission, 1);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	emission_begin(&emission, 0);
	buffer_free(&emission.scratch.name);
	buffer_free(&emission.scratch.text);
	buffer_free(&out);
	emission.scratch = (struct envelope_scratch){ 0 };
	return 0;
}

static struct json_slice
slice(const char *text)
{
	return (struct json_slice){ text, strlen(text) };
}

static enum host_emit_status
row(const char *stream, const char *payload)
{
	return emission_take_parts(
	    &emission, &(struct envelope){
			   .kind = ENVELOPE_ROW, .name = slice(stream), .text = slice(payload) });
}

static enum host_emit_status
text(const char *envelope)
{
	return emission_take(&emission, envelope, strlen(envelope));
}

static void
emit_parts(void)
{
	assert_int_equal(row("a", "[1]"), HOST_EMIT_OK);
	assert_int_equal(row("b", "null"), HOST_EMIT_OK);
	assert_int_equal(row("a", "{\"x\":\"\\n\"}"), HOST_EMIT_OK);
	assert_int_equal(
	    emission_take_parts(&emission,
		&(struct envelope){
		    .kind = ENVELOPE_DIAGNOSTIC, .name = slice("c"), .text = slice("a\nb") }),
	    HOST_EMIT_OK);
	assert_int_equal(
	    emission_take_parts(&emission, &(struct envelope){ .kind = ENVELOPE_PROGRESS,
					       .name = slice("p"),
					       .current = 1,
					       .total = WIRE_NO_TOTAL }),
	    HOST_EMIT_OK);
	assert_int_equal(emission_take_parts(&emission,
			     &(struct envelope){ .kind = ENVELOPE_METADATA, .text = slice("{}") }),
	    HOST_EMIT_OK);
}

static void
emit_texts(void)
{
	assert_int_equal(text("{\"stream\":\"a\",\"payload\":[1]}"), HOST_EMIT_OK);
	assert_int_equal(text("{\"payload\":null,\"stream\":\"b\"}"), HOST_EMIT_OK);
	assert_int_equal(text("{\"stream\":\"a\",\"payload\":{\"x\":\"\\n\"}}"), HOST_EMIT_OK);
	assert_int_equal(
	    text("{\"diagnostic\":{\"code\":\"c\",\"message\":\"a\\nb\"}}"), HOST_EMIT_OK);
	assert_int_equal(text("{\"progress\":{\"phase\":\"p\",\"current\":1}}"), HOST_EMIT_OK);
	assert_int_equal(text("{\"metadata\":{}}"), HOST_EMIT_OK);
}

static void
an_opening_sends_progress_and_not_a_byte_of_anything_else(void **state)
{
	static const char *const others[] = { "{\"stream\":\"a\",\"payload\":[1]}",
		"{\"stream\":\"a\",\"payload\":}", "{\"metadata\":{}}",
		"{\"diagnostic\":{\"code\":\"c\",\"message\":\"m\"}}" };
	size_t size;

	(void)state;
	emission_begin_opening(&emission, 1);
	assert_int_equal(text("{\"progress\":{\"phase\":\"p\",\"current\":1}}"), HOST_EMIT_OK);
	size = buffer_size(&out);
	assert_true(size > 0);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		emission_begin_opening(&emission, 1);
		assert_int_equal(text(others[i]), HOST_EMIT_STOPPED);
		assert_int_not_equal(emission.fault, WIRE_OUTCOME_OK);
		assert_int_equal(emission.fault_stream, WIRE_NO_STREAM);
		assert_int_equal(buffer_size(&out), size);
	}
	emission_begin(&emission, 2); /* a request may again */
	assert_int_equal(text(others[0]), HOST_EMIT_OK);
}

static void
parts_and_texts_become_the_same_bytes(void **state)
{
	size_t size;
	char *first;

	(void)state;
	emit_parts();
	assert_int_equal(emission.rows, 3);
	size = buffer_size(&out);
	first = test_malloc(size);
	memcpy(first, buffer_front(&out), size);
	(void)begin(NULL);
	emit_texts();
	assert_int_equal(emission.rows, 3);
	assert_int_equal(buffer_size(&out), size);
	assert_memory_equal(buffer_front(&out), first, size);
	test_free(first);
}

static void
expect_fault(uint32_t stream, uint64_t sequence, uint64_t offset)
{
	assert_int_equal(emission.fault, WIRE_OUTCOME_ROW_MALFORMED);
	assert_int_equal(emission.fault_stream, stream);
	assert_int_equal(emission.fault_sequence, sequence);
	assert_int_equal(emission.fault_offset, offset);
}

static void
the_first_fault_ends_the_emission(void **state)
{
	size_t size;

	(void)state;
	emit_parts();
	assert_int_equal(row("a", "[1,"), HOST_EMIT_STOPPED);
	expect_fault(0, 2, 3);
	size = buffer_size(&out);
	assert_int_equal(row("b", "x"), HOST_EMIT_STOPPED);
	assert_int_equal(row("c", "1"), HOST_EMIT_STOPPED);
	assert_int_equal(text("{\"metadata\":1}"), HOST_EMIT_STOPPED);
	expect_fault(0, 2, 3);
	assert_int_equal(buffer_size(&out), size);
	assert_int_equal(emission.said, HOST_EMIT_STOPPED);
}

static void
a_fault_in_the_first_row_of_a_stream_names_it(void **state)
{
	(void)state;
	assert_int_equal(row("a", "0"), HOST_EMIT_OK);
	assert_int_equal(row("new", "-"), HOST_EMIT_STOPPED);
	expect_fault(1, 0, 1);
	assert_int_equal(emission.rows, 1);
	(void)begin(NULL);
	assert_int_equal(text("{\"stream\":\"new\",\"payload\":-}"), HOST_EMIT_STOPPED);
	expect_fault(0, 0, 27);
	assert_int_equal(emission.stream_count, 1);
}

static void
a_fault_beyond_the_last_stream_is_told_without_it(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < WIRE_STREAMS_MAX; i++) {
		(void)snprintf(name, sizeof name, "s%d", i);
		assert_int_equal(row(name, "0"), HOST_EMIT_OK);
	}
	assert_int_equal(row("one more", "?"), HOST_EMIT_STOPPED);
	expect_fault(WIRE_NO_STREAM, 0, 0);
	assert_string_equal(emission.fault_message.text, "expected a value");
}

static void
json_above_the_cap_is_refused_for_its_size(void **state)
{
	char large[ROW_CAP + 2];

	(void)state;
	memset(large, '?', sizeof large);
	large[ROW_CAP + 1] = '\0';
	assert_int_equal(row("a", large), HOST_EMIT_STOPPED);
	assert_int_equal(emission.fault, WIRE_OUTCOME_ROW_TOO_LARGE);
	assert_int_equal(emission.fault_stream, 0);
	(void)begin(NULL);
	assert_int_equal(row("a", large + 1), HOST_EMIT_STOPPED);
	expect_fault(0, 0, 0);
}

static void
a_stop_sends_nothing_and_is_remembered(void **state)
{
	(void)state;
	stop_flag = 1;
	assert_int_equal(row("a", "this is not even looked at"), HOST_EMIT_STOPPED);
	assert_int_equal(buffer_size(&out), 0);
	assert_true(emission.refused);
	assert_int_equal(emission.fault, WIRE_OUTCOME_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parts_and_texts_become_the_same_bytes),
		TEST(an_opening_sends_progress_and_not_a_byte_of_anything_else),
		TEST(the_first_fault_ends_the_emission),
		TEST(a_fault_in_the_first_row_of_a_stream_names_it),
		TEST(a_fault_beyond_the_last_stream_is_told_without_it),
		TEST(json_above_the_cap_is_refused_for_its_size),
		TEST(a_stop_sends_nothing_and_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
