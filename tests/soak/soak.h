/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The soak: faults by the thousand over workers that live on, and after each a plain request that
 * must succeed.
 *
 *      soak.c      cycles, and what must not grow with their number
 *      faults.c    what one cycle does to a worker, and what must come of it
 */
#ifndef LWTEST_SOAK_H
#define LWTEST_SOAK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "leanworker/leanworker.h"

#define SITES_MAX 5

/* A worker with a session, and what was seen of it: its own statistics must say the same. */
struct site {
	lw_worker *worker;
	lw_session *session;
	bool eager, has_spare; /* who has a spare is eager */
	pid_t killed;
	unsigned capability; /* which of the two it has open */
	uint64_t requests, failures[LW_VERDICT_COUNT];
};

struct soak {
	uint64_t seed, cycle;
	uint64_t dice;     /* of this cycle alone, so that one cycle can be played by itself */
	const char *fault; /* the name of what is played */
	struct site sites[SITES_MAX];
	unsigned site_count;
	lw_capability *capabilities[2];
	lw_cancel_token *token;
	timer_t timer; /* its signal cancels the token */

	/* The last call. */
	lw_code code;
	struct lw_error error;
	uint64_t rows_seen;

	/* What the plain request after the fault must find. */
	uint32_t step;        /* generations further than before the fault */
	lw_restart restarted; /* why that request had to start its child */
	bool any_restart;     /* nobody knows who started it */
};

/* Says what is wrong, with the last call's result and how to replay it, and ends the process. */
__attribute__((format(printf, 2, 3))) _Noreturn void soak_fail(
    const struct soak *s, const char *format, ...);

uint64_t soak_roll(struct soak *s, uint64_t sides); /* 0 to sides - 1 */

/* ---- faults.c ---- */

struct fault;

extern const size_t fault_count;
const char *fault_name(size_t index);
/* By weight; `only`, or NULL for any: a name. NULL: there is no such fault. */
const struct fault *fault_pick(struct soak *s, const char *only, size_t *ret_index);
/* Plays it on this site, and requires what must come of it. */
void fault_play(struct soak *s, struct site *at, const struct fault *f);

void site_open(struct soak *s, struct site *at, const struct lw_worker_options *options);
void site_close(struct site *at);
uint32_t site_generation(const struct site *at);
/* A plain request, which must succeed. */
void site_use(struct soak *s, struct site *at);
/* Waits until all dead children of the site are buried. */
void site_settle(struct soak *s, const struct site *at);

#endif
