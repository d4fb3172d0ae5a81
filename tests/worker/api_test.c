/* SPDX-License-Identifier: Apache-2.0 */
/* The edges of the interface: what no correct program does, and what one may ask for at most. */
#include <math.h>
#include <pthread.h>
#include <time.h>

#include "worker/harness.h"

static void
expect_misuse(lw_code code, const struct lw_error *error)
{
	assert_int_equal(code, LW_E_MISUSE);
	assert_int_equal(error->code, LW_E_MISUSE);
	assert_int_equal(error->verdict, LW_V_MISUSE);
	assert_int_not_equal(error->message[0], 0);
}

static struct lw_worker_statistics
statistics(struct harness *h)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_statistics(h->worker, &s), LW_OK);
	return s;
}

static lw_capability *
some_capability(const char *library)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability = NULL;

	options.host = "native";
	options.library = library;
	assert_int_equal(lw_capability_create(&options, &capability, NULL), LW_OK);
	return capability;
}

/* ---- NULL ------------------------------------------------------------------------------------ */

static void
nothing_can_be_freed_and_closed(void **state)
{
	lw_capability *capability = NULL;
	lw_cancel_token *token = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;

	(void)state;
	for (int i = 0; i < 2; i++) {
		lw_capability_free(&capability);
		lw_cancel_token_free(&token);
		lw_session_close(&session);
		lw_worker_close(&worker);
	}
	lw_capability_free(NULL);
	lw_cancel_token_free(NULL);
	lw_session_close(NULL);
	lw_worker_close(NULL);
	lw_summary_clear(NULL);
	lw_reply_clear(NULL);
}

static void
no_worker_is_refused_by_each_call(void **state)
{
	struct lw_worker_statistics statistics = LW_WORKER_STATISTICS_INIT;
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_capability *capability = some_capability("nothing");
	struct lw_error e = LW_ERROR_INIT;
	struct lw_budgets budgets = { 0 };
	lw_session *session = NULL;
	lw_worker *worker = NULL;

	(void)state;
	expect_misuse(lw_worker_start(NULL, NULL, &worker, &e), &e);
	expect_misuse(lw_worker_start(&options, NULL, NULL, &e), &e);
	expect_misuse(lw_worker_set_budgets(NULL, &budgets, &e), &e);
	expect_misuse(lw_worker_health(NULL, NULL, &e), &e);
	expect_misuse(lw_worker_cycle(NULL, NULL, &e), &e);
	expect_misuse(lw_worker_shutdown(NULL, NULL, &e), &e);
	expect_misuse(lw_session_open(NULL, capability, NULL, &session, &e), &e);
	assert_int_equal(lw_worker_facts(NULL, &facts), LW_E_MISUSE);
	assert_int_equal(lw_worker_statistics(NULL, &statistics), LW_E_MISUSE);
	assert_int_equal(lw_worker_start(NULL, NULL, NULL, NULL), LW_E_MISUSE);
	assert_null(worker);
	assert_null(session);
	lw_capability_free(&capability);
}

static void
no_session_is_lost_to_each_call(void **state)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_error e = LW_ERROR_INIT;
	struct lw_budgets budgets = { 0 };

	(void)state;
	assert_int_equal(
	    lw_session_stream(NULL, "x", lw_text(""), NULL, NULL, NULL, &e), LW_E_SESSION);
	assert_int_equal(lw_session_call(NULL, "x", lw_text(""), NULL, &reply, &e), LW_E_SESSION);
	assert_int_equal(lw_session_expect_metadata(NULL, "x", NULL, NULL, &e), LW_E_SESSION);
	assert_int_equal(lw_session_set_budgets(NULL, &budgets, &e), LW_E_SESSION);
	assert_int_equal(lw_session_facts(NULL, &facts), LW_E_MISUSE);
	assert_int_equal(
	    lw_session_stream(NULL, NULL, lw_bytes(NULL, 0), NULL, NULL, NULL, NULL), LW_E_SESSION);
}

