/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

__attribute__((format(printf, 1, 0))) static void
say(const char *format, va_list arguments)
{
	fputs("leanworker: ", stderr);
	vfprintf(stderr, format, arguments);
}

void
cli_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

int
cli_usage(const char *verb, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	fprintf(stderr, "; see leanworker %s%s--help\n", verb, *verb ? " " : "");
	return CLI_EXIT_USAGE;
}

int
cli_bad_option(const char *verb, const char *flags, const char *word)
{
	if (optopt > 0 && optopt < 256 && strchr(flags, optopt) == NULL)
		return cli_usage(verb, "there is no option -%c", optopt);
	return cli_usage(verb, "%s is not an option", word);
}

/* Names come from the capability: no control character of theirs reaches a terminal. */
static void
print_name(const char *name)
{
	for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++) {
		int c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;

		fputc(*at < 0x20 || *at == 0x7f || c1 ? '?' : *at, stderr);
		at += c1;
	}
}

int
cli_fail(const struct lw_error *error)
{
	cli_say("%s: %s", lw_verdict_name(error->verdict), error->message);
	if (error->has_row == LW_ROW_AT_FAULT) {
		fputs("  at stream \"", stderr);
		print_name(error->stream);
		fprintf(stderr, "\", sequence %llu, byte %llu\n",
		    (unsigned long long)error->sequence, (unsigned long long)error->offset);
	}
	if (error->rows > 0)
		fprintf(stderr, "  after %llu row%s (tentative)\n", (unsigned long long)error->rows,
		    error->rows == 1 ? "" : "s");
	return CLI_EXIT_FIRST + (int)error->code;
}

int
cli_fail_output(int number)
{
	cli_say("cannot write to standard output: %s", strerror(number));
	return CLI_EXIT_FILE;
}

/* NULL with errno. */
static char *
read_all(FILE *file, size_t *ret_size)
{
	size_t size = 0, room = 1 << 16;
	char *text = malloc(room), *larger;

	while (text != NULL) {
		size += fread(text + size, 1, room - size, file);
		if (size < room)
			break;
		larger = realloc(text, room *= 2);
		if (larger == NULL)
			free(text);
		text = larger;
	}
	if (text != NULL && ferror(file)) {
		free(text); /* which keeps errno */
		text = NULL;
	}
	*ret_size = size;
	return text;
}

char *
cli_read_text(const char *argument, size_t *ret_size)
{
	const char *name = "standard input";
	FILE *file = stdin;
	char *text = NULL;

	if (*argument == '@') {
		name = argument + 1;
		file = fopen(name, "re");
	} else if (strcmp(argument, "-") != 0) {
		*ret_size = strlen(argument);
		text = strdup(argument);
		if (text == NULL)
			cli_say("no memory for the request");
		return text;
	}
	if (file != NULL)
		text = read_all(file, ret_size);
	if (text == NULL)
		cli_say("cannot read the request from %s: %s", name, strerror(errno));
	if (file != NULL && file != stdin)
		fclose(file);
	return text;
}

const char *
cli_parse_time(const char *text, uint32_t *ret_ms)
{
	static const struct {
		const char *name;
		uint32_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 } };
	const char *unit = text + strspn(text, "0123456789");
	uint64_t number = 0;

	if (unit == text || *unit == '.')
		return "must be a whole number with its unit: 500ms, 30s or 2m";
	for (const char *digit = text; digit < unit; digit++)
		if (number <= UINT32_MAX) /* once it is more it stays more */
			number = number * 10 + (uint64_t)(*digit - '0');
	if (*unit == '\0')
		return "has no unit; write 500ms, 30s or 2m";
	if (number == 0)
		return "must be more than 0";
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(unit, units[i].name) == 0) {
			if (number > UINT32_MAX / units[i].ms)
				return "is too long; 71582m, 49 days, is the longest";
			*ret_ms = (uint32_t)number * units[i].ms;
			return NULL;
		}
	return "has an unknown unit; the units are ms, s and m (minutes)";
}
