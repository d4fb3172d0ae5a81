/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding a toolchain by looking: nothing is executed. Each place is told to the caller with what was
 * found there, and all of them are in the error.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "capability/elan.h"
#include "capability/toolchain.h"
#include "leanworker/capability.h"
#include "parent/error.h"
#include "parent/resolve.h"
#include "wire/lean_version.h"

#define RUNTIME     "lib/lean/libleanshared.so"
#define HEADER      "include/lean/version.h"
#define OLEAN       "lib/lean/Init.olean"
#define HEADER_ROOM 4096
#define TRAIL_ROOM  880

/* The start of an .olean file: a word, its version, flags, and the version of Lean. */
#define OLEAN_MARK    "olean\x02"
#define OLEAN_VERSION 7
#define OLEAN_ROOM    33

struct search {
	const struct lw_toolchain_options *options;
	struct lw_toolchain found;
	char wanted[ELAN_NAME_MAX]; /* what the project names; "": nothing */
	char home[PATH_MAX];        /* elan's; "": none */
	bool too_old;               /* one was found, and was too old */
	char trail[TRAIL_ROOM];     /* what was tried, for the error */
	size_t trail_size;
};

static void
tell(struct search *s, const char *place, const char *path, const char *result)
{
	resolve_note(s->trail, sizeof s->trail, &s->trail_size, place, path, result);
	if (s->options->on_probe != NULL)
		s->options->on_probe(s->options->context, place, path, result);
}

/* ---- One toolchain ------------------------------------------------------------------------- */

