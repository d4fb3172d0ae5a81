/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the worker does to its own process before the first capability code may run.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sys.h"
#include "child/child.h"
#include "child/serve.h"
#include "wire/fds.h"

/* Lean recurses deeply; the kernel grows a main thread's stack up to its soft limit on demand. */
#define STACK_WANTED ((rlim_t)1 << 30)
#define CANCEL_PAGE  4096

/* Dies with the warden. Its pidfd shows an end that came before the prctl. */
static void
follow_warden(int warden_pidfd)
{
	struct pollfd ended = { .fd = warden_pidfd, .events = POLLIN };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sys_poll(&ended, 1, 0) != 0)
		_exit(EXIT_FAILURE);
}

static void
raise_stack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max < STACK_WANTED ? limit.rlim_max : STACK_WANTED;
	(void)setrlimit(RLIMIT_STACK, &limit);
}

/* A core dump of a big process would hold up its death for minutes, and spill what it holds. */
static void
forbid_core(void)
{
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	(void)prctl(PR_SET_DUMPABLE, 0);
}

static const volatile uint32_t *
map_stop_flag(void)
{
	int fd = WIRE_FD_CANCEL;
	void *page = sys_map(fd, CANCEL_PAGE, PROT_READ);

	sys_close(&fd);
	if (page == NULL) {
		perror(CHILD_PROGRAM ": cannot map the cancel page");
		_exit(EXIT_FAILURE);
	}
	return page;
}

void
worker_main(const struct child_configuration *configuration, int warden_pidfd)
{
	static struct lane lane;
	const volatile uint32_t *stop_flag;

	follow_warden(warden_pidfd);
	stop_flag = map_stop_flag();
	lane_open(&lane, configuration->ring_room, (const void *)stop_flag);
	(void)sys_close_from(WIRE_FD_WARDEN);
	(void)sys_set_close_on_exec(WIRE_FD_CONTROL); /* the lanes are this process's, and no */
	(void)sys_set_close_on_exec(WIRE_FD_EVENT);   /* program's that a capability starts */
	(void)setsid(); /* leads its own group, which the warden can kill without killing itself */
	(void)prctl(PR_SET_NAME, "lw-worker");
	forbid_core();
	raise_stack();
	(void)setvbuf(stdout, NULL, _IOLBF, 0); /* log text is live; a pipe would make it blocks */
	serve(configuration, stop_flag, &lane);
}
