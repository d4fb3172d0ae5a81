/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/resolve.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "parent/error.h"

#define CHILD_NAME "leanworker-child"

/* The build says where it installs the program, also as seen from the folder of the shared library,
 * and where it built it; an installed library has no build tree. */
#ifndef LW_LIBEXEC_FROM_LIBRARY
#define LW_LIBEXEC_FROM_LIBRARY ""
#endif
#ifndef LW_LIBEXEC_CHILD
#define LW_LIBEXEC_CHILD ""
#endif
#ifndef LW_BUILD_TREE_CHILD
#define LW_BUILD_TREE_CHILD ""
#endif

/* The same for the Lake package. */
#ifndef LW_PACKAGE_FROM_LIBRARY
#define LW_PACKAGE_FROM_LIBRARY ""
#endif
#ifndef LW_INSTALLED_PACKAGE
#define LW_INSTALLED_PACKAGE ""
#endif

/* What is looked for. */
struct wanted {
	const char *name, *option, *variable; /* for messages; the variable is looked at */
	lw_verdict verdict;                   /* where there is none */
	int (*check)(const char *path);       /* 0, or errno: why the path is not it */
	bool beside_executable;
	const char *from_library, *installed;
	const char *build_tree; /* NULL: no place */
};

struct trail {
	char text[800]; /* what was tried, for the error */
	size_t size;
};

void
resolve_note(
    char *text, size_t room, size_t *size, const char *place, const char *path, const char *result)
{
	size_t left = room - *size;
	int n = snprintf(text + *size, left, "\n  %s: %s: %s", place, path, result);

	if (n > 0)
		*size += (size_t)n < left ? (size_t)n : left - 1;
}

static void
trail_add(struct trail *trail, const char *place, const char *path, const char *result)
{
	resolve_note(trail->text, sizeof trail->text, &trail->size, place, path, result);
}

int
resolve_check_program(const char *path)
{
	struct stat facts;

	if (stat(path, &facts) < 0)
		return errno;
	if (!S_ISREG(facts.st_mode))
		return EISDIR;
	return access(path, X_OK) < 0 ? errno : 0;
}

static int
check_package(const char *path)
{
	char lakefile[PATH_MAX];

	if (snprintf(lakefile, sizeof lakefile, "%s/lakefile.lean", path) >= PATH_MAX)
		return ENAMETOOLONG;
	return access(lakefile, R_OK) < 0 ? errno : 0;
}

static bool
try_place(const struct wanted *w, struct trail *trail, const char *place, const char *path)
{
	int fault = *path ? w->check(path) : 0;

	if (*path == '\0')
		trail_add(trail, place, "-", "this build has none");
	else if (fault != 0)
		trail_add(trail, place, path, error_text(fault));
	return *path != '\0' && fault == 0;
}

static void
beside_executable(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof CHILD_NAME - 1);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL)
		memcpy(slash + 1, CHILD_NAME, sizeof CHILD_NAME); /* room was left for it */
}

/*
 * An installed tree may have been moved, or unpacked elsewhere than it was built for: what is in it is
 * where it always was, seen from the library. "" where this is linked into the program itself; a
 * relative name would depend on where the program has gone since.
 */
static void
beside_library(const char *from_library, char path[PATH_MAX])
{
	static const char here; /* an address in the library */
	const struct link_map *library = NULL;
	Dl_info facts;
	const char *slash;
	int n;

	*path = '\0';
	if (dladdr1(&here, &facts, (void **)&library, RTLD_DL_LINKMAP) == 0 || library == NULL ||
	    *library->l_name != '/' || *from_library == '\0')
		return;
	slash = strrchr(library->l_name, '/');
	n = snprintf(path, PATH_MAX, "%.*s/%s", (int)(slash - library->l_name), library->l_name,
	    from_library);
	if (n >= PATH_MAX)
		*path = '\0';
}

static lw_code
found(const char *path, char **ret_path, struct lw_error *ret_error)
{
	char *copy = path_absolute(path); /* a later generation is started from it, too */

	if (copy == NULL)
		return error_set_errno(ret_error, LW_V_SYSTEM_CALL, path);
	*ret_path = copy;
	return LW_OK;
}

/* A place that the caller named: what is wrong with a file there is for its user to say. */
static lw_code
resolve_final(const struct wanted *w, const char *place, const char *path, char **ret_path,
    struct lw_error *ret_error)
{
	if (access(path, F_OK) == 0)
		return found(path, ret_path, ret_error);
	return error_set(ret_error, w->verdict,
	    "no %s at %s, which %s names: %s. It was the only place tried.", w->name, path, place,
	    error_text(errno));
}

static lw_code
resolve(
    const struct wanted *w, const char *explicit_path, char **ret_path, struct lw_error *ret_error)
{
	struct trail trail = { .size = 0 };
	const char *named = secure_getenv(w->variable);
	char beside[PATH_MAX], moved[PATH_MAX];

	if (explicit_path != NULL)
		return resolve_final(w, w->option, explicit_path, ret_path, ret_error);
	if (named != NULL)
		return resolve_final(w, w->variable, named, ret_path, ret_error);
	beside_executable(beside);
	if (w->beside_executable && try_place(w, &trail, "beside the executable", beside))
		return found(beside, ret_path, ret_error);
	beside_library(w->from_library, moved);
	if (try_place(w, &trail, "installed with the library", moved))
		return found(moved, ret_path, ret_error);
	if (try_place(w, &trail, "installed", w->installed))
		return found(w->installed, ret_path, ret_error);
	if (w->build_tree != NULL && try_place(w, &trail, "build tree", w->build_tree))
		return found(w->build_tree, ret_path, ret_error);
	return error_set(ret_error, w->verdict, "%s was not found. Set %s%s%s. Tried:%s", w->name,
	    w->variable, w->option ? " or " : "", w->option ? w->option : "", trail.text);
}

lw_code
resolve_child(const char *explicit_path, char **ret_path, struct lw_error *ret_error)
{
	const struct wanted child = { .name = CHILD_NAME,
		.option = "child_path",
		.variable = "LEANWORKER_CHILD",
		.verdict = LW_V_CHILD_NOT_FOUND,
		.check = resolve_check_program,
		.beside_executable = true,
		.from_library = LW_LIBEXEC_FROM_LIBRARY,
		.installed = LW_LIBEXEC_CHILD,
		.build_tree = LW_BUILD_TREE_CHILD };

	return resolve(&child, explicit_path, ret_path, ret_error);
}

lw_code
resolve_package(char **ret_path, struct lw_error *ret_error)
{
	const struct wanted package = { .name = "Lake package of leanworker",
		.variable = "LEANWORKER_PACKAGE",
		.verdict = LW_V_PACKAGE_NOT_FOUND,
		.check = check_package,
		.from_library = LW_PACKAGE_FROM_LIBRARY,
		.installed = LW_INSTALLED_PACKAGE };

	return resolve(&package, NULL, ret_path, ret_error);
}
