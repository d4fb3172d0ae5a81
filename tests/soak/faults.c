/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "soak/soak.h"
#include "support/census.h"

#define ROWS_ANY    UINT64_MAX
#define LONG_MS     20000 /* a budget that a busy machine keeps too */
#define SETTLE_MS   20000
#define CANCEL_US   3000
#define SINK_ANSWER 7

/* Who cancels the request. */
enum canceller { BY_NOBODY, BY_THREAD, BY_SIGNAL, BY_SINK, BY_CALLER_BEFORE };

struct fault {
	const char *name;
	unsigned weight;
	/* NULL: a request, which tells the child what to do. */
	void (*play)(struct soak *s, struct site *at, const struct fault *f);
	const char *tell; /* actions of leanworker-chaos: docs/chaos.md */
	bool is_call;     /* a command; else a stream */
	lw_verdict verdict;
	uint64_t rows;          /* delivered */
	lw_restart restart;     /* NONE: the child is kept */
	bool perhaps;           /* it may be kept as well: that is a matter of time */
	int signal, status;     /* of a child that ended by itself */
	uint32_t survivors;     /* of such a child */
	const char *log;        /* part of what it printed */
	uint64_t refused_after; /* rows; the sink refuses the next. 0: it does not */
	enum canceller canceller;
	struct lw_budgets budgets;
	uint32_t patience_ms; /* the call's deadline; 0: none */
	lw_shutdown_outcome outcome;
};

/* ---- Sites --------------------------------------------------------------------------------- */

static void
must(struct soak *s, lw_code code, const char *what)
{
	s->code = code;
	if (code != LW_OK)
		soak_fail(s, "%s failed", what);
}

static void
open_capability(struct soak *s, struct site *at, const lw_capability *capability)
{
	must(s, lw_session_open(at->worker, capability, NULL, &at->session, &s->error),
	    "opening a capability");
}

void
site_open(struct soak *s, struct site *at, const struct lw_worker_options *options)
{
	const struct lw_restart_policy *policy = &options->restart;

	*at = (struct site){
		.eager = policy->replacement == LW_REPLACE_EAGER || policy->spare != 0,
		.has_spare = policy->spare != 0,
	};
	must(s, lw_worker_start(options, NULL, &at->worker, &s->error), "starting a worker");
	open_capability(s, at, s->capabilities[0]);
}

void
site_close(struct site *at)
{
	lw_session_close(&at->session);
	lw_worker_close(&at->worker);
}

static struct lw_worker_facts
site_facts(const struct site *at)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	(void)lw_worker_facts(at->worker, &facts);
	return facts;
}

uint32_t
site_generation(const struct site *at)
{
	return site_facts(at).generation;
}

static bool
is_settled(void *context)
{
	const struct site *at = context;
	struct lw_worker_statistics statistics = LW_WORKER_STATISTICS_INIT;

	(void)lw_worker_pump(at->worker, NULL, NULL);
	(void)lw_worker_statistics(at->worker, &statistics);
	return statistics.unburied == 0 && site_facts(at).spare_ready == at->has_spare;
}

void
site_settle(struct soak *s, const struct site *at)
{
	if (!wait_until(is_settled, (void *)at, SETTLE_MS))
		soak_fail(s, "dead children are not buried, or a spare is missing");
}

/* ---- Requests ------------------------------------------------------------------------------ */

struct sink {
	struct soak *soak;
	const struct fault *fault; /* or NULL */
	bool refused;
};

static int
on_row(void *context, const struct lw_row *row)
{
	struct sink *sink = context;
	struct soak *s = sink->soak;

	if (sink->refused)
		soak_fail(s, "a callback was made after one had refused");
	if (row->sequence != s->rows_seen)
		soak_fail(s, "row %" PRIu64 " was delivered after %" PRIu64 " rows", row->sequence,
		    s->rows_seen);
	s->rows_seen++;
	if (sink->fault != NULL && sink->fault->canceller == BY_SINK)
		lw_cancel_token_cancel(s->token);
	sink->refused = sink->fault != NULL && sink->fault->refused_after != 0 &&
			s->rows_seen > sink->fault->refused_after;
	return sink->refused ? SINK_ANSWER : 0;
}

