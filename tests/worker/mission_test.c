/* SPDX-License-Identifier: Apache-2.0 */
/* The exports of fixtures/interop/Interop/Mission.lean in the worker: the exact outcome of each. */
#include <jansson.h>

#include "worker/harness.h"

#define PREFIX "leanworker_fixture_"

/* The request fails with this, and the process stays. */
static void
expect_kept(struct harness *h, const char *export_name, const char *request, lw_verdict verdict)
{
	pid_t pid = harness_pid(h);

	(void)harness_stream(h, export_name, request);
	EXPECT_FAILURE(h, verdict);
	assert_string_equal(h->error.command, export_name);
	harness_expect_usable(h);
	assert_int_equal(harness_pid(h), pid);
	assert_int_equal(harness_generation(h), 1);
}

/* The answer of a command, read; the caller releases it. */
static json_t *
answer(struct harness *h, const char *export_name, const char *request)
{
	struct lw_reply reply = LW_REPLY_INIT;
	json_t *value;

	h->code = lw_session_call(
	    h->session, export_name, lw_text(request), NULL, &reply, &h->error);
	if (h->code != LW_OK)
		fail_msg("%s: %s", export_name, h->error.message);
	value = json_loadb(reply.text, reply.size, 0, NULL);
	assert_non_null(value);
	lw_reply_clear(&reply);
	return value;
}

static void
expect_member(json_t *object, const char *key, const char *wanted)
{
	const char *found = json_string_value(json_object_get(object, key));

	assert_non_null(found);
	assert_string_equal(found, wanted);
}

/* ---- Envelopes that are none ---------------------------------------------------------------- */

static void
expect_bad_second_row(struct harness *h, const char *export_name, const char *words)
{
	expect_kept(h, export_name, "{}", LW_V_ROW_MALFORMED);
	EXPECT_TEXT(h->error.message, words);
	assert_string_equal(h->events, "row rows 0 {\"ordinal\":0}\n");
	assert_int_equal(h->error.rows, 1);
}

static void
an_envelope_that_is_not_json_is_named_by_stream_sequence_and_byte(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_bad_second_row(&h, PREFIX "malformed_json", "");
	assert_int_equal(h.error.has_row, 1);
	assert_string_equal(h.error.stream, "rows");
	assert_int_equal(h.error.sequence, 1);
	assert_int_equal(h.error.offset, strlen("{\"stream\":\"rows\",\"payload\":{\"ordinal\":"));
	harness_end(&h);
}

static void
an_envelope_without_a_stream_is_nobodys_row(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_bad_second_row(&h, PREFIX "missing_stream", "stream");
	assert_int_equal(h.error.has_row, 0);
	assert_string_equal(h.error.stream, "");
	assert_int_equal(h.error.sequence, 0);
	assert_int_equal(h.error.offset, 0);
	harness_end(&h);
}

static void
an_envelope_without_a_payload_is_named_by_stream_and_sequence(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_bad_second_row(&h, PREFIX "missing_payload", "payload");
	assert_int_equal(h.error.has_row, 1);
	assert_string_equal(h.error.stream, "rows");
	assert_int_equal(h.error.sequence, 1);
	assert_int_equal(h.error.offset, 0);
	harness_end(&h);
}

/* ---- Statuses, sizes, time ------------------------------------------------------------------ */

static void
a_status_of_lean_is_never_taken_for_one_of_the_callback(void **state)
{
	static const int statuses[] = { 7, 1, 2, 3, 4, 255 };
	struct harness h = HARNESS_INIT;
	char request[32];

	(void)state;
	harness_open_fixture(&h);
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		(void)snprintf(request, sizeof request, "{\"status\":%d}", statuses[i]);
		expect_kept(&h, PREFIX "status", request, LW_V_EXPORT_STATUS);
		assert_int_equal(h.error.status, statuses[i]);
		assert_int_equal(h.error.rows, 0);
		assert_string_equal(h.events, "");
	}
	assert_int_equal(harness_stream(&h, PREFIX "status", "{\"status\":0}"), LW_OK);
	assert_int_equal(h.summary.rows, 0);
	expect_kept(&h, PREFIX "status", "{\"status\":256}", LW_V_EXCEPTION);
	harness_end(&h);
}

static void
a_payload_of_a_mebibyte_arrives_whole(void **state)
{
	static const char head[] = "row rows 0 \"";
	const size_t size = 1048576;
	struct harness h = HARNESS_INIT;
	const char *text;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, PREFIX "large_payload", "{\"size\":1048576}"), LW_OK);
	assert_int_equal(h.summary.rows, 1);
	assert_int_equal(strncmp(h.events, head, strlen(head)), 0);
	text = h.events + strlen(head);
	assert_int_equal(strlen(text), size + strlen("\"\n"));
	for (size_t i = 0; i < size; i++)
		if (text[i] != (char)('a' + i % 26))
			fail_msg("character %zu is '%c'", i, text[i]);
	assert_string_equal(text + size, "\"\n");
	harness_end(&h);
}

