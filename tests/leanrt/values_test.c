/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values_test.c - what functions of the runtime answer, and that they leave nothing behind.
 *
 * Expected values marked "Lean" were printed by Lean 4.28 itself, evaluating the same terms;
 * the others were worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <lean/lean.h>

LEAN_EXPORT lean_object *l_Nat_reprFast(lean_object *owned_n);
LEAN_EXPORT uint32_t l_Char_ofNat(lean_object *borrowed_n);
LEAN_EXPORT lean_object *l_ByteArray_extract(lean_object *a, lean_object *from, lean_object *to);
LEAN_EXPORT lean_object *l_mkPanicMessageWithDecl(lean_object *module, lean_object *decl,
    lean_object *line, lean_object *column, lean_object *msg);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Consumes s. */
static void
reads(lean_object *s, const char *want)
{
	size_t length = lean_utf8_strlen(want);

	assert_string_equal(lean_string_cstr(s), want);
	assert_int_equal(lean_string_size(s), strlen(want) + 1);
	assert_int_equal(lean_string_len(s), length);
	lean_dec(s);
}

/* --- Strings. --- */

static const char text[] = "a\u00e9\u20ac\U0001f600z"; /* 1, 2, 3, 4 and 1 bytes */

enum { END = 11 };

static void
get_next_prev_at_every_position(void **unused)
{
	/* Lean: String.Pos.Raw.get, next, prev, isValid at 0 … 13. */
	static const unsigned get[] = { 97, 233, 65, 8364, 65, 65, 128512, 65, 65, 65, 122, 65, 65,
		65 };
	static const unsigned next[] = { 1, 3, 3, 6, 5, 6, 10, 8, 9, 10, 11, 12, 13, 14 };
	static const unsigned prev[] = { 0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 12 };
	static const unsigned valid[] = { 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0 };
	lean_object *s = lean_mk_string(text);

	(void)unused;
	for (unsigned i = 0; i < COUNT(get); i++) {
		lean_object *at = lean_box(i), *c = lean_string_utf8_get_opt(s, at);

		assert_int_equal(lean_string_utf8_get(s, at), get[i]);
		assert_int_equal(lean_unbox(lean_string_utf8_next(s, at)), next[i]);
		assert_int_equal(lean_unbox(lean_string_utf8_prev(s, at)), prev[i]);
		assert_int_equal(lean_string_is_valid_pos(s, at), valid[i]);
		assert_int_equal(lean_string_utf8_at_end(s, at), i >= END);
		assert_int_equal(lean_is_scalar(c), !valid[i] || i == END);
		if (!lean_is_scalar(c))
			assert_int_equal(lean_unbox_uint32(lean_ctor_get(c, 0)), get[i]);
		lean_dec(c);
		if (valid[i] && i < END) {
			assert_int_equal(lean_string_utf8_get_fast(s, at), get[i]);
			assert_int_equal(lean_unbox(lean_string_utf8_next_fast(s, at)), next[i]);
		}
	}
	lean_dec(s);
}

static void
positions_beyond_every_string(void **unused)
{
	lean_object *s = lean_mk_string(text), *far = lean_big_usize_to_nat(SIZE_MAX);
	lean_object *next = lean_string_utf8_next(s, far), *prev = lean_string_utf8_prev(s, far);

	(void)unused;
	assert_int_equal(lean_string_utf8_get(s, far), 'A');
	reads(l_Nat_reprFast(next), "18446744073709551616");
	reads(l_Nat_reprFast(prev), "18446744073709551614");
	reads(lean_string_utf8_extract(s, far, far), "");
	reads(lean_string_utf8_extract(s, lean_box(6), far), "\U0001f600z");
	s = lean_string_utf8_set(s, far, 'q');
	reads(s, text);
	lean_dec(far);
}

static void
extract_and_set_at_every_position(void **unused)
{
	/* Lean: extract i 10, extract 1 i, set i 'é' at 0 … 13. */
	static const char *const to_10[] = { "a\u00e9\u20ac\U0001f600", "\u00e9\u20ac\U0001f600",
		"", "\u20ac\U0001f600", "", "", "\U0001f600", "", "", "", "", "", "", "" };
	static const char rest[] = "\u00e9\u20ac\U0001f600z";
	static const char *const from_1[] = { "", "", rest, "\u00e9", rest, rest, "\u00e9\u20ac",
		rest, rest, rest, "\u00e9\u20ac\U0001f600", rest, rest, rest };
	static const char *const set[] = { "\u00e9\u00e9\u20ac\U0001f600z", text, text,
		"a\u00e9\u00e9\U0001f600z", text, text, "a\u00e9\u20ac\u00e9z", text, text, text,
		"a\u00e9\u20ac\U0001f600\u00e9", text, text, text };
	lean_object *s = lean_mk_string(text);

	(void)unused;
	for (unsigned i = 0; i < COUNT(to_10); i++) {
		lean_object *at = lean_box(i);

		reads(lean_string_utf8_extract(s, at, lean_box(10)), to_10[i]);
		reads(lean_string_utf8_extract(s, lean_box(1), at), from_1[i]);
		lean_inc(s);
		reads(lean_string_utf8_set(s, at, 0xe9), set[i]);
	}
	lean_dec(s);
}

