/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases follow what RFC 8259 says, clause by clause; where the RFC leaves a choice (depth, lone
 * surrogates, a byte order mark, large numbers) they state ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_skip.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct text {
	const char *at;
	size_t size;
};
/* clang-format off */
#define T(literal) { literal, sizeof literal - 1 }
/* clang-format on */

/* A copy of exactly this size on the heap, so that ASan and valgrind see a read past the end. */
static char *
exact_copy(const char *at, size_t size)
{
	char *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, at, size);
	return copy;
}

static bool
validates(const char *at, size_t size, size_t *ret_offset, const char **ret_fault)
{
	char *copy = exact_copy(at, size);
	bool valid = jread_validate(copy, size, ret_offset, ret_fault);

	free(copy);
	return valid;
}

/* clang-format off */
static const struct text accepted[] = {
	T("null"), T("true"), T("false"), T("0"), T("-0"), T("1"), T("-1"), T("10"), T("123456789"),
	T("0.0"), T("0.5"), T("-0.0"), T("-12.34"), T("1e1"), T("1E1"), T("1e+1"), T("1e-1"), T("0e0"),
	T("0e+00"), T("1.5E-07"), T("0E999999999"), T("-1e-999"), T("0.00000000000000000000000000001"),
	T("123456789012345678901234567890123456789"), T("1.7976931348623157e308"),
	T("\"\""), T("\"a\""), T("\" \""), T("\"\\\"\""), T("\"\\\\\""), T("\"\\/\""), T("\"/\""),
	T("\"\\b\\f\\n\\r\\t\""), T("\"\\u0000\""), T("\"\\u0041\""), T("\"\\u00e9\\u00E9\""),
	T("\"\\uD7FF\""), T("\"\\uE000\""), T("\"\\uFFFF\""), T("\"\\uFFFE\""), T("\"\\uFDD0\""),
	T("\"\\ud800\\udc00\""), T("\"\\udbff\\udfff\""), T("\"\\uD834\\uDD1E clef\""),
	T("\"\\\\u0041\""), T("\"\\\\a\""), T("\"\\\\n\""), T("\"\x7f\""), T("\"\xc2\x80\""),
	T("\"\xc3\xa9\""), T("\"\xdf\xbf\""), T("\"\xe0\xa0\x80\""), T("\"\xed\x9f\xbf\""),
	T("\"\xee\x80\x80\""), T("\"\xef\xbb\xbf\""), T("\"\xef\xbf\xbf\""), T("\"\xf0\x90\x80\x80\""),
	T("\"\xf4\x8f\xbf\xbf\""), T("\"\xe2\x80\xa8\xe2\x80\xa9\""),
	T("\"0123456789abcdef0123456789abcdef\""), T("\"0123456789abcde\\n123456789abcdef\""),
	T("\"0123456\xce\xb1\xce\xb2\xce\xb3 0123456789abcdefg\""),
	T("[]"), T("[ ]"), T("[1]"), T("[1,2]"), T("[ 1 , 2 ]"), T("[[]]"), T("[[],[[]]]"), T("[null]"),
	T("[\"a\",1,true,null,{}]"), T("[1\n,\t2\r]"), T("[0,-0,0.0]"), T("[\"]\"]"), T("[\"[\"]"),
	T("{}"), T("{ }"), T("{\"\":0}"), T("{\"a\":1}"), T("{\"a\":1,\"b\":2}"), T("{ \"a\" : 1 }"),
	T("{\"a\":1,\"a\":2}"), T("{\"a\":{\"a\":{}}}"), T("{\"\\u0061\":[]}"), T("{\"}\":\"{\"}"),
	T("{\"a\":[{\"b\":[{}]}]}"), T("{\"\xce\xbb\":\"\xce\xbb\"}"), T("{\"a\":\"\\u0000\"}"),
	T(" null"), T("null "), T("\t\n\r null \t\n\r"), T(" [ ] "), T("\n{\n}\n"),
};
/* clang-format on */

static void
texts_that_the_grammar_allows_are_accepted(void **state)
{
	const char *fault = NULL;
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++)
		if (!validates(accepted[i].at, accepted[i].size, &offset, &fault))
			fail_msg("%s: refused at %zu: %s", accepted[i].at, offset, fault);
}

