/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a record with everything that it points to into one block: once to see how large that is,
 * once in earnest.
 */
#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/sys.h"
#include "parent/record.h"

struct block {
	char *bytes; /* NULL: only measured */
	size_t used;
	bool refused; /* the value is none that could have been decoded */
};

/* A place for a copy; NULL while measuring. */
static char *
place(struct block *b, const void *bytes, size_t size, size_t alignment)
{
	char *at;

	b->used = (b->used + alignment - 1) / alignment * alignment;
	at = b->bytes ? b->bytes + b->used : NULL;
	b->used += size;
	if (at != NULL && size > 0)
		memcpy(at, bytes, size);
	return at;
}

static void copy_record(struct block *b, const struct lw_record *r, const char *from, char *to);

static void
copy_value(struct block *b, const struct lw_field *f, const char *from, char *to)
{
	const struct lw_str *text = (const struct lw_str *)from;
	const char *string, *copy;

	switch (f->kind) {
	case LW_KIND_STRING_:
		string = *(const char *const *)from;
		copy = string ? place(b, string, strlen(string) + 1, 1) : NULL;
		if (to != NULL)
			*(const char **)to = copy;
		break;
	case LW_KIND_STR_:
	case LW_KIND_JSON_:
		copy = text->at ? place(b, text->at, text->size, 1) : NULL;
		if (to != NULL)
			((struct lw_str *)to)->at = copy;
		break;
	case LW_KIND_RECORD_:
		copy_record(b, f->record(), from, to);
		break;
	default: /* lies in the struct itself */
		break;
	}
}

static void
copy_values(struct block *b, const struct lw_field *f, const char *from, char *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		copy_value(b, f, from + i * f->size, to ? to + i * f->size : NULL);
}

static void
copy_member(struct block *b, const struct lw_field *f, const char *from, char *to)
{
	size_t count = f->shape == LW_SHAPE_ONE_ ? 1 : *(const size_t *)(from + f->count_offset);
	const char *list;
	char *copy;

	list = f->shape == LW_SHAPE_LIST_ ? *(const char *const *)(from + f->offset) : NULL;
	if ((f->shape == LW_SHAPE_ARRAY_ && count > f->capacity) ||
	    (f->shape == LW_SHAPE_LIST_ && list == NULL && count > 0)) {
		b->refused = true;
		return;
	}
	if (f->shape != LW_SHAPE_LIST_) {
		copy_values(b, f, from + f->offset, to ? to + f->offset : NULL, count);
		return;
	}
	copy = place(b, list, count * f->size, alignof(max_align_t));
	copy_values(b, f, list, copy, count);
	if (to != NULL)
		*(const char **)(to + f->offset) = count ? copy : NULL;
}

/* The bytes of the struct are there already. */
static void
copy_record(struct block *b, const struct lw_record *r, const char *from, char *to)
{
	b->refused = b->refused || r->decode != NULL || !record_is_known(r);
	for (uint32_t i = 0; i < r->field_count && !b->refused; i++)
		copy_member(b, &r->fields[i], from, to);
}

void *
record_copy(const struct lw_record *record, const void *value)
{
	struct block block = { NULL, 0, false };

	(void)place(&block, value, record->size, 1);
	copy_record(&block, record, value, NULL);
	if (block.refused)
		return NULL;
	block.bytes = sys_alloc(block.used ? block.used : 1);
	block.used = 0;
	if (block.bytes == NULL)
		return NULL;
	(void)place(&block, value, record->size, 1);
	copy_record(&block, record, value, block.bytes);
	return block.bytes;
}
