/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parent/clean.h"

struct verdict_row {
	const char *name, *text;
	lw_code code;
};

#define LW_E_OK LW_OK /* so that the table can paste its second column */
static const struct verdict_row verdicts[LW_VERDICT_COUNT] = {
#define X(name, code, text) [LW_V_##name] = { #name, text, LW_E_##code },
	LW_VERDICTS(X)
#undef X
};

static const char *const code_names[] = {
	[LW_OK] = "LW_OK",
	[LW_E_MISUSE] = "LW_E_MISUSE",
	[LW_E_SYSTEM] = "LW_E_SYSTEM",
	[LW_E_UNSUPPORTED] = "LW_E_UNSUPPORTED",
	[LW_E_SPAWN] = "LW_E_SPAWN",
	[LW_E_HANDSHAKE] = "LW_E_HANDSHAKE",
	[LW_E_CAPABILITY] = "LW_E_CAPABILITY",
	[LW_E_EXPORT] = "LW_E_EXPORT",
	[LW_E_STATUS] = "LW_E_STATUS",
	[LW_E_EXCEPTION] = "LW_E_EXCEPTION",
	[LW_E_ROW] = "LW_E_ROW",
	[LW_E_DECODE] = "LW_E_DECODE",
	[LW_E_METADATA] = "LW_E_METADATA",
	[LW_E_SINK] = "LW_E_SINK",
	[LW_E_CANCELLED] = "LW_E_CANCELLED",
	[LW_E_TIMEOUT] = "LW_E_TIMEOUT",
	[LW_E_DIED] = "LW_E_DIED",
	[LW_E_PROTOCOL] = "LW_E_PROTOCOL",
	[LW_E_SESSION] = "LW_E_SESSION",
	[LW_E_GAVE_UP] = "LW_E_GAVE_UP",
	[LW_E_TOOLCHAIN] = "LW_E_TOOLCHAIN",
	[LW_E_BUILD] = "LW_E_BUILD",
	[LW_E_BUG] = "LW_E_BUG",
};
_Static_assert(sizeof code_names / sizeof code_names[0] == LW_E_BUG + 1, "name every code");

const char *
lw_code_name(lw_code code)
{
	return (unsigned)code <= LW_E_BUG ? code_names[code] : "LW_E_?";
}

static const struct verdict_row *
verdict_row(lw_verdict verdict)
{
	return &verdicts[(unsigned)verdict < LW_VERDICT_COUNT ? verdict : LW_V_BUG];
}

const char *
lw_verdict_name(lw_verdict verdict)
{
	return verdict_row(verdict)->name;
}

const char *
lw_verdict_text(lw_verdict verdict)
{
	return verdict_row(verdict)->text;
}

lw_code
lw_verdict_code(lw_verdict verdict)
{
	return verdict_row(verdict)->code;
}

bool
error_is_begun(const struct lw_error *error)
{
	return error == NULL || error->struct_size == sizeof *error;
}

static void
error_reset(struct lw_error *error, lw_verdict verdict)
{
	size_t struct_size = error->struct_size;

	memset(error, 0, sizeof *error);
	error->struct_size = struct_size;
	error->verdict = verdict;
	error->code = lw_verdict_code(verdict);
	error->exit.code = -1;
}

lw_code
error_set(struct lw_error *error, lw_verdict verdict, const char *format, ...)
{
	char text[2 * sizeof error->message]; /* cut here, a character is not cut there */
	va_list arguments;

	if (error == NULL)
		return lw_verdict_code(verdict);
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	error_reset(error, verdict);
	(void)clean_copy(error->message, sizeof error->message, text, strlen(text));
	return error->code;
}

const char *
error_text(int number)
{
	const char *text = strerrordesc_np(number);

	return text ? text : "unknown error";
}

lw_code
error_set_errno(struct lw_error *error, lw_verdict verdict, const char *doing)
{
	int number = errno;
	lw_code code = error_set(error, verdict, "%s: %s", doing, error_text(number));

	if (error != NULL)
		error->status = number;
	return code;
}

bool
bug_found(const char *condition, const char *file, int line)
{
#ifdef LW_DEV
	fprintf(stderr, "leanworker bug: %s (%s:%d)\n", condition, file, line);
	abort();
#else
	(void)condition, (void)file, (void)line;
	return true;
#endif
}
