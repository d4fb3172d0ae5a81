/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spare of a worker: who drives it, what is told of it, what it costs, and that it is nobody's
 * before its turn. tests/scenarios/k* have its ends.
 */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

#define WAIT_MS 10000 /* for what will come */
#define CYCLES  200
#define MIB     1024 /* in KiB */

static struct lw_worker_facts
facts(struct harness *h)
{
	struct lw_worker_facts f = LW_WORKER_FACTS_INIT;

	assert_int_equal(lw_worker_facts(h->worker, &f), LW_OK);
	return f;
}

static struct lw_worker_statistics
statistics(struct harness *h)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_statistics(h->worker, &s), LW_OK);
	return s;
}

static unsigned pumps; /* of the last loop */

/* An application's loop: it pumps when the descriptor tells, or when it was told to come again. */
static void
loop_until(struct harness *h, bool (*holds)(struct harness *h))
{
	struct pollfd entry = { .fd = lw_worker_fd(h->worker), .events = POLLIN };
	int64_t end = harness_now_ms() + WAIT_MS;
	int again_ms;

	for (pumps = 0;; pumps++) {
		assert_int_equal(lw_worker_pump(h->worker, &again_ms, &h->error), LW_OK);
		if (holds(h))
			return;
		assert_true(harness_now_ms() < end);
		(void)poll(&entry, 1, again_ms >= 0 && again_ms < WAIT_MS ? again_ms : WAIT_MS);
	}
}

static bool
it_is_ready(struct harness *h)
{
	return facts(h).spare_ready;
}

static bool
all_are_buried(struct harness *h)
{
	return statistics(h).unburied == 0;
}

static bool
one_was_lost(struct harness *h)
{
	return statistics(h).spare_failures > 0;
}

static bool
two_were_lost(struct harness *h)
{
	return statistics(h).spare_failures > 1;
}

static bool
three_were_lost(struct harness *h)
{
	return statistics(h).spare_failures > 2;
}

static void
open_with_a_spare(struct harness *h, const char *script)
{
	h->options.restart.spare = 1;
	harness_open_chaos(h, script);
}

static void
expect_served_by(struct harness *h, uint32_t generation)
{
	assert_int_equal(harness_stream(h, "any", ""), LW_OK);
	assert_int_equal(h->summary.generation, generation);
}

/* ---- Who drives it --------------------------------------------------------------------------- */

static void
without_the_option_there_is_none(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, NULL);
	assert_int_equal(lw_worker_pump(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(facts(&h).spare_generation, 0);
	assert_int_equal(statistics(&h).generations, 1);
	harness_end(&h);
}

static void
more_than_one_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 2;
	assert_int_equal(lw_worker_start(&h.options, NULL, &h.worker, &h.error), LW_E_MISUSE);
	EXPECT_TEXT(h.error.message, "spare is 2");
}

