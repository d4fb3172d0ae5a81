/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of Lake: `lake query LIBRARY:shared` builds what `lake build` builds, and prints where it is.
 */
#ifndef LW_CAPABILITY_LAKE_H
#define LW_CAPABILITY_LAKE_H

#include <limits.h>

#include "base/deadline.h"
#include "leanworker/capability.h"

struct lake {
	const struct lw_build_options *options;
	const char *root;    /* of the project */
	const char *sysroot; /* of the toolchain */
	const char *child;   /* leanworker-child, resolved */
	struct deadline until;
};

/* The path of the shared library, absolute and without symbolic links. */
lw_code lake_build(const struct lake *lake, char ret_library[PATH_MAX], struct lw_error *ret_error);

#endif
