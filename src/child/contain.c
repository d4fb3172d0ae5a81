/* SPDX-License-Identifier: Apache-2.0 */
#include "child/contain.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/sys.h"

#define INIT_GRACE_MS 2000
#define SURVIVORS_MAX 255 /* what fits an exit status */

static bool
write_file(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && sys_write(fd, text, size) == (ssize_t)size;

	sys_close(&fd);
	return written;
}

/* The same user and group inside as outside: files keep their owners for the capability. */
static bool
map_identity(uid_t uid, gid_t gid)
{
	char uid_line[64], gid_line[64];
	int uid_size = snprintf(uid_line, sizeof uid_line, "%u %u 1\n", uid, uid);
	int gid_size = snprintf(gid_line, sizeof gid_line, "%u %u 1\n", gid, gid);

	return write_file("/proc/self/uid_map", uid_line, (size_t)uid_size) &&
	       write_file("/proc/self/setgroups", "deny", 4) &&
	       write_file("/proc/self/gid_map", gid_line, (size_t)gid_size);
}

static bool
enter_user_namespace(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	return unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0 && map_identity(uid, gid);
}

/*
 * Tried in a process that is thrown away: where unshare works and the maps are refused, we would be
 * left inside a namespace in which nothing is ours.
 */
static bool
user_namespaces_work(void)
{
	int status = -1;
	pid_t probe = sys_fork();

	if (probe == 0)
		_exit(enter_user_namespace() ? EXIT_SUCCESS : EXIT_FAILURE);
	return probe > 0 && sys_wait4(probe, &status, 0, NULL) == probe && status == 0;
}

static bool
try_kind(enum warden_containment kind)
{
	switch (kind) {
	case CONTAINMENT_PID_NAMESPACE:
		return unshare(CLONE_NEWPID) == 0;
	case CONTAINMENT_USER_PID_NAMESPACE:
		errno = EPERM;
		return user_namespaces_work() && enter_user_namespace();
	case CONTAINMENT_SUBREAPER:
		return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
	}
	errno = EINVAL;
	return false;
}

static uint64_t
kill_everybody(void)
{
	uint64_t killed = 0;

	(void)signal(SIGCHLD, SIG_DFL);
	(void)sys_kill(-1, SIGKILL); /* everybody in this namespace but ourselves */
	while (sys_wait4(-1, NULL, 0, NULL) > 0)
		killed++;
	return killed < SURVIVORS_MAX ? killed : SURVIVORS_MAX;
}

/*
 * The namespace's init: lets orphans be reaped unseen until the warden closes its end, then ends
 * everybody and answers their number as exit status. Never the worker itself: signals to an init
 * lie, and so would the worker's exit status.
 */
static _Noreturn void
init_main(int order_fd, int ready_fd)
{
	char byte = 0;

	(void)prctl(PR_SET_NAME, "lw-init");
	(void)signal(SIGCHLD, SIG_IGN);
	(void)dup2(order_fd, 0);
	(void)dup2(ready_fd, 1);
	(void)sys_close_from(2);
	(void)sys_write(1, &byte, 1);
	(void)sys_close_from(1);
	(void)sys_read(0, &byte, 1);
	_exit((int)kill_everybody());
}

static bool
start_init(struct containment *c)
{
	int order[2], ready[2];

	if (sys_pipe(order) < 0)
		return false;
	if (sys_pipe(ready) < 0) {
		sys_close(&order[0]);
		sys_close(&order[1]);
		return false;
	}
	c->init = sys_fork();
	if (c->init == 0) {
		sys_close(&order[1]);
		init_main(order[0], ready[1]);
	}
	sys_close(&order[0]);
	sys_close(&ready[1]);
	c->order_fd = order[1];
	c->ready_fd = ready[0];
	if (c->init < 0) {
		sys_close(&c->order_fd);
		sys_close(&c->ready_fd);
	}
	return c->init > 0;
}

bool
contain_wait(struct containment *c)
{
	char byte;
	bool ready = c->ready_fd < 0 || sys_read(c->ready_fd, &byte, 1) == 1;

	sys_close(&c->ready_fd);
	return ready;
}

/*
 * Inside its namespace a process has every capability, and the worker needs none. Nor shall a program
 * that it executes get them back for being root's.
 */
