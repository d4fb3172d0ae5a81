/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wardens whose worker the kernel could not end in time, of all workers of this process: kept by
 * pidfd when their worker is closed, and reaped by whichever worker is started or closed later.
 */
#ifndef LW_PARENT_GRAVEYARD_H
#define LW_PARENT_GRAVEYARD_H

/* Takes the pidfd, and writes -1 back. Where there is no room it is closed, and a zombie may stay. */
void graveyard_take(int *pidfd);
/* Reaps those that have ended; never waits. */
void graveyard_sweep(void);

#endif
