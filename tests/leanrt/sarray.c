/* SPDX-License-Identifier: Apache-2.0 */
/* sarray.c - byte arrays and float arrays. */
#include <string.h>

#include "rt.h"

lean_object *
lean_alloc_sarray(unsigned elem_size, size_t size, size_t capacity)
{
	lwl_sarray *a;

	if (size > capacity || (elem_size != 1 && elem_size != 8))
		leanrt_die("no scalar array has %zu of %zu elements of %u bytes", size, capacity,
		    elem_size);
	if (capacity > PTRDIFF_MAX / elem_size)
		lean_internal_panic_out_of_memory();
	a = (lwl_sarray *)lean_alloc_object(sizeof *a + capacity * elem_size);
	leanrt_set_header(&a->m_header, LWL_TAG_SARRAY, elem_size);
	a->m_size = size;
	a->m_capacity = capacity;
	return &a->m_header;
}

void
lean_sarray_set_size(lean_object *o, size_t size)
{
	lwl_sarray *a = lean_to_sarray(o);

	leanrt_within(o, size, a->m_capacity + 1, __func__);
	a->m_size = size;
}

static lean_object *
empty(unsigned elem_size, lean_object *capacity)
{
	if (!lwl_is_scalar(capacity))
		lean_internal_panic_out_of_memory();
	return lean_alloc_sarray(elem_size, 0, lwl_unbox(capacity));
}

lean_object *
lean_mk_empty_byte_array(lean_object *capacity)
{
	return empty(1, capacity);
}

lean_object *
lean_mk_empty_float_array(lean_object *capacity)
{
	return empty(8, capacity);
}

/* Consumes o.  The result is not shared. */
static lwl_sarray *
copy(lean_object *o, unsigned elem_size, size_t capacity)
{
	lwl_sarray *from = leanrt_sarray(o, elem_size, __func__);
	lean_object *to = lean_alloc_sarray(elem_size, from->m_size, capacity);

	memcpy(lean_sarray_cptr(to), from->m_data, from->m_size * elem_size);
	lean_dec(o);
	return lean_to_sarray(to);
}

static lwl_sarray *
writable(lean_object *o, unsigned elem_size, size_t room)
{
	lwl_sarray *a = leanrt_sarray(o, elem_size, __func__);

	if (lean_is_exclusive(o) && a->m_capacity >= room)
		return a;
	return copy(o, elem_size, a->m_capacity >= room ? a->m_capacity : 2 * room);
}

lean_object *
lean_copy_byte_array(lean_object *o)
{
	return &copy(o, 1, lean_sarray_capacity(o))->m_header;
}

lean_object *
lean_copy_float_array(lean_object *o)
{
	return &copy(o, 8, lean_sarray_capacity(o))->m_header;
}

lean_object *
lean_byte_array_push(lean_object *o, uint8_t b)
{
	lwl_sarray *a = writable(o, 1, lean_sarray_size(o) + 1);

	a->m_data[a->m_size++] = b;
	return &a->m_header;
}

lean_object *
lean_byte_array_uset(lean_object *o, size_t i, uint8_t b)
{
	lwl_sarray *a = writable(o, 1, 0);

	a->m_data[leanrt_within(&a->m_header, i, a->m_size, __func__)] = b;
	return &a->m_header;
}

lean_object *
lean_byte_array_fset(lean_object *o, lean_object *i, uint8_t b)
{
	return lean_byte_array_uset(o, lean_unbox(i), b);
}

static bool
is_inside(lean_object *o, lean_object *i)
{
	return lwl_is_scalar(i) && lwl_unbox(i) < lean_sarray_size(o);
}

lean_object *
lean_byte_array_set(lean_object *o, lean_object *i, uint8_t b)
{
	return is_inside(o, i) ? lean_byte_array_fset(o, i, b) : o;
}

