/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/lean_version.h"

#include <stdio.h>

#define MAJOR        4
#define LOWEST_MINOR 26
#define FIRST_MINOR  30
#define LAST_MINOR   34
#define DIGITS_MAX   6

/* Not strtoul: it would take white space and signs. */
static bool
read_number(const char **at, unsigned *ret)
{
	const char *start = *at;
	unsigned value = 0;

	while (**at >= '0' && **at <= '9' && *at - start < DIGITS_MAX)
		value = value * 10 + (unsigned)(*(*at)++ - '0');
	*ret = value;
	return *at > start;
}

static bool
read_dot(const char **at)
{
	if (**at != '.')
		return false;
	++*at;
	return true;
}

bool
lean_version_parse(const char *text, struct lean_version *ret_version)
{
	struct lean_version v;

	if (!read_number(&text, &v.major) || !read_dot(&text) || !read_number(&text, &v.minor) ||
	    !read_dot(&text) || !read_number(&text, &v.patch))
		return false;
	if (*text != '\0' && *text != '-' && *text != ',' && *text != ' ' && *text != '+')
		return false;
	*ret_version = v;
	return true;
}

static enum lean_support
judge(struct lean_version v)
{
	if (v.major < MAJOR || (v.major == MAJOR && v.minor < LOWEST_MINOR))
		return LEAN_VERSION_REFUSED;
	if (v.major > MAJOR || v.minor > LAST_MINOR)
		return LEAN_VERSION_NEWER;
	return v.minor < FIRST_MINOR ? LEAN_VERSION_OLDER : LEAN_VERSION_SERVED;
}

static void
warn(enum lean_support support, const char *text, char *ret_warning, size_t room)
{
	ret_warning[0] = '\0';
	if (support == LEAN_VERSION_OLDER)
		(void)snprintf(ret_warning, room,
		    "Lean %s is older than " LEAN_VERSION_WINDOW
		    ", which leanworker was built for; it is accepted because its calling "
		    "convention is "
		    "the same since " LEAN_VERSION_LOWEST,
		    text);
	else if (support == LEAN_VERSION_NEWER)
		(void)snprintf(ret_warning, room,
		    "Lean %s is newer than " LEAN_VERSION_WINDOW
		    ", which leanworker was built for; if requests crash, use an older toolchain "
		    "or "
		    "a "
		    "newer leanworker",
		    text);
	else if (support == LEAN_VERSION_UNKNOWN)
		(void)snprintf(ret_warning, room,
		    "the runtime tells no version that can be read (\"%s\"); "
		    "leanworker was built for Lean " LEAN_VERSION_WINDOW,
		    text);
}

enum lean_support
lean_version_judge(const char *text, char *ret_warning, size_t room)
{
	struct lean_version version;
	enum lean_support support = LEAN_VERSION_UNKNOWN;

	if (lean_version_parse(text, &version))
		support = judge(version);
	warn(support, text, ret_warning, room);
	return support;
}
