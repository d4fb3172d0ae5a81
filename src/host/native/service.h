/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way from a native capability back to the call that runs it. The capability holds a number, not
 * a pointer: whatever it passes, only the running call's number on the main thread is served.
 */
#ifndef LWN_SERVICE_H
#define LWN_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/host.h"
#include "leanworker/guest.h"

/* What a call may do, and what it did. */
struct lwn_call {
	const struct host_emitter *emitter; /* of a stream; else NULL: emitting is refused */
	struct buffer *reply;               /* of a command; else NULL: replying is refused */
	const char *misuse;                 /* NULL, or what it did that its kind does not do */
	bool replied, failed, no_memory;
	struct host_message failure; /* its own words */
};

/* The only thread that is served is the caller's; nobody is in a process that is forked from it. */
void lwn_service_adopt_thread(const volatile uint32_t *stop_flag);
struct lw_guest_call lwn_service_begin(struct lwn_call *call);
void lwn_service_end(void);

#endif
