/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "parent/record.h"

#define NUMBER_ROOM 40

struct encode {
	struct buffer *out;
	struct record_fault *fault;
	unsigned depth;
};

static bool
put(struct encode *e, const char *text, size_t size)
{
	e->fault->no_memory = !buffer_append(e->out, text, size);
	return !e->fault->no_memory;
}

static bool
put_text(struct encode *e, const char *text)
{
	return put(e, text, strlen(text));
}

/* The caller's value cannot be written. */
static bool
refuse(struct encode *e, const char *expected, const char *found, size_t offset)
{
	(void)snprintf(e->fault->expected, sizeof e->fault->expected, "%s", expected);
	(void)snprintf(e->fault->found, sizeof e->fault->found, "%s", found);
	e->fault->offset = offset;
	return false;
}

/* As deep as a reader goes. */
static bool
enter(struct encode *e)
{
	if (e->depth == JSON_DEPTH_MAX)
		return refuse(e, "nothing nested so deeply", "more", 0);
	e->depth++;
	return true;
}

/* ---- One value --------------------------------------------------------------------------------- */

static bool
put_bool(struct encode *e, const struct lw_field *f, const void *at)
{
	(void)f;
	return put_text(e, *(const bool *)at ? "true" : "false");
}

static uint64_t
load_unsigned(const void *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static int64_t
load_signed(const void *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const int8_t *)at;
	case 2:
		return *(const int16_t *)at;
	case 4:
		return *(const int32_t *)at;
	default:
		return *(const int64_t *)at;
	}
}

static bool
put_signed(struct encode *e, const struct lw_field *f, const void *at)
{
	char text[NUMBER_ROOM];

	(void)snprintf(text, sizeof text, "%" PRId64, load_signed(at, f->size));
	return put_text(e, text);
}

static bool
put_unsigned(struct encode *e, const struct lw_field *f, const void *at)
{
	char text[NUMBER_ROOM];

	(void)snprintf(text, sizeof text, "%" PRIu64, load_unsigned(at, f->size));
	return put_text(e, text);
}

/* The shortest text that reads back as the same double; the thread's locale is the standard one. */
static void
write_double(double value, char *ret, size_t room)
{
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(ret, room, "%.*g", digits, value);
		if (strtod(ret, NULL) == value)
			return;
	}
}

static bool
put_double(struct encode *e, const struct lw_field *f, const void *at)
{
	double value = *(const double *)at;
	locale_t standard, before;
	char text[NUMBER_ROOM];

	(void)f;
	if (!isfinite(value))
		return refuse(e, "a number", isnan(value) ? "NaN" : "an infinity", 0);
	standard = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* shared; not allocated */
	if (standard == (locale_t)0) {
		e->fault->no_memory = true;
		return false;
	}
	before = uselocale(standard);
	write_double(value, text, sizeof text);
	(void)uselocale(before);
	freelocale(standard);
	return put_text(e, text);
}

static bool
put_characters(struct encode *e, const char *text, size_t size)
{
	size_t valid = size > 0 ? utf8_valid_prefix(text, size) : 0;

	if (valid != size)
		return refuse(e, "UTF-8", "another byte", valid);
	e->fault->no_memory = !jread_put_string(e->out, text, size);
	return !e->fault->no_memory;
}

static bool
put_string(struct encode *e, const struct lw_field *f, const void *at)
{
	const char *text = *(const char *const *)at;

	(void)f;
	if (text == NULL)
		return refuse(e, "a string", "NULL", 0);
	return put_characters(e, text, strlen(text));
}

static bool
put_str(struct encode *e, const struct lw_field *f, const void *at)
{
	const struct lw_str *text = at;

	(void)f;
	if (text->at == NULL && text->size > 0)
		return refuse(e, "a string", "NULL", 0);
	return put_characters(e, text->at, text->size);
}

static bool
put_chars(struct encode *e, const struct lw_field *f, const void *at)
{
	size_t size = strnlen(at, f->size);

	if (size == f->size)
		return refuse(e, "a terminated string", "none", size);
	return put_characters(e, at, size);
}

static bool
put_json(struct encode *e, const struct lw_field *f, const void *at)
{
	const struct lw_json *json = at;
	struct json_cursor c = jread_cursor(json->at, json->size);
	struct json_slice raw;

	(void)f;
	if (json->at == NULL && json->size > 0)
		return refuse(e, "JSON", "NULL", 0);
	c.depth = e->depth;
	if (!jread_value(&c, &raw) || !jread_at_end(&c))
		return refuse(e, "JSON", c.fault, c.fault_offset);
	return put(e, json->at, json->size);
}

/* The members are signed or not: what is stored is compared. */
static bool
put_enum(struct encode *e, const struct lw_field *f, const void *at)
{
	const uint64_t mask = UINT64_MAX >> (64 - f->size * 8);
	int64_t value = load_signed(at, f->size);
	char found[NUMBER_ROOM];

	for (uint16_t i = 0; i < f->name_count; i++)
		if ((((uint64_t)f->names[i].value ^ (uint64_t)value) & mask) == 0)
			return put_characters(e, f->names[i].name, strlen(f->names[i].name));
	(void)snprintf(found, sizeof found, "%" PRId64, value);
	return refuse(e, "a value that has a name", found, 0);
}

