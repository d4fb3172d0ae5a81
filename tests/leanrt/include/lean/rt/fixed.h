/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixed.h - UInt8 … UInt64, USize and Int8 … Int64, ISize.
 *
 * Signed values travel in the unsigned C type of their width.  Everything wraps; a shift counts
 * modulo the width; division by zero gives 0 and a remainder by zero the dividend.
 */
#ifndef LEANRT_FIXED_H
#define LEANRT_FIXED_H

#include <lean/rt/int.h>
#include <lean/rt/nat.h>

/* One row per function: kept as a table. */
/* clang-format off */
/* lean_NAME(T a) and lean_NAME(T a, T b), one line each. */
#define LEANRT_FN1(R, name, T, value)						\
static inline R lean_##name(T a) { return (R)(value); }
#define LEANRT_FN2(R, name, T, value)						\
static inline R lean_##name(T a, T b) { return (R)(value); }

/* What does not depend on the sign. */
#define LEANRT_BITWISE(n, T)							\
LEANRT_FN2(T, n##_add, T, (uint64_t)a + b)					\
LEANRT_FN2(T, n##_sub, T, (uint64_t)a - b)					\
LEANRT_FN2(T, n##_mul, T, (uint64_t)a * b)					\
LEANRT_FN2(T, n##_land, T, a & b)						\
LEANRT_FN2(T, n##_lor, T, a | b)						\
LEANRT_FN2(T, n##_xor, T, a ^ b)						\
LEANRT_FN2(T, n##_shift_left, T, (uint64_t)a << (b % (8 * sizeof(T))))		\
LEANRT_FN1(T, n##_complement, T, ~(uint64_t)a)					\
LEANRT_FN1(T, n##_neg, T, 0 - (uint64_t)a)					\
LEANRT_FN2(uint8_t, n##_dec_eq, T, a == b)					\
LEANRT_FN1(T, bool_to_##n, uint8_t, a)

#define LEANRT_UINT(n, T)							\
LEANRT_BITWISE(n, T)								\
LEANRT_FN1(T, n##_of_nat, lean_object *, leanrt_nat_bits(a))			\
LEANRT_FN2(T, n##_div, T, b == 0 ? 0 : a / b)					\
LEANRT_FN2(T, n##_mod, T, b == 0 ? a : a % b)					\
LEANRT_FN2(T, n##_shift_right, T, a >> (b % (8 * sizeof(T))))			\
LEANRT_FN1(T, n##_log2, T, a == 0 ? 0 : 63 - __builtin_clzll(a))		\
LEANRT_FN2(uint8_t, n##_dec_lt, T, a < b)					\
LEANRT_FN2(uint8_t, n##_dec_le, T, a <= b)					\
static inline T									\
lean_##n##_of_nat_mk(lean_object *owned)					\
{										\
	T v = lean_##n##_of_nat(owned);						\
										\
	lean_dec(owned);							\
	return v;								\
}

LEANRT_UINT(uint8, uint8_t)
LEANRT_UINT(uint16, uint16_t)
LEANRT_UINT(uint32, uint32_t)
LEANRT_UINT(uint64, uint64_t)
LEANRT_UINT(usize, size_t)

LEANRT_FN1(lean_object *, uint8_to_nat, uint8_t, lwl_box(a))
LEANRT_FN1(lean_object *, uint16_to_nat, uint16_t, lwl_box(a))
LEANRT_FN1(lean_object *, uint32_to_nat, uint32_t, lwl_box(a))

/* In two's complement, the most negative number divided by -1 is itself. */
#define LEANRT_INT(n, T, S)							\
LEANRT_BITWISE(n, T)								\
LEANRT_FN1(T, n##_of_int, lean_object *, leanrt_int_bits(a))			\
LEANRT_FN1(T, n##_of_nat, lean_object *, leanrt_nat_bits(a))			\
LEANRT_FN2(T, n##_div, T, b == 0 ? 0 : (S)b == -1 ? (T)(0 - (uint64_t)a)	\
    : (T)((S)a / (S)b))								\
LEANRT_FN2(T, n##_mod, T, b == 0 ? a : (S)b == -1 ? 0 : (T)((S)a % (S)b))	\
LEANRT_FN2(T, n##_shift_right, T, (S)a >> (b % (8 * sizeof(T))))		\
LEANRT_FN1(T, n##_abs, T, (S)a < 0 ? 0 - (uint64_t)a : a)			\
LEANRT_FN2(uint8_t, n##_dec_lt, T, (S)a < (S)b)					\
LEANRT_FN2(uint8_t, n##_dec_le, T, (S)a <= (S)b)

LEANRT_INT(int8, uint8_t, int8_t)
LEANRT_INT(int16, uint16_t, int16_t)
LEANRT_INT(int32, uint32_t, int32_t)
LEANRT_INT(int64, uint64_t, int64_t)
LEANRT_INT(isize, size_t, ptrdiff_t)

/* The plain name of the widest one is taken by the C-level conversion. */
LEANRT_FN1(lean_object *, int8_to_int, uint8_t, lean_int64_to_int((int8_t)a))
LEANRT_FN1(lean_object *, int16_to_int, uint16_t, lean_int64_to_int((int16_t)a))
LEANRT_FN1(lean_object *, int32_to_int, uint32_t, lean_int64_to_int((int32_t)a))
LEANRT_FN1(lean_object *, int64_to_int_sint, uint64_t, lean_int64_to_int((int64_t)a))
LEANRT_FN1(lean_object *, isize_to_int, size_t, lean_int64_to_int((ptrdiff_t)a))

#define LEANRT_CONVERT(from, F, to, T)	LEANRT_FN1(T, from##_to_##to, F, a)
#define LEANRT_RESIZE(from, F, to, T, S)	LEANRT_FN1(T, from##_to_##to, F, (S)a)

LEANRT_CONVERT(uint8, uint8_t, uint16, uint16_t)
LEANRT_CONVERT(uint8, uint8_t, uint32, uint32_t)
LEANRT_CONVERT(uint8, uint8_t, uint64, uint64_t)
LEANRT_CONVERT(uint8, uint8_t, usize, size_t)
LEANRT_CONVERT(uint16, uint16_t, uint8, uint8_t)
LEANRT_CONVERT(uint16, uint16_t, uint32, uint32_t)
LEANRT_CONVERT(uint16, uint16_t, uint64, uint64_t)
LEANRT_CONVERT(uint16, uint16_t, usize, size_t)
LEANRT_CONVERT(uint32, uint32_t, uint8, uint8_t)
LEANRT_CONVERT(uint32, uint32_t, uint16, uint16_t)
LEANRT_CONVERT(uint32, uint32_t, uint64, uint64_t)
LEANRT_CONVERT(uint32, uint32_t, usize, size_t)
LEANRT_CONVERT(uint64, uint64_t, uint8, uint8_t)
LEANRT_CONVERT(uint64, uint64_t, uint16, uint16_t)
LEANRT_CONVERT(uint64, uint64_t, uint32, uint32_t)
LEANRT_CONVERT(uint64, uint64_t, usize, size_t)
LEANRT_CONVERT(usize, size_t, uint8, uint8_t)
LEANRT_CONVERT(usize, size_t, uint16, uint16_t)
LEANRT_CONVERT(usize, size_t, uint32, uint32_t)
LEANRT_CONVERT(usize, size_t, uint64, uint64_t)

LEANRT_RESIZE(int8, uint8_t, int16, uint16_t, int8_t)
LEANRT_RESIZE(int8, uint8_t, int32, uint32_t, int8_t)
LEANRT_RESIZE(int8, uint8_t, int64, uint64_t, int8_t)
LEANRT_RESIZE(int8, uint8_t, isize, size_t, int8_t)
LEANRT_RESIZE(int16, uint16_t, int8, uint8_t, int16_t)
LEANRT_RESIZE(int16, uint16_t, int32, uint32_t, int16_t)
LEANRT_RESIZE(int16, uint16_t, int64, uint64_t, int16_t)
LEANRT_RESIZE(int16, uint16_t, isize, size_t, int16_t)
LEANRT_RESIZE(int32, uint32_t, int8, uint8_t, int32_t)
LEANRT_RESIZE(int32, uint32_t, int16, uint16_t, int32_t)
LEANRT_RESIZE(int32, uint32_t, int64, uint64_t, int32_t)
LEANRT_RESIZE(int32, uint32_t, isize, size_t, int32_t)
LEANRT_RESIZE(int64, uint64_t, int8, uint8_t, int64_t)
LEANRT_RESIZE(int64, uint64_t, int16, uint16_t, int64_t)
LEANRT_RESIZE(int64, uint64_t, int32, uint32_t, int64_t)
LEANRT_RESIZE(int64, uint64_t, isize, size_t, int64_t)
LEANRT_RESIZE(isize, size_t, int8, uint8_t, ptrdiff_t)
LEANRT_RESIZE(isize, size_t, int16, uint16_t, ptrdiff_t)
LEANRT_RESIZE(isize, size_t, int32, uint32_t, ptrdiff_t)
LEANRT_RESIZE(isize, size_t, int64, uint64_t, ptrdiff_t)

#undef LEANRT_BITWISE
#undef LEANRT_CONVERT
#undef LEANRT_FN1
#undef LEANRT_FN2
#undef LEANRT_INT
#undef LEANRT_RESIZE
#undef LEANRT_UINT
/* clang-format on */

static inline uint8_t
lean_strict_or(uint8_t a, uint8_t b)
{
	return a | b;
}

static inline uint8_t
lean_strict_and(uint8_t a, uint8_t b)
{
	return a & b;
}

LEAN_EXPORT uint64_t lean_uint64_mix_hash(uint64_t a, uint64_t b);

#endif
