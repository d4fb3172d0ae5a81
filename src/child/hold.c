/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holding a program that is not ours, such as Lake, together with all that it starts: also what left its
 * process group comes back to this process, and is ended with it. Not in a pid namespace, as workers
 * are: Lean asks /proc for its own executable by the number that it has inside, which /proc, mounted
 * outside, knows as another's.
 */
#include "child/hold.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"
#include "child/child.h"
#include "child/contain.h"
#include "wire/inspection.h"

static _Noreturn void
leave(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", CHILD_PROGRAM, what, strerror(errno));
	_exit(HOLD_NOT_STARTED);
}

static _Noreturn void
execute(char *const *program)
{
	int order = HOLD_FD_ORDER, parent = HOLD_FD_PARENT;

	sys_close(&order);
	sys_close(&parent);
	(void)setpgid(0, 0);
	(void)execv(program[0], program);
	leave(program[0]);
}

/* Until the program has ended, or must. */
static void
wait_for_end(int program)
{
	struct pollfd events[] = {
		{ .fd = program, .events = POLLIN },
		{ .fd = HOLD_FD_ORDER, .events = POLLIN },
		{ .fd = HOLD_FD_PARENT, .events = POLLIN },
	};

	while (sys_poll(events, 3, -1) < 0 && errno == EINTR)
		;
}

static int
status_of(int status)
{
	return WIFSIGNALED(status) ? HOLD_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

_Noreturn void
hold_main(char *const *program)
{
	struct containment containment;
	enum warden_step step;
	struct rusage usage;
	int pidfd, status = 0;
	pid_t pid;

	if (!contain_enter(CONTAINMENT_SUBREAPER, &containment, &step))
		leave("cannot hold a program");
	pid = sys_fork();
	if (pid == 0)
		execute(program);
	if (pid < 0)
		leave("cannot start a program");
	pidfd = sys_pidfd_open(pid);
	if (pidfd >= 0)
		wait_for_end(pidfd);
	(void)contain_clear(&containment, pid, &status, &usage);
	_exit(status_of(status));
}
