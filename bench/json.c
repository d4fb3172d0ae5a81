/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "results.h"

static json_t *
json_machine(const struct results *r)
{
	const struct machine *m = &r->machine;

	return json_pack("{ss ss ss ss si si si sf sf sb}", "cpu", m->cpu, "kernel", m->kernel,
	    "compiler", m->compiler, "libraries", m->libraries, "cores", m->cores, "consumer_core",
	    m->consumer, "producer_core", m->producer, "load_before", m->load, "load_after",
	    r->load_after, "busy", machine_busy(m));
}

static json_t *
json_rows(const struct results *r)
{
	json_t *list = json_array();

	for (int kind = 0; kind < CORPUS_KINDS; kind++)
		for (int size = 0; size < CORPUS_SIZES; size++)
			for (int by = 0; by < CONTENDER_COUNT; by++) {
				const struct cell *c = &r->cells[kind][size][by];
				const struct series *s = &c->rows;
				const char letter[] = { corpus_letters[kind], '\0' };

				if (s->rounds == 0)
					continue;
				(void)json_array_append_new(list,
				    json_pack("{ss sI ss si sf sf sf sf sf}", "corpus", letter,
					"payload", (json_int_t)corpus_sizes[size], "contender",
					contender_names[by], "rounds", (int)s->rounds,
					"rows_per_second", s->highest, "worst", s->lowest, "spread",
					series_spread(s), "consumer_ns", c->consumer.lowest,
					"producer_ns", c->producer.lowest));
			}
	return list;
}

static json_t *
json_times(const struct results *r)
{
	json_t *list = json_array();

	for (int i = 0; i < TIME_COUNT; i++) {
		const struct series *s = &r->times[i];

		if (s->rounds == 0)
			continue;
		(void)json_array_append_new(
		    list, json_pack("{ss si sf sf sf}", "what", time_names[i], "rounds",
			      (int)s->rounds, "microseconds", s->lowest, "worst", s->highest,
			      "spread", series_spread(s)));
	}
	return list;
}

static json_t *
json_targets(const struct results *r)
{
	struct target targets[TARGETS_MAX];
	size_t count = results_targets(r, targets);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct target *t = &targets[i];

		(void)json_array_append_new(list,
		    json_pack("{ss ss sf sf ss}", "what", t->what, "bound", t->bound_text, "ratio",
			t->ratio, "denominator_spread", series_spread(t->denominator), "standing",
			standing_names[t->standing]));
	}
	return list;
}

bool
results_write_json(const struct results *r, const char *path)
{
	json_t *all = json_pack("{si ss ss si si ss so so so so}", "leanworker_bench", 1, "date",
	    r->machine.date, "commit", r->commit, "rounds", (int)r->rounds, "milliseconds",
	    (int)r->ms, "lean_runtime", r->lean_runtime, "machine", json_machine(r), "rows",
	    json_rows(r), "times", json_times(r), "targets", json_targets(r));
	bool written = all != NULL &&
		       json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0;

	json_decref(all);
	return written;
}
