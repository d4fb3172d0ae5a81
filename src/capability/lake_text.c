/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/lake_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR     "error: "
#define ICON_SIZE (sizeof "✔ " - 1)

/* "✔ [3/10] Built Interop.Scan (1.2s)": an icon, the count, and what was done. */
static bool
take_progress(struct lake_text *t)
{
	const char *at = t->line + ICON_SIZE;
	struct lw_progress progress;
	char *end;

	if (strnlen(t->line, ICON_SIZE) < ICON_SIZE || *at != '[' || at[1] < '0' || at[1] > '9')
		return false;
	progress.current = strtoull(at + 1, &end, 10);
	if (*end != '/' || end[1] < '0' || end[1] > '9')
		return false;
	progress.total = strtoull(end + 1, &end, 10);
	if (strncmp(end, "] ", 2) != 0)
		return false;
	progress.phase = end + 2;
	if (t->on_progress != NULL)
		t->on_progress(t->context, &progress);
	return true;
}

static bool
starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* Lines that begin something else than what came before. */
static bool
is_a_start(const char *line)
{
	static const char *const starts_of[] = { ERROR,
		"warning: ", "info: ", "trace: ", "Some required targets", "✔ ", "✖ ", "⚠ ", "ℹ " };

	for (size_t i = 0; i < sizeof starts_of / sizeof starts_of[0]; i++)
		if (starts(line, starts_of[i]))
			return true;
	return *line == '\0';
}

/* The compiler's own: FILE.lean:LINE:COLUMN: ... */
static bool
has_place(const char *words)
{
	const char *at = strstr(words, ".lean:");

	return at != NULL && at[6] >= '0' && at[6] <= '9';
}

/* There is none of that name, or it is no library, and so cannot be a shared one. */
static bool
says_no_target(const char *words)
{
	return starts(words, "unknown target `") || starts(words, "unknown module `") ||
	       starts(words, "unknown package `") || strstr(words, "' has no target '") != NULL ||
	       starts(words, "invalid facet `shared`") ||
	       (starts(words, "unknown ") && strstr(words, " facet `shared`") != NULL);
}

static void
keep(struct lake_text *t, const char *words)
{
	size_t room = sizeof t->error - t->error_size;
	int n = snprintf(
	    t->error + t->error_size, room, "%s%s", t->error_size > 0 ? "\n" : "", words);

	t->error_size += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static void
take_error(struct lake_text *t, const char *words)
{
	bool better = t->error_size == 0 || (has_place(words) && !t->error_has_place);

	t->no_target = t->no_target || says_no_target(words);
	t->error_open = better;
	if (!better)
		return;
	t->error_size = 0;
	t->error_has_place = has_place(words);
	keep(t, words);
}

static void
take_line(struct lake_text *t)
{
	t->line[t->line_size] = '\0';
	t->line_size = 0;
	if (starts(t->line, ERROR))
		take_error(t, t->line + strlen(ERROR));
	else if (take_progress(t) || is_a_start(t->line))
		t->error_open = false;
	else if (t->error_open)
		keep(t, t->line);
}

void
lake_text_add(struct lake_text *t, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n')
			take_line(t);
		else if (text[i] != '\r' && text[i] != '\0' && t->line_size < sizeof t->line - 1)
			t->line[t->line_size++] = text[i];
	}
}

void
lake_text_end(struct lake_text *t)
{
	if (t->line_size > 0)
		take_line(t);
}
