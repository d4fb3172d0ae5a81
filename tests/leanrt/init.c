/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init.c - the life of the runtime, with its order enforced.
 *
 *   lean_setup_args?  ->  lean_initialize  ->  module initializers  ->  task manager and
 *   lean_io_mark_end_initialization, in either order
 *
 * A real runtime tolerates some of what aborts here, in some versions; a host that works with
 * all of them does none of it.
 *
 * LEANRT_VERSION sets the version that is reported, for tests of a refusal.  Empty: the symbol
 * stays NULL.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "rt.h"

/* The release whose C ABI this runtime was written against. */
#define ABI_VERSION "4.28.0"

LEAN_EXPORT extern lean_object *l_Lean_versionString, *l_Lean_versionStringCore, *l_Lean_githash;
lean_object *l_Lean_versionString, *l_Lean_versionStringCore, *l_Lean_githash;

static bool initialized;
static bool init_ended;
static bool initializing_again;
static bool have_tasks;
static pthread_t boot_thread;

static lean_object *
persistent_string(const char *s)
{
	lean_object *o = lean_mk_string(s);

	lean_mark_persistent(o);
	return o;
}

static void
start(const char *who)
{
	if (initialized)
		leanrt_die("%s: this runtime is initialized already", who);
	initialized = true;
	boot_thread = pthread_self();
	signal(SIGPIPE, SIG_IGN);
	rt_fault_install();
	rt_streams_make();
}

static void
set_version(void)
{
	const char *version = getenv("LEANRT_VERSION");

	if (version == NULL)
		version = ABI_VERSION;
	if (*version == '\0')
		return;
	l_Lean_versionString = persistent_string(version);
	l_Lean_versionStringCore = persistent_string(ABI_VERSION);
	l_Lean_githash = persistent_string("leanrt");
}

static void
must_be(bool state, const char *who, const char *what)
{
	if (!state)
		leanrt_die("%s %s", who, what);
}

void
rt_must_be_initialized(const char *who)
{
	must_be(initialized, who, "before lean_initialize");
}

char **
lean_setup_args(int argc, char **argv)
{
	(void)argc;
	must_be(!initialized, __func__, "after lean_initialize");
	return argv;
}

void
lean_initialize_runtime_module(void)
{
	start(__func__);
}

void
lean_initialize(void)
{
	start(__func__);
	set_version();
}

void
lean_initialize_thread(void)
{
	rt_must_be_initialized(__func__);
}

void
lean_finalize_thread(void)
{
	must_be(!pthread_equal(boot_thread, pthread_self()), __func__, "on the boot thread");
}

static lean_object *
initialize_library(const char *who)
{
	rt_must_be_initialized(who);
	must_be(pthread_equal(boot_thread, pthread_self()), who, "on another thread");
	return lean_io_result_mk_ok(lean_box(0));
}

lean_object *
initialize_Init(uint8_t builtin)
{
	(void)builtin;
	return initialize_library(__func__);
}

lean_object *
initialize_Std(uint8_t builtin)
{
	(void)builtin;
	return initialize_library(__func__);
}

void
lean_io_mark_end_initialization(void)
{
	rt_must_be_initialized(__func__);
	must_be(!init_ended, __func__, "for the second time");
	init_ended = true;
}

uint8_t
lean_io_initializing(void)
{
	return !init_ended || initializing_again;
}

void
lean_set_initializing(uint8_t on)
{
	rt_must_be_initialized(__func__);
	initializing_again = on != 0;
}

/* The result object of 4.32 and before; 4.33 returns the scalar. */
lean_object *
lean_enable_initializer_execution(void)
{
	rt_must_be_initialized(__func__);
	return lean_io_result_mk_ok(lean_box(0));
}

void
lean_init_task_manager_using(unsigned workers)
{
	(void)workers;
	rt_must_be_initialized("a task manager made");
	must_be(!have_tasks, "a task manager made", "for the second time");
	have_tasks = true;
}

void
lean_init_task_manager(void)
{
	lean_init_task_manager_using(1);
}

void
lean_finalize_task_manager(void)
{
	must_be(have_tasks, __func__, "without a task manager");
	have_tasks = false;
}

/* Limits of a real runtime; nothing here grows far enough to need them. */
lean_object *
lean_internal_set_max_memory(size_t bytes)
{
	(void)bytes;
	return lean_box(0);
}

lean_object *
lean_internal_set_thread_stack_size(size_t bytes)
{
	(void)bytes;
	return lean_box(0);
}

void
lean_inc_heartbeat(void)
{
}

bool
leanrt_once_begin(lean_once_cell_t *cell)
{
	if (cell->state == 1)
		return false;
	if (cell->state != 0)
		leanrt_die("a constant needs its own value");
	cell->state = -1;
	return true;
}

void
leanrt_once_end(lean_once_cell_t *cell)
{
	cell->state = 1;
}
