/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker: run compiled Lean code in a supervised child process.
 *
 *      lw_capability_load   reads what to run: a shared library with exports, and its manifest
 *      lw_worker_start      starts the child
 *      lw_session_open      loads the capability into it, once
 *      lw_session_stream    runs an export that streams rows; lw_session_call one that answers
 *      lw_worker_cycle      replaces the child: the only reset of its memory
 *      lw_worker_shutdown   ends it and says how
 *
 * Rules that hold everywhere:
 *
 * - A function that can fail returns lw_code and takes a struct lw_error * last, which may be NULL.
 *   LW_OK is 0. On failure *ret_error says what happened, and other outputs are untouched.
 * - Outputs are named ret_. What a call gives out is the caller's, and has a free or clear of its
 *   own; what a callback is given dies when the callback returns.
 * - Structs begin with struct_size; start from their LW_..._INIT. Zero means the default. A struct
 *   of another size is refused with LW_E_MISUSE before anything is done, and an output that is one is
 *   not written: where that is *ret_error itself, the code is all that is said.
 * - Times are milliseconds of CLOCK_MONOTONIC unless the name says otherwise.
 * - A worker, and its session, belong to one thread at a time. Nothing here starts a thread,
 *   installs a signal handler, or reaps a process that is not its worker's. All descriptors are
 *   close-on-exec. After fork(), a copy of a worker in the new process is useless there and harmless
 *   to the original; do not touch it.
 * - Callbacks run on the calling thread, inside the call. They may not call back into the same
 *   worker: such a call returns LW_E_MISUSE, and the closes do nothing. They return: one that is left
 *   by longjmp or an exception leaves its call unfinished, and the worker as above for good.
 *
 * C11 and C++17.
 */
#ifndef LEANWORKER_LEANWORKER_H
#define LEANWORKER_LEANWORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "leanworker/record.h"
#include "leanworker/version.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LW_API __attribute__((visibility("default")))

/*
 * What the LW_..._INIT below expand to: a struct that says its own size, all else zero. In C++ it is
 * an expression and not braces, because C++17 has no designated initialisers and warns about the
 * members that a shorter list leaves out; constexpr, so that a global one is ready before any code.
 */
#ifdef __cplusplus
extern "C++" {
template <typename lw_struct>
constexpr lw_struct
lw_init()
{
	lw_struct made = lw_struct();

	made.struct_size = sizeof(lw_struct);
	return made;
}
}
#define LW_INIT(type) (lw_init<type>())
#else
#define LW_INIT(type)                                                                              \
	{                                                                                          \
		.struct_size = sizeof(type)                                                        \
	}
#endif

/* ---- Version ------------------------------------------------------------------------------- */

/*
 * LW_VERSION of the library that the program runs with; the macro is of the headers that it was compiled
 * with. Thread: any. Never NULL; a constant string.
 */
LW_API const char *lw_version(void);

/* ---- Results ------------------------------------------------------------------------------- */

/*
 * Why a call, a request or a child ended: a closed list. Each verdict belongs to one code, which is
 * what functions return: programs branch on the code, people read the verdict.
 */
