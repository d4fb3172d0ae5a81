/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/names.h"

#include <stddef.h>
#include <string.h>

static bool
starts_with_one_of(const char *name, const char *const *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* lp_: of a package; l_: of none; three underscores: boxed, specialised, lifted and the like. */
bool
name_is_definition(const char *name)
{
	static const char *const prefixes[] = { "lp_", "l_" };

	return starts_with_one_of(name, prefixes, 2) || strstr(name, "___") != NULL;
}

bool
name_is_generated(const char *name)
{
	static const char *const prefixes[] = { "initialize_", "runtime_initialize_",
		"meta_initialize_", "_init_" };

	return name_is_definition(name) || starts_with_one_of(name, prefixes, 4);
}

bool
name_is_short_for(const char *short_name, const char *export_name)
{
	size_t size = strlen(short_name), whole = strlen(export_name);

	return size > 0 && whole > size + 1 && export_name[whole - size - 1] == '_' &&
	       strcmp(export_name + whole - size, short_name) == 0 &&
	       !name_is_generated(export_name);
}
