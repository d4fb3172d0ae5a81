/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the services of a native capability serve; the rest of them is tested with real workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "host/native/service.h"

static volatile uint32_t stop_flag;
static struct envelope last;
static unsigned emissions;
static struct lw_guest_call current;
static int inner_answer; /* of an emission in the middle of another one */

static enum host_emit_status
receive(void *context, const struct envelope *parts)
{
	assert_ptr_equal(context, &emissions);
	last = *parts;
	emissions++;
	inner_answer = lw_guest_row(current, "inner", "1", 1);
	return stop_flag ? HOST_EMIT_STOPPED : HOST_EMIT_OK;
}

static const struct host_emitter emitter = { .emit_parts = receive, .context = &emissions };

static int
begin(void **state)
{
	static int adopted;

	(void)state;
	if (!adopted++)
		lwn_service_adopt_thread(&stop_flag);
	lwn_service_end();
	stop_flag = 0;
	emissions = 0;
	inner_answer = -1;
	return 0;
}

static bool
is(struct json_slice slice, const char *text)
{
	return slice.size == strlen(text) && memcmp(slice.at, text, slice.size) == 0;
}

static void
parts_arrive_as_they_were_given(void **state)
{
	struct lwn_call call = { .emitter = &emitter };

	(void)state;
	current = lwn_service_begin(&call);
	assert_int_equal(lw_guest_row(current, "rows", "null", 4), LW_GUEST_OK);
	assert_int_equal(last.kind, ENVELOPE_ROW);
	assert_true(is(last.name, "rows") && is(last.text, "null"));
	assert_int_equal(lw_guest_diagnostic(current, "code", "text"), LW_GUEST_OK);
	assert_int_equal(last.kind, ENVELOPE_DIAGNOSTIC);
	assert_true(is(last.name, "code") && is(last.text, "text"));
	assert_int_equal(lw_guest_progress(current, "phase", 3, LW_GUEST_NO_TOTAL), LW_GUEST_OK);
	assert_int_equal(last.kind, ENVELOPE_PROGRESS);
	assert_true(is(last.name, "phase") && last.current == 3 && last.total == WIRE_NO_TOTAL);
	assert_int_equal(lw_guest_metadata(current, "{}", 2), LW_GUEST_OK);
	assert_int_equal(last.kind, ENVELOPE_METADATA);
	assert_true(is(last.name, "") && is(last.text, "{}"));
	stop_flag = 1;
	assert_int_equal(lw_guest_row(current, "rows", "null", 4), LW_GUEST_STOP);
	assert_null(call.misuse);
	assert_false(call.failed);
}

static void
an_emission_in_the_middle_of_another_is_refused(void **state)
{
	struct lwn_call call = { .emitter = &emitter };

	(void)state;
	current = lwn_service_begin(&call);
	assert_int_equal(lw_guest_row(current, "rows", "0", 1), LW_GUEST_OK);
	assert_int_equal(inner_answer, LW_GUEST_REFUSED);
	assert_int_equal(emissions, 1);
	assert_int_equal(lw_guest_row(current, "rows", "0", 1), LW_GUEST_OK);
}

static void
expect_refused(struct lw_guest_call call)
{
	assert_int_equal(lw_guest_row(call, "s", "0", 1), LW_GUEST_REFUSED);
	assert_int_equal(lw_guest_diagnostic(call, "c", "m"), LW_GUEST_REFUSED);
	assert_int_equal(lw_guest_progress(call, "p", 0, 1), LW_GUEST_REFUSED);
	assert_int_equal(lw_guest_metadata(call, "{}", 2), LW_GUEST_REFUSED);
	assert_int_equal(lw_guest_reply(call, "{}", 2), LW_GUEST_REFUSED);
	assert_int_equal(lw_guest_fail(call, "why %d", 1), LW_GUEST_FAILED);
	assert_int_equal(emissions, 0);
}

static void
a_call_that_is_over_is_refused(void **state)
{
	struct lwn_call first = { .emitter = &emitter }, second = { .emitter = &emitter };
	struct lw_guest_call old = lwn_service_begin(&first);

	(void)state;
	assert_false(lw_guest_cancelled(old));
	lwn_service_end();
	assert_true(lw_guest_cancelled(old));
	expect_refused(old);
	current = lwn_service_begin(&second);
	assert_true(current.handle != old.handle);
	assert_false(lw_guest_cancelled(current));
	assert_true(lw_guest_cancelled(old));
	expect_refused(old);
	old.handle = 0;
	expect_refused(old);
	assert_false(first.failed || second.failed);
}

static void *
use_elsewhere(void *unused)
{
	expect_refused(current);
	return lw_guest_cancelled(current) ? unused : NULL;
}

static void
another_thread_may_only_ask(void **state)
{
	struct lwn_call call = { .emitter = &emitter };
	pthread_t thread;
	void *asked;

	(void)state;
	current = lwn_service_begin(&call);
	for (stop_flag = 0; stop_flag < 2; stop_flag++) {
		assert_int_equal(pthread_create(&thread, NULL, use_elsewhere, &call), 0);
		assert_int_equal(pthread_join(thread, &asked), 0);
		assert_ptr_equal(asked, stop_flag ? (void *)&call : NULL);
	}
	assert_false(call.failed);
}

static void
a_kind_does_what_it_is(void **state)
{
	struct buffer reply = BUFFER_EMPTY;
	struct lwn_call stream = { .emitter = &emitter }, command = { .reply = &reply };

	(void)state;
	current = lwn_service_begin(&stream);
	assert_int_equal(lw_guest_reply(current, "1", 1), LW_GUEST_REFUSED);
	assert_string_equal(stream.misuse, "replied");
	current = lwn_service_begin(&command);
	assert_int_equal(lw_guest_progress(current, "p", 0, 1), LW_GUEST_REFUSED);
	assert_string_equal(command.misuse, "emitted progress");
	assert_int_equal(lw_guest_reply(current, "first", 5), LW_GUEST_OK);
	assert_int_equal(lw_guest_reply(current, NULL, 5), LW_GUEST_OK);
	assert_true(command.replied);
	assert_int_equal(buffer_size(&reply), 0);
	buffer_free(&reply);
}

static void
a_failure_keeps_its_text(void **state)
{
	struct lwn_call call = { .emitter = &emitter };
	char longest[3000];

	(void)state;
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	current = lwn_service_begin(&call);
	assert_int_equal(lw_guest_fail(current, "%d of %s", 1, "two"), LW_GUEST_FAILED);
	assert_string_equal(call.failure.text, "1 of two");
	(void)lw_guest_fail(current, "%s", longest);
	assert_int_equal(strlen(call.failure.text), 1023);
	(void)current.services->failed(current.handle, longest, sizeof longest);
	assert_int_equal(strlen(call.failure.text), sizeof call.failure.text - 1);
	(void)current.services->failed(current.handle, NULL, 7);
	assert_string_equal(call.failure.text, "");
	assert_true(call.failed);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parts_arrive_as_they_were_given),
		TEST(an_emission_in_the_middle_of_another_is_refused),
		TEST(a_call_that_is_over_is_refused),
		TEST(another_thread_may_only_ask),
		TEST(a_kind_does_what_it_is),
		TEST(a_failure_keeps_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
