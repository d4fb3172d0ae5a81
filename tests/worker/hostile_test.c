/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capability that works against its worker: floods, false frames, descendants that trace or do not
 * die. Whatever it does, the call returns in time and says what is known, and the next one works.
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

/* The first request of a child answers question 2: 1 opened the capability. */
#define FIRST_REQUEST "2"

/* ---- The last word of a child whose warden was killed --------------------------------------- */

static bool warden_killed;

static void
kill_the_warden(struct harness *h)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	if (!warden_killed)
		assert_int_equal(kill(facts.warden_pid, SIGKILL), 0);
	warden_killed = true;
}

static void
flood(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	h.options.containment = containment;
	h.options.budgets.request_ms = 10000;
	h.options.environment = HARNESS_BY_SOCKET;
	h.on_log = kill_the_warden;
	warden_killed = false;
	harness_open_hostile(&h);
	began = harness_now_ms();
	/* No sinks: only the parser stands between the flood and the deadline. */
	h.code = lw_session_stream(
	    h.session, "flood", lw_bytes(FIRST_REQUEST, 1), NULL, NULL, NULL, &h.error);
	assert_in_range(harness_now_ms() - began, 0, 5000);
	assert_true(warden_killed);
	EXPECT_FAILURE(&h, LW_V_END_UNKNOWN);
	assert_in_range(h.error.rows, 1, UINT64_MAX);
	harness_end(&h);
	assert_true(wait_until(census_nobody_is_left, NULL, 5000));
}

static void
a_flood_does_not_outlast_the_warden(void **state)
{
	(void)state;
	harness_under_every_containment(flood);
}

/* ---- An end that is hard to see -------------------------------------------------------------- */

static bool tracing_is_refused;

static void
exit_traced(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	int64_t began = harness_now_ms();

	h.options.containment = containment;
	h.options.budgets.request_ms = 10000;
	harness_open_hostile(&h);
	(void)harness_stream(&h, "exit_traced", "7");
	if (h.code == LW_E_EXCEPTION) {
		EXPECT_TEXT(h.error.message, "tracing is not allowed here");
		tracing_is_refused = true;
	} else {
		EXPECT_FAILURE(&h, LW_V_EXITED);
		assert_int_equal(h.error.exit.code, 7);
		assert_int_equal(h.error.exit.ordered, 0);
	}
	harness_close(&h);
	assert_in_range(harness_now_ms() - began, 0, 3000);
	assert_true(census_nobody_is_left(NULL));
}

static void
a_descendant_that_traces_the_worker_does_not_hide_its_end(void **state)
{
	(void)state;
	tracing_is_refused = false;
	harness_under_every_containment(exit_traced);
	if (tracing_is_refused) {
		print_message("this system does not let a process trace another one\n");
		skip();
	}
}

/*
 * A process that traces another one until it is told to let go: the dead one stays as long, because
 * its tracer is to see it first.
 */
struct holder {
	pid_t pid;
	int order, answer;
};

static _Noreturn void
hold(pid_t pid, int order, int answer)
{
	char byte;

	(void)dup2(order, 0);
	(void)dup2(answer, 1);
	(void)close_range(3, ~0u, 0);
	(void)!write(1, ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? "y" : "n", 1);
	(void)!read(0, &byte, 1);
	_exit(0);
}

static bool
holder_begin(struct holder *h, pid_t pid)
{
	int order[2], answer[2];
	char byte = 0;

	assert_int_equal(pipe(order), 0);
	assert_int_equal(pipe(answer), 0);
	h->pid = fork();
	if (h->pid == 0)
		hold(pid, order[0], answer[1]);
	(void)close(order[0]);
	(void)close(answer[1]);
	h->order = order[1];
	h->answer = answer[0];
	assert_int_equal(read(h->answer, &byte, 1), 1);
	return byte == 'y';
}

static void
holder_end(struct holder *h)
{
	(void)close(h->order);
	(void)close(h->answer);
	assert_int_equal(waitpid(h->pid, NULL, 0), h->pid);
}

static void
crash_with_an_undying_descendant(lw_containment containment)
{
	struct harness h = HARNESS_INIT;
	struct holder holder;
	bool held;

	h.options.containment = containment;
	h.options.budgets.request_ms = 10000;
	harness_open_hostile(&h);
	assert_int_equal(harness_stream(&h, "leave_one", "lwtest-undying"), LW_OK);
	held = holder_begin(&holder, census_find("lwtest-undying"));
	(void)harness_stream(&h, "die", "11");
	holder_end(&holder);
	if (held) {
		EXPECT_FAILURE(&h, LW_V_SIGNALLED);
		assert_int_equal(h.error.exit.known, 1);
		assert_int_equal(h.error.exit.signal, SIGSEGV);
		assert_int_equal(h.error.rows, 1);
		assert_in_range(h.error.elapsed_ns, 0, 5000000000);
	}
	tracing_is_refused = tracing_is_refused || !held;
	harness_end(&h);
}

