/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/description.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "base/utf8.h"
#include "capability/files.h"
#include "parent/error.h"

#define MANIFEST_MOST ((size_t)1 << 20)

static void
folder_of(const char *manifest, char ret[PATH_MAX])
{
	(void)snprintf(ret, PATH_MAX, "%.*s", (int)(strrchr(manifest, '/') - manifest), manifest);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static json_t *
relative(const struct description *d, const char *path)
{
	char folder[PATH_MAX], way[PATH_MAX];

	folder_of(d->manifest, folder);
	return file_relative(way, folder, path) ? json_string(way) : NULL;
}

static json_t *
describe(const struct description *d)
{
	json_t *root = json_object(), *list = json_array();
	int failed = 0;

	failed |= json_object_set_new(root, "leanworker_capability", json_integer(1));
	failed |= json_object_set_new(root, "host", json_string("lean"));
	failed |= json_object_set_new(root, "library", relative(d, d->library));
	for (size_t i = 0; i < d->closure->count; i++)
		failed |= json_array_append_new(list, relative(d, d->closure->paths[i]));
	failed |= json_object_set_new(root, "dependencies", list);
	if (d->package != NULL && *d->package != '\0')
		failed |= json_object_set_new(root, "package", json_string(d->package));
	failed |= json_object_set_new(root, "module", json_string(d->module));
	failed |= json_object_set_new(root, "runtime", json_string(d->toolchain->runtime));
	if (*d->toolchain->version != '\0')
		failed |= json_object_set_new(
		    root, "lean_version", json_string(d->toolchain->version));
	if (failed == 0)
		return root;
	json_decref(root);
	return NULL;
}

/* A path that the manifest names and JSON cannot; NULL: none. */
static const char *
find_unspeakable(const struct description *d)
{
	if (!utf8_is_text(d->toolchain->runtime))
		return d->toolchain->runtime;
	if (!utf8_is_text(d->library))
		return d->library;
	for (size_t i = 0; i < d->closure->count; i++)
		if (!utf8_is_text(d->closure->paths[i]))
			return d->closure->paths[i];
	return NULL;
}

static lw_code
say_undescribed(const struct description *d, struct lw_error *ret_error)
{
	const char *path = find_unspeakable(d);

	if (path == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");
	return error_set(ret_error, LW_V_BUILD_OUTPUT,
	    "%s: the path is not UTF-8, which a manifest has to be. Rename the folder.", path);
}

lw_code
description_write(const struct description *d, struct lw_error *ret_error)
{
	json_t *root = describe(d);
	size_t size = root ? json_dumpb(root, NULL, 0, JSON_INDENT(2)) : 0;
	char *text = size > 0 ? sys_alloc(size) : NULL;
	lw_code code = LW_OK;

	if (text == NULL || json_dumpb(root, text, size, JSON_INDENT(2)) != size)
		code = say_undescribed(d, ret_error);
	else if (!file_write(d->manifest, text, size))
		code = error_set_errno(ret_error, LW_V_BUILD_OUTPUT, d->manifest);
	sys_free(text);
	json_decref(root);
	return code;
}

/* ---- Reading --------------------------------------------------------------------------------- */

bool
description_read(const char *manifest, char ret_library[PATH_MAX], size_t *ret_dependencies)
{
	struct buffer text = BUFFER_EMPTY;
	char folder[PATH_MAX], whole[PATH_MAX];
	const char *library;
	json_t *root;
	bool found;

	if (!file_read(manifest, MANIFEST_MOST, &text))
		return false;
	root = json_loads((const char *)buffer_front(&text), 0, NULL);
	buffer_free(&text);
	library = json_string_value(json_object_get(root, "library"));
	folder_of(manifest, folder);
	found = library != NULL && file_join(whole, folder, library) &&
		realpath(whole, ret_library) != NULL;
	*ret_dependencies = json_array_size(json_object_get(root, "dependencies"));
	json_decref(root);
	return found;
}
