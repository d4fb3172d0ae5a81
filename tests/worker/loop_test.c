/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker in an application's own event loop: what lw_worker_fd tells and lw_worker_pump does between
 * two calls, and that nothing is told when there is nothing to do.
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "worker/harness.h"

#define WAIT_MS 10000 /* for what will come */

static unsigned pumps;       /* of the last loop */
static int64_t longest_pump; /* of the last loop, in ms */
static int again_ms;         /* what the last pump said */

static void
pump(struct harness *h)
{
	int64_t began = harness_now_ms(), span;

	again_ms = -77;
	assert_int_equal(lw_worker_pump(h->worker, &again_ms, &h->error), LW_OK);
	span = harness_now_ms() - began;
	longest_pump = span > longest_pump ? span : longest_pump;
	pumps++;
	assert_true(again_ms >= -1);
}

static bool
is_ready(const struct harness *h, int wait_ms)
{
	struct pollfd entry = { .fd = lw_worker_fd(h->worker), .events = POLLIN };
	int count = poll(&entry, 1, wait_ms);

	assert_true(count >= 0);
	return count == 1;
}

/* An application's loop: it pumps when the descriptor tells, or when it was told to come again. */
static bool
loop_until(struct harness *h, bool (*holds)(struct harness *h))
{
	int64_t left, end = harness_now_ms() + WAIT_MS;

	for (pumps = 0, longest_pump = 0, pump(h); !holds(h); pump(h)) {
		left = end - harness_now_ms();
		if (left <= 0)
			return false;
		(void)is_ready(h, again_ms >= 0 && again_ms < left ? again_ms : (int)left);
	}
	return true;
}

/* Nothing is left to be done, and nothing is told: who polls is not woken. */
static void
expect_quiet(struct harness *h)
{
	for (int i = 0; i < 50; i++) {
		pump(h);
		if (again_ms < 0 && !is_ready(h, 30))
			return;
		if (again_ms > 0)
			(void)is_ready(h, again_ms);
	}
	fail_msg("the descriptor is ready, or says \"again\", for ever");
}

static struct lw_worker_statistics
statistics(struct harness *h)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_statistics(h->worker, &s), LW_OK);
	return s;
}

static uint32_t
open_in(struct harness *h)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;

	assert_int_equal(lw_session_facts(h->session, &facts), LW_OK);
	return facts.generation;
}

/* ---- What is told ---------------------------------------------------------------------------- */

static bool
has_said_it(struct harness *h)
{
	return h->log != NULL && strstr(h->log, "much later") != NULL;
}

static void
log_text_arrives_between_two_calls(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run#1: rows 1; end; sleep 50; say 'much later'");
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_false(has_said_it(&h));
	assert_true(loop_until(&h, has_said_it));
	assert_in_range(pumps, 1, 10);
	expect_quiet(&h);
	harness_end(&h);
}

static bool
is_dead(struct harness *h)
{
	return harness_pid(h) == 0;
}

static void
the_death_of_an_idle_child_is_told(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, NULL);
	expect_quiet(&h);
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	assert_true(is_ready(&h, WAIT_MS));
	assert_true(loop_until(&h, is_dead));
	assert_in_range(pumps, 1, 20);
	assert_int_equal(open_in(&h), 0);
	expect_quiet(&h);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	assert_int_equal(h.summary.restarted, LW_RESTART_CRASH);
	harness_end(&h);
}

static void
the_descriptor_works_inside_of_an_epoll_of_the_application(void **state)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = 7 };
	struct harness h = HARNESS_INIT;
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	(void)state;
	harness_open_chaos(&h, NULL);
	expect_quiet(&h);
	assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, lw_worker_fd(h.worker), &event), 0);
	assert_int_equal(epoll_wait(epoll, &event, 1, 0), 0);
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	assert_int_equal(epoll_wait(epoll, &event, 1, WAIT_MS), 1);
	assert_int_equal(event.data.u32, 7);
	assert_true(loop_until(&h, is_dead));
	expect_quiet(&h);
	assert_int_equal(epoll_wait(epoll, &event, 1, 0), 0);
	assert_int_equal(close(epoll), 0);
	harness_end(&h);
}

