/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON (RFC 8259) in place: no tree, no allocation, no locale. For the hot path; what is
 * not hot uses jansson in the parent.
 *
 * A cursor walks one text. Every read moves it behind what was read; the first fault sticks with
 * its offset, and every later read answers false. Depth is bounded by JSON_DEPTH_MAX. Strings must
 * be well-formed UTF-8, escapes included: a lone surrogate is a fault.
 */
#ifndef LW_BASE_JSON_H
#define LW_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

#define JSON_DEPTH_MAX 512
#define JSON_TOO_DEEP  "nested too deeply"

struct json_slice {
	const char *at; /* not terminated */
	size_t size;
};

struct json_cursor {
	const char *text; /* the whole input: offsets count from here */
	const char *at, *end;
	const char *fault; /* NULL, or what was wrong, for people: "expected a value" */
	size_t fault_offset;
	unsigned depth;   /* levels around what is read next, which jread_enter counted */
	bool key_escaped; /* the key that jread_member read last has an escape */
};

struct json_cursor jread_cursor(const char *text, size_t size);
bool jread_at_end(struct json_cursor *c); /* only white space is left; else a fault */
bool jread_fault(struct json_cursor *c, const char *at, const char *what); /* sets it; false */

/* One value of any kind, checked whole; *ret_raw is its text without surrounding space. */
bool jread_value(struct json_cursor *c, struct json_slice *ret_raw);

/*
 * A string. *ret_raw is what stands between the quotes; *ret_escaped says whether it holds an
 * escape and so must be decoded before use.
 */
bool jread_string(struct json_cursor *c, struct json_slice *ret_raw, bool *ret_escaped);
/* The decoded text of a string that jread_string accepted: at most its raw size; answers how much. */
size_t jread_decode_to(struct json_slice raw, char *place);
/* Appends it; false only without memory. */
bool jread_decode(struct json_slice raw, struct buffer *out);

/* A number that is a whole, non-negative one without fraction or exponent and fits. */
bool jread_u64(struct json_cursor *c, uint64_t *ret_value);

/*
 * Objects: if (jread_object(&c)) while (jread_member(&c, &key)) { read the value }.
 * jread_member answers false at the closing brace and on a fault. Keys are raw; jread_key_is compares
 * with escapes decoded.
 */
bool jread_object(struct json_cursor *c);
bool jread_member(struct json_cursor *c, struct json_slice *ret_key);
bool jread_key_is(struct json_slice raw, const char *name);

/* Arrays: if (jread_array(&c)) while (jread_element(&c)) { read the value }. */
bool jread_array(struct json_cursor *c);
bool jread_element(struct json_cursor *c);

/*
 * Around the reading of an object or array whose values are read by one of the same kind: without
 * this only jread_value bounds the depth. The first is a fault beyond JSON_DEPTH_MAX.
 */
static inline bool
jread_enter(struct json_cursor *c)
{
	if (c->depth >= JSON_DEPTH_MAX)
		return jread_fault(c, c->at, JSON_TOO_DEEP);
	c->depth++;
	return true;
}

static inline void
jread_leave(struct json_cursor *c)
{
	c->depth--;
}

/* The first byte of the next value, or -1 at the end of the text. */
int jread_peek(struct json_cursor *c);

/* Exactly one value and nothing but white space around it. */
bool jread_validate(const char *text, size_t size, size_t *ret_offset, const char **ret_fault);

/* Appends text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
bool jread_put_string(struct buffer *out, const char *text, size_t size);

#endif