static void
it_is_begun_when_the_session_is_open_and_not_before(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 1;
	harness_start_chaos(&h, NULL);
	assert_int_equal(lw_worker_pump(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(facts(&h).spare_generation, 0);
	harness_open_chaos(&h, NULL);
	assert_int_equal(statistics(&h).generations, 2);
	assert_int_equal(facts(&h).generation, 1);
	assert_int_equal(facts(&h).spare_generation, 2);
	harness_end(&h);
}

static void
a_pump_alone_makes_it_ready_and_is_quiet_then(void **state)
{
	struct harness h = HARNESS_INIT;
	struct pollfd entry;
	int again_ms;

	(void)state;
	open_with_a_spare(&h, "on hello@2: sleep 100; hello | on open@2: sleep 100; opened");
	loop_until(&h, it_is_ready);
	assert_in_range(pumps, 1, 20);
	assert_int_equal(lw_worker_pump(h.worker, &again_ms, &h.error), LW_OK);
	assert_int_equal(again_ms, -1);
	entry = (struct pollfd){ .fd = lw_worker_fd(h.worker), .events = POLLIN };
	assert_int_equal(poll(&entry, 1, 30), 0);
	assert_int_equal(statistics(&h).generations, 2);
	harness_end(&h);
}

static uint64_t opens_at_row;

static void
note_opens(struct harness *h, const struct lw_row *row)
{
	(void)row;
	opens_at_row = statistics(h).opens;
}

static void
it_is_opened_while_a_request_runs(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	open_with_a_spare(&h, "on run@1: sleep 1500; rows 1");
	h.on_row = note_opens;
	expect_served_by(&h, 1);
	assert_int_equal(opens_at_row, 2);
	h.on_row = NULL;
	harness_end(&h);
}

static uint32_t spare_at_row;

static void
note_spare(struct harness *h, const struct lw_row *row)
{
	(void)row;
	spare_at_row = facts(h).spare_generation;
}

static void
one_that_does_not_open_is_ended_while_a_request_waits(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.open_ms = 300;
	open_with_a_spare(&h, "on open@2: hang | on run@1: sleep 1500; rows 1");
	h.on_row = note_spare;
	spare_at_row = 77;
	expect_served_by(&h, 1);
	assert_int_equal(spare_at_row, 0);
	h.on_row = NULL;
	harness_end(&h);
}

/* ---- What is told ---------------------------------------------------------------------------- */

static void
its_process_is_told_and_is_not_the_childs(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_facts f, after;

	(void)state;
	open_with_a_spare(&h, NULL);
	loop_until(&h, it_is_ready);
	f = facts(&h);
	assert_int_equal(f.spare_generation, 2);
	assert_int_equal(kill(f.spare_pid, 0), 0);
	assert_int_not_equal(f.spare_pid, f.pid);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	after = facts(&h);
	assert_int_equal(after.pid, f.spare_pid);
	assert_int_equal(after.generation, 2);
	harness_end(&h);
}

static uint32_t log_from[8]; /* whose text came with each call of on_log */
static unsigned logs;

static void
note_log(void *context, uint32_t generation, const char *text, size_t size)
{
	(void)context;
	(void)text;
	(void)size;
	if (logs < 8)
		log_from[logs++] = generation;
}

static lw_worker *
start_logged(struct harness *h, const char *script)
{
	h->options.child_path = support_chaos();
	h->options.environment = (const char *const[]){ script, NULL };
	h->options.restart.spare = 1;
	h->options.on_log = note_log;
	logs = 0;
	assert_int_equal(lw_worker_start(&h->options, NULL, &h->worker, &h->error), LW_OK);
	h->options.environment = NULL;
	return h->worker;
}

static void
what_it_prints_has_its_generation_and_is_in_no_error_of_another(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	(void)start_logged(&h, "LEANWORKER_CHAOS=on open@2: say 'from the spare'; opened |"
			       "on run@1: end outcome=2 status=7");
	assert_int_equal(harness_try_native(&h, "nothing", NULL), LW_OK);
	loop_until(&h, it_is_ready);
	assert_int_equal(logs, 1);
	assert_int_equal(log_from[0], 2);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_STATUS);
	assert_null(strstr(h.error.log_tail, "spare"));
	assert_int_equal(h.error.log_bytes, 0);
	assert_in_range(statistics(&h).log_bytes, 1, 100);
	harness_close(&h);
}

static unsigned told; /* of openings, and the last one's generation */
static uint32_t told_of;

static void
note_progress(void *context, uint32_t generation, const struct lw_progress *progress)
{
	(void)context;
	(void)progress;
	told++;
	told_of = generation;
}

static void
how_far_it_is_is_told_from_its_turn_on(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	told = 0;
	h.options.on_open_progress = note_progress;
	open_with_a_spare(&h,
	    "on open: progress phase=one current=1; opened | on run@1: rows 1; signal SEGV |"
	    "on run#2@2: signal SEGV");
	assert_int_equal(told, 1);
	loop_until(&h, it_is_ready);
	assert_int_equal(told, 1);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	expect_served_by(&h, 2);
	assert_int_equal(told, 1);
	harness_end(&h);
}

static void
how_far_it_is_is_told_to_who_waits_for_it(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	told = 0;
	h.options.on_open_progress = note_progress;
	open_with_a_spare(&h, "on run@1: signal SEGV |"
			      "on open@2: sleep 300; progress phase=late current=1; opened");
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	expect_served_by(&h, 2);
	assert_int_equal(told, 1);
	assert_int_equal(told_of, 2);
	harness_end(&h);
}

static void
its_memory_is_counted_until_its_turn(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.memory_ceiling_kib = 200 * MIB;
	open_with_a_spare(&h, "on open@2: memory 64; opened");
	loop_until(&h, it_is_ready);
	assert_in_range(statistics(&h).spare_kib, 64 * MIB, 100 * MIB);
	expect_served_by(&h, 1); /* with a sample of both */
	assert_in_range(statistics(&h).spare_kib, 64 * MIB, 100 * MIB);
	assert_in_range(statistics(&h).memory_kib, 1, 63 * MIB);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(statistics(&h).spare_kib, 0);
	expect_served_by(&h, 2);
	assert_in_range(statistics(&h).memory_kib, 64 * MIB, 100 * MIB);
	harness_end(&h);
}

static void
one_that_is_large_is_not_replaced_before_its_turn(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.memory_ceiling_kib = 64 * MIB;
	open_with_a_spare(&h, "on open@2: memory 128; opened");
	loop_until(&h, it_is_ready);
	expect_served_by(&h, 1);
	assert_int_equal(facts(&h).spare_generation, 2);
	assert_int_equal(statistics(&h).spare_failures, 0);
	harness_end(&h);
}

static void
a_hand_over_is_measured_once_the_child_can_serve(void **state)
{
	struct lw_worker_statistics s;
	struct harness h = HARNESS_INIT;

	(void)state;
	open_with_a_spare(&h, "on run@2: signal SEGV | on open@3: sleep 300; opened");
	loop_until(&h, it_is_ready);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	s = statistics(&h);
	assert_int_equal(s.handovers, 1);
	assert_int_equal(s.handover.count, 1);
	assert_in_range(s.handover.max_ns, 1, 200 * 1000000);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	assert_int_equal(statistics(&h).handovers, 2); /* at the end of that call, but not open */
	assert_int_equal(statistics(&h).handover.count, 1);
	expect_served_by(&h, 3);
	s = statistics(&h);
	assert_int_equal(s.handover.count, 2);
	assert_true(s.handover.max_ns >= 200 * UINT64_C(1000000));
	assert_int_equal(s.restarts[LW_RESTART_EXPLICIT], 1);
	assert_int_equal(s.restarts[LW_RESTART_CRASH], 1);
	harness_end(&h);
}

static void
the_time_in_which_nobody_wanted_a_child_is_no_hand_over(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_MANUAL;
	open_with_a_spare(&h, "on run@1: signal SEGV");
	loop_until(&h, it_is_ready);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	(void)usleep(600 * 1000);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(statistics(&h).handover.count, 1);
	assert_in_range(statistics(&h).handover.max_ns, 1, 500 * 1000000);
	harness_end(&h);
}

/* ---- Whose it is ----------------------------------------------------------------------------- */

static void
open_another(struct harness *h, const char *package)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability = NULL;

	options.host = "chaos";
	options.library = options.module = "none";
	options.package = package;
	assert_int_equal(lw_capability_create(&options, &capability, &h->error), LW_OK);
	lw_session_close(&h->session);
	h->code = lw_session_open(h->worker, capability, NULL, &h->session, &h->error);
	assert_int_equal(h->code, LW_OK);
	lw_capability_free(&capability);
}

