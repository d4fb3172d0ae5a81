/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panic.c - what a Lean panic does: text first, then abort, exit or go on with the default.
 * No backtrace is printed, as under LEAN_BACKTRACE=0.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rt.h"

static bool exit_on_panic;
static bool messages = true;

/* Read at each panic, and any value counts: so does the real one. */
static bool
abort_on_panic(void)
{
	return getenv("LEAN_ABORT_ON_PANIC") != NULL;
}

void
lean_internal_panic(const char *msg)
{
	fprintf(stderr, "INTERNAL PANIC: %s\n", msg);
	if (abort_on_panic())
		abort();
	exit(1);
}

void
lean_internal_panic_out_of_memory(void)
{
	lean_internal_panic("out of memory");
}

void
lean_internal_panic_unreachable(void)
{
	lean_internal_panic("unreachable code has been reached");
}

void
lean_internal_panic_rc_overflow(void)
{
	lean_internal_panic("reference counter overflowed");
}

void
lean_internal_panic_overflow(void)
{
	lean_internal_panic("integer overflow in runtime computation");
}

lean_object *
lean_sorry(uint8_t unused)
{
	(void)unused;
	lean_internal_panic("executed 'sorry'");
}

void
lean_set_exit_on_panic(bool flag)
{
	exit_on_panic = flag;
}

void
lean_set_panic_messages(bool flag)
{
	messages = flag;
}

void
lean_panic(const char *msg, bool force_stderr)
{
	(void)force_stderr;
	if (messages)
		fprintf(stderr, "%s\n", msg);
	if (abort_on_panic())
		abort();
	if (exit_on_panic)
		exit(1);
}

lean_object *
lean_panic_fn_borrowed(lean_object *dflt, lean_object *msg)
{
	lean_panic(lean_string_cstr(msg), false);
	lean_dec(msg);
	return dflt;
}

/* The default is returned as it came, with its count. */
lean_object *
lean_panic_fn(lean_object *dflt, lean_object *msg)
{
	return lean_panic_fn_borrowed(dflt, msg);
}
