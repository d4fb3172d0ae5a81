/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.c - the stack overflow message of a Lean runtime.
 *
 * A fault in the page below the stack of the faulting thread is an overflow: text, abort.  Any
 * other restores the default and returns, so that the same instruction faults again.  Only the
 * initializing thread has an alternate stack.  A handler that is already there wins, which is
 * why a build with AddressSanitizer prints that tool's report instead.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rt.h"

static char altstack[64 * 1024];

static bool
in_stack_guard(uintptr_t at)
{
	size_t size, page = (size_t)sysconf(_SC_PAGESIZE);
	pthread_attr_t attr;
	void *base;

	if (pthread_getattr_np(pthread_self(), &attr) != 0)
		return false;
	pthread_attr_getstack(&attr, &base, &size);
	pthread_attr_destroy(&attr);
	return at < (uintptr_t)base && at >= (uintptr_t)base - page;
}

static void
on_fault(int sig, siginfo_t *info, void *context)
{
	static const char text[] = "\nStack overflow detected. Aborting.\n";
	struct sigaction dfl = { .sa_handler = SIG_DFL };

	(void)context;
	if (in_stack_guard((uintptr_t)info->si_addr)) {
		ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);

		(void)n;
		abort();
	}
	sigaction(sig, &dfl, NULL);
}

static void
install_if_default(int sig)
{
	struct sigaction now;

	sigaction(sig, NULL, &now);
	if (now.sa_handler != SIG_DFL)
		return;
	memset(&now, 0, sizeof now);
	now.sa_flags = SA_SIGINFO | SA_ONSTACK;
	now.sa_sigaction = on_fault;
	sigaction(sig, &now, NULL);
}

void
rt_fault_install(void)
{
	stack_t alt = { .ss_sp = altstack, .ss_size = sizeof altstack };

	sigaltstack(&alt, NULL);
	install_if_default(SIGSEGV);
	install_if_default(SIGBUS);
}
