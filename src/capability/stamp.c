/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/stamp.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/deadline.h"
#include "base/sys.h"
#include "capability/files.h"

#define ENTRIES_MAX     200000
#define DEPTH_MAX       64
#define STAMP_MOST      ((size_t)256 << 20)
#define CONDITIONS_MARK "for "
#define OUTPUT_MARK     "= "               /* begins the line of a file that was built */
#define FINE_NS         (50 * NS_PER_MS)   /* file times are as coarse as a tick: 10 ms at most */
#define COARSE_NS       (2000 * NS_PER_MS) /* or, on some file systems, as two seconds */

static void
add(struct stamp *s, const char *text)
{
	if (!buffer_append_text(&s->text, text))
		s->no_memory = true;
}

/* Whether a change at this time may be followed by another that has the same time. */
static bool
is_fresh(const struct stamp *s, const struct timespec *changed)
{
	int64_t margin = changed->tv_nsec % 1000000 == 0 ? COARSE_NS : FINE_NS;

	return (s->now.tv_sec - changed->tv_sec) * INT64_C(1000000000) +
		   (s->now.tv_nsec - changed->tv_nsec) <
	       margin;
}

static void
describe(char *ret, size_t room, const char *mark, const struct stat *facts, const char *path)
{
	(void)snprintf(ret, room, "%s%lld %llu %lld.%09ld %lld.%09ld %s\n", mark,
	    (long long)facts->st_size, (unsigned long long)facts->st_ino,
	    (long long)facts->st_mtim.tv_sec, facts->st_mtim.tv_nsec,
	    (long long)facts->st_ctim.tv_sec, facts->st_ctim.tv_nsec, path);
}

static void
add_file(struct stamp *s, const char *mark, const char *path, const struct stat *facts)
{
	char line[PATH_MAX + 128];

	describe(line, sizeof line, mark, facts, path);
	add(s, line);
	if (is_fresh(s, &facts->st_ctim))
		s->usable = false;
}

static void add_folder(struct stamp *s, const char *folder, int depth);

/*
 * Symbolic links are followed; those in a circle end at the greatest depth. Two of them double with every
 * level: therefore folders, and links to nothing, count as files do.
 */
static void
add_entry(struct stamp *s, const char *path, int depth)
{
	struct stat facts;

	if (s->except != NULL && strcmp(path, s->except) == 0)
		return;
	if (++s->entries > ENTRIES_MAX) {
		s->usable = false;
	} else if (stat(path, &facts) < 0) {
		add(s, "broken ");
		add(s, path);
		add(s, "\n");
	} else if (S_ISDIR(facts.st_mode)) {
		add_folder(s, path, depth + 1);
	} else {
		add_file(s, "", path, &facts);
	}
}

/* Hidden folders hold what tools keep for themselves: .lake, .git. Hidden files may be read by a build. */
static int
is_source(const struct dirent *entry)
{
	const char *name = entry->d_name;

	if (name[0] != '.')
		return 1;
	return entry->d_type != DT_DIR && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strcmp(name, ".lake") != 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_folder(struct stamp *s, const char *folder, int depth)
{
	struct dirent **entries;
	int count = -1;

	if (depth > DEPTH_MAX || s->entries > ENTRIES_MAX)
		s->usable = false;
	else
		count = scandir(folder, &entries, is_source, by_name);
	if (count < 0) {
		s->usable = false;
		return;
	}
	for (int i = 0; i < count; i++) {
		char path[PATH_MAX];

		if (file_join(path, folder, entries[i]->d_name))
			add_entry(s, path, depth);
		else
			s->usable = false;
		sys_free(entries[i]);
	}
	sys_free(entries);
}

void
stamp_begin(struct stamp *s, const char *conditions, const char *except, int clock)
{
	struct stat facts;

	*s = (struct stamp){ .text = BUFFER_EMPTY, .except = except };
	s->usable = sys_touch(clock) == 0 && fstat(clock, &facts) == 0;
	if (s->usable)
		s->now = facts.st_ctim;
	add(s, CONDITIONS_MARK);
	add(s, conditions);
	add(s, "\n");
}

void
stamp_add_tree(struct stamp *s, const char *folder)
{
	add_folder(s, folder, 0);
}

/* What was built just now is as it is: it is no source, and nobody edits it in the same moment. */
void
stamp_add_output(struct stamp *s, const char *path)
{
	bool usable = s->usable;
	struct stat facts;

	if (stat(path, &facts) < 0) {
		s->usable = false;
		return;
	}
	add_file(s, OUTPUT_MARK, path, &facts);
	s->usable = usable;
}

void
stamp_release(struct stamp *s)
{
	buffer_free(&s->text);
}

/* ---- Comparing ----------------------------------------------------------------------------- */

static size_t
line_size(const char *at)
{
	size_t size = strcspn(at, "\n");

	return size + (at[size] == '\n');
}

/* The path in a line: behind its numbers. */
static void
say_path(char *ret, size_t room, const char *line, const char *what)
{
	const char *path = memchr(line, '/', strcspn(line, "\n"));

	if (path == NULL || strncmp(line, CONDITIONS_MARK, strlen(CONDITIONS_MARK)) == 0)
		(void)snprintf(ret, room, "the toolchain, or what was asked for, is another");
	else
		(void)snprintf(ret, room, "%.*s %s", (int)strcspn(path, "\n"), path, what);
}

/* False where the sources are not those of the stamp that was kept; *ret_rest is behind them. */
static bool
same_sources(
    const char *now, const char *kept, const char **ret_rest, char *ret_reason, size_t room)
{
	while (*now != '\0') {
		size_t size = line_size(now);

		if (strncmp(now, kept, size) != 0) {
			say_path(ret_reason, room, now, "is new, or has changed");
			return false;
		}
		now += size;
		kept += size;
	}
	*ret_rest = kept;
	if (*kept == '\0' || strncmp(kept, OUTPUT_MARK, strlen(OUTPUT_MARK)) == 0)
		return true;
	say_path(ret_reason, room, kept, "is gone");
	return false;
}

static bool
same_outputs(const char *kept, char *ret_reason, size_t room)
{
	for (; *kept != '\0'; kept += line_size(kept)) {
		const char *start = strchr(kept, '/');
		char path[PATH_MAX], line[PATH_MAX + 128];
		struct stat facts;

		if (start == NULL)
			return false;
		(void)snprintf(path, sizeof path, "%.*s", (int)strcspn(start, "\n"), start);
		*line = '\0';
		if (stat(path, &facts) == 0)
			describe(line, sizeof line, OUTPUT_MARK, &facts, path);
		if (strncmp(line, kept, line_size(kept)) != 0 || *line == '\0') {
			say_path(ret_reason, room, kept, "is not what was built");
			return false;
		}
	}
	return true;
}

bool
stamp_holds(const struct stamp *s, const char *path, char *ret_reason, size_t room)
{
	struct buffer kept = BUFFER_EMPTY, now = BUFFER_EMPTY;
	const char *rest;
	bool holds;

	(void)snprintf(
	    ret_reason, room, "it was not built before, or its sources were just edited");
	if (!file_read(path, STAMP_MOST, &kept))
		return false;
	holds = buffer_append(&now, buffer_front(&s->text), buffer_size(&s->text)) &&
		buffer_append(&now, "", 1) &&
		same_sources((const char *)buffer_front(&now), (const char *)buffer_front(&kept),
		    &rest, ret_reason, room) &&
		same_outputs(rest, ret_reason, room);
	buffer_free(&kept);
	buffer_free(&now);
	return holds;
}
