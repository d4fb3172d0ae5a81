/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "base/utf8.h"
#include "capability/files.h"
#include "capability/workspace.h"
#include "parent/error.h"

#define OF_PACKAGE   ".lake/build/lib/lean"
#define OF_TOOLCHAIN "lib/lean"
#define OPENING      "\xc2\xab" /* the quotes of a part that is no identifier */
#define CLOSING      "\xc2\xbb"
#define QUOTE_SIZE   2

/* ---- Names --------------------------------------------------------------------------------- */

/* A part of a name without its quotes, and what is behind it; 0: it is none. */
static size_t
next_part(const char *at, const char **ret_part, const char **ret_behind)
{
	const char *end;

	if (strncmp(at, OPENING, QUOTE_SIZE) == 0) {
		*ret_part = at + QUOTE_SIZE;
		end = strstr(*ret_part, CLOSING);
		if (end == NULL)
			return 0;
		*ret_behind = end + QUOTE_SIZE;
	} else {
		*ret_part = at;
		end = at + strcspn(at, "./ \t\r\n");
		*ret_behind = end;
	}
	if (**ret_behind != '\0' && **ret_behind != '.')
		return 0;
	return (size_t)(end - *ret_part);
}

/* What stands for it in a file system: A/B; false: it is no name, or too long. */
static bool
path_of(const char *module, char ret[PATH_MAX])
{
	size_t size = 0;

	for (const char *at = module, *part, *behind; at != NULL;
	     at = *behind == '.' ? behind + 1 : NULL) {
		size_t length = next_part(at, &part, &behind);

		if (length == 0 || size + length + 2 > PATH_MAX ||
		    memchr(part, '/', length) != NULL || memchr(part, '\n', length) != NULL)
			return false;
		size += (size_t)snprintf(
		    ret + size, PATH_MAX - size, "%s%.*s", size > 0 ? "/" : "", (int)length, part);
	}
	return true;
}

bool
modules_is_name(const char *module)
{
	char path[PATH_MAX];

	return utf8_is_text(module) && path_of(module, path);
}

/* Lean looks no further than the first folder that has anything of the name's first part. */
static bool
has_first_part(const char *folder, const char *way)
{
	char name[PATH_MAX], path[PATH_MAX];
	int size = (int)strcspn(way, "/");

	(void)snprintf(name, sizeof name, "%.*s", size, way);
	if (file_join(path, folder, name) && access(path, F_OK) == 0)
		return true;
	return snprintf(name, sizeof name, "%.*s.olean", size, way) < PATH_MAX &&
	       file_join(path, folder, name) && access(path, F_OK) == 0;
}

bool
modules_find(const struct modules *modules, const char *module, char ret_path[PATH_MAX])
{
	char way[PATH_MAX], name[PATH_MAX];
	size_t i = 0;

	if (!path_of(module, way) || snprintf(name, sizeof name, "%s.olean", way) >= PATH_MAX)
		return false;
	while (i < modules->count && !has_first_part(modules->folders[i], way))
		i++;
	return i < modules->count && file_join(ret_path, modules->folders[i], name) &&
	       access(ret_path, R_OK) == 0;
}

bool
modules_is_of_toolchain(const char *module)
{
	static const char *const roots[] = { "Init", "Std", "Lean", "Lake" };
	size_t size = strcspn(module, ".");

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
		if (strlen(roots[i]) == size && strncmp(module, roots[i], size) == 0)
			return true;
	return false;
}

/* ---- Folders ------------------------------------------------------------------------------- */

static bool
add(struct modules *m, const char *folder, const char *below)
{
	char path[PATH_MAX];

	if (!file_join(path, folder, below))
		return true; /* nothing can be there */
	m->folders[m->count] = sys_strdup(path);
	return m->folders[m->count] != NULL && ++m->count > 0;
}

static bool
add_all(struct modules *m, const struct workspace *w, const char *sysroot)
{
	bool added = true;

	m->folders = sys_alloc((w->count + 2) * sizeof *m->folders);
	if (m->folders == NULL)
		return false;
	if (*m->root != '\0')
		added = add(m, m->root, OF_PACKAGE);
	for (size_t i = 0; i < w->count && added; i++)
		added = add(m, w->packages[i].folder, OF_PACKAGE);
	return added && add(m, sysroot, OF_TOOLCHAIN);
}

/* A folder without a lakefile is a workspace, too, for those who only read what was built in it. */
static lw_code
read_workspace(struct modules *m, const char *root, struct workspace *w, struct lw_error *ret_error)
{
	if (realpath(root, m->root) == NULL)
		return error_set_errno(ret_error, LW_V_PROJECT_NOT_FOUND, root);
	memcpy(w->root, m->root, sizeof w->root);
	return workspace_read(w, ret_error);
}

lw_code
modules_open(struct modules *ret, const char *root, const char *sysroot, struct lw_error *ret_error)
{
	struct workspace w = { .count = 0 };
	lw_code code = LW_OK;

	*ret = (struct modules){ .count = 0 };
	if (root != NULL)
		code = read_workspace(ret, root, &w, ret_error);
	if (code == LW_OK && !add_all(ret, &w, sysroot))
		code = error_set(ret_error, LW_V_NO_MEMORY, "no memory for a search path");
	workspace_release(&w);
	return code;
}

void
modules_release(struct modules *modules)
{
	for (size_t i = 0; i < modules->count; i++)
		sys_free(modules->folders[i]);
	sys_free(modules->folders);
	*modules = (struct modules){ .count = 0 };
}
