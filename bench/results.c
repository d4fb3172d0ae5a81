/* SPDX-License-Identifier: Apache-2.0 */
#include "results.h"

#include <string.h>

const char contender_keys[CONTENDER_COUNT] = {
#define X(name, key, text) (key),
	CONTENDERS(X)
#undef X
};

const char *const contender_names[CONTENDER_COUNT] = {
#define X(name, key, text) (text),
	CONTENDERS(X)
#undef X
};

const char *const time_names[TIME_COUNT] = {
#define X(name, text) (text),
	TIMES(X)
#undef X
};

#define ROUNDS_FEWEST 3 /* one round has no spread that could warn */

const char *const standing_names[] = { "pass", "short", "not measurable here" };

bool
results_measurable(const struct results *r, const struct series *denominator)
{
	return denominator->rounds >= ROUNDS_FEWEST && series_spread(denominator) <= SPREAD_MAX &&
	       r->machine.consumer != r->machine.producer;
}

/* ---- What the data plane must reach -------------------------------------------------------- */

struct row_target {
	enum corpus_kind kind;
	unsigned size_index;
	enum contender ours, denominator;
	double bound;
	const char *bound_text;
};

static const struct row_target row_targets[] = {
	{ CORPUS_S, 0, BY_OURS_RAW, BY_OURS_SOCKET, 2, ">= 2 x (d)" },
	{ CORPUS_S, 0, BY_OURS_TYPED, BY_JANSSON, 8, ">= 8 x (a)" },
	{ CORPUS_S, 0, BY_OURS_TYPED, BY_CJSON, 2.5, ">= 2.5 x (b)" },
	{ CORPUS_S, 1, BY_OURS_TYPED, BY_JANSSON, 12, ">= 12 x (a)" },
	{ CORPUS_L, 2, BY_OURS_TYPED, BY_RING_PASS, 0.6, ">= 0.6 x (g)" },
	{ CORPUS_L, 3, BY_OURS_TYPED, BY_RING_PASS, 0.6, ">= 0.6 x (g)" },
	{ CORPUS_N, 0, BY_OURS_TYPED, BY_JANSSON, 5, ">= 5 x (a)" },
	{ CORPUS_N, 1, BY_OURS_TYPED, BY_JANSSON, 5, ">= 5 x (a)" },
	{ CORPUS_N, 2, BY_OURS_TYPED, BY_JANSSON, 5, ">= 5 x (a)" },
	{ CORPUS_N, 3, BY_OURS_TYPED, BY_JANSSON, 5, ">= 5 x (a)" },
};

struct time_target {
	enum timing ours, denominator;
	double bound;
	const char *bound_text;
};

static const struct time_target time_targets[] = {
	{ TIME_TRIP_OURS, TIME_TRIP_BARE, 1.25, "<= 1.25 x bare" },
	{ TIME_WAKE_OURS, TIME_WAKE_BARE, 1.5, "<= 1.5 x bare" },
	{ TIME_SPAWN_SUBREAPER, TIME_TRUE, 1.8, "<= 1.8 x /bin/true" },
	{ TIME_SPAWN_PIDNS, TIME_TRUE, 2.5, "<= 2.5 x /bin/true" },
	{ TIME_SPAWN_USERNS, TIME_TRUE, 2.5, "<= 2.5 x /bin/true" },
	{ TIME_CYCLE_SUBREAPER, TIME_SPAWN_SUBREAPER, 1.3, "<= 1.3 x spawn" },
	{ TIME_CYCLE_PIDNS, TIME_SPAWN_PIDNS, 1.3, "<= 1.3 x spawn" },
	{ TIME_CYCLE_USERNS, TIME_SPAWN_USERNS, 1.3, "<= 1.3 x spawn" },
};

static bool
judge(const struct results *r, struct target *t)
{
	if (t->ours->rounds == 0 || t->denominator->rounds == 0)
		return false;
	t->ratio = t->at_least ? t->ours->highest / t->denominator->highest
			       : t->ours->lowest / t->denominator->lowest;
	if (!results_measurable(r, t->denominator))
		t->standing = STANDING_NOT_MEASURABLE;
	else if (t->at_least ? t->ratio >= t->bound : t->ratio <= t->bound)
		t->standing = STANDING_PASS;
	else
		t->standing = STANDING_SHORT;
	return true;
}

static struct target
of_rows(const struct results *r, const struct row_target *from)
{
	const struct cell *cells = r->cells[from->kind][from->size_index];
	struct target t = {
		.bound_text = from->bound_text, .bound = from->bound, .at_least = true
	};

	(void)snprintf(t.what, sizeof t.what, "rows, %c %s, %s", corpus_letters[from->kind],
	    corpus_size_names[from->size_index], from->ours == BY_OURS_TYPED ? "typed" : "raw");
	t.ours = &cells[from->ours].rows;
	t.denominator = &cells[from->denominator].rows;
	return t;
}

static struct target
of_times(const struct results *r, const struct time_target *from)
{
	struct target t = { .bound_text = from->bound_text, .bound = from->bound };

	(void)snprintf(t.what, sizeof t.what, "%s", time_names[from->ours]);
	t.ours = &r->times[from->ours];
	t.denominator = &r->times[from->denominator];
	return t;
}

size_t
results_targets(const struct results *r, struct target ret_targets[TARGETS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof row_targets / sizeof row_targets[0]; i++) {
		ret_targets[count] = of_rows(r, &row_targets[i]);
		count += judge(r, &ret_targets[count]);
	}
	for (size_t i = 0; i < sizeof time_targets / sizeof time_targets[0]; i++) {
		ret_targets[count] = of_times(r, &time_targets[i]);
		count += judge(r, &ret_targets[count]);
	}
	return count;
}
