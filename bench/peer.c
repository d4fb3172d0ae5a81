/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "lines.h"
#include "machine.h"
#include "series.h"
#include "wake.h"

static void
pong(int fd, uint64_t count)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char text[16];

	while (count-- > 0) {
		ssize_t n;

		if (poll(&ready, 1, -1) < 0 || (n = recv(fd, text, sizeof text, 0)) <= 0 ||
		    send(fd, text, (size_t)n, MSG_NOSIGNAL) != n)
			_exit(1);
	}
}

static void
wake(const struct peer *p, uint64_t count)
{
	const uint64_t one = 1;

	while (count-- > 0) {
		wake_pause();
		*p->woken_at = now_ns();
		if (write(p->wake, &one, sizeof one) != sizeof one)
			_exit(1);
	}
}

static void
obey(struct peer *p, int lines, int pings, const struct peer_command *command)
{
	const struct corpus *c = corpus_get(command->kind, command->size_index);

	switch (command->task) {
	case PEER_LINES:
		lines_send(lines, c, command->count);
		break;
	case PEER_RING:
	case PEER_RING_CLASSIFIED:
		ring_send(&p->ring, c, command->count, command->task == PEER_RING_CLASSIFIED);
		break;
	case PEER_PONG:
		pong(pings, command->count);
		break;
	case PEER_WAKE:
		wake(p, command->count);
		break;
	}
}

static _Noreturn void
serve(struct peer *p, int commands, int lines, int pings, int core)
{
	struct peer_command command;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	machine_pin(core);
	while (recv(commands, &command, sizeof command, 0) == sizeof command)
		obey(p, lines, pings, &command);
	_exit(0);
}

void
peer_start(struct peer *p, int core)
{
	int commands[2], lines[2], pings[2], flags = SOCK_SEQPACKET | SOCK_CLOEXEC;

	p->woken_at = mmap(
	    NULL, sizeof *p->woken_at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->woken_at == MAP_FAILED || p->wake < 0 || !ring_make(&p->ring) ||
	    !lines_make(lines) || socketpair(AF_UNIX, flags, 0, commands) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pings) != 0)
		fail("cannot set up the competitors: %s", strerror(errno));
	p->pid = fork();
	if (p->pid < 0)
		fail("fork: %s", strerror(errno));
	if (p->pid == 0) {
		(void)close(commands[0]);
		(void)close(lines[0]);
		(void)close(pings[0]);
		serve(p, commands[1], lines[1], pings[1], core);
	}
	(void)close(commands[1]);
	(void)close(lines[1]);
	(void)close(pings[1]);
	p->commands = commands[0];
	p->lines = lines[0];
	p->pings = pings[0];
}

void
peer_tell(const struct peer *p, const struct peer_command *command)
{
	if (send(p->commands, command, sizeof *command, MSG_NOSIGNAL) != sizeof *command)
		fail("the competitors' process is gone");
}

void
peer_end(struct peer *p)
{
	(void)close(p->commands);
	(void)waitpid(p->pid, NULL, 0);
}
