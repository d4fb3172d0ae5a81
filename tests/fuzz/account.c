/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/account.h"

#include "fuzz/fuzz.h"
#include "fuzz/peer.h"
#include "fuzz/virtual.h"

#define NS_PER_MS INT64_C(1000000)

static void
check_histogram(const struct lw_histogram *h, uint64_t most)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < LW_HISTOGRAM_BUCKETS; i++)
		count += h->bucket[i];
	FUZZ_MUST(count == h->count && count <= most);
	FUZZ_MUST(h->max_ns <= h->sum_ns && h->max_ns <= (uint64_t) virtual.now_ns);
	FUZZ_MUST(count > 0 || h->sum_ns == 0);
	FUZZ_MUST(lw_histogram_quantile(h, 0.5) <= lw_histogram_quantile(h, 1));
	FUZZ_MUST(lw_histogram_quantile(h, 1) == h->max_ns);
}

static void
check_shape(const struct lw_worker_statistics *s, uint32_t spare)
{
	uint64_t failures = 0, restarts = 0;

	for (unsigned i = 0; i < LW_VERDICT_COUNT; i++)
		failures += s->failures[i];
	for (unsigned i = 0; i < LW_RESTART_COUNT; i++)
		restarts += s->restarts[i];
	FUZZ_MUST(s->failures[LW_V_OK] == 0 && s->restarts[LW_RESTART_NONE] == 0);
	FUZZ_MUST(failures + s->successes == s->requests && s->repeated <= s->requests);
	FUZZ_MUST(s->generations == 0 || restarts <= s->generations - 1);
	FUZZ_MUST(s->generations == 0 || spare || restarts == s->generations - 1);
	FUZZ_MUST(s->handovers <= restarts);
	FUZZ_MUST(spare || (s->handovers == 0 && s->spare_failures == 0));
	FUZZ_MUST(s->deaths <= s->generations && s->unburied <= s->generations);
	FUZZ_MUST(s->memory_kib <= s->memory_peak_kib && s->log_bytes <= virtual.received);
	check_histogram(&s->spawn, s->generations);
	check_histogram(&s->open, s->opens);
	check_histogram(&s->request, s->requests);
	check_histogram(&s->first_row, s->requests);
	check_histogram(&s->recovery, s->successes);
	check_histogram(&s->handover, s->handovers);
	FUZZ_MUST(s->open.count == s->opens && s->opens <= s->generations);
}

void
account_check(struct account *a, lw_worker *worker, bool exact)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	FUZZ_MUST(lw_worker_statistics(worker, &s) == LW_OK);
	check_shape(&s, a->spare);
	if (a->rows_unknown)
		a->rows = s.rows;
	a->rows_unknown = false;
	if (!exact)
		return;
	FUZZ_MUST(s.requests == a->requests && s.successes == a->successes && s.rows == a->rows);
	FUZZ_MUST(s.generations == peers_claim(0).children - a->before);
	/* In a window that is still open nothing is started after one death more than permitted; a
	 * spare may have been there before. */
	if (a->max_deaths != LW_NO_LIMIT && virtual.now_ns - a->began_ns < a->window_ms * NS_PER_MS)
		FUZZ_MUST(s.deaths <= a->max_deaths + 1 + a->spare);
}
