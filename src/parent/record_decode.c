/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/utf8.h"
#include "parent/record.h"

#define FOUND_MAX   40
#define LIST_FIRST  8
#define EXACT_WHOLE (UINT64_C(1) << 53) /* up to here each whole number is a double */
#define EXACT_POWER 22                  /* and up to here each power of ten */
#define NUMBER_ROOM 128

struct decode {
	struct json_cursor c;
	struct arena *arena;
	struct record_fault *fault;
};

/* ---- Faults ---------------------------------------------------------------------------------- */

/* The reader met something that is not JSON. */
static bool
malformed(struct decode *d, const struct json_cursor *c)
{
	d->fault->malformed = true;
	d->fault->offset = c->fault_offset;
	(void)snprintf(d->fault->expected, sizeof d->fault->expected, "%s", c->fault);
	return false;
}

__attribute__((format(printf, 3, 4))) static bool
fault_at(struct decode *d, const char *at, const char *expected, ...)
{
	struct record_fault *f = d->fault;
	va_list arguments;

	va_start(arguments, expected);
	(void)vsnprintf(f->expected, sizeof f->expected, expected, arguments);
	va_end(arguments);
	f->offset = (size_t)(at - d->c.text);
	return false;
}

static bool
no_memory(struct decode *d)
{
	d->fault->no_memory = !d->arena->full;
	(void)snprintf(d->fault->found, sizeof d->fault->found, "more");
	return fault_at(d, d->c.at, "at most %zu bytes of decoded values", d->arena->limit);
}

/* A short text of a value: its beginning, cut between characters. */
static void
describe(struct json_slice raw, char *ret, size_t room)
{
	size_t size = raw.size < FOUND_MAX ? raw.size : FOUND_MAX;

	if (*raw.at == '{' || *raw.at == '[') {
		(void)snprintf(ret, room, "%s", *raw.at == '{' ? "an object" : "an array");
		return;
	}
	size = utf8_valid_prefix(raw.at, size);
	(void)snprintf(ret, room, "%.*s%s", (int)size, raw.at, size < raw.size ? " and so on" : "");
}

/* The value at `at` is JSON and not what was wanted; or it is no JSON. */
static bool
mismatch(struct decode *d, const char *at)
{
	struct json_cursor c = d->c;
	struct json_slice raw;

	c.at = at;
	c.fault = NULL;
	if (!jread_value(&c, &raw))
		return malformed(d, &c);
	describe(raw, d->fault->found, sizeof d->fault->found);
	return false;
}

#define MISMATCH(d, at, ...) (fault_at(d, at, __VA_ARGS__), mismatch(d, at))

/* Where the next value begins. */
static inline const char *
value_start(struct decode *d)
{
	(void)json_scan_peek(&d->c, &d->c.at);
	return d->c.at;
}

static inline bool
next_is(const struct decode *d, char wanted)
{
	return d->c.at < d->c.end && *d->c.at == wanted;
}

