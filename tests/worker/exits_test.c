/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a child ended is told truly whatever the application does with SIGCHLD, and though a thread of
 * it reaps every child that it can get: the warden, which no one else can reap from, is the witness.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

/* ---- What the application does --------------------------------------------------------------- */

struct thief {
	pthread_t thread;
	atomic_bool stop;
	atomic_uint stolen;
};

static void *
steal(void *thief)
{
	struct thief *t = thief;

	while (!atomic_load(&t->stop))
		if (waitpid(-1, NULL, 0) > 0)
			atomic_fetch_add(&t->stolen, 1);
		else
			(void)poll(NULL, 0, 1); /* it has no children now */
	return NULL;
}

static struct thief *thief; /* of the condition in force, or NULL */
static struct sigaction usual;

static void
begin_usual(void)
{
}

static void
begin_ignored(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	assert_int_equal(sigaction(SIGCHLD, &action, &usual), 0);
}

static void
begin_no_wait(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };

	assert_int_equal(sigaction(SIGCHLD, &action, &usual), 0);
}

static void
end_action(void)
{
	assert_int_equal(sigaction(SIGCHLD, &usual, NULL), 0);
}

static void
begin_thief(void)
{
	static struct thief the;

	atomic_store(&the.stop, false);
	atomic_store(&the.stolen, 0);
	thief = &the;
	assert_int_equal(pthread_create(&the.thread, NULL, steal, &the), 0);
}

static void
end_thief(void)
{
	atomic_store(&thief->stop, true);
	assert_int_equal(pthread_join(thief->thread, NULL), 0);
	thief = NULL;
}

static const struct condition {
	void (*begin)(void);
	void (*end)(void);
} conditions[] = {
	{ begin_usual, begin_usual },
	{ begin_ignored, end_action },
	{ begin_no_wait, end_action },
	{ begin_thief, end_thief },
};

static void
under_each_condition(void (*scenario)(void))
{
	for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
		conditions[i].begin();
		scenario();
		conditions[i].end();
	}
}

/* ---- The worker's end ------------------------------------------------------------------------ */

static const struct end {
	const char *action;
	lw_verdict verdict;
	int code, signal;
} ends[] = {
	{ "exit 0", LW_V_EXITED, 0, 0 },
	{ "exit 1", LW_V_EXITED, 1, 0 },
	{ "exit 255", LW_V_EXITED, 255, 0 },
	{ "signal SEGV", LW_V_SIGNALLED, -1, SIGSEGV },
	{ "signal ABRT", LW_V_SIGNALLED, -1, SIGABRT },
	{ "signal TERM", LW_V_SIGNALLED, -1, SIGTERM },
	{ "signal KILL", LW_V_KILLED_FROM_OUTSIDE, -1, SIGKILL },
};
#define END_COUNT (sizeof ends / sizeof ends[0])

static void
end_in_a_request(struct harness *h, const struct end *end)
{
	(void)harness_stream(h, "any", "");
	EXPECT_FAILURE(h, end->verdict);
	assert_int_equal(h->error.exit.known, 1);
	assert_int_equal(h->error.exit.ordered, 0);
	assert_int_equal(h->error.exit.code, end->code);
	assert_int_equal(h->error.exit.signal, end->signal);
}

/* One worker, which dies in each way once, and is then shut down in an orderly way. */
static void
die_of_everything(void)
{
	struct harness h = HARNESS_INIT;
	char script[1024];
	size_t size = 0;

	for (size_t i = 0; i < END_COUNT; i++)
		size += (size_t)snprintf(script + size, sizeof script - size,
		    "on run@%zu: rows 1; %s | ", i + 1, ends[i].action);
	harness_open_chaos(&h, script);
	for (size_t i = 0; i < END_COUNT; i++)
		end_in_a_request(&h, &ends[i]);
	harness_end(&h);
	assert_int_equal(h.report.generations, END_COUNT + 1);
	assert_int_equal(h.report.exit.known, 1);
	assert_int_equal(h.report.exit.ordered, 0);
	assert_int_equal(h.report.exit.code, 0);
	assert_int_equal(h.report.exit.signal, 0);
	assert_int_equal(h.report.unreaped, 0);
}

static void
each_end_in_a_request_is_told_truly(void **state)
{
	(void)state;
	support_deadline(40);
	under_each_condition(die_of_everything);
}

static bool
is_gone(void *pid)
{
	return kill(*(pid_t *)pid, 0) < 0 && errno == ESRCH;
}

static bool
is_dead(void *harness)
{
	return harness_pid(harness) == 0;
}

/* Whoever wants to be first is: the library does not look before the warden is gone, or a zombie. */
static void
let_the_others_be_first(struct harness *h, int number)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct pollfd ready;

	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	assert_int_equal(kill(facts.pid, number), 0);
	ready = (struct pollfd){ .fd = lw_worker_fd(h->worker), .events = POLLIN };
	assert_int_equal(poll(&ready, 1, 5000), 1);
	if (thief != NULL) {
		assert_true(wait_until(is_gone, &facts.warden_pid, 5000));
		assert_true(atomic_load(&thief->stolen) > 0);
	}
}

