/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests that lean-rs writes: lean-rs-capability.json, schema 2. */
#ifndef LW_CAPABILITY_LEAN_RS_H
#define LW_CAPABILITY_LEAN_RS_H

#include <jansson.h>
#include <stdbool.h>

#include "leanworker/leanworker.h"

/* Whether this is one, of any schema. */
bool lean_rs_is(const json_t *root);

/* The same as a manifest of ours; *ret is the caller's. The path is for messages. */
lw_code lean_rs_translate(
    const char *path, const json_t *root, json_t **ret, struct lw_error *ret_error);

#endif
