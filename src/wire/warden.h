/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records between the parent and the warden: one size, one packet each, so that neither side
 * ever holds a part of one. Seven numbers whose meaning depends on the kind; unused ones are zero.
 *
 * CONFIGURE keeps its layout for ever: a child of another version must still get as far as HELLO,
 * where the two versions are compared by name.
 */
#ifndef LW_WIRE_WARDEN_H
#define LW_WIRE_WARDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WARDEN_RECORD_SIZE 64
#define WARDEN_VALUES      7

enum warden_record_kind {
	WARDEN_CONFIGURE = 1, /* parent: the first record; the warden waits for it */
	WARDEN_KILL,          /* parent: end the worker and every descendant now */
	WARDEN_STARTED,       /* warden: the worker was forked */
	WARDEN_FAILED,        /* warden: it was not; the warden exits */
	WARDEN_EXIT,          /* warden: worker and descendants are gone; the warden exits */
	WARDEN_ENDED,         /* warden: the worker has ended; as EXIT, but for the survivors */
	WARDEN_RECORD_KINDS
};

enum { CONFIGURE_GENERATION, CONFIGURE_ROW_CAP, CONFIGURE_CONTAINMENT, CONFIGURE_RING_ROOM };
enum { STARTED_PID, STARTED_CONTAINMENT };
enum { FAILED_STEP, FAILED_ERRNO };
enum {
	EXIT_STATUS,      /* as wait(2) gives it */
	EXIT_ORDERED,     /* 1: the warden killed it by order before it ended by itself */
	EXIT_SURVIVORS,   /* descendants that outlived the worker and were killed */
	EXIT_CONTAINMENT, /* what held them */
	EXIT_USER_US,
	EXIT_SYSTEM_US,
	EXIT_PEAK_KIB
};

/* Where FAILED happened, with words for people. */
#define WARDEN_STEPS(X)                                                                            \
	X(CONFIGURE, "reading its configuration")                                                  \
	X(CONTAIN, "entering the containment that was asked for")                                  \
	X(INIT, "starting the namespace's init")                                                   \
	X(FORK, "forking the worker")                                                              \
	X(WATCH, "opening a pidfd")

enum warden_step {
#define X(name, words) WARDEN_STEP_##name,
	WARDEN_STEPS(X)
#undef X
	    WARDEN_STEP_COUNT
};

/* How descendants are kept within reach. Strongest first; 0 in CONFIGURE: the strongest there is. */
enum warden_containment {
	CONTAINMENT_PID_NAMESPACE = 1,      /* the kernel ends them with the namespace's init */
	CONTAINMENT_USER_PID_NAMESPACE = 2, /* the same, through a user namespace */
	CONTAINMENT_SUBREAPER = 3,          /* orphans come back to the warden, which kills them */
};

struct warden_record {
	enum warden_record_kind kind;
	uint64_t value[WARDEN_VALUES];
};

void warden_record_encode(
    const struct warden_record *record, uint8_t ret_bytes[WARDEN_RECORD_SIZE]);
/* False unless the packet is exactly one record of a known kind. */
bool warden_record_decode(const uint8_t *bytes, size_t size, struct warden_record *ret_record);

#endif
