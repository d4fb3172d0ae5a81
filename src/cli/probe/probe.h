/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker probe: what is measured, in one table, and who does what.
 *
 *      roles.c    which export is asked for what        opening.c  starts, imports, cycles
 *      streaming.c  the six commands, rows per second   ending.c   cancels and deaths
 *      memory.c   samples                               compare.c, run.c  another command, beside it
 *      figures.c  a figure and its state                text.c, json.c, html.c, svg.c  the report
 */
#ifndef LW_CLI_PROBE_PROBE_H
#define LW_CLI_PROBE_PROBE_H

#include <stdio.h>

#include "cli/probe/timed.h"
#include "cli/probe/times.h"
#include "cli/target.h"

#define PROBE_RUNS_MAX    100
#define PROBE_SAMPLES_MAX 1024
#define PROBE_GRACE_MS    100  /* from a cancel to the kill; said in the report */
#define PROBE_KEPT        4096 /* bytes of a compared command's output; the rest is counted */

/* clang-format off */
#define PROBE_GROUPS(X) \
	X(START,   "Cold start, by step") \
	X(IMPORT,  "First import") \
	X(COMMAND, "Commands") \
	X(STREAM,  "Streaming in one session") \
	X(CANCEL,  "Cancelling") \
	X(DEATH,   "Fatal exits") \
	X(CYCLE,   "Explicit cycle") \
	X(COMPARE, "Comparison")

/* id, group, name, label, unit, from, to */
#define PROBE_FIGURES(X) \
	X(START_CHECK,  START, "start.check", "check", "ms", "lw_open begins", "what can be seen without starting anything was looked at") \
	X(START_BUILD,  START, "start.build", "build", "ms", "lw_build is called", "it returns") \
	X(START_LOAD,   START, "start.load", "load", "ms", "lw_capability_load is called", "it returns") \
	X(START_START,  START, "start.start", "start", "ms", "lw_worker_start is called", "the child has said what it is") \
	X(START_HEALTH, START, "start.health", "health", "ms", "lw_worker_health is called", "the child has answered") \
	X(START_OPEN,   START, "start.open", "open", "ms", "lw_session_open is called, without imports", "the capability is loaded and initialised") \
	X(START_ALL,    START, "start.all", "start, all steps", "ms", "lw_open is called, without imports", "it returns") \
	X(IMPORT_OPEN,  IMPORT, "import.open", "open with imports", "ms", "lw_session_open is called in a fresh child, with the imports", "the modules are imported") \
	X(IMPORT_ALL,   IMPORT, "import.all", "import, all steps", "ms", "lw_open is called, with the imports", "it returns") \
	X(VERSION,      COMMAND, "command.version", "version", "ms", "the command is called", "its answer is here") \
	X(DOCTOR,       COMMAND, "command.doctor", "doctor", "ms", "the command is called", "its answer is here") \
	X(EXTRACT,      COMMAND, "command.extract", "extract", "ms", "the stream is called", "the call returns") \
	X(FEATURES,     COMMAND, "command.features", "features", "ms", "the stream is called", "the call returns") \
	X(INDEX,        COMMAND, "command.index", "index", "ms", "the stream is called", "the call returns") \
	X(PROBE,        COMMAND, "command.probe", "probe", "ms", "the stream is called", "the call returns") \
	X(STREAM_ROWS,  STREAM, "stream.rows", "rows", "rows/s", "the first request of a run is called", "the last one returns; rows of all by that time") \
	X(STREAM_BYTES, STREAM, "stream.bytes", "payload", "MB/s", "the first request of a run is called", "the last one returns; bytes of payloads by that time") \
	X(STREAM_P50,   STREAM, "stream.p50", "request, median", "ms", "a request is called", "it returns; half of a run's requests are faster") \
	X(STREAM_P99,   STREAM, "stream.p99", "request, 99 %", "ms", "a request is called", "it returns; 99 of 100 of a run's requests are faster") \
	X(STREAM_FIRST, STREAM, "stream.first_row", "first row", "ms", "a request is called", "the sink has its first row; median of a run") \
	X(CANCEL_ROW,   CANCEL, "cancel.row", "cancel at a row", "ms", "the sink cancels, with a row in its hands", "the call returns") \
	X(CANCEL_SILENT, CANCEL, "cancel.silent", "cancel in silence", "ms", "another thread cancels; the last row was 5 ms ago, and the export looks whether it should stop", "the call returns") \
	X(CANCEL_DEAF,  CANCEL, "cancel.deaf", "cancel, ignored", "ms", "another thread cancels; the worker process is stopped by SIGSTOP, so that the export cannot look", "the call returns: 100 ms of grace, and the kill") \
	X(DEATH_VERDICT, DEATH, "death.verdict", "kill to verdict", "ms", "SIGKILL is sent to the worker process by another thread", "the call returns with the verdict") \
	X(DEATH_RECOVERY, DEATH, "death.recovery", "kill, recovery", "ms", "the call that died has returned", "the sink has the first row of the next request, from the next child, its session opened again") \
	X(PANIC_VERDICT, DEATH, "panic.verdict", "panic to verdict", "ms", "the sink has the last row before a panic", "the call returns with the verdict") \
	X(PANIC_RECOVERY, DEATH, "panic.recovery", "panic, recovery", "ms", "the call that died has returned", "the sink has the first row of the next request, from the next child, its session opened again") \
	X(CYCLE_READY,  CYCLE, "cycle.ready", "cycle to ready", "ms", "lw_worker_cycle is called", "it returns: the next child has said what it is") \
	X(CYCLE_ROW,    CYCLE, "cycle.first_row", "cycle to first row", "ms", "lw_worker_cycle is called", "the sink has the first row of the next request, its session opened again") \
	X(WHOLE,        COMPARE, "compare.ours", "this, once", "ms", "lw_open is called", "the session is open, has served one stream, and is closed; the child is gone") \
	X(THEIRS,       COMPARE, "compare.command", "the command", "ms", "the command is started", "it has ended")

