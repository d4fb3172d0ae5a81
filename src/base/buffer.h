/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes, consumed from the front. A failed growth leaves it as it was.
 */
#ifndef LW_BASE_BUFFER_H
#define LW_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *bytes;
	size_t start; /* first byte not yet consumed */
	size_t end;   /* one past the last byte held */
	size_t room;
};

#define BUFFER_EMPTY ((struct buffer){ 0 })

size_t buffer_size(const struct buffer *b);
const uint8_t *buffer_front(const struct buffer *b);
/* A place for at least size more bytes behind the end; NULL when there is no memory. */
uint8_t *buffer_reserve(struct buffer *b, size_t size);
void buffer_grow(struct buffer *b, size_t size); /* size bytes were written into the reserve */
bool buffer_append(struct buffer *b, const void *bytes, size_t size);
bool buffer_append_text(struct buffer *b, const char *text);
void buffer_consume(struct buffer *b, size_t size);
void buffer_clear(struct buffer *b); /* empties, keeps the memory */
void buffer_free(struct buffer *b);  /* empties, gives the memory back */

#endif
