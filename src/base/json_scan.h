/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of the reader that are worth having inline, for json.c and for who reads values by their
 * type. Each begins at `at` and answers where it ended, or NULL after it has set the cursor's fault;
 * the cursor's own place is neither looked at nor moved, so that a compiler keeps `at` in a register.
 */
#ifndef LW_BASE_JSON_SCAN_H
#define LW_BASE_JSON_SCAN_H

#include "base/json.h"
#include "base/json_skip.h"

#define JSON_NO_BYTE    (-1)
#define JSON_DIGITS_MAX 19 /* so many always fit 64 bits */
#define JSON_DIGITS_FEW 8

__attribute__((cold)) const char *json_skip_space(const char *at, const char *end);
/* From a byte of a string that is not plain, or may not be. */
const char *json_scan_rest(struct json_cursor *c, const char *at, bool *escaped);

static inline const char *
json_scan_fault(struct json_cursor *c, const char *at, const char *what)
{
	(void)jread_fault(c, at, what);
	return NULL;
}

/* What is next; *at is moved there. Most writers leave no space. */
static inline int
json_scan_peek(const struct json_cursor *c, const char **at)
{
	if (*at < c->end && (unsigned char)**at > ' ')
		return (unsigned char)**at;
	*at = json_skip_space(*at, c->end);
	return *at < c->end ? (unsigned char)**at : JSON_NO_BYTE;
}

/* This byte, behind what space there is. */
static inline const char *
json_scan_byte(struct json_cursor *c, const char *at, char wanted, const char *fault)
{
	if (at < c->end && *at == wanted)
		return at + 1;
	if (json_scan_peek(c, &at) == wanted)
		return at + 1;
	return json_scan_fault(c, at, fault);
}

/* From behind the opening quote to the closing one. *escaped is set if there is an escape. */
static inline const char *
json_scan_string(struct json_cursor *c, const char *at, bool *escaped)
{
	uint64_t stops = json_near_stops(c->text, at, c->end);

	if (stops != 0) {
		at += json_mask_first(stops);
		if (*at == '"')
			return at;
	}
	return json_scan_rest(c, at, escaped);
}

/* --- Numbers ----------------------------------------------------------------------------------- */

struct json_number {
	uint64_t digits;  /* without the point; meaningless if not exact */
	int64_t exponent; /* the value is digits × 10^exponent */
	bool negative;
	bool whole; /* neither point nor exponent */
	bool exact;
};

/* From its first byte, which is there. */
const char *json_scan_number(struct json_cursor *c, const char *at, struct json_number *ret);
/* The digits of a number that has more than a few; eight at a time. */
const char *json_scan_long_digits(const char *at, const char *end, uint64_t *value);
/* What these digits are worth; false: more than 64 bits hold. */
bool json_whole_value(struct json_slice digits, uint64_t *ret_value);

static inline bool
json_is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

/* Behind the digits, which are added to *value; that is meaningless if they are too many. */
static inline const char *
json_scan_digits(const char *at, const char *end, uint64_t *value)
{
	const char *few = end - at > JSON_DIGITS_FEW ? at + JSON_DIGITS_FEW : end;
	uint64_t sum = *value;

	for (; at < few && json_is_digit(*at); at++)
		sum = sum * 10 + (unsigned)(*at - '0');
	*value = sum;
	return at < few || at == end ? at : json_scan_long_digits(at, end, value);
}

#endif
