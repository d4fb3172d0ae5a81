/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/record.h"

#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "parent/error.h"

#define FIELDS_MAX 64
#define CUT        "\u2026" /* in place of the steps between $ and those that fit */

bool
record_is_known(const struct lw_record *r)
{
	return r->struct_size == sizeof *r && r->field_size == sizeof *r->fields &&
	       r->field_count <= FIELDS_MAX;
}

/* The field that is spelt like an earlier one, or NULL. */
static const struct lw_field *
find_twin(const struct lw_record *r)
{
	for (uint32_t i = 1; i < r->field_count; i++)
		for (uint32_t k = 0; k < i; k++) {
			struct lw_str a = record_key(&r->fields[i]), b = record_key(&r->fields[k]);

			if (a.size == b.size && memcmp(a.at, b.at, a.size) == 0)
				return &r->fields[i];
		}
	return NULL;
}

/* Records of records are looked at when they are met: they may be their own. */
lw_code
record_check(lw_record_fn *record, struct lw_error *ret_error)
{
	const struct lw_field *twin;

	if (record == NULL)
		return LW_OK;
	if (!record_is_known(record()))
		return error_set(ret_error, LW_V_MISUSE,
		    "a record was compiled with the record.h of another version of leanworker");
	twin = find_twin(record());
	if (twin == NULL)
		return LW_OK;
	return error_set(ret_error, LW_V_MISUSE, "two fields of a record have the key \"%s\"",
	    record_key(twin).at);
}

/* ---- Paths: written from their end, because the innermost step is known first ------------------ */

static void
prepend(struct record_fault *fault, const char *step, size_t size)
{
	size_t length = strlen(fault->path);

	if (fault->path_cut)
		return;
	if (length + size >= sizeof fault->path - sizeof "$" CUT) { /* its end says enough */
		fault->path_cut = true;
		step = CUT;
		size = strlen(CUT);
	}
	memmove(fault->path + size, fault->path, length + 1);
	memcpy(fault->path, step, size);
}

static bool
is_plain_key(const char *key, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	return size > 0 && strspn(key, plain) >= size;
}

void
record_path_key(struct record_fault *fault, const char *key, size_t size)
{
	bool plain = is_plain_key(key, size);
	char step[sizeof fault->path];
	int n = snprintf(step, sizeof step, plain ? ".%.*s" : "[\"%.*s\"]", (int)size, key);

	prepend(fault, step, n < (int)sizeof step ? (size_t)n : sizeof step - 1);
}

void
record_path_index(struct record_fault *fault, size_t index)
{
	char step[32];
	int n = snprintf(step, sizeof step, "[%zu]", index);

	prepend(fault, step, (size_t)n);
}

lw_code
record_error(
    struct lw_error *error, lw_verdict verdict, const char *what, const struct record_fault *fault)
{
	lw_code code;

	if (fault->no_memory)
		return error_set(error, LW_V_NO_MEMORY, "%s: no memory for it", what);
	if (fault->path[0] == '\0')
		code = error_set(error, verdict, "%s: %s", what, fault->expected);
	else if (fault->found[0] == '\0')
		code = error_set(error, verdict, "%s: %s: %s, at byte %zu", what, fault->path,
		    fault->expected, fault->offset);
	else
		code = error_set(error, verdict, "%s: %s: expected %s, found %s, at byte %zu", what,
		    fault->path, fault->expected, fault->found, fault->offset);
	if (error != NULL) {
		error->offset = fault->offset;
		(void)snprintf(error->path, sizeof error->path, "%s", fault->path);
	}
	return code;
}

/* ---- For users ------------------------------------------------------------------------------- */

static lw_code
encode_text(const struct lw_input *value, struct buffer *out, struct lw_error *ret_error)
{
	struct record_fault fault;

	if (value->record == NULL || value->value == NULL)
		return error_set(ret_error, LW_V_MISUSE, "the value is not made with LW_VALUE");
	if (!record_encode(value->record(), value->value, out, &fault))
		return record_error(ret_error, LW_V_ENCODE, "the value", &fault);
	if (!buffer_append(out, "", 1))
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for the JSON of a value");
	return LW_OK;
}

lw_code
lw_encode(struct lw_input value, char **ret_json, size_t *ret_size, struct lw_error *ret_error)
{
	struct buffer out = BUFFER_EMPTY;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_json == NULL)
		return error_set(ret_error, LW_V_MISUSE, "ret_json is NULL");
	code = record_check(value.record, ret_error);
	if (code == LW_OK)
		code = encode_text(&value, &out, ret_error);
	if (code != LW_OK) {
		buffer_free(&out);
		return code;
	}
	if (ret_size != NULL)
		*ret_size = buffer_size(&out) - 1;
	*ret_json = (char *)out.bytes;
	return LW_OK;
}

void *
lw_copy_(lw_record_fn *record, const void *value)
{
	if (record == NULL || value == NULL || !record_is_known(record()))
		return NULL;
	return record_copy(record(), value);
}

void
lw_free(void *memory)
{
	sys_free(memory);
}
