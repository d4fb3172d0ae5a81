/* SPDX-License-Identifier: Apache-2.0 */
/* What leanworker-child --inspect says of a library, read into the public struct. */
#ifndef LW_CAPABILITY_INSPECTION_H
#define LW_CAPABILITY_INSPECTION_H

#include <stdbool.h>

#include "base/deadline.h"
#include "leanworker/capability.h"

struct inspector {
	const char *child; /* leanworker-child, resolved */
	struct deadline until;
	lw_cancel_token *cancel;
	bool brief; /* without the names of definitions: libraries may have a million of them */
};

/* *ret begins as LW_EXPORTS_INIT, and is to be cleared whatever this returns. */
lw_code inspect_library(const struct inspector *inspector, const char *library,
    struct lw_exports *ret, struct lw_error *ret_error);

const struct lw_export *exports_get(const struct lw_exports *exports, const char *name);
bool exports_need(const struct lw_exports *exports, const char *name); /* by DT_NEEDED */

#endif