static void
give_up_powers(void)
{
	(void)prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED);
	(void)sys_drop_capabilities();
}

bool
contain_enter(uint64_t wanted, struct containment *ret, enum warden_step *ret_step)
{
	struct containment c = { .init = 0, .order_fd = -1, .ready_fd = -1 };
	uint64_t kind = wanted ? wanted : CONTAINMENT_PID_NAMESPACE;
	uint64_t last = wanted ? wanted : CONTAINMENT_SUBREAPER;

	*ret_step = WARDEN_STEP_CONTAIN;
	while (!try_kind((enum warden_containment)kind))
		if (kind++ >= last)
			return false;
	c.kind = (enum warden_containment)kind;
	*ret_step = WARDEN_STEP_INIT;
	if (c.kind != CONTAINMENT_SUBREAPER && !start_init(&c))
		return false;
	if (c.kind == CONTAINMENT_USER_PID_NAMESPACE)
		give_up_powers();
	*ret = c;
	return true;
}

/*
 * Tells init to end everybody, and waits for it. The worker is reaped in between: before, one that
 * traces it could hold it; after, init would wait for that for ever.
 */
static uint64_t
clear_namespace(struct containment *c, pid_t worker, int *ret_status, struct rusage *ret_usage)
{
	int pidfd = sys_pidfd_open(c->init), status = 0;
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	sys_close(&c->order_fd);
	if (worker > 0)
		(void)sys_wait4(worker, ret_status, 0, ret_usage);
	if (pidfd < 0 || sys_poll(&ended, 1, INIT_GRACE_MS) <= 0)
		(void)sys_kill(c->init, SIGKILL);
	(void)sys_wait4(c->init, &status, 0, NULL);
	sys_close(&pidfd);
	return WIFEXITED(status) ? (uint64_t)WEXITSTATUS(status) : SURVIVORS_MAX;
}

/* Signals every pid of a list in which each is followed by a space; a cut one at the end is not. */
static bool
kill_listed(const char *list)
{
	bool any = false;
	char *next;

	for (const char *at = list; *at != '\0'; at = next + 1) {
		long pid = strtol(at, &next, 10);

		if (next == at || *next != ' ')
			break;
		any = sys_kill((pid_t)pid, SIGKILL) == 0 || any;
	}
	return any;
}

/* Kills the children that the kernel lists for us: unreaped, so no pid can be another's. */
static bool
kill_children(void)
{
	char path[64], list[4096];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	fd = sys_open_read(path);
	n = fd >= 0 ? sys_read(fd, list, sizeof list - 1) : 0;
	sys_close(&fd);
	list[n > 0 ? n : 0] = '\0';
	return kill_listed(list);
}

/*
 * The next child to have ended, killing all that the kernel lists when none has yet; 0 or less when
 * there is none to wait for. Listed anew that often and no more: a crowd makes a long list.
 */
static pid_t
next_ended(int *ret_status, struct rusage *ret_usage)
{
	pid_t ended = sys_wait4(-1, ret_status, WNOHANG, ret_usage);

	if (ended == 0 && kill_children())
		ended = sys_wait4(-1, ret_status, 0, ret_usage);
	return ended;
}

/*
 * Each killed child hands us its own children, so it takes as many rounds as the tree is deep. The
 * worker is among them, and may only be reaped once a descendant that traces it is gone. Where /proc
 * is not mounted only the worker's process group can be found.
 */
static uint64_t
clear_orphans(pid_t worker, int *ret_status, struct rusage *ret_usage)
{
	uint64_t killed = 0;
	struct rusage usage;
	int status;
	pid_t ended;

	if (worker > 0)
		(void)sys_kill(-worker, SIGKILL);
	while ((ended = next_ended(&status, &usage)) > 0) {
		if (ended == worker) {
			*ret_status = status;
			*ret_usage = usage;
		} else {
			killed++;
		}
	}
	return killed;
}

uint64_t
contain_clear(struct containment *c, pid_t worker, int *ret_status, struct rusage *ret_usage)
{
	return c->kind == CONTAINMENT_SUBREAPER ? clear_orphans(worker, ret_status, ret_usage)
						: clear_namespace(c, worker, ret_status, ret_usage);
}
