/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/sys.h"
#include "leanworker/leanworker.h"
#include "parent/record.h"

#define A50          "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- Decoding a text, which is gone before anything is looked at -------------------------------- */

static struct lw_error error;
static void *memory;

static int
give_back(void **state)
{
	(void)state;
	lw_free(memory);
	memory = NULL;
	return 0;
}

static lw_code
decode_bytes(struct lw_output into, const char *json, size_t size)
{
	char *text = malloc(size ? size : 1);
	lw_code code;

	assert_non_null(text);
	memcpy(text, json, size);
	lw_free(memory);
	memory = NULL;
	error = (struct lw_error)LW_ERROR_INIT;
	code = lw_decode(text, size, into, &memory, &error);
	free(text);
	return code;
}

static void
decodes(struct lw_output into, const char *json)
{
	if (decode_bytes(into, json, strlen(json)) != LW_OK)
		fail_msg("%s: %s", json, error.message);
}

#define EXPECT_PART(part) assert_non_null(strstr(error.message, part))

/* The rest of the message behind "the text: ". */
static void
fails(struct lw_output into, const char *json, const char *message)
{
	static const char what[] = "the text: ";

	if (decode_bytes(into, json, strlen(json)) == LW_OK)
		fail_msg("%s: accepted", json);
	assert_int_equal(error.code, LW_E_DECODE);
	assert_int_equal(error.verdict, LW_V_REPLY_DECODE);
	assert_memory_equal(error.message, what, sizeof what - 1);
	assert_string_equal(error.message + sizeof what - 1, message);
	assert_true(error.offset <= strlen(json));
	assert_null(memory);
}

static void
refuses(struct lw_output into, const char *json)
{
	if (decode_bytes(into, json, strlen(json)) == LW_OK)
		fail_msg("%s: accepted", json);
	assert_int_equal(error.code, LW_E_DECODE);
	assert_true(error.offset <= strlen(json));
}

static void
encodes(struct lw_input value, const char *wanted)
{
	char *json = NULL;
	size_t size = 0;

	error = (struct lw_error)LW_ERROR_INIT;
	if (lw_encode(value, &json, &size, &error) != LW_OK)
		fail_msg("%s: %s", wanted, error.message);
	assert_string_equal(json, wanted);
	assert_int_equal(size, strlen(wanted));
	lw_free(json);
}

static void
cannot_be_encoded(struct lw_input value, const char *message)
{
	char *json = NULL;

	error = (struct lw_error)LW_ERROR_INIT;
	assert_int_equal(lw_encode(value, &json, NULL, &error), LW_E_MISUSE);
	assert_int_equal(error.verdict, LW_V_ENCODE);
	assert_string_equal(error.message, message);
	assert_null(json);
}

/* ---- Words and numbers --------------------------------------------------------------------------- */

struct flag {
	bool on;
};
LW_RECORD(flag, struct flag, LW_FIELD(on));

static void
true_and_false_are_bools_and_nothing_else_is(void **state)
{
	static const char *const others[] = { "0", "1", "\"true\"", "null", "[]", "{}", "[true]" };
	struct flag v = { false };
	char text[64];

	(void)state;
	decodes(LW_INTO(flag, &v), "{\"on\":true}");
	assert_true(v.on);
	decodes(LW_INTO(flag, &v), "{\"on\":false}");
	assert_false(v.on);
	for (size_t i = 0; i < COUNT(others); i++) {
		(void)snprintf(text, sizeof text, "{\"on\":%s}", others[i]);
		refuses(LW_INTO(flag, &v), text);
	}
	fails(LW_INTO(flag, &v), "{\"on\":\"true\"}",
	    "$.on: expected true or false, found \"true\", at byte 6");
	encodes(LW_VALUE(flag, &(struct flag){ true }), "{\"on\":true}");
	encodes(LW_VALUE(flag, &(struct flag){ false }), "{\"on\":false}");
}

struct integers {
	signed char i8;
	short i16;
	int i32;
	long l;
	long long i64;
	unsigned char u8;
	unsigned short u16;
	unsigned u32;
	unsigned long ul;
	unsigned long long u64;
};
LW_RECORD(integers, struct integers, LW_FIELD(i8, LW_OPTIONAL), LW_FIELD(i16, LW_OPTIONAL),
    LW_FIELD(i32, LW_OPTIONAL), LW_FIELD(l, LW_OPTIONAL), LW_FIELD(i64, LW_OPTIONAL),
    LW_FIELD(u8, LW_OPTIONAL), LW_FIELD(u16, LW_OPTIONAL), LW_FIELD(u32, LW_OPTIONAL),
    LW_FIELD(ul, LW_OPTIONAL), LW_FIELD(u64, LW_OPTIONAL));

static void
integers_of_every_width_reach_from_end_to_end(void **state)
{
	static const char lowest[] =
	    "{\"i8\":-128,\"i16\":-32768,\"i32\":-2147483648,\"l\":-9223372036854775808,"
	    "\"i64\":-9223372036854775808}";
	static const char highest[] =
	    "{\"i8\":127,\"i16\":32767,\"i32\":2147483647,\"l\":9223372036854775807,"
	    "\"i64\":9223372036854775807,\"u8\":255,\"u16\":65535,\"u32\":4294967295,"
	    "\"ul\":18446744073709551615,\"u64\":18446744073709551615}";
	struct integers v;

	(void)state;
	decodes(LW_INTO(integers, &v), lowest);
	assert_true(v.i8 == SCHAR_MIN && v.i16 == SHRT_MIN && v.i32 == INT_MIN);
	assert_true(v.l == LONG_MIN && v.i64 == LLONG_MIN && v.u64 == 0);
	encodes(LW_VALUE(integers, &v), lowest);
	decodes(LW_INTO(integers, &v), highest);
	assert_true(v.i8 == SCHAR_MAX && v.i16 == SHRT_MAX && v.i32 == INT_MAX);
	assert_true(v.l == LONG_MAX && v.i64 == LLONG_MAX && v.u8 == UCHAR_MAX);
	assert_true(v.u16 == USHRT_MAX && v.u32 == UINT_MAX && v.ul == ULONG_MAX);
	assert_true(v.u64 == ULLONG_MAX);
	encodes(LW_VALUE(integers, &v), highest);
}

static void
one_beyond_either_end_is_refused(void **state)
{
	static const char *const beyond[] = { "\"i8\":128", "\"i8\":-129", "\"i16\":32768",
		"\"i16\":-32769", "\"i32\":2147483648", "\"i32\":-2147483649",
		"\"l\":9223372036854775808", "\"l\":-9223372036854775809",
		"\"i64\":9223372036854775808", "\"i64\":-9223372036854775809",
		"\"i64\":18446744073709551616", "\"i64\":-18446744073709551616", "\"u8\":256",
		"\"u8\":-1", "\"u16\":65536", "\"u16\":-1", "\"u32\":4294967296", "\"u32\":-1",
		"\"u64\":18446744073709551616", "\"u64\":-1", "\"u64\":18446744073709551625",
		"\"u64\":99999999999999999999999999999999999999", "\"ul\":18446744073709551616" };
	struct integers v;
	char text[80];

	(void)state;
	for (size_t i = 0; i < COUNT(beyond); i++) {
		(void)snprintf(text, sizeof text, "{%s}", beyond[i]);
		refuses(LW_INTO(integers, &v), text);
	}
	fails(LW_INTO(integers, &v), "{\"u8\": 256}",
	    "$.u8: expected a whole number from 0 to 255, found 256, at byte 7");
	fails(LW_INTO(integers, &v), "{\"i64\":9223372036854775808}",
	    "$.i64: expected a whole number from -9223372036854775808 to 9223372036854775807, "
	    "found 9223372036854775808, at byte 7");
}

static void
only_whole_numbers_without_fraction_or_exponent_are_integers(void **state)
{
	static const char *const others[] = { "1.0", "1e2", "1E0", "-1.5", "0.0", "\"1\"", "true",
		"[1]", "{}", "-0.0", "0e0" };
	struct integers v;
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		(void)snprintf(text, sizeof text, "{\"i32\":%s}", others[i]);
		refuses(LW_INTO(integers, &v), text);
	}
	fails(LW_INTO(integers, &v), "{\"i8\":1e2}",
	    "$.i8: expected a whole number from -128 to 127, found 1e2, at byte 6");
	decodes(LW_INTO(integers, &v), "{\"i32\":-0,\"u32\":-0}");
	assert_true(v.i32 == 0 && v.u32 == 0);
}

static void
numbers_that_are_no_json_are_called_that(void **state)
{
	struct integers v;

	(void)state;
	fails(
	    LW_INTO(integers, &v), "{\"i32\":01}", "$.i32: number with a leading zero, at byte 8");
	fails(LW_INTO(integers, &v), "{\"i32\":+1}", "$.i32: expected a value, at byte 7");
	fails(LW_INTO(integers, &v), "{\"i32\":-}", "$.i32: expected a digit, at byte 8");
	fails(LW_INTO(integers, &v), "{\"i32\":", "$.i32: expected a value, at byte 7");
}

