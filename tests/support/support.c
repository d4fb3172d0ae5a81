/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { USUAL_SECONDS = 20, SETTLE_MS = 1000 };

static const char *running = "before the first test";
static struct census *before;

/* Valgrind and slow machines: every deadline times this. */
static unsigned
slowness(void)
{
	const char *text = getenv("LWTEST_SLOWNESS");
	int factor = text != NULL ? atoi(text) : 1;

	return factor > 1 ? (unsigned)factor : 1;
}

static void
say(const char *text)
{
	ssize_t n = write(STDERR_FILENO, text, strlen(text));

	(void)n;
}

static void
on_alarm(int signal)
{
	(void)signal;
	say("deadline passed in ");
	say(running);
	say("\n");
	abort();
}

void
support_deadline(unsigned seconds)
{
	(void)alarm(seconds * slowness());
}

void
support_start(void)
{
	struct sigaction action = { .sa_handler = on_alarm };

	(void)sigaction(SIGALRM, &action, NULL);
	census_adopt_orphans();
}

void *
support_name(const char *name)
{
	return (void *)(uintptr_t)name;
}

int
support_begin(void **state)
{
	running = *state;
	support_deadline(USUAL_SECONDS);
	before = census_take();
	*state = NULL;
	return 0;
}

int
support_end(void **state)
{
	char *diff = NULL;
	bool restored = census_restored(before, SETTLE_MS * (int)slowness(), &diff);

	(void)state;
	if (!restored)
		print_error("%s left something behind:\n%s", running, diff);
	free(diff);
	census_free(before);
	before = NULL;
	(void)alarm(0);
	running = "between two tests";
	return restored ? 0 : -1;
}

const char *
support_child(void)
{
	return LWTEST_BIN_DIR "/leanworker-child";
}

const char *
support_chaos(void)
{
	return LWTEST_BIN_DIR "/leanworker-chaos";
}

const char *
support_manifest(void)
{
	return LWTEST_LIB_DIR "/interop.capability.json";
}

const char *
support_library(void)
{
	return LWTEST_LIB_DIR "/libleanworker_x2dfixture_Interop.so";
}

const char *
support_imports(void)
{
	return LWTEST_LIB_DIR "/libleanworker_x2dimports_Imports.so";
}

const char *
support_dependency(void)
{
	return LWTEST_LIB_DIR "/libleanworker_LeanWorker.so";
}

const char *
support_runtime(void)
{
	return LWTEST_LIB_DIR "/libleanrt.so";
}

const char *
support_toolchain(void)
{
	return LWTEST_STAND_IN;
}

const char *
support_source(void)
{
	return LWTEST_SOURCE_DIR;
}