static void
a_missing_argument_is_refused_and_the_worker_goes_on(void **state)
{
	struct harness h = HARNESS_INIT;
	lw_capability *capability = some_capability("nothing");
	struct lw_error *e = &h.error;
	struct lw_reply reply = LW_REPLY_INIT;
	lw_session *session = NULL;

	(void)state;
	harness_open_chaos(&h, NULL);
	expect_misuse(lw_worker_set_budgets(h.worker, NULL, e), e);
	expect_misuse(lw_session_set_budgets(h.session, NULL, e), e);
	expect_misuse(lw_session_open(h.worker, NULL, NULL, &session, e), e);
	expect_misuse(lw_session_open(h.worker, capability, NULL, NULL, e), e);
	expect_misuse(lw_session_open(h.worker, capability, NULL, &session, e), e); /* a second */
	expect_misuse(lw_session_stream(h.session, NULL, lw_text(""), NULL, NULL, NULL, e), e);
	expect_misuse(lw_session_stream(h.session, "x", lw_bytes(NULL, 0), NULL, NULL, NULL, e), e);
	expect_misuse(lw_session_stream(h.session, "x", lw_bytes(NULL, 9), NULL, NULL, NULL, e), e);
	expect_misuse(
	    lw_session_stream(h.session, "x", lw_bytes("", SIZE_MAX), NULL, NULL, NULL, e), e);
	expect_misuse(lw_session_call(h.session, NULL, lw_text(""), NULL, &reply, e), e);
	expect_misuse(lw_session_call(h.session, "x", lw_text(""), NULL, NULL, e), e);
	expect_misuse(lw_session_expect_metadata(h.session, NULL, NULL, NULL, e), e);
	expect_misuse(lw_session_expect_metadata(h.session, "x", INCLUDING("[]"), NULL, e), e);
	expect_misuse(lw_session_expect_metadata(h.session, "x", INCLUDING("{"), NULL, e), e);
	assert_int_equal(lw_session_facts(h.session, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_facts(h.worker, NULL), LW_E_MISUSE);
	assert_int_equal(lw_worker_statistics(h.worker, NULL), LW_E_MISUSE);
	assert_null(session);
	assert_int_equal(statistics(&h).requests, 0);
	lw_capability_free(&capability);
	harness_end(&h);
}

static void
a_capability_of_nothing_is_refused(void **state)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability = NULL;
	struct lw_error e = LW_ERROR_INIT;

	(void)state;
	expect_misuse(lw_capability_create(NULL, &capability, &e), &e);
	expect_misuse(lw_capability_create(&options, NULL, &e), &e);
	expect_misuse(lw_capability_create(&options, &capability, &e), &e);
	options.host = "lean";
	options.library = "x";
	expect_misuse(lw_capability_create(&options, &capability, &e), &e); /* no module */
	expect_misuse(lw_capability_load(NULL, &capability, &e), &e);
	expect_misuse(lw_capability_load("x", NULL, &e), &e);
	assert_null(capability);
}

/* ---- struct_size ----------------------------------------------------------------------------- */

static const size_t wrong_sizes[] = { 0, 1, 8, SIZE_MAX };

