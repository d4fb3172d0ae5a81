/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-deaths: how long it takes from an end, or from the order to end, to the return of the call;
 * what a big child changes; and how long it takes until the next request has succeeded.
 * docs/performance.md says how to read it.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <leanworker/leanworker.h>

#include "fail.h"
#include "moments.h"
#include "series.h"

#define STALL_SECONDS 300 /* no sample takes that long: something hangs */
#define DEADLINE_MS   20
#define GRACE_MS      1
#define PATIENCE_MS   60000
#define RESTING_US    50 /* for each MiB that a child has been given */
#define BIG_ROOM      2  /* times a big child must be free, or none is made */

static const lw_containment containments[] = { LW_CONTAINMENT_PID_NAMESPACE,
	LW_CONTAINMENT_USER_PID_NAMESPACE, LW_CONTAINMENT_SUBREAPER };
#define CONTAINMENTS 3

struct deaths {
	unsigned rounds, samples, big_samples, big_mib;
	bool urgent;
	const char *json, *commit;
	lw_cancel_token *token;
	lw_capability *chaos, *native;
	bool contained[CONTAINMENTS];
	struct moments moments;
};

/* What follows the end of a child. */
static const struct lw_restart_policy lazy = { .max_deaths = LW_NO_LIMIT },
				      eager = { .replacement = LW_REPLACE_EAGER,
					      .max_deaths = LW_NO_LIMIT },
				      spare = { .spare = 1, .max_deaths = LW_NO_LIMIT };

/* A worker of leanworker-chaos, with a session. */
struct site {
	struct deaths *deaths;
	bool has_spare;
	lw_worker *worker;
	lw_session *session;
	sem_t began; /* the request's first row is there: the child is at it */
	struct lw_error error;
};

static void
must(lw_code code, const struct lw_error *error)
{
	if (code != LW_OK)
		fail("%s: %s\n%s", lw_code_name(code), error->message, error->log_tail);
}

/* A call that must have ended so: another verdict's time would be another figure. */
static void
must_end(const struct site *at, lw_code code, lw_verdict wanted)
{
	if (code != lw_verdict_code(wanted) || at->error.verdict != wanted)
		fail("%s and not %s: %s", lw_verdict_name(at->error.verdict),
		    lw_verdict_name(wanted), at->error.message);
}

static void
add(struct deaths *d, enum moment which, int64_t from_ns, int64_t to_ns)
{
	moments_add(&d->moments, which, (double)(to_ns - from_ns) / 1e3);
}

/* ---- Who does it, and who watches ---------------------------------------------------------- */

enum deed { DO_CANCEL, DO_KILL };

/* Waits until the child is at its work and the caller asleep, and does it. */
struct doer {
	struct site *at;
	enum deed deed;
	pid_t pid;
	pthread_t thread;
	int64_t done_ns; /* the moment before */
};

static void *
do_it(void *context)
{
	struct doer *doer = context;

	while (sem_wait(&doer->at->began) != 0)
		;
	(void)usleep(1000);
	doer->done_ns = now_ns();
	if (doer->deed == DO_CANCEL)
		lw_cancel_token_cancel(doer->at->deaths->token);
	else
		(void)kill(doer->pid, SIGKILL);
	return NULL;
}

/*
 * Says when a process died: when its pidfd became readable. The warden is the last of a child: when it
 * is dead everything is gone.
 */
struct watcher {
	int pidfd;
	pthread_t thread;
	int64_t died_ns;
};

static void *
watch(void *context)
{
	struct watcher *w = context;
	struct pollfd end = { .fd = w->pidfd, .events = POLLIN };
	struct sched_param urgent = { .sched_priority = 1 };

	/* A stamp that comes late makes us look better than we are. Where that is not allowed the
	 * time from the kill, which errs to the other side, is to be looked at. */
	(void)pthread_setschedparam(pthread_self(), SCHED_FIFO, &urgent);
	while (poll(&end, 1, -1) != 1)
		;
	w->died_ns = now_ns();
	return NULL;
}

static void
begin_thread(pthread_t *ret_thread, void *(*run)(void *), void *context)
{
	int fault = pthread_create(ret_thread, NULL, run, context);

	if (fault != 0)
		fail("no thread: %s", strerror(fault));
}

