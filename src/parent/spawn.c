/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/error.h"
#include "parent/launch.h"
#include "wire/fds.h"

#define LOG_PIPE_SIZE (1 << 20) /* a child may chatter while the application is elsewhere */

/* Not in the headers of Linux before 5.1, nor in those of every libc. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/* Both ends of everything: the parent's in `mine`, the child's under their wire number. */
struct ends {
	struct spawned mine;
	int child[WIRE_FD_COUNT]; /* -1 where there is none */
};

static void
ends_init(struct ends *e)
{
	e->mine = (struct spawned){
		.warden_pidfd = -1, .control = -1, .event = -1, .report = -1, .log = -1
	};
	for (int i = 0; i < WIRE_FD_COUNT; i++)
		e->child[i] = -1;
}

static void
ends_close_child(struct ends *e)
{
	for (int i = 0; i < WIRE_FD_COUNT; i++)
		sys_close(&e->child[i]);
}

static void
ends_close(struct ends *e)
{
	ends_close_child(e);
	sys_close(&e->mine.warden_pidfd);
	sys_close(&e->mine.control);
	sys_close(&e->mine.event);
	sys_close(&e->mine.report);
	sys_close(&e->mine.log);
	sys_unmap((void *)e->mine.stop, SPAWN_STOP_PAGE);
	sys_unmap((void *)(uintptr_t)e->mine.ring, RING_SIZE(RING_ROOM));
}

static bool
make_socket(struct ends *e, int type, int place, int *ret_mine)
{
	int pair[2];

	if (sys_socketpair(type, pair) < 0)
		return false;
	*ret_mine = pair[0];
	e->child[place] = pair[1];
	return sys_set_nonblocking(pair[0]) == 0;
}

/* stdout and stderr share one pipe, so that the order of what they say is kept. */
static bool
make_log(struct ends *e)
{
	int pair[2];

	if (sys_pipe(pair) < 0)
		return false;
	e->mine.log = pair[0];
	e->child[WIRE_FD_STDOUT] = pair[1];
	/* A user's quota may refuse: then it is smaller. */
	(void)sys_set_pipe_size(pair[0], LOG_PIPE_SIZE);
	e->child[WIRE_FD_STDERR] = sys_duplicate(pair[1], LAUNCH_FD_MIN);
	return e->child[WIRE_FD_STDERR] >= 0 && sys_set_nonblocking(pair[0]) == 0;
}

/* Mapped first and sealed then: from there on only this mapping can write the page. */
static bool
make_stop_page(struct ends *e)
{
	int fd = sys_memfd("leanworker-stop", SPAWN_STOP_PAGE);
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;

	e->child[WIRE_FD_CANCEL] = fd;
	if (fd < 0)
		return false;
	e->mine.stop = sys_map(fd, SPAWN_STOP_PAGE, PROT_READ | PROT_WRITE);
	return e->mine.stop != NULL && sys_seal(fd, seals) == 0;
}

/*
 * The child writes it and we only read. Its size is sealed, so that nothing can be cut off under our
 * eyes. Where it cannot be made the socket is the lane.
 */
static void
make_ring(struct ends *e)
{
	int fd = sys_memfd("leanworker-ring", RING_SIZE(RING_ROOM));
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

	if (fd < 0)
		return;
	if (sys_seal(fd, seals) == 0)
		e->mine.ring = sys_map(fd, RING_SIZE(RING_ROOM), PROT_READ);
	if (e->mine.ring == NULL)
		sys_close(&fd);
	e->child[WIRE_FD_RING] = fd;
}

/* Nothing of ours at 0 to 2, where an application that closed them still prints. */
static bool
raise_own_end(int *fd)
{
	*fd = sys_raise_fd(*fd, SPAWN_FD_MIN);
	return *fd >= 0;
}

static bool
raise_own_ends(struct ends *e)
{
	return raise_own_end(&e->mine.control) && raise_own_end(&e->mine.event) &&
	       raise_own_end(&e->mine.report) && raise_own_end(&e->mine.log);
}

