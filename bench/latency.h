/* SPDX-License-Identifier: Apache-2.0 */
/* How long one thing takes, ours and the bare equivalent. All answers are microseconds. */
#ifndef LW_BENCH_LATENCY_H
#define LW_BENCH_LATENCY_H

#include <stddef.h>

#include "ours.h"
#include "peer.h"

/* The medians of `count` of them, one after another. */
double latency_trip_bare(const struct peer *p, size_t count);
double latency_trip_ours(struct ours *o, size_t count);
double latency_wake_bare(const struct peer *p, size_t count);
double latency_wake_ours(struct ours *o, size_t count);
double latency_true(size_t count); /* posix_spawn of /bin/true and its end */

/* Spawn to ready, and cycle to ready, of a worker with this containment. */
void latency_spawn_ours(
    lw_containment containment, size_t count, double *ret_spawn, double *ret_cycle);

#endif
