/* SPDX-License-Identifier: Apache-2.0 */
/* big.c - between scalars, bignum objects and GMP. */
#include <stdlib.h>

#include "big.h"

static mpz_ptr
value_of(lean_object *o)
{
	return ((struct big *)leanrt_want(o, LWL_TAG_MPZ, "bignum", __func__))->value;
}

void
big_of_nat(lean_object *a, struct operand *ret_operand)
{
	if (lwl_is_scalar(a))
		mpz_init_set_ui(ret_operand->made, lwl_unbox(a));
	else
		mpz_init(ret_operand->made);
	ret_operand->value = lwl_is_scalar(a) ? ret_operand->made : value_of(a);
}

void
big_of_int(lean_object *a, struct operand *ret_operand)
{
	if (lwl_is_scalar(a))
		mpz_init_set_si(ret_operand->made, (int32_t)(uint32_t)lwl_unbox(a));
	else
		mpz_init(ret_operand->made);
	ret_operand->value = lwl_is_scalar(a) ? ret_operand->made : value_of(a);
}

void
big_done(struct operand *x)
{
	mpz_clear(x->made);
}

static lean_object *
boxed(mpz_ptr z, lean_object *scalar)
{
	mpz_clear(z);
	return scalar;
}

static lean_object *
object(mpz_ptr z)
{
	struct big *b = (struct big *)lean_alloc_object(sizeof *b);

	leanrt_set_header(&b->m_header, LWL_TAG_MPZ, 0);
	*b->value = *z;
	return &b->m_header;
}

lean_object *
big_to_nat(mpz_ptr z)
{
	if (mpz_sgn(z) < 0)
		leanrt_die("a natural number below zero");
	if (mpz_fits_slong_p(z))
		return boxed(z, lwl_box(mpz_get_ui(z)));
	return object(z);
}

lean_object *
big_to_int(mpz_ptr z)
{
	if (mpz_fits_sint_p(z))
		return boxed(z, lwl_box((uint32_t)mpz_get_si(z)));
	return object(z);
}

void
rt_mpz_clear(lean_object *o)
{
	mpz_clear(value_of(o));
}

/* Two's complement: what an infinite row of sign bits leaves in the lowest 64. */
uint64_t
big_low_bits(mpz_srcptr z)
{
	uint64_t low = mpz_get_ui(z);

	return mpz_sgn(z) < 0 ? 0 - low : low;
}

uint64_t
leanrt_nat_bits(lean_object *a)
{
	return lwl_is_scalar(a) ? lwl_unbox(a) : big_low_bits(value_of(a));
}

uint64_t
leanrt_int_bits(lean_object *a)
{
	if (lwl_is_scalar(a))
		return (uint64_t)(int64_t)(int32_t)(uint32_t)lwl_unbox(a);
	return big_low_bits(value_of(a));
}

lean_object *
big_repr(lean_object *nat)
{
	char *digits;
	lean_object *s;

	if (lwl_is_scalar(nat))
		return lean_string_of_usize(lwl_unbox(nat));
	digits = mpz_get_str(NULL, 10, value_of(nat));
	s = lean_mk_string(digits);
	free(digits);
	return s;
}
