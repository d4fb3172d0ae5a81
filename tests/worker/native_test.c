/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities in C: what a good one can do, and what a bad one cannot. */
#include <signal.h>

#include "worker/harness.h"

static void
open_with(struct harness *h, const char *init)
{
	static const char *environment[2];

	environment[0] = init;
	h->options.environment = environment;
	harness_start(h);
	(void)harness_try_native(h, "libnative_guest.so", NULL);
}

/* The request fails with this, and the process stays. */
static void
expect_kept(struct harness *h, const char *export_name, const char *request, lw_verdict verdict)
{
	pid_t pid = harness_pid(h);

	(void)harness_stream(h, export_name, request);
	EXPECT_FAILURE(h, verdict);
	assert_string_equal(h->error.command, export_name);
	assert_int_equal(harness_pid(h), pid);
}

static void
expect_row(const struct harness *h, const char *stream, uint64_t sequence, uint64_t offset)
{
	assert_string_equal(h->error.stream, stream);
	assert_int_equal(h->error.has_row, *stream != '\0');
	assert_int_equal(h->error.sequence, sequence);
	assert_int_equal(h->error.offset, offset);
}

static lw_code
call(struct harness *h, const char *export_name, const char *request, struct lw_reply *reply)
{
	lw_reply_clear(reply);
	h->code = lw_session_call(
	    h->session, export_name, lw_text(request), NULL, reply, &h->error);
	return h->code;
}

/* ---- What a good one can do ----------------------------------------------------------------- */

static void
events_arrive_as_they_were_sent(void **state)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "events", "{\"q\":\"\xc3\xa4\"}"), LW_OK);
	assert_string_equal(h.events, "progress reading 1\n"
				      "row a 0 [1, 2]\n"
				      "diagnostic odd an \"odd\" thing\nin two lines\n"
				      "row b 0 null\n"
				      "row a 1 {\"q\":\"\xc3\xa4\"}\n"
				      "progress reading 2 of 2\n"
				      "metadata {\"last\":2}\n");
	assert_int_equal(h.summary.rows, 3);
	assert_int_equal(h.summary.stream_count, 2);
	assert_int_equal(lw_session_facts(h.session, &facts), LW_OK);
	assert_string_equal(facts.host, "native");
	assert_string_equal(facts.runtime, "native-guest 0.1");
	assert_string_equal(facts.lean_version, "");
	harness_end(&h);
}

static void
fini_runs_at_an_orderly_end(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(lw_worker_shutdown(h.worker, &h.report, &h.error), LW_OK);
	assert_int_equal(h.report.outcome, LW_SHUTDOWN_ORDERLY);
	EXPECT_TEXT(h.log, "native guest: the end\n");
	harness_close(&h);
}

static void
a_command_answers_with_its_last_reply(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(call(&h, "reply_twice", "[1]", &reply), LW_OK);
	assert_string_equal(reply.text, "[1]");
	lw_reply_clear(&reply);
	harness_end(&h);
}

/* The fixture, from its manifest, as an application would. */
static void
the_counter_counts(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_manifest(&h, "counter.capability.json");
	assert_int_equal(harness_stream(&h, "lines", "one \"two\"\n\nlast"), LW_OK);
	assert_string_equal(h.events,
	    "row lines 0 {\"line\":1,\"words\":2,\"text\":\"one \\\"two\\\"\"}\n"
	    "progress counting 10 of 15\n"
	    "row lines 1 {\"line\":2,\"words\":0,\"text\":\"\"}\n"
	    "progress counting 11 of 15\n"
	    "row lines 2 {\"line\":3,\"words\":1,\"text\":\"last\"}\n"
	    "progress counting 15 of 15\n"
	    "metadata {\"lines\":3,\"words\":3,\"bytes\":15}\n");
	assert_int_equal(call(&h, "total", "a b\nc", &reply), LW_OK);
	assert_string_equal(reply.text, "{\"lines\":2,\"words\":3,\"bytes\":5}");
	lw_reply_clear(&reply);
	expect_kept(&h, "lines", "", LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "there is no text to count in");
	harness_open_native(&h); /* another capability: another child */
	harness_end(&h);
}

