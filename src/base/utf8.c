/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* The lead byte decides the size, and for four of them what the second byte may be. */
static size_t
lead_size(unsigned char lead, unsigned char *ret_low, unsigned char *ret_high)
{
	*ret_low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	*ret_high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t
utf8_sequence(const char *at, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)at;
	unsigned char low, high;
	size_t size = at < end ? lead_size(bytes[0], &low, &high) : 0;

	if (size <= 1)
		return size;
	if ((size_t)(end - at) < size || bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

uint32_t
utf8_code_point(const char *at, size_t size)
{
	static const uint32_t lead_bits[UTF8_MAX + 1] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const unsigned char *bytes = (const unsigned char *)at;
	uint32_t value = bytes[0] & lead_bits[size];

	for (size_t i = 1; i < size; i++)
		value = value << 6 | (bytes[i] & 0x3f);
	return value;
}

size_t
utf8_encode(uint32_t code_point, char ret_bytes[UTF8_MAX])
{
	static const unsigned char mark[UTF8_MAX + 1] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t size = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

	for (size_t i = size - 1; i > 0; i--) {
		ret_bytes[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	ret_bytes[0] = (char)(mark[size] | code_point);
	return size;
}

static const char *
skip_ascii(const char *at, const char *end)
{
	uint64_t word;

	while ((size_t)(end - at) >= sizeof word) {
		memcpy(&word, at, sizeof word);
		if (word & HIGH_BITS)
			break;
		at += sizeof word;
	}
	while (at < end && (unsigned char)*at < 0x80)
		at++;
	return at;
}

size_t
utf8_valid_prefix(const char *text, size_t size)
{
	const char *at = text, *end = text + size;
	size_t step;

	while ((at = skip_ascii(at, end)) < end) {
		step = utf8_sequence(at, end);
		if (step == 0)
			break;
		at += step;
	}
	return (size_t)(at - text);
}

bool
utf8_is_text(const char *text)
{
	size_t size = strlen(text);

	return utf8_valid_prefix(text, size) == size;
}
