/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn, as every program that this library starts is started. */
#ifndef LW_PARENT_LAUNCH_H
#define LW_PARENT_LAUNCH_H

#include <sys/types.h>

/* The new process's descriptors are moved here first, so that placing one never overwrites another. */
#define LAUNCH_FD_MIN 16

struct launch {
	const char *path;
	char *const *arguments;
	char *const *environment;
	const char *folder; /* where it runs; NULL: here */
	/* What it has at 0, 1, ...; each at LAUNCH_FD_MIN or above, or -1 for /dev/null at 0. It has
	 * nothing else. */
	const int *fds;
	int fd_count;
};

/* 0, or an errno: the program could not be executed, or there is no process to be had. */
int launch(const struct launch *order, pid_t *ret_pid);

#endif
