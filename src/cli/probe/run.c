/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command line of the user's as fairly as a library call is run: a clock around it, no terminal,
 * its output read as fast as it comes, of which only the beginning is kept. It gets a process group of
 * its own, which is killed at the end however it ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

#define DRAINED     (-1) /* an output that has ended is polled no more */
#define DRAIN_READS 16

/* Standard input is empty; standard output and error are the pipe. */
static int
spawn(const char *command, int output, pid_t *ret_pid)
{
	char shell[] = "sh", option[] = "-c";
	char *arguments[] = { shell, option, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int fault;

	(void)sigemptyset(&none);
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&files, output, 1);
	(void)posix_spawn_file_actions_adddup2(&files, output, 2);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setpgroup(&attributes, 0);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	fault = posix_spawn(ret_pid, "/bin/sh", &files, &attributes, arguments, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&files);
	return fault;
}

/* What has come, in bytes. 0: there is no more to come; below: nothing now. */
static ssize_t
take_output(int output, struct probe_end *end)
{
	char text[1 << 16];
	ssize_t got = read(output, text, sizeof text);
	size_t room = sizeof end->output - end->output_size, kept;

	if (got <= 0)
		return got;
	kept = (size_t)got < room ? (size_t)got : room;
	memcpy(end->output + end->output_size, text, kept);
	end->output_size += kept;
	end->output_bytes += (uint64_t)got;
	return got;
}

/* Until it ends, or its time does, or the user's patience. */
static void
watch(int process, int output, int64_t deadline_ns, lw_cancel_token *cancel, struct probe_end *end)
{
	struct pollfd files[] = { { process, POLLIN, 0 }, { output, POLLIN, 0 } };

	while (!(files[0].revents & POLLIN)) {
		int64_t left_ms = (deadline_ns - cli_now_ns()) / 1000000 + 1;

		end->interrupted = lw_cancel_token_is_cancelled(cancel);
		end->timed_out = left_ms <= 0;
		if (end->interrupted || end->timed_out)
			return;
		/* An interrupt may come just before poll: it is looked for every 100 ms. */
		if (poll(files, 2, left_ms < 100 ? (int)left_ms : 100) <= 0)
			files[0].revents = files[1].revents = 0;
		if (files[1].revents != 0 && take_output(output, end) == 0)
			files[1].fd = DRAINED;
	}
}

/* Behind the end of its leader the group is still its own, until that is reaped. */
static void
end_group(pid_t pid, struct probe_end *end)
{
	struct rusage used = { .ru_maxrss = 0 };

	(void)kill(-pid, SIGKILL);
	while (wait4(pid, &end->status, 0, &used) < 0 && errno == EINTR)
		continue;
	end->cpu_us = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
		      (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* 0, or an errno. */
static int
watch_and_end(
    pid_t pid, int output, int64_t deadline_ns, lw_cancel_token *cancel, struct probe_end *end)
{
	int process = pidfd_open(pid, 0), fault = process < 0 ? errno : 0;

	(void)fcntl(output, F_SETFL, O_NONBLOCK);
	if (process >= 0) {
		watch(process, output, deadline_ns, cancel, end);
		(void)close(process);
	}
	end->ended_ns = cli_now_ns();
	end_group(pid, end);
	/* What is still in the pipe; one that has left the group could go on filling it. */
	for (int i = 0; i < DRAIN_READS && take_output(output, end) > 0; i++)
		continue;
	return fault;
}

int
probe_run(
    const char *command, uint32_t timeout_ms, lw_cancel_token *cancel, struct probe_end *ret_end)
{
	struct probe_end end = { .began_ns = cli_now_ns() };
	int output[2], fault;
	pid_t pid;

	if (pipe2(output, O_CLOEXEC) != 0)
		return errno;
	fault = spawn(command, output[1], &pid);
	(void)close(output[1]);
	if (fault == 0)
		fault = watch_and_end(
		    pid, output[0], end.began_ns + timeout_ms * INT64_C(1000000), cancel, &end);
	(void)close(output[0]);
	if (fault == 0)
		*ret_end = end;
	return fault;
}
