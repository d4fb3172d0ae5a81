/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bare ring in shared memory: one writer, one reader, one copy in and one copy out, nothing
 * checked. What no lane with rules can beat; not a lane.
 */
#ifndef LW_BENCH_RING_H
#define LW_BENCH_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus.h"

#define RING_BYTES (1u << 20) /* as the pipe of the competitors */
#define RING_PIECE 65536      /* a longer payload travels in pieces, as frames do */

struct ring_words;

struct ring {
	struct ring_words *words;
	char *bytes; /* mapped twice in a row: no piece is ever cut at the end */
};

/* Before the fork: both sides use the same mapping. False: errno says why. */
bool ring_make(struct ring *ret_ring);

void ring_send(struct ring *r, const struct corpus *c, uint64_t count, bool classified);
/* The sum of corpus_look, or with a pass over the bytes that of classify. */
uint64_t ring_receive(struct ring *r, const struct corpus *c, uint64_t count, bool classified);

#endif
