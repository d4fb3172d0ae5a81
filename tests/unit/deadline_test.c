/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <limits.h>

#include "base/deadline.h"
#include "base/sys.h"

static struct deadline
in_ns(int64_t ns)
{
	return (struct deadline){ sys_monotonic_ns() + ns };
}

static void
a_span_becomes_a_point_that_lies_that_far_ahead(void **state)
{
	static const uint32_t spans[] = { 0, 1, 1000, 600000, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		int64_t span = (int64_t)spans[i] * 1000000, before = sys_monotonic_ns();
		struct deadline at = deadline_in_ms(spans[i]);

		assert_true(at.mono_ns >= before + span);
		assert_true(at.mono_ns <= sys_monotonic_ns() + span);
	}
}

static void
never_does_not_pass_and_is_waited_for_without_end(void **state)
{
	(void)state;
	assert_false(deadline_passed(DEADLINE_NEVER));
	assert_int_equal(deadline_poll_ms(DEADLINE_NEVER), -1);
}

static void
a_point_passes_when_its_time_comes(void **state)
{
	(void)state;
	assert_true(deadline_passed((struct deadline){ 0 }));
	assert_true(deadline_passed(in_ns(-1)));
	assert_true(deadline_passed(in_ns(0)));
	assert_false(deadline_passed(deadline_in_ms(1000000)));
}

static void
a_wait_never_ends_before_its_deadline(void **state)
{
	struct deadline at;

	(void)state;
	for (int i = 0; i < 100; i++) {
		at = in_ns(50000 * i + 1);
		(void)sys_poll(NULL, 0, deadline_poll_ms(at));
		assert_true(deadline_passed(at));
	}
}

static void
a_wait_is_rounded_up_and_fits(void **state)
{
	(void)state;
	assert_int_equal(deadline_poll_ms((struct deadline){ 0 }), 0);
	assert_int_equal(deadline_poll_ms(in_ns(-1)), 0);
	assert_true(deadline_poll_ms(deadline_in_ms(1000000)) > 990000);
	assert_true(deadline_poll_ms(deadline_in_ms(1000000)) <= 1000000);
	assert_int_equal(deadline_poll_ms((struct deadline){ INT64_MAX - 1 }), INT_MAX);
	assert_int_equal(deadline_poll_ms(deadline_in_ms(UINT32_MAX)), INT_MAX);
}

static void
the_earlier_of_two_is_taken(void **state)
{
	struct deadline a = { 5 }, b = { 6 };

	(void)state;
	assert_int_equal(deadline_earlier(a, b).mono_ns, 5);
	assert_int_equal(deadline_earlier(b, a).mono_ns, 5);
	assert_int_equal(deadline_earlier(DEADLINE_NEVER, b).mono_ns, 6);
	assert_int_equal(deadline_earlier(a, DEADLINE_NEVER).mono_ns, 5);
	assert_int_equal(deadline_earlier(DEADLINE_NEVER, DEADLINE_NEVER).mono_ns, INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_span_becomes_a_point_that_lies_that_far_ahead),
		LW_TEST(never_does_not_pass_and_is_waited_for_without_end),
		LW_TEST(a_point_passes_when_its_time_comes),
		LW_TEST(a_wait_never_ends_before_its_deadline),
		LW_TEST(a_wait_is_rounded_up_and_fits),
		LW_TEST(the_earlier_of_two_is_taken),
	};

	return support_run(tests);
}
