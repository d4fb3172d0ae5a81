/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A failure in words that a person can act on: what happened, the evidence, what became of the child,
 * what to do. The advice is one table, a row for each verdict.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "base/utf8.h"
#include "parent/clean.h"
#include "parent/error.h"
#include "parent/restart.h"

/* What to do, by verdict: the message has the particulars already. */
static const char *const advice[LW_VERDICT_COUNT] = {
	[LW_V_OK] = "Nothing is wrong.",
	[LW_V_MISUSE] = "Correct the call; nothing was done. leanworker.h describes it.",
	[LW_V_ENCODE] = "Correct the value; the message has its path. Nothing was sent.",
	[LW_V_NO_MEMORY] = "This process, not the worker, is short of memory. Free some, and call "
			   "again.",
	[LW_V_SYSTEM_CALL] = "Look at this process's limits: open files (ulimit -n), processes "
			     "(ulimit -u), memory.",
	[LW_V_UNSUPPORTED] =
	    "Use Linux 5.10 or later, outside of filters that hide its system calls.",
	[LW_V_MANIFEST] = "Correct the manifest; the message names the file and the key.",
	[LW_V_CHILD_NOT_FOUND] = "Install leanworker-child, or name it by LEANWORKER_CHILD or "
				 "child_path.",
	[LW_V_CHILD_NOT_STARTED] =
	    "Run the child program by hand: the shell, or ldd, tells what it "
	    "lacks.",
	[LW_V_CHILD_NOT_CONTAINED] = "Ask for LW_CONTAINMENT_BEST, or give this process what the "
				     "containment needs.",
	[LW_V_WRONG_PROGRAM] = "Let child_path or LEANWORKER_CHILD name leanworker-child.",
	[LW_V_WRONG_VERSION] = "Install the library and leanworker-child from one release.",
	[LW_V_EXITED] = "Something in the capability, or in a library of it, called exit. Look for "
			"its reason in the log.",
	[LW_V_SIGNALLED] = "Native code of the capability crashed. Run the same request in a "
			   "debugger, or with a build of the capability under AddressSanitizer.",
	[LW_V_KILLED_FROM_OUTSIDE] =
	    "Nothing in the worker failed. Ask who sent SIGKILL: an operator, "
	    "a container's manager, or an out-of-memory killer in user space.",
	[LW_V_OUT_OF_MEMORY] =
	    "Give the machine or the memory cgroup more, let fewer workers run at "
	    "once, or set memory_ceiling_kib, so that children are replaced before "
	    "they have grown so large.",
	[LW_V_MEMORY_LIMIT] =
	    "If the request needs that much, raise memory_limit_kib. If memory grew "
	    "over many requests, set memory_ceiling_kib below it: replacing the child "
	    "is the only reset.",
	[LW_V_RESOURCE_LIMIT] =
	    "Raise the limit of CPU time or file size that the parent was started "
	    "with (ulimit -t, ulimit -f).",
	[LW_V_PANIC] =
	    "A Lean function was used against its precondition, such as a[i]! out of range. "
	    "The log names the place. Rows that came before it are tentative.",
	[LW_V_LEAN_NO_MEMORY] = "An allocation of Lean's failed: look at limits of address space "
				"(ulimit -v), and at the size of what was asked.",
	[LW_V_LEAN_NO_THREAD] =
	    "A thread of Lean's reserves much address space. Remove limits of "
	    "address space (ulimit -v) and of processes, or set LEAN_STACK_SIZE_KB.",
	[LW_V_STACK_OVERFLOW] =
	    "A recursion was too deep. The worker's stack may grow to 1 GiB, or "
	    "the hard limit (ulimit -Hs) if that is less.",
	[LW_V_END_UNKNOWN] =
	    "Somebody killed the warden, the small process above the worker. Ask who; "
	    "nothing in the capability can.",
	[LW_V_START_TIMEOUT] = "The machine may be overloaded, or the program hangs while it is "
			       "loaded. Raise start_ms, or start it by hand.",
	[LW_V_OPEN_TIMEOUT] = "Loading libraries, initializers or imports took too long. Raise "
			      "open_ms, or look in the log how far it came.",
	[LW_V_REQUEST_TIMEOUT] =
	    "Raise request_ms (LW_LONG_RUNNING_MS is ten minutes), or ask for "
	    "less. An export that looks at LeanWorker.cancelled, or emits, stops "
	    "when asked and keeps its child.",
	[LW_V_FIRST_ROW_TIMEOUT] =
	    "The export computes for long before it emits. Raise first_row_ms, "
	    "or let it emit earlier.",
	[LW_V_IDLE_TIMEOUT] =
	    "The export is stuck, or works without a word. Raise idle_ms, or let it "
	    "report progress.",
	[LW_V_PROTOCOL] =
	    "What came from the worker cannot be true: its memory was overwritten, or "
	    "the capability is hostile. Do not trust its earlier rows either.",
	[LW_V_RUNTIME] = "Name the libleanshared.so of the toolchain that built the capability.",
	[LW_V_RUNTIME_TOO_OLD] = "Build the capability with Lean 4.26 or later.",
	[LW_V_CAPABILITY_LOAD] =
	    "The message has the loader's words. Build the capability anew with "
	    "the same toolchain, and list its dependencies in order.",
	[LW_V_INITIALIZER] = "Code that runs at initialization failed; the message has its words.",
	[LW_V_IMPORT] =
	    "Build the modules with Lake, with the toolchain that built the capability, and name "
	    "their workspace. Where Lean refused them, the message has its words.",
	[LW_V_EXPORT_UNKNOWN] = "Check the name against @[export …] in the sources.",
	[LW_V_EXPORT_DATA] =
	    "A constant without arguments is data. Give it an argument, such as the "
	    "request.",
	[LW_V_EXPORT_KIND] = "Stream exports are String -> USize -> USize -> IO UInt8, commands "
			     "String -> IO String; use the call that fits.",
	[LW_V_EXPORT_STATUS] = "The status is the export's own; its author knows what it means.",
	[LW_V_EXCEPTION] = "The message is what the export threw. The worker is as good as before.",
	[LW_V_ROW_MALFORMED] =
	    "The export emitted something that is not an envelope; the offset tells "
	    "where. The worker is as good as before.",
	[LW_V_ROW_TOO_LARGE] = "Emit it in several rows, or raise row_cap.",
	[LW_V_REPLY_MALFORMED] = "The command must answer JSON; the offset tells where it is not.",
	[LW_V_HOLD_LIMIT] =
	    "Raise sinks.hold_bytes, ask for less in one request, or take rows as they "
	    "come. The worker is as good as before.",
	[LW_V_ROW_DECODE] =
	    "The export and the record disagree: the message has the path, what the "
	    "record wants and what came. Correct one of them; the worker is as good "
	    "as before.",
	[LW_V_SUMMARY_DECODE] =
	    "The request succeeded, and only its metadata is not what the record describes: the "
	    "message has the path. Rows that were delivered are good.",
	[LW_V_REPLY_DECODE] =
	    "The text is JSON, and not what the record describes: the message has "
	    "the path, what is wanted and what came.",
	[LW_V_CHILD_NO_MEMORY] =
	    "The worker could not copy a row. Ask for less in one piece, or look "
	    "at its limits.",
	[LW_V_CANCELLED] = "The caller wanted it so.",
	[LW_V_SINK] = "A callback of the application refused; the status is what it returned.",
	[LW_V_METADATA] =
	    "The capability is not the one, or not of the version, that was expected.",
	[LW_V_SESSION_LOST] =
	    "Open the session again, or call lw_worker_cycle where replacement is "
	    "manual.",
	[LW_V_REPLACED] = "The caller wanted it so.",
	[LW_V_OTHER_OPEN] =
	    "A process opens one capability, with one set of imports. Call lw_worker_cycle first, "
	    "use another worker, or leave refuse_other at 0.",
	[LW_V_GAVE_UP] = "Children die again and again. Find the reason in the last of them first; "
			 "then wait, or raise max_deaths.",
	[LW_V_INSPECTION] =
	    "The file must be a shared library for this kind of machine; build it again.",
	[LW_V_TOOLCHAIN_NOT_FOUND] =
	    "Install the toolchain that the project names (elan toolchain install), or name one by "
	    "LEAN_SYSROOT or sysroot. Nothing is downloaded for you.",
	[LW_V_LAKE_NOT_FOUND] =
	    "Use a whole toolchain, as elan installs it: bin/lake belongs to it.",
	[LW_V_PROJECT_NOT_FOUND] =
	    "Let project_root be the folder with lakefile.lean or lakefile.toml.",
	[LW_V_PACKAGE_NOT_FOUND] =
	    "Install leanworker as a whole, or let LEANWORKER_PACKAGE name the folder of its Lake "
	    "package.",
	[LW_V_BUILD_TARGET] = "Name a lean_lib of the project, as its lakefile spells it.",
	[LW_V_BUILD_PACKAGES] =
	    "Run lake update or lake build in the project once, or allow fetching.",
	[LW_V_BUILD_FAILED] = "Mend the first error; `lake build` in the project says the same.",
	[LW_V_BUILD_OUTPUT] =
	    "Build it by hand, lake build LIBRARY:shared, and look what it makes.",
	[LW_V_BUILD_TIMEOUT] =
	    "Raise build_ms, or run lake build in the project first: what is built stays built.",
	[LW_V_INSPECT_TIMEOUT] = "The machine may be overloaded. Raise request_ms.",
	[LW_V_BUG] = "This should not happen. Please report it with this text.",
};

