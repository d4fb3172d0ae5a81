/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel tells about memory: how much a worker process has of its own, and how many
 * processes it has killed for want of it.
 */
#ifndef LW_PARENT_MEMORY_H
#define LW_PARENT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * RssAnon + RssShmem + VmSwap of a process, in KiB. False when it cannot be known: no /proc, a
 * hidden one, or a process that is not the child of this parent (any more).
 */
bool memory_of(pid_t pid, pid_t parent, uint64_t *ret_kib);

/*
 * Processes that the kernel has killed for want of memory: in this process's memory cgroup, which is
 * the worker's too, where that is told; else in the whole system. False when nothing tells.
 */
bool memory_oom_kills(uint64_t *ret_count);

#endif
