/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON into structs that leanworker/record.h describes, and writing it from them: an
 * interpreter of field tables, without a tree in between.
 */
#ifndef LW_PARENT_RECORD_H
#define LW_PARENT_RECORD_H

#include <stdbool.h>

#include "base/buffer.h"
#include "leanworker/leanworker.h"
#include "parent/arena.h"

/* Why a text does not fit a record, or a value is none. */
struct record_fault {
	bool no_memory; /* nothing else is said */
	bool malformed; /* not JSON at all: `expected` is what the reader said */
	bool path_cut;
	char path[256]; /* "$.items[3].name"; "": it is not about the value */
	char expected[192];
	char found[96]; /* "": see malformed */
	size_t offset;  /* in the text */
};

/* Bytes that one decoded value may take beside its text, unless the caller says more or less. */
#define RECORD_DECODED_MAX ((size_t)256 << 20)

/* Whether this library knows the tables of these records; MISUSE says which it does not. */
lw_code record_check(lw_record_fn *record, struct lw_error *ret_error);
bool record_is_known(const struct lw_record *record);

/*
 * Reads one JSON text. What *ret_value points to is in the text and in the arena. After false
 * *ret_value holds anything.
 */
bool record_decode(const struct lw_record *record, const char *json, size_t size,
    struct arena *arena, void *ret_value, struct record_fault *ret_fault);

/* Appends the JSON of a value; after false the buffer holds anything. */
bool record_encode(const struct lw_record *record, const void *value, struct buffer *out,
    struct record_fault *ret_fault);

/* One block for sys_free: the struct, and behind it all that it points to; NULL without memory. */
void *record_copy(const struct lw_record *record, const void *value);

/* Sets the error of a fault: "…: $.a[3]: expected …, found …, at byte 7". */
lw_code record_error(
    struct lw_error *error, lw_verdict verdict, const char *what, const struct record_fault *fault);

/* For both directions: prepends a step to the path, from the inside out. */
void record_path_key(struct record_fault *fault, const char *key, size_t size);
void record_path_index(struct record_fault *fault, size_t index);

/* A field's key, and one of its modifiers or NULL. */
static inline const struct lw_modifier_ *
record_modifier(const struct lw_field *field, enum lw_modifiers_ what)
{
	for (int i = 0; i < 2 && field->modifiers[i].what != LW_MODIFIER_NONE_; i++)
		if (field->modifiers[i].what == (uint32_t)what)
			return &field->modifiers[i];
	return NULL;
}

static inline struct lw_str
record_key(const struct lw_field *field)
{
	const struct lw_modifier_ *key = record_modifier(field, LW_MODIFIER_KEY_);

	if (key != NULL)
		return (struct lw_str){ key->text, key->number };
	return (struct lw_str){ field->member, field->member_size };
}

#endif
