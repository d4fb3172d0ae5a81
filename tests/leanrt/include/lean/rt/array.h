/* SPDX-License-Identifier: Apache-2.0 */
/* array.h - arrays of objects, of bytes and of floats. */
#ifndef LEANRT_ARRAY_H
#define LEANRT_ARRAY_H

#include <lean/rt/ctor.h>

static inline lwl_array *
lean_to_array(lean_object *o)
{
	return (lwl_array *)leanrt_want(o, LWL_TAG_ARRAY, "array", __func__);
}

static inline size_t
lean_array_size(lean_object *o)
{
	return lean_to_array(o)->m_size;
}

static inline size_t
lean_array_capacity(lean_object *o)
{
	return lean_to_array(o)->m_capacity;
}

static inline lean_object **
lean_array_cptr(lean_object *o)
{
	return lean_to_array(o)->m_data;
}

LEAN_EXPORT lean_object *lean_alloc_array(size_t size, size_t capacity);
LEAN_EXPORT void lean_array_set_size(lean_object *o, size_t size);

static inline lean_object *
lean_array_get_core(lean_object *o, size_t i)
{
	lwl_array *a = lean_to_array(o);

	return a->m_data[leanrt_within(o, i, a->m_size, __func__)];
}

static inline void
lean_array_set_core(lean_object *o, size_t i, lean_object *v)
{
	lwl_array *a = lean_to_array(o);

	a->m_data[leanrt_within(o, i, a->m_size, __func__)] = v;
}

static inline lean_object *
lean_array_get_size(lean_object *a)
{
	return lwl_box(lean_array_size(a));
}

static inline lean_object *
lean_mk_empty_array(void)
{
	return lean_alloc_array(0, 0);
}

static inline lean_object *
lean_array_uget(lean_object *a, size_t i)
{
	lean_object *v = lean_array_get_core(a, i);

	lean_inc(v);
	return v;
}

static inline lean_object *
lean_array_uget_borrowed(lean_object *a, size_t i)
{
	return lean_array_get_core(a, i);
}

static inline lean_object *
lean_array_fget(lean_object *a, lean_object *i)
{
	return lean_array_uget(a, lean_unbox(i));
}

static inline lean_object *
lean_array_fget_borrowed(lean_object *a, lean_object *i)
{
	return lean_array_get_core(a, lean_unbox(i));
}

LEAN_EXPORT lean_object *lean_array_sz(lean_object *a);
LEAN_EXPORT lean_object *lean_mk_empty_array_with_capacity(lean_object *capacity);
LEAN_EXPORT lean_object *lean_array_get(lean_object *dflt, lean_object *a, lean_object *i);
LEAN_EXPORT lean_object *lean_array_get_borrowed(lean_object *dflt, lean_object *a, lean_object *i);
LEAN_EXPORT lean_object *lean_array_get_panic(lean_object *dflt);
LEAN_EXPORT lean_object *lean_array_set_panic(lean_object *a, lean_object *v);
LEAN_EXPORT lean_object *lean_copy_expand_array(lean_object *a, bool expand);
LEAN_EXPORT lean_object *lean_copy_array(lean_object *a);
LEAN_EXPORT lean_object *lean_ensure_exclusive_array(lean_object *a);
LEAN_EXPORT lean_object *lean_array_uset(lean_object *a, size_t i, lean_object *v);
LEAN_EXPORT lean_object *lean_array_fset(lean_object *a, lean_object *i, lean_object *v);
LEAN_EXPORT lean_object *lean_array_set(lean_object *a, lean_object *i, lean_object *v);
LEAN_EXPORT lean_object *lean_array_pop(lean_object *a);
LEAN_EXPORT lean_object *lean_array_uswap(lean_object *a, size_t i, size_t j);
LEAN_EXPORT lean_object *lean_array_fswap(lean_object *a, lean_object *i, lean_object *j);
LEAN_EXPORT lean_object *lean_array_swap(lean_object *a, lean_object *i, lean_object *j);
LEAN_EXPORT lean_object *lean_array_push(lean_object *a, lean_object *v);
LEAN_EXPORT lean_object *lean_mk_array(lean_object *n, lean_object *v);
LEAN_EXPORT lean_object *lean_array_mk(lean_object *list);
LEAN_EXPORT lean_object *lean_array_to_list(lean_object *a);

static inline lwl_sarray *
lean_to_sarray(lean_object *o)
{
	return (lwl_sarray *)leanrt_want(o, LWL_TAG_SARRAY, "scalar array", __func__);
}