static bool
take_value(struct decode *d, struct json_slice *ret_raw)
{
	return jread_value(&d->c, ret_raw) || malformed(d, &d->c);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static inline uint64_t
greatest(const struct lw_field *f)
{
	unsigned bits = f->size * 8 - (f->kind == LW_KIND_INT_);

	return UINT64_MAX >> (64 - bits);
}

static inline bool
is_in_range(const struct lw_field *f, bool negative, uint64_t digits)
{
	if (!negative)
		return digits <= greatest(f);
	return digits <= (f->kind == LW_KIND_INT_ ? greatest(f) + 1 : 0);
}

static void
store_integer(void *out, size_t size, uint64_t value)
{
	const uint8_t byte = (uint8_t)value;
	const uint16_t half = (uint16_t)value;
	const uint32_t word = (uint32_t)value;

	if (size == sizeof byte)
		memcpy(out, &byte, size);
	else if (size == sizeof half)
		memcpy(out, &half, size);
	else if (size == sizeof word)
		memcpy(out, &word, size);
	else
		memcpy(out, &value, size);
}

static bool
refuse_integer(struct decode *d, const struct lw_field *f, const char *at)
{
	unsigned long long most = greatest(f);

	return f->kind == LW_KIND_INT_
		   ? MISMATCH(d, at, "a whole number from -%llu to %llu", most + 1, most)
		   : MISMATCH(d, at, "a whole number from 0 to %llu", most);
}

/* The rare kinds: they have a fraction, an exponent or many digits, or are no numbers at all. */
static bool
take_other_whole(struct decode *d, const char *at, uint64_t *ret)
{
	const char *digits = at + (at < d->c.end && *at == '-'), *behind;
	struct json_number n;

	if (digits == d->c.end || !json_is_digit(*digits))
		return false;
	behind = json_scan_number(&d->c, at, &n);
	if (behind == NULL || !n.whole)
		return false;
	d->c.at = behind;
	return json_whole_value((struct json_slice){ digits, (size_t)(behind - digits) }, ret);
}

/* What is whole, and how large without its sign; false: it is something else, or beyond 64 bits. */
static inline bool
take_whole(struct decode *d, const char *at, uint64_t *ret)
{
	const char *end = d->c.end, *digits = at + next_is(d, '-'), *behind;

	*ret = 0;
	behind = json_scan_digits(digits, end, ret);
	if (behind == digits || behind - digits > JSON_DIGITS_MAX ||
	    (*digits == '0' && behind > digits + 1) || behind == end || *behind == '.' ||
	    (*behind | 0x20) == 'e')
		return take_other_whole(d, at, ret);
	d->c.at = behind;
	return true;
}

static bool
take_integer(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d);
	bool negative = next_is(d, '-');
	uint64_t digits;

	if (!take_whole(d, at, &digits) || !is_in_range(f, negative, digits))
		return d->c.fault != NULL ? malformed(d, &d->c) : refuse_integer(d, f, at);
	store_integer(out, f->size, negative ? 0 - digits : digits);
	return true;
}

/* Digits and a power of ten that are both exact as doubles: one rounding, and so the right one. */
static bool
short_double(const struct json_number *n, double *ret)
{
	static const double tens[EXACT_POWER + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
		1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	double digits = (double)n->digits;

	if (!n->exact || n->digits > EXACT_WHOLE || n->exponent < -EXACT_POWER ||
	    n->exponent > EXACT_POWER)
		return false;
	digits = n->exponent < 0 ? digits / tens[-n->exponent] : digits * tens[n->exponent];
	*ret = n->negative ? -digits : digits;
	return true;
}

/* The rest: libc's, in the locale of the standard whatever the application's is. */
static bool
read_long_double(struct decode *d, struct json_slice raw, double *ret)
{
	char room[NUMBER_ROOM], *text = room;
	locale_t standard = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* shared; not allocated */

	if (standard == (locale_t)0)
		return no_memory(d);
	if (raw.size >= sizeof room)
		text = arena_take(d->arena, raw.size + 1);
	if (text != NULL) {
		memcpy(text, raw.at, raw.size);
		text[raw.size] = '\0';
		*ret = strtod_l(text, NULL, standard);
	}
	freelocale(standard);
	return text != NULL || no_memory(d);
}

static bool
take_double(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d), *behind;
	struct json_number n;
	double value = 0;

	(void)f;
	if (!next_is(d, '-') && (at == d->c.end || !json_is_digit(*at)))
		return MISMATCH(d, at, "a number");
	behind = json_scan_number(&d->c, at, &n);
	if (behind == NULL)
		return malformed(d, &d->c);
	d->c.at = behind;
	if (!short_double(&n, &value) &&
	    !read_long_double(d, (struct json_slice){ at, (size_t)(behind - at) }, &value))
		return false;
	if (isinf(value))
		return MISMATCH(d, at, "a number in the range of a double");
	*(double *)out = value;
	return true;
}

/* ---- Words and strings ------------------------------------------------------------------------- */

static bool
take_bool(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d);
	bool value = next_is(d, 't');
	struct json_slice raw;

	(void)f;
	if (!value && !next_is(d, 'f'))
		return MISMATCH(d, at, "true or false");
	if (!take_value(d, &raw))
		return false;
	*(bool *)out = value;
	return true;
}

/* A string's raw text, from its opening quote, which is next. */
static inline bool
take_quoted(struct decode *d, struct json_slice *ret_raw, bool *ret_escaped)
{
	const char *at = d->c.at + 1, *end;

	*ret_escaped = false;
	end = json_scan_string(&d->c, at, ret_escaped);
	if (end == NULL)
		return malformed(d, &d->c);
	*ret_raw = (struct json_slice){ at, (size_t)(end - at) };
	d->c.at = end + 1;
	return true;
}

