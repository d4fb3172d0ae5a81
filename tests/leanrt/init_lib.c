/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init_lib.c - functions that the Lean library Init defines and emitted C calls by mangled name.
 *
 * They take each argument owned or borrowed as the compiler inferred it for Lean 4.28: the word
 * stands at each, from C that this compiler emitted.  No header declares them.
 */
#include <time.h>

#include "big.h"

LEAN_EXPORT lean_object *l_Nat_reprFast(lean_object *owned_n);
LEAN_EXPORT uint32_t l_Char_ofNat(lean_object *borrowed_n);
LEAN_EXPORT lean_object *l_ByteArray_extract(
    lean_object *borrowed_a, lean_object *borrowed_from, lean_object *borrowed_to);
LEAN_EXPORT lean_object *l_mkPanicMessageWithDecl(lean_object *borrowed_module,
    lean_object *borrowed_decl, lean_object *borrowed_line, lean_object *borrowed_column,
    lean_object *borrowed_msg);
LEAN_EXPORT extern const uint8_t l_instInhabitedUInt8;
LEAN_EXPORT extern const uint16_t l_instInhabitedUInt16;
LEAN_EXPORT extern const uint32_t l_instInhabitedUInt32;
LEAN_EXPORT extern const uint64_t l_instInhabitedUInt64;
LEAN_EXPORT extern const size_t l_instInhabitedUSize;
LEAN_EXPORT lean_object *lean_io_mono_ms_now(void);
LEAN_EXPORT lean_object *lean_io_mono_nanos_now(void);

lean_object *
l_Nat_reprFast(lean_object *owned_n)
{
	lean_object *s = big_repr(owned_n);

	lean_dec(owned_n);
	return s;
}

uint32_t
l_Char_ofNat(lean_object *borrowed_n)
{
	size_t c = lwl_is_scalar(borrowed_n) ? lwl_unbox(borrowed_n) : SIZE_MAX;

	return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff) ? (uint32_t)c : 0;
}

static size_t
clamp(lean_object *n, size_t max)
{
	return lwl_is_scalar(n) && lwl_unbox(n) < max ? lwl_unbox(n) : max;
}

lean_object *
l_ByteArray_extract(lean_object *borrowed_a, lean_object *borrowed_from, lean_object *borrowed_to)
{
	size_t to = clamp(borrowed_to, lean_sarray_size(borrowed_a));
	size_t from = clamp(borrowed_from, to);

	return lean_byte_array_copy_slice(borrowed_a, lean_box(from),
	    lean_alloc_sarray(1, 0, to - from), lean_box(0), lean_box(to - from), true);
}

static lean_object *
add_text(lean_object *s, const char *text)
{
	lean_object *more = lean_mk_string(text);

	s = lean_string_append(s, more);
	lean_dec(more);
	return s;
}

static lean_object *
add_nat(lean_object *s, lean_object *borrowed_n)
{
	lean_object *more = big_repr(borrowed_n);

	s = lean_string_append(s, more);
	lean_dec(more);
	return s;
}

lean_object *
l_mkPanicMessageWithDecl(lean_object *borrowed_module, lean_object *borrowed_decl,
    lean_object *borrowed_line, lean_object *borrowed_column, lean_object *borrowed_msg)
{
	lean_object *s = lean_mk_string("PANIC at ");

	s = add_text(lean_string_append(s, borrowed_decl), " ");
	s = add_text(lean_string_append(s, borrowed_module), ":");
	s = add_text(add_nat(s, borrowed_line), ":");
	s = add_text(add_nat(s, borrowed_column), ": ");
	return lean_string_append(s, borrowed_msg);
}

/* What panic! returns at these types. */
const uint8_t l_instInhabitedUInt8;
const uint16_t l_instInhabitedUInt16;
const uint32_t l_instInhabitedUInt32;
const uint64_t l_instInhabitedUInt64;
const size_t l_instInhabitedUSize;

static lean_object *
monotonic(uint64_t per_second)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return lean_uint64_to_nat(
	    (uint64_t)now.tv_sec * per_second + (uint64_t)now.tv_nsec / (1000000000 / per_second));
}

lean_object *
lean_io_mono_ms_now(void)
{
	return monotonic(1000);
}

lean_object *
lean_io_mono_nanos_now(void)
{
	return monotonic(1000000000);
}
