/* SPDX-License-Identifier: Apache-2.0 */
/* int.c - integers, all of them by way of GMP. */
#include "big.h"

lean_object *
lean_int64_to_int(int64_t n)
{
	mpz_t z;

	mpz_init_set_si(z, n);
	return big_to_int(z);
}

lean_object *
lean_int_to_int(int n)
{
	return lean_int64_to_int(n);
}

lean_object *
lean_big_int_to_int(int n)
{
	return lean_int64_to_int(n);
}

lean_object *
lean_big_int64_to_int(int64_t n)
{
	return lean_int64_to_int(n);
}

lean_object *
lean_cstr_to_int(const char *digits)
{
	mpz_t z;

	if (mpz_init_set_str(z, digits, 10) != 0)
		leanrt_die("no number: \"%s\"", digits);
	return big_to_int(z);
}

typedef void int_op(mpz_ptr, mpz_srcptr, mpz_srcptr);

static lean_object *
binary(lean_object *a, lean_object *b, int_op *op)
{
	struct operand x, y;
	mpz_t z;

	big_of_int(a, &x);
	big_of_int(b, &y);
	mpz_init(z);
	op(z, x.value, y.value);
	big_done(&x);
	big_done(&y);
	return big_to_int(z);
}

/* Division by zero: quotient 0, remainder the dividend. */
static void
tdiv(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) != 0)
		mpz_tdiv_q(z, x, y);
}

static void
tmod(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) != 0)
		mpz_tdiv_r(z, x, y);
	else
		mpz_set(z, x);
}

/* The remainder is not negative: round down by a positive divisor, up by a negative one. */
static void
ediv(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) > 0)
		mpz_fdiv_q(z, x, y);
	else if (mpz_sgn(y) < 0)
		mpz_cdiv_q(z, x, y);
}

static void
emod(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) != 0)
		mpz_mod(z, x, y);
	else
		mpz_set(z, x);
}

#define BINARY(name, op)                                                                           \
	lean_object *lean_int_##name(lean_object *a, lean_object *b)                               \
	{                                                                                          \
		return binary(a, b, op);                                                           \
	}
BINARY(add, mpz_add)
BINARY(sub, mpz_sub)
BINARY(mul, mpz_mul)
BINARY(div, tdiv)
BINARY(div_exact, tdiv)
BINARY(mod, tmod)
BINARY(ediv, ediv)
BINARY(emod, emod)

lean_object *
lean_int_neg(lean_object *a)
{
	return lean_int_sub(lwl_box(0), a);
}

static int
compare(lean_object *a, lean_object *b)
{
	struct operand x, y;
	int r;

	big_of_int(a, &x);
	big_of_int(b, &y);
	r = mpz_cmp(x.value, y.value);
	big_done(&x);
	big_done(&y);
	return r;
}

#define COMPARE(name, op)                                                                          \
	bool lean_int_##name(lean_object *a, lean_object *b)                                       \
	{                                                                                          \
		return compare(a, b) op 0;                                                         \
	}
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(le, <=)
COMPARE(lt, <)

uint8_t
lean_int_dec_eq(lean_object *a, lean_object *b)
{
	return lean_int_eq(a, b);
}

uint8_t
lean_int_dec_le(lean_object *a, lean_object *b)
{
	return lean_int_le(a, b);
}

uint8_t
lean_int_dec_lt(lean_object *a, lean_object *b)
{
	return lean_int_lt(a, b);
}

uint8_t
lean_int_dec_nonneg(lean_object *a)
{
	return compare(a, lwl_box(0)) >= 0;
}

lean_object *
lean_nat_abs(lean_object *a)
{
	struct operand x;
	mpz_t z;

	big_of_int(a, &x);
	mpz_init(z);
	mpz_abs(z, x.value);
	big_done(&x);
	return big_to_nat(z);
}

lean_object *
lean_int_to_nat(lean_object *owned_a)
{
	lean_object *n = lean_int_dec_nonneg(owned_a) ? lean_nat_abs(owned_a) : lwl_box(0);

	lean_dec(owned_a);
	return n;
}

lean_object *
lean_nat_to_int(lean_object *owned_a)
{
	struct operand x;
	mpz_t z;

	big_of_nat(owned_a, &x);
	mpz_init_set(z, x.value);
	big_done(&x);
	lean_dec(owned_a);
	return big_to_int(z);
}

lean_object *
lean_int_neg_succ_of_nat(lean_object *owned_a)
{
	lean_object *i = lean_nat_to_int(owned_a);
	lean_object *r = lean_int_sub(lean_int_to_int(-1), i);

	lean_dec(i);
	return r;
}