/* clang-format off */
#define LW_VERDICTS(X) \
	X(OK,                  OK,          "success") \
	X(MISUSE,              MISUSE,      "the library was called in a way that it does not allow") \
	X(ENCODE,              MISUSE,      "a value of the caller's cannot be written as JSON") \
	X(NO_MEMORY,           SYSTEM,      "this process has no memory") \
	X(SYSTEM_CALL,         SYSTEM,      "a system call failed in this process") \
	X(UNSUPPORTED,         UNSUPPORTED, "this system lacks something that is required") \
	X(MANIFEST,            CAPABILITY,  "the capability's manifest cannot be used") \
	X(CHILD_NOT_FOUND,     SPAWN,       "leanworker-child was not found") \
	X(CHILD_NOT_STARTED,   SPAWN,       "leanworker-child could not be executed") \
	X(CHILD_NOT_CONTAINED, SPAWN,       "the child could not set up its containment") \
	X(WRONG_PROGRAM,       HANDSHAKE,   "the program that was started is not leanworker-child") \
	X(WRONG_VERSION,       HANDSHAKE,   "leanworker-child speaks another version of the protocol") \
	X(EXITED,              DIED,        "the worker process exited") \
	X(SIGNALLED,           DIED,        "a signal ended the worker process") \
	X(KILLED_FROM_OUTSIDE, DIED,        "somebody else killed the worker process") \
	X(OUT_OF_MEMORY,       DIED,        "the kernel killed the worker process because memory ran out") \
	X(MEMORY_LIMIT,        DIED,        "the worker process grew over its memory limit") \
	X(RESOURCE_LIMIT,      DIED,        "the worker process reached a resource limit of the system") \
	X(PANIC,               DIED,        "Lean code panicked") \
	X(LEAN_NO_MEMORY,      DIED,        "Lean's runtime got no memory") \
	X(LEAN_NO_THREAD,      DIED,        "Lean's runtime could not start a thread") \
	X(STACK_OVERFLOW,      DIED,        "Lean code overflowed its stack") \
	X(END_UNKNOWN,         DIED,        "the worker ended and nothing tells how") \
	X(START_TIMEOUT,       TIMEOUT,     "the child did not start in time") \
	X(OPEN_TIMEOUT,        TIMEOUT,     "the capability did not open in time") \
	X(REQUEST_TIMEOUT,     TIMEOUT,     "the request did not end in time") \
	X(FIRST_ROW_TIMEOUT,   TIMEOUT,     "the first row did not come in time") \
	X(IDLE_TIMEOUT,        TIMEOUT,     "the request was silent for too long") \
	X(PROTOCOL,            PROTOCOL,    "the child broke the protocol") \
	X(RUNTIME,             CAPABILITY,  "the capability's runtime cannot be loaded") \
	X(RUNTIME_TOO_OLD,     CAPABILITY,  "the Lean runtime is older than the oldest supported") \
	X(INSPECTION,          CAPABILITY,  "a library could not be inspected") \
	X(CAPABILITY_LOAD,     CAPABILITY,  "the capability cannot be loaded") \
	X(INITIALIZER,         CAPABILITY,  "an initializer of the capability failed") \
	X(IMPORT,              CAPABILITY,  "the session's imports could not be opened") \
	X(EXPORT_UNKNOWN,      EXPORT,      "the capability has no such export") \
	X(EXPORT_DATA,         EXPORT,      "the export is a constant, not a function") \
	X(EXPORT_KIND,         EXPORT,      "the export is of another kind than the call") \
	X(EXPORT_STATUS,       STATUS,      "the export returned a nonzero status") \
	X(EXCEPTION,           EXCEPTION,   "the export threw an error") \
	X(ROW_MALFORMED,       ROW,         "the export emitted something that is not an envelope") \
	X(ROW_TOO_LARGE,       ROW,         "the export emitted more in one piece than the cap") \
	X(REPLY_MALFORMED,     ROW,         "the command answered something that is not JSON") \
	X(HOLD_LIMIT,          ROW,         "the rows to be held until success are more than the bound") \
	X(ROW_DECODE,          DECODE,      "a row does not fit the caller's record") \
	X(SUMMARY_DECODE,      DECODE,      "the metadata does not fit the caller's record") \
	X(REPLY_DECODE,        DECODE,      "the reply does not fit the caller's record") \
	X(CHILD_NO_MEMORY,     SYSTEM,      "the child has no memory for it") \
	X(CANCELLED,           CANCELLED,   "the caller cancelled") \
	X(SINK,                SINK,        "a callback of the caller returned nonzero") \
	X(METADATA,            METADATA,    "the capability's metadata is not what was expected") \
	X(SESSION_LOST,        SESSION,     "the session is not open") \
	X(REPLACED,            SESSION,     "the child was replaced or closed by the caller") \
	X(OTHER_OPEN,          SESSION,     "the child has another capability or other imports open") \
	X(GAVE_UP,             GAVE_UP,     "too many children died; no other is started yet") \
	X(TOOLCHAIN_NOT_FOUND, TOOLCHAIN,   "no Lean toolchain was found") \
	X(LAKE_NOT_FOUND,      TOOLCHAIN,   "the toolchain has no lake") \
	X(PROJECT_NOT_FOUND,   BUILD,       "there is no Lake project") \
	X(PACKAGE_NOT_FOUND,   BUILD,       "the Lake package of leanworker was not found") \
	X(BUILD_TARGET,        BUILD,       "the Lake project has no such library") \
	X(BUILD_PACKAGES,      BUILD,       "packages of the Lake project are not here") \
	X(BUILD_FAILED,        BUILD,       "Lake could not build the library") \
	X(BUILD_OUTPUT,        BUILD,       "what Lake built was not found") \
	X(BUILD_TIMEOUT,       TIMEOUT,     "the build did not end in time") \
	X(INSPECT_TIMEOUT,     TIMEOUT,     "a library was not inspected in time") \
	X(BUG,                 BUG,         "a bug of leanworker; please report it")
/* clang-format on */

/* The codes, in the order of first need; LW_E_... but for LW_OK. */
typedef enum lw_code {
	LW_OK = 0,
	LW_E_MISUSE, /* the caller is wrong; nothing was done */
	LW_E_SYSTEM, /* this process lacks memory or descriptors, or a call of its own failed */
	LW_E_UNSUPPORTED, /* kernel or libc too old; the message names what is missing */
	LW_E_SPAWN,       /* the child program is missing or cannot be executed */
	LW_E_HANDSHAKE,   /* something started, but it is not our child or not our version */
	LW_E_CAPABILITY,  /* manifest, runtime, library or initializer */
	LW_E_EXPORT,      /* unknown, not a function, or of another kind */
	LW_E_STATUS,      /* the export returned a nonzero status; lw_error.status has it */
	LW_E_EXCEPTION,   /* the export threw; the message is its text */
	LW_E_ROW,         /* the export emitted something malformed or too large */
	LW_E_DECODE,      /* it does not fit the caller's record; lw_error.path says where */
	LW_E_METADATA,    /* not what was expected */
	LW_E_SINK,        /* a callback returned nonzero; lw_error.status has it */
	LW_E_CANCELLED,   /* the caller's token was cancelled */
	LW_E_TIMEOUT,     /* a budget ran out */
	LW_E_DIED,        /* the worker process ended by itself or by a stranger */
	LW_E_PROTOCOL,    /* the child was caught lying and was killed */
	LW_E_SESSION,     /* the session is not open */
	LW_E_GAVE_UP,     /* too many deaths; lw_error.retry_ms says when it is tried again */
	LW_E_TOOLCHAIN,   /* no Lean toolchain, or one without Lake */
	LW_E_BUILD,       /* of a Lake project; the message begins with the first error */
	LW_E_BUG          /* ours */
} lw_code;

typedef enum lw_verdict {
#define X(name, code, text) LW_V_##name,
	LW_VERDICTS(X)
#undef X
	/* clang-format off */
	LW_VERDICT_COUNT
	/* clang-format on */
} lw_verdict;

/* The names of codes and verdicts, a verdict's meaning and its code. Thread: any. Never NULL; constant
 * strings: "LW_E_TIMEOUT"; "REQUEST_TIMEOUT"; "the request did not end …". */