struct real {
	double d;
};
LW_RECORD(real, struct real, LW_FIELD(d));

static double
real_of(const char *number)
{
	struct real v = { (double)NAN };
	char text[2048];

	(void)snprintf(text, sizeof text, "{\"d\":%s}", number);
	decodes(LW_INTO(real, &v), text);
	return v.d;
}

static void
doubles_are_those_nearest_to_the_text(void **state)
{
	static const char *const texts[] = { "0", "-0", "1", "-1", "0.1", "0.3", "1.0", "1e2",
		"1E+2", "1e-2", "1e308", "1.7976931348623157e308", "2.2250738585072014e-308",
		"2.2250738585072011e-308", "4.9406564584124654e-324", "5e-324", "2e-324", "1e-400",
		"-1e-400", "9007199254740991", "9007199254740992", "9007199254740993",
		"9007199254740995", "-9007199254740993", "900719925474099.1", "0.9007199254740993",
		"123456789012345678", "123456789012345678901234567890", "0.30000000000000004",
		"3.141592653589793238462643", "0.0000000000000000000001",
		"0.00000000000000000000001", "0.000000000000000000000001",
		"9007199254740992.0000000000000000000000001", "1e22", "1e23", "8.5",
		"179769313486231580e291", "0.1e1", "100000000000000000000000.0",
		"18446744073709551617", "0.18446744073709551617", "-36893488147419103233e-5" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		double wanted = strtod(texts[i], NULL), got = real_of(texts[i]);

		if (memcmp(&wanted, &got, sizeof got) != 0)
			fail_msg("%s: %a and not %a", texts[i], got, wanted);
	}
	assert_true(signbit(real_of("-0")) && signbit(real_of("-0.0")) && signbit(real_of("-0e5")));
}

static void
a_double_may_be_written_with_a_thousand_digits(void **state)
{
	char digits[1030];

	(void)state;
	memset(digits, '1', sizeof digits);
	digits[0] = '0';
	digits[1] = '.';
	digits[sizeof digits - 1] = '\0';
	assert_true(real_of(digits) == strtod(digits, NULL));
	digits[300] = '\0';
	assert_true(real_of(digits + 2) == strtod(digits + 2, NULL));
}

static void
a_number_beyond_the_range_of_a_double_is_refused(void **state)
{
	struct real v;

	(void)state;
	fails(LW_INTO(real, &v), "{\"d\":1e400}",
	    "$.d: expected a number in the range of a double, found 1e400, at byte 5");
	refuses(LW_INTO(real, &v), "{\"d\":-1e400}");
	refuses(LW_INTO(real, &v), "{\"d\":1.7976931348623159e308}");
	refuses(LW_INTO(real, &v), "{\"d\":1e99999999999999999999}");
	fails(LW_INTO(real, &v), "{\"d\":\"1\"}", "$.d: expected a number, found \"1\", at byte 5");
	refuses(LW_INTO(real, &v), "{\"d\":NaN}");
	refuses(LW_INTO(real, &v), "{\"d\":true}");
}