lean_object *
lean_byte_array_mk(lean_object *list_of_bytes)
{
	size_t size = lean_array_size(list_of_bytes);
	lean_object *o = lean_alloc_sarray(1, size, size);

	for (size_t i = 0; i < size; i++)
		lean_sarray_cptr(o)[i] = (uint8_t)lean_unbox(lean_array_get_core(list_of_bytes, i));
	lean_dec(list_of_bytes);
	return o;
}

lean_object *
lean_byte_array_data(lean_object *o)
{
	size_t size = lean_sarray_size(o);
	lean_object *a = lean_alloc_array(size, size);

	for (size_t i = 0; i < size; i++)
		lean_array_set_core(a, i, lean_box(lean_byte_array_uget(o, i)));
	lean_dec(o);
	return a;
}

static size_t
clamp(lean_object *n, size_t max)
{
	return lwl_is_scalar(n) && lwl_unbox(n) < max ? lwl_unbox(n) : max;
}

/* The three numbers are owned, which only a bignum would notice. */
lean_object *
lean_byte_array_copy_slice(lean_object *src, lean_object *src_at, lean_object *dst,
    lean_object *dst_at, lean_object *len, uint8_t exact)
{
	lwl_sarray *from = leanrt_sarray(src, 1, __func__);
	size_t start = clamp(src_at, from->m_size);
	size_t to = clamp(dst_at, lean_sarray_size(dst));
	size_t n = clamp(len, from->m_size - start);
	size_t size = to + n > lean_sarray_size(dst) ? to + n : lean_sarray_size(dst);
	lwl_sarray *a = writable(dst, 1, size);

	(void)exact;
	memcpy(a->m_data + to, from->m_data + start, n);
	a->m_size = size;
	lean_dec(src_at);
	lean_dec(dst_at);
	lean_dec(len);
	return &a->m_header;
}

lean_object *
lean_float_array_size(lean_object *o)
{
	return lean_box(leanrt_sarray(o, 8, __func__)->m_size);
}

static uint8_t *
float_at(lwl_sarray *a, size_t i)
{
	return a->m_data + 8 * leanrt_within(&a->m_header, i, a->m_size, __func__);
}

double
lean_float_array_uget(lean_object *o, size_t i)
{
	double d;

	memcpy(&d, float_at(leanrt_sarray(o, 8, __func__), i), sizeof d);
	return d;
}

double
lean_float_array_fget(lean_object *o, lean_object *i)
{
	return lean_float_array_uget(o, lean_unbox(i));
}

double
lean_float_array_get(lean_object *o, lean_object *i)
{
	return is_inside(o, i) ? lean_float_array_fget(o, i) : 0.0;
}

lean_object *
lean_float_array_uset(lean_object *o, size_t i, double d)
{
	lwl_sarray *a = writable(o, 8, 0);

	memcpy(float_at(a, i), &d, sizeof d);
	return &a->m_header;
}

lean_object *
lean_float_array_fset(lean_object *o, lean_object *i, double d)
{
	return lean_float_array_uset(o, lean_unbox(i), d);
}

lean_object *
lean_float_array_set(lean_object *o, lean_object *i, double d)
{
	return is_inside(o, i) ? lean_float_array_fset(o, i, d) : o;
}

lean_object *
lean_float_array_push(lean_object *o, double d)
{
	lwl_sarray *a = writable(o, 8, lean_sarray_size(o) + 1);

	a->m_size++;
	return lean_float_array_uset(&a->m_header, a->m_size - 1, d);
}

lean_object *
lean_float_array_mk(lean_object *boxed)
{
	lean_object *o = lean_alloc_sarray(8, 0, lean_array_size(boxed));

	for (size_t i = 0; i < lean_array_size(boxed); i++)
		o = lean_float_array_push(o, lean_unbox_float(lean_array_get_core(boxed, i)));
	lean_dec(boxed);
	return o;
}

lean_object *
lean_float_array_data(lean_object *o)
{
	size_t size = lean_sarray_size(o);
	lean_object *a = lean_alloc_array(size, size);

	for (size_t i = 0; i < size; i++)
		lean_array_set_core(a, i, lean_box_float(lean_float_array_uget(o, i)));
	lean_dec(o);
	return a;
}
