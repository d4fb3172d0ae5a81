/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled Lean code in the worker: what its exports send, and how each of its failures is told. */
#include <signal.h>

#include "worker/harness.h"

static void
rows_diagnostics_and_metadata_arrive_in_the_order_in_which_lean_sent_them(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, "leanworker_fixture_rows", "{}"), LW_OK);
	assert_string_equal(h.events, "diagnostic started the fixture has started\n"
				      "row rows 0 {\"kind\":\"request\",\"ordinal\":0}\n"
				      "row rows 1 {\"kind\":\"done\",\"ordinal\":1}\n"
				      "diagnostic finished the fixture has finished\n"
				      "metadata {\"fixture\":\"interop\",\"ok\":true}\n");
	assert_int_equal(h.summary.rows, 2);
	assert_int_equal(h.summary.stream_count, 1);
	assert_string_equal(h.summary.streams[0].stream, "rows");
	assert_int_equal(h.summary.streams[0].rows, 2);
	assert_string_equal(h.summary.metadata, "{\"fixture\":\"interop\",\"ok\":true}");
	assert_int_equal(h.summary.generation, 1);
	harness_end(&h);
}

static void
many_rows_are_counted_on_both_sides(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, "leanworker_fixture_many", "{\"count\":10000}"), LW_OK);
	assert_int_equal(h.summary.rows, 10000);
	EXPECT_TEXT(h.events, "row rows 9999 {\"i\":9999}\n");
	assert_int_equal(harness_stream(&h, "leanworker_fixture_many", "{\"count\":0}"), LW_OK);
	assert_int_equal(h.summary.rows, 0);
	assert_int_equal(h.summary.stream_count, 0);
	harness_end(&h);
}

static void
a_session_says_which_runtime_it_runs_on(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(lw_session_facts(h.session, &facts), LW_OK);
	assert_string_equal(facts.host, "lean");
	EXPECT_TEXT(facts.runtime, "checking runtime");
	assert_string_equal(facts.lean_version, "4.28.0");
	EXPECT_TEXT(facts.warning, "4.28");
	harness_end(&h);
}

static void
a_panic_after_a_row_is_named_and_the_next_request_succeeds(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_row_then_panic", "burn");
	EXPECT_FAILURE(&h, LW_V_PANIC);
	assert_string_equal(h.events, "row rows 0 {\"ordinal\":0}\n");
	assert_int_equal(h.error.exit.signal, SIGABRT);
	EXPECT_TEXT(h.error.log_tail, "was asked to: burn");
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
}

static void
an_error_that_lean_throws_is_told_by_its_text(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	const char *request = "{\"message\":\"no such \\u03bb\"}";

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_throw", request);
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "no such \xce\xbb");
	assert_int_equal(h.error.rows, 1);
	assert_int_equal(lw_session_call(h.session, "leanworker_fixture_throw_command",
			     lw_text(request), NULL, &reply, &h.error),
	    LW_E_EXCEPTION);
	assert_string_equal(h.error.message, "no such \xce\xbb");
	assert_string_equal(h.error.command, "leanworker_fixture_throw_command");
	assert_null(reply.text);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
control_characters_that_lean_throws_are_not_told(void **state)
{
	struct harness h = HARNESS_INIT;
	const char *request =
	    "{\"message\":\"\\u001b[31mred\\u0007\\r\\nand\\u009b1m\\u0000after\"}";

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_throw", request);
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "?[31mred??\nand??1m");
	harness_end(&h);
}

static void
a_request_that_lean_cannot_read_is_its_error(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_many", "{\"count\":\"three\"}");
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	EXPECT_TEXT(h.error.message, "count");
	harness_end(&h);
}

static void
an_export_of_another_kind_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_echo", "{}");
	EXPECT_FAILURE(&h, LW_V_EXPORT_KIND);
	h.code = lw_session_call(
	    h.session, "leanworker_fixture_rows", lw_text("{}"), NULL, &reply, &h.error);
	EXPECT_FAILURE(&h, LW_V_EXPORT_KIND);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