struct refusal {
	struct text text;
	size_t offset;
};

/* clang-format off */
static const struct refusal refused[] = {
	/* nothing, or not a value */
	{ T(""), 0 }, { T(" "), 1 }, { T("\n\t"), 2 }, { T("nul"), 0 }, { T("nulL"), 0 }, { T("Null"), 0 },
	{ T("tru"), 0 }, { T("True"), 0 }, { T("TRUE"), 0 }, { T("fals"), 0 }, { T("f"), 0 },
	{ T("undefined"), 0 }, { T("a"), 0 }, { T("*"), 0 }, { T("'a'"), 0 }, { T("NaN"), 0 },
	{ T("Infinity"), 0 }, { T("-Infinity"), 1 }, { T("-NaN"), 1 }, { T(","), 0 }, { T(":"), 0 },
	{ T("]"), 0 }, { T("}"), 0 }, { T("\0"), 0 }, { T("/**/1"), 0 }, { T("// 1"), 0 },
	/* a byte order mark, other white space */
	{ T("\xef\xbb\xbf{}"), 0 }, { T("\xff\xfe"), 0 }, { T("\f1"), 0 }, { T("\v1"), 0 },
	{ T("\xc2\xa0"), 0 }, { T("[\f]"), 1 }, { T("\xe2\x81\xa0"), 0 },
	/* something behind the value */
	{ T("nullx"), 4 }, { T("truefalse"), 4 }, { T("1 2"), 2 }, { T("[]]"), 2 }, { T("{}}"), 2 },
	{ T("\"a\"b"), 3 }, { T("[1]x"), 3 }, { T("{} #"), 3 }, { T("1\0"), 1 }, { T("{}\0"), 2 },
	{ T("[],"), 2 }, { T("1,"), 1 }, { T("{\"a\":1}/"), 7 },
	/* numbers */
	{ T("-"), 1 }, { T("+1"), 0 }, { T("--1"), 1 }, { T("01"), 1 }, { T("-01"), 2 }, { T("00"), 1 },
	{ T("1."), 2 }, { T("1.e1"), 2 }, { T(".5"), 0 }, { T("-.5"), 1 }, { T("1.-1"), 2 },
	{ T("1e"), 2 }, { T("1e+"), 3 }, { T("1E-"), 3 }, { T("1e1.5"), 3 }, { T("1e1e1"), 3 },
	{ T("1.2.3"), 3 }, { T("0x10"), 1 }, { T("1_000"), 1 }, { T("1,000"), 1 }, { T("1 000"), 2 },
	{ T("0e"), 2 }, { T("1ea"), 2 }, { T("- 1"), 1 }, { T("[1+2]"), 2 }, { T("[-]"), 2 },
	{ T("1\xc2\xa0"), 1 }, { T("\xef\xbc\x91"), 0 }, { T("[0.]"), 3 }, { T("[012]"), 2 },
	/* strings */
	{ T("\""), 1 }, { T("\"a"), 2 }, { T("\"\\\""), 3 }, { T("\"\\"), 1 }, { T("\"a\\"), 2 },
	{ T("\"\\a\""), 1 }, { T("\"\\x41\""), 1 }, { T("\"\\'\""), 1 }, { T("\"\\0\""), 1 },
	{ T("\"\\ \""), 1 }, { T("\"\\U0041\""), 1 }, { T("\"ab\\\n\""), 3 }, { T("\"\\\xf0\x9f\x8c\x80\""), 1 },
	{ T("\"\\u\""), 1 }, { T("\"\\u1\""), 1 }, { T("\"\\u12\""), 1 }, { T("\"\\u123\""), 1 },
	{ T("\"\\u123g\""), 1 }, { T("\"\\u 123\""), 1 }, { T("\"\\u+123\""), 1 }, { T("\"\\u12"), 1 },
	{ T("\"\n\""), 1 }, { T("\"a\tb\""), 2 }, { T("\"a\0b\""), 2 }, { T("\"\x1f\""), 1 },
	{ T("\"0123456789abcdef0123\x01\""), 21 }, { T("\"0123456789abcdef0123456789abcde\x1f\""), 32 },
	/* surrogates that are not a pair */
	{ T("\"\\ud800\""), 1 }, { T("\"\\udc00\""), 1 }, { T("\"\\ud800a\""), 1 },
	{ T("\"\\ud800\\n\""), 1 }, { T("\"\\ud800\\ud800\""), 1 }, { T("\"\\udc00\\ud800\""), 1 },
	{ T("\"\\ud800\\u0041\""), 1 }, { T("\"a\\udfff\""), 2 }, { T("\"\\ud800\\u\""), 1 },
	{ T("\"\\ud800\\"), 1 }, { T("\"\\ud83d\\ude00\\ud83d\""), 13 },
	/* bytes that are not UTF-8 */
	{ T("\"\x80\""), 1 }, { T("\"\xbf\""), 1 }, { T("\"a\xff\""), 2 }, { T("\"\xfe\""), 1 },
	{ T("\"\xc0\x80\""), 1 }, { T("\"\xc1\xbf\""), 1 }, { T("\"\xe0\x80\x80\""), 1 },
	{ T("\"\xe0\x9f\xbf\""), 1 }, { T("\"\xed\xa0\x80\""), 1 }, { T("\"\xed\xbf\xbf\""), 1 },
	{ T("\"\xf0\x80\x80\x80\""), 1 }, { T("\"\xf0\x8f\xbf\xbf\""), 1 }, { T("\"\xf4\x90\x80\x80\""), 1 },
	{ T("\"\xf5\x80\x80\x80\""), 1 }, { T("\"\xf8\x88\x80\x80\x80\""), 1 }, { T("\"\xc3\""), 1 },
	{ T("\"\xe2\x82\""), 1 }, { T("\"\xf0\x9f\x98\""), 1 }, { T("\"\xc3"), 1 }, { T("\"\xe2\x82"), 1 },
	{ T("\"\xc3(\""), 1 }, { T("\"\xe2(\xa1\""), 1 }, { T("\"\xe2\x82(\""), 1 }, { T("\"\xe9\""), 1 },
	{ T("\"abc\xce\xb1\xce\""), 6 }, { T("[\"\xe5\"]"), 2 }, { T("{\"\xff\":1}"), 2 },
	/* arrays */
	{ T("["), 1 }, { T("[1"), 2 }, { T("[1,"), 3 }, { T("[,1]"), 1 }, { T("[1,]"), 3 }, { T("[,]"), 1 },
	{ T("[1,,2]"), 3 }, { T("[1 2]"), 3 }, { T("[1:2]"), 2 }, { T("[1}"), 2 }, { T("[\"a\""), 4 },
	{ T("[\"a\" \"b\"]"), 5 }, { T("[[]"), 3 }, { T("[]["), 2 }, { T("[1;2]"), 2 }, { T("[a]"), 1 },
	{ T("[\"a\",\n4\n,1,"), 11 }, { T("[*"), 1 }, { T("[{}"), 3 }, { T("[tru]"), 1 },
	/* objects */
	{ T("{"), 1 }, { T("{]"), 1 }, { T("{,}"), 1 }, { T("{\"a\""), 4 }, { T("{\"a\"}"), 4 },
	{ T("{\"a\":"), 5 }, { T("{\"a\":}"), 5 }, { T("{\"a\":1"), 6 }, { T("{\"a\":1,"), 7 },
	{ T("{\"a\":1,}"), 7 }, { T("{\"a\":1,,\"b\":2}"), 7 }, { T("{\"a\" 1}"), 5 },
	{ T("{\"a\",1}"), 4 }, { T("{\"a\"::1}"), 5 }, { T("{a:1}"), 1 }, { T("{'a':1}"), 1 },
	{ T("{1:1}"), 1 }, { T("{null:1}"), 1 }, { T("{[]:1}"), 1 }, { T("{\"a\":1 \"b\":2}"), 7 },
	{ T("{\"a\":1]"), 6 }, { T("{\"a\":1;}"), 6 }, { T("{\"a\":\"b\"#"), 8 }, { T("{:1}"), 1 },
	{ T("{\"a\":[1,2}"), 9 }, { T("{\"a\\\":1}"), 8 }, { T("{\"\\ud800\":1}"), 2 },
	{ T("{\"a\":1/**/}"), 6 }, { T("{\"a\":a}"), 5 }, { T("{\"a\":/* */1}"), 5 },
};
/* clang-format on */

