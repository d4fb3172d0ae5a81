/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event lane, seen from the worker: bytes to the parent, through the socket or, from HELLO on and
 * where both sides have it, through the ring (wire/ring.h).
 */
#ifndef LW_CHILD_LANE_H
#define LW_CHILD_LANE_H

#include "wire/ring.h"

struct lane {
	struct ring_writer ring;
	bool has_ring;
	bool through_ring; /* what is sent from here on */
};

/*
 * Maps the ring, if the parent offers room for one (else 0). `page` is the parent's. Without a ring, for
 * whatever reason, the lane is the socket; LEANWORKER_LANE=socket in the environment is a reason too.
 */
void lane_open(struct lane *lane, uint64_t room, const void *page);

/* Blocks until the parent has room for it; false when the parent is gone. */
bool lane_send(struct lane *lane, const void *bytes, size_t size);

#endif
