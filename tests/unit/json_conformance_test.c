/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every JSON reader must accept, must refuse, and may decide: the inputs of the public
 * JSONTestSuite (nst/JSONTestSuite), each once, in groups of our own. Where RFC 8259 leaves a choice
 * ours stands with its reason.
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
#include "leanworker/leanworker.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct text {
	const char *at;
	size_t size;
};

struct group {
	const char *what;
	struct text texts[32]; /* the last of them NULL */
};

/* clang-format off */
#define T(literal) { literal, sizeof literal - 1 }

static const struct group allowed[] = {
	{ "single values without a container",
	  {
		T("\" \""), T("false"), T("42"), T("-0.1"), T("null"), T("\"asd\""), T("true"),
		T("\"\""),
	  } },
	{ "arrays of any values, with white space",
	  {
		T("[[]   ]"), T("[\"\"]"), T("[]"), T("[\"a\"]"), T("[false]"),
		T("[null, 1, \"1\", {}]"), T("[null]"), T("[1\n]"), T(" [1]"),
		T("[1,null,null,null,2]"), T("[2] "), T("[ \"asd\"]"), T("[\"a\"]\n"), T("[true]"),
		T(" [] "),
	  } },
	{ "numbers with and without sign, fraction and exponent",
	  {
		T("[123e65]"), T("[0e+1]"), T("[0e1]"), T("[ 4]"),
		T("[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n"),
		T("[20e1]"), T("[-0]"), T("[-123]"), T("[-1]"), T("[1E22]"), T("[1E-2]"),
		T("[1E+2]"), T("[123e45]"), T("[123.456e78]"), T("[1e-2]"), T("[1e+2]"),
		T("[123]"), T("[123.456789]"),
	  } },
	{ "objects, with empty keys, long ones and ones that come twice",
	  {
		T("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"), T("{\"asd\":\"sdf\"}"),
		T("{\"a\":\"b\",\"a\":\"c\"}"), T("{\"a\":\"b\",\"a\":\"b\"}"), T("{}"),
		T("{\"\":0}"), T("{\"foo\\u0000bar\": 42}"),
		T("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"),
		T("{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"),
		T("{\"a\":[]}"),
		T("{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430 \\u0417\\u0435\\u043c\\u043b\\u0435\\u043a\\u043e\\u043f\\u0430\" }"),
		T("{\n\"a\": \"b\"\n}"),
	  } },
	{ "surrogate pairs in escapes",
	  {
		T("[\"\\uD801\\udc37\"]"), T("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"),
		T("[\"\\uDBFF\\uDFFF\"]"), T("[\"\\uD834\\uDd1e\"]"), T("[\"\\uDBFF\\uDFFE\"]"),
		T("[\"\\uD83F\\uDFFE\"]"),
	  } },
	{ "escapes, and what only looks like one",
	  {
		T("[\"\\u0060\\u012a\\u12AB\"]"), T("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
		T("[\"\\\\u0000\"]"), T("[\"\\\"\"]"), T("[\"a/*b*/c/*d//e\"]"), T("[\"\\\\a\"]"),
		T("[\"\\\\n\"]"), T("[\"\\u0012\"]"), T("[\"\\uFFFF\"]"),
		T("[\"new\\u00A0line\"]"), T("[\"\\u0000\"]"), T("[\"\\u002c\"]"),
		T("[\"\\u0821\"]"), T("[\"\\u0123\"]"), T("[\"\\u0061\\u30af\\u30EA\\u30b9\"]"),
		T("[\"new\\u000Aline\"]"), T("[\"\\uA66D\"]"), T("[\"\\u005C\"]"),
		T("[\"\\u200B\"]"), T("[\"\\u2064\"]"), T("[\"\\uFDD0\"]"), T("[\"\\uFFFE\"]"),
		T("[\"\\u0022\"]"),
	  } },
	{ "characters that need no escape",
	  {
		T("[\"asd\"]"), T("[\"\xf4\x8f\xbf\xbf\"]"), T("[\"\xef\xbf\xbf\"]"),
		T("[\"\xcf\x80\"]"), T("[\"\xf0\x9b\xbf\xbf\"]"), T("[\"asd \"]"),
		T("[\"\xe2\x80\xa8\"]"), T("[\"\xe2\x80\xa9\"]"), T("[\"\x7f\"]"),
		T("[\"\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82\"]"),
		T("[\"\xe2\x82\xac\xf0\x9d\x84\x9e\"]"), T("[\"a\x7f" "a\"]"),
	  } },
};

static const struct group forbidden[] = {
	{ "nothing, or white space and marks only",
	  {
		T(" "), T("\xef\xbb\xbf"), T("\xef\xbb{}"), T(""),
	  } },
	{ "comments",
	  {
		T("{\"a\":\"b\"}/**/"), T("{\"a\":\"b\"}/**//"), T("{\"a\":\"b\"}//"),
		T("{\"a\":\"b\"}/"), T("{\"a\":/*comment*/\"b\"}"),
	  } },
	{ "text behind the value",
	  {
		T("[\"\"],"), T("[\"x\"]]"), T("123\0"), T("{\"a\":\"b\"}#"), T("\"\"x"),
		T("[1]x"), T("[1]]"), T("1]"), T("[][]"), T("2@"), T("{}}"),
		T("{\"a\": true} \"x\""), T("{\"a\":\"b\"}#{}"),
	  } },
	{ "numbers: digits missing around the point",
	  {
		T("[-1.0.]"), T("[-2.]"), T("[.-1]"), T("[.2e-3]"), T("[0.1.2]"), T("[0.e1]"),
		T("[2.e+3]"), T("[2.e-3]"), T("[2.e3]"), T("[9.e+]"), T("[-.123]"), T("[1.]"),
		T("[.123]"),
	  } },
	{ "numbers: exponents without digits, or with two signs",
	  {
		T("[0.3e+]"), T("[0.3e]"), T("[0E+]"), T("[0E]"), T("[0e+]"), T("[0e]"),
		T("[1.0e+]"), T("[1.0e-]"), T("[1.0e]"), T("[1eE2]"), T("[0e+-1]"), T("[1ea]"),
		T("[1e\xe5]"),
	  } },
	{ "numbers: signs and leading zeros that are not allowed",
	  {
		T("[-]"), T("[++1234]"), T("[+1]"), T("[-01]"), T("[1+2]"), T("[- 1]"),
		T("[-012]"), T("[012]"),
	  } },
	{ "numbers of other notations",
	  {
		T("[+Inf]"), T("[-NaN]"), T("[Inf]"), T("[NaN]"), T("[\xef\xbc\x91]"), T("[0x1]"),
		T("[0x42]"), T("[Infinity]"), T("[-Infinity]"),
	  } },
	{ "letters and other bytes in a number",
	  {
		T("[1 000.0]"), T("[-123.123foo]"), T("[123\xe5]"), T("[1e1\xe5]"), T("[0\xe5]\n"),
		T("[-foo]"), T("[-1x]"), T("[1.2a-3]"), T("[1.8011670033376514H-308]"),
	  } },
	{ "commas too many",
	  {
		T("[,1]"), T("[1,,2]"), T("[\"x\",,]"), T("[\"\",]"), T("[,]"), T("[   , \"\"]"),
		T("[1,]"), T("[1,,]"), T("{\"\xb9\":\"0\",}"), T("{\"id\":0,,,,,}"),
		T("{\"id\":0,}"), T("{\"a\":\"b\",,\"c\":\"d\"}"),
	  } },
	{ "something else where a comma, a colon or a bracket belongs",
	  {
		T("[1 true]"), T("[\"\": 1]"), T("[3[4]]"), T("[1:2]"), T("{\"x\", null}"),
		T("{\"x\"::\"b\"}"), T("{\"a\":\"a\" 123}"), T("{\"a\" b}"), T("{\"a\" \"b\"}"),
		T("{ \"foo\" : \"bar\", \"a\" }"), T("{]"),
	  } },
	{ "keys that are not strings",
	  {
		T("{[: \"x\"}\n"), T("{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}"), T("{key: 'value'}"),
		T("{:\"b\"}"), T("{1:1}"), T("{9999E9999:1}"), T("{null:null,null:null}"),
		T("{'a':0}"), T("{a: \"b\"}"),
	  } },
	{ "words that are nearly true, false or null",
	  {
		T("[fals]"), T("[nul]"), T("[tru]"), T("[\"x\", truth]"), T("[True]"),
		T("[ false, nul"), T("[ true, fals"), T("[ false, tru"),
	  } },
	{ "strings: bytes that must be escaped",
	  {
		T("[\"a\0" "a\"]"), T("[\"new\nline\"]"), T("[\"\t\"]"),
	  } },
	{ "strings: escapes that do not exist, or are not complete",
	  {
		T("[\"\\uD800\\\"]"), T("[\"\\uD800\\u\"]"), T("[\"\\uD800\\u1\"]"),
		T("[\"\\uD800\\u1x\"]"), T("[\"\\\0\"]"), T("[\"\\x00\"]"), T("[\"\\\t\"]"),
		T("[\"\\\xf0\x9f\x8c\x80\"]"), T("[\"\\u00A\"]"), T("[\"\\uD834\\uDd\"]"),
		T("[\"\\uD800\\uD800\\x\"]"), T("[\"\\u\xe5\"]"), T("[\"\\a\"]"),
		T("[\"\\uqqqq\"]"), T("[\"\\\xe5\"]"), T("\"\\UA66D\""),
	  } },
	{ "containers and strings that do not end",
	  {
		T("[\"x\""), T("[x"), T("[\"a\",\n4\n,1,"), T("[\"\""), T("[1,"), T("[1,\n1\n,1"),
		T("[{}"), T("{\"a\":"), T("{\"a\""), T("{\"a\":\"a"), T("[\"\\\\\\\"]"),
		T("[\"\\\"]"), T("\""), T("[\"\\"), T("[\"asd]"), T("{\"x\": true,"), T("["),
		T("{\"\":"), T("['"), T("[,"), T("[{"), T("[\"a"), T("[\"a\""), T("{"), T("{,"),
		T("{["), T("{\"a"), T("{'a'"), T("[\"\\{[\"\\{[\"\\{[\"\\{"), T("[1"),
		T("{\"asd\":\"asd\""),
	  } },
	{ "marks and bytes that begin no value",
	  {
		T("[a\xe5]"), T("[\xff]"), T("[\"\va\"\\f]"), T("[*]"), T("[\xc3\xa9]"),
		T("[\\u0020\"asd\"]"), T("[\\n]"), T("['single quote']"), T("abc"),
		T("[\xe2\x81\xa0]"), T("<.>"), T("[<null>]"), T("a\xc3\xa5"), T("]"), T("\xe5"),
		T("[\0]"), T("\xe9"), T("*"), T("[\\u000A\"\"]"), T("\xc3\xa5"), T("[\f]"),
	  } },
};
/* clang-format on */

/* On the heap at exactly this size, so that ASan and valgrind see a read past the end. */
static bool
is_json(struct text text, size_t *ret_offset)
{
	char *copy = malloc(text.size ? text.size : 1);
	const char *why;
	bool valid;

	assert_non_null(copy);
	memcpy(copy, text.at, text.size);
	*ret_offset = 0;
	valid = jread_validate(copy, text.size, ret_offset, &why);
	free(copy);
	return valid;
}

static size_t
expect_group(const struct group *group, bool wanted)
{
	size_t count = 0, offset;

	for (; group->texts[count].at != NULL; count++) {
		struct text text = group->texts[count];

		if (is_json(text, &offset) != wanted)
			fail_msg("%s: %.*s is %s", group->what, (int)text.size, text.at,
			    wanted ? "refused" : "accepted");
		if (offset > text.size)
			fail_msg("%s: %.*s: a fault at byte %zu", group->what, (int)text.size,
			    text.at, offset);
	}
	return count;
}

static void
what_the_grammar_allows_is_accepted(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(allowed); i++)
		count += expect_group(&allowed[i], true);
	assert_int_equal(count, 94);
}

