/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/verdict.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "parent/child.h"
#include "parent/error.h"

/* What Lean's runtime writes before it aborts (src/runtime/object.cpp and stack_overflow.cpp). */
#define WORDS_PANIC          "PANIC at "
#define WORDS_INTERNAL_PANIC "INTERNAL PANIC: "
#define WORDS_STACK_OVERFLOW "Stack overflow detected"

static lw_verdict
verdict_of_abort(const struct child *c)
{
	if (log_tail_has(&c->log, WORDS_STACK_OVERFLOW))
		return LW_V_STACK_OVERFLOW;
	if (log_tail_has(&c->log, WORDS_PANIC) || log_tail_has(&c->log, WORDS_INTERNAL_PANIC))
		return LW_V_PANIC;
	return LW_V_SIGNALLED;
}

static lw_verdict
verdict_of_facts(const struct child *c)
{
	if (c->exit.signal == SIGABRT)
		return verdict_of_abort(c);
	if (c->exit.signal == SIGKILL)
		return LW_V_KILLED_FROM_OUTSIDE;
	if (c->exit.signal != 0)
		return LW_V_SIGNALLED;
	return c->exit.code == 1 && log_tail_has(&c->log, WORDS_INTERNAL_PANIC) ? LW_V_PANIC
										: LW_V_EXITED;
}

static const char *
doing(const struct child *c)
{
	switch (c->state) {
	case CHILD_STARTING:
		return "before it had said HELLO";
	case CHILD_OPENING:
		return "while it opened the capability";
	case CHILD_BUSY:
	case CHILD_ASKED:
		return "in the middle of the request";
	default:
		return "between requests";
	}
}

void
verdict_of_exit(const struct child *c, struct lw_error *ret_cause)
{
	lw_verdict verdict = verdict_of_facts(c);
	char how[64];

	if (c->exit.signal != 0)
		(void)snprintf(how, sizeof how, "was ended by signal %d (SIG%s)", c->exit.signal,
		    sigabbrev_np(c->exit.signal) ?: "?");
	else
		(void)snprintf(how, sizeof how, "exited with status %d", c->exit.code);
	(void)error_set(ret_cause, verdict, "%s: process %d %s %s", lw_verdict_text(verdict),
	    c->pid, how, doing(c));
}

void
verdict_of_warden(const struct child *c, const int *status, struct lw_error *ret_cause)
{
	char how[64] = "ended, nobody knows how";
	bool ours = c->pid != 0;

	if (status != NULL && WIFEXITED(*status))
		(void)snprintf(how, sizeof how, "exited with status %d", WEXITSTATUS(*status));
	else if (status != NULL)
		(void)snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(*status));
	if (ours)
		(void)error_set(ret_cause, LW_V_END_UNKNOWN,
		    "the warden (process %d) %s, and took the worker with it", c->io.warden, how);
	else
		(void)error_set(ret_cause, LW_V_WRONG_PROGRAM,
		    "%s %s before it spoke; it is not leanworker-child, or it cannot run here",
		    c->options.path, how);
}

lw_verdict
verdict_of_outcome(enum wire_outcome outcome)
{
	static const lw_verdict verdicts[WIRE_OUTCOME_END] = {
		[WIRE_OUTCOME_OK] = LW_V_OK,
		[WIRE_OUTCOME_STOPPED] = LW_V_STOPPED,
		[WIRE_OUTCOME_EXPORT_STATUS] = LW_V_EXPORT_STATUS,
		[WIRE_OUTCOME_EXCEPTION] = LW_V_EXCEPTION,
		[WIRE_OUTCOME_EXPORT_UNKNOWN] = LW_V_EXPORT_UNKNOWN,
		[WIRE_OUTCOME_EXPORT_DATA] = LW_V_EXPORT_DATA,
		[WIRE_OUTCOME_EXPORT_KIND] = LW_V_EXPORT_KIND,
		[WIRE_OUTCOME_ROW_MALFORMED] = LW_V_ROW_MALFORMED,
		[WIRE_OUTCOME_ROW_TOO_LARGE] = LW_V_ROW_TOO_LARGE,
		[WIRE_OUTCOME_HOST_UNKNOWN] = LW_V_CAPABILITY_LOAD,
		[WIRE_OUTCOME_RUNTIME_LOAD] = LW_V_RUNTIME,
		[WIRE_OUTCOME_RUNTIME_TOO_OLD] = LW_V_RUNTIME_TOO_OLD,
		[WIRE_OUTCOME_CAPABILITY_LOAD] = LW_V_CAPABILITY_LOAD,
		[WIRE_OUTCOME_INITIALIZER] = LW_V_INITIALIZER,
		[WIRE_OUTCOME_NO_MEMORY] = LW_V_CHILD_NO_MEMORY,
		[WIRE_OUTCOME_REQUEST_MALFORMED] =
		    LW_V_PROTOCOL, /* what is sent was checked here */
	};

	return verdicts[outcome];
}