static int
open_pidfd(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		fail("pidfd_open: %s", strerror(errno));
	return pidfd;
}

static void
begin_watching(struct watcher *w, pid_t pid)
{
	w->pidfd = open_pidfd(pid);
	begin_thread(&w->thread, watch, w);
}

static void
end_watching(struct watcher *w)
{
	(void)pthread_join(w->thread, NULL);
	(void)close(w->pidfd);
}

/* ---- Sites --------------------------------------------------------------------------------- */

static bool
try_start(struct site *at, struct deaths *d, lw_containment containment,
    const struct lw_restart_policy *policy)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	lw_code code;

	*at = (struct site){ .deaths = d, .has_spare = policy->spare, .error = LW_ERROR_INIT };
	(void)sem_init(&at->began, 0, 0);
	options.child_path = BENCH_CHAOS;
	options.containment = containment;
	options.restart = *policy;
	code = lw_worker_start(&options, NULL, &at->worker, &at->error);
	if (code != LW_OK && at->error.verdict != LW_V_CHILD_NOT_CONTAINED)
		must(code, &at->error);
	return code == LW_OK;
}

static void
site_start(struct site *at, struct deaths *d, lw_containment containment,
    const struct lw_restart_policy *policy)
{
	if (!try_start(at, d, containment, policy))
		fail("a worker that was contained before is not any more");
	must(lw_session_open(at->worker, d->chaos, NULL, &at->session, &at->error), &at->error);
}

static void
site_end(struct site *at)
{
	lw_session_close(&at->session);
	lw_worker_close(&at->worker);
	(void)sem_destroy(&at->began);
}

static struct lw_worker_facts
site_facts(struct site *at)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	(void)lw_worker_facts(at->worker, &facts);
	return facts;
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct site *at = context;

	(void)row;
	(void)sem_post(&at->began);
	return 0;
}

/* A request that tells the child what to do. */
static lw_code
tell(struct site *at, const char *what, const struct lw_call_options *call)
{
	struct lw_sinks sinks = LW_SINKS_INIT;

	sinks.context = at;
	sinks.on_row = on_row;
	at->error.verdict = LW_V_OK;
	return lw_session_stream(
	    at->session, "play", lw_text(what), &sinks, call, NULL, &at->error);
}

/* A plain request, which succeeds; a fresh child where there is none. */
static void
use(struct site *at)
{
	must(tell(at, "", NULL), &at->error);
}

/* A plain request, then until the dead are gone and the spare is ready: no sample pays for another. */
static void
recover(struct site *at)
{
	struct pollfd ready = { .fd = lw_worker_fd(at->worker), .events = POLLIN };
	struct lw_worker_statistics statistics = LW_WORKER_STATISTICS_INIT;
	int again_ms;

	use(at);
	for (;;) {
		must(lw_worker_pump(at->worker, &again_ms, &at->error), &at->error);
		(void)lw_worker_statistics(at->worker, &statistics);
		if (statistics.unburied == 0 && site_facts(at).spare_ready == at->has_spare)
			return;
		(void)poll(&ready, 1, again_ms);
	}
}

/* ---- Samples ------------------------------------------------------------------------------- */

/* The machine alone: a sleeping child is killed, and its parent sees the end. */
static void
sample_bare_kill(struct deaths *d)
{
	pid_t pid = fork();
	struct pollfd end = { .events = POLLIN };
	int64_t start;

	if (pid == 0)
		for (;;)
			(void)pause();
	end.fd = open_pidfd(pid);
	(void)usleep(1000);
	start = now_ns();
	(void)kill(pid, SIGKILL);
	if (poll(&end, 1, -1) != 1 || waitpid(pid, NULL, 0) != pid)
		fail("a bare child did not end");
	add(d, MOMENT_BARE_KILL, start, now_ns());
	(void)close(end.fd);
}