static size_t
read_begin(const char *root, const char *file, char ret_text[HEADER_ROOM])
{
	char path[PATH_MAX];
	ssize_t n = -1;
	int fd = -1;

	if (snprintf(path, sizeof path, "%s/%s", root, file) < PATH_MAX)
		fd = sys_open_read(path);
	if (fd >= 0)
		n = sys_read(fd, ret_text, HEADER_ROOM - 1);
	sys_close(&fd);
	ret_text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* The number behind a name of version.h; -1: it is not there. */
static int
number_of(const char *header, const char *name)
{
	const char *at = strstr(header, name);

	return at ? (int)strtol(at + strlen(name), NULL, 10) : -1;
}

static void
read_version(const char *root, char ret[TOOLCHAIN_VERSION_ROOM])
{
	static const char key[] = "#define LEAN_VERSION_STRING \"";
	char text[HEADER_ROOM];
	size_t size = read_begin(root, HEADER, text);
	const char *at = strstr(text, key);

	*ret = '\0';
	if (at != NULL) {
		at += sizeof key - 1;
		(void)snprintf(ret, TOOLCHAIN_VERSION_ROOM, "%.*s", (int)strcspn(at, "\"\n"), at);
	} else if (size > 0 && number_of(text, "LEAN_VERSION_MAJOR ") >= 0) {
		(void)snprintf(ret, TOOLCHAIN_VERSION_ROOM, "%d.%d.%d",
		    number_of(text, "LEAN_VERSION_MAJOR "), number_of(text, "LEAN_VERSION_MINOR "),
		    number_of(text, "LEAN_VERSION_PATCH "));
	} else if (read_begin(root, OLEAN, text) > OLEAN_VERSION + OLEAN_ROOM &&
		   memcmp(text, OLEAN_MARK, sizeof OLEAN_MARK - 1) == 0) {
		(void)snprintf(
		    ret, TOOLCHAIN_VERSION_ROOM, "%.*s", OLEAN_ROOM, text + OLEAN_VERSION);
	}
}

bool
toolchain_root_of(const char *runtime, char ret_sysroot[PATH_MAX])
{
	size_t size = strlen(runtime), behind = strlen("/" RUNTIME);

	*ret_sysroot = '\0';
	if (size <= behind || size >= PATH_MAX || strcmp(runtime + size - behind, "/" RUNTIME) != 0)
		return false;
	(void)snprintf(ret_sysroot, PATH_MAX, "%.*s", (int)(size - behind), runtime);
	return true;
}

bool
toolchain_version_of(const char *runtime, char ret[TOOLCHAIN_VERSION_ROOM])
{
	char root[PATH_MAX];

	if (!toolchain_root_of(runtime, root))
		return false;
	read_version(root, ret);
	return *ret != '\0';
}

/* NULL, or why the folder is no toolchain. */
static const char *
look_at(const char *path, struct lw_toolchain *ret)
{
	char root[PATH_MAX];
	struct stat facts;

	if (realpath(path, root) == NULL)
		return error_text(errno);
	if (strlen(root) + sizeof "/" RUNTIME > sizeof ret->runtime)
		return "its path is too long";
	(void)snprintf(
	    ret->sysroot, sizeof ret->sysroot, "%.*s", (int)sizeof ret->sysroot - 1, root);
	(void)snprintf(ret->runtime, sizeof ret->runtime, "%.*s/" RUNTIME,
	    (int)(sizeof ret->runtime - sizeof "/" RUNTIME), root);
	if (stat(ret->runtime, &facts) < 0 || !S_ISREG(facts.st_mode))
		return "there is no " RUNTIME " in it";
	read_version(root, ret->version);
	return NULL;
}

static bool
judge(struct search *s, const char *place, const char *path, struct lw_toolchain *t)
{
	enum lean_support support = lean_version_judge(t->version, t->warning, sizeof t->warning);
	char words[160];

	(void)snprintf(words, sizeof words, "Lean %s%s", *t->version ? t->version : "of no version",
	    support == LEAN_VERSION_REFUSED ? ", which is too old: " LEAN_VERSION_LOWEST
					      " is the oldest that can be used"
					    : "");
	tell(s, place, path, words);
	s->too_old = s->too_old || support == LEAN_VERSION_REFUSED;
	return support != LEAN_VERSION_REFUSED;
}

static bool
try_root(struct search *s, const char *place, const char *path, lw_toolchain_source source)
{
	struct lw_toolchain t = LW_TOOLCHAIN_INIT;
	const char *fault = look_at(path, &t);

	if (fault != NULL)
		tell(s, place, path, fault);
	if (fault != NULL || !judge(s, place, path, &t))
		return false;
	t.source = source;
	s->found = t;
	return true;
}

/* ---- What elan has ------------------------------------------------------------------------- */

static bool
try_name(struct search *s, const char *place, const char *from, const char *name,
    lw_toolchain_source source)
{
	char path[PATH_MAX], where[ELAN_NAME_MAX + 64];
	const char *fault = elan_folder(s->home, from, name, path);

	if (fault != NULL) {
		tell(s, place, name, fault);
		return false;
	}
	(void)snprintf(where, sizeof where, "%s, %s", place, name);
	return try_root(s, where, path, source);
}

/* The nearest lean-toolchain, from a folder upwards; its folder stays in the path. */
static bool
find_file(char folder[PATH_MAX], char *ret_name, size_t room)
{
	char file[PATH_MAX + sizeof "/lean-toolchain"];
	char *slash;

	do {
		(void)snprintf(file, sizeof file, "%s/lean-toolchain", folder);
		if (elan_read_toolchain_file(file, ret_name, room))
			return true;
		slash = strrchr(folder, '/');
		if (slash != NULL)
			*slash = '\0';
	} while (slash != NULL);
	return false;
}

static bool
try_project(struct search *s)
{
	const char *named = secure_getenv("ELAN_TOOLCHAIN");
	char folder[PATH_MAX], place[PATH_MAX + 32];

	if (named != NULL && *named != '\0') {
		(void)snprintf(s->wanted, sizeof s->wanted, "%s", named);
		return try_name(s, "ELAN_TOOLCHAIN", ".", named, LW_TOOLCHAIN_PROJECT);
	}
	if (s->options->project_root == NULL)
		return false;
	if (realpath(s->options->project_root, folder) == NULL) {
		tell(s, "lean-toolchain", s->options->project_root, error_text(errno));
		return false;
	}
	if (!find_file(folder, s->wanted, sizeof s->wanted)) {
		tell(s, "lean-toolchain", s->options->project_root,
		    "there is none, here or in a folder above");
		return false;
	}
	(void)snprintf(place, sizeof place, "%s/lean-toolchain", folder);
	return try_name(s, place, *folder ? folder : "/", s->wanted, LW_TOOLCHAIN_PROJECT);
}

static bool
try_default(struct search *s)
{
	char name[ELAN_NAME_MAX];

	if (*s->home == '\0' || !elan_default(s->home, name, sizeof name)) {
		tell(s, "elan's default", *s->home ? s->home : "-", "there is none");
		return false;
	}
	return try_name(s, "elan's default", s->home, name, LW_TOOLCHAIN_DEFAULT);
}

/* ---- The PATH ------------------------------------------------------------------------------ */

/* The first `lean` on the PATH that can be executed; relative entries are not looked at. */
static bool
find_on_path(char ret_path[PATH_MAX])
{
	const char *at = secure_getenv("PATH");

	while (at != NULL && *at != '\0') {
		size_t size = strcspn(at, ":");

		if (*at == '/' &&
		    snprintf(ret_path, PATH_MAX, "%.*s/lean", (int)size, at) < PATH_MAX &&
		    resolve_check_program(ret_path) == 0)
			return true;
		at += size + (at[size] == ':');
	}
	return false;
}

/* The project's toolchain may be here without elan, but only under its own version. */
static bool
is_wanted(struct search *s, const char *path)
{
	const char *release = strrchr(s->wanted, ':');
	char words[ELAN_NAME_MAX + 160];

	release = release ? release + 1 : s->wanted;
	if (*s->wanted == '\0' ||
	    strcmp(*release == 'v' ? release + 1 : release, s->found.version) == 0)
		return true;
	(void)snprintf(words, sizeof words, "not taken, because the project wants %s", s->wanted);
	tell(s, "PATH", path, words);
	return false;
}

static bool
try_path(struct search *s)
{
	char program[PATH_MAX], root[PATH_MAX];
	char *slash;

	if (!find_on_path(program)) {
		tell(s, "PATH", "lean", "there is none");
		return *s->wanted == '\0' && try_default(s);
	}
	if (elan_is_proxy(program)) {
		tell(s, "PATH", program, "elan's proxy, which is not called: it may download");
		return *s->wanted == '\0' && try_default(s);
	}
	if (realpath(program, root) == NULL) {
		tell(s, "PATH", program, error_text(errno));
		return false;
	}
	for (int i = 0; i < 2; i++) { /* bin/lean */
		slash = strrchr(root, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	return try_root(s, "PATH", *root ? root : "/", LW_TOOLCHAIN_PATH) && is_wanted(s, root);
}

/* ---- All of them --------------------------------------------------------------------------- */

static bool
search(struct search *s)
{
	const char *named = secure_getenv("LEAN_SYSROOT");

	if (s->options->sysroot != NULL)
		return try_root(s, "sysroot", s->options->sysroot, LW_TOOLCHAIN_EXPLICIT);
	if (named != NULL && *named != '\0')
		return try_root(s, "LEAN_SYSROOT", named, LW_TOOLCHAIN_ENVIRONMENT);
	if (!elan_home(s->home))
		*s->home = '\0';
	return try_project(s) || try_path(s);
}

static lw_code
say_none(const struct search *s, struct lw_error *ret_error)
{
	const char *by = *s->wanted != '\0' ? " for a project that wants " : "";

	if (s->too_old)
		return error_set(ret_error, LW_V_RUNTIME_TOO_OLD,
		    "no Lean toolchain that can be used was found%s%s: " LEAN_VERSION_LOWEST
		    " is the oldest. Looked at:%s",
		    by, s->wanted, s->trail);
	if (elan_is_installable(s->wanted))
		return error_set(ret_error, LW_V_TOOLCHAIN_NOT_FOUND,
		    "no Lean toolchain was found%s%s; `elan toolchain install %s` gets it. Looked "
		    "at:%s",
		    by, s->wanted, s->wanted, s->trail);
	return error_set(ret_error, LW_V_TOOLCHAIN_NOT_FOUND,
	    "no Lean toolchain was found%s%s. Looked at:%s", by, s->wanted, s->trail);
}

lw_code
lw_toolchain_find(const struct lw_toolchain_options *options, struct lw_toolchain *ret_toolchain,
    struct lw_error *ret_error)
{
	static const struct lw_toolchain_options defaults = LW_TOOLCHAIN_OPTIONS_INIT;
	struct search s = { .options = options ? options : &defaults };

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_toolchain == NULL || ret_toolchain->struct_size != sizeof *ret_toolchain ||
	    s.options->struct_size != sizeof *s.options)
		return error_set(ret_error, LW_V_MISUSE,
		    "options and ret_toolchain must begin as LW_TOOLCHAIN_OPTIONS_INIT and "
		    "LW_TOOLCHAIN_INIT");
	if (search(&s)) {
		*ret_toolchain = s.found;
		return LW_OK;
	}
	return say_none(&s, ret_error);
}

lw_code
toolchain_find_for(const struct lw_build_options *build, struct lw_toolchain *ret_toolchain,
    struct lw_error *ret_error)
{
	struct lw_toolchain_options options = LW_TOOLCHAIN_OPTIONS_INIT;

	options.sysroot = build->sysroot;
	options.project_root = build->project_root;
	options.on_probe = build->on_probe;
	options.context = build->context;
	return lw_toolchain_find(&options, ret_toolchain, ret_error);
}