static bool
all_are_buried(struct harness *h)
{
	return statistics(h).unburied == 0;
}

static void
an_old_child_is_buried_by_the_pump(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement =
	    LW_REPLACE_EAGER; /* it is set aside by the call that kills it */
	h.options.budgets.request_ms = 100;
	harness_open_chaos(&h, "on run@1: hang");
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(statistics(&h).unburied, 1);
	assert_true(loop_until(&h, all_are_buried));
	assert_in_range(pumps, 1, 50);
	h.options.budgets.request_ms = 0;
	harness_end(&h);
}

/* ---- Replacement ahead ----------------------------------------------------------------------- */

static bool
the_second_is_open(struct harness *h)
{
	return statistics(h).opens == 2;
}

static void
the_next_child_is_ready_and_open_before_it_is_needed_and_nobody_waits(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	harness_open_chaos(&h, "on run@1: rows 1; signal SEGV | on hello@2: sleep 300; hello |"
			       "on open@2: sleep 300; opened");
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(statistics(&h).generations, 2);
	assert_int_equal(open_in(&h), 0);
	assert_true(loop_until(&h, the_second_is_open));
	assert_in_range(pumps, 3, 60);
	assert_in_range(longest_pump, 0, 150);
	assert_int_equal(open_in(&h), 2);
	expect_quiet(&h);
	assert_int_equal(statistics(&h).unburied, 0);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	assert_int_equal(h.summary.restarted, LW_RESTART_NONE); /* this call had to start nothing */
	assert_int_equal(statistics(&h).opens, 2);
	harness_end(&h);
}

static void
a_child_that_dies_idle_is_replaced_by_the_pump(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	harness_open_chaos(&h, NULL);
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	assert_true(loop_until(&h, the_second_is_open));
	assert_int_equal(statistics(&h).deaths, 1);
	assert_int_equal(statistics(&h).restarts[LW_RESTART_CRASH], 1);
	harness_end(&h);
}

static void
a_look_at_the_facts_loses_no_replacement(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	harness_open_chaos(&h, NULL);
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	while (harness_generation(&h) == 1) /* the test's deadline ends it */
		(void)is_ready(&h, WAIT_MS);
	assert_int_equal(harness_generation(&h), 2);
	assert_true(loop_until(&h, the_second_is_open));
	harness_end(&h);
}

static bool
the_third_was_begun(struct harness *h)
{
	return statistics(h).generations == 3;
}

static void
the_pump_says_when_the_next_attempt_is_due(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	h.options.restart.backoff_ms = 300;
	harness_open_chaos(&h, "on hello@2: exit 3");
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	began = harness_now_ms();
	assert_true(loop_until(&h, the_third_was_begun));
	assert_in_range(harness_now_ms() - began, 150, WAIT_MS);
	assert_in_range(pumps, 1, 60);
	assert_true(loop_until(&h, the_second_is_open));
	assert_int_equal(open_in(&h), 3);
	harness_end(&h);
}

static void
the_pump_says_when_the_window_opens_again(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.replacement = LW_REPLACE_EAGER;
	h.options.restart.max_deaths = 1;
	h.options.restart.window_ms = 600;
	harness_open_chaos(&h, "on run@1: signal SEGV | on run@2: signal SEGV");
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(statistics(&h).generations, 2);
	assert_true(loop_until(&h, the_third_was_begun));
	harness_end(&h);
}

/* ---- Silence --------------------------------------------------------------------------------- */

static void
the_descriptor_is_quiet_after_each_kind_of_call(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run#2@1: rows 1; wait-stop; end outcome=1 | on run#3@1: hang");
	expect_quiet(&h);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	expect_quiet(&h);
	assert_int_equal(lw_worker_health(h.worker, NULL, &h.error), LW_OK);
	expect_quiet(&h);
	call.budgets.request_ms = 300;
	h.call = &call;
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(h.error.killed, 0);
	expect_quiet(&h);
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(h.error.killed, 1);
	expect_quiet(&h);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_quiet(&h);
	harness_end(&h);
}

