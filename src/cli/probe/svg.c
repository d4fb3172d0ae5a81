/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/probe/svg.h"

#include <jansson.h>
#include <math.h>

#define WIDTH   860.0
#define LEFT    150.0 /* of the plot; labels are before it */
#define RIGHT   745.0 /* and numbers behind */
#define ROW     30.0
#define BINS    48
#define MEMORY  220.0
#define TICKS   5
#define PHASE_W 66.0 /* a phase that is narrower has no room for its name */

/* ---- Text, scales ------------------------------------------------------------------------------- */

void
svg_text(FILE *out, const char *text)
{
	json_t *checked = json_string(text); /* NULL: it is no UTF-8 */

	for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
		if (*at == '&')
			fputs("&amp;", out);
		else if (*at == '<')
			fputs("&lt;", out);
		else if (*at == '>')
			fputs("&gt;", out);
		else if (*at == '"')
			fputs("&quot;", out);
		else
			fputc(*at < 0x20 || *at == 0x7f || (checked == NULL && *at >= 0x80) ? '?'
											    : *at,
			    out);
	json_decref(checked);
}

struct scale {
	double low, high; /* of the values; of logarithms where is_log */
	int is_log;
};

static double
place(const struct scale *s, double value)
{
	double at = s->is_log ? log10(value > 0 ? value : 1e-6) : value;

	return LEFT + (at - s->low) / (s->high - s->low) * (RIGHT - LEFT);
}

/* A round step that makes at most TICKS of them. */
static double
round_step(double high)
{
	double power = pow(10, floor(log10(high / TICKS)));
	double parts = high / TICKS / power;

	return power * (parts <= 1 ? 1 : parts <= 2 ? 2 : parts <= 5 ? 5 : 10);
}

static struct scale
decades(double lowest, double highest)
{
	struct scale s = { floor(log10(lowest > 0 ? lowest : 1e-6)),
		ceil(log10(highest > 0 ? highest : 1e-6)), 1 };

	if (s.high <= s.low)
		s.high = s.low + 1;
	return s;
}

static void
open_svg(FILE *out, double height, const char *title)
{
	fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\"><title>%s</title>\n", WIDTH,
	    height, title);
}

static void
write_text(FILE *out, double x, double y, const char *class, const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	svg_text(out, text);
	fputs("</text>\n", out);
}

static void
write_line(FILE *out, double x1, double y1, double x2, double y2, const char *class)
{
	fprintf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1,
	    y1, x2, y2, class);
}

static void
tick(FILE *out, const struct scale *s, double value, double bottom, const char *unit)
{
	double x = place(s, value);
	char text[48];

	(void)snprintf(text, sizeof text, "%.4g%s", value, unit);
	write_line(out, x, 8, x, bottom, "grid");
	write_text(out, x, bottom + 16, "tick", text);
}

static void
ticks(FILE *out, const struct scale *s, double bottom, const char *unit)
{
	double step = s->is_log ? 1 : round_step(s->high);
	int count = (int)((s->high - s->low) / step + 0.001);

	for (int i = 0; i <= count; i++) {
		double at = s->low + i * step;

		tick(out, s, s->is_log ? pow(10, at) : at, bottom, unit);
	}
}

/* ---- Figures ------------------------------------------------------------------------------------ */

static int
is_measured(const struct probe *p, enum probe_id id)
{
	return p->figures[id].state == PROBE_MEASURED;
}

static void
range(const struct probe *p, const enum probe_id *ids, size_t count, double *ret_lowest,
    double *ret_highest)
{
	*ret_lowest = HUGE_VAL;
	*ret_highest = 0;
	for (size_t i = 0; i < count; i++)
		if (is_measured(p, ids[i])) {
			*ret_lowest = fmin(*ret_lowest, p->figures[ids[i]].lowest);
			*ret_highest = fmax(*ret_highest, p->figures[ids[i]].highest);
		}
}

static double
height_of(const struct probe *p, const enum probe_id *ids, size_t count)
{
	double height = 8;

	for (size_t i = 0; i < count; i++)
		height += is_measured(p, ids[i]) ? ROW : 0;
	return height;
}

