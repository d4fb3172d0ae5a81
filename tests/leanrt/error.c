/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.c - IO.Error: one row per constructor; makers and text follow from the row.
 *
 * Fields of every constructor but two: a file name (optional in some), the details, and behind
 * them the OS code as a 32-bit scalar.  Texts are those of Lean 4.28.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rt.h"

enum file {
	NO_FILE,    /* details only */
	MAYBE_FILE, /* Option String, details */
	A_FILE,     /* String, details */
};

enum say {
	GIST_AND_DETAILS, /* "gist (error code: 5, details)" */
	GIST,             /* "gist (error code: 5)" */
	DETAILS,          /* "details (error code: 5)" */
};

/* clang-format off */
enum tag {
	EXISTS, OTHER, BUSY, VANISHED, UNSUPPORTED, HARDWARE, UNSATISFIED, ILLEGAL, PROTOCOL,
	EXPIRED, INTERRUPTED, NO_SUCH_FILE, INVALID, DENIED, EXHAUSTED, WRONG_TYPE, NO_SUCH_THING,
	END_OF_FILE, USER,
};

static const struct row {
	enum file	file;
	enum say	say;
	const char	*gist;
} rows[] = {
	[EXISTS]	= { MAYBE_FILE, GIST_AND_DETAILS, "already exists" },
	[OTHER]		= { NO_FILE, DETAILS, "" },
	[BUSY]		= { NO_FILE, GIST_AND_DETAILS, "resource busy" },
	[VANISHED]	= { NO_FILE, GIST_AND_DETAILS, "resource vanished" },
	[UNSUPPORTED]	= { NO_FILE, GIST_AND_DETAILS, "unsupported operation" },
	[HARDWARE]	= { NO_FILE, GIST, "hardware fault" },
	[UNSATISFIED]	= { NO_FILE, GIST, "directory not empty" },
	[ILLEGAL]	= { NO_FILE, GIST_AND_DETAILS, "illegal operation" },
	[PROTOCOL]	= { NO_FILE, GIST_AND_DETAILS, "protocol error" },
	[EXPIRED]	= { NO_FILE, GIST_AND_DETAILS, "time expired" },
	[INTERRUPTED]	= { A_FILE, GIST_AND_DETAILS, "interrupted system call" },
	[NO_SUCH_FILE]	= { A_FILE, GIST, "no such file or directory" },
	[INVALID]	= { MAYBE_FILE, GIST_AND_DETAILS, "invalid argument" },
	[DENIED]	= { MAYBE_FILE, DETAILS, "" },
	[EXHAUSTED]	= { MAYBE_FILE, GIST_AND_DETAILS, "resource exhausted" },
	[WRONG_TYPE]	= { MAYBE_FILE, GIST_AND_DETAILS, "inappropriate type" },
	[NO_SUCH_THING]	= { MAYBE_FILE, GIST_AND_DETAILS, "no such thing" },
};
/* clang-format on */

/* file is NULL for none; both strings are owned. */
static lean_object *
make(enum tag tag, lean_object *file, uint32_t code, lean_object *details)
{
	unsigned n = rows[tag].file == NO_FILE ? 1 : 2;
	lean_object *e = lean_alloc_ctor(tag, n, sizeof code);

	if (rows[tag].file == MAYBE_FILE && file != NULL) {
		lean_object *some = lean_alloc_ctor(1, 1, 0);

		lean_ctor_set(some, 0, file);
		file = some;
	}
	if (n == 2)
		lean_ctor_set(e, 0, file == NULL ? lean_box(0) : file);
	lean_ctor_set(e, n - 1, details);
	lean_ctor_set_uint32(e, n * (unsigned)sizeof(void *), code);
	return e;
}

#define PLAIN(name, tag)                                                                           \
	lean_object *lean_mk_io_error_##name(uint32_t code, lean_object *details)                  \
	{                                                                                          \
		return make(tag, NULL, code, details);                                             \
	}
