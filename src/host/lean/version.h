/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which versions of Lean are served. Below 4.26 an IO result has another shape and functions take a
 * token that is gone since: such a runtime is refused, because its mistakes would be silent.
 */
#ifndef LWL_VERSION_H
#define LWL_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct lwl_version {
	unsigned major, minor, patch;
};

enum lwl_support {
	LWL_VERSION_SERVED,
	LWL_VERSION_OLDER,   /* accepted, but not what this build was made for */
	LWL_VERSION_NEWER,   /* accepted */
	LWL_VERSION_UNKNOWN, /* accepted: the text is not a version */
	LWL_VERSION_REFUSED,
};

#define LWL_VERSION_WINDOW "4.30 to 4.34"
#define LWL_VERSION_LOWEST "4.26"

/* "4.28.0", "4.34.0-rc2", "4.35.0-pre, commit ..."; what follows the numbers is not looked at. */
bool lwl_version_parse(const char *text, struct lwl_version *ret_version);
/* What to make of it; ret_warning gets a sentence, or "" where there is nothing to say. */
enum lwl_support lwl_version_judge(const char *text, char *ret_warning, size_t room);

#endif
