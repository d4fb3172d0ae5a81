/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which versions of Lean are served. Below 4.26 an IO result has another shape and functions take a
 * token that is gone since: such a runtime is refused, because its mistakes would be silent.
 */
#ifndef LW_WIRE_LEAN_VERSION_H
#define LW_WIRE_LEAN_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct lean_version {
	unsigned major, minor, patch;
};

enum lean_support {
	LEAN_VERSION_SERVED,
	LEAN_VERSION_OLDER,   /* accepted, but not what this build was made for */
	LEAN_VERSION_NEWER,   /* accepted */
	LEAN_VERSION_UNKNOWN, /* accepted: the text is not a version */
	LEAN_VERSION_REFUSED,
};

#define LEAN_VERSION_WINDOW "4.30 to 4.34"
#define LEAN_VERSION_LOWEST "4.26"

/* "4.28.0", "4.34.0-rc2", "4.35.0-pre, commit ..."; what follows the numbers is not looked at. */
bool lean_version_parse(const char *text, struct lean_version *ret_version);
/* What to make of it; ret_warning gets a sentence, or "" where there is nothing to say. */
enum lean_support lean_version_judge(const char *text, char *ret_warning, size_t room);

#endif
