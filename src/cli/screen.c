/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"
#define DRAW_NS    100000000 /* ten times a second is all that eyes take in */
#define BAR        24

static struct {
	int terminal, colors;
	int shown;   /* the last line is progress, ours to overwrite */
	int in_line; /* the child has not ended its last line */
	char phase[64];
	uint64_t first; /* of the phase */
	int64_t began_ns, drawn_ns;
} screen;

void
cli_screen_begin(void)
{
	const char *no_color = getenv("NO_COLOR"), *kind = getenv("TERM");

	screen.terminal = isatty(STDERR_FILENO);
	screen.colors = screen.terminal && (no_color == NULL || *no_color == '\0') &&
			kind != NULL && strcmp(kind, "dumb") != 0;
}

int
cli_screen_is_terminal(void)
{
	return screen.terminal;
}

const char *
cli_color(lw_severity severity)
{
	static const char *const colors[] = {
		[LW_SEVERITY_PASS] = "\033[32m",
		[LW_SEVERITY_WARNING] = "\033[33m",
		[LW_SEVERITY_ERROR] = "\033[31m",
	};

	return screen.colors ? colors[severity] : "";
}

const char *
cli_plain(void)
{
	return screen.colors ? "\033[0m" : "";
}

void
cli_screen_clear(void)
{
	if (screen.shown)
		fputs(CLEAR_LINE, stderr);
	if (screen.in_line && screen.terminal)
		fputc('\n', stderr);
	screen.shown = screen.in_line = 0;
}

void
cli_say(const char *format, ...)
{
	va_list arguments;

	cli_screen_clear();
	fputs("leanworker: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* ---- Progress ---------------------------------------------------------------------------------- */

int64_t
cli_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void
draw_bar(double share)
{
	int full = (int)(share * BAR);

	fputs(" [", stderr);
	for (int i = 0; i < BAR; i++)
		fputc(i < full ? '#' : '.', stderr);
	fputc(']', stderr);
}

static void
draw_time(double seconds)
{
	if (seconds < 90)
		fprintf(stderr, ", %.0f s left", seconds);
	else
		fprintf(stderr, ", %.0f min left", seconds / 60);
}

static void
draw_rate(double rate)
{
	if (rate >= 10000)
		fprintf(stderr, ", %.0f k/s", rate / 1000);
	else
		fprintf(stderr, rate >= 10 ? ", %.0f/s" : ", %.1f/s", rate);
}

static void
draw(const struct lw_progress *p, int64_t now)
{
	double seconds = (double)(now - screen.began_ns) / 1e9;
	double rate = seconds > 0.5 && p->current > screen.first
			  ? (double)(p->current - screen.first) / seconds
			  : 0;

	fprintf(stderr, CLEAR_LINE "%s %" PRIu64, screen.phase, p->current);
	if (p->total != UINT64_MAX) {
		fprintf(stderr, " of %" PRIu64, p->total);
		if (p->total > 0 && p->current <= p->total)
			draw_bar((double)p->current / (double)p->total);
	}
	if (rate > 0)
		draw_rate(rate);
	if (rate > 0 && p->total != UINT64_MAX && p->current <= p->total)
		draw_time((double)(p->total - p->current) / rate);
	fflush(stderr);
}

/* Phases are the child's words. */
static void
keep_phase(const struct lw_progress *p, int64_t now)
{
	size_t size = strnlen(p->phase, sizeof screen.phase - 1);

	memcpy(screen.phase, p->phase, size);
	screen.phase[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)screen.phase[i] < 0x20 || screen.phase[i] == 0x7f)
			screen.phase[i] = '?';
	screen.first = p->current;
	screen.began_ns = now;
}

void
cli_progress(const struct lw_progress *progress)
{
	int64_t now = cli_now_ns();
	int is_new = strncmp(screen.phase, progress->phase, sizeof screen.phase - 1) != 0;

	if (!screen.terminal)
		return;
	if (is_new || progress->current < screen.first)
		keep_phase(progress, now);
	if (!is_new && now - screen.drawn_ns < DRAW_NS)
		return;
	if (!screen.shown)
		cli_screen_clear();
	draw(progress, now);
	screen.drawn_ns = now;
	screen.shown = 1;
}

/* ---- What the child prints ----------------------------------------------------------------------- */

void
cli_log(const char *text, size_t size)
{
	if (size == 0)
		return;
	if (screen.shown)
		cli_screen_clear();
	for (size_t i = 0; i < size && screen.terminal; i++) {
		unsigned char c = (unsigned char)text[i];

		fputc((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? '?' : c, stderr);
	}
	if (!screen.terminal)
		fwrite(text, 1, size, stderr);
	screen.in_line = text[size - 1] != '\n';
}
