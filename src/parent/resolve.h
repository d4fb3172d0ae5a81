/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_RESOLVE_H
#define LW_PARENT_RESOLVE_H

#include <stddef.h>

#include "leanworker/leanworker.h"

/*
 * Where leanworker-child is; *ret_path is to be freed. The explicit path (NULL for none) and
 * LEANWORKER_CHILD are final; other places are tried in order, and an error lists them all.
 */
lw_code resolve_child(const char *explicit_path, char **ret_path, struct lw_error *ret_error);

/* The same for the folder of the Lake package that comes with the library; LEANWORKER_PACKAGE is final. */
lw_code resolve_package(char **ret_path, struct lw_error *ret_error);

/* 0, or errno: why the path is not a program; a folder is none, though it passes for executable. */
int resolve_check_program(const char *path);

/* Adds a place that was tried, and what was found there, to a text of so much room; cut to fit. */
void resolve_note(
    char *text, size_t room, size_t *size, const char *place, const char *path, const char *result);

#endif
