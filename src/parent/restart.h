/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether another child may be started: how many died lately, and how long to wait after one that
 * never served. Knows no clock and no child: both are told.
 */
#ifndef LW_PARENT_RESTART_H
#define LW_PARENT_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#include "leanworker/leanworker.h"

#define RESTART_DEATHS_MAX 4096

struct restarts {
	uint32_t max_deaths;
	int64_t window_ns, backoff_ns, backoff_max_ns;
	int64_t *deaths;    /* ring of the last max_deaths + 1; NULL: no limit */
	uint64_t count;     /* deaths ever */
	uint32_t barren;    /* in a row, that never served */
	int64_t not_before; /* of the next attempt, after a barren one */
	uint32_t spares;    /* in a row that came to nothing */
	int64_t no_spare_before;
	uint64_t random;
};

/* False when there is no memory. */
bool restarts_init(struct restarts *r, const struct lw_restart_policy *policy, uint64_t seed);
void restarts_free(struct restarts *r);

/* A child died by nobody's order, after it had served something or not. */
void restarts_note_death(struct restarts *r, bool served, int64_t now_ns);
void restarts_note_success(struct restarts *r);

/*
 * A spare came to nothing, by its death or otherwise: the next one waits, as after a barren child. The
 * child that serves, and whoever follows it, are not delayed.
 */
void restarts_note_spare_lost(struct restarts *r, bool died, int64_t now_ns);
void restarts_note_spare_used(struct restarts *r);

/* When another may be started, if the window is full now; else 0. */
int64_t restarts_gave_up_until(const struct restarts *r, int64_t now_ns);

/* The reason for which a child with this cause of its end is replaced. */
lw_restart restart_of(lw_verdict cause);
/* Whether that is an end that nobody ordered. */
bool restart_is_death(lw_restart reason);

#endif
