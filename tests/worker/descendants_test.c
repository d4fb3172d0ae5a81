/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody is left behind: not by a guest that hides processes, not by a parent that is killed. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

#define DETACHED 50

/* ---- A guest that leaves descendants ------------------------------------------------------- */

static void
detach_and_shut_down(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	pid_t before[8];
	size_t own;

	h.options.containment = containment;
	harness_open_guest(&h);
	own = census_descendants(before, 8);
	assert_int_equal(harness_stream(&h, "guest_leave_descendants", "50"), LW_OK);
	assert_int_equal(census_descendants(before, 8), own + DETACHED);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_ORDERLY);
	assert_int_equal(h.report.exit.survivors, DETACHED);
	assert_int_equal(h.report.exit.containment, containment);
	harness_close(&h);
	assert_int_equal(census_descendants(before, 8), 0);
}

static void
fifty_detached_grandchildren_are_gone_after_a_shutdown(void **state)
{
	(void)state;
	harness_under_every_containment(detach_and_shut_down);
}

static void
detach_and_close(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	pid_t left[8];

	h.options.containment = containment;
	harness_open_guest(&h);
	assert_int_equal(harness_stream(&h, "guest_leave_descendants", "50"), LW_OK);
	harness_close(&h);
	assert_int_equal(census_descendants(left, 8), 0);
}

static void
fifty_detached_grandchildren_are_gone_after_a_close(void **state)
{
	(void)state;
	harness_under_every_containment(detach_and_close);
}

static void
detach_and_die(lw_containment containment)
{
	struct harness h = HARNESS_INIT;

	h.options.containment = containment;
	harness_open_guest(&h);
	assert_int_equal(harness_stream(&h, "guest_leave_descendants", "50"), LW_OK);
	(void)harness_stream(&h, "guest_die", "6");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(h.error.exit.survivors, DETACHED);
	harness_end(&h);
}

static void
detached_grandchildren_do_not_outlive_a_crash(void **state)
{
	(void)state;
	harness_under_every_containment(detach_and_die);
}

/* ---- A parent that is killed --------------------------------------------------------------- */

enum trouble { NO_TROUBLE, STOPPED_WORKER, FORKED_COPY, HELD_BY_REQUEST };

static void
say_ready(void *context, const struct lw_row *row)
{
	(void)row;
	(void)!write(*(int *)context, "", 1);
}

static int
on_first_row(void *context, const struct lw_row *row)
{
	say_ready(context, row);
	return 0;
}

/* The process that will be killed: has a worker with descendants, and says when it has. */
static _Noreturn void
be_the_parent(lw_containment containment, enum trouble trouble, int ready)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;

	h.options.containment = containment;
	h.options.budgets.request_ms = 100000;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_leave_descendants", "5");
	if (trouble == FORKED_COPY && fork() == 0)
		for (;;)
			(void)pause();
	sinks.context = &ready;
	sinks.on_row = on_first_row;
	if (trouble == STOPPED_WORKER)
		(void)lw_session_stream(
		    h.session, "guest_stop_self", lw_text("0"), &sinks, NULL, NULL, NULL);
	else if (trouble == HELD_BY_REQUEST)
		(void)lw_session_stream(
		    h.session, "guest_hang", lw_text("0"), &sinks, NULL, NULL, NULL);
	say_ready(&ready, NULL);
	for (;;)
		(void)pause();
}

static bool
only_the_copy_is_left(void *context)
{
	pid_t left[64];

	(void)census_play_init();
	return census_descendants(left, 64) == *(size_t *)context;
}

static void
kill_the_parent(lw_containment containment, enum trouble trouble)
{
	size_t copies = trouble == FORKED_COPY;
	pid_t parent, left[8];
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	parent = fork();
	if (parent == 0)
		be_the_parent(containment, trouble, ready[1]);
	(void)close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	if (!wait_until(only_the_copy_is_left, &copies, 1000))
		fail_msg("containment %d, trouble %d: %zu processes are left", containment, trouble,
		    census_descendants(left, 8));
	if (copies > 0) {
		assert_int_equal(census_descendants(left, 8), 1);
		assert_int_equal(kill(left[0], SIGKILL), 0);
		copies = 0;
		assert_true(wait_until(only_the_copy_is_left, &copies, 1000));
	}
}

static void
kill_an_idle_parent(lw_containment containment)
{
	kill_the_parent(containment, NO_TROUBLE);
}

static void
kill_a_parent_in_a_request(lw_containment containment)
{
	kill_the_parent(containment, HELD_BY_REQUEST);
}

static void
kill_a_parent_of_a_stopped_worker(lw_containment containment)
{
	kill_the_parent(containment, STOPPED_WORKER);
}

static void
kill_a_parent_with_a_forked_copy(lw_containment containment)
{
	kill_the_parent(containment, FORKED_COPY);
}

static void
a_killed_parent_leaves_nobody_within_a_second(void **state)
{
	(void)state;
	harness_under_every_containment(kill_an_idle_parent);
	harness_under_every_containment(kill_a_parent_in_a_request);
}

static void
a_killed_parent_leaves_no_stopped_worker(void **state)
{
	(void)state;
	harness_under_every_containment(kill_a_parent_of_a_stopped_worker);
}

static void
a_forked_copy_of_a_killed_parent_keeps_nobody_alive(void **state)
{
	(void)state;
	harness_under_every_containment(kill_a_parent_with_a_forked_copy);
}

/* ---- A warden that is killed --------------------------------------------------------------- */

static bool
has_no_child(void *context)
{
	return harness_pid(context) == 0;
}

static void
kill_the_warden(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	size_t none = 0;

	h.options.containment = containment;
	harness_open_guest(&h);
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(kill(facts.warden_pid, SIGKILL), 0);
	assert_true(wait_until(has_no_child, &h, 5000));
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
	assert_true(wait_until(only_the_copy_is_left, &none, 1000));
}

static void
a_killed_warden_takes_the_worker_with_it(void **state)
{
	(void)state;
	harness_under_every_containment(kill_the_warden);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(fifty_detached_grandchildren_are_gone_after_a_shutdown),
		LW_TEST(fifty_detached_grandchildren_are_gone_after_a_close),
		LW_TEST(detached_grandchildren_do_not_outlive_a_crash),
		LW_TEST(a_killed_parent_leaves_nobody_within_a_second),
		LW_TEST(a_killed_parent_leaves_no_stopped_worker),
		LW_TEST(a_forked_copy_of_a_killed_parent_keeps_nobody_alive),
		LW_TEST(a_killed_warden_takes_the_worker_with_it),
	};

	return support_run(tests);
}
