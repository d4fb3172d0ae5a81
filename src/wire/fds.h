/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leanworker-child inherits, and at which number. The parent places them with posix_spawn and
 * closes everything else; the warden and the worker each close what is not theirs.
 */
#ifndef LW_WIRE_FDS_H
#define LW_WIRE_FDS_H

enum {
	WIRE_FD_STDIN = 0,  /* /dev/null, opened for this child: no description is shared */
	WIRE_FD_STDOUT = 1, /* the log pipe, both of them: text for people, never protocol */
	WIRE_FD_STDERR = 2,
	WIRE_FD_CONTROL = 3, /* worker: stream socket, parent -> worker */
	WIRE_FD_EVENT = 4,   /* worker: stream socket, worker -> parent */
	WIRE_FD_CANCEL = 5,  /* worker: memfd of the parent's page: "please stop", and the ring's */
	WIRE_FD_WARDEN = 6,  /* warden: seqpacket socket, records of wire/warden.h */
	WIRE_FD_PARENT = 7,  /* warden: a pidfd of the parent, to see its end */
	WIRE_FD_RING = 8,    /* worker: memfd of wire/ring.h, or /dev/null where none is offered */
	WIRE_FD_COUNT = 9
};

/* First argument of the program: it refuses to run without it, so that nobody starts it by hand. */
#define WIRE_WARDEN_ARGUMENT "--warden"

#endif
