/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

#define COUNT(array)    (sizeof(array) / sizeof(array)[0])
#define SYSROOT_ENTRIES 2

/* docs/environment.md says why each is here; a secret of the application's never is. */
static const char *const passed[] = {
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"TMPDIR",
	"TZ",
	"LEAN_PATH",
	"LEAN_NUM_THREADS",
};

/*
 * Without LEAN_ABORT_ON_PANIC a Lean panic prints and goes on with a default value: wrong rows,
 * well formed. The panic's backtrace runs Lean code in a broken process.
 */
static const char *const set[] = {
	"LEAN_ABORT_ON_PANIC=1",
	"LEAN_BACKTRACE=0",
	"LC_ALL=C.UTF-8",
};

struct list {
	char **entry; /* room for all that can come, and the NULL behind it */
	size_t count;
	bool no_memory;
};

static size_t
name_size(const char *entry)
{
	return strcspn(entry, "=") + 1;
}

static void
add(struct list *list, const char *entry)
{
	char *copy = sys_strdup(entry);
	size_t at = 0, size = name_size(entry);

	while (at < list->count && strncmp(list->entry[at], entry, size) != 0)
		at++;
	if (copy == NULL) {
		list->no_memory = true;
		return;
	}
	sys_free(list->entry[at]); /* a later entry of the same name wins */
	list->entry[at] = copy;
	list->count += at == list->count;
}

static void
add_named(struct list *list, const char *name, const char *value, const char *more)
{
	size_t size = strlen(name) + strlen(value) + strlen(more) + 2;
	char *entry = sys_alloc(size);

	if (entry == NULL) {
		list->no_memory = true;
		return;
	}
	(void)snprintf(entry, size, "%s=%s%s", name, value, more);
	add(list, entry);
	sys_free(entry);
}

static void
add_sysroot(struct list *list, const char *sysroot)
{
	add_named(list, "LEAN_SYSROOT", sysroot, "");
	add_named(list, "LD_LIBRARY_PATH", sysroot, "/lib/lean");
}

static void
fill(struct list *list, const char *const *additions, const char *lean_sysroot)
{
	for (size_t i = 0; i < COUNT(passed); i++) {
		const char *value = getenv(passed[i]);

		if (value != NULL)
			add_named(list, passed[i], value, "");
	}
	for (size_t i = 0; i < COUNT(set); i++)
		add(list, set[i]);
	if (lean_sysroot != NULL)
		add_sysroot(list, lean_sysroot);
	for (size_t i = 0; additions != NULL && additions[i] != NULL; i++)
		add(list, additions[i]);
}

void
environment_free(char **environment)
{
	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		sys_free(environment[i]);
	sys_free(environment);
}

char **
environment_make(const char *const *additions, const char *lean_sysroot)
{
	size_t room = COUNT(passed) + COUNT(set) + SYSROOT_ENTRIES + 1;
	struct list list = { .count = 0 };

	for (size_t i = 0; additions != NULL && additions[i] != NULL; i++)
		room++;
	list.entry = sys_alloc(room * sizeof *list.entry);
	if (list.entry == NULL)
		return NULL;
	fill(&list, additions, lean_sysroot);
	if (!list.no_memory)
		return list.entry;
	environment_free(list.entry);
	return NULL;
}