static void
a_slow_export_that_is_left_alone_comes_to_its_end(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, PREFIX "slow_after_row", "{\"ms\":50}"), LW_OK);
	assert_string_equal(h.events, "row rows 0 {\"ms\":50}\n");
	assert_true(h.summary.elapsed_ns >= 49000000); /* Lean's clock counts whole milliseconds */
	harness_end(&h);
}

static void
a_sink_that_refuses_the_row_ends_lean_that_is_still_at_work(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	h.sink_answer = 7;
	expect_kept(&h, PREFIX "slow_after_row", "{\"ms\":600000}", LW_V_SINK);
	assert_int_equal(h.error.status, 7);
	assert_int_equal(h.rows_seen, 1);
	h.sink_answer = 0;
	harness_end(&h);
}

/* ---- Commands ------------------------------------------------------------------------------- */

static void
a_json_command_is_given_its_request_as_it_is(void **state)
{
	static const char *const requests[] = { "", "{\"a\": [1, 2.50]}",
		"no JSON: \"\\ \t\n \x01 \xce\xbb \xf0\x9d\x92\xab" };
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		json_t *reply = answer(&h, PREFIX "json_command", requests[i]);

		assert_int_equal(json_object_size(reply), 3);
		assert_true(json_is_true(json_object_get(reply, "accepted")));
		expect_member(reply, "kind", "fixture");
		expect_member(reply, "request", requests[i]);
		json_decref(reply);
	}
	harness_end(&h);
}