static void
cancel(struct harness *h, const struct lw_row *row)
{
	(void)row;
	lw_cancel_token_cancel(h->call->cancel);
}

static void
the_descriptor_is_quiet_after_a_cancelled_call_while_the_token_stays_cancelled(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(
	    &h, "on run#1@1: rows 1; wait-stop; end outcome=1 | on run#2@1: rows 1; hang");
	assert_int_equal(lw_cancel_token_create(&call.cancel, NULL), LW_OK);
	call.budgets.grace_ms = 5000;
	h.call = &call;
	h.on_row = cancel;
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	assert_false(is_ready(&h, 30));
	expect_quiet(&h);
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	expect_quiet(&h);
	lw_cancel_token_reset(call.cancel);
	call.budgets.grace_ms = 20;
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	assert_int_equal(h.error.killed, 1);
	expect_quiet(&h);
	h.on_row = NULL;
	h.call = NULL;
	harness_end(&h);
	lw_cancel_token_free(&call.cancel);
}

static void
a_child_that_closed_its_lane_is_ended_when_the_pump_said_so(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run#1@1: rows 1; end; close-lane; hang");
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_true(is_ready(&h, WAIT_MS));
	pump(&h);
	assert_in_range(again_ms, 1, 1000);
	assert_false(is_ready(&h, 0)); /* it is told once */
	assert_int_not_equal(harness_pid(&h), 0);
	assert_false(is_ready(&h, again_ms));
	pump(&h);
	assert_int_equal(harness_pid(&h), 0);
	expect_quiet(&h);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.restarted, LW_RESTART_PROTOCOL);
	harness_end(&h);
}

static void
a_child_that_closed_its_control_lane_keeps_nobody_busy(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run#1@1: rows 1; close-lane control; end; hang");
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	expect_quiet(&h);
	assert_int_equal(
	    harness_stream(&h, "any", ""), LW_OK); /* asked again: it had read nothing */
	assert_int_equal(h.summary.restarted, LW_RESTART_PROTOCOL);
	expect_quiet(&h);
	harness_end(&h);
}

static void
there_is_no_descriptor_without_a_worker(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	again_ms = 77;
	assert_int_equal(lw_worker_fd(NULL), -1);
	assert_int_equal(lw_worker_pump(NULL, &again_ms, &h.error), LW_E_MISUSE);
	harness_open_chaos(&h, NULL);
	assert_true(lw_worker_fd(h.worker) > 2);
	assert_int_equal(lw_worker_pump(h.worker, NULL, NULL), LW_OK);
	assert_int_equal(lw_worker_shutdown(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(lw_worker_fd(h.worker), -1);
	assert_int_equal(lw_worker_pump(h.worker, &again_ms, &h.error), LW_E_MISUSE);
	assert_int_equal(again_ms, 77);
	harness_close(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(log_text_arrives_between_two_calls),
		LW_TEST(the_death_of_an_idle_child_is_told),
		LW_TEST(the_descriptor_works_inside_of_an_epoll_of_the_application),
		LW_TEST(an_old_child_is_buried_by_the_pump),
		LW_TEST(the_next_child_is_ready_and_open_before_it_is_needed_and_nobody_waits),
		LW_TEST(a_child_that_dies_idle_is_replaced_by_the_pump),
		LW_TEST(a_look_at_the_facts_loses_no_replacement),
		LW_TEST(the_pump_says_when_the_next_attempt_is_due),
		LW_TEST(the_pump_says_when_the_window_opens_again),
		LW_TEST(the_descriptor_is_quiet_after_each_kind_of_call),
		LW_TEST(
		    the_descriptor_is_quiet_after_a_cancelled_call_while_the_token_stays_cancelled),
		LW_TEST(a_child_that_closed_its_lane_is_ended_when_the_pump_said_so),
		LW_TEST(a_child_that_closed_its_control_lane_keeps_nobody_busy),
		LW_TEST(there_is_no_descriptor_without_a_worker),
	};

	return support_run(tests);
}
