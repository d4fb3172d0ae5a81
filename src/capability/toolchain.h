/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CAPABILITY_TOOLCHAIN_H
#define LW_CAPABILITY_TOOLCHAIN_H

#include <limits.h>
#include <stdbool.h>

#include "leanworker/capability.h"

#define TOOLCHAIN_VERSION_ROOM 64

/* The toolchain of a build: that of its options, else of its project. */
lw_code toolchain_find_for(const struct lw_build_options *build, struct lw_toolchain *ret_toolchain,
    struct lw_error *ret_error);

/* The toolchain that a libleanshared.so is in; false and "" where it is in none. */
bool toolchain_root_of(const char *runtime, char ret_sysroot[PATH_MAX]);

/* The version of the toolchain that this libleanshared.so is in; false where nothing tells. */
bool toolchain_version_of(const char *runtime, char ret[TOOLCHAIN_VERSION_ROOM]);

#endif
