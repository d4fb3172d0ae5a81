/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wardens whose worker the kernel could not end in time, of all workers of this process, and children
 * of wardens that had to be killed: kept by pidfd, and reaped by whichever worker is started or closed
 * later.
 */
#ifndef LW_PARENT_GRAVEYARD_H
#define LW_PARENT_GRAVEYARD_H

#include <sys/types.h>

/* Takes the pidfd, and writes -1 back. Where there is no room it is closed, and a zombie may stay. */
void graveyard_take(int *pidfd);
/*
 * Kills the children of a warden that is about to be killed itself, and takes them: where this process
 * adopts orphans (a subreaper, or pid 1) they become its own, which nobody else would reap. Where
 * there is no /proc there is nothing that it could do.
 */
void graveyard_take_children(pid_t warden, int warden_pidfd);
/* Reaps those that have ended; never waits. */
void graveyard_sweep(void);

#endif
