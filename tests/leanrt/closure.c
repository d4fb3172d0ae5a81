/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closure.c - partial application.  A code pointer takes its arguments one by one up to sixteen,
 * and as one array beyond that.
 */
#include <string.h>

#include "rt.h"

#define ARITY_MAX 64

typedef lean_object *O;

lean_object *
lean_alloc_closure(void *fun, unsigned arity, unsigned num_fixed)
{
	lwl_closure *c;

	if (arity == 0 || num_fixed >= arity || arity > ARITY_MAX)
		leanrt_die("no closure has arity %u and %u arguments", arity, num_fixed);
	c = (lwl_closure *)lean_alloc_object(sizeof *c + num_fixed * sizeof(void *));
	leanrt_set_header(&c->m_header, LWL_TAG_CLOSURE, 0);
	c->m_fun = fun;
	c->m_arity = (uint16_t)arity;
	c->m_num_fixed = (uint16_t)num_fixed;
	return &c->m_header;
}

/* ISO C has no cast from a data pointer to a function: the union is the ABI's own assumption. */
/* clang-format off */
union code {
	void	*p;
	O	(*f1)(O);
	O	(*f2)(O, O);
	O	(*f3)(O, O, O);
	O	(*f4)(O, O, O, O);
	O	(*f5)(O, O, O, O, O);
	O	(*f6)(O, O, O, O, O, O);
	O	(*f7)(O, O, O, O, O, O, O);
	O	(*f8)(O, O, O, O, O, O, O, O);
	O	(*f9)(O, O, O, O, O, O, O, O, O);
	O	(*f10)(O, O, O, O, O, O, O, O, O, O);
	O	(*f11)(O, O, O, O, O, O, O, O, O, O, O);
	O	(*f12)(O, O, O, O, O, O, O, O, O, O, O, O);
	O	(*f13)(O, O, O, O, O, O, O, O, O, O, O, O, O);
	O	(*f14)(O, O, O, O, O, O, O, O, O, O, O, O, O, O);
	O	(*f15)(O, O, O, O, O, O, O, O, O, O, O, O, O, O, O);
	O	(*f16)(O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O);
	O	(*many)(O *);
};
/* clang-format on */

#define A4(i) a[i], a[i + 1], a[i + 2], a[i + 3]

/* clang-format off */
static O
call(union code c, unsigned n, O *a)
{
	switch (n) {
	case 1:	return c.f1(a[0]);
	case 2:	return c.f2(a[0], a[1]);
	case 3:	return c.f3(a[0], a[1], a[2]);
	case 4:	return c.f4(A4(0));
	case 5:	return c.f5(A4(0), a[4]);
	case 6:	return c.f6(A4(0), a[4], a[5]);
	case 7:	return c.f7(A4(0), a[4], a[5], a[6]);
	case 8:	return c.f8(A4(0), A4(4));
	case 9:	return c.f9(A4(0), A4(4), a[8]);
	case 10: return c.f10(A4(0), A4(4), a[8], a[9]);
	case 11: return c.f11(A4(0), A4(4), a[8], a[9], a[10]);
	case 12: return c.f12(A4(0), A4(4), A4(8));
	case 13: return c.f13(A4(0), A4(4), A4(8), a[12]);
	case 14: return c.f14(A4(0), A4(4), A4(8), a[12], a[13]);
	case 15: return c.f15(A4(0), A4(4), A4(8), a[12], a[13], a[14]);
	case 16: return c.f16(A4(0), A4(4), A4(8), A4(12));
	default: return c.many(a);
	}
}
/* clang-format on */

static void
copy_fixed(lwl_closure *c, O *to)
{
	for (unsigned i = 0; i < c->m_num_fixed; i++) {
		to[i] = c->m_objs[i];
		lean_inc(to[i]);
	}
}

static O
extend(O f, unsigned n, O *args)
{
	lwl_closure *c = lean_to_closure(f);
	O longer = lean_alloc_closure(c->m_fun, c->m_arity, c->m_num_fixed + n);
	lwl_closure *d = lean_to_closure(longer);

	copy_fixed(c, d->m_objs);
	memcpy(d->m_objs + c->m_num_fixed, args, n * sizeof *args);
	lean_dec(f);
	return longer;
}

/* With exactly the arguments that are missing. */
static O
saturate(O f, O *args)
{
	lwl_closure *c = lean_to_closure(f);
	unsigned arity = c->m_arity;
	union code code = { .p = c->m_fun };
	O a[ARITY_MAX];

	copy_fixed(c, a);
	memcpy(a + c->m_num_fixed, args, (arity - c->m_num_fixed) * sizeof *args);
	lean_dec(f);
	return call(code, arity, a);
}

lean_object *
lean_apply_n(lean_object *f, unsigned n, lean_object **args)
{
	while (n > 0) {
		unsigned missing = lean_closure_arity(f) - lean_closure_num_fixed(f);

		if (n < missing)
			return extend(f, n, args);
		f = saturate(f, args);
		args += missing;
		n -= missing;
	}
	return f;
}

lean_object *
lean_apply_m(lean_object *f, unsigned n, lean_object **args)
{
	return lean_apply_n(f, n, args);
}

/* clang-format off */
#define APPLY(n, params, list)				\
lean_object *						\
lean_apply_##n params					\
{							\
	O args[] = list;				\
							\
	return lean_apply_n(f, n, args);		\
}
#define LIST(...)	{ __VA_ARGS__ }

APPLY(1, (O f, O a), LIST(a))
APPLY(2, (O f, O a, O b), LIST(a, b))
APPLY(3, (O f, O a, O b, O c), LIST(a, b, c))
APPLY(4, (O f, O a, O b, O c, O d), LIST(a, b, c, d))
APPLY(5, (O f, O a, O b, O c, O d, O e), LIST(a, b, c, d, e))
APPLY(6, (O f, O a, O b, O c, O d, O e, O g), LIST(a, b, c, d, e, g))
APPLY(7, (O f, O a, O b, O c, O d, O e, O g, O h), LIST(a, b, c, d, e, g, h))
APPLY(8, (O f, O a, O b, O c, O d, O e, O g, O h, O i), LIST(a, b, c, d, e, g, h, i))
APPLY(9, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j), LIST(a, b, c, d, e, g, h, i, j))
APPLY(10, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k),
    LIST(a, b, c, d, e, g, h, i, j, k))
APPLY(11, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l),
    LIST(a, b, c, d, e, g, h, i, j, k, l))
APPLY(12, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l, O m),
    LIST(a, b, c, d, e, g, h, i, j, k, l, m))
APPLY(13, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l, O m, O n),
    LIST(a, b, c, d, e, g, h, i, j, k, l, m, n))
APPLY(14, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l, O m, O n, O o),
    LIST(a, b, c, d, e, g, h, i, j, k, l, m, n, o))
APPLY(15, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l, O m, O n, O o, O p),
    LIST(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p))
APPLY(16, (O f, O a, O b, O c, O d, O e, O g, O h, O i, O j, O k, O l, O m, O n, O o, O p, O q),
    LIST(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q))
/* clang-format on */
