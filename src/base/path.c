/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"

char *
path_absolute(const char *path)
{
	char here[PATH_MAX];
	size_t size;
	char *made;

	if (*path == '/')
		return sys_strdup(path);
	if (getcwd(here, sizeof here) == NULL)
		return NULL;
	size = strlen(here) + strlen(path) + 2;
	made = sys_alloc(size);
	if (made != NULL)
		(void)snprintf(made, size, "%s/%s", here, path);
	return made;
}
