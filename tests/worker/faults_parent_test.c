/* SPDX-License-Identifier: Apache-2.0 */
/* What an application does, or suffers, while it has workers: deaths, signals, threads, cancels, time. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker/harness.h"

static void
nap_us(unsigned us)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = (long)us * 1000 }, NULL);
}

/* ---- The application ends -------------------------------------------------------------------- */

/* Every part of a worker's life, again and again. */
static _Noreturn void
live_until_killed(void)
{
	for (;;) {
		struct harness h = HARNESS_INIT;

		h.forget_log = true;
		harness_open_chaos(&h, "on run#1: leave 2; rows 5 | "
				       "on run#2@1: rows 2; signal SEGV | on run#3: hang");
		(void)harness_stream(&h, "any", "{}");
		(void)harness_stream(&h, "any", "{}");
		(void)harness_stream(&h, "any", "{}");
		(void)lw_worker_cycle(h.worker, NULL, NULL);
		harness_close(&h);
	}
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void
kill_at(unsigned us)
{
	pid_t parent = fork();
	pid_t left[8];

	if (parent == 0)
		live_until_killed();
	nap_us(us);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	if (!wait_until(census_nobody_is_left, NULL, 1000))
		fail_msg(
		    "killed after %u us: %zu processes are left", us, census_descendants(left, 8));
}

static void
an_application_that_is_killed_at_any_moment_leaves_nobody_within_a_second(void **state)
{
	const char *wanted = getenv("LWTEST_KILLS"), *given = getenv("LWTEST_SEED");
	unsigned long count = wanted != NULL ? strtoul(wanted, NULL, 10) : 200;
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)harness_now_ms();

	(void)state;
	support_deadline((unsigned)(20 + count / 10));
	print_message("LWTEST_SEED=%" PRIu64 "\n", seed);
	for (unsigned long i = 0; i < count; i++)
		kill_at((unsigned)(next_random(&seed) % 15000));
}

static int
exit_without_close(void)
{
	struct harness h = HARNESS_INIT;

	harness_open_chaos(&h, "on run: leave 3; rows 1");
	return harness_stream(&h, "any", "{}") == LW_OK ? 0 : 1;
}

static void
an_application_that_ends_without_a_close_leaves_nobody(void **state)
{
	(void)state;
	HARNESS_APART(exit_without_close);
	assert_true(wait_until(census_nobody_is_left, NULL, 1000));
}

/* ---- The application forks ------------------------------------------------------------------- */

static pid_t copy;

static void
fork_a_copy(struct harness *h, const struct lw_row *row)
{
	(void)h;
	(void)row;
	if (copy == 0)
		copy = fork();
	while (copy == 0)
		(void)pause(); /* with all our descriptors */
}

static void
a_copy_of_the_application_that_is_forked_in_a_request_delays_no_verdict(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	copy = 0;
	harness_open_chaos(&h, "on run@1: rows 2; leave 2; signal SEGV");
	h.on_row = fork_a_copy;
	began = harness_now_ms();
	(void)harness_stream(&h, "any", "{}");
	assert_in_range(harness_now_ms() - began, 0, 3000);
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(h.error.rows, 2);
	assert_int_equal(h.error.exit.survivors, 2);
	assert_true(copy > 0);
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	harness_end(&h);
	assert_int_equal(kill(copy, SIGKILL), 0);
	assert_int_equal(waitpid(copy, NULL, 0), copy);
}

enum { PROGRAMS = 25, SPAWNERS = 2 };

static atomic_uint spawners_left;

