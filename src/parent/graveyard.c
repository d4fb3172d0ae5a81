/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/graveyard.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/sys.h"

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
