/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/virtual.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>

#include "base/fault.h"
#include "base/sys.h"
#include "fuzz/fuzz.h"
#include "fuzz/peer.h"

#define FIRST_FD  1000000 /* above all real ones */
#define FDS_MAX   1024
#define FILE_FD   (FIRST_FD + FDS_MAX) /* the one file that is open at a time */
#define NS_PER_MS INT64_C(1000000)

/* A wait that ends at once, again and again, with nothing to do, would be a busy loop. */
#define IDLE_WAITS_MAX 1000
/* When waiting itself fails, the time must pass in another way. */
#define FAILED_WAIT_MS 50

struct descriptor {
	enum virtual_kind kind;
	struct peer *peer;
	uint64_t count; /* of an eventfd */
	int epoll;      /* that watches it; 0 for none */
	uint32_t events;
	void *data;
};

struct virtual_state virtual;
static struct descriptor table[FDS_MAX];
static int table_end; /* numbers are not given out twice in a session */
static unsigned idle_waits;

static struct {
	char text[256];
	size_t size, at;
	bool open;
} file;

static struct {
	void (*handler)(void *context);
	void *context;
	unsigned calls;
	int64_t at_ns;
} interrupt;

void
virtual_begin(bool reversed)
{
	memset(table, 0, (size_t)table_end * sizeof *table);
	table_end = 0;
	idle_waits = 0;
	file.open = false;
	virtual_interrupt(0, 0, NULL, NULL);
	virtual = (struct virtual_state){ .reversed = reversed, .now_ns = 1000 * NS_PER_MS };
}

static bool
is_virtual(int fd)
{
	return fd >= FIRST_FD;
}

/* Using a descriptor after its close is an error that the kernel may hide. */
static struct descriptor *
descriptor(int fd)
{
	struct descriptor *d = &table[fd - FIRST_FD];

	FUZZ_MUST(fd - FIRST_FD < table_end && d->kind != VIRTUAL_CLOSED);
	return d;
}

int
virtual_open(enum virtual_kind kind, struct peer *peer)
{
	FUZZ_MUST(table_end < FDS_MAX);
	table[table_end] = (struct descriptor){ .kind = kind, .peer = peer };
	virtual.descriptors++;
	return FIRST_FD + table_end++;
}

void
virtual_pass_ms(uint32_t ms)
{
	virtual.now_ns += ms * NS_PER_MS;
}

void
virtual_moved(void)
{
	idle_waits = 0;
}

void
virtual_interrupt(unsigned calls, int64_t at_ns, void (*handler)(void *context), void *context)
{
	interrupt.handler = handler;
	interrupt.context = context;
	interrupt.calls = calls;
	interrupt.at_ns = at_ns;
}

/* The parent is about to make a call. */
static void
tick(void)
{
	void (*handler)(void *context) = interrupt.handler;
	bool due = interrupt.calls > 0 && --interrupt.calls == 0;

	peers_storm();
	if (handler == NULL || (!due && virtual.now_ns < interrupt.at_ns))
		return;
	interrupt.handler = NULL;
	handler(interrupt.context);
}

/* The linker's names. CMakeLists.txt reads from the definitions below which functions to wrap. */
#define WRAPPED(X)                                                                                 \
	X(void *, sys_alloc, (size_t size))                                                        \
	X(void *, sys_realloc, (void *old, size_t size))                                           \
	X(char *, sys_strdup, (const char *text))                                                  \
	X(void, sys_free, (void *memory))                                                          \
	X(ssize_t, sys_read, (int fd, void *buffer, size_t size))                                  \
	X(ssize_t, sys_recv, (int fd, void *buffer, size_t size))                                  \
	X(ssize_t, sys_send, (int fd, const void *buffer, size_t size))                            \
	X(void, sys_wake, (int eventfd))                                                           \
	X(void, sys_end_sending, (int fd))                                                         \
	X(int, sys_open_read, (const char *path))                                                  \
	X(int, sys_eventfd, (void))                                                                \
	X(int, sys_socket_error, (int fd))                                                         \
	X(void, sys_unmap, (void *address, size_t size))                                           \
	X(void, sys_close, (int *fd))                                                              \
	X(int, sys_pidfd_open, (pid_t pid))                                                        \
	X(int, sys_pidfd_kill, (int pidfd, int signal))                                            \
	X(int, sys_pidfd_wait, (int pidfd, siginfo_t *ret_info, int options))                      \
	X(int, sys_pidfd_exit_status, (int pidfd, int *ret_status))                                \
	X(int, sys_epoll_create, (void))                                                           \
	X(int, sys_epoll_control, (int epoll, int operation, int fd, uint32_t events, void *data)) \
	X(int, sys_epoll_wait, (int epoll, struct epoll_event *events, int count, int timeout_ms)) \
	X(int64_t, sys_monotonic_ns, (void))                                                       \
	X(int64_t, sys_coarse_ns, (void))                                                          \
	X(int, sys_processors, (void))