static void
the_example_of_the_documentation_works(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_manifest(&h, "hello.capability.json");
	assert_int_equal(harness_stream(&h, "count", "2"), LW_OK);
	assert_string_equal(
	    h.events, "row numbers 0 {\"number\":1}\nrow numbers 1 {\"number\":2}\n");
	expect_kept(&h, "count", "-3", LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "cannot count up to -3");
	assert_int_equal(call(&h, "quote", "say \"hi\"", &reply), LW_OK);
	assert_string_equal(reply.text, "\"say \\\"hi\\\"\"");
	lw_reply_clear(&reply);
	harness_open_native(&h);
	harness_end(&h);
}

static void
a_dependency_is_opened_first(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	assert_int_equal(
	    harness_try_native(&h, "libnative_needs_answer.so", "libnative_provides_answer.so"),
	    LW_OK);
	expect_kept(&h, "run", "", LW_V_EXPORT_STATUS);
	assert_int_equal(h.error.status, 42);
	harness_open_native(&h);
	harness_end(&h);
}

/* ---- How an export ends --------------------------------------------------------------------- */

static void
every_status_is_the_exports_own(void **state)
{
	struct harness h = HARNESS_INIT;
	char request[16];

	(void)state;
	harness_open_native(&h);
	for (int status = 1; status < 256; status++) {
		(void)snprintf(request, sizeof request, "%d", status);
		expect_kept(&h, "status", request, LW_V_EXPORT_STATUS);
		assert_int_equal(h.error.status, status);
	}
	harness_end(&h);
}

static void
a_result_that_is_no_status_is_a_failure(void **state)
{
	static const char *const results[] = { "-1", "256", "-2147483648" };
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	for (size_t i = 0; i < 3; i++) {
		expect_kept(&h, "status", results[i], LW_V_EXCEPTION);
		EXPECT_TEXT(h.error.message, results[i]);
	}
	harness_end(&h);
}

static void
a_command_has_a_status_too(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	for (int status = 1; status < 6; status++) {
		char request[] = { (char)('0' + status), '\0' };

		assert_int_equal(call(&h, "status_command", request, &reply), LW_E_STATUS);
		assert_int_equal(h.error.status, status);
	}
	assert_null(reply.text);
	harness_end(&h);
}

static void
a_failure_has_the_exports_words(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "fail", "Tuesday", LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "it is Tuesday");
	assert_string_equal(h.events, "row rows 0 0\n");
	expect_kept(&h, "fail_softly", "%s%n\xc3\xa4", LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "it is %s%n\xc3\xa4");
	harness_end(&h);
}

static void
a_long_failure_is_cut_between_characters(void **state)
{
	struct harness h = HARNESS_INIT;
	char request[4001];

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(request + 2 * i, "\xc3\xa4", 2);
	request[4000] = '\0';
	harness_open_native(&h);
	expect_kept(&h, "fail", request, LW_V_EXCEPTION);
	EXPECT_TEXT(h.error.message, "it is \xc3\xa4\xc3\xa4");
	harness_end(&h);
}

static void
expect_no_control(const char *text)
{
	const char *at = text;

	for (; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		bool second = c == 0xc2 && (unsigned char)at[1] < 0xa0; /* U+0080 to U+009F */

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || second)
			fail_msg("character %02x at %zu of \"%s\"", c, (size_t)(at - text), text);
	}
}

