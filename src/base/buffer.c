/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <string.h>

#include "base/sys.h"

#define BUFFER_FIRST_ROOM 256

size_t
buffer_size(const struct buffer *b)
{
	return b->end - b->start;
}

const uint8_t *
buffer_front(const struct buffer *b)
{
	return b->bytes ? b->bytes + b->start : NULL;
}

/* Moves what is held to the front when that frees at least half of the room: amortised O(1). */
static void
buffer_compact(struct buffer *b)
{
	size_t size = buffer_size(b);

	if (b->start == 0 || b->start < b->room / 2)
		return;
	memmove(b->bytes, b->bytes + b->start, size);
	b->start = 0;
	b->end = size;
}

uint8_t *
buffer_reserve(struct buffer *b, size_t size)
{
	size_t room = b->room ? b->room : BUFFER_FIRST_ROOM;
	uint8_t *bytes;

	if (b->room - b->end >= size && b->bytes != NULL)
		return b->bytes + b->end;
	buffer_compact(b);
	if (size > SIZE_MAX / 2 - b->end)
		return NULL;
	while (room - b->end < size)
		room *= 2;
	if (room != b->room || b->bytes == NULL) {
		bytes = sys_realloc(b->bytes, room);
		if (bytes == NULL)
			return NULL;
		b->bytes = bytes;
		b->room = room;
	}
	return b->bytes + b->end;
}

void
buffer_grow(struct buffer *b, size_t size)
{
	b->end += size;
}

bool
buffer_append(struct buffer *b, const void *bytes, size_t size)
{
	uint8_t *place = buffer_reserve(b, size);

	if (place == NULL)
		return false;
	if (size > 0)
		memcpy(place, bytes, size);
	b->end += size;
	return true;
}

bool
buffer_append_text(struct buffer *b, const char *text)
{
	return buffer_append(b, text, strlen(text));
}

void
buffer_consume(struct buffer *b, size_t size)
{
	b->start += size;
	if (b->start == b->end)
		b->start = b->end = 0;
}

void
buffer_clear(struct buffer *b)
{
	b->start = b->end = 0;
}

void
buffer_free(struct buffer *b)
{
	sys_free(b->bytes);
	*b = BUFFER_EMPTY;
}