/* A size that is no struct of this version: the caller was built with another header, or zeroed it. */
static void
try_sizes(struct harness *h, size_t wrong)
{
	struct lw_worker_statistics counters = { .struct_size = wrong };
	struct lw_session_facts session_facts = { .struct_size = wrong };
	struct lw_capability_options recipe = { .struct_size = wrong };
	struct lw_shutdown_report report = { .struct_size = wrong };
	struct lw_worker_options options = h->options;
	struct lw_call_options call = { .struct_size = wrong };
	struct lw_worker_facts facts = { .struct_size = wrong };
	struct lw_summary summary = { .struct_size = wrong };
	struct lw_sinks sinks = { .struct_size = wrong };
	struct lw_reply reply = { .struct_size = wrong };
	struct lw_reply fine = LW_REPLY_INIT;
	lw_capability *capability = NULL;
	struct lw_error *e = &h->error;
	lw_session *s = h->session;
	lw_worker *worker = NULL;

	options.struct_size = wrong;
	recipe.host = "native";
	recipe.library = "x";
	expect_misuse(lw_worker_start(&options, NULL, &worker, e), e);
	expect_misuse(lw_worker_start(&h->options, &call, &worker, e), e);
	expect_misuse(lw_capability_create(&recipe, &capability, e), e);
	expect_misuse(lw_worker_health(h->worker, &call, e), e);
	expect_misuse(lw_worker_cycle(h->worker, &call, e), e);
	expect_misuse(lw_worker_shutdown(h->worker, &report, e), e);
	expect_misuse(lw_session_stream(s, "x", lw_text(""), NULL, &call, NULL, e), e);
	expect_misuse(lw_session_stream(s, "x", lw_text(""), &sinks, NULL, NULL, e), e);
	expect_misuse(lw_session_stream(s, "x", lw_text(""), NULL, NULL, &summary, e), e);
	expect_misuse(lw_session_call(s, "x", lw_text(""), &call, &fine, e), e);
	expect_misuse(lw_session_call(s, "x", lw_text(""), NULL, &reply, e), e);
	expect_misuse(lw_session_expect_metadata(s, "x", NULL, &call, e), e);
	assert_int_equal(lw_worker_facts(h->worker, &facts), LW_E_MISUSE);
	assert_int_equal(lw_worker_statistics(h->worker, &counters), LW_E_MISUSE);
	assert_int_equal(lw_session_facts(s, &session_facts), LW_E_MISUSE);
	assert_null(worker);
	assert_null(capability);
}

