/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWL_CALL_H
#define LWL_CALL_H

#include "host/host.h"
#include "host/lean/load.h"

/* As the functions of struct host. */
enum wire_outcome lwl_stream(const struct lwl_runtime *runtime,
    const struct lwl_capability *capability, const char *export_name, const char *request,
    size_t size, const struct host_emitter *emitter, uint8_t *ret_status,
    struct host_message *ret_message);
enum wire_outcome lwl_call(const struct lwl_runtime *runtime,
    const struct lwl_capability *capability, const char *export_name, const char *request,
    size_t size, struct buffer *reply, struct host_message *ret_message);

/* Runs the export that opens imports; else IMPORT with the reason, or STOPPED. */
enum wire_outcome lwl_open_imports(const struct lwl_runtime *runtime,
    const struct lwl_capability *capability, const struct host_recipe *recipe,
    struct host_message *ret_message);

#endif
