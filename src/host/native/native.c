/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host.h"

#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "base/utf8.h"
#include "host/native/load.h"
#include "host/native/service.h"
#include "host/native/table.h"
#include "host/say.h"

static const struct lw_guest_capability *table; /* one process, one capability */

static void
tell_facts(struct host_facts *ret_facts)
{
	char *text = ret_facts->runtime;
	size_t room = sizeof ret_facts->runtime;
	int size = snprintf(text, room, "%s %s", table->name, table->version);

	if (size < 0 || (size_t)size >= room)
		text[utf8_valid_prefix(text, room - 1)] = '\0';
}

static enum wire_outcome
initialize(struct host_message *ret_message)
{
	struct lwn_call call = { 0 };
	int status = table->init ? table->init(lwn_service_begin(&call)) : 0;

	lwn_service_end();
	if (call.failed)
		*ret_message = call.failure;
	else if (call.misuse != NULL)
		host_say(ret_message,
		    "init of capability %s %s: there is no request yet that could have it",
		    table->name, call.misuse);
	else if (status != 0)
		host_say(ret_message,
		    "init of capability %s returned %d; lw_guest_fail would let it say why",
		    table->name, status);
	else
		return WIRE_OUTCOME_OK;
	return WIRE_OUTCOME_INITIALIZER;
}

static enum wire_outcome
native_open(const struct host_recipe *recipe, struct host_facts *ret_facts,
    struct host_message *ret_message)
{
	enum wire_outcome outcome = lwn_load(recipe, &table, ret_message);

	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	lwn_service_adopt_thread(recipe->stop_flag);
	tell_facts(ret_facts);
	return initialize(ret_message);
}

/* What a function returned and did, as an outcome; *ret_status is untouched unless OK. */
static enum wire_outcome
judge(const struct lw_guest_export *e, const struct lwn_call *call, int returned,
    uint8_t *ret_status, struct host_message *ret_message)
{
	bool is_stream = e->kind == LW_GUEST_STREAM;

	if (call->no_memory) {
		host_say(ret_message, "the worker has no memory for the reply");
		return WIRE_OUTCOME_NO_MEMORY;
	}
	if (call->misuse != NULL) {
		host_say(ret_message, "export \"%s\" is a %s and %s: declare it %s, or do not",
		    e->name, is_stream ? "stream" : "command", call->misuse,
		    is_stream ? "LW_GUEST_COMMAND" : "LW_GUEST_STREAM");
		return WIRE_OUTCOME_EXPORT_KIND;
	}
	if (call->failed) {
		*ret_message = call->failure;
		return WIRE_OUTCOME_EXCEPTION;
	}
	if (returned < 0 || returned > UINT8_MAX) {
		host_say(ret_message, "export \"%s\" returned %d; a status is 0 to 255", e->name,
		    returned);
		return WIRE_OUTCOME_EXCEPTION;
	}
	if (!is_stream && returned == 0 && !call->replied) {
		host_say(ret_message,
		    "command \"%s\" returned 0 and had not replied: call lw_guest_reply", e->name);
		return WIRE_OUTCOME_EXCEPTION;
	}
	*ret_status = (uint8_t)returned;
	return WIRE_OUTCOME_OK;
}

static enum wire_outcome
run(enum lw_guest_kind kind, const char *export_name, const char *request, size_t size,
    struct lwn_call *call, uint8_t *ret_status, struct host_message *ret_message)
{
	const struct lw_guest_export *e;
	enum wire_outcome outcome = lwn_table_find(table, export_name, kind, &e, ret_message);
	char *text;
	int returned;

	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	text = sys_alloc(size + 1); /* terminated, for those who read it as a C string */
	if (text == NULL) {
		host_say(ret_message, "the worker has no memory for the request");
		return WIRE_OUTCOME_NO_MEMORY;
	}
	memcpy(text, request, size);
	returned = e->function(lwn_service_begin(call), text, size);
	lwn_service_end();
	sys_free(text);
	return judge(e, call, returned, ret_status, ret_message);
}

static enum wire_outcome
native_stream(const char *export_name, const char *request, size_t size,
    const struct host_emitter *emitter, uint8_t *ret_status, struct host_message *ret_message)
{
	struct lwn_call call = { .emitter = emitter };

	return run(LW_GUEST_STREAM, export_name, request, size, &call, ret_status, ret_message);
}

static enum wire_outcome
native_call(const char *export_name, const char *request, size_t size, struct buffer *reply,
    uint8_t *ret_status, struct host_message *ret_message)
{
	struct lwn_call call = { .reply = reply };

	return run(LW_GUEST_COMMAND, export_name, request, size, &call, ret_status, ret_message);
}

static void
native_close(void)
{
	if (table->fini != NULL)
		table->fini();
}

const struct host host_native = {
	.name = "native",
	.open = native_open,
	.stream = native_stream,
	.call = native_call,
	.close = native_close,
};
