/* SPDX-License-Identifier: Apache-2.0 */
/* The small files of the kernel. */
#ifndef LW_PARENT_PROC_H
#define LW_PARENT_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_ROOM 16384 /* /proc/vmstat has about 5 KiB */

/* Reads such a file whole, as a C string; false if it is not there. */
bool proc_read(const char *path, char text[PROC_ROOM]);

/* The number behind "name" at a line's begin, as in "VmSwap:	 12 kB" and "oom_kill 3". */
bool proc_number(const char *text, const char *name, uint64_t *ret);

/* False also where it cannot be known. */
bool proc_is_child(pid_t pid, pid_t parent);

#endif
