/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "parent/budgets.h"
#include "parent/statistics.h"

#define MS INT64_C(1000000)

static void
the_narrowest_scope_that_says_something_wins(void **state)
{
	struct lw_budgets call = { .request_ms = 5 };
	struct lw_budgets session = { .request_ms = 6, .open_ms = 7 };
	struct lw_budgets worker = { .open_ms = 8, .grace_ms = 9 };

	(void)state;
	budgets_widen(&call, &session);
	budgets_widen(&call, &worker);
	budgets_widen(&call, &budgets_built_in);
	assert_int_equal(call.request_ms, 5);
	assert_int_equal(call.open_ms, 7);
	assert_int_equal(call.grace_ms, 9);
	assert_int_equal(call.start_ms, 10000);
	assert_int_equal(call.shutdown_ms, 2000);
	assert_int_equal(call.idle_ms, LW_NO_LIMIT);
	assert_int_equal(call.first_row_ms, LW_NO_LIMIT);
}

static void
asking_comes_ahead_by_at_most_a_tenth(void **state)
{
	(void)state;
	assert_int_equal(budget_end(1000, 500).mono_ns, 1000 + 500 * MS);
	assert_int_equal(budget_ask(1000, 5000, 100).mono_ns, 1000 + 4900 * MS);
	assert_int_equal(budget_ask(1000, 500, 100).mono_ns, 1000 + 450 * MS);
	assert_int_equal(budget_ask(0, 5, 100).mono_ns, 5 * MS);
}

static void
no_limit_never_ends(void **state)
{
	(void)state;
	assert_int_equal(budget_end(1, LW_NO_LIMIT).mono_ns, DEADLINE_NEVER.mono_ns);
	assert_int_equal(budget_ask(1, LW_NO_LIMIT, 100).mono_ns, DEADLINE_NEVER.mono_ns);
	assert_false(deadline_passed(budget_end(1, LW_NO_LIMIT)));
}

static void
reserved_fields_are_refused(void **state)
{
	struct lw_budgets b = { .reserved = { 0, 1 } };
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	assert_int_equal(budgets_check(&b, &error), LW_E_MISUSE);
	assert_string_equal(error.message, "reserved[1] of the budgets is 1, and must be 0");
}

static void
a_histogram_bounds_its_quantiles(void **state)
{
	struct lw_histogram h = { 0 };

	(void)state;
	assert_int_equal(lw_histogram_quantile(&h, 0.5), 0);
	for (int i = 0; i < 99; i++)
		histogram_add(&h, 3000); /* 3 us: from 2 to below 4 */
	histogram_add(&h, 5 * MS);
	histogram_add(&h, -1);
	assert_int_equal(h.count, 101);
	assert_int_equal(h.bucket[0], 1);
	assert_int_equal(h.bucket[2], 99);
	assert_int_equal(h.max_ns, 5 * MS);
	assert_int_equal(lw_histogram_quantile(&h, 0.5), 4000);
	assert_int_equal(lw_histogram_quantile(&h, 1), 5 * MS);
	histogram_add(&h, INT64_MAX);
	assert_int_equal(h.bucket[LW_HISTOGRAM_BUCKETS - 1], 1);
	assert_true(lw_histogram_quantile(&h, 1) >= UINT64_C(500000000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(the_narrowest_scope_that_says_something_wins),
		LW_TEST(asking_comes_ahead_by_at_most_a_tenth),
		LW_TEST(no_limit_never_ends),
		LW_TEST(reserved_fields_are_refused),
		LW_TEST(a_histogram_bounds_its_quantiles),
	};

	return support_run(tests);
}
