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
#define FDS_MAX   512
#define NS_PER_MS INT64_C(1000000)

/* A wait that ends at once, again and again, with nothing to do, would be a busy loop. */
#define IDLE_WAITS_MAX 1000
/* When waiting itself fails, the time must pass in another way. */
#define FAILED_WAIT_MS 50

struct descriptor {
	enum virtual_kind kind;
	struct peer *peer;
	bool watched;
	uint32_t events;
	void *data;
};

struct virtual_state virtual;
static struct descriptor table[FDS_MAX];
static int table_end; /* numbers are not given out twice in a session */
static unsigned idle_waits;

void
virtual_begin(bool reversed)
{
	memset(table, 0, (size_t)table_end * sizeof *table);
	table_end = 0;
	idle_waits = 0;
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

/* The linker's names. CMakeLists.txt reads from the definitions below which functions to wrap. */
#define WRAPPED(X)                                                                                 \
	X(void *, sys_alloc, (size_t size))                                                        \
	X(void *, sys_realloc, (void *old, size_t size))                                           \
	X(char *, sys_strdup, (const char *text))                                                  \
	X(void, sys_free, (void *memory))                                                          \
	X(ssize_t, sys_read, (int fd, void *buffer, size_t size))                                  \
	X(ssize_t, sys_recv, (int fd, void *buffer, size_t size))                                  \
	X(ssize_t, sys_send, (int fd, const void *buffer, size_t size))                            \
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
	X(int64_t, sys_monotonic_ns, (void))

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
receive(int fd, void *buffer, size_t size)
{
	struct descriptor *d = descriptor(fd);
	ssize_t n = peer_read(d->peer, d->kind, buffer, size);

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
	return fault_here(EIO) ? -1 : receive(fd, buffer, size);
}

ssize_t
__wrap_sys_recv(int fd, void *buffer, size_t size)
{
	if (!is_virtual(fd))
		return __real_sys_recv(fd, buffer, size);
	return fault_here(EIO) ? -1 : receive(fd, buffer, size);
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
	d = descriptor(fd);
	n = peer_write(d->peer, d->kind, buffer, size);
	if (n > 0) {
		virtual.sent += (uint64_t)n;
		virtual_moved();
	}
	return n;
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
	if (d->watched == add) {
		errno = add ? EEXIST : ENOENT;
		return -1;
	}
	d->watched = operation != EPOLL_CTL_DEL;
	d->events = events;
	d->data = data;
	return 0;
}

static int
collect(struct epoll_event *events, int most)
{
	int count = 0;

	for (int i = 0; i < table_end && count < most; i++) {
		struct descriptor *d = &table[virtual.reversed ? table_end - 1 - i : i];
		uint32_t ready = d->watched ? peer_ready(d->peer, d->kind) : 0;

		ready &= d->events | EPOLLERR | EPOLLHUP;
		if (ready != 0)
			events[count++] = (struct epoll_event){ ready, { d->data } };
	}
	return count;
}

/* To the end of the wait, or to the next thing that a child does by itself; false at the end. */
static bool
jump(int64_t end)
{
	int64_t wake = peers_wake();

	FUZZ_MUST(end < INT64_MAX || wake < INT64_MAX); /* else it would wait for ever */
	virtual_moved();
	virtual.now_ns = wake < end ? wake : end;
	return wake < end;
}

int
__wrap_sys_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	int64_t end = timeout_ms < 0 ? INT64_MAX : virtual.now_ns + timeout_ms * NS_PER_MS;
	int ready;

	if (!is_virtual(epoll))
		return __real_sys_epoll_wait(epoll, events, count, timeout_ms);
	if (fault_here(EINTR)) {
		virtual_pass_ms(FAILED_WAIT_MS);
		return -1;
	}
	virtual.now_ns += 1000;
	FUZZ_MUST(++idle_waits < IDLE_WAITS_MAX);
	while ((ready = collect(events, count)) == 0 && timeout_ms != 0)
		if (!peers_step() && !jump(end))
			break;
	return ready;
}

int64_t
__wrap_sys_monotonic_ns(void)
{
	return virtual.now_ns;
}
