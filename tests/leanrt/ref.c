/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ref.c - references, thunks and external objects.
 *
 * A reference that is shared or persistent hands what it is given to several threads, and marks
 * it so, like a real one; its value is exchanged without a lock all the same.
 */
#include <stdlib.h>

#include "rt.h"

static lwl_ref *
ref_of(lean_object *o, const char *who)
{
	return (lwl_ref *)leanrt_want(o, LWL_TAG_REF, "reference", who);
}

lean_object *
lean_st_mk_ref(lean_object *v)
{
	lwl_ref *r = (lwl_ref *)lean_alloc_object(sizeof *r);

	leanrt_set_header(&r->m_header, LWL_TAG_REF, 0);
	r->m_value = v;
	return &r->m_header;
}

/* A real runtime would wait for the other thread: there is none. */
static lean_object *
value_of(lwl_ref *r, const char *who)
{
	if (r->m_value == NULL)
		leanrt_die("%s: the value of reference %p was taken", who, (void *)r);
	return r->m_value;
}

lean_object *
lean_st_ref_get(lean_object *ref)
{
	lean_object *v = value_of(ref_of(ref, __func__), __func__);

	lean_inc(v);
	return v;
}

lean_object *
lean_st_ref_take(lean_object *ref)
{
	lwl_ref *r = ref_of(ref, __func__);
	lean_object *v = value_of(r, __func__);

	r->m_value = NULL;
	return v;
}

static lean_object *
exchange(lean_object *ref, lean_object *v, const char *who)
{
	lwl_ref *r = ref_of(ref, who);
	lean_object *old = r->m_value;

	if (ref->m_rc <= 0)
		lean_mark_mt(v);
	r->m_value = v;
	return old;
}

lean_object *
lean_st_ref_set(lean_object *ref, lean_object *v)
{
	lean_object *old = exchange(ref, v, __func__);

	if (old != NULL)
		lean_dec(old);
	return lean_box(0);
}

lean_object *
lean_st_ref_swap(lean_object *ref, lean_object *v)
{
	value_of(ref_of(ref, __func__), __func__);
	return exchange(ref, v, __func__);
}

uint8_t
lean_st_ref_ptr_eq(lean_object *a, lean_object *b)
{
	return ref_of(a, __func__)->m_value == ref_of(b, __func__)->m_value;
}

static lwl_thunk *
thunk_of(lean_object *o, const char *who)
{
	return (lwl_thunk *)leanrt_want(o, LWL_TAG_THUNK, "thunk", who);
}

static lean_object *
make_thunk(lean_object *value, lean_object *closure)
{
	lwl_thunk *t = (lwl_thunk *)lean_alloc_object(sizeof *t);

	leanrt_set_header(&t->m_header, LWL_TAG_THUNK, 0);
	t->m_value = value;
	t->m_closure = closure;
	return &t->m_header;
}

lean_object *
lean_mk_thunk(lean_object *closure)
{
	return make_thunk(NULL, closure);
}

lean_object *
lean_thunk_pure(lean_object *v)
{
	return make_thunk(v, NULL);
}

lean_object *
lean_thunk_get_core(lean_object *o)
{
	lwl_thunk *t = thunk_of(o, __func__);
	lean_object *closure = t->m_closure;

	if (closure == NULL)
		leanrt_die("thunk %p needs its own value", (void *)t);
	t->m_closure = NULL;
	t->m_value = lean_apply_1(closure, lean_box(0));
	if (o->m_rc <= 0)
		lean_mark_mt(t->m_value);
	return t->m_value;
}

lean_object *
lean_thunk_get(lean_object *o)
{
	lean_object *v = thunk_of(o, __func__)->m_value;

	return v != NULL ? v : lean_thunk_get_core(o);
}

lean_object *
lean_thunk_get_own(lean_object *o)
{
	lean_object *v = lean_thunk_get(o);

	lean_inc(v);
	return v;
}

/* Never freed: objects of the class may outlive whoever registered it. */
lean_external_class *
lean_register_external_class(lean_external_finalize_proc fin, lean_external_foreach_proc each)
{
	static lean_external_class classes[64];
	static size_t n;

	if (n == sizeof classes / sizeof classes[0])
		leanrt_unsupported("more than 64 external classes");
	classes[n] = (lean_external_class){ fin, each };
	return &classes[n++];
}

static lwl_external *
external_of(lean_object *o, const char *who)
{
	return (lwl_external *)leanrt_want(o, LWL_TAG_EXTERNAL, "external", who);
}

lean_object *
lean_alloc_external(lean_external_class *cls, void *data)
{
	lwl_external *x = (lwl_external *)lean_alloc_object(sizeof *x);

	leanrt_set_header(&x->m_header, LWL_TAG_EXTERNAL, 0);
	x->m_class = cls;
	x->m_data = data;
	return &x->m_header;
}

lean_external_class *
lean_get_external_class(lean_object *o)
{
	return external_of(o, __func__)->m_class;
}

void *
lean_get_external_data(lean_object *o)
{
	return external_of(o, __func__)->m_data;
}

lean_object *
lean_set_external_data(lean_object *o, void *data)
{
	lwl_external *x = external_of(o, __func__);
	lean_object *fresh;

	if (lean_is_exclusive(o)) {
		x->m_data = data;
		return o;
	}
	fresh = lean_alloc_external(x->m_class, data);
	lean_dec(o);
	return fresh;
}