#define X(type, name, parameters)                                                                  \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;
WRAPPED(X)
#undef X

/* ---- Memory -------------------------------------------------------------------------------- */

static void *
count_in(void *memory)
{
	if (memory == NULL)
		return NULL;
	virtual.blocks++;
	virtual.bytes += malloc_usable_size(memory);
	virtual.peak = virtual.bytes > virtual.peak ? virtual.bytes : virtual.peak;
	return memory;
}

static void
count_out(void *memory)
{
	if (memory == NULL)
		return;
	virtual.blocks--;
	virtual.bytes -= malloc_usable_size(memory);
}

void *
__wrap_sys_alloc(size_t size)
{
	return count_in(__real_sys_alloc(size));
}

void *
__wrap_sys_realloc(void *old, size_t size)
{
	size_t before = old ? malloc_usable_size(old) : 0;
	void *new = __real_sys_realloc(old, size);

	if (new != NULL && old != NULL) {
		virtual.blocks--;
		virtual.bytes -= before;
	}
	return count_in(new);
}

char *
__wrap_sys_strdup(const char *text)
{
	return count_in(__real_sys_strdup(text));
}

void
__wrap_sys_free(void *memory)
{
	count_out(memory);
	__real_sys_free(memory);
}

void
__wrap_sys_unmap(void *address, size_t size)
{
	if (!peer_unmap(address))
		__real_sys_unmap(address, size);
}

/* ---- Reading and writing ------------------------------------------------------------------- */

static ssize_t
file_read(void *buffer, size_t size)
{
	size_t left = file.size - file.at;

	FUZZ_MUST(file.open);
	size = size < left ? size : left;
	memcpy(buffer, file.text + file.at, size);
	file.at += size;
	return (ssize_t)size;
}

static ssize_t
wake_read(struct descriptor *d, uint64_t *ret_count, size_t size)
{
	FUZZ_MUST(size == sizeof *ret_count);
	if (d->count == 0) {
		errno = EAGAIN;
		return -1;
	}
	*ret_count = d->count;
	d->count = 0;
	return sizeof *ret_count;
}

static ssize_t
receive(int fd, void *buffer, size_t size)
{
	struct descriptor *d = descriptor(fd);
	ssize_t n;

	if (d->kind == VIRTUAL_WAKE)
		return wake_read(d, buffer, size);
	n = peer_read(d->peer, d->kind, buffer, size);
	if (n < 0)
		return -1;
	virtual.received += (uint64_t)n;
	virtual_moved();
	return n;
}

ssize_t
__wrap_sys_read(int fd, void *buffer, size_t size)
{
	if (!is_virtual(fd))
		return __real_sys_read(fd, buffer, size);
	if (fault_here(EIO))
		return -1;
	if (fd == FILE_FD)
		return file_read(buffer, size);
	tick();
	return receive(fd, buffer, size);
}

ssize_t
__wrap_sys_recv(int fd, void *buffer, size_t size)
{
	if (!is_virtual(fd))
		return __real_sys_recv(fd, buffer, size);
	if (fault_here(EIO))
		return -1;
	tick();
	return receive(fd, buffer, size);
}

ssize_t
__wrap_sys_send(int fd, const void *buffer, size_t size)
{
	struct descriptor *d;
	ssize_t n;

	if (!is_virtual(fd))
		return __real_sys_send(fd, buffer, size);
	if (fault_here(EPIPE))
		return -1;
	tick();
	d = descriptor(fd);
	n = peer_write(d->peer, d->kind, buffer, size);
	if (n > 0) {
		virtual.sent += (uint64_t)n;
		virtual_moved();
	}
	return n;
}

void
__wrap_sys_wake(int eventfd)
{
	tick();
	FUZZ_MUST(descriptor(eventfd)->kind == VIRTUAL_WAKE);
	descriptor(eventfd)->count++;
}

void
__wrap_sys_end_sending(int fd)
{
	if (is_virtual(fd))
		peer_hang_up(descriptor(fd)->peer);
	else
		__real_sys_end_sending(fd);
}

int
__wrap_sys_eventfd(void)
{
	return fault_here(EMFILE) ? -1 : virtual_open(VIRTUAL_WAKE, NULL);
}

/* All files of this machine are those that the peers write. */
int
__wrap_sys_open_read(const char *path)
{
	if (fault_here(EMFILE))
		return -1;
	FUZZ_MUST(!file.open);
	file.size = peers_file(path, file.text, sizeof file.text);
	file.at = 0;
	if (file.size == 0) {
		errno = ENOENT;
		return -1;
	}
	file.open = true;
	virtual.descriptors++;
	return FILE_FD;
}

int
__wrap_sys_socket_error(int fd)
{
	return is_virtual(fd) ? peer_socket_error(descriptor(fd)->peer)
			      : __real_sys_socket_error(fd);
}

void
__wrap_sys_close(int *fd)
{
	if (!is_virtual(*fd)) {
		__real_sys_close(fd);
		return;
	}
	if (*fd == FILE_FD)
		file.open = false;
	else
		*descriptor(*fd) = (struct descriptor){ .kind = VIRTUAL_CLOSED };
	virtual.descriptors--;
	*fd = -1;
}

