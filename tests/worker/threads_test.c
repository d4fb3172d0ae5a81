/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads and signals: a worker that two threads want at once, one that goes from hand to hand, and
 * tokens that anybody cancels at any time. Runs under ThreadSanitizer too, and so uses nothing but
 * leanworker-chaos.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "parent/cancel.h"
#include "worker/harness.h"

static void
start_thread(pthread_t *ret_thread, void *(*run)(void *), void *context)
{
	assert_int_equal(pthread_create(ret_thread, NULL, run, context), 0);
}

static void
join(pthread_t thread)
{
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
end(struct harness *h)
{
	harness_end(h);
	assert_int_equal(h->report.exit.code, 0);
}

/* ---- One worker, two threads ----------------------------------------------------------------- */

static void
expect_refused(lw_code code, const struct lw_error *error)
{
	assert_int_equal(code, LW_E_MISUSE);
	assert_int_equal(error->verdict, LW_V_MISUSE);
	EXPECT_TEXT(error->message, "another thread is in a call");
}

static void
call_the_worker_that_is_busy(const struct harness *h)
{
	struct lw_worker_statistics statistics = LW_WORKER_STATISTICS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_error e = LW_ERROR_INIT;
	struct lw_budgets budgets = { 0 };
	lw_worker *same = h->worker;
	int again_ms = 77;

	expect_refused(lw_worker_health(h->worker, NULL, &e), &e);
	expect_refused(lw_worker_cycle(h->worker, NULL, &e), &e);
	expect_refused(lw_worker_shutdown(h->worker, NULL, &e), &e);
	expect_refused(lw_worker_set_budgets(h->worker, &budgets, &e), &e);
	expect_refused(lw_worker_pump(h->worker, &again_ms, &e), &e);
	assert_int_equal(again_ms, 77);
	facts.generation = 77;
	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_E_MISUSE);
	assert_int_equal(facts.generation, 77);
	assert_int_equal(lw_worker_statistics(h->worker, &statistics), LW_E_MISUSE);
	assert_int_equal(statistics.generations, 0);
	lw_worker_close(&same);
	assert_ptr_equal(same, h->worker); /* it is in use */
}

static void
call_the_session_that_is_busy(const struct harness *h)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_summary summary = LW_SUMMARY_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_error e = LW_ERROR_INIT;
	struct lw_budgets budgets = { 0 };
	lw_session *same = h->session;

	expect_refused(
	    lw_session_stream(h->session, "x", lw_text(""), NULL, NULL, &summary, &e), &e);
	assert_int_equal(summary.generation, 0);
	expect_refused(lw_session_call(h->session, "x", lw_text(""), NULL, &reply, &e), &e);
	assert_null(reply.text);
	expect_refused(lw_session_expect_metadata(h->session, "x", NULL, NULL, &e), &e);
	expect_refused(lw_session_set_budgets(h->session, &budgets, &e), &e);
	assert_int_equal(lw_session_facts(h->session, &facts), LW_E_MISUSE);
	lw_session_close(&same);
	assert_ptr_equal(same, h->session);
}

static void *
call_what_is_busy(void *harness)
{
	call_the_worker_that_is_busy(harness);
	call_the_session_that_is_busy(harness);
	return NULL;
}

static void
let_another_thread_call(struct harness *h, const struct lw_row *row)
{
	pthread_t other;

	if (row->sequence != 1)
		return;
	start_thread(&other, call_what_is_busy, h);
	join(other);
}

static void
a_second_thread_gets_misuse_and_nothing_else_happens(void **state)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run#1: rows 3");
	h.on_row = let_another_thread_call;
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.rows, 3);
	assert_int_equal(lw_worker_statistics(h.worker, &s), LW_OK);
	assert_int_equal(s.requests, 1);
	assert_int_equal(s.generations, 1);
	assert_int_equal(s.deaths, 0);
	end(&h);
}

/* ---- Nobody takes turns ---------------------------------------------------------------------- */

enum { CROWD = 4, CROWD_SUCCESSES = 100 };

struct crowd {
	struct harness h;
	atomic_uint successes, refusals, others;
};