static void
texts_that_the_grammar_forbids_are_refused_where_they_break_it(void **state)
{
	const char *fault;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		fault = NULL;
		if (validates(refused[i].text.at, refused[i].text.size, &offset, &fault))
			fail_msg("accepted: %s", refused[i].text.at);
		assert_non_null(fault);
		if (offset != refused[i].offset)
			fail_msg("%s: got offset %zu (%s), want %zu", refused[i].text.at, offset,
			    fault, refused[i].offset);
	}
}

static void
every_fault_is_said_in_a_few_words(void **state)
{
	static const struct {
		struct text text;
		const char *fault;
	} cases[] = {
		{ T(""), "expected a value" },
		{ T("1 1"), "text after the value" },
		{ T("01"), "number with a leading zero" },
		{ T("-x"), "expected a digit" },
		{ T("1.x"), "expected a digit after the point" },
		{ T("1ex"), "expected a digit in the exponent" },
		{ T("\"a"), "string without an end" },
		{ T("\"\\"), "string without an end" },
		{ T("\"\\q\""), "unknown escape" },
		{ T("\"\\u00g0\""), "expected four hexadecimal digits after \\u" },
		{ T("\"\\ud800\""), "surrogate escape without its pair" },
		{ T("\"\n\""), "control character in a string" },
		{ T("\"\xff\""), "not UTF-8" },
		{ T("[1 1]"), "expected , or ]" },
		{ T("{\"a\":1 1}"), "expected , or }" },
		{ T("{\"a\" 1}"), "expected a colon" },
		{ T("{1:1}"), "expected a key" },
	};
	const char *fault;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(validates(cases[i].text.at, cases[i].text.size, &offset, &fault));
		assert_string_equal(fault, cases[i].fault);
	}
}

