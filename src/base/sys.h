/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation and every system call of the library and of its child goes through here, so that
 * there is one place to retry EINTR, one place that makes descriptors close-on-exec, and one place
 * where tests inject faults (base/fault.h).
 *
 * Calls answer what their namesake answers (-1 and errno), except where said. None is retried after
 * EINTR but read, write, recv and send, whose callers never want it.
 */
#ifndef LW_BASE_SYS_H
#define LW_BASE_SYS_H

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>

void *sys_alloc(size_t size); /* zeroed; NULL when there is no memory */
void *sys_realloc(void *old, size_t size);
char *sys_strdup(const char *text);
void sys_free(void *memory);

ssize_t sys_read(int fd, void *buffer, size_t size);
ssize_t sys_write(int fd, const void *buffer, size_t size);
ssize_t sys_recv(int fd, void *buffer, size_t size);
ssize_t sys_send(int fd, const void *buffer, size_t size); /* never raises SIGPIPE */
void sys_end_sending(int fd); /* the peer reads what was sent, and then an end of file */

int sys_open_read(const char *path); /* close-on-exec */
int sys_create(const char *path);    /* for writing; emptied; close-on-exec */
int sys_open_lock(const char *path); /* made if need be; close-on-exec */
int sys_try_lock(int fd);            /* EWOULDBLOCK: another process has it; ends with fd */
int sys_touch(int fd);               /* its times are the file system's now */
int sys_sync(int fd);
int sys_rename(const char *from, const char *to);
int sys_socketpair(int type, int ret_pair[2]); /* AF_UNIX, close-on-exec */
int sys_pipe(int ret_pair[2]);                 /* close-on-exec */
int sys_eventfd(void);                         /* non-blocking, close-on-exec */
void sys_wake(int eventfd); /* async-signal-safe; cannot fail: its counter never comes to its end */
int sys_memfd(const char *name, size_t size); /* sized, sealable, close-on-exec */
int sys_seal(int fd, int seals);
void *sys_map(int fd, size_t size, int protection); /* shared; NULL when it fails */
void sys_unmap(void *address, size_t size);
void sys_keep_from_forks(void *address, size_t size); /* a forked copy does not have it */
int sys_socket_error(int fd); /* takes the pending error of a socket; 0 for none */
int sys_set_close_on_exec(int fd);
int sys_set_nonblocking(int fd);
int sys_set_pipe_size(int fd, int size);
int sys_duplicate(int fd, int at_least); /* close-on-exec, at a number >= at_least */
int sys_raise_fd(int fd, int at_least);  /* moves fd to a number >= at_least; -1 closes it */
void sys_close(int *fd);                 /* closes if >= 0, keeps errno, writes -1 back */
int sys_close_from(int first);           /* closes every descriptor from this number on */

int sys_pidfd_open(pid_t pid);
int sys_pidfd_kill(int pidfd, int signal);
int sys_pidfd_wait(int pidfd, siginfo_t *ret_info, int options); /* waitid(P_PIDFD) */
pid_t sys_wait_any(siginfo_t *ret_info, int options); /* waitid(P_ALL); 0: none is there */
/* The wait status and the usage of an ended child, which stays to be reaped; ECHILD: not ended. */
int sys_pidfd_peek(int pidfd, int *ret_status, struct rusage *ret_usage);
/* The wait status of an ended process that somebody else reaped; Linux 6.15 and later. */
int sys_pidfd_exit_status(int pidfd, int *ret_status);

/* posix_spawn: answers an errno. */
int sys_spawn(pid_t *ret_pid, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const *arguments, char *const *environment);
int sys_drop_capabilities(void); /* all of the calling thread */
pid_t sys_fork(void);
pid_t sys_wait4(pid_t pid, int *ret_status, int options, struct rusage *ret_usage);
int sys_kill(pid_t pid, int signal);
int sys_poll(struct pollfd *entries, size_t count, int timeout_ms);

int sys_processors(void); /* that this process may run on; 1 where that is not known */

int sys_epoll_create(void);
int sys_epoll_control(int epoll, int operation, int fd, uint32_t events, void *data);
int sys_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms);

int64_t sys_monotonic_ns(void);
int64_t sys_coarse_ns(
    void); /* the same clock at its last tick, some milliseconds ago; a fifth of the price */

#endif
