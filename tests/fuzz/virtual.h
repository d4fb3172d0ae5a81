/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine without a kernel for the parent's code: the linker puts the functions of virtual.c in the
 * place of those of base/sys.h that wait, read, write or allocate (-Wl,--wrap). Descriptors are rows
 * of a table with a scripted child (peer.h) behind them, a wait ends when the script has made
 * something ready, and when nothing will be, the clock jumps to the end of the wait.
 *
 * Functions of base/sys.h that are not wrapped, and descriptors that are not of the table, go to the
 * real ones.
 */
#ifndef LW_FUZZ_VIRTUAL_H
#define LW_FUZZ_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

enum virtual_kind {
	VIRTUAL_CLOSED,
	VIRTUAL_EPOLL,
	VIRTUAL_CONTROL,
	VIRTUAL_EVENT,
	VIRTUAL_REPORT,
	VIRTUAL_LOG,
	VIRTUAL_PIDFD
};

struct virtual_state {
	size_t descriptors;         /* open now */
	size_t blocks, bytes, peak; /* allocated now; most bytes at any time */
	uint64_t received, sent;    /* bytes, by the parent */
	int64_t now_ns;
	bool faulty;   /* calls may be made to fail (base/fault.h) */
	bool reversed; /* of several that are ready, epoll tells the newest first */
};

extern struct virtual_state virtual;

void virtual_begin(bool reversed);
int virtual_open(enum virtual_kind kind, struct peer *peer);
void virtual_pass_ms(uint32_t ms);
/* Something happened, so that a loop that sees it is no busy one. */
void virtual_moved(void);

#endif
