/* SPDX-License-Identifier: Apache-2.0 */
/* After a known history each counter equals what happened; and cycling is the reset of memory. */
#include <inttypes.h>
#include <signal.h>

#include "worker/harness.h"

#define MIB 1024 /* in KiB */

static struct lw_worker_statistics
statistics(struct harness *h)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_statistics(h->worker, &s), LW_OK);
	return s;
}

static void
run(struct harness *h, lw_verdict wanted)
{
	(void)harness_stream(h, "any", "");
	if (wanted != LW_V_OK)
		EXPECT_FAILURE(h, wanted);
	else
		assert_int_equal(h->code, LW_OK);
}

static void
ask(struct harness *h, lw_verdict wanted)
{
	struct lw_reply reply = LW_REPLY_INIT;

	h->code = lw_session_call(h->session, "any", lw_text(""), h->call, &reply, &h->error);
	if (wanted != LW_V_OK)
		EXPECT_FAILURE(h, wanted);
	else
		assert_int_equal(h->code, LW_OK);
	lw_reply_clear(&reply);
}

static int
refuse_metadata(void *context, const char *json, size_t size)
{
	(void)context;
	(void)json;
	(void)size;
	return 5;
}

static void
run_without_wanting_metadata(struct harness *h)
{
	struct lw_sinks sinks = LW_SINKS_INIT;

	sinks.on_metadata = refuse_metadata;
	h->code = lw_session_stream(h->session, "any", lw_text(""), &sinks, NULL, NULL, &h->error);
	EXPECT_FAILURE(h, LW_V_SINK);
}

static void
run_cancelled_before(struct harness *h)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;

	assert_int_equal(lw_cancel_token_create(&call.cancel, NULL), LW_OK);
	lw_cancel_token_cancel(call.cancel);
	h->call = &call;
	run(h, LW_V_CANCELLED);
	h->call = NULL;
	lw_cancel_token_free(&call.cancel);
}

static void
run_too_long(struct harness *h)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;

	call.budgets.request_ms = 100;
	h->call = &call;
	run(h, LW_V_REQUEST_TIMEOUT);
	h->call = NULL;
}

static bool
is_dead(void *harness)
{
	return harness_pid(harness) == 0;
}

/* A request fails in each of the ways that a counter tells apart. */
static void
live(struct harness *h)
{
	harness_open_chaos(h, "on run#1@1: rows 3 size=10; say one |"
			      "on run#3@1: rows 2 size=4; end outcome=2 status=7 |"
			      "on run#4@1: reply json=nonsense |"
			      "on run#5@1: metadata json='{}' |"
			      "on run#6@1: rows 1; say two; signal SEGV |"
			      "on run#2@2: say three; hang |"
			      "on run#1@3: rows 1; row sequence=5 |"
			      "on run#2@5: close-lane control; say four; end; hang");
	run(h, LW_V_OK);
	ask(h, LW_V_OK);
	run(h, LW_V_EXPORT_STATUS);
	ask(h, LW_V_REPLY_MALFORMED);
	run_without_wanting_metadata(h);
	run_cancelled_before(h);
	run(h, LW_V_SIGNALLED);
	run(h, LW_V_OK); /* in generation 2 */
	run_too_long(h);
	run(h, LW_V_PROTOCOL); /* in generation 3 */
	assert_int_equal(lw_worker_cycle(h->worker, NULL, &h->error), LW_OK);
	run(h, LW_V_OK); /* in generation 4 */
	assert_int_equal(kill(harness_pid(h), SIGKILL), 0);
	assert_true(wait_until(is_dead, h, 5000));
	run(h, LW_V_OK); /* in generation 5 */
	run(h, LW_V_OK);
	run(h, LW_V_OK); /* not read by generation 5, and asked again of 6 */
}

