/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Budgets of several scopes made one: a call's, a session's, a worker's, the built-in ones. The
 * narrowest scope that says something wins.
 */
#ifndef LW_PARENT_BUDGETS_H
#define LW_PARENT_BUDGETS_H

#include "base/deadline.h"
#include "leanworker/leanworker.h"

extern const struct lw_budgets budgets_built_in;

/* Takes from the wider scope what is 0. */
void budgets_widen(struct lw_budgets *budgets, const struct lw_budgets *wider);

/* LW_E_MISUSE unless the reserved fields are zero. */
lw_code budgets_check(const struct lw_budgets *budgets, struct lw_error *ret_error);

/* The end of a budget that began at this time; LW_NO_LIMIT ends never. */
struct deadline budget_end(int64_t began_ns, uint32_t budget_ms);

/* When to ask: ahead of the end, by ask_ms, and at most by a tenth of the budget. */
struct deadline budget_ask(int64_t began_ns, uint32_t budget_ms, uint32_t ask_ms);

#endif