/* Byte and float arrays share a tag: the element size tells them apart. */
static inline lwl_sarray *
leanrt_sarray(lean_object *o, unsigned elem_size, const char *who)
{
	leanrt_want(o, LWL_TAG_SARRAY, "scalar array", who);
	if (LEAN_UNLIKELY(lwl_sarray_elem_size(o) != elem_size))
		leanrt_bad_kind(o, elem_size == 1 ? "byte array" : "float array", who);
	return (lwl_sarray *)o;
}

static inline unsigned
lean_sarray_elem_size(lean_object *o)
{
	return lwl_sarray_elem_size(&lean_to_sarray(o)->m_header);
}

static inline size_t
lean_sarray_size(lean_object *o)
{
	return lean_to_sarray(o)->m_size;
}

static inline size_t
lean_sarray_capacity(lean_object *o)
{
	return lean_to_sarray(o)->m_capacity;
}

static inline uint8_t *
lean_sarray_cptr(lean_object *o)
{
	return lean_to_sarray(o)->m_data;
}

LEAN_EXPORT lean_object *lean_alloc_sarray(unsigned elem_size, size_t size, size_t capacity);
LEAN_EXPORT void lean_sarray_set_size(lean_object *o, size_t size);

static inline lean_object *
lean_byte_array_size(lean_object *a)
{
	return lwl_box(leanrt_sarray(a, 1, __func__)->m_size);
}

static inline uint8_t
lean_byte_array_uget(lean_object *o, size_t i)
{
	lwl_sarray *a = leanrt_sarray(o, 1, __func__);

	return a->m_data[leanrt_within(o, i, a->m_size, __func__)];
}

static inline uint8_t
lean_byte_array_fget(lean_object *a, lean_object *i)
{
	return lean_byte_array_uget(a, lean_unbox(i));
}

/* Out of bounds is defined here, unlike in fget and uget: the default byte. */
static inline uint8_t
lean_byte_array_get(lean_object *a, lean_object *i)
{
	if (lwl_is_scalar(i) && lwl_unbox(i) < leanrt_sarray(a, 1, __func__)->m_size)
		return lean_byte_array_uget(a, lwl_unbox(i));
	return 0;
}

LEAN_EXPORT lean_object *lean_mk_empty_byte_array(lean_object *capacity);
LEAN_EXPORT lean_object *lean_byte_array_mk(lean_object *a);
LEAN_EXPORT lean_object *lean_byte_array_data(lean_object *a);
LEAN_EXPORT lean_object *lean_byte_array_push(lean_object *a, uint8_t b);
LEAN_EXPORT lean_object *lean_copy_byte_array(lean_object *a);
LEAN_EXPORT uint64_t lean_byte_array_hash(lean_object *a);
LEAN_EXPORT lean_object *lean_byte_array_uset(lean_object *a, size_t i, uint8_t b);
LEAN_EXPORT lean_object *lean_byte_array_fset(lean_object *a, lean_object *i, uint8_t b);
LEAN_EXPORT lean_object *lean_byte_array_set(lean_object *a, lean_object *i, uint8_t b);
LEAN_EXPORT lean_object *lean_byte_array_copy_slice(lean_object *src, lean_object *src_at,
    lean_object *dst, lean_object *dst_at, lean_object *len, uint8_t exact);

LEAN_EXPORT lean_object *lean_mk_empty_float_array(lean_object *capacity);
LEAN_EXPORT lean_object *lean_float_array_mk(lean_object *a);
LEAN_EXPORT lean_object *lean_float_array_data(lean_object *a);
LEAN_EXPORT lean_object *lean_float_array_push(lean_object *a, double d);
LEAN_EXPORT lean_object *lean_copy_float_array(lean_object *a);
LEAN_EXPORT lean_object *lean_float_array_size(lean_object *a);
LEAN_EXPORT double lean_float_array_uget(lean_object *a, size_t i);
LEAN_EXPORT double lean_float_array_fget(lean_object *a, lean_object *i);
LEAN_EXPORT double lean_float_array_get(lean_object *a, lean_object *i);
LEAN_EXPORT lean_object *lean_float_array_uset(lean_object *a, size_t i, double d);
LEAN_EXPORT lean_object *lean_float_array_fset(lean_object *a, lean_object *i, double d);
LEAN_EXPORT lean_object *lean_float_array_set(lean_object *a, lean_object *i, double d);

#endif
