/* SPDX-License-Identifier: Apache-2.0 */
/* Times by the thousand in a fixed room: a quantile of them is at most 1/32 too high. */
#ifndef LW_CLI_PROBE_TIMES_H
#define LW_CLI_PROBE_TIMES_H

#include <stddef.h>
#include <stdint.h>

#define TIMES_FINE    32 /* buckets of each power of two */
#define TIMES_BUCKETS ((size_t)(64 - 4) * TIMES_FINE)

struct times {
	uint64_t count, sum_ns, min_ns, max_ns;
	uint64_t bucket[TIMES_BUCKETS];
};

void times_add(struct times *t, uint64_t ns);

/* An upper bound of the time that this share (0 to 1) of them took, in ns; 0 for none. */
uint64_t times_quantile(const struct times *t, double share);

/* Times in this bucket are at least this many ns, and less than what the next one answers. */
uint64_t times_bucket_begin(size_t bucket);

/* The median of so many values, which are sorted; 0 for none. */
double median_of(double *values, size_t count);

#endif
