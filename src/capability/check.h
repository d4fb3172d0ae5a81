/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said of options before anything is started. */
#ifndef LW_CAPABILITY_CHECK_H
#define LW_CAPABILITY_CHECK_H

#include <stdbool.h>

#include "leanworker/capability.h"

/* Findings, as they are made. Begins as { .report = LW_CHECK_REPORT_INIT, .first = LW_ERROR_INIT }. */
struct checks {
	struct lw_check_report report; /* whose findings are the owner's, to be cleared */
	struct lw_error first;         /* the first error; verdict LW_V_OK: there was none */
	bool no_memory;
};

/* A finding that is good: what is there. */
__attribute__((format(printf, 4, 5))) void checks_pass(
    struct checks *c, const char *code, const char *subject, const char *format, ...);

/* One that is an error, and what the call said that failed. */
void checks_fail(
    struct checks *c, const char *code, const char *subject, const struct lw_error *error);

/* Everything that can be seen without starting a process. */
void check_statically(const struct lw_open_options *options, struct checks *c);

/* child_path of whichever of the options has one. */
const char *open_child_path(const struct lw_open_options *options);

/* import_root, or its default; NULL: none. */
const char *open_import_root(const struct lw_open_options *options);

#endif
