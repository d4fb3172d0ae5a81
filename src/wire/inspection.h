/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two ways in which leanworker-child serves the parent without a protocol: its arguments, and what
 * both sides must agree on. In neither is it a warden.
 */
#ifndef LW_WIRE_INSPECTION_H
#define LW_WIRE_INSPECTION_H

/*
 * leanworker-child --inspect FILE: JSON on standard output, or a line on standard error and status 1.
 * --inspect-brief leaves out the names that Lean's compiler gives to definitions, of which a large
 * library has a million; module initialisers and chosen names stay.
 */
#define WIRE_INSPECT_ARGUMENT       "--inspect"
#define WIRE_INSPECT_BRIEF_ARGUMENT "--inspect-brief"

/* The most that is told of one file. A Lean library of 200,000 symbols takes a quarter of it. */
#define INSPECTION_CAP ((size_t)64 << 20)

/*
 * leanworker-child --hold PROGRAM ARGUMENT...: runs a program, and ends it with all that it started when
 * the peer at HOLD_FD_ORDER says so or is gone, or the parent is. Exits as the program did; 128 and the
 * signal where one ended it, HOLD_NOT_STARTED where it could not be executed.
 */
#define WIRE_HOLD_ARGUMENT "--hold"

enum {
	HOLD_FD_ORDER = 3,  /* a stream socket: a byte, or its end, ends everything */
	HOLD_FD_PARENT = 4, /* a pidfd of the parent: its end ends everything too */
	HOLD_FD_COUNT = 5
};

#define HOLD_NOT_STARTED 127
#define HOLD_SIGNAL      128

#endif
