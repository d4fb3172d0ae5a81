/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One absolute point on CLOCK_MONOTONIC, passed unchanged through every step of a call, so that
 * steps cannot each take the whole budget.
 */
#ifndef LW_BASE_DEADLINE_H
#define LW_BASE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_MS INT64_C(1000000)

struct deadline {
	int64_t mono_ns;
};

#define DEADLINE_NEVER ((struct deadline){ INT64_MAX })

struct deadline deadline_in_ms(uint32_t ms); /* from now */
struct deadline deadline_earlier(struct deadline a, struct deadline b);
bool deadline_passed(struct deadline at);
/* Milliseconds for poll and epoll, rounded up so that a wait never ends early; -1 for never. */
int deadline_poll_ms(struct deadline at);

#endif