/* Starts programs that list their descriptors; answers how many have one above 2, but for the listing. */
static void *
start_programs(void *ret_leaks)
{
	char line[512];

	for (int i = 0; i < PROGRAMS; i++) {
		FILE *list = popen("exec ls -l /proc/self/fd", "re");

		while (list != NULL && fgets(line, sizeof line, list) != NULL)
			if (strstr(line, "anon_inode:[pidfd]") != NULL ||
			    strstr(line, "anon_inode:[event") != NULL ||
			    strstr(line, "memfd:leanworker") != NULL ||
			    (strstr(line, "socket:") != NULL && strstr(line, " 0 ->") == NULL &&
				strstr(line, " 1 ->") == NULL && strstr(line, " 2 ->") == NULL))
				++*(unsigned *)ret_leaks;
		if (list != NULL)
			(void)pclose(list);
	}
	(void)atomic_fetch_sub(&spawners_left, 1);
	return NULL;
}

static void
programs_that_other_threads_start_get_no_descriptor_of_ours(void **state)
{
	pthread_t threads[SPAWNERS];
	unsigned leaks[SPAWNERS] = { 0 }, lives = 0;

	(void)state;
	atomic_store(&spawners_left, SPAWNERS);
	for (int i = 0; i < SPAWNERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, start_programs, &leaks[i]), 0);
	for (; atomic_load(&spawners_left) > 0; lives++) {
		struct harness h = HARNESS_INIT;

		harness_open_chaos(&h, "on run: rows 10");
		assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
		harness_close(&h);
	}
	for (int i = 0; i < SPAWNERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(leaks[i], 0);
	}
	assert_in_range(lives, 2, 100000);
}

/* ---- Signals --------------------------------------------------------------------------------- */

static void
do_nothing(int number)
{
	(void)number;
}

/* A crash, an exit and a success are told as what they are. */
static void
expect_the_truth(struct harness *h)
{
	harness_open_chaos(h, "on run@1: rows 50; signal SEGV | "
			      "on run@2: rows 50; exit 5 | on run@3: rows 300 size=30000");
	(void)harness_stream(h, "any", "{}");
	EXPECT_FAILURE(h, LW_V_SIGNALLED);
	assert_int_equal(h->error.exit.signal, SIGSEGV);
	assert_int_equal(h->error.rows, 50);
	(void)harness_stream(h, "any", "{}");
	EXPECT_FAILURE(h, LW_V_EXITED);
	assert_int_equal(h->error.exit.code, 5);
	assert_int_equal(harness_stream(h, "any", "{}"), LW_OK);
	assert_int_equal(h->summary.rows, 300);
	harness_end(h);
}

static void
a_storm_of_signals_changes_no_result(void **state)
{
	struct harness h = HARNESS_INIT;
	struct sigaction before, storm = { .sa_handler = do_nothing }; /* no SA_RESTART */
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	const struct itimerspec often = { { 0, 100000 }, { 0, 100000 } };
	timer_t timer;

	(void)state;
	assert_int_equal(sigaction(SIGUSR1, &storm, &before), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
	expect_the_truth(&h);
	assert_int_equal(timer_delete(timer), 0);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static void
an_application_without_zombies_gets_the_truth(void **state)
{
	struct sigaction before, ignored = { .sa_handler = SIG_IGN },
				 no_wait = { .sa_handler = do_nothing, .sa_flags = SA_NOCLDWAIT };
	struct harness first = HARNESS_INIT, second = HARNESS_INIT;

	(void)state;
	assert_int_equal(sigaction(SIGCHLD, &ignored, &before), 0);
	expect_the_truth(&first);
	assert_int_equal(sigaction(SIGCHLD, &no_wait, NULL), 0);
	expect_the_truth(&second);
	assert_int_equal(sigaction(SIGCHLD, &before, NULL), 0);
}

static void *
steal_children(void *done)
{
	while (!atomic_load((atomic_bool *)done)) {
		(void)waitpid(-1, NULL, WNOHANG);
		nap_us(50);
	}
	return NULL;
}

static void
a_thread_that_reaps_every_child_changes_no_result(void **state)
{
	struct harness h = HARNESS_INIT;
	atomic_bool done = false;
	pthread_t thief;

	(void)state;
	assert_int_equal(pthread_create(&thief, NULL, steal_children, &done), 0);
	expect_the_truth(&h);
	atomic_store(&done, true);
	assert_int_equal(pthread_join(thief, NULL), 0);
}

static void
what_an_application_blocks_and_ignores_is_its_own(void **state)
{
	struct harness h = HARNESS_INIT;
	sigset_t all, before;
	const struct timespec at_once = { 0 };

	(void)state;
	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGALRM); /* the test's own deadline */
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &all, &before), 0);
	(void)signal(SIGHUP, SIG_IGN);
	harness_open_chaos(&h, "on run#1: self | on run#2: close-lane control; hang");
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	EXPECT_TEXT(h.events, "\"blocked\":0,\"ignored\":0");
	assert_int_equal(kill(harness_pid(&h), SIGKILL), 0);
	assert_int_equal(
	    harness_stream(&h, "any", "{}"), LW_OK); /* what is sent to the dead kills nobody */
	harness_end(&h);
	(void)signal(SIGHUP, SIG_DFL);
	while (sigtimedwait(&all, NULL, &at_once) == SIGCHLD)
		;
	(void)sigpending(&all);
	assert_int_equal(sigismember(&all, SIGPIPE), 0);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}

