/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The libraries that a Lake-built library needs, found by what it leaves undefined: on Linux Lake names
 * none of them in the library itself.
 */
#ifndef LW_CAPABILITY_CLOSURE_H
#define LW_CAPABILITY_CLOSURE_H

#include "capability/inspection.h"
#include "capability/workspace.h"

#define CLOSURE_MAX 256 /* as a manifest */

struct closure {
	char *paths[CLOSURE_MAX]; /* what is needed first comes first; without the library itself */
	size_t count;
};

/*
 * Looks for them beside the library and in .lake/build/lib of each package. LW_E_BUILD (BUILD_OUTPUT):
 * nobody defines a module's initialiser, or two libraries do. To be released in any case.
 */
lw_code closure_find(const struct workspace *workspace, const char *library,
    const struct inspector *inspector, struct closure *ret, struct lw_error *ret_error);
void closure_release(struct closure *closure);

#endif
