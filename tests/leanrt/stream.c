/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c - stdout and stderr as IO.FS.Stream: a structure of six closures, of which emitted
 * code applies flush, putStr and isTty.  The others abort.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rt.h"

enum { FLUSH, READ, WRITE, GET_LINE, PUT_STR, IS_TTY, FIELDS };

static lean_object *streams[2];

static lean_object *
ok(void)
{
	return lean_io_result_mk_ok(lean_box(0));
}

static void
put(FILE *to, lean_object *s)
{
	fwrite(lean_string_cstr(s), 1, lean_string_size(s) - 1, to);
	lean_dec(s);
}

static FILE *
file_of(lean_object *boxed_fd)
{
	return lean_unbox(boxed_fd) == STDERR_FILENO ? stderr : stdout;
}

static lean_object *
put_str(lean_object *fd, lean_object *s, lean_object *world)
{
	(void)world;
	put(file_of(fd), s);
	return ok();
}

static lean_object *
flush(lean_object *fd, lean_object *world)
{
	(void)world;
	fflush(file_of(fd));
	return ok();
}

static lean_object *
is_tty(lean_object *fd, lean_object *world)
{
	(void)world;
	return lean_box(isatty((int)lean_unbox(fd)) == 1);
}

static lean_object *
refuse(lean_object *fd, lean_object *a, lean_object *b)
{
	(void)fd;
	(void)a;
	(void)b;
	leanrt_unsupported("read, write and getLine of a stream");
}

/* arity counts the descriptor and the world. */
static lean_object *
bound(void *code, unsigned arity, int fd)
{
	lean_object *c = lean_alloc_closure(code, arity, 1);

	lean_closure_set(c, 0, lean_box((size_t)fd));
	return c;
}

static lean_object *
make(int fd)
{
	lean_object *s = lean_alloc_ctor(0, FIELDS, 0);

	lean_ctor_set(s, FLUSH, bound((void *)flush, 2, fd));
	lean_ctor_set(s, READ, bound((void *)refuse, 3, fd));
	lean_ctor_set(s, WRITE, bound((void *)refuse, 3, fd));
	lean_ctor_set(s, GET_LINE, bound((void *)refuse, 2, fd));
	lean_ctor_set(s, PUT_STR, bound((void *)put_str, 3, fd));
	lean_ctor_set(s, IS_TTY, bound((void *)is_tty, 2, fd));
	lean_mark_persistent(s);
	return s;
}

void
rt_streams_make(void)
{
	streams[0] = make(STDOUT_FILENO);
	streams[1] = make(STDERR_FILENO);
}

lean_object *
lean_get_stdout(void)
{
	rt_must_be_initialized(__func__);
	return streams[0];
}

lean_object *
lean_get_stderr(void)
{
	rt_must_be_initialized(__func__);
	return streams[1];
}

lean_object *
lean_io_eprintln(lean_object *s)
{
	put(stderr, lean_string_push(s, '\n'));
	return ok();
}

lean_object *
lean_dbg_trace(lean_object *s, lean_object *fn)
{
	put(stderr, lean_string_push(s, '\n'));
	return lean_apply_1(fn, lean_box(0));
}