static void
doubles_are_written_in_the_shortest_form_that_comes_back(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = { { 0, "{\"d\":0}" }, { -0.0, "{\"d\":-0}" }, { 0.1, "{\"d\":0.1}" },
		{ 1, "{\"d\":1}" }, { 1e22, "{\"d\":1e+22}" },
		{ 1.0 / 3, "{\"d\":0.3333333333333333}" },
		{ 0.1 + 0.2, "{\"d\":0.30000000000000004}" },
		{ DBL_MAX, "{\"d\":1.7976931348623157e+308}" },
		{ 5e-324, "{\"d\":4.94065645841247e-324}" },
		{ 9007199254740993.0, "{\"d\":9007199254740992}" } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		encodes(LW_VALUE(real, &(struct real){ cases[i].value }), cases[i].text);
	cannot_be_encoded(LW_VALUE(real, &(struct real){ (double)NAN }),
	    "the value: $.d: expected a number, found NaN, at byte 0");
	cannot_be_encoded(LW_VALUE(real, &(struct real){ -(double)INFINITY }),
	    "the value: $.d: expected a number, found an infinity, at byte 0");
}

/* ---- A locale with a decimal comma, made for the test ------------------------------------------- */

static bool
has_comma(void)
{
	return *localeconv()->decimal_point == ',';
}

static bool
set_made_locale(const char *folder)
{
	char command[128];

	(void)snprintf(command, sizeof command,
	    "localedef --no-archive -i de_DE -f UTF-8 %s/comma >/dev/null 2>&1", folder);
	if (system(command) != 0 || setenv("LOCPATH", folder, 1) != 0)
		return false;
	return setlocale(LC_ALL, "comma") != NULL;
}

static void
remove_made_locale(const char *folder)
{
	char command[64];

	(void)setlocale(LC_ALL, "C");
	(void)unsetenv("LOCPATH");
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

static void
a_locale_with_a_comma_changes_nothing(void **state)
{
	char folder[] = "/tmp/leanworker-locale-XXXXXX", *old = setlocale(LC_ALL, "");
	bool comma;

	(void)old;
	assert_non_null(mkdtemp(folder));
	comma = set_made_locale(folder) && has_comma();
	if (comma) {
		assert_true(strtod("0,5", NULL) == 0.5); /* or this test means nothing */
		assert_true(real_of("0.5") == 0.5);
		assert_true(real_of("5e-1") == 0.5);
		assert_true(real_of("123456789012345678.5") == 123456789012345678.5);
		doubles_are_written_in_the_shortest_form_that_comes_back(state);
		assert_true(has_comma());
	}
	remove_made_locale(folder);
	if (!comma) {
		print_message("skipped: localedef made no locale (package locales)\n");
		skip();
	}
}

/* ---- Strings ------------------------------------------------------------------------------------ */

struct strings {
	const char *name;
	struct lw_str text;
	char word[6];
};
LW_RECORD(strings, struct strings, LW_FIELD(name, LW_OPTIONAL), LW_FIELD(text, LW_OPTIONAL),
    LW_FIELD(word, LW_OPTIONAL));

static void
text_is(const char *json_string, const char *wanted, size_t size)
{
	struct strings v;
	char text[256];

	(void)snprintf(text, sizeof text, "{\"text\":%s}", json_string);
	decodes(LW_INTO(strings, &v), text);
	assert_int_equal(v.text.size, size);
	assert_memory_equal(v.text.at, wanted, size);
}

static void
strings_are_decoded_to_the_characters_they_stand_for(void **state)
{
	struct strings v;

	(void)state;
	decodes(LW_INTO(strings, &v), "{\"name\":\"a\\tb\",\"text\":\"plain\",\"word\":\"12345\"}");
	assert_string_equal(v.name, "a\tb");
	assert_int_equal(v.text.size, 5);
	assert_memory_equal(v.text.at, "plain", 5);
	assert_string_equal(v.word, "12345");
	decodes(LW_INTO(strings, &v), "{\"name\":\"\",\"text\":\"\",\"word\":\"\"}");
	assert_string_equal(v.name, "");
	assert_int_equal(v.text.size, 0);
	assert_non_null(v.text.at);
	assert_string_equal(v.word, "");
	text_is("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
	text_is("\"\\u00e9\\u20AC\"", "\xc3\xa9\xe2\x82\xac", 5);
	text_is("\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!", 5);
	text_is("\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80", 4);
	text_is("\"a\\u0000b\"", "a\0b", 3);
}

static void
a_terminated_string_holds_no_zero_character(void **state)
{
	struct strings v;

	(void)state;
	fails(LW_INTO(strings, &v), "{\"name\":\"a\\u0000b\"}",
	    "$.name: expected a string without U+0000, found \"a\\u0000b\", at byte 8");
	refuses(LW_INTO(strings, &v), "{\"word\":\"\\u0000\"}");
}

static void
an_array_of_characters_keeps_a_byte_for_its_end(void **state)
{
	struct strings v;

	(void)state;
	fails(LW_INTO(strings, &v), "{\"word\":\"123456\"}",
	    "$.word: expected a string of at most 5 bytes, found \"123456\", at byte 8");
	decodes(LW_INTO(strings, &v), "{\"word\":\"\\u0031\\u0032\\u0033\\u0034\\u0035\"}");
	assert_string_equal(v.word, "12345");
	refuses(LW_INTO(strings, &v), "{\"word\":\"\xe2\x82\xac\xe2\x82\xac\"}");
}

static void
strings_that_are_no_text_are_refused(void **state)
{
	struct strings v;

	(void)state;
	fails(LW_INTO(strings, &v), "{\"text\":\"\\ud800\"}",
	    "$.text: surrogate escape without its pair, at byte 9");
	refuses(LW_INTO(strings, &v), "{\"text\":\"\\udc00\\ud800\"}");
	refuses(LW_INTO(strings, &v), "{\"name\":\"\xff\"}");
	refuses(LW_INTO(strings, &v), "{\"word\":\"\n\"}");
	fails(
	    LW_INTO(strings, &v), "{\"text\":7}", "$.text: expected a string, found 7, at byte 8");
	fails(LW_INTO(strings, &v), "{\"name\":[1,2]}",
	    "$.name: expected a string, found an array, at byte 8");
	refuses(LW_INTO(strings, &v), "{\"word\":{}}");
}

static void
what_was_found_is_cut_between_characters(void **state)
{
	struct strings v;

	(void)state;
	fails(LW_INTO(strings, &v),
	    "{\"word\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xe2\x82\xac\"}",
	    "$.word: expected a string of at most 5 bytes, found "
	    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and so on, at byte 8");
}

static void
strings_are_written_with_their_escapes(void **state)
{
	struct strings v = { "a\n\"\\\x01\xc3\xa9", { "x\0y", 3 }, "12345" };

	(void)state;
	encodes(LW_VALUE(strings, &v),
	    "{\"name\":\"a\\n\\\"\\\\\\u0001\xc3\xa9\",\"text\":\"x\\u0000y\",\"word\":\"12345\"}");
	v.name = "a\xff";
	cannot_be_encoded(LW_VALUE(strings, &v),
	    "the value: $.name: expected UTF-8, found another byte, at byte 1");
	v = (struct strings){ NULL, { "\xc3", 1 }, "" };
	cannot_be_encoded(LW_VALUE(strings, &v),
	    "the value: $.text: expected UTF-8, found another byte, at byte 0");
	v.text = (struct lw_str){ NULL, 0 };
	memset(v.word, 'x', sizeof v.word);
	cannot_be_encoded(LW_VALUE(strings, &v),
	    "the value: $.word: expected a terminated string, found none, at byte 6");
}

/* ---- Any JSON, names --------------------------------------------------------------------------- */

enum level { LOW = -5, HIGH = 3 };
static const struct lw_name levels[] = { { "low", LOW }, { "high", HIGH }, { "h\xc3\xa9", 200 } };

struct mixed {
	struct lw_json raw;
	enum level level;
	unsigned char small;
	long long large;
};
LW_RECORD(mixed, struct mixed, LW_FIELD(raw, LW_OPTIONAL), LW_ENUM(level, levels, LW_OPTIONAL),
    LW_ENUM(small, levels, LW_OPTIONAL), LW_ENUM(large, levels, LW_OPTIONAL));

static void
any_json_is_kept_as_it_came(void **state)
{
	static const char *const values[] = { "null", "true", "-0.5e+7", "\"\\u0041\"",
		"[ 1 , {} ]", "{\"a\":1,\"a\":2}", "\"\"" };
	struct mixed v;
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		(void)snprintf(text, sizeof text, "{\"raw\" : %s }", values[i]);
		decodes(LW_INTO(mixed, &v), text);
		assert_int_equal(v.raw.size, strlen(values[i]));
		assert_memory_equal(v.raw.at, values[i], v.raw.size);
	}
	encodes(LW_VALUE(mixed, &((struct mixed){ .raw = { "[ 1]", 4 }, HIGH, 200, HIGH })),
	    "{\"raw\":[ 1],\"level\":\"high\",\"small\":\"h\xc3\xa9\",\"large\":\"high\"}");
	cannot_be_encoded(LW_VALUE(mixed, &((struct mixed){ .raw = { "[1", 2 } })),
	    "the value: $.raw: expected JSON, found expected , or ], at byte 2");
	cannot_be_encoded(LW_VALUE(mixed, &((struct mixed){ .raw = { "1 1", 3 } })),
	    "the value: $.raw: expected JSON, found text after the value, at byte 2");
	refuses(LW_INTO(mixed, &v), "{\"raw\":tru}");
}

#define NAME_OF_40 "a name that is longer than most names are"
static const struct lw_name many[] = { { NAME_OF_40 " 0", 0 }, { NAME_OF_40 " 1", 1 },
	{ NAME_OF_40 " 2", 2 }, { NAME_OF_40 " 3", 3 }, { NAME_OF_40 " 4", 4 }, { "last", 5 } };
struct named {
	int it, unnamed;
};
LW_RECORD(named, struct named, LW_ENUM(it, many), LW_FIELD(unnamed, LW_KEY(""), LW_OPTIONAL));

static void
as_many_names_are_told_as_there_is_room_for(void **state)
{
	struct named v;

	(void)state;
	refuses(LW_INTO(named, &v), "{\"it\":\"a\"}");
	EXPECT_PART("expected one of \"" NAME_OF_40 " 0\", \"" NAME_OF_40 " 1\"");
	EXPECT_PART("found \"a\", at byte 6");
	decodes(LW_INTO(named, &v), "{\"it\":\"last\",\"\":1}");
	assert_true(v.it == 5 && v.unnamed == 1);
	fails(LW_INTO(named, &v), "{\"it\":\"last\",\"\":true}",
	    "$[\"\"]: expected a whole number from -2147483648 to 2147483647, found true, at byte "
	    "16");
}

static void
names_stand_for_their_values(void **state)
{
	struct mixed v;

	(void)state;
	decodes(LW_INTO(mixed, &v),
	    "{\"level\":\"low\",\"small\":\"h\\u00e9\",\"large\":\"\\u006cow\"}");
	assert_true(v.level == LOW && v.small == 200 && v.large == LOW);
	encodes(
	    LW_VALUE(mixed, &v), "{\"level\":\"low\",\"small\":\"h\xc3\xa9\",\"large\":\"low\"}");
	fails(LW_INTO(mixed, &v), "{\"level\":\"lo\"}",
	    "$.level: expected one of \"low\", \"high\", \"h\xc3\xa9\", found \"lo\", at byte 9");
	fails(LW_INTO(mixed, &v), "{\"level\":3}",
	    "$.level: expected one of \"low\", \"high\", \"h\xc3\xa9\", found 3, at byte 9");
	refuses(LW_INTO(mixed, &v), "{\"level\":\"\\x\"}");
	cannot_be_encoded(LW_VALUE(mixed, &((struct mixed){ .large = 4 })),
	    "the value: $.large: expected a value that has a name, found 4, at byte 0");
}

/* ---- Arrays, lists, nested ---------------------------------------------------------------------- */

struct point {
	int x, y;
};
LW_RECORD(point, struct point, LW_FIELD(x), LW_FIELD(y));

struct shapes {
	int few[3];
	size_t few_count;
	const char *const *names;
	size_t name_count;
	struct point corners[2];
	size_t corner_count;
	const struct point *points;
	size_t point_count;
	struct point centre;
};
LW_RECORD(shapes, struct shapes, LW_ARRAY(few, few_count, LW_OPTIONAL),
    LW_LIST(names, name_count, LW_OPTIONAL), LW_ARRAY_OF(corners, corner_count, point, LW_OPTIONAL),
    LW_LIST_OF(points, point_count, point, LW_OPTIONAL), LW_NESTED(centre, point, LW_OPTIONAL));

static void
arrays_and_lists_hold_what_came(void **state)
{
	static const char text[] =
	    "{\"few\":[1,2,3],\"names\":[\"a\",\"\xc3\xa9\"],\"corners\":[{\"x\":1,\"y\":2}],"
	    "\"points\":[{\"x\":3,\"y\":4},{\"x\":5,\"y\":6}],\"centre\":{\"x\":0,\"y\":-1}}";
	struct shapes v;

	(void)state;
	decodes(LW_INTO(shapes, &v), text);
	assert_true(v.few_count == 3 && v.few[0] == 1 && v.few[2] == 3);
	assert_int_equal(v.name_count, 2);
	assert_string_equal(v.names[0], "a");
	assert_string_equal(v.names[1], "\xc3\xa9");
	assert_true(v.corner_count == 1 && v.corners[0].y == 2);
	assert_true(v.point_count == 2 && v.points[1].x == 5 && v.points[1].y == 6);
	assert_int_equal(v.centre.y, -1);
	encodes(LW_VALUE(shapes, &v), text);
}

static void
empty_arrays_are_empty(void **state)
{
	struct shapes v;

	(void)state;
	decodes(LW_INTO(shapes, &v), "{\"few\":[],\"names\":[ ],\"corners\":[],\"points\":[]}");
	assert_true(v.few_count == 0 && v.name_count == 0);
	assert_true(v.corner_count == 0 && v.point_count == 0);
	assert_null(v.names);
	assert_null(v.points);
	encodes(LW_VALUE(shapes, &v), "{}");
}

static void
an_array_has_room_for_so_many_and_a_list_for_all(void **state)
{
	struct shapes v;
	char text[8192] = "{\"names\":[";
	size_t at = strlen(text);

	(void)state;
	fails(LW_INTO(shapes, &v), "{\"few\":[1,2,3, 44]}",
	    "$.few[3]: expected at most 3 values, found 44, at byte 15");
	refuses(LW_INTO(shapes, &v), "{\"corners\":[{\"x\":1,\"y\":2},{\"x\":1,\"y\":2},{}]}");
	for (int i = 0; i < 1000; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s\"%d\"", i ? "," : "", i);
	(void)snprintf(text + at, sizeof text - at, "]}");
	decodes(LW_INTO(shapes, &v), text);
	assert_int_equal(v.name_count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(atoi(v.names[i]), i);
	encodes(LW_VALUE(shapes, &v), text);
}

static void
what_is_wrong_within_is_named_by_its_path(void **state)
{
	struct shapes v;

	(void)state;
	fails(LW_INTO(shapes, &v), "{\"points\":[{\"x\":1,\"y\":2},{\"x\":1,\"y\":\"z\"}]}",
	    "$.points[1].y: expected a whole number from -2147483648 to 2147483647, found \"z\", "
	    "at byte 36");
	assert_string_equal(error.path, "$.points[1].y");
	assert_int_equal(error.offset, 36);
	fails(LW_INTO(shapes, &v), "{\"points\":[{\"x\":1}]}",
	    "$.points[0].y: expected the key \"y\", found an object without it, at byte 17");
	fails(LW_INTO(shapes, &v), "{\"points\":{}}",
	    "$.points: expected an array, found an object, at byte 10");
	fails(LW_INTO(shapes, &v), "{\"points\":[[]]}",
	    "$.points[0]: expected an object, found an array, at byte 11");
	fails(LW_INTO(shapes, &v), "[]", "$: expected an object, found an array, at byte 0");
	fails(LW_INTO(shapes, &v), "", "$: expected a value, at byte 0");
	fails(LW_INTO(shapes, &v), "{\"few\":[1 2]}", "$.few: expected , or ], at byte 10");
	fails(LW_INTO(shapes, &v), "{} x", "$: text after the value, at byte 3");
	fails(LW_INTO(shapes, &v), "{\"few\" 1}", "$: expected a colon, at byte 7");
}

static void
what_does_not_fit_and_then_is_no_json_is_no_json(void **state)
{
	struct shapes v;

	(void)state;
	fails(LW_INTO(shapes, &v), "{\"points\":7} x", "$: text after the value, at byte 13");
	fails(LW_INTO(shapes, &v), "{\"few\":[true,nul]}", "$: expected a value, at byte 13");
}

static void
counts_that_lie_and_lists_that_are_missing_are_not_written(void **state)
{
	struct shapes v = { .few_count = 4 };

	(void)state;
	cannot_be_encoded(LW_VALUE(shapes, &v),
	    "the value: $.few: expected no more values than there is room for, found a larger "
	    "count, at byte 0");
	v = (struct shapes){ .name_count = 1 };
	cannot_be_encoded(
	    LW_VALUE(shapes, &v), "the value: $.names: expected values, found NULL, at byte 0");
	v.names = (const char *[]){ NULL };
	cannot_be_encoded(LW_VALUE(shapes, &v),
	    "the value: $.names[0]: expected a string, found NULL, at byte 0");
}

/* Every list of plain values. */
struct lists {
	const bool *bools;
	size_t bool_count;
	const int16_t *shorts;
	size_t short_count;
	const uint64_t *sizes;
	size_t size_count;
	const double *reals;
	size_t real_count;
	const struct lw_str *texts;
	size_t text_count;
	const struct lw_json *raws;
	size_t raw_count;
	bool flags[2];
	size_t flag_count;
	double pair[2];
	size_t pair_count;
	const char *words[2];
	size_t word_count;
	struct lw_json any[2];
	size_t any_count;
};
LW_RECORD(lists, struct lists, LW_LIST(bools, bool_count), LW_LIST(shorts, short_count),
    LW_LIST(sizes, size_count), LW_LIST(reals, real_count), LW_LIST(texts, text_count),
    LW_LIST(raws, raw_count), LW_ARRAY(flags, flag_count), LW_ARRAY(pair, pair_count),
    LW_ARRAY(words, word_count), LW_ARRAY(any, any_count));

static void
every_kind_of_value_may_stand_in_arrays_and_lists(void **state)
{
	static const char text[] =
	    "{\"bools\":[true,false],\"shorts\":[-1],\"sizes\":[18446744073709551615],"
	    "\"reals\":[0.5,-0.25],\"texts\":[\"\",\"b\"],\"raws\":[null,[]],\"flags\":[false,true]"
	    ","
	    "\"pair\":[1,2],\"words\":[\"x\",\"y\"],\"any\":[{},null]}";
	struct lists v;

	(void)state;
	decodes(LW_INTO(lists, &v), text);
	assert_true(v.bool_count == 2 && v.bools[0] && !v.bools[1]);
	assert_true(v.short_count == 1 && v.shorts[0] == -1);
	assert_true(v.size_count == 1 && v.sizes[0] == UINT64_MAX);
	assert_true(v.real_count == 2 && v.reals[1] == -0.25);
	assert_true(v.text_count == 2 && v.texts[1].size == 1);
	assert_true(v.raw_count == 2 && v.raws[0].size == 4);
	assert_true(v.flag_count == 2 && v.flags[1] && v.pair[1] == 2);
	assert_string_equal(v.words[1], "y");
	assert_int_equal(v.any[1].size, 4);
	encodes(LW_VALUE(lists, &v), text);
	v = (struct lists){ .bool_count = 0 };
	encodes(LW_VALUE(lists, &v),
	    "{\"bools\":[],\"shorts\":[],\"sizes\":[],\"reals\":[],\"texts\":[],\"raws\":[],"
	    "\"flags\":[],\"pair\":[],\"words\":[],\"any\":[]}");
}

struct tree {
	int value;
	const struct tree *branches;
	size_t branch_count;
};
LW_RECORD(
    tree, struct tree, LW_FIELD(value), LW_LIST_OF(branches, branch_count, tree, LW_OPTIONAL));

static void
a_record_may_contain_a_list_of_itself(void **state)
{
	static const char text[] =
	    "{\"value\":1,\"branches\":[{\"value\":2},{\"value\":3,\"branches\":[{\"value\":4}]}]}";
	struct tree v;

	(void)state;
	decodes(LW_INTO(tree, &v), text);
	assert_int_equal(v.branch_count, 2);
	assert_int_equal(v.branches[1].branches[0].value, 4);
	assert_int_equal(v.branches[0].branch_count, 0);
	encodes(LW_VALUE(tree, &v), text);
}

/* {"value":1,"branches":[{"value":1,…]} of so many records, with this in the innermost. */
static char *
nested_text(int records, const char *innermost)
{
	static const char head[] = "{\"value\":1,\"branches\":[", tail[] = "]}";
	size_t size = (size_t)records * (sizeof head + sizeof tail) + strlen(innermost) + 1;
	char *text = calloc(size, 1), *at = text;

	assert_non_null(text);
	for (int i = 0; i < records; i++)
		at = stpcpy(at, head);
	at = stpcpy(at, innermost);
	for (int i = 0; i < records; i++)
		at = stpcpy(at, tail);
	return text;
}

static void
depth_is_bounded_as_for_any_reader(void **state)
{
	const int most = JSON_DEPTH_MAX / 2; /* a record and its list are two levels */
	char *texts[] = { nested_text(most, ""), nested_text(most - 1, "{\"value\":1,\"more\":[]}"),
		nested_text(most, "{\"value\":1}"),
		nested_text(most - 1, "{\"value\":1,\"more\":[[]]}") };
	struct tree v;
	size_t offset;
	const char *why;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		bool fits = i < 2;

		assert_int_equal(jread_validate(texts[i], strlen(texts[i]), &offset, &why), fits);
		assert_int_equal(
		    decode_bytes(LW_INTO(tree, &v), texts[i], strlen(texts[i])) == LW_OK, fits);
		if (!fits)
			assert_non_null(strstr(error.message, "nested too deeply"));
		free(texts[i]);
	}
}

static void
what_is_nested_too_deeply_for_a_reader_is_not_written(void **state)
{
	struct tree trees[JSON_DEPTH_MAX / 2 + 1];
	char *json = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(trees); i++)
		trees[i] = (struct tree){ 1, &trees[i + 1], i + 1 < COUNT(trees) };
	error = (struct lw_error)LW_ERROR_INIT;
	assert_int_equal(lw_encode(LW_VALUE(tree, trees), &json, NULL, &error), LW_E_MISUSE);
	assert_non_null(strstr(error.message, "expected nothing nested so deeply, found more"));
	assert_int_equal(lw_encode(LW_VALUE(tree, trees + 1), &json, NULL, &error), LW_OK);
	lw_free(json);
}

struct holder {
	const struct lw_json *raws;
	size_t raw_count;
};
LW_RECORD(holder, struct holder, LW_LIST(raws, raw_count));

static void
the_depth_of_json_within_counts_too(void **state)
{
	char text[2 * JSON_DEPTH_MAX];
	struct lw_json raw = { text, 0 };
	struct holder v = { &raw, 1 };
	char *json = NULL;

	(void)state;
	for (size_t depth = JSON_DEPTH_MAX - 2; depth <= JSON_DEPTH_MAX - 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		raw.size = 2 * depth;
		error = (struct lw_error)LW_ERROR_INIT;
		assert_int_equal(lw_encode(LW_VALUE(holder, &v), &json, NULL, &error),
		    depth == JSON_DEPTH_MAX - 2 ? LW_OK : LW_E_MISUSE);
	}
	lw_free(json);
}

struct spans {
	struct lw_str plain, escaped;
};
LW_RECORD(spans, struct spans, LW_FIELD(plain), LW_FIELD(escaped));

static void
a_text_without_escapes_is_not_copied(void **state)
{
	static const char json[] = "{\"plain\":\"as it stands\",\"escaped\":\"a\\nb\"}";
	struct arena arena = ARENA_OF(1000);
	struct record_fault fault;
	struct spans v;

	(void)state;
	assert_true(record_decode(spans_record(), json, sizeof json - 1, &arena, &v, &fault));
	assert_ptr_equal(v.plain.at, strstr(json, "as it"));
	assert_int_equal(v.plain.size, strlen("as it stands"));
	assert_true(v.escaped.at < json || v.escaped.at >= json + sizeof json);
	assert_int_equal(v.escaped.size, 3);
	assert_memory_equal(v.escaped.at, "a\nb", 3);
	arena_free(&arena);
}

/* ---- Keys, absence, defaults -------------------------------------------------------------------- */

struct modified {
	int named, optional, has, defaulted;
	bool has_it;
	const char *word;
	struct lw_json any;
	bool has_any;
};
LW_RECORD(modified, struct modified, LW_FIELD(named, LW_KEY("a b\"\xc3\xa9")),
    LW_FIELD(optional, LW_OPTIONAL), LW_FIELD(has, LW_HAS(has_it), LW_KEY("H")),
    LW_FIELD(defaulted, LW_DEFAULT("7")), LW_FIELD(word, LW_DEFAULT("\"none\"")),
    LW_FIELD(any, LW_HAS(has_any)));

static void
a_key_may_be_any_text(void **state)
{
	struct modified v;

	(void)state;
	decodes(LW_INTO(modified, &v), "{\"a b\\\"\xc3\xa9\":1}");
	assert_int_equal(v.named, 1);
	decodes(LW_INTO(modified, &v), "{\"\\u0061 b\\u0022\\u00e9\":2}");
	assert_int_equal(v.named, 2);
	fails(LW_INTO(modified, &v), "{\"named\":1}",
	    "$[\"a b\"\xc3\xa9\"]: expected the key \"a b\"\xc3\xa9\", found an object without it, "
	    "at byte 10");
	fails(LW_INTO(modified, &v), "{\"a b\\\"\xc3\xa9\":null}",
	    "$[\"a b\"\xc3\xa9\"]: expected a whole number from -2147483648 to 2147483647, found "
	    "null, at byte 11");
}

/* Keys are compared in pieces: of each size there is one in which every byte is changed in turn. */
struct keyed {
	int value;
};
#define KEYED(name, key) LW_RECORD(name, struct keyed, LW_FIELD(value, LW_KEY(key)))
KEYED(keyed_1, "a");
KEYED(keyed_2, "ab");
KEYED(keyed_3, "abc");
KEYED(keyed_4, "abcd");
KEYED(keyed_5, "abcde");
KEYED(keyed_7, "abcdefg");
KEYED(keyed_8, "abcdefgh");
KEYED(keyed_9, "abcdefghi");
KEYED(keyed_15, "abcdefghijklmno");
KEYED(keyed_16, "abcdefghijklmnop");
KEYED(keyed_17, "abcdefghijklmnopq");
KEYED(keyed_33, "abcdefghijklmnopqrstuvwxyzABCDEFG");

static void
check_key(struct lw_output into, const struct keyed *v, size_t size)
{
	char text[128];

	(void)snprintf(text, sizeof text, "{\"%.*s\":%zu}%*s", (int)size,
	    "abcdefghijklmnopqrstuvwxyzABCDEFG", size, 32, ""); /* a short text has no blocks */
	decodes(into, text);
	assert_int_equal(v->value, size);
	for (size_t i = 0; i < size; i++) {
		text[2 + i] ^= 1;
		refuses(into, text);
		EXPECT_PART("found an object without it");
		text[2 + i] ^= 1;
	}
	memmove(text + 3, text + 2, strlen(text + 2) + 1); /* one byte more */
	refuses(into, text);
	EXPECT_PART("found an object without it");
}

static void
a_key_is_another_one_where_any_byte_is_another(void **state)
{
	struct keyed v = { 0 };

	(void)state;
	check_key(LW_INTO(keyed_1, &v), &v, 1);
	check_key(LW_INTO(keyed_2, &v), &v, 2);
	check_key(LW_INTO(keyed_3, &v), &v, 3);
	check_key(LW_INTO(keyed_4, &v), &v, 4);
	check_key(LW_INTO(keyed_5, &v), &v, 5);
	check_key(LW_INTO(keyed_7, &v), &v, 7);
	check_key(LW_INTO(keyed_8, &v), &v, 8);
	check_key(LW_INTO(keyed_9, &v), &v, 9);
	check_key(LW_INTO(keyed_15, &v), &v, 15);
	check_key(LW_INTO(keyed_16, &v), &v, 16);
	check_key(LW_INTO(keyed_17, &v), &v, 17);
	check_key(LW_INTO(keyed_33, &v), &v, 33);
}

KEYED(keyed_quote, "a\"b");
KEYED(keyed_control, "a\x01");
KEYED(keyed_torn, "a\xc3(");
KEYED(keyed_backslash, "a\\n");

/* Its bytes do not make it a string of JSON, however well they compare. */
static void
a_described_key_is_not_taken_for_json_that_it_is_not(void **state)
{
	struct keyed v = { 0 };

	(void)state;
	fails(LW_INTO(keyed_quote, &v), "{\"a\"b\":1}", "$: expected a colon, at byte 4");
	decodes(LW_INTO(keyed_quote, &v), "{\"a\\\"b\":1}");
	fails(LW_INTO(keyed_control, &v), "{\"a\x01\":1}",
	    "$: control character in a string, at byte 3");
	decodes(LW_INTO(keyed_control, &v), "{\"a\\u0001\":1}");
	fails(LW_INTO(keyed_torn, &v), "{\"a\xc3(\":1}", "$: not UTF-8, at byte 3");
	refuses(LW_INTO(keyed_backslash, &v), "{\"a\\n\":1}");
	decodes(LW_INTO(keyed_backslash, &v), "{\"a\\\\n\":1}");
}

#define REQUIRED "\"a b\\\"\xc3\xa9\":0"

static void
what_may_be_absent_or_null_is_zero_or_its_default(void **state)
{
	static const char *const texts[] = { "{" REQUIRED "}",
		"{\"optional\":null,\"H\":null,\"defaulted\":null,\"word\":null," REQUIRED "}" };
	struct modified v;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		memset(&v, 0xff, sizeof v);
		decodes(LW_INTO(modified, &v), texts[i]);
		assert_true(v.optional == 0 && v.has == 0 && !v.has_it && v.defaulted == 7);
		assert_string_equal(v.word, "none");
		assert_true(!v.has_any && v.any.at == NULL);
	}
	decodes(LW_INTO(modified, &v),
	    "{" REQUIRED ",\"H\":0,\"defaulted\":8,\"word\":\"w\",\"any\":null}");
	assert_true(v.has_it && v.has == 0 && v.defaulted == 8);
	assert_string_equal(v.word, "w");
	assert_true(v.has_any && v.any.size == 4);
}

static void
what_is_absent_is_not_written(void **state)
{
	struct modified v = { .word = "w" };

	(void)state;
	encodes(LW_VALUE(modified, &v), "{" REQUIRED ",\"defaulted\":0,\"word\":\"w\"}");
	v.has_it = true;
	encodes(LW_VALUE(modified, &v), "{" REQUIRED ",\"H\":0,\"defaulted\":0,\"word\":\"w\"}");
	v = (struct modified){ .word = "w", .optional = 1, .has = 5, .has_any = true };
	v.any = (struct lw_json){ "1", 1 };
	encodes(LW_VALUE(modified, &v),
	    "{" REQUIRED ",\"optional\":1,\"defaulted\":0,\"word\":\"w\",\"any\":1}");
}

struct nested_defaults {
	struct point place;
	int few[2];
	size_t few_count;
	const struct point *points;
	size_t point_count;
	const char *const *names;
	size_t name_count;
};
LW_RECORD(nested_defaults, struct nested_defaults,
    LW_NESTED(place, point, LW_DEFAULT("{\"x\":1,\"y\":2}")),
    LW_ARRAY(few, few_count, LW_DEFAULT("[3,4]")),
    LW_LIST_OF(points, point_count, point, LW_DEFAULT("[{\"x\":5,\"y\":6}]")),
    LW_LIST(names, name_count, LW_DEFAULT("[\"a\",\"\\u0062\"]")));

static void
arrays_and_records_have_defaults_too(void **state)
{
	struct nested_defaults v;

	(void)state;
	decodes(LW_INTO(nested_defaults, &v), "{}");
	assert_true(v.place.x == 1 && v.place.y == 2 && v.few_count == 2 && v.few[1] == 4);
	assert_true(v.point_count == 1 && v.points[0].y == 6 && v.name_count == 2);
	assert_string_equal(v.names[1], "b");
	decodes(LW_INTO(nested_defaults, &v), "{\"few\":[],\"place\":null}");
	assert_true(v.few_count == 0 && v.place.y == 2);
}

struct badly {
	unsigned char small;
	int few[1];
	size_t few_count;
	struct point place;
};
LW_RECORD(badly, struct badly, LW_FIELD(small, LW_DEFAULT("256")),
    LW_ARRAY(few, few_count, LW_DEFAULT("[1,2]")), LW_NESTED(place, point, LW_DEFAULT("{\"x\":}")));
LW_RECORD(badly_followed, struct badly, LW_FIELD(small, LW_DEFAULT("2 5")));

static void
a_default_that_does_not_fit_is_named(void **state)
{
	struct badly v;

	(void)state;
	fails(LW_INTO(badly, &v), "{}",
	    "$.small: expected a default that fits, found 256, at byte 1");
	fails(LW_INTO(badly, &v), "{\"small\":1}",
	    "$.few[1]: expected a default that fits, found [1,2], at byte 10");
	fails(LW_INTO(badly, &v), "{\"small\":1,\"few\":[],\"place\":null}",
	    "$.place.x: expected a default that fits, found {\"x\":}, at byte 31");
	fails(LW_INTO(badly_followed, &v), "{}",
	    "$.small: expected a default that fits, found 2 5, at byte 1");
}

struct endless {
	const struct endless *more;
	size_t count;
};
LW_RECORD(endless, struct endless, LW_LIST_OF(more, count, endless, LW_DEFAULT("[{}]")));

static void
a_default_that_needs_itself_ends(void **state)
{
	struct endless v;

	(void)state;
	refuses(LW_INTO(endless, &v), "{}");
}

LW_STRICT_RECORD(strict_point, struct point, LW_FIELD(x), LW_FIELD(y));

static void
keys_that_are_not_described_are_skipped_or_refused(void **state)
{
	struct point v;

	(void)state;
	decodes(LW_INTO(point, &v), "{\"z\":{\"x\":[]},\"y\":2,\"z\":0,\"x\":1,\"\":{}}");
	assert_true(v.x == 1 && v.y == 2);
	decodes(LW_INTO(strict_point, &v), "{\"y\":2,\"x\":1}");
	fails(LW_INTO(strict_point, &v), "{\"y\":2,\"zz\":3,\"x\":1}",
	    "$: expected no keys but those of the record, found the key \"zz\", at byte 8");
	fails(LW_INTO(strict_point, &v), "{\"" A50 "\":3}",
	    "$: expected no keys but those of the record, found the key "
	    "\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd\", at byte 2");
	fails(LW_INTO(point, &v), "{\"x\":1,\"y\":2,\"z\":tru}", "$: expected a value, at byte 17");
}

static void
a_described_key_that_comes_twice_is_refused(void **state)
{
	struct point v;

	(void)state;
	fails(LW_INTO(point, &v), "{\"x\":1,\"y\":2,\"x\":1}",
	    "$.x: expected the key once, found it again, at byte 14");
	fails(LW_INTO(point, &v), "{\"y\":2,\"x\":1,\"y\":2}",
	    "$.y: expected the key once, found it again, at byte 14");
	fails(LW_INTO(point, &v), "{\"x\":1,\"y\":2,\"\\u0078\":1}",
	    "$.x: expected the key once, found it again, at byte 14");
	fails(LW_INTO(point, &v), "{\"y\":2}",
	    "$.x: expected the key \"x\", found an object without it, at byte 6");
}

struct listed {
	const int *at;
	size_t count;
};
LW_RECORD(listed, struct listed, LW_LIST(at, count));

static void
commas_stand_between_values_and_nowhere_else(void **state)
{
	struct listed v;

	(void)state;
	decodes(LW_INTO(listed, &v), "{\"at\":[1 ,\n2, 3]}");
	assert_int_equal(v.count, 3);
	fails(LW_INTO(listed, &v), "{\"at\":[,1]}", "$.at[0]: expected a value, at byte 7");
	fails(LW_INTO(listed, &v), "{\"at\":[1,]}", "$.at[1]: expected a value, at byte 9");
	fails(LW_INTO(listed, &v), "{\"at\":[1,,2]}", "$.at[1]: expected a value, at byte 9");
	fails(LW_INTO(listed, &v), "{\"at\":[1 2]}", "$.at: expected , or ], at byte 9");
	fails(LW_INTO(listed, &v), "{,\"at\":[]}", "$: expected a key, at byte 1");
	fails(LW_INTO(listed, &v), "{\"at\":[],}", "$: expected a key, at byte 9");
	fails(LW_INTO(listed, &v), "{\"at\":[] \"at\":[]}", "$: expected , or }, at byte 9");
}

/* Absent only if every field is: bytes between fields say nothing. */
struct roomy {
	char letter[1];
	double real;
	bool has;
	int number;
};
LW_RECORD(roomy, struct roomy, LW_FIELD(letter, LW_OPTIONAL), LW_FIELD(real, LW_OPTIONAL),
    LW_FIELD(number, LW_HAS(has)));
struct house {
	struct roomy room;
	struct tree tree;
};
LW_RECORD(
    house, struct house, LW_NESTED(room, roomy, LW_OPTIONAL), LW_NESTED(tree, tree, LW_OPTIONAL));

static void
a_nested_record_is_absent_when_all_its_fields_are(void **state)
{
	struct house v;

	(void)state;
	memset(&v, 0xff, sizeof v);
	v.room.letter[0] = '\0';
	v.room.real = 0;
	v.room.has = false;
	v.room.number = 0;
	v.tree.value = 0;
	v.tree.branch_count = 0;
	encodes(LW_VALUE(house, &v), "{}");
	v.room.has = true;
	encodes(LW_VALUE(house, &v), "{\"room\":{\"number\":0}}");
	v.room.has = false;
	v.room.real = -0.0;
	encodes(LW_VALUE(house, &v), "{\"room\":{\"real\":-0}}");
}

/* The tree is one level further in, so that it is a list which is too deep. */
static void
a_list_may_be_what_is_nested_too_deeply(void **state)
{
	char *trees = nested_text(JSON_DEPTH_MAX / 2, ""), *json = NULL;
	struct tree chain[JSON_DEPTH_MAX / 2], leaf = { 1, NULL, 0 };
	struct house v = { .tree = { 1, chain, 1 } };
	size_t size = strlen(trees) + sizeof "{\"tree\":}";
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	(void)snprintf(text, size, "{\"tree\":%s}", trees);
	refuses(LW_INTO(house, &v), text);
	EXPECT_PART("nested too deeply");
	for (size_t i = 0; i < COUNT(chain); i++)
		chain[i] = (struct tree){ 1, i + 1 < COUNT(chain) ? &chain[i + 1] : &leaf, 1 };
	error = (struct lw_error)LW_ERROR_INIT;
	assert_int_equal(lw_encode(LW_VALUE(house, &v), &json, NULL, &error), LW_E_MISUSE);
	EXPECT_PART("expected nothing nested so deeply");
	free(text);
	free(trees);
}

enum size { SMALL = 1, HUGE_ONE = 300 };
struct sized {
	unsigned char size;
	int number;
	int values[2];
	size_t value_count;
	struct lw_str text;
};
static const struct lw_name size_names[] = { { "small", SMALL }, { "huge", HUGE_ONE } };
LW_RECORD(sized, struct sized, LW_ENUM(size, size_names),
    LW_FIELD(number, LW_OPTIONAL, LW_DEFAULT("5")), LW_ARRAY(values, value_count, LW_OPTIONAL),
    LW_FIELD(text, LW_OPTIONAL));

static void
a_name_that_its_member_cannot_hold_is_refused(void **state)
{
	struct sized v;

	(void)state;
	decodes(LW_INTO(sized, &v), "{\"size\":\"small\"}");
	fails(LW_INTO(sized, &v), "{\"size\":\"huge\"}",
	    "$.size: expected a name whose value its member can hold, found \"huge\", at byte 8");
}

static void
what_has_a_default_is_always_written(void **state)
{
	struct sized v = { .size = SMALL };
	char *json;

	(void)state;
	assert_int_equal(lw_encode(LW_VALUE(sized, &v), &json, NULL, &error), LW_OK);
	assert_string_equal(json, "{\"size\":\"small\",\"number\":0}");
	lw_free(json);
}

static void
what_could_not_have_been_decoded_is_not_copied(void **state)
{
	struct sized v = { .size = SMALL, .value_count = 3 };

	(void)state;
	assert_null(LW_COPY(sized, &v));
	v.value_count = 0;
	v.text.size = 7;
	cannot_be_encoded(
	    LW_VALUE(sized, &v), "the value: $.text: expected a string, found NULL, at byte 0");
}

/* ---- Paths -------------------------------------------------------------------------------------- */

#define A50      "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LONG_KEY A50 A50 A50 A50 A50 "ffffff"

struct longish {
	struct point at;
};
LW_RECORD(longish, struct longish, LW_NESTED(at, point, LW_KEY(LONG_KEY)));

static void
the_end_of_a_path_that_is_too_long_is_kept(void **state)
{
	struct longish v;

	(void)state;
	refuses(LW_INTO(longish, &v), "{\"" LONG_KEY "\":{\"x\":1,\"y\":true}}");
	assert_string_equal(error.path, "$\u2026.y");
}

/* ---- Memory ------------------------------------------------------------------------------------- */

static bool
decodes_within(size_t limit, const struct lw_record *record, void *value, const char *json,
    struct record_fault *ret_fault)
{
	struct arena arena = ARENA_OF(limit);
	bool taken = record_decode(record, json, strlen(json), &arena, value, ret_fault);

	arena_free(&arena);
	return taken;
}

static void
decoded_values_have_a_bound(void **state)
{
	static const char list[] =
	    "{\"names\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}";
	struct record_fault fault;
	struct shapes v;
	size_t least = 0;

	(void)state;
	while (!decodes_within(least, shapes_record(), &v, list, &fault)) {
		assert_false(fault.no_memory || fault.malformed);
		assert_string_equal(fault.found, "more");
		assert_memory_equal(fault.expected, "at most ", 8);
		assert_true(fault.offset <= sizeof list);
		least++;
	}
	assert_in_range(least, 8 * 9, 1024);
	assert_false(decodes_within(3, real_record(), &v,
	    "{\"d\":1.00000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000001}",
	    &fault));
	assert_string_equal(fault.expected, "at most 3 bytes of decoded values");
	assert_false(decodes_within(3, nested_defaults_record(), &v, "{}", &fault));
	assert_string_equal(fault.expected, "at most 3 bytes of decoded values");
	assert_string_equal(fault.path, "$.points[0]");
	assert_int_equal(fault.offset, 1);
}

#ifdef LW_DEV
static void
without_memory_an_error_says_so_and_nothing_is_lost(void **state)
{
	static const char text[] =
	    "{\"few\":[1],\"names\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"],"
	    "\"points\":[{\"x\":3,\"y\":4}]}";
	struct lw_output into;
	struct shapes v;
	bool fired = true;
	char *json;
	void *copy;

	(void)state;
	into = LW_INTO(shapes, &v);
	for (unsigned n = 1; fired; n++) {
		lw_code decoded, encoded = LW_OK;

		json = NULL;
		copy = NULL;
		lw_fault_arm(n, false);
		decoded = decode_bytes(into, text, strlen(text));
		if (decoded == LW_OK) {
			encoded = lw_encode(LW_VALUE(shapes, &v), &json, NULL, &error);
			copy = LW_COPY(shapes, &v);
		}
		(void)lw_fault_disarm(&fired);
		assert_int_equal(decoded == LW_OK && encoded == LW_OK && copy != NULL, !fired);
		if (decoded != LW_OK || encoded != LW_OK)
			assert_int_equal(error.verdict, LW_V_NO_MEMORY);
		lw_free(json);
		lw_free(copy);
	}
}