LW_API const char *lw_code_name(lw_code code);
LW_API const char *lw_verdict_name(lw_verdict verdict);
LW_API const char *lw_verdict_text(lw_verdict verdict);
LW_API const char *lw_verdict_advice(lw_verdict verdict); /* what to do; whole sentences */
LW_API lw_code lw_verdict_code(lw_verdict verdict);

/* Why a child was replaced, or will be by the next call: a closed list, with names for logs. */
/* clang-format off */
#define LW_RESTARTS(X) \
	X(NONE,            "none") \
	X(EXPLICIT,        "explicit")        /* lw_worker_cycle */ \
	X(CAPABILITY,      "capability")      /* the child had loaded another one */ \
	X(MAX_REQUESTS,    "max_requests")    /* of the restart policy, as the next two */ \
	X(MEMORY_CEILING,  "memory_ceiling") \
	X(IDLE_AGE,        "idle_age") \
	X(MEMORY_LIMIT,    "memory_limit") \
	X(START_FAILED,    "start_failed")    /* it was never ready */ \
	X(OPEN_FAILED,     "open_failed") \
	X(OPEN_TIMEOUT,    "open_timeout") \
	X(REQUEST_TIMEOUT, "request_timeout") \
	X(CANCELLED,       "cancelled")       /* and did not stop in time */ \
	X(SINK,            "sink")            /* likewise */ \
	X(CRASH,           "crash") \
	X(PROTOCOL,        "protocol") \
	X(SYSTEM,          "system")          /* this process lacked memory or the like */
/* clang-format on */

typedef enum lw_restart {
#define X(name, text) LW_RESTART_##name,
	LW_RESTARTS(X)
#undef X
	/* clang-format off */
	LW_RESTART_COUNT
	/* clang-format on */
} lw_restart;

/* The name of a reason, "request_timeout". Thread: any. Never NULL; a constant string. */
LW_API const char *lw_restart_name(lw_restart reason);

/* What held a worker's descendants, strongest first. */
typedef enum lw_containment {
	LW_CONTAINMENT_BEST = 0,               /* as an option: the strongest that works here */
	LW_CONTAINMENT_PID_NAMESPACE = 1,      /* needs CAP_SYS_ADMIN */
	LW_CONTAINMENT_USER_PID_NAMESPACE = 2, /* needs unprivileged user namespaces */
	LW_CONTAINMENT_SUBREAPER = 3           /* works everywhere */
} lw_containment;

/* How a child ended, as its warden saw it. */
struct lw_exit {
	uint8_t known;      /* 0: nothing below is known (yet): the child is still being buried */
	uint8_t ordered;    /* 1: the library had it killed before it ended by itself */
	int code;           /* exit status, or -1 */
	int signal;         /* that ended it, or 0 */
	uint32_t survivors; /* descendants that outlived the worker; killed. 255: that or more */
	lw_containment containment;
	uint64_t user_us, system_us; /* CPU time of the worker process, microseconds */
	uint64_t peak_kib;           /* its peak resident memory */
};

#define LW_LOG_TAIL_SIZE 4096

/* What lw_error.stream and .sequence name. */
enum { LW_ROW_NONE = 0, LW_ROW_AT_FAULT = 1, LW_ROW_LAST = 2 /* delivered before the end */ };

/* Everything that is known about a failure. Fixed size, no pointers: copy and keep it freely. */
struct lw_error {
	size_t struct_size;
	lw_code code;
	lw_verdict verdict;
	uint32_t generation; /* of the child concerned; 0 for none */
	int status;          /* of the export or the sink; errno after LW_E_SYSTEM and LW_E_SPAWN */
	uint8_t has_row;     /* LW_ROW_... */
	uint8_t work_started; /* the child had read the request: side effects are possible */
	uint8_t killed;       /* the library killed the child over it */
	lw_restart restart;   /* why the child will be replaced; LW_RESTART_NONE: it was kept */
	uint32_t retry_ms;    /* after LW_E_GAVE_UP: until another child may be started */
	char message[1024];   /* what, where, what to do; UTF-8, one paragraph */
	char command[256];    /* the export */
	char stream[256];
	uint64_t sequence;
	/* For LW_E_ROW, in what was emitted; for LW_E_DECODE, in the payload, reply or metadata. */
	uint64_t offset;
	char path[256];      /* for LW_E_DECODE: "$.items[3].name" */
	uint64_t rows;       /* delivered before the failure */
	uint64_t elapsed_ns; /* of the request, until the failure */
	uint64_t asked_ns;   /* of it, after the child had been asked to stop; 0: it was not */
	uint64_t quiet_ns;   /* of it, since the last thing that the export emitted */
	struct lw_exit exit;
	uint64_t log_bytes; /* that the child has printed in all; the tail is the end of it */
	/* The end of what the child printed; control characters are replaced. */
	char log_tail[LW_LOG_TAIL_SIZE];
};
#define LW_ERROR_INIT LW_INIT(struct lw_error)

/*
 * Explains a failure to a person: what happened, the evidence, what to do next. Some paragraphs of
 * UTF-8 text, each ended by a newline; cut to fit, always terminated. Empty for NULL, and for an
 * error that did not begin as LW_ERROR_INIT.
 *
 * Thread: any. Answers how many bytes there would be without the cut, as snprintf does.
 */
LW_API size_t lw_verdict_explain(const struct lw_error *error, char *ret_text, size_t room);

/* ---- Records: leanworker/record.h describes them ---------------------------------------------- */

/*
 * The JSON of a record. *ret_json is terminated; lw_free gives it back. Thread: any.
 * Errors: LW_E_MISUSE (ENCODE) names the path of what cannot be written, such as NaN; LW_E_SYSTEM.
 */
