/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A native capability that is out to harm: it says what it is, starts programs and processes, and
 * writes frames of its own on the worker's lanes. Its frames are those of generation 1, and the
 * requests say which question they answer.
 */
#include <errno.h>
#include <fcntl.h>
#include <leanworker/guest.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/fds.h"
#include "wire/protocol.h"

#define TEXT(text) text, sizeof(text) - 1

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER 0x59616d61
#endif

static int
echo(struct lw_guest_call call, const char *request, size_t size)
{
	return lw_guest_reply(call, request, size);
}

static int
one(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return lw_guest_row(call, "rows", TEXT("1"));
}

static int
die(struct lw_guest_call call, const char *request, size_t size)
{
	int number = atoi(request);

	(void)size;
	(void)lw_guest_row(call, "rows", TEXT("0"));
	(void)signal(number, SIG_DFL);
	(void)raise(number);
	return 1;
}

/* ---- What it is, and what the programs that it starts get ------------------------------------ */

/* Its number in its own namespace, and every capability that it has in any of its sets. */
static int
self(struct lw_guest_call call, const char *request, size_t size)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint32_t any = 0;
	char row[96];
	int n;

	(void)request;
	(void)size;
	if (syscall(SYS_capget, &header, sets) < 0)
		return lw_guest_fail(call, "capget: %s", strerror(errno));
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		any |= sets[i].effective | sets[i].permitted | sets[i].inheritable;
	n = snprintf(row, sizeof row, "{\"init\":%s,\"capabilities\":%u}",
	    getpid() == 1 ? "true" : "false", any);
	return lw_guest_row(call, "self", row, (size_t)n);
}

