/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - well-formed UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF). */
#include "rt.h"

static unsigned
width_of_lead(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static bool
is_scalar_value(uint32_t c, unsigned width)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return c >= least[width] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

/* The character at a position before size.  Width 0: none is encoded there. */
uint32_t
rt_utf8_decode(const char *s, size_t size, size_t at, unsigned *ret_width)
{
	const unsigned char *p = (const unsigned char *)s + at;
	unsigned width = width_of_lead(p[0]);
	uint32_t c = width <= 1 ? p[0] : p[0] & (0x7fu >> width);

	*ret_width = 0;
	if (width == 0 || width > size - at)
		return 0;
	for (unsigned i = 1; i < width; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (!is_scalar_value(c, width))
		return 0;
	*ret_width = width;
	return c;
}

unsigned
rt_utf8_encode(char *to, uint32_t c)
{
	unsigned width = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (!is_scalar_value(c, 1))
		leanrt_die("U+%X is no Unicode scalar value", (unsigned)c);
	if (width == 1) {
		*to = (char)c;
		return 1;
	}
	for (unsigned i = width - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)((0xf00u >> width) | c);
	return width;
}

bool
rt_utf8_count(const char *s, size_t size, size_t *ret_length)
{
	size_t length = 0;
	unsigned width;

	for (size_t at = 0; at < size; at += width, length++) {
		rt_utf8_decode(s, size, at, &width);
		if (width == 0)
			return false;
	}
	*ret_length = length;
	return true;
}
