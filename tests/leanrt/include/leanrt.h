/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanrt.h - what the checking runtime offers beyond the Lean C ABI.
 *
 * The checking runtime is not Lean.  It stands in for a Lean runtime in tests, on machines
 * without a toolchain, and refuses (with abort) everything that it cannot vouch for.
 * A host finds these functions by dlsym; a real runtime has none of them.
 */
#ifndef LEANRT_H
#define LEANRT_H

#include <stddef.h>
#include <stdint.h>

#define LEANRT_API          __attribute__((visibility("default")))
#define LEANRT_PRINTF(a, b) __attribute__((format(printf, a, b)))

/* A constant sentence that names this runtime and says that it is not Lean. */
LEANRT_API const char *leanrt_name(void);

struct leanrt_counts {
	uint64_t allocated; /* since the start of the process */
	uint64_t freed;
	uint64_t persistent; /* marked, so never freed: not a leak */
	uint64_t live;       /* neither freed nor persistent */
};

LEANRT_API void leanrt_counts(struct leanrt_counts *ret_counts);
LEANRT_API size_t leanrt_live(void);

/*
 * One line of counts; if anything is live, a line per kind and up to ten samples.
 * Checks the quarantine on the way: a write to freed memory aborts.
 * Returns the number of live objects, clamped to INT_MAX.
 */
LEANRT_API int leanrt_report(int fd);

/* The one way out of a check that failed: "leanrt: " and the text to fd 2, then abort. */
LEANRT_API _Noreturn void leanrt_die(const char *format, ...) LEANRT_PRINTF(1, 2);
LEANRT_API _Noreturn void leanrt_unsupported(const char *name);

#endif
