/* SPDX-License-Identifier: Apache-2.0 */
#include "latency.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "series.h"

#define COUNT_MAX 4096

static double
microseconds_since(int64_t start)
{
	return (double)(now_ns() - start) / 1e3;
}

double
latency_trip_bare(const struct peer *p, size_t count)
{
	const struct peer_command command = { .task = PEER_PONG, .count = count };
	struct pollfd ready = { .fd = p->pings, .events = POLLIN };
	double took[COUNT_MAX];
	char text[16];

	peer_tell(p, &command);
	for (size_t i = 0; i < count; i++) {
		int64_t start = now_ns();

		if (send(p->pings, "{}", 2, MSG_NOSIGNAL) != 2 || poll(&ready, 1, -1) != 1 ||
		    recv(p->pings, text, sizeof text, 0) != 2)
			fail("a bare round trip failed");
		took[i] = microseconds_since(start);
	}
	return median(took, count);
}

double
latency_trip_ours(struct ours *o, size_t count)
{
	double took[COUNT_MAX];

	for (size_t i = 0; i < count; i++) {
		int64_t start = now_ns();

		ours_call(o);
		took[i] = microseconds_since(start);
	}
	return median(took, count);
}

/*
 * What a worker's epoll watches: one that will be ready, and four that will not: the log's pipe, two
 * sockets, a pidfd.
 */
struct watched {
	int epoll, pipe[2], sockets[2], pidfd;
};

static void
watch(const struct watched *w, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		fail("epoll_ctl: %s", strerror(errno));
}

static void
watched_open(struct watched *w, const struct peer *p)
{
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (w->epoll < 0 || w->pidfd < 0 || pipe(w->pipe) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, w->sockets) != 0)
		fail("no descriptors: %s", strerror(errno));
	watch(w, p->wake, EPOLLIN);
	watch(w, w->pipe[0], EPOLLIN);
	watch(w, w->sockets[0], EPOLLIN);
	watch(w, w->sockets[1], 0);
	watch(w, w->pidfd, EPOLLIN);
}

static void
watched_close(struct watched *w)
{
	(void)close(w->epoll);
	(void)close(w->pidfd);
	for (int i = 0; i < 2; i++) {
		(void)close(w->pipe[i]);
		(void)close(w->sockets[i]);
	}
}

double
latency_wake_bare(const struct peer *p, size_t count)
{
	const struct peer_command command = { .task = PEER_WAKE, .count = count };
	double took[COUNT_MAX];
	struct epoll_event event;
	struct watched w;
	uint64_t times;

	watched_open(&w, p);
	peer_tell(p, &command);
	for (size_t i = 0; i < count; i += times) {
		if (epoll_wait(w.epoll, &event, 1, -1) != 1 || event.data.fd != p->wake ||
		    read(p->wake, &times, sizeof times) != sizeof times)
			fail("a bare wake failed");
		for (uint64_t k = 0; k < times; k++) /* more than one: we were late for all */
			took[i + k] = microseconds_since(*p->woken_at);
	}
	watched_close(&w);
	return median(took, count);
}

double
latency_wake_ours(struct ours *o, size_t count)
{
	double took[COUNT_MAX];

	ours_wake(o, took, count);
	return median(took, count) / 1e3;
}

double
latency_true(size_t count)
{
	char *const arguments[] = { (char *)"true", NULL }, *const environment[] = { NULL };
	double took[COUNT_MAX];

	for (size_t i = 0; i < count; i++) {
		int64_t start = now_ns();
		pid_t pid;
		int status;

		if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environment) != 0 ||
		    waitpid(pid, &status, 0) != pid || status != 0)
			fail("/bin/true cannot be run");
		took[i] = microseconds_since(start);
	}
	return median(took, count);
}

void
latency_spawn_ours(lw_containment containment, size_t count, double *ret_spawn, double *ret_cycle)
{
	double spawn[COUNT_MAX], cycle[COUNT_MAX];

	for (size_t i = 0; i < count; i++) {
		int64_t start = now_ns();
		struct ours o;

		ours_start(&o, OURS_NATIVE, containment);
		spawn[i] = microseconds_since(start);
		start = now_ns();
		ours_cycle(&o);
		cycle[i] = microseconds_since(start);
		ours_end(&o);
	}
	*ret_spawn = median(spawn, count);
	*ret_cycle = median(cycle, count);
}