static char *
nested(size_t depth, const char *open, const char *middle, char close)
{
	size_t unit = strlen(open), inner = strlen(middle);
	char *text = malloc(depth * (unit + 1) + inner + 1), *at = text;

	assert_non_null(text);
	for (size_t i = 0; i < depth; i++, at += unit)
		memcpy(at, open, unit);
	memcpy(at, middle, inner);
	memset(at + inner, close, depth);
	at[inner + depth] = '\0';
	return text;
}

static void
nesting_is_accepted_down_to_the_limit_and_no_deeper(void **state)
{
	static const struct {
		const char *open, *middle;
		char close;
		size_t unit;
	} shapes[] = { { "[", "1", ']', 1 }, { "[", "", ']', 1 }, { "{\"a\":", "1", '}', 5 } };
	const char *fault;
	size_t offset;
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		text = nested(JSON_DEPTH_MAX, shapes[i].open, shapes[i].middle, shapes[i].close);
		assert_true(validates(text, strlen(text), &offset, &fault));
		free(text);
		text = nested(
		    JSON_DEPTH_MAX + 1, shapes[i].open, shapes[i].middle, shapes[i].close);
		assert_false(validates(text, strlen(text), &offset, &fault));
		assert_int_equal(offset, JSON_DEPTH_MAX * shapes[i].unit);
		assert_string_equal(fault, "nested too deeply");
		free(text);
	}
}

static void
brackets_of_both_kinds_may_alternate_at_any_depth(void **state)
{
	const char *fault;
	size_t offset;
	char *text = nested(200, "[{\"k\":", "[]", ' ');
	size_t size = 200 * strlen("[{\"k\":") + 2;
	char *whole = malloc(size + 400);

	(void)state;
	memcpy(whole, text, size);
	for (size_t i = 0; i < 200; i++)
		memcpy(whole + size + 2 * i, "}]", 2);
	assert_true(validates(whole, size + 400, &offset, &fault));
	memcpy(whole + size + 398, "]}", 2);
	assert_false(validates(whole, size + 400, &offset, &fault));
	assert_int_equal(offset, size + 398);
	free(whole);
	free(text);
}

