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

static int64_t
read_clock(clockid_t clock)
{
	struct timespec t = { 0 };

	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t
now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t
cpu_ns(pid_t pid)
{
	clockid_t clock;

	return clock_getcpuclockid(pid, &clock) == 0 ? read_clock(clock) : 0;
}