#define WITH_FILE(name, tag)                                                                       \
	lean_object *lean_mk_io_error_##name(                                                      \
	    lean_object *file, uint32_t code, lean_object *details)                                \
	{                                                                                          \
		return make(tag, file, code, details);                                             \
	}
PLAIN(already_exists, EXISTS)
WITH_FILE(already_exists_file, EXISTS)
PLAIN(other_error, OTHER)
PLAIN(resource_busy, BUSY)
PLAIN(resource_vanished, VANISHED)
PLAIN(unsupported_operation, UNSUPPORTED)
PLAIN(hardware_fault, HARDWARE)
PLAIN(unsatisfied_constraints, UNSATISFIED)
PLAIN(illegal_operation, ILLEGAL)
PLAIN(protocol_error, PROTOCOL)
PLAIN(time_expired, EXPIRED)
WITH_FILE(interrupted, INTERRUPTED)
WITH_FILE(no_file_or_directory, NO_SUCH_FILE)
PLAIN(invalid_argument, INVALID)
WITH_FILE(invalid_argument_file, INVALID)
PLAIN(permission_denied, DENIED)
WITH_FILE(permission_denied_file, DENIED)
PLAIN(resource_exhausted, EXHAUSTED)
WITH_FILE(resource_exhausted_file, EXHAUSTED)
PLAIN(inappropriate_type, WRONG_TYPE)
WITH_FILE(inappropriate_type_file, WRONG_TYPE)
PLAIN(no_such_thing, NO_SUCH_THING)
WITH_FILE(no_such_thing_file, NO_SUCH_THING)

/* A constructor without fields is a scalar, as the host must know too. */
lean_object *
lean_mk_io_error_eof(lean_object *unit)
{
	(void)unit;
	return lean_box(END_OF_FILE);
}

lean_object *
lean_mk_io_user_error(lean_object *s)
{
	lean_object *e = lean_alloc_ctor(USER, 1, 0);

	lean_ctor_set(e, 0, s);
	return e;
}

/* NULL where none is given. */
static lean_object *
file_of(lean_object *e, const struct row *row)
{
	lean_object *file = row->file == NO_FILE ? lean_box(0) : lean_ctor_get(e, 0);

	if (lwl_is_scalar(file))
		return NULL;
	return row->file == A_FILE ? file : lean_ctor_get(file, 0);
}

static lean_object *
add(lean_object *s, const char *text)
{
	lean_object *more = lean_mk_string(text);

	s = lean_string_append(s, more);
	lean_dec(more);
	return s;
}

static lean_object *
text_of_row(lean_object *e, const struct row *row)
{
	unsigned n = lean_ctor_num_objs(e);
	uint32_t code = lean_ctor_get_uint32(e, n * (unsigned)sizeof(void *));
	lean_object *details = lean_ctor_get(e, n - 1), *file = file_of(e, row);
	lean_object *s = lean_mk_string(row->gist);
	char number[16];

	if (row->say == DETAILS)
		s = lean_string_append(s, details);
	snprintf(number, sizeof number, "%u", code);
	s = add(add(s, " (error code: "), number);
	if (row->say == GIST_AND_DETAILS)
		s = lean_string_append(add(s, ", "), details);
	s = add(s, ")");
	return file == NULL ? s : lean_string_append(add(s, "\n  file: "), file);
}

lean_object *
lean_io_error_to_string(lean_object *owned_error)
{
	unsigned tag = lean_obj_tag(owned_error);
	lean_object *s;

	if (tag == END_OF_FILE)
		s = lean_mk_string("end of file");
	else if (tag == USER)
		lean_inc(s = lean_ctor_get(owned_error, 0));
	else if (tag < END_OF_FILE)
		s = text_of_row(owned_error, &rows[tag]);
	else
		leanrt_die("no IO.Error has tag %u", tag);
	lean_dec(owned_error);
	return s;
}

void
lean_io_result_show_error(lean_object *r)
{
	lean_object *e = lean_io_result_get_error(r), *s;

	lean_inc(e);
	s = lean_io_error_to_string(e);
	fprintf(stderr, "uncaught exception: %s\n", lean_string_cstr(s));
	lean_dec(s);
}
