/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the application lets a call take its time: budgets, a deadline, and a token that is cancelled
 * before it, in a callback, or in the midst of it. What must follow is worked out here apart from
 * the library.
 */
#ifndef LW_FUZZ_PATIENCE_H
#define LW_FUZZ_PATIENCE_H

#include "fuzz/fuzz.h"
#include "leanworker/leanworker.h"

#define PATIENCE_NEVER INT64_MAX

struct patience {
	lw_cancel_token *token; /* made when it is first needed */

	/* For the next call, or for all that follow. */
	bool has_token, has_deadline, stays;
	uint8_t
	    cancel_at; /* the number of the callback that cancels; 0: none; 255: one for the log */
	uint8_t interrupt;   /* what cancels from elsewhere, and when; 0: nothing */
	uint8_t deadline_ms; /* from the begin of the call; 0: it has passed by then */
	struct lw_budgets budgets;

	/* Of the call under way. */
	struct lw_call_options options;
	bool in_use;
	int64_t cancelled_ns;   /* when it was; PATIENCE_NEVER */
	bool cancelled_before;  /* the call */
	bool cancelled_outside; /* of any callback, so that one more may be on its way */
	unsigned callbacks;     /* since then */
};

/* Four bytes: a digit of sixteen for each. 0: the wider scope's. */
struct lw_budgets patience_budgets(struct fuzz_feed *in);
/* What is 0 in a scope is the next one's; behind the last one the numbers that the header states. */
struct lw_budgets patience_widen(const struct lw_budgets *const scopes[], size_t count);

/* As the low bits of `how` say: a token, a deadline, budgets, for all calls to come. */
void patience_choose(struct patience *p, unsigned how, struct fuzz_feed *in);
/* A call begins now that takes no options; the same, and its options, or NULL. */
void patience_rest(struct patience *p);
const struct lw_call_options *patience_begin(struct patience *p); /* after patience_rest */
void patience_end(struct patience *p);
void patience_free(struct patience *p);

/* A callback cancels. */
void patience_cancel(struct patience *p);
/* Whether a callback may be made now. */
bool patience_permits_callback(struct patience *p);

/* Whether the call had been cancelled, or was too late, before it began. */
bool patience_was_over(const struct patience *p, int64_t began_ns);
/* The latest end of a call that began then, and for which budgets alone would give so long. */
int64_t patience_end_ns(
    const struct patience *p, int64_t began_ns, uint64_t budget_ms, uint32_t grace_ms);

#endif
