/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warden: the small trusted process between parent and worker. It never loads a capability; it
 * waits for the worker's end, the parent's end, or an order, then leaves nobody behind and says how
 * the worker ended.
 *
 * Order matters. It waits for CONFIGURE first, so that it is alive when the parent opens a pidfd on
 * it: a child that ends sooner may be gone for good where SIGCHLD is ignored.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/sys.h"
#include "child/child.h"
#include "child/contain.h"
#include "wire/fds.h"
#include "wire/warden.h"

struct warden {
	struct containment containment;
	pid_t worker;
	int worker_pidfd;
	int children; /* readable when one has ended or stopped */
	bool ordered; /* the worker was alive when we were told to kill it */
};

static void
report(const struct warden_record *record)
{
	uint8_t bytes[WARDEN_RECORD_SIZE];

	warden_record_encode(record, bytes);
	/* A parent that is gone needs no report. */
	(void)sys_send(WIRE_FD_WARDEN, bytes, sizeof bytes);
}

/* Leaves as if it had never begun: what was started so far goes first. */
static _Noreturn void
fail(struct warden *w, enum warden_step step)
{
	struct warden_record record = { .kind = WARDEN_FAILED };
	struct rusage usage;
	int status;

	record.value[FAILED_STEP] = step;
	record.value[FAILED_ERRNO] = (uint64_t)errno;
	if (w->worker > 0)
		(void)sys_kill(w->worker, SIGKILL);
	if (w->containment.kind != 0)
		(void)contain_clear(&w->containment, w->worker, &status, &usage);
	report(&record);
	_exit(EXIT_FAILURE);
}

/* The next record from the parent; false when it is gone or says something that it never says. */
static bool
receive(struct warden_record *ret_record)
{
	uint8_t bytes[WARDEN_RECORD_SIZE + 1]; /* one more, so that a longer packet shows */
	ssize_t n = sys_recv(WIRE_FD_WARDEN, bytes, sizeof bytes);

	if (n == 0)
		errno = ECONNRESET; /* for fail() to tell */
	return n > 0 && warden_record_decode(bytes, (size_t)n, ret_record);
}

static void
start_worker(struct warden *w, const struct child_configuration *configuration)
{
	int self = sys_pidfd_open(getpid());

	if (self < 0)
		fail(w, WARDEN_STEP_WATCH);
	w->worker = sys_fork();
	if (w->worker < 0)
		fail(w, WARDEN_STEP_FORK);
	if (w->worker == 0)
		worker_main(configuration, self);
	sys_close(&self);
	w->worker_pidfd = sys_pidfd_open(w->worker);
	if (w->worker_pidfd < 0)
		fail(w, WARDEN_STEP_WATCH);
}

/* Keeps the report channel, the two pidfds and init's order pipe; the log pipe is not ours. */
static void
drop_inherited(void)
{
	int control = WIRE_FD_CONTROL, event = WIRE_FD_EVENT, cancel = WIRE_FD_CANCEL,
	    ring = WIRE_FD_RING;

	sys_close(&control);
	sys_close(&event);
	sys_close(&cancel);
	sys_close(&ring);
	(void)dup2(WIRE_FD_STDIN, WIRE_FD_STDOUT);
	(void)dup2(WIRE_FD_STDIN, WIRE_FD_STDERR);
}

static void
report_started(const struct warden *w)
{
	struct warden_record record = { .kind = WARDEN_STARTED };

	record.value[STARTED_PID] = (uint64_t)w->worker;
	record.value[STARTED_CONTAINMENT] = w->containment.kind;
	report(&record);
}

static bool
worker_ended(const struct warden *w)
{
	struct pollfd ended = { .fd = w->worker_pidfd, .events = POLLIN };

	return sys_poll(&ended, 1, 0) > 0;
}

