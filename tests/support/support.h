/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every test program starts from. Tests are registered with LW_TEST(function) and run by
 * support_run(): each then has a deadline (the process aborts and names the test), and a census
 * before and after; a test that leaves anything behind fails with the list of it.
 */
#ifndef LWTEST_SUPPORT_H
#define LWTEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/census.h"

#define LW_TEST(function)                                                                          \
	cmocka_unit_test_prestate_setup_teardown(                                                  \
	    function, support_begin, support_end, support_name(#function))

/* The group's result for main(): 0 or the number of failures. */
#define support_run(tests) (support_start(), cmocka_run_group_tests(tests, NULL, NULL))

/* Gives the running test this much time from now on instead of the usual 20 s. */
void support_deadline(unsigned seconds);

/* Artefacts of the build that this test belongs to; absolute paths, constant strings. */
const char *support_child(void);      /* bin/leanworker-child */
const char *support_chaos(void);      /* bin/leanworker-chaos */
const char *support_manifest(void);   /* lib/interop.capability.json */
const char *support_library(void);    /* lib/libleanworker_x2dfixture_Interop.so */
const char *support_imports(void);    /* lib/libleanworker_x2dimports_Imports.so */
const char *support_dependency(void); /* lib/libleanworker_LeanWorker.so */
const char *support_runtime(void);    /* lib/libleanrt.so */
const char *support_toolchain(void);  /* the stand-in toolchain, tests/toolchain */
const char *support_source(void);     /* the top of the source tree */

/* Behind the macros. */
void support_start(void);
int support_begin(void **state);
int support_end(void **state);
void *support_name(const char *name);

#endif
