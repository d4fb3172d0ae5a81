/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an import session: the export that does it, its progress, and each way in which it ends. */
#include "worker/harness.h"

struct told {
	char text[1024];
	uint32_t generation;
	lw_cancel_token *cancel; /* or NULL: cancelled by the first report */
};

static void
note_progress(void *context, uint32_t generation, const struct lw_progress *progress)
{
	struct told *told = context;
	size_t used = strlen(told->text);

	(void)snprintf(told->text + used, sizeof told->text - used, "%s %llu/%lld; ",
	    progress->phase, (unsigned long long)progress->current, (long long)progress->total);
	told->generation = generation;
	if (told->cancel != NULL)
		lw_cancel_token_cancel(told->cancel);
}

static lw_capability *
with_imports(const char *imports)
{
	const char *const dependencies[] = { support_dependency(), NULL };
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability;

	options.host = "lean";
	options.library = support_imports();
	options.dependencies = dependencies;
	options.runtime = support_runtime();
	options.package = "leanworker-imports";
	options.module = "Imports";
	options.imports = imports;
	assert_int_equal(lw_capability_create(&options, &capability, NULL), LW_OK);
	return capability;
}

static lw_code
open_imports(struct harness *h, const char *imports, const struct lw_call_options *call)
{
	lw_capability *capability = with_imports(imports);

	if (h->worker == NULL)
		harness_start(h);
	h->code = lw_session_open(h->worker, capability, call, &h->session, &h->error);
	lw_capability_free(&capability);
	return h->code;
}

static void
expect_opened(struct harness *h, const char *wanted)
{
	struct lw_reply reply = LW_REPLY_INIT;

	assert_int_equal(lw_session_call(h->session, "leanworker_imports_opened", lw_text("{}"),
			     NULL, &reply, &h->error),
	    LW_OK);
	assert_string_equal(reply.text, wanted);
	lw_reply_clear(&reply);
}

/* What the harness asks at the end is an export of the other fixture. */
static void
end(struct harness *h)
{
	lw_session_close(&h->session);
	harness_open_fixture(h);
	harness_end(h);
}

static void
imports_are_opened_once_everything_is_loaded_and_tell_how_far_they_are(void **state)
{
	struct harness h = HARNESS_INIT;
	struct told told = { 0 };

	(void)state;
	h.options.on_open_progress = note_progress;
	h.options.open_progress_context = &told;
	assert_int_equal(open_imports(&h, "{\"ticks\":3}", NULL), LW_OK);
	assert_string_equal(told.text, "import 0/3; import 1/3; import 2/3; ");
	assert_int_equal(told.generation, 1);
	expect_opened(&h, "{\"opened\":{\"ticks\":3}}");
	end(&h);
}

static void
a_capability_without_imports_opens_none(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	assert_int_equal(open_imports(&h, NULL, NULL), LW_OK);
	expect_opened(&h, "{\"opened\":null}");
	end(&h);
}

static void
a_new_child_opens_the_same_imports(void **state)
{
	struct harness h = HARNESS_INIT;
	struct told told = { 0 };

	(void)state;
	h.options.on_open_progress = note_progress;
	h.options.open_progress_context = &told;
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_opened(&h, "{\"opened\":{\"ticks\":1}}");
	assert_string_equal(told.text, "import 0/1; import 0/1; ");
	assert_int_equal(told.generation, 2);
	end(&h);
}

static bool
the_spare_is_ready(void *harness)
{
	struct harness *h = harness;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	assert_int_equal(lw_worker_pump(h->worker, NULL, &h->error), LW_OK);
	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_OK);
	return facts.spare_ready;
}