static void
one_of_another_capability_is_sent_away(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 1;
	harness_start_chaos(&h, NULL);
	open_another(&h, "a");
	loop_until(&h, it_is_ready);
	open_another(&h, "b");
	expect_served_by(&h, 3);
	assert_int_equal(h.summary.restarted, LW_RESTART_NONE);
	loop_until(&h, it_is_ready);
	assert_int_equal(facts(&h).spare_generation, 4);
	assert_int_equal(statistics(&h).handovers, 0);
	assert_int_equal(statistics(&h).spare_failures, 0);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_served_by(&h, 4);
	loop_until(&h, all_are_buried);
	harness_end(&h);
}

static void
one_that_is_sent_away_before_it_is_open_serves_the_other_capability(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 1;
	harness_start_chaos(&h, "on hello@2: sleep 100; hello");
	open_another(&h, "a");
	open_another(&h, "b"); /* the spare has not been given anything yet */
	assert_int_equal(statistics(&h).handovers, 1);
	expect_served_by(&h, 2);
	harness_end(&h);
}

static bool
it_is_opening(struct harness *h)
{
	return h->log != NULL && strstr(h->log, "opening") != NULL;
}

static void
one_that_opens_another_capability_is_killed(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 1;
	harness_start_chaos(&h, "on open@2: say opening; hang");
	open_another(&h, "a");
	loop_until(&h, it_is_opening);
	open_another(&h, "b");
	expect_served_by(&h, 3);
	loop_until(&h, all_are_buried);
	harness_end(&h);
}

