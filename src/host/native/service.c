/* SPDX-License-Identifier: Apache-2.0 */
#include "host/native/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "host/say.h"

/* Odd, as all that follow, and not small: no other number of a program looks like one. */
#define FIRST_HANDLE UINT64_C(0x4c574e0000000001)

static pthread_t served_thread;
static const volatile uint32_t *stop_flag;
static uint64_t last_handle = FIRST_HANDLE;
static _Atomic uint64_t running; /* 0 between calls; other threads read it in `cancelled` */
static struct lwn_call *current;
static volatile sig_atomic_t busy; /* a signal handler may come in the middle of an emission */

static void
forget(void)
{
	atomic_store(&running, 0);
}

void
lwn_service_adopt_thread(const volatile uint32_t *flag)
{
	served_thread = pthread_self();
	stop_flag = flag;
	/* A forked copy has this thread and the lanes: it must not speak for the worker. */
	(void)pthread_atfork(NULL, NULL, forget);
}

/* The thread first: what follows is written without locks by the one that is served. */
static struct lwn_call *
enter(uint64_t handle)
{
	if (!pthread_equal(pthread_self(), served_thread) || handle == 0 ||
	    handle != atomic_load(&running) || busy)
		return NULL;
	busy = 1;
	return current;
}

static int
leave(int answer)
{
	busy = 0;
	return answer;
}

static struct json_slice
slice(const char *at, size_t size)
{
	return (struct json_slice){ at ? at : "", at ? size : 0 };
}

static int
misused(struct lwn_call *call, const char *what)
{
	call->misuse = what;
	return leave(LW_GUEST_REFUSED);
}

static int
emit(uint64_t handle, const char *what, const struct envelope *parts)
{
	struct lwn_call *call = enter(handle);

	if (call == NULL)
		return LW_GUEST_REFUSED;
	if (call->emitter == NULL)
		return misused(call, what);
	return leave((int)call->emitter->emit_parts(call->emitter->context, parts));
}

static int
row(uint64_t handle, const char *stream, size_t stream_size, const char *payload,
    size_t payload_size)
{
	return emit(handle, "emitted a row",
	    &(struct envelope){ .kind = ENVELOPE_ROW,
		.name = slice(stream, stream_size),
		.text = slice(payload, payload_size) });
}

static int
diagnostic(
    uint64_t handle, const char *code, size_t code_size, const char *message, size_t message_size)
{
	return emit(handle, "emitted a diagnostic",
	    &(struct envelope){ .kind = ENVELOPE_DIAGNOSTIC,
		.name = slice(code, code_size),
		.text = slice(message, message_size) });
}

static int
progress(
    uint64_t handle, const char *phase, size_t phase_size, uint64_t current_step, uint64_t total)
{
	return emit(handle, "emitted progress",
	    &(struct envelope){ .kind = ENVELOPE_PROGRESS,
		.name = slice(phase, phase_size),
		.text = slice(NULL, 0),
		.current = current_step,
		.total = total });
}

static int
metadata(uint64_t handle, const char *json, size_t size)
{
	return emit(handle, "emitted metadata",
	    &(struct envelope){
		.kind = ENVELOPE_METADATA, .name = slice(NULL, 0), .text = slice(json, size) });
}

static int
reply(uint64_t handle, const char *json, size_t size)
{
	struct lwn_call *call = enter(handle);
	struct json_slice text = slice(json, size);

	if (call == NULL)
		return LW_GUEST_REFUSED;
	if (call->reply == NULL)
		return misused(call, "replied");
	buffer_clear(call->reply);
	call->replied = true;
	call->no_memory = !buffer_append(call->reply, text.at, text.size);
	return leave(call->no_memory ? LW_GUEST_STOP : LW_GUEST_OK);
}

static int
fail(uint64_t handle, const char *message, size_t size)
{
	struct lwn_call *call = enter(handle);
	struct json_slice text = slice(message, size);

	if (call == NULL)
		return LW_GUEST_REFUSED;
	call->failed = true;
	host_say_bytes(&call->failure, text.at, text.size);
	return leave(LW_GUEST_OK);
}

/* Served on every thread: those that a call started learn here that it is over. */
static int
cancelled(uint64_t handle)
{
	return handle == 0 || handle != atomic_load(&running) || *stop_flag != 0;
}

static const struct lw_guest_services services = {
	.struct_size = sizeof services,
	.row = row,
	.diagnostic = diagnostic,
	.progress = progress,
	.metadata = metadata,
	.reply = reply,
	.failed = fail,
	.cancelled = cancelled,
};

struct lw_guest_call
lwn_service_begin(struct lwn_call *call)
{
	current = call;
	busy = 0; /* an export that left an emission by longjmp is served again */
	last_handle += 2;
	atomic_store(&running, last_handle);
	return (struct lw_guest_call){ .handle = last_handle, .services = &services };
}

void
lwn_service_end(void)
{
	atomic_store(&running, 0);
	current = NULL;
}