static void
a_spare_has_opened_the_same_imports_before_it_is_needed(void **state)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;
	struct harness h = HARNESS_INIT;
	struct told told = { 0 };

	(void)state;
	h.options.on_open_progress = note_progress;
	h.options.open_progress_context = &told;
	h.options.restart.spare = 1;
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK);
	assert_true(wait_until(the_spare_is_ready, &h, 10000));
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	expect_opened(&h, "{\"opened\":{\"ticks\":1}}");
	assert_int_equal(harness_generation(&h), 2);
	assert_string_equal(told.text, "import 0/1; "); /* of the first child alone */
	assert_int_equal(lw_worker_statistics(h.worker, &s), LW_OK);
	assert_int_equal(s.handover.count, 1);
	assert_true(wait_until(the_spare_is_ready, &h, 10000));
	lw_session_close(&h.session);
	assert_int_equal(open_imports(&h, "{\"ticks\":2}", NULL), LW_OK);
	expect_opened(&h, "{\"opened\":{\"ticks\":2}}"); /* not what the spare had opened */
	end(&h);
}

static void
other_imports_cost_the_child_and_the_same_ones_do_not(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK);
	lw_session_close(&h.session);
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK);
	assert_int_equal(harness_generation(&h), 1);
	lw_session_close(&h.session);
	assert_int_equal(open_imports(&h, "{\"ticks\":2}", NULL), LW_OK);
	assert_int_equal(harness_generation(&h), 2);
	expect_opened(&h, "{\"opened\":{\"ticks\":2}}");
	end(&h);
}

static void
other_imports_are_refused_where_that_is_wanted(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.refuse_other = 1;
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK);
	lw_session_close(&h.session);
	(void)open_imports(&h, "{\"ticks\":2}", NULL);
	EXPECT_FAILURE(&h, LW_V_OTHER_OPEN);
	EXPECT_TEXT(h.error.message, ", with imports; the worker refuses another");
	assert_int_equal(open_imports(&h, "{\"ticks\":1}", NULL), LW_OK); /* the child was kept */
	assert_int_equal(harness_generation(&h), 1);
	lw_session_close(&h.session);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(open_imports(&h, "{\"ticks\":2}", NULL), LW_OK);
	expect_opened(&h, "{\"opened\":{\"ticks\":2}}");
	lw_session_close(&h.session);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	end(&h);
}

static void
refusing_and_a_spare_do_not_go_together(void **state)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_worker *worker = NULL;

	(void)state;
	options.restart.refuse_other = options.restart.spare = 1;
	assert_int_equal(lw_worker_start(&options, NULL, &worker, &error), LW_E_MISUSE);
	EXPECT_TEXT(error.message, "refuse_other");
	options.restart.refuse_other = 2;
	options.restart.spare = 0;
	assert_int_equal(lw_worker_start(&options, NULL, &worker, &error), LW_E_MISUSE);
	assert_null(worker);
}

static void
expect_no_opening(const char *imports, const char *words)
{
	struct harness h = HARNESS_INIT;

	(void)open_imports(&h, imports, NULL);
	EXPECT_FAILURE(&h, LW_V_IMPORT);
	EXPECT_TEXT(h.error.message, words);
	assert_int_equal(h.error.restart, LW_RESTART_OPEN_FAILED);
	assert_null(h.session);
	assert_int_equal(open_imports(&h, "{}", NULL), LW_OK); /* the worker is as good as before */
	end(&h);
}

static void
each_way_in_which_imports_fail_is_told_in_the_words_of_lean(void **state)
{
	(void)state;
	expect_no_opening("{\"then\":\"throw\"}", "unknown module prefix 'Nowhere'");
	expect_no_opening("{\"then\":\"status\"}", "leanworker_session_open returned status 7");
	expect_no_opening("{\"a\":1,\"a\":2}", "given twice");
}

static void
an_opening_that_sends_rows_is_refused_in_the_child(void **state)
{
	(void)state;
	expect_no_opening("{\"then\":\"row\"}", "progress to send, and nothing else");
}