/* Calls until enough have succeeded in all. */
static void *
push_to_the_front(void *crowd)
{
	struct crowd *c = crowd;
	struct lw_error error = LW_ERROR_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	int again_ms;

	while (atomic_load(&c->successes) < CROWD_SUCCESSES && atomic_load(&c->others) == 0) {
		lw_code code = lw_session_stream(
		    c->h.session, "any", lw_text(""), NULL, NULL, NULL, &error);

		if (code == LW_OK)
			atomic_fetch_add(&c->successes, 1);
		else if (code == LW_E_MISUSE &&
			 strstr(error.message, "another thread is in a call") != NULL)
			atomic_fetch_add(&c->refusals, 1);
		else
			atomic_fetch_add(&c->others, 1);
		(void)lw_worker_pump(c->h.worker, &again_ms, NULL);
		(void)lw_worker_facts(c->h.worker, &facts);
	}
	return NULL;
}

static void
a_crowd_of_threads_is_served_one_by_one_or_refused(void **state)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;
	struct crowd c = { .h = HARNESS_INIT };
	pthread_t threads[CROWD];

	(void)state;
	harness_open_chaos(&c.h, "on run: rows 2");
	for (int i = 0; i < CROWD; i++)
		start_thread(&threads[i], push_to_the_front, &c);
	for (int i = 0; i < CROWD; i++)
		join(threads[i]);
	assert_int_equal(c.others, 0);
	assert_int_equal(lw_worker_statistics(c.h.worker, &s), LW_OK);
	assert_int_equal(s.requests, c.successes);
	assert_int_equal(s.successes, c.successes);
	assert_int_equal(s.rows, 2 * c.successes);
	assert_int_equal(s.generations, 1);
	end(&c.h);
}

/* ---- From hand to hand ----------------------------------------------------------------------- */

enum { HANDS = 4, TURNS = 25 };

struct relay {
	struct harness h;
	pthread_mutex_t turn;
};

static void *
start_and_leave(void *relay)
{
	struct relay *r = relay;

	harness_open_chaos(&r->h, "on run: rows 2");
	return NULL;
}

static void *
take_turns(void *relay)
{
	struct relay *r = relay;
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_error error = LW_ERROR_INIT;

	for (int i = 0; i < TURNS; i++) {
		assert_int_equal(pthread_mutex_lock(&r->turn), 0);
		assert_int_equal(
		    lw_session_stream(r->h.session, "any", lw_text(""), NULL, NULL, NULL, &error),
		    LW_OK);
		assert_int_equal(
		    lw_session_call(r->h.session, "polite", lw_text(""), NULL, &reply, &error),
		    LW_OK);
		assert_int_equal(pthread_mutex_unlock(&r->turn), 0);
		lw_reply_clear(&reply);
	}
	return NULL;
}

static void *
shut_down_and_close(void *relay)
{
	struct relay *r = relay;

	end(&r->h);
	return NULL;
}

static void
a_worker_goes_from_thread_to_thread_and_outlives_each(void **state)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;
	struct relay r = { .h = HARNESS_INIT, .turn = PTHREAD_MUTEX_INITIALIZER };
	pthread_t thread, threads[HANDS];

	(void)state;
	start_thread(&thread, start_and_leave, &r);
	join(thread);
	for (int i = 0; i < HANDS; i++)
		start_thread(&threads[i], take_turns, &r);
	for (int i = 0; i < HANDS; i++)
		join(threads[i]);
	assert_int_equal(lw_worker_statistics(r.h.worker, &s), LW_OK);
	assert_int_equal(s.successes, 2 * HANDS * TURNS);
	assert_int_equal(s.generations, 1);
	start_thread(&thread, shut_down_and_close, &r);
	join(thread);
	assert_null(r.h.worker);
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

static lw_cancel_token *
new_token(void)
{
	lw_cancel_token *token = NULL;

	assert_int_equal(lw_cancel_token_create(&token, NULL), LW_OK);
	assert_int_equal(lw_cancel_token_is_cancelled(token), 0);
	return token;
}

