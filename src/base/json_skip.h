/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the end of the plain bytes of a JSON string: ASCII that is neither a control character,
 * a quote nor a backslash. Most bytes of most payloads are that, so they are looked at in blocks,
 * and nothing outside of the text is read for it.
 * A header of its own, so that a test can hold every path against the others.
 */
#ifndef LW_BASE_JSON_SKIP_H
#define LW_BASE_JSON_SKIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(JSON_PORTABLE)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && !defined(JSON_PORTABLE)
#include <arm_neon.h>
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

/*
 * A block is JSON_BLOCK bytes; its mask has JSON_STEP bits for each of them, the first byte's lowest.
 * json_block_stops: those that are not plain. json_block_escapes: the backslashes.
 */
#if defined(__SSE2__) && !defined(JSON_PORTABLE)

#define JSON_BLOCK 16
#define JSON_STEP  1

typedef __m128i json_block;

static inline json_block
json_block_load(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline void
json_block_store(char *at, json_block block)
{
	_mm_storeu_si128((__m128i *)(void *)at, block);
}

/* The sign is what counts: it is set from 0x80 on, and what is below 0x20 goes below 0. */
static inline uint64_t
json_block_stops(json_block block)
{
	__m128i low = _mm_subs_epi8(block, _mm_set1_epi8(0x20));
	__m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
	__m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, backslash)));
}

static inline uint64_t
json_block_escapes(json_block block)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
}

#elif defined(__ARM_NEON) && !defined(JSON_PORTABLE)

#define JSON_BLOCK 16
#define JSON_STEP  4

typedef uint8x16_t json_block;

static inline json_block
json_block_load(const char *at)
{
	return vld1q_u8((const uint8_t *)at);
}

static inline void
json_block_store(char *at, json_block block)
{
	vst1q_u8((uint8_t *)at, block);
}

/* Four bits of each byte of a comparison. */
static inline uint64_t
json_block_mask(uint8x16_t found)
{
	uint8x8_t half = vshrn_n_u16(vreinterpretq_u16_u8(found), 4);

	return vget_lane_u64(vreinterpret_u64_u8(half), 0);
}

static inline uint64_t
json_block_stops(json_block block)
{
	uint8x16_t low = vcltq_s8(vreinterpretq_s8_u8(block), vdupq_n_s8(0x20));
	uint8x16_t quote = vceqq_u8(block, vdupq_n_u8('"'));
	uint8x16_t backslash = vceqq_u8(block, vdupq_n_u8('\\'));

	return json_block_mask(vorrq_u8(low, vorrq_u8(quote, backslash)));
}

static inline uint64_t
json_block_escapes(json_block block)
{
	return json_block_mask(vceqq_u8(block, vdupq_n_u8('\\')));
}

#else

#define JSON_BLOCK 8
#define JSON_STEP  8

typedef uint64_t json_block;

/* The first byte is the lowest, whatever the machine thinks. */
static inline json_block
json_block_load(const char *at)
{
	uint64_t block;

	memcpy(&block, at, sizeof block);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	block = __builtin_bswap64(block);
#endif
	return block;
}

static inline void
json_block_store(char *at, json_block block)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	block = __builtin_bswap64(block);
#endif
	memcpy(at, &block, sizeof block);
}

/* The high bit of a byte is set where it is zero, and nowhere else: no carry leaves its byte. */
static inline uint64_t
json_zero_bytes(uint64_t block)
{
	return ~(((block & JSON_EACH(0x7f)) + JSON_EACH(0x7f)) | block) & JSON_EACH(0x80);
}

static inline uint64_t
json_block_escapes(json_block block)
{
	return json_zero_bytes(block ^ JSON_EACH('\\'));
}

static inline uint64_t
json_block_stops(json_block block)
{
	uint64_t above = (block & JSON_EACH(0x7f)) + JSON_EACH(0x60); /* high bit: from 0x20 on */

	return ((block | ~above) & JSON_EACH(0x80)) | json_zero_bytes(block ^ JSON_EACH('"')) |
	       json_block_escapes(block);
}

#endif

/* How many bytes stand before the first that the mask, which is not 0, has. */
static inline size_t
json_mask_first(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask) / JSON_STEP;
}

/*
 * The stops in the next block, or before the end. A block that the end would cut is read from its end
 * back; where the text is too short for that, nothing is found.
 */
static inline uint64_t
json_near_stops(const char *text, const char *at, const char *end)
{
	size_t left = (size_t)(end - at);

	if (left >= JSON_BLOCK)
		return json_block_stops(json_block_load(at));
	if (left == 0 || end - text < JSON_BLOCK)
		return 0;
	return json_block_stops(json_block_load(end - JSON_BLOCK)) >>
	       (JSON_BLOCK - left) * JSON_STEP;
}

/*
 * Whether so many plain bytes stand here before one that is not, which the caller has seen; false too
 * where more than a block would have to be looked at.
 */
static inline bool
json_is_plain_run(const char *text, const char *at, const char *end, size_t size)
{
	uint64_t stops = json_near_stops(text, at, end);

	if (size < JSON_BLOCK)
		return stops != 0 && json_mask_first(stops) == size;
	return size == JSON_BLOCK && stops == 0;
}

static inline const char *
json_skip_plain(const char *at, const char *end)
{
	uint64_t stops;

	for (; end - at >= JSON_BLOCK; at += JSON_BLOCK) {
		stops = json_block_stops(json_block_load(at));
		if (stops != 0)
			return at + json_mask_first(stops);
	}
	return json_skip_bytes(at, end);
}

#endif
