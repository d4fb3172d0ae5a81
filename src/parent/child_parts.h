/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of one child share: child.c has its states and its end, child_events.c,
 * child_report.c and child_control.c a lane each. For nobody else; parent/child.h is the interface.
 */
#ifndef LW_PARENT_CHILD_PARTS_H
#define LW_PARENT_CHILD_PARTS_H

#include "parent/child.h"
#include "wire/warden.h"

#define CHILD_LANE_GRACE_MS 1000 /* a dying process closes its descriptors before it is dead */

/* The one setter of the state. */
void child_set_state(struct child *c, enum child_state state);
/* HELLO and the warden's STARTED come on two lanes, in any order. */
void child_ready_when_both(struct child *c);

bool child_watch(struct child *c, struct child_source *source, int fd,
    void (*on_ready)(struct child *), uint32_t events);
void child_close(struct child *c, int *fd); /* unwatches too */
void child_close_lanes(struct child *c);

/* Condemns for a lie; `why` completes "the child broke the protocol while …". */
void child_fault(struct child *c, const char *why);
/* The end came; a cause is fixed already, or is now. Only the warden is left. */
void child_set_condemned(struct child *c);
/* It ended without our order: what was sent before still counts, then the facts say why. */
void child_conclude(struct child *c);
/* Notes proof that the last question was not read whole, where there is any. */
void child_note_unread(struct child *c);

void child_on_control(struct child *c);
void child_on_event(struct child *c);
void child_take_messages(struct child *c); /* those that are in the reader */

/* child_ring.c: false when there is none. From here on the lane is the ring. */
bool child_use_ring(struct child *c);
void child_drop_ring(struct child *c);
void child_look_at_ring(struct child *c); /* by the clock */
void child_read_ring(struct child *c);    /* a bounded part of what is there */
void child_drain_ring(struct child *c);   /* what is there now, once, after the child's end */
bool child_hear_bell(struct child *c);    /* false: the lane was closed */
void child_drain_events(struct child *c); /* bounded: a stranger may hold the lane */
void child_on_report(struct child *c);
void child_on_warden_end(struct child *c);
void child_send_record(struct child *c, const struct warden_record *record);

#endif
