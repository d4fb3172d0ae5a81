/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fast ways through the text of a string, held against a reader that looks at one character after
 * the other: the same end, the same fault at the same byte, and nothing read outside of the text, which
 * lies between two pages that nobody may touch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TEXT_MAX     1024
#define LONGEST_STEP 12 /* a pair of \uXXXX */

/* --- Text between guards ----------------------------------------------------------------------- */

static char *page;
static size_t page_size;

static int
make_guards(void **state)
{
	char *pages;

	(void)state;
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, 3 * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(pages, MAP_FAILED);
	page = pages + page_size;
	return mprotect(page, page_size, PROT_READ | PROT_WRITE);
}

static int
drop_guards(void **state)
{
	(void)state;
	return munmap(page - page_size, 3 * page_size);
}

static char *
before_the_guard(const char *text, size_t size)
{
	return memcpy(page + page_size - size, text, size);
}

static char *
behind_the_guard(const char *text, size_t size)
{
	return memcpy(page, text, size);
}

/* --- The slow reader ---------------------------------------------------------------------------- */

static bool
is_hex(const char *at, const char *end)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	for (int i = 0; i < 4; i++, at++)
		if (at >= end || *at == '\0' || strchr(digits, *at) == NULL)
			return false;
	return true;
}

static unsigned long
hex(const char *at)
{
	char digits[5] = { at[0], at[1], at[2], at[3] };

	return strtoul(digits, NULL, 16);
}

static size_t
slow_unicode(const char *at, const char *end)
{
	unsigned long value;

	if (!is_hex(at + 2, end))
		return 0;
	value = hex(at + 2);
	if (value < 0xd800 || value > 0xdfff)
		return 6;
	if (value > 0xdbff || end - at < LONGEST_STEP || at[6] != '\\' || at[7] != 'u' ||
	    !is_hex(at + 8, end))
		return 0;
	value = hex(at + 8);
	return value >= 0xdc00 && value <= 0xdfff ? LONGEST_STEP : 0;
}

/* The size of the character or escape at `at`; 0 where there is none that a string may hold. */
static size_t
slow_step(const char *at, const char *end)
{
	if ((unsigned char)*at < 0x20)
		return 0;
	if (*at != '\\')
		return utf8_sequence(at, end);
	if (end - at < 2)
		return 0;
	if (at[1] == 'u')
		return slow_unicode(at, end);
	return at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) != NULL ? 2 : 0;
}

struct slow {
	const char *stop; /* the closing quote, the fault or the end */
	bool quote, escaped;
};

static struct slow
read_slowly(const char *at, const char *end)
{
	struct slow s = { 0 };
	size_t step;

	for (; at < end && *at != '"'; at += step) {
		step = slow_step(at, end);
		if (step == 0)
			break;
		s.escaped |= *at == '\\';
	}
	s.stop = at;
	s.quote = at < end && *at == '"';
	return s;
}

/* --- What must be true of a text ---------------------------------------------------------------- */

static bool
is_surrogate(const char *at)
{
	return at[0] == '\\' && at[1] == 'u' && (at[2] | 0x20) == 'd' && at[3] > '7';
}

/* Whether what begins within the next block is a reason not to go on. */
static bool
may_stop(const char *at, const char *end, const char *fault)
{
	const char *block = at + JSON_TEXT_BLOCK;

	if (end - at < JSON_TEXT_BLOCK || fault < block)
		return true;
	for (; at < block; at += slow_step(at, end))
		if (is_surrogate(at))
			return true;
	return false;
}

static void
check_skip(const char *text, const char *end)
{
	struct slow slow = read_slowly(text, end);
	bool escaped = false, passed = false;
	const char *stop = json_skip_text(text, end, &escaped), *at = text;

	assert_true(stop >= text && stop <= slow.stop);
	for (; at < stop; at += slow_step(at, end))
		passed |= *at == '\\';
	assert_ptr_equal(at, stop);
	assert_true(escaped == passed || (escaped && stop < end && *stop == '\\'));
	if (strcmp(json_text_way(), "none") == 0)
		assert_ptr_equal(stop, text);
	else if (stop < slow.stop || !slow.quote)
		assert_true(may_stop(stop, end, slow.quote ? end : slow.stop));
}

/* The first byte is the opening quote. */
static void
check_string(const char *text, size_t size)
{
	struct json_cursor c = jread_cursor(text, size);
	struct slow slow = read_slowly(text + 1, text + size);
	struct json_slice raw;
	bool escaped, read = jread_string(&c, &raw, &escaped);

	assert_int_equal(read, slow.quote);
	if (!read) {
		assert_int_equal(c.fault_offset, slow.stop - text);
		return;
	}
	assert_ptr_equal(raw.at, text + 1);
	assert_ptr_equal(raw.at + raw.size, slow.stop);
	assert_ptr_equal(c.at, slow.stop + 1);
	assert_int_equal(escaped, slow.escaped);
}

