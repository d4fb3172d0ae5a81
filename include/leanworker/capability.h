/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker: from a Lake project to a capability. None of it is needed to run one that has been built:
 * lw_capability_load reads its manifest, and asks neither Lake nor elan.
 *
 *      lw_toolchain_find       finds a Lean toolchain that is already here
 *      lw_build                lets Lake build a library, and writes the manifest of it
 *      lw_capability_exports   what a capability exports, read from its file and not declared by hand
 *      lw_open                 all the way from a project's folder to an open session
 *      lw_capability_check     what would be in that way
 *
 * The rules of leanworker/leanworker.h hold. docs/toolchains.md says more.
 */
#ifndef LEANWORKER_CAPABILITY_H
#define LEANWORKER_CAPABILITY_H

#include "leanworker/leanworker.h"
#include "leanworker/metadata.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Toolchain ----------------------------------------------------------------------------- */

/* What named the toolchain that was found. */
typedef enum lw_toolchain_source {
	LW_TOOLCHAIN_EXPLICIT = 0, /* the sysroot of the options */
	LW_TOOLCHAIN_ENVIRONMENT,  /* LEAN_SYSROOT */
	LW_TOOLCHAIN_PROJECT,      /* ELAN_TOOLCHAIN, or a lean-toolchain file */
	LW_TOOLCHAIN_PATH,         /* a lean on the PATH that is no proxy of elan's */
	LW_TOOLCHAIN_DEFAULT       /* the default of elan, whose proxy is on the PATH */
} lw_toolchain_source;

/* Where a toolchain is looked for. */
struct lw_toolchain_options {
	size_t struct_size;
	const char *sysroot; /* this one and no other; NULL: it is looked for */
	const char
	    *project_root; /* whose lean-toolchain, or one of a folder above, counts; NULL: none */
	/* Each place that was looked at, and what was found there, also when a toolchain is found. */
	void (*on_probe)(void *context, const char *place, const char *path, const char *result);
	void *context;
};
#define LW_TOOLCHAIN_OPTIONS_INIT LW_INIT(struct lw_toolchain_options)

/* A toolchain that was found. */
struct lw_toolchain {
	size_t struct_size;
	lw_toolchain_source source;
	char sysroot[1024]; /* absolute, without symbolic links */
	char runtime[1024]; /* its libleanshared.so */
	char version[64];   /* "4.30.0"; "" where nothing in it tells */
	char warning
	    [256]; /* "" or why this toolchain is not fully supported, or not the wanted one */
};
#define LW_TOOLCHAIN_INIT LW_INIT(struct lw_toolchain)

/*
 * Finds a Lean toolchain among those that are on this machine. Nothing is executed, and so nothing
 * downloaded: of elan only its folder is read. In this order:
 *
 *  1. options.sysroot, final where given.
 *  2. LEAN_SYSROOT, likewise.
 *  3. ELAN_TOOLCHAIN, else the nearest lean-toolchain from project_root upwards, among the toolchains
 *     that elan has installed or linked (ELAN_HOME, else ~/.elan), or as a path.
 *  4. `lean` on the PATH: where that is elan's proxy, elan's default toolchain, else the toolchain
 *     around it; refused where the project wants another version.
 *
 * options:       NULL for none.
 * ret_toolchain: begins as LW_TOOLCHAIN_INIT.
 * Blocks:  on the file system. Thread: any.
 * Errors:  LW_E_TOOLCHAIN (TOOLCHAIN_NOT_FOUND) lists every place and what was found there;
 *          LW_E_CAPABILITY (RUNTIME_TOO_OLD); LW_E_MISUSE.
 */
LW_API lw_code lw_toolchain_find(const struct lw_toolchain_options *options,
    struct lw_toolchain *ret_toolchain, struct lw_error *ret_error);

/* ---- Build --------------------------------------------------------------------------------- */

