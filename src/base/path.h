/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_BASE_PATH_H
#define LW_BASE_PATH_H

/*
 * The same place for a process that has gone to another folder: absolute, symbolic links as they
 * are. To be freed; NULL with errno.
 */
char *path_absolute(const char *path);

#endif
