/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/memory.h"

#include <stdio.h>
#include <string.h>

#include "parent/proc.h"

#define PATH_ROOM 4096

bool
memory_of(pid_t pid, pid_t parent, uint64_t *ret_kib)
{
	char path[64], text[PROC_ROOM];
	uint64_t anonymous, shared, swapped, of;

	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (!proc_read(path, text) || !proc_number(text, "PPid", &of) || of != (uint64_t)parent ||
	    !proc_number(text, "RssAnon", &anonymous) || !proc_number(text, "RssShmem", &shared) ||
	    !proc_number(text, "VmSwap", &swapped))
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
	char cgroups[PROC_ROOM], text[PROC_ROOM], path[PATH_ROOM];

	if (proc_read("/proc/self/cgroup", cgroups)) {
		if (cgroup_file(cgroups, "0::", "/sys/fs/cgroup", "memory.events", path) &&
		    proc_read(path, text) && proc_number(text, "oom_kill", ret_count))
			return true;
		if (cgroup_file(
			cgroups, ":memory:", "/sys/fs/cgroup/memory", "memory.oom_control", path) &&
		    proc_read(path, text) && proc_number(text, "oom_kill", ret_count))
			return true;
	}
	return proc_read("/proc/vmstat", text) && proc_number(text, "oom_kill", ret_count);
}
