/* SPDX-License-Identifier: Apache-2.0 */
/* string.c - making, growing and comparing strings. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rt.h"

lean_object *
lean_alloc_string(size_t size, size_t capacity, size_t length)
{
	lwl_string *s = (lwl_string *)lean_alloc_object(sizeof *s + capacity);

	if (size > capacity)
		leanrt_die("a string of %zu bytes in room for %zu", size, capacity);
	leanrt_set_header(&s->m_header, LWL_TAG_STRING, 0);
	s->m_size = size;
	s->m_capacity = capacity;
	s->m_length = length;
	return &s->m_header;
}

static lean_object *
string_with_room(const char *bytes, size_t size, size_t length, size_t room)
{
	lean_object *o = lean_alloc_string(size + 1, size + 1 + room, length);
	lwl_string *s = lean_to_string(o);

	memcpy(s->m_data, bytes, size);
	s->m_data[size] = '\0';
	return o;
}

lean_object *
rt_string(const char *s, size_t size)
{
	size_t length;

	if (!rt_utf8_count(s, size, &length))
		leanrt_die("a string of %zu bytes is not UTF-8", size);
	return string_with_room(s, size, length, 0);
}

lean_object *
rt_stringf(const char *format, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof text)
		leanrt_die("no room for the text of %s", format);
	return rt_string(text, (size_t)n);
}

/* "unchecked" is what the caller promises; here the promise is checked. */
lean_object *
lean_mk_string_unchecked(const char *s, size_t size, size_t length)
{
	lean_object *o = rt_string(s, size);

	if (lean_string_len(o) != length)
		leanrt_die(
		    "a string of %zu characters is said to have %zu", lean_string_len(o), length);
	return o;
}

lean_object *
lean_mk_string_from_bytes_unchecked(const char *s, size_t size)
{
	return rt_string(s, size);
}

lean_object *
lean_mk_ascii_string_unchecked(const char *s)
{
	return rt_string(s, strlen(s));
}

/* One U+FFFD for a byte that starts nothing, and the continuation bytes after it. */
lean_object *
lean_mk_string_from_bytes(const char *s, size_t size)
{
	lean_object *o;
	size_t length;
	unsigned width;

	if (rt_utf8_count(s, size, &length))
		return string_with_room(s, size, length, 0);
	o = string_with_room("", 0, 0, 0);
	for (size_t at = 0; at < size;) {
		uint32_t c = rt_utf8_decode(s, size, at, &width);

		o = lean_string_push(o, width == 0 ? 0xfffd : c);
		at += width == 0 ? 1 : width;
		while (width == 0 && at < size && (s[at] & 0xc0) == 0x80)
			at++;
	}
	return o;
}

lean_object *
lean_mk_string(const char *s)
{
	return lean_mk_string_from_bytes(s, strlen(s));
}

lean_object *
lean_string_of_usize(size_t n)
{
	return rt_stringf("%zu", n);
}

/* Consumes o; the result may be written to and has room for extra bytes. */
static lwl_string *
writable(lean_object *o, size_t extra)
{
	lwl_string *s = lean_to_string(o);
	size_t size = s->m_size - 1;
	lean_object *copy;

	if (lean_is_exclusive(o) && s->m_capacity - s->m_size >= extra)
		return s;
	copy = string_with_room(s->m_data, size, s->m_length, extra + size);
	lean_dec(o);
	return lean_to_string(copy);
}

static lean_object *
add_bytes(lean_object *o, const char *bytes, size_t size, size_t length)
{
	lwl_string *s = writable(o, size);

	memcpy(s->m_data + s->m_size - 1, bytes, size);
	s->m_size += size;
	s->m_data[s->m_size - 1] = '\0';
	s->m_length += length;
	return &s->m_header;
}

lean_object *
lean_string_push(lean_object *s, uint32_t c)
{
	char bytes[4];
	unsigned width = rt_utf8_encode(bytes, c);

	return add_bytes(s, bytes, width, 1);
}