/* The machine alone: how much later than it was asked to a wait ends. */
static void
sample_bare_timeout(struct deaths *d)
{
	struct epoll_event event;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int64_t start = now_ns();

	if (epoll < 0 || epoll_wait(epoll, &event, 1, DEADLINE_MS) != 0)
		fail("a bare wait failed");
	add(d, MOMENT_BARE_TIMEOUT, start + DEADLINE_MS * INT64_C(1000000), now_ns());
	(void)close(epoll);
}

static void
sample_crash(struct site *at, enum moment which)
{
	struct watcher w;
	int64_t returned;
	lw_code code;

	begin_watching(&w, site_facts(at).pid);
	code = tell(at, "rows 1; sleep 1; signal SEGV", NULL);
	returned = now_ns();
	end_watching(&w);
	must_end(at, code, LW_V_SIGNALLED);
	add(at->deaths, which, w.died_ns < returned ? w.died_ns : returned, returned);
	(void)sem_wait(&at->began);
	recover(at);
}

static void
sample_kill(struct site *at, enum moment which, enum moment recovery)
{
	struct doer doer = { .at = at, .deed = DO_KILL, .pid = site_facts(at).pid };
	int64_t returned;
	lw_code code;

	begin_thread(&doer.thread, do_it, &doer);
	code = tell(at, "rows 1; hang", NULL);
	returned = now_ns();
	must_end(at, code, LW_V_KILLED_FROM_OUTSIDE);
	use(at);
	add(at->deaths, recovery, doer.done_ns, now_ns());
	add(at->deaths, which, doer.done_ns, returned);
	(void)pthread_join(doer.thread, NULL);
	recover(at);
}

static void
sample_cycle(struct site *at, enum moment which)
{
	int64_t start = now_ns();

	must(lw_worker_cycle(at->worker, NULL, &at->error), &at->error);
	use(at);
	add(at->deaths, which, start, now_ns());
	recover(at);
}

/*
 * Each child has to be given its size first. Two gigabytes keep a core busy for about a second; a
 * kernel gives those who starved meanwhile their turn, and that shall not be in the sample.
 */
static void
grow(struct site *at, unsigned mib)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	char text[32];

	(void)snprintf(text, sizeof text, "memory %u", mib);
	call.budgets.request_ms = PATIENCE_MS;
	must(tell(at, text, &call), &at->error);
	(void)usleep(mib * RESTING_US);
}

static void
sample_cancel(struct site *at, unsigned mib, enum moment which)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct doer doer = { .at = at, .deed = DO_CANCEL };
	int64_t returned;
	lw_code code;

	grow(at, mib);
	call.cancel = at->deaths->token;
	call.budgets.grace_ms = GRACE_MS;
	begin_thread(&doer.thread, do_it, &doer);
	code = tell(at, "rows 1; hang", &call);
	returned = now_ns();
	(void)pthread_join(doer.thread, NULL);
	lw_cancel_token_reset(at->deaths->token);
	must_end(at, code, LW_V_CANCELLED);
	if (!at->error.killed)
		fail("a child that hangs was not killed");
	add(at->deaths, which, doer.done_ns + GRACE_MS * INT64_C(1000000), returned);
	recover(at);
}

static void
sample_heeded_cancel(struct site *at)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct doer doer = { .at = at, .deed = DO_CANCEL };
	int64_t returned;
	lw_code code;

	call.cancel = at->deaths->token;
	call.budgets.grace_ms = PATIENCE_MS;
	begin_thread(&doer.thread, do_it, &doer);
	code = tell(at, "rows 1; wait-stop; end outcome=1", &call);
	returned = now_ns();
	(void)pthread_join(doer.thread, NULL);
	lw_cancel_token_reset(at->deaths->token);
	must_end(at, code, LW_V_CANCELLED);
	if (at->error.killed)
		fail("a child that stopped was killed");
	add(at->deaths, MOMENT_HEEDED_CANCEL, doer.done_ns, returned);
}

/* Here the order is the call's deadline, a point in time that both sides know exactly. */
static void
sample_deadline(struct site *at, unsigned mib, enum moment which, enum moment burial)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct watcher w;
	int64_t returned;
	lw_code code;

	grow(at, mib);
	begin_watching(&w, site_facts(at).warden_pid);
	call.deadline_ns = now_ns() + DEADLINE_MS * INT64_C(1000000);
	code = tell(at, "hang", &call);
	returned = now_ns();
	must_end(at, code, LW_V_REQUEST_TIMEOUT);
	if (!at->error.killed)
		fail("a child that hangs was not killed");
	end_watching(&w);
	add(at->deaths, which, call.deadline_ns, returned);
	add(at->deaths, burial, returned, w.died_ns);
	recover(at);
}