static void
what_the_grammar_forbids_is_refused(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(forbidden); i++)
		count += expect_group(&forbidden[i], false);
	assert_int_equal(count, 185);
}

/* ---- Nesting ------------------------------------------------------------------------------------ */

static void
expect_too_deep(const char *unit, size_t count, size_t offset_wanted)
{
	size_t unit_size = strlen(unit), offset = 0;
	char *text = malloc(unit_size * count);
	const char *why = NULL;

	assert_non_null(text);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * unit_size, unit, unit_size);
	assert_false(jread_validate(text, unit_size * count, &offset, &why));
	assert_string_equal(why, "nested too deeply");
	assert_int_equal(offset, offset_wanted);
	free(text);
}

/* The fault is at the limit: nothing behind it was entered, on the stack or otherwise. */
static void
a_hundred_thousand_brackets_end_at_the_limit(void **state)
{
	(void)state;
	expect_too_deep("[", 100000, JSON_DEPTH_MAX);
	expect_too_deep("[{\"\":", 50000, 5 * JSON_DEPTH_MAX / 2);
}

/* ---- What the RFC leaves open ------------------------------------------------------------------- */

/*
 * Numbers: the RFC sets no range. As text all are kept. As a double one too large is refused rather
 * than made an infinity, one too small is the nearest: zero. None is an integer that fits.
 */
static const struct {
	const char *what;
	const char *list;
	bool is_double;
} numbers[] = {
	{ "an exponent far below a double's", "[123.456e-789]", true },
	{ "an exponent that fits no integer",
	    "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999"
	    "999999999999999999999999999999999999999999999999969999999006]",
	    false },
	{ "a whole negative number far beyond a double", "[-1e+9999]", false },
	{ "a fraction far beyond a double", "[1.5e+9999]", false },
	{ "below the lowest double", "[-123123e100000]", false },
	{ "above the highest double", "[123123e100000]", false },
	{ "closer to zero than any double", "[123e-10000000]", true },
	{ "a negative integer beyond 64 bits", "[-123123123123123123123123123123]", true },
	{ "an integer beyond 64 bits", "[100000000000000000000]", true },
	{ "a negative integer far beyond 64 bits",
	    "[-237462374673276894279832749832423479823246327846]", true },
};

struct doubles {
	const double *values;
	size_t count;
};
LW_RECORD(doubles, struct doubles, LW_LIST(values, count));
struct integers {
	const long long *values;
	size_t count;
};
LW_RECORD(integers, struct integers, LW_LIST(values, count));

static bool
fits(struct lw_output into, const char *list)
{
	struct lw_error error = LW_ERROR_INIT;
	void *memory = NULL;
	char text[256];
	lw_code code;

	(void)snprintf(text, sizeof text, "{\"values\":%s}", list);
	code = lw_decode(text, strlen(text), into, &memory, &error);
	lw_free(memory);
	return code == LW_OK;
}