/* What the child is told, as a stream or a command; the result is in s. */
static void
ask(struct soak *s, struct site *at, const char *export_name, const char *tell, bool is_call,
    const struct fault *f, const struct lw_call_options *call, uint32_t *ret_generation,
    lw_restart *ret_restarted)
{
	struct sink sink = { .soak = s, .fault = f };
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_summary summary = LW_SUMMARY_INIT;
	struct lw_reply reply = LW_REPLY_INIT;

	sinks.context = &sink;
	sinks.on_row = on_row;
	s->rows_seen = 0;
	s->error = (struct lw_error)LW_ERROR_INIT;
	if (is_call)
		s->code = lw_session_call(
		    at->session, export_name, lw_text(tell), call, &reply, &s->error);
	else
		s->code = lw_session_stream(
		    at->session, export_name, lw_text(tell), &sinks, call, &summary, &s->error);
	at->requests++;
	if (s->code != LW_OK)
		at->failures[s->error.verdict]++;
	*ret_generation = is_call ? reply.generation : summary.generation;
	*ret_restarted = is_call ? reply.restarted : summary.restarted;
	lw_summary_clear(&summary);
	lw_reply_clear(&reply);
}

void
site_use(struct soak *s, struct site *at)
{
	uint64_t rows = soak_roll(s, 4);
	uint32_t before = site_generation(at), generation;
	lw_restart restarted;
	char tell[32];

	(void)snprintf(tell, sizeof tell, "rows %" PRIu64, rows);
	if (soak_roll(s, 2) == 0)
		ask(s, at, "polite", "{}", true, NULL, NULL, &generation, &restarted);
	else
		ask(s, at, "play", rows > 0 ? tell : "", false, NULL, NULL, &generation,
		    &restarted);
	if (s->code != LW_OK)
		soak_fail(s, "a plain request failed");
	if (s->rows_seen != 0 && s->rows_seen != rows)
		soak_fail(s, "%" PRIu64 " rows came of %" PRIu64, s->rows_seen, rows);
	if (generation < before)
		soak_fail(s, "generation %u served after %u", generation, before);
	if (!s->any_restart && restarted != s->restarted &&
	    !(at->eager && restarted == LW_RESTART_NONE))
		soak_fail(s, "the plain request says restarted=%s, expected %s",
		    lw_restart_name(restarted), lw_restart_name(s->restarted));
}

/* ---- Cancelling ---------------------------------------------------------------------------- */

struct cancelling {
	lw_cancel_token *token;
	uint64_t delay_us;
	pthread_t thread;
};

static void *
cancel_later(void *context)
{
	const struct cancelling *c = context;
	struct timespec delay = { .tv_nsec = (long)c->delay_us * 1000 };

	(void)nanosleep(&delay, NULL);
	lw_cancel_token_cancel(c->token);
	return NULL;
}

static void
begin_cancelling(struct soak *s, struct cancelling *c, enum canceller by)
{
	struct itimerspec in = { 0 };

	c->token = s->token;
	c->delay_us = 1 + soak_roll(s, CANCEL_US);
	if (by == BY_THREAD && pthread_create(&c->thread, NULL, cancel_later, c) != 0)
		soak_fail(s, "no thread");
	in.it_value.tv_nsec = (long)c->delay_us * 1000;
	if (by == BY_SIGNAL && timer_settime(s->timer, 0, &in, NULL) != 0)
		soak_fail(s, "no timer");
	if (by == BY_CALLER_BEFORE)
		lw_cancel_token_cancel(s->token);
}

static void
end_cancelling(struct soak *s, struct cancelling *c, enum canceller by)
{
	struct itimerspec never = { 0 };

	if (by == BY_THREAD)
		(void)pthread_join(c->thread, NULL);
	if (by == BY_SIGNAL)
		(void)timer_settime(s->timer, 0, &never, NULL);
	lw_cancel_token_reset(s->token);
}

/* ---- What must come of a request ----------------------------------------------------------- */

static void
expect_verdict(const struct soak *s, lw_verdict wanted)
{
	lw_verdict is = s->code == LW_OK ? LW_V_OK : s->error.verdict;

	if (is != wanted)
		soak_fail(s, "the verdict is %s, expected %s", lw_verdict_name(is),
		    lw_verdict_name(wanted));
	if (s->code != lw_verdict_code(wanted) || (s->code != LW_OK && s->error.code != s->code))
		soak_fail(s, "code %s does not belong to the verdict", lw_code_name(s->code));
	if (s->code != LW_OK && s->error.message[0] == '\0')
		soak_fail(s, "an error without a message");
}

