/* SPDX-License-Identifier: Apache-2.0 */
/* Failures, and what is read and printed as a whole. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/failure.h"
#include "cli/screen.h"

static int as_json;

void
cli_report_json(int wanted)
{
	as_json = wanted;
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

static void
say_failure(const struct lw_error *error)
{
	cli_say("%s%s%s: %s", cli_color(LW_SEVERITY_ERROR), lw_verdict_name(error->verdict),
	    cli_plain(), error->message);
	if (error->has_row == LW_ROW_AT_FAULT) {
		fputs("  at stream \"", stderr);
		print_name(error->stream);
		fprintf(stderr, "\", sequence %llu, byte %llu\n",
		    (unsigned long long)error->sequence, (unsigned long long)error->offset);
	}
	if (error->rows > 0)
		fprintf(stderr, "  after %llu row%s (tentative)\n", (unsigned long long)error->rows,
		    error->rows == 1 ? "" : "s");
}

int
cli_fail(const struct lw_error *error)
{
	json_t *json = as_json ? failure_to_json(error) : NULL;
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	cli_screen_clear();
	if (text != NULL)
		fprintf(stderr, "%s\n", text);
	else
		say_failure(error);
	free(text);
	json_decref(json);
	return CLI_EXIT_FIRST + (int)error->code;
}

int
cli_fail_output(int number)
{
	cli_say("cannot write to standard output: %s", strerror(number));
	return CLI_EXIT_FILE;
}

int
cli_print_json(void *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
	int printed = text != NULL;

	if (printed)
		puts(text);
	free(text);
	json_decref(json);
	return printed ? 0 : cli_fail_output(ENOMEM);
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
