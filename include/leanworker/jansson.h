/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows, summaries and replies as jansson's values, for programs that do not know their shape. The
 * program links jansson itself (-ljansson).
 *
 *      static int print(void *context, const struct lw_row *row, const struct lw_jansson *value);
 *      const struct lw_rows rows[] = { LW_ROWS(NULL, lw_jansson, print) };
 *
 *      struct lw_jansson answer;
 *      reply.into = LW_INTO(lw_jansson, &answer);
 *
 * What jansson refuses, such as 1e400, a number beyond 64 bits or a key that comes twice, does not fit: LW_E_DECODE, and the
 * worker is as good as before.
 */
#ifndef LEANWORKER_JANSSON_H
#define LEANWORKER_JANSSON_H

#include <jansson.h>

#include "leanworker/leanworker.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lw_jansson {
	/* Of a row: borrowed, json_incref keeps it. Of a summary or a reply: the caller's, json_decref. */
	json_t *json;
};

static inline bool
lw_jansson_decode_(
    const char *json, size_t size, void *ret_value, const char **ret_why, size_t *ret_offset)
{
	static __thread json_error_t error;
	json_t *value = json_loadb(
	    json, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);

	if (value == NULL) {
		*ret_why = error.text;
		*ret_offset = error.position > 0 ? LW_POINTER_(size_t, error.position) : 0;
		return false;
	}
	LW_POINTER_(struct lw_jansson *, ret_value)->json = value;
	return true;
}

static inline void
lw_jansson_release_(void *value)
{
	json_decref(LW_POINTER_(struct lw_jansson *, value)->json);
}

LW_DECODER(lw_jansson, struct lw_jansson, lw_jansson_decode_, lw_jansson_release_);

#ifdef __cplusplus
}
#endif

#endif