static bool
wakes(const lw_cancel_token *token)
{
	struct pollfd entry = { .fd = token->eventfd, .events = POLLIN };

	return poll(&entry, 1, 0) == 1;
}

static void
a_token_is_cancelled_until_it_is_reset_however_often(void **state)
{
	lw_cancel_token *token = new_token();

	(void)state;
	for (int i = 0; i < 3; i++) {
		lw_cancel_token_cancel(token);
		lw_cancel_token_cancel(token);
		assert_int_equal(lw_cancel_token_is_cancelled(token), 1);
		assert_true(wakes(token));
		lw_cancel_token_reset(token);
		lw_cancel_token_reset(token);
		assert_int_equal(lw_cancel_token_is_cancelled(token), 0);
		assert_false(wakes(token));
	}
	lw_cancel_token_free(&token);
	assert_null(token);
	lw_cancel_token_free(&token);
}

static void
no_token_is_never_cancelled(void **state)
{
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	lw_cancel_token_cancel(NULL);
	lw_cancel_token_reset(NULL);
	assert_int_equal(lw_cancel_token_is_cancelled(NULL), 0);
	assert_int_equal(lw_cancel_token_create(NULL, &error), LW_E_MISUSE);
	assert_int_equal(error.code, LW_E_MISUSE);
}

/* Runs in a copy of this process, whose answer is its exit status. */
static void
in_a_copy(void (*act)(lw_cancel_token *token), lw_cancel_token *token)
{
	int status = -1;
	pid_t copy = fork();

	assert_int_not_equal(copy, -1);
	if (copy == 0) {
		act(token);
		_exit(0);
	}
	assert_int_equal(waitpid(copy, &status, 0), copy);
	assert_int_equal(status, 0);
}

static void
a_forked_copy_neither_cancels_nor_resets_the_original(void **state)
{
	lw_cancel_token *token = new_token();

	(void)state;
	in_a_copy(lw_cancel_token_cancel, token);
	assert_int_equal(lw_cancel_token_is_cancelled(token), 0);
	assert_false(wakes(token));
	lw_cancel_token_cancel(token);
	in_a_copy(lw_cancel_token_reset, token);
	assert_int_equal(lw_cancel_token_is_cancelled(token), 1);
	assert_true(wakes(token));
	lw_cancel_token_free(&token);
}

/* A cancel sets the flag and then wakes; what was reset between the two leaves a wake alone. */
static void
a_wake_without_a_cancel_ends_nothing_and_keeps_nobody_busy(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	const uint64_t one = 1;
	int64_t began;

	(void)state;
	harness_open_chaos(&h, "on run: sleep 400; rows 1");
	call.cancel = new_token();
	assert_int_equal(write(call.cancel->eventfd, &one, sizeof one), sizeof one);
	h.call = &call;
	began = harness_cpu_ms();
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_in_range(harness_cpu_ms() - began, 0, 150);
	lw_cancel_token_cancel(call.cancel);
	assert_true(wakes(call.cancel)); /* and whoever waits now is woken as ever */
	assert_int_equal(harness_stream(&h, "any", ""), LW_E_CANCELLED);
	end(&h);
	lw_cancel_token_free(&call.cancel);
}

/* ---- Many threads cancel --------------------------------------------------------------------- */

enum { CANCELLERS = 8, CALLS = 120 };

struct cancellers {
	lw_cancel_token *token;
	atomic_bool stop;
	atomic_uint rounds;
	pthread_t threads[CANCELLERS];
};

static void *
cancel_again_and_again(void *cancellers)
{
	struct cancellers *c = cancellers;

	while (!atomic_load(&c->stop)) {
		lw_cancel_token_cancel(c->token);
		atomic_fetch_add(&c->rounds, 1);
		(void)poll(NULL, 0, 1); /* 8 threads: one cancel in each 125 us, all in all */
	}
	return NULL;
}

