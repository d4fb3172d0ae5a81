/* SPDX-License-Identifier: Apache-2.0 */
/* float.c - floats as text, as bits and as integers. */
#include <math.h>
#include <string.h>

#include "rt.h"

uint64_t
leanrt_float_to_u(double a, uint64_t max)
{
	if (!(a >= 0))
		return 0;
	return a < (double)max + 1 ? (uint64_t)a : max;
}

int64_t
leanrt_float_to_s(double a, int64_t max)
{
	double end = (double)max + 1;

	if (a != a)
		return 0;
	if (a >= end)
		return max;
	return a > -end ? (int64_t)a : -max - 1;
}

lean_object *
lean_float_to_string(double a)
{
	return a != a ? lean_mk_string("NaN") : rt_stringf("%f", a);
}

lean_object *
lean_float32_to_string(float a)
{
	return lean_float_to_string((double)a);
}

/* One NaN only: bits of others would differ between machines. */
double
lean_float_of_bits(uint64_t bits)
{
	double a;

	memcpy(&a, &bits, sizeof a);
	return a != a ? (double)NAN : a;
}

uint64_t
lean_float_to_bits(double a)
{
	uint64_t bits;

	memcpy(&bits, &a, sizeof bits);
	return a != a ? UINT64_C(0x7ff8000000000000) : bits;
}

float
lean_float32_of_bits(uint32_t bits)
{
	float a;

	memcpy(&a, &bits, sizeof a);
	return a != a ? NAN : a;
}

uint32_t
lean_float32_to_bits(float a)
{
	uint32_t bits;

	memcpy(&bits, &a, sizeof bits);
	return a != a ? UINT32_C(0x7fc00000) : bits;
}