static void
die_while_idle(void)
{
	struct harness h = HARNESS_INIT;

	harness_open_chaos(&h, NULL);
	let_the_others_be_first(&h, SIGSEGV);
	assert_true(wait_until(is_dead, &h, 5000));
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_ALREADY_DEAD);
	assert_int_equal(h.report.exit.known, 1);
	assert_int_equal(h.report.exit.ordered, 0);
	assert_int_equal(h.report.exit.signal, SIGSEGV);
	assert_int_equal(h.report.unreaped, 0);
	harness_close(&h);
}

static void
an_end_that_others_have_collected_is_told_truly(void **state)
{
	(void)state;
	under_each_condition(die_while_idle);
}

static void
be_killed_at_shutdown(void)
{
	struct harness h = HARNESS_INIT;

	h.options.budgets.shutdown_ms = 100;
	harness_open_chaos(&h, "on shutdown: hang");
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_KILLED);
	assert_int_equal(h.report.exit.known, 1);
	assert_int_equal(h.report.exit.ordered, 1);
	assert_int_equal(h.report.exit.signal, SIGKILL);
	assert_int_equal(h.report.unreaped, 0);
	harness_close(&h);
}

static void
leave_with_another_status(void)
{
	struct harness h = HARNESS_INIT;

	harness_open_chaos(&h, "on shutdown: bye; exit 9");
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_DIED);
	assert_int_equal(h.report.exit.code, 9);
	assert_int_equal(h.report.exit.signal, 0);
	harness_close(&h);
}

static void
a_shutdown_tells_truly_how_it_went(void **state)
{
	(void)state;
	under_each_condition(be_killed_at_shutdown);
	under_each_condition(leave_with_another_status);
}

/* ---- The warden's own end -------------------------------------------------------------------- */

/* Newer kernels (6.15) tell the status of a process that somebody else has reaped; older ones cannot. */
static void
expect_words_about_the_warden(const char *message)
{
	EXPECT_TEXT(message, "the warden (process ");
	if (strstr(message, "was ended by signal 9") == NULL)
		EXPECT_TEXT(message, "ended, nobody knows how");
}

/* What a warden leaves behind dies without it, and comes to this process to be reaped. */
static bool
nobody_is_left(void *nothing)
{
	(void)nothing;
	(void)census_play_init();
	return census_descendants(NULL, 0) == 0;
}

static void
lose_the_warden(void)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct harness h = HARNESS_INIT;

	harness_open_chaos(&h, "on run@1: rows 1; hang");
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(kill(facts.warden_pid, SIGKILL), 0);
	(void)harness_stream(&h, "any", "");
	if (h.code != LW_OK) { /* the request was read before the worker was gone */
		EXPECT_FAILURE(&h, LW_V_END_UNKNOWN);
		assert_int_equal(h.error.exit.known, 0);
		expect_words_about_the_warden(h.error.message);
	}
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
	assert_true(wait_until(nobody_is_left, NULL, 5000));
}

static void
a_warden_whose_own_status_is_stolen_costs_one_child_and_nothing_else(void **state)
{
	(void)state;
	under_each_condition(lose_the_warden);
}

/* ---- Two workers ----------------------------------------------------------------------------- */

static void
live_beside_another(void)
{
	struct harness a = HARNESS_INIT, b = HARNESS_INIT;
	pid_t own =
	    fork(); /* and a child of the application's own, which the library leaves to it */

	if (own == 0)
		_exit(3);
	harness_open_chaos(&a, "on run@1: rows 1; exit 5");
	harness_open_chaos(&b, NULL);
	(void)harness_stream(&a, "any", "");
	EXPECT_FAILURE(&a, LW_V_EXITED);
	assert_int_equal(a.error.exit.code, 5);
	assert_int_equal(harness_stream(&b, "any", ""), LW_OK);
	assert_int_equal(b.summary.generation, 1);
	harness_end(&a);
	harness_end(&b);
	if (thief == NULL) {
		int status = -1;
		pid_t ended = waitpid(own, &status, 0);

		if (ended == own) /* ECHILD: this process does not want to know */
			assert_int_equal(WEXITSTATUS(status), 3);
		else
			assert_int_equal(errno, ECHILD);
	}
}

static void
children_of_the_application_stay_its_own(void **state)
{
	(void)state;
	under_each_condition(live_beside_another);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(each_end_in_a_request_is_told_truly),
		LW_TEST(an_end_that_others_have_collected_is_told_truly),
		LW_TEST(a_shutdown_tells_truly_how_it_went),
		LW_TEST(a_warden_whose_own_status_is_stolen_costs_one_child_and_nothing_else),
		LW_TEST(children_of_the_application_stay_its_own),
	};

	return support_run(tests);
}
