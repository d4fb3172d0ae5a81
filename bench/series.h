/* SPDX-License-Identifier: Apache-2.0 */
/* The rounds of one measurement: the best counts, the spread says what it is worth. */
#ifndef LW_BENCH_SERIES_H
#define LW_BENCH_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SPREAD_MAX 1.5 /* a denominator that spreads more measures the machine, not the program */

struct series {
	double lowest, highest;
	unsigned rounds;
};

void series_add(struct series *s, double value);
double series_spread(const struct series *s); /* highest by lowest; 0 without a round */

/* Sorts; the middle one. */
double median(double *values, size_t count);

int64_t now_ns(void);
int64_t cpu_ns(pid_t pid); /* that this process has used; 0: this one */

#endif
