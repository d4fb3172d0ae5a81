/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a capability's manifest. Paths in it are relative to its own folder, so that a capability
 * can be moved with it.
 */
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/near.h"
#include "base/path.h"
#include "base/sys.h"
#include "capability/files.h"
#include "capability/lean_rs.h"
#include "capability/toolchain.h"
#include "leanworker/leanworker.h"
#include "parent/error.h"
#include "parent/recipe.h"

#define SCHEMA_KEY     "leanworker_capability"
#define SCHEMA_VERSION 1
#define DEPENDENCY_MAX 256
#define MANIFEST_MOST  ((size_t)16 << 20)

struct manifest {
	const char *path;
	char *folder; /* absolute, with its slash */
	json_t *root;
	struct lw_capability_options options;
	char *dependencies[DEPENDENCY_MAX + 1];
	struct lw_error *error;
};

static lw_code
fault(const struct manifest *m, const char *key, const char *what)
{
	return error_set(m->error, LW_V_MANIFEST, "%s: \"%s\" %s", m->path, key, what);
}

/* From lean-rs's form to ours. */
static lw_code
translate(struct manifest *m)
{
	json_t *theirs = m->root;
	lw_code code = lean_rs_translate(m->path, theirs, &m->root, m->error);

	if (code == LW_OK)
		json_decref(theirs);
	return code;
}

static lw_code
read_root(struct manifest *m)
{
	struct buffer text = BUFFER_EMPTY;
	struct stat facts;
	json_error_t why;

	if (stat(m->path, &facts) == 0 && S_ISDIR(facts.st_mode))
		return error_set(m->error, LW_V_MANIFEST,
		    "%s is a folder; name the manifest in it, a JSON file", m->path);
	if (!file_read(m->path, MANIFEST_MOST, &text))
		return error_set_errno(m->error, LW_V_MANIFEST, m->path);
	m->root = json_loadb((const char *)buffer_front(&text), buffer_size(&text) - 1,
	    JSON_REJECT_DUPLICATES, &why);
	buffer_free(&text);
	if (m->root == NULL)
		return error_set(m->error, LW_V_MANIFEST, "%s:%d:%d: %s", m->path, why.line,
		    why.column, why.text);
	if (!json_is_object(m->root))
		return error_set(m->error, LW_V_MANIFEST, "%s: not a JSON object", m->path);
	if (lean_rs_is(m->root))
		return translate(m);
	if (json_integer_value(json_object_get(m->root, SCHEMA_KEY)) != SCHEMA_VERSION)
		return fault(m, SCHEMA_KEY, "must be 1: it names the manifest's own version");
	return LW_OK;
}

/*
 * A key that is none would be passed over in silence, and with it what its author wanted. What a
 * later version adds comes with another number for SCHEMA_KEY.
 */
static lw_code
check_keys(const struct manifest *m)
{
	static const char *const known[] = { SCHEMA_KEY, "host", "library", "dependencies",
		"package", "module", "runtime", "lean_version" };
	const size_t count = sizeof known / sizeof known[0];
	char words[NEAR_WORDS_MAX];
	struct near near;
	const char *key;
	json_t *value;

	json_object_foreach(m->root, key, value)
	{
		size_t i = 0;

		while (i < count && strcmp(key, known[i]) != 0)
			i++;
		if (i < count)
			continue;
		near_begin(&near, key);
		for (i = 0; i < count; i++)
			near_offer(&near, known[i]);
		near_words(&near, words);
		return error_set(m->error, LW_V_MANIFEST,
		    "%s: a manifest has no key \"%s\". %sIt has host, library, dependencies and, "
		    "for host lean, package, module, runtime and lean_version.",
		    m->path, key, words);
	}
	return LW_OK;
}

/* A member that is a text; NULL and LW_OK where an optional one is missing. */
static lw_code
get_text(const struct manifest *m, const char *key, int required, const char **ret)
{
	json_t *value = json_object_get(m->root, key);

	*ret = json_string_value(value);
	if (*ret != NULL && **ret != '\0')
		return LW_OK;
	if (value == NULL && !required)
		return LW_OK;
	return fault(m, key, value ? "must be a text that is not empty" : "is missing");
}

/* Before the other keys: which of them are required depends on it. */
static lw_code
get_host(struct manifest *m)
{
	lw_code code = get_text(m, "host", 1, &m->options.host);

	if (code != LW_OK || strcmp(m->options.host, "lean") == 0 ||
	    capability_is_native(m->options.host))
		return code;
	return error_set(m->error, LW_V_MANIFEST,
	    "%s: \"host\" is \"%s\"; must be \"lean\", or \"native\" for a library in C", m->path,
	    m->options.host);
}