/* role, the kind of its export, which export serves it by default */
#define PROBE_ROLES(X) \
	X(VERSION,  "version",  CALL,   "version") \
	X(DOCTOR,   "doctor",   CALL,   "doctor") \
	X(EXTRACT,  "extract",  STREAM, "extract") \
	X(FEATURES, "features", STREAM, "features") \
	X(INDEX,    "index",    STREAM, "index") \
	X(PROBE,    "probe",    STREAM, "probe") \
	X(STREAM,   "stream",   STREAM, "index") \
	X(MANY,     "many",     STREAM, "many") \
	X(SILENT,   "silent",   STREAM, "spin") \
	X(PANIC,    "panic",    STREAM, "row_then_panic")
/* clang-format on */

enum probe_group {
#define X(id, title) PROBE_GROUP_##id,
	PROBE_GROUPS(X)
#undef X
	/* clang-format off */
	PROBE_GROUP_COUNT
	/* clang-format on */
};

enum probe_id {
#define X(id, group, name, label, unit, from, to) PROBE_##id,
	PROBE_FIGURES(X)
#undef X
	/* clang-format off */
	PROBE_COUNT
	/* clang-format on */
};

enum probe_role {
#define X(id, name, kind, export_name) PROBE_ROLE_##id,
	PROBE_ROLES(X)
#undef X
	/* clang-format off */
	PROBE_ROLE_COUNT
	/* clang-format on */
};

enum probe_state { PROBE_NOT_RUN, PROBE_MEASURED, PROBE_NOT_THERE, PROBE_FAILED };

struct probe_definition {
	enum probe_group group;
	const char *name, *label, *unit, *from, *to;
};
extern const struct probe_definition probe_definitions[PROBE_COUNT];

struct probe_figure {
	enum probe_state state;
	char why[512];  /* it is not measured */
	char note[128]; /* beside the figure: "child kept in 5 of 5" */
	double values[PROBE_RUNS_MAX];
	size_t count;
	double median, lowest, highest; /* once probe_summarise has been called */
	uint64_t rows, bytes;           /* of a command's last run */
	unsigned kept;                  /* of a cancel: how often the child was kept */
};