static void
append_and_push_grow_or_copy(void **unused)
{
	lean_object *a = lean_mk_string("a"), *b = lean_mk_string("\u00e9"), *kept = a;

	(void)unused;
	lean_inc(a);
	a = lean_string_append(a, b);
	assert_ptr_not_equal(a, kept);
	reads(kept, "a");
	for (int i = 0; i < 1000; i++)
		a = lean_string_push(lean_string_append(a, b), 0x1f600);
	assert_int_equal(lean_string_len(a), 2002);
	assert_int_equal(lean_string_size(a), 1 + 2 + 1000 * (2 + 4) + 1);
	/* Room at the end is of no use to one of two owners. */
	assert_true(lean_string_capacity(a) >= lean_string_size(a) + 2);
	lean_inc(kept = a);
	a = lean_string_append(a, b);
	assert_int_equal(lean_string_len(kept), 2002);
	assert_int_equal(lean_string_len(a), 2003);
	lean_dec(kept);
	lean_inc(b);
	reads(lean_string_append(b, b), "\u00e9\u00e9");
	lean_dec(a);
	lean_dec(b);
}

static void
bytes_become_text_with_replacements(void **unused)
{
	static const struct {
		const char *bytes;
		const char *text;
	} rows[] = {
		{ "plain", "plain" },
		{ "\xff!", "\ufffd!" },
		{ "\xe2\x82!", "\ufffd!" },
		{ "\x80\x80x", "\ufffdx" },
		{ "\xed\xa0\x80", "\ufffd" },
		{ "\xc0\x80", "\ufffd" },
		{ "\xf0\x9f\x98\x80", "\U0001f600" },
		{ "\xf4\x90\x80\x80z", "\ufffdz" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++)
		reads(
		    lean_mk_string_from_bytes(rows[i].bytes, strlen(rows[i].bytes)), rows[i].text);
	reads(lean_mk_string_unchecked("\xe2\x82\xac", 3, 1), "\u20ac");
}

static lean_object *
bytes_of(const char *s)
{
	lean_object *text_of = lean_mk_string_unchecked(s, strlen(s), strlen(s));
	lean_object *bytes = lean_string_to_utf8(text_of);

	lean_dec(text_of);
	return bytes;
}

static lean_object *
raw_bytes(const uint8_t *p, size_t n)
{
	lean_object *a = lean_mk_empty_byte_array(lean_box(0));

	for (size_t i = 0; i < n; i++)
		a = lean_byte_array_push(a, p[i]);
	return a;
}

static void
utf8_is_validated(void **unused)
{
	/* Lean: ByteArray.validateUTF8. */
	static const struct {
		uint8_t bytes[4];
		size_t n;
		bool valid;
	} rows[] = {
		{ { 0xed, 0xa0, 0x80 }, 3, false },
		{ { 0xc0, 0x80 }, 2, false },
		{ { 0xf4, 0x90, 0x80, 0x80 }, 4, false },
		{ { 0xf0, 0x9f, 0x98, 0x80 }, 4, true },
		{ { 0xe2, 0x82 }, 2, false },
		{ { 0 }, 0, true },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		lean_object *a = raw_bytes(rows[i].bytes, rows[i].n);

		assert_int_equal(lean_string_validate_utf8(a), rows[i].valid);
		lean_dec(a);
	}
}

static void
strings_are_compared_and_hashed(void **unused)
{
	/* Lean: hash of a String, mixHash. */
	static const struct {
		const char *s;
		uint64_t hash;
	} rows[] = {
		{ "", UINT64_C(9877294847684254529) },
		{ "a", UINT64_C(15917291556903334389) },
		{ "abc", UINT64_C(13471000911841882655) },
		{ "abcdefgh", UINT64_C(4343876127666658534) },
		{ "abcdefghi", UINT64_C(4853633868021991863) },
		{ text, UINT64_C(173095687669214276) },
		{ "the quick brown fox", UINT64_C(8637683238485374075) },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		lean_object *a = lean_mk_string(rows[i].s), *b = lean_mk_string(rows[0].s);

		assert_true(lean_string_hash(a) == rows[i].hash);
		assert_int_equal(lean_string_eq(a, b), i == 0);
		assert_int_equal(lean_string_lt(b, a), i != 0);
		assert_int_equal(lean_string_dec_lt(a, b), 0);
		lean_dec(a);
		lean_dec(b);
	}
	assert_true(lean_uint64_mix_hash(1, 2) == UINT64_C(16582581243253999004));
	assert_true(lean_uint64_mix_hash(0, 0) == UINT64_C(3866779316627607737));
}

static void
strings_become_lists_and_back(void **unused)
{
	lean_object *list = lean_string_data(lean_mk_string(text));

	(void)unused;
	assert_int_equal(lean_unbox_uint32(lean_ctor_get(list, 0)), 'a');
	assert_int_equal(lean_unbox_uint32(lean_ctor_get(lean_ctor_get(list, 1), 0)), 0xe9);
	reads(lean_string_mk(list), text);
	reads(lean_string_mk(lean_box(0)), "");
}

/* --- Numbers. --- */

/* Consumes n. */
static void
is_nat(lean_object *n, const char *want)
{
	lean_object *again = lean_cstr_to_nat(want);

	assert_true(lean_nat_eq(n, again));
	assert_int_equal(lean_is_scalar(n), lean_is_scalar(again));
	lean_dec(again);
	reads(l_Nat_reprFast(n), want);
}

static void
nat_operations(void **unused)
{
	static const char max[] = "9223372036854775807", max1[] = "9223372036854775808",
			  two64[] = "18446744073709551616", two70[] = "1180591620717411303424";
	typedef lean_object *nat_fn(lean_object *, lean_object *);
	/* Lean, except where the second operand is 0. */
	const struct {
		nat_fn *fn;
		const char *a, *b, *want;
	} rows[] = {
		{ lean_nat_add, max, "1", max1 },
		{ lean_nat_add, max, max, "18446744073709551614" },
		{ lean_nat_mul, max, max, "85070591730234615847396907784232501249" },
		{ lean_nat_mul, two64, two64, "340282366920938463463374607431768211456" },
		{ lean_nat_mul, "4294967296", "2147483648", max1 },
		{ lean_nat_mul, two70, "0", "0" },
		{ lean_nat_sub, "3", two70, "0" },
		{ lean_nat_sub, "3", "5", "0" },
		{ lean_nat_sub, max1, "1", max },
		{ lean_nat_div, "18446744073709551621", "7", "2635249153387078803" },
		{ lean_nat_mod, "18446744073709551621", "7", "0" },
		{ lean_nat_div, two70, "0", "0" },
		{ lean_nat_mod, two70, "0", two70 },
		{ lean_nat_div, "7", "0", "0" },
		{ lean_nat_mod, "7", "0", "7" },
		{ lean_nat_gcd, two70, "48", "16" },
		{ lean_nat_pow, "2", "70", two70 },
		{ lean_nat_shiftl, "3", "70", "3541774862152233910272" },
		{ lean_nat_shiftr, two70, "68", "4" },
		{ lean_nat_shiftr, two70, two70, "0" },
		{ lean_nat_shiftr, "5", "64", "0" },
		{ lean_nat_land, "1180591620717411303436", "10", "8" },
		{ lean_nat_lor, two70, "1", "1180591620717411303425" },
		{ lean_nat_lxor, "1180591620717411303425", "3", "1180591620717411303426" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		lean_object *a = lean_cstr_to_nat(rows[i].a), *b = lean_cstr_to_nat(rows[i].b);

		is_nat(rows[i].fn(a, b), rows[i].want);
		lean_dec(a);
		lean_dec(b);
	}
}

static void
nat_conversions(void **unused)
{
	lean_object *big = lean_cstr_to_nat("1180591620717411303427"); /* 2^70 + 3 */

	(void)unused;
	is_nat(lean_usize_to_nat(LWL_MAX_SMALL_NAT), "9223372036854775807");
	is_nat(lean_usize_to_nat(LWL_MAX_SMALL_NAT + 1), "9223372036854775808");
	is_nat(lean_uint64_to_nat(UINT64_MAX), "18446744073709551615");
	is_nat(lean_nat_log2(big), "70");
	is_nat(lean_nat_succ(lean_box(LWL_MAX_SMALL_NAT)), "9223372036854775808");
	assert_int_equal(lean_uint8_of_nat(lean_box(300)), 44);
	assert_true(lean_uint64_of_nat(big) == 3);
	assert_true(lean_nat_lt(lean_box(5), big) && !lean_nat_le(big, lean_box(5)));
	assert_true(lean_float_of_nat(big) == 1180591620717411303424.0);
	assert_int_equal(l_Char_ofNat(lean_box(0xe9)), 0xe9);
	assert_int_equal(l_Char_ofNat(lean_box(0xd800)), 0);
	assert_int_equal(l_Char_ofNat(lean_box(0x110000)), 0);
	assert_int_equal(l_Char_ofNat(big), 0);
	lean_dec(big);
}

static lean_object *
int_of(const char *digits)
{
	return lean_cstr_to_int(digits);
}

static void
int_operations(void **unused)
{
	static const char big[] = "-1180591620717411303424"; /* -(2^70) */
	typedef lean_object *int_fn(lean_object *, lean_object *);
	/* Lean. */
	const struct {
		int_fn *fn;
		const char *a, *b, *want;
	} rows[] = {
		{ lean_int_ediv, "-7", "2", "-4" },
		{ lean_int_emod, "-7", "2", "1" },
		{ lean_int_div, "-7", "2", "-3" },
		{ lean_int_mod, "-7", "2", "-1" },
		{ lean_int_ediv, "7", "-2", "-3" },
		{ lean_int_emod, "7", "-2", "1" },
		{ lean_int_ediv, "-2147483648", "-1", "2147483648" },
		{ lean_int_add, "2147483647", "1", "2147483648" },
		{ lean_int_ediv, "5", "0", "0" },
		{ lean_int_emod, "5", "0", "5" },
		{ lean_int_div, "-7", "0", "0" },
		{ lean_int_mod, "-7", "0", "-7" },
		{ lean_int_ediv, big, "3", "-393530540239137101142" },
		{ lean_int_emod, big, "3", "2" },
		{ lean_int_div, big, "3", "-393530540239137101141" },
		{ lean_int_mod, big, "3", "-1" },
		{ lean_int_ediv, "1180591620717411303424", "-3", "-393530540239137101141" },
		{ lean_int_emod, "1180591620717411303424", "-3", "1" },
		{ lean_int_sub, "2147483648", "1", "2147483647" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		lean_object *a = int_of(rows[i].a), *b = int_of(rows[i].b);
		lean_object *want = int_of(rows[i].want), *got = rows[i].fn(a, b);

		assert_true(lean_int_eq(got, want));
		assert_int_equal(lean_is_scalar(got), lean_is_scalar(want));
		lean_dec(a);
		lean_dec(b);
		lean_dec(want);
		lean_dec(got);
	}
}

static void
int_conversions(void **unused)
{
	lean_object *big = int_of("-1180591620717411303424");

	(void)unused;
	is_nat(lean_nat_abs(big), "1180591620717411303424");
	is_nat(lean_int_to_nat(lean_int_to_int(-5)), "0");
	assert_ptr_equal(lean_int_neg_succ_of_nat(lean_box(4)), lean_int_to_int(-5));
	assert_ptr_equal(lean_int_to_int(-1), lean_box(UINT32_MAX));
	assert_true(lean_int_lt(big, lean_box(0)) && !lean_int_dec_nonneg(big));
	lean_dec(big);
	big = lean_nat_to_int(lean_box(UINT32_MAX));
	assert_false(lean_is_scalar(big));
	is_nat(lean_int_to_nat(big), "4294967295");
}

static void
fixed_width_numbers(void **unused)
{
	lean_object *minus_129 = lean_int_to_int(-129);

	(void)unused;
	/* Lean. */
	assert_int_equal((int8_t)lean_int8_of_int(minus_129), 127);
	assert_int_equal((int8_t)lean_int8_of_int(lean_int_to_int(200)), -56);
	assert_int_equal(lean_int8_div(0x80, 0xff), 0x80);
	assert_int_equal(lean_uint8_shift_right(5, 9), 2);
	assert_int_equal(lean_uint8_shift_left(1, 9), 2);
	assert_int_equal(lean_uint8_div(5, 0), 0);
	assert_int_equal(lean_uint8_mod(5, 0), 5);
	assert_int_equal((int8_t)lean_int8_div((uint8_t)-7, 2), -3);
	assert_int_equal((int8_t)lean_int8_mod((uint8_t)-7, 2), -1);
	assert_int_equal((int8_t)lean_int8_shift_right((uint8_t)-8, 1), -4);
	/* By hand. */
	assert_int_equal(lean_uint8_add(255, 1), 0);
	assert_int_equal(lean_uint8_sub(0, 1), 255);
	assert_int_equal(lean_uint16_mul(65535, 65535), 1);
	assert_int_equal(lean_uint32_neg(1), UINT32_MAX);
	assert_true(lean_uint64_complement(0) == UINT64_MAX);
	assert_true(lean_int64_div(UINT64_C(1) << 63, UINT64_MAX) == UINT64_C(1) << 63);
	assert_true(lean_int64_mod(UINT64_C(1) << 63, UINT64_MAX) == 0);
	assert_int_equal(lean_uint64_log2(1024), 10);
	assert_int_equal(lean_uint32_log2(0), 0);
	assert_true(lean_int8_dec_lt((uint8_t)-1, 0) && !lean_uint8_dec_lt(255, 0));
	assert_true(lean_int8_to_int64((uint8_t)-1) == UINT64_MAX);
	assert_int_equal(lean_uint64_to_uint8(0x1ff), 255);
}

static void
floats(void **unused)
{
	/* Lean. */
	static const struct {
		double a;
		const char *text;
	} rows[] = {
		{ 1.5, "1.500000" },
		{ -0.0, "-0.000000" },
		{ 1e-7, "0.000000" },
		{ 1.0 / 3, "0.333333" },
		{ 123.45, "123.450000" },
		{ 1208925819614629174706176.0, "1208925819614629174706176.000000" },
	};
	double inf = lean_float_of_bits(UINT64_C(0x7ff0000000000000)), nan = inf - inf;

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++)
		reads(lean_float_to_string(rows[i].a), rows[i].text);
	reads(lean_float_to_string(inf), "inf");
	reads(lean_float_to_string(nan), "NaN");
	assert_int_equal(lean_float_to_uint8(2.9), 2);
	assert_int_equal(lean_float_to_uint8(-1.0), 0);
	assert_true(lean_float_to_uint64(1e30) == UINT64_MAX);
	assert_int_equal(lean_float_to_uint64(nan), 0);
	/* By hand. */
	assert_int_equal((int8_t)lean_float_to_int8(-1000), -128);
	assert_int_equal((int8_t)lean_float_to_int8(127.9), 127);
	assert_true((int64_t)lean_float_to_int64(-1e30) == INT64_MIN);
	assert_int_equal(lean_float_to_int64(nan), 0);
	assert_true(lean_float_isnan(nan) && lean_float_isinf(inf) && lean_float_isfinite(1.0));
}

/* --- Containers. --- */

static void
arrays(void **unused)
{
	lean_object *a = lean_mk_empty_array(), *kept, *list;

	(void)unused;
	for (unsigned i = 0; i < 20; i++)
		a = lean_array_push(a, lean_usize_to_nat(i));
	lean_inc(kept = a);
	a = lean_array_set(a, lean_box(3), lean_mk_string("three"));
	assert_ptr_not_equal(a, kept);
	assert_int_equal(lean_unbox(lean_array_get_core(kept, 3)), 3);
	lean_dec(kept);
	a = lean_array_swap(a, lean_box(3), lean_box(0));
	reads(lean_array_get(lean_box(0), a, lean_box(0)), "three");
	a = lean_array_pop(lean_array_uset(a, 0, lean_box(0)));
	assert_int_equal(lean_array_size(a), 19);
	list = lean_array_to_list(a);
	a = lean_array_mk(list);
	assert_int_equal(lean_unbox(lean_array_get_core(a, 18)), 18);
	lean_dec(a);
	a = lean_mk_array(lean_box(3), lean_mk_string("x"));
	assert_int_equal(lean_array_get_core(a, 0)->m_rc, 3);
	lean_dec(a);
}

static void
byte_arrays(void **unused)
{
	lean_object *a = bytes_of("hello"), *b, *c;

	(void)unused;
	b = l_ByteArray_extract(a, lean_box(1), lean_box(3));
	assert_int_equal(lean_unbox(lean_byte_array_size(b)), 2);
	assert_int_equal(lean_byte_array_fget(b, lean_box(0)), 'e');
	assert_int_equal(lean_byte_array_get(b, lean_box(2)), 0);
	/* Lean: copySlice of [1,2,3,4,5] from 1 to 2 of [9,9,9], 10 long. */
	lean_dec(a);
	lean_dec(b);
	a = raw_bytes((const uint8_t[]){ 1, 2, 3, 4, 5 }, 5);
	b = raw_bytes((const uint8_t[]){ 9, 9, 9 }, 3);
	c = lean_byte_array_copy_slice(a, lean_box(1), b, lean_box(2), lean_box(10), 0);
	assert_int_equal(lean_sarray_size(c), 6);
	assert_memory_equal(lean_sarray_cptr(c), ((const uint8_t[]){ 9, 9, 2, 3, 4, 5 }), 6);
	lean_inc(c);
	b = lean_byte_array_set(c, lean_box(0), 7);
	assert_int_equal(lean_byte_array_uget(c, 0), 9);
	assert_int_equal(lean_byte_array_uget(b, 0), 7);
	b = lean_byte_array_mk(lean_byte_array_data(b));
	assert_int_equal(lean_byte_array_uget(b, 5), 5);
	lean_dec(a);
	lean_dec(b);
	lean_dec(c);
}

static void
float_arrays(void **unused)
{
	lean_object *a = lean_mk_empty_float_array(lean_box(1));

	(void)unused;
	a = lean_float_array_push(lean_float_array_push(a, 1.5), 2.5);
	a = lean_float_array_mk(lean_float_array_data(lean_float_array_set(a, lean_box(0), 3)));
	assert_true(lean_float_array_get(a, lean_box(0)) == 3 &&
		    lean_float_array_uget(a, 1) == 2.5 &&
		    lean_float_array_get(a, lean_box(2)) == 0);
	lean_dec(a);
}

/* structure {a : String, b : UInt8, c : USize, d : UInt32, e : UInt64, f : Bool}: as emitted. */
static void
scalar_fields_do_not_overlap(void **unused)
{
	lean_object *o = lean_alloc_ctor(0, 1, sizeof(size_t) * 1 + 14);

	(void)unused;
	lean_ctor_set(o, 0, lean_mk_string("a"));
	lean_ctor_set_usize(o, 1, SIZE_MAX - 1);
	lean_ctor_set_uint64(o, sizeof(void *) * 2, UINT64_C(0x0102030405060708));
	lean_ctor_set_uint32(o, sizeof(void *) * 2 + 8, 0x090a0b0c);
	lean_ctor_set_uint8(o, sizeof(void *) * 2 + 12, 13);
	lean_ctor_set_uint8(o, sizeof(void *) * 2 + 13, 1);
	assert_true(lean_ctor_get_usize(o, 1) == SIZE_MAX - 1);
	assert_true(lean_ctor_get_uint64(o, 16) == UINT64_C(0x0102030405060708));
	assert_int_equal(lean_ctor_get_uint32(o, 24), 0x090a0b0c);
	assert_int_equal(lean_ctor_get_uint8(o, 28), 13);
	assert_int_equal(lean_ctor_get_uint8(o, 29), 1);
	assert_int_equal(lean_object_byte_size(o), 8 + 8 + 8 + 14);
	lean_dec(o);
}

static void
boxes(void **unused)
{
	lean_object *o = lean_box_uint64(UINT64_MAX), *u = lean_box_usize(7),
		    *f = lean_box_float(2.5);

	(void)unused;
	assert_true(lean_unbox_uint64(o) == UINT64_MAX && lean_unbox_usize(u) == 7);
	assert_true(lean_unbox_float(f) == 2.5);
	assert_int_equal(lean_unbox_uint32(lean_box_uint32(UINT32_MAX)), UINT32_MAX);
	lean_dec(o);
	lean_dec(u);
	lean_dec(f);
}

/* --- Closures, references, tasks. --- */

static lean_object *
join(lean_object *a, lean_object *b, lean_object *c)
{
	a = lean_string_append(lean_string_append(a, b), c);
	lean_dec(b);
	lean_dec(c);
	return a;
}

/* Applied to one argument too many: answers a closure that takes the last two. */
static lean_object *
joiner(lean_object *a)
{
	lean_object *f = lean_alloc_closure((void *)join, 3, 1);

	lean_closure_set(f, 0, a);
	return f;
}

static lean_object *
sum_of_seventeen(lean_object **a)
{
	size_t sum = 0;

	for (unsigned i = 0; i < 17; i++)
		sum += lean_unbox(a[i]);
	return lean_box(sum);
}

static void
closures(void **unused)
{
	lean_object *f = joiner(lean_mk_string("a")), *g, *args[17];

	(void)unused;
	lean_inc(f);
	g = lean_apply_1(f, lean_mk_string("b"));
	assert_int_equal(lean_closure_num_fixed(g), 2);
	lean_inc(g);
	reads(lean_apply_1(g, lean_mk_string("c")), "abc");
	reads(lean_apply_1(g, lean_mk_string("d")), "abd");
	reads(lean_apply_2(f, lean_mk_string("1"), lean_mk_string("2")), "a12");
	f = lean_alloc_closure((void *)joiner, 1, 0);
	reads(
	    lean_apply_3(f, lean_mk_string("x"), lean_mk_string("y"), lean_mk_string("z")), "xyz");
	for (unsigned i = 0; i < 17; i++)
		args[i] = lean_box(i);
	f = lean_apply_n(lean_alloc_closure((void *)sum_of_seventeen, 17, 0), 16, args);
	assert_int_equal(lean_unbox(lean_apply_1(f, args[16])), 136);
}

static void
references(void **unused)
{
	lean_object *r = lean_st_mk_ref(lean_mk_string("one")), *old;

	(void)unused;
	reads(lean_st_ref_get(r), "one");
	old = lean_st_ref_take(r);
	lean_st_ref_set(r, lean_string_push(old, '!'));
	reads(lean_st_ref_swap(r, lean_mk_string("two")), "one!");
	lean_st_ref_set(r, lean_mk_string("three"));
	lean_dec(r);
}

static lean_object *
answer(lean_object *unit)
{
	(void)unit;
	return lean_mk_string("answer");
}

static lean_object *
as_task(lean_object *v)
{
	return lean_task_pure(v);
}

static void
thunks_and_tasks(void **unused)
{
	lean_object *t = lean_mk_thunk(lean_alloc_closure((void *)answer, 1, 0)), *u;

	(void)unused;
	assert_ptr_equal(lean_thunk_get(t), lean_thunk_get(t));
	reads(lean_thunk_get_own(t), "answer");
	lean_dec(t);
	t = lean_task_spawn(lean_alloc_closure((void *)answer, 1, 0), lean_box(0));
	lean_inc(t);
	u = lean_task_bind(t, lean_alloc_closure((void *)as_task, 1, 0), lean_box(0), 0);
	reads(lean_task_get_own(u), "answer");
	reads(lean_task_get_own(t), "answer");
}

static unsigned finalized;

static void
finalize(void *data)
{
	finalized += *(unsigned *)data;
}

static void
externals(void **unused)
{
	lean_external_class *c = lean_register_external_class(finalize, NULL);
	unsigned five = 5;
	lean_object *o = lean_alloc_external(c, &five);

	(void)unused;
	assert_ptr_equal(lean_get_external_data(o), &five);
	lean_dec(o);
	assert_int_equal(finalized, 5);
}

/* --- IO. --- */

static lean_object *
str(const char *s)
{
	return lean_mk_string(s);
}

static void
errors_read_as_lean_prints_them(void **unused)
{
	/* Lean: toString of an IO.Error. */
	const struct {
		lean_object *error;
		const char *text;
	} rows[] = {
		{ lean_mk_io_user_error(str("u")), "u" },
		{ lean_mk_io_error_eof(lean_box(0)), "end of file" },
		{ lean_mk_io_error_already_exists(17, str("d")),
		    "already exists (error code: 17, d)" },
		{ lean_mk_io_error_already_exists_file(str("f"), 17, str("d")),
		    "already exists (error code: 17, d)\n  file: f" },
		{ lean_mk_io_error_other_error(5, str("d")), "d (error code: 5)" },
		{ lean_mk_io_error_resource_busy(5, str("d")), "resource busy (error code: 5, d)" },
		{ lean_mk_io_error_resource_vanished(5, str("d")),
		    "resource vanished (error code: 5, d)" },
		{ lean_mk_io_error_unsupported_operation(5, str("d")),
		    "unsupported operation (error code: 5, d)" },
		{ lean_mk_io_error_hardware_fault(5, str("d")), "hardware fault (error code: 5)" },
		{ lean_mk_io_error_unsatisfied_constraints(5, str("d")),
		    "directory not empty (error code: 5)" },
		{ lean_mk_io_error_illegal_operation(5, str("d")),
		    "illegal operation (error code: 5, d)" },
		{ lean_mk_io_error_protocol_error(5, str("d")),
		    "protocol error (error code: 5, d)" },
		{ lean_mk_io_error_time_expired(5, str("d")), "time expired (error code: 5, d)" },
		{ lean_mk_io_error_interrupted(str("f"), 5, str("d")),
		    "interrupted system call (error code: 5, d)\n  file: f" },
		{ lean_mk_io_error_no_file_or_directory(str("f"), 2, str("d")),
		    "no such file or directory (error code: 2)\n  file: f" },
		{ lean_mk_io_error_invalid_argument(22, str("d")),
		    "invalid argument (error code: 22, d)" },
		{ lean_mk_io_error_permission_denied(13, str("d")), "d (error code: 13)" },
		{ lean_mk_io_error_permission_denied_file(str("f"), 13, str("d")),
		    "d (error code: 13)\n  file: f" },
		{ lean_mk_io_error_resource_exhausted_file(str("f"), 5, str("d")),
		    "resource exhausted (error code: 5, d)\n  file: f" },
		{ lean_mk_io_error_inappropriate_type(5, str("d")),
		    "inappropriate type (error code: 5, d)" },
		{ lean_mk_io_error_no_such_thing_file(str("f"), 5, str("")),
		    "no such thing (error code: 5, )\n  file: f" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++)
		reads(lean_io_error_to_string(rows[i].error), rows[i].text);
}

static void
results(void **unused)
{
	lean_object *r = lean_io_result_mk_ok(str("v"));

	(void)unused;
	assert_true(lean_io_result_is_ok(r) && !lean_io_result_is_error(r));
	assert_int_equal(lean_ctor_num_objs(r), 1);
	reads(lean_io_result_take_value(r), "v");
	r = lean_io_result_mk_error(lean_mk_io_user_error(str("e")));
	assert_true(lean_io_result_is_error(r) && lean_obj_tag(lean_io_result_get_error(r)) == 18);
	lean_dec(r);
}

static void
panic_messages(void **unused)
{
	lean_object *module = str("Mod"), *decl = str("decl"), *msg = str("msg");

	(void)unused;
	/* Lean: mkPanicMessageWithDecl. */
	reads(l_mkPanicMessageWithDecl(module, decl, lean_box(3), lean_box(4), msg),
	    "PANIC at decl Mod:3:4: msg");
	lean_dec(module);
	lean_dec(decl);
	lean_dec(msg);
}

/* Emitted println: field 4 of the stream, applied to the string and the world. */
static void
standard_streams(void **unused)
{
	lean_object *put = lean_ctor_get(lean_get_stderr(), 4), *r;

	(void)unused;
	lean_inc(put);
	r = lean_apply_2(put, str(""), lean_box(0));
	assert_true(lean_io_result_is_ok(r));
	lean_dec(r);
	r = lean_apply_1(lean_ctor_get(lean_get_stdout(), 0), lean_box(0));
	assert_true(lean_io_result_is_ok(r));
	lean_dec(r);
}

static lean_object *
name(lean_object *prefix, unsigned tag, lean_object *part)
{
	lean_object *n = lean_alloc_ctor(tag, 2, 8);

	lean_ctor_set(n, 0, prefix);
	lean_ctor_set(n, 1, part);
	lean_ctor_set_uint64(n, 16, 0);
	return n;
}

static void
names(void **unused)
{
	lean_object *a = name(name(lean_box(0), 1, str("x")), 2, lean_box(1));
	lean_object *b = name(name(lean_box(0), 1, str("x")), 2, lean_box(1));
	lean_object *c = name(name(lean_box(0), 1, str("y")), 2, lean_box(1));

	(void)unused;
	assert_true(lean_name_eq(a, b) && !lean_name_eq(a, c) && !lean_name_eq(a, lean_box(0)));
	lean_dec(a);
	lean_dec(b);
	lean_dec(c);
}

static int
nothing_is_left(void **unused)
{
	(void)unused;
	return leanrt_live() == 0 ? 0 : leanrt_report(STDERR_FILENO);
}

#define VALUE_TEST(f) cmocka_unit_test_teardown(f, nothing_is_left)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		VALUE_TEST(get_next_prev_at_every_position),
		VALUE_TEST(positions_beyond_every_string),
		VALUE_TEST(extract_and_set_at_every_position),
		VALUE_TEST(append_and_push_grow_or_copy),
		VALUE_TEST(bytes_become_text_with_replacements),
		VALUE_TEST(utf8_is_validated),
		VALUE_TEST(strings_are_compared_and_hashed),
		VALUE_TEST(strings_become_lists_and_back),
		VALUE_TEST(nat_operations),
		VALUE_TEST(nat_conversions),
		VALUE_TEST(int_operations),
		VALUE_TEST(int_conversions),
		VALUE_TEST(fixed_width_numbers),
		VALUE_TEST(floats),
		VALUE_TEST(arrays),
		VALUE_TEST(byte_arrays),
		VALUE_TEST(float_arrays),
		VALUE_TEST(scalar_fields_do_not_overlap),
		VALUE_TEST(boxes),
		VALUE_TEST(closures),
		VALUE_TEST(references),
		VALUE_TEST(thunks_and_tasks),
		VALUE_TEST(externals),
		VALUE_TEST(errors_read_as_lean_prints_them),
		VALUE_TEST(results),
		VALUE_TEST(panic_messages),
		VALUE_TEST(standard_streams),
		VALUE_TEST(names),
	};

	lean_initialize();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
