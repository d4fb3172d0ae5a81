/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/patience.h"

#include <string.h>

#include "fuzz/virtual.h"

#define NS_PER_MS INT64_C(1000000)

/* Of patience_choose. */
#define TOKEN    1
#define DEADLINE 2
#define BUDGETS  4
#define STAYS    8

/* Of an interrupt: after so many milliseconds, or so many calls of the system. */
#define BY_TIME 128

#define LONGEST_MS 500
#define FIELDS     8 /* of budgets */

/* ---- Budgets ------------------------------------------------------------------------------- */

/* In the order of the struct: the code below goes through it as an array. */
static const struct lw_budgets built_in = {
	.start_ms = 10000,
	.open_ms = 600000,
	.request_ms = 30000,
	.first_row_ms = LW_NO_LIMIT,
	.idle_ms = LW_NO_LIMIT,
	.shutdown_ms = 2000,
	.ask_ms = 100,
	.grace_ms = 100,
};

/* Without a limit only what does not make a wait endless. */
static const bool may_be_endless[FIELDS] = { [3] = true, [4] = true, [6] = true, [7] = true };

struct lw_budgets
patience_budgets(struct fuzz_feed *in)
{
	static const uint32_t ms[15] = { 0, 1, 2, 4, 8, 12, 16, 20, 30, 40, 60, 80, 120, 200, 400 };
	struct lw_budgets made = { 0 };
	uint32_t values[FIELDS];
	uint8_t byte = 0;

	for (size_t i = 0; i < FIELDS; i++) {
		byte = i % 2 ? byte >> 4 : fuzz_byte(in);
		values[i] = (byte & 15) < 15    ? ms[byte & 15]
			    : may_be_endless[i] ? LW_NO_LIMIT
						: LONGEST_MS;
	}
	memcpy(&made, values, sizeof values);
	return made;
}

struct lw_budgets
patience_widen(const struct lw_budgets *const scopes[], size_t count)
{
	struct lw_budgets made = built_in;
	uint32_t values[FIELDS], wider[FIELDS];

	memcpy(wider, &built_in, sizeof wider);
	while (count-- > 0) {
		memcpy(values, scopes[count], sizeof values);
		for (size_t i = 0; i < FIELDS; i++)
			wider[i] = values[i] != 0 ? values[i] : wider[i];
	}
	memcpy(&made, wider, sizeof wider);
	return made;
}

/* ---- Choosing ------------------------------------------------------------------------------ */

void
patience_choose(struct patience *p, unsigned how, struct fuzz_feed *in)
{
	p->has_token = how & TOKEN;
	p->has_deadline = how & DEADLINE;
	p->stays = how & STAYS;
	if (p->has_token) {
		p->cancel_at = fuzz_byte(in);
		p->interrupt = fuzz_byte(in);
	}
	p->deadline_ms = p->has_deadline ? fuzz_byte(in) : 0;
	p->budgets = how & BUDGETS ? patience_budgets(in) : (struct lw_budgets){ 0 };
	p->in_use = true;
}

/* ---- A call -------------------------------------------------------------------------------- */

static void
cancel(struct patience *p)
{
	if (p->cancelled_ns == PATIENCE_NEVER)
		p->cancelled_ns = virtual.now_ns;
	lw_cancel_token_cancel(p->token);
}

static void
cancel_from_elsewhere(void *context)
{
	struct patience *p = context;

	if (p->cancelled_ns == PATIENCE_NEVER)
		p->cancelled_outside = true;
	cancel(p);
}

/* A token as new, or one that is cancelled already. */
static void
begin_token(struct patience *p)
{
	unsigned count = p->interrupt & ~BY_TIME;

	if (p->token == NULL && lw_cancel_token_create(&p->token, NULL) != LW_OK)
		return; /* for want of memory */
	lw_cancel_token_reset(p->token);
	FUZZ_MUST(!lw_cancel_token_is_cancelled(p->token));
	p->options.cancel = p->token;
	if (p->cancel_at == 0 && p->interrupt == 0)
		cancel(p);
	p->cancelled_before = p->cancelled_ns != PATIENCE_NEVER;
	if (p->interrupt & BY_TIME)
		virtual_interrupt(0, virtual.now_ns + count * NS_PER_MS, cancel_from_elsewhere, p);
	else if (p->interrupt > 0)
		virtual_interrupt(count, INT64_MAX, cancel_from_elsewhere, p);
}

void
patience_rest(struct patience *p)
{
	p->options = (struct lw_call_options)LW_CALL_OPTIONS_INIT;
	p->cancelled_ns = PATIENCE_NEVER;
	p->cancelled_before = p->cancelled_outside = false;
	p->callbacks = 0;
}

const struct lw_call_options *
patience_begin(struct patience *p)
{
	if (!p->in_use)
		return NULL;
	p->options.budgets = p->budgets;
	if (p->has_deadline)
		p->options.deadline_ns = virtual.now_ns +
					 (p->deadline_ms > 0 ? p->deadline_ms : -1) * NS_PER_MS;
	if (p->has_token)
		begin_token(p);
	return &p->options;
}

void
patience_end(struct patience *p)
{
	virtual_interrupt(0, INT64_MAX, NULL, NULL);
	p->in_use = p->in_use && p->stays;
}

void
patience_free(struct patience *p)
{
	lw_cancel_token_free(&p->token);
}

void
patience_cancel(struct patience *p)
{
	if (p->options.cancel != NULL)
		cancel(p);
}

/* ---- What must follow ---------------------------------------------------------------------- */

bool
patience_permits_callback(struct patience *p)
{
	if (p->cancelled_ns == PATIENCE_NEVER)
		return true;
	return ++p->callbacks == 1 && p->cancelled_outside;
}

bool
patience_was_over(const struct patience *p, int64_t began_ns)
{
	return p->cancelled_before ||
	       (p->options.deadline_ns != 0 && p->options.deadline_ns <= began_ns);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
patience_end_ns(const struct patience *p, int64_t began_ns, uint64_t budget_ms, uint32_t grace_ms)
{
	int64_t end = began_ns + (int64_t)budget_ms * NS_PER_MS, deadline = p->options.deadline_ns;

	if (deadline != 0)
		end = earlier(end, deadline > began_ns ? deadline : began_ns);
	if (p->cancelled_ns != PATIENCE_NEVER && grace_ms != LW_NO_LIMIT)
		end = earlier(end, p->cancelled_ns + grace_ms * NS_PER_MS);
	return end;
}
