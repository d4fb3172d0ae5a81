/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a worker: cycles, replacement, shutdown, and calls that may not be made. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "worker/harness.h"

static void
a_cycle_gives_a_fresh_process_and_keeps_the_session(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	pid_t first;

	(void)state;
	harness_open_guest(&h);
	first = harness_pid(&h);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(harness_generation(&h), 2);
	assert_int_not_equal(harness_pid(&h), first);
	assert_int_equal(lw_session_facts(h.session, &facts), LW_OK);
	assert_int_equal(facts.generation, 0); /* opened again when it is needed */
	assert_int_equal(harness_stream(&h, "guest_status", "0"), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	assert_int_equal(h.summary.pid, harness_pid(&h));
	assert_int_equal(lw_session_facts(h.session, &facts), LW_OK);
	assert_int_equal(facts.generation, 2);
	harness_end(&h);
}

static void
twenty_cycles_leave_nothing_behind(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	for (uint32_t generation = 2; generation <= 21; generation++) {
		assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
		assert_int_equal(harness_stream(&h, "guest_status", "0"), LW_OK);
		assert_int_equal(h.summary.generation, generation);
	}
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.generations, 21);
	harness_close(&h);
}

static void
a_worker_that_dies_between_requests_is_replaced(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	harness_expect_usable(&h);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

static bool
has_no_child(void *context)
{
	return harness_pid(context) == 0;
}

static void
a_dead_worker_can_be_cycled(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_start(&h);
	assert_int_equal(kill(harness_pid(&h), SIGSEGV), 0);
	assert_true(wait_until(has_no_child, &h, 5000));
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	harness_end(&h);
}

static void
a_shutdown_says_how_the_child_ended(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_ORDERLY);
	assert_int_equal(h.report.exit.known, 1);
	assert_int_equal(h.report.exit.code, 0);
	assert_int_equal(h.report.exit.survivors, 0);
	assert_int_not_equal(h.report.exit.peak_kib, 0);
	assert_int_equal(lw_worker_health(h.worker, NULL, &h.error), LW_E_MISUSE);
	assert_int_equal(lw_worker_shutdown(h.worker, NULL, NULL), LW_E_MISUSE);
	harness_close(&h);
}

static void
a_shutdown_of_a_stopped_child_kills_it(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.shutdown_ms = 100;
	harness_open_guest(&h);
	assert_int_equal(kill(harness_pid(&h), SIGSTOP), 0);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_KILLED);
	assert_int_equal(h.report.exit.ordered, 1);
	assert_int_equal(h.report.exit.signal, SIGKILL);
	harness_close(&h);
}

static void
a_shutdown_after_a_death_says_so(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_start(&h);
	assert_int_equal(kill(harness_pid(&h), SIGTERM), 0);
	assert_true(wait_until(has_no_child, &h, 5000));
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_ALREADY_DEAD);
	assert_int_equal(h.report.exit.signal, SIGTERM);
	harness_close(&h);
}

static void
another_capability_gets_another_process(void **state)
{
	struct harness h = HARNESS_INIT;
	lw_session *second = NULL;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(lw_session_open(h.worker, NULL, NULL, &second, &h.error), LW_E_MISUSE);
	lw_session_close(&h.session);
	harness_open_guest(&h);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1); /* the same one is open already */
	lw_session_close(&h.session);
	harness_open_fixture(&h);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

static void
call_back(struct harness *h, const struct lw_row *row)
{
	struct lw_error error = LW_ERROR_INIT;

	(void)row;
	assert_int_equal(lw_worker_health(h->worker, NULL, &error), LW_E_MISUSE);
	assert_int_equal(lw_worker_cycle(h->worker, NULL, &error), LW_E_MISUSE);
	assert_int_equal(
	    lw_session_stream(h->session, "guest_status", lw_text("0"), NULL, NULL, NULL, &error),
	    LW_E_MISUSE);
}

static void
a_callback_may_not_call_back(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	h.on_row = call_back;
	assert_int_equal(harness_stream(&h, "guest_status", "0"), LW_OK);
	h.on_row = NULL;
	harness_end(&h);
}

