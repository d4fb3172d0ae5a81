/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_RECIPE_H
#define LW_PARENT_RECIPE_H

#include <stdatomic.h>

#include "leanworker/leanworker.h"
#include "parent/child.h"

/* A capability is an immutable recipe, shared by those who may need to open it again. */
struct lw_capability {
	atomic_uint holders;
	struct child_recipe recipe; /* its texts are ours */
	char **dependencies;
	const char *lean_version; /* that it was built with; "": unknown */
};

lw_capability *capability_hold(const lw_capability *capability);

/* Whether this is the host of capabilities in C, which have no runtime and no root module. */
bool capability_is_native(const char *host);

/* Whether a child that opened one may serve the other. */
bool capability_same(const lw_capability *a, const lw_capability *b);

#endif
