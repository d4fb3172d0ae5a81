/* SPDX-License-Identifier: Apache-2.0 */
/* A bench that cannot go on says why and ends: a figure of half a run is none. */
#ifndef LW_BENCH_FAIL_H
#define LW_BENCH_FAIL_H

__attribute__((format(printf, 1, 2))) _Noreturn void fail(const char *format, ...);

#endif