static void
the_version_names_the_tool_and_its_six_commands(void **state)
{
	static const char *const names[] = { "version", "doctor", "extract", "features", "index",
		"probe" };
	struct harness h = HARNESS_INIT;
	json_t *reply, *commands;

	(void)state;
	harness_open_fixture(&h);
	reply = answer(&h, PREFIX "version", "{}");
	expect_member(reply, "name", "leanworker-fixture");
	expect_member(reply, "version", "0.1.0");
	commands = json_object_get(reply, "commands");
	assert_int_equal(json_array_size(commands), 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(json_string_value(json_array_get(commands, i)), names[i]);
	json_decref(reply);
	harness_end(&h);
}

static void
the_doctor_reports_a_finding_of_each_severity(void **state)
{
	static const char *const severities[] = { "pass", "warning", "error" };
	static const char *const codes[] = { "fixture-answers", "request-not-read",
		"made-to-fail" };
	struct harness h = HARNESS_INIT;
	json_t *reply, *findings, *details;

	(void)state;
	harness_open_fixture(&h);
	reply = answer(&h, PREFIX "doctor", "12345");
	findings = json_object_get(reply, "diagnostics");
	assert_int_equal(json_array_size(findings), 3);
	for (size_t i = 0; i < 3; i++) {
		json_t *finding = json_array_get(findings, i);

		expect_member(finding, "severity", severities[i]);
		expect_member(finding, "code", codes[i]);
		assert_true(json_string_length(json_object_get(finding, "message")) > 0);
		assert_true(json_is_object(json_object_get(finding, "details")));
	}
	details = json_object_get(json_array_get(findings, 1), "details");
	assert_int_equal(json_integer_value(json_object_get(details, "bytes")), 5);
	expect_member(json_object_get(reply, "metadata"), "fixture", "interop");
	json_decref(reply);
	harness_end(&h);
}

#define SOURCE "{\"source\":\"namespace A\\ndef b := 1\\ntheorem c.d : e := f\\n\"}"

#define DECLARATION_0                                                                              \
	"declarations 0 {\"kind\":\"def\",\"name\":\"A.b\",\"line\":2,\"ordinal\":0}\n"
#define DECLARATION_1                                                                              \
	"declarations 1 {\"kind\":\"theorem\",\"name\":\"A.c.d\",\"line\":3,\"ordinal\":1}\n"
#define FEATURE_0 "features 0 {\"name\":\"A.b\",\"depth\":2,\"bytes\":3,\"ordinal\":0}\n"
#define FEATURE_1 "features 1 {\"name\":\"A.c.d\",\"depth\":3,\"bytes\":5,\"ordinal\":1}\n"

/* Its rows, between what each command says at its beginning and its end. */
static void
expect_command(struct harness *h, const char *name, unsigned row_count, const char *rows)
{
	char export_name[64], metadata[128], *events = NULL;

	(void)snprintf(export_name, sizeof export_name, PREFIX "%s", name);
	(void)snprintf(metadata, sizeof metadata,
	    "{\"fixture\":\"interop\",\"command\":\"%s\",\"ok\":true,\"rows\":%u}", name,
	    row_count);
	assert_true(asprintf(&events,
			"diagnostic started command %s has started\n%sprogress %s 3 of 3\n"
			"diagnostic finished command %s has finished\nmetadata %s\n",
			name, rows, name, name, metadata) > 0);
	assert_int_equal(harness_stream(h, export_name, SOURCE), LW_OK);
	assert_string_equal(h->events, events);
	assert_int_equal(h->summary.rows, row_count);
	assert_string_equal(h->summary.metadata, metadata);
	free(events);
}

static void
the_commands_that_stream_deliver_their_rows(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_command(&h, "extract", 2, "row " DECLARATION_0 "row " DECLARATION_1);
	expect_command(&h, "features", 2, "row " FEATURE_0 "row " FEATURE_1);
	expect_command(&h, "index", 4,
	    "row " DECLARATION_0 "row " FEATURE_0 "row " DECLARATION_1 "row " FEATURE_1);
	assert_int_equal(h.summary.stream_count, 2);
	expect_command(&h, "probe", 1,
	    "row probes 0 {\"bytes\":44,\"lines\":3,\"declarations\":2,\"complaints\":0}\n");
	harness_end(&h);
}

static void
a_command_that_could_not_read_everything_is_not_ok(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(
	    harness_stream(&h, PREFIX "extract", "{\"source\":\"def a := 1\\nend B\"}"), LW_OK);
	EXPECT_TEXT(h.events, "diagnostic end-mismatch line 2: ");
	assert_string_equal(h.summary.metadata,
	    "{\"fixture\":\"interop\",\"command\":\"extract\",\"ok\":false,\"rows\":1}");
	expect_kept(&h, PREFIX "index", "{\"text\":\"\"}", LW_V_EXCEPTION);
	EXPECT_TEXT(h.error.message, "\"source\"");
	harness_end(&h);
}

/* ---- All of them ---------------------------------------------------------------------------- */

static bool
ends(const char *export_name)
{
	return strcmp(export_name, PREFIX "spin") != 0 &&
	       strcmp(export_name, PREFIX "row_then_panic") != 0;
}

static void
expect_exists(struct harness *h, const char *export_name, bool is_stream)
{
	struct lw_reply reply = LW_REPLY_INIT;

	h->error = (struct lw_error)LW_ERROR_INIT;
	if (is_stream)
		(void)harness_stream(h, export_name, "{}");
	else
		(void)lw_session_call(
		    h->session, export_name, lw_text("{}"), NULL, &reply, &h->error);
	lw_reply_clear(&reply);
	assert_string_not_equal(lw_verdict_name(h->error.verdict), "EXPORT_UNKNOWN");
	assert_string_not_equal(lw_verdict_name(h->error.verdict), "EXPORT_KIND");
}

static void
the_metadata_lists_exports_that_exist_with_their_kinds(void **state)
{
	struct harness h = HARNESS_INIT;
	json_t *metadata, *list;
	unsigned streams = 0, commands = 0;

	(void)state;
	harness_open_fixture(&h);
	metadata = answer(&h, PREFIX "metadata", "{}");
	list = json_object_get(metadata, "commands");
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *entry = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(entry, "name"));
		const char *kind = json_string_value(json_object_get(entry, "kind"));
		bool is_stream = strcmp(kind, "stream") == 0;

		*(is_stream ? &streams : &commands) += 1;
		if (ends(name))
			expect_exists(&h, name, is_stream);
	}
	assert_int_equal(streams, 18);
	assert_int_equal(commands, 6);
	json_decref(metadata);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(an_envelope_that_is_not_json_is_named_by_stream_sequence_and_byte),
		LW_TEST(an_envelope_without_a_stream_is_nobodys_row),
		LW_TEST(an_envelope_without_a_payload_is_named_by_stream_and_sequence),
		LW_TEST(a_status_of_lean_is_never_taken_for_one_of_the_callback),
		LW_TEST(a_payload_of_a_mebibyte_arrives_whole),
		LW_TEST(a_slow_export_that_is_left_alone_comes_to_its_end),
		LW_TEST(a_sink_that_refuses_the_row_ends_lean_that_is_still_at_work),
		LW_TEST(a_json_command_is_given_its_request_as_it_is),
		LW_TEST(the_version_names_the_tool_and_its_six_commands),
		LW_TEST(the_doctor_reports_a_finding_of_each_severity),
		LW_TEST(the_commands_that_stream_deliver_their_rows),
		LW_TEST(a_command_that_could_not_read_everything_is_not_ok),
		LW_TEST(the_metadata_lists_exports_that_exist_with_their_kinds),
	};

	return support_run(tests);
}
