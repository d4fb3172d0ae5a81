/* SPDX-License-Identifier: Apache-2.0 */
/* How a producer lets its consumer fall asleep before it sends: the same in peer and guest. */
#ifndef LW_BENCH_WAKE_H
#define LW_BENCH_WAKE_H

#include <time.h>

static inline void
wake_pause(void)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = 150 * 1000 }, NULL);
}

#endif
