/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.h - the layout of Lean 4 objects in memory, declared from facts.
 *
 * Two users: the production host, which calls the runtime only through pointers that it looked
 * up itself, and the checking runtime of the tests.  Hence nothing here needs a symbol: where a
 * reference count leaves its fast path, the caller says which function goes on.
 *
 * Sources.  Header, tags, struct layouts, boxing and the three meanings of the count: lean.h of
 * Lean 4.22, read as a description of an ABI; unchanged through 4.30 - 4.34 by the size and
 * offset tables that lean-rs keeps for those releases.  IO results have one field since 4.26
 * (release notes, #10625) and two before.  Bit 0x80 of m_other: lean.h of master after 4.34-rc1.
 * tests/leanrt/abi_check.c holds all of it against a real lean.h where one is found.
 */
#ifndef LWL_OBJECT_H
#define LWL_OBJECT_H

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(__LP64__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Lean objects are declared for 64-bit little-endian targets only"
#endif

/* Every tag not listed is a constructor index. */
enum lwl_tag {
	LWL_TAG_MAX_CTOR = 243,
	LWL_TAG_PROMISE = 244,
	LWL_TAG_CLOSURE = 245,
	LWL_TAG_ARRAY = 246,
	LWL_TAG_STRUCT_ARRAY = 247,
	LWL_TAG_SARRAY = 248,
	LWL_TAG_STRING = 249,
	LWL_TAG_MPZ = 250,
	LWL_TAG_THUNK = 251,
	LWL_TAG_TASK = 252,
	LWL_TAG_REF = 253,
	LWL_TAG_EXTERNAL = 254,
	LWL_TAG_RESERVED = 255,
};

enum {
	LWL_MAX_CTOR_FIELDS = 256,
	LWL_MAX_CTOR_SCALARS = 1024, /* bytes */
	LWL_MAX_CLOSURE_ARGS = 16,
	LWL_MAX_SMALL_OBJECT = 4096, /* bytes */
};

#define LWL_MAX_SMALL_NAT (SIZE_MAX >> 1)

/*
 * m_rc > 0   one thread, plain arithmetic
 * m_rc < 0   several threads, the count negated, atomics
 * m_rc == 0  never counted and never written: constants, .olean regions, read-only data
 */
typedef struct lwl_object {
	int m_rc;
	uint16_t m_cs_sz; /* size of a small object, 0 for others */
	uint8_t m_other;  /* ctor: object fields; sarray: element size, see below */
	uint8_t m_tag;
} lwl_object;

typedef struct lwl_ctor {
	lwl_object m_header;
	lwl_object *m_objs[]; /* then USize fields, then smaller scalars, widest first */
} lwl_ctor;

typedef struct lwl_array {
	lwl_object m_header;
	size_t m_size;
	size_t m_capacity;
	lwl_object *m_data[];
} lwl_array;

typedef struct lwl_sarray {
	lwl_object m_header;
	size_t m_size; /* in elements, like the capacity */
	size_t m_capacity;
	uint8_t m_data[];
} lwl_sarray;

typedef struct lwl_string {
	lwl_object m_header;
	size_t m_size; /* bytes of UTF-8 and the NUL after them */
	size_t m_capacity;
	size_t m_length; /* code points */
	char m_data[];
} lwl_string;

typedef struct lwl_closure {
	lwl_object m_header;
	void *m_fun;
	uint16_t m_arity;
	uint16_t m_num_fixed;
	lwl_object *m_objs[];
} lwl_closure;

typedef struct lwl_ref {
	lwl_object m_header;
	lwl_object *m_value;
} lwl_ref;

/* m_value and m_closure are accessed with atomics by real runtimes; size and place are these. */
typedef struct lwl_thunk {
	lwl_object m_header;
	lwl_object *m_value;
	lwl_object *m_closure;
} lwl_thunk;

typedef struct lwl_task {
	lwl_object m_header;
	lwl_object *m_value;
	void *m_imp; /* private to the runtime */
} lwl_task;

typedef struct lwl_promise {
	lwl_object m_header;
	lwl_task *m_result;
} lwl_promise;

typedef struct lwl_external_class {
	void (*m_finalize)(void *);
	void (*m_foreach)(void *, lwl_object *);
} lwl_external_class;

typedef struct lwl_external {
	lwl_object m_header;
	lwl_external_class *m_class;
	void *m_data;
} lwl_external;

#define LWL_AT(type, field, offset)                                                                \
	static_assert(offsetof(type, field) == (offset), #type "." #field " is at " #offset)
#define LWL_SIZE(type, size) static_assert(sizeof(type) == (size), #type " takes " #size " bytes")

LWL_SIZE(void *, 8);
LWL_SIZE(size_t, 8);
LWL_SIZE(int, 4);

LWL_SIZE(lwl_object, 8);
LWL_AT(lwl_object, m_rc, 0);
LWL_AT(lwl_object, m_cs_sz, 4);
LWL_AT(lwl_object, m_other, 6);
LWL_AT(lwl_object, m_tag, 7);

LWL_SIZE(lwl_ctor, 8);
LWL_AT(lwl_ctor, m_objs, 8);

LWL_SIZE(lwl_array, 24);
LWL_AT(lwl_array, m_size, 8);
LWL_AT(lwl_array, m_capacity, 16);
LWL_AT(lwl_array, m_data, 24);

LWL_SIZE(lwl_sarray, 24);
LWL_AT(lwl_sarray, m_size, 8);
LWL_AT(lwl_sarray, m_capacity, 16);
LWL_AT(lwl_sarray, m_data, 24);

LWL_SIZE(lwl_string, 32);
LWL_AT(lwl_string, m_size, 8);
LWL_AT(lwl_string, m_capacity, 16);
LWL_AT(lwl_string, m_length, 24);
LWL_AT(lwl_string, m_data, 32);

LWL_SIZE(lwl_closure, 24);
LWL_AT(lwl_closure, m_fun, 8);
LWL_AT(lwl_closure, m_arity, 16);
LWL_AT(lwl_closure, m_num_fixed, 18);
LWL_AT(lwl_closure, m_objs, 24);

LWL_SIZE(lwl_ref, 16);
LWL_AT(lwl_ref, m_value, 8);

LWL_SIZE(lwl_thunk, 24);
LWL_AT(lwl_thunk, m_value, 8);
LWL_AT(lwl_thunk, m_closure, 16);

LWL_SIZE(lwl_task, 24);
LWL_AT(lwl_task, m_value, 8);
LWL_AT(lwl_task, m_imp, 16);

LWL_SIZE(lwl_promise, 16);
LWL_AT(lwl_promise, m_result, 8);

LWL_SIZE(lwl_external_class, 16);
LWL_AT(lwl_external_class, m_finalize, 0);
LWL_AT(lwl_external_class, m_foreach, 8);

LWL_SIZE(lwl_external, 24);
LWL_AT(lwl_external, m_class, 8);
LWL_AT(lwl_external, m_data, 16);

#undef LWL_AT
#undef LWL_SIZE

/* A pointer with bit 0 set is no pointer but a number; a field-less constructor is its index. */
static inline bool
lwl_is_scalar(const lwl_object *o)
{
	return ((uintptr_t)o & 1) != 0;
}

static inline lwl_object *
lwl_box(size_t n)
{
	return (lwl_object *)(uintptr_t)(n << 1 | 1);
}

static inline size_t
lwl_unbox(const lwl_object *o)
{
	return (size_t)((uintptr_t)o >> 1);
}

/* The one safe way to ask for a constructor: unexpectedEof, for one, has no header to read. */
static inline unsigned
lwl_obj_tag(const lwl_object *o)
{
	return lwl_is_scalar(o) ? (unsigned)lwl_unbox(o) : o->m_tag;
}

static inline bool
lwl_is_string(const lwl_object *o)
{
	return !lwl_is_scalar(o) && o->m_tag == LWL_TAG_STRING;
}

static inline const char *
lwl_string_bytes(const lwl_object *o)
{
	return ((const lwl_string *)o)->m_data;
}

/* Without the NUL. */
static inline size_t
lwl_string_size(const lwl_object *o)
{
	return ((const lwl_string *)o)->m_size - 1;
}

/* The top bit is a mark of the runtime, not part of the size. */
static inline unsigned
lwl_sarray_elem_size(const lwl_object *o)
{
	return o->m_other & 0x7fu;
}

static inline lwl_object *
lwl_ctor_get(const lwl_object *o, unsigned i)
{
	return ((const lwl_ctor *)o)->m_objs[i];
}

/* Tag 0 is ok, tag 1 error; the value or the error is field 0 in both. */
static inline bool
lwl_io_result_is_ok(const lwl_object *r)
{
	return r->m_tag == 0;
}

typedef void lwl_inc_cold(lwl_object *, size_t);
typedef void lwl_dec_cold(lwl_object *);

/* The cold half that a host uses: no runtime exports one under a name of all versions. */
static inline void
lwl_inc_shared(lwl_object *o, size_t n)
{
	if (o->m_rc < 0)
		(void)__atomic_fetch_sub(&o->m_rc, (int)n, __ATOMIC_RELAXED);
}

static inline void
lwl_inc_ref_n(lwl_object *o, size_t n, lwl_inc_cold *cold)
{
	if (o->m_rc > 0 && n <= (size_t)(INT_MAX - o->m_rc))
		o->m_rc += (int)n;
	else
		cold(o, n);
}

static inline void
lwl_inc(lwl_object *o, lwl_inc_cold *cold)
{
	if (!lwl_is_scalar(o))
		lwl_inc_ref_n(o, 1, cold);
}

/* cold is lean_dec_ref_cold of the runtime that made the object: it frees at 1. */
static inline void
lwl_dec_ref(lwl_object *o, lwl_dec_cold *cold)
{
	if (o->m_rc > 1)
		o->m_rc--;
	else if (o->m_rc != 0)
		cold(o);
}

static inline void
lwl_dec(lwl_object *o, lwl_dec_cold *cold)
{
	if (!lwl_is_scalar(o))
		lwl_dec_ref(o, cold);
}

#endif