/* Which descriptors above 2 are open in a program, and which here. */
static int
program(struct lw_guest_call call, const char *request, size_t size)
{
	char seen[64] = "", own[64] = "", row[160];
	FILE *shell;
	int n = 0;

	(void)request;
	(void)size;
	for (int fd = 3; fd < 10; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			own[n++] = (char)('0' + fd);
	shell = popen("for fd in 3 4 5 6 7 8 9; do (: <&$fd) 2>/dev/null && printf $fd; done", "r");
	if (shell == NULL)
		return lw_guest_fail(call, "popen: %s", strerror(errno));
	(void)!fgets(seen, sizeof seen, shell);
	(void)pclose(shell);
	n = snprintf(row, sizeof row, "{\"here\":\"%s\",\"there\":\"%s\"}", own, seen);
	return lw_guest_row(call, "descriptors", row, (size_t)n);
}

/* The effective capabilities of a program, as the kernel writes them. */
static int
powers(struct lw_guest_call call, const char *request, size_t size)
{
	char line[64] = "", row[96];
	FILE *shell = popen("grep CapEff /proc/self/status | cut -f 2", "r");
	int n;

	(void)request;
	(void)size;
	if (shell == NULL)
		return lw_guest_fail(call, "popen: %s", strerror(errno));
	(void)!fgets(line, sizeof line, shell);
	(void)pclose(shell);
	line[strcspn(line, "\n")] = '\0';
	n = snprintf(row, sizeof row, "{\"effective\":\"%s\"}", line);
	return lw_guest_row(call, "powers", row, (size_t)n);
}

/* ---- Descendants ----------------------------------------------------------------------------- */

/* Answers once the descendant has written a byte, which tells whether it is what it should be. */
static bool
is_ready(int from)
{
	char byte = 0;

	return read(from, &byte, 1) == 1 && byte == 'y';
}

/* A process in a session of its own, without any lane, that holds so much memory and never ends. */
static _Noreturn void
be_descendant(const char *name, size_t memory, int ready)
{
	char *held;

	(void)setsid();
	(void)prctl(PR_SET_NAME, name);
	(void)prctl(PR_SET_DUMPABLE, 1); /* the test may trace it */
	(void)prctl(PR_SET_PTRACER, -1L);
	(void)dup2(ready, 0);
	(void)close_range(1, ~0u, 0);
	held = mmap(NULL, memory + 1, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	(void)!write(0, held == MAP_FAILED ? "n" : "y", 1);
	for (;;)
		(void)pause();
}

static int
leave(struct lw_guest_call call, const char *name, size_t memory, unsigned count)
{
	unsigned begun = 0, is = 0;
	pid_t child = 1;
	int ready[2];

	if (pipe(ready) < 0)
		return lw_guest_fail(call, "pipe: %s", strerror(errno));
	for (; begun < count && child > 0; begun += child > 0) {
		child = fork();
		if (child == 0)
			be_descendant(name, memory, ready[1]);
	}
	(void)close(ready[1]);
	while (is < begun && is_ready(ready[0]))
		is++;
	(void)close(ready[0]);
	return is == count ? 0
			   : lw_guest_fail(call, "only %u of %u descendants of %u MiB", is, count,
				 (unsigned)(memory >> 20));
}

/* One that the test finds by its name. */
static int
leave_one(struct lw_guest_call call, const char *request, size_t size)
{
	(void)size;
	return leave(call, request, 0, 1);
}

/* Prints a line at each SIGUSR1, and then counts them in its name. */
static _Noreturn void
be_speaker(const sigset_t *told, int ready)
{
	char name[16];
	int number;

	(void)setsid();
	(void)prctl(PR_SET_NAME, "lwtest-said-0");
	(void)!write(ready, "y", 1);
	for (unsigned said = 1; sigwait(told, &number) == 0; said++) {
		(void)!write(WIRE_FD_STDERR, TEXT("a line at any time\n"));
		(void)snprintf(name, sizeof name, "lwtest-said-%u", said);
		(void)prctl(PR_SET_NAME, name);
	}
	_exit(1);
}

static int
leave_speaker(struct lw_guest_call call, const char *request, size_t size)
{
	sigset_t told;
	int ready[2];
	pid_t child;
	bool is;

	(void)request;
	(void)size;
	if (pipe(ready) < 0)
		return lw_guest_fail(call, "pipe: %s", strerror(errno));
	(void)sigemptyset(&told);
	(void)sigaddset(&told, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &told, NULL);
	child = fork();
	if (child == 0)
		be_speaker(&told, ready[1]);
	(void)sigprocmask(SIG_UNBLOCK, &told, NULL);
	is = child > 0 && is_ready(ready[0]);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return is ? 0 : lw_guest_fail(call, "no speaker");
}

/* So many small ones and a big one. */
static int
leave_crowd(struct lw_guest_call call, const char *request, size_t size)
{
	int answer = leave(call, "lwtest-small", 0, (unsigned)atoi(request));

	(void)size;
	return answer ? answer : leave(call, "lwtest-big", (size_t)256 << 20, 1);
}

/* A descendant traces this process, which then exits: only the tracer can see that end. */
static int
exit_traced(struct lw_guest_call call, const char *request, size_t size)
{
	pid_t here = getpid();
	int ready[2];

	(void)size;
	if (pipe(ready) < 0)
		return lw_guest_fail(call, "pipe: %s", strerror(errno));
	(void)prctl(PR_SET_DUMPABLE, 1);
	(void)prctl(PR_SET_PTRACER, -1L);
	if (fork() == 0) {
		(void)setsid();
		(void)!write(ready[1], ptrace(PTRACE_SEIZE, here, NULL, NULL) == 0 ? "y" : "n", 1);
		for (;;)
			(void)pause();
	}
	if (!is_ready(ready[0]))
		return lw_guest_fail(call, "tracing is not allowed here");
	_exit(atoi(request));
}

/* ---- Frames of its own ----------------------------------------------------------------------- */

static void
store32(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void
send_all(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	while (size > 0) {
		ssize_t n = send(WIRE_FD_EVENT, at, size, MSG_NOSIGNAL);

		if (n < 0)
			_exit(0); /* the parent has hung up */
		at += n;
		size -= (size_t)n;
	}
}

static void
begin_frame(unsigned char header[WIRE_HEADER_SIZE], uint8_t id, uint32_t question, uint32_t size)
{
	memset(header, 0, WIRE_HEADER_SIZE);
	store32(header, size);
	header[4] = id;
	store32(header + 8, 1);
	store32(header + 12, question);
}

static void
send_frame(uint8_t id, uint32_t question, const void *body, uint32_t size)
{
	unsigned char header[WIRE_HEADER_SIZE];

	begin_frame(header, id, question, size);
	send_all(header, sizeof header);
	send_all(body, size);
}

/*
 * Sends rows without an end, faster than the parent can check them, and goes on when the warden has
 * died. The request is the number of the question.
 */
static int
flood(struct lw_guest_call call, const char *request, size_t size)
{
	enum { ESCAPES = 10000, PAYLOAD = 2 + 6 * ESCAPES };
	static unsigned char frame[WIRE_HEADER_SIZE + WIRE_ROW_HEAD + PAYLOAD];
	unsigned char *payload = frame + WIRE_HEADER_SIZE + WIRE_ROW_HEAD;
	uint32_t question = (uint32_t)atoi(request);

	(void)call;
	(void)size;
	(void)prctl(PR_SET_PDEATHSIG, 0);
	send_frame(WIRE_STREAM, question, "\0\0\0\0rows", 8);
	begin_frame(frame, WIRE_ROW, question, WIRE_ROW_HEAD + PAYLOAD);
	payload[0] = payload[PAYLOAD - 1] = '"';
	for (int i = 0; i < ESCAPES; i++)
		memcpy(payload + 1 + 6 * i, "\\u0041", 6);
	for (uint32_t sequence = 0; sequence < UINT32_MAX; sequence++) {
		store32(frame + WIRE_HEADER_SIZE + 8, sequence);
		send_all(frame, sizeof frame);
		if (sequence == 20)
			(void)!write(WIRE_FD_STDERR, TEXT("flooding\n"));
	}
	return 0;
}

/* Ends the request behind the worker's back, and returns when the next one is in the lane. */
static void
wait_for_the_next(uint32_t question)
{
	struct pollfd next = { .fd = WIRE_FD_CONTROL, .events = POLLIN };
	unsigned char end[48] = { 0 };

	store32(end + 24, WIRE_NO_STREAM);
	send_frame(WIRE_END, question, end, sizeof end);
	while (poll(&next, 1, -1) < 0)
		;
}

/* Dies with the next request unread, when most of that one's time is over. */
static int
die_late(struct lw_guest_call call, const char *request, size_t size)
{
	(void)size;
	wait_for_the_next((uint32_t)atoi(request));
	while (!lw_guest_cancelled(call))
		(void)poll(NULL, 0, 1);
	_exit(0);
}

/* Works on the next request, which it leaves in the lane, and dies; tells of it if told to. */
static _Noreturn void
work_unread(uint32_t question, bool tell)
{
	unsigned char header[WIRE_HEADER_SIZE];

	wait_for_the_next(question);
	if (recv(WIRE_FD_CONTROL, header, sizeof header, MSG_PEEK) != (ssize_t)sizeof header)
		_exit(1);
	(void)!write(WIRE_FD_STDERR, TEXT("the work is done\n"));
	if (tell)
		send_frame(WIRE_STREAM, question + 1, "\0\0\0\0rows", 8);
	_exit(3);
}

static int
tell_unread(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)size;
	work_unread((uint32_t)atoi(request), true);
}

static int
hide_unread(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)size;
	work_unread((uint32_t)atoi(request), false);
}

static int
hang(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)request;
	(void)size;
	while (pause() < 0)
		;
	return 0;
}

#define STREAM(function)                                                                           \
	{                                                                                          \
#function, LW_GUEST_STREAM, function                                               \
	}

static const struct lw_guest_export exports[] = {
	{ "guest_echo", LW_GUEST_COMMAND, echo },
	STREAM(one),
	STREAM(die),
	STREAM(self),
	STREAM(program),
	STREAM(powers),
	STREAM(leave_one),
	STREAM(leave_speaker),
	STREAM(leave_crowd),
	STREAM(exit_traced),
	STREAM(flood),
	STREAM(die_late),
	STREAM(tell_unread),
	STREAM(hide_unread),
	STREAM(hang),
};

const struct lw_guest_capability lw_guest_capability = LW_GUEST_CAPABILITY(
    "native-hostile", "0.1", exports, NULL, NULL);
