/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machines differ in, for json_text.c alone: vectors of bytes, of which VECTORS are a block of
 * 64. WAY is what a function that uses them is declared with, and is not defined where there are none.
 * AVX2 is compiled for every x86-64, and used where the processor has it.
 */
#ifndef LW_BASE_JSON_VECTOR_H
#define LW_BASE_JSON_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define WAY_NAME "AVX2"
#define WAY      __attribute__((target("avx2")))
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#define WAY_NAME "NEON"
#define WAY
#endif

#ifdef WAY

#define PART static inline __attribute__((always_inline)) WAY

/* gcc unrolls nothing at -O2, and keeps in memory what a loop counts through. */
#ifdef __clang__
#define EACH_VECTOR(i) for (int i = 0; i < VECTORS; i++)
#else
#define EACH_VECTOR(i) _Pragma("GCC unroll 4") for (int i = 0; i < VECTORS; i++)
#endif

#if defined(__x86_64__)

#define VECTORS 2

typedef __m256i vector;

PART vector
vector_load(const char *at)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

PART vector
vector_zero(void)
{
	return _mm256_setzero_si256();
}

PART vector
vector_or(vector a, vector b)
{
	return _mm256_or_si256(a, b);
}

/* All bits of a byte that is this one. */
PART vector
vector_equal(vector v, uint8_t byte)
{
	return _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)byte));
}

PART vector
vector_bits(vector v, uint8_t bits)
{
	return _mm256_and_si256(v, _mm256_set1_epi8((char)bits));
}

/* All bits of a byte that is at most this. */
PART vector
vector_at_most(vector v, uint8_t byte)
{
	return _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8((char)byte)), v);
}

/* The bytes that stand `count` before those of v, of which the first follow `before`. */
#define vector_back(before, v, count)                                                              \
	_mm256_alignr_epi8(v, _mm256_permute2x128_si256(before, v, 0x21), 16 - (count))

PART vector
vector_low_half(vector v)
{
	return vector_bits(v, 0x0f);
}

PART vector
vector_high_half(vector v)
{
	return vector_bits(_mm256_srli_epi16(v, 4), 0x0f);
}

/* For each byte of v, which is below 16, that of the table. */
PART vector
vector_look_up(const uint8_t table[16], vector v)
{
	__m128i once = _mm_loadu_si128((const __m128i *)(const void *)table);

	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(once), v);
}

PART vector
vector_and(vector a, vector b)
{
	return _mm256_and_si256(a, b);
}

PART vector
vector_differ(vector a, vector b)
{
	return _mm256_xor_si256(a, b);
}

/* What is left of each byte above this, and 0 of the others. */
PART vector
vector_beyond(vector v, uint8_t byte)
{
	return _mm256_subs_epu8(v, _mm256_set1_epi8((char)byte));
}

PART bool
vector_is_zero(vector v)
{
	return _mm256_testz_si256(v, v);
}

/* The high bits of the bytes of a block, the first one's lowest. */
PART uint64_t
block_mask(const vector v[VECTORS])
{
	return (uint32_t)_mm256_movemask_epi8(v[0]) | (uint64_t)(uint32_t)_mm256_movemask_epi8(v[1])
							  << 32;
}

#else

#define VECTORS                       4

typedef uint8x16_t vector;

PART vector
vector_load(const char *at)
{
	return vld1q_u8((const uint8_t *)at);
}

PART vector
vector_zero(void)
{
	return vdupq_n_u8(0);
}

PART vector
vector_or(vector a, vector b)
{
	return vorrq_u8(a, b);
}

/* All bits of a byte that is this one. */
PART vector
vector_equal(vector v, uint8_t byte)
{
	return vceqq_u8(v, vdupq_n_u8(byte));
}

PART vector
vector_bits(vector v, uint8_t bits)
{
	return vandq_u8(v, vdupq_n_u8(bits));
}

/* All bits of a byte that is at most this. */
PART vector
vector_at_most(vector v, uint8_t byte)
{
	return vcleq_u8(v, vdupq_n_u8(byte));
}

/* The bytes that stand `count` before those of v, of which the first follow `before`. */
#define vector_back(before, v, count) vextq_u8(before, v, 16 - (count))

PART vector
vector_low_half(vector v)
{
	return vector_bits(v, 0x0f);
}

PART vector
vector_high_half(vector v)
{
	return vshrq_n_u8(v, 4);
}

/* For each byte of v, which is below 16, that of the table. */
PART vector
vector_look_up(const uint8_t table[16], vector v)
{
	return vqtbl1q_u8(vld1q_u8(table), v);
}

PART vector
vector_and(vector a, vector b)
{
	return vandq_u8(a, b);
}

PART vector
vector_differ(vector a, vector b)
{
	return veorq_u8(a, b);
}

/* What is left of each byte above this, and 0 of the others. */
PART vector
vector_beyond(vector v, uint8_t byte)
{
	return vqsubq_u8(v, vdupq_n_u8(byte));
}

PART bool
vector_is_zero(vector v)
{
	return vmaxvq_u8(v) == 0;
}

/* The high bits of the bytes of a block, the first one's lowest: added up in pairs three times. */
PART uint64_t
block_mask(const vector v[VECTORS])
{
	static const int8_t places[16] = { -7, -6, -5, -4, -3, -2, -1, 0, -7, -6, -5, -4, -3, -2,
		-1, 0 };
	const int8x16_t place = vld1q_s8(places);
	vector bit[VECTORS];

	EACH_VECTOR (i)
		bit[i] = vshlq_u8(vector_bits(v[i], 0x80), place);
	bit[0] = vpaddq_u8(vpaddq_u8(bit[0], bit[1]), vpaddq_u8(bit[2], bit[3]));
	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(bit[0], bit[0])), 0);
}

#endif

#endif
#endif
