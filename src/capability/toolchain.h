/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CAPABILITY_TOOLCHAIN_H
#define LW_CAPABILITY_TOOLCHAIN_H

#include <stdbool.h>

#define TOOLCHAIN_VERSION_ROOM 64

/* The version of the toolchain that this libleanshared.so is in; false where nothing tells. */
bool toolchain_version_of(const char *runtime, char ret[TOOLCHAIN_VERSION_ROOM]);

#endif
