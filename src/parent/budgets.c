/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/budgets.h"

#include "parent/error.h"

const struct lw_budgets budgets_built_in = {
	.start_ms = 10000,
	.open_ms = 600000,
	.request_ms = 30000,
	.first_row_ms = LW_NO_LIMIT,
	.idle_ms = LW_NO_LIMIT,
	.shutdown_ms = 2000,
	.ask_ms = 100,
	.grace_ms = 100,
};

static void
widen(uint32_t *value, uint32_t wider)
{
	if (*value == 0)
		*value = wider;
}

void
budgets_widen(struct lw_budgets *b, const struct lw_budgets *wider)
{
	widen(&b->start_ms, wider->start_ms);
	widen(&b->open_ms, wider->open_ms);
	widen(&b->request_ms, wider->request_ms);
	widen(&b->first_row_ms, wider->first_row_ms);
	widen(&b->idle_ms, wider->idle_ms);
	widen(&b->shutdown_ms, wider->shutdown_ms);
	widen(&b->ask_ms, wider->ask_ms);
	widen(&b->grace_ms, wider->grace_ms);
}

lw_code
budgets_check(const struct lw_budgets *b, struct lw_error *ret_error)
{
	for (size_t i = 0; i < sizeof b->reserved / sizeof b->reserved[0]; i++)
		if (b->reserved[i] != 0)
			return error_set(ret_error, LW_V_MISUSE,
			    "reserved[%zu] of the budgets is %u, and must be 0", i, b->reserved[i]);
	return LW_OK;
}

struct deadline
budget_end(int64_t began_ns, uint32_t budget_ms)
{
	if (budget_ms == LW_NO_LIMIT)
		return DEADLINE_NEVER;
	return (struct deadline){ began_ns + budget_ms * NS_PER_MS };
}

struct deadline
budget_ask(int64_t began_ns, uint32_t budget_ms, uint32_t ask_ms)
{
	uint32_t ahead = ask_ms < budget_ms / 10 ? ask_ms : budget_ms / 10;

	return budget_end(began_ns, budget_ms == LW_NO_LIMIT ? LW_NO_LIMIT : budget_ms - ahead);
}
