/* SPDX-License-Identifier: Apache-2.0 */
/* A failure as JSON, and back: `--json` writes it, `leanworker explain` reads it. */
#ifndef LW_CLI_FAILURE_H
#define LW_CLI_FAILURE_H

#include <jansson.h>

#include "leanworker/leanworker.h"

json_t *failure_to_json(const struct lw_error *error); /* NULL: no memory */

/* NULL, or what is wrong with it. Members that are missing are as in a failure without them. */
const char *failure_from_json(const json_t *json, struct lw_error *ret_error);

/* -1: there is no verdict of this name. */
int failure_find_verdict(const char *name);

#endif
