/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base.h - types, counts, panics.  Every accessor of this header family checks the kind of its
 * object first; a freed object has a kind of its own, so that use after free is seen as well.
 */
#ifndef LEANRT_BASE_H
#define LEANRT_BASE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/lean/object.h"
#include "leanrt.h"

#define LEAN_EXPORT   __attribute__((visibility("default")))
#define LEAN_NORETURN _Noreturn
#define LEAN_ALWAYS_INLINE
#define LEAN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define LEAN_LIKELY(x)   __builtin_expect(!!(x), 1)

#define LEAN_CLOSURE_MAX_ARGS      LWL_MAX_CLOSURE_ARGS
#define LEAN_MAX_CTOR_FIELDS       LWL_MAX_CTOR_FIELDS
#define LEAN_MAX_CTOR_SCALARS_SIZE LWL_MAX_CTOR_SCALARS
#define LEAN_MAX_SMALL_OBJECT_SIZE LWL_MAX_SMALL_OBJECT
#define LEAN_OBJECT_SIZE_DELTA     8
#define LEAN_MAX_SMALL_NAT         LWL_MAX_SMALL_NAT

#define LeanMaxCtorTag  LWL_TAG_MAX_CTOR
#define LeanPromise     LWL_TAG_PROMISE
#define LeanClosure     LWL_TAG_CLOSURE
#define LeanArray       LWL_TAG_ARRAY
#define LeanStructArray LWL_TAG_STRUCT_ARRAY
#define LeanScalarArray LWL_TAG_SARRAY
#define LeanString      LWL_TAG_STRING
#define LeanMPZ         LWL_TAG_MPZ
#define LeanThunk       LWL_TAG_THUNK
#define LeanTask        LWL_TAG_TASK
#define LeanRef         LWL_TAG_REF
#define LeanExternal    LWL_TAG_EXTERNAL
#define LeanReserved    LWL_TAG_RESERVED

typedef lwl_object lean_object;
typedef lwl_ctor lean_ctor_object;
typedef lwl_array lean_array_object;
typedef lwl_sarray lean_sarray_object;
typedef lwl_string lean_string_object;
typedef lwl_closure lean_closure_object;
typedef lwl_ref lean_ref_object;
typedef lwl_thunk lean_thunk_object;
typedef lwl_task lean_task_object;
typedef lwl_promise lean_promise_object;
typedef lwl_external lean_external_object;
typedef lwl_external_class lean_external_class;

typedef void (*lean_external_finalize_proc)(void *);
typedef void (*lean_external_foreach_proc)(void *, lean_object *);

typedef lean_object *lean_obj_arg;   /* owned: the callee gives it up */
typedef lean_object *b_lean_obj_arg; /* borrowed */
typedef lean_object *u_lean_obj_arg; /* owned and not shared */
typedef lean_object *lean_obj_res;   /* owned by the caller afterwards */
typedef lean_object *b_lean_obj_res; /* lives as long as what it came from */

/* Checks. */
LEAN_EXPORT _Noreturn void leanrt_bad_kind(lean_object *o, const char *want, const char *who);
LEAN_EXPORT _Noreturn void leanrt_bad_index(lean_object *o, size_t i, size_t n, const char *who);
LEAN_EXPORT void leanrt_inc_cold(lean_object *o, size_t n);

static inline lean_object *
leanrt_want(lean_object *o, unsigned tag, const char *want, const char *who)
{
	if (LEAN_UNLIKELY(lwl_is_scalar(o) || o == NULL || o->m_tag != tag))
		leanrt_bad_kind(o, want, who);
	return o;
}

static inline size_t
leanrt_within(lean_object *o, size_t i, size_t n, const char *who)
{
	if (LEAN_UNLIKELY(i >= n))
		leanrt_bad_index(o, i, n, who);
	return i;
}

/* Panics. */
LEAN_EXPORT void lean_set_exit_on_panic(bool flag);
LEAN_EXPORT void lean_set_panic_messages(bool flag);
LEAN_EXPORT void lean_panic(const char *msg, bool force_stderr);
LEAN_EXPORT lean_object *lean_panic_fn(lean_object *dflt, lean_object *msg);
LEAN_EXPORT lean_object *lean_panic_fn_borrowed(lean_object *dflt, lean_object *msg);
LEAN_EXPORT _Noreturn void lean_internal_panic(const char *msg);
LEAN_EXPORT _Noreturn void lean_internal_panic_out_of_memory(void);
LEAN_EXPORT _Noreturn void lean_internal_panic_unreachable(void);
LEAN_EXPORT _Noreturn void lean_internal_panic_rc_overflow(void);
LEAN_EXPORT _Noreturn void lean_internal_panic_overflow(void);
LEAN_EXPORT lean_object *lean_sorry(uint8_t unused);