/* The buffer is full behind each byte of the text in turn, and cannot grow. */
static void
a_value_is_written_whole_or_not_at_all_for_want_of_memory(void **state)
{
	static const char text[] =
	    "{\"few\":[1,2],\"names\":[\"a\",\"b\"],\"points\":[{\"x\":3,\"y\":4}],"
	    "\"centre\":{\"x\":1,\"y\":0}}";
	struct record_fault fault;
	struct shapes v;

	(void)state;
	decodes(LW_INTO(shapes, &v), text);
	for (size_t spare = 0; spare < sizeof text; spare++) {
		struct buffer out = BUFFER_EMPTY;
		bool fired, written;

		assert_non_null(buffer_reserve(&out, 1));
		buffer_grow(&out, out.room - spare);
		lw_fault_arm(1, true);
		written = record_encode(shapes_record(), &v, &out, &fault);
		(void)lw_fault_disarm(&fired);
		assert_int_equal(written, spare == sizeof text - 1);
		assert_int_equal(fault.no_memory, !written);
		assert_int_equal(fired, !written);
		buffer_free(&out);
	}
}

static void
the_end_of_a_text_needs_memory_too(void **state)
{
	char word[256 - sizeof "{\"name\":\"\"}" + 1 + 1];
	struct strings v = { word, { NULL, 0 }, "" };
	char *json = NULL;
	bool fired;

	(void)state;
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	error = (struct lw_error)LW_ERROR_INIT;
	lw_fault_arm(2, false);
	assert_int_equal(lw_encode(LW_VALUE(strings, &v), &json, NULL, &error), LW_E_SYSTEM);
	(void)lw_fault_disarm(&fired);
	assert_true(fired);
	assert_null(json);
}
#endif

