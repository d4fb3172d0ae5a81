/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs that are bytes of a lane: a mutator that knows frames, so that most mutations get past the
 * check of headers, and the sizes of cuts.
 */
#ifndef LW_FUZZ_LANE_H
#define LW_FUZZ_LANE_H

#include "wire/frame.h"

#define LANE_GENERATION 1
#define LANE_REQUEST    1

/* The lane begins behind `head` bytes of the harness's own. */
size_t lane_mutate(uint8_t *data, size_t size, size_t max_size, size_t head, enum wire_side from,
    uint32_t *random);
/* Whether the first frame's header is one that the reader accepts. */
bool lane_past_door(const uint8_t *data, size_t size, enum wire_side from);

#endif