/* What is built, with what, and for how long. */
struct lw_build_options {
	size_t struct_size;
	const char *project_root; /* the folder with lakefile.lean or lakefile.toml */
	/* A lean_lib of it, or of a package that it requires. NULL: LeanWorkerLean, of the Lake package that
	 * was installed with this library, which imports modules and inspects them; it is built in
	 * $XDG_CACHE_HOME/leanworker, else ~/.cache/leanworker, with the project's toolchain. The project
	 * itself is neither built nor changed then, and project_root may be NULL. */
	const char *library;
	const char *module;  /* its root module; NULL: the library's name, as in Lake */
	const char *sysroot; /* of the toolchain; NULL: lw_toolchain_find with the project's root */
	/* Where the manifest is written; NULL: .lake/build/leanworker/LIBRARY.capability.json. Its folder
	 * must exist, unless it is this one. */
	const char *manifest;
	const char *child_path; /* as in lw_worker_options */
	uint32_t build_ms;      /* for all of it [10 min]; LW_NO_LIMIT */
	uint8_t always;         /* 1: ask Lake although nothing has changed */
	/* 1: let Lake fetch packages that the project names and does not have yet. Else that is an error. */
	uint8_t allow_fetch;
	lw_cancel_token *cancel; /* NULL: nothing cancels it */
	/* What Lake says it has done; total UINT64_MAX: not told. May be NULL. */
	void (*on_progress)(void *context, const struct lw_progress *progress);
	/* What Lake and the compiler print, as it comes: any bytes, not terminated. May be NULL. */
	void (*on_log)(void *context, const char *text, size_t size);
	void (*on_probe)(void *context, const char *place, const char *path, const char *result);
	void *context;
};
#define LW_BUILD_OPTIONS_INIT LW_INIT(struct lw_build_options)

/* What was built. */
struct lw_build {
	size_t struct_size;
	char manifest[1024]; /* lw_capability_load reads it */
	char library[1024];  /* the shared library; what it needs is in the manifest */
	size_t dependencies; /* how many other libraries it needs */
	struct lw_toolchain toolchain;
	uint8_t up_to_date; /* nothing had changed; Lake was not asked */
	char reason[256];   /* else: why Lake was asked */
	uint64_t elapsed_ns;
};
#define LW_BUILD_INIT LW_INIT(struct lw_build)

/*
 * Builds the shared library of a library of a Lake project, finds the shared libraries that it needs
 * among those of the project's packages, and writes a manifest in which the paths are relative to its
 * own folder, so that the project may be moved with it; only the runtime's is absolute.
 *
 * One build of a project runs at a time, over all processes; others wait. Where neither the sources, nor
 * the toolchain, nor what was built has changed since, Lake is not asked.
 *
 * ret_build: begins as LW_BUILD_INIT.
 * Blocks:  up to build_ms. Lake and all that it starts have ended when this returns. Thread: any.
 * Errors:  LW_E_TOOLCHAIN: no toolchain, or none with Lake. LW_E_BUILD: no project
 *          (PROJECT_NOT_FOUND), no such library (BUILD_TARGET), packages that are not here
 *          (BUILD_PACKAGES), the build failed, with its first error (BUILD_FAILED), or what it made was not
 *          found (BUILD_OUTPUT). LW_E_TIMEOUT (BUILD_TIMEOUT), LW_E_CANCELLED, LW_E_SPAWN, LW_E_SYSTEM.
 *          .log_tail is the end of what was printed.
 */
LW_API lw_code lw_build(
    const struct lw_build_options *options, struct lw_build *ret_build, struct lw_error *ret_error);

/* ---- Exports ------------------------------------------------------------------------------- */

/* What an exported symbol is. */
typedef enum lw_symbol_kind {
	LW_SYMBOL_OTHER = 0,
	LW_SYMBOL_FUNCTION,
	LW_SYMBOL_DATA /* such as a definition without parameters: not callable */
} lw_symbol_kind;

/* One exported symbol. */
struct lw_export {
	char *name;
	lw_symbol_kind kind;
	/* 1: the compiler made this name, of a definition or for itself; 0: somebody chose it, by @[export]
	 * or in C */
	uint8_t generated;
};