static const char document[] =
    " {\"stream\":\"r\\u00f6ws\",\"payload\":{\"a\":[1,-2.5e+3,true,false,null,\"\\ud83d\\ude00\"],"
    "\"long\":\"0123456789abcdef0123456789abcdef \xce\xbb\xe2\x86\x92\xf0\x9d\x94\xb8\","
    "\"o\":{\"\":{},\"x\":[[],[{}]]}},\"n\":0.125} ";

static void
a_document_that_is_cut_anywhere_is_refused_at_or_before_the_cut(void **state)
{
	size_t size = sizeof document - 1, offset;
	const char *fault;

	(void)state;
	assert_true(validates(document, size, &offset, &fault));
	assert_true(validates(document, size - 1, &offset, &fault)); /* the last byte is space */
	for (size_t cut = 0; cut < size - 1; cut++) {
		offset = SIZE_MAX;
		assert_false(validates(document, cut, &offset, &fault));
		assert_true(offset <= cut);
	}
}

static void
no_change_of_one_byte_leads_outside_of_the_text(void **state)
{
	size_t size = sizeof document - 1, offset;
	char *copy = exact_copy(document, size);
	const char *fault;

	(void)state;
	for (size_t i = 0; i < size; i++) {
		for (int byte = 0; byte < 256; byte++) {
			copy[i] = (char)byte;
			offset = 0;
			fault = NULL;
			if (!jread_validate(copy, size, &offset, &fault))
				assert_non_null(fault);
			assert_true(offset <= size);
		}
		copy[i] = document[i];
	}
	free(copy);
}

/* --- The ways over plain bytes --------------------------------------------------------------- */

static void
blocks_stop_where_single_bytes_stop(void **state)
{
	char text[64], *exact;

	(void)state;
	for (size_t size = 0; size <= 40; size++)
		for (size_t at = 0; at <= size; at++)
			for (int byte = 0; byte < 256; byte += at % 8 == 3 ? 1 : 5) {
				memset(text, 'a', sizeof text);
				text[at] = (char)byte;
				exact = exact_copy(text, size);
				assert_ptr_equal(json_skip_plain(exact, exact + size),
				    json_skip_bytes(exact, exact + size));
				free(exact);
			}
}

/* Bytes before `at` must not count, whatever they are, where a block is read from the end back. */
static void
check_near(const char *text, size_t size, size_t at)
{
	char *exact = exact_copy(text, size);
	const char *stop = json_skip_bytes(exact + at, exact + size);
	uint64_t stops = json_near_stops(exact, exact + at, exact + size);

	if (stops != 0)
		assert_ptr_equal(exact + at + json_mask_first(stops), stop);
	else if (size >= JSON_BLOCK)
		assert_true(stop == exact + size || stop >= exact + at + JSON_BLOCK);
	free(exact);
}

static void
a_block_finds_the_first_stop_at_any_distance_from_the_end(void **state)
{
	static const char bytes[] = "a\"\\\x1f\x7f\x80\xff\n";
	char text[64];

	(void)state;
	for (size_t size = 1; size <= 40; size++)
		for (size_t stop = 0; stop < size; stop++)
			for (size_t at = 0; at <= size; at++)
				for (size_t i = 0; i + 1 < sizeof bytes; i++) {
					memset(text, at % 2 ? '"' : 'a', at);
					memset(text + at, 'a', sizeof text - at);
					text[stop] = bytes[i];
					check_near(text, size, at);
				}
}

static void
every_byte_is_plain_or_not_wherever_it_stands_in_a_block(void **state)
{
	static const char others[] = " \x7f\"\\\x1f\x80";
	char text[JSON_BLOCK];
	uint64_t stops;

	(void)state;
	for (int byte = 0; byte < 256; byte++)
		for (size_t at = 0; at < sizeof text; at++)
			for (size_t i = 0; i + 1 < sizeof others; i++) {
				memset(text, others[i], sizeof text);
				text[at] = (char)byte;
				stops = json_block_stops(json_block_load(text));
				for (size_t k = 0; k < sizeof text; k++) {
					bool stop = k * JSON_STEP < 64 &&
						    stops >> k * JSON_STEP &
							(UINT64_MAX >> (64 - JSON_STEP));

					assert_int_equal(
					    stop, !json_is_plain((unsigned char)text[k]));
				}
			}
}