/* Tells of children that end or stop. -1 is fine: then a traced worker is ended by its time. */
static int
watch_children(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Lets what has stopped go on, with the signal that it stopped at. */
static void
release_stopped(void)
{
	siginfo_t info = { 0 };

	while (sys_wait_any(&info, WSTOPPED | WNOHANG | __WALL) > 0) {
		if (info.si_code == CLD_TRAPPED)
			(void)ptrace(PTRACE_DETACH, info.si_pid, NULL, (long)info.si_status);
	}
}

/* Reaps dead threads, which nobody but their tracer can; the worker itself is reaped at its burial. */
static void
release_dead_threads(const struct warden *w)
{
	siginfo_t info = { 0 };

	while (sys_wait_any(&info, WEXITED | WNOHANG | WNOWAIT | __WCLONE) > 0 &&
	       info.si_pid != w->worker)
		(void)sys_wait4(info.si_pid, NULL, __WALL, NULL);
}

/*
 * A worker that asks to be traced makes this process its tracer, without whom it stops at every
 * signal, and does not end. It is let go, so that a crash is an end and not a silence.
 */
static void
release_traced(const struct warden *w)
{
	struct signalfd_siginfo told;

	while (w->children >= 0 && sys_read(w->children, &told, sizeof told) > 0)
		;
	release_stopped();
	release_dead_threads(w);
}

/* Returns when the worker has ended or must end. */
static void
watch(struct warden *w)
{
	struct warden_record order;
	struct pollfd events[] = {
		{ .fd = w->worker_pidfd, .events = POLLIN },
		{ .fd = WIRE_FD_PARENT, .events = POLLIN },
		{ .fd = WIRE_FD_WARDEN, .events = POLLIN },
		{ .fd = w->children, .events = POLLIN },
	};

	for (;;) {
		release_traced(w); /* the first time for what was before the watch */
		if (sys_poll(events, 4, -1) < 0)
			continue; /* EINTR: a stop and continue, no more */
		if (events[0].revents != 0 || events[1].revents != 0)
			return;
		/* EOF, KILL, or nonsense: whoever holds the other end wants no more of this. */
		if (events[2].revents != 0 && (!receive(&order) || order.kind == WARDEN_KILL))
			return;
	}
}

static uint64_t
microseconds(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static void
report_end(const struct warden *w, enum warden_record_kind kind, int status,
    const struct rusage *usage, uint64_t survivors)
{
	struct warden_record record = { .kind = kind };

	record.value[EXIT_STATUS] = (uint64_t)(uint32_t)status;
	record.value[EXIT_ORDERED] = w->ordered;
	record.value[EXIT_SURVIVORS] = survivors;
	record.value[EXIT_CONTAINMENT] = w->containment.kind;
	record.value[EXIT_USER_US] = microseconds(usage->ru_utime);
	record.value[EXIT_SYSTEM_US] = microseconds(usage->ru_stime);
	record.value[EXIT_PEAK_KIB] = (uint64_t)usage->ru_maxrss;
	report(&record);
}

/*
 * The worker's end is told before its descendants are ended, which may take a while; and it is only
 * reaped after them, because one that traces it could hold it.
 */
static void
bury(struct warden *w)
{
	struct pollfd events[] = {
		{ .fd = w->worker_pidfd, .events = POLLIN },
		{ .fd = w->children, .events = POLLIN },
	};
	struct rusage usage = { 0 };
	uint64_t survivors;
	int status = 0;

	w->ordered = !worker_ended(w);
	(void)sys_pidfd_kill(w->worker_pidfd, SIGKILL);
	while (!worker_ended(w)) {
		(void)sys_poll(events, 2, -1);
		release_traced(w);
	}
	if (sys_pidfd_peek(w->worker_pidfd, &status, &usage) == 0)
		report_end(w, WARDEN_ENDED, status, &usage, 0);
	survivors = contain_clear(&w->containment, w->worker, &status, &usage);
	report_end(w, WARDEN_EXIT, status, &usage, survivors);
}

void
warden_main(void)
{
	struct warden w = { .worker_pidfd = -1, .children = -1 };
	struct warden_record first;
	struct child_configuration configuration;
	enum warden_step step;

	if (!receive(&first) || first.kind != WARDEN_CONFIGURE)
		fail(&w, WARDEN_STEP_CONFIGURE);
	configuration.generation = (uint32_t)first.value[CONFIGURE_GENERATION];
	configuration.row_cap = first.value[CONFIGURE_ROW_CAP];
	configuration.ring_room = first.value[CONFIGURE_RING_ROOM];
	if (!contain_enter(first.value[CONFIGURE_CONTAINMENT], &w.containment, &step))
		fail(&w, step);
	start_worker(&w, &configuration);
	(void)prctl(PR_SET_NAME, "lw-warden");
	(void)prctl(PR_SET_DUMPABLE, 0); /* a worker of the same user may not trace it */
	drop_inherited();
	if (!contain_wait(&w.containment))
		fail(&w, WARDEN_STEP_INIT);
	w.children = watch_children();
	report_started(&w);
	watch(&w);
	bury(&w);
	_exit(EXIT_SUCCESS);
}