LW_API lw_code lw_encode(
    struct lw_input value, char **ret_json, size_t *ret_size, struct lw_error *ret_error);

/*
 * Decodes a text of any source, as rows are. What the struct points to is in *ret_memory, in one
 * block that lw_free gives back; the text may go. Thread: any.
 * Errors: LW_E_DECODE (REPLY_DECODE) with path and offset; LW_E_SYSTEM.
 */
LW_API lw_code lw_decode(const char *json, size_t size, struct lw_output into, void **ret_memory,
    struct lw_error *ret_error);

/*
 * A copy of a record and of all that it points to, in one block for lw_free. NULL without memory, for a
 * record of LW_DECODER, and for a value with more in an array than there is room for.
 */
#define LW_COPY(name, pointer)                                                                     \
	LW_POINTER_(name##_struct *, lw_copy_(name##_record, LW_IN_(name, pointer)))
LW_API void *lw_copy_(lw_record_fn *record, const void *value);
LW_API void lw_free(void *memory); /* what lw_encode, lw_decode, LW_COPY gave; NULL is fine */

/* ---- Time and cancelling -------------------------------------------------------------------- */

#define LW_NO_LIMIT        UINT32_MAX /* a budget without end */
#define LW_LONG_RUNNING_MS 600000u    /* a request budget for work that is known to be long */

/*
 * Budgets in milliseconds. 0 takes the wider scope's: a call's, then the session's, then the
 * worker's, then the number in brackets. Nothing set for a call outlives it.
 *
 * An export that is not done is asked to stop `ask_ms` before its time is over, at most a tenth of
 * the budget before; one that stops keeps its child, and its imports. The rest is killed when the
 * time is over.
 */
struct lw_budgets {
	uint32_t start_ms;     /* spawn and handshake of a child [10 s] */
	uint32_t open_ms;      /* opening a capability in it [10 min] */
	uint32_t request_ms;   /* one request, sinks included [30 s] */
	uint32_t first_row_ms; /* until its first row, without time spent in sinks [no limit] */
	/* Between two rows, diagnostics or progress reports, without time spent in sinks; bytes that
	 * are none of these are no sign of life [no limit] */
	uint32_t idle_ms;
	uint32_t shutdown_ms; /* an orderly end, before the kill [2 s] */
	uint32_t ask_ms;      /* asking ahead of a deadline [100 ms] */
	uint32_t grace_ms;    /* from a cancel, or a sink's refusal, to the kill [100 ms] */
	uint32_t reserved[4]; /* zero */
};

/*
 * What cancels calls. One token may serve any number of calls and workers, one after the other or at
 * once; it stays cancelled until it is reset.
 */
typedef struct lw_cancel_token lw_cancel_token;

/*
 * Makes a token, and frees one.
 *
 * Owns: *ret_token is the caller's, and must outlive every call that was given it. Thread: any.
 */
LW_API lw_code lw_cancel_token_create(lw_cancel_token **ret_token, struct lw_error *ret_error);
LW_API void lw_cancel_token_free(lw_cancel_token **token); /* writes NULL; NULL is fine */

/*
 * Cancels the calls that have the token. Any thread, any number of times; async-signal-safe: one atomic store and one write(2) to
 * an eventfd, errno is kept. Does nothing in a forked copy of the process. NULL is fine.
 */
LW_API void lw_cancel_token_cancel(lw_cancel_token *token);
LW_API int lw_cancel_token_is_cancelled(const lw_cancel_token *token); /* async-signal-safe too */
LW_API void lw_cancel_token_reset(lw_cancel_token *token); /* while no call is using it */

/*
 * How one call may take its time; every blocking call accepts one, or NULL.
 *
 * A cancelled call returns LW_E_CANCELLED. Before the child has read the request nothing was started.
 * Afterwards no other callback is made, the export is asked to stop, and killed after grace_ms; a
 * child that is only starting is killed at once. A request that ends well before it has noticed, and
 * of which nothing was withheld, has succeeded.
 */
struct lw_call_options {
	size_t struct_size;
	struct lw_budgets budgets; /* for this call */
	/* The end of all patience, whatever the budgets: start, open, waiting for another attempt,
	 * request. Nanoseconds of CLOCK_MONOTONIC; 0: none. One that has passed already begins nothing:
	 * START_TIMEOUT, OPEN_TIMEOUT or REQUEST_TIMEOUT, by what the call is for. */
	int64_t deadline_ns;
	lw_cancel_token *cancel; /* NULL: nothing cancels it */
};
#define LW_CALL_OPTIONS_INIT LW_INIT(struct lw_call_options)

/* ---- Capability ---------------------------------------------------------------------------- */

/* What to load. Immutable once loaded; may be shared between threads and workers. */
typedef struct lw_capability lw_capability;

/*
 * Reads a manifest: JSON, with paths relative to its own folder.
 *
 *      {"leanworker_capability": 1, "host": "lean", "library": "libinterop.so",
 *       "dependencies": ["libleanworker_LeanWorker.so"],
 *       "package": "leanworker-fixture", "module": "Interop", "runtime": "libleanshared.so",
 *       "lean_version": "4.30.0"}
 *      {"leanworker_capability": 1, "host": "native", "library": "libcounter.so"}
 *
 * lean_version is the version that it was built with, and optional; a runtime in a toolchain of another
 * version is refused. A lean-rs-capability.json of lean-rs, schema 2, is accepted too.
 *
 * Owns:    *ret_capability is the caller's; lw_capability_free.
 * Blocks:  on the file system. Thread: any.
 * Errors:  LW_E_CAPABILITY (MANIFEST) names the file and the key; LW_E_SYSTEM.
 */
LW_API lw_code lw_capability_load(
    const char *manifest_path, lw_capability **ret_capability, struct lw_error *ret_error);

/* Makes a capability without a file. Strings are copied; paths are taken as they are. */
struct lw_capability_options {
	size_t struct_size;
	const char *host;    /* "lean", or "native" for a library in C: leanworker/guest.h */
	const char *library; /* path of the shared library with the exports */
	/* Of host lean only; else NULL: */
	const char *runtime; /* path of libleanshared.so */
	const char *package; /* Lake package of the root module; NULL for none */
	const char *module;  /* root module: "Interop", "My.«odd name»"; its initializer is run */
	/* Libraries to open first, in order; NULL, or ends with NULL. */
	const char *const *dependencies;
	/* NULL, or what each child that opens the capability imports, as a JSON object: see
	 * lw_capability_with_imports. */
	const char *imports;
	const char *lean_version; /* that it was built with; NULL: unknown */
};
#define LW_CAPABILITY_OPTIONS_INIT LW_INIT(struct lw_capability_options)
LW_API lw_code lw_capability_create(const struct lw_capability_options *options,
    lw_capability **ret_capability, struct lw_error *ret_error);

/*
 * The same capability with an import session: each child that opens it runs the capability's export
 * leanworker_session_open with `imports` once everything is loaded, within open_ms. LeanWorkerLean of
 * the Lake package brings that export; docs/lean-capabilities.md has the members:
 *
 *      {"imports": ["Mathlib.Logic.Basic"], "root": "/path/of/the/workspace"}
 *
 * A process imports once. A session that is opened with other imports than its worker's child has
 * costs that child, as another capability does (LW_RESTART_CAPABILITY), or is refused: refuse_other of the
 * restart policy.
 *
 * Owns:    copies both; *ret_capability is the caller's, lw_capability_free. Thread: any.
 * Errors:  LW_E_MISUSE: not a JSON object, or the capability is not of host lean. What Lean says
 *          comes from lw_session_open: LW_E_CAPABILITY (IMPORT).
 */
LW_API lw_code lw_capability_with_imports(const lw_capability *capability, const char *imports,
    lw_capability **ret_capability, struct lw_error *ret_error);

/* Frees and writes NULL; NULL is fine. Sessions keep what they need. */
LW_API void lw_capability_free(lw_capability **capability);

/* ---- Worker -------------------------------------------------------------------------------- */

/* A supervised child, one generation at a time. */
typedef struct lw_worker lw_worker;

/* What the child wrote to stdout or stderr, as it came: any bytes, not lines, not terminated. */
typedef void (*lw_log_fn)(void *context, uint32_t generation, const char *text, size_t size);

/* One progress report, of an export or of an opening. */
struct lw_progress {
	const char *phase; /* terminated */
	uint64_t current;
	uint64_t total; /* UINT64_MAX: not told */
};

/* How far an opening is. */
typedef void (*lw_open_progress_fn)(
    void *context, uint32_t generation, const struct lw_progress *progress);

/* What follows the end of a child that nobody ordered. */
typedef enum lw_replacement {
	LW_REPLACE_LAZY = 0, /* the next call starts another one */
	LW_REPLACE_EAGER, /* the call that saw the end starts another one, without waiting for it */
	LW_REPLACE_MANUAL /* calls return LW_E_SESSION until lw_worker_cycle */
} lw_replacement;

/*
 * When a child is replaced although it works, and how many may die. A child is replaced between two
 * requests only, but for memory_limit_kib; the call that needs one waits, and tells nothing but
 * `restarted`.
 *
 * Memory is that of the worker process: RssAnon + RssShmem + VmSwap of /proc/PID/status, what it has
 * of its own and not of mapped files. Where it cannot be read nothing is replaced for it, and the
 * statistics count that.
 */
struct lw_restart_policy {
	lw_replacement replacement;
	uint32_t max_requests;       /* that one child may serve; 0: no limit */
	uint32_t max_idle_ms;        /* that one may have waited for work; 0: no limit */
	uint64_t memory_ceiling_kib; /* looked at before each request; 0: no limit */
	uint64_t memory_limit_kib;   /* looked at during requests: it is killed; 0: no limit */
	uint32_t memory_sample_ms;   /* how often; 0: 100 ms */
	/* Deaths that nobody ordered, in any span of window_ms; with more LW_E_GAVE_UP follows until
	 * the oldest is out of the window. 0: 16 in 60 s. max_deaths LW_NO_LIMIT: never. */
	uint32_t max_deaths, window_ms;
	/* A child that dies before it has served anything delays the next: by this, then twice this,
	 * and so on, each time by a random part less; 0: 100 ms, at most 5 s. */
	uint32_t backoff_ms, backoff_max_ms;
	/*
	 * 1: one child more, which opens what the session has open while the worker's child serves, and
	 * follows it when that ends, for whatever reason: ready, or as far as it is. It costs the
	 * memory of a child, and the processor while it opens, which may be during a request.
	 *
	 * It is started at the end of lw_session_open, and later at the end of a call and in
	 * lw_worker_pump, where one is missing; every call drives it further. What becomes of it before
	 * its turn concerns no request: a death counts among max_deaths, and after any failure the next
	 * spare is delayed, as after a child that served nothing. max_requests, max_idle_ms and the
	 * memory limits begin with its turn. A worker with a spare replaces as an eager one does; where
	 * replacement is manual the spare waits for lw_worker_cycle. 0: none.
	 */
	uint32_t spare;
	/* 1: a session of another capability, or with other imports, than the child has open is refused
	 * with LW_E_SESSION (OTHER_OPEN), and lw_worker_cycle comes first. 0: it costs that child. Not
	 * together with a spare. */
	uint32_t refuse_other;
};

/* How a worker is started and kept. */
struct lw_worker_options {
	size_t struct_size;
	/*
	 * The child program. NULL: LEANWORKER_CHILD of the environment (final if set; ignored in
	 * set-user-id programs), beside this program's executable, the libexec folder that was
	 * installed with the shared library, the one that the build named, the build tree. An error
	 * lists every place that was tried.
	 */
	const char *child_path;
	/* NAME=VALUE additions to the child's environment; NULL, or ends with NULL. The rest of it is
	 * an allow-list; see docs/environment.md. */
	const char *const *environment;
	/* NULL, or the prefix of a toolchain: sets LEAN_SYSROOT and LD_LIBRARY_PATH. */
	const char *lean_sysroot;
	struct lw_budgets budgets;
	struct lw_restart_policy restart;
	uint64_t row_cap; /* bytes of one payload, reply or metadata; 0: 64 MiB; at most 4 GiB */
	lw_containment containment; /* exactly this one, or LW_CONTAINMENT_BEST */
	lw_log_fn on_log;           /* NULL: only the tail is kept */
	void *log_context;
	/* NULL, or told how far a child is that imports modules: in lw_session_open, and in any later
	 * call that opens the session again. Not of a spare, before its turn. */
	lw_open_progress_fn on_open_progress;
	void *open_progress_context;
};
#define LW_WORKER_OPTIONS_INIT LW_INIT(struct lw_worker_options)

/*
 * Starts a worker and waits until it has said what it is.
 *
 * Owns:    *ret_worker is the caller's; lw_worker_close. Options may go after the call.
 * Blocks:  up to start_ms. Thread: any; the worker outlives the thread.
 * Errors:  LW_E_SPAWN, LW_E_HANDSHAKE, LW_E_TIMEOUT, LW_E_DIED, LW_E_UNSUPPORTED, LW_E_SYSTEM,
 *          LW_E_MISUSE. Nothing is left behind after an error.
 */
LW_API lw_code lw_worker_start(const struct lw_worker_options *options,
    const struct lw_call_options *call, lw_worker **ret_worker, struct lw_error *ret_error);

/* Changes the worker's budgets from the next call on; 0 fields go back to the built-in ones. */
LW_API lw_code lw_worker_set_budgets(
    lw_worker *worker, const struct lw_budgets *budgets, struct lw_error *ret_error);

/* Asks the child for a sign of life. Blocks up to request_ms. A dead child is replaced first. */
LW_API lw_code lw_worker_health(
    lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error);

/*
 * Replaces the child by a fresh one: the next generation, memory reset. The open session stays open:
 * its next request opens it again, by the same recipe. Works on a dead worker too. Where there is a
 * spare, that is the fresh one, and has opened it.
 *
 * Blocks:  up to shutdown_ms for the old child and start_ms for the new one. With a spare at hand
 *          not for the old one: it is asked to leave, killed after shutdown_ms by whichever call
 *          comes by then, and buried in passing.
 * Errors:  as lw_worker_start; the worker then has no child, and the next call tries again.
 */
LW_API lw_code lw_worker_cycle(
    lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error);

/*
 * A descriptor for between calls, which polls readable when lw_worker_pump has something to do, such as
 * log text, the end of the child, or the burial of an old one. It is the worker's: do not close it,
 * and do not read from it. -1 after shutdown.
 */
LW_API int lw_worker_fd(const lw_worker *worker);

/*
 * Does what is due now, without waiting. *ret_again_ms: call it again after so many milliseconds
 * even if the descriptor is quiet; -1: no need. May be NULL. Optional: every call does the same first.
 */
LW_API lw_code lw_worker_pump(lw_worker *worker, int *ret_again_ms, struct lw_error *ret_error);

/* What a worker is now: its processes, and the child program. Blocks: never. */
struct lw_worker_facts {
	size_t struct_size;
	uint32_t generation; /* of the child, or of the last one */
	pid_t pid;           /* of the worker process, as this process sees it; 0: no child now */
	pid_t warden_pid;
	lw_containment containment;
	uint32_t protocol; /* that both sides speak */
	char build[64];    /* version of leanworker-child */
	char child_path[1024];
	uint32_t spare_generation; /* 0: there is no spare now */
	pid_t spare_pid;           /* 0: none, or it has only been begun */
	uint8_t spare_ready;       /* 1: it has opened what the session has open */
};
#define LW_WORKER_FACTS_INIT LW_INIT(struct lw_worker_facts)
LW_API lw_code lw_worker_facts(lw_worker *worker, struct lw_worker_facts *ret_facts);

/* Times of one kind, over a worker's life. */
#define LW_HISTOGRAM_BUCKETS 40
struct lw_histogram {
	uint64_t count, sum_ns, max_ns;
	/* bucket[0]: below 1 us; bucket[i]: from 2^(i-1) to below 2^i us; the last: and above */
	uint64_t bucket[LW_HISTOGRAM_BUCKETS];
};
/*
 * An upper bound of the time that this share (0 to 1) of them took, in ns; 0: there were none, or
 * histogram is NULL. A share below 0 counts as 0; one above 1, or that is no number, as 1.
 */
LW_API uint64_t lw_histogram_quantile(const struct lw_histogram *histogram, double share);

/* Counters over all generations of a worker. Blocks: never. */
struct lw_worker_statistics {
	size_t struct_size;
	uint32_t generations;         /* children started, spares among them */
	uint32_t unburied;            /* leaving, dying or dead, not yet reaped */
	uint64_t requests, successes; /* streams and commands */
	uint64_t repeated;            /* asked again: the child had died without reading it */
	uint64_t failures[LW_VERDICT_COUNT];    /* requests by their verdict */
	uint64_t deaths;                        /* that nobody ordered */
	uint64_t restarts[LW_RESTART_COUNT];    /* by reason; of a spare, with its turn */
	uint64_t handovers;                     /* spares whose turn came, ready or not */
	uint64_t spare_failures;                /* that ended before it, or were not to be had */
	uint64_t opens;                         /* of capabilities, again and again */
	uint64_t rows, row_bytes;               /* delivered */
	uint64_t log_bytes;                     /* that children printed */
	uint64_t memory_samples, memory_misses; /* taken; not to be had */
	uint64_t memory_kib, memory_peak_kib;   /* the last sample; the highest */
	uint64_t
	    spare_kib; /* of the spare, when it was ready and with each sample since; 0: none */
	struct lw_histogram spawn;     /* start of a child to its HELLO */
	struct lw_histogram open;      /* OPEN to OPENED */
	struct lw_histogram request;   /* the call of a request, sinks included */
	struct lw_histogram first_row; /* from its begin */
	struct lw_histogram recovery;  /* an end nobody ordered to the next success */
	/* A child's end, or the order to replace it, until the spare in its place could serve. */
	struct lw_histogram handover;
	uint64_t lane_waits; /* of children whose rows came faster than they were taken */
};
#define LW_WORKER_STATISTICS_INIT LW_INIT(struct lw_worker_statistics)
LW_API lw_code lw_worker_statistics(lw_worker *worker, struct lw_worker_statistics *ret_statistics);

/* How an ordered end went. */
typedef enum lw_shutdown_outcome {
	LW_SHUTDOWN_ORDERLY,      /* it said goodbye and exited with status 0 */
	LW_SHUTDOWN_ALREADY_DEAD, /* there was nothing to end */
	LW_SHUTDOWN_DIED,         /* it was asked, and ended in another way than with a goodbye */
	LW_SHUTDOWN_KILLED,       /* it did not end within shutdown_ms */
	LW_SHUTDOWN_PROTOCOL      /* it broke the protocol while it was asked, and was killed */
} lw_shutdown_outcome;

/* How a worker ended, and what it left. */
struct lw_shutdown_report {
	size_t struct_size;
	lw_shutdown_outcome outcome;
	struct lw_exit exit;  /* .survivors, .containment: of its descendants */
	uint64_t elapsed_ns;  /* of the whole */
	uint64_t asked_ns;    /* of it, until the child had ended or was killed */
	uint32_t generations; /* children in this worker's life */
	uint32_t unreaped;    /* that the kernel could not end in time, and ends when it can */
};
#define LW_SHUTDOWN_REPORT_INIT LW_INIT(struct lw_shutdown_report)

/*
 * Ends the child in an orderly way, or kills it after shutdown_ms, and waits until it and every
 * descendant are gone; a spare likewise and at the same time, but the report is of the child. The
 * worker stays: only facts, statistics and close are of use then, other calls return LW_E_MISUSE.
 * ret_report may be NULL.
 */
LW_API lw_code lw_worker_shutdown(
    lw_worker *worker, struct lw_shutdown_report *ret_report, struct lw_error *ret_error);

/*
 * Kills the child and the spare if shutdown has not ended them, waits until they and every
 * descendant are gone (at most 5 s: a process that the kernel cannot kill is left to it), frees the
 * worker and writes NULL. NULL is fine. Sessions of the worker must have been closed, or are useless
 * from here on.
 */
LW_API void lw_worker_close(lw_worker **worker);

/* ---- Session ------------------------------------------------------------------------------- */

/* A capability, open in a worker. A worker has one session at a time. */
typedef struct lw_session lw_session;

/*
 * Loads the capability into the worker's child. A child can load one capability in its life; where
 * it has loaded another one, it is replaced first.
 *
 * Owns:    *ret_session is the caller's; lw_session_close. The capability may be freed.
 * Blocks:  up to open_ms, and start_ms where a child must be started.
 * Errors:  LW_E_CAPABILITY, LW_E_TIMEOUT, LW_E_DIED, LW_E_PROTOCOL, those of lw_worker_start;
 *          LW_E_MISUSE when the worker has an open session.
 */
LW_API lw_code lw_session_open(lw_worker *worker, const lw_capability *capability,
    const struct lw_call_options *call, lw_session **ret_session, struct lw_error *ret_error);

/* Budgets for the calls of this session, over the worker's; 0 fields: the worker's. */
LW_API lw_code lw_session_set_budgets(
    lw_session *session, const struct lw_budgets *budgets, struct lw_error *ret_error);

/* What a session runs on: host, runtime, the live version of Lean. Blocks: never. */
struct lw_session_facts {
	size_t struct_size;
	uint32_t generation; /* of the child in which it is open; 0: opened when needed */
	char host[32];
	char runtime[128];     /* in use, by its own name: "Lean", …; or a native capability's */
	char lean_version[64]; /* live: what the runtime itself says; "" without Lean */
	char warning[256];     /* "" or why this combination is not fully supported */
};
#define LW_SESSION_FACTS_INIT LW_INIT(struct lw_session_facts)
LW_API lw_code lw_session_facts(const lw_session *session, struct lw_session_facts *ret_facts);

/* One row. Tentative until the request has succeeded; buffer what must be committed whole. */
struct lw_row {
	const char *stream;  /* terminated */
	uint64_t sequence;   /* counts from 0 per stream and request */
	const char *payload; /* JSON, checked; not terminated */
	size_t payload_size;
	uint32_t generation; /* of the child that sent it */
};

/* An observation that an export reports beside its rows. */
struct lw_diagnostic {
	const char *code, *message; /* terminated */
};

/*
 * Where a request's events go, on the calling thread, in the order in which the export sent them.
 * Any callback may be NULL. One that returns nonzero ends the request with LW_E_SINK: no further
 * callback is made, the child is asked to stop, and is kept if it does so in time.
 */
struct lw_sinks {
	size_t struct_size;
	void *context; /* given to each callback */
	int (*on_row)(void *context, const struct lw_row *row);
	int (*on_diagnostic)(void *context, const struct lw_diagnostic *diagnostic);
	int (*on_progress)(void *context, const struct lw_progress *progress);
	int (*on_metadata)(void *context, const char *json, size_t size); /* after success only */
	/*
	 * Streams whose rows are decoded, by LW_ROWS; on_row gets those of the others. Without on_row
	 * a row of another stream ends the request, as one that does not fit its record:
	 * LW_E_DECODE, the child is asked to stop, and is kept if it does so in time.
	 */
	const struct lw_rows *rows;
	size_t rows_count;
	size_t decoded_max; /* bytes that one decoded row may take beside its text; 0: 256 MiB */
	/*
	 * Commit after success: rows are checked as they come, kept, and handed over once the request
	 * has succeeded, in their order, whatever time that takes; a callback that refuses then has
	 * had the rows before. Payloads, and 24 bytes for each, beyond this end the request with
	 * LW_E_ROW (HOLD_LIMIT). 0: rows are handed over at once, and tentative.
	 */
	size_t hold_bytes;
};
#define LW_SINKS_INIT LW_INIT(struct lw_sinks)
/* Sets rows and rows_count to an array, not a pointer, that outlives the call. */
#define LW_SINKS_ROWS(sinks, array)                                                                \
	((sinks)->rows = (array), (sinks)->rows_count = sizeof(array) / sizeof((array)[0]))

/* How many rows one stream of a request had. */
struct lw_stream_count {
	char *stream;
	uint64_t rows;
};

/* What a success carries. lw_summary_clear gives its memory back. */
struct lw_summary {
	size_t struct_size;
	uint64_t rows; /* delivered: counted here, and equal to what the child stated */
	struct lw_stream_count *streams; /* in the order of first use */
	size_t stream_count;
	uint64_t elapsed_ns; /* in the child */
	char *metadata;      /* JSON, terminated; NULL: the export sent none */
	size_t metadata_size;
	/* Set before the call: LW_INTO a struct that the metadata is decoded to. None, or one that does
	 * not fit, is LW_E_DECODE then; rows have been handed over, but for held ones. */
	struct lw_output into;
	void *memory;        /* what the decoded struct points to */
	uint32_t generation; /* that served the request */
	/* Why this call had to start that child, or to take the spare; LW_RESTART_NONE: it had not. */
	lw_restart restarted;
	pid_t pid;
};
#define LW_SUMMARY_INIT LW_INIT(struct lw_summary)
/* Gives the memory back; of one that is used again, before each call. `into` stays. */
LW_API void lw_summary_clear(struct lw_summary *summary);

/*
 * Runs a streaming export: String -> USize -> USize -> IO UInt8.
 *
 * request:     what the export is given: LW_VALUE, lw_text or lw_bytes; UTF-8. Not changed, not kept.
 * sinks:       may be NULL.
 * ret_summary: may be NULL; else the caller's, lw_summary_clear.
 * call:        budgets, deadline, cancel token; may be NULL.
 * Blocks:  up to request_ms, sinks included but for rows that were held; first the time of re-opening where the child was
 *          replaced since the last request.
 * Errors:  LW_E_EXPORT, LW_E_STATUS, LW_E_EXCEPTION, LW_E_ROW: the child is healthy and stays. After
 *          LW_E_SINK, LW_E_DECODE, LW_E_CANCELLED and LW_E_TIMEOUT it stays if it stopped when asked;
 *          .killed tells. LW_E_DIED, LW_E_PROTOCOL: it is gone or going, and the next request starts the
 *          next generation. LW_E_GAVE_UP: nothing was started.
 */
LW_API lw_code lw_session_stream(lw_session *session, const char *export_name,
    struct lw_input request, const struct lw_sinks *sinks, const struct lw_call_options *call,
    struct lw_summary *ret_summary, struct lw_error *ret_error);

/* The text that a command answered: JSON, checked, terminated. lw_reply_clear gives it back. */
struct lw_reply {
	size_t struct_size;
	char *text;
	size_t size;
	uint64_t elapsed_ns; /* in the child */
	uint32_t generation;
	lw_restart restarted;  /* as in lw_summary */
	struct lw_output into; /* set before the call, as in lw_summary */
	void *memory;
};
#define LW_REPLY_INIT LW_INIT(struct lw_reply)
LW_API void lw_reply_clear(struct lw_reply *reply); /* as lw_summary_clear */

/* Runs a JSON command: String -> IO String. As lw_session_stream, but for the sinks; ret_reply is needed. */
LW_API lw_code lw_session_call(lw_session *session, const char *export_name,
    struct lw_input request, const struct lw_call_options *call, struct lw_reply *ret_reply,
    struct lw_error *ret_error);

/* Forgets the session and writes NULL; NULL is fine. The child keeps the capability loaded. */
LW_API void lw_session_close(lw_session **session);

/* ---- Bindings ------------------------------------------------------------------------------ */

/*
 * sizeof(struct NAME) in this library, for a binding that describes the structs in its own language
 * and wants to know whether they still are so. name: "lw_error", or another struct of this header,
 * of capability.h or of metadata.h; 0 for any other, and for NULL. Thread: any.
 */
LW_API size_t lw_struct_size(const char *name);

#ifdef __cplusplus
}
#endif

#endif
