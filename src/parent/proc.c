/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

bool
proc_read(const char *path, char text[PROC_ROOM])
{
	int fd = sys_open_read(path);
	size_t size = 0;
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (size < PROC_ROOM - 1 && (n = sys_read(fd, text + size, PROC_ROOM - 1 - size)) > 0)
		size += (size_t)n;
	sys_close(&fd);
	text[size] = '\0';
	return n >= 0 && size > 0;
}

bool
proc_number(const char *text, const char *name, uint64_t *ret)
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
proc_is_child(pid_t pid, pid_t parent)
{
	char path[64], text[PROC_ROOM];
	uint64_t of;

	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	return proc_read(path, text) && proc_number(text, "PPid", &of) && of == (uint64_t)parent;
}
