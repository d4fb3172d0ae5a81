/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/cancel.h"
#include "parent/error.h"
#include "parent/launch.h"
#include "parent/spawn.h"
#include "wire/inspection.h"

#define PIECE         16384
#define LAST_PIECES   256 /* more than a pipe holds: what was written before the end */
#define HOLDER_END_MS 5000
#define KILLED_END_MS 5000

enum { STDOUT_AT = 1, STDERR_AT = 2 };

struct run {
	const struct process *process;
	struct process_end *end;
	pid_t pid;
	int pidfd, output, text, order;
	int child[HOLD_FD_COUNT]; /* its ends, by the number that they will have; -1: none */
	bool no_memory;
};

/* ---- Starting ------------------------------------------------------------------------------ */

static bool
place(struct run *r, const int pair[2], int *ret_mine, int number)
{
	*ret_mine = sys_raise_fd(pair[0], SPAWN_FD_MIN);
	r->child[number] = sys_raise_fd(pair[1], LAUNCH_FD_MIN);
	return *ret_mine >= 0 && r->child[number] >= 0;
}

static bool
make_pipe(struct run *r, int *ret_mine, int number)
{
	int pair[2];

	return sys_pipe(pair) == 0 && place(r, pair, ret_mine, number) &&
	       sys_set_nonblocking(*ret_mine) == 0;
}

static bool
make_ends(struct run *r)
{
	int pair[2];

	if (!make_pipe(r, &r->output, STDOUT_AT) || !make_pipe(r, &r->text, STDERR_AT))
		return false;
	if (!r->process->held)
		return true;
	r->child[HOLD_FD_PARENT] = sys_raise_fd(sys_pidfd_open(getpid()), LAUNCH_FD_MIN);
	return r->child[HOLD_FD_PARENT] >= 0 && sys_socketpair(SOCK_STREAM, pair) == 0 &&
	       place(r, pair, &r->order, HOLD_FD_ORDER);
}

static void
close_child_ends(struct run *r)
{
	for (int i = 0; i < HOLD_FD_COUNT; i++)
		sys_close(&r->child[i]);
}

/*
 * A holder ends all that it holds when it is told so; killed, it could not. Told, and not only left: a
 * forked copy of this process may have the other end, too.
 */
static void
tell_holder(struct run *r)
{
	if (r->order >= 0)
		(void)sys_send(r->order, "", 1);
	sys_close(&r->order);
}

static void
give_up(struct run *r)
{
	tell_holder(r);
	if (!r->process->held)
		(void)sys_kill(r->pid, SIGKILL);
	(void)sys_wait4(r->pid, NULL, 0, NULL);
}

static lw_code
start(struct run *r, struct lw_error *ret_error)
{
	const struct process *p = r->process;
	struct launch order = { .path = p->child,
		.arguments = p->arguments,
		.environment = p->environment,
		.folder = p->folder,
		.fds = r->child,
		.fd_count = p->held ? HOLD_FD_COUNT : STDERR_AT + 1 };
	int fault;

	if (!make_ends(r))
		return error_set_errno(
		    ret_error, LW_V_SYSTEM_CALL, "cannot make the pipes of a program");
	fault = launch(&order, &r->pid);
	close_child_ends(r);
	if (fault != 0) {
		errno = fault;
		return error_set_errno(ret_error, LW_V_CHILD_NOT_STARTED, p->child);
	}
	/* Where SIGCHLD is ignored it may be gone by now: then the ends of its pipes tell. */
	r->pidfd = sys_raise_fd(sys_pidfd_open(r->pid), SPAWN_FD_MIN);
	if (r->pidfd >= 0 || errno == ESRCH)
		return LW_OK;
	error_set_errno(ret_error, LW_V_SYSTEM_CALL, "cannot open a pidfd of a program");
	give_up(r);
	return LW_E_SYSTEM;
}

/* ---- While it runs ------------------------------------------------------------------------- */

static void
take(struct run *r, int fd, const char *text, size_t size)
{
	struct process_end *end = r->end;

	if (fd == r->text) {
		log_tail_add(&end->log, text, size);
		if (r->process->on_text != NULL)
			r->process->on_text(r->process->context, text, size);
	} else if (buffer_size(&end->output) + size > r->process->output_cap) {
		end->outcome = PROCESS_TOO_MUCH;
	} else if (!buffer_append(&end->output, text, size)) {
		r->no_memory = true;
	}
}

