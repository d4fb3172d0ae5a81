/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash.c - the 64-bit Murmur hash (variant A) of bytes, and Lean's way to mix two hashes, which
 * ends its scrambling with the constant where Murmur multiplies.
 */
#include <string.h>

#include "rt.h"

#define M UINT64_C(0xc6a4a7935bd1e995)
#define R 47

uint64_t
rt_hash(const void *data, size_t size, uint64_t seed)
{
	const unsigned char *p = data;
	uint64_t h = seed ^ (size * M), k;
	size_t left = size;

	for (; left >= 8; left -= 8, p += 8) {
		memcpy(&k, p, 8);
		k *= M;
		k ^= k >> R;
		h = (h ^ k * M) * M;
	}
	if (left > 0) {
		k = 0;
		memcpy(&k, p, left);
		h = (h ^ k) * M;
	}
	h = (h ^ h >> R) * M;
	return h ^ h >> R;
}

uint64_t
lean_uint64_mix_hash(uint64_t a, uint64_t b)
{
	b *= M;
	b ^= b >> R;
	b ^= M;
	return (a ^ b) * M;
}

uint64_t
lean_byte_array_hash(lean_object *o)
{
	lwl_sarray *a = leanrt_sarray(o, 1, __func__);

	return rt_hash(a->m_data, a->m_size, 11);
}
