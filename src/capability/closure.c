/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two libraries in which the same module is defined are refused and none is chosen: loaded both, they
 * would keep two copies of the module's constants, and which of them a call sees depends on who calls.
 */
#include "capability/closure.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sys.h"
#include "capability/files.h"
#include "parent/error.h"

#define NATIVE_LIBRARIES ".lake/build/lib"
#define INITIALIZER      "initialize_"

struct candidate {
	char *path; /* without symbolic links */
	struct lw_exports exports;
	bool taken; /* it is in the closure, or on the way there */
};

struct finding {
	struct candidate candidate[CLOSURE_MAX];
	size_t count;
	const struct inspector *inspector;
	struct closure *closure;
	struct lw_error *error;
	struct lw_error passed_over; /* of a file beside the library that is none */
};

/* ---- Candidates ---------------------------------------------------------------------------- */

static bool
is_known(const struct finding *f, const char *path)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->candidate[i].path, path) == 0)
			return true;
	return false;
}

/* A text named .so, as linkers read, or what another machine's build left, is no candidate. */
static lw_code
inspect_other(struct finding *f, struct candidate *c)
{
	lw_code code;

	f->passed_over = (struct lw_error)LW_ERROR_INIT;
	code = inspect_library(f->inspector, c->path, &c->exports, &f->passed_over);
	if (f->passed_over.verdict == LW_V_INSPECTION)
		return LW_OK;
	if (code != LW_OK && f->error != NULL)
		*f->error = f->passed_over;
	return code;
}

static lw_code
add_candidate(struct finding *f, const char *path)
{
	char real[PATH_MAX];
	struct stat facts;
	struct candidate *c = &f->candidate[f->count];

	if (realpath(path, real) == NULL || stat(real, &facts) < 0 || !S_ISREG(facts.st_mode) ||
	    is_known(f, real))
		return LW_OK;
	if (f->count == CLOSURE_MAX)
		return error_set(f->error, LW_V_BUILD_OUTPUT,
		    "the project's packages have more than %d shared libraries", CLOSURE_MAX);
	*c = (struct candidate){ .path = sys_strdup(real), .exports = LW_EXPORTS_INIT };
	if (c->path == NULL)
		return error_set(f->error, LW_V_NO_MEMORY, "no memory for a path");
	f->count++;
	if (f->count == 1)
		return inspect_library(f->inspector, real, &c->exports, f->error);
	return inspect_other(f, c);
}

static int
is_library(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return size > 3 && strcmp(entry->d_name + size - 3, ".so") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static lw_code
add_folder(struct finding *f, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_library, by_name);
	lw_code code = LW_OK;

	for (int i = 0; i < count; i++) {
		char path[PATH_MAX];

		if (code == LW_OK && file_join(path, folder, entries[i]->d_name))
			code = add_candidate(f, path);
		sys_free(entries[i]);
	}
	if (count >= 0)
		sys_free(entries);
	return code;
}

/* The library itself is the first. */
static lw_code
add_candidates(struct finding *f, const struct workspace *w, const char *library)
{
	char folder[PATH_MAX];
	lw_code code = add_candidate(f, library);

	(void)snprintf(
	    folder, sizeof folder, "%.*s", (int)(strrchr(library, '/') - library), library);
	if (code == LW_OK)
		code = add_folder(f, folder);
	for (size_t i = 0; i < w->count && code == LW_OK; i++)
		if (file_join(folder, w->packages[i].folder, NATIVE_LIBRARIES))
			code = add_folder(f, folder);
	return code;
}

/* ---- Who defines what ---------------------------------------------------------------------- */

static const char *
initializer_of(const char *name)
{
	const char *at = strstr(name, INITIALIZER);

	if (at == NULL ||
	    (at != name && strncmp(name, "runtime_", 8) != 0 && strncmp(name, "meta_", 5) != 0))
		return NULL;
	return at + strlen(INITIALIZER);
}

