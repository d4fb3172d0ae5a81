/* SPDX-License-Identifier: Apache-2.0 */
/* In the place of tests/support/support.h: the same names, without deadlines and without a census. */
#ifndef LWTEST_SUPPORT_H
#define LWTEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LW_TEST(function)  cmocka_unit_test(function)
#define support_start()    ((void)0)
#define support_run(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif
