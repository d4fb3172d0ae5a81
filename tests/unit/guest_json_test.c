/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON that guests build with their header, held to the reader that will judge it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <float.h>
#include <locale.h>
#include <math.h>

#include "base/json.h"
#include "leanworker/guest.h"

static struct lw_guest_json json;

static int
release(void **state)
{
	(void)state;
	lw_guest_json_free(&json);
	return 0;
}

static void
expect_text(const char *text)
{
	size_t offset;
	const char *fault;

	assert_false(json.no_memory);
	if (json.size != strlen(text) || memcmp(json.text, text, json.size) != 0)
		fail_msg("built %.*s, want %s", (int)json.size, json.text, text);
	assert_true(jread_validate(json.text, json.size, &offset, &fault));
	json.size = 0;
}

static void
commas_come_by_themselves(void **state)
{
	(void)state;
	lw_guest_json_begin(&json, '{');
	lw_guest_json_key(&json, "empty");
	lw_guest_json_begin(&json, '[');
	lw_guest_json_end(&json, ']');
	lw_guest_json_key(&json, "list");
	lw_guest_json_begin(&json, '[');
	lw_guest_json_string(&json, "ends with [");
	lw_guest_json_integer(&json, INT64_MIN);
	lw_guest_json_boolean(&json, 1);
	lw_guest_json_boolean(&json, 0);
	lw_guest_json_null(&json);
	lw_guest_json_raw(&json, "{\"a\":1}", 7);
	lw_guest_json_begin(&json, '{');
	lw_guest_json_end(&json, '}');
	lw_guest_json_end(&json, ']');
	lw_guest_json_key(&json, "");
	lw_guest_json_number(&json, 0.5);
	lw_guest_json_end(&json, '}');
	expect_text("{\"empty\":[],\"list\":[\"ends with [\",-9223372036854775808,true,false,null,"
		    "{\"a\":1},{}],\"\":0.5}");
}

static void
strings_are_escaped(void **state)
{
	(void)state;
	lw_guest_json_string_sized(&json, "a\"b\\c\n\0\x7f/", 9);
	expect_text("\"a\\\"b\\\\c\\u000a\\u0000\x7f/\"");
	lw_guest_json_string(&json, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	expect_text("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

/* Every lead byte with every second one, as the reader itself would have them. */
static void
whatever_the_bytes_the_string_is_one(void **state)
{
	static const char tails[][2] = { "\x80\x80", "\xbf\xbf", "aa", "\x80" };
	size_t offset;
	const char *fault;

	(void)state;
	for (unsigned i = 0; i < 65536 * 4; i++) {
		char bytes[4] = { (char)(i >> 8), (char)i };

		memcpy(bytes + 2, tails[i >> 16], 2);
		for (size_t size = 1; size <= 4; size++) {
			char exact[4];

			memcpy(exact, bytes, 4);
			lw_guest_json_string_sized(&json, exact, size);
			if (!jread_validate(json.text, json.size, &offset, &fault))
				fail_msg("%02x %02x: %s", i >> 8 & 255, i & 255, fault);
			json.size = 0;
		}
	}
}

static void
what_is_not_utf8_is_replaced(void **state)
{
	(void)state;
	lw_guest_json_string(&json, "a\xff\xc0\x80");
	expect_text("\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	lw_guest_json_string(&json, "\xe2\x82");
	expect_text("\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
expect_number(double value)
{
	char text[64];

	lw_guest_json_number(&json, value);
	assert_true(json.size < sizeof text);
	memcpy(text, json.text, json.size);
	text[json.size] = '\0';
	(void)setlocale(LC_NUMERIC, "C");
	assert_true(strtod(text, NULL) == value);
	expect_text(text);
}

static void
numbers_read_back_and_are_json(void **state)
{
	static const double values[] = { 0, -0.0, 1, -1.5, 0.1, 1e300, -1e-300, DBL_MAX, DBL_MIN,
		5e-324, 123456789012345680.0 };

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		expect_number(values[i]);
		(void)setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* where there is one: a comma */
		expect_number(values[i]);
	}
	lw_guest_json_number(&json, (double)NAN);
	expect_text("null");
	lw_guest_json_number(&json, -(double)INFINITY);
	expect_text("null");
}

static void
texts_of_any_size_fit(void **state)
{
	char *large = test_malloc(1 << 20);

	(void)state;
	memset(large, 'x', 1 << 20);
	for (size_t size = 1; size <= 1 << 20; size *= 2) {
		lw_guest_json_string_sized(&json, large, size);
		assert_int_equal(json.size, size + 2);
		json.size = 0;
	}
	test_free(large);
}

static void
memory_that_ran_out_is_remembered(void **state)
{
	volatile size_t absurd = SIZE_MAX - 1; /* the compiler would warn of it */

	(void)state;
	lw_guest_json_raw(&json, "1", 1);
	lw_guest_json_bytes(&json, "", absurd);
	assert_true(json.no_memory);
	lw_guest_json_raw(&json, "2", 1);
	assert_true(json.no_memory);
	assert_int_equal(json.size, 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, release)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commas_come_by_themselves),
		TEST(strings_are_escaped),
		TEST(whatever_the_bytes_the_string_is_one),
		TEST(what_is_not_utf8_is_replaced),
		TEST(numbers_read_back_and_are_json),
		TEST(texts_of_any_size_fit),
		TEST(memory_that_ran_out_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
