/* SPDX-License-Identifier: Apache-2.0 */
/*
 * abi_check.c - our declarations of the Lean object layout against a real lean.h.
 *
 * Status 77 (skipped) where the build found none.  The header of the checking runtime does not
 * count: it is made of our declarations.
 */
#include <stdio.h>
#include <string.h>

#include "host/lean/object.h"

#ifndef LWL_REAL_LEAN_H

int
main(void)
{
	puts("no real lean.h here");
	return 77;
}

#else

#include <lean/lean.h>
#include <lean/version.h>

#ifdef LEANRT_LEAN_H
#error "this is the checking runtime's own lean.h"
#endif

#define SAME_SIZE(ours, real)                                                                      \
	_Static_assert(sizeof(ours) == sizeof(real), #ours " is as large as " #real)
#define SAME_PLACE(ours, real, field)                                                              \
	_Static_assert(offsetof(ours, field) == offsetof(real, field),                             \
	    #ours "." #field " is where that of " #real " is")
#define SAME_VALUE(ours, real)                                                                     \
	_Static_assert((unsigned)(ours) == (unsigned)(real), #ours " is " #real)

SAME_SIZE(lwl_object, lean_object);
SAME_PLACE(lwl_object, lean_object, m_rc);

SAME_SIZE(lwl_ctor, lean_ctor_object);
SAME_PLACE(lwl_ctor, lean_ctor_object, m_objs);

SAME_SIZE(lwl_array, lean_array_object);
SAME_PLACE(lwl_array, lean_array_object, m_size);
SAME_PLACE(lwl_array, lean_array_object, m_capacity);
SAME_PLACE(lwl_array, lean_array_object, m_data);

SAME_SIZE(lwl_sarray, lean_sarray_object);
SAME_PLACE(lwl_sarray, lean_sarray_object, m_size);
SAME_PLACE(lwl_sarray, lean_sarray_object, m_capacity);
SAME_PLACE(lwl_sarray, lean_sarray_object, m_data);

SAME_SIZE(lwl_string, lean_string_object);
SAME_PLACE(lwl_string, lean_string_object, m_size);
SAME_PLACE(lwl_string, lean_string_object, m_capacity);
SAME_PLACE(lwl_string, lean_string_object, m_length);
SAME_PLACE(lwl_string, lean_string_object, m_data);

SAME_SIZE(lwl_closure, lean_closure_object);
SAME_PLACE(lwl_closure, lean_closure_object, m_fun);
SAME_PLACE(lwl_closure, lean_closure_object, m_arity);
SAME_PLACE(lwl_closure, lean_closure_object, m_num_fixed);
SAME_PLACE(lwl_closure, lean_closure_object, m_objs);

SAME_SIZE(lwl_ref, lean_ref_object);
SAME_PLACE(lwl_ref, lean_ref_object, m_value);

SAME_SIZE(lwl_thunk, lean_thunk_object);
SAME_PLACE(lwl_thunk, lean_thunk_object, m_value);
SAME_PLACE(lwl_thunk, lean_thunk_object, m_closure);

SAME_SIZE(lwl_task, lean_task_object);
SAME_PLACE(lwl_task, lean_task_object, m_value);
SAME_PLACE(lwl_task, lean_task_object, m_imp);

SAME_SIZE(lwl_promise, lean_promise_object);
SAME_PLACE(lwl_promise, lean_promise_object, m_result);

SAME_SIZE(lwl_external_class, lean_external_class);
SAME_PLACE(lwl_external_class, lean_external_class, m_finalize);
SAME_PLACE(lwl_external_class, lean_external_class, m_foreach);

SAME_SIZE(lwl_external, lean_external_object);
SAME_PLACE(lwl_external, lean_external_object, m_class);
SAME_PLACE(lwl_external, lean_external_object, m_data);

SAME_VALUE(LWL_TAG_MAX_CTOR, LeanMaxCtorTag);
SAME_VALUE(LWL_TAG_PROMISE, LeanPromise);
SAME_VALUE(LWL_TAG_CLOSURE, LeanClosure);
SAME_VALUE(LWL_TAG_ARRAY, LeanArray);
SAME_VALUE(LWL_TAG_STRUCT_ARRAY, LeanStructArray);
SAME_VALUE(LWL_TAG_SARRAY, LeanScalarArray);
SAME_VALUE(LWL_TAG_STRING, LeanString);
SAME_VALUE(LWL_TAG_MPZ, LeanMPZ);
SAME_VALUE(LWL_TAG_THUNK, LeanThunk);
SAME_VALUE(LWL_TAG_TASK, LeanTask);
SAME_VALUE(LWL_TAG_REF, LeanRef);
SAME_VALUE(LWL_TAG_EXTERNAL, LeanExternal);
SAME_VALUE(LWL_TAG_RESERVED, LeanReserved);
SAME_VALUE(LWL_MAX_CTOR_FIELDS, LEAN_MAX_CTOR_FIELDS);
SAME_VALUE(LWL_MAX_CTOR_SCALARS, LEAN_MAX_CTOR_SCALARS_SIZE);
SAME_VALUE(LWL_MAX_CLOSURE_ARGS, LEAN_CLOSURE_MAX_ARGS);
SAME_VALUE(LWL_MAX_SMALL_OBJECT, LEAN_MAX_SMALL_OBJECT_SIZE);
_Static_assert(LWL_MAX_SMALL_NAT == LEAN_MAX_SMALL_NAT, "LWL_MAX_SMALL_NAT");

static unsigned failures;

static void
same(const char *what, unsigned long long ours, unsigned long long real)
{
	if (ours == real)
		return;
	failures++;
	printf("%s: ours %llu, lean.h %llu\n", what, ours, real);
}

/* Bit fields have no offset: written by one side, read by the other. */
static void
check_header(void)
{
	lean_object real;
	lwl_object ours;

	memset(&real, 0, sizeof real);
	real.m_rc = -7;
	real.m_cs_sz = 0x1234;
	real.m_other = 0x56;
	real.m_tag = 0xf9;
	memcpy(&ours, &real, sizeof ours);
	same("m_rc", (unsigned)ours.m_rc, (unsigned)-7);
	same("m_cs_sz", ours.m_cs_sz, 0x1234);
	same("m_other", ours.m_other, 0x56);
	same("m_tag", ours.m_tag, 0xf9);
}

static void
check_scalars(void)
{
	static const size_t samples[] = { 0, 1, 255, 65536, LWL_MAX_SMALL_NAT };

	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		lean_object *real = lean_box(samples[i]);

		same("box", (uintptr_t)lwl_box(samples[i]), (uintptr_t)real);
		same("unbox", lwl_unbox((lwl_object *)real), lean_unbox(real));
		same("is_scalar", lwl_is_scalar((lwl_object *)real), lean_is_scalar(real));
		same("obj_tag", lwl_obj_tag((lwl_object *)real), lean_obj_tag(real));
	}
}

static void
check_results(void)
{
	union {
		lean_object header;
		uint64_t room[2];
	} r;

	memset(&r, 0, sizeof r);
	for (unsigned tag = 0; tag < 2; tag++) {
		r.header.m_tag = tag;
		r.header.m_rc = 1;
		same("io_result_is_ok", lwl_io_result_is_ok((lwl_object *)&r.header),
		    lean_io_result_is_ok(&r.header));
	}
}

int
main(void)
{
	check_header();
	check_scalars();
	check_results();
	printf("lean.h of Lean %d.%d.%d: %u differences\n", LEAN_VERSION_MAJOR, LEAN_VERSION_MINOR,
	    LEAN_VERSION_PATCH, failures);
	return failures != 0;
}

#endif