static void
expect_times(const struct lw_histogram *h, uint64_t count)
{
	uint64_t sum = 0;

	for (int i = 0; i < LW_HISTOGRAM_BUCKETS; i++)
		sum += h->bucket[i];
	assert_int_equal(h->count, count);
	assert_int_equal(sum, count);
	assert_true(h->max_ns <= h->sum_ns);
	assert_true(h->sum_ns <= h->max_ns * count);
	assert_true(lw_histogram_quantile(h, 0) > 0);
	assert_true(lw_histogram_quantile(h, 0.5) <= lw_histogram_quantile(h, 1));
	assert_int_equal(lw_histogram_quantile(h, 1), h->max_ns);
}

static void
expect_failures(const struct lw_worker_statistics *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < LW_VERDICT_COUNT; i++)
		sum += s->failures[i];
	assert_int_equal(sum, s->requests - s->successes);
	assert_int_equal(s->failures[LW_V_EXPORT_STATUS], 1);
	assert_int_equal(s->failures[LW_V_REPLY_MALFORMED], 1);
	assert_int_equal(s->failures[LW_V_SINK], 1);
	assert_int_equal(s->failures[LW_V_CANCELLED], 1);
	assert_int_equal(s->failures[LW_V_SIGNALLED], 1);
	assert_int_equal(s->failures[LW_V_REQUEST_TIMEOUT], 1);
	assert_int_equal(s->failures[LW_V_PROTOCOL], 1);
}

static void
expect_restarts(const struct lw_worker_statistics *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < LW_RESTART_COUNT; i++)
		sum += s->restarts[i];
	assert_int_equal(sum, s->generations - 1);
	assert_int_equal(s->restarts[LW_RESTART_CRASH], 2);
	assert_int_equal(s->restarts[LW_RESTART_REQUEST_TIMEOUT], 1);
	assert_int_equal(s->restarts[LW_RESTART_EXPLICIT], 1); /* of the one that had lied */
	assert_int_equal(s->restarts[LW_RESTART_PROTOCOL], 1); /* of the deaf one */
}

static void
counters_equal_what_happened(void **state)
{
	struct lw_worker_statistics s;
	struct harness h = HARNESS_INIT;

	(void)state;
	live(&h);
	s = statistics(&h);
	assert_int_equal(s.generations, 6);
	assert_int_equal(s.opens, 6);
	assert_int_equal(s.requests, 14);
	assert_int_equal(s.successes, 7);
	assert_int_equal(s.repeated, 1);
	assert_int_equal(s.deaths, 4);
	assert_int_equal(s.rows, 3 + 2 + 1 + 1);
	assert_int_equal(s.row_bytes, 3 * 10 + 2 * 4 + 2 + 2);
	expect_failures(&s);
	expect_restarts(&s);
	expect_times(&s.spawn, 6);
	expect_times(&s.open, 6);
	expect_times(&s.request, 13); /* one was cancelled before it was begun */
	expect_times(&s.first_row, 4);
	expect_times(&s.recovery, 4); /* one for each death: the timeout was ordered */
	assert_int_equal(s.memory_samples + s.memory_misses, 0);
	harness_end(&h);
}

static bool
all_are_buried(void *harness)
{
	struct harness *h = harness;

	assert_int_equal(lw_worker_pump(h->worker, NULL, &h->error), LW_OK);
	return statistics(h).unburied == 0;
}

/* A child prints until it is dead, which is after it was replaced. */
static void
all_that_children_print_is_counted(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	live(&h);
	assert_true(wait_until(all_are_buried, &h, 5000));
	assert_int_equal(statistics(&h).log_bytes, strlen("one\ntwo\nthree\nfour\n"));
	assert_int_equal(h.log_size, strlen("one\ntwo\nthree\nfour\n"));
	harness_end(&h);
}

static void
what_a_replaced_child_prints_last_is_counted(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER; /* set aside before it is dead */
	harness_open_chaos(&h, "on run@1: rows 1; row sequence=5; print 900000; hang");
	run(&h, LW_V_PROTOCOL);
	assert_int_equal(statistics(&h).log_bytes, h.log_size);
	assert_true(wait_until(all_are_buried, &h, 5000));
	assert_int_equal(statistics(&h).log_bytes, h.log_size);
	harness_end(&h);
}

