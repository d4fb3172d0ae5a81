/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts decoded into a record that has a field of every kind, against the plain reader: what fits is
 * JSON, what is refused as malformed is none. What was decoded can be written, and what is read again
 * from that, or copied, is written the same.
 *
 * Input: u8 how much memory the values may take; the text.
 */
#include <string.h>

#include "base/json.h"
#include "fuzz/fuzz.h"
#include "fuzz/text.h"
#include "parent/record.h"
#include "support/rich.h"

#define HEAD 1
#define DOOR 16 /* bytes that must be read without a fault */

static void
check_fault(const struct record_fault *fault, const char *text, size_t size)
{
	const char *why = NULL;
	size_t offset = 0;
	bool valid = jread_validate(text, size, &offset, &why);

	FUZZ_MUST(!fault->no_memory && fault->malformed != valid);
	FUZZ_MUST(valid || (fault->offset == offset && strcmp(fault->expected, why) == 0));
	FUZZ_MUST(fault->offset <= size && fault->path[0] == '$');
	FUZZ_MUST(memchr(fault->path, '\0', sizeof fault->path) != NULL);
	FUZZ_MUST(fault->expected[0] != '\0' && (!valid || fault->found[0] != '\0'));
}

/* NaN and infinities cannot come out of JSON, nor can anything else that has none. */
static void
write_again(const struct rich *value, struct buffer *out)
{
	struct record_fault fault;
	const char *why;
	size_t offset;

	FUZZ_MUST(record_encode(rich_record(), value, out, &fault));
	FUZZ_MUST(jread_validate((const char *)buffer_front(out), buffer_size(out), &offset, &why));
}

static bool
same_bytes(const struct buffer *a, const struct buffer *b)
{
	return buffer_size(a) == buffer_size(b) &&
	       memcmp(buffer_front(a), buffer_front(b), buffer_size(a)) == 0;
}

static void
check_copy(const struct rich *value, const struct buffer *written, struct arena *arena)
{
	struct rich *copy = LW_COPY(rich, value);
	struct buffer again = BUFFER_EMPTY;

	arena_free(arena); /* the copy needs nothing of it */
	FUZZ_MUST(copy != NULL);
	write_again(copy, &again);
	FUZZ_MUST(same_bytes(written, &again));
	buffer_free(&again);
	lw_free(copy);
}

static void
check_accepted(const struct rich *value, const char *text, size_t size, struct arena *arena)
{
	struct buffer written = BUFFER_EMPTY, again = BUFFER_EMPTY;
	struct arena second = ARENA_OF(SIZE_MAX);
	struct record_fault fault;
	struct rich back;
	const char *why;
	size_t offset;

	FUZZ_MUST(jread_validate(text, size, &offset, &why));
	write_again(value, &written);
	FUZZ_MUST(record_decode(rich_record(), (const char *)buffer_front(&written),
	    buffer_size(&written), &second, &back, &fault));
	write_again(&back, &again);
	FUZZ_MUST(same_bytes(&written, &again));
	arena_free(&second);
	check_copy(value, &written, arena);
	buffer_free(&written);
	buffer_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_feed in = fuzz_feed(data, size);
	uint8_t memory = fuzz_byte(&in);
	struct arena arena = ARENA_OF(memory == 0 ? SIZE_MAX : (size_t)memory * 32);
	size_t text_size = (size_t)(in.end - in.at);
	const char *text = text_size ? (const char *)in.at : "";
	struct record_fault fault;
	struct rich value;
	bool taken;

	memset(&value, 0xa5, sizeof value);
	taken = record_decode(rich_record(), text, text_size, &arena, &value, &fault);
	if (taken)
		check_accepted(&value, text, text_size, &arena);
	else
		check_fault(&fault, text, text_size);
	arena_free(&arena);
	fuzz_count(size, taken || fault.offset >= DOOR);
	fuzz_note("taken", taken);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static const char *const values[] = { "{\"yes\":true}", "[]", "\"\"", "null", "true",
		"-129", "18446744073709551615", "-9223372036854775808", "-0.5e+10", "1e999",
		"5e-324", "[1,2,3,4]", "[0.1,0.2]", "[\"a\",\"\\u00e9\"]", "[true,false]",
		"[null,{}]", "\"red\"", "\"gr\\u0065en\"", "\"blue \\\"\\\\\\n\xc3\xa9\"",
		"\"1234567\"", "\"\\ud83d\\ude00\"", "\"a\\u0000b\"", "{\"name\":\"n\"}",
		"{\"name\":\"\\n\",\"weight\":0.1,\"parts\":[\"a\",\"b\",\"c\"]}",
		"[{\"yes\":false,\"children\":[{\"yes\":true}]}]" };
	static const char *const parts[] = { "{", "}", "[", "]", "\"", ":", ",", "\"yes\":true,",
		",\"i8\":127", ",\"i16\":-1", ",\"i32\":2", ",\"i64\":3", ",\"u8\":255",
		",\"u16\":1", ",\"u32\":2", ",\"u 64\":3", ",\"\\u0075 64\":3", ",\"ll\":4",
		",\"real\":0.1", ",\"string\":\"\\t\"", ",\"text\":\"x\"", ",\"word\":\"w\"",
		",\"raw\":[{}]", ",\"colour\":\"red\"", ",\"shade\":\"red\"",
		",\"leaf\":{\"name\":\"\"}", ",\"spare\":null", ",\"numbers\":[1]",
		",\"reals\":[1]", ",\"strings\":[\"a\"]", ",\"raws\":[0]", ",\"flags\":[true]",
		",\"leaves\":[{\"name\":\"\"}]", ",\"children\":[{\"yes\":true}]", "e9", ".5",
		"\\u0000", "\xff", " " };
	static const struct text_words words = { values, sizeof values / sizeof *values, parts,
		sizeof parts / sizeof *parts };
	uint32_t random = seed;

	return text_mutate(data, size, max_size, HEAD, DOOR, &words, &random);
}
