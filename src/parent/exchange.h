/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to a child, and the patience for its answer. Patience has an order: wait, ask to
 * stop, kill. What ends it: a budget, the call's deadline, a cancel, a sink that refused, the memory
 * limit. Which it was decides what the caller is told.
 */
#ifndef LW_PARENT_EXCHANGE_H
#define LW_PARENT_EXCHANGE_H

#include "parent/worker.h"

/* Why the child was asked to stop. What the program wants outranks what the clock says. */
enum exchange_stop {
	EXCHANGE_GOES_ON,
	EXCHANGE_LATE,
	EXCHANGE_CANCELLED,
	EXCHANGE_REFUSED /* by a sink */
};

struct exchange_limit {
	struct deadline ask, end;
	uint32_t budget_ms;
	lw_verdict verdict;
	bool of_call; /* the call's deadline, not a budget */
};

struct exchange {
	struct lw_worker *worker;
	bool (*is_done)(const struct child *c);
	const char *what;        /* "the request": for messages */
	struct request *request; /* that is run, or NULL */
	int64_t began_ns;
	uint32_t budget_ms;
	lw_verdict late;
	bool killable_only; /* there is nothing in the child that could be asked */

	/* What came of it. */
	enum exchange_stop stop;
	struct exchange_limit stopped_by; /* after EXCHANGE_LATE */
	struct deadline kill;             /* of a cancel or a refusal */
	int64_t asked_ns;                 /* 0: was not asked */
	struct deadline sample;           /* of its memory, the next */
	bool looked;                      /* once more, after a limit had passed */
};

/* Waits until it is done, or until the child is condemned. */
void exchange_run(struct exchange *x);

/* "the request did not end within 5 ms": what a budget's end means; not for the call's deadline. */
void exchange_limit_words(
    const struct exchange_limit *limit, const char *what, char *ret_text, size_t room);

/*
 * Before anything was begun: LW_OK, or the call is cancelled, or its deadline has passed. The latter
 * two start nothing.
 */
lw_code exchange_may_begin(const struct lw_worker *w, struct lw_error *ret_error);

#endif
