/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a capability says of itself: which commands it has, in which versions, and how it is.
 *
 * Both are JSON commands that the capability's author writes (String -> IO String). What the worker
 * is (protocol, child, runtime, the live version of Lean) they cannot tell and are not asked:
 * lw_worker_facts and lw_session_facts have that, at first hand.
 *
 * Opening a session runs neither.
 */
#ifndef LEANWORKER_METADATA_H
#define LEANWORKER_METADATA_H

#include "leanworker/leanworker.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Metadata -------------------------------------------------------------------------------- */

/* A command or a capability, and its version. */
struct lw_named_version {
	const char *name, *version;
};

/*
 * The answer of a metadata export:
 *
 *      {"commands": [{"name": "scan", "version": "1.2.0"}],
 *       "capabilities": [{"name": "declarations", "version": "2.0.0"}],
 *       "lean_version": "4.30.0", "extra": {…}}
 *
 * Both arrays are required; names are not empty, and no two in an array are equal. Other keys are
 * allowed, and found in `json` only.
 */
struct lw_metadata {
	size_t struct_size;
	const struct lw_named_version *commands;
	size_t command_count;
	const struct lw_named_version *capabilities;
	size_t capability_count;
	const char *lean_version; /* that it was built with, as it says; NULL: it does not */
	struct lw_json extra;     /* size 0: none */
	char *json;               /* the whole answer; terminated */
	size_t json_size;
	uint32_t generation; /* of the child that answered */
	void *memory;        /* what the pointers above lead to */
};
#define LW_METADATA_INIT LW_INIT(struct lw_metadata)
LW_API void lw_metadata_clear(struct lw_metadata *metadata);

/*
 * Asks a capability for its metadata. As lw_session_call.
 *
 * request: what the export is given; lw_text("{}") is usual.
 * Errors:  those of lw_session_call; LW_E_DECODE where the answer is not of that form; LW_E_METADATA
 *          for a name that is empty or comes twice.
 */
LW_API lw_code lw_session_metadata(lw_session *session, const char *export_name,
    struct lw_input request, const struct lw_call_options *call, struct lw_metadata *ret_metadata,
    struct lw_error *ret_error);

/*
 * A command or capability that must be there, and its versions: at_least <= version < below, either
 * may be NULL. Versions are ordered as Semantic Versioning does ("1.2.0-rc1" is before "1.2.0"), with
 * a "v" in front or not, and with one to four numbers: "1.2" is "1.2.0".
 */
struct lw_version_range {
	const char *name;
	const char *at_least, *below;
};

/* What a program relies on. Every part that is set must hold. */
struct lw_expectation {
	size_t struct_size;
	const char *equals; /* JSON: the whole answer has this value */
	/* JSON: it has at least this. Of an object each member, of an array each element must be found,
	 * by the same rule; everything else must be equal. */
	const char *includes;
	const struct lw_version_range *commands;
	size_t command_count;
	const struct lw_version_range *capabilities;
	size_t capability_count;
	struct lw_version_range lean; /* of lean_version; its name is not looked at */
};
#define LW_EXPECTATION_INIT LW_INIT(struct lw_expectation)

/* Compares: LW_OK, or LW_E_METADATA that names the first thing that differs. Thread: any. */
LW_API lw_code lw_metadata_check(const struct lw_metadata *metadata,
    const struct lw_expectation *expected, struct lw_error *ret_error);

/*
 * Asks for metadata with the request "{}", and compares it: for use right after opening. What was found and accepted is
 * kept with the session. A later generation loads the same file and is not asked again; where that
 * file may be replaced meanwhile, ask again when lw_summary.restarted says so. expected may be NULL.
 */
LW_API lw_code lw_session_expect_metadata(lw_session *session, const char *export_name,
    const struct lw_expectation *expected, const struct lw_call_options *call,
    struct lw_error *ret_error);

/* What was accepted last, or NULL. It is the session's, until it is closed or expects anew. */
LW_API const struct lw_metadata *lw_session_expected_metadata(const lw_session *session);

/* ---- Doctor ---------------------------------------------------------------------------------- */

/* How bad a finding is. */
typedef enum lw_severity { LW_SEVERITY_PASS, LW_SEVERITY_WARNING, LW_SEVERITY_ERROR } lw_severity;

/* The name of a severity: "pass", …. Thread: any. Never NULL; a constant string. */
LW_API const char *lw_severity_name(lw_severity severity);

/* One finding of a doctor. */
struct lw_finding {
	lw_severity severity;
	const char *code, *message;
	struct lw_json details; /* size 0: none */
};

/*
 * The answer of a doctor export:
 *
 *      {"diagnostics": [{"severity": "pass", "code": "toolchain", "message": "…", "details": …}],
 *       "metadata": …}
 *
 * severity is "pass", "warning" or "error"; details and metadata may be absent.
 */
struct lw_doctor_report {
	size_t struct_size;
	const struct lw_finding *findings;
	size_t finding_count;
	struct lw_json metadata; /* size 0: none */
	char *json;              /* the whole answer; terminated */
	size_t json_size;
	uint32_t generation;
	void *memory;
};
#define LW_DOCTOR_REPORT_INIT LW_INIT(struct lw_doctor_report)
LW_API void lw_doctor_report_clear(struct lw_doctor_report *report);

/*
 * Asks a capability how it is. It may be slow and look at its surroundings, so nothing but this call ever does it. A report
 * with errors in it is a success: the caller judges. As lw_session_call.
 * Errors:  those of lw_session_call; LW_E_DECODE where the answer is not of that form.
 */
LW_API lw_code lw_session_doctor(lw_session *session, const char *export_name,
    struct lw_input request, const struct lw_call_options *call,
    struct lw_doctor_report *ret_report, struct lw_error *ret_error);

/* The worst finding's severity; PASS for a report without any. */
LW_API lw_severity lw_doctor_verdict(const struct lw_doctor_report *report);

#ifdef __cplusplus
}
#endif

#endif
