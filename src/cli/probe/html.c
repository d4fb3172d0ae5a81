/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as one page that needs nothing else: no script, no font, no picture of elsewhere. It is
 * well-formed XML too, so that any tool can read it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/probe/svg.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d9dfe5;--paper:#fff;"
    "--card:#f6f8fa;--one:#2563b0;--two:#b3510d;--band:#eef1f4;--warn:#fff4d6;--edge:#d4a72c}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#333b44;"
    "--paper:#0f1318;--card:#171c22;--one:#6cb0ff;--two:#f0985a;--band:#1a2027;--warn:#2e2708;"
    "--edge:#8a6d16}}\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
    "max-width:900px;margin:2.5em auto;padding:0 1.2em}\n"
    "h1{font-size:1.7em;margin:0 0 .4em}h2{font-size:1.15em;margin:2.4em 0 .2em}\n"
    "p{margin:.3em 0}.soft,small{color:var(--soft)}code{font-size:.92em}\n"
    ".served{display:inline-block;padding:.35em .8em;border-radius:6px;background:var(--card);"
    "border:1px solid var(--line);margin-bottom:.6em}\n"
    ".stand-in{background:var(--warn);border-color:var(--edge)}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;"
    "margin-top:1.4em}\n"
    ".tile{background:var(--card);border:1px solid var(--line);border-radius:8px;"
    "padding:.7em .9em}.tile b{display:block;font-size:1.45em;font-weight:600}.tile b "
    "small{font-size:.6em;font-weight:400}\n"
    "svg{width:100%;height:auto;margin-top:.5em}svg text{fill:var(--ink);font-size:13px}\n"
    "svg .label{text-anchor:end}svg .tick{text-anchor:middle;fill:var(--soft);font-size:12px}\n"
    "svg .value{font-variant-numeric:tabular-nums}svg .marked,svg .phase-name{font-size:12px;"
    "fill:var(--soft)}\n"
    ".grid{stroke:var(--line)}.bar{fill:var(--one);opacity:.75}.whisker{stroke:var(--ink);"
    "stroke-width:1.5}.span{stroke:var(--line);stroke-width:3}\n"
    ".dot{fill:var(--one);opacity:.55}.median{stroke:var(--two);stroke-width:2.5}"
    ".mark{stroke:var(--two);stroke-width:1.5;stroke-dasharray:4 3}\n"
    ".phase{fill:none}.even{fill:var(--band)}.child,.parent{fill:none;stroke-width:2}"
    ".child{stroke:var(--one)}.parent{stroke:var(--two)}.child-dot{fill:var(--one)}"
    ".parent-dot{fill:var(--two)}svg .child-name{fill:var(--one)}svg .parent-name{"
    "fill:var(--two)}\n"
    "table{border-collapse:collapse;width:100%;margin-top:.6em;font-size:.93em}"
    "td,th{text-align:left;padding:.32em .7em .32em 0;border-bottom:1px solid var(--line);"
    "vertical-align:top}th{font-weight:600}td:first-child{white-space:nowrap}td.n,th.n{text-align:"
    "right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}tr.group th{padding-top:1.2em}\n"
    "pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7em;"
    "white-space:pre-wrap;overflow-wrap:anywhere}\n";

/* ---- The head ----------------------------------------------------------------------------------- */

static void
write_served(FILE *out, const struct probe *p)
{
	fprintf(
	    out, "<p class=\"served%s\">Served by <b>", probe_is_stand_in(p) ? " stand-in" : "");
	svg_text(out, p->session.runtime);
	fprintf(out, "</b>%s", *p->session.lean_version ? " " : "");
	svg_text(out, p->session.lean_version);
	fputs("</p>\n", out);
	if (*p->session.warning != '\0' && !probe_is_stand_in(p)) {
		fputs("<p>Warning: ", out);
		svg_text(out, p->session.warning);
		fputs("</p>\n", out);
	}
}

static void
write_tile(FILE *out, const struct probe *p, const char *title, enum probe_id id)
{
	const struct probe_figure *f = &p->figures[id];
	char median[32], lowest[32], highest[32];

	fprintf(out, "<div class=\"tile\">%s", title);
	if (f->state == PROBE_MEASURED)
		fprintf(out, "<b>%s <small>%s</small></b><small>%s to %s</small>",
		    probe_number(f->median, median, sizeof median), probe_definitions[id].unit,
		    probe_number(f->lowest, lowest, sizeof lowest),
		    probe_number(f->highest, highest, sizeof highest));
	else
		fprintf(out, "<b>–</b><small>%s</small>", probe_state_name(f->state));
	fputs("</div>\n", out);
}

static void
write_head(FILE *out, const struct probe *p)
{
	fprintf(out,
	    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
	    "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
	    "<title>leanworker probe</title>\n<style>\n%s</style></head><body>\n"
	    "<h1>leanworker probe</h1>\n",
	    style);
	write_served(out, p);
	fputs("<p><code>", out);
	svg_text(out, p->target.manifest ? p->target.manifest : p->target.project);
	fprintf(out,
	    "</code>, leanworker %s, %zu runs of each figure: the median, and lowest to highest. "
	    "The first start of all took %.1f ms and does not count.</p>\n"
	    "<p class=\"soft\">An envelope check of one capability on one machine. It is no "
	    "benchmark of any other program.</p>\n<div class=\"tiles\">\n",
	    LW_VERSION, p->runs, p->first_start_ms);
	write_tile(out, p, "Cold start", PROBE_START_ALL);
	write_tile(out, p, "Rows in one session", PROBE_STREAM_ROWS);
	write_tile(out, p, "Cancel at a row", PROBE_CANCEL_ROW);
	write_tile(out, p, "Recovery from a kill", PROBE_DEATH_RECOVERY);
	write_tile(out, p, "Cycle to first row", PROBE_CYCLE_ROW);
	fputs("</div>\n", out);
}

