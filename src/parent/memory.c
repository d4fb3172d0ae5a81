/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

#define FILE_ROOM 16384 /* /proc/vmstat has about 5 KiB */
#define PATH_ROOM 4096

/* Reads a small file whole, as a C string; false if it is not there. */
static bool
read_file(const char *path, char text[FILE_ROOM])
{
	int fd = sys_open_read(path);
	size_t size = 0;
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (size < FILE_ROOM - 1 && (n = sys_read(fd, text + size, FILE_ROOM - 1 - size)) > 0)
		size += (size_t)n;
	sys_close(&fd);
	text[size] = '\0';
	return n >= 0 && size > 0;
}

/* The number behind "name" at a line's begin, as in "VmSwap:	 12 kB" and "oom_kill 3". */
static bool
find_number(const char *text, const char *name, uint64_t *ret)
{
	size_t size = strlen(name);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, size) == 0 && (line[size] == ':' || line[size] == ' ')) {
			*ret = strtoull(line + size + 1, NULL, 10);
			return true;
		}
	}
	return false;
}

bool
memory_of(pid_t pid, pid_t parent, uint64_t *ret_kib)
{
	char path[64], text[FILE_ROOM];
	uint64_t anonymous, shared, swapped, of;

	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (!read_file(path, text) || !find_number(text, "PPid", &of) || of != (uint64_t)parent ||
	    !find_number(text, "RssAnon", &anonymous) || !find_number(text, "RssShmem", &shared) ||
	    !find_number(text, "VmSwap", &swapped))
		return false;
	*ret_kib = anonymous + shared + swapped;
	return true;
}

/*
 * Where a hierarchy says that this process is: "0::/path" of version 2, "9:memory:/path" of version
 * 1. The path becomes that of a file in a mount at its usual place.
 */
static bool
cgroup_file(const char *cgroups, const char *hierarchy, const char *mount, const char *name,
    char path[PATH_ROOM])
{
	const char *at = strstr(cgroups, hierarchy), *end;

	if (at == NULL)
		return false;
	at += strlen(hierarchy);
	end = strchrnul(at, '\n');
	return snprintf(path, PATH_ROOM, "%s%.*s/%s", mount, (int)(end - at), at, name) < PATH_ROOM;
}

bool
memory_oom_kills(uint64_t *ret_count)
{
	char cgroups[FILE_ROOM], text[FILE_ROOM], path[PATH_ROOM];

	if (read_file("/proc/self/cgroup", cgroups)) {
		if (cgroup_file(cgroups, "0::", "/sys/fs/cgroup", "memory.events", path) &&
		    read_file(path, text) && find_number(text, "oom_kill", ret_count))
			return true;
		if (cgroup_file(
			cgroups, ":memory:", "/sys/fs/cgroup/memory", "memory.oom_control", path) &&
		    read_file(path, text) && find_number(text, "oom_kill", ret_count))
			return true;
	}
	return read_file("/proc/vmstat", text) && find_number(text, "oom_kill", ret_count);
}