/* Memory. */
LEAN_EXPORT lean_object *lean_alloc_object(size_t size);
LEAN_EXPORT void lean_free_object(lean_object *o);
LEAN_EXPORT size_t lean_object_byte_size(lean_object *o);
LEAN_EXPORT void lean_dec_ref_cold(lean_object *o);
LEAN_EXPORT void lean_inc_ref_huge_n(lean_object *o, size_t n);
LEAN_EXPORT void lean_mark_mt(lean_object *o);
LEAN_EXPORT void lean_mark_persistent(lean_object *o);
LEAN_EXPORT void lean_inc_heartbeat(void);

/* What a scalar says about itself. */
static inline bool
lean_is_scalar(lean_object *o)
{
	return lwl_is_scalar(o);
}

static inline lean_object *
lean_box(size_t n)
{
	return lwl_box(n);
}

static inline size_t
lean_unbox(lean_object *o)
{
	if (LEAN_UNLIKELY(!lwl_is_scalar(o)))
		leanrt_bad_kind(o, "scalar", __func__);
	return lwl_unbox(o);
}

static inline uint8_t
lean_ptr_tag(lean_object *o)
{
	if (LEAN_UNLIKELY(lwl_is_scalar(o) || o->m_tag == LWL_TAG_RESERVED))
		leanrt_bad_kind(o, "object", __func__);
	return o->m_tag;
}

static inline unsigned
lean_obj_tag(lean_object *o)
{
	return lwl_is_scalar(o) ? (unsigned)lwl_unbox(o) : lean_ptr_tag(o);
}

#define LEANRT_IS(name, tag)                                                                       \
	static inline bool lean_is_##name(lean_object *o)                                          \
	{                                                                                          \
		return lean_ptr_tag(o) == (tag);                                                   \
	}
LEANRT_IS(closure, LWL_TAG_CLOSURE)
LEANRT_IS(array, LWL_TAG_ARRAY)
LEANRT_IS(sarray, LWL_TAG_SARRAY)
LEANRT_IS(string, LWL_TAG_STRING)
LEANRT_IS(mpz, LWL_TAG_MPZ)
LEANRT_IS(thunk, LWL_TAG_THUNK)
LEANRT_IS(task, LWL_TAG_TASK)
LEANRT_IS(ref, LWL_TAG_REF)
LEANRT_IS(external, LWL_TAG_EXTERNAL)
#undef LEANRT_IS

static inline bool
lean_is_ctor(lean_object *o)
{
	return lean_ptr_tag(o) <= LWL_TAG_MAX_CTOR;
}

/* Counts. */
static inline void
leanrt_want_object(lean_object *o, const char *who)
{
	if (LEAN_UNLIKELY(o == NULL || lwl_is_scalar(o)))
		leanrt_bad_kind(o, "object", who);
}

static inline void
lean_inc_ref_n(lean_object *o, size_t n)
{
	leanrt_want_object(o, __func__);
	lwl_inc_ref_n(o, n, leanrt_inc_cold);
}

static inline void
lean_inc_ref(lean_object *o)
{
	lean_inc_ref_n(o, 1);
}

static inline void
lean_inc_n(lean_object *o, size_t n)
{
	if (!lwl_is_scalar(o))
		lean_inc_ref_n(o, n);
}

static inline void
lean_inc(lean_object *o)
{
	lean_inc_n(o, 1);
}

static inline void
lean_dec_ref(lean_object *o)
{
	leanrt_want_object(o, __func__);
	lwl_dec_ref(o, lean_dec_ref_cold);
}

static inline void
lean_dec(lean_object *o)
{
	if (!lwl_is_scalar(o))
		lean_dec_ref(o);
}

static inline bool
lean_is_mt(lean_object *o)
{
	return o->m_rc < 0;
}

static inline bool
lean_is_persistent(lean_object *o)
{
	return o->m_rc == 0;
}

static inline bool
lean_has_rc(lean_object *o)
{
	return o->m_rc != 0;
}

static inline bool
lean_is_exclusive(lean_object *o)
{
	(void)lean_ptr_tag(o);
	return o->m_rc == 1;
}

static inline uint8_t
lean_is_exclusive_obj(lean_object *o)
{
	return lean_is_exclusive(o);
}

static inline bool
lean_is_shared(lean_object *o)
{
	return o->m_rc > 1;
}

static inline size_t
lean_ptr_addr(lean_object *o)
{
	return (size_t)(uintptr_t)o;
}

/* 4.29+: frees a shell whose fields have been moved out; a scalar stands for "nothing to free". */
static inline void
lean_del_object(lean_object *o)
{
	if (!lwl_is_scalar(o))
		lean_free_object(o);
}

static inline void
leanrt_set_header(lean_object *o, unsigned tag, unsigned other)
{
	o->m_rc = 1;
	o->m_cs_sz = 0;
	o->m_other = (uint8_t)other;
	o->m_tag = (uint8_t)tag;
}

#endif
