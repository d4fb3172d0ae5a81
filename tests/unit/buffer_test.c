/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static struct buffer b;

static int
free_buffer(void **state)
{
	(void)state;
	buffer_free(&b);
	return 0;
}

static void
expect(const char *text)
{
	assert_int_equal(buffer_size(&b), strlen(text));
	if (*text != '\0')
		assert_memory_equal(buffer_front(&b), text, strlen(text));
}

static void
what_is_appended_is_consumed_in_order(void **state)
{
	(void)state;
	buffer_free(&b);
	expect("");
	assert_true(buffer_append_text(&b, "one "));
	assert_true(buffer_append(&b, "two ", 4));
	assert_true(buffer_append_text(&b, ""));
	expect("one two ");
	buffer_consume(&b, 4);
	expect("two ");
	assert_true(buffer_append_text(&b, "three"));
	expect("two three");
	buffer_consume(&b, 9);
	expect("");
	assert_int_equal(b.end, 0); /* its room is free again, from the start */
}

static void
nothing_can_be_appended_from_nowhere(void **state)
{
	(void)state;
	buffer_free(&b);
	assert_true(buffer_append(&b, NULL, 0));
	buffer_consume(&b, 0);
	expect("");
}

static void
a_reserve_is_written_first_and_counted_then(void **state)
{
	uint8_t *place;

	(void)state;
	buffer_free(&b);
	assert_true(buffer_append_text(&b, "head:"));
	place = buffer_reserve(&b, 100000);
	assert_non_null(place);
	expect("head:");
	memset(place, 'x', 100000); /* all of it is ours */
	buffer_grow(&b, 3);
	expect("head:xxx");
}

static void
contents_survive_growth_and_compaction(void **state)
{
	uint8_t in = 0, out = 0;

	(void)state;
	buffer_free(&b);
	for (size_t step = 0; step < 3000; step++) {
		size_t put = step * 7 % 61, take = step * 5 % 53;

		for (size_t i = 0; i < put; i++, in++)
			assert_true(buffer_append(&b, &in, 1));
		if (take > buffer_size(&b))
			take = buffer_size(&b);
		for (size_t i = 0; i < take; i++, out++)
			assert_int_equal(buffer_front(&b)[i], out);
		buffer_consume(&b, take);
	}
	while (buffer_size(&b) > 0) {
		assert_int_equal(*buffer_front(&b), out++);
		buffer_consume(&b, 1);
	}
}

static void
a_queue_that_never_empties_does_not_grow_for_ever(void **state)
{
	char piece[100] = { 0 };

	(void)state;
	buffer_free(&b);
	assert_true(buffer_append(&b, piece, 50));
	for (int i = 0; i < 10000; i++) {
		assert_true(buffer_append(&b, piece, sizeof piece));
		buffer_consume(&b, sizeof piece);
	}
	assert_int_equal(buffer_size(&b), 50);
	assert_true(b.room <= 1024);
}

static void
a_size_that_cannot_be_is_refused_and_changes_nothing(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, SIZE_MAX / 2 };
	struct buffer before;

	(void)state;
	buffer_free(&b);
	assert_true(buffer_append_text(&b, "kept"));
	before = b;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		assert_null(buffer_reserve(&b, sizes[i]));
		assert_false(buffer_append(&b, "", sizes[i]));
		assert_memory_equal(&b, &before, sizeof b);
	}
	expect("kept");
}

static void
clear_keeps_the_memory_and_free_gives_it_back(void **state)
{
	size_t room;

	(void)state;
	buffer_free(&b);
	assert_true(buffer_append_text(&b, "something"));
	room = b.room;
	buffer_clear(&b);
	expect("");
	assert_int_equal(b.room, room);
	buffer_free(&b);
	assert_null(b.bytes);
	assert_int_equal(b.room, 0);
	buffer_free(&b); /* twice is fine */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(what_is_appended_is_consumed_in_order),
		LW_TEST(nothing_can_be_appended_from_nowhere),
		LW_TEST(a_reserve_is_written_first_and_counted_then),
		LW_TEST(contents_survive_growth_and_compaction),
		LW_TEST(a_queue_that_never_empties_does_not_grow_for_ever),
		LW_TEST(a_size_that_cannot_be_is_refused_and_changes_nothing),
		LW_TEST(clear_keeps_the_memory_and_free_gives_it_back),
	};

	support_start();
	return cmocka_run_group_tests(tests, NULL, free_buffer);
}