struct text {
	char *at;
	size_t room, size;
};

__attribute__((format(printf, 2, 3))) static void
say(struct text *t, const char *format, ...)
{
	size_t left = t->size < t->room ? t->room - t->size : 0;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(left ? t->at + t->size : NULL, left, format, arguments);
	va_end(arguments);
	if (n > 0)
		t->size += (size_t)n;
}

/* The name of a stream is the child's: what it has of control characters is not for a terminal. */
static void
say_row(struct text *t, const struct lw_error *e)
{
	char stream[sizeof e->stream];

	(void)clean_copy(stream, sizeof stream, e->stream, strlen(e->stream));
	say(t, " %s: stream \"%s\", sequence %llu.",
	    e->has_row == LW_ROW_AT_FAULT ? "At fault" : "The last one", stream,
	    (unsigned long long)e->sequence);
}

static void
say_request(struct text *t, const struct lw_error *e)
{
	if (e->command[0] == '\0')
		return;
	say(t, "Request: export %s, generation %u, %llu ms", e->command, e->generation,
	    (unsigned long long)(e->elapsed_ns / (uint64_t)NS_PER_MS));
	if (e->asked_ns != 0)
		say(t, ", %llu ms of them after it had been asked to stop",
		    (unsigned long long)(e->asked_ns / (uint64_t)NS_PER_MS));
	say(t, "; the last sign of life was %llu ms old.",
	    (unsigned long long)(e->quiet_ns / (uint64_t)NS_PER_MS));
	say(t, " %llu rows were delivered%s.", (unsigned long long)e->rows,
	    e->rows ? ", which are tentative: no terminal success followed" : "");
	if (e->has_row != LW_ROW_NONE)
		say_row(t, e);
	if (!e->work_started)
		say(t, " The child had not read the request: nothing was begun.");
	say(t, "\n");
}