/* ---- A decoder of the caller's own --------------------------------------------------------------- */

static bool
own_decode(const char *json, size_t size, void *ret_value, const char **ret_why, size_t *ret_offset)
{
	if (size > 0 && json[0] == '7') {
		*(int *)ret_value = 7;
		return true;
	}
	if (json[0] == 'n')
		return false;
	*ret_why = "not seven";
	*ret_offset = json[0] == '8' ? 1000 : 0;
	return false;
}

static const struct lw_record *
own_record(void)
{
	static const struct lw_record record = { .struct_size = sizeof record,
		.field_size = sizeof(struct lw_field),
		.size = sizeof(int),
		.decode = own_decode };

	return &record;
}
typedef int own_struct;
struct owner {
	int it;
};
LW_RECORD(owner, struct owner, LW_NESTED(it, own, LW_OPTIONAL));

static void
a_decoder_of_the_callers_own_decodes_what_is_json(void **state)
{
	struct owner nested;
	int v = 0;

	(void)state;
	decodes(LW_INTO(own, &v), "7");
	assert_int_equal(v, 7);
	fails(LW_INTO(own, &v), "9", "$: not seven, at byte 0");
	fails(LW_INTO(own, &v), "88", "$: not seven, at byte 2");
	fails(LW_INTO(own, &v), "null", "$: refused, at byte 0");
	fails(LW_INTO(own, &v), "7 7", "$: text after the value, at byte 2");
	fails(LW_INTO(owner, &nested), "{\"it\":7}",
	    "$.it: expected a record of fields: one with a decoder stands alone, found 7, at byte "
	    "6");
	cannot_be_encoded(LW_VALUE(own, &v),
	    "the value: $: expected a record of fields, found one that is only decoded, at byte 0");
	nested.it = 0;
	cannot_be_encoded(LW_VALUE(owner, &nested),
	    "the value: $.it: expected a record of fields, found one that is only decoded, at "
	    "byte 0");
}

