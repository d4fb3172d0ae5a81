/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/bytes.h"

void
wire_store32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

void
wire_store64(uint8_t *at, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint32_t
wire_load32(const uint8_t *at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value |= (uint32_t)at[i] << (8 * i);
	return value;
}

uint64_t
wire_load64(const uint8_t *at)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

bool
wire_put32(struct buffer *b, uint32_t value)
{
	uint8_t field[4];

	wire_store32(field, value);
	return buffer_append(b, field, sizeof field);
}

bool
wire_put64(struct buffer *b, uint64_t value)
{
	uint8_t field[8];

	wire_store64(field, value);
	return buffer_append(b, field, sizeof field);
}

bool
wire_put_text(struct buffer *b, const char *text, size_t size)
{
	return size <= UINT32_MAX && wire_put32(b, (uint32_t)size) && buffer_append(b, text, size);
}

struct wire_cursor
wire_cursor(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	return (struct wire_cursor){ .at = at, .end = size ? at + size : at };
}

static const uint8_t *
take(struct wire_cursor *c, size_t size)
{
	const uint8_t *at = c->at;

	if (c->bad || (size_t)(c->end - c->at) < size) {
		c->bad = true;
		return NULL;
	}
	c->at += size;
	return at;
}

uint32_t
wire_get32(struct wire_cursor *c)
{
	const uint8_t *at = take(c, 4);

	return at ? wire_load32(at) : 0;
}

uint64_t
wire_get64(struct wire_cursor *c)
{
	const uint8_t *at = take(c, 8);

	return at ? wire_load64(at) : 0;
}

struct wire_text
wire_get_text(struct wire_cursor *c)
{
	size_t size = wire_get32(c);
	const uint8_t *at = take(c, size);

	return (struct wire_text){ .at = at ? (const char *)at : "", .size = at ? size : 0 };
}

struct wire_text
wire_get_rest(struct wire_cursor *c)
{
	size_t size = c->bad ? 0 : (size_t)(c->end - c->at);
	const uint8_t *at = take(c, size);

	return (struct wire_text){ .at = at && size ? (const char *)at : "", .size = size };
}

bool
wire_get_end(const struct wire_cursor *c)
{
	return !c->bad && c->at == c->end;
}