/* ---- Processes ----------------------------------------------------------------------------- */

/* The numbers of the script's processes are strangers' here. */
int
__wrap_sys_pidfd_open(pid_t pid)
{
	(void)pid;
	errno = ESRCH;
	return -1;
}

int
__wrap_sys_pidfd_kill(int pidfd, int signal)
{
	return is_virtual(pidfd) ? peer_kill(descriptor(pidfd)->peer, signal)
				 : __real_sys_pidfd_kill(pidfd, signal);
}

int
__wrap_sys_pidfd_wait(int pidfd, siginfo_t *ret_info, int options)
{
	return is_virtual(pidfd) ? peer_reap(descriptor(pidfd)->peer, ret_info)
				 : __real_sys_pidfd_wait(pidfd, ret_info, options);
}

int
__wrap_sys_pidfd_exit_status(int pidfd, int *ret_status)
{
	if (!is_virtual(pidfd))
		return __real_sys_pidfd_exit_status(pidfd, ret_status);
	return fault_here(ENOTTY) ? -1 : peer_exit_status(descriptor(pidfd)->peer, ret_status);
}

/* ---- Waiting ------------------------------------------------------------------------------- */

int
__wrap_sys_epoll_create(void)
{
	return fault_here(EMFILE) ? -1 : virtual_open(VIRTUAL_EPOLL, NULL);
}

int
__wrap_sys_epoll_control(int epoll, int operation, int fd, uint32_t events, void *data)
{
	struct descriptor *d;
	bool add = operation == EPOLL_CTL_ADD;

	if (!is_virtual(epoll))
		return __real_sys_epoll_control(epoll, operation, fd, events, data);
	if (add && fault_here(ENOSPC))
		return -1;
	if (!is_virtual(fd))
		return 0; /* never ready */
	FUZZ_MUST(descriptor(epoll)->kind == VIRTUAL_EPOLL);
	d = descriptor(fd);
	FUZZ_MUST(d->epoll == 0 || d->epoll == epoll); /* the table knows one */
	if ((d->epoll == epoll) == add) {
		errno = add ? EEXIST : ENOENT;
		return -1;
	}
	d->epoll = operation == EPOLL_CTL_DEL ? 0 : epoll;
	d->events = events;
	d->data = data;
	return 0;
}

static uint32_t
ready(const struct descriptor *d)
{
	if (d->kind == VIRTUAL_WAKE)
		return d->count > 0 ? EPOLLIN : 0;
	return peer_ready(d->peer, d->kind);
}

static int
collect(int epoll, struct epoll_event *events, int most)
{
	int count = 0;

	for (int i = 0; i < table_end && count < most; i++) {
		struct descriptor *d = &table[virtual.reversed ? table_end - 1 - i : i];
		uint32_t now = d->epoll == epoll ? ready(d) : 0;

		now &= d->events | EPOLLERR | EPOLLHUP;
		if (now != 0)
			events[count++] = (struct epoll_event){ now, { d->data } };
	}
	return count;
}

/* To the end of the wait, or to the next thing that happens by itself; false at the end. */
static bool
jump(int64_t end)
{
	int64_t wake = peers_wake();

	if (interrupt.handler != NULL && interrupt.at_ns < wake)
		wake = interrupt.at_ns;
	FUZZ_MUST(end < INT64_MAX || wake < INT64_MAX); /* else it would wait for ever */
	virtual_moved();
	if (virtual.now_ns < (wake < end ? wake : end))
		virtual.now_ns = wake < end ? wake : end;
	tick();
	return wake < end;
}

static int
wait_for(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	int64_t end = timeout_ms < 0 ? INT64_MAX : virtual.now_ns + timeout_ms * NS_PER_MS;
	int found;

	while ((found = collect(epoll, events, count)) == 0 && timeout_ms != 0)
		if (!peers_step() && !jump(end))
			break;
	return found;
}

bool
virtual_wait(int epoll, int timeout_ms)
{
	struct epoll_event event;

	return wait_for(epoll, &event, 1, timeout_ms) > 0;
}

int
__wrap_sys_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	if (!is_virtual(epoll))
		return __real_sys_epoll_wait(epoll, events, count, timeout_ms);
	if (fault_here(EINTR)) {
		virtual_pass_ms(FAILED_WAIT_MS);
		return -1;
	}
	tick();
	virtual.now_ns += 1000;
	FUZZ_MUST(++idle_waits < IDLE_WAITS_MAX);
	return wait_for(epoll, events, count, timeout_ms);
}

int64_t
__wrap_sys_monotonic_ns(void)
{
	tick();
	return virtual.now_ns;
}

int64_t
__wrap_sys_coarse_ns(void)
{
	return virtual.now_ns;
}

/* A clock that stands still while a program computes is nothing to wait by. */
int
__wrap_sys_processors(void)
{
	return 1;
}
