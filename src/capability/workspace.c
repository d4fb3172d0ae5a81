/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/workspace.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "capability/files.h"
#include "parent/error.h"

#define MANIFEST      "lake-manifest.json"
#define MANIFEST_MOST ((size_t)4 << 20)
#define QUOTE_SIZE    2 /* bytes of « and of » */

static void
forget(struct workspace *w)
{
	for (size_t i = 0; i < w->count; i++) {
		sys_free(w->packages[i].name);
		sys_free(w->packages[i].folder);
	}
	sys_free(w->packages);
	sys_free(w->name);
	w->packages = NULL;
	w->name = NULL;
	w->count = 0;
}

void
workspace_release(struct workspace *workspace)
{
	forget(workspace);
}

/* A name that is no identifier is quoted in the manifest, and not in the file system. */
static void
unquote(char *ret, size_t room, const char *name)
{
	size_t size = strlen(name);

	if (size > 2 * QUOTE_SIZE && strncmp(name, "«", QUOTE_SIZE) == 0 &&
	    strcmp(name + size - QUOTE_SIZE, "»") == 0)
		(void)snprintf(ret, room, "%.*s", (int)(size - 2 * QUOTE_SIZE), name + QUOTE_SIZE);
	else
		(void)snprintf(ret, room, "%s", name);
}

static const char *
text_of(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && *text != '\0' ? text : otherwise;
}

/* Where Lake keeps a package: in its own folder, or below the one where it fetches them. */
static const char *
folder_of(const struct workspace *w, const json_t *root, const json_t *entry, char ret[PATH_MAX])
{
	char fetched[PATH_MAX], package[PATH_MAX], name[256];
	const char *type = text_of(entry, "type", ""), *folder = text_of(entry, "dir", NULL);
	bool joined;

	if (strcmp(type, "path") == 0) {
		if (folder == NULL)
			return "of type path has no \"dir\"";
		joined = file_join(ret, w->root, folder);
	} else if (strcmp(type, "git") == 0) {
		unquote(name, sizeof name, text_of(entry, "name", "?"));
		joined = file_join(
			     fetched, w->root, text_of(root, "packagesDir", ".lake/packages")) &&
			 file_join(package, fetched, name) &&
			 file_join(ret, package, text_of(entry, "subDir", "."));
	} else {
		return "is of a type that is not known; it must be path or git";
	}
	return joined ? NULL : "has a path that is too long";
}