static void
check(const char *body, size_t size)
{
	char text[TEXT_MAX + 2], *at;

	assert_true(size <= TEXT_MAX);
	text[0] = '"';
	memcpy(text + 1, body, size);
	text[1 + size] = '"';
	for (size_t closed = 0; closed <= 1; closed++) {
		at = before_the_guard(text, 1 + size + closed);
		check_skip(at + 1, at + 1 + size + closed);
		check_string(at, 1 + size + closed);
		at = behind_the_guard(text, 1 + size + closed);
		check_string(at, 1 + size + closed);
	}
}

/* --- The texts ----------------------------------------------------------------------------------- */

struct piece {
	const char *at;
	size_t size;
};

/* clang-format off */
#define T(literal) { literal, sizeof literal - 1 }

static const struct piece right[] = {
	T("a"), T(" "), T("\x7f"), T("\xc2\x80"), T("\xdf\xbf"), T("\xe0\xa0\x80"), T("\xe2\x86\x92"),
	T("\xed\x9f\xbf"), T("\xee\x80\x80"), T("\xef\xbf\xbf"), T("\xf0\x90\x80\x80"),
	T("\xf0\x9d\x94\xb8"), T("\xf3\xbf\xbf\xbf"), T("\xf4\x8f\xbf\xbf"), T("\\\""), T("\\\\"), T("\\/"),
	T("\\b"), T("\\f"), T("\\n"), T("\\r"), T("\\t"), T("\\u0000"), T("\\u09af"), T("\\uAFaf"),
	T("\\ud7ff"), T("\\ue000"), T("\\uD834\\uDD1E"), T("\\udbff\\uDFFF"), T("\\\\\\\\\\\\"),
	T("\\\\\\u00e9"), T("u"), T("ud"), T("\\\\ud800"), T("\xc3\xa9\xce\xbb\xe2\x88\x80"),
};

static const struct piece wrong[] = {
	T("\n"), T("\x1f"), T("\0"), T("\x80"), T("\xbf"), T("\xc0\x80"), T("\xc1\xbf"), T("\xc2"),
	T("\xc2\xc2\x80"), T("\xc3\xa9\xa9"), T("\xe0\x80\x80"), T("\xe0\x9f\xbf"), T("\xe1\x80"), T("\xe1"),
	T("\xed\xa0\x80"), T("\xed\xbf\xbf"), T("\xe2\x86\x92\x80"), T("\xf0\x80\x80\x80"),
	T("\xf0\x8f\xbf\xbf"), T("\xf0\x90\x80"), T("\xf4\x90\x80\x80"), T("\xf5\x80\x80\x80"),
	T("\xf8\x88\x80\x80\x80"), T("\xff"), T("\xfe"), T("\xf0\x9d\x94\xb8\x80"), T("\\a"), T("\\u"),
	T("\\u1"), T("\\u12"), T("\\u123"), T("\\u123g"), T("\\uG123"), T("\\u12\\n"), T("\\U0041"),
	T("\\ud800"), T("\\ud800x"), T("\\udc00"), T("\\udfff\\ud800"), T("\\ud834\\ud834"), T("\\x41"),
	T("\\\x80"), T("\\\xc3\xa9"), T("\\0"), T("\\\n"), T("\\\\\\"),
};
/* clang-format on */

static const char *const grounds[] = { "a", "\xc3\xa9", "\xe2\x86\x92", "\xf0\x9d\x94\xb8", "\\n",
	"\\\\", "\\u00e9" };

/* The piece begins `before` bytes of whole ground characters after the first byte. */
static void
check_on_ground(const struct piece *piece, const char *ground, size_t count, size_t shift)
{
	size_t step = strlen(ground), size = shift;
	char text[TEXT_MAX];

	memset(text, 'b', shift);
	for (size_t i = 0; i < count; i++, size += step)
		memcpy(text + size, ground, step);
	memcpy(text + size, piece->at, piece->size);
	size += piece->size;
	check(text, size);
	for (size_t i = 0; i < 24; i++, size += step)
		memcpy(text + size, ground, step);
	memset(text + size, 'c', 64);
	check(text, size + 64);
}

static void
check_everywhere(const struct piece *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t ground = 0; ground < COUNT(grounds); ground++) {
			size_t step = strlen(grounds[ground]);

			for (size_t at = 0; at < 136; at++)
				if (at % 32 < 2 || at % 64 > 51)
					check_on_ground(
					    &pieces[i], grounds[ground], at / step, at % step);
		}
}