/* A terminal shows these texts: nothing that steers one is in them. */
static void
control_characters_reach_neither_the_message_nor_the_tail(void **state)
{
	static const char words[] = "\033[31mred\a\r\nand\tthen\x7f\xc2\x9b"
				    "1m\b\0after";
	struct harness h = HARNESS_INIT;
	char every[0x100];
	size_t n = 0;

	(void)state;
	harness_open_native(&h);
	h.code = lw_session_stream(
	    h.session, "shout", lw_bytes(words, sizeof words - 1), NULL, NULL, NULL, &h.error);
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	assert_string_equal(h.error.message, "?[31mred??\nand\tthen???1m?");
	for (char c = 1; c < 0x7f; c++)
		every[n++] = c;
	every[n] = '\0';
	(void)harness_stream(&h, "shout", every);
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	EXPECT_TEXT(h.error.message, "0123456789");
	expect_no_control(h.error.message);
	(void)harness_stream(&h, "die", "11");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	EXPECT_TEXT(h.error.log_tail, "?[31mred??\nand\tthen???1m??after");
	EXPECT_TEXT(h.error.log_tail, "0123456789");
	expect_no_control(h.error.log_tail);
	harness_end(&h);
}

/* What it says while it opens goes the same way. */
static void
control_characters_do_not_reach_the_message_of_an_opening(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	open_with(&h, "NATIVE_INIT=\033[31mred\r\a");
	EXPECT_FAILURE(&h, LW_V_INITIALIZER);
	EXPECT_TEXT(h.error.message, "no ?[31mred?? today");
	expect_no_control(h.error.message);
	harness_open_fixture(&h);
	harness_end(&h);
}

static void
what_a_command_does_wrong_is_told(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	(void)call(&h, "silent", "1", &reply);
	EXPECT_FAILURE(&h, LW_V_EXCEPTION);
	EXPECT_TEXT(h.error.message, "lw_guest_reply");
	(void)call(&h, "guest_echo", "{\"a\":nope}", &reply);
	EXPECT_FAILURE(&h, LW_V_REPLY_MALFORMED);
	assert_int_equal(h.error.offset, 5);
	(void)call(&h, "guest_echo", "", &reply);
	EXPECT_FAILURE(&h, LW_V_REPLY_MALFORMED);
	(void)call(&h, "emit_in_command", "1", &reply);
	EXPECT_FAILURE(&h, LW_V_EXPORT_KIND);
	EXPECT_TEXT(h.error.message, "emitted a row");
	EXPECT_TEXT(h.error.message, "LW_GUEST_STREAM");
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
a_stream_that_replies_is_told(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "reply_in_stream", "1", LW_V_EXPORT_KIND);
	EXPECT_TEXT(h.error.message, "replied");
	harness_end(&h);
}

/* ---- Being told to stop --------------------------------------------------------------------- */

static void
a_silent_export_sees_the_flag_and_keeps_its_process(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 2000;
	h.options.budgets.ask_ms = 200;
	harness_open_native(&h);
	expect_kept(&h, "poll_stop", "", LW_V_REQUEST_TIMEOUT);
	EXPECT_TEXT(h.error.message, "kept");
	assert_int_equal(h.error.rows, 1);
	expect_kept(&h, "spam", "0", LW_V_REQUEST_TIMEOUT);
	EXPECT_TEXT(h.error.message, "kept");
	(void)call(&h, "poll_command", "", &reply);
	EXPECT_FAILURE(&h, LW_V_EXPORT_KIND); /* it emits: the fault counts, not the stop */
	(void)call(&h, "poll_command", "quietly", &reply);
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	EXPECT_TEXT(h.error.message, "kept");
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

static void
a_status_after_a_stop_is_the_exports_own(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.budgets.request_ms = 2000;
	h.options.budgets.ask_ms = 200;
	harness_open_native(&h);
	expect_kept(&h, "spam", "9", LW_V_EXPORT_STATUS);
	assert_int_equal(h.error.status, 9);
	harness_end(&h);
}

static void
a_sink_that_refuses_stops_the_export(void **state)
{
	struct harness h = HARNESS_INIT;
	pid_t pid;

	(void)state;
	harness_open_native(&h);
	pid = harness_pid(&h);
	h.sink_answer = 7;
	h.sink_after = 3;
	(void)harness_stream(&h, "spam", "0");
	EXPECT_FAILURE(&h, LW_V_SINK);
	assert_int_equal(h.rows_seen, 4);
	h.sink_answer = 0;
	assert_int_equal(harness_pid(&h), pid);
	harness_end(&h);
}

/* ---- Rows that are none --------------------------------------------------------------------- */

static void
a_malformed_payload_is_named_by_stream_sequence_and_byte(void **state)
{
	static const struct {
		const char *payload;
		uint64_t offset;
	} cases[] = {
		{ "", 0 },
		{ "{\"a\":01}", 6 },
		{ "{\"a\":1}}", 7 },
		{ "[1,]", 3 },
		{ "nul", 0 },
		{ "1 2", 2 },
		{ "\"\\ud800\"", 1 },
		{ "{'a':1}", 1 },
		{ "\"open", 5 },
	};
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		expect_kept(&h, "rows", cases[i].payload, LW_V_ROW_MALFORMED);
		if (h.error.offset != cases[i].offset)
			print_message("%s at %zu\n", cases[i].payload, (size_t)h.error.offset);
		expect_row(&h, "rows", 1, cases[i].offset);
		assert_string_equal(h.events, "row rows 0 0\n");
		expect_kept(&h, "first", cases[i].payload, LW_V_ROW_MALFORMED);
		expect_row(&h, "only", 0, cases[i].offset);
		assert_string_equal(h.events, "");
	}
	harness_end(&h);
}

