/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host.h"

#include <unistd.h>

#include "host/lean/call.h"
#include "host/lean/load.h"
#include "host/lean/trampoline.h"

/* One process, one runtime, one capability: Lean itself has no second of either. */
static struct lwl_runtime runtime;
static struct lwl_capability capability;

static enum wire_outcome
lean_open(const struct host_recipe *recipe, struct host_facts *ret_facts,
    struct host_message *ret_message)
{
	enum wire_outcome outcome;

	lwl_trampoline_adopt_thread();
	outcome = lwl_load(recipe, &runtime, &capability, ret_facts, ret_message);
	if (outcome != WIRE_OUTCOME_OK || *recipe->imports == '\0')
		return outcome;
	return lwl_open_imports(&runtime, &capability, recipe, ret_message);
}

static enum wire_outcome
lean_stream(const char *export_name, const char *request, size_t size,
    const struct host_emitter *emitter, uint8_t *ret_status, struct host_message *ret_message)
{
	return lwl_stream(
	    &runtime, &capability, export_name, request, size, emitter, ret_status, ret_message);
}

static enum wire_outcome
lean_call(const char *export_name, const char *request, size_t size, struct buffer *reply,
    uint8_t *ret_status, struct host_message *ret_message)
{
	*ret_status = 0; /* a Lean command that fails throws */
	return lwl_call(&runtime, &capability, export_name, request, size, reply, ret_message);
}

/* Lean is not finalised: its threads may never end, and the process is about to. */
static void
lean_close(void)
{
	if (runtime.report != NULL)
		(void)runtime.report(STDERR_FILENO);
}

const struct host host_lean = {
	.name = "lean",
	.open = lean_open,
	.stream = lean_stream,
	.call = lean_call,
	.close = lean_close,
};
