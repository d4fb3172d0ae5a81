/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a program to its end: leanworker-child as an inspector, or as the holder of a program that is
 * not ours. In the application's process no code of ours runs between fork and exec.
 */
#ifndef LW_CAPABILITY_PROCESS_H
#define LW_CAPABILITY_PROCESS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "leanworker/leanworker.h"
#include "parent/log.h"

struct process {
	const char *child;      /* leanworker-child */
	char *const *arguments; /* with the program's name; ends with NULL */
	char *const *environment;
	const char *folder; /* where it runs; NULL: here */
	bool held;          /* it has the descriptors of a holder, and is ended by an order */
	struct deadline until;
	lw_cancel_token *cancel; /* NULL: none */
	size_t output_cap;       /* of standard output; a program that says more is ended */
	void (*on_text)(void *context, const char *text, size_t size); /* standard error; or NULL */
	void *context;
};

enum process_outcome { PROCESS_ENDED, PROCESS_TIMED_OUT, PROCESS_CANCELLED, PROCESS_TOO_MUCH };

#define PROCESS_STATUS_UNKNOWN (-1) /* somebody else of this process reaped it */

struct process_end {
	enum process_outcome outcome;
	int status; /* exit status, or 128 and a signal, or PROCESS_STATUS_UNKNOWN */
	struct buffer output;
	struct log_tail log; /* of standard error */
};

/*
 * It has ended when this returns. Failures are those of starting and watching it; how it ended is in
 * *ret, which is to be given to process_release whatever this returns.
 */
lw_code process_run(
    const struct process *process, struct process_end *ret, struct lw_error *ret_error);
void process_release(struct process_end *end);

#endif
