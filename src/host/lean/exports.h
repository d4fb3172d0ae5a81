/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWL_EXPORTS_H
#define LWL_EXPORTS_H

#include "host/lean/load.h"
#include "host/lean/trampoline.h"

/* Functions take what they need: an argument too many is in a register that nobody reads. */
typedef lwl_object *lwl_export(
    lwl_object *request, uintptr_t handle, lwl_trampoline_function *trampoline);

#define LWL_OPENER "leanworker_session_open"

/* A function that the capability itself defines. */
enum wire_outcome lwl_export_find(const struct lwl_capability *capability, const char *name,
    lwl_export **ret_function, struct host_message *ret_message);

/* The function that opens imports, in whichever library brought it. */
enum wire_outcome lwl_export_find_opener(const struct lwl_capability *capability,
    lwl_export **ret_function, struct host_message *ret_message);

#endif