struct twins {
	int one, two;
};
LW_RECORD(twins, struct twins, LW_FIELD(one), LW_FIELD(two, LW_KEY("one")));

static void
two_fields_with_one_key_are_misuse(void **state)
{
	struct twins v = { 1, 2 };

	(void)state;
	assert_int_equal(lw_decode("{}", 2, LW_INTO(twins, &v), &memory, &error), LW_E_MISUSE);
	EXPECT_PART("two fields of a record have the key \"one\"");
}

/* ---- Misuse ------------------------------------------------------------------------------------- */

static const struct lw_record *
of_another_version_record(void)
{
	static const struct lw_record record = { .struct_size = sizeof record + 8,
		.field_size = sizeof(struct lw_field) };

	return &record;
}
typedef struct point of_another_version_struct;
static const struct lw_record *
of_other_fields_record(void)
{
	static const struct lw_record record = { .struct_size = sizeof record,
		.field_size = sizeof(struct lw_field) + 8 };

	return &record;
}
typedef struct point of_other_fields_struct;

static const struct lw_record *
of_many_fields_record(void)
{
	static const struct lw_record record = { .struct_size = sizeof record,
		.field_size = sizeof(struct lw_field),
		.field_count = 65 };

	return &record;
}
typedef struct point of_many_fields_struct;