static void
numbers_of_any_size_are_text_and_those_in_range_are_doubles(void **state)
{
	struct doubles some;
	struct integers whole;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct text text = { numbers[i].list, strlen(numbers[i].list) };

		if (!is_json(text, &offset) ||
		    fits(LW_INTO(doubles, &some), numbers[i].list) != numbers[i].is_double ||
		    fits(LW_INTO(integers, &whole), numbers[i].list))
			fail_msg("%s: %s", numbers[i].what, numbers[i].list);
	}
}

/*
 * Strings: all of these are refused. Half of a surrogate pair names no character, so that no UTF-8
 * could be given to a caller; bytes that are not UTF-8 (RFC 3629: nothing overlong, no surrogate,
 * nothing beyond U+10FFFF) are no text; and section 8.1 demands UTF-8 of what systems exchange, so
 * that other encodings are refused as what they look like: bytes. A byte order mark, which a sender
 * must not write and a reader may ignore, is refused because the guest that wrote it should be mended.
 */
/* clang-format off */
static const struct {
	const char *what;
	struct text text;
} refused[] = {
	{ "a second half of a pair as a key", T("{\"\\uDFAA\":0}") },
	{ "a first half without a second", T("[\"\\uDADA\"]") },
	{ "a first half and then another character", T("[\"\\uD888\\u1234\"]") },
	{ "a first half and then a letter's escape", T("[\"\\uD800\\n\"]") },
	{ "a second half and then a letter", T("[\"\\uDd1ea\"]") },
	{ "two first halves and then a letter's escape", T("[\"\\uD800\\uD800\\n\"]") },
	{ "the first of all first halves", T("[\"\\ud800\"]") },
	{ "a first half and then plain letters", T("[\"\\ud800abc\"]") },
	{ "both halves the wrong way round", T("[\"\\uDd1e\\uD834\"]") },
	{ "a second half alone", T("[\"\\uDFAA\"]") },
	{ "a surrogate as three bytes", T("[\"\xed\xa0\x80\"]") },
	{ "a byte that never occurs, behind good characters", T("[\"\xe6\x97\xa5\xd1\x88\xfa\"]") },
	{ "a byte that never occurs", T("[\"\xff\"]") },
	{ "a letter of ISO 8859-1", T("[\"\xe9\"]") },
	{ "a continuation without a beginning", T("[\"\x81\"]") },
	{ "a character beyond U+10FFFF", T("[\"\xf4\xbf\xbf\xbf\"]") },
	{ "a slash in two bytes", T("[\"\xc0\xaf\"]") },
	{ "the longest form of six bytes", T("[\"\xfc\x83\xbf\xbf\xbf\xbf\"]") },
	{ "U+0000 in six bytes", T("[\"\xfc\x80\x80\x80\x80\x80\"]") },
	{ "three bytes of which one came", T("[\"\xe0\xff\"]") },
	{ "UTF-16, low byte first, with a byte order mark", T("\xff\xfe[\0\"\0\xe9\0\"\0]\0") },
	{ "UTF-16, high byte first", T("\0[\0\"\0\xe9\0\"\0]") },
	{ "UTF-16, low byte first", T("[\0\"\0\xe9\0\"\0]\0") },
	{ "a byte order mark in UTF-8", T("\xef\xbb\xbf{}") },
};
/* clang-format on */

static void
what_is_no_text_in_utf_8_is_refused(void **state)
{
	size_t offset;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		if (is_json(refused[i].text, &offset))
			fail_msg("%s: accepted", refused[i].what);
}

/* The RFC lets a reader bound the depth; the limit is above what any known writer needs. */
static void
five_hundred_levels_are_accepted(void **state)
{
	char text[1000];
	struct text nested = { text, sizeof text };
	size_t offset;

	(void)state;
	memset(text, '[', sizeof text / 2);
	memset(text + sizeof text / 2, ']', sizeof text / 2);
	assert_true(is_json(nested, &offset));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_grammar_allows_is_accepted),
		cmocka_unit_test(what_the_grammar_forbids_is_refused),
		cmocka_unit_test(a_hundred_thousand_brackets_end_at_the_limit),
		cmocka_unit_test(numbers_of_any_size_are_text_and_those_in_range_are_doubles),
		cmocka_unit_test(what_is_no_text_in_utf_8_is_refused),
		cmocka_unit_test(five_hundred_levels_are_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
