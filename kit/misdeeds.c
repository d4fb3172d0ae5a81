/* SPDX-License-Identifier: Apache-2.0 */
#include "misdeeds.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "wire/fds.h"

static void
nap(uint64_t ms)
{
	const struct timespec span = { .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&span, NULL);
}

static void
begin_thread(void *(*run)(void *), void *context)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, context) != 0)
		_exit(1);
	(void)pthread_detach(thread);
}

/* ---- Crashes ------------------------------------------------------------------------------- */

/* A page of a file that has none. */
static void
touch_nothing(void)
{
	int fd = memfd_create("nothing", MFD_CLOEXEC);
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (page != MAP_FAILED)
		page[0] = 1;
}

/* Where the processor does not trap on it the signal is sent. */
static void
divide(void)
{
#ifdef __x86_64__
	__asm__ volatile("xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\tdivl %%ecx" ::
			     : "eax", "ecx", "edx", "cc");
#endif
	(void)raise(SIGFPE);
}

static void
execute_nonsense(void)
{
#ifdef __x86_64__
	__asm__ volatile("ud2");
#elif defined(__aarch64__)
	__asm__ volatile(".inst 0");
#endif
	(void)raise(SIGILL);
}

__attribute__((no_sanitize("undefined"))) static void
store_nowhere(void)
{
	volatile uintptr_t nowhere = 8; /* so that the compiler does not see it coming */

	*(volatile int *)nowhere = 1;
}

static void
do_crash(const struct action *a)
{
	static const struct {
		const char *name;
		void (*crash)(void);
	} kinds[] = {
		{ "segv", store_nowhere },
		{ "bus", touch_nothing },
		{ "fpe", divide },
		{ "ill", execute_nonsense },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (a->words > 1 && strcmp(kinds[i].name, a->word[1]) == 0)
			kinds[i].crash();
	_exit(64);
}

/* ---- Living on ----------------------------------------------------------------------------- */

static void
do_deaf(const struct action *a)
{
	sigset_t all;

	(void)a;
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_IGN);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
}

static void
do_spin(const struct action *a)
{
	(void)a;
	for (volatile uint64_t turns = 0;; turns++)
		;
}

static void *
pause_for_ever(void *nothing)
{
	for (;;)
		(void)pause();
	return nothing;
}

static void
do_main_ends(const struct action *a)
{
	(void)a;
	begin_thread(pause_for_ever, NULL);
	pthread_exit(NULL);
}

static void *
beat_for_ever(void *ms)
{
	for (;;) {
		(void)!write(STDERR_FILENO, "beat\n", 5);
		nap((uintptr_t)ms);
	}
	return NULL;
}

/* beat [MS]: another thread prints a line every so often. */
static void
do_beat(const struct action *a)
{
	begin_thread(beat_for_ever, (void *)(uintptr_t)action_argument(a, 1, 10));
}

/* ---- Against the system -------------------------------------------------------------------- */

static void *
be_traced(void *done)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(64);
	if (done != NULL) {
		(void)sem_post(done);
		(void)pause_for_ever(NULL);
	}
	return NULL;
}

/* trace-me [thread]: the main thread, or another one, which then does nothing more. */
static void
do_trace_me(const struct action *a)
{
	static sem_t done;

	if (a->words == 1) {
		(void)be_traced(NULL);
		return;
	}
	(void)sem_init(&done, 0, 0);
	begin_thread(be_traced, &done);
	while (sem_wait(&done) < 0)
		;
}

/* Until the system refuses, with few enough that it does so soon. */
static void
do_eat_descriptors(const struct action *a)
{
	const struct rlimit limit = { 1024, 1024 };

	(void)a;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	while (fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0) >= 0)
		;
}

/* Whatever can be done to a description that somebody else might share. */
static void
do_tamper(const struct action *a)
{
	(void)a;
	for (int fd = 0; fd < WIRE_FD_COUNT; fd++) {
		(void)fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND | O_ASYNC);
		(void)fcntl(fd, F_SETPIPE_SZ, 4096);
		(void)lseek(fd, 1, SEEK_SET);
		(void)flock(fd, LOCK_EX | LOCK_NB);
		(void)!ftruncate(fd, 0);
	}
	for (int fd = 0; fd < WIRE_FD_COUNT; fd++)
		(void)fcntl(fd, F_SETFL, 0); /* its own side would not work otherwise */
}

static const struct {
	const char *name;
	void (*act)(const struct action *a);
} misdeeds[] = {
	{ "crash", do_crash },
	{ "deaf", do_deaf },
	{ "spin", do_spin },
	{ "main-ends", do_main_ends },
	{ "beat", do_beat },
	{ "trace-me", do_trace_me },
	{ "eat-descriptors", do_eat_descriptors },
	{ "tamper", do_tamper },
};

bool
misdeed(const struct action *a)
{
	for (size_t i = 0; i < sizeof misdeeds / sizeof misdeeds[0]; i++)
		if (strcmp(misdeeds[i].name, a->word[0]) == 0) {
			misdeeds[i].act(a);
			return true;
		}
	return false;
}

/* ---- What it is ---------------------------------------------------------------------------- */

static unsigned
count_blocked(void)
{
	unsigned count = 0;
	sigset_t now;

	(void)sigprocmask(SIG_SETMASK, NULL, &now);
	for (int number = 1; number < NSIG; number++)
		count += sigismember(&now, number) == 1;
	return count;
}

static unsigned
count_ignored(void)
{
	struct sigaction now;
	unsigned count = 0;

	for (int number = 1; number < NSIG; number++)
		count += sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
	return count;
}

static unsigned
count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

void
misdeed_self(char *ret_json, size_t room)
{
	struct rlimit core = { 1, 1 };

	(void)getrlimit(RLIMIT_CORE, &core);
	(void)snprintf(ret_json, room,
	    "{\"core\":%llu,\"dumpable\":%d,\"blocked\":%u,\"ignored\":%u,\"descriptors\":%u}",
	    (unsigned long long)core.rlim_max, prctl(PR_GET_DUMPABLE), count_blocked(),
	    count_ignored(), count_descriptors());
}
