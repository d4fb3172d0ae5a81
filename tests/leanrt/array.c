/* SPDX-License-Identifier: Apache-2.0 */
/* array.c - arrays of objects. */
#include <string.h>

#include "rt.h"

lean_object *
lean_alloc_array(size_t size, size_t capacity)
{
	lwl_array *a;

	if (size > capacity)
		leanrt_die("an array of %zu in room for %zu", size, capacity);
	if (capacity > PTRDIFF_MAX / sizeof(void *))
		lean_internal_panic_out_of_memory();
	a = (lwl_array *)lean_alloc_object(sizeof *a + capacity * sizeof(void *));
	leanrt_set_header(&a->m_header, LWL_TAG_ARRAY, 0);
	a->m_size = size;
	a->m_capacity = capacity;
	return &a->m_header;
}

void
lean_array_set_size(lean_object *o, size_t size)
{
	lwl_array *a = lean_to_array(o);

	leanrt_within(o, size, a->m_capacity + 1, __func__);
	a->m_size = size;
}

/* A Nat that says how many; none that is no scalar can be met. */
static size_t
wanted(lean_object *n)
{
	if (!lwl_is_scalar(n))
		lean_internal_panic_out_of_memory();
	return lwl_unbox(n);
}

lean_object *
lean_mk_empty_array_with_capacity(lean_object *capacity)
{
	return lean_alloc_array(0, wanted(capacity));
}

lean_object *
lean_mk_array(lean_object *n, lean_object *v)
{
	size_t size = wanted(n);
	lean_object *a = lean_alloc_array(size, size);

	for (size_t i = 0; i < size; i++) {
		lean_inc(v);
		lean_array_set_core(a, i, v);
	}
	lean_dec(v);
	return a;
}

lean_object *
lean_array_sz(lean_object *a)
{
	lean_object *size = lean_array_get_size(a);

	lean_dec(a);
	return size;
}

static bool
is_inside(lean_object *a, lean_object *i)
{
	return lwl_is_scalar(i) && lwl_unbox(i) < lean_array_size(a);
}

lean_object *
lean_array_get_panic(lean_object *dflt)
{
	return lean_panic_fn(dflt, lean_mk_string("Error: index out of bounds"));
}

lean_object *
lean_array_set_panic(lean_object *a, lean_object *v)
{
	lean_dec(v);
	return lean_panic_fn(a, lean_mk_string("Error: index out of bounds"));
}

lean_object *
lean_array_get(lean_object *dflt, lean_object *a, lean_object *i)
{
	if (!is_inside(a, i))
		return lean_array_get_panic(dflt);
	lean_dec(dflt);
	return lean_array_fget(a, i);
}

lean_object *
lean_array_get_borrowed(lean_object *dflt, lean_object *a, lean_object *i)
{
	return is_inside(a, i) ? lean_array_fget_borrowed(a, i) : lean_array_get_panic(dflt);
}

/* Consumes a.  The result is not shared and has room for that many. */
static lean_object *
copy_with_capacity(lean_object *a, size_t capacity)
{
	lwl_array *from = lean_to_array(a);
	lean_object *copy = lean_alloc_array(from->m_size, capacity);

	for (size_t i = 0; i < from->m_size; i++) {
		lean_inc(from->m_data[i]);
		lean_array_set_core(copy, i, from->m_data[i]);
	}
	lean_dec(a);
	return copy;
}

lean_object *
lean_copy_expand_array(lean_object *a, bool expand)
{
	size_t capacity = lean_array_capacity(a);

	return copy_with_capacity(a, expand ? 2 * capacity + 2 : capacity);
}

lean_object *
lean_copy_array(lean_object *a)
{
	return lean_copy_expand_array(a, false);
}

lean_object *
lean_ensure_exclusive_array(lean_object *a)
{
	return lean_is_exclusive(a) ? a : lean_copy_array(a);
}

lean_object *
lean_array_uset(lean_object *a, size_t i, lean_object *v)
{
	lean_object *r = lean_ensure_exclusive_array(a);

	lean_dec(lean_array_get_core(r, i));
	lean_array_set_core(r, i, v);
	return r;
}

lean_object *
lean_array_fset(lean_object *a, lean_object *i, lean_object *v)
{
	return lean_array_uset(a, lean_unbox(i), v);
}

lean_object *
lean_array_set(lean_object *a, lean_object *i, lean_object *v)
{
	return is_inside(a, i) ? lean_array_fset(a, i, v) : lean_array_set_panic(a, v);
}

lean_object *
lean_array_pop(lean_object *a)
{
	lean_object *r = lean_ensure_exclusive_array(a);
	size_t size = lean_array_size(r);

	if (size == 0)
		return r;
	lean_dec(lean_array_get_core(r, size - 1));
	lean_array_set_size(r, size - 1);
	return r;
}

lean_object *
lean_array_uswap(lean_object *a, size_t i, size_t j)
{
	lean_object *r = lean_ensure_exclusive_array(a);
	lean_object *v = lean_array_get_core(r, i);

	lean_array_set_core(r, i, lean_array_get_core(r, j));
	lean_array_set_core(r, j, v);
	return r;
}

lean_object *
lean_array_fswap(lean_object *a, lean_object *i, lean_object *j)
{
	return lean_array_uswap(a, lean_unbox(i), lean_unbox(j));
}

lean_object *
lean_array_swap(lean_object *a, lean_object *i, lean_object *j)
{
	return is_inside(a, i) && is_inside(a, j) ? lean_array_fswap(a, i, j) : a;
}

lean_object *
lean_array_push(lean_object *a, lean_object *v)
{
	size_t size = lean_array_size(a);

	if (!lean_is_exclusive(a) || lean_array_capacity(a) == size)
		a = copy_with_capacity(a, 2 * size + 2);
	lean_array_set_size(a, size + 1);
	lean_array_set_core(a, size, v);
	return a;
}

lean_object *
lean_array_mk(lean_object *list)
{
	lean_object *a = lean_mk_empty_array();

	for (lean_object *at = list; !lwl_is_scalar(at); at = lean_ctor_get(at, 1)) {
		lean_inc(lean_ctor_get(at, 0));
		a = lean_array_push(a, lean_ctor_get(at, 0));
	}
	lean_dec(list);
	return a;
}

lean_object *
lean_array_to_list(lean_object *a)
{
	lean_object *list = lean_box(0);

	for (size_t i = lean_array_size(a); i-- > 0;) {
		lean_object *cell = lean_alloc_ctor(1, 2, 0);

		lean_ctor_set(cell, 0, lean_array_uget(a, i));
		lean_ctor_set(cell, 1, list);
		list = cell;
	}
	lean_dec(a);
	return list;
}