an_unknown_export_and_a_constant_are_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_nothing", "{}");
	EXPECT_FAILURE(&h, LW_V_EXPORT_UNKNOWN);
	EXPECT_TEXT(h.error.message, "leanworker_fixture_nothing");
	(void)harness_stream(&h, "leanworker_fixture_data", "{}");
	EXPECT_FAILURE(&h, LW_V_EXPORT_DATA);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
a_reply_that_is_not_json_is_named(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;

	(void)state;
	harness_open_fixture(&h);
	h.code = lw_session_call(
	    h.session, "leanworker_fixture_echo", lw_text("[1,2"), NULL, &reply, &h.error);
	EXPECT_FAILURE(&h, LW_V_REPLY_MALFORMED);
	assert_int_equal(h.error.offset, 4);
	harness_end(&h);
}

static void
metadata_is_compared_by_what_was_asked_for(void **state)
{
	struct harness h = HARNESS_INIT;
	const char *export_name = "leanworker_fixture_metadata";

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(
	    lw_session_expect_metadata(h.session, export_name, NULL, NULL, &h.error), LW_OK);
	assert_int_equal(lw_session_expect_metadata(h.session, export_name,
			     INCLUDING("{\"name\":\"leanworker-fixture\",\"version\":\"0.1.0\"}"),
			     NULL, &h.error),
	    LW_OK);
	h.code = lw_session_expect_metadata(
	    h.session, export_name, INCLUDING("{\"version\":\"9\"}"), NULL, &h.error);
	EXPECT_FAILURE(&h, LW_V_METADATA);
	EXPECT_TEXT(h.error.message, "$.version is expected to be \"9\" and is \"0.1.0\"");
	assert_int_equal(
	    lw_session_expect_metadata(h.session, export_name, INCLUDING("[]"), NULL, &h.error),
	    LW_E_MISUSE);
	harness_end(&h);
}

static void
lean_has_the_stack_that_it_wants(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(
	    harness_stream(&h, "leanworker_fixture_deep", "{\"depth\":1000000}"), LW_OK);
	EXPECT_TEXT(h.events, "\"depth\":1000000");
	harness_end(&h);
}

static void
a_stack_overflow_is_named(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	(void)harness_stream(&h, "leanworker_fixture_deep", "{\"depth\":1000000000}");
	EXPECT_FAILURE(&h, LW_V_STACK_OVERFLOW);
	EXPECT_TEXT(h.error.log_tail, "Stack overflow detected");
	harness_end(&h);
}

static void
what_lean_prints_is_log(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, "leanworker_fixture_println", "{}"), LW_OK);
	assert_string_equal(h.events, "row rows 0 {\"ordinal\":0}\nrow rows 1 {\"ordinal\":1}\n");
	EXPECT_TEXT(h.log, "a line on stdout\n");
	EXPECT_TEXT(h.log, "a line on stderr\n");
	harness_end(&h);
}

static void
lean_that_asks_whether_it_is_cancelled_keeps_its_process(void **state)
{
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	h.options.budgets.request_ms = 8000;
	h.options.budgets.ask_ms = 800;
	harness_open_fixture(&h);
	pid = harness_pid(&h);
	(void)harness_stream(&h, "leanworker_fixture_spin", "{}");
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	EXPECT_TEXT(h.error.message, "kept");
	assert_int_equal(h.error.rows, 1);
	harness_expect_usable(&h);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

static void
rows_arrive_while_lean_is_still_at_work(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 3000;
	harness_open_fixture(&h);
	h.sink_answer = 7; /* on the only row of an export that would go on for ever */
	(void)harness_stream(&h, "leanworker_fixture_spin", "{}");
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_int_equal(h.rows_seen, 1);
	h.sink_answer = 0;
	harness_end(&h);
}

/* ---- Openings that fail -------------------------------------------------------------------- */

static void
expect_no_opening(struct lw_capability_options *options, struct harness *h, lw_verdict verdict)
{
	lw_capability *capability = NULL;
	lw_session *session = NULL;

	assert_int_equal(lw_capability_create(options, &capability, &h->error), LW_OK);
	h->code = lw_session_open(h->worker, capability, NULL, &session, &h->error);
	EXPECT_FAILURE(h, verdict);
	assert_null(session);
	lw_capability_free(&capability);
}

static struct lw_capability_options
fixture_options(const char *const *dependencies)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;

	options.host = "lean";
	options.library = support_library();
	options.dependencies = dependencies;
	options.runtime = support_runtime();
	options.package = "leanworker-fixture";
	options.module = "Interop";
	return options;
}

