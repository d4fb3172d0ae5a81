/* SPDX-License-Identifier: Apache-2.0 */
/* What bench-deaths found out, what it is held to, and its two spellings. All is microseconds. */
#ifndef LW_BENCH_MOMENTS_H
#define LW_BENCH_MOMENTS_H

#include <stdbool.h>
#include <stdio.h>

#include "machine.h"

/*
 * bound: what the 99th of a hundred may take; 0: it is told and not judged. bare: the machine's own
 * share of it, without this library.
 */
/* clang-format off */
#define MOMENTS(X) \
	X(BARE_KILL,      0,     BARE_KILL,    "bare: a kill to the end seen and reaped") \
	X(BARE_TIMEOUT,   0,     BARE_TIMEOUT, "bare: a wait of 20 ms, by how much too long") \
	X(CRASH_PIDNS,    2000,  BARE_KILL,    "death to verdict, PID_NAMESPACE") \
	X(CRASH_USERNS,   2000,  BARE_KILL,    "death to verdict, USER_PID_NAMESPACE") \
	X(CRASH_SUBREAPER, 2000, BARE_KILL,    "death to verdict, SUBREAPER") \
	X(KILL,           0,     BARE_KILL,    "a stranger's kill to verdict") \
	X(KILL_EAGER,     0,     BARE_KILL,    "a stranger's kill to verdict, eager") \
	X(KILL_SPARE,     0,     BARE_KILL,    "a stranger's kill to verdict, spare") \
	X(CANCEL,         5000,  BARE_TIMEOUT, "end of a cancel's grace to return, 1 MiB") \
	X(CANCEL_BIG,     5000,  BARE_TIMEOUT, "end of a cancel's grace to return, big") \
	X(DEADLINE,       5000,  BARE_TIMEOUT, "deadline to return, 1 MiB") \
	X(DEADLINE_BIG,   5000,  BARE_TIMEOUT, "deadline to return, big") \
	X(HANG,           10000, BARE_TIMEOUT, "a hang to return, beyond its budget") \
	X(HEEDED_CANCEL,  0,     BARE_TIMEOUT, "cancel to return, the child stops") \
	X(BURIAL,         0,     BARE_KILL,    "deadline's return until all is gone, 1 MiB") \
	X(BURIAL_BIG,     0,     BARE_KILL,    "deadline's return until all is gone, big") \
	X(SPAWN,          0,     BARE_KILL,    "spawn to HELLO") \
	X(OPEN,           0,     BARE_KILL,    "open of a native capability") \
	X(RECOVERY,       0,     BARE_KILL,    "a stranger's kill to the next success") \
	X(RECOVERY_EAGER, 0,     BARE_KILL,    "a stranger's kill to the next success, eager") \
	X(RECOVERY_SPARE, 0,     BARE_KILL,    "a stranger's kill to the next success, spare") \
	X(CYCLE,          0,     BARE_KILL,    "a cycle to the next success") \
	X(CYCLE_SPARE,    0,     BARE_KILL,    "a cycle to the next success, spare")
/* clang-format on */

enum moment {
#define X(name, bound, bare, text) MOMENT_##name,
	MOMENTS(X)
#undef X
	    MOMENT_COUNT
};

struct samples {
	double *us; /* sorted when all are there */
	unsigned count;
};

struct moments {
	struct samples of[MOMENT_COUNT];
	unsigned room; /* of each */
	unsigned big_mib;
	bool urgent; /* the neighbours of this machine had to wait */
	struct machine machine;
	double load_after;
	const char *commit;
};

void moments_init(struct moments *m, unsigned room, unsigned big_mib);
void moments_free(struct moments *m);
void moments_add(struct moments *m, enum moment which, double us);
/* No sample comes any more. */
void moments_finish(struct moments *m, const char *commit);

void moments_print(const struct moments *m, FILE *out);
bool moments_write_json(const struct moments *m, const char *path);

#endif