static void
a_payload_that_is_not_utf8_is_named(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "bytes", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "bytes", 0, 3);
	expect_kept(&h, "nothing", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "s", 0, 0);
	harness_end(&h);
}

static void
null_is_a_payload(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "rows", " null "), LW_OK);
	assert_string_equal(h.events, "row rows 0 0\nrow rows 1  null \nrow rows 2 2\n");
	harness_end(&h);
}

static void
a_stream_needs_a_name_that_is_one(void **state)
{
	struct harness h = HARNESS_INIT;
	char name[257];

	(void)state;
	memset(name, 's', 256);
	name[256] = '\0';
	harness_open_native(&h);
	expect_kept(&h, "stream", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 0);
	EXPECT_TEXT(h.error.message, "empty");
	expect_kept(&h, "stream", name, LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 255);
	EXPECT_TEXT(h.error.message, "255");
	assert_int_equal(harness_stream(&h, "stream", name + 1), LW_OK);
	assert_int_equal(h.rows_seen, 1);
	expect_kept(&h, "stream_nul", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 2);
	EXPECT_TEXT(h.error.message, "NUL");
	expect_kept(&h, "stream_bytes", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 1);
	EXPECT_TEXT(h.error.message, "UTF-8");
	harness_end(&h);
}

static void
the_other_channels_have_rules_too(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "message_nul", "", LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 1);
	expect_kept(&h, "no_phase", "", LW_V_ROW_MALFORMED);
	expect_kept(&h, "bad_metadata", "{\"a\":}", LW_V_ROW_MALFORMED);
	expect_row(&h, "", 0, 5);
	assert_int_equal(harness_stream(&h, "bad_metadata", "{\"a\":1}"), LW_OK);
	harness_end(&h);
}

static void
what_is_above_the_cap_is_refused_in_the_child(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.row_cap = 100000;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "big_row", "100000"), LW_OK);
	expect_kept(&h, "big_row", "100001", LW_V_ROW_TOO_LARGE);
	expect_row(&h, "big", 0, 0);
	assert_int_equal(harness_stream(&h, "big_metadata", "100000"), LW_OK);
	expect_kept(&h, "big_metadata", "100001", LW_V_ROW_TOO_LARGE);
	assert_int_equal(harness_stream(&h, "big_diagnostic", "99997"), LW_OK);
	expect_kept(&h, "big_diagnostic", "99998", LW_V_ROW_TOO_LARGE);
	expect_kept(&h, "big_diagnostic", "1000000", LW_V_ROW_TOO_LARGE);
	assert_int_equal(call(&h, "big_reply", "100000", &reply), LW_OK);
	lw_reply_clear(&reply);
	(void)call(&h, "big_reply", "100001", &reply);
	EXPECT_FAILURE(&h, LW_V_ROW_TOO_LARGE);
	assert_int_equal(harness_generation(&h), 1);
	harness_end(&h);
}