static void
what_is_right_is_right_wherever_it_stands(void **state)
{
	(void)state;
	check_everywhere(right, COUNT(right));
}

static void
what_is_wrong_is_found_at_its_byte_wherever_it_stands(void **state)
{
	(void)state;
	check_everywhere(wrong, COUNT(wrong));
}

/* Around the end of a vector of 16 or 32 bytes, and of a block. */
static void
any_two_bytes_in_a_row_are_judged_alike(void **state)
{
	static const size_t places[] = { 14, 15, 30, 31, 61, 62, 63 };
	char text[80], pair[2];

	(void)state;
	for (int first = 0; first < 256; first++)
		for (int second = 0; second < 256; second++)
			for (size_t i = 0; i < COUNT(places); i++) {
				if ((first * 7 + second) % (int)COUNT(places) != (int)i)
					continue;
				pair[0] = (char)first;
				pair[1] = (char)second;
				memset(text, 'a', sizeof text);
				memcpy(text + places[i], pair, sizeof pair);
				check(text, sizeof text);
			}
}

static void
any_third_and_fourth_byte_is_judged_alike(void **state)
{
	static const unsigned char leads[][2] = { { 0xe0, 0xa0 }, { 0xe0, 0x9f }, { 0xe1, 0x80 },
		{ 0xed, 0x9f }, { 0xed, 0xa0 }, { 0xf0, 0x90 }, { 0xf0, 0x8f }, { 0xf1, 0x80 },
		{ 0xf4, 0x8f }, { 0xf4, 0x90 }, { 0xf5, 0x80 } };
	static const char fourths[] = { '\x7f', '\x80', '\xbf', '\xc0' };
	char text[140];

	(void)state;
	for (size_t i = 0; i < COUNT(leads); i++)
		for (int third = 0; third < 256; third++)
			for (size_t k = 0; k < COUNT(fourths); k++) {
				size_t at = 60 + ((size_t)third + k) % 5;

				memset(text, 'a', sizeof text);
				memcpy(text + at, leads[i], 2);
				text[at + 2] = (char)third;
				text[at + 3] = fourths[k];
				check(text, sizeof text);
			}
}

/* --- At random ------------------------------------------------------------------------------------ */

static uint64_t random_state = 1;

static size_t
draw(size_t below)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (size_t)((z ^ z >> 31) >> 33) % below;
}

static size_t
make_text(char *text, size_t most, size_t wrong_in)
{
	const struct piece *piece;
	size_t size = 0;

	for (;;) {
		piece = &right[draw(3) == 0 ? draw(COUNT(right)) : 0];
		if (wrong_in != 0 && draw(wrong_in) == 0)
			piece = &wrong[draw(COUNT(wrong))];
		if (size + piece->size > most)
			return size;
		memcpy(text + size, piece->at, piece->size);
		size += piece->size;
	}
}

static void
texts_at_random_are_read_alike(void **state)
{
	char text[TEXT_MAX];

	(void)state;
	for (int i = 0; i < 3000; i++)
		check(text, make_text(text, draw(500), i % 3 == 0 ? 0 : 60));
}

static void
bytes_at_random_are_read_alike(void **state)
{
	char text[256];
	size_t size;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		size = draw(sizeof text);
		for (size_t k = 0; k < size; k++)
			text[k] = (char)(draw(4) == 0 ? draw(256) : 0x20 + draw(0x5f));
		check(text, size);
	}
}

static void
decoding_takes_the_escapes_out_and_stays_in_its_place(void **state)
{
	char text[TEXT_MAX], wanted[TEXT_MAX];
	struct json_slice raw;
	size_t size;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		raw = (struct json_slice){ text, make_text(text, draw(300), 0) };
		size = 0;
		for (const char *at = text, *end = text + raw.size; at < end;) {
			size_t step = slow_step(at, end);

			size += jread_decode_to((struct json_slice){ at, step }, wanted + size);
			at += step;
		}
		raw.at = behind_the_guard(text, raw.size);
		assert_int_equal(jread_decode_to(raw, page + page_size - raw.size), size);
		assert_memory_equal(page + page_size - raw.size, wanted, size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_right_wherever_it_stands),
		cmocka_unit_test(what_is_wrong_is_found_at_its_byte_wherever_it_stands),
		cmocka_unit_test(any_two_bytes_in_a_row_are_judged_alike),
		cmocka_unit_test(any_third_and_fourth_byte_is_judged_alike),
		cmocka_unit_test(texts_at_random_are_read_alike),
		cmocka_unit_test(bytes_at_random_are_read_alike),
		cmocka_unit_test(decoding_takes_the_escapes_out_and_stays_in_its_place),
	};

	printf("# strings are read by: %s\n", json_text_way());
	return cmocka_run_group_tests(tests, make_guards, drop_guards);
}
