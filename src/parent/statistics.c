/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/statistics.h"

void
histogram_add(struct lw_histogram *h, int64_t span_ns)
{
	uint64_t ns = span_ns > 0 ? (uint64_t)span_ns : 0;
	unsigned bucket = 0;

	for (uint64_t us = ns / 1000; us > 0; us /= 2)
		bucket++;
	if (bucket >= LW_HISTOGRAM_BUCKETS)
		bucket = LW_HISTOGRAM_BUCKETS - 1;
	h->bucket[bucket]++;
	h->count++;
	h->sum_ns += ns;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

uint64_t
lw_histogram_quantile(const struct lw_histogram *h, double share)
{
	uint64_t seen = 0, bound;
	double wanted;

	if (h == NULL)
		return 0;
	wanted = share * (double)h->count; /* what is no number is not reached */
	for (unsigned i = 0; i < LW_HISTOGRAM_BUCKETS; i++) {
		seen += h->bucket[i];
		bound = (UINT64_C(1) << i) * 1000;
		if (seen > 0 && (double)seen >= wanted)
			return bound < h->max_ns ? bound : h->max_ns;
	}
	return h->max_ns;
}
