/* SPDX-License-Identifier: Apache-2.0 */
/*
 * int.h - integers: scalars that fit an int32, bignums beyond; arguments are borrowed except
 * where a prototype says otherwise.  No fast paths: nothing that we run is bound by them.
 */
#ifndef LEANRT_INT_H
#define LEANRT_INT_H

#include <lean/rt/base.h>

LEAN_EXPORT lean_object *lean_int_to_int(int n);
LEAN_EXPORT lean_object *lean_int64_to_int(int64_t n);
LEAN_EXPORT lean_object *lean_big_int_to_int(int n);
LEAN_EXPORT lean_object *lean_big_int64_to_int(int64_t n);
LEAN_EXPORT lean_object *lean_cstr_to_int(const char *digits);
LEAN_EXPORT lean_object *lean_nat_to_int(lean_object *owned_a);
LEAN_EXPORT lean_object *lean_int_neg_succ_of_nat(lean_object *owned_a);
LEAN_EXPORT lean_object *lean_int_to_nat(lean_object *owned_a);
LEAN_EXPORT lean_object *lean_nat_abs(lean_object *a);
LEAN_EXPORT lean_object *lean_int_neg(lean_object *a);
LEAN_EXPORT lean_object *lean_int_add(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_sub(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_mul(lean_object *a, lean_object *b);
/* div and mod round towards zero, ediv and emod leave a remainder that is not negative. */
LEAN_EXPORT lean_object *lean_int_div(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_div_exact(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_mod(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_ediv(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_int_emod(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_int_eq(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_int_ne(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_int_le(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_int_lt(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_int_dec_eq(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_int_dec_le(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_int_dec_lt(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_int_dec_nonneg(lean_object *a);

/* The low 64 bits of a Nat or an Int, in two's complement. */
LEAN_EXPORT uint64_t leanrt_nat_bits(lean_object *a);
LEAN_EXPORT uint64_t leanrt_int_bits(lean_object *a);

#endif
