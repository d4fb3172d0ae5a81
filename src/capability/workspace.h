/* SPDX-License-Identifier: Apache-2.0 */
/* A Lake project, as its lake-manifest.json describes it; lakefiles are Lake's to read. */
#ifndef LW_CAPABILITY_WORKSPACE_H
#define LW_CAPABILITY_WORKSPACE_H

#include <limits.h>
#include <stdbool.h>

#include "leanworker/capability.h"

struct package {
	char *name;   /* as the manifest spells it, «» and all */
	char *folder; /* absolute; it need not be there */
};

struct workspace {
	char root[PATH_MAX]; /* absolute, without symbolic links */
	char *name;          /* the root package's; NULL where there is no manifest yet */
	struct package *packages;
	size_t count;
};

/* Checks that there is a project, and reads its manifest if it has one; to be released in any case. */
lw_code workspace_open(const char *root, struct workspace *ret, struct lw_error *ret_error);
/* Reads the manifest again: Lake may have written it. */
lw_code workspace_read(struct workspace *workspace, struct lw_error *ret_error);
void workspace_release(struct workspace *workspace);

/* The name of the package in whose folder a file is, else of the root; NULL: unknown. */
const char *workspace_package_of(const struct workspace *workspace, const char *path);

/* LW_E_BUILD (BUILD_PACKAGES) names the packages whose folders are not there. */
lw_code workspace_check_packages(const struct workspace *workspace, struct lw_error *ret_error);

#endif