static void
a_forked_copy_of_a_worker_is_refused_and_harms_nothing(void **state)
{
	struct harness h = HARNESS_INIT;
	int status;
	pid_t copy;

	(void)state;
	harness_open_guest(&h);
	copy = fork();
	if (copy == 0) {
		lw_code code = lw_worker_health(h.worker, NULL, NULL);

		lw_session_close(&h.session);
		lw_worker_close(&h.worker);
		_exit(code == LW_E_MISUSE ? 0 : 1);
	}
	assert_int_equal(waitpid(copy, &status, 0), copy);
	assert_int_equal(status, 0);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void *
start_in_thread(void *h)
{
	harness_open_guest(h);
	return NULL;
}

static void
a_worker_outlives_the_thread_that_started_it(void **state)
{
	struct harness h = HARNESS_INIT;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, start_in_thread, &h), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

/* Sleeps because it is what is tested: a sink that is slower than the request's deadline. */
static void
be_slow(struct harness *h, const struct lw_row *row)
{
	(void)h;
	(void)row;
	(void)nanosleep(&(struct timespec){ .tv_nsec = 800 * 1000000 }, NULL);
}

static void
a_deadline_is_kept_while_a_sink_is_slow(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 1500;
	harness_open_guest(&h);
	h.on_row = be_slow;
	(void)harness_stream(&h, "guest_emit_until_stopped", "0");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_in_range(h.rows_seen, 1, 3);
	h.on_row = NULL;
	harness_end(&h);
}

static void
closing_a_worker_before_its_session_leaves_a_session_that_says_so(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	lw_worker_close(&h.worker);
	(void)harness_stream(&h, "guest_status", "0");
	EXPECT_FAILURE(&h, LW_V_SESSION_LOST);
	harness_close(&h);
	harness_close(&h); /* closing twice is fine */
}

static void
requests_that_cannot_be_meant_are_refused_before_anything_happens(void **state)
{
	struct harness h = HARNESS_INIT;
	char long_name[300];

	(void)state;
	harness_open_guest(&h);
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	assert_int_equal(harness_stream(&h, "", "0"), LW_E_MISUSE);
	assert_int_equal(harness_stream(&h, long_name, "0"), LW_E_MISUSE);
	assert_int_equal(harness_stream(&h, "guest_status", "a\xff"), LW_E_MISUSE);
	EXPECT_TEXT(h.error.message, "byte 1");
	harness_end(&h);
}

static void
a_request_of_many_frames_arrives_whole(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	size_t size = 3000000;
	char *text = malloc(size + 1);

	(void)state;
	memset(text, 'x', size);
	text[0] = text[size - 1] = '"';
	text[size] = '\0';
	harness_open_guest(&h);
	assert_int_equal(
	    lw_session_call(h.session, "guest_echo", lw_bytes(text, size), NULL, &reply, &h.error),
	    LW_OK);
	assert_int_equal(reply.size, size);
	assert_memory_equal(reply.text, text, size + 1);
	lw_reply_clear(&reply);
	free(text);
	harness_end(&h);
}

/* ---- An order that is lost ----------------------------------------------------------------- */

#ifdef LW_DEV

static uint64_t fault;

static void
arm_fault(struct harness *h, const struct lw_row *row)
{
	(void)h;
	(void)row;
	lw_fault_arm(fault, false);
}

/* From the first row to the end of the request each fallible call fails in turn: so the order. */
static void
a_lost_order_to_kill_is_not_waited_for(void **state)
{
	bool failed = true;

	(void)state;
	for (fault = 1; failed; fault++) {
		struct harness h = HARNESS_INIT;
		int64_t began;

		h.options.budgets.request_ms = 100;
		harness_open_guest(&h);
		h.on_row = arm_fault;
		(void)harness_stream(&h, "guest_hang", "0");
		(void)lw_fault_disarm(&failed);
		EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
		harness_expect_usable(&h); /* by another child: the order is not given again */
		began = harness_now_ms();
		harness_close(&h);
		assert_in_range(harness_now_ms() - began, 0, 2000);
		assert_in_range(fault, 1, 100);
	}
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_cycle_gives_a_fresh_process_and_keeps_the_session),
		LW_TEST(twenty_cycles_leave_nothing_behind),
		LW_TEST(a_worker_that_dies_between_requests_is_replaced),
		LW_TEST(a_dead_worker_can_be_cycled),
		LW_TEST(a_shutdown_says_how_the_child_ended),
		LW_TEST(a_shutdown_of_a_stopped_child_kills_it),
		LW_TEST(a_shutdown_after_a_death_says_so),
		LW_TEST(another_capability_gets_another_process),
		LW_TEST(a_callback_may_not_call_back),
		LW_TEST(a_forked_copy_of_a_worker_is_refused_and_harms_nothing),
		LW_TEST(a_worker_outlives_the_thread_that_started_it),
		LW_TEST(a_deadline_is_kept_while_a_sink_is_slow),
		LW_TEST(closing_a_worker_before_its_session_leaves_a_session_that_says_so),
		LW_TEST(requests_that_cannot_be_meant_are_refused_before_anything_happens),
		LW_TEST(a_request_of_many_frames_arrives_whole),
#ifdef LW_DEV
		LW_TEST(a_lost_order_to_kill_is_not_waited_for),
#endif
	};

	return support_run(tests);
}
