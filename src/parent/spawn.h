/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting leanworker-child: its lanes, its descriptors, posix_spawn. In the application's process
 * no code of ours runs between fork and exec.
 */
#ifndef LW_PARENT_SPAWN_H
#define LW_PARENT_SPAWN_H

#include <stdint.h>
#include <sys/types.h>

#include "leanworker/leanworker.h"
#include "wire/ring.h"

struct spawned {
	pid_t warden;
	int warden_pidfd;
	int control;             /* stream socket, written */
	int event;               /* stream socket, read */
	int report;              /* seqpacket socket to the warden */
	int log;                 /* read end of the child's stdout and stderr */
	volatile uint32_t *stop; /* the word that asks to stop, on the page that we alone write */
	const void *ring;        /* the event lane's memory, which the child writes; NULL: none */
};

#define SPAWN_STOP_PAGE 4096
#define SPAWN_FD_MIN    3 /* of every descriptor that the parent keeps */

/* All descriptors are non-blocking and the caller's; nothing is left behind after an error. */
lw_code spawn_child(
    const char *path, char *const *environment, struct spawned *ret, struct lw_error *ret_error);

#endif