/* A child that ended by itself: how, and whom it left. */
static void
expect_end(const struct soak *s, const struct fault *f)
{
	const struct lw_exit *e = &s->error.exit;
	int status = f->signal != 0 ? -1 : f->status;

	if (!e->known || e->ordered || e->signal != f->signal || e->code != status)
		soak_fail(s, "known %d, ordered %d, signal %d, status %d; expected 1, 0, %d, %d",
		    e->known, e->ordered, e->signal, e->code, f->signal, status);
	if (e->survivors != f->survivors)
		soak_fail(s, "%u survivors, expected %u", e->survivors, f->survivors);
	if (s->error.killed)
		soak_fail(s, "it says that the child was killed");
}

static void
expect_failure(const struct soak *s, const struct fault *f)
{
	const struct lw_error *e = &s->error;
	bool is_kept = e->restart == LW_RESTART_NONE;

	if (e->restart != f->restart && !(f->perhaps && is_kept))
		soak_fail(s, "restart is %s, expected %s", lw_restart_name(e->restart),
		    lw_restart_name(f->restart));
	if (lw_verdict_code(f->verdict) == LW_E_DIED && f->restart == LW_RESTART_CRASH)
		expect_end(s, f);
	else if (e->killed == is_kept)
		soak_fail(
		    s, "killed is %d, and restart %s", e->killed, lw_restart_name(e->restart));
	if (e->rows != s->rows_seen)
		soak_fail(s, "%" PRIu64 " rows are reported, %" PRIu64 " were delivered", e->rows,
		    s->rows_seen);
	if (f->refused_after != 0 && e->status != SINK_ANSWER)
		soak_fail(s, "the status is %d, the sink answered %d", e->status, SINK_ANSWER);
	if (f->log != NULL && strstr(e->log_tail, f->log) == NULL)
		soak_fail(s, "the log does not have \"%s\"", f->log);
}

static struct lw_call_options
call_options(const struct soak *s, const struct fault *f)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct timespec now;

	call.budgets = f->budgets;
	if (f->canceller != BY_NOBODY)
		call.cancel = s->token;
	if (f->patience_ms != 0) {
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		call.deadline_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec +
				   (int64_t)f->patience_ms * 1000000;
	}
	return call;
}

static void
play_request(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_call_options call;
	struct cancelling cancelling;
	uint32_t generation;
	lw_restart restarted;

	begin_cancelling(s, &cancelling, f->canceller);
	call = call_options(s, f);
	ask(s, at, "play", f->tell, f->is_call, f, &call, &generation, &restarted);
	end_cancelling(s, &cancelling, f->canceller);
	expect_verdict(s, f->verdict);
	if (f->rows != ROWS_ANY && s->rows_seen != f->rows)
		soak_fail(s, "%" PRIu64 " rows, expected %" PRIu64, s->rows_seen, f->rows);
	if (s->code != LW_OK)
		expect_failure(s, f);
	s->restarted = s->code != LW_OK ? s->error.restart : f->restart;
	s->step = s->restarted != LW_RESTART_NONE;
}

/* A child that dies of itself just when it is cancelled: either may be first. */
static void
play_race(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_call_options call = call_options(s, f);
	struct cancelling cancelling;
	uint32_t generation;
	lw_restart restarted;

	begin_cancelling(s, &cancelling, f->canceller);
	ask(s, at, "play", f->tell, f->is_call, f, &call, &generation, &restarted);
	end_cancelling(s, &cancelling, f->canceller);
	if (s->code != LW_E_CANCELLED)
		expect_verdict(s, f->verdict);
	s->any_restart = true;
}

/* ---- Other calls --------------------------------------------------------------------------- */

/* What is asked of the child goes well; then the child is replaced, well or not. */
static void
play_cycle(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	uint32_t generation;
	lw_restart restarted;

	if (f->tell != NULL)
		ask(s, at, "play", f->tell, false, NULL, NULL, &generation, &restarted);
	else
		s->code = LW_OK;
	if (s->code != LW_OK)
		soak_fail(s, "the request before failed");
	call.budgets = f->budgets;
	must(s, lw_worker_cycle(at->worker, &call, &s->error), "the cycle");
	s->step = 1;
}

static void
play_capability_change(struct soak *s, struct site *at, const struct fault *f)
{
	(void)f;
	lw_session_close(&at->session);
	at->capability ^= 1;
	open_capability(s, at, s->capabilities[at->capability]);
	s->step = 1;
}

