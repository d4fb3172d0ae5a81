/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixed-width little-endian fields. Reading goes through a cursor whose error sticks, so that a
 * decoder reads every field first and judges once; the end must be exact.
 */
#ifndef LW_WIRE_BYTES_H
#define LW_WIRE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct wire_text {
	const char *at; /* not terminated */
	size_t size;
};

struct wire_cursor {
	const uint8_t *at, *end;
	bool bad;
};

void wire_store32(uint8_t *at, uint32_t value);
void wire_store64(uint8_t *at, uint64_t value);
uint32_t wire_load32(const uint8_t *at);
uint64_t wire_load64(const uint8_t *at);

/* Each appends one field; false only when there is no memory. */
bool wire_put32(struct buffer *b, uint32_t value);
bool wire_put64(struct buffer *b, uint64_t value);
bool wire_put_text(struct buffer *b, const char *text, size_t size);

struct wire_cursor wire_cursor(const void *bytes, size_t size);
uint32_t wire_get32(struct wire_cursor *c);
uint64_t wire_get64(struct wire_cursor *c);
struct wire_text wire_get_text(struct wire_cursor *c);
struct wire_text wire_get_rest(struct wire_cursor *c);
bool wire_get_end(const struct wire_cursor *c); /* everything was there, and nothing is left */

#endif