/* Its name on the left, its median on the right. */
static void
name_row(FILE *out, const struct probe *p, enum probe_id id, double y)
{
	char text[48], number[32];

	(void)snprintf(text, sizeof text, "%s %s",
	    probe_number(p->figures[id].median, number, sizeof number), probe_definitions[id].unit);
	write_text(out, LEFT - 12, y + 5, "label", probe_definitions[id].label);
	write_text(out, RIGHT + 14, y + 5, "value", text);
}

void
svg_bars(FILE *out, const struct probe *p, const enum probe_id *ids, size_t count)
{
	double lowest, highest, bottom = height_of(p, ids, count), y = 8 + ROW / 2;
	struct scale s = { 0, 1, 0 };

	range(p, ids, count, &lowest, &highest);
	if (highest <= 0)
		return;
	s.high = highest;
	open_svg(out, bottom + 26, "medians as bars, with lowest and highest");
	ticks(out, &s, bottom, " ms");
	for (size_t i = 0; i < count; i++) {
		const struct probe_figure *f = &p->figures[ids[i]];

		if (!is_measured(p, ids[i]))
			continue;
		name_row(out, p, ids[i], y);
		fprintf(out,
		    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"14\" rx=\"2\" "
		    "class=\"bar\"/>\n",
		    LEFT, y - 7, fmax(1, place(&s, f->median) - LEFT));
		write_line(out, place(&s, f->lowest), y, place(&s, f->highest), y, "whisker");
		y += ROW;
	}
	fputs("</svg>\n", out);
}

static void
dot_row(FILE *out, const struct probe *p, enum probe_id id, const struct scale *s, double y)
{
	const struct probe_figure *f = &p->figures[id];

	name_row(out, p, id, y);
	write_line(out, place(s, f->lowest), y, place(s, f->highest), y, "span");
	for (size_t i = 0; i < f->count; i++)
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" class=\"dot\"/>\n",
		    place(s, f->values[i]), y);
	write_line(out, place(s, f->median), y - 9, place(s, f->median), y + 9, "median");
}

void
svg_dots(FILE *out, const struct probe *p, const enum probe_id *ids, size_t count)
{
	double lowest, highest, bottom = height_of(p, ids, count), y = 8 + ROW / 2;
	struct scale s;

	range(p, ids, count, &lowest, &highest);
	if (highest <= 0)
		return;
	s = decades(lowest, highest);
	open_svg(out, bottom + 26, "each run as a dot, the median as a stroke");
	ticks(out, &s, bottom, " ms");
	for (size_t i = 0; i < count; i++)
		if (is_measured(p, ids[i])) {
			dot_row(out, p, ids[i], &s, y);
			y += ROW;
		}
	fputs("</svg>\n", out);
}

/* ---- Distribution -------------------------------------------------------------------------------- */

static void
mark(FILE *out, const struct scale *s, double ms, double bottom, const char *name, double aside)
{
	char text[48], number[32];

	(void)snprintf(
	    text, sizeof text, "%s %s ms", name, probe_number(ms, number, sizeof number));
	write_line(out, place(s, ms), 8, place(s, ms), bottom, "mark");
	write_text(out, place(s, ms) + aside, 18, aside < 0 ? "label marked" : "marked", text);
}

void
svg_distribution(FILE *out, const struct times *t)
{
	uint64_t bins[BINS] = { 0 }, most = 1;
	double bottom = 150, width = (RIGHT - LEFT) / BINS;
	struct scale s = decades((double)t->min_ns / 1e6, (double)t->max_ns / 1e6);

	if (t->count == 0)
		return;
	for (size_t i = 0; i < TIMES_BUCKETS; i++) {
		double x = place(&s, fmax((double)times_bucket_begin(i), (double)t->min_ns) / 1e6);
		size_t bin = (size_t)fmin(BINS - 1, fmax(0, (x - LEFT) / width));

		if (t->bucket[i] > 0)
			bins[bin] += t->bucket[i];
		if (bins[bin] > most)
			most = bins[bin];
	}
	open_svg(out, bottom + 26, "how many requests took how long");
	ticks(out, &s, bottom, " ms");
	for (size_t i = 0; i < BINS; i++) {
		double height = (double)bins[i] / (double)most * (bottom - 30);

		if (bins[i] > 0)
			fprintf(out,
			    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
			    "class=\"bar\"/>\n",
			    LEFT + (double)i * width + 0.5, bottom - height, width - 1, height);
	}
	mark(out, &s, (double)times_quantile(t, 0.5) / 1e6, bottom, "p50", -5);
	mark(out, &s, (double)times_quantile(t, 0.99) / 1e6, bottom, "p99", 5);
	fputs("</svg>\n", out);
}