/* --- The cursor ------------------------------------------------------------------------------ */

static struct json_cursor
cursor_on(const char *text)
{
	return jread_cursor(text, strlen(text));
}

static bool
slice_is(struct json_slice slice, const char *text)
{
	return slice.size == strlen(text) && memcmp(slice.at, text, slice.size) == 0;
}

static void
members_come_in_order_and_their_values_are_raw(void **state)
{
	struct json_cursor c = cursor_on(" { \"a\" : [1, 2] , \"b\":\"x\\n\" ,\"\\u0063\":-0.5 } ");
	struct json_slice key, value;

	(void)state;
	assert_true(jread_object(&c));
	assert_true(jread_member(&c, &key));
	assert_true(jread_key_is(key, "a"));
	assert_true(jread_value(&c, &value));
	assert_true(slice_is(value, "[1, 2]"));
	assert_true(jread_member(&c, &key));
	assert_true(jread_key_is(key, "b"));
	assert_true(jread_value(&c, &value));
	assert_true(slice_is(value, "\"x\\n\""));
	assert_true(jread_member(&c, &key));
	assert_true(jread_key_is(key, "c"));
	assert_false(jread_key_is(key, "\\u0063"));
	assert_true(jread_value(&c, &value));
	assert_true(slice_is(value, "-0.5"));
	assert_false(jread_member(&c, &key));
	assert_true(jread_at_end(&c));
	assert_null(c.fault);
}

static void
an_empty_object_has_no_members(void **state)
{
	struct json_cursor c = cursor_on("{ \n }");
	struct json_slice key;

	(void)state;
	assert_true(jread_object(&c));
	assert_false(jread_member(&c, &key));
	assert_null(c.fault);
	assert_true(jread_at_end(&c));
}

static void
the_first_fault_sticks(void **state)
{
	struct json_cursor c = cursor_on("{\"a\":1,}");
	struct json_slice slice;
	uint64_t number;
	bool escaped;

	(void)state;
	assert_true(jread_object(&c));
	assert_true(jread_member(&c, &slice));
	assert_true(jread_u64(&c, &number));
	assert_false(jread_member(&c, &slice));
	assert_int_equal(c.fault_offset, 7);
	assert_false(jread_object(&c));
	assert_false(jread_value(&c, &slice));
	assert_false(jread_string(&c, &slice, &escaped));
	assert_false(jread_u64(&c, &number));
	assert_false(jread_member(&c, &slice));
	assert_false(jread_at_end(&c));
	assert_false(jread_fault(&c, c.end, "another"));
	assert_string_equal(c.fault, "expected a key");
	assert_int_equal(c.fault_offset, 7);
}

static void
a_member_whose_value_is_not_read_is_a_fault(void **state)
{
	struct json_cursor c = cursor_on("{\"a\":1,\"b\":2}");
	struct json_slice key;

	(void)state;
	assert_true(jread_object(&c));
	assert_true(jread_member(&c, &key));
	assert_false(jread_member(&c, &key));
	assert_int_equal(c.fault_offset, 5);
}

static void
whole_numbers_are_read_exactly(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} cases[] = {
		{ "0", 0 },
		{ " 7", 7 },
		{ "10", 10 },
		{ "4294967296", UINT64_C(4294967296) },
		{ "9007199254740993", UINT64_C(9007199254740993) },
		{ "18446744073709551615", UINT64_MAX },
		{ "18446744073709551609", UINT64_MAX - 6 },
	};
	struct json_cursor c;
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		c = cursor_on(cases[i].text);
		assert_true(jread_u64(&c, &value));
		assert_true(value == cases[i].value);
		assert_true(jread_at_end(&c));
	}
}

