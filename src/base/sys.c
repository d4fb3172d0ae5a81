/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"

#ifndef MFD_NOEXEC_SEAL /* of Linux 6.3: never to be executed, which a system may demand */
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

void *
sys_alloc(size_t size)
{
	if (fault_here(ENOMEM))
		return NULL;
	return calloc(1, size ? size : 1);
}

void *
sys_realloc(void *old, size_t size)
{
	if (fault_here(ENOMEM))
		return NULL;
	return realloc(old, size ? size : 1);
}

char *
sys_strdup(const char *text)
{
	if (fault_here(ENOMEM))
		return NULL;
	return strdup(text);
}

void
sys_free(void *memory)
{
	free(memory);
}

ssize_t
sys_read(int fd, void *buffer, size_t size)
{
	ssize_t n;

	if (fault_here(EIO))
		return -1;
	do
		n = read(fd, buffer, size);
	while (n < 0 && errno == EINTR);
	return n;
}

ssize_t
sys_write(int fd, const void *buffer, size_t size)
{
	ssize_t n;

	if (fault_here(EIO))
		return -1;
	do
		n = write(fd, buffer, size);
	while (n < 0 && errno == EINTR);
	return n;
}

void
sys_wake(int eventfd)
{
	const uint64_t one = 1;

	(void)!write(eventfd, &one, sizeof one);
}

ssize_t
sys_recv(int fd, void *buffer, size_t size)
{
	ssize_t n;

	if (fault_here(EIO))
		return -1;
	do
		n = recv(fd, buffer, size, 0);
	while (n < 0 && errno == EINTR);
	return n;
}

ssize_t
sys_send(int fd, const void *buffer, size_t size)
{
	ssize_t n;

	if (fault_here(EPIPE))
		return -1;
	do
		n = send(fd, buffer, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

void
sys_end_sending(int fd)
{
	(void)shutdown(fd, SHUT_WR);
}

int
sys_open_read(const char *path)
{
	if (fault_here(EMFILE))
		return -1;
	return open(path, O_RDONLY | O_CLOEXEC);
}

int
sys_create(const char *path)
{
	if (fault_here(ENOSPC))
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

int
sys_open_lock(const char *path)
{
	if (fault_here(EMFILE))
		return -1;
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

int
sys_try_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB);
}

int
sys_touch(int fd)
{
	if (fault_here(EPERM))
		return -1;
	return futimens(fd, NULL);
}

int
sys_sync(int fd)
{
	if (fault_here(EIO))
		return -1;
	return fsync(fd);
}

int
sys_rename(const char *from, const char *to)
{
	if (fault_here(ENOSPC))
		return -1;
	return rename(from, to);
}

int
sys_socketpair(int type, int ret_pair[2])
{
	if (fault_here(EMFILE))
		return -1;
	return socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ret_pair);
}

int
sys_pipe(int ret_pair[2])
{
	if (fault_here(EMFILE))
		return -1;
	return pipe2(ret_pair, O_CLOEXEC);
}

/* The kernel would end the process for trying. */
static bool
is_over_file_limit(size_t size)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < size;
}

int
sys_memfd(const char *name, size_t size)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd;

	if (fault_here(EMFILE))
		return -1;
	if (is_over_file_limit(size)) {
		errno = EFBIG;
		return -1;
	}
	fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	if (fd >= 0 && ftruncate(fd, (off_t)size) < 0)
		sys_close(&fd);
	return fd;
}

int
sys_seal(int fd, int seals)
{
	if (fault_here(EPERM))
		return -1;
	return fcntl(fd, F_ADD_SEALS, seals);
}

void *
sys_map(int fd, size_t size, int protection)
{
	void *address;

	if (fault_here(ENOMEM))
		return NULL;
	address = mmap(NULL, size, protection, MAP_SHARED, fd, 0);
	return address == MAP_FAILED ? NULL : address;
}

void
sys_unmap(void *address, size_t size)
{
	if (address != NULL)
		(void)munmap(address, size);
}

void
sys_keep_from_forks(void *address, size_t size)
{
	(void)madvise(address, size, MADV_DONTFORK);
}

int
sys_socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof error;

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

int
sys_set_close_on_exec(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int
sys_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (fault_here(EINVAL))
		return -1;
	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int
sys_set_pipe_size(int fd, int size)
{
	if (fault_here(EPERM))
		return -1;
	return fcntl(fd, F_SETPIPE_SZ, size);
}

int
sys_duplicate(int fd, int at_least)
{
	int copy;

	if (fault_here(EMFILE))
		return -1;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, at_least);
	if (copy < 0 && errno == EINVAL)
		errno = EMFILE; /* the limit is not even at_least: the same want, by another name */
	return copy;
}