static void
the_same_capability_finds_it_ready(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.spare = 1;
	harness_start_chaos(&h, NULL);
	open_another(&h, "a");
	loop_until(&h, it_is_ready);
	open_another(&h, "a");
	assert_int_equal(facts(&h).spare_generation, 2);
	assert_int_equal(facts(&h).spare_ready, 1);
	expect_served_by(&h, 1);
	harness_end(&h);
}

/* ---- Whose concern it is not ----------------------------------------------------------------- */

static void
a_spare_that_is_lost_does_not_delay_who_follows_the_child(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	h.options.restart.backoff_ms = h.options.restart.backoff_max_ms = 15000;
	open_with_a_spare(&h, "on open@2: exit 3 | on run@1: rows 1; signal SEGV");
	loop_until(&h, one_was_lost);
	began = harness_now_ms();
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	expect_served_by(&h, 3);
	assert_in_range(harness_now_ms() - began, 0, 5000);
	assert_int_equal(statistics(&h).deaths, 2);
	harness_end(&h);
}

static void
successes_of_the_child_do_not_hurry_the_next_spare(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.backoff_ms = h.options.restart.backoff_max_ms = 15000;
	open_with_a_spare(&h, "on open@2: exit 3");
	loop_until(&h, one_was_lost);
	for (int i = 0; i < 50; i++)
		expect_served_by(&h, 1);
	assert_int_equal(statistics(&h).generations, 2);
	harness_end(&h);
}

static void
the_pump_says_when_the_next_spare_is_due(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	h.options.restart.backoff_ms = 200;
	open_with_a_spare(&h, "on open@2: exit 3 | on open@3: end outcome=12 message=gone");
	loop_until(&h, one_was_lost);
	began = harness_now_ms();
	loop_until(&h, two_were_lost);
	loop_until(&h, it_is_ready);
	assert_in_range(pumps, 1, 40);
	assert_in_range(harness_now_ms() - began, 250, WAIT_MS); /* 100 to 200, then 200 to 400 */
	assert_int_equal(facts(&h).spare_generation, 4);
	expect_served_by(&h, 1);
	assert_int_equal(statistics(&h).deaths, 1);
	harness_end(&h);
}

