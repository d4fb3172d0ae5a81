/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is left out: signatures of exports, because exports are read from the library; search folders;
 * initialisers of dependencies, which the root module's initialiser runs; and whether a dependency's
 * symbols are for others, because here all are.
 */
#include "capability/lean_rs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "parent/error.h"

#define SCHEMA         2
#define RUNTIME_BEHIND "/lib/lean/libleanshared.so"

bool
lean_rs_is(const json_t *root)
{
	return json_object_get(root, "leanworker_capability") == NULL &&
	       json_object_get(root, "schema_version") != NULL;
}

static lw_code
fault(const char *path, const char *key, const char *what, struct lw_error *ret_error)
{
	return error_set(ret_error, LW_V_MANIFEST, "%s: \"%s\" %s", path, key, what);
}

/* A text that must be there, copied under our key. */
static lw_code
copy_text(const char *path, const json_t *root, const char *key, json_t *ret, const char *our_key,
    struct lw_error *ret_error)
{
	json_t *value = json_object_get(root, key);

	if (!json_is_string(value) || json_string_length(value) == 0)
		return fault(path, key, value ? "must be a text that is not empty" : "is missing",
		    ret_error);
	return json_object_set(ret, our_key, value) == 0
		   ? LW_OK
		   : error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");
}

static lw_code
copy_dependencies(const char *path, const json_t *root, json_t *ret, struct lw_error *ret_error)
{
	json_t *list = json_object_get(root, "dependencies"), *entry, *paths = json_array();
	size_t i;

	if (json_object_set_new(ret, "dependencies", paths) != 0)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");
	if (list != NULL && !json_is_array(list))
		return fault(path, "dependencies", "must be an array", ret_error);
	json_array_foreach(list, i, entry)
	{
		json_t *library = json_object_get(entry, "dylib_path");

		if (!json_is_string(library))
			return fault(
			    path, "dependencies", "has an entry without \"dylib_path\"", ret_error);
		if (json_array_append(paths, library) != 0)
			return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");
	}
	return LW_OK;
}

/* lean-rs links its programs to the runtime, and so names only the toolchain. */
static lw_code
set_runtime(const char *path, const json_t *root, json_t *ret, struct lw_error *ret_error)
{
	const json_t *toolchain = json_object_get(root, "build_toolchain");
	const char *sysroot = json_string_value(json_object_get(toolchain, "sysroot"));
	char runtime[PATH_MAX];

	if (sysroot == NULL || *sysroot == '\0')
		sysroot = secure_getenv("LEAN_SYSROOT");
	if (sysroot == NULL || *sysroot == '\0')
		return fault(path, "build_toolchain",
		    "has no \"sysroot\": set LEAN_SYSROOT to the toolchain that it was built with",
		    ret_error);
	if (snprintf(runtime, sizeof runtime, "%s" RUNTIME_BEHIND, sysroot) >= PATH_MAX)
		return fault(path, "build_toolchain", "has too long a \"sysroot\"", ret_error);
	return json_object_set_new(ret, "runtime", json_string(runtime)) == 0
		   ? LW_OK
		   : fault(
			 path, "build_toolchain", "has a \"sysroot\" that is not UTF-8", ret_error);
}

static void
copy_version(const json_t *root, json_t *ret)
{
	json_t *found = json_object_get(
	    json_object_get(root, "toolchain_fingerprint"), "resolved_version");

	if (!json_is_string(found))
		found = json_object_get(root, "resolved_lean_version");
	if (json_is_string(found) && json_string_length(found) > 0)
		(void)json_object_set(ret, "lean_version", found);
}

static lw_code
translate(const char *path, const json_t *root, json_t *ret, struct lw_error *ret_error)
{
	lw_code code;

	if (json_integer_value(json_object_get(root, "schema_version")) != SCHEMA)
		return fault(path, "schema_version",
		    "must be 2: build the capability again with lean-rs 0.7 or later", ret_error);
	if (json_object_set_new(ret, "leanworker_capability", json_integer(1)) != 0 ||
	    json_object_set_new(ret, "host", json_string("lean")) != 0)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");
	code = copy_text(path, root, "primary_dylib", ret, "library", ret_error);
	if (code == LW_OK)
		code = copy_text(path, root, "package", ret, "package", ret_error);
	if (code == LW_OK)
		code = copy_text(path, root, "module", ret, "module", ret_error);
	if (code == LW_OK)
		code = copy_dependencies(path, root, ret, ret_error);
	if (code == LW_OK)
		code = set_runtime(path, root, ret, ret_error);
	copy_version(root, ret);
	return code;
}

lw_code
lean_rs_translate(const char *path, const json_t *root, json_t **ret, struct lw_error *ret_error)
{
	json_t *made = json_object();
	lw_code code = made ? translate(path, root, made, ret_error)
			    : error_set(ret_error, LW_V_NO_MEMORY, "no memory for a manifest");

	if (code == LW_OK)
		*ret = made;
	else
		json_decref(made);
	return code;
}