static void
numbers_that_are_not_whole_or_do_not_fit_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{ "-1", 0 },
		{ "-0", 0 },
		{ "1.0", 0 },
		{ "1e3", 0 },
		{ "1E3", 0 },
		{ "\"1\"", 0 },
		{ "", 0 },
		{ "null", 0 },
		{ "01", 1 },
		{ " x", 1 },
		{ "18446744073709551616", 0 },
		{ "18446744073709551620", 0 },
		{ "99999999999999999999", 0 },
		{ "184467440737095516150", 0 },
		{ "+1", 0 },
		{ ".5", 0 },
	};
	struct json_cursor c;
	uint64_t value = 42;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		c = cursor_on(cases[i].text);
		assert_false(jread_u64(&c, &value));
		assert_int_equal(c.fault_offset, cases[i].offset);
		assert_int_equal(value, 42);
	}
}

/* --- Decoding and writing -------------------------------------------------------------------- */

static void
escapes_are_decoded_to_the_characters_they_stand_for(void **state)
{
	static const struct {
		struct text raw, decoded;
	} cases[] = {
		{ T("\"\""), T("") },
		{ T("\"plain\""), T("plain") },
		{ T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), T("\"\\/\b\f\n\r\t") },
		{ T("\"a\\u0000b\""), T("a\0b") },
		{ T("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\""),
		    T("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf") },
		{ T("\"\\ud800\\udc00\\udbff\\udfff\""), T("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") },
		{ T("\"\xce\xbb\\u03bb\\u03BB\""), T("\xce\xbb\xce\xbb\xce\xbb") },
		{ T("\"x\\\\u0041\""), T("x\\u0041") },
		{ T("\"\\u0041\\n\""), T("A\n") },
	};
	struct buffer out = BUFFER_EMPTY;
	struct json_cursor c;
	struct json_slice raw;
	bool escaped;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buffer_clear(&out);
		c = jread_cursor(cases[i].raw.at, cases[i].raw.size);
		assert_true(jread_string(&c, &raw, &escaped));
		assert_int_equal(escaped, memchr(raw.at, '\\', raw.size) != NULL);
		assert_true(buffer_append_text(&out, "kept:"));
		assert_true(jread_decode(raw, &out));
		assert_int_equal(buffer_size(&out), 5 + cases[i].decoded.size);
		assert_memory_equal(
		    buffer_front(&out) + 5, cases[i].decoded.at, cases[i].decoded.size);
	}
	buffer_free(&out);
}

static bool
key_is(const char *quoted, const char *name)
{
	struct json_cursor c = cursor_on(quoted);
	struct json_slice raw;
	bool escaped;

	assert_true(jread_string(&c, &raw, &escaped));
	return jread_key_is(raw, name);
}

static void
keys_are_compared_as_decoded(void **state)
{
	(void)state;
	assert_true(key_is("\"stream\"", "stream"));
	assert_true(key_is("\"\\u0073tre\\u0061m\"", "stream"));
	assert_true(key_is("\"\"", ""));
	assert_true(key_is("\"\\u03bb\"", "\xce\xbb"));
	assert_false(key_is("\"streams\"", "stream"));
	assert_false(key_is("\"strea\"", "stream"));
	assert_false(key_is("\"\"", "stream"));
	assert_false(key_is("\"stream\\u0000\"", "stream"));
	assert_false(key_is("\"\\u0000\"", ""));
	assert_false(key_is("\"\\u03bb\"", "\xce"));
	assert_false(key_is("\"Stream\"", "stream"));
}