/* The path as seen from here; to be freed. */
static char *
resolve(const struct manifest *m, const char *path)
{
	size_t size = strlen(m->folder) + strlen(path) + 1;
	char *resolved = sys_alloc(size);

	if (resolved != NULL)
		(void)snprintf(resolved, size, "%s%s", *path == '/' ? "" : m->folder, path);
	return resolved;
}

static lw_code
get_path(const struct manifest *m, const char *key, int required, const char **ret)
{
	const char *text = NULL;
	lw_code code = get_text(m, key, required, &text);

	*ret = NULL;
	if (code != LW_OK || text == NULL)
		return code;
	*ret = resolve(m, text);
	return *ret ? LW_OK : error_set(m->error, LW_V_NO_MEMORY, "no memory for a path");
}

static lw_code
get_dependencies(struct manifest *m)
{
	json_t *list = json_object_get(m->root, "dependencies"), *entry;
	size_t i;

	if (list == NULL)
		return LW_OK;
	if (!json_is_array(list) || json_array_size(list) > DEPENDENCY_MAX)
		return fault(m, "dependencies", "must be an array of at most 256 paths");
	json_array_foreach(list, i, entry)
	{
		if (!json_is_string(entry) || json_string_length(entry) == 0)
			return fault(m, "dependencies", "must be an array of paths");
		m->dependencies[i] = resolve(m, json_string_value(entry));
		if (m->dependencies[i] == NULL)
			return error_set(m->error, LW_V_NO_MEMORY, "no memory for a path");
	}
	m->options.dependencies = (const char *const *)m->dependencies;
	return LW_OK;
}

/*
 * The toolchain that the runtime belongs to may have been replaced since: a capability that runs on
 * another version than it was built with calls functions that are others now, without an error.
 */
static lw_code
check_version(struct manifest *m)
{
	char now[TOOLCHAIN_VERSION_ROOM];
	lw_code code = get_text(m, "lean_version", 0, &m->options.lean_version);
	const char *built = m->options.lean_version;

	if (code != LW_OK || built == NULL || m->options.runtime == NULL ||
	    !toolchain_version_of(m->options.runtime, now) || strcmp(built, now) == 0)
		return code;
	return error_set(m->error, LW_V_MANIFEST,
	    "%s: the capability was built with Lean %s, and %s is of Lean %s now. Build it again.",
	    m->path, built, m->options.runtime, now);
}

static lw_code
read_members(struct manifest *m)
{
	struct lw_capability_options *o = &m->options;
	lw_code code = read_root(m);

	if (code == LW_OK)
		code = get_host(m);
	if (code == LW_OK)
		code = check_keys(m);
	if (code == LW_OK)
		code = get_text(m, "module", !capability_is_native(o->host), &o->module);
	if (code == LW_OK)
		code = get_text(m, "package", 0, &o->package);
	if (code == LW_OK)
		code = get_path(m, "library", 1, &o->library);
	if (code == LW_OK)
		code = get_path(m, "runtime", 0, &o->runtime);
	if (code == LW_OK)
		code = check_version(m);
	return code == LW_OK ? get_dependencies(m) : code;
}

/*
 * Absolute, so that the paths mean the same after a chdir, in a child that is started later; and
 * never "": a library without a slash is looked for where the system keeps its own.
 */
static lw_code
set_folder(struct manifest *m)
{
	m->folder = path_absolute(m->path);
	if (m->folder == NULL)
		return error_set_errno(m->error, LW_V_SYSTEM_CALL, m->path);
	strrchr(m->folder, '/')[1] = '\0';
	return LW_OK;
}

lw_code
lw_capability_load(
    const char *manifest_path, lw_capability **ret_capability, struct lw_error *ret_error)
{
	struct manifest m = { .path = manifest_path, .error = ret_error };
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (manifest_path == NULL || ret_capability == NULL || strlen(manifest_path) >= PATH_MAX)
		return error_set(
		    ret_error, LW_V_MISUSE, "manifest_path and ret_capability must be given");
	m.options = (struct lw_capability_options)LW_CAPABILITY_OPTIONS_INIT;
	code = set_folder(&m);
	if (code == LW_OK)
		code = read_members(&m);
	if (code == LW_OK)
		code = lw_capability_create(&m.options, ret_capability, ret_error);
	for (size_t i = 0; i < DEPENDENCY_MAX; i++)
		sys_free(m.dependencies[i]);
	sys_free((char *)m.options.library);
	sys_free((char *)m.options.runtime);
	sys_free(m.folder);
	json_decref(m.root);
	return code;
}
