/* SPDX-License-Identifier: Apache-2.0 */
/* What a hostile or broken guest can do to the parent: nothing but be named. */
#include <signal.h>

#include "worker/harness.h"

#define ROWS_BEFORE_DEATH "row rows 4 null\n" /* the last of five */

static void
expect_death_by(int signal_number, lw_verdict verdict)
{
	struct harness h = HARNESS_INIT;
	char request[16];

	harness_open_guest(&h);
	(void)snprintf(request, sizeof request, "%d", signal_number);
	(void)harness_stream(&h, "guest_die", request);
	EXPECT_FAILURE(&h, verdict);
	assert_int_equal(h.error.exit.known, 1);
	assert_int_equal(h.error.exit.signal, signal_number);
	assert_int_equal(h.error.exit.ordered, 0);
	assert_int_equal(h.error.rows, 6);
	assert_int_equal(h.error.work_started, 1);
	assert_string_equal(h.error.command, "guest_die");
	EXPECT_TEXT(h.events, ROWS_BEFORE_DEATH);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

static void
a_segmentation_fault_in_mid_stream_is_named(void **state)
{
	(void)state;
	expect_death_by(SIGSEGV, LW_V_SIGNALLED);
}

static void
an_abort_in_mid_stream_is_named(void **state)
{
	(void)state;
	expect_death_by(SIGABRT, LW_V_SIGNALLED);
}

static void
a_kill_in_mid_stream_is_told_from_our_own(void **state)
{
	(void)state;
	expect_death_by(SIGKILL, LW_V_KILLED_FROM_OUTSIDE);
}

static void
every_ordinary_signal_is_named(void **state)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGBUS, SIGFPE,
		SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSYS };

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		expect_death_by(signals[i], LW_V_SIGNALLED);
}

static void
a_limit_of_the_system_is_named(void **state)
{
	(void)state;
	expect_death_by(SIGXCPU, LW_V_RESOURCE_LIMIT);
	expect_death_by(SIGXFSZ, LW_V_RESOURCE_LIMIT);
}

static void
an_exit_in_mid_stream_is_no_success(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_exit", "0");
	EXPECT_FAILURE(&h, LW_V_EXITED);
	assert_int_equal(h.error.exit.code, 0);
	(void)harness_stream(&h, "guest_exit", "77");
	EXPECT_FAILURE(&h, LW_V_EXITED);
	assert_int_equal(h.error.exit.code, 77);
	assert_int_equal(h.error.generation, 2);
	harness_end(&h);
}