/* A capability that does not open, and the old one again. */
static void
play_open(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	struct lw_call_options call;
	struct cancelling cancelling;
	lw_capability *bad = NULL;

	options.host = "play";
	options.library = f->tell;
	options.module = "none";
	must(s, lw_capability_create(&options, &bad, &s->error), "making a capability");
	lw_session_close(&at->session);
	s->error = (struct lw_error)LW_ERROR_INIT;
	begin_cancelling(s, &cancelling, f->canceller);
	call = call_options(s, f);
	s->code = lw_session_open(at->worker, bad, &call, &at->session, &s->error);
	end_cancelling(s, &cancelling, f->canceller);
	lw_capability_free(&bad);
	expect_verdict(s, f->verdict);
	open_capability(s, at, s->capabilities[at->capability]);
	s->step = 2; /* one for the bad one, one for the good */
	if (f->canceller != BY_NOBODY)
		s->any_restart = true; /* the first may not have been started */
}

static bool
the_killed_is_gone(void *context)
{
	const struct site *at = context;

	return site_facts(at).pid != at->killed; /* another may have taken its place */
}

/* A death between two requests, which the library has seen. */
static void
play_killed_idle(struct soak *s, struct site *at, const struct fault *f)
{
	(void)f;
	at->killed = site_facts(at).pid;
	(void)kill(at->killed, SIGKILL);
	if (!wait_until(the_killed_is_gone, at, SETTLE_MS))
		soak_fail(s, "the end of the worker is not seen");
	s->step = 1;
	s->restarted = LW_RESTART_CRASH;
}

/*
 * A death that the library cannot have seen. Mostly the request is unread and another child gets it;
 * but a kernel may hand it to the dying, and then nobody can know that it was not begun.
 */
static void
play_killed_before(struct soak *s, struct site *at, const struct fault *f)
{
	uint32_t generation;
	lw_restart restarted;

	(void)kill(site_facts(at).pid, SIGKILL);
	ask(s, at, "play", f->tell, false, NULL, NULL, &generation, &restarted);
	if (s->code != LW_OK)
		expect_verdict(s, f->verdict);
	s->any_restart = true;
}

static void
play_stopped_worker(struct soak *s, struct site *at, const struct fault *f)
{
	(void)kill(site_facts(at).pid, SIGSTOP);
	play_request(s, at, f);
}

static void
play_stopped_warden(struct soak *s, struct site *at, const struct fault *f)
{
	(void)kill(site_facts(at).warden_pid, SIGSTOP);
	play_request(s, at, f);
}

struct orphans {
	size_t wanted, reaped;
};

static bool
are_reaped(void *context)
{
	struct orphans *o = context;

	o->reaped += census_play_init();
	return o->reaped >= o->wanted;
}

/*
 * The worker, and in a namespace the init, lose their parent and come to this process, which plays
 * init for just so many; nobody else of the library's may be dead then, so all are buried before.
 */
static void
play_dead_warden(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_worker_facts facts = site_facts(at);
	struct orphans orphans = { .wanted = facts.containment == LW_CONTAINMENT_SUBREAPER ? 1
											   : 2 };

	(void)f;
	at->killed = facts.pid;
	(void)kill(facts.warden_pid, SIGKILL);
	if (!wait_until(the_killed_is_gone, at, SETTLE_MS))
		soak_fail(s, "the end of the warden is not seen");
	s->restarted = LW_RESTART_CRASH;
	site_use(s, at);
	s->restarted = LW_RESTART_NONE;
	s->step = 1;
	for (unsigned i = 0; i < s->site_count; i++)
		site_settle(s, &s->sites[i]);
	if (!wait_until(are_reaped, &orphans, SETTLE_MS) || orphans.reaped != orphans.wanted)
		soak_fail(s, "a killed warden left %zu processes, expected %zu", orphans.reaped,
		    orphans.wanted);
}

/* ---- Workers of their own ------------------------------------------------------------------ */

static struct lw_worker_options
own_options(const char *const *environment)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;

	options.child_path = SOAK_CHILD;
	options.environment = environment;
	options.restart.max_deaths = LW_NO_LIMIT;
	options.restart.backoff_ms = options.restart.backoff_max_ms = 1;
	options.budgets.shutdown_ms = LONG_MS;
	return options;
}

/* A worker that does not start. */
static void
play_start(struct soak *s, struct site *at, const struct fault *f)
{
	const char *const environment[] = { f->tell, NULL };
	struct lw_worker_options options = own_options(environment);
	lw_worker *worker = NULL;

	(void)at;
	options.budgets = f->budgets;
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->code = lw_worker_start(&options, NULL, &worker, &s->error);
	expect_verdict(s, f->verdict);
	if (worker != NULL)
		soak_fail(s, "a worker was given out all the same");
}