static lw_code
read_packages(struct workspace *w, const json_t *root, struct lw_error *ret_error)
{
	json_t *list = json_object_get(root, "packages"), *entry;
	size_t i;

	w->name = sys_strdup(text_of(root, "name", ""));
	w->packages = sys_alloc((json_array_size(list) + 1) * sizeof *w->packages);
	if (w->packages == NULL || w->name == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for packages");
	json_array_foreach(list, i, entry)
	{
		struct package *p = &w->packages[w->count];
		char folder[PATH_MAX];
		const char *fault = folder_of(w, root, entry, folder);

		if (fault != NULL)
			return error_set(ret_error, LW_V_PROJECT_NOT_FOUND,
			    "%s/" MANIFEST ": package \"%s\" %s", w->root,
			    text_of(entry, "name", "?"), fault);
		p->name = sys_strdup(text_of(entry, "name", "?"));
		p->folder = sys_strdup(folder);
		w->count++;
		if (p->name == NULL || p->folder == NULL)
			return error_set(ret_error, LW_V_NO_MEMORY, "no memory for packages");
	}
	return LW_OK;
}

lw_code
workspace_read(struct workspace *workspace, struct lw_error *ret_error)
{
	struct buffer text = BUFFER_EMPTY;
	char path[PATH_MAX];
	json_error_t why;
	json_t *root;
	lw_code code;

	forget(workspace);
	if (!file_join(path, workspace->root, MANIFEST))
		return error_set(
		    ret_error, LW_V_PROJECT_NOT_FOUND, "the project's path is too long");
	if (!file_read(path, MANIFEST_MOST, &text))
		return errno == ENOENT ? LW_OK
				       : error_set_errno(ret_error, LW_V_PROJECT_NOT_FOUND, path);
	root = json_loads((const char *)buffer_front(&text), 0, &why);
	buffer_free(&text);
	if (!json_is_object(root)) {
		json_decref(root);
		return error_set(ret_error, LW_V_PROJECT_NOT_FOUND,
		    "%s:%d:%d: %s. `lake update` writes it anew.", path, why.line, why.column,
		    root ? "it is not a JSON object" : why.text);
	}
	code = read_packages(workspace, root, ret_error);
	json_decref(root);
	return code;
}

static bool
has(const struct workspace *w, const char *file)
{
	char path[PATH_MAX];

	return file_join(path, w->root, file) && access(path, F_OK) == 0;
}

lw_code
workspace_open(const char *root, struct workspace *ret, struct lw_error *ret_error)
{
	*ret = (struct workspace){ .count = 0 };
	if (realpath(root, ret->root) == NULL)
		return error_set_errno(ret_error, LW_V_PROJECT_NOT_FOUND, root);
	if (!has(ret, "lakefile.lean") && !has(ret, "lakefile.toml"))
		return error_set(ret_error, LW_V_PROJECT_NOT_FOUND,
		    "%s has no lakefile.lean and no lakefile.toml", ret->root);
	return workspace_read(ret, ret_error);
}

/* How long the way to the folder is; 0: the file is not in it. */
static size_t
is_in(const char *folder, const char *path)
{
	char real[PATH_MAX];
	size_t size;

	if (realpath(folder, real) == NULL)
		return 0;
	size = strlen(real);
	return strncmp(path, real, size) == 0 && path[size] == '/' ? size : 0;
}

/* Packages may lie within each other, as fetched ones do in the root: the nearest counts. */
const char *
workspace_package_of(const struct workspace *workspace, const char *path)
{
	const char *name = workspace->name;
	size_t nearest = is_in(workspace->root, path);

	for (size_t i = 0; i < workspace->count; i++) {
		size_t way = is_in(workspace->packages[i].folder, path);

		if (way > nearest) {
			nearest = way;
			name = workspace->packages[i].name;
		}
	}
	return name;
}

/* Whether one of its lakefiles has the word. */
static bool
requires_something(const struct workspace *w)
{
	static const char *const names[] = { "lakefile.lean", "lakefile.toml" };
	bool found = false;

	for (int i = 0; i < 2; i++) {
		struct buffer text = BUFFER_EMPTY;
		char path[PATH_MAX];

		if (file_join(path, w->root, names[i]) && file_read(path, MANIFEST_MOST, &text))
			found = found || strstr((const char *)buffer_front(&text), "require");
		buffer_free(&text);
	}
	return found;
}

lw_code
workspace_check_packages(const struct workspace *workspace, struct lw_error *ret_error)
{
	char list[512] = "";
	size_t size = 0;

	/* Lake would resolve them now, and let a package's hook of that moment fetch what it likes. */
	if (workspace->name == NULL && requires_something(workspace))
		return error_set(ret_error, LW_V_BUILD_PACKAGES,
		    "%s requires packages and has no " MANIFEST
		    " yet. Run `lake update` in it once, or allow Lake to fetch.",
		    workspace->root);
	for (size_t i = 0; i < workspace->count && size < sizeof list; i++)
		if (access(workspace->packages[i].folder, F_OK) < 0)
			size += (size_t)snprintf(list + size, sizeof list - size, "%s%s (%s)",
			    size > 0 ? ", " : "", workspace->packages[i].name,
			    workspace->packages[i].folder);
	if (size == 0)
		return LW_OK;
	return error_set(ret_error, LW_V_BUILD_PACKAGES,
	    "Lake would have to fetch: %s. Run `lake build` in %s once, or allow it.", list,
	    workspace->root);
}
