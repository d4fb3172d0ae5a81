/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/launch.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include "base/sys.h"

static int
add_actions(posix_spawn_file_actions_t *actions, const struct launch *order)
{
	int fault = 0;

	for (int i = 0; i < order->fd_count && fault == 0; i++)
		fault = order->fds[i] >= 0
			    ? posix_spawn_file_actions_adddup2(actions, order->fds[i], i)
			    : posix_spawn_file_actions_addopen(
				  actions, i, "/dev/null", O_RDONLY, 0);
	if (fault == 0)
		fault = posix_spawn_file_actions_addclosefrom_np(actions, order->fd_count);
	if (fault == 0 && order->folder != NULL)
		fault = posix_spawn_file_actions_addchdir_np(actions, order->folder);
	return fault;
}

/* Own session, empty signal mask, default dispositions: nothing of the application's leaks in. */
static int
set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	int fault;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	fault = posix_spawnattr_setsigmask(attributes, &none);
	if (fault == 0)
		fault = posix_spawnattr_setsigdefault(attributes, &all);
	return fault ? fault : posix_spawnattr_setflags(attributes, flags);
}

int
launch(const struct launch *order, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int fault;

	fault = posix_spawn_file_actions_init(&actions);
	if (fault != 0)
		return fault;
	fault = posix_spawnattr_init(&attributes);
	if (fault == 0) {
		fault = add_actions(&actions, order);
		if (fault == 0)
			fault = set_attributes(&attributes);
		if (fault == 0)
			fault = sys_spawn(ret_pid, order->path, &actions, &attributes,
			    order->arguments, order->environment);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return fault;
}