/* The decoded text: where it stands, or in the arena, then with a NUL behind it. */
static bool
take_string(struct decode *d, bool terminated, struct lw_str *ret)
{
	const char *at = value_start(d);
	struct json_slice raw;
	bool escaped;
	char *place;

	if (!next_is(d, '"'))
		return MISMATCH(d, at, "a string");
	if (!take_quoted(d, &raw, &escaped))
		return false;
	*ret = (struct lw_str){ raw.at, raw.size };
	if (!escaped && !terminated)
		return true;
	place = arena_take(d->arena, raw.size + 1);
	if (place == NULL)
		return no_memory(d);
	*ret = (struct lw_str){ place, jread_decode_to(raw, place) };
	place[ret->size] = '\0';
	if (terminated && memchr(place, '\0', ret->size) != NULL)
		return MISMATCH(d, at, "a string without U+0000");
	return true;
}

static bool
take_str(struct decode *d, const struct lw_field *f, void *out)
{
	(void)f;
	return take_string(d, false, out);
}

static bool
take_terminated(struct decode *d, const struct lw_field *f, void *out)
{
	struct lw_str text = { NULL, 0 };

	(void)f;
	if (!take_string(d, true, &text))
		return false;
	*(const char **)out = text.at;
	return true;
}

static bool
take_chars(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d);
	struct lw_str text = { NULL, 0 };

	if (!take_string(d, true, &text))
		return false;
	if (text.size >= f->size)
		return MISMATCH(d, at, "a string of at most %u bytes", f->size - 1);
	memcpy(out, text.at, text.size + 1);
	return true;
}

static bool
take_json(struct decode *d, const struct lw_field *f, void *out)
{
	struct json_slice raw;

	(void)f;
	if (!take_value(d, &raw))
		return false;
	*(struct lw_json *)out = (struct lw_json){ raw.at, raw.size };
	return true;
}

/* "a", "b", …: as many as there is room for. */
static void
list_names(const struct lw_field *f, char *ret, size_t room)
{
	int n = snprintf(ret, room, "one of");

	for (uint16_t i = 0; i < f->name_count && n > 0 && (size_t)n < room; i++)
		n += snprintf(
		    ret + n, room - (size_t)n, "%s \"%s\"", i ? "," : "", f->names[i].name);
}

/* The member may be signed or not: a table of names does not say. */
static bool
enum_fits(const struct lw_field *f, int value)
{
	int64_t half;

	if (f->size >= sizeof value)
		return true;
	half = INT64_C(1) << (f->size * 8 - 1);
	return value >= -half && value < 2 * half;
}

static bool
take_enum(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d);
	char names[sizeof d->fault->expected];
	struct json_slice raw;
	bool escaped;

	if (next_is(d, '"')) {
		if (!take_quoted(d, &raw, &escaped))
			return false;
		for (uint16_t i = 0; i < f->name_count; i++)
			if (jread_key_is(raw, f->names[i].name)) {
				if (!enum_fits(f, f->names[i].value))
					return MISMATCH(
					    d, at, "a name whose value its member can hold");
				store_integer(out, f->size, (uint64_t)(int64_t)f->names[i].value);
				return true;
			}
	}
	list_names(f, names, sizeof names);
	return MISMATCH(d, at, "%s", names);
}

/* ---- Values ------------------------------------------------------------------------------------ */

static bool take_record(struct decode *d, const struct lw_record *r, void *out);

static bool
take_nested(struct decode *d, const struct lw_field *f, void *out)
{
	const char *at = value_start(d);
	const struct lw_record *r = f->record();

	if (!record_is_known(r))
		return MISMATCH(d, at, "a record of this version of leanworker");
	if (r->decode != NULL)
		return MISMATCH(d, at, "a record of fields: one with a decoder stands alone");
	return take_record(d, r, out);
}

typedef bool take_fn(struct decode *d, const struct lw_field *f, void *out);

