/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's capability: what the worker runs to send rows as fast as it is let. */
#include <leanworker/guest.h>

#include "corpus.h"
#include "series.h"
#include "wake.h"

/* "0 1 5000": so many rows of that corpus in that size. */
static int
rows(struct lw_guest_call call, const char *request, size_t size)
{
	unsigned kind, size_index;
	unsigned long long count;
	const struct corpus *c;
	int stop = 0;

	(void)size;
	if (sscanf(request, "%u %u %llu", &kind, &size_index, &count) != 3 ||
	    kind >= CORPUS_KINDS || size_index >= CORPUS_SIZES)
		return lw_guest_fail(call, "not a request for rows: %s", request);
	c = corpus_get((enum corpus_kind)kind, size_index);
	for (uint64_t i = 0; i < count && stop == 0; i++)
		stop = lw_guest_row(call, "rows", corpus_row(c, i), c->size);
	return stop;
}

/* So many rows, each sent when its consumer is asleep, each with the time at which it was sent. */
static int
wake(struct lw_guest_call call, const char *request, size_t size)
{
	long count = strtol(request, NULL, 10);
	int stop = 0;
	char now[32];

	(void)size;
	while (count-- > 0 && stop == 0) {
		wake_pause();
		(void)snprintf(now, sizeof now, "%lld", (long long)now_ns());
		stop = lw_guest_row(call, "wakes", now, strlen(now));
	}
	return stop;
}

static int
echo(struct lw_guest_call call, const char *request, size_t size)
{
	return lw_guest_reply(call, request, size);
}

static const struct lw_guest_export exports[] = {
	{ "bench_rows", LW_GUEST_STREAM, rows },
	{ "bench_wake", LW_GUEST_STREAM, wake },
	{ "bench_echo", LW_GUEST_COMMAND, echo },
};

const struct lw_guest_capability lw_guest_capability = LW_GUEST_CAPABILITY(
    "bench", "1", exports, NULL, NULL);