/* What a shared library says of itself. */
struct lw_exports {
	size_t struct_size;
	struct lw_export *exports; /* by name */
	size_t export_count;
	char **undefined; /* names that others must define; by name */
	size_t undefined_count;
	char **needed; /* libraries that it names */
	size_t needed_count;
	char machine[16];   /* "x86-64", "aarch64" */
	char build_id[136]; /* hexadecimal; "" for none */
	uint64_t size;      /* of the file, in bytes */
};
#define LW_EXPORTS_INIT LW_INIT(struct lw_exports)
LW_API void lw_exports_clear(struct lw_exports *exports);

/*
 * Reads what the capability's library exports. The file is never opened as a library, and it is read in a
 * process of its own: nothing of it runs, and nothing in it can harm this process. Of a capability in C this
 * is only its table, whose content an open worker knows.
 *
 * child_path: as in lw_worker_options; NULL: looked for.
 * call:       request_ms [10 s], the deadline and the cancel token count; may be NULL.
 * Owns:       *ret_exports, which begins as LW_EXPORTS_INIT, is the caller's; lw_exports_clear.
 * Blocks:     up to request_ms. Thread: any.
 * Errors:     LW_E_CAPABILITY (INSPECTION) says what is wrong with the file; LW_E_TIMEOUT, LW_E_CANCELLED,
 *             LW_E_SPAWN, LW_E_SYSTEM.
 */
LW_API lw_code lw_capability_exports(const lw_capability *capability, const char *child_path,
    const struct lw_call_options *call, struct lw_exports *ret_exports, struct lw_error *ret_error);

/* Reads what any shared library exports, as lw_capability_exports does. */
LW_API lw_code lw_library_exports(const char *library, const char *child_path,
    const struct lw_call_options *call, struct lw_exports *ret_exports, struct lw_error *ret_error);

/*
 * The symbol that a request means by this name: the export of that name, whatever its kind, else the only
 * function that ends in "_" and the name and begins, up to there, as at least half of the library's do:
 * "declarations" finds "my_library_declarations" where most begin with "my_library_". Names that the compiler
 * made, and leanworker_session_..., do not count. Requests of Lean capabilities follow the same rule, and
 * refuse data. *ret_export belongs to the exports.
 *
 * Errors: LW_E_EXPORT lists the candidates.
 */
LW_API lw_code lw_exports_find(const struct lw_exports *exports, const char *name,
    const struct lw_export **ret_export, struct lw_error *ret_error);

/* ---- Opening ------------------------------------------------------------------------------- */

/* The steps of lw_open, in their order. */
/* clang-format off */
#define LW_STEPS(X) \
	X(CHECK,    "check")    /* what can be seen without starting anything */ \
	X(BUILD,    "build")    /* lw_build */ \
	X(LOAD,     "load")     /* lw_capability_load */ \
	X(START,    "start")    /* lw_worker_start */ \
	X(HEALTH,   "health")   /* lw_worker_health */ \
	X(OPEN,     "open")     /* lw_session_open, with its imports */ \
	X(METADATA, "metadata") /* lw_session_expect_metadata */
/* clang-format on */

typedef enum lw_step {
#define X(name, text) LW_STEP_##name,
	LW_STEPS(X)
#undef X
	/* clang-format off */
	LW_STEP_COUNT
	/* clang-format on */
} lw_step;

/* The name of a step: "check", …. Thread: any. Never NULL; a constant string. */
LW_API const char *lw_step_name(lw_step step);