static bool
raise_child_ends(struct ends *e)
{
	bool raised = true;

	for (int i = WIRE_FD_STDOUT; i < WIRE_FD_COUNT; i++) {
		if (i == WIRE_FD_RING && e->child[i] < 0)
			continue;
		e->child[i] = sys_raise_fd(e->child[i], LAUNCH_FD_MIN);
		raised = raised && e->child[i] >= 0;
	}
	return raised;
}

static bool
ends_make(struct ends *e)
{
	ends_init(e);
	make_ring(e);
	e->child[WIRE_FD_PARENT] = sys_pidfd_open(getpid());
	return e->child[WIRE_FD_PARENT] >= 0 &&
	       make_socket(e, SOCK_STREAM, WIRE_FD_CONTROL, &e->mine.control) &&
	       make_socket(e, SOCK_STREAM, WIRE_FD_EVENT, &e->mine.event) &&
	       make_socket(e, SOCK_SEQPACKET, WIRE_FD_WARDEN, &e->mine.report) && make_log(e) &&
	       make_stop_page(e) && raise_own_ends(e) && raise_child_ends(e);
}

static int
spawn(const struct ends *e, const char *path, char *const *environment, pid_t *ret_pid)
{
	char *arguments[] = { (char *)path, (char *)WIRE_WARDEN_ARGUMENT, NULL };
	struct launch order = { .path = path,
		.arguments = arguments,
		.environment = environment,
		.fds = e->child,
		.fd_count = WIRE_FD_COUNT };

	return launch(&order, ret_pid);
}

/* There is no second engine: without these calls nothing that is promised can be kept. */
static lw_code
check_kernel(struct lw_error *ret_error)
{
	int pidfd = sys_pidfd_open(getpid());

	if (pidfd < 0 && errno == ENOSYS)
		return error_set(ret_error, LW_V_UNSUPPORTED,
		    "this system has no pidfd_open; leanworker needs Linux 5.10 or later");
	sys_close(&pidfd);
	if (sys_close_from(INT_MAX) < 0 && errno == ENOSYS)
		return error_set(ret_error, LW_V_UNSUPPORTED,
		    "this system has no close_range; leanworker needs Linux 5.10 or later");
	return LW_OK;
}

/*
 * Our child waits for CONFIGURE and so is still there. Another program may have ended, and be gone
 * where SIGCHLD is ignored: ESRCH.
 */
static lw_code
hold_warden(struct ends *e, const char *path, struct lw_error *ret_error)
{
	lw_code code;

	e->mine.warden_pidfd = sys_pidfd_open(e->mine.warden);
	if (e->mine.warden_pidfd >= 0 && raise_own_end(&e->mine.warden_pidfd))
		return LW_OK;
	if (errno == ESRCH)
		return error_set(ret_error, LW_V_WRONG_PROGRAM,
		    "%s ended at once; it is not leanworker-child, or it cannot run here", path);
	code = error_set_errno(ret_error, LW_V_SYSTEM_CALL, "cannot open a pidfd of the child");
	(void)sys_kill(e->mine.warden, SIGKILL);
	(void)sys_wait4(e->mine.warden, NULL, 0, NULL);
	return code;
}

lw_code
spawn_child(
    const char *path, char *const *environment, struct spawned *ret, struct lw_error *ret_error)
{
	struct ends e;
	lw_code code = check_kernel(ret_error);
	int fault;

	if (code != LW_OK)
		return code;
	if (!ends_make(&e)) {
		code = error_set_errno(
		    ret_error, LW_V_SYSTEM_CALL, "cannot make a child's descriptors");
		ends_close(&e);
		return code;
	}
	fault = spawn(&e, path, environment, &e.mine.warden);
	ends_close_child(&e);
	if (fault != 0) {
		errno = fault;
		code = error_set_errno(ret_error, LW_V_CHILD_NOT_STARTED, path);
		ends_close(&e);
		return code;
	}
	code = hold_warden(&e, path, ret_error);
	if (code != LW_OK)
		ends_close(&e);
	else
		*ret = e.mine;
	return code;
}
