/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rc.c - reference counts off their fast paths, and what an object refers to.
 *
 * Walks are loops over a to-do list threaded through the blocks: a list of a million cells must
 * not need a million stack frames.
 */
#include <inttypes.h>

#include "rt.h"

struct walk {
	struct rt_block *todo;
};

static void
walk_push(struct walk *w, struct rt_block *b)
{
	b->queue_next = w->todo;
	w->todo = b;
}

static struct rt_block *
walk_pop(struct walk *w)
{
	struct rt_block *b = w->todo;

	if (b != NULL)
		w->todo = b->queue_next;
	return b;
}

static void
each_of(lean_object **from, size_t n, rt_child_fn *fn, void *arg)
{
	for (size_t i = 0; i < n; i++)
		if (from[i] != NULL && !lwl_is_scalar(from[i]))
			fn(from[i], arg);
}

void
rt_each_child(lean_object *o, rt_child_fn *fn, void *arg)
{
	switch (o->m_tag) {
	case LWL_TAG_CLOSURE:
		each_of(((lwl_closure *)o)->m_objs, ((lwl_closure *)o)->m_num_fixed, fn, arg);
		break;
	case LWL_TAG_ARRAY:
		each_of(((lwl_array *)o)->m_data, ((lwl_array *)o)->m_size, fn, arg);
		break;
	case LWL_TAG_THUNK:
		each_of(&((lwl_thunk *)o)->m_value, 1, fn, arg);
		each_of(&((lwl_thunk *)o)->m_closure, 1, fn, arg);
		break;
	case LWL_TAG_TASK:
		each_of(&((lwl_task *)o)->m_value, 1, fn, arg);
		break;
	case LWL_TAG_REF:
		each_of(&((lwl_ref *)o)->m_value, 1, fn, arg);
		break;
	case LWL_TAG_SARRAY:
	case LWL_TAG_STRING:
	case LWL_TAG_MPZ:
	case LWL_TAG_EXTERNAL:
		break;
	default:
		if (o->m_tag > LWL_TAG_MAX_CTOR)
			leanrt_bad_kind(o, "supported object", __func__);
		each_of(((lwl_ctor *)o)->m_objs, o->m_other, fn, arg);
	}
}

/* NULL: static data of a module, which nobody counts. */
static struct rt_block *
counted_block(lean_object *o, const char *doing)
{
	uintptr_t fresh = UINT64_C(0x0101010101010101) * RT_FRESH_FILL;

	if ((uintptr_t)o == fresh)
		leanrt_die("%s of a field that was never set", doing);
	if (rt_find(o) == NULL && o->m_rc == 0)
		return NULL;
	return rt_expect(o, doing);
}

/* True when this was the last count. */
static bool
drop(lean_object *o)
{
	if (o->m_rc > 1) {
		o->m_rc--;
		return false;
	}
	if (o->m_rc == 1)
		return true;
	return o->m_rc < 0 && __atomic_fetch_add(&o->m_rc, 1, __ATOMIC_ACQ_REL) == -1;
}

static void
drop_child(lean_object *child, void *arg)
{
	struct rt_block *b = counted_block(child, "release");

	if (b == NULL || !drop(child))
		return;
	/* Not later: a second reference without a count of its own must not find it alive. */
	b->tag = child->m_tag;
	b->state = RT_FREED;
	walk_push(arg, b);
}

static void
finalize(lean_object *o)
{
	lwl_external *x = (lwl_external *)o;

	if (o->m_tag == LWL_TAG_EXTERNAL && x->m_class->m_finalize != NULL)
		x->m_class->m_finalize(x->m_data);
	if (o->m_tag == LWL_TAG_MPZ)
		rt_mpz_clear(o);
}

void
lean_dec_ref_cold(lean_object *o)
{
	struct walk w = { NULL };
	struct rt_block *b;

	drop_child(o, &w);
	while ((b = walk_pop(&w)) != NULL) {
		rt_each_child(rt_object(b), drop_child, &w);
		finalize(rt_object(b));
		rt_release(b);
	}
}

void
lean_free_object(lean_object *o)
{
	struct rt_block *b = rt_expect(o, "release");

	if (o->m_rc != 1)
		leanrt_die("lean_free_object of %s %p with count %d", rt_kind(o->m_tag), (void *)o,
		    o->m_rc);
	rt_release(b);
}

void
leanrt_inc_cold(lean_object *o, size_t n)
{
	if (counted_block(o, "retain") == NULL || o->m_rc == 0)
		return;
	if (o->m_rc > 0)
		lean_internal_panic_rc_overflow();
	lwl_inc_shared(o, n);
}

void
lean_inc_ref_huge_n(lean_object *o, size_t n)
{
	leanrt_inc_cold(o, n);
}

static void
mt_child(lean_object *child, void *arg)
{
	struct rt_block *b = counted_block(child, "lean_mark_mt");

	if (b == NULL || child->m_rc <= 0)
		return;
	child->m_rc = -child->m_rc;
	walk_push(arg, b);
}

static void
persistent_child(lean_object *child, void *arg)
{
	struct rt_block *b = counted_block(child, "lean_mark_persistent");

	if (b == NULL || child->m_rc == 0)
		return;
	if (child->m_tag == LWL_TAG_EXTERNAL)
		leanrt_unsupported("lean_mark_persistent of an external object");
	rt_set_persistent(b);
	walk_push(arg, b);
}

static void
mark(lean_object *o, rt_child_fn *fn)
{
	struct walk w = { NULL };
	struct rt_block *b;

	if (lwl_is_scalar(o))
		return;
	fn(o, &w);
	while ((b = walk_pop(&w)) != NULL)
		rt_each_child(rt_object(b), fn, &w);
}

void
lean_mark_mt(lean_object *o)
{
	mark(o, mt_child);
}

void
lean_mark_persistent(lean_object *o)
{
	mark(o, persistent_child);
}

static void
held_child(lean_object *child, void *arg)
{
	struct rt_block *b = counted_block(child, "report");

	if (b == NULL || b->state != RT_LIVE || b->held)
		return;
	b->held = true;
	walk_push(arg, b);
}

void
rt_hold(lean_object *ref)
{
	struct walk w = { NULL };
	struct rt_block *b;

	rt_each_child(ref, held_child, &w);
	while ((b = walk_pop(&w)) != NULL)
		rt_each_child(rt_object(b), held_child, &w);
}
