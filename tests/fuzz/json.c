/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON reader, and UTF-8, against jansson and against second ways to say the same.
 *
 * Input: the text. Where the two may differ:
 *
 * - ours refuses more than JSON_DEPTH_MAX levels, jansson more than 2048;
 * - jansson refuses numbers that its types do not hold, and U+0000 in keys: ours only checks numbers,
 *   and leaves keys as they stand;
 * - jansson passes over a NUL behind a number or a word, where ours refuses it;
 * - of a key given twice jansson keeps the last value, ours shows both.
 *
 * docs/testing.md says the same.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/json_skip.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/text.h"

#define DOOR 16 /* bytes that must be read without a fault: as many as a frame's header has */

static bool
jansson_may_refuse(const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
}

/* ---- One text ------------------------------------------------------------------------------ */

static void
check_string(struct json_slice raw, const char *wanted, size_t size)
{
	struct buffer decoded = BUFFER_EMPTY;

	FUZZ_MUST(jread_decode(raw, &decoded));
	FUZZ_MUST(buffer_size(&decoded) == size && size <= raw.size);
	FUZZ_MUST(size == 0 || memcmp(buffer_front(&decoded), wanted, size) == 0);
	FUZZ_MUST(utf8_valid_prefix(wanted, size) == size);
	FUZZ_MUST(buffer_append(&decoded, "", 1));
	FUZZ_MUST(jread_key_is(raw, (const char *)buffer_front(&decoded)) ==
		  (memchr(wanted, '\0', size) == NULL));
	FUZZ_MUST(!jread_key_is(raw, "no text that a fuzzer would find"));
	buffer_free(&decoded);
}

static void compare_value(struct json_cursor *c, const json_t *wanted);

static void
compare_member(struct json_cursor *c, struct json_slice key, const json_t *wanted)
{
	struct buffer name = BUFFER_EMPTY;
	json_t *value;

	FUZZ_MUST(jread_decode(key, &name) && buffer_append(&name, "", 1));
	value = json_object_get(wanted, (const char *)buffer_front(&name));
	FUZZ_MUST(value != NULL);
	FUZZ_MUST(jread_key_is(key, (const char *)buffer_front(&name)));
	buffer_free(&name);
	compare_value(c, value);
}

static void
compare_object(struct json_cursor *c, const json_t *wanted)
{
	struct json_slice key;
	size_t count = 0;

	FUZZ_MUST(jread_object(c));
	for (; jread_member(c, &key); count++)
		compare_member(c, key, wanted);
	FUZZ_MUST(c->fault == NULL && count == json_object_size(wanted));
}

static void
compare_whole_number(struct json_cursor *c, const json_t *wanted)
{
	struct json_cursor before = *c;
	struct json_slice raw;
	uint64_t value;

	FUZZ_MUST(jread_value(c, &raw));
	if (jread_u64(&before, &value)) {
		FUZZ_MUST(json_is_integer(wanted) && before.at == c->at);
		FUZZ_MUST(json_integer_value(wanted) >= 0);
		FUZZ_MUST((uint64_t)json_integer_value(wanted) == value);
	} else {
		FUZZ_MUST(!json_is_integer(wanted) || raw.at[0] == '-');
	}
}

/* Reads a value in the way that fits what jansson says it is. */
static void
compare_value(struct json_cursor *c, const json_t *wanted)
{
	struct json_slice raw;
	bool escaped;

	switch (json_typeof(wanted)) {
	case JSON_OBJECT:
		compare_object(c, wanted);
		break;
	case JSON_STRING:
		FUZZ_MUST(jread_string(c, &raw, &escaped));
		FUZZ_MUST(escaped == (memchr(raw.at, '\\', raw.size) != NULL));
		check_string(raw, json_string_value(wanted), json_string_length(wanted));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		compare_whole_number(c, wanted);
		break;
	default:
		FUZZ_MUST(jread_value(c, &raw));
	}
}

