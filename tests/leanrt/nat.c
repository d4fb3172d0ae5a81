/* SPDX-License-Identifier: Apache-2.0 */
/* nat.c - natural numbers where one of them is no scalar, or the result is none. */
#include "big.h"

/* A shift by more is an allocation that no test means. */
#define SHIFT_MAX ((size_t)1 << 32)

typedef void nat_op(mpz_ptr, mpz_srcptr, mpz_srcptr);

static lean_object *
binary(lean_object *a, lean_object *b, nat_op *op)
{
	struct operand x, y;
	mpz_t z;

	big_of_nat(a, &x);
	big_of_nat(b, &y);
	mpz_init(z);
	op(z, x.value, y.value);
	big_done(&x);
	big_done(&y);
	return big_to_nat(z);
}

static void
sub_saturating(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	mpz_sub(z, x, y);
	if (mpz_sgn(z) < 0)
		mpz_set_ui(z, 0);
}

static void
div_total(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) != 0)
		mpz_tdiv_q(z, x, y);
}

static void
mod_total(mpz_ptr z, mpz_srcptr x, mpz_srcptr y)
{
	if (mpz_sgn(y) != 0)
		mpz_tdiv_r(z, x, y);
	else
		mpz_set(z, x);
}

#define BINARY(name, op)                                                                           \
	lean_object *lean_nat_##name(lean_object *a, lean_object *b)                               \
	{                                                                                          \
		return binary(a, b, op);                                                           \
	}
BINARY(big_add, mpz_add)
BINARY(big_sub, sub_saturating)
BINARY(big_mul, mpz_mul)
BINARY(big_div, div_total)
BINARY(big_div_exact, div_total)
BINARY(big_mod, mod_total)
BINARY(big_land, mpz_and)
BINARY(big_lor, mpz_ior)
BINARY(big_xor, mpz_xor)
BINARY(gcd, mpz_gcd)

lean_object *
lean_nat_big_succ(lean_object *a)
{
	return lean_nat_big_add(a, lwl_box(1));
}

lean_object *
lean_nat_pred(lean_object *a)
{
	return lean_nat_sub(a, lwl_box(1));
}

static int
compare(lean_object *a, lean_object *b)
{
	struct operand x, y;
	int r;

	big_of_nat(a, &x);
	big_of_nat(b, &y);
	r = mpz_cmp(x.value, y.value);
	big_done(&x);
	big_done(&y);
	return r;
}

bool
lean_nat_big_eq(lean_object *a, lean_object *b)
{
	return compare(a, b) == 0;
}

bool
lean_nat_big_le(lean_object *a, lean_object *b)
{
	return compare(a, b) <= 0;
}

bool
lean_nat_big_lt(lean_object *a, lean_object *b)
{
	return compare(a, b) < 0;
}

static lean_object *
of_ui(unsigned long n)
{
	mpz_t z;

	mpz_init_set_ui(z, n);
	return big_to_nat(z);
}

lean_object *
lean_big_usize_to_nat(size_t n)
{
	return of_ui(n);
}

lean_object *
lean_big_uint64_to_nat(uint64_t n)
{
	return of_ui(n);
}

lean_object *
lean_cstr_to_nat(const char *digits)
{
	mpz_t z;

	if (mpz_init_set_str(z, digits, 10) != 0)
		leanrt_die("no number: \"%s\"", digits);
	return big_to_nat(z);
}

lean_object *
lean_nat_overflow_mul(size_t a, size_t b)
{
	mpz_t z;

	mpz_init_set_ui(z, a);
	mpz_mul_ui(z, z, b);
	return big_to_nat(z);
}

static size_t
bits(lean_object *n)
{
	if (!lwl_is_scalar(n) || lwl_unbox(n) > SHIFT_MAX)
		lean_internal_panic_out_of_memory();
	return lwl_unbox(n);
}

static void
shift_left(mpz_ptr z, mpz_srcptr x, mpz_srcptr n)
{
	mpz_mul_2exp(z, x, mpz_get_ui(n));
}

lean_object *
lean_nat_shiftl(lean_object *a, lean_object *n)
{
	return binary(a, lwl_box(bits(n)), shift_left);
}

static void
shift_right(mpz_ptr z, mpz_srcptr x, mpz_srcptr n)
{
	if (mpz_fits_ulong_p(n))
		mpz_fdiv_q_2exp(z, x, mpz_get_ui(n));
}

lean_object *
lean_nat_big_shiftr(lean_object *a, lean_object *n)
{
	return binary(a, n, shift_right);
}

static void
power(mpz_ptr z, mpz_srcptr x, mpz_srcptr n)
{
	mpz_pow_ui(z, x, mpz_get_ui(n));
}

lean_object *
lean_nat_pow(lean_object *a, lean_object *n)
{
	return binary(a, lwl_box(bits(n)), power);
}

lean_object *
lean_nat_log2(lean_object *a)
{
	struct operand x;
	size_t n;

	big_of_nat(a, &x);
	n = mpz_sgn(x.value) == 0 ? 0 : mpz_sizeinbase(x.value, 2) - 1;
	big_done(&x);
	return lwl_box(n);
}

double
lean_float_of_nat(lean_object *a)
{
	struct operand x;
	double d;

	if (lwl_is_scalar(a))
		return (double)lwl_unbox(a);
	big_of_nat(a, &x);
	d = mpz_get_d(x.value);
	big_done(&x);
	return d;
}
