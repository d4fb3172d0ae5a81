/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/names.h"

#include <stdio.h>
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
name_ends_in(const char *export_name, const char *short_name)
{
	size_t size = strlen(short_name), whole = strlen(export_name);

	return size > 0 && whole > size + 1 && export_name[whole - size - 1] == '_' &&
	       strcmp(export_name + whole - size, short_name) == 0 &&
	       !name_is_generated(export_name);
}

/* Of the session, and of the shim: a library that contains them is not about them. */
static bool
is_of_package(const char *name)
{
	static const char *const prefixes[] = { "leanworker_session_", "leanworker_emit",
		"leanworker_cancelled", "leanworker_attach", "_" };

	return starts_with_one_of(name, prefixes, 5);
}

void
name_family_add(struct name_family *family, const char *export_name)
{
	if (name_is_generated(export_name) || is_of_package(export_name))
		return;
	family->chosen++;
	family->alike += strncmp(export_name, family->name, family->prefix) == 0;
}

bool
name_family_is_large(const struct name_family *family)
{
	return 2 * family->alike >= family->chosen;
}

/* ---- Choosing ------------------------------------------------------------------------------ */

struct search {
	const char *short_name;
	struct name_candidates *found;
};

static void
note_candidate(void *context, const char *name)
{
	const struct search *s = context;

	if (s->found->count < NAME_CANDIDATES_MAX && name_ends_in(name, s->short_name))
		s->found->list[s->found->count++] = name;
}

static void
note_member(void *family, const char *name)
{
	name_family_add(family, name);
}

static const char *
choose(const char *short_name, name_each *each, void *library, const struct name_candidates *c)
{
	const char *chosen = NULL;

	for (size_t i = 0; i < c->count; i++) {
		struct name_family family = { .name = c->list[i],
			.prefix = strlen(c->list[i]) - strlen(short_name) };

		each(library, note_member, &family);
		if (!name_family_is_large(&family))
			continue;
		if (chosen != NULL)
			return NULL;
		chosen = c->list[i];
	}
	return chosen;
}

void
name_find(const char *short_name, name_each *each, void *library, struct name_candidates *ret)
{
	struct search s = { .short_name = short_name, .found = ret };

	*ret = (struct name_candidates){ .count = 0 };
	each(library, note_candidate, &s);
	ret->meant = choose(short_name, each, library, ret);
}

void
name_list(const struct name_candidates *c, size_t most, char *ret_text, size_t room)
{
	size_t size = 0;

	*ret_text = '\0';
	for (size_t i = 0; i < c->count && i < most && size < room; i++)
		size += (size_t)snprintf(
		    ret_text + size, room - size, "%s%s", i > 0 ? ", " : "", c->list[i]);
}
