/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's reader of envelopes, against the rules said a second time on a tree that jansson reads;
 * and the check of envelopes that come in parts.
 *
 * Input: u8 how, then the text.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/utf8.h"
#include "child/envelope.h"
#include "fuzz/fuzz.h"
#include "fuzz/text.h"
#include "wire/protocol.h"

#define HEAD 1

/* Of `how`: which kind the parts are, where the name ends, and whether there is no memory. */
#define KIND_MASK  3
#define NAME_SHIFT 2
#define NAME_MASK  31
#define NO_MEMORY  128

static const char *const kinds[] = { "stream", "payload", "diagnostic", "progress", "metadata" };
static const char *const inner_names[] = { "code", "message", "phase", "current", "total" };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool
is_text(const json_t *value, size_t least, size_t most)
{
	return json_is_string(value) && json_string_length(value) >= least &&
	       json_string_length(value) <= most;
}

/* A name is terminated for users, and so has no NUL in it. */
static bool
is_name(const json_t *value, size_t most)
{
	return is_text(value, 1, most) &&
	       strlen(json_string_value(value)) == json_string_length(value);
}

static bool
is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool
same(struct json_slice slice, const json_t *text)
{
	return slice.size == json_string_length(text) &&
	       memcmp(slice.at, json_string_value(text), slice.size) == 0;
}

