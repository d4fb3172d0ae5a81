/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What elan has on this machine, read from its folder. elan itself, and the programs that it puts on the
 * PATH, are never called: they may download.
 */
#ifndef LW_CAPABILITY_ELAN_H
#define LW_CAPABILITY_ELAN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define ELAN_NAME_MAX 256 /* of a toolchain's name */

/* ELAN_HOME, else ~/.elan; false: nothing names one. */
bool elan_home(char ret_path[PATH_MAX]);

/* Whether this `lean` is elan's proxy: elan itself under another name, or with elan beside it. */
bool elan_is_proxy(const char *program);

/* The first line of a lean-toolchain file, without white space around it; false: no such file. */
bool elan_read_toolchain_file(const char *path, char *ret_name, size_t room);

/* The toolchain that elan takes where nothing names one; false: it has none. */
bool elan_default(const char *home, char *ret_name, size_t room);

/* Whether elan might fetch what has this name: it is no path, and of the form of a release or a channel. */
bool elan_is_installable(const char *name);

/*
 * The folder of the toolchain that a name of elan's means, seen from a folder (of the file with the
 * name). home is "" where elan has none. It need not be there. "stable", "beta" and "nightly" are the newest that is installed. NULL, or
 * why the name has no folder.
 */
const char *elan_folder(
    const char *home, const char *from, const char *name, char ret_path[PATH_MAX]);

#endif
