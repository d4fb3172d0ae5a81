/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the end of the plain bytes of a JSON string: ASCII that is neither a control character,
 * a quote nor a backslash. Most bytes of most payloads are that, so they are looked at in blocks.
 * A header of its own, so that a test can hold every path against the others.
 */
#ifndef LW_BASE_JSON_SKIP_H
#define LW_BASE_JSON_SKIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define JSON_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline bool
json_is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static inline const char *
json_skip_bytes(const char *at, const char *end)
{
	while (at < end && json_is_plain((unsigned char)*at))
		at++;
	return at;
}

/* The high bit of a byte is set where it is zero; above the lowest such byte also elsewhere. */
static inline uint64_t
json_zero_bytes(uint64_t word)
{
	return (word - JSON_EACH(0x01)) & ~word & JSON_EACH(0x80);
}

static inline bool
json_word_is_plain(uint64_t word)
{
	uint64_t low = (word - JSON_EACH(0x20)) & ~word; /* high bit: below 0x20 */

	return ((low | word) & JSON_EACH(0x80)) == 0 &&
	       (json_zero_bytes(word ^ JSON_EACH('"')) | json_zero_bytes(word ^ JSON_EACH('\\'))) ==
		   0;
}

static inline const char *
json_skip_words(const char *at, const char *end)
{
	uint64_t word;

	while ((size_t)(end - at) >= sizeof word) {
		memcpy(&word, at, sizeof word);
		if (!json_word_is_plain(word))
			break;
		at += sizeof word;
	}
	return json_skip_bytes(at, end);
}

#ifdef __SSE2__
/* Signed comparison: bytes from 0x80 on are below 0x20 too. */
static inline unsigned
json_block_stops(const char *at)
{
	__m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
	__m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
	__m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, backslash)));
}

static inline const char *
json_skip_blocks(const char *at, const char *end)
{
	unsigned stops;

	while (end - at >= 16) {
		stops = json_block_stops(at);
		if (stops != 0)
			return at + __builtin_ctz(stops);
		at += 16;
	}
	return json_skip_bytes(at, end);
}
#endif

static inline const char *
json_skip_plain(const char *at, const char *end)
{
#if defined(__SSE2__) && !defined(JSON_PORTABLE)
	return json_skip_blocks(at, end);
#else
	return json_skip_words(at, end);
#endif
}

#endif