struct probe_sample {
	const char *label;
	double ms; /* since the probe began */
	uint32_t generation;
	/* Of its own (RssAnon + RssShmem + VmSwap), and resident in all; 0: there is no child, or it
	 * cannot be read. */
	uint64_t parent_kib, parent_rss_kib, child_kib, child_rss_kib;
};

/* How one run of the compared command ended. */
struct probe_end {
	int64_t began_ns, ended_ns;
	uint64_t cpu_us, output_bytes;
	int status; /* as of wait */
	int timed_out, interrupted;
	char output[PROBE_KEPT]; /* the beginning of what it printed on both */
	size_t output_size;
};

struct probe_comparison {
	const char *command; /* NULL: none was asked for */
	const char *revision;
	char found_revision[128], folder[1024];
	uint32_t timeout_ms;
	size_t command_runs; /* the warm-up included */
	struct probe_end last;
};

struct probe {
	struct cli_target target;
	const char *exports[PROBE_ROLE_COUNT];
	const char *requests[PROBE_ROLE_COUNT];
	size_t runs;
	uint32_t stream_ms; /* of one run */
	int quick;
	const char *html;
	/* Of all that follows the one session, but for starts and imports. */
	struct lw_opened opened;
	struct lw_session_facts session;
	struct lw_worker_facts process;
	double first_start_ms; /* the warm-up's */
	lw_cancel_token *token;
	int64_t began_ns;
	struct probe_figure figures[PROBE_COUNT];
	struct times requests_seen; /* of streaming, over all runs */
	struct probe_sample samples[PROBE_SAMPLES_MAX];
	size_t sample_count;
	struct probe_comparison comparison;
	struct lw_worker_statistics statistics;
};

/* ---- What is asked ---------------------------------------------------------------------------- */

/* ROLE=EXPORT and ROLE=REQUEST; the rest has its default. -1, or the exit status. */
int probe_roles(const struct cli_verb *verb, struct probe *p, const struct cli_list *exports,
    const struct cli_list *requests);
const char *probe_role_name(enum probe_role role);
int probe_role_streams(enum probe_role role);

/* ---- Measuring: each fills its figures, and says nothing ----------------------------------------- */

void probe_starts(struct probe *p);
void probe_imports(struct probe *p);
void probe_commands(struct probe *p);
void probe_streaming(struct probe *p);
void probe_cancels(struct probe *p);
void probe_deaths(struct probe *p);
void probe_cycles(struct probe *p);
void probe_compare(struct probe *p);

/* One request of a role in the session. */
lw_code probe_request(
    struct probe *p, enum probe_role role, struct timed *timed, struct lw_error *ret_error);

void probe_add(struct probe *p, enum probe_id id, double value);
/* The figure is not to be had; the first reason counts. */
void probe_fail(struct probe *p, enum probe_id id, const struct lw_error *error);
__attribute__((format(printf, 4, 5))) void probe_state(
    struct probe *p, enum probe_id id, enum probe_state state, const char *format, ...);
int probe_is_open(const struct probe *p, enum probe_id id); /* nothing has kept it from more runs */
int probe_interrupted(const struct probe *p);

/* Where it is, for people. */
void probe_progress(const char *phase, size_t done, size_t total);

void probe_memory(struct probe *p, const char *label);
/* Whether the process is stopped: T in /proc. */
int probe_is_stopped(pid_t pid);

/* Runs a command line with sh, in a process group of its own. 0, or an errno; nothing is left running. */
int probe_run(
    const char *command, uint32_t timeout_ms, lw_cancel_token *cancel, struct probe_end *ret_end);

/* ---- The report ------------------------------------------------------------------------------- */

void probe_summarise(struct probe *p);
const char *probe_group_title(enum probe_group group);
const char *probe_state_name(enum probe_state state);
int probe_is_stand_in(const struct probe *p);
/* A figure as people read it, with three digits: "1.23". */
const char *probe_number(double value, char *ret_text, size_t room);
/* What stands beside a figure; "" for nothing. */
const char *probe_remark(const struct probe *p, int id, char *ret_text, size_t room);

void probe_print_text(const struct probe *p);
int probe_print_json(const struct probe *p);                   /* the exit status */
int probe_write_html(const struct probe *p, const char *path); /* 0, or an errno */

#endif
