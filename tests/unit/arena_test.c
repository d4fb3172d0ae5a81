/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "parent/arena.h"

static void
every_place_is_aligned_and_apart_from_the_others(void **state)
{
	struct arena a = ARENA_OF(SIZE_MAX);
	char *places[200];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		places[i] = arena_take(&a, i * 7 % 300 + 1);
		assert_non_null(places[i]);
		assert_int_equal((uintptr_t)places[i] % alignof(max_align_t), 0);
		memset(places[i], (int)i, i * 7 % 300 + 1);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < i * 7 % 300 + 1; k++)
			assert_int_equal((unsigned char)places[i][k], i);
	arena_free(&a);
}

static void
the_last_place_grows_where_it_is_and_others_are_moved(void **state)
{
	struct arena a = ARENA_OF(SIZE_MAX);
	char *first = arena_grow(&a, NULL, 0, 10), *second, *moved;

	(void)state;
	memcpy(first, "012345678", 10);
	assert_ptr_equal(arena_grow(&a, first, 10, 100), first);
	second = arena_take(&a, 1);
	moved = arena_grow(&a, first, 10, 200);
	assert_ptr_not_equal(moved, first);
	assert_memory_equal(moved, "012345678", 10);
	assert_ptr_not_equal(second, moved);
	moved = arena_grow(&a, moved, 200, 100000); /* no block has room for it */
	assert_memory_equal(moved, "012345678", 10);
	arena_free(&a);
}

static void
the_limit_counts_all_that_was_taken(void **state)
{
	struct arena a = ARENA_OF(64);
	void *place;

	(void)state;
	assert_null(arena_take(&a, 65));
	assert_true(a.full);
	place = arena_take(&a, 33); /* 48, as it is aligned */
	assert_non_null(place);
	assert_false(a.full);
	assert_null(arena_take(&a, 17));
	assert_ptr_equal(arena_grow(&a, place, 33, 64), place);
	assert_null(arena_grow(&a, place, 64, 65));
	assert_true(a.full);
	arena_reset(&a);
	assert_false(a.full);
	assert_non_null(arena_take(&a, 64));
	arena_free(&a);
	a = ARENA_OF(5); /* no multiple of the alignment */
	assert_non_null(arena_take(&a, 5));
	assert_null(arena_take(&a, 1));
	arena_free(&a);
}

#ifdef LW_DEV
static void
an_arena_that_was_emptied_needs_no_memory_for_as_much_again(void **state)
{
	struct arena a = ARENA_OF(SIZE_MAX);
	bool fired;

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_non_null(arena_take(&a, 1000));
	arena_reset(&a);
	lw_fault_arm(1, true);
	for (int i = 0; i < 50; i++)
		assert_non_null(arena_take(&a, 1000));
	(void)lw_fault_disarm(&fired);
	assert_false(fired);
	arena_free(&a);
}

static void
without_memory_it_is_not_full(void **state)
{
	struct arena a = ARENA_OF(SIZE_MAX);
	bool fired;

	(void)state;
	lw_fault_arm(1, true);
	assert_null(arena_take(&a, 1));
	assert_null(arena_grow(&a, NULL, 0, 1));
	(void)lw_fault_disarm(&fired);
	assert_true(fired);
	assert_false(a.full);
	arena_free(&a);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_is_aligned_and_apart_from_the_others),
		cmocka_unit_test(the_last_place_grows_where_it_is_and_others_are_moved),
		cmocka_unit_test(the_limit_counts_all_that_was_taken),
#ifdef LW_DEV
		cmocka_unit_test(an_arena_that_was_emptied_needs_no_memory_for_as_much_again),
		cmocka_unit_test(without_memory_it_is_not_full),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
