/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"

#include <jansson.h>
#include <stdlib.h>

#include "fail.h"

#define BARE_SHARE                                                                                 \
	0.5      /* of a bound: a machine that takes more of it itself cannot be measured on */
#define MANY 300 /* so that more than three samples are above the 99th of a hundred */
#define FEW  20  /* with fewer than MANY the worst is judged; with fewer than this nothing */

static const struct {
	double bound;
	enum moment bare;
	const char *text;
} about[MOMENT_COUNT] = {
#define X(name, bound, bare, text) { bound, MOMENT_##bare, text },
	MOMENTS(X)
#undef X
};

void
moments_init(struct moments *m, unsigned room, unsigned big_mib)
{
	m->room = room;
	m->big_mib = big_mib;
	for (int i = 0; i < MOMENT_COUNT; i++) {
		m->of[i].us = calloc(room, sizeof *m->of[i].us);
		if (m->of[i].us == NULL)
			fail("no memory");
	}
	machine_look(&m->machine);
}

void
moments_free(struct moments *m)
{
	for (int i = 0; i < MOMENT_COUNT; i++)
		free(m->of[i].us);
}

void
moments_add(struct moments *m, enum moment which, double us)
{
	struct samples *s = &m->of[which];

	if (s->count == m->room)
		fail("too many samples of \"%s\"", about[which].text);
	s->us[s->count++] = us;
}

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void
moments_finish(struct moments *m, const char *commit)
{
	m->commit = commit;
	if (getloadavg(&m->load_after, 1) != 1)
		m->load_after = -1;
	for (int i = 0; i < MOMENT_COUNT; i++)
		qsort(m->of[i].us, m->of[i].count, sizeof *m->of[i].us, by_value);
}

/* The nearest rank: with fewer than a hundred samples the 99th of a hundred is the worst. */
static double
quantile(const struct samples *s, double share)
{
	unsigned rank = (unsigned)(share * s->count);

	return s->us[rank < s->count ? rank : s->count - 1];
}

static double
worst(const struct samples *s)
{
	return s->us[s->count - 1];
}

/* NULL where nothing is promised, or nothing was measured. */
static const char *
standing(const struct moments *m, int which)
{
	const struct samples *s = &m->of[which], *bare = &m->of[about[which].bare];

	if (about[which].bound == 0 || s->count == 0)
		return NULL;
	if (s->count < FEW)
		return "too few samples";
	if ((s->count < MANY ? worst(s) : quantile(s, 0.99)) <= about[which].bound)
		return "pass";
	if (quantile(bare, 0.99) > BARE_SHARE * about[which].bound)
		return "not measurable here";
	return "short";
}

void
moments_print(const struct moments *m, FILE *out)
{
	const struct machine *machine = &m->machine;

	fprintf(out, "leanworker bench of deaths, %s, commit %s\n", machine->date, m->commit);
	fprintf(out, "%s, %d cores; %s; %s\n", machine->cpu, machine->cores, machine->kernel,
	    machine->compiler);
	fprintf(out, "load %.1f at the start, %.1f at the end; a big child has %u MiB\n",
	    machine->load, m->load_after, m->big_mib);
	if (m->urgent)
		fprintf(out, "before all others on this machine (SCHED_FIFO)\n");
	else if (machine_busy(machine))
		fprintf(out, "PRELIMINARY: others were at work on this machine\n");
	fprintf(out, "\n%-46s %7s %9s %9s %9s %9s  %s\n", "microseconds", "samples", "p50", "p99",
	    "max", "p99 <=", "");
	for (int i = 0; i < MOMENT_COUNT; i++) {
		const struct samples *s = &m->of[i];
		const char *is = standing(m, i);

		if (s->count == 0)
			continue;
		fprintf(out, "%-46s %7u %9.0f %9.0f %9.0f ", about[i].text, s->count,
		    quantile(s, 0.5), quantile(s, 0.99), worst(s));
		if (is != NULL)
			fprintf(out, "%9.0f  %s\n", about[i].bound, is);
		else
			fprintf(out, "%9s\n", "-");
	}
	fprintf(out,
	    "\nWith fewer than %d samples the worst is judged. Not measurable here: it falls "
	    "short, "
	    "and the machine\nalone takes more than half of the bound.\n",
	    MANY);
}

bool
moments_write_json(const struct moments *m, const char *path)
{
	const struct machine *machine = &m->machine;
	json_t *list = json_array(), *all;
	bool written;

	for (int i = 0; i < MOMENT_COUNT; i++) {
		const struct samples *s = &m->of[i];

		if (s->count == 0)
			continue;
		(void)json_array_append_new(
		    list, json_pack("{ss si sf sf sf sf ss*}", "what", about[i].text, "samples",
			      (int)s->count, "p50_us", quantile(s, 0.5), "p99_us",
			      quantile(s, 0.99), "max_us", worst(s), "bound_us", about[i].bound,
			      "standing", standing(m, i)));
	}
	all = json_pack("{si ss ss si sb s{ss ss si sf sf sb} so}", "leanworker_bench_deaths", 1,
	    "date", machine->date, "commit", m->commit, "big_mib", (int)m->big_mib, "urgent",
	    m->urgent, "machine", "cpu", machine->cpu, "kernel", machine->kernel, "cores",
	    machine->cores, "load_before", machine->load, "load_after", m->load_after, "busy",
	    machine_busy(machine), "moments", list);
	written = all != NULL &&
		  json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0;
	json_decref(all);
	return written;
}
