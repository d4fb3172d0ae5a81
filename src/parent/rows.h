/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the rows of one request go: as they came, decoded into a record, or kept until the request
 * has succeeded. Each is checked to be JSON exactly once before a callback sees it: decoding is that
 * check.
 */
#ifndef LW_PARENT_ROWS_H
#define LW_PARENT_ROWS_H

#include "base/buffer.h"
#include "parent/record.h"

/* What became of a row, or of handing one over. */
enum rows_take {
	ROWS_TAKEN,
	ROWS_REFUSED, /* by the callback: rows.answer */
	ROWS_NOT_JSON,
	ROWS_UNFIT,      /* for its record, or for any: rows.fault */
	ROWS_OVER_LIMIT, /* of those that are held */
	ROWS_NO_MEMORY
};

struct rows {
	const struct lw_sinks *sinks; /* or NULL */
	struct arena arena;           /* of one decoded row */
	void *value;                  /* one decoded row, of any record of the sinks */
	struct buffer held;           /* heads and payloads */
	struct record_fault fault;
	int answer;
};

void rows_init(struct rows *rows, const struct lw_sinks *sinks);
void rows_free(struct rows *rows);

/* MISUSE: an entry is incomplete, or names a stream that an earlier one names. */
lw_code rows_check(const struct lw_sinks *sinks, struct lw_error *ret_error);

/* The entry for a stream of this name, or NULL. */
const struct lw_rows *rows_entry(const struct lw_sinks *sinks, const char *stream);

/* Checks a row, and delivers or keeps it. The entry is its stream's, the number the caller's. */
enum rows_take rows_take(
    struct rows *rows, const struct lw_rows *entry, const struct lw_row *row, uint32_t stream);

/* Only looks whether it is JSON: of a row that nobody is to get. */
enum rows_take rows_validate(struct rows *rows, const struct lw_row *row);

/* Takes the next row out of those that were kept; false: there is none. The caller knows its stream. */
bool rows_next_held(struct rows *rows, struct lw_row *ret_row, uint32_t *ret_stream);
/* Delivers it. */
enum rows_take rows_hand_over(
    struct rows *rows, const struct lw_rows *entry, const struct lw_row *row);

#endif