static bool
same_value(struct json_slice raw, const json_t *value)
{
	json_t *read = json_loadb(raw.at, raw.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	bool equal = json_equal(read, value);

	json_decref(read);
	return equal;
}

/* ---- The rules, on a tree ------------------------------------------------------------------ */

static bool
is_row(const json_t *tree)
{
	return is_name(json_object_get(tree, "stream"), WIRE_STREAM_NAME_MAX) &&
	       json_object_get(tree, "payload") != NULL;
}

static bool
is_diagnostic(const json_t *tree)
{
	const json_t *inner = json_object_get(tree, "diagnostic");

	return is_name(json_object_get(inner, "code"), SIZE_MAX) &&
	       is_text(json_object_get(inner, "message"), 0, SIZE_MAX);
}

static bool
is_progress(const json_t *tree)
{
	const json_t *inner = json_object_get(tree, "progress");
	const json_t *total = json_object_get(inner, "total");

	return is_name(json_object_get(inner, "phase"), SIZE_MAX) &&
	       is_count(json_object_get(inner, "current")) &&
	       (total == NULL || json_is_null(total) || is_count(total));
}

/* Which kind it is, or -1. */
static int
kind_of(const json_t *tree)
{
	bool has_row = json_object_get(tree, "stream") || json_object_get(tree, "payload");
	bool has_diagnostic = json_object_get(tree, "diagnostic") != NULL;
	bool has_progress = json_object_get(tree, "progress") != NULL;
	bool has_metadata = json_object_get(tree, "metadata") != NULL;

	if (has_row + has_diagnostic + has_progress + has_metadata != 1)
		return -1;
	if (has_row)
		return is_row(tree) ? ENVELOPE_ROW : -1;
	if (has_diagnostic)
		return is_diagnostic(tree) ? ENVELOPE_DIAGNOSTIC : -1;
	if (has_progress)
		return is_progress(tree) ? ENVELOPE_PROGRESS : -1;
	return ENVELOPE_METADATA;
}

static void
check_parts(const struct envelope *e, const json_t *tree)
{
	const json_t *inner;

	switch (e->kind) {
	case ENVELOPE_ROW:
		FUZZ_MUST(same(e->name, json_object_get(tree, "stream")));
		FUZZ_MUST(same_value(e->text, json_object_get(tree, "payload")));
		break;
	case ENVELOPE_DIAGNOSTIC:
		inner = json_object_get(tree, "diagnostic");
		FUZZ_MUST(same(e->name, json_object_get(inner, "code")));
		FUZZ_MUST(same(e->text, json_object_get(inner, "message")));
		break;
	case ENVELOPE_PROGRESS:
		inner = json_object_get(tree, "progress");
		FUZZ_MUST(same(e->name, json_object_get(inner, "phase")));
		FUZZ_MUST(
		    e->current == (uint64_t)json_integer_value(json_object_get(inner, "current")));
		inner = json_object_get(inner, "total");
		FUZZ_MUST(e->total == (json_is_integer(inner) ? (uint64_t)json_integer_value(inner)
							      : WIRE_NO_TOTAL));
		break;
	case ENVELOPE_METADATA:
		FUZZ_MUST(same_value(e->text, json_object_get(tree, "metadata")));
		break;
	}
}

/* Where jansson reads less than we do (json.c says where), or knows no difference (-0), it is silent. */
static void
compare(const char *text, size_t size, const struct envelope *accepted, const char *fault)
{
	json_t *tree = json_loadb(
	    text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);

	if (tree != NULL && accepted != NULL) {
		FUZZ_MUST(json_is_object(tree) && kind_of(tree) == (int)accepted->kind);
		check_parts(accepted, tree);
	} else if (tree != NULL && json_is_object(tree)) {
		FUZZ_MUST(kind_of(tree) < 0 || strcmp(fault, "nested too deeply") == 0 ||
			  memmem(text, size, "-0", 2) != NULL || memchr(text, '\0', size) != NULL);
	}
	json_decref(tree);
}

/* ---- The text, and its parts ---------------------------------------------------------------- */

static void
check_accepted(const struct envelope *e)
{
	struct envelope_fault why = { 0 };
	bool nul = e->text.size > 0 && memchr(e->text.at, '\0', e->text.size) != NULL;

	if (e->kind == ENVELOPE_DIAGNOSTIC && nul)
		FUZZ_MUST(!envelope_check(e, UINT64_MAX, &why));
	else
		FUZZ_MUST(envelope_check(e, UINT64_MAX, &why));
}

/* No member that means something may be given twice: a tree would not show it. */
static void
check_once(struct json_cursor *c, const char *const *names, size_t count)
{
	struct json_slice key, raw;
	unsigned seen = 0;

	FUZZ_MUST(jread_object(c));
	while (jread_member(c, &key)) {
		for (size_t i = 0; i < count; i++)
			if (jread_key_is(key, names[i])) {
				FUZZ_MUST(!(seen & 1u << i));
				seen |= 1u << i;
			}
		if (names == kinds &&
		    (jread_key_is(key, "diagnostic") || jread_key_is(key, "progress")))
			check_once(c, inner_names, COUNT(inner_names));
		else
			FUZZ_MUST(jread_value(c, &raw));
	}
	FUZZ_MUST(c->fault == NULL);
}

static void
check_fault(const struct envelope_fault *why, size_t size)
{
	FUZZ_MUST(why->what != NULL && why->offset <= size);
	FUZZ_MUST(why->stream.size <= WIRE_STREAM_NAME_MAX);
	if (why->stream.size > 0)
		FUZZ_MUST(utf8_valid_prefix(why->stream.at, why->stream.size) == why->stream.size &&
			  memchr(why->stream.at, '\0', why->stream.size) == NULL);
}

static void
check_text(const char *text, size_t size)
{
	static struct envelope_scratch scratch; /* kept, as the child keeps it */
	struct json_cursor c;
	struct envelope envelope;
	struct envelope_fault why = { 0 };

	if (envelope_parse(text, size, &scratch, &envelope, &why)) {
		fuzz_note("envelopes", 1);
		c = jread_cursor(text, size);
		check_once(&c, kinds, COUNT(kinds));
		check_accepted(&envelope);
		compare(text, size, &envelope, NULL);
	} else {
		FUZZ_MUST(!why.no_memory);
		check_fault(&why, size);
		compare(text, size, NULL, why.what);
	}
}

/* Without memory an envelope may be refused, and then says so. */
static void
check_without_memory(const char *text, size_t size)
{
#ifdef LW_DEV
	struct envelope_scratch scratch = { 0 };
	struct envelope envelope;
	struct envelope_fault why = { 0 };
	bool failed, read;

	lw_fault_arm(1, false);
	read = envelope_parse(text, size, &scratch, &envelope, &why);
	(void)lw_fault_disarm(&failed);
	FUZZ_MUST(failed ? !read && why.no_memory : !why.no_memory);
	buffer_free(&scratch.name);
	buffer_free(&scratch.text);
#else
	(void)text, (void)size;
#endif
}

/* The same bytes as parts: those before the name's end are the name. */
static void
check_as_parts(uint8_t how, const char *text, size_t size)
{
	size_t name = how >> NAME_SHIFT & NAME_MASK, valid;
	uint64_t cap = size & 1 ? UINT64_MAX : 64;
	struct envelope_fault why = { 0 };
	struct envelope e;
	const char *fault;
	size_t offset;

	name = name < NAME_MASK ? name : size / 2;
	name = name < size ? name : size;
	e = (struct envelope){ .kind = (enum envelope_kind)(how & KIND_MASK),
		.name = { text, name },
		.text = { text + name, size - name } };
	if (!envelope_check(&e, cap, &why)) {
		check_fault(&why, size);
		return;
	}
	valid = utf8_valid_prefix(e.name.at, e.name.size);
	FUZZ_MUST(e.kind == ENVELOPE_METADATA || (name > 0 && valid == name));
	FUZZ_MUST(e.kind != ENVELOPE_ROW || name <= WIRE_STREAM_NAME_MAX);
	if (e.kind == ENVELOPE_ROW || e.kind == ENVELOPE_METADATA)
		FUZZ_MUST(
		    e.text.size > cap || jread_validate(e.text.at, e.text.size, &offset, &fault));
}

/* Past the door: an object whose first key is one of an envelope's. */
static bool
past_door(const char *text, size_t size)
{
	struct json_cursor c = jread_cursor(text, size);
	struct json_slice key;

	if (!jread_object(&c) || !jread_member(&c, &key))
		return false;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (jread_key_is(key, kinds[i]))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_feed in = fuzz_feed(data, size);
	uint8_t how = fuzz_byte(&in);
	const char *text = size > HEAD ? (const char *)in.at : "";
	size_t left = size > HEAD ? size - HEAD : 0;

	check_text(text, left);
	if (how & NO_MEMORY)
		check_without_memory(text, left);
	check_as_parts(how, text, left);
	fuzz_count(size, past_door(text, left));
	return 0;
}

/* Over what is there: the beginning of an envelope of some kind. */
static void
mend_door(uint8_t *text, size_t size, uint32_t *random)
{
	char start[32];
	int n = snprintf(start, sizeof start, "{\"%s\":", kinds[fuzz_below(random, COUNT(kinds))]);

	if ((size_t)n < size && !past_door((const char *)text, size))
		memcpy(text, start, (size_t)n);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static const char *const values[] = { "1", "0", "18446744073709551615",
		"18446744073709551616", "-0", "1.5", "null", "\"\"", "\"name\"", "{}", "[]",
		"\"a\\nb\"", "\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"",
		"{\"a\":[1,2]}", "{\"code\":\"c\",\"message\":\"m\"}",
		"{\"phase\":\"p\",\"current\":1,\"total\":2}", "{\"phase\":\"p\",\"current\":3}",
		"{\"current\":0,\"total\":null,\"phase\":\"\\u0070\"}" };
	static const char *const parts[] = { "\"stream\":\"s\",", "\"payload\":0,",
		"\"diagnostic\":{},", "\"code\":\"c\",", "\"message\":\"m\",", "\"progress\":{},",
		"\"phase\":\"p\",", "\"current\":1,", "\"total\":2,", "\"metadata\":{},",
		"\"other\":1,", "\\u0000", "\\u0061", "\\ud800", "\xff", "{", "}", "\"", ",", ":",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	static const struct text_words words = { values, COUNT(values), parts, COUNT(parts) };
	uint32_t random = seed;

	if (fuzz_below(&random, 16) == 0 && size > 0)
		data[0] = (uint8_t)fuzz_random(&random);
	size = text_mutate(
	    data, size, max_size, HEAD, sizeof "{\"progress\":" - 1, &words, &random);
	if (size > HEAD && fuzz_below(&random, 8) != 0)
		mend_door(data + HEAD, size - HEAD, &random);
	return size;
}