/* A worker from its start to its shutdown. */
static void
play_whole_life(struct soak *s, struct site *at, const struct fault *f)
{
	const char *const environment[] = { f->tell, NULL };
	struct lw_worker_options options = own_options(environment);
	struct lw_shutdown_report report = LW_SHUTDOWN_REPORT_INIT;
	struct site own;

	(void)at;
	if (f->budgets.shutdown_ms != 0)
		options.budgets.shutdown_ms = f->budgets.shutdown_ms;
	site_open(s, &own, &options);
	site_use(s, &own);
	must(s, lw_worker_shutdown(own.worker, &report, &s->error), "the shutdown");
	if (report.outcome != f->outcome || report.exit.survivors != f->survivors)
		soak_fail(s, "outcome %d with %u survivors, expected %d with %u", report.outcome,
		    report.exit.survivors, f->outcome, f->survivors);
	if (report.unreaped != 0)
		soak_fail(s, "%u are not reaped", report.unreaped);
	site_close(&own);
}

/* A worker that outgrows its limit in a request, and then its ceiling. */
static void
play_memory_policy(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_worker_options options = own_options(NULL);
	struct site own;
	uint32_t generation;
	lw_restart restarted;

	(void)at;
	options.restart.memory_limit_kib = 192 << 10;
	options.restart.memory_ceiling_kib = 96 << 10;
	options.restart.memory_sample_ms = 1;
	site_open(s, &own, &options);
	play_request(s, &own, f);
	site_use(s, &own);
	ask(s, &own, "play", "memory 128", false, NULL, NULL, &generation, &restarted);
	if (s->code != LW_OK)
		soak_fail(s, "a request under the limit failed");
	s->restarted = LW_RESTART_MEMORY_CEILING;
	site_use(s, &own);
	site_close(&own);
	s->restarted = LW_RESTART_NONE;
	s->step = 0;
}

/* A worker each of whose children may serve one request. */
static void
play_one_request_each(struct soak *s, struct site *at, const struct fault *f)
{
	struct lw_worker_options options = own_options(NULL);
	struct site own;

	(void)at;
	(void)f;
	options.restart.max_requests = 1;
	site_open(s, &own, &options);
	site_use(s, &own);
	s->restarted = LW_RESTART_MAX_REQUESTS;
	for (int i = 0; i < 3; i++)
		site_use(s, &own);
	site_close(&own);
	s->restarted = LW_RESTART_NONE;
}

/* ---- The table ----------------------------------------------------------------------------- */

#define DIES_OF(number, count)                                                                     \
	.verdict = LW_V_SIGNALLED, .restart = LW_RESTART_CRASH, .signal = (number), .rows = (count)
#define EXITS(number, count)                                                                       \
	.verdict = LW_V_EXITED, .restart = LW_RESTART_CRASH, .status = (number), .rows = (count)
#define LIES(count) .verdict = LW_V_PROTOCOL, .restart = LW_RESTART_PROTOCOL, .rows = (count)
#define LATE(limit) .verdict = (limit), .restart = LW_RESTART_REQUEST_TIMEOUT, .rows = ROWS_ANY
#define WITHIN(ms)  .budgets = { .request_ms = (ms) }
#define DIES_HELLO  "LEANWORKER_CHAOS=on hello: "
#define HEEDS       "rows 1; wait-stop; end outcome=1"
#define IGNORES     "rows 1; hang"

