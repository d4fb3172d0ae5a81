/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "parent/restart.h"

#define MS INT64_C(1000000)

static struct restarts
started(uint32_t max_deaths, uint32_t window_ms)
{
	struct lw_restart_policy policy = { .max_deaths = max_deaths, .window_ms = window_ms };
	struct restarts r;

	assert_true(restarts_init(&r, &policy, 7));
	return r;
}

static void
sixteen_deaths_in_a_minute_are_allowed_and_the_next_is_too_many(void **state)
{
	struct restarts r = started(0, 0);

	(void)state;
	for (int i = 0; i < 16; i++) {
		restarts_note_death(&r, true, i * MS);
		assert_int_equal(restarts_gave_up_until(&r, i * MS), 0);
	}
	restarts_note_death(&r, true, 100 * MS);
	assert_int_equal(restarts_gave_up_until(&r, 100 * MS), 60000 * MS);
	assert_int_equal(restarts_gave_up_until(&r, 60000 * MS - 1), 60000 * MS);
	assert_int_equal(restarts_gave_up_until(&r, 60000 * MS), 0);
	restarts_free(&r);
}

/* What the window means, counted by hand. */
static bool
oracle_gave_up(const int64_t *deaths, size_t count, uint32_t max, int64_t window, int64_t now)
{
	size_t in_window = 0;

	for (size_t i = 0; i < count; i++)
		in_window += now - deaths[i] < window;
	return in_window > max;
}

static void
the_window_is_exact_for_any_schedule(void **state)
{
	int64_t deaths[64];

	(void)state;
	srand(4);
	for (int round = 0; round < 20000; round++) {
		uint32_t max = (uint32_t)(rand() % 6) + 1, window_ms = (uint32_t)(rand() % 50) + 1;
		struct restarts r = started(max, window_ms);
		size_t count = 0;
		int64_t now = 1;

		while (count < 12) {
			now += rand() % (20 * (int)MS);
			if (rand() % 2) {
				deaths[count++] = now;
				restarts_note_death(&r, true, now);
			}
			assert_int_equal(restarts_gave_up_until(&r, now) != 0,
			    oracle_gave_up(deaths, count, max, window_ms * MS, now));
		}
		restarts_free(&r);
	}
}

static void
a_full_window_opens_when_it_says(void **state)
{
	struct restarts r = started(2, 1000);
	int64_t until;

	(void)state;
	restarts_note_death(&r, true, 10 * MS);
	restarts_note_death(&r, true, 300 * MS);
	restarts_note_death(&r, true, 400 * MS);
	until = restarts_gave_up_until(&r, 500 * MS);
	assert_int_equal(until, 1010 * MS);
	assert_int_equal(restarts_gave_up_until(&r, until), 0);
	restarts_free(&r);
}

static void
without_a_limit_nothing_is_given_up(void **state)
{
	struct restarts r = started(LW_NO_LIMIT, 0);

	(void)state;
	for (int i = 0; i < 10000; i++)
		restarts_note_death(&r, true, i);
	assert_int_equal(restarts_gave_up_until(&r, 10000), 0);
	restarts_free(&r);
}

static void
barren_children_delay_the_next_longer_and_longer(void **state)
{
	struct lw_restart_policy policy = { .backoff_ms = 100, .backoff_max_ms = 1000 };
	static const int64_t longest[] = { 100, 200, 400, 800, 1000, 1000 };
	struct restarts r;

	(void)state;
	assert_true(restarts_init(&r, &policy, 1));
	for (size_t i = 0; i < sizeof longest / sizeof longest[0]; i++) {
		restarts_note_death(&r, false, 5 * MS);
		assert_true(r.not_before <= (5 + longest[i]) * MS);
		assert_true(r.not_before >= (5 + longest[i] / 2) * MS);
	}
	restarts_note_success(&r);
	assert_int_equal(r.not_before, 0);
	restarts_note_death(&r, false, 0);
	assert_true(r.not_before <= 100 * MS);
	restarts_free(&r);
}

static void
a_child_that_had_served_delays_nothing(void **state)
{
	struct restarts r = started(0, 0);

	(void)state;
	restarts_note_death(&r, true, 5 * MS);
	assert_int_equal(r.not_before, 0);
	restarts_free(&r);
}

