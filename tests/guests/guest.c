/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capability of the Lean ABI written by hand in C, for what Lean code cannot be made to do: die
 * of a given signal, lie on the wire, leave processes behind. Runs on the checking runtime.
 *
 * Its streaming exports take one number as request, and emit that they began, {"pid":…}, first.
 */
#include <lean/lean.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/fds.h"

typedef uint8_t (*trampoline)(
    uintptr_t handle, uint8_t tag, uint64_t a, uint64_t b, lean_object *payload);

lean_object *
initialize_Guest(uint8_t builtin)
{
	(void)builtin;
	return lean_io_result_mk_ok(lean_box(0));
}

static uint8_t
emit(size_t handle, size_t callback, const char *envelope)
{
	lean_object *text = lean_mk_string(envelope);
	uint8_t status = ((trampoline)callback)(handle, 1, 0, 0, text);

	lean_dec(text);
	return status;
}

/* The request's number; the request is consumed, as exports do. */
static long
begin(lean_object *request, size_t handle, size_t callback)
{
	long number = strtol(lean_string_cstr(request), NULL, 10);
	char row[96];

	lean_dec(request);
	(void)snprintf(
	    row, sizeof row, "{\"stream\":\"began\",\"payload\":{\"pid\":%d}}", getpid());
	(void)emit(handle, callback, row);
	return number;
}

static lean_object *
end(uint8_t status)
{
	return lean_io_result_mk_ok(lean_box(status));
}

static void
die(long signal_number)
{
	if (signal_number == SIGSEGV)
		*(volatile int *)8 = 1; /* a real fault: Lean's handler swallows a sent one */
	(void)signal((int)signal_number, SIG_DFL);
	(void)raise((int)signal_number);
}

/* Emits rows, then dies of a signal. */
lean_object *
guest_die(lean_object *request, size_t handle, size_t callback)
{
	long number = begin(request, handle, callback);

	for (int i = 0; i < 5; i++)
		(void)emit(handle, callback, "{\"stream\":\"rows\",\"payload\":null}");
	die(number);
	return end(1);
}

lean_object *
guest_exit(lean_object *request, size_t handle, size_t callback)
{
	_exit((int)begin(request, handle, callback));
}

/* Never returns, and does not look whether it is asked to. */
lean_object *
guest_hang(lean_object *request, size_t handle, size_t callback)
{
	(void)begin(request, handle, callback);
	for (;;)
		(void)pause();
}

lean_object *
guest_stop_self(lean_object *request, size_t handle, size_t callback)
{
	(void)begin(request, handle, callback);
	(void)kill(getpid(), SIGSTOP);
	return end(0);
}

static void
leave_descendant(void)
{
	pid_t child = fork();

	if (child == 0) {
		(void)setsid();
		if (fork() != 0)
			_exit(0);
		(void)setsid();
		for (;;)
			(void)pause();
	}
	(void)waitpid(child, NULL, 0);
}

/* Leaves so many processes in sessions of their own, and returns. */
lean_object *
guest_leave_descendants(lean_object *request, size_t handle, size_t callback)
{
	long count = begin(request, handle, callback);

	while (count-- > 0)
		leave_descendant();
	return end(0);
}

/* Returns the number as its status; it never asks what the callback answered. */
lean_object *
guest_status(lean_object *request, size_t handle, size_t callback)
{
	return end((uint8_t)begin(request, handle, callback));
}

/* Writes so many KiB of text to standard error, in lines. */
lean_object *
guest_chatter(lean_object *request, size_t handle, size_t callback)
{
	long kib = begin(request, handle, callback);

	for (long i = 0; i < kib * 16; i++)
		fprintf(stderr, "%-63ld\n", i);
	return end(0);
}

lean_object *
guest_print(lean_object *request, size_t handle, size_t callback)
{
	(void)begin(request, handle, callback);
	printf("on stdout\n");
	fprintf(stderr, "on stderr\n");
	return end(0);
}

/* Closes the event lane and lives on. */
lean_object *
guest_close_lane(lean_object *request, size_t handle, size_t callback)
{
	(void)begin(request, handle, callback);
	(void)close(WIRE_FD_EVENT);
	for (;;)
		(void)pause();
}

/* Writes bytes on the event lane that no leanworker-child writes. */
lean_object *
guest_garble(lean_object *request, size_t handle, size_t callback)
{
	static const char garbage[64] =
	    "this is not a frame of any protocol, and is longer than one";

	(void)begin(request, handle, callback);
	(void)!write(WIRE_FD_EVENT, garbage, sizeof garbage);
	for (;;)
		(void)pause();
}

/* Emits rows until it is told to stop, and returns what it was told. */
lean_object *
guest_emit_until_stopped(lean_object *request, size_t handle, size_t callback)
{
	uint8_t status = 0;

	(void)begin(request, handle, callback);
	while (status == 0)
		status = emit(handle, callback, "{\"stream\":\"rows\",\"payload\":1}");
	return end(status);
}

/* The same, but it returns success. */
lean_object *
guest_hide_stop(lean_object *request, size_t handle, size_t callback)
{
	lean_object *result = guest_emit_until_stopped(request, handle, callback);

	lean_dec(result);
	return end(0);
}

/* Emits the request itself as an envelope, and ignores the answer. */
lean_object *
guest_emit(lean_object *request, size_t handle, size_t callback)
{
	(void)((trampoline)callback)(handle, 1, 0, 0, request);
	(void)emit(handle, callback, "{\"stream\":\"after\",\"payload\":0}");
	lean_dec(request);
	return end(0);
}

/* Emits with a handle that is not this request's. */
lean_object *
guest_emit_stale(lean_object *request, size_t handle, size_t callback)
{
	uint8_t status = emit(handle + 1, callback, "{\"stream\":\"rows\",\"payload\":1}");

	lean_dec(request);
	return end(status);
}

lean_object *
guest_echo(lean_object *request)
{
	return lean_io_result_mk_ok(request);
}
