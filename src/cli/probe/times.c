/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/probe/times.h"

#include <math.h>
#include <stdlib.h>

/* Below 32 ns each has its own; above, the five bits behind the highest one tell the place. */
static size_t
bucket_of(uint64_t ns)
{
	size_t power = 0;

	if (ns < TIMES_FINE)
		return (size_t)ns;
	while (ns >> power >= 2 * (uint64_t)TIMES_FINE)
		power++;
	return power * TIMES_FINE + (size_t)(ns >> power);
}

uint64_t
times_bucket_begin(size_t bucket)
{
	size_t power = bucket / TIMES_FINE;

	if (power <= 1)
		return bucket;
	return (uint64_t)(bucket % TIMES_FINE + TIMES_FINE) << (power - 1);
}

void
times_add(struct times *t, uint64_t ns)
{
	if (t->count == 0 || ns < t->min_ns)
		t->min_ns = ns;
	if (ns > t->max_ns)
		t->max_ns = ns;
	t->count++;
	t->sum_ns += ns;
	t->bucket[bucket_of(ns)]++;
}

uint64_t
times_quantile(const struct times *t, double share)
{
	uint64_t wanted = (uint64_t)ceil(share * (double)t->count), seen = 0;

	for (size_t i = 0; i + 1 < TIMES_BUCKETS; i++) {
		seen += t->bucket[i];
		if (seen > 0 && seen >= wanted) {
			uint64_t end = times_bucket_begin(i + 1);

			return end < t->max_ns ? end : t->max_ns;
		}
	}
	return t->max_ns;
}

static int
compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

double
median_of(double *values, size_t count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof *values, compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}
