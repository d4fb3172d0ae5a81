/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctor.h - constructors, boxed scalars, IO results, closures.
 *
 * Scalar fields follow the object fields; offsets are relative to the first object field.  The
 * size of the scalar area is not in the header: an access past it is left to the guard bytes,
 * to AddressSanitizer and to memcheck.
 */
#ifndef LEANRT_CTOR_H
#define LEANRT_CTOR_H

#include <string.h>

#include <lean/rt/base.h>

static inline lwl_ctor *
leanrt_ctor(lean_object *o, const char *who)
{
	if (LEAN_UNLIKELY(lwl_is_scalar(o) || o == NULL || o->m_tag > LWL_TAG_MAX_CTOR))
		leanrt_bad_kind(o, "constructor", who);
	return (lwl_ctor *)o;
}

static inline unsigned
lean_ctor_num_objs(lean_object *o)
{
	return leanrt_ctor(o, __func__)->m_header.m_other;
}

static inline lean_object **
lean_ctor_obj_cptr(lean_object *o)
{
	return leanrt_ctor(o, __func__)->m_objs;
}

static inline uint8_t *
lean_ctor_scalar_cptr(lean_object *o)
{
	return (uint8_t *)(lean_ctor_obj_cptr(o) + lean_ctor_num_objs(o));
}

LEAN_EXPORT lean_object *lean_alloc_ctor(unsigned tag, unsigned num_objs, unsigned scalar_size);

static inline lean_object *
lean_ctor_get(lean_object *o, unsigned i)
{
	lwl_ctor *c = leanrt_ctor(o, __func__);

	return c->m_objs[leanrt_within(o, i, c->m_header.m_other, __func__)];
}

static inline void
lean_ctor_set(lean_object *o, unsigned i, lean_object *v)
{
	lwl_ctor *c = leanrt_ctor(o, __func__);

	c->m_objs[leanrt_within(o, i, c->m_header.m_other, __func__)] = v;
}

static inline void
lean_ctor_set_tag(lean_object *o, uint8_t tag)
{
	leanrt_ctor(o, __func__)->m_header.m_tag = tag;
}

static inline void
lean_ctor_release(lean_object *o, unsigned i)
{
	lean_dec(lean_ctor_get(o, i));
	lean_ctor_set(o, i, lwl_box(0));
}

static inline uint8_t *
leanrt_scalar_at(lean_object *o, size_t offset, const char *who)
{
	lwl_ctor *c = leanrt_ctor(o, who);

	if (LEAN_UNLIKELY(offset < c->m_header.m_other * sizeof(void *)))
		leanrt_bad_index(o, offset, c->m_header.m_other * sizeof(void *), who);
	return (uint8_t *)c->m_objs + offset;
}

#define LEANRT_CTOR_SCALAR(name, type)                                                             \
	static inline type lean_ctor_get_##name(lean_object *o, unsigned offset)                   \
	{                                                                                          \
		type v;                                                                            \
                                                                                                   \
		memcpy(&v, leanrt_scalar_at(o, offset, __func__), sizeof v);                       \
		return v;                                                                          \
	}                                                                                          \
	static inline void lean_ctor_set_##name(lean_object *o, unsigned offset, type v)           \
	{                                                                                          \
		memcpy(leanrt_scalar_at(o, offset, __func__), &v, sizeof v);                       \
	}
LEANRT_CTOR_SCALAR(uint8, uint8_t)
LEANRT_CTOR_SCALAR(uint16, uint16_t)
LEANRT_CTOR_SCALAR(uint32, uint32_t)
LEANRT_CTOR_SCALAR(uint64, uint64_t)
LEANRT_CTOR_SCALAR(float, double)
LEANRT_CTOR_SCALAR(float32, float)
#undef LEANRT_CTOR_SCALAR

/* The one scalar that is addressed in words, objects counted in. */
static inline size_t
lean_ctor_get_usize(lean_object *o, unsigned i)
{
	size_t v;

	memcpy(&v, leanrt_scalar_at(o, i * sizeof(void *), __func__), sizeof v);
	return v;
}

static inline void
lean_ctor_set_usize(lean_object *o, unsigned i, size_t v)
{
	memcpy(leanrt_scalar_at(o, i * sizeof(void *), __func__), &v, sizeof v);
}

/* What does not fit a scalar slot is a constructor without object fields. */
#define LEANRT_BOXED(name, type)                                                                   \
	static inline lean_object *lean_box_##name(type v)                                         \
	{                                                                                          \
		lean_object *o = lean_alloc_ctor(0, 0, sizeof v);                                  \
                                                                                                   \
		lean_ctor_set_##name(o, 0, v);                                                     \
		return o;                                                                          \
	}                                                                                          \
	static inline type lean_unbox_##name(lean_object *o)                                       \
	{                                                                                          \
		return lean_ctor_get_##name(o, 0);                                                 \
	}
LEANRT_BOXED(uint64, uint64_t)
LEANRT_BOXED(usize, size_t)
LEANRT_BOXED(float, double)
LEANRT_BOXED(float32, float)
#undef LEANRT_BOXED

