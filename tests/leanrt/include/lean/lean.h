/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lean.h - the header that emitted C includes, for the checking runtime.
 *
 * Written from the ABI (names, prototypes, layouts), not from Lean's own header: what is a
 * static inline there may be a function of libleanrt.so here, because objects built against
 * this header run on that library alone.  Prototypes must be exact: emitted C repeats them.
 * IO is that of Lean 4.26 and later (one-field results, no world token).
 */
#ifndef LEANRT_LEAN_H
#define LEANRT_LEAN_H

#ifdef __cplusplus
#error "the checking runtime is for emitted C, not for C++"
#endif

#include <lean/rt/base.h>
#include <lean/rt/ctor.h>
#include <lean/rt/array.h>
#include <lean/rt/string.h>
#include <lean/rt/nat.h>
#include <lean/rt/int.h>
#include <lean/rt/fixed.h>
#include <lean/rt/float.h>
#include <lean/rt/io.h>
#include <lean/rt/once.h>

#endif