static void
a_struct_of_another_size_is_refused_before_anything_happens(void **state)
{
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	harness_open_chaos(&h, NULL);
	pid = harness_pid(&h);
	for (size_t i = 0; i < sizeof wrong_sizes / sizeof wrong_sizes[0]; i++)
		try_sizes(&h, wrong_sizes[i]);
	assert_int_equal(statistics(&h).generations, 1);
	assert_int_equal(statistics(&h).requests, 0);
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

/* Everything that takes an error, as it would succeed with another one. */
static void
expect_refused_by_each_call(struct harness *h, struct lw_error *e)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	struct lw_budgets budgets = { 0 };
	struct lw_reply reply = LW_REPLY_INIT;
	lw_capability *capability = NULL, *some = some_capability("nothing");
	lw_cancel_token *token = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;

	options.host = "native";
	options.library = "nothing";
	assert_int_equal(lw_cancel_token_create(&token, e), LW_E_MISUSE);
	assert_int_equal(lw_capability_load(support_manifest(), &capability, e), LW_E_MISUSE);
	assert_int_equal(lw_capability_create(&options, &capability, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_start(&h->options, NULL, &worker, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_set_budgets(h->worker, &budgets, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_health(h->worker, NULL, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_cycle(h->worker, NULL, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_pump(h->worker, NULL, e), LW_E_MISUSE);
	assert_int_equal(lw_worker_shutdown(h->worker, NULL, e), LW_E_MISUSE);
	assert_int_equal(lw_session_open(h->worker, some, NULL, &session, e), LW_E_MISUSE);
	assert_int_equal(lw_session_set_budgets(h->session, &budgets, e), LW_E_MISUSE);
	assert_int_equal(
	    lw_session_stream(h->session, "any", lw_text(""), NULL, NULL, NULL, e), LW_E_MISUSE);
	assert_int_equal(
	    lw_session_call(h->session, "any", lw_text(""), NULL, &reply, e), LW_E_MISUSE);
	assert_int_equal(lw_session_expect_metadata(h->session, "any", NULL, NULL, e), LW_E_MISUSE);
	assert_true(!token && !capability && !session && !worker && !reply.text);
	lw_capability_free(&some);
}

static void
an_error_that_was_not_begun_is_refused_and_not_written(void **state)
{
	const size_t sizes[] = { 0, 8, sizeof(struct lw_error) - 1, sizeof(struct lw_error) + 1 };
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, NULL);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		/* No more than its size is there: what wrote a message would write out of it. */
		size_t *size = malloc(sizeof *size);
		struct lw_error *e = (void *)size;
		char text[16] = "before";

		assert_non_null(size);
		*size = sizes[i];
		expect_refused_by_each_call(&h, e);
		assert_int_equal(lw_verdict_explain(e, text, sizeof text), 0);
		assert_string_equal(text, "");
		assert_int_equal(*size, sizes[i]);
		free(size);
	}
	assert_int_equal(lw_verdict_explain(NULL, NULL, 0), 0);
	assert_int_equal(statistics(&h).requests, 0);
	assert_int_equal(statistics(&h).generations, 1);
	harness_end(&h);
}

/* ---- Fields ---------------------------------------------------------------------------------- */

static void
reserved_budgets_are_zero_in_every_scope(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct lw_worker_options options;
	struct harness h = HARNESS_INIT;
	struct lw_error *e = &h.error;
	lw_worker *worker = NULL;

	(void)state;
	harness_open_chaos(&h, NULL);
	for (int i = 0; i < 4; i++) {
		memset(call.budgets.reserved, 0, sizeof call.budgets.reserved);
		call.budgets.reserved[i] = 1;
		options = h.options;
		options.budgets = call.budgets;
		expect_misuse(lw_worker_start(&options, NULL, &worker, e), e);
		expect_misuse(lw_worker_set_budgets(h.worker, &call.budgets, e), e);
		expect_misuse(lw_session_set_budgets(h.session, &call.budgets, e), e);
		expect_misuse(lw_worker_health(h.worker, &call, e), e);
		EXPECT_TEXT(e->message, "reserved[");
	}
	assert_null(worker);
	harness_end(&h);
}

static void
options_out_of_range_are_refused(void **state)
{
	const char *const bad_environment[] = { "A=1", "B", NULL };
	struct lw_worker_options options[6];
	struct lw_error e = LW_ERROR_INIT;
	lw_worker *worker = NULL;

	(void)state;
	for (int i = 0; i < 6; i++)
		options[i] = (struct lw_worker_options)LW_WORKER_OPTIONS_INIT;
	options[0].row_cap = (UINT64_C(1) << 32) + 1;
	options[1].containment = (lw_containment)4;
	options[2].containment = (lw_containment)-1;
	options[3].restart.replacement = (lw_replacement)3;
	options[4].restart.max_deaths = 4097;
	options[5].environment = bad_environment;
	for (int i = 0; i < 6; i++)
		expect_misuse(lw_worker_start(&options[i], NULL, &worker, &e), &e);
	assert_null(worker);
}

static void
names_are_told_for_any_number(void **state)
{
	(void)state;
	for (int i = -1; i < LW_VERDICT_COUNT + 2; i++) {
		assert_non_null(lw_verdict_name((lw_verdict)i));
		assert_non_null(lw_verdict_text((lw_verdict)i));
		assert_non_null(lw_code_name((lw_code)i));
		assert_non_null(lw_restart_name((lw_restart)i));
		assert_int_not_equal(lw_verdict_code((lw_verdict)i), i == 0 ? -1 : LW_OK);
	}
}

static void
quantiles_of_anything_are_in_the_histogram(void **state)
{
	struct lw_histogram h = { 0 };

	(void)state;
	assert_int_equal(lw_histogram_quantile(NULL, 0.5), 0);
	assert_int_equal(lw_histogram_quantile(&h, 0.5), 0);
	assert_int_equal(lw_histogram_quantile(&h, (double)NAN), 0);
	h = (struct lw_histogram){
		.count = 2, .sum_ns = 12500, .max_ns = 11000, .bucket = { [1] = 1, [4] = 1 }
	};
	assert_int_equal(lw_histogram_quantile(&h, -(double)INFINITY), 2000);
	assert_int_equal(lw_histogram_quantile(&h, -1), 2000);
	assert_int_equal(lw_histogram_quantile(&h, 0), 2000);
	assert_int_equal(lw_histogram_quantile(&h, 0.5), 2000);
	assert_int_equal(lw_histogram_quantile(&h, 1), 11000);
	assert_int_equal(lw_histogram_quantile(&h, 7), 11000);
	assert_int_equal(lw_histogram_quantile(&h, (double)INFINITY), 11000);
	assert_int_equal(lw_histogram_quantile(&h, (double)NAN), 11000);
	h = (struct lw_histogram){ .count = 1, .sum_ns = UINT64_MAX, .max_ns = UINT64_MAX };
	h.bucket[LW_HISTOGRAM_BUCKETS - 1] = 1;
	assert_true(lw_histogram_quantile(&h, 1) > UINT64_C(500000000000));
}

/* ---- After the end --------------------------------------------------------------------------- */

static void
only_looking_and_closing_is_of_use_after_a_shutdown(void **state)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_session_facts session = LW_SESSION_FACTS_INIT;
	lw_capability *capability = some_capability("nothing");
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_budgets budgets = { 0 };
	struct harness h = HARNESS_INIT;
	struct lw_error *e = &h.error;
	lw_session *other = NULL;

	(void)state;
	harness_open_chaos(&h, NULL);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, e), LW_OK);
	expect_misuse(lw_worker_shutdown(h.worker, &h.report, e), e);
	EXPECT_TEXT(e->message, "was shut down");
	expect_misuse(lw_worker_health(h.worker, NULL, e), e);
	expect_misuse(lw_worker_cycle(h.worker, NULL, e), e);
	expect_misuse(lw_worker_set_budgets(h.worker, &budgets, e), e);
	expect_misuse(lw_session_set_budgets(h.session, &budgets, e), e);
	expect_misuse(lw_session_open(h.worker, capability, NULL, &other, e), e);
	expect_misuse(lw_session_stream(h.session, "x", lw_text(""), NULL, NULL, NULL, e), e);
	expect_misuse(lw_session_call(h.session, "x", lw_text(""), NULL, &reply, e), e);
	expect_misuse(lw_session_expect_metadata(h.session, "x", NULL, NULL, e), e);
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(facts.generation, 1);
	assert_int_equal(facts.pid, 0);
	assert_int_equal(lw_session_facts(h.session, &session), LW_OK);
	assert_int_equal(session.generation, 0);
	assert_int_equal(statistics(&h).generations, 1);
	lw_capability_free(&capability);
	lw_session_close(&h.session);
	lw_session_close(&h.session);
	lw_worker_close(&h.worker);
	lw_worker_close(&h.worker);
	harness_close(&h);
}