/* Deeds of about a second have a weight of 1. */
/* clang-format off */
static const struct fault faults[] = {
	/* The worker ends by itself. */
	{ "segv", 24, .tell = "rows 3; signal SEGV", DIES_OF(SIGSEGV, 3) },
	{ "abort", 12, .tell = "rows 1; signal ABRT", DIES_OF(SIGABRT, 1) },
	{ "bus", 4, .tell = "signal BUS", DIES_OF(SIGBUS, 0) },
	{ "term", 4, .tell = "signal TERM", DIES_OF(SIGTERM, 0), .is_call = true },
	{ "kill", 12, .tell = "rows 2; signal KILL", .verdict = LW_V_KILLED_FROM_OUTSIDE,
	  .restart = LW_RESTART_CRASH, .signal = SIGKILL, .rows = 2 },
	{ "exit-0", 12, .tell = "rows 2; exit 0", EXITS(0, 2) },
	{ "exit-3-in-a-header", 6, .tell = "rows 2; bytes abcdefg; exit 3", EXITS(3, 2) },
	{ "exit-of-a-command", 4, .tell = "exit 1", EXITS(1, 0), .is_call = true },
	{ "many-rows-then-death", 6, .tell = "rows 2000 size=200; signal SEGV", DIES_OF(SIGSEGV, 2000) },
	{ "death-in-a-row", 4, .tell = "rows 1; frame id=8 size=60000; bytes abc; signal SEGV", DIES_OF(SIGSEGV, 1) },
	{ "descendants", 6, .tell = "leave 3; rows 1; signal SEGV", DIES_OF(SIGSEGV, 1), .survivors = 3 },
	{ "lane-closed-then-exit", 6, .tell = "rows 1; close-lane; exit 2", EXITS(2, 1) },
	{ "memory-then-death", 2, .tell = "memory 64; rows 1; signal SEGV", DIES_OF(SIGSEGV, 1) },
	{ "death-after-end", 6, .tell = "rows 2; end; signal SEGV", .rows = 2, .restart = LW_RESTART_CRASH },
	{ "killed-between-requests", 8, .play = play_killed_idle },
	{ "killed-just-before", 8, .play = play_killed_before, .tell = "rows 1", .verdict = LW_V_KILLED_FROM_OUTSIDE },
	{ "warden-killed", 4, .play = play_dead_warden },

	/* Last words. */
	{ "panic", 8, .tell = "rows 1; say 'PANIC at Main Main:1:2: out of bounds'; signal ABRT",
	  .verdict = LW_V_PANIC, .restart = LW_RESTART_CRASH, .signal = SIGABRT, .rows = 1, .log = "out of bounds" },
	{ "internal-panic", 4, .tell = "say 'INTERNAL PANIC: unreachable code'; exit 1",
	  .verdict = LW_V_PANIC, .restart = LW_RESTART_CRASH, .status = 1, .log = "unreachable" },
	{ "lean-no-memory", 4, .tell = "say 'INTERNAL PANIC: out of memory'; exit 1",
	  .verdict = LW_V_LEAN_NO_MEMORY, .restart = LW_RESTART_CRASH, .status = 1 },
	{ "stack-overflow", 4, .tell = "say 'Stack overflow detected. Aborting.'; signal ABRT",
	  .verdict = LW_V_STACK_OVERFLOW, .restart = LW_RESTART_CRASH, .signal = SIGABRT },
	{ "no-thread", 4, .tell = "say 'failed to create thread'; signal ABRT",
	  .verdict = LW_V_LEAN_NO_THREAD, .restart = LW_RESTART_CRASH, .signal = SIGABRT },
	{ "flood-then-exit", 6, .tell = "print 300000; say 'the end'; exit 4", EXITS(4, 0), .log = "the end" },
	{ "flood", 4, .tell = "print 2000000; rows 1", .rows = 1 },

	/* Time. */
	{ "hang", 16, .tell = IGNORES, LATE(LW_V_REQUEST_TIMEOUT), WITHIN(4) },
	{ "hang-of-a-command", 6, .tell = "hang", LATE(LW_V_REQUEST_TIMEOUT), WITHIN(3), .is_call = true },
	{ "hang-to-a-deadline", 6, .tell = IGNORES, LATE(LW_V_REQUEST_TIMEOUT), .patience_ms = 5, .perhaps = true },
	{ "no-first-row", 6, .tell = "hang", LATE(LW_V_FIRST_ROW_TIMEOUT), .budgets = { .first_row_ms = 4 } },
	{ "silence", 6, .tell = IGNORES, LATE(LW_V_IDLE_TIMEOUT), .budgets = { .idle_ms = 4 } },
	{ "stopped", 8, .tell = "rows 1; signal STOP", LATE(LW_V_REQUEST_TIMEOUT), WITHIN(4) },
	{ "stopped-between-requests", 6, .play = play_stopped_worker, .tell = IGNORES,
	  LATE(LW_V_REQUEST_TIMEOUT), WITHIN(4) },
	{ "warden-stopped", 4, .play = play_stopped_warden, .tell = IGNORES, LATE(LW_V_REQUEST_TIMEOUT), WITHIN(4) },
	{ "stops-when-late", 3, .tell = HEEDS, LATE(LW_V_REQUEST_TIMEOUT), WITHIN(60), .perhaps = true },
	{ "memory-then-hang", 2, .tell = "memory 64; hang", LATE(LW_V_REQUEST_TIMEOUT), WITHIN(60) },

	/* Cancelling. */
	{ "cancel-by-thread", 8, .tell = IGNORES, .canceller = BY_THREAD, .budgets = { .grace_ms = 1 },
	  .verdict = LW_V_CANCELLED, .restart = LW_RESTART_CANCELLED, .perhaps = true, .rows = ROWS_ANY },
	{ "cancel-by-signal", 8, .tell = IGNORES, .canceller = BY_SIGNAL, .budgets = { .grace_ms = 1 },
	  .verdict = LW_V_CANCELLED, .restart = LW_RESTART_CANCELLED, .perhaps = true, .rows = ROWS_ANY },
	{ "cancel-by-sink", 4, .tell = IGNORES, .canceller = BY_SINK, .budgets = { .grace_ms = 1 },
	  .verdict = LW_V_CANCELLED, .restart = LW_RESTART_CANCELLED, .rows = 1 },
	{ "cancelled-before", 4, .tell = IGNORES, .canceller = BY_CALLER_BEFORE, .verdict = LW_V_CANCELLED },
	{ "heeded-cancel-by-thread", 8, .tell = HEEDS, .canceller = BY_THREAD, .budgets = { .grace_ms = LONG_MS },
	  .verdict = LW_V_CANCELLED, .rows = ROWS_ANY },
	{ "heeded-cancel-by-signal", 8, .tell = HEEDS, .canceller = BY_SIGNAL, .budgets = { .grace_ms = LONG_MS },
	  .verdict = LW_V_CANCELLED, .rows = ROWS_ANY },
	{ "heeded-cancel-by-sink", 4, .tell = HEEDS, .canceller = BY_SINK, .budgets = { .grace_ms = LONG_MS },
	  .verdict = LW_V_CANCELLED, .rows = 1 },
	{ "cancel-and-death", 6, .play = play_race, .tell = "rows 1; sleep 1; signal SEGV", .canceller = BY_THREAD,
	  .verdict = LW_V_SIGNALLED },

	/* Sinks that refuse. */
	{ "sink-refuses", 6, .tell = "rows 5; wait-stop; end outcome=1", .refused_after = 2,
	  .verdict = LW_V_SINK, .rows = 3, .budgets = { .grace_ms = LONG_MS } },
	{ "sink-refuses-the-last", 4, .tell = "rows 3", .refused_after = 2,
	  .verdict = LW_V_SINK, .rows = 3, .budgets = { .grace_ms = LONG_MS } },
	{ "sink-refuses-a-deaf-child", 6, .tell = "rows 5; hang", .refused_after = 2,
	  .verdict = LW_V_SINK, .rows = 3, .restart = LW_RESTART_SINK, .budgets = { .grace_ms = 1 } },

	/* Lies. */
	{ "wrong-count", 6, .tell = "rows 3; end rows=4; hang", LIES(3) },
	{ "wrong-sequence", 6, .tell = "rows 2; row stream=0 sequence=7; hang", LIES(2) },
	{ "unknown-stream", 4, .tell = "row stream=5; hang", LIES(0) },
	{ "not-json", 4, .tell = "rows 1; row stream=0 payload={; hang", LIES(1) },
	{ "four-gigabytes", 4, .tell = "rows 2; frame size=0xffffffff; hang", LIES(2) },
	{ "unknown-message", 4, .tell = "rows 2; frame id=200; hang", LIES(2) },
	{ "garbage", 6, .tell = "bytes garbage times=50; hang", LIES(0) },
	{ "endless-row", 2, .tell = "endless", LIES(0) },
	{ "opened-twice", 4, .tell = "opened; hang", LIES(0) },
	{ "stopped-unasked", 4, .tell = "end outcome=1; hang", LIES(0) },
	{ "lane-closed", 1, .tell = "rows 1; close-lane; hang", LIES(1) },

	/* Honest failures. */
	{ "status", 6, .tell = "rows 1; end outcome=2 status=4", .verdict = LW_V_EXPORT_STATUS, .rows = 1 },
	{ "exception", 6, .tell = "end outcome=3 message='file not found'", .verdict = LW_V_EXCEPTION },
	{ "row-refused", 4, .tell = "rows 2; end outcome=7 stream=0 sequence=2 offset=17 message=no",
	  .verdict = LW_V_ROW_MALFORMED, .rows = 2 },

	/* Replacing. */
	{ "cycle", 12, .play = play_cycle },
	{ "cycle-of-a-deaf-child", 6, .play = play_cycle, .tell = "end; hang", .budgets = { .shutdown_ms = 3 } },
	{ "cycle-of-a-big-child", 2, .play = play_cycle, .tell = "memory 64" },
	{ "cycle-with-descendants", 4, .play = play_cycle, .tell = "leave 3" },
	{ "cycle-in-a-flood", 4, .play = play_cycle, .tell = "end; print 2000000" },
	{ "another-capability", 10, .play = play_capability_change },
	{ "one-request-each", 3, .play = play_one_request_each },
	{ "memory-policy", 1, .play = play_memory_policy, .tell = "memory 256; hang", .rows = ROWS_ANY,
	  .verdict = LW_V_MEMORY_LIMIT, .restart = LW_RESTART_MEMORY_LIMIT },

	/* Opening. */
	{ "open-refused", 6, .play = play_open, .tell = "end outcome=12 message=no", .verdict = LW_V_CAPABILITY_LOAD },
	{ "open-dies", 6, .play = play_open, .tell = "signal ABRT", .verdict = LW_V_SIGNALLED },
	{ "open-exits", 4, .play = play_open, .tell = "exit 0", .verdict = LW_V_EXITED },
	{ "open-lies", 4, .play = play_open, .tell = "row payload=1", .verdict = LW_V_PROTOCOL },
	{ "open-hangs", 6, .play = play_open, .tell = "hang", .verdict = LW_V_OPEN_TIMEOUT, .budgets = { .open_ms = 4 } },
	{ "open-cancelled", 6, .play = play_open, .tell = "hang", .canceller = BY_THREAD,
	  .verdict = LW_V_CANCELLED, .budgets = { .grace_ms = 1 } },

	/* Workers of their own. */
	{ "start-exits", 3, .play = play_start, .tell = DIES_HELLO "exit 0", .verdict = LW_V_EXITED },
	{ "start-dies", 3, .play = play_start, .tell = DIES_HELLO "signal SEGV", .verdict = LW_V_SIGNALLED },
	{ "start-hangs", 3, .play = play_start, .tell = DIES_HELLO "hang", .verdict = LW_V_START_TIMEOUT,
	  .budgets = { .start_ms = 20 } },
	{ "start-garbage", 3, .play = play_start, .tell = DIES_HELLO "bytes garbage times=50; hang",
	  .verdict = LW_V_WRONG_PROGRAM },
	{ "start-another-version", 3, .play = play_start, .tell = DIES_HELLO "hello protocol=99",
	  .verdict = LW_V_WRONG_VERSION },
	{ "whole-life", 4, .play = play_whole_life, .tell = "LEANWORKER_CHAOS=", .outcome = LW_SHUTDOWN_ORDERLY },
	{ "shutdown-with-descendants", 3, .play = play_whole_life, .tell = "LEANWORKER_CHAOS=on shutdown: leave 2; bye",
	  .outcome = LW_SHUTDOWN_ORDERLY, .survivors = 2 },
	{ "shutdown-hangs", 3, .play = play_whole_life, .tell = "LEANWORKER_CHAOS=on shutdown: hang",
	  .outcome = LW_SHUTDOWN_KILLED, .budgets = { .shutdown_ms = 4 } },
	{ "shutdown-fails", 3, .play = play_whole_life, .tell = "LEANWORKER_CHAOS=on shutdown: exit 9",
	  .outcome = LW_SHUTDOWN_DIED },
};
/* clang-format on */

const size_t fault_count = sizeof faults / sizeof faults[0];

const char *
fault_name(size_t index)
{
	return faults[index].name;
}

const struct fault *
fault_pick(struct soak *s, const char *only, size_t *ret_index)
{
	uint64_t all = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < fault_count; k++)
		all += faults[k].weight;
	at = soak_roll(s, all);
	if (only == NULL)
		while (at >= faults[i].weight)
			at -= faults[i++].weight;
	else
		while (i < fault_count && strcmp(faults[i].name, only) != 0)
			i++;
	*ret_index = i;
	return i < fault_count ? &faults[i] : NULL;
}

void
fault_play(struct soak *s, struct site *at, const struct fault *f)
{
	uint32_t before = site_generation(at), steps;

	s->fault = f->name;
	s->step = 0;
	s->restarted = LW_RESTART_NONE;
	s->any_restart = false;
	(f->play != NULL ? f->play : play_request)(s, at, f);
	site_use(s, at);
	steps = site_generation(at) - before;
	/* A spare of the other capability, sent away, has had a number too. */
	if (!s->any_restart && (at->has_spare ? steps < s->step : steps != s->step))
		soak_fail(s, "generation %u after %u, expected %u more", site_generation(at),
		    before, s->step);
}
