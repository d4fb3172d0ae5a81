/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "host/lean/trampoline.h"

#define TAG_TICK   0
#define TAG_STRING 1

static char received[64];
static unsigned emissions;
static enum host_emit_status answer;

static enum host_emit_status
receive(void *context, const char *text, size_t size)
{
	assert_ptr_equal(context, &emissions);
	assert_true(size < sizeof received);
	memcpy(received, text, size);
	received[size] = '\0';
	emissions++;
	return answer;
}

static const struct host_emitter emitter = { .emit = receive, .context = &emissions };

/* A string as the compiler emits constants: never counted, never written. */
static union {
	lwl_string string;
	lwl_object object;
	char room[sizeof(lwl_string) + 16];
} payload;

static int
begin(void **state)
{
	(void)state;
	payload.string = (lwl_string){
		.m_header = { .m_tag = LWL_TAG_STRING }, .m_size = 6, .m_length = 5
	};
	memcpy(payload.string.m_data, "hello", 6);
	lwl_trampoline_adopt_thread();
	lwl_trampoline_end();
	emissions = 0;
	answer = HOST_EMIT_OK;
	return 0;
}

static uint8_t
emit(uintptr_t handle)
{
	return lwl_trampoline(handle, TAG_STRING, 0, 0, &payload.object);
}

static void
the_running_request_receives_the_bytes_and_its_answer_goes_back(void **state)
{
	uintptr_t handle = lwl_trampoline_begin(&emitter);

	(void)state;
	assert_int_equal(emit(handle), HOST_EMIT_OK);
	assert_string_equal(received, "hello");
	answer = HOST_EMIT_STOPPED;
	assert_int_equal(emit(handle), HOST_EMIT_STOPPED);
	assert_int_equal(emissions, 2);
}

static void
no_handle_is_good_between_requests(void **state)
{
	uintptr_t handle = lwl_trampoline_begin(&emitter);

	(void)state;
	lwl_trampoline_end();
	assert_int_equal(emit(handle), HOST_EMIT_STALE_HANDLE);
	assert_int_equal(emit(0), HOST_EMIT_STALE_HANDLE);
	assert_int_equal(emissions, 0);
}

static void
the_handle_of_an_earlier_request_is_stale(void **state)
{
	uintptr_t earlier = lwl_trampoline_begin(&emitter), handle;

	(void)state;
	lwl_trampoline_end();
	handle = lwl_trampoline_begin(&emitter);
	assert_true(handle != earlier);
	assert_int_equal(emit(earlier), HOST_EMIT_STALE_HANDLE);
	assert_int_equal(emit(handle + 1), HOST_EMIT_STALE_HANDLE);
	assert_int_equal(emit(handle), HOST_EMIT_OK);
	assert_int_equal(emissions, 1);
}

static void
handles_look_like_numbers_to_lean(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		assert_true(lwl_is_scalar((lwl_object *)lwl_trampoline_begin(&emitter)));
}

static void *
emit_elsewhere(void *handle)
{
	return (void *)(uintptr_t)emit(*(uintptr_t *)handle);
}

static void
another_thread_is_refused(void **state)
{
	uintptr_t handle = lwl_trampoline_begin(&emitter);
	pthread_t thread;
	void *status;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, emit_elsewhere, &handle), 0);
	assert_int_equal(pthread_join(thread, &status), 0);
	assert_int_equal((uintptr_t)status, HOST_EMIT_STALE_HANDLE);
	assert_int_equal(emissions, 0);
}

static void
only_strings_are_payloads(void **state)
{
	uintptr_t handle = lwl_trampoline_begin(&emitter);

	(void)state;
	assert_int_equal(lwl_trampoline(handle, TAG_TICK, 1, 2, NULL), HOST_EMIT_WRONG_PAYLOAD);
	assert_int_equal(
	    lwl_trampoline(handle, TAG_TICK, 1, 2, &payload.object), HOST_EMIT_WRONG_PAYLOAD);
	assert_int_equal(lwl_trampoline(handle, 2, 0, 0, &payload.object), HOST_EMIT_WRONG_PAYLOAD);
	assert_int_equal(lwl_trampoline(handle, TAG_STRING, 0, 0, NULL), HOST_EMIT_WRONG_PAYLOAD);
	assert_int_equal(
	    lwl_trampoline(handle, TAG_STRING, 0, 0, lwl_box(3)), HOST_EMIT_WRONG_PAYLOAD);
	payload.object.m_tag = LWL_TAG_ARRAY;
	assert_int_equal(emit(handle), HOST_EMIT_WRONG_PAYLOAD);
	assert_int_equal(emissions, 0);
}

static void
a_request_that_takes_no_rows_says_so(void **state)
{
	uintptr_t handle = lwl_trampoline_begin(NULL);

	(void)state;
	assert_int_equal(emit(handle), HOST_EMIT_WRONG_PAYLOAD);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_running_request_receives_the_bytes_and_its_answer_goes_back),
		TEST(no_handle_is_good_between_requests),
		TEST(the_handle_of_an_earlier_request_is_stale),
		TEST(handles_look_like_numbers_to_lean),
		TEST(another_thread_is_refused),
		TEST(only_strings_are_payloads),
		TEST(a_request_that_takes_no_rows_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