static void
a_descendant_that_does_not_die_does_not_hide_the_workers_end(void **state)
{
	(void)state;
	tracing_is_refused = false;
	harness_under_every_containment(crash_with_an_undying_descendant);
	if (tracing_is_refused) {
		print_message("this system does not let a process trace another one\n");
		skip();
	}
}

/* With the sanitizer's memory each of them takes ten times as long to begin and to end. */
#ifdef __SANITIZE_ADDRESS__
#define CROWD      200
#define CROWD_TEXT "200"
#else
#define CROWD      2000
#define CROWD_TEXT "2000"
#endif
#define COUNTED_AT_MOST 255 /* in a namespace; it stands for more */

static lw_worker *bereft; /* whose child has died */
static pid_t its_warden;

static bool
the_warden_is_reaped(void *unused)
{
	(void)unused;
	assert_int_equal(lw_worker_pump(bereft, NULL, NULL), LW_OK);
	return kill(its_warden, 0) != 0;
}

static void
crash_in_a_crowd(lw_containment containment)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct harness h = HARNESS_INIT;

	h.options.containment = containment;
	harness_open_hostile(&h);
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(harness_stream(&h, "leave_crowd", CROWD_TEXT), LW_OK);
	(void)harness_stream(&h, "die", "11");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(h.error.exit.signal, SIGSEGV);
	/* The verdict waits a second for their number, and a loaded machine needs longer. */
	bereft = h.worker;
	its_warden = facts.warden_pid;
	assert_true(wait_until(the_warden_is_reaped, NULL, 20000));
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_in_range(
	    h.report.exit.survivors, CROWD < COUNTED_AT_MOST ? CROWD : COUNTED_AT_MOST, CROWD + 1);
	harness_close(&h);
}

static void
a_crowd_of_descendants_does_not_hide_the_workers_end(void **state)
{
	(void)state;
	support_deadline(60);
	harness_under_every_containment(crash_in_a_crowd);
}

/* ---- A request that was never read ----------------------------------------------------------- */

/* The child's false END lets the first request succeed; what it does to the second is tested. */
static void
betray(struct harness *h, const char *betrayal)
{
	h->options.environment = HARNESS_BY_SOCKET;
	harness_open_hostile(h);
	assert_int_equal(harness_stream(h, betrayal, FIRST_REQUEST), LW_OK);
}

static void
a_request_that_was_answered_in_part_is_not_repeated(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	betray(&h, "tell_unread");
	(void)harness_stream(&h, "one", "");
	EXPECT_FAILURE(&h, LW_V_EXITED);
	assert_int_equal(h.error.exit.code, 3);
	assert_int_equal(h.error.generation, 1);
	assert_int_equal(h.error.work_started, 1);
	EXPECT_TEXT(h.log, "the work is done\n");
	harness_end(&h);
}

/*
 * The limit of what can be known: a capability that reads the worker's lane itself, leaves there
 * what it read, works, and dies without a word, looks as one that died before. Its request is
 * repeated, once; to another capability this cannot happen.
 */
static void
only_a_child_that_hides_its_work_can_have_it_repeated(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	betray(&h, "hide_unread");
	assert_int_equal(harness_stream(&h, "one", ""), LW_OK);
	assert_string_equal(h.events, "row rows 0 1\n");
	assert_int_equal(h.summary.generation, 2);
	EXPECT_TEXT(h.log, "the work is done\n");
	harness_end(&h);
}

/* The first child dies when nine tenths of the budget are over; the repeat gets the last one. */
static void
a_repeated_request_keeps_its_deadline(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	h.options.budgets.request_ms = 2000;
	h.options.budgets.ask_ms = 200;
	betray(&h, "die_late");
	began = harness_now_ms();
	(void)harness_stream(&h, "hang", "");
	assert_in_range(harness_now_ms() - began, 1900, 3000);
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(h.error.generation, 2);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_flood_does_not_outlast_the_warden),
		LW_TEST(a_descendant_that_traces_the_worker_does_not_hide_its_end),
		LW_TEST(a_descendant_that_does_not_die_does_not_hide_the_workers_end),
		LW_TEST(a_crowd_of_descendants_does_not_hide_the_workers_end),
		LW_TEST(a_request_that_was_answered_in_part_is_not_repeated),
		LW_TEST(only_a_child_that_hides_its_work_can_have_it_repeated),
		LW_TEST(a_repeated_request_keeps_its_deadline),
	};

	return support_run(tests);
}