/* False when there is nothing more to read for now; at the end it is closed. */
static bool
read_piece(struct run *r, int *fd)
{
	char piece[PIECE];
	ssize_t n = *fd >= 0 ? sys_read(*fd, piece, sizeof piece) : -1;

	if (n > 0)
		take(r, *fd, piece, (size_t)n);
	else if (*fd >= 0 && (n == 0 || errno != EAGAIN))
		sys_close(fd);
	return n > 0;
}

static void
read_rest(struct run *r)
{
	for (int i = 0; i < LAST_PIECES && read_piece(r, &r->output); i++)
		;
	for (int i = 0; i < LAST_PIECES && read_piece(r, &r->text); i++)
		;
}

static bool
must_stop(struct run *r)
{
	const struct process *p = r->process;

	if (cancelled(p->cancel))
		r->end->outcome = PROCESS_CANCELLED;
	else if (deadline_passed(p->until))
		r->end->outcome = PROCESS_TIMED_OUT;
	return r->no_memory || r->end->outcome != PROCESS_ENDED;
}

/* Returns when it has ended, or must. */
static void
attend(struct run *r)
{
	lw_cancel_token *cancel = r->process->cancel;
	bool ended = false;

	while (!ended && !must_stop(r)) {
		struct pollfd events[] = {
			{ .fd = r->pidfd, .events = POLLIN },
			{ .fd = r->output, .events = POLLIN },
			{ .fd = r->text, .events = POLLIN },
			{ .fd = cancel ? cancel->eventfd : -1, .events = POLLIN },
		};

		if (sys_poll(events, 4, deadline_poll_ms(r->process->until)) < 0)
			continue;
		ended = events[0].revents != 0;
		if (events[1].revents != 0)
			(void)read_piece(r, &r->output);
		if (events[2].revents != 0)
			(void)read_piece(r, &r->text);
		if (events[3].revents != 0)
			(void)cancel_woke(cancel);
		ended = ended || (r->pidfd < 0 && r->output < 0 && r->text < 0);
	}
}

/* ---- Its end ------------------------------------------------------------------------------- */

static bool
ends_within(const struct run *r, uint32_t ms)
{
	struct deadline until = deadline_in_ms(ms);
	struct pollfd ended = { .fd = r->pidfd, .events = POLLIN };
	int n;

	do
		n = sys_poll(&ended, 1, deadline_poll_ms(until));
	while (n < 0 && errno == EINTR);
	return n > 0;
}

static int
status_of(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? info->si_status : HOLD_SIGNAL + info->si_status;
}

/* A holder that is told so ends all that it holds, and only then itself. */
static void
end_it(struct run *r)
{
	siginfo_t info = { 0 };
	int status;

	tell_holder(r);
	if (r->pidfd < 0)
		return;
	if (r->end->outcome != PROCESS_ENDED || r->no_memory) {
		if (!r->process->held || !ends_within(r, HOLDER_END_MS))
			(void)sys_pidfd_kill(r->pidfd, SIGKILL);
		if (!ends_within(r, KILLED_END_MS))
			return; /* the kernel cannot end it; whoever reaps it then */
	}
	if (sys_pidfd_wait(r->pidfd, &info, WEXITED) == 0)
		r->end->status = status_of(&info);
	else if (sys_pidfd_exit_status(r->pidfd, &status) == 0)
		r->end->status = WIFSIGNALED(status) ? HOLD_SIGNAL + WTERMSIG(status)
						     : WEXITSTATUS(status);
}

lw_code
process_run(const struct process *process, struct process_end *ret, struct lw_error *ret_error)
{
	struct run r = { .process = process, .end = ret, .pidfd = -1, .output = -1, .text = -1 };
	lw_code code;

	*ret = (struct process_end){ .status = PROCESS_STATUS_UNKNOWN };
	r.order = -1;
	for (int i = 0; i < HOLD_FD_COUNT; i++)
		r.child[i] = -1;
	code = start(&r, ret_error);
	if (code == LW_OK) {
		attend(&r);
		end_it(&r);
		read_rest(&r);
		if (r.no_memory)
			code = error_set(
			    ret_error, LW_V_NO_MEMORY, "no memory for what a program says");
	}
	close_child_ends(&r);
	sys_close(&r.order);
	sys_close(&r.output);
	sys_close(&r.text);
	sys_close(&r.pidfd);
	return code;
}

void
process_release(struct process_end *end)
{
	buffer_free(&end->output);
}
