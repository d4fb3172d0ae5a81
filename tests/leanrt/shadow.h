/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shadow.h - tells AddressSanitizer and memcheck, where they watch, what our quarantine means:
 * inlined reads of freed objects never pass one of our checks, but they pass theirs.
 */
#ifndef LEANRT_SHADOW_H
#define LEANRT_SHADOW_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define RT_ASAN 1
#endif

#ifdef RT_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_MAKE_MEM_NOACCESS(p, n)  ((void)(p), (void)(n))
#define VALGRIND_MAKE_MEM_DEFINED(p, n)   ((void)(p), (void)(n))
#define VALGRIND_MAKE_MEM_UNDEFINED(p, n) ((void)(p), (void)(n))
#endif

static inline void
shadow_hide(void *p, size_t n)
{
	ASAN_POISON_MEMORY_REGION(p, n);
	(void)VALGRIND_MAKE_MEM_NOACCESS(p, n);
}

static inline void
shadow_show(void *p, size_t n)
{
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	(void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* Filled, so that we recognize it, yet undefined to memcheck, which then reports the first use. */
static inline void
shadow_undefined(void *p, size_t n)
{
	(void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

#endif