/* ---- Nothing is begun ------------------------------------------------------------------------ */

static void
expect_end(lw_code code, const struct lw_error *error, lw_verdict wanted)
{
	assert_string_equal(lw_verdict_name(error->verdict), lw_verdict_name(wanted));
	assert_int_equal(code, lw_verdict_code(wanted));
}

/* Each call is given up before it has done anything, also what it would have done first. */
static void
expect_that_nothing_begins(struct harness *h, const struct lw_call_options *call,
    lw_verdict of_start, lw_verdict of_request)
{
	struct lw_worker_statistics before = statistics(h), after;
	struct lw_reply reply = LW_REPLY_INIT;
	lw_session *s = h->session;
	struct lw_error *e = &h->error;
	lw_worker *worker = NULL;
	pid_t pid = harness_pid(h);

	expect_end(lw_worker_start(&h->options, call, &worker, e), e, of_start);
	assert_null(worker);
	expect_end(lw_worker_health(h->worker, call, e), e, of_request);
	expect_end(lw_worker_cycle(h->worker, call, e), e, of_start);
	expect_end(lw_session_stream(s, "x", lw_text(""), NULL, call, NULL, e), e, of_request);
	assert_int_equal(e->rows + e->work_started + e->killed, 0);
	expect_end(lw_session_call(s, "x", lw_text(""), call, &reply, e), e, of_request);
	expect_end(lw_session_expect_metadata(s, "x", NULL, call, e), e, of_request);
	assert_int_equal(harness_pid(h), pid);
	after = statistics(h);
	assert_int_equal(after.generations, before.generations);
	assert_int_equal(after.requests, before.requests + 3);
	assert_int_equal(after.request.count, before.request.count);
	assert_int_equal(after.repeated, 0);
}

