/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include <stdlib.h>
#include <time.h>

void
series_add(struct series *s, double value)
{
	if (s->rounds == 0 || value < s->lowest)
		s->lowest = value;
	if (s->rounds == 0 || value > s->highest)
		s->highest = value;
	s->rounds++;
}

double
series_spread(const struct series *s)
{
	return s->rounds > 0 && s->lowest > 0 ? s->highest / s->lowest : 0;
}

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double
median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_value);
	return values[count / 2];
}

int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
