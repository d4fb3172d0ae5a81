/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_CANCEL_H
#define LW_PARENT_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "leanworker/leanworker.h"

/*
 * The flag is the truth; the eventfd only wakes whoever waits. The flag is set first, so that nobody
 * is woken who does not see it.
 */
struct lw_cancel_token {
	atomic_int cancelled;
	int eventfd; /* readable while it is cancelled */
	pid_t owner; /* a forked copy shares the eventfd, and must not wake us */
};

/* NULL: nothing can cancel. One load: rows are delivered with it. */
static inline bool
cancelled(const lw_cancel_token *token)
{
	return token != NULL && atomic_load_explicit(&token->cancelled, memory_order_acquire) != 0;
}

/* For whom its eventfd has woken: whether it is cancelled. It is quiet afterwards if not. */
bool cancel_woke(lw_cancel_token *token);

#endif
