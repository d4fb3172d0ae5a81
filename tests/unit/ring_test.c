/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "wire/ring.h"

#define ROOM ((uint64_t)2 * RING_PIECE)

/* Both sides in one process. */
static struct {
	_Alignas(RING_PAGE) uint8_t ring[RING_SIZE(ROOM)];
	_Alignas(RING_PAGE) uint8_t page[RING_PAGE];
	struct ring_reader reader;
	struct ring_writer writer;
} the;

static void
begin(void)
{
	memset(the.ring, 0, sizeof the.ring);
	memset(the.page, 0, sizeof the.page);
	ring_reader_init(&the.reader, the.ring, the.page, ROOM);
	ring_writer_init(&the.writer, the.ring, the.page, ROOM);
}

/* What a child may write at any time, and a parent must judge. */
static void
claim(uint64_t put)
{
	memcpy(the.ring + RING_PUT, &put, sizeof put);
}

static size_t
there(void)
{
	size_t size = 12345;

	assert_null(ring_look(&the.reader, &size));
	return size;
}

static void
put(const void *bytes, size_t size)
{
	assert_true(ring_has_room(&the.writer, size));
	(void)ring_put(&the.writer, bytes, size);
}

static void
what_is_put_in_is_there_at_once_and_comes_out_in_order(void **state)
{
	char out[8] = "";

	(void)state;
	begin();
	assert_int_equal(there(), 0);
	put("one ", 4);
	assert_int_equal(there(), 4);
	put("two ", 4);
	assert_int_equal(there(), 8);
	ring_take(&the.reader, out, 6);
	assert_memory_equal(out, "one tw", 6);
	assert_int_equal(there(), 2);
	ring_take(&the.reader, out, 2);
	assert_memory_equal(out, "o ", 2);
	assert_int_equal(there(), 0);
}

static void
bytes_of_any_piece_survive_the_end_of_the_ring(void **state)
{
	static uint8_t in[RING_PIECE], out[RING_PIECE];
	uint8_t value = 0;

	(void)state;
	begin();
	for (size_t size = 1, round = 0; round < 200; round++, size = size * 7 % RING_PIECE + 1) {
		for (size_t i = 0; i < size; i++)
			in[i] = value++;
		put(in, size);
		assert_int_equal(there(), size);
		ring_take(&the.reader, out, size);
		assert_memory_equal(out, in, size);
	}
	assert_true(the.reader.taken > 4 * ROOM);
}

static void
a_full_ring_takes_nothing_more_until_something_was_taken(void **state)
{
	static uint8_t piece[RING_PIECE];

	(void)state;
	begin();
	put(piece, RING_PIECE);
	put(piece, RING_PIECE);
	assert_false(ring_has_room(&the.writer, 1));
	assert_int_equal(there(), ROOM);
	ring_take(&the.reader, piece, 10);
	assert_false(ring_has_room(&the.writer, 11));
	assert_true(ring_has_room(&the.writer, 10));
}

/* ---- Lies ------------------------------------------------------------------------------------ */

static void
a_count_that_goes_backwards_is_a_lie(void **state)
{
	size_t size;

	(void)state;
	begin();
	put("12345678", 8);
	assert_int_equal(there(), 8);
	ring_take(&the.reader, (char[4]){ 0 }, 4);
	claim(8);
	assert_int_equal(there(), 4);
	claim(7); /* not behind what was taken, but behind what was said */
	assert_string_equal(ring_look(&the.reader, &size), "the count of its ring went backwards");
	claim(3);
	assert_non_null(ring_look(&the.reader, &size));
	claim(0);
	assert_non_null(ring_look(&the.reader, &size));
}

static void
a_count_beyond_the_room_is_a_lie(void **state)
{
	size_t size = 1;

	(void)state;
	begin();
	claim(ROOM);
	assert_int_equal(there(), ROOM);
	claim(ROOM + 1);
	assert_string_equal(
	    ring_look(&the.reader, &size), "its ring holds more than it has room for");
	claim(UINT64_MAX);
	assert_non_null(ring_look(&the.reader, &size));
	assert_int_equal(size, 1); /* untouched */
}

/* Neither count is ever loaded again: only the private ones are used. */
static void
what_the_parent_published_is_never_read_back(void **state)
{
	uint64_t lie = 999;
	char out[4];

	(void)state;
	begin();
	put("abcdefgh", 8);
	assert_int_equal(there(), 8);
	ring_take(&the.reader, out, 4);
	memcpy(the.page + PAGE_TAKEN, &lie, sizeof lie);
	claim(UINT64_MAX); /* after the look: what was there is taken all the same */
	ring_take(&the.reader, out, 4);
	assert_memory_equal(out, "efgh", 4);
	memcpy(&lie, the.page + PAGE_TAKEN, sizeof lie);
	assert_int_equal(lie, 8);
}