/* What lw_open is to open, and how. */
struct lw_open_options {
	size_t struct_size;
	/* What to run, one of the two: a library of a Lake project, which is built where something has
	 * changed, or the manifest of a capability that was built before. */
	const struct lw_build_options *build;
	const char *manifest;
	/* Modules that each child imports; NULL, or ends with NULL. NULL: there is no import session. */
	const char *const *imports;
	const char
	    *import_root; /* the Lake workspace that they are of; NULL: build's project_root */
	const char *import_level; /* "private", "server" or "exported"; NULL: "private" */
	/* May be NULL. child_path counts for the build too; lean_sysroot NULL: the toolchain that the
	 * capability's runtime is in. */
	const struct lw_worker_options *worker;
	const char *metadata_export;           /* asked once, with the request "{}"; NULL: none */
	const struct lw_expectation *expected; /* of its answer; NULL: only its form */
	/* Told before each step. May be NULL. */
	void (*on_step)(void *context, lw_step step);
	void *context;
};
#define LW_OPEN_OPTIONS_INIT LW_INIT(struct lw_open_options)

/* An open session, its worker, and what it took. */
struct lw_opened {
	size_t struct_size;
	lw_worker *worker;
	lw_session *session;
	struct lw_build build;           /* struct_size 0: nothing was to be built */
	uint64_t step_ns[LW_STEP_COUNT]; /* 0: there was no such step */
	uint64_t elapsed_ns;
};
#define LW_OPENED_INIT LW_INIT(struct lw_opened)
/* Closes both. The caller may also take them out, and write NULL. */
LW_API void lw_opened_close(struct lw_opened *opened);

/*
 * Opens a session, from a project or a manifest: looks at everything that can be seen without starting
 * anything, builds, loads, starts a worker and asks it for a sign of life, opens the session once, and
 * asks for its metadata. What an option does not say has the default of the call that it is for.
 *
 * call:    budgets, deadline and cancel token of all steps; may be NULL.
 * Owns:    *ret_opened, which begins as LW_OPENED_INIT, is the caller's; lw_opened_close.
 * Blocks:  up to build_ms, then start_ms, request_ms, open_ms and request_ms. Thread: any.
 * Errors:  those of the calls that LW_STEPS names; on_step tells which it was. The check finds some of
 *          them earlier, and says the first. Nothing is left behind but what was built.
 */
LW_API lw_code lw_open(const struct lw_open_options *options, const struct lw_call_options *call,
    struct lw_opened *ret_opened, struct lw_error *ret_error);

/* ---- Checking ------------------------------------------------------------------------------ */

/* One thing that a check has looked at. */
struct lw_check_finding {
	lw_severity severity;
	const char *code;   /* what it is about: "toolchain", "child", …; constant */
	lw_verdict verdict; /* of an error: what lw_open would end with; else LW_V_OK */
	char *subject;      /* a path, a module, …; "" for none */
	char *message;      /* what was found */
	char *advice;       /* what to do; "" where nothing is */
};

/* What a check has found. */
struct lw_check_report {
	size_t struct_size;
	struct lw_check_finding *findings; /* in the order of the steps */
	size_t finding_count;
	uint64_t step_ns[LW_STEP_COUNT]; /* as in lw_opened */
};
#define LW_CHECK_REPORT_INIT LW_INIT(struct lw_check_report)
LW_API void lw_check_report_clear(struct lw_check_report *report);

/*
 * Looks at everything that lw_open with these options would need, and tells all that it finds, good or
 * bad; it goes on behind a failure wherever that makes sense. quick: only what can be seen without
 * starting a process. Else, unless that has found an error, it then opens a session and closes it. A
 * report with errors in it is a success of this call: lw_check_verdict.
 *
 * Owns:    *ret_report, which begins as LW_CHECK_REPORT_INIT, is the caller's; lw_check_report_clear.
 * Blocks:  as lw_open; quick: on the file system. Thread: any.
 * Errors:  LW_E_MISUSE, LW_E_SYSTEM (NO_MEMORY).
 */
LW_API lw_code lw_capability_check(const struct lw_open_options *options, int quick,
    const struct lw_call_options *call, struct lw_check_report *ret_report,
    struct lw_error *ret_error);

/* The worst finding's severity. */
LW_API lw_severity lw_check_verdict(const struct lw_check_report *report);

#ifdef __cplusplus
}
#endif

#endif