static void
each_way_in_which_an_opening_fails_is_named_and_can_be_repaired(void **state)
{
	const char *const dependencies[] = { support_dependency(), NULL };
	struct lw_capability_options options;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_start(&h);
	options = fixture_options(dependencies);
	options.runtime = "/nowhere/libleanshared.so";
	expect_no_opening(&options, &h, LW_V_RUNTIME);
	EXPECT_TEXT(h.error.message, "/nowhere/libleanshared.so");
	options = fixture_options(dependencies);
	options.library = "/nowhere/libInterop.so";
	expect_no_opening(&options, &h, LW_V_CAPABILITY_LOAD);
	EXPECT_TEXT(h.error.message, "/nowhere/libInterop.so");
	options = fixture_options(NULL); /* its dependency's symbols are missing */
	expect_no_opening(&options, &h, LW_V_CAPABILITY_LOAD);
	EXPECT_TEXT(h.error.message, "undefined symbol");
	options = fixture_options(dependencies);
	options.module = "Elsewhere";
	expect_no_opening(&options, &h, LW_V_INITIALIZER);
	EXPECT_TEXT(h.error.message, "initialize_leanworker_x2dfixture_Elsewhere");
	options = fixture_options(dependencies);
	options.host = "cobol";
	expect_no_opening(&options, &h, LW_V_CAPABILITY_LOAD);
	options = fixture_options(dependencies);
	options.runtime = support_dependency(); /* a library, but no runtime */
	expect_no_opening(&options, &h, LW_V_RUNTIME);
	harness_open_fixture(&h);
	harness_end(&h);
}

static void
a_runtime_below_4_26_is_refused(void **state)
{
	const char *const dependencies[] = { support_dependency(), NULL };
	const char *old[] = { "LEANRT_VERSION=4.25.2", NULL };
	struct lw_capability_options options = fixture_options(dependencies);
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.environment = old;
	harness_start(&h);
	expect_no_opening(&options, &h, LW_V_RUNTIME_TOO_OLD);
	EXPECT_TEXT(h.error.message, "4.25.2");
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(rows_diagnostics_and_metadata_arrive_in_the_order_in_which_lean_sent_them),
		LW_TEST(many_rows_are_counted_on_both_sides),
		LW_TEST(a_session_says_which_runtime_it_runs_on),
		LW_TEST(a_panic_after_a_row_is_named_and_the_next_request_succeeds),
		LW_TEST(an_error_that_lean_throws_is_told_by_its_text),
		LW_TEST(control_characters_that_lean_throws_are_not_told),
		LW_TEST(a_request_that_lean_cannot_read_is_its_error),
		LW_TEST(an_export_of_another_kind_is_refused),
		LW_TEST(an_unknown_export_and_a_constant_are_refused),
		LW_TEST(a_reply_that_is_not_json_is_named),
		LW_TEST(metadata_is_compared_by_what_was_asked_for),
		LW_TEST(lean_has_the_stack_that_it_wants),
		LW_TEST(a_stack_overflow_is_named),
		LW_TEST(what_lean_prints_is_log),
		LW_TEST(lean_that_asks_whether_it_is_cancelled_keeps_its_process),
		LW_TEST(rows_arrive_while_lean_is_still_at_work),
		LW_TEST(each_way_in_which_an_opening_fails_is_named_and_can_be_repaired),
		LW_TEST(a_runtime_below_4_26_is_refused),
	};

	return support_run(tests);
}
