/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/verdict.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "parent/child.h"
#include "parent/error.h"
#include "parent/memory.h"

/*
 * What the runtimes and the loader write before they end the process: Lean's src/runtime/object.cpp,
 * stack_overflow.cpp and thread.cpp; glibc's elf/dl-error.c.
 */
#define WORDS_PANIC          "PANIC at "
#define WORDS_INTERNAL_PANIC "INTERNAL PANIC: "
#define WORDS_OUT_OF_MEMORY  "INTERNAL PANIC: out of memory"
#define WORDS_STACK_OVERFLOW "Stack overflow detected"
#define WORDS_NO_THREAD      "failed to create thread"
#define WORDS_LOADER         "error while loading shared libraries"

#define LOADER_EXIT 127

/* The more special ones first. */
static const struct last_words {
	const char *words;
	lw_verdict verdict;
} last_words[] = {
	{ WORDS_STACK_OVERFLOW, LW_V_STACK_OVERFLOW },
	{ WORDS_OUT_OF_MEMORY, LW_V_LEAN_NO_MEMORY },
	{ WORDS_NO_THREAD, LW_V_LEAN_NO_THREAD },
	{ WORDS_INTERNAL_PANIC, LW_V_PANIC },
	{ WORDS_PANIC, LW_V_PANIC },
};
#define LAST_WORDS_COUNT (sizeof last_words / sizeof last_words[0])

/* Of the log's tail; LW_V_OK: there are none. */
static lw_verdict
verdict_of_words(const struct child *c)
{
	for (size_t i = 0; i < LAST_WORDS_COUNT; i++)
		if (log_tail_has(&c->log, last_words[i].words))
			return last_words[i].verdict;
	return LW_V_OK;
}

/* The line that made the verdict, ": PANIC at …"; empty where words did not make it. */
static void
quote_words(const struct child *c, lw_verdict verdict, char *ret_text, size_t room)
{
	char line[256];

	*ret_text = '\0';
	for (size_t i = 0; i < LAST_WORDS_COUNT; i++)
		if (last_words[i].verdict == verdict &&
		    log_tail_line(&c->log, last_words[i].words, line, sizeof line)) {
			(void)snprintf(ret_text, room, ": %s", line);
			return;
		}
}

/*
 * A SIGKILL that was not ours. The kernel counts the processes that it has killed for want of memory;
 * that the count rose while this one lived is as near as one can know.
 */
static lw_verdict
verdict_of_kill(const struct child *c)
{
	uint64_t now;

	return c->oom_known && memory_oom_kills(&now) && now > c->oom_kills
		   ? LW_V_OUT_OF_MEMORY
		   : LW_V_KILLED_FROM_OUTSIDE;
}

static lw_verdict
verdict_of_signal(const struct child *c)
{
	lw_verdict words;

	switch (c->exit.signal) {
	case SIGKILL:
		return verdict_of_kill(c);
	case SIGXCPU:
	case SIGXFSZ:
		return LW_V_RESOURCE_LIMIT;
	case SIGABRT:
		words = verdict_of_words(c);
		return words != LW_V_OK ? words : LW_V_SIGNALLED;
	default:
		return LW_V_SIGNALLED;
	}
}

/* An internal panic ends the process with status 1 where LEAN_ABORT_ON_PANIC is not set. */
static lw_verdict
verdict_of_facts(const struct child *c)
{
	lw_verdict words;

	if (c->exit.signal != 0)
		return verdict_of_signal(c);
	words = c->exit.code == 1 ? verdict_of_words(c) : LW_V_OK;
	return words == LW_V_PANIC || words == LW_V_LEAN_NO_MEMORY ? words : LW_V_EXITED;
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
	char how[64], words[300];

	if (c->exit.signal != 0)
		(void)snprintf(how, sizeof how, "was ended by signal %d (SIG%s)", c->exit.signal,
		    sigabbrev_np(c->exit.signal) ?: "?");
	else
		(void)snprintf(how, sizeof how, "exited with status %d", c->exit.code);
	quote_words(c, verdict, words, sizeof words);
	(void)error_set(ret_cause, verdict, "%s: process %d %s %s%s", lw_verdict_text(verdict),
	    c->pid, how, doing(c), words);
}

void
verdict_of_warden(const struct child *c, const int *status, struct lw_error *ret_cause)
{
	char how[64] = "ended, nobody knows how";
	bool ours = c->pid != 0;
	bool unlinked = status != NULL && WIFEXITED(*status) &&
			WEXITSTATUS(*status) == LOADER_EXIT && log_tail_has(&c->log, WORDS_LOADER);

	if (status != NULL && WIFEXITED(*status))
		(void)snprintf(how, sizeof how, "exited with status %d", WEXITSTATUS(*status));
	else if (status != NULL)
		(void)snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(*status));
	if (ours)
		(void)error_set(ret_cause, LW_V_END_UNKNOWN,
		    "the warden (process %d) %s, and took the worker with it", c->io.warden, how);
	else if (unlinked)
		(void)error_set(ret_cause, LW_V_CHILD_NOT_STARTED,
		    "%s %s: the dynamic loader did not find what it needs; the log has its words",
		    c->options.path, how);
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
		[WIRE_OUTCOME_STOPPED] = LW_V_CANCELLED,
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
		[WIRE_OUTCOME_IMPORT] = LW_V_IMPORT,
		[WIRE_OUTCOME_REQUEST_MALFORMED] =
		    LW_V_PROTOCOL, /* what is sent was checked here */
	};

	return verdicts[outcome];
}
