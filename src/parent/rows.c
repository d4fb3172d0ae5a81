/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "parent/error.h"

void
rows_init(struct rows *rows, const struct lw_sinks *sinks)
{
	size_t limit = sinks != NULL ? sinks->decoded_max : 0;

	memset(rows, 0, sizeof *rows);
	rows->sinks = sinks;
	rows->arena = ARENA_OF(limit ? limit : RECORD_DECODED_MAX);
}

void
rows_free(struct rows *rows)
{
	arena_free(&rows->arena);
	buffer_free(&rows->held);
	sys_free(rows->value);
}

static bool
same_stream(const struct lw_rows *a, const struct lw_rows *b)
{
	if (a->stream == NULL || b->stream == NULL)
		return a->stream == b->stream;
	return strcmp(a->stream, b->stream) == 0;
}

lw_code
rows_check(const struct lw_sinks *sinks, struct lw_error *ret_error)
{
	lw_code code = LW_OK;

	if (sinks->rows == NULL && sinks->rows_count > 0)
		return error_set(
		    ret_error, LW_V_MISUSE, "sinks.rows is NULL, and its count is not 0");
	for (size_t i = 0; i < sinks->rows_count && code == LW_OK; i++) {
		const struct lw_rows *entry = &sinks->rows[i];

		if (entry->record == NULL || entry->on_row == NULL)
			return error_set(ret_error, LW_V_MISUSE,
			    "sinks.rows[%zu] is not made with LW_ROWS, or has no callback", i);
		for (size_t k = 0; k < i; k++)
			if (same_stream(entry, &sinks->rows[k]))
				return error_set(ret_error, LW_V_MISUSE,
				    "sinks.rows[%zu] and [%zu] are for the same stream", k, i);
		code = record_check(entry->record, ret_error);
	}
	return code;
}

const struct lw_rows *
rows_entry(const struct lw_sinks *sinks, const char *stream)
{
	const struct lw_rows *any = NULL;

	if (sinks == NULL)
		return NULL;
	for (size_t i = 0; i < sinks->rows_count; i++) {
		if (sinks->rows[i].stream == NULL)
			any = &sinks->rows[i];
		else if (strcmp(sinks->rows[i].stream, stream) == 0)
			return &sinks->rows[i];
	}
	return any;
}

/* ---- One row ----------------------------------------------------------------------------------- */

static bool
need_value(struct rows *rows)
{
	size_t size = 1;

	if (rows->value != NULL)
		return true;
	for (size_t i = 0; i < rows->sinks->rows_count; i++) {
		const struct lw_record *record = rows->sinks->rows[i].record();

		size = record->size > size ? record->size : size;
	}
	rows->value = sys_alloc(size);
	return rows->value != NULL;
}

static enum rows_take
decode(struct rows *rows, const struct lw_rows *entry, const struct lw_row *row)
{
	if (!need_value(rows))
		return ROWS_NO_MEMORY;
	arena_reset(&rows->arena);
	if (record_decode(entry->record(), row->payload, row->payload_size, &rows->arena,
		rows->value, &rows->fault))
		return ROWS_TAKEN;
	if (rows->fault.no_memory)
		return ROWS_NO_MEMORY;
	return rows->fault.malformed ? ROWS_NOT_JSON : ROWS_UNFIT;
}

enum rows_take
rows_validate(struct rows *rows, const struct lw_row *row)
{
	const char *why;

	if (jread_validate(row->payload, row->payload_size, &rows->fault.offset, &why))
		return ROWS_TAKEN;
	(void)snprintf(rows->fault.expected, sizeof rows->fault.expected, "%s", why);
	return ROWS_NOT_JSON;
}

/* Rows that nobody expects: a name was misspelt, here or there. */
static enum rows_take
refuse_stream(struct rows *rows, const struct lw_row *row)
{
	enum rows_take take = rows_validate(rows, row);

	if (take != ROWS_TAKEN)
		return take;
	rows->fault = (struct record_fault){ 0 };
	(void)snprintf(rows->fault.expected, sizeof rows->fault.expected,
	    "sinks.rows has no entry for this stream, and there is no on_row");
	return ROWS_UNFIT;
}

static enum rows_take
check(struct rows *rows, const struct lw_rows *entry, const struct lw_row *row)
{
	if (entry != NULL)
		return decode(rows, entry, row);
	if (rows->sinks != NULL && rows->sinks->rows_count > 0 && rows->sinks->on_row == NULL)
		return refuse_stream(rows, row);
	return rows_validate(rows, row);
}

static void
release(struct rows *rows, const struct lw_rows *entry)
{
	if (entry != NULL && entry->record()->release != NULL)
		entry->record()->release(rows->value);
}

static enum rows_take
deliver(struct rows *rows, const struct lw_rows *entry, const struct lw_row *row)
{
	const struct lw_sinks *sinks = rows->sinks;

	if (entry != NULL)
		rows->answer = entry->record()->deliver(
		    entry->on_row, sinks->context, row, rows->value);
	else if (sinks != NULL && sinks->on_row != NULL)
		rows->answer = sinks->on_row(sinks->context, row);
	release(rows, entry);
	return rows->answer == 0 ? ROWS_TAKEN : ROWS_REFUSED;
}

/* ---- Rows that are kept ------------------------------------------------------------------------ */

struct held {
	uint64_t sequence, size, stream;
};

static enum rows_take
hold(struct rows *rows, const struct lw_row *row, uint32_t stream)
{
	struct held head = { row->sequence, row->payload_size, stream };
	size_t left = rows->sinks->hold_bytes - buffer_size(&rows->held);

	if (left < sizeof head || left - sizeof head < row->payload_size)
		return ROWS_OVER_LIMIT;
	if (!buffer_append(&rows->held, &head, sizeof head) ||
	    !buffer_append(&rows->held, row->payload, row->payload_size))
		return ROWS_NO_MEMORY;
	return ROWS_TAKEN;
}

bool
rows_next_held(struct rows *rows, struct lw_row *ret_row, uint32_t *ret_stream)
{
	struct held head;

	if (buffer_size(&rows->held) == 0)
		return false;
	memcpy(&head, buffer_front(&rows->held), sizeof head);
	ret_row->sequence = head.sequence;
	ret_row->payload = (const char *)buffer_front(&rows->held) + sizeof head;
	ret_row->payload_size = head.size;
	*ret_stream = (uint32_t)head.stream;
	buffer_consume(&rows->held, sizeof head + head.size);
	return true;
}

enum rows_take
rows_hand_over(struct rows *rows, const struct lw_rows *entry, const struct lw_row *row)
{
	enum rows_take take = entry != NULL ? decode(rows, entry, row) : ROWS_TAKEN;

	return take == ROWS_TAKEN ? deliver(rows, entry, row) : take;
}

enum rows_take
rows_take(struct rows *rows, const struct lw_rows *entry, const struct lw_row *row, uint32_t stream)
{
	enum rows_take take = check(rows, entry, row);

	if (take != ROWS_TAKEN)
		return take;
	if (rows->sinks == NULL || rows->sinks->hold_bytes == 0)
		return deliver(rows, entry, row);
	release(rows, entry);
	return hold(rows, row, stream);
}