static void
a_deadline_in_the_past_begins_nothing(void **state)
{
	static const int64_t past[] = { INT64_MIN, -1, 1 };
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.max_requests = 1; /* the next request would replace the child first */
	harness_open_chaos(&h, NULL);
	assert_int_equal(harness_stream(&h, "x", ""), LW_OK);
	for (size_t i = 0; i < sizeof past / sizeof past[0]; i++) {
		call.deadline_ns = past[i];
		expect_that_nothing_begins(&h, &call, LW_V_START_TIMEOUT, LW_V_REQUEST_TIMEOUT);
	}
	h.options.restart.max_requests = 0;
	assert_int_equal(harness_stream(&h, "x", ""), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
}

static void
a_token_that_was_cancelled_begins_nothing(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.max_requests = 1;
	harness_open_chaos(&h, NULL);
	assert_int_equal(harness_stream(&h, "x", ""), LW_OK);
	assert_int_equal(lw_cancel_token_create(&call.cancel, NULL), LW_OK);
	lw_cancel_token_cancel(call.cancel);
	expect_that_nothing_begins(&h, &call, LW_V_CANCELLED, LW_V_CANCELLED);
	lw_cancel_token_reset(call.cancel);
	assert_int_equal(lw_worker_health(h.worker, &call, &h.error), LW_OK);
	lw_cancel_token_free(&call.cancel);
	harness_end(&h);
}

static void
an_opening_that_may_not_begin_keeps_the_child_that_another_one_has(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	lw_capability *other = some_capability("another");
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	harness_open_chaos(&h, NULL);
	pid = harness_pid(&h);
	lw_session_close(&h.session);
	call.deadline_ns = 1;
	expect_end(lw_session_open(h.worker, other, &call, &h.session, &h.error), &h.error,
	    LW_V_OPEN_TIMEOUT);
	assert_null(h.session);
	assert_int_equal(harness_pid(&h), pid);
	harness_open_chaos(&h, NULL);
	assert_int_equal(harness_generation(&h), 1);
	lw_capability_free(&other);
	harness_end(&h);
}

static lw_cancel_token *token;

static void
cancel_on_log(struct harness *h)
{
	(void)h;
	lw_cancel_token_cancel(token);
}

static void
a_cancel_ends_the_wait_for_a_child_that_is_sent_away(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;
	int64_t began, cpu;

	(void)state;
	h.options.budgets.shutdown_ms = 15000;
	harness_open_chaos(&h, "on shutdown@1: say leaving; hang");
	assert_int_equal(lw_cancel_token_create(&token, NULL), LW_OK);
	call.cancel = token;
	h.on_log = cancel_on_log;
	began = harness_now_ms();
	cpu = harness_cpu_ms();
	assert_int_equal(lw_worker_cycle(h.worker, &call, &h.error), LW_E_CANCELLED);
	assert_in_range(harness_now_ms() - began, 0, 5000);
	assert_in_range(harness_cpu_ms() - cpu, 0, 1000);
	h.on_log = NULL;
	harness_end(&h);
	lw_cancel_token_free(&token);
}

static void
a_cancel_while_the_capability_is_opened_again_begins_no_request(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on open@2: say opening; wait-stop; opened | on run@2: rows 1");
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	assert_int_equal(lw_cancel_token_create(&token, NULL), LW_OK);
	call.cancel = token;
	call.budgets.grace_ms = 10000;
	h.call = &call;
	h.on_log = cancel_on_log;
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	assert_int_equal(h.error.work_started, 0);
	assert_int_equal(h.error.killed, 0);
	assert_int_equal(statistics(&h).request.count, 0);
	lw_cancel_token_reset(token);
	h.on_log = NULL;
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
	lw_cancel_token_free(&token);
}

/* ---- As much as can be asked for ------------------------------------------------------------- */

static struct lw_budgets
all_budgets(uint32_t value)
{
	return (struct lw_budgets){ .start_ms = value,
		.open_ms = value,
		.request_ms = value,
		.first_row_ms = value,
		.idle_ms = value,
		.shutdown_ms = value,
		.ask_ms = value,
		.grace_ms = value };
}

static void
live_with(uint32_t budget, int64_t deadline_ns)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	call.budgets = h.options.budgets = all_budgets(budget);
	call.deadline_ns = deadline_ns;
	h.options.restart.max_requests = 1;
	h.options.restart.max_idle_ms = budget;
	h.options.restart.memory_ceiling_kib = h.options.restart.memory_limit_kib = UINT64_MAX;
	h.options.restart.memory_sample_ms = budget;
	h.options.restart.window_ms = budget;
	h.options.restart.backoff_max_ms = budget;
	h.call = &call;
	harness_open_chaos(&h, "on run@1: rows 2; signal SEGV | on run: rows 3; sleep 20");
	(void)harness_stream(&h, "any", "");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(harness_stream(&h, "any", ""), LW_OK);
	assert_int_equal(h.summary.restarted, LW_RESTART_MAX_REQUESTS);
	assert_int_equal(lw_worker_health(h.worker, &call, &h.error), LW_OK);
	assert_int_equal(lw_worker_cycle(h.worker, &call, &h.error), LW_OK);
	harness_end(&h);
}