static void
a_capability_without_the_export_says_what_to_import(void **state)
{
	lw_capability *plain, *importing;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_start(&h);
	assert_int_equal(lw_capability_load(support_manifest(), &plain, NULL), LW_OK);
	assert_int_equal(lw_capability_with_imports(plain, "{}", &importing, NULL), LW_OK);
	h.code = lw_session_open(h.worker, importing, NULL, &h.session, &h.error);
	EXPECT_FAILURE(&h, LW_V_IMPORT);
	EXPECT_TEXT(h.error.message, "LeanWorkerLean.Session");
	lw_capability_free(&importing);
	lw_capability_free(&plain);
	end(&h);
}

static void
an_opening_that_is_cancelled_ends_as_cancelled_whether_it_stops_or_not(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	struct told told = { 0 };

	(void)state;
	assert_int_equal(lw_cancel_token_create(&told.cancel, NULL), LW_OK);
	call.cancel = told.cancel;
	call.budgets.grace_ms = 10000; /* it stops well before */
	h.options.on_open_progress = note_progress;
	h.options.open_progress_context = &told;
	(void)open_imports(&h, "{\"ticks\":1,\"then\":\"wait\"}", &call);
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	EXPECT_TEXT(h.error.message, "stopped when asked");
	lw_cancel_token_free(&told.cancel);
	assert_int_equal(open_imports(&h, "{}", NULL), LW_OK);
	assert_int_equal(harness_generation(&h), 2);
	end(&h);
}

static void
an_opening_that_is_late_ends_as_late_though_it_stops_when_asked(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	call.budgets.open_ms = 1000;
	call.budgets.ask_ms = 900; /* at most a tenth: it is asked after 0.9 s */
	(void)open_imports(&h, "{\"then\":\"wait\"}", &call);
	EXPECT_FAILURE(&h, LW_V_OPEN_TIMEOUT);
	assert_int_equal(h.error.restart, LW_RESTART_OPEN_TIMEOUT);
	assert_int_equal(open_imports(&h, "{}", NULL), LW_OK);
	end(&h);
}

static void
imports_that_are_no_object_are_refused_at_once(void **state)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability, *other = NULL;
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	capability = with_imports(NULL);
	assert_int_equal(
	    lw_capability_with_imports(capability, "{\"a\":}", &other, &error), LW_E_MISUSE);
	EXPECT_TEXT(error.message, "at byte 5");
	assert_int_equal(
	    lw_capability_with_imports(capability, " [\"Init\"]", &other, &error), LW_E_MISUSE);
	EXPECT_TEXT(error.message, "not a JSON object");
	assert_int_equal(lw_capability_with_imports(capability, NULL, &other, &error), LW_E_MISUSE);
	assert_int_equal(lw_capability_with_imports(NULL, "{}", &other, &error), LW_E_MISUSE);
	options.host = "native";
	options.library = "libcounter.so";
	options.imports = "{}";
	assert_int_equal(lw_capability_create(&options, &other, &error), LW_E_MISUSE);
	EXPECT_TEXT(error.message, "native");
	assert_null(other);
	lw_capability_free(&capability);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(imports_are_opened_once_everything_is_loaded_and_tell_how_far_they_are),
		LW_TEST(a_capability_without_imports_opens_none),
		LW_TEST(a_new_child_opens_the_same_imports),
		LW_TEST(a_spare_has_opened_the_same_imports_before_it_is_needed),
		LW_TEST(other_imports_cost_the_child_and_the_same_ones_do_not),
		LW_TEST(other_imports_are_refused_where_that_is_wanted),
		LW_TEST(refusing_and_a_spare_do_not_go_together),
		LW_TEST(each_way_in_which_imports_fail_is_told_in_the_words_of_lean),
		LW_TEST(an_opening_that_sends_rows_is_refused_in_the_child),
		LW_TEST(a_capability_without_the_export_says_what_to_import),
		LW_TEST(an_opening_that_is_cancelled_ends_as_cancelled_whether_it_stops_or_not),
		LW_TEST(an_opening_that_is_late_ends_as_late_though_it_stops_when_asked),
		LW_TEST(imports_that_are_no_object_are_refused_at_once),
	};

	return support_run(tests);
}