static void
cancels_at_any_time_end_a_call_or_do_not_and_harm_nothing(void **state)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct cancellers c = { .token = new_token() };
	struct harness h = HARNESS_INIT;
	unsigned ended = 0, cancelled = 0;

	(void)state;
	harness_open_chaos(&h, "on run: rows 20; sleep 1; rows 1 name=more; end");
	call.cancel = c.token;
	call.budgets.grace_ms = 10000;
	h.call = &call;
	for (int i = 0; i < CANCELLERS; i++)
		start_thread(&c.threads[i], cancel_again_and_again, &c);
	for (int i = 0; i < CALLS; i++) {
		lw_code code = harness_stream(&h, "any", "");

		assert_true(code == LW_OK || code == LW_E_CANCELLED);
		if (code == LW_OK)
			assert_int_equal(h.rows_seen, 21);
		ended += code == LW_OK;
		cancelled += code == LW_E_CANCELLED;
		lw_cancel_token_reset(c.token);
	}
	atomic_store(&c.stop, true);
	for (int i = 0; i < CANCELLERS; i++)
		join(c.threads[i]);
	lw_cancel_token_reset(c.token);
	assert_int_equal(lw_worker_statistics(h.worker, &s), LW_OK);
	assert_int_equal(s.successes, ended);
	assert_int_equal(s.failures[LW_V_CANCELLED], cancelled);
	assert_int_equal(s.generations, 1); /* each one stopped in time */
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	end(&h);
	lw_cancel_token_free(&c.token);
}

/* ---- One token, many workers ----------------------------------------------------------------- */

enum { TEAM = 4 };

struct member {
	struct harness h;
	lw_cancel_token *token;
	atomic_uint *running;
	pthread_t thread;
};

static int
note_running(void *member, const struct lw_row *row)
{
	struct member *m = member;

	(void)row;
	atomic_fetch_add(m->running, 1);
	return 0;
}

static void *
run_until_cancelled(void *member)
{
	struct member *m = member;
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;

	harness_open_chaos(&m->h, "on run@1: rows 1; hang");
	call.cancel = m->token;
	call.budgets.grace_ms = 20;
	sinks.context = m;
	sinks.on_row = note_running;
	m->h.code = lw_session_stream(
	    m->h.session, "any", lw_text(""), &sinks, &call, NULL, &m->h.error);
	return NULL;
}

static bool
all_are_running(void *running)
{
	return atomic_load((atomic_uint *)running) == TEAM;
}

static void
one_cancel_ends_the_calls_of_many_workers_in_many_threads(void **state)
{
	lw_cancel_token *token = new_token();
	struct member team[TEAM];
	atomic_uint running = 0;

	(void)state;
	for (int i = 0; i < TEAM; i++) {
		team[i] = (struct member){ .h = HARNESS_INIT, .token = token };
		team[i].running = &running;
		start_thread(&team[i].thread, run_until_cancelled, &team[i]);
	}
	assert_true(wait_until(all_are_running, &running, 15000));
	lw_cancel_token_cancel(token);
	for (int i = 0; i < TEAM; i++)
		join(team[i].thread);
	lw_cancel_token_reset(token);
	for (int i = 0; i < TEAM; i++) {
		EXPECT_FAILURE(&team[i].h, LW_V_CANCELLED);
		assert_int_equal(team[i].h.error.rows, 1);
		assert_int_equal(team[i].h.error.killed, 1);
		end(&team[i].h);
	}
	lw_cancel_token_free(&token);
}

/* ---- Signals --------------------------------------------------------------------------------- */

static lw_cancel_token *_Atomic to_cancel; /* by the handler, at its next run */
static atomic_uint storms;

static void
on_storm(int number)
{
	(void)number;
	atomic_fetch_add(&storms, 1);
	lw_cancel_token_cancel(to_cancel);
}

struct storm {
	struct sigaction before;
	timer_t timer;
};

/* A signal in every millisecond, which interrupts whatever can be: no SA_RESTART. */
static void
begin_storm(struct storm *storm)
{
	struct itimerspec each = { .it_interval.tv_nsec = 1000000, .it_value.tv_nsec = 1000000 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct sigaction action = { .sa_handler = on_storm };

	assert_int_equal(sigaction(SIGUSR1, &action, &storm->before), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &storm->timer), 0);
	assert_int_equal(timer_settime(storm->timer, 0, &each, NULL), 0);
}