static void
what_is_written_is_escaped_where_it_must_be_and_nowhere_else(void **state)
{
	static const struct {
		struct text text, written;
	} cases[] = {
		{ T(""), T("\"\"") },
		{ T("plain"), T("\"plain\"") },
		{ T("a\"b\\c/d"), T("\"a\\\"b\\\\c/d\"") },
		{ T("\b\f\n\r\t\v"), T("\"\\b\\f\\n\\r\\t\\u000b\"") },
		{ T("\0\x01\x1f\x7f"), T("\"\\u0000\\u0001\\u001f\x7f\"") },
		{ T("\xce\xbb\xe2\x80\xa8\xf0\x9d\x94\xb8"),
		    T("\"\xce\xbb\xe2\x80\xa8\xf0\x9d\x94\xb8\"") },
		{ T("a\xff"
		    "b"),
		    T("\"a\xef\xbf\xbd"
		      "b\"") },
		{ T("\xed\xa0\x80"), T("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"") },
		{ T("\xc3"), T("\"\xef\xbf\xbd\"") },
		{ T("0123456789abcdef\n0123456789abcdef"),
		    T("\"0123456789abcdef\\n0123456789abcdef\"") },
	};
	struct buffer out = BUFFER_EMPTY;
	const char *fault;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buffer_clear(&out);
		assert_true(jread_put_string(&out, cases[i].text.at, cases[i].text.size));
		assert_int_equal(buffer_size(&out), cases[i].written.size);
		assert_memory_equal(buffer_front(&out), cases[i].written.at, cases[i].written.size);
		assert_true(jread_validate(
		    (const char *)buffer_front(&out), buffer_size(&out), &offset, &fault));
	}
	buffer_free(&out);
}

static void
every_code_point_comes_back_from_writing_and_reading(void **state)
{
	struct buffer written = BUFFER_EMPTY, read = BUFFER_EMPTY;
	struct json_cursor c;
	struct json_slice raw;
	char bytes[UTF8_MAX];
	size_t size;
	bool escaped;

	(void)state;
	for (uint32_t point = 0; point <= 0x10ffff; point += point < 0x3000 ? 1 : 97) {
		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		buffer_clear(&written);
		buffer_clear(&read);
		size = utf8_encode(point, bytes);
		assert_int_equal(utf8_sequence(bytes, bytes + size), size);
		assert_int_equal(utf8_code_point(bytes, size), point);
		assert_true(jread_put_string(&written, bytes, size));
		c = jread_cursor((const char *)buffer_front(&written), buffer_size(&written));
		assert_true(jread_string(&c, &raw, &escaped) && jread_at_end(&c));
		assert_true(jread_decode(raw, &read));
		assert_int_equal(buffer_size(&read), size);
		assert_memory_equal(buffer_front(&read), bytes, size);
	}
	buffer_free(&written);
	buffer_free(&read);
}

static void
the_valid_part_of_a_text_ends_at_its_first_bad_byte(void **state)
{
	(void)state;
	assert_int_equal(utf8_valid_prefix("", 0), 0);
	assert_int_equal(utf8_valid_prefix("0123456789\xce\xbb!", 13), 13);
	assert_int_equal(utf8_valid_prefix("01234567\xff", 9), 8);
	assert_int_equal(utf8_valid_prefix("0123\xce", 5), 4);
	assert_int_equal(utf8_valid_prefix("\xed\xa0\x80", 3), 0);
	assert_int_equal(utf8_valid_prefix("a\0b", 3), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_that_the_grammar_allows_are_accepted),
		cmocka_unit_test(texts_that_the_grammar_forbids_are_refused_where_they_break_it),
		cmocka_unit_test(every_fault_is_said_in_a_few_words),
		cmocka_unit_test(nesting_is_accepted_down_to_the_limit_and_no_deeper),
		cmocka_unit_test(brackets_of_both_kinds_may_alternate_at_any_depth),
		cmocka_unit_test(a_document_that_is_cut_anywhere_is_refused_at_or_before_the_cut),
		cmocka_unit_test(no_change_of_one_byte_leads_outside_of_the_text),
		cmocka_unit_test(blocks_stop_where_single_bytes_stop),
		cmocka_unit_test(every_byte_is_plain_or_not_wherever_it_stands_in_a_block),
		cmocka_unit_test(a_block_finds_the_first_stop_at_any_distance_from_the_end),
		cmocka_unit_test(members_come_in_order_and_their_values_are_raw),
		cmocka_unit_test(an_empty_object_has_no_members),
		cmocka_unit_test(the_first_fault_sticks),
		cmocka_unit_test(a_member_whose_value_is_not_read_is_a_fault),
		cmocka_unit_test(whole_numbers_are_read_exactly),
		cmocka_unit_test(numbers_that_are_not_whole_or_do_not_fit_are_refused),
		cmocka_unit_test(escapes_are_decoded_to_the_characters_they_stand_for),
		cmocka_unit_test(keys_are_compared_as_decoded),
		cmocka_unit_test(what_is_written_is_escaped_where_it_must_be_and_nowhere_else),
		cmocka_unit_test(every_code_point_comes_back_from_writing_and_reading),
		cmocka_unit_test(the_valid_part_of_a_text_ends_at_its_first_bad_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
