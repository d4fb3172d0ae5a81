/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a run of the bench found out, and its two spellings. */
#ifndef LW_BENCH_RESULTS_H
#define LW_BENCH_RESULTS_H

#include <stdbool.h>
#include <stdio.h>

#include "corpus.h"
#include "machine.h"
#include "series.h"

/* key: for --only; letter: as in docs/performance.md */
/* clang-format off */
#define CONTENDERS(X) \
	X(JANSSON,      'a', "(a) JSON lines, jansson") \
	X(CJSON,        'b', "(b) JSON lines, cJSON") \
	X(PIPE,         'c', "(c) pipe, memchr only") \
	X(OURS_SOCKET,  'd', "(d) ours, by the socket") \
	X(OURS_RAW,     'e', "(e) ours, raw sink") \
	X(OURS_TYPED,   'r', "(e) ours, typed decode") \
	X(OURS_LEAN,    'l', "(e) ours, lean host, raw") \
	X(OURS_COUNT,   'n', "(e) ours, counting") \
	X(OURS_JANSSON, 'j', "(e) ours, jansson in sink") \
	X(RING,         'f', "(f) bare ring copy") \
	X(RING_PASS,    'g', "(g) ring and a pass each")

/* Microseconds. */
#define TIMES(X) \
	X(TRIP_BARE,       "round trip: bare socketpair and poll") \
	X(TRIP_OURS,       "round trip: empty JSON command") \
	X(WAKE_BARE,       "wake: bare eventfd and epoll") \
	X(WAKE_OURS,       "wake: a row to a sleeping consumer") \
	X(TRUE,            "/bin/true, spawn to end") \
	X(SPAWN_PIDNS,     "spawn to ready, PID_NAMESPACE") \
	X(SPAWN_USERNS,    "spawn to ready, USER_PID_NAMESPACE") \
	X(SPAWN_SUBREAPER, "spawn to ready, SUBREAPER") \
	X(CYCLE_PIDNS,     "cycle to ready, PID_NAMESPACE") \
	X(CYCLE_USERNS,    "cycle to ready, USER_PID_NAMESPACE") \
	X(CYCLE_SUBREAPER, "cycle to ready, SUBREAPER")
/* clang-format on */

enum contender {
#define X(name, key, text) BY_##name,
	CONTENDERS(X)
#undef X
	    CONTENDER_COUNT
};

enum timing {
#define X(name, text) TIME_##name,
	TIMES(X)
#undef X
	    TIME_COUNT
};

/* Of one contender with one corpus and size. */
struct cell {
	struct series rows; /* per second */
	struct series consumer,
	    producer; /* nanoseconds of CPU time per row: less shaken by others */
};

struct results {
	struct machine machine;
	const char *commit;
	unsigned rounds, ms;
	char lean_runtime[128]; /* what the lean host ran on */
	double load_after;
	struct cell cells[CORPUS_KINDS][CORPUS_SIZES][CONTENDER_COUNT];
	struct series times[TIME_COUNT];
};

extern const char contender_keys[CONTENDER_COUNT];
extern const char *const contender_names[CONTENDER_COUNT];
extern const char *const time_names[TIME_COUNT];

/* May a ratio to this be given? */
bool results_measurable(const struct results *r, const struct series *denominator);

enum standing { STANDING_PASS, STANDING_SHORT, STANDING_NOT_MEASURABLE };
extern const char *const standing_names[];

struct target {
	char what[64];
	const char *bound_text;
	double bound;
	bool at_least; /* else at most */
	const struct series *ours, *denominator;
	double ratio;
	enum standing standing;
};

/* Those whose two sides were measured in this run. */
#define TARGETS_MAX 32
size_t results_targets(const struct results *r, struct target ret_targets[TARGETS_MAX]);

void results_print(const struct results *r, FILE *out);
bool results_write_json(const struct results *r, const char *path);

#endif
