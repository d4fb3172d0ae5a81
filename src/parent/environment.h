/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_ENVIRONMENT_H
#define LW_PARENT_ENVIRONMENT_H

/*
 * The environment of a child: what the allow-list lets through, what Lean needs, and the caller's
 * additions, which win. A NULL-terminated list, to be freed with environment_free; NULL when there
 * is no memory.
 */
char **environment_make(const char *const *additions, const char *lean_sysroot);
void environment_free(char **environment);

#endif
