/* SPDX-License-Identifier: Apache-2.0 */
/* ctor.c - constructors and IO results. */
#include <string.h>

#include "rt.h"

lean_object *
lean_alloc_ctor(unsigned tag, unsigned num_objs, unsigned scalar_size)
{
	size_t size = sizeof(lwl_ctor) + num_objs * sizeof(void *) + scalar_size;
	lean_object *o;

	if (tag > LWL_TAG_MAX_CTOR || num_objs >= LWL_MAX_CTOR_FIELDS ||
	    scalar_size >= LWL_MAX_CTOR_SCALARS)
		leanrt_die("no constructor has tag %u, %u fields and %u bytes of scalars", tag,
		    num_objs, scalar_size);
	o = lean_alloc_object(size);
	leanrt_set_header(o, tag, num_objs);
	return o;
}

static lean_object *
result(unsigned tag, lean_object *payload)
{
	lean_object *r = lean_alloc_ctor(tag, 1, 0);

	lean_ctor_set(r, 0, payload);
	return r;
}

lean_object *
lean_io_result_mk_ok(lean_object *value)
{
	return result(0, value);
}

lean_object *
lean_io_result_mk_error(lean_object *error)
{
	return result(1, error);
}

static lean_object *
payload_of(lean_object *r, unsigned tag, const char *who)
{
	if (lean_ptr_tag(r) != tag)
		leanrt_die("%s of a result with tag %u", who, lean_ptr_tag(r));
	return lean_ctor_get(r, 0);
}

lean_object *
lean_io_result_get_value(lean_object *r)
{
	return payload_of(r, 0, __func__);
}

lean_object *
lean_io_result_get_error(lean_object *r)
{
	return payload_of(r, 1, __func__);
}

lean_object *
lean_io_result_take_value(lean_object *r)
{
	lean_object *v = payload_of(r, 0, __func__);

	lean_inc(v);
	lean_dec(r);
	return v;
}
