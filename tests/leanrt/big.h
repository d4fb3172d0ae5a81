/* SPDX-License-Identifier: Apache-2.0 */
/* big.h - bignum objects: a header and a GMP integer behind it, like those of a real runtime. */
#ifndef LEANRT_BIG_H
#define LEANRT_BIG_H

#include <gmp.h>

#include "rt.h"

struct big {
	lean_object m_header;
	mpz_t value;
};

/* A number as GMP sees it: borrowed from a bignum, or made from a scalar.  See big_done(). */
struct operand {
	mpz_t made;
	mpz_srcptr value;
};

void big_of_nat(lean_object *a, struct operand *ret_operand);
void big_of_int(lean_object *a, struct operand *ret_operand);
void big_done(struct operand *x);

/* Both consume z: a scalar where it fits, else a bignum that takes its limbs. */
lean_object *big_to_nat(mpz_ptr z);
lean_object *big_to_int(mpz_ptr z);

uint64_t big_low_bits(mpz_srcptr z);
lean_object *big_repr(lean_object *nat);

#endif
