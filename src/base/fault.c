/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#ifdef LW_DEV

#include <errno.h>
#include <stdatomic.h>

static atomic_bool armed, persistent, failed;
static atomic_uint_fast64_t reached, turn;

/*
 * What runs out stays run out: memory, descriptors, processes. Other calls do not fail for ever on a
 * kernel that works, and a wait that always fails would prove nothing.
 */
static bool
runs_out(int error)
{
	return error == ENOMEM || error == EMFILE || error == EAGAIN;
}

bool
fault_here(int error)
{
	uint64_t point;

	if (!atomic_load(&armed))
		return false;
	point = atomic_fetch_add(&reached, 1) + 1;
	if (turn == 0 || point < turn ||
	    (point > turn && !(atomic_load(&persistent) && runs_out(error))))
		return false;
	atomic_store(&failed, true);
	errno = error;
	return true;
}

void
lw_fault_arm(uint64_t n, bool from_then_on)
{
	atomic_store(&reached, 0);
	atomic_store(&turn, n);
	atomic_store(&persistent, from_then_on);
	atomic_store(&failed, false);
	atomic_store(&armed, true);
}

uint64_t
lw_fault_disarm(bool *ret_failed)
{
	atomic_store(&armed, false);
	*ret_failed = atomic_load(&failed);
	return atomic_load(&reached);
}

#endif