/* ---- Plots -------------------------------------------------------------------------------------- */

static void
write_plots(FILE *out, const struct probe *p)
{
	static const enum probe_id steps[] = { PROBE_START_CHECK, PROBE_START_BUILD,
		PROBE_START_LOAD, PROBE_START_START, PROBE_START_HEALTH, PROBE_START_OPEN,
		PROBE_IMPORT_OPEN };
	static const enum probe_id ends[] = { PROBE_START_ALL, PROBE_IMPORT_ALL, PROBE_CANCEL_ROW,
		PROBE_CANCEL_SILENT, PROBE_CANCEL_DEAF, PROBE_DEATH_VERDICT, PROBE_DEATH_RECOVERY,
		PROBE_PANIC_VERDICT, PROBE_PANIC_RECOVERY, PROBE_CYCLE_READY, PROBE_CYCLE_ROW,
		PROBE_WHOLE, PROBE_THEIRS };

	fputs("<h2>Cold start, by step</h2><p class=\"soft\">Bar: median. Line: lowest to "
	      "highest.</p>\n",
	    out);
	svg_bars(out, p, steps, COUNT(steps));
	fprintf(out,
	    "<h2>Request times while streaming</h2><p class=\"soft\">%" PRIu64
	    " requests in one session that stayed open; the height is how many.</p>\n",
	    p->requests_seen.count);
	svg_distribution(out, &p->requests_seen);
	fprintf(out,
	    "<h2>Latencies</h2><p class=\"soft\">Each run is a dot, the stroke is the median. A "
	    "request that ignores a cancel is killed after %d ms of grace.</p>\n",
	    PROBE_GRACE_MS);
	svg_dots(out, p, ends, COUNT(ends));
	fputs("<h2>Memory over time</h2><p class=\"soft\">What each process has of its own "
	      "(RssAnon + RssShmem + VmSwap), between requests. A new child begins a new "
	      "line where the one before had been killed.</p>\n",
	    out);
	svg_memory(out, p);
}

/* ---- Tables ------------------------------------------------------------------------------------- */

static void
write_numbers(FILE *out, const struct probe_figure *f, const char *unit)
{
	char median[32], lowest[32], highest[32];

	fprintf(out,
	    "<td class=\"n\">%s %s</td><td class=\"n\">%s to %s</td><td class=\"n\">%zu</td>",
	    probe_number(f->median, median, sizeof median), unit,
	    probe_number(f->lowest, lowest, sizeof lowest),
	    probe_number(f->highest, highest, sizeof highest), f->count);
}

static void
write_figure(FILE *out, const struct probe *p, int id)
{
	const struct probe_definition *d = &probe_definitions[id];
	const struct probe_figure *f = &p->figures[id];
	char beside[64];
	const char *note = probe_remark(p, id, beside, sizeof beside);

	fprintf(out, "<tr><td>%s</td>", d->label);
	if (f->state == PROBE_MEASURED) {
		write_numbers(out, f, d->unit);
	} else {
		fprintf(out, "<td colspan=\"3\">%s: ", probe_state_name(f->state));
		svg_text(out, f->why);
		fputs("</td>", out);
	}
	fprintf(out, "<td><small>from: %s; to: %s", d->from, d->to);
	fputs(f->state == PROBE_MEASURED && *note != '\0' ? ". " : "", out);
	svg_text(out, f->state == PROBE_MEASURED ? note : "");
	fputs("</small></td></tr>\n", out);
}

static void
write_figures(FILE *out, const struct probe *p)
{
	fputs("<h2>All figures</h2>\n<table>\n<tr><th>figure</th><th class=\"n\">median</th>"
	      "<th class=\"n\">lowest to highest</th><th class=\"n\">runs</th>"
	      "<th>what it is</th></tr>\n",
	    out);
	for (int group = 0; group < PROBE_GROUP_COUNT; group++) {
		fprintf(out, "<tr class=\"group\"><th colspan=\"5\">%s</th></tr>\n",
		    probe_group_title((enum probe_group)group));
		for (int id = 0; id < PROBE_COUNT; id++)
			if ((int)probe_definitions[id].group == group)
				write_figure(out, p, id);
	}
	fputs("</table>\n", out);
}

static void
write_comparison(FILE *out, const struct probe *p)
{
	const struct probe_comparison *c = &p->comparison;

	if (c->command == NULL)
		return;
	fputs("<h2>Comparison</h2>\n<p>An envelope check: what the command does is its own "
	      "matter, and no ratio is given.</p>\n<pre>",
	    out);
	svg_text(out, c->command);
	fputs("</pre>\n<p>Revision: ", out);
	svg_text(out, c->revision ? c->revision : "not known");
	fprintf(out,
	    ". Limits: %" PRIu32 " ms a run. %zu runs, in turns with ours; the first one is a "
	    "warm-up that does not count. Output of the last run: %" PRIu64
	    " bytes, of which %zu were kept (at most %d).</p>\n",
	    c->timeout_ms, c->command_runs, c->last.output_bytes, c->last.output_size, PROBE_KEPT);
}

int
probe_write_html(const struct probe *p, const char *path)
{
	FILE *out = fopen(path, "we");
	int fault = 0;

	if (out == NULL)
		return errno;
	write_head(out, p);
	write_plots(out, p);
	write_figures(out, p);
	write_comparison(out, p);
	fputs("</body></html>\n", out);
	if (fflush(out) != 0 || ferror(out))
		fault = errno;
	if (fclose(out) != 0 && fault == 0)
		fault = errno;
	return fault;
}