/* ---- Names and kinds ------------------------------------------------------------------------ */

static void
an_unknown_export_names_what_was_meant(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "evnets", "", LW_V_EXPORT_UNKNOWN);
	EXPECT_TEXT(h.error.message, "Did you mean \"events\"");
	expect_kept(&h, "main", "", LW_V_EXPORT_UNKNOWN);
	EXPECT_TEXT(h.error.message, "It has: events, status");
	harness_end(&h);
}

static void
an_unknown_export_of_lean_names_what_was_meant(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_guest(&h);
	expect_kept(&h, "guest_staus", "", LW_V_EXPORT_UNKNOWN);
	EXPECT_TEXT(h.error.message, "Did you mean \"guest_status\"");
	harness_end(&h);
}

static void
an_export_of_the_other_kind_is_told(void **state)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "guest_echo", "1", LW_V_EXPORT_KIND);
	EXPECT_TEXT(h.error.message, "command, and was run as a stream");
	(void)call(&h, "events", "1", &reply);
	EXPECT_FAILURE(&h, LW_V_EXPORT_KIND);
	EXPECT_TEXT(h.error.message, "stream, and was called as a command");
	harness_end(&h);
}

/* ---- Calls used where they are no good ------------------------------------------------------ */

#define REFUSED_STRANGER "row report 0 {\"answers\":[1,1,1],\"cancelled\":"

static void
a_second_thread_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "in_thread", ""), LW_OK);
	assert_string_equal(h.events, REFUSED_STRANGER "0}\n");
	harness_end(&h);
}

static void
a_forked_process_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	expect_kept(&h, "in_fork", "", LW_V_EXPORT_STATUS);
	assert_int_equal(h.error.status, 3);
	harness_end(&h);
}

static void
an_old_call_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "keep", ""), LW_OK);
	assert_int_equal(harness_stream(&h, "use_kept", ""), LW_OK);
	assert_string_equal(h.events, REFUSED_STRANGER "1}\n");
	harness_end(&h);
}

static void
a_thread_that_outlives_its_call_is_refused(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(harness_stream(&h, "linger", ""), LW_OK);
	harness_expect_usable(&h);
	assert_int_equal(harness_stream(&h, "join_lingering", ""), LW_OK);
	assert_string_equal(h.events, REFUSED_STRANGER "1}\n");
	harness_end(&h);
}

static void
a_number_that_is_no_call_is_refused(void **state)
{
	static const char *const numbers[] = { "0", "1", "18446744073709551615" };
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(harness_stream(&h, "number", numbers[i]), LW_OK);
		assert_string_equal(h.events, REFUSED_STRANGER "1}\n");
	}
	harness_end(&h);
}

/* ---- Ends, and openings that fail ----------------------------------------------------------- */

static void
a_crash_is_named_and_the_next_request_works(void **state)
{
	static const int signals[] = { SIGSEGV, SIGABRT, SIGILL, SIGTERM };
	struct harness h = HARNESS_INIT;
	char request[16];

	(void)state;
	harness_open_native(&h);
	for (unsigned i = 0; i < 4; i++) {
		(void)snprintf(request, sizeof request, "%d", signals[i]);
		(void)harness_stream(&h, "die", request);
		EXPECT_FAILURE(&h, LW_V_SIGNALLED);
		assert_int_equal(h.error.exit.signal, signals[i]);
		assert_int_equal(h.error.rows, 1);
		harness_expect_usable(&h);
		assert_int_equal(harness_generation(&h), i + 2);
	}
	harness_end(&h);
}

static void
expect_init(const char *init, lw_verdict verdict, const char *words)
{
	struct harness h = HARNESS_INIT;

	open_with(&h, init);
	EXPECT_FAILURE(&h, verdict);
	EXPECT_TEXT(h.error.message, words);
	assert_null(h.session);
	harness_open_fixture(&h); /* the worker is good for another one */
	harness_end(&h);
}