static void
end_storm(struct storm *storm)
{
	assert_int_equal(timer_delete(storm->timer), 0);
	assert_int_equal(sigaction(SIGUSR1, &storm->before, NULL), 0);
}

static void
cancel_in_the_handler(struct harness *h, const struct lw_row *row)
{
	(void)row;
	atomic_store(&to_cancel, h->call->cancel);
}

static void
write_down(struct harness *h, FILE *out)
{
	fprintf(out, "%s %s%d killed=%d rows=%llu generation=%u\n", lw_code_name(h->code),
	    h->code != LW_OK ? lw_verdict_name(h->error.verdict) : "",
	    h->code != LW_OK ? h->error.exit.signal : 0, h->code != LW_OK ? h->error.killed : 0,
	    (unsigned long long)h->rows_seen, harness_generation(h));
}

/* Everything once: rows, deaths, late and cancelled requests, a cycle, a shutdown. */
static char *
play(void)
{
	static const char script[] = "on run#1@1: rows 500 | on run#2@1: rows 2; signal SEGV |"
				     "on run#1@2: rows 1; hang | on run#1@3: rows 1; hang |"
				     "on run#1@4: rows 1; wait-stop; end outcome=1";
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	call.cancel = new_token();
	call.budgets.grace_ms = 20;
	h.call = &call;
	harness_open_chaos(&h, script);
	for (int i = 0; i < 2; i++) {
		(void)harness_stream(&h, "any", "");
		write_down(&h, out);
	}
	call.budgets.request_ms = 200;
	(void)harness_stream(&h, "any", "");
	write_down(&h, out);
	call.budgets.request_ms = 0;
	h.on_row = cancel_in_the_handler;
	for (int i = 0; i < 2; i++) {
		call.budgets.grace_ms = i == 0 ? 20 : 10000;
		(void)harness_stream(&h, "any", "");
		atomic_store(&to_cancel, NULL);
		lw_cancel_token_reset(call.cancel);
		write_down(&h, out);
	}
	h.on_row = NULL;
	h.code = lw_worker_cycle(h.worker, NULL, &h.error);
	write_down(&h, out);
	end(&h);
	fprintf(out, "shutdown %d, status %d\n", h.report.outcome, h.report.exit.code);
	fclose(out);
	lw_cancel_token_free(&call.cancel);
	return text;
}

static void
a_storm_of_signals_changes_no_result(void **state)
{
	static const char expected[] =
	    "LW_OK 0 killed=0 rows=500 generation=1\n"
	    "LW_E_DIED SIGNALLED11 killed=0 rows=2 generation=1\n"
	    "LW_E_TIMEOUT REQUEST_TIMEOUT0 killed=1 rows=1 generation=2\n"
	    "LW_E_CANCELLED CANCELLED0 killed=1 rows=1 generation=3\n"
	    "LW_E_CANCELLED CANCELLED0 killed=0 rows=1 generation=4\n"
	    "LW_OK 0 killed=0 rows=1 generation=5\n"
	    "shutdown 0, status 0\n";
	struct storm storm;
	char *text;

	(void)state;
	begin_storm(&storm);
	text = play();
	end_storm(&storm);
	assert_string_equal(text, expected);
	assert_true(atomic_load(&storms) > 100);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_second_thread_gets_misuse_and_nothing_else_happens),
		LW_TEST(a_crowd_of_threads_is_served_one_by_one_or_refused),
		LW_TEST(a_worker_goes_from_thread_to_thread_and_outlives_each),
		LW_TEST(a_token_is_cancelled_until_it_is_reset_however_often),
		LW_TEST(no_token_is_never_cancelled),
		LW_TEST(a_forked_copy_neither_cancels_nor_resets_the_original),
		LW_TEST(a_wake_without_a_cancel_ends_nothing_and_keeps_nobody_busy),
		LW_TEST(cancels_at_any_time_end_a_call_or_do_not_and_harm_nothing),
		LW_TEST(one_cancel_ends_the_calls_of_many_workers_in_many_threads),
		LW_TEST(a_storm_of_signals_changes_no_result),
	};

	return support_run(tests);
}