static inline lean_object *
lean_box_uint32(uint32_t v)
{
	return lwl_box(v);
}

static inline unsigned
lean_unbox_uint32(lean_object *o)
{
	return (unsigned)lean_unbox(o);
}

static inline lean_object *
lean_io_mk_world(void)
{
	return lwl_box(0);
}

static inline bool
lean_io_result_is_ok(lean_object *r)
{
	return lean_ptr_tag(r) == 0;
}

static inline bool
lean_io_result_is_error(lean_object *r)
{
	return lean_ptr_tag(r) == 1;
}

LEAN_EXPORT lean_object *lean_io_result_get_value(lean_object *r);
LEAN_EXPORT lean_object *lean_io_result_get_error(lean_object *r);
LEAN_EXPORT lean_object *lean_io_result_take_value(lean_object *r);
LEAN_EXPORT lean_object *lean_io_result_mk_ok(lean_object *value);
LEAN_EXPORT lean_object *lean_io_result_mk_error(lean_object *error);

static inline lwl_closure *
lean_to_closure(lean_object *o)
{
	return (lwl_closure *)leanrt_want(o, LWL_TAG_CLOSURE, "closure", __func__);
}

static inline void *
lean_closure_fun(lean_object *o)
{
	return lean_to_closure(o)->m_fun;
}

static inline unsigned
lean_closure_arity(lean_object *o)
{
	return lean_to_closure(o)->m_arity;
}

static inline unsigned
lean_closure_num_fixed(lean_object *o)
{
	return lean_to_closure(o)->m_num_fixed;
}

static inline lean_object **
lean_closure_arg_cptr(lean_object *o)
{
	return lean_to_closure(o)->m_objs;
}

LEAN_EXPORT lean_object *lean_alloc_closure(void *fun, unsigned arity, unsigned num_fixed);

static inline lean_object *
lean_closure_get(lean_object *o, unsigned i)
{
	lwl_closure *c = lean_to_closure(o);

	return c->m_objs[leanrt_within(o, i, c->m_num_fixed, __func__)];
}

static inline void
lean_closure_set(lean_object *o, unsigned i, lean_object *v)
{
	lwl_closure *c = lean_to_closure(o);

	c->m_objs[leanrt_within(o, i, c->m_num_fixed, __func__)] = v;
}

/* apply: f and the arguments are consumed. */
#define LEANRT_A1 lean_object *
#define LEANRT_A2 LEANRT_A1, LEANRT_A1
#define LEANRT_A3 LEANRT_A2, LEANRT_A1
#define LEANRT_A4 LEANRT_A2, LEANRT_A2
#define LEANRT_A8 LEANRT_A4, LEANRT_A4
LEAN_EXPORT lean_object *lean_apply_1(lean_object *f, LEANRT_A1);
LEAN_EXPORT lean_object *lean_apply_2(lean_object *f, LEANRT_A2);
LEAN_EXPORT lean_object *lean_apply_3(lean_object *f, LEANRT_A3);
LEAN_EXPORT lean_object *lean_apply_4(lean_object *f, LEANRT_A4);
LEAN_EXPORT lean_object *lean_apply_5(lean_object *f, LEANRT_A4, LEANRT_A1);
LEAN_EXPORT lean_object *lean_apply_6(lean_object *f, LEANRT_A4, LEANRT_A2);
LEAN_EXPORT lean_object *lean_apply_7(lean_object *f, LEANRT_A4, LEANRT_A3);
LEAN_EXPORT lean_object *lean_apply_8(lean_object *f, LEANRT_A8);
LEAN_EXPORT lean_object *lean_apply_9(lean_object *f, LEANRT_A8, LEANRT_A1);
LEAN_EXPORT lean_object *lean_apply_10(lean_object *f, LEANRT_A8, LEANRT_A2);
LEAN_EXPORT lean_object *lean_apply_11(lean_object *f, LEANRT_A8, LEANRT_A3);
LEAN_EXPORT lean_object *lean_apply_12(lean_object *f, LEANRT_A8, LEANRT_A4);
LEAN_EXPORT lean_object *lean_apply_13(lean_object *f, LEANRT_A8, LEANRT_A4, LEANRT_A1);
LEAN_EXPORT lean_object *lean_apply_14(lean_object *f, LEANRT_A8, LEANRT_A4, LEANRT_A2);
LEAN_EXPORT lean_object *lean_apply_15(lean_object *f, LEANRT_A8, LEANRT_A4, LEANRT_A3);
LEAN_EXPORT lean_object *lean_apply_16(lean_object *f, LEANRT_A8, LEANRT_A8);
LEAN_EXPORT lean_object *lean_apply_n(lean_object *f, unsigned n, lean_object **args);
LEAN_EXPORT lean_object *lean_apply_m(lean_object *f, unsigned n, lean_object **args);
#undef LEANRT_A1
#undef LEANRT_A2
#undef LEANRT_A3
#undef LEANRT_A4
#undef LEANRT_A8

#endif