int
sys_raise_fd(int fd, int at_least)
{
	int raised = fd;

	if (fd >= 0 && fd < at_least) {
		raised = sys_duplicate(fd, at_least);
		sys_close(&fd);
	}
	return raised;
}

void
sys_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
}

int
sys_close_from(int first)
{
	return (int)syscall(SYS_close_range, (unsigned)first, ~0u, 0u);
}

int
sys_pidfd_open(pid_t pid)
{
	if (fault_here(EMFILE))
		return -1;
	return (int)syscall(SYS_pidfd_open, pid, 0u);
}

int
sys_pidfd_kill(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0u);
}

int
sys_pidfd_wait(int pidfd, siginfo_t *ret_info, int options)
{
	return waitid((idtype_t)P_PIDFD, (id_t)pidfd, ret_info, options);
}

pid_t
sys_wait_any(siginfo_t *ret_info, int options)
{
	ret_info->si_pid = 0; /* which stays where WNOHANG finds none */
	return waitid(P_ALL, 0, ret_info, options) < 0 ? -1 : ret_info->si_pid;
}

int
sys_pidfd_peek(int pidfd, int *ret_status, struct rusage *ret_usage)
{
	siginfo_t info = { 0 };

	/* The system call: libc's waitid has no place for the usage. */
	if (syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOWAIT | WNOHANG, ret_usage) < 0)
		return -1;
	if (info.si_pid == 0) {
		errno = ECHILD;
		return -1;
	}
	*ret_status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
	return 0;
}

/*
 * The part of the kernel's struct pidfd_info that is needed; libc headers of this age do not have
 * it. Layout and numbers: include/uapi/linux/pidfd.h, Linux 6.15.
 */
struct pidfd_info {
	uint64_t mask;
	uint64_t cgroupid;
	uint32_t pid, tgid, ppid;
	uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code;
};
#define PIDFD_INFO_EXIT_BIT UINT64_C(8)
#define PIDFD_GET_INFO_CALL _IOWR(0xff, 11, struct pidfd_info)

int
sys_pidfd_exit_status(int pidfd, int *ret_status)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_EXIT_BIT };

	if (fault_here(ENOTTY))
		return -1;
	if (ioctl(pidfd, PIDFD_GET_INFO_CALL, &info) < 0)
		return -1;
	if (!(info.mask & PIDFD_INFO_EXIT_BIT)) {
		errno = ENODATA;
		return -1;
	}
	*ret_status = info.exit_code;
	return 0;
}

int
sys_spawn(pid_t *ret_pid, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const *arguments, char *const *environment)
{
	if (fault_here(EAGAIN))
		return EAGAIN;
	return posix_spawn(ret_pid, path, actions, attributes, arguments, environment);
}

int
sys_drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return (int)syscall(SYS_capset, &header, none);
}

pid_t
sys_fork(void)
{
	return fork();
}

pid_t
sys_wait4(pid_t pid, int *ret_status, int options, struct rusage *ret_usage)
{
	pid_t ended;

	do
		ended = wait4(pid, ret_status, options, ret_usage);
	while (ended < 0 && errno == EINTR);
	return ended;
}

int
sys_kill(pid_t pid, int signal)
{
	return kill(pid, signal);
}

int
sys_poll(struct pollfd *entries, size_t count, int timeout_ms)
{
	return poll(entries, count, timeout_ms);
}

int
sys_processors(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int
sys_eventfd(void)
{
	if (fault_here(EMFILE))
		return -1;
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int
sys_epoll_create(void)
{
	if (fault_here(EMFILE))
		return -1;
	return epoll_create1(EPOLL_CLOEXEC);
}

int
sys_epoll_control(int epoll, int operation, int fd, uint32_t events, void *data)
{
	struct epoll_event event = { .events = events, .data.ptr = data };

	if (operation == EPOLL_CTL_ADD && fault_here(ENOSPC))
		return -1;
	return epoll_ctl(epoll, operation, fd, &event);
}

int
sys_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	if (fault_here(EINTR))
		return -1;
	return epoll_wait(epoll, events, count, timeout_ms);
}

int64_t
sys_monotonic_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
sys_coarse_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
