/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Lake package that comes with this library, where Lake may build it: a copy in the user's cache,
 * one for each toolchain.
 */
#ifndef LW_CAPABILITY_PACKAGE_H
#define LW_CAPABILITY_PACKAGE_H

#include <limits.h>

#include "leanworker/capability.h"

#define PACKAGE_LIBRARY "LeanWorkerLean" /* the library of it that inspects what was imported */

/* LW_E_BUILD: the package is not here (PACKAGE_NOT_FOUND), or cannot be copied (BUILD_OUTPUT). */
lw_code package_provide(
    const struct lw_toolchain *toolchain, char ret_root[PATH_MAX], struct lw_error *ret_error);

#endif
