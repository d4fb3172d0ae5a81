/* SPDX-License-Identifier: Apache-2.0 */
/* nat.h - natural numbers: scalars up to 2^63 - 1, bignums beyond; arguments are borrowed. */
#ifndef LEANRT_NAT_H
#define LEANRT_NAT_H

#include <lean/rt/base.h>

LEAN_EXPORT lean_object *lean_nat_big_succ(lean_object *a);
LEAN_EXPORT lean_object *lean_nat_big_add(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_sub(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_mul(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_div(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_div_exact(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_mod(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_land(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_lor(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_xor(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_big_shiftr(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_nat_big_eq(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_nat_big_le(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_nat_big_lt(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_overflow_mul(size_t a, size_t b);
LEAN_EXPORT lean_object *lean_nat_shiftl(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_pow(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_gcd(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_nat_log2(lean_object *a);
LEAN_EXPORT lean_object *lean_nat_pred(lean_object *a);
LEAN_EXPORT lean_object *lean_cstr_to_nat(const char *digits);
LEAN_EXPORT lean_object *lean_big_usize_to_nat(size_t n);
LEAN_EXPORT lean_object *lean_big_uint64_to_nat(uint64_t n);

static inline lean_object *
lean_usize_to_nat(size_t n)
{
	return n <= LWL_MAX_SMALL_NAT ? lwl_box(n) : lean_big_usize_to_nat(n);
}

static inline lean_object *
lean_uint64_to_nat(uint64_t n)
{
	return lean_usize_to_nat(n);
}

static inline lean_object *
lean_unsigned_to_nat(unsigned n)
{
	return lwl_box(n);
}

static inline bool
leanrt_both_small(lean_object *a, lean_object *b)
{
	return LEAN_LIKELY(lwl_is_scalar(a) && lwl_is_scalar(b));
}

static inline lean_object *
lean_nat_succ(lean_object *a)
{
	return lwl_is_scalar(a) ? lean_usize_to_nat(lwl_unbox(a) + 1) : lean_nat_big_succ(a);
}

static inline lean_object *
lean_nat_add(lean_object *a, lean_object *b)
{
	if (!leanrt_both_small(a, b))
		return lean_nat_big_add(a, b);
	return lean_usize_to_nat(lwl_unbox(a) + lwl_unbox(b));
}

static inline lean_object *
lean_nat_sub(lean_object *a, lean_object *b)
{
	if (!leanrt_both_small(a, b))
		return lean_nat_big_sub(a, b);
	return lwl_box(lwl_unbox(a) > lwl_unbox(b) ? lwl_unbox(a) - lwl_unbox(b) : 0);
}

static inline lean_object *
lean_nat_mul(lean_object *a, lean_object *b)
{
	size_t n;

	if (!leanrt_both_small(a, b))
		return lean_nat_big_mul(a, b);
	if (__builtin_mul_overflow(lwl_unbox(a), lwl_unbox(b), &n))
		return lean_nat_overflow_mul(lwl_unbox(a), lwl_unbox(b));
	return lean_usize_to_nat(n);
}

static inline lean_object *
lean_nat_div(lean_object *a, lean_object *b)
{
	if (!leanrt_both_small(a, b))
		return lean_nat_big_div(a, b);
	return lwl_box(lwl_unbox(b) == 0 ? 0 : lwl_unbox(a) / lwl_unbox(b));
}

static inline lean_object *
lean_nat_div_exact(lean_object *a, lean_object *b)
{
	return lean_nat_div(a, b);
}

static inline lean_object *
lean_nat_mod(lean_object *a, lean_object *b)
{
	if (!leanrt_both_small(a, b))
		return lean_nat_big_mod(a, b);
	return lwl_box(lwl_unbox(b) == 0 ? lwl_unbox(a) : lwl_unbox(a) % lwl_unbox(b));
}

#define LEANRT_NAT_BITS(name, big, op)                                                             \
	static inline lean_object *lean_nat_##name(lean_object *a, lean_object *b)                 \
	{                                                                                          \
		if (!leanrt_both_small(a, b))                                                      \
			return lean_nat_big_##big(a, b);                                           \
		return lwl_box(lwl_unbox(a) op lwl_unbox(b));                                      \
	}
LEANRT_NAT_BITS(land, land, &)
LEANRT_NAT_BITS(lor, lor, |)
LEANRT_NAT_BITS(lxor, xor, ^)
#undef LEANRT_NAT_BITS

static inline lean_object *
lean_nat_shiftr(lean_object *a, lean_object *b)
{
	if (!leanrt_both_small(a, b))
		return lean_nat_big_shiftr(a, b);
	return lwl_box(lwl_unbox(b) < 64 ? lwl_unbox(a) >> lwl_unbox(b) : 0);
}

#define LEANRT_NAT_CMP(name, op)                                                                   \
	static inline bool lean_nat_##name(lean_object *a, lean_object *b)                         \
	{                                                                                          \
		if (!leanrt_both_small(a, b))                                                      \
			return lean_nat_big_##name(a, b);                                          \
		return lwl_unbox(a) op lwl_unbox(b);                                               \
	}                                                                                          \
	static inline uint8_t lean_nat_dec_##name(lean_object *a, lean_object *b)                  \
	{                                                                                          \
		return lean_nat_##name(a, b);                                                      \
	}
LEANRT_NAT_CMP(eq, ==)
LEANRT_NAT_CMP(le, <=)
LEANRT_NAT_CMP(lt, <)
#undef LEANRT_NAT_CMP

static inline bool
lean_nat_ne(lean_object *a, lean_object *b)
{
	return !lean_nat_eq(a, b);
}

#endif
