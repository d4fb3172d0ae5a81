/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/call.h"

#include <string.h>

#include "base/utf8.h"
#include "host/lean/exports.h"
#include "host/lean/result.h"
#include "host/say.h"

#define STREAM_TYPE "String -> USize -> USize -> IO UInt8"
#define CALL_TYPE   "String -> IO String"

/*
 * Checked here and not by the runtime's lean_mk_string_from_bytes, which replaces what is not UTF-8
 * without a word: a request would be answered that nobody made.
 */
static enum wire_outcome
check_request(const char *request, size_t size, struct host_message *ret_message)
{
	size_t valid = utf8_valid_prefix(request, size);

	if (valid == size)
		return WIRE_OUTCOME_OK;
	host_say(ret_message,
	    "the request is not UTF-8 at byte %zu: Lean strings hold nothing else", valid);
	return WIRE_OUTCOME_REQUEST_MALFORMED;
}

/* The string is handed over: an export owns its arguments. */
static lwl_object *
invoke(const struct lwl_runtime *runtime, lwl_export *function, const char *request, size_t size,
    const struct host_emitter *emitter)
{
	lwl_object *result = function(
	    runtime->mk_string(request, size), lwl_trampoline_begin(emitter), lwl_trampoline);

	lwl_trampoline_end();
	return result;
}

static enum wire_outcome
run(const struct lwl_runtime *runtime, const struct lwl_capability *capability,
    const char *export_name, const char *request, size_t size, const struct host_emitter *emitter,
    lwl_object **ret_result, struct host_message *ret_message)
{
	lwl_export *function;
	enum wire_outcome outcome = check_request(request, size, ret_message);

	if (outcome == WIRE_OUTCOME_OK)
		outcome = lwl_export_find(capability, export_name, &function, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	*ret_result = invoke(runtime, function, request, size, emitter);
	return WIRE_OUTCOME_OK;
}

static enum wire_outcome
wrong_kind(const char *export_name, const char *wanted, const char *returned, bool in_result,
    struct host_message *ret_message)
{
	host_say(ret_message,
	    "export \"%s\" returned %s%s, but this request runs exports of type %s. "
	    "Check its type, and whether it is to be streamed or called.",
	    export_name, in_result ? "an IO result with " : "", returned, wanted);
	return WIRE_OUTCOME_EXPORT_KIND;
}

/* From what the export returned to the value in it. */
static enum wire_outcome
open_result(const struct lwl_runtime *runtime, const char *export_name, const char *wanted,
    lwl_object *result, lwl_object **ret_value, struct host_message *ret_message)
{
	struct host_message what;

	switch (lwl_result_take(runtime, result, ret_value, &what)) {
	case LWL_RESULT_OK:
		return WIRE_OUTCOME_OK;
	case LWL_RESULT_ERROR:
		*ret_message = what;
		return WIRE_OUTCOME_EXCEPTION;
	default:
		return wrong_kind(export_name, wanted, what.text, false, ret_message);
	}
}

static enum wire_outcome
wrong_value(const struct lwl_runtime *runtime, const char *export_name, const char *wanted,
    lwl_object *value, struct host_message *ret_message)
{
	struct host_message what;

	lwl_describe(value, &what);
	if (lwl_is_object(value))
		lwl_release(runtime, value);
	return wrong_kind(export_name, wanted, what.text, true, ret_message);
}

static enum wire_outcome
take_status(const struct lwl_runtime *runtime, const char *export_name, lwl_object *result,
    uint8_t *ret_status, struct host_message *ret_message)
{
	lwl_object *value;
	enum wire_outcome outcome = open_result(
	    runtime, export_name, STREAM_TYPE, result, &value, ret_message);

	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	if (!lwl_is_scalar(value) || lwl_unbox(value) > UINT8_MAX)
		return wrong_value(runtime, export_name, STREAM_TYPE, value, ret_message);
	*ret_status = (uint8_t)lwl_unbox(value);
	return WIRE_OUTCOME_OK;
}

enum wire_outcome
lwl_stream(const struct lwl_runtime *runtime, const struct lwl_capability *capability,
    const char *export_name, const char *request, size_t size, const struct host_emitter *emitter,
    uint8_t *ret_status, struct host_message *ret_message)
{
	lwl_object *result;
	enum wire_outcome outcome = run(
	    runtime, capability, export_name, request, size, emitter, &result, ret_message);

	return outcome == WIRE_OUTCOME_OK
		   ? take_status(runtime, export_name, result, ret_status, ret_message)
		   : outcome;
}

enum wire_outcome
lwl_call(const struct lwl_runtime *runtime, const struct lwl_capability *capability,
    const char *export_name, const char *request, size_t size, struct buffer *reply,
    struct host_message *ret_message)
{
	lwl_object *value;
	enum wire_outcome outcome;
	bool kept;

	outcome = run(runtime, capability, export_name, request, size, NULL, &value, ret_message);
	if (outcome == WIRE_OUTCOME_OK)
		outcome = open_result(runtime, export_name, CALL_TYPE, value, &value, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	if (!lwl_is_object(value) || !lwl_is_string(value))
		return wrong_value(runtime, export_name, CALL_TYPE, value, ret_message);
	kept = buffer_append(reply, lwl_string_bytes(value), lwl_string_size(value));
	lwl_release(runtime, value);
	if (kept)
		return WIRE_OUTCOME_OK;
	host_say(ret_message, "no memory for the answer of export \"%s\"", export_name);
	return WIRE_OUTCOME_NO_MEMORY;
}

enum wire_outcome
lwl_open_imports(const struct lwl_runtime *runtime, const struct lwl_capability *capability,
    const struct host_recipe *recipe, struct host_message *ret_message)
{
	size_t size = strlen(recipe->imports);
	uint8_t status = 0;
	lwl_export *function;
	enum wire_outcome outcome = check_request(recipe->imports, size, ret_message);

	if (outcome == WIRE_OUTCOME_OK)
		outcome = lwl_export_find_opener(capability, &function, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return WIRE_OUTCOME_IMPORT;
	outcome = take_status(runtime, LWL_OPENER,
	    invoke(runtime, function, recipe->imports, size, recipe->emitter), &status,
	    ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return WIRE_OUTCOME_IMPORT;
	if (status == 0)
		return WIRE_OUTCOME_OK;
	host_say(ret_message, LWL_OPENER " returned status %u", status);
	return status == HOST_EMIT_STOPPED && *recipe->stop_flag != 0 ? WIRE_OUTCOME_STOPPED
								      : WIRE_OUTCOME_IMPORT;
}