static void
a_hand_over_ends_the_delays(void **state)
{
	struct harness h = HARNESS_INIT;
	int again_ms;

	(void)state;
	h.options.restart.backoff_ms = 100;
	open_with_a_spare(&h, "on open@2: exit 3 | on open@3: exit 3 | on open@5: exit 3");
	loop_until(&h, two_were_lost);
	loop_until(&h, it_is_ready);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	loop_until(&h, three_were_lost);
	assert_int_equal(lw_worker_pump(h.worker, &again_ms, &h.error), LW_OK);
	assert_true(again_ms <= 100);
	expect_served_by(&h, 4);
	harness_end(&h);
}

static void
deaths_of_spares_fill_the_window_and_the_child_serves_on(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.max_deaths = 1;
	h.options.restart.backoff_ms = 1;
	open_with_a_spare(&h, "on open@2: exit 3 | on open@3: exit 3 | on run#2@1: signal SEGV");
	loop_until(&h, two_were_lost);
	expect_served_by(&h, 1);
	assert_int_equal(facts(&h).spare_generation, 0);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_DIED);
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_GAVE_UP);
	assert_int_equal(statistics(&h).generations, 3);
	harness_close(&h);
}

static void
a_shutdown_gives_an_old_child_no_more_time_than_its_own(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.shutdown_ms = 200;
	call.budgets.shutdown_ms = 60000;
	open_with_a_spare(&h, "on shutdown@1: hang");
	loop_until(&h, it_is_ready);
	assert_int_equal(lw_worker_cycle(h.worker, &call, &h.error), LW_OK);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.unreaped, 0);
	assert_in_range(h.report.elapsed_ns / 1000000, 150, 3500);
	harness_close(&h);
}

static void
a_cycle_does_not_wait_for_a_child_that_does_not_leave(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	h.options.budgets.shutdown_ms = 8000;
	open_with_a_spare(&h, "on shutdown@1: hang");
	loop_until(&h, it_is_ready);
	began = harness_now_ms();
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_served_by(&h, 2);
	assert_in_range(harness_now_ms() - began, 0, 4000);
	assert_int_equal(statistics(&h).unburied, 1);
	harness_close(&h);
}

static void
a_shutdown_lets_it_say_goodbye(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	open_with_a_spare(&h, "on shutdown@2: sleep 100; say 'the spare goes'; bye; exit 0");
	loop_until(&h, it_is_ready);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	EXPECT_TEXT(h.log, "the spare goes");
	harness_close(&h);
}

static bool
it_is_there(struct harness *h)
{
	return facts(h).spare_generation != 0;
}

/* Each state of a spare, and how the worker's end finds it. */
static const struct {
	const char *script;
	bool (*in_state)(struct harness *h);
} states[] = {
	{ "on hello@2: hang", it_is_there },
	{ "on open@2: say opening; hang", it_is_opening },
	{ "on shutdown@2: hang", it_is_ready },
	{ "on open@2: exit 3", one_was_lost },
};
#define STATES (sizeof states / sizeof states[0])

static void
a_close_ends_it_in_every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < STATES; i++) {
		struct harness h = HARNESS_INIT;

		open_with_a_spare(&h, states[i].script);
		loop_until(&h, states[i].in_state);
		harness_close(&h);
	}
}

static void
a_shutdown_ends_it_in_every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < STATES; i++) {
		struct harness h = HARNESS_INIT;

		h.options.budgets.shutdown_ms = 300;
		open_with_a_spare(&h, states[i].script);
		loop_until(&h, states[i].in_state);
		assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
		assert_int_equal(h.report.outcome, LW_SHUTDOWN_ORDERLY);
		assert_int_equal(h.report.generations, 2);
		assert_int_equal(h.report.unreaped, 0);
		assert_int_equal(statistics(&h).unburied, 0);
		harness_close(&h);
	}
}

