/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Callbacks that call back: facts are told, every other call is refused as misuse, and the closes do
 * nothing; whichever callback it is, and whichever call it is made in.
 */
#include <signal.h>
#include <unistd.h>

#include "worker/harness.h"

static lw_worker *worker; /* a copy of the application's pointer that no close clears */
static lw_capability *capability;
static unsigned called;
static unsigned said; /* lines of the speaker */

static void
expect_refused(lw_code code, const struct lw_error *error)
{
	assert_int_equal(code, LW_E_MISUSE);
	assert_string_equal(lw_verdict_name(error->verdict), "MISUSE");
	EXPECT_TEXT(error->message, "a callback called back");
}

static void
ask_for_facts(struct harness *h)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_session_facts session = LW_SESSION_FACTS_INIT;

	assert_int_equal(lw_worker_facts(worker, &facts), LW_OK);
	assert_string_equal(facts.child_path, support_child());
	assert_in_range(facts.generation, 1, 2);
	if (h->session != NULL)
		assert_int_equal(lw_session_facts(h->session, &session), LW_OK);
}

static void
call_the_worker(void)
{
	struct lw_error error = LW_ERROR_INIT;
	lw_session *second = NULL;
	lw_worker *same = worker;

	expect_refused(lw_worker_health(worker, NULL, &error), &error);
	expect_refused(lw_worker_cycle(worker, NULL, &error), &error);
	expect_refused(lw_worker_shutdown(worker, NULL, &error), &error);
	expect_refused(lw_session_open(worker, capability, NULL, &second, &error), &error);
	assert_null(second);
	lw_worker_close(&same);
	assert_ptr_equal(same, worker); /* not closed: it is in use */
}

static void
call_the_session(lw_session *session)
{
	struct lw_error error = LW_ERROR_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	lw_session *same = session;

	expect_refused(
	    lw_session_stream(session, "one", lw_text(""), NULL, NULL, NULL, &error), &error);
	expect_refused(
	    lw_session_call(session, "guest_echo", lw_text("1"), NULL, &reply, &error), &error);
	expect_refused(
	    lw_session_expect_metadata(session, "guest_echo", NULL, NULL, &error), &error);
	assert_null(reply.text);
	lw_session_close(&same);
	assert_ptr_equal(same, session);
}

static void
call_back(struct harness *h)
{
	if (worker == NULL)
		return; /* it is only starting: the application has nothing to call with */
	called++;
	ask_for_facts(h);
	call_the_worker();
	if (h->session != NULL)
		call_the_session(h->session);
}

static void
begin(struct harness *h, const char *library)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;

	options.host = "native";
	options.library = "unused";
	assert_int_equal(lw_capability_create(&options, &capability, NULL), LW_OK);
	worker = NULL;
	called = said = 0;
	(void)harness_try_native(h, library, NULL);
	assert_int_equal(h->code, LW_OK);
	h->on_log = call_back;
	worker = h->worker;
}

static void
end(struct harness *h)
{
	harness_end(h);
	lw_capability_free(&capability);
}

/* ---- The callbacks of a request -------------------------------------------------------------- */

static int
on_row(void *context, const struct lw_row *row)
{
	(void)row;
	call_back(context);
	return 0;
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	(void)diagnostic;
	call_back(context);
	return 0;
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	(void)progress;
	call_back(context);
	return 0;
}

static int
on_metadata(void *context, const char *json, size_t size)
{
	(void)json;
	(void)size;
	call_back(context);
	return 0;
}

static void
the_callbacks_of_a_request_get_facts_and_nothing_else(void **state)
{
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	begin(&h, "libnative_guest.so");
	sinks.context = &h;
	sinks.on_row = on_row;
	sinks.on_diagnostic = on_diagnostic;
	sinks.on_progress = on_progress;
	sinks.on_metadata = on_metadata;
	assert_int_equal(lw_session_stream(
			     h.session, "events", lw_text("0"), &sinks, NULL, &h.summary, &h.error),
	    LW_OK);
	assert_int_equal(h.summary.rows, 3);
	assert_int_equal(called, 3 + 1 + 2 + 1);
	assert_int_equal(harness_generation(&h), 1);
	end(&h); /* and its last words, in the shutdown, are such a callback too */
	assert_int_equal(called, 3 + 1 + 2 + 1 + 1);
}

/* ---- The log, in every call ------------------------------------------------------------------ */

static bool
has_said(void *context)
{
	return census_find(context) != 0;
}

/* From here on text of the child waits to be read by the next call, whichever it is. */
static void
let_speak(struct harness *h)
{
	char name[24];
	pid_t speaker;

	if (said == 0)
		assert_int_equal(harness_stream(h, "leave_speaker", ""), LW_OK);
	(void)snprintf(name, sizeof name, "lwtest-said-%u", said++);
	speaker = census_find(name);
	assert_int_not_equal(speaker, 0);
	assert_int_equal(kill(speaker, SIGUSR1), 0);
	(void)snprintf(name, sizeof name, "lwtest-said-%u", said);
	assert_true(wait_until(has_said, name, 5000));
	called = 0;
}

static void
the_log_callback_gets_facts_and_nothing_else_in_any_call(void **state)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	begin(&h, "libnative_hostile.so");
	let_speak(&h);
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(called, 1);
	let_speak(&h);
	assert_int_equal(lw_worker_health(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(called, 1);
	let_speak(&h);
	assert_int_equal(harness_stream(&h, "one", ""), LW_OK);
	assert_int_equal(called, 1);
	let_speak(&h);
	assert_int_equal(
	    lw_session_call(h.session, "guest_echo", lw_text("1"), NULL, &reply, &h.error), LW_OK);
	assert_int_equal(called, 1);
	lw_reply_clear(&reply);
	let_speak(&h);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(called, 1);
	assert_int_equal(harness_stream(&h, "one", ""), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	end(&h);
}

static void
the_log_callback_of_a_shutdown_gets_facts_and_nothing_else(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	begin(&h, "libnative_hostile.so");
	let_speak(&h);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(called, 1);
	harness_close(&h);
	lw_capability_free(&capability);
}

/* While a worker is closed its session, still held, says that it is lost. */
static void
call_back_in_a_close(struct harness *h)
{
	struct lw_error error = LW_ERROR_INIT;

	called++;
	ask_for_facts(h);
	call_the_worker();
	assert_int_equal(
	    lw_session_stream(h->session, "one", lw_text(""), NULL, NULL, NULL, &error),
	    LW_E_SESSION);
	lw_session_close(&h->session);
	assert_null(h->session);
}

static void
the_log_callback_of_a_close_gets_facts_and_nothing_else(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	begin(&h, "libnative_hostile.so");
	let_speak(&h);
	h.on_log = call_back_in_a_close;
	lw_worker_close(&h.worker);
	assert_int_equal(called, 1);
	harness_close(&h);
	lw_capability_free(&capability);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(the_callbacks_of_a_request_get_facts_and_nothing_else),
		LW_TEST(the_log_callback_gets_facts_and_nothing_else_in_any_call),
		LW_TEST(the_log_callback_of_a_shutdown_gets_facts_and_nothing_else),
		LW_TEST(the_log_callback_of_a_close_gets_facts_and_nothing_else),
	};

	return support_run(tests);
}
