/* SPDX-License-Identifier: Apache-2.0 */
#include "results.h"

#define IDLE_ROWS 0.6e6 /* what (a) does with 64 bytes on an idle machine, at least */

static const enum contender denominators[] = { BY_JANSSON, BY_CJSON, BY_PIPE, BY_RING,
	BY_RING_PASS };

static void
print_head(const struct results *r, FILE *out)
{
	const struct machine *m = &r->machine;

	fprintf(out, "leanworker bench, %s, commit %s\n", m->date, r->commit);
	fprintf(out, "%s, %d cores used: consumer on %d, producer on %d; %s\n", m->cpu, m->cores,
	    m->consumer, m->producer, m->kernel);
	fprintf(out, "%s; %s; the lean host on: %s\n", m->compiler, m->libraries,
	    r->lean_runtime[0] ? r->lean_runtime : "(not started)");
	fprintf(out,
	    "%u rounds, interleaved, about %u ms each; the best counts; spread is best by worst\n",
	    r->rounds, r->ms);
	fprintf(out, "load %.1f at the start, %.1f at the end\n", m->load, r->load_after);
	if (machine_busy(m))
		fprintf(out, "PRELIMINARY: others were at work on this machine\n");
	if (m->consumer == m->producer)
		fprintf(out, "one core: nothing here can be compared\n");
}

static void
print_ratio(
    const struct results *r, const struct series *s, const struct series *denominator, FILE *out)
{
	if (denominator->rounds == 0)
		fprintf(out, " %7s", "-");
	else if (!results_measurable(r, denominator))
		fprintf(out, " %7s", "n.m.");
	else
		fprintf(out, " %7.2f", s->highest / denominator->highest);
}

static void
print_row(const struct results *r, const struct cell *cells, unsigned size_index, enum contender by,
    FILE *out)
{
	const struct cell *c = &cells[by];
	const struct series *s = &c->rows;

	if (s->rounds == 0)
		return;
	fprintf(out, "%-26s %9.0f %8.1f %6.2f %9.0f %9.0f ", contender_names[by], s->highest,
	    s->highest * (double)corpus_sizes[size_index] / 1e6, series_spread(s),
	    c->consumer.lowest, c->producer.lowest);
	for (size_t i = 0; i < sizeof denominators / sizeof denominators[0]; i++)
		print_ratio(r, s, &cells[denominators[i]].rows, out);
	fputc('\n', out);
}

static bool
has_any(const struct cell *cells)
{
	for (int by = 0; by < CONTENDER_COUNT; by++)
		if (cells[by].rows.rounds > 0)
			return true;
	return false;
}

static void
print_cell(const struct results *r, int kind, unsigned size_index, FILE *out)
{
	const struct cell *cells = r->cells[kind][size_index];
	char title[32];

	if (!has_any(cells))
		return;
	(void)snprintf(title, sizeof title, "%c, payload %s", corpus_letters[kind],
	    corpus_size_names[size_index]);
	fprintf(out, "\n%-26s %9s %8s %6s %9s %9s  %7s %7s %7s %7s %7s\n", title, "rows/s", "MB/s",
	    "spread", "in ns", "out ns", "to (a)", "to (b)", "to (c)", "to (f)", "to (g)");
	for (int by = 0; by < CONTENDER_COUNT; by++)
		print_row(r, cells, size_index, (enum contender)by, out);
}

static void
print_times(const struct results *r, FILE *out)
{
	bool titled = false;

	for (int i = 0; i < TIME_COUNT; i++) {
		const struct series *s = &r->times[i];

		if (s->rounds == 0)
			continue;
		if (!titled)
			fprintf(out, "\n%-42s %10s %7s\n", "medians, best round", "us", "spread");
		titled = true;
		fprintf(out, "%-42s %10.1f %7.2f\n", time_names[i], s->lowest, series_spread(s));
	}
}

static void
print_targets(const struct results *r, FILE *out)
{
	struct target targets[TARGETS_MAX];
	size_t count = results_targets(r, targets);

	if (count > 0)
		fprintf(out, "\n%-42s %-20s %8s %7s  %s\n", "target", "", "ratio", "spread", "");
	for (size_t i = 0; i < count; i++) {
		const struct target *t = &targets[i];

		fprintf(out, "%-42s %-20s ", t->what, t->bound_text);
		if (t->standing == STANDING_NOT_MEASURABLE)
			fprintf(out, "%8s", "-");
		else
			fprintf(out, "%8.2f", t->ratio);
		fprintf(out, " %7.2f  %s\n", series_spread(t->denominator),
		    standing_names[t->standing]);
	}
}

void
results_print(const struct results *r, FILE *out)
{
	const struct series *a = &r->cells[CORPUS_S][0][BY_JANSSON].rows;

	print_head(r, out);
	for (int kind = 0; kind < CORPUS_KINDS; kind++)
		for (unsigned size_index = 0; size_index < CORPUS_SIZES; size_index++)
			print_cell(r, kind, size_index, out);
	print_times(r, out);
	print_targets(r, out);
	fprintf(out,
	    "\nn.m.: not measurable here: the denominator spreads more than %.1f, or fewer than 3 "
	    "rounds.\n"
	    "Targets for rows are those of a typed decode, but for the one against (d).\n",
	    SPREAD_MAX);
	if (a->rounds > 0 && a->highest < IDLE_ROWS)
		fprintf(out, "(a) did %.2f M rows/s with 64 bytes: below %.1f M %s.\n",
		    a->highest / 1e6, IDLE_ROWS / 1e6,
		    machine_busy(&r->machine) ? "the machine is too busy to measure"
					      : "on an idle machine is a bug of this bench");
}
