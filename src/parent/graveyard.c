/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/graveyard.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/proc.h"
#include "parent/spawn.h"

#define GRAVES 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t owner; /* a forked copy of this process has descriptors, but no children */
static int graves[GRAVES];
static unsigned count;

static bool
has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return sys_poll(&end, 1, 0) > 0;
}

static void
forget_those_of_another_process(void)
{
	if (owner == getpid())
		return;
	while (count > 0)
		sys_close(&graves[--count]);
	owner = getpid();
}

static void
sweep(void)
{
	siginfo_t info;

	for (unsigned i = 0; i < count;) {
		if (!has_ended(graves[i])) {
			i++;
			continue;
		}
		(void)sys_pidfd_wait(graves[i], &info, WEXITED | WNOHANG);
		sys_close(&graves[i]);
		graves[i] = graves[--count];
	}
}

/*
 * Never waits for the lock: another thread has it for a moment only, and in a copy that was forked in
 * that moment nobody will give it back. Later is as good.
 */
static bool
lock_and_sweep(void)
{
	if (pthread_mutex_trylock(&lock) != 0)
		return false;
	forget_those_of_another_process();
	sweep();
	return true;
}

void
graveyard_take(int *pidfd)
{
	if (lock_and_sweep()) {
		if (*pidfd >= 0 && count < GRAVES) {
			graves[count++] = *pidfd;
			*pidfd = -1;
		}
		(void)pthread_mutex_unlock(&lock);
	}
	sys_close(pidfd);
}

void
graveyard_sweep(void)
{
	if (lock_and_sweep())
		(void)pthread_mutex_unlock(&lock);
}

/*
 * By pidfd, so that it cannot be another process later; and only if that is the warden's child after
 * the pidfd was had, and the warden, whose number might be another's too, has not ended even then.
 */
static void
end_child(pid_t pid, pid_t warden, int warden_pidfd)
{
	int pidfd = sys_raise_fd(sys_pidfd_open(pid), SPAWN_FD_MIN);

	if (pidfd >= 0 && proc_is_child(pid, warden) && !has_ended(warden_pidfd)) {
		(void)sys_pidfd_kill(pidfd, SIGKILL);
		graveyard_take(&pidfd);
	}
	sys_close(&pidfd);
}

void
graveyard_take_children(pid_t warden, int warden_pidfd)
{
	char path[64], list[PROC_ROOM], *next;

	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", warden, warden);
	if (!proc_read(path, list))
		return;
	for (char *at = list; *at != '\0'; at = next + 1) {
		long pid = strtol(at, &next, 10);

		if (next == at || *next != ' ')
			break;
		end_child((pid_t)pid, warden, warden_pidfd);
	}
}
