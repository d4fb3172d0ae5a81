/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where tests make allocations and system calls fail. Every fallible call of base/sys.c is a point;
 * in development builds points are counted, and the n-th fails, once or, where it asks for memory,
 * descriptors or processes, with all that do so from then on. In other builds there is nothing of this.
 */
#ifndef LW_BASE_FAULT_H
#define LW_BASE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef LW_DEV

/* True, with errno set, when it is this point's turn to fail. */
bool fault_here(int error);

/* For the test kit, and so visible outside of the library. n counts from 1; 0 only counts. */
__attribute__((visibility("default"))) void lw_fault_arm(uint64_t n, bool from_then_on);
/* Stops counting and failing; answers how many points were reached, and whether one failed. */
__attribute__((visibility("default"))) uint64_t lw_fault_disarm(bool *ret_failed);

#else
#define fault_here(error) false
#endif

#endif
