/* SPDX-License-Identifier: Apache-2.0 */
/* What a build writes down of what it has built: the manifest, which lw_capability_load reads. */
#ifndef LW_CAPABILITY_DESCRIPTION_H
#define LW_CAPABILITY_DESCRIPTION_H

#include "capability/closure.h"

struct description {
	const char *manifest, *library; /* absolute, without symbolic links */
	const struct closure *closure;
	const struct lw_toolchain *toolchain;
	const char *package; /* NULL or "": unknown */
	const char *module;
};

/* LW_E_BUILD (BUILD_OUTPUT): it cannot be written, or a path is none that JSON can hold. */
lw_code description_write(const struct description *d, struct lw_error *ret_error);

/* What a manifest says that was written before; false: build it again. */
bool description_read(const char *manifest, char ret_library[PATH_MAX], size_t *ret_dependencies);

#endif
