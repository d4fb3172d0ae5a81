/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two roles of the program. The parent starts it as the warden; the warden forks the worker,
 * which serves requests. Neither returns.
 */
#ifndef LW_CHILD_CHILD_H
#define LW_CHILD_CHILD_H

#include <stdint.h>

#define CHILD_PROGRAM "leanworker-child"

/* What the parent configured, handed from warden to worker through the fork. */
struct child_configuration {
	uint32_t generation;
	uint64_t row_cap;   /* bytes of one row's payload */
	uint64_t ring_room; /* of the ring that is offered; 0: none is */
};

_Noreturn void warden_main(void);
_Noreturn void worker_main(const struct child_configuration *configuration, int warden_pidfd);

#endif
