/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/sys.h"

#define BLOCK_MIN 4096

struct arena_block {
	struct arena_block *next;
	size_t room;
	alignas(max_align_t) char bytes[];
};

static size_t
aligned(size_t size)
{
	const size_t unit = alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

static bool
add_block(struct arena *a, size_t size)
{
	size_t room = a->blocks ? a->blocks->room * 2 : BLOCK_MIN;
	struct arena_block *block;

	if (room < size)
		room = size;
	block = sys_alloc(sizeof *block + room);
	if (block == NULL)
		return false;
	block->next = a->blocks;
	block->room = room;
	a->blocks = block;
	a->used = 0;
	return true;
}

void *
arena_take(struct arena *a, size_t size)
{
	void *place;

	a->full = size > a->limit - a->taken;
	if (a->full)
		return NULL;
	size = aligned(size);
	if ((a->blocks == NULL || size > a->blocks->room - a->used) && !add_block(a, size))
		return NULL;
	place = a->blocks->bytes + a->used;
	a->used += size;
	a->taken = size > a->limit - a->taken ? a->limit : a->taken + size;
	return place;
}

static bool
is_last(const struct arena *a, const char *place, size_t size)
{
	return size > 0 && place + aligned(size) == a->blocks->bytes + a->used;
}

void *
arena_grow(struct arena *a, void *old, size_t old_size, size_t size)
{
	size_t more = aligned(size) - aligned(old_size);
	void *place;

	if (is_last(a, old, old_size) && more <= a->blocks->room - a->used &&
	    more <= a->limit - a->taken) {
		a->used += more;
		a->taken += more;
		return old;
	}
	place = arena_take(a, size);
	if (place != NULL && old_size > 0)
		memcpy(place, old, old_size);
	return place;
}

/* The block in use is the largest: each is larger than the one before. */
void
arena_reset(struct arena *a)
{
	struct arena_block *block = a->blocks ? a->blocks->next : NULL, *next;

	for (; block != NULL; block = next) {
		next = block->next;
		sys_free(block);
	}
	if (a->blocks != NULL)
		a->blocks->next = NULL;
	a->used = a->taken = 0;
	a->full = false;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	sys_free(a->blocks);
	a->blocks = NULL;
}
