/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

#define ENTRIES_MAX 512

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
	char *entry[ENTRIES_MAX + 1];
	size_t count;
	bool full;
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
	if (copy == NULL || at == ENTRIES_MAX) {
		sys_free(copy);
		list->full = true;
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
		list->full = true;
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
	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
		const char *value = getenv(passed[i]);

		if (value != NULL)
			add_named(list, passed[i], value, "");
	}
	for (size_t i = 0; i < sizeof set / sizeof set[0]; i++)
		add(list, set[i]);
	if (lean_sysroot != NULL)
		add_sysroot(list, lean_sysroot);
	for (size_t i = 0; additions != NULL && additions[i] != NULL; i++)
		add(list, additions[i]);
}

char **
environment_make(const char *const *additions, const char *lean_sysroot)
{
	struct list *list = sys_alloc(sizeof *list);
	char **made = NULL;

	if (list == NULL)
		return NULL;
	fill(list, additions, lean_sysroot);
	if (!list->full)
		made = sys_alloc((list->count + 1) * sizeof *made);
	if (made != NULL)
		memcpy(made, list->entry, list->count * sizeof *made);
	else
		for (size_t i = 0; i < list->count; i++)
			sys_free(list->entry[i]);
	sys_free(list);
	return made;
}

void
environment_free(char **environment)
{
	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		sys_free(environment[i]);
	sys_free(environment);
}