static take_fn *const take_one[] = {
	[LW_KIND_BOOL_] = take_bool,
	[LW_KIND_INT_] = take_integer,
	[LW_KIND_UINT_] = take_integer,
	[LW_KIND_DOUBLE_] = take_double,
	[LW_KIND_STRING_] = take_terminated,
	[LW_KIND_STR_] = take_str,
	[LW_KIND_CHARS_] = take_chars,
	[LW_KIND_JSON_] = take_json,
	[LW_KIND_ENUM_] = take_enum,
	[LW_KIND_RECORD_] = take_nested,
};

/* Room for one more value of an array of either shape; NULL sets the fault. */
static void *
array_place(struct decode *d, const struct lw_field *f, void *member, size_t count, size_t *room)
{
	char **list = member;
	size_t wanted = *room ? *room * 2 : LIST_FIRST;
	void *grown;

	if (f->shape == LW_SHAPE_ARRAY_) {
		if (count < f->capacity)
			return (char *)member + count * f->size;
		(void)MISMATCH(d, value_start(d), "at most %u values", f->capacity);
		return NULL;
	}
	if (count == *room) {
		grown = arena_grow(d->arena, *list, *room * f->size, wanted * f->size);
		if (grown == NULL) {
			(void)no_memory(d);
			return NULL;
		}
		*list = grown;
		*room = wanted;
	}
	return *list + count * f->size;
}

/* The common case of jread_element. */
static inline bool
next_element(struct decode *d)
{
	if (next_is(d, ',') && d->c.at[-1] != '[') {
		d->c.at++;
		return true;
	}
	return jread_element(&d->c);
}

static bool
take_array(struct decode *d, const struct lw_field *f, char *record)
{
	const char *at = value_start(d);
	size_t count = 0, room = 0;
	void *place;

	if (!next_is(d, '['))
		return MISMATCH(d, at, "an array");
	if (!jread_enter(&d->c))
		return malformed(d, &d->c);
	d->c.at++;
	while (next_element(d)) {
		place = array_place(d, f, record + f->offset, count, &room);
		if (place == NULL || !take_one[f->kind](d, f, place)) {
			record_path_index(d->fault, count);
			return false;
		}
		count++;
	}
	if (d->c.fault != NULL)
		return malformed(d, &d->c);
	jread_leave(&d->c);
	*(size_t *)(record + f->count_offset) = count;
	return true;
}

static bool
take_member(struct decode *d, const struct lw_field *f, char *record)
{
	if (f->shape != LW_SHAPE_ONE_)
		return take_array(d, f, record);
	return take_one[f->kind](d, f, record + f->offset);
}

/* ---- Fields ------------------------------------------------------------------------------------ */

/* The default is JSON of the caller's: where it does not fit, its text is the place. */
static bool
take_default(struct decode *d, const struct lw_field *f, char *record, struct lw_str json)
{
	struct decode inner = *d;

	inner.c = jread_cursor(json.at, json.size);
	inner.c.depth = d->c.depth;
	if (take_member(&inner, f, record) && jread_at_end(&inner.c))
		return true;
	d->fault->malformed = false; /* it was not the text that is decoded */
	d->fault->offset = (size_t)(d->c.at - 1 - d->c.text);
	if (d->arena->full)
		return false;
	(void)fault_at(d, d->c.at - 1, "a default that fits");
	(void)snprintf(d->fault->found, sizeof d->fault->found, "%.*s", (int)json.size, json.at);
	return false;
}

/* What stands for a value that is absent, or null; false also sets the fault. */
static bool
do_without(struct decode *d, const struct lw_field *f, char *record)
{
	const struct lw_modifier_ *m = record_modifier(f, LW_MODIFIER_DEFAULT_);
	struct lw_str key = record_key(f);
	bool done;

	if (m == NULL)
		return true; /* all of the record was cleared */
	done = take_default(d, f, record, (struct lw_str){ m->text, m->number });
	if (!done)
		record_path_key(d->fault, key.at, key.size);
	return done;
}

static bool
may_be_absent(const struct lw_field *f)
{
	return record_modifier(f, LW_MODIFIER_OPTIONAL_) || record_modifier(f, LW_MODIFIER_HAS_) ||
	       record_modifier(f, LW_MODIFIER_DEFAULT_);
}

/* null is a value of its own where any JSON is. */
static bool
is_null(struct decode *d, const struct lw_field *f)
{
	bool any = f->kind == LW_KIND_JSON_ && f->shape == LW_SHAPE_ONE_;

	(void)value_start(d);
	return next_is(d, 'n') && !any && may_be_absent(f);
}

