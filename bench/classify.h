/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at every byte in blocks of sixteen: how many end a run of plain characters in a JSON
 * string. It is the least that any reader of JSON does, so a copy with it on each side is what the
 * fastest reader could come near to.
 */
#ifndef LW_BENCH_CLASSIFY_H
#define LW_BENCH_CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#define CLASSIFY_NAME "SSE2"
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define CLASSIFY_NAME "NEON"
#else
#define CLASSIFY_NAME "no SIMD"
#endif

static inline unsigned
classify_byte(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

static inline unsigned
classify_block(const char *at)
{
#if defined(__SSE2__)
	/* Signed comparison: bytes from 0x80 on are below 0x20 too. */
	__m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i stop = _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(0x20)),
	    _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))));
	__m128i sums = _mm_sad_epu8(_mm_sub_epi8(_mm_setzero_si128(), stop), _mm_setzero_si128());

	return (
	    unsigned)(_mm_cvtsi128_si32(sums) + _mm_cvtsi128_si32(_mm_unpackhi_epi64(sums, sums)));
#elif defined(__ARM_NEON)
	int8x16_t block = vld1q_s8((const int8_t *)at);
	uint8x16_t stop = vorrq_u8(vcltq_s8(block, vdupq_n_s8(0x20)),
	    vorrq_u8(vceqq_s8(block, vdupq_n_s8('"')), vceqq_s8(block, vdupq_n_s8('\\'))));

	return vaddlvq_u8(vandq_u8(stop, vdupq_n_u8(1)));
#else
	unsigned stops = 0;

	for (int i = 0; i < 16; i++)
		stops += classify_byte((unsigned char)at[i]);
	return stops;
#endif
}

static inline uint64_t
classify(const char *at, size_t size)
{
	const char *end = at + size;
	uint64_t stops = 0;

	for (; end - at >= 16; at += 16)
		stops += classify_block(at);
	for (; at < end; at++)
		stops += classify_byte((unsigned char)*at);
	return stops;
}

#endif
