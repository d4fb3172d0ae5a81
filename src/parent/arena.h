/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is given back all at once: what decoded records point to. It is used again and again
 * for the rows of a request, so that a row costs no allocation once the largest has been seen.
 */
#ifndef LW_PARENT_ARENA_H
#define LW_PARENT_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* the one in use first */
	size_t used;                /* of it */
	size_t taken, limit;        /* in all; taken never exceeds limit */
	bool full;                  /* the limit refused something */
};

#define ARENA_OF(bytes) ((struct arena){ .limit = (bytes) })

/* Aligned for anything; NULL without memory or beyond the limit. */
void *arena_take(struct arena *a, size_t size);
/* The same bytes in a larger place; NULL leaves the old one. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t size);
void arena_reset(struct arena *a); /* empties it and keeps its largest block */
void arena_free(struct arena *a);

#endif