/* Modules of the toolchain, whose initialisers have no package in their names. */
static bool
is_of_toolchain(const char *module)
{
	static const char *const roots[] = { "Init", "Std", "Lean", "Lake" };

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		size_t size = strlen(roots[i]);

		if (strncmp(module, roots[i], size) == 0 &&
		    (module[size] == '\0' || module[size] == '_'))
			return true;
	}
	return false;
}

static lw_code
say_twice(struct finding *f, const char *name, const char *one, const char *other)
{
	return error_set(f->error, LW_V_BUILD_OUTPUT,
	    "%s and %s both define %s: one of them is left over from an older build, or the same "
	    "module belongs to two libraries. Remove the one that is not built any more.",
	    one, other, name);
}

/* The one that defines a name; NULL and LW_OK where none does. */
static lw_code
definer_of(struct finding *f, const char *name, struct candidate **ret)
{
	*ret = NULL;
	for (size_t i = 0; i < f->count; i++) {
		struct candidate *c = &f->candidate[i];

		if (exports_get(&c->exports, name) == NULL)
			continue;
		if (*ret != NULL && initializer_of(name) != NULL)
			return say_twice(f, name, (*ret)->path, c->path);
		if (*ret == NULL || (c->taken && !(*ret)->taken))
			*ret = c;
	}
	return LW_OK;
}

static lw_code take(struct finding *f, struct candidate *c);

static lw_code
take_definer(struct finding *f, const struct candidate *of, const char *name)
{
	const char *module = initializer_of(name);
	struct candidate *c;
	lw_code code = definer_of(f, name, &c);

	if (code != LW_OK)
		return code;
	if (c != NULL)
		return take(f, c);
	if (module == NULL || is_of_toolchain(module))
		return LW_OK; /* the runtime's, libc's, or for the loader to say */
	return error_set(f->error, LW_V_BUILD_OUTPUT,
	    "%s needs %s, which no shared library beside it or in " NATIVE_LIBRARIES
	    " of a package defines. Is its package built for this toolchain?",
	    of->path, name);
}

static lw_code
take_needed(struct finding *f, const struct candidate *of)
{
	lw_code code = LW_OK;

	for (size_t i = 0; i < f->count && code == LW_OK; i++) {
		struct candidate *c = &f->candidate[i];

		if (exports_need(&of->exports, strrchr(c->path, '/') + 1))
			code = take(f, c);
	}
	return code;
}

/* What it needs comes before it. */
static lw_code
take(struct finding *f, struct candidate *c)
{
	lw_code code;

	if (c->taken)
		return LW_OK;
	c->taken = true;
	code = take_needed(f, c);
	for (size_t i = 0; i < c->exports.undefined_count && code == LW_OK; i++)
		code = take_definer(f, c, c->exports.undefined[i]);
	if (code == LW_OK && c != &f->candidate[0]) {
		f->closure->paths[f->closure->count] = sys_strdup(c->path);
		if (f->closure->paths[f->closure->count++] == NULL)
			code = error_set(f->error, LW_V_NO_MEMORY, "no memory for a path");
	}
	return code;
}

lw_code
closure_find(const struct workspace *workspace, const char *library,
    const struct inspector *inspector, struct closure *ret, struct lw_error *ret_error)
{
	struct finding *f = sys_alloc(sizeof *f);
	lw_code code;

	*ret = (struct closure){ .count = 0 };
	if (f == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for libraries");
	f->inspector = inspector;
	f->closure = ret;
	f->error = ret_error;
	code = add_candidates(f, workspace, library);
	if (code == LW_OK)
		code = take(f, &f->candidate[0]);
	for (size_t i = 0; i < f->count; i++) {
		lw_exports_clear(&f->candidate[i].exports);
		sys_free(f->candidate[i].path);
	}
	sys_free(f);
	return code;
}

void
closure_release(struct closure *closure)
{
	for (size_t i = 0; i < closure->count; i++)
		sys_free(closure->paths[i]);
	closure->count = 0;
}
