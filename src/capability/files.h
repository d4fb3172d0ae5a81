/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and small files of a build. */
#ifndef LW_CAPABILITY_FILES_H
#define LW_CAPABILITY_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Both parts with a slash between, or the second where that is absolute; false: too long. */
bool file_join(char ret[PATH_MAX], const char *folder, const char *name);

/* Makes the folders that are missing in the way to a file; false with errno. */
bool file_make_folders(const char *path);

/* The whole of a file, terminated, and at most so much; false with errno (EFBIG). */
bool file_read(const char *path, size_t most, struct buffer *ret);

/*
 * Makes the file have this content, all at once for whoever reads it; one that has it already is left
 * alone, with its times. False with errno.
 */
bool file_write(const char *path, const void *bytes, size_t size);

/* The way from a folder to a file, both absolute and without symbolic links; false: too long. */
bool file_relative(char ret[PATH_MAX], const char *folder, const char *path);

#endif
