/* SPDX-License-Identifier: Apache-2.0 */
#include "support/group.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char group[128]; /* of this test's own; one at a time */

bool
group_write(const char *file, const char *text)
{
	char path[192];
	FILE *out;
	bool written;

	(void)snprintf(path, sizeof path, "%s/%s", group, file);
	out = fopen(path, "r+e"); /* never makes one: a folder may be no group */
	written = out != NULL && fputs(text, out) >= 0;
	return out != NULL && fclose(out) == 0 && written;
}

bool
group_move(pid_t pid)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%d", pid);
	return group_write("cgroup.procs", text);
}

bool
group_make(const char *mount)
{
	(void)snprintf(group, sizeof group, "%s/lwtest-%d", mount, getpid());
	return mkdir(group, 0755) == 0;
}

bool
group_is_removed(void *context)
{
	(void)context;
	return rmdir(group) == 0 || errno == ENOENT;
}