static void
budgets_may_be_as_long_as_numbers_go(void **state)
{
	(void)state;
	live_with(LW_NO_LIMIT, 0);
	live_with(LW_NO_LIMIT - 1, INT64_MAX);
	live_with(LW_NO_LIMIT, INT64_MAX - 1);
}

static void
asking_longer_ahead_than_the_budget_asks_a_tenth_of_it_ahead(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run: rows 1; wait-stop; end outcome=1");
	call.budgets.request_ms = 1000;
	h.call = &call;
	for (int i = 0; i < 2; i++) {
		call.budgets.ask_ms = i == 0 ? 5000 : LW_NO_LIMIT;
		(void)harness_stream(&h, "any", "");
		EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
		assert_int_equal(h.error.killed, 0);
		assert_true(h.error.elapsed_ns >= 900000000);
	}
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(nothing_can_be_freed_and_closed),
		LW_TEST(no_worker_is_refused_by_each_call),
		LW_TEST(no_session_is_lost_to_each_call),
		LW_TEST(a_missing_argument_is_refused_and_the_worker_goes_on),
		LW_TEST(a_capability_of_nothing_is_refused),
		LW_TEST(a_struct_of_another_size_is_refused_before_anything_happens),
		LW_TEST(an_error_that_was_not_begun_is_refused_and_not_written),
		LW_TEST(reserved_budgets_are_zero_in_every_scope),
		LW_TEST(options_out_of_range_are_refused),
		LW_TEST(names_are_told_for_any_number),
		LW_TEST(quantiles_of_anything_are_in_the_histogram),
		LW_TEST(only_looking_and_closing_is_of_use_after_a_shutdown),
		LW_TEST(a_deadline_in_the_past_begins_nothing),
		LW_TEST(a_token_that_was_cancelled_begins_nothing),
		LW_TEST(an_opening_that_may_not_begin_keeps_the_child_that_another_one_has),
		LW_TEST(a_cancel_ends_the_wait_for_a_child_that_is_sent_away),
		LW_TEST(a_cancel_while_the_capability_is_opened_again_begins_no_request),
		LW_TEST(budgets_may_be_as_long_as_numbers_go),
		LW_TEST(asking_longer_ahead_than_the_budget_asks_a_tenth_of_it_ahead),
	};

	return support_run(tests);
}