static void
statistics_are_told_after_a_shutdown_and_are_the_same(void **state)
{
	struct lw_worker_statistics before, after;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run: rows 2");
	run(&h, LW_V_OK);
	before = statistics(&h);
	assert_int_equal(lw_worker_shutdown(h.worker, NULL, &h.error), LW_OK);
	after = statistics(&h);
	assert_memory_equal(&before, &after, sizeof after);
	harness_close(&h);
}

/* ---- Times ----------------------------------------------------------------------------------- */

static void
a_child_that_starts_ahead_takes_as_long_as_it_takes(void **state)
{
	struct lw_worker_statistics s;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	harness_open_chaos(&h, "on hello@2: sleep 50; hello | on open@2: sleep 50; opened");
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	assert_true(wait_until(is_dead, &h, 5000));
	run(&h, LW_V_OK);
	s = statistics(&h);
	expect_times(&s.spawn, 2);
	expect_times(&s.open, 2);
	assert_true(s.spawn.max_ns >= 50000000);
	assert_true(s.open.max_ns >= 50000000);
	expect_times(&s.recovery, 1);
	harness_end(&h);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static uint64_t
anonymous_kib(pid_t pid)
{
	char path[64], line[256];
	unsigned long long kib = 0;
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "RssAnon: %llu", &kib) == 1)
			break;
	assert_int_equal(fclose(file), 0);
	return kib;
}

static void
a_cycle_gives_all_memory_back(void **state)
{
	struct harness h = HARNESS_INIT;
	uint64_t high, low;

	(void)state;
	harness_open_chaos(&h, "on run@1: memory 96; rows 1");
	run(&h, LW_V_OK);
	high = anonymous_kib(harness_pid(&h));
	assert_in_range(high, 96 * MIB, 200 * MIB);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	run(&h, LW_V_OK);
	assert_int_equal(h.summary.generation, 2);
	low = anonymous_kib(harness_pid(&h));
	assert_in_range(low, 1, 48 * MIB);
	harness_end(&h);
}

static void
samples_are_those_of_the_child_that_is_there(void **state)
{
	struct lw_worker_statistics s;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.memory_ceiling_kib = 64 * MIB;
	harness_open_chaos(&h, "on run@1: memory 96; rows 1");
	run(&h, LW_V_OK);
	s = statistics(&h);
	assert_int_equal(s.memory_samples, 1);
	assert_in_range(s.memory_kib, 1, 48 * MIB); /* before it had grown */
	run(&h, LW_V_OK);
	assert_int_equal(h.summary.generation, 2);
	assert_int_equal(h.summary.restarted, LW_RESTART_MEMORY_CEILING);
	s = statistics(&h);
	assert_in_range(s.memory_kib, 96 * MIB, 200 * MIB); /* for which it was replaced */
	run(&h, LW_V_OK);
	assert_int_equal(h.summary.generation, 2);
	s = statistics(&h);
	assert_int_equal(s.memory_samples, 3);
	assert_int_equal(s.memory_misses, 0);
	assert_in_range(s.memory_kib, 1, 48 * MIB);
	assert_in_range(s.memory_peak_kib, 96 * MIB, 200 * MIB);
	assert_int_equal(s.restarts[LW_RESTART_MEMORY_CEILING], 1);
	assert_int_equal(s.deaths, 0);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(counters_equal_what_happened),
		LW_TEST(all_that_children_print_is_counted),
		LW_TEST(what_a_replaced_child_prints_last_is_counted),
		LW_TEST(statistics_are_told_after_a_shutdown_and_are_the_same),
		LW_TEST(a_child_that_starts_ahead_takes_as_long_as_it_takes),
		LW_TEST(a_cycle_gives_all_memory_back),
		LW_TEST(samples_are_those_of_the_child_that_is_there),
	};

	return support_run(tests);
}