static void
an_init_that_fails_is_named(void **state)
{
	(void)state;
	expect_init("NATIVE_INIT=licence", LW_V_INITIALIZER, "no licence today");
	expect_init("NATIVE_INIT=status", LW_V_INITIALIZER, "returned 7");
	expect_init("NATIVE_INIT=emit", LW_V_INITIALIZER, "emitted a row");
	expect_init("NATIVE_INIT=abort", LW_V_SIGNALLED, "while it opened");
}

static void
expect_load_fault(struct harness *h, const char *file, const char *words)
{
	(void)harness_try_native(h, file, NULL);
	EXPECT_FAILURE(h, LW_V_CAPABILITY_LOAD);
	EXPECT_TEXT(h->error.message, file);
	EXPECT_TEXT(h->error.message, words);
	assert_null(h->session);
}

static void
a_library_that_is_no_capability_is_named(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	expect_load_fault(&h, "libnative_broken_name.so", "exports no symbol");
	expect_load_fault(&h, "libguest.so", "host \"lean\"");
	expect_load_fault(&h, "libnative_code.so", "is code");
	expect_load_fault(&h, "libnative_broken_dependency.so", "only a library that it depends");
	expect_load_fault(&h, "libnative_broken_abi.so", "version 2 of the guest ABI");
	expect_load_fault(&h, "libnative_broken_twice.so", "\"run\" is in the table twice");
	expect_load_fault(&h, "libnative_needs_answer.so", "native_answer");
	EXPECT_TEXT(h.error.message, "among the dependencies");
	expect_load_fault(&h, "libno_such_file.so", "");
	(void)harness_try_native(&h, "libnative_guest.so", "libno_such_dependency.so");
	EXPECT_FAILURE(&h, LW_V_CAPABILITY_LOAD);
	EXPECT_TEXT(h.error.message, "a dependency of the capability");
	harness_open_native(&h);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(events_arrive_as_they_were_sent),
		LW_TEST(fini_runs_at_an_orderly_end),
		LW_TEST(a_command_answers_with_its_last_reply),
		LW_TEST(the_counter_counts),
		LW_TEST(the_example_of_the_documentation_works),
		LW_TEST(a_dependency_is_opened_first),
		LW_TEST(every_status_is_the_exports_own),
		LW_TEST(a_result_that_is_no_status_is_a_failure),
		LW_TEST(a_command_has_a_status_too),
		LW_TEST(a_failure_has_the_exports_words),
		LW_TEST(a_long_failure_is_cut_between_characters),
		LW_TEST(control_characters_reach_neither_the_message_nor_the_tail),
		LW_TEST(control_characters_do_not_reach_the_message_of_an_opening),
		LW_TEST(what_a_command_does_wrong_is_told),
		LW_TEST(a_stream_that_replies_is_told),
		LW_TEST(a_silent_export_sees_the_flag_and_keeps_its_process),
		LW_TEST(a_status_after_a_stop_is_the_exports_own),
		LW_TEST(a_sink_that_refuses_stops_the_export),
		LW_TEST(a_malformed_payload_is_named_by_stream_sequence_and_byte),
		LW_TEST(a_payload_that_is_not_utf8_is_named),
		LW_TEST(null_is_a_payload),
		LW_TEST(a_stream_needs_a_name_that_is_one),
		LW_TEST(the_other_channels_have_rules_too),
		LW_TEST(what_is_above_the_cap_is_refused_in_the_child),
		LW_TEST(an_unknown_export_names_what_was_meant),
		LW_TEST(an_unknown_export_of_lean_names_what_was_meant),
		LW_TEST(an_export_of_the_other_kind_is_told),
		LW_TEST(a_second_thread_is_refused),
		LW_TEST(a_forked_process_is_refused),
		LW_TEST(an_old_call_is_refused),
		LW_TEST(a_thread_that_outlives_its_call_is_refused),
		LW_TEST(a_number_that_is_no_call_is_refused),
		LW_TEST(a_crash_is_named_and_the_next_request_works),
		LW_TEST(an_init_that_fails_is_named),
		LW_TEST(a_library_that_is_no_capability_is_named),
	};

	return support_run(tests);
}
