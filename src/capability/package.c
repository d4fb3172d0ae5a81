/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/package.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sys.h"
#include "capability/files.h"
#include "parent/error.h"
#include "parent/resolve.h"

#define FILE_MOST ((size_t)16 << 20)
#define DEPTH_MAX 16

/* ---- Where ----------------------------------------------------------------------------------- */

/* FNV-1a: tells apart the folders of two toolchains of one version. */
static uint32_t
digest(const char *text)
{
	uint32_t value = 2166136261u;

	for (; *text != '\0'; text++)
		value = (value ^ (uint8_t)*text) * 16777619u;
	return value;
}

/* Relative settings are none: so says the XDG base directory specification. */
static const char *
cache_of(const char *variable)
{
	const char *folder = secure_getenv(variable);

	return folder != NULL && *folder == '/' ? folder : NULL;
}

static lw_code
choose(const struct lw_toolchain *t, char ret_root[PATH_MAX], struct lw_error *ret_error)
{
	const char *cache = cache_of("XDG_CACHE_HOME"), *home = cache_of("HOME");
	char name[256];

	if (cache == NULL && home == NULL)
		return error_set(ret_error, LW_V_BUILD_OUTPUT,
		    "there is no folder to build the package of leanworker in: set XDG_CACHE_HOME "
		    "or HOME");
	(void)snprintf(name, sizeof name, "%s/leanworker/%s/lean-%s-%08x",
	    cache != NULL ? "" : "/.cache", LW_VERSION, *t->version ? t->version : "unknown",
	    digest(t->sysroot));
	if (snprintf(ret_root, PATH_MAX, "%s%s", cache ? cache : home, name) >= PATH_MAX)
		return error_set(ret_error, LW_V_BUILD_OUTPUT, "the cache's path is too long");
	return LW_OK;
}

/* ---- Copying --------------------------------------------------------------------------------- */

/* False with errno. A file that is the same keeps its times, and so what was built of it. */
static bool
copy_file(const char *from, const char *to)
{
	struct buffer content = BUFFER_EMPTY;
	bool copied;

	if (!file_read(from, FILE_MOST, &content))
		return false;
	copied = file_make_folders(to) &&
		 file_write(to, buffer_front(&content), buffer_size(&content) - 1);
	buffer_free(&content);
	return copied;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool copy_folder(const char *from, const char *to, int depth);

static bool
copy_entry(const char *from, const char *to, const char *name, int depth)
{
	char source[PATH_MAX], target[PATH_MAX];
	struct stat facts;

	errno = ENAMETOOLONG;
	if (!file_join(source, from, name) || !file_join(target, to, name) ||
	    stat(source, &facts) < 0)
		return false;
	return S_ISDIR(facts.st_mode) ? copy_folder(source, target, depth + 1)
				      : copy_file(source, target);
}

static bool
copy_folder(const char *from, const char *to, int depth)
{
	struct dirent **entries;
	int count = -1, saved;
	bool copied = true;

	errno = ELOOP;
	if (depth <= DEPTH_MAX)
		count = scandir(from, &entries, is_visible, alphasort);
	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		copied = copied && copy_entry(from, to, entries[i]->d_name, depth);
		saved = errno;
		sys_free(entries[i]);
		errno = saved;
	}
	sys_free(entries);
	return copied;
}

lw_code
package_provide(
    const struct lw_toolchain *toolchain, char ret_root[PATH_MAX], struct lw_error *ret_error)
{
	char *from = NULL;
	lw_code code = choose(toolchain, ret_root, ret_error);

	if (code == LW_OK)
		code = resolve_package(&from, ret_error);
	if (code == LW_OK && !copy_folder(from, ret_root, 0))
		code = error_set(ret_error, LW_V_BUILD_OUTPUT,
		    "the package of leanworker, %s, cannot be copied to %s: %s", from, ret_root,
		    error_text(errno));
	sys_free(from);
	return code;
}
