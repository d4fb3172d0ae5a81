/* SPDX-License-Identifier: Apache-2.0 */
/*
 * position.c - strings by byte position.
 *
 * A position is a Nat and may be anything.  It is valid where a character starts, and at the
 * end; a Nat that is no scalar is beyond every end.  What an invalid one means was taken from
 * Lean 4.28 itself: see the table in leanrt_test.c.
 */
#include <string.h>

#include "rt.h"

struct text {
	const char *bytes;
	size_t size;
};

static struct text
text_of(lean_object *s)
{
	return (struct text){ lean_string_cstr(s), lean_string_size(s) - 1 };
}

static bool
starts_char(struct text t, size_t at)
{
	return ((unsigned char)t.bytes[at] & 0xc0) != 0x80;
}

/* True when a character starts at the position. */
static bool
char_at(lean_object *s, lean_object *at, uint32_t *ret_char, unsigned *ret_width)
{
	struct text t = text_of(s);

	if (!lwl_is_scalar(at) || lwl_unbox(at) >= t.size || !starts_char(t, lwl_unbox(at)))
		return false;
	*ret_char = rt_utf8_decode(t.bytes, t.size, lwl_unbox(at), ret_width);
	return true;
}

uint32_t
lean_string_utf8_get(lean_object *s, lean_object *at)
{
	uint32_t c = lean_char_default_value();
	unsigned width;

	char_at(s, at, &c, &width);
	return c;
}

lean_object *
lean_string_utf8_get_opt(lean_object *s, lean_object *at)
{
	lean_object *some;
	unsigned width;
	uint32_t c;

	if (!char_at(s, at, &c, &width))
		return lean_box(0);
	some = lean_alloc_ctor(1, 1, 0);
	lean_ctor_set(some, 0, lean_box_uint32(c));
	return some;
}

uint32_t
lean_string_utf8_get_bang(lean_object *s, lean_object *at)
{
	uint32_t c = lean_char_default_value();
	unsigned width;

	if (!char_at(s, at, &c, &width))
		lean_panic("Error: invalid `String.Pos` at `String.get!`", false);
	return c;
}

/* Fast means that the caller has a proof that the position is valid and not at the end. */
static size_t
proven(lean_object *s, lean_object *at, const char *who)
{
	unsigned width;
	uint32_t c;

	if (!char_at(s, at, &c, &width))
		leanrt_die("%s: no character of string %p starts there", who, (void *)s);
	return lwl_unbox(at);
}

uint32_t
lean_string_utf8_get_fast(lean_object *s, lean_object *at)
{
	proven(s, at, __func__);
	return lean_string_utf8_get(s, at);
}

lean_object *
lean_string_utf8_next_fast(lean_object *s, lean_object *at)
{
	proven(s, at, __func__);
	return lean_string_utf8_next(s, at);
}

uint8_t
lean_string_get_byte_fast(lean_object *s, lean_object *at)
{
	struct text t = text_of(s);

	return (uint8_t)t.bytes[leanrt_within(s, lean_unbox(at), t.size, __func__)];
}

lean_object *
lean_string_utf8_next(lean_object *s, lean_object *at)
{
	unsigned width = 1;
	uint32_t c;

	char_at(s, at, &c, &width);
	return lean_nat_add(at, lean_box(width));
}

lean_object *
lean_string_utf8_prev(lean_object *s, lean_object *at)
{
	struct text t = text_of(s);
	size_t i;

	if (!lwl_is_scalar(at) || lwl_unbox(at) > t.size || lwl_unbox(at) == 0)
		return lean_nat_sub(at, lean_box(1));
	for (i = lwl_unbox(at) - 1; !starts_char(t, i); i--)
		;
	return lean_box(i);
}

uint8_t
lean_string_utf8_at_end(lean_object *s, lean_object *at)
{
	return !lwl_is_scalar(at) || lwl_unbox(at) >= text_of(s).size;
}

uint8_t
lean_string_is_valid_pos(lean_object *s, lean_object *at)
{
	struct text t = text_of(s);

	if (!lwl_is_scalar(at) || lwl_unbox(at) > t.size)
		return 0;
	return lwl_unbox(at) == t.size || starts_char(t, lwl_unbox(at));
}

/* An invalid start gives nothing; an invalid end means the end of the string. */
lean_object *
lean_string_utf8_extract(lean_object *s, lean_object *from, lean_object *to)
{
	struct text t = text_of(s);
	size_t b, e;

	if (!lwl_is_scalar(from) || lwl_unbox(from) >= t.size)
		return rt_string("", 0);
	b = lwl_unbox(from);
	e = lean_string_is_valid_pos(s, to) ? lwl_unbox(to) : t.size;
	if (!starts_char(t, b) || (lwl_is_scalar(to) && lwl_unbox(to) <= b))
		return rt_string("", 0);
	return rt_string(t.bytes + b, e - b);
}

lean_object *
lean_string_utf8_set(lean_object *s, lean_object *at, uint32_t c)
{
	struct text t = text_of(s);
	lean_object *head;
	unsigned width;
	uint32_t old;
	size_t i, rest;

	if (!char_at(s, at, &old, &width))
		return s;
	i = lwl_unbox(at);
	rest = i + width;
	head = lean_string_push(rt_string(t.bytes, i), c);
	if (rest < t.size) {
		lean_object *tail = rt_string(t.bytes + rest, t.size - rest);

		head = lean_string_append(head, tail);
		lean_dec(tail);
	}
	lean_dec(s);
	return head;
}