struct old {
	struct point at;
};
LW_RECORD(old, struct old, LW_NESTED(at, of_another_version, LW_OPTIONAL));

static void
tables_of_another_version_are_refused(void **state)
{
	struct point v = { 1, 2 };
	struct old outer = { { 1, 2 } };
	char *json = NULL;

	(void)state;
	assert_int_equal(decode_bytes(LW_INTO(of_another_version, &v), "{}", 2), LW_E_MISUSE);
	assert_non_null(strstr(error.message, "another version"));
	assert_int_equal(
	    lw_encode(LW_VALUE(of_another_version, &v), &json, NULL, &error), LW_E_MISUSE);
	assert_null(LW_COPY(of_another_version, &v));
	assert_null(lw_copy_(NULL, &v));
	assert_int_equal(decode_bytes(LW_INTO(of_other_fields, &v), "{}", 2), LW_E_MISUSE);
	assert_int_equal(decode_bytes(LW_INTO(of_many_fields, &v), "{}", 2), LW_E_MISUSE);
	fails(LW_INTO(old, &outer), "{\"at\":{}}",
	    "$.at: expected a record of this version of leanworker, found an object, at byte 6");
	cannot_be_encoded(LW_VALUE(old, &outer),
	    "the value: $.at: expected a record of this version of leanworker, found another, at "
	    "byte 0");
	assert_int_equal(outer.at.y, 2);
}