/* ---- Callbacks and threads ------------------------------------------------------------------- */

static jmp_buf out_of_the_callback;

static int
jump_out(void *context, const struct lw_row *row)
{
	(void)context;
	(void)row;
	longjmp(out_of_the_callback, 1);
}

/* The worker is lost, and says so; nothing is undefined, and its processes go with this one. */
static int
leave_a_callback_by_a_jump(void)
{
	static struct harness h = HARNESS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;
	lw_worker *same;

	sinks.on_row = jump_out;
	harness_open_chaos(&h, "on run: rows 3; hang");
	if (setjmp(out_of_the_callback) == 0) {
		(void)lw_session_stream(h.session, "any", lw_text("{}"), &sinks, NULL, NULL, NULL);
		return 1;
	}
	same = h.worker;
	lw_session_close(&h.session);
	lw_worker_close(&h.worker);
	if (h.worker != same)
		return 2;
	return lw_worker_health(h.worker, NULL, &h.error) == LW_E_MISUSE ? 0 : 3;
}

static void
a_jump_out_of_a_callback_loses_the_worker_and_nothing_else(void **state)
{
	(void)state;
	HARNESS_APART(leave_a_callback_by_a_jump);
	assert_true(wait_until(census_nobody_is_left, NULL, 1000));
}

static void *
call_from_elsewhere(void *harness)
{
	struct harness *h = harness;
	struct lw_error error = LW_ERROR_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_worker *worker = h->worker;
	lw_session *session = h->session;

	assert_int_equal(lw_worker_health(worker, NULL, &error), LW_E_MISUSE);
	EXPECT_TEXT(error.message, "another thread");
	assert_int_equal(lw_session_stream(session, "any", lw_text("{}"), NULL, NULL, NULL, &error),
	    LW_E_MISUSE);
	assert_int_equal(lw_worker_cycle(worker, NULL, &error), LW_E_MISUSE);
	assert_int_equal(lw_worker_shutdown(worker, NULL, &error), LW_E_MISUSE);
	assert_int_equal(lw_worker_facts(worker, &facts), LW_E_MISUSE);
	lw_session_close(&session);
	lw_worker_close(&worker);
	assert_ptr_equal(worker, h->worker); /* not closed under the other's feet */
	return NULL;
}