/* Everything of the worker in a copy of this process is refused, and harms nothing. */
static void
a_forked_copy_of_the_application_harms_it_not(void **state)
{
	struct lw_worker_facts f = LW_WORKER_FACTS_INIT;
	struct harness h = HARNESS_INIT;
	int status = -1;
	pid_t copy;

	(void)state;
	open_with_a_spare(&h, NULL);
	loop_until(&h, it_is_ready);
	copy = fork();
	if (copy == 0) {
		bool refused = lw_worker_facts(h.worker, &f) == LW_E_MISUSE &&
			       lw_worker_pump(h.worker, NULL, NULL) == LW_E_MISUSE;

		lw_session_close(&h.session);
		lw_worker_close(&h.worker);
		_exit(refused ? 0 : 1);
	}
	assert_int_equal(waitpid(copy, &status, 0), copy);
	assert_int_equal(status, 0);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_served_by(&h, 2);
	harness_end(&h);
}

static size_t
count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	(void)closedir(folder);
	return count;
}

static void
two_hundred_hand_overs_leave_nothing(void **state)
{
	struct harness h = HARNESS_INIT;
	size_t descriptors, processes;

	(void)state;
	support_deadline(60);
	open_with_a_spare(&h, NULL);
	loop_until(&h, it_is_ready);
	descriptors = count_descriptors();
	processes = census_descendants(NULL, 0);
	for (uint32_t i = 0; i < CYCLES; i++) {
		loop_until(&h, it_is_ready);
		assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
		expect_served_by(&h, i + 2);
	}
	loop_until(&h, it_is_ready);
	loop_until(&h, all_are_buried);
	assert_int_equal(statistics(&h).handovers, CYCLES);
	assert_int_equal(statistics(&h).generations, CYCLES + 2);
	assert_int_equal(count_descriptors(), descriptors);
	assert_int_equal(census_descendants(NULL, 0), processes);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(without_the_option_there_is_none),
		LW_TEST(more_than_one_is_refused),
		LW_TEST(it_is_begun_when_the_session_is_open_and_not_before),
		LW_TEST(a_pump_alone_makes_it_ready_and_is_quiet_then),
		LW_TEST(it_is_opened_while_a_request_runs),
		LW_TEST(one_that_does_not_open_is_ended_while_a_request_waits),
		LW_TEST(its_process_is_told_and_is_not_the_childs),
		LW_TEST(what_it_prints_has_its_generation_and_is_in_no_error_of_another),
		LW_TEST(how_far_it_is_is_told_from_its_turn_on),
		LW_TEST(how_far_it_is_is_told_to_who_waits_for_it),
		LW_TEST(its_memory_is_counted_until_its_turn),
		LW_TEST(one_that_is_large_is_not_replaced_before_its_turn),
		LW_TEST(a_hand_over_is_measured_once_the_child_can_serve),
		LW_TEST(the_time_in_which_nobody_wanted_a_child_is_no_hand_over),
		LW_TEST(one_of_another_capability_is_sent_away),
		LW_TEST(one_that_is_sent_away_before_it_is_open_serves_the_other_capability),
		LW_TEST(one_that_opens_another_capability_is_killed),
		LW_TEST(the_same_capability_finds_it_ready),
		LW_TEST(a_spare_that_is_lost_does_not_delay_who_follows_the_child),
		LW_TEST(successes_of_the_child_do_not_hurry_the_next_spare),
		LW_TEST(the_pump_says_when_the_next_spare_is_due),
		LW_TEST(a_hand_over_ends_the_delays),
		LW_TEST(deaths_of_spares_fill_the_window_and_the_child_serves_on),
		LW_TEST(a_shutdown_gives_an_old_child_no_more_time_than_its_own),
		LW_TEST(a_cycle_does_not_wait_for_a_child_that_does_not_leave),
		LW_TEST(a_shutdown_lets_it_say_goodbye),
		LW_TEST(a_close_ends_it_in_every_state),
		LW_TEST(a_shutdown_ends_it_in_every_state),
		LW_TEST(a_forked_copy_of_the_application_harms_it_not),
		LW_TEST(two_hundred_hand_overs_leave_nothing),
	};

	return support_run(tests);
}
