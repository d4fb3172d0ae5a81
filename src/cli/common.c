/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

int
cli_fail(const struct lw_error *error)
{
	fprintf(stderr, "leanworker: %s: %s\n", lw_verdict_name(error->verdict), error->message);
	if (error->has_row == LW_ROW_AT_FAULT)
		fprintf(stderr, "  at stream \"%s\", sequence %llu, byte %llu\n", error->stream,
		    (unsigned long long)error->sequence, (unsigned long long)error->offset);
	if (error->work_started)
		fprintf(stderr, "  after %llu rows, which are tentative\n",
		    (unsigned long long)error->rows);
	if (error->log_tail[0] != '\0')
		fprintf(stderr, "  the child had written:\n%s\n", error->log_tail);
	return CLI_EXIT_FIRST + (int)error->code;
}

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
	if (text == NULL)
		errno = ENOMEM;
	*ret_size = size;
	return text;
}

char *
cli_read_text(const char *argument, size_t *ret_size)
{
	char *text = NULL;
	FILE *file;

	if (*argument != '@' && strcmp(argument, "-") != 0) {
		*ret_size = strlen(argument);
		return strdup(argument);
	}
	file = *argument == '@' ? fopen(argument + 1, "re") : stdin;
	if (file != NULL)
		text = read_all(file, ret_size);
	if (text == NULL || ferror(file)) {
		fprintf(stderr, "leanworker: %s: %s\n", argument, strerror(errno));
		free(text);
		text = NULL;
	}
	if (file != NULL && file != stdin)
		fclose(file);
	return text;
}
