/* SPDX-License-Identifier: Apache-2.0 */
/* string.h - strings; positions are byte offsets given as Nat. */
#ifndef LEANRT_STRING_H
#define LEANRT_STRING_H

#include <lean/rt/base.h>

static inline lwl_string *
lean_to_string(lean_object *o)
{
	return (lwl_string *)leanrt_want(o, LWL_TAG_STRING, "string", __func__);
}

static inline const char *
lean_string_cstr(lean_object *o)
{
	return lean_to_string(o)->m_data;
}

/* With the NUL. */
static inline size_t
lean_string_size(lean_object *o)
{
	return lean_to_string(o)->m_size;
}

static inline size_t
lean_string_len(lean_object *o)
{
	return lean_to_string(o)->m_length;
}

static inline size_t
lean_string_capacity(lean_object *o)
{
	return lean_to_string(o)->m_capacity;
}

static inline lean_object *
lean_string_length(lean_object *s)
{
	return lwl_box(lean_string_len(s));
}

static inline lean_object *
lean_string_utf8_byte_size(lean_object *s)
{
	return lwl_box(lean_string_size(s) - 1);
}

static inline uint32_t
lean_char_default_value(void)
{
	return 'A';
}

LEAN_EXPORT size_t lean_utf8_strlen(const char *s);
LEAN_EXPORT size_t lean_utf8_n_strlen(const char *s, size_t n);

LEAN_EXPORT lean_object *lean_alloc_string(size_t size, size_t capacity, size_t length);
LEAN_EXPORT lean_object *lean_mk_string(const char *s);
LEAN_EXPORT lean_object *lean_mk_string_unchecked(const char *s, size_t size, size_t length);
LEAN_EXPORT lean_object *lean_mk_string_from_bytes(const char *s, size_t size);
LEAN_EXPORT lean_object *lean_mk_string_from_bytes_unchecked(const char *s, size_t size);
LEAN_EXPORT lean_object *lean_mk_ascii_string_unchecked(const char *s);
LEAN_EXPORT lean_object *lean_string_of_usize(size_t n);
LEAN_EXPORT lean_object *lean_string_mk(lean_object *chars);
LEAN_EXPORT lean_object *lean_string_data(lean_object *s);
LEAN_EXPORT lean_object *lean_string_push(lean_object *s, uint32_t c);
LEAN_EXPORT lean_object *lean_string_append(lean_object *a, lean_object *b);

LEAN_EXPORT bool lean_string_eq_cold(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_string_eq(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_string_ne(lean_object *a, lean_object *b);
LEAN_EXPORT bool lean_string_lt(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_string_dec_eq(lean_object *a, lean_object *b);
LEAN_EXPORT uint8_t lean_string_dec_lt(lean_object *a, lean_object *b);
LEAN_EXPORT uint64_t lean_string_hash(lean_object *s);

LEAN_EXPORT uint32_t lean_string_utf8_get(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_get_opt(lean_object *s, lean_object *at);
LEAN_EXPORT uint32_t lean_string_utf8_get_bang(lean_object *s, lean_object *at);
LEAN_EXPORT uint32_t lean_string_utf8_get_fast(lean_object *s, lean_object *at);
LEAN_EXPORT uint8_t lean_string_get_byte_fast(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_next(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_next_fast(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_prev(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_set(lean_object *s, lean_object *at, uint32_t c);
LEAN_EXPORT uint8_t lean_string_utf8_at_end(lean_object *s, lean_object *at);
LEAN_EXPORT lean_object *lean_string_utf8_extract(
    lean_object *s, lean_object *from, lean_object *to);
LEAN_EXPORT uint8_t lean_string_is_valid_pos(lean_object *s, lean_object *at);

LEAN_EXPORT lean_object *lean_string_to_utf8(lean_object *s);
LEAN_EXPORT lean_object *lean_string_from_utf8_unchecked(lean_object *bytes);
LEAN_EXPORT lean_object *lean_decode_lossy_utf8(lean_object *bytes);
LEAN_EXPORT uint8_t lean_string_validate_utf8(lean_object *bytes);

#endif
