/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the compiled modules of a Lake workspace are, as LeanWorkerLean.Session looks for them in the
 * child: in each package below .lake/build/lib/lean, and in the toolchain below lib/lean.
 */
#ifndef LW_CAPABILITY_MODULES_H
#define LW_CAPABILITY_MODULES_H

#include <limits.h>
#include <stdbool.h>

#include "leanworker/capability.h"

struct modules {
	char root[PATH_MAX]; /* of the workspace, without symbolic links; "": none */
	char **folders;
	size_t count;
};

/* root: NULL for none. To be released in any case. LW_E_BUILD (PROJECT_NOT_FOUND). */
lw_code modules_open(
    struct modules *ret, const char *root, const char *sysroot, struct lw_error *ret_error);
void modules_release(struct modules *modules);

/* "A.B", "My.«odd name»". */
bool modules_is_name(const char *module);

/* The .olean file of a module that is one; false: there is none. */
bool modules_find(const struct modules *modules, const char *module, char ret_path[PATH_MAX]);

/* Of Init, Std, Lean or Lake, which nobody builds but who makes a toolchain. */
bool modules_is_of_toolchain(const char *module);

#endif
