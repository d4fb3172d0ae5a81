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
	VIRTUAL_PIDFD,
	VIRTUAL_WAKE /* an eventfd */
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

/*
 * Something that comes from elsewhere in the midst of the parent's doings, as a signal handler or
 * another thread does: once, before its call number `calls` from now (0: never for that), or at this
 * time (INT64_MAX: likewise). A handler of NULL takes it back.
 */
void virtual_interrupt(
    unsigned calls, int64_t at_ns, void (*handler)(void *context), void *context);

/* The application's own poll of a worker's descriptor; false when the time was over first. */
bool virtual_wait(int epoll, int timeout_ms);

#endif
