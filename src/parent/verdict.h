/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From facts to causes: why a child ended that nobody here ordered to end.
 */
#ifndef LW_PARENT_VERDICT_H
#define LW_PARENT_VERDICT_H

#include "leanworker/leanworker.h"
#include "wire/protocol.h"

struct child;

/* The worker process ended, as child->exit says. */
void verdict_of_exit(const struct child *c, struct lw_error *ret_cause);
/* The program that was started ended without such a record; status is NULL where nobody knows it. */
void verdict_of_warden(const struct child *c, const int *status, struct lw_error *ret_cause);
/* What the child stated about a request or an opening. */
lw_verdict verdict_of_outcome(enum wire_outcome outcome);

#endif