static bool
take_field(struct decode *d, const struct lw_field *f, char *record)
{
	const struct lw_modifier_ *has;
	struct json_slice raw;
	struct lw_str key;
	bool taken;

	if (is_null(d, f))
		return take_value(d, &raw) && do_without(d, f, record);
	taken = take_member(d, f, record);
	has = record_modifier(f, LW_MODIFIER_HAS_);
	if (taken && has != NULL)
		*(bool *)(record + has->number) = true;
	if (!taken) {
		key = record_key(f);
		record_path_key(d->fault, key.at, key.size);
	}
	return taken;
}

/* Most keys are short, and a call would cost more than the comparison: both ends, which may overlap. */
static inline bool
same_bytes(const char *a, const char *b, size_t size)
{
	uint64_t long_a[2], long_b[2];
	uint32_t short_a[2], short_b[2];

	if (size > sizeof long_a)
		return memcmp(a, b, size) == 0;
	if (size < sizeof short_a[0]) {
		while (size > 0 && a[size - 1] == b[size - 1])
			size--;
		return size == 0;
	}
	if (size < sizeof long_a[0]) {
		memcpy(&short_a[0], a, sizeof short_a[0]);
		memcpy(&short_b[0], b, sizeof short_b[0]);
		memcpy(&short_a[1], a + size - sizeof short_a[1], sizeof short_a[1]);
		memcpy(&short_b[1], b + size - sizeof short_b[1], sizeof short_b[1]);
		return ((short_a[0] ^ short_b[0]) | (short_a[1] ^ short_b[1])) == 0;
	}
	memcpy(&long_a[0], a, sizeof long_a[0]);
	memcpy(&long_b[0], b, sizeof long_b[0]);
	memcpy(&long_a[1], a + size - sizeof long_a[1], sizeof long_a[1]);
	memcpy(&long_b[1], b + size - sizeof long_b[1], sizeof long_b[1]);
	return ((long_a[0] ^ long_b[0]) | (long_a[1] ^ long_b[1])) == 0;
}

/* Of a key that has no escapes. */
static bool
is_key(const struct lw_field *f, struct json_slice raw)
{
	struct lw_str key = record_key(f);

	return raw.size == key.size && memcmp(raw.at, key.at, key.size) == 0;
}

static const struct lw_field *
find_field(const struct lw_record *r, struct json_slice raw, bool escaped)
{
	for (uint32_t i = 0; i < r->field_count; i++)
		if (escaped ? jread_key_is(raw, record_key(&r->fields[i]).at)
			    : is_key(&r->fields[i], raw))
			return &r->fields[i];
	return NULL;
}

/*
 * Most writers keep an order and leave no space: the key of the field after the last one is not read
 * but compared. False: it is another, or is not written like that; nothing was read.
 */
static inline bool
take_expected_key(struct decode *d, const struct lw_field *f)
{
	struct lw_str key = record_key(f);
	const char *at = d->c.at;

	if (at[-1] != '{' && (at == d->c.end || *at++ != ','))
		return false;
	if ((size_t)(d->c.end - at) < key.size + 3 || *at++ != '"')
		return false;
	if (at[key.size] != '"' || at[key.size + 1] != ':' || !same_bytes(at, key.at, key.size))
		return false;
	if (!json_is_plain_run(d->c.text, at, d->c.end, key.size)) /* a key need not be plain */
		return false;
	d->c.at = at + key.size + 2;
	return true;
}

static bool
skip_unknown(struct decode *d, const struct lw_record *r, struct json_slice key)
{
	struct json_slice raw;

	if (!(r->flags & LW_RECORD_STRICT_))
		return take_value(d, &raw);
	(void)snprintf(d->fault->found, sizeof d->fault->found, "the key \"%.*s\"",
	    (int)utf8_valid_prefix(key.at, key.size < FOUND_MAX ? key.size : FOUND_MAX), key.at);
	return fault_at(d, key.at, "no keys but those of the record");
}

static bool
refuse_twice(struct decode *d, const struct lw_field *f, struct json_slice raw)
{
	struct lw_str key = record_key(f);

	(void)snprintf(d->fault->found, sizeof d->fault->found, "it again");
	(void)fault_at(d, raw.at, "the key once");
	record_path_key(d->fault, key.at, key.size);
	return false;
}

