/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way from Lean code back to the request that runs it. The code holds a number, not a pointer:
 * whatever it passes, only the running request's number on the main thread is served.
 */
#ifndef LWL_TRAMPOLINE_H
#define LWL_TRAMPOLINE_H

#include <stddef.h>

#include "host/host.h"
#include "host/lean/object.h"

typedef uint8_t lwl_trampoline_function(
    uintptr_t handle, uint8_t tag, uint64_t a, uint64_t b, lwl_object *payload);

void lwl_trampoline_adopt_thread(void); /* the only thread that is served is the caller's */
/* The number of a new request; no emitter: nothing that is emitted under it is wanted. */
uintptr_t lwl_trampoline_begin(const struct host_emitter *emitter);
void lwl_trampoline_end(void);

lwl_trampoline_function lwl_trampoline;

#endif