static void
check_accepted(const char *text, size_t size)
{
	struct json_cursor c = jread_cursor(text, size);
	json_error_t error;
	json_t *tree = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

	FUZZ_MUST(tree != NULL || jansson_may_refuse(&error));
	json_decref(tree);
	tree = json_loadb(
	    text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	if (tree == NULL)
		return;
	compare_value(&c, tree);
	FUZZ_MUST(jread_at_end(&c));
	json_decref(tree);
}

static void
check_refused(const char *text, size_t size, size_t offset, const char *fault)
{
	json_t *tree = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	FUZZ_MUST(tree == NULL || strcmp(fault, "nested too deeply") == 0 ||
		  memchr(text, '\0', size) != NULL);
	json_decref(tree);
	FUZZ_MUST(offset <= size && fault[0] != '\0');
}

/* Every reader on any text: none reads on behind a fault, and none moves it. */
static void
check_sticking(const char *text, size_t size)
{
	struct json_cursor c = jread_cursor(text, size);
	struct json_slice raw;
	uint64_t value;
	bool escaped;
	const char *fault;
	size_t offset;

	while (jread_value(&c, &raw))
		FUZZ_MUST(raw.size > 0);
	fault = c.fault;
	offset = c.fault_offset;
	FUZZ_MUST(fault != NULL && offset <= size);
	FUZZ_MUST(!jread_value(&c, &raw) && !jread_string(&c, &raw, &escaped));
	FUZZ_MUST(!jread_u64(&c, &value) && !jread_object(&c) && !jread_member(&c, &raw));
	FUZZ_MUST(!jread_at_end(&c) && !jread_fault(&c, text, "another"));
	FUZZ_MUST(c.fault == fault && c.fault_offset == offset);
}

/* Against libc, in which every number of 64 bits fits. */
static void
check_u64(const char *text, size_t size, uint64_t value)
{
	char *digits = strndup(text, size);

	FUZZ_MUST(digits != NULL);
	errno = 0;
	FUZZ_MUST(strtoull(digits, NULL, 10) == value && errno == 0);
	free(digits);
}

/* What a reader of one kind takes, the reader of all kinds takes too. */
static void
check_kinds(const char *text, size_t size, bool valid)
{
	struct json_cursor c = jread_cursor(text, size);
	struct json_slice raw;
	uint64_t value;
	bool escaped;

	if (jread_string(&c, &raw, &escaped))
		FUZZ_MUST(jread_at_end(&c) == valid);
	c = jread_cursor(text, size);
	if (jread_u64(&c, &value)) {
		check_u64(text, (size_t)(c.at - text), value);
		FUZZ_MUST(jread_at_end(&c) == valid);
	}
	c = jread_cursor(text, size);
	if (jread_object(&c))
		while (jread_member(&c, &raw) && jread_value(&c, &raw))
			;
	if (c.fault == NULL)
		FUZZ_MUST(jread_at_end(&c) == valid);
	else
		FUZZ_MUST(!valid || strcmp(c.fault, "expected an object") == 0);
}

/* ---- Writing, and the parts below ---------------------------------------------------------- */

static void
check_written(const char *text, size_t size)
{
	struct buffer written = BUFFER_EMPTY;
	struct json_cursor c;
	struct json_slice raw;
	size_t offset;
	const char *fault;
	bool escaped;

	FUZZ_MUST(jread_put_string(&written, text, size));
	FUZZ_MUST(jread_validate(
	    (const char *)buffer_front(&written), buffer_size(&written), &offset, &fault));
	c = jread_cursor((const char *)buffer_front(&written), buffer_size(&written));
	FUZZ_MUST(jread_string(&c, &raw, &escaped) && jread_at_end(&c));
	if (utf8_valid_prefix(text, size) == size)
		check_string(raw, text, size);
	buffer_free(&written);
}

/* Without memory nothing is written, and what was there before stays. */
static void
check_written_without_memory(const char *text, size_t size)
{
#ifdef LW_DEV
	struct buffer written = BUFFER_EMPTY;
	size_t before, spare = size % 3 == 1 ? 1 : size + 1;
	bool failed, wrote;

	if (size % 3 != 0) { /* so full that what follows the first quote, or the last one, fails */
		FUZZ_MUST(buffer_reserve(&written, 1) != NULL);
		written.end = spare < written.room ? written.room - spare : 0;
	}
	before = buffer_size(&written);
	lw_fault_arm(1, false);
	wrote = jread_put_string(&written, text, size);
	(void)lw_fault_disarm(&failed);
	FUZZ_MUST(wrote == !failed && (wrote || buffer_size(&written) == before));
	buffer_free(&written);
#else
	(void)text, (void)size;
#endif
}

/* What a sequence at the start of these bytes would be; 0 for none. Counts bits, has no tables. */
static size_t
plain_sequence(const unsigned char *at, size_t left)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = at[0] < 0x80 ? 1 : (size_t)__builtin_clz(~((unsigned)at[0] << 24));
	uint32_t value = size == 1 ? at[0] : at[0] & 0x7fu >> size;

	if (at[0] >= 0x80 && (size < 2 || size > 4 || size > left))
		return 0;
	for (size_t i = 1; i < size; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	return value < lowest[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)
		   ? 0
		   : size;
}

static void
check_utf8(const char *text, size_t size)
{
	size_t valid = 0, step;
	char again[UTF8_MAX];

	while (valid < size &&
	       (step = plain_sequence((const unsigned char *)text + valid, size - valid)) > 0) {
		FUZZ_MUST(utf8_sequence(text + valid, text + size) == step);
		FUZZ_MUST(utf8_encode(utf8_code_point(text + valid, step), again) == step);
		FUZZ_MUST(memcmp(again, text + valid, step) == 0);
		valid += step;
	}
	FUZZ_MUST(utf8_valid_prefix(text, size) == valid);
	FUZZ_MUST(utf8_sequence(text + valid, text + size) == 0);
}

static void
check_skips(const char *text, size_t size)
{
	const char *end = text + size, *plain = json_skip_bytes(text, end), *stop;
	struct buffer string = BUFFER_EMPTY;
	bool escaped = false;
	json_t *read;

	FUZZ_MUST(json_skip_plain(text, end) == plain);
	stop = json_skip_text(text, end, &escaped);
	FUZZ_MUST(stop >= text && stop <= end);
	FUZZ_MUST(escaped == (memchr(text, '\\', (size_t)(stop - text)) != NULL) ||
		  (escaped && stop < end && *stop == '\\'));
	FUZZ_MUST(buffer_append(&string, "\"", 1));
	FUZZ_MUST(buffer_append(&string, text, (size_t)(stop - text)));
	FUZZ_MUST(buffer_append(&string, "\"", 1));
	read = json_loadb((const char *)buffer_front(&string), buffer_size(&string),
	    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	FUZZ_MUST(read != NULL);
	json_decref(read);
	buffer_free(&string);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "", *fault = NULL;
	size_t offset = 0;
	bool valid = jread_validate(text, size, &offset, &fault);

	if (valid)
		check_accepted(text, size);
	else
		check_refused(text, size, offset, fault);
	check_sticking(text, size);
	check_kinds(text, size, valid);
	check_written(text, size);
	check_written_without_memory(text, size);
	check_utf8(text, size);
	check_skips(text, size);
	fuzz_count(size, valid || offset >= DOOR);
	fuzz_note("valid", valid);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static const char *const values[] = { "{}", "[]", "\"\"", "null", "true", "false", "0",
		"18446744073709551615", "18446744073709551616", "-0.5e+10", "1e999", "[1,[2,{}]]",
		"{\"a\":1,\"b\":[]}", "\"\\ud83d\\ude00\"", "\"\\u0000\\n\\\\\\\"\\/\"",
		"\"\xf0\x9f\x98\x80 and \xc3\xa9\"", "{\"\\u0061\":{\"b\":{}}}",
		"\"a text that is longer than one block of the fast path\"", "[ 1 , 2 ]" };
	static const char *const parts[] = { "{", "}", "[", "]", "\"", ":", ",", "true", "-", ".",
		"e", "E+", "0", "\\u", "\\ud800", "\\udc00", "\\x", "\xed\xa0\x80", "\xc2", "\xff",
		"\x1f", "[[[[[[[[", "]]]]]]]]", ",\"a\":1", " ", "\t\r\n" };
	static const struct text_words words = { values, sizeof values / sizeof *values, parts,
		sizeof parts / sizeof *parts };
	uint32_t random = seed;

	return text_mutate(data, size, max_size, 0, DOOR, &words, &random);
}