static void
only_a_room_that_offsets_can_tell_is_sane(void **state)
{
	static const uint64_t bad[] = { 0, 1, RING_PIECE, ROOM + 1, ROOM - 1, 3 * RING_PIECE,
		UINT64_C(1) << 31, UINT64_C(1) << 63, UINT64_MAX };

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(ring_room_is_sane(bad[i]));
	assert_true(ring_room_is_sane(ROOM));
	assert_true(ring_room_is_sane(RING_ROOM));
}

/* ---- Bells ----------------------------------------------------------------------------------- */

static void
a_sleeping_parent_is_rung_for_once_and_a_waking_one_never(void **state)
{
	(void)state;
	begin();
	assert_true(ring_has_room(&the.writer, 5));
	assert_false(ring_put(&the.writer, "a", 1)); /* it has not slept yet */
	ring_sleep(&the.reader);
	assert_true(ring_put(&the.writer, "b", 1));
	assert_false(ring_put(&the.writer, "c", 1)); /* the bell that is under way will do */
	ring_stay_awake(&the.reader);
	assert_false(ring_put(&the.writer, "d", 1));
	ring_sleep(&the.reader);
	assert_true(ring_put(&the.writer, "e", 1)); /* another sleep */
}

static void
what_came_before_a_sleep_shows_at_the_look_after_it(void **state)
{
	(void)state;
	begin();
	put("a", 1);
	ring_sleep(&the.reader);
	assert_int_equal(there(), 1);
}

static void
a_sleeping_child_is_woken_once_and_when_half_of_the_ring_is_free(void **state)
{
	static uint8_t piece[RING_PIECE];

	(void)state;
	begin();
	put(piece, RING_PIECE);
	put(piece, RING_PIECE);
	assert_int_equal(there(), ROOM);
	assert_false(ring_must_wake(&the.reader));
	ring_writer_sleep(&the.writer);
	assert_false(ring_must_wake(&the.reader)); /* there is no room yet */
	ring_take(&the.reader, piece, RING_PIECE - 1);
	assert_false(ring_must_wake(&the.reader));
	ring_take(&the.reader, piece, 1);
	assert_true(ring_must_wake(&the.reader));
	assert_false(ring_must_wake(&the.reader));
	ring_writer_stay_awake(&the.writer);
	assert_false(ring_must_wake(&the.reader));
	ring_writer_sleep(&the.writer);
	assert_true(ring_must_wake(&the.reader));
}

/* ---- Two threads ------------------------------------------------------------------------------ */

#define NUMBERS 2000000

static void *
put_numbers(void *nothing)
{
	for (uint32_t i = 0; i < NUMBERS; i++) {
		while (!ring_has_room(&the.writer, sizeof i))
			(void)sched_yield();
		(void)ring_put(&the.writer, &i, sizeof i);
	}
	return nothing;
}

static void
two_threads_see_each_number_once_and_whole(void **state)
{
	uint32_t next = 0, numbers[1024];
	pthread_t thread;
	size_t size;

	(void)state;
	begin();
	assert_int_equal(pthread_create(&thread, NULL, put_numbers, NULL), 0);
	while (next < NUMBERS) {
		size = there();
		size = size < sizeof numbers ? size : sizeof numbers;
		assert_int_equal(size % sizeof next, 0);
		if (size == 0)
			(void)sched_yield();
		ring_take(&the.reader, numbers, size);
		for (size_t i = 0; i < size / sizeof next; i++, next++)
			if (numbers[i] != next)
				fail_msg("%u where %u was next", numbers[i], next);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(what_is_put_in_is_there_at_once_and_comes_out_in_order),
		LW_TEST(bytes_of_any_piece_survive_the_end_of_the_ring),
		LW_TEST(a_full_ring_takes_nothing_more_until_something_was_taken),
		LW_TEST(a_count_that_goes_backwards_is_a_lie),
		LW_TEST(a_count_beyond_the_room_is_a_lie),
		LW_TEST(what_the_parent_published_is_never_read_back),
		LW_TEST(only_a_room_that_offsets_can_tell_is_sane),
		LW_TEST(a_sleeping_parent_is_rung_for_once_and_a_waking_one_never),
		LW_TEST(what_came_before_a_sleep_shows_at_the_look_after_it),
		LW_TEST(a_sleeping_child_is_woken_once_and_when_half_of_the_ring_is_free),
		LW_TEST(two_threads_see_each_number_once_and_whole),
	};

	return support_run(tests);
}