static void
a_hang_is_ended_at_the_deadline(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 1500;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_hang", "0");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(h.error.rows, 1);
	assert_in_range(h.error.elapsed_ns, 1500 * 1000000ull, 20000 * 1000000ull);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

static void
a_stopped_worker_is_ended_at_the_deadline(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 1500;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_stop_self", "0");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	harness_end(&h);
}

static void
an_export_that_stops_when_asked_keeps_its_child(void **state)
{
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	h.options.budgets.request_ms = 5000;
	h.options.budgets.ask_ms = 500;
	harness_open_guest(&h);
	pid = harness_pid(&h);
	(void)harness_stream(&h, "guest_emit_until_stopped", "0");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	EXPECT_TEXT(h.error.message, "kept");
	(void)harness_stream(&h, "guest_hide_stop", "0");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

static void
garbage_on_the_event_lane_condemns_the_child(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.environment = HARNESS_BY_SOCKET;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_garble", "0");
	EXPECT_FAILURE(&h, LW_V_PROTOCOL);
	assert_int_equal(h.error.rows, 1);
	harness_end(&h);
}

static void
a_worker_that_closes_its_lane_and_lives_on_is_condemned(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_close_lane", "0");
	EXPECT_FAILURE(&h, LW_V_PROTOCOL);
	EXPECT_TEXT(h.error.message, "closed its event lane");
	harness_end(&h);
}

static void
ten_megabytes_on_stderr_delay_nothing_and_leave_their_tail(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(harness_stream(&h, "guest_chatter", "10240"), LW_OK);
	assert_true(h.log_size >= 10240 * 1024);
	(void)harness_stream(&h, "guest_exit", "1");
	EXPECT_TEXT(h.error.log_tail, "163839");
	harness_end(&h);
}

static void
what_a_guest_prints_is_log_and_not_protocol(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(harness_stream(&h, "guest_print", "0"), LW_OK);
	harness_expect_usable(&h);
	EXPECT_TEXT(h.log, "on stdout\n");
	EXPECT_TEXT(h.log, "on stderr\n");
	harness_end(&h);
}

static void
every_status_is_the_exports_own(void **state)
{
	struct harness h = HARNESS_INIT;
	char request[16];

	(void)state;
	harness_open_guest(&h);
	for (int status = 1; status < 256; status++) {
		(void)snprintf(request, sizeof request, "%d", status);
		(void)harness_stream(&h, "guest_status", request);
		EXPECT_FAILURE(&h, LW_V_EXPORT_STATUS);
		assert_int_equal(h.error.status, status);
	}
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
an_old_handle_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_emit_stale", "0");
	EXPECT_FAILURE(&h, LW_V_EXPORT_STATUS);
	assert_int_equal(h.error.status, 1);
	assert_string_equal(h.events, "");
	harness_end(&h);
}

static void
expect_row_fault(struct harness *h, const char *envelope, const char *words)
{
	(void)harness_stream(h, "guest_emit", envelope);
	EXPECT_FAILURE(h, LW_V_ROW_MALFORMED);
	EXPECT_TEXT(h->error.message, words);
	assert_string_equal(h->events, "");
}

static void
a_bad_envelope_ends_the_request_and_keeps_the_child(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	expect_row_fault(&h, "{\"stream\":\"s\",\"payload\":}", "");
	assert_int_equal(h.error.offset, 24);
	expect_row_fault(&h, "[\"s\",1]", "object");
	expect_row_fault(&h, "{\"payload\":1}", "stream");
	expect_row_fault(&h, "{\"stream\":\"\",\"payload\":1}", "stream");
	expect_row_fault(&h, "{\"stream\":\"s\"}", "payload");
	expect_row_fault(&h, "{\"stream\":\"s\",\"payload\":1,\"metadata\":2}", "");
	expect_row_fault(&h, "{\"diagnostic\":{\"code\":\"c\",\"message\":\"a\\u0000b\"}}", "NUL");
	expect_row_fault(&h, "{\"stream\":\"a\\u0000b\",\"payload\":1}", "NUL");
	assert_int_equal(
	    harness_stream(&h, "guest_emit", "{\"stream\":\"s\",\"payload\":null}"), LW_OK);
	assert_string_equal(h.events, "row s 0 null\nrow after 0 0\n");
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
a_payload_above_the_cap_is_refused_in_the_child(void **state)
{
	struct harness h = HARNESS_INIT;
	char *envelope = NULL;

	(void)state;
	h.options.row_cap = 100000;
	harness_open_guest(&h);
	assert_true(asprintf(&envelope, "{\"stream\":\"s\",\"payload\":\"%099998d\"}", 0) > 0);
	assert_int_equal(harness_stream(&h, "guest_emit", envelope), LW_OK);
	assert_int_equal(h.summary.rows, 2);
	free(envelope);
	assert_true(asprintf(&envelope, "{\"stream\":\"s\",\"payload\":\"%099999d\"}", 0) > 0);
	(void)harness_stream(&h, "guest_emit", envelope);
	EXPECT_FAILURE(&h, LW_V_ROW_TOO_LARGE);
	assert_string_equal(h.error.stream, "s");
	assert_int_equal(h.error.sequence, 0);
	free(envelope);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
a_sink_that_refuses_ends_the_request_and_keeps_the_child(void **state)
{
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	harness_open_guest(&h);
	pid = harness_pid(&h);
	h.sink_answer = 42;
	h.sink_after = 10;
	(void)harness_stream(&h, "guest_emit_until_stopped", "0");
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_int_equal(h.error.status, 42);
	assert_int_equal(h.rows_seen, 11);
	h.sink_answer = 0;
	harness_expect_usable(&h);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

static void
a_sink_that_refuses_an_export_that_goes_on_loses_the_child(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	h.sink_answer = 1;
	(void)harness_stream(&h, "guest_hang", "0");
	EXPECT_FAILURE(&h, LW_V_SINK);
	h.sink_answer = 0;
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_segmentation_fault_in_mid_stream_is_named),
		LW_TEST(an_abort_in_mid_stream_is_named),
		LW_TEST(a_kill_in_mid_stream_is_told_from_our_own),
		LW_TEST(every_ordinary_signal_is_named),
		LW_TEST(a_limit_of_the_system_is_named),
		LW_TEST(an_exit_in_mid_stream_is_no_success),
		LW_TEST(a_hang_is_ended_at_the_deadline),
		LW_TEST(a_stopped_worker_is_ended_at_the_deadline),
		LW_TEST(an_export_that_stops_when_asked_keeps_its_child),
		LW_TEST(garbage_on_the_event_lane_condemns_the_child),
		LW_TEST(a_worker_that_closes_its_lane_and_lives_on_is_condemned),
		LW_TEST(ten_megabytes_on_stderr_delay_nothing_and_leave_their_tail),
		LW_TEST(what_a_guest_prints_is_log_and_not_protocol),
		LW_TEST(every_status_is_the_exports_own),
		LW_TEST(an_old_handle_is_refused),
		LW_TEST(a_bad_envelope_ends_the_request_and_keeps_the_child),
		LW_TEST(a_payload_above_the_cap_is_refused_in_the_child),
		LW_TEST(a_sink_that_refuses_ends_the_request_and_keeps_the_child),
		LW_TEST(a_sink_that_refuses_an_export_that_goes_on_loses_the_child),
	};

	return support_run(tests);
}
