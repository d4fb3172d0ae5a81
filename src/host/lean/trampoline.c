/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/trampoline.h"

#include <pthread.h>

#define TAG_STRING 1
/* Odd, as all that follow: code that takes its handle for an object sees a number, not an address.
 */
#define FIRST_HANDLE ((uintptr_t)0x4c57000000000001)

static pthread_t served_thread;
static uintptr_t last_handle = FIRST_HANDLE;
static uintptr_t running; /* 0 between requests */
static const struct host_emitter *receiver;

void
lwl_trampoline_adopt_thread(void)
{
	served_thread = pthread_self();
}

uintptr_t
lwl_trampoline_begin(const struct host_emitter *emitter)
{
	receiver = emitter;
	last_handle += 2;
	running = last_handle;
	return running;
}

void
lwl_trampoline_end(void)
{
	running = 0;
	receiver = NULL;
}

/* The thread first: what follows is written without locks by the one that is served. */
static bool
is_current(uintptr_t handle)
{
	return pthread_equal(pthread_self(), served_thread) && running != 0 && handle == running;
}

uint8_t
lwl_trampoline(uintptr_t handle, uint8_t tag, uint64_t a, uint64_t b, lwl_object *payload)
{
	(void)a;
	(void)b;
	if (!is_current(handle))
		return HOST_EMIT_STALE_HANDLE;
	if (tag != TAG_STRING || payload == NULL || !lwl_is_string(payload) || receiver == NULL)
		return HOST_EMIT_WRONG_PAYLOAD;
	return (uint8_t)receiver->emit(
	    receiver->context, lwl_string_bytes(payload), lwl_string_size(payload));
}