static void
what_is_missing_from_a_call_is_misuse(void **state)
{
	struct lw_output nowhere = { NULL, NULL };
	struct point v = { 1, 2 };
	char *json = NULL;

	(void)state;
	error = (struct lw_error)LW_ERROR_INIT;
	assert_int_equal(lw_decode(NULL, 2, LW_INTO(point, &v), &memory, &error), LW_E_MISUSE);
	assert_int_equal(lw_decode("{}", 2, nowhere, &memory, &error), LW_E_MISUSE);
	assert_int_equal(lw_decode("{}", 2, LW_INTO(point, &v), NULL, &error), LW_E_MISUSE);
	assert_int_equal(
	    lw_decode("{}", 2, LW_INTO(point, (struct point *)NULL), &memory, &error), LW_E_MISUSE);
	assert_int_equal(lw_encode(LW_VALUE(point, &v), NULL, NULL, &error), LW_E_MISUSE);
	assert_int_equal(
	    lw_encode(LW_VALUE(point, (struct point *)NULL), &json, NULL, &error), LW_E_MISUSE);
	assert_int_equal(lw_encode(lw_text("{}"), &json, NULL, &error), LW_E_MISUSE);
	error.struct_size = 1;
	assert_int_equal(lw_encode(LW_VALUE(point, &v), &json, NULL, &error), LW_E_MISUSE);
	assert_int_equal(lw_decode("{}", 2, LW_INTO(point, &v), &memory, &error), LW_E_MISUSE);
	assert_null(LW_COPY(point, (struct point *)NULL));
	assert_null(json);
	assert_null(memory);
	assert_true(v.x == 1 && v.y == 2);
	assert_int_equal(lw_decode("{\"x\":1}", 7, LW_INTO(point, &v), &memory, NULL), LW_E_DECODE);
	lw_free(NULL);
}

static void
a_struct_is_only_written_when_all_of_it_fits(void **state)
{
	struct point v = { 1, 2 };

	(void)state;
	refuses(LW_INTO(point, &v), "{\"x\":5,\"y\":null}");
	assert_true(v.x == 1 && v.y == 2);
}

/* ---- Copies ------------------------------------------------------------------------------------- */

static void
a_copy_points_to_nothing_of_the_original(void **state)
{
	static const char text[] =
	    "{\"few\":[1,2],\"names\":[\"a\",\"bc\"],\"points\":[{\"x\":3,\"y\":4}]}";
	struct shapes v, *copy;
	struct mixed mixed_v, *mixed_copy;
	struct strings empty = { NULL, { NULL, 0 }, "" }, *empty_copy;

	(void)state;
	decodes(LW_INTO(shapes, &v), text);
	copy = LW_COPY(shapes, &v);
	assert_non_null(copy);
	assert_true(copy->names != v.names && copy->names[1] != v.names[1]);
	assert_true(copy->points != v.points);
	lw_free(memory);
	memory = NULL;
	encodes(LW_VALUE(shapes, copy), text);
	lw_free(copy);
	decodes(LW_INTO(mixed, &mixed_v), "{\"raw\":[1]}");
	mixed_copy = LW_COPY(mixed, &mixed_v);
	assert_true(mixed_copy->raw.at != mixed_v.raw.at);
	lw_free(memory);
	memory = NULL;
	assert_memory_equal(mixed_copy->raw.at, "[1]", 3);
	lw_free(mixed_copy);
	empty_copy = LW_COPY(strings, &empty);
	assert_true(empty_copy->name == NULL && empty_copy->text.at == NULL);
	lw_free(empty_copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(true_and_false_are_bools_and_nothing_else_is, give_back),
		cmocka_unit_test_teardown(integers_of_every_width_reach_from_end_to_end, give_back),
		cmocka_unit_test_teardown(one_beyond_either_end_is_refused, give_back),
		cmocka_unit_test_teardown(
		    only_whole_numbers_without_fraction_or_exponent_are_integers, give_back),
		cmocka_unit_test_teardown(numbers_that_are_no_json_are_called_that, give_back),
		cmocka_unit_test_teardown(doubles_are_those_nearest_to_the_text, give_back),
		cmocka_unit_test_teardown(
		    a_double_may_be_written_with_a_thousand_digits, give_back),
		cmocka_unit_test_teardown(
		    a_number_beyond_the_range_of_a_double_is_refused, give_back),
		cmocka_unit_test_teardown(
		    doubles_are_written_in_the_shortest_form_that_comes_back, give_back),
		cmocka_unit_test_teardown(a_locale_with_a_comma_changes_nothing, give_back),
		cmocka_unit_test_teardown(
		    strings_are_decoded_to_the_characters_they_stand_for, give_back),
		cmocka_unit_test_teardown(a_terminated_string_holds_no_zero_character, give_back),
		cmocka_unit_test_teardown(
		    an_array_of_characters_keeps_a_byte_for_its_end, give_back),
		cmocka_unit_test_teardown(strings_that_are_no_text_are_refused, give_back),
		cmocka_unit_test_teardown(what_was_found_is_cut_between_characters, give_back),
		cmocka_unit_test_teardown(strings_are_written_with_their_escapes, give_back),
		cmocka_unit_test_teardown(any_json_is_kept_as_it_came, give_back),
		cmocka_unit_test_teardown(as_many_names_are_told_as_there_is_room_for, give_back),
		cmocka_unit_test_teardown(a_name_that_its_member_cannot_hold_is_refused, give_back),
		cmocka_unit_test_teardown(what_has_a_default_is_always_written, give_back),
		cmocka_unit_test_teardown(
		    what_could_not_have_been_decoded_is_not_copied, give_back),
		cmocka_unit_test_teardown(two_fields_with_one_key_are_misuse, give_back),
		cmocka_unit_test_teardown(names_stand_for_their_values, give_back),
		cmocka_unit_test_teardown(arrays_and_lists_hold_what_came, give_back),
		cmocka_unit_test_teardown(empty_arrays_are_empty, give_back),
		cmocka_unit_test_teardown(
		    an_array_has_room_for_so_many_and_a_list_for_all, give_back),
		cmocka_unit_test_teardown(what_is_wrong_within_is_named_by_its_path, give_back),
		cmocka_unit_test_teardown(
		    what_does_not_fit_and_then_is_no_json_is_no_json, give_back),
		cmocka_unit_test_teardown(
		    counts_that_lie_and_lists_that_are_missing_are_not_written, give_back),
		cmocka_unit_test_teardown(
		    every_kind_of_value_may_stand_in_arrays_and_lists, give_back),
		cmocka_unit_test_teardown(a_record_may_contain_a_list_of_itself, give_back),
		cmocka_unit_test_teardown(depth_is_bounded_as_for_any_reader, give_back),
		cmocka_unit_test_teardown(
		    what_is_nested_too_deeply_for_a_reader_is_not_written, give_back),
		cmocka_unit_test_teardown(the_depth_of_json_within_counts_too, give_back),
		cmocka_unit_test_teardown(a_key_may_be_any_text, give_back),
		cmocka_unit_test_teardown(
		    what_may_be_absent_or_null_is_zero_or_its_default, give_back),
		cmocka_unit_test_teardown(what_is_absent_is_not_written, give_back),
		cmocka_unit_test_teardown(arrays_and_records_have_defaults_too, give_back),
		cmocka_unit_test_teardown(a_default_that_does_not_fit_is_named, give_back),
		cmocka_unit_test_teardown(a_default_that_needs_itself_ends, give_back),
		cmocka_unit_test_teardown(
		    keys_that_are_not_described_are_skipped_or_refused, give_back),
		cmocka_unit_test(a_text_without_escapes_is_not_copied),
		cmocka_unit_test_teardown(a_described_key_that_comes_twice_is_refused, give_back),
		cmocka_unit_test_teardown(commas_stand_between_values_and_nowhere_else, give_back),
		cmocka_unit_test_teardown(
		    a_key_is_another_one_where_any_byte_is_another, give_back),
		cmocka_unit_test_teardown(
		    a_described_key_is_not_taken_for_json_that_it_is_not, give_back),
		cmocka_unit_test_teardown(
		    a_nested_record_is_absent_when_all_its_fields_are, give_back),
		cmocka_unit_test_teardown(a_list_may_be_what_is_nested_too_deeply, give_back),
		cmocka_unit_test_teardown(the_end_of_a_path_that_is_too_long_is_kept, give_back),
		cmocka_unit_test_teardown(decoded_values_have_a_bound, give_back),
#ifdef LW_DEV
		cmocka_unit_test_teardown(
		    without_memory_an_error_says_so_and_nothing_is_lost, give_back),
		cmocka_unit_test_teardown(
		    a_value_is_written_whole_or_not_at_all_for_want_of_memory, give_back),
		cmocka_unit_test_teardown(the_end_of_a_text_needs_memory_too, give_back),
#endif
		cmocka_unit_test_teardown(
		    a_decoder_of_the_callers_own_decodes_what_is_json, give_back),
		cmocka_unit_test_teardown(tables_of_another_version_are_refused, give_back),
		cmocka_unit_test_teardown(what_is_missing_from_a_call_is_misuse, give_back),
		cmocka_unit_test_teardown(a_struct_is_only_written_when_all_of_it_fits, give_back),
		cmocka_unit_test_teardown(a_copy_points_to_nothing_of_the_original, give_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