static void
use_another_thread(struct harness *h, const struct lw_row *row)
{
	pthread_t thread;

	(void)row;
	assert_int_equal(pthread_create(&thread, NULL, call_from_elsewhere, h), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
a_second_thread_in_a_worker_is_refused_and_disturbs_nothing(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run: rows 3");
	h.on_row = use_another_thread;
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_int_equal(h.summary.rows, 3);
	h.on_row = NULL;
	harness_end(&h);
}

static void
nothing_and_twice_are_answered_in_every_call(void **state)
{
	lw_worker *worker = NULL;
	lw_session *session = NULL;
	lw_capability *capability = NULL;
	lw_cancel_token *token = NULL;

	(void)state;
	assert_int_equal(lw_worker_start(NULL, NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_health(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_cycle(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_pump(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_facts(NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_statistics(NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_set_budgets(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_shutdown(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_fd(NULL), -1);
	assert_int_equal(lw_session_open(NULL, NULL, NULL, NULL, NULL), LW_E_MISUSE);
	/* No session: as one that was lost. */
	assert_int_equal(lw_session_set_budgets(NULL, NULL, NULL), LW_E_SESSION);
	assert_int_equal(lw_session_facts(NULL, NULL), LW_E_MISUSE);
	assert_int_equal(
	    lw_session_stream(NULL, NULL, lw_bytes(NULL, 0), NULL, NULL, NULL, NULL), LW_E_SESSION);
	assert_int_equal(
	    lw_session_call(NULL, NULL, lw_bytes(NULL, 0), NULL, NULL, NULL), LW_E_SESSION);
	assert_int_equal(lw_session_expect_metadata(NULL, NULL, NULL, NULL, NULL), LW_E_SESSION);
	assert_int_equal(lw_capability_load(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_capability_create(NULL, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_cancel_token_create(NULL, NULL), LW_E_MISUSE);
	for (int twice = 0; twice < 2; twice++) {
		lw_session_close(&session);
		lw_worker_close(&worker);
		lw_capability_free(&capability);
		lw_cancel_token_cancel(token);
		lw_cancel_token_reset(token);
		lw_cancel_token_free(&token);
		lw_summary_clear(&(struct lw_summary)LW_SUMMARY_INIT);
		lw_reply_clear(&(struct lw_reply)LW_REPLY_INIT);
	}
}

/* ---- Cancels at every moment ----------------------------------------------------------------- */

static lw_cancel_token *token;

static void
cancel_twice(int number)
{
	(void)number;
	lw_cancel_token_cancel(token);
	lw_cancel_token_cancel(token);
}

static void *
cancel_after(void *us)
{
	nap_us((unsigned)(uintptr_t)us);
	cancel_twice(0);
	return NULL;
}

/* A call that finds its child dead: it starts another one, opens the capability, and asks. */
static void
call_with_token(struct harness *h, uint64_t *ret_cancelled)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;

	call.cancel = token;
	h->code = lw_session_stream(h->session, "any", lw_text("{}"), NULL, &call, NULL, &h->error);
	if (h->code != LW_OK)
		EXPECT_FAILURE(h, LW_V_CANCELLED);
	*ret_cancelled += h->code != LW_OK;
}

enum { MOMENTS = 60, MOMENT_US = 150 };

static void
begin_to_cancel(struct harness *h)
{
	assert_int_equal(lw_cancel_token_create(&token, NULL), LW_OK);
	h->options.restart.max_deaths = LW_NO_LIMIT;
	h->options.restart.backoff_ms = 1;
	h->options.restart.backoff_max_ms = 1;
	harness_open_chaos(h, "on run: rows 20 size=20000");
}

static bool
child_is_lost(void *h)
{
	return harness_pid(h) == 0;
}

/* And waits for it: a process that is being killed may yet take a request, and its death is the verdict. */
static void
lose_the_child(struct harness *h)
{
	pid_t pid = harness_pid(h);

	if (pid > 0)
		assert_int_equal(kill(pid, SIGKILL), 0);
	assert_true(wait_until(child_is_lost, h, 5000));
}

static void
end_of_cancels(struct harness *h, uint64_t cancelled)
{
	assert_in_range(cancelled, 1, MOMENTS); /* the first comes before anything */
	lw_cancel_token_reset(token);
	harness_end(h);
	lw_cancel_token_free(&token);
}

static void
a_cancel_from_another_thread_at_any_moment_is_one_verdict(void **state)
{
	struct harness h = HARNESS_INIT;
	uint64_t cancelled = 0;

	(void)state;
	begin_to_cancel(&h);
	for (uintptr_t i = 0; i < MOMENTS; i++) {
		pthread_t thread;

		lose_the_child(&h);
		assert_int_equal(
		    pthread_create(&thread, NULL, cancel_after, (void *)(i * MOMENT_US)), 0);
		call_with_token(&h, &cancelled);
		assert_int_equal(pthread_join(thread, NULL), 0);
		lw_cancel_token_reset(token);
	}
	end_of_cancels(&h, cancelled);
}

static void
a_cancel_in_a_signal_handler_at_any_moment_is_one_verdict(void **state)
{
	struct harness h = HARNESS_INIT;
	struct sigaction before, handler = { .sa_handler = cancel_twice };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	uint64_t cancelled = 0;
	timer_t timer;

	(void)state;
	assert_int_equal(sigaction(SIGUSR1, &handler, &before), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	begin_to_cancel(&h);
	for (long i = 0; i < MOMENTS; i++) {
		const struct itimerspec at = { .it_value = { 0, 1 + i * MOMENT_US * 1000 } };
		const struct itimerspec never = { 0 };

		lose_the_child(&h);
		assert_int_equal(timer_settime(timer, 0, &at, NULL), 0);
		call_with_token(&h, &cancelled);
		assert_int_equal(timer_settime(timer, 0, &never, NULL), 0);
		lw_cancel_token_reset(token);
	}
	assert_int_equal(timer_delete(timer), 0);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
	end_of_cancels(&h, cancelled);
}

/* ---- Time and numbers ------------------------------------------------------------------------ */

/* The time of the request passes while this process is stopped; the answer has come meanwhile. */
static _Noreturn void
be_stopped(int ready)
{
	struct harness h = HARNESS_INIT;

	h.options.budgets.request_ms = 500;
	h.options.budgets.ask_ms = 1;
	harness_open_chaos(&h, "on run: rows 1; sleep 200; rows 1 name=b");
	(void)!write(ready, "", 1);
	h.code = harness_stream(&h, "any", "{}");
	if (h.code != LW_OK)
		fprintf(stderr, "after the stop: %s\n", h.error.message);
	_exit(h.code == LW_OK && h.summary.rows == 2 && harness_generation(&h) == 1 ? 0 : 1);
}

static void
an_application_that_was_stopped_finds_the_answer_and_no_timeout(void **state)
{
	pid_t parent;
	int ready[2], status;
	char byte;

	(void)state;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		be_stopped(ready[1]);
	(void)close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	nap_us(100000); /* the first row was taken, the second is to come */
	assert_int_equal(kill(parent, SIGSTOP), 0);
	nap_us(800000); /* this is what is tested: time that the application does not see */
	assert_int_equal(kill(parent, SIGCONT), 0);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(status, 0);
	assert_true(wait_until(census_nobody_is_left, NULL, 1000));
}

static bool
take_number(pid_t wanted, pid_t *ret_innocent)
{
	FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "we");
	bool set = last != NULL && fprintf(last, "%d", wanted - 1) > 0;

	if (last == NULL || fclose(last) != 0 || !set)
		return false;
	*ret_innocent = fork();
	while (*ret_innocent == 0)
		(void)pause();
	return *ret_innocent == wanted;
}

/* Init of a namespace: the warden's number becomes another's, which nothing of ours may hurt. */
static int
lose_a_number(bool close_at_once)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	pid_t innocent = 0;
	int answer;

	h.options.containment = LW_CONTAINMENT_SUBREAPER;
	harness_open_chaos(&h, NULL);
	(void)lw_worker_facts(h.worker, &facts);
	(void)kill(facts.warden_pid, SIGKILL);
	if (waitpid(facts.warden_pid, NULL, 0) != facts.warden_pid ||
	    !take_number(facts.warden_pid, &innocent))
		return HARNESS_IMPOSSIBLE;
	if (!close_at_once && lw_worker_health(h.worker, NULL, &h.error) != LW_OK)
		return 1;
	harness_close(&h);
	answer = waitpid(innocent, NULL, WNOHANG) == 0 ? 0 : 2;
	(void)kill(innocent, SIGKILL);
	return answer;
}

static int
in_a_namespace(int (*play)(void))
{
	if (unshare(CLONE_NEWPID) != 0)
		return HARNESS_IMPOSSIBLE;
	return harness_apart(play);
}

static int
lose_and_close(void)
{
	return lose_a_number(true);
}

static int
lose_and_go_on(void)
{
	return lose_a_number(false);
}

static int
close_in_a_namespace(void)
{
	return in_a_namespace(lose_and_close);
}

static int
go_on_in_a_namespace(void)
{
	return in_a_namespace(lose_and_go_on);
}

static void
a_process_that_got_the_number_of_a_dead_one_is_not_hurt(void **state)
{
	(void)state;
	HARNESS_APART(close_in_a_namespace);
	HARNESS_APART(go_on_in_a_namespace);
	assert_true(wait_until(census_nobody_is_left, NULL, 1000));
}

/* ---- A large application --------------------------------------------------------------------- */

static void
a_large_application_starts_a_worker_that_has_nothing_of_it(void **state)
{
	enum { BALLAST = 256 << 20, DESCRIPTORS = 3000, ROOM = 100 };
	static int held[DESCRIPTORS];
	struct harness h = HARNESS_INIT;
	char *ballast = malloc(BALLAST);
	int count = 0;
	int64_t began;

	(void)state;
	assert_non_null(ballast);
	memset(ballast, 1, BALLAST);
	while (count < DESCRIPTORS && (held[count] = dup(2)) >= 0) /* not close-on-exec */
		count++;
	for (int i = 0; i < ROOM; i++)
		(void)close(held[--count]);
	began = harness_now_ms();
	harness_open_chaos(&h, "on run: self");
	assert_in_range(harness_now_ms() - began, 0, 1500);
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	EXPECT_TEXT(h.events, "\"descriptors\":5}");
	harness_end(&h);
	while (count > 0)
		(void)close(held[--count]);
	free(ballast);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(an_application_that_is_killed_at_any_moment_leaves_nobody_within_a_second),
		LW_TEST(an_application_that_ends_without_a_close_leaves_nobody),
		LW_TEST(a_copy_of_the_application_that_is_forked_in_a_request_delays_no_verdict),
		LW_TEST(programs_that_other_threads_start_get_no_descriptor_of_ours),
		LW_TEST(a_storm_of_signals_changes_no_result),
		LW_TEST(an_application_without_zombies_gets_the_truth),
		LW_TEST(a_thread_that_reaps_every_child_changes_no_result),
		LW_TEST(what_an_application_blocks_and_ignores_is_its_own),
		LW_TEST(a_jump_out_of_a_callback_loses_the_worker_and_nothing_else),
		LW_TEST(a_second_thread_in_a_worker_is_refused_and_disturbs_nothing),
		LW_TEST(nothing_and_twice_are_answered_in_every_call),
		LW_TEST(a_cancel_from_another_thread_at_any_moment_is_one_verdict),
		LW_TEST(a_cancel_in_a_signal_handler_at_any_moment_is_one_verdict),
		LW_TEST(an_application_that_was_stopped_finds_the_answer_and_no_timeout),
		LW_TEST(a_process_that_got_the_number_of_a_dead_one_is_not_hurt),
		LW_TEST(a_large_application_starts_a_worker_that_has_nothing_of_it),
	};

	return support_run(tests);
}