static void
sample_hang(struct site *at)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	int64_t start;
	lw_code code;

	call.budgets.request_ms = DEADLINE_MS;
	start = now_ns();
	code = tell(at, "hang", &call);
	add(at->deaths, MOMENT_HANG, start + DEADLINE_MS * INT64_C(1000000), now_ns());
	must_end(at, code, LW_V_REQUEST_TIMEOUT);
	recover(at);
}

/* The real child, with a capability that is loaded. */
static void
sample_start(struct deaths *d)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_worker *worker = NULL;
	lw_session *session = NULL;
	int64_t start = now_ns(), started, opened;

	must(lw_worker_start(&options, NULL, &worker, &error), &error);
	started = now_ns();
	must(lw_session_open(worker, d->native, NULL, &session, &error), &error);
	opened = now_ns();
	add(d, MOMENT_SPAWN, start, started);
	add(d, MOMENT_OPEN, started, opened);
	lw_session_close(&session);
	lw_worker_close(&worker);
}

/* ---- Rounds -------------------------------------------------------------------------------- */

static void
round_of_small(struct deaths *d, unsigned count)
{
	struct site sites[CONTAINMENTS], best, ahead, ready;

	for (int i = 0; i < CONTAINMENTS; i++)
		if (d->contained[i])
			site_start(&sites[i], d, containments[i], &lazy);
	site_start(&best, d, LW_CONTAINMENT_BEST, &lazy);
	site_start(&ahead, d, LW_CONTAINMENT_BEST, &eager);
	site_start(&ready, d, LW_CONTAINMENT_BEST, &spare);
	recover(&ready);
	for (unsigned k = 0; k < count; k++) {
		(void)alarm(STALL_SECONDS);
		sample_bare_kill(d);
		sample_bare_timeout(d);
		for (int i = 0; i < CONTAINMENTS; i++)
			if (d->contained[i])
				sample_crash(&sites[i], (enum moment)(MOMENT_CRASH_PIDNS + i));
		sample_kill(&best, MOMENT_KILL, MOMENT_RECOVERY);
		sample_kill(&ahead, MOMENT_KILL_EAGER, MOMENT_RECOVERY_EAGER);
		sample_kill(&ready, MOMENT_KILL_SPARE, MOMENT_RECOVERY_SPARE);
		sample_cycle(&best, MOMENT_CYCLE);
		sample_cycle(&ready, MOMENT_CYCLE_SPARE);
		sample_hang(&best);
		sample_deadline(&best, 1, MOMENT_DEADLINE, MOMENT_BURIAL);
		sample_cancel(&best, 1, MOMENT_CANCEL);
		sample_heeded_cancel(&best);
		sample_start(d);
	}
	for (int i = 0; i < CONTAINMENTS; i++)
		if (d->contained[i])
			site_end(&sites[i]);
	site_end(&best);
	site_end(&ahead);
	site_end(&ready);
}

static void
round_of_big(struct deaths *d, unsigned count)
{
	struct site big;

	site_start(&big, d, LW_CONTAINMENT_BEST, &lazy);
	for (unsigned k = 0; k < count; k++) {
		(void)alarm(STALL_SECONDS);
		sample_deadline(&big, d->big_mib, MOMENT_DEADLINE_BIG, MOMENT_BURIAL_BIG);
		sample_cancel(&big, d->big_mib, MOMENT_CANCEL_BIG);
	}
	site_end(&big);
}

/* The share of one round, so that all rounds together make the whole. */
static unsigned
share(unsigned all, unsigned rounds, unsigned round)
{
	return all * (round + 1) / rounds - all * round / rounds;
}

static unsigned long
free_mib(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	unsigned long kib = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "MemAvailable: %lu", &kib) == 1)
			break;
	if (f != NULL)
		(void)fclose(f);
	return kib / 1024;
}

