/* SPDX-License-Identifier: Apache-2.0 */
/*
 * once.h - lazily evaluated constants of code emitted by Lean 4.29 and later.
 * Not yet held against a header of those versions: names and behaviour as their emitted C uses
 * them.  Evaluated without a lock, because this runtime runs one Lean thread.
 */
#ifndef LEANRT_ONCE_H
#define LEANRT_ONCE_H

#include <lean/rt/base.h>

typedef struct lean_once_cell {
	int state; /* 0 never, 1 done, -1 being evaluated */
	int lock;
} lean_once_cell_t;

#define LEAN_ONCE_CELL_INITIALIZER                                                                 \
	{                                                                                          \
		0, 0                                                                               \
	}

LEAN_EXPORT bool leanrt_once_begin(lean_once_cell_t *cell);
LEAN_EXPORT void leanrt_once_end(lean_once_cell_t *cell);

#define LEANRT_ONCE(name, T, keep)                                                                 \
	static inline T lean_##name##_once(T *at, lean_once_cell_t *cell, T (*init)(void))         \
	{                                                                                          \
		if (leanrt_once_begin(cell)) {                                                     \
			*at = init();                                                              \
			keep;                                                                      \
			leanrt_once_end(cell);                                                     \
		}                                                                                  \
		return *at;                                                                        \
	}
LEANRT_ONCE(obj, lean_object *, lean_mark_persistent(*at))
LEANRT_ONCE(uint8, uint8_t, (void)0)
LEANRT_ONCE(uint16, uint16_t, (void)0)
LEANRT_ONCE(uint32, uint32_t, (void)0)
LEANRT_ONCE(uint64, uint64_t, (void)0)
LEANRT_ONCE(usize, size_t, (void)0)
LEANRT_ONCE(float, double, (void)0)
LEANRT_ONCE(float32, float, (void)0)
#undef LEANRT_ONCE

/* Eight scalar bytes in an object slot of a static constructor, lowest address first. */
#define LEAN_SCALAR_PTR_LITERAL(b0, b1, b2, b3, b4, b5, b6, b7)                                    \
	((lean_object *)(uintptr_t)((uint64_t)(b0) | (uint64_t)(b1) << 8 | (uint64_t)(b2) << 16 |  \
				    (uint64_t)(b3) << 24 | (uint64_t)(b4) << 32 |                  \
				    (uint64_t)(b5) << 40 | (uint64_t)(b6) << 48 |                  \
				    (uint64_t)(b7) << 56))

#endif
