/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CAPABILITY_VERSION_H
#define LW_CAPABILITY_VERSION_H

#include <stdbool.h>

/*
 * Orders versions as Semantic Versioning 2.0.0, section 11, does; a "v" in front is no part of one,
 * and one to four numbers are allowed, those that are missing being 0. What follows a "+" is ignored.
 */
bool version_is_one(const char *text);
int version_compare(const char *a, const char *b); /* of two that are; < 0, 0, > 0 */

#endif
