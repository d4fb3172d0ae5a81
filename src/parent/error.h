/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_ERROR_H
#define LW_PARENT_ERROR_H

#include <stdbool.h>

#include "leanworker/leanworker.h"

/*
 * Whether a call may write into the caller's error: there is none, or it begins as LW_ERROR_INIT. The
 * first question of every public call; where it is not so LW_E_MISUSE is all that can be said.
 */
bool error_is_begun(const struct lw_error *error);

/* Starts *error anew with a verdict and a message; answers the verdict's code. error may be NULL. */
__attribute__((format(printf, 3, 4))) lw_code error_set(
    struct lw_error *error, lw_verdict verdict, const char *format, ...);

/* What an errno means; never NULL. */
const char *error_text(int number);

/* The same for a failed system call of ours: adds what errno says, and keeps its number. */
lw_code error_set_errno(struct lw_error *error, lw_verdict verdict, const char *doing);

/*
 * A bug of ours: aborts in development builds; in a release it is true, and the caller condemns the
 * worker and returns LW_E_BUG. Never for a value that came over the wire.
 */
#define LW_BUG_IF(condition) ((condition) && bug_found(#condition, __FILE__, __LINE__))
bool bug_found(const char *condition, const char *file, int line);

#endif
