/* SPDX-License-Identifier: Apache-2.0 */
/* What the probe makes of thousands of times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/probe/times.h"
#include "support/support.h"

static void
a_bucket_begins_where_the_one_before_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < TIMES_BUCKETS; i++) {
		struct times t = { .count = 0 };
		uint64_t begin = times_bucket_begin(i), end = times_bucket_begin(i + 1);

		assert_true(begin < end);
		times_add(&t, begin);
		times_add(&t, end - 1);
		assert_int_equal(t.bucket[i], 2);
		assert_true(end - begin <= 1 + begin / TIMES_FINE);
	}
}

static void
the_longest_time_has_a_bucket(void **state)
{
	struct times t = { .count = 0 };

	(void)state;
	times_add(&t, UINT64_MAX);
	assert_int_equal(t.bucket[TIMES_BUCKETS - 1], 1);
	assert_true(times_quantile(&t, 0.5) == UINT64_MAX);
}

static void
a_quantile_is_the_time_of_that_rank(void **state)
{
	struct times t = { .count = 0 };

	(void)state;
	assert_int_equal(times_quantile(&t, 0.5), 0);
	for (uint64_t i = 1; i <= 100; i++)
		times_add(&t, i * 1000000);
	assert_in_range(times_quantile(&t, 0), 1000000, 1000000 * 33 / 32);
	assert_in_range(times_quantile(&t, 0.5), 50000000, 50000000 / 32 * 33);
	assert_in_range(times_quantile(&t, 0.99), 99000000, 100000000);
	assert_int_equal(times_quantile(&t, 1), 100000000);
	assert_int_equal(t.min_ns, 1000000);
	assert_int_equal(t.sum_ns, 5050000000);
}

static void
of_few_the_99th_percentile_is_the_longest(void **state)
{
	struct times t = { .count = 0 };

	(void)state;
	for (uint64_t i = 1; i <= 4; i++)
		times_add(&t, i << 20);
	assert_int_equal(times_quantile(&t, 0.99), 4 << 20);
	assert_in_range(times_quantile(&t, 0.5), 2 << 20, (2 << 20) / 32 * 33);
}

static void
a_median_is_in_the_middle(void **state)
{
	double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 3, 2 };

	(void)state;
	assert_true(median_of(odd, 0) == 0);
	assert_true(median_of(odd, 3) == 2);
	assert_true(odd[0] == 1 && odd[2] == 3);
	assert_true(median_of(even, 4) == 2.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_bucket_begins_where_the_one_before_ends),
		LW_TEST(the_longest_time_has_a_bucket),
		LW_TEST(a_quantile_is_the_time_of_that_rank),
		LW_TEST(of_few_the_99th_percentile_is_the_longest),
		LW_TEST(a_median_is_in_the_middle),
	};

	return support_run(tests);
}