static void
run(struct deaths *d)
{
	if (free_mib() < (unsigned long)BIG_ROOM * d->big_mib)
		d->big_samples = 0;
	for (unsigned i = 0; i < d->rounds; i++) {
		round_of_small(d, share(d->samples, d->rounds, i));
		if (d->big_samples > 0)
			round_of_big(d, share(d->big_samples, d->rounds, i));
	}
}

/*
 * Before everybody else on this machine, and the children after us: what is left is our own time,
 * whatever the neighbours do.
 */
static void
be_urgent(void)
{
	struct sched_param urgent = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &urgent) != 0)
		fail("--urgent: %s", strerror(errno));
}

static void
begin(struct deaths *d)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	struct site trial;

	if (d->urgent)
		be_urgent();
	moments_init(&d->moments, d->samples + d->big_samples, d->big_mib);
	d->moments.urgent = d->urgent;
	must(lw_cancel_token_create(&d->token, &error), &error);
	options.host = "chaos";
	options.library = options.module = "none";
	must(lw_capability_create(&options, &d->chaos, &error), &error);
	options.host = "native";
	options.library = BENCH_GUEST_NATIVE;
	options.module = NULL;
	must(lw_capability_create(&options, &d->native, &error), &error);
	for (int i = 0; i < CONTAINMENTS; i++) {
		d->contained[i] = try_start(&trial, d, containments[i], &lazy);
		site_end(&trial);
	}
}

static void
end(struct deaths *d)
{
	lw_capability_free(&d->chaos);
	lw_capability_free(&d->native);
	lw_cancel_token_free(&d->token);
}

/* ---- Options ------------------------------------------------------------------------------- */

static _Noreturn void
usage(FILE *out, int status)
{
	fputs("usage: bench-deaths [option...]\n"
	      "  --samples N       of each figure, 300\n"
	      "  --big-samples N   of those with a big child, 60; 0: none\n"
	      "  --big-mib N       its size, 2048\n"
	      "  --rounds N        in which they are taken in turn, 10\n"
	      "  --urgent          SCHED_FIFO: neighbours do not count\n"
	      "  --json FILE       the figures for programs\n"
	      "  --commit TEXT     what is measured\n",
	    out);
	exit(status);
}

static unsigned
number(const char *text, unsigned least)
{
	char *rest;
	long value = strtol(text, &rest, 10);

	if (*text == '\0' || *rest != '\0' || value < (long)least || value > 100000)
		usage(stderr, 2);
	return (unsigned)value;
}

static void
read_options(struct deaths *d, int argc, char **argv)
{
	static const struct option options[] = {
		{ "samples", 1, NULL, 's' },
		{ "big-samples", 1, NULL, 'b' },
		{ "big-mib", 1, NULL, 'm' },
		{ "rounds", 1, NULL, 'r' },
		{ "urgent", 0, NULL, 'u' },
		{ "json", 1, NULL, 'j' },
		{ "commit", 1, NULL, 'v' },
		{ "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 's':
			d->samples = number(optarg, 1);
			break;
		case 'b':
			d->big_samples = number(optarg, 0);
			break;
		case 'm':
			d->big_mib = number(optarg, 1);
			break;
		case 'r':
			d->rounds = number(optarg, 1);
			break;
		case 'u':
			d->urgent = true;
			break;
		case 'j':
			d->json = optarg;
			break;
		case 'v':
			d->commit = optarg;
			break;
		case 'h':
			usage(stdout, 0);
		default:
			usage(stderr, 2);
		}
	if (optind != argc)
		usage(stderr, 2);
}

int
main(int argc, char **argv)
{
	static struct deaths d = { .rounds = 10,
		.samples = 300,
		.big_samples = 60,
		.big_mib = 2048,
		.commit = "unknown" };

	read_options(&d, argc, argv);
	begin(&d);
	run(&d);
	end(&d);
	moments_finish(&d.moments, d.commit);
	moments_print(&d.moments, stdout);
	if (d.json != NULL && !moments_write_json(&d.moments, d.json))
		fail("cannot write %s", d.json);
	moments_free(&d.moments);
	return 0;
}