static void
a_spare_that_is_lost_delays_the_next_spare_and_nobody_else(void **state)
{
	struct lw_restart_policy policy = { .backoff_ms = 100, .backoff_max_ms = 1000 };
	struct restarts r;

	(void)state;
	assert_true(restarts_init(&r, &policy, 1));
	restarts_note_spare_lost(&r, true, 5 * MS);
	assert_in_range(r.no_spare_before, 55 * MS, 105 * MS);
	restarts_note_success(&r);
	restarts_note_spare_lost(&r, false, 5 * MS);
	assert_in_range(r.no_spare_before, 105 * MS, 205 * MS);
	assert_int_equal(r.not_before, 0);
	restarts_note_spare_used(&r);
	assert_int_equal(r.no_spare_before, 0);
	restarts_note_spare_lost(&r, false, 5 * MS);
	assert_in_range(r.no_spare_before, 55 * MS, 105 * MS);
	restarts_free(&r);
}

static void
the_deaths_of_spares_are_deaths_and_their_failures_are_not(void **state)
{
	struct restarts r = started(2, 0);

	(void)state;
	for (int i = 0; i < 10; i++)
		restarts_note_spare_lost(&r, false, i);
	restarts_note_spare_lost(&r, true, 10);
	restarts_note_spare_lost(&r, true, 11);
	assert_int_equal(restarts_gave_up_until(&r, 12), 0);
	restarts_note_spare_lost(&r, true, 12);
	assert_int_not_equal(restarts_gave_up_until(&r, 13), 0);
	restarts_free(&r);
}

static void
two_workers_do_not_rise_at_the_same_time(void **state)
{
	struct lw_restart_policy policy = { 0 };
	struct restarts a, b;

	(void)state;
	assert_true(restarts_init(&a, &policy, 1));
	assert_true(restarts_init(&b, &policy, 3));
	restarts_note_death(&a, false, 0);
	restarts_note_death(&b, false, 0);
	assert_int_not_equal(a.not_before, b.not_before);
	restarts_free(&a);
	restarts_free(&b);
}

static void
every_end_has_a_reason_with_a_name(void **state)
{
	(void)state;
	for (int v = 0; v < LW_VERDICT_COUNT; v++)
		assert_true((unsigned)restart_of((lw_verdict)v) < LW_RESTART_COUNT);
	for (int a = 0; a < LW_RESTART_COUNT; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(
			    lw_restart_name((lw_restart)a), lw_restart_name((lw_restart)b));
	assert_string_equal(lw_restart_name(LW_RESTART_COUNT), "?");
	assert_int_equal(restart_of(LW_V_IDLE_TIMEOUT), LW_RESTART_REQUEST_TIMEOUT);
	assert_int_equal(restart_of(LW_V_PANIC), LW_RESTART_CRASH);
	assert_int_equal(restart_of(LW_V_START_TIMEOUT), LW_RESTART_START_FAILED);
	assert_int_equal(restart_of(LW_V_INITIALIZER), LW_RESTART_OPEN_FAILED);
}

static void
only_what_nobody_ordered_is_a_death(void **state)
{
	(void)state;
	for (int r = 0; r < LW_RESTART_COUNT; r++)
		assert_int_equal(restart_is_death((lw_restart)r), r == LW_RESTART_CRASH ||
								      r == LW_RESTART_PROTOCOL ||
								      r == LW_RESTART_START_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(sixteen_deaths_in_a_minute_are_allowed_and_the_next_is_too_many),
		LW_TEST(the_window_is_exact_for_any_schedule),
		LW_TEST(a_full_window_opens_when_it_says),
		LW_TEST(without_a_limit_nothing_is_given_up),
		LW_TEST(barren_children_delay_the_next_longer_and_longer),
		LW_TEST(a_child_that_had_served_delays_nothing),
		LW_TEST(a_spare_that_is_lost_delays_the_next_spare_and_nobody_else),
		LW_TEST(the_deaths_of_spares_are_deaths_and_their_failures_are_not),
		LW_TEST(two_workers_do_not_rise_at_the_same_time),
		LW_TEST(every_end_has_a_reason_with_a_name),
		LW_TEST(only_what_nobody_ordered_is_a_death),
	};

	return support_run(tests);
}