static bool
refuse_absence(struct decode *d, const struct lw_field *f)
{
	struct lw_str key = record_key(f);

	(void)snprintf(d->fault->found, sizeof d->fault->found, "an object without it");
	(void)fault_at(d, d->c.at - 1, "the key \"%.*s\"", (int)key.size, key.at);
	record_path_key(d->fault, key.at, key.size);
	return false;
}

static bool
finish_absent(struct decode *d, const struct lw_record *r, uint64_t seen, char *record)
{
	for (uint32_t i = 0; i < r->field_count; i++) {
		const struct lw_field *f = &r->fields[i];

		if (seen >> i & 1)
			continue;
		if (!may_be_absent(f))
			return refuse_absence(d, f);
		if (!do_without(d, f, record))
			return false;
	}
	return true;
}

static bool
take_members(struct decode *d, const struct lw_record *r, void *out)
{
	struct json_slice key = { NULL, 0 };
	const struct lw_field *f;
	uint64_t seen = 0, bit;
	uint32_t next = 0;

	d->c.at++;
	for (;;) {
		f = next < r->field_count ? &r->fields[next] : NULL;
		if (f == NULL || seen >> next & 1 || !take_expected_key(d, f)) {
			if (!jread_member(&d->c, &key))
				break;
			f = find_field(r, key, d->c.key_escaped);
		}
		if (f == NULL) {
			if (!skip_unknown(d, r, key))
				return false;
			continue;
		}
		next = (uint32_t)(f - r->fields);
		bit = UINT64_C(1) << next++;
		if (seen & bit)
			return refuse_twice(d, f, key);
		if (!take_field(d, f, out))
			return false;
		seen |= bit;
	}
	if (d->c.fault != NULL)
		return malformed(d, &d->c);
	return finish_absent(d, r, seen, out);
}

static bool
take_record(struct decode *d, const struct lw_record *r, void *out)
{
	const char *at = value_start(d);

	if (!next_is(d, '{'))
		return MISMATCH(d, at, "an object");
	if (!jread_enter(&d->c))
		return malformed(d, &d->c);
	memset(out, 0, r->size);
	if (!take_members(d, r, out))
		return false;
	jread_leave(&d->c);
	return true;
}

/* ---- The whole --------------------------------------------------------------------------------- */

static void
finish_fault(struct record_fault *fault, const char *json, size_t size)
{
	size_t length = strlen(fault->path), offset;
	const char *why;

	memmove(fault->path + 1, fault->path, length + 1);
	fault->path[0] = '$';
	/* What does not fit may be followed by what is no JSON. */
	if (!fault->no_memory && !fault->malformed && !jread_validate(json, size, &offset, &why)) {
		*fault = (struct record_fault){ .malformed = true, .path = "$", .offset = offset };
		(void)snprintf(fault->expected, sizeof fault->expected, "%s", why);
	}
}

static bool
decode_by_hook(const struct lw_record *r, const char *json, size_t size, void *ret_value,
    struct record_fault *fault)
{
	const char *why = NULL;
	size_t offset = 0;

	if (!jread_validate(json, size, &offset, &why))
		fault->malformed = true;
	else if (r->decode(json, size, ret_value, &why, &offset))
		return true;
	(void)snprintf(fault->expected, sizeof fault->expected, "%s", why ? why : "refused");
	fault->offset = offset < size ? offset : size;
	return false;
}

bool
record_decode(const struct lw_record *record, const char *json, size_t size, struct arena *arena,
    void *ret_value, struct record_fault *ret_fault)
{
	struct decode d = { .c = jread_cursor(json, size), .arena = arena, .fault = ret_fault };
	bool taken;

	ret_fault->no_memory = ret_fault->malformed = ret_fault->path_cut = false;
	ret_fault->path[0] = ret_fault->found[0] = '\0';
	if (record->decode != NULL)
		taken = decode_by_hook(record, json, size, ret_value, ret_fault);
	else
		taken = take_record(&d, record, ret_value) &&
			(jread_at_end(&d.c) || malformed(&d, &d.c));
	if (!taken)
		finish_fault(ret_fault, json, size);
	return taken;
}