static void
say_exit(struct text *t, const struct lw_error *e)
{
	const struct lw_exit *x = &e->exit;

	if (!x->known)
		return;
	if (x->signal != 0)
		say(t, "Process: ended by signal %d (SIG%s)%s", x->signal,
		    sigabbrev_np(x->signal) ? sigabbrev_np(x->signal) : "?",
		    x->ordered ? ", by the library's order" : "");
	else
		say(t, "Process: exited with status %d", x->code);
	say(t, "; CPU %llu ms, memory at most %llu MiB",
	    (unsigned long long)((x->user_us + x->system_us) / 1000),
	    (unsigned long long)(x->peak_kib / 1024));
	if (x->survivors != 0)
		say(t, "; %u processes that it had started were killed", x->survivors);
	say(t, ".\n");
}

static void
say_fate(struct text *t, const struct lw_error *e)
{
	if (e->code == LW_E_GAVE_UP)
		say(t, "Worker: no child now; another may be started in %u ms.\n", e->retry_ms);
	else if (e->restart != LW_RESTART_NONE)
		say(t, "Worker: the child %s and will be replaced (%s).\n",
		    e->killed ? "was killed" : "is gone", lw_restart_name(e->restart));
	else if (e->generation != 0)
		say(t, "Worker: the child was kept.\n");
}

const char *
lw_verdict_advice(lw_verdict verdict)
{
	return advice[(unsigned)verdict < LW_VERDICT_COUNT ? verdict : LW_V_BUG];
}

size_t
lw_verdict_explain(const struct lw_error *error, char *ret_text, size_t room)
{
	struct text t = { ret_text, room, 0 };
	const struct lw_error *e = error;

	if (room > 0)
		*ret_text = '\0';
	if (e == NULL || !error_is_begun(e))
		return 0;
	say(&t, "%s (%s): %s.\n", lw_verdict_name(e->verdict), lw_code_name(e->code),
	    lw_verdict_text(e->verdict));
	if (e->message[0] != '\0')
		say(&t, "%s\n", e->message);
	say_request(&t, e);
	say_exit(&t, e);
	say_fate(&t, e);
	say(&t, "What to do: %s\n", lw_verdict_advice(e->verdict));
	if (e->log_tail[0] != '\0')
		say(&t, "The end of the log (%llu bytes in all):\n%s\n",
		    (unsigned long long)e->log_bytes, e->log_tail);
	if (room > 0 && t.size >= room) /* a character is not cut in two */
		ret_text[utf8_valid_prefix(ret_text, room - 1)] = '\0';
	return t.size;
}