/* ---- Memory -------------------------------------------------------------------------------------- */

static uint64_t
kib_of(const struct probe_sample *s, int is_child)
{
	return is_child ? s->child_kib : s->parent_kib;
}

/* A line that ends where there is no child, and begins again with the next one. */
static void
memory_line(FILE *out, const struct probe *p, int is_child, const struct scale *time, double most)
{
	const char *class = is_child ? "child" : "parent";
	int is_drawn = 0;

	fprintf(out, "<path class=\"%s\" d=\"", class);
	for (size_t i = 0; i < p->sample_count; i++) {
		uint64_t kib = kib_of(&p->samples[i], is_child);

		if (kib > 0)
			fprintf(out, "%c%.1f %.1f", is_drawn ? 'L' : 'M',
			    place(time, p->samples[i].ms / 1e3),
			    MEMORY - (double)kib / most * (MEMORY - 40));
		is_drawn = kib > 0;
	}
	fputs("\"/>\n", out);
	for (size_t i = 0; i < p->sample_count; i++)
		if (kib_of(&p->samples[i], is_child) > 0)
			fprintf(out,
			    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" class=\"%s-dot\"/>\n",
			    place(time, p->samples[i].ms / 1e3),
			    MEMORY -
				(double)kib_of(&p->samples[i], is_child) / most * (MEMORY - 40),
			    class);
}

/* Each from the end of the one before to its last sample. */
static void
memory_phases(FILE *out, const struct probe *p, const struct scale *time)
{
	double begin = LEFT;
	int odd = 0;

	for (size_t i = 0; i < p->sample_count; i++) {
		double end = place(time, p->samples[i].ms / 1e3);

		if (i + 1 < p->sample_count && p->samples[i + 1].label == p->samples[i].label)
			continue;
		fprintf(out,
		    "<rect x=\"%.1f\" y=\"8\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>\n",
		    begin, end - begin, MEMORY - 8, odd ? "phase" : "phase even");
		if (end - begin > PHASE_W)
			write_text(out, begin + 4, 22, "phase-name", p->samples[i].label);
		begin = end;
		odd = !odd;
	}
}

static void
memory_levels(FILE *out, double most)
{
	double step = round_step(most / 1024);

	for (int i = 0; i * step * 1024 <= most; i++) {
		double y = MEMORY - i * step * 1024 / most * (MEMORY - 40);
		char text[48];

		(void)snprintf(text, sizeof text, "%.4g MiB", i * step);
		write_line(out, LEFT, y, RIGHT, y, "grid");
		write_text(out, LEFT - 12, y + 5, "label", text);
	}
}

void
svg_memory(FILE *out, const struct probe *p)
{
	struct scale time = { 0, 1, 0 };
	double most = 1;

	if (p->sample_count == 0)
		return;
	time.high = p->samples[p->sample_count - 1].ms / 1e3;
	for (size_t i = 0; i < p->sample_count; i++)
		most = fmax(most, (double)(p->samples[i].child_kib > p->samples[i].parent_kib
					       ? p->samples[i].child_kib
					       : p->samples[i].parent_kib));
	open_svg(out, MEMORY + 26, "memory of parent and child over time");
	memory_phases(out, p, &time);
	memory_levels(out, most);
	ticks(out, &time, MEMORY, " s");
	memory_line(out, p, 1, &time, most);
	memory_line(out, p, 0, &time, most);
	write_text(out, RIGHT + 14, 30, "value child-name", "child");
	write_text(out, RIGHT + 14, 50, "value parent-name", "parent");
	fputs("</svg>\n", out);
}