lean_object *
lean_string_append(lean_object *a, lean_object *b)
{
	if (a == b && lean_is_exclusive(a))
		leanrt_die("lean_string_append: one count of %p for two uses", (void *)a);
	return add_bytes(a, lean_string_cstr(b), lean_string_size(b) - 1, lean_string_len(b));
}

lean_object *
lean_string_mk(lean_object *chars)
{
	lean_object *s = string_with_room("", 0, 0, 0);

	for (lean_object *at = chars; !lwl_is_scalar(at); at = lean_ctor_get(at, 1))
		s = lean_string_push(s, lean_unbox_uint32(lean_ctor_get(at, 0)));
	lean_dec(chars);
	return s;
}

static lean_object *
cons(lean_object *head, lean_object *tail)
{
	lean_object *o = lean_alloc_ctor(1, 2, 0);

	lean_ctor_set(o, 0, head);
	lean_ctor_set(o, 1, tail);
	return o;
}

lean_object *
lean_string_data(lean_object *s)
{
	const char *bytes = lean_string_cstr(s);
	size_t size = lean_string_size(s) - 1;
	lean_object *list = lean_box(0);
	unsigned width;

	for (size_t at = size; at-- > 0;) {
		uint32_t c = rt_utf8_decode(bytes, size, at, &width);

		if (width != 0)
			list = cons(lean_box_uint32(c), list);
	}
	lean_dec(s);
	return list;
}

bool
lean_string_eq_cold(lean_object *a, lean_object *b)
{
	return lean_string_size(a) == lean_string_size(b) &&
	       memcmp(lean_string_cstr(a), lean_string_cstr(b), lean_string_size(a)) == 0;
}

bool
lean_string_eq(lean_object *a, lean_object *b)
{
	return lean_string_eq_cold(a, b);
}

bool
lean_string_ne(lean_object *a, lean_object *b)
{
	return !lean_string_eq(a, b);
}

uint8_t
lean_string_dec_eq(lean_object *a, lean_object *b)
{
	return lean_string_eq(a, b);
}

/* Byte order is code point order in UTF-8. */
bool
lean_string_lt(lean_object *a, lean_object *b)
{
	size_t na = lean_string_size(a) - 1, nb = lean_string_size(b) - 1;
	int r = memcmp(lean_string_cstr(a), lean_string_cstr(b), na < nb ? na : nb);

	return r < 0 || (r == 0 && na < nb);
}

uint8_t
lean_string_dec_lt(lean_object *a, lean_object *b)
{
	return lean_string_lt(a, b);
}

uint64_t
lean_string_hash(lean_object *s)
{
	return rt_hash(lean_string_cstr(s), lean_string_size(s) - 1, 11);
}

/* C strings of the ABI, trusted to be UTF-8 like those that the compiler emits. */
size_t
lean_utf8_n_strlen(const char *s, size_t n)
{
	size_t length;

	if (!rt_utf8_count(s, n, &length))
		leanrt_die("lean_utf8_n_strlen: not UTF-8");
	return length;
}

size_t
lean_utf8_strlen(const char *s)
{
	return lean_utf8_n_strlen(s, strlen(s));
}

lean_object *
lean_string_to_utf8(lean_object *s)
{
	size_t size = lean_string_size(s) - 1;
	lean_object *bytes = lean_alloc_sarray(1, size, size);

	memcpy(lean_sarray_cptr(bytes), lean_string_cstr(s), size);
	return bytes;
}

lean_object *
lean_string_from_utf8_unchecked(lean_object *bytes)
{
	lwl_sarray *a = leanrt_sarray(bytes, 1, __func__);

	return rt_string((const char *)a->m_data, a->m_size);
}

lean_object *
lean_decode_lossy_utf8(lean_object *bytes)
{
	lwl_sarray *a = leanrt_sarray(bytes, 1, __func__);

	return lean_mk_string_from_bytes((const char *)a->m_data, a->m_size);
}

uint8_t
lean_string_validate_utf8(lean_object *bytes)
{
	lwl_sarray *a = leanrt_sarray(bytes, 1, __func__);
	size_t unused;

	return rt_utf8_count((const char *)a->m_data, a->m_size, &unused);
}