static bool put_record(struct encode *e, const struct lw_record *r, const char *value);

static bool
put_nested(struct encode *e, const struct lw_field *f, const void *at)
{
	if (!record_is_known(f->record()))
		return refuse(e, "a record of this version of leanworker", "another", 0);
	return put_record(e, f->record(), at);
}

typedef bool put_fn(struct encode *e, const struct lw_field *f, const void *at);

static put_fn *const put_one[] = {
	[LW_KIND_BOOL_] = put_bool,
	[LW_KIND_INT_] = put_signed,
	[LW_KIND_UINT_] = put_unsigned,
	[LW_KIND_DOUBLE_] = put_double,
	[LW_KIND_STRING_] = put_string,
	[LW_KIND_STR_] = put_str,
	[LW_KIND_CHARS_] = put_chars,
	[LW_KIND_JSON_] = put_json,
	[LW_KIND_ENUM_] = put_enum,
	[LW_KIND_RECORD_] = put_nested,
};

/* ---- Fields ------------------------------------------------------------------------------------ */

static bool
put_array(struct encode *e, const struct lw_field *f, const char *record)
{
	const char *values = record + f->offset;
	size_t count = *(const size_t *)(record + f->count_offset);

	if (f->shape == LW_SHAPE_LIST_)
		values = *(const char *const *)values;
	else if (count > f->capacity)
		return refuse(e, "no more values than there is room for", "a larger count", 0);
	if (values == NULL && count > 0)
		return refuse(e, "values", "NULL", 0);
	if (!enter(e) || !put(e, "[", 1))
		return false;
	for (size_t i = 0; i < count; i++)
		if ((i > 0 && !put(e, ",", 1)) || !put_one[f->kind](e, f, values + i * f->size)) {
			record_path_index(e->fault, i);
			return false;
		}
	e->depth--;
	return put(e, "]", 1);
}

static bool is_zero(const struct lw_field *f, const char *record);

/* Field by field: what lies between them may be anything. */
static bool
is_zero_record(const struct lw_record *r, const char *record)
{
	if (!record_is_known(r) || r->decode != NULL)
		return false;
	for (uint32_t i = 0; i < r->field_count; i++) {
		const struct lw_modifier_ *has = record_modifier(&r->fields[i], LW_MODIFIER_HAS_);

		if ((has != NULL && *(const bool *)(record + has->number)) ||
		    !is_zero(&r->fields[i], record))
			return false;
	}
	return true;
}

static bool
is_zero(const struct lw_field *f, const char *record)
{
	const char *at = record + f->offset;

	if (f->shape != LW_SHAPE_ONE_)
		return *(const size_t *)(record + f->count_offset) == 0;
	if (f->kind == LW_KIND_STR_ || f->kind == LW_KIND_JSON_)
		return ((const struct lw_str *)at)->size == 0;
	if (f->kind == LW_KIND_CHARS_)
		return *at == '\0';
	if (f->kind == LW_KIND_RECORD_)
		return is_zero_record(f->record(), at);
	for (size_t i = 0; i < f->size; i++)
		if (at[i] != 0)
			return false;
	return true;
}

static bool
is_absent(const struct lw_field *f, const char *record)
{
	const struct lw_modifier_ *has = record_modifier(f, LW_MODIFIER_HAS_);

	if (has != NULL)
		return !*(const bool *)(record + has->number);
	return record_modifier(f, LW_MODIFIER_OPTIONAL_) &&
	       !record_modifier(f, LW_MODIFIER_DEFAULT_) && is_zero(f, record);
}

static bool
put_field(struct encode *e, const struct lw_field *f, const char *record)
{
	struct lw_str key = record_key(f);

	if (put_characters(e, key.at, key.size) && put(e, ":", 1) &&
	    (f->shape == LW_SHAPE_ONE_ ? put_one[f->kind](e, f, record + f->offset)
				       : put_array(e, f, record)))
		return true;
	record_path_key(e->fault, key.at, key.size);
	return false;
}

static bool
put_record(struct encode *e, const struct lw_record *r, const char *value)
{
	bool first = true;

	if (r->decode != NULL)
		return refuse(e, "a record of fields", "one that is only decoded", 0);
	if (!enter(e) || !put(e, "{", 1))
		return false;
	for (uint32_t i = 0; i < r->field_count; i++) {
		const struct lw_field *f = &r->fields[i];

		if (is_absent(f, value))
			continue;
		if ((!first && !put(e, ",", 1)) || !put_field(e, f, value))
			return false;
		first = false;
	}
	e->depth--;
	return put(e, "}", 1);
}

bool
record_encode(const struct lw_record *record, const void *value, struct buffer *out,
    struct record_fault *ret_fault)
{
	struct encode e = { .out = out, .fault = ret_fault };
	size_t length;

	*ret_fault = (struct record_fault){ 0 };
	if (put_record(&e, record, value))
		return true;
	length = strlen(ret_fault->path);
	memmove(ret_fault->path + 1, ret_fault->path, length + 1);
	ret_fault->path[0] = '$';
	return false;
}
