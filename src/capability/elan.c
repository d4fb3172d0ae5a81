/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/elan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/sys.h"

#define ORIGIN    "leanprover/lean4"
#define NAME_FILE 4096 /* bytes of a lean-toolchain, or of elan's settings, that are read */

static bool
join(char ret[PATH_MAX], const char *folder, const char *name)
{
	return snprintf(ret, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

bool
elan_home(char ret_path[PATH_MAX])
{
	const char *named = secure_getenv("ELAN_HOME"), *home = secure_getenv("HOME");
	char *absolute;
	bool fits;

	if (named == NULL || *named == '\0')
		return home != NULL && *home != '\0' && join(ret_path, home, ".elan");
	absolute = path_absolute(named);
	fits = absolute != NULL && snprintf(ret_path, PATH_MAX, "%s", absolute) < PATH_MAX;
	sys_free(absolute);
	return fits;
}

/* ---- Proxies ------------------------------------------------------------------------------- */

static bool
has_elan_beside(const char *program)
{
	const char *slash = strrchr(program, '/');
	char beside[PATH_MAX];

	return slash != NULL &&
	       snprintf(beside, sizeof beside, "%.*s/elan", (int)(slash - program), program) <
		   PATH_MAX &&
	       access(beside, F_OK) == 0;
}

bool
elan_is_proxy(const char *program)
{
	char real[PATH_MAX];

	if (has_elan_beside(program))
		return true;
	if (realpath(program, real) == NULL)
		return false;
	return strncmp(strrchr(real, '/'), "/elan", 5) == 0 || has_elan_beside(real);
}

/* ---- Its files ----------------------------------------------------------------------------- */

/* The begin of a file, terminated; false with errno. */
static bool
read_begin(const char *path, char ret_text[NAME_FILE])
{
	int fd = sys_open_read(path);
	ssize_t n = fd >= 0 ? sys_read(fd, ret_text, NAME_FILE - 1) : -1;

	sys_close(&fd);
	ret_text[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

static void
trim(char *ret, size_t room, const char *text)
{
	size_t size;

	text += strspn(text, " \t\r");
	size = strcspn(text, "\n");
	while (size > 0 && strchr(" \t\r", text[size - 1]) != NULL)
		size--;
	(void)snprintf(ret, room, "%.*s", (int)size, text);
}

bool
elan_read_toolchain_file(const char *path, char *ret_name, size_t room)
{
	char text[NAME_FILE];

	if (!read_begin(path, text))
		return false;
	trim(ret_name, room, text);
	return true;
}

static const char *
next_line(const char *at)
{
	at += strcspn(at, "\n");
	return at + (*at == '\n');
}

/* elan writes its settings itself: one key and value in a line, tables behind the plain keys. */
bool
elan_default(const char *home, char *ret_name, size_t room)
{
	static const char key[] = "default_toolchain = \"";
	char path[PATH_MAX], text[NAME_FILE];

	if (!join(path, home, "settings.toml") || !read_begin(path, text))
		return false;
	for (const char *line = text; *line != '\0' && *line != '['; line = next_line(line)) {
		if (strncmp(line, key, sizeof key - 1) != 0)
			continue;
		line += sizeof key - 1;
		(void)snprintf(ret_name, room, "%.*s", (int)strcspn(line, "\"\n"), line);
		return true;
	}
	return false;
}

/* ---- Names --------------------------------------------------------------------------------- */

/* A name is a path where it looks like one, or where there is a toolchain. */
static bool
is_path(const char *from, const char *name)
{
	char lean[PATH_MAX];

	return *name == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0 ||
	       (snprintf(lean, sizeof lean, "%s/%s/bin/lean", from, name) < PATH_MAX &&
		   access(lean, F_OK) == 0);
}

static bool
is_word(const char *text, size_t size, const char *more)
{
	for (size_t i = 0; i < size; i++) {
		char c = text[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    strchr(more, c) == NULL)
			return false;
	}
	return size > 0;
}

/* A toolchain's release, and where it comes from; both at most as long as the name. */
struct name {
	char origin[ELAN_NAME_MAX], release[ELAN_NAME_MAX];
};

static const char *
split(const char *text, struct name *ret)
{
	const char *colon = strchr(text, ':'), *release = colon ? colon + 1 : text;
	size_t origin = colon ? (size_t)(colon - text) : 0;
	const char *slash = colon ? memchr(text, '/', origin) : NULL;

	if (strlen(text) >= ELAN_NAME_MAX - 16)
		return "is too long for a toolchain's name";
	if ((colon != NULL && (slash == NULL || !is_word(text, (size_t)(slash - text), "-_") ||
				  !is_word(slash + 1, (size_t)(colon - slash - 1), "-_"))) ||
	    !is_word(release, strlen(release), "-."))
		return "is not the name of a toolchain, such as leanprover/lean4:v4.30.0";
	(void)snprintf(ret->origin, sizeof ret->origin, "%.*s", colon ? (int)origin : -1,
	    colon ? text : ORIGIN);
	(void)snprintf(ret->release, sizeof ret->release, "%s", release);
	return NULL;
}

/* As elan completes a name: nightlies have an origin of their own, and versions begin with v. */
static void
complete(struct name *n)
{
	size_t size = strlen(n->origin);
	char release[ELAN_NAME_MAX];

	if (strncmp(n->release, "nightly", 7) == 0 &&
	    (size < 8 || strcmp(n->origin + size - 8, "-nightly") != 0))
		(void)snprintf(n->origin + size, sizeof n->origin - size, "-nightly");
	if (n->release[0] >= '0' && n->release[0] <= '9') {
		memcpy(release, n->release, sizeof release);
		(void)snprintf(n->release, sizeof n->release, "v%.*s", ELAN_NAME_MAX - 2, release);
	}
}

/* In elan's names of folders "/" is "--" and ":" is "---". */
static bool
mangle(const char *home, const struct name *n, char ret_path[PATH_MAX])
{
	const char *slash = strchr(n->origin, '/');
	int size = snprintf(ret_path, PATH_MAX, "%s/toolchains/%.*s--%s---%s", home,
	    (int)(slash - n->origin), n->origin, slash + 1, n->release);

	return size < PATH_MAX;
}

static bool
is_linked(const char *home, const char *name, char ret_path[PATH_MAX])
{
	struct stat facts;

	return snprintf(ret_path, PATH_MAX, "%s/toolchains/%s", home, name) < PATH_MAX &&
	       lstat(ret_path, &facts) == 0 && S_ISLNK(facts.st_mode);
}

static bool
is_channel(const char *release)
{
	return strcmp(release, "stable") == 0 || strcmp(release, "beta") == 0 ||
	       strcmp(release, "nightly") == 0;
}

/* Whether a release that is installed belongs to a channel. */
static bool
is_of_channel(const char *release, const char *channel)
{
	if (strcmp(channel, "nightly") == 0)
		return strncmp(release, "nightly-", 8) == 0;
	return release[0] == 'v' && release[1] >= '0' && release[1] <= '9' &&
	       (strchr(release, '-') == NULL) == (strcmp(channel, "stable") == 0);
}

/* The name of the newest release of the channel; how much of a name its origin is, is given. */
static void
find_newest(const char *folder, const char *channel, size_t origin, char ret[ELAN_NAME_MAX])
{
	DIR *list = opendir(folder);
	const struct dirent *entry;

	*ret = '\0';
	while (list != NULL && (entry = readdir(list)) != NULL)
		if (strncmp(entry->d_name, channel, origin) == 0 &&
		    is_of_channel(entry->d_name + origin, channel + origin) &&
		    (*ret == '\0' || strverscmp(entry->d_name, ret) > 0))
			(void)snprintf(ret, ELAN_NAME_MAX, "%s", entry->d_name);
	if (list != NULL)
		(void)closedir(list);
}

/*
 * What elan takes without a network: the newest of the channel that is here. Older elans keep a channel
 * under its own name.
 */
static const char *
newest_of(const char *home, const struct name *n, char ret_path[PATH_MAX])
{
	char folder[PATH_MAX], best[ELAN_NAME_MAX], *channel;

	if (!mangle(home, n, ret_path) || !join(folder, home, "toolchains"))
		return "is too long a path";
	channel = strrchr(ret_path, '/') + 1;
	find_newest(folder, channel, strlen(channel) - strlen(n->release), best);
	if (*best == '\0')
		return access(ret_path, F_OK) == 0
			   ? NULL
			   : "is a channel of which elan has no toolchain installed";
	return join(ret_path, folder, best) ? NULL : "is too long a path";
}

static const char *
path_of(const char *from, const char *name, char ret_path[PATH_MAX])
{
	bool fits = *name == '/' ? snprintf(ret_path, PATH_MAX, "%s", name) < PATH_MAX
				 : join(ret_path, from, name);

	return fits ? NULL : "is too long a path";
}

bool
elan_is_installable(const char *name)
{
	struct name parts;

	return *name != '\0' && split(name, &parts) == NULL &&
	       strcmp(parts.release, "lean-toolchain") != 0;
}

const char *
elan_folder(const char *home, const char *from, const char *name, char ret_path[PATH_MAX])
{
	struct name parts;
	const char *fault;

	if (*name == '\0')
		return "is empty";
	if (is_path(from, name))
		return path_of(from, name, ret_path);
	fault = split(name, &parts);
	if (fault != NULL)
		return fault;
	if (*home == '\0')
		return "is elan's to know, and neither ELAN_HOME nor HOME says where elan is";
	if (is_linked(home, parts.release, ret_path))
		return NULL;
	if (strcmp(parts.release, "lean-toolchain") == 0)
		return "means the lean-toolchain of a repository, which only the network knows";
	complete(&parts);
	if (is_channel(parts.release))
		return newest_of(home, &parts, ret_path);
	return mangle(home, &parts, ret_path) ? NULL : "is too long a path";
}
