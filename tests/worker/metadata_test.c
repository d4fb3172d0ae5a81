/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metadata and doctor. The fixture's own are real Lean code; what a capability might answer is said
 * by an export that answers its request.
 */
#include <string.h>

#include "worker/harness.h"

#define ECHO "leanworker_fixture_echo"
#define GOOD                                                                                       \
	"{\"commands\":[{\"name\":\"scan\",\"version\":\"1.2.0-rc1\",\"kind\":\"stream\"}],"       \
	"\"capabilities\":[{\"name\":\"fast\",\"version\":\"v2\"},{\"name\":\"odd\",\"version\":"  \
	"\"?\"}],"                                                                                 \
	"\"lean_version\":\"4.30.0\",\"extra\":{\"list\":[1,{\"a\":2,\"b\":3}],\"on\":true},"      \
	"\"more\":null}"

static struct harness harness;

static void
begin(void)
{
	harness = (struct harness)HARNESS_INIT;
	harness_open_fixture(&harness);
}

static lw_code
ask(const char *answer, struct lw_metadata *ret)
{
	harness.code = lw_session_metadata(
	    harness.session, ECHO, lw_text(answer), NULL, ret, &harness.error);
	return harness.code;
}

/* ---- Metadata ---------------------------------------------------------------------------------- */

static void
metadata_is_taken_apart(void **state)
{
	struct lw_metadata m = LW_METADATA_INIT;

	(void)state;
	begin();
	assert_int_equal(ask(GOOD, &m), LW_OK);
	assert_int_equal(m.command_count, 1);
	assert_string_equal(m.commands[0].name, "scan");
	assert_string_equal(m.commands[0].version, "1.2.0-rc1");
	assert_int_equal(m.capability_count, 2);
	assert_string_equal(m.capabilities[1].version, "?");
	assert_string_equal(m.lean_version, "4.30.0");
	assert_memory_equal(m.extra.at, "{\"list\"", 7);
	assert_string_equal(m.json, GOOD);
	assert_int_equal(m.generation, 1);
	lw_metadata_clear(&m);
	assert_null(m.json);
	assert_int_equal(ask("{\"commands\":[],\"capabilities\":[]}", &m), LW_OK);
	assert_null(m.lean_version);
	assert_int_equal(m.extra.size + m.command_count, 0);
	lw_metadata_clear(&m);
	harness_end(&harness);
}

static void
metadata_of_another_form_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *answer, *part;
		lw_code code;
	} cases[] = {
		{ "[]", "$: expected an object, found an array", LW_E_DECODE },
		{ "{\"commands\":[]}", "$.capabilities: expected the key", LW_E_DECODE },
		{ "{\"commands\":[{\"name\":\"a\"}],\"capabilities\":[]}",
		    "$.commands[0].version: expected the key", LW_E_DECODE },
		{ "{\"commands\":[{\"name\":1,\"version\":\"1\"}],\"capabilities\":[]}",
		    "$.commands[0].name: expected a string, found 1", LW_E_DECODE },
		{ "{\"commands\":[{\"name\":\"\",\"version\":\"1\"}],\"capabilities\":[]}",
		    "$.commands[0].name is empty", LW_E_METADATA },
		{ "{\"commands\":[],\"capabilities\":[{\"name\":\"b\",\"version\":\"1\"},{\"name\":"
		  "\"a\",\"version\":\"1\"},{\"name\":\"b\",\"version\":\"2\"}]}",
		    "$.capabilities: two are named \"b\"", LW_E_METADATA },
		{ "nothing", "the reply is not JSON at byte 0", LW_E_ROW },
	};
	struct lw_metadata m = LW_METADATA_INIT;

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(ask(cases[i].answer, &m), cases[i].code);
		EXPECT_TEXT(harness.error.message, cases[i].part);
		assert_string_equal(harness.error.command, ECHO);
		assert_int_equal(harness.error.generation, 1);
		assert_null(m.json);
	}
	harness_end(&harness);
}

static void
many_names_are_compared_in_little_time(void **state)
{
	enum { NAMES = 60000 };
	struct lw_metadata m = LW_METADATA_INIT;
	char *text = NULL;
	size_t size = 0;
	int64_t began;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	begin();
	assert_non_null(out);
	fputs("{\"commands\":[", out);
	for (int i = 0; i < NAMES; i++)
		fprintf(out, "%s{\"name\":\"n%d\",\"version\":\"1\"}", i ? "," : "", i);
	fputs("],\"capabilities\":[]}", out);
	assert_int_equal(fclose(out), 0);
	began = harness_cpu_ms();
	assert_int_equal(ask(text, &m), LW_OK);
	assert_in_range(harness_cpu_ms() - began, 0, 3000); /* each with each took 20 s */
	assert_int_equal(m.command_count, NAMES);
	lw_metadata_clear(&m);
	free(text);
	harness_end(&harness);
}

/* ---- What a program relies on ------------------------------------------------------------------ */

static lw_code
check(const struct lw_expectation *expected)
{
	struct lw_metadata m = LW_METADATA_INIT;

	assert_int_equal(ask(GOOD, &m), LW_OK);
	harness.code = lw_metadata_check(&m, expected, &harness.error);
	lw_metadata_clear(&m);
	return harness.code;
}

static void
a_subset_is_enough_and_the_first_difference_has_a_path(void **state)
{
	static const struct {
		const char *includes, *part; /* NULL: it holds */
	} cases[] = {
		{ "{}", NULL },
		{ "{\"more\":null}", NULL },
		{ "{\"extra\":{\"on\":true}}", NULL },
		{ "{\"extra\":{\"list\":[{\"b\":3}]}}", NULL },
		{ "{\"commands\":[{\"name\":\"scan\"}]}", NULL },
		{ "{\"none\":null}", "$.none is expected to be null and is nothing" },
		{ "{\"extra\":{\"on\":1}}", "$.extra.on is expected to be 1 and is true" },
		{ "{\"extra\":{\"list\":[{\"b\":4}]}}",
		    "$.extra.list is expected to include {\"b\":4} and is [1," },
		{ "{\"lean_version\":[]}",
		    "$.lean_version is expected to be [] and is \"4.30.0\"" },
	};
	struct lw_expectation expected = LW_EXPECTATION_INIT;

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		expected.includes = cases[i].includes;
		assert_int_equal(check(&expected), cases[i].part ? LW_E_METADATA : LW_OK);
		if (cases[i].part != NULL)
			EXPECT_TEXT(harness.error.message, cases[i].part);
	}
	harness_end(&harness);
}

static void
the_whole_may_be_compared(void **state)
{
	struct lw_expectation expected = LW_EXPECTATION_INIT;

	(void)state;
	begin();
	expected.equals = GOOD;
	assert_int_equal(check(&expected), LW_OK);
	expected.equals = "{\"commands\":[]}";
	assert_int_equal(check(&expected), LW_E_METADATA);
	EXPECT_TEXT(harness.error.message, "expected to be {\"commands\":[]}");
	harness_end(&harness);
}

static void
versions_have_ranges(void **state)
{
	static const struct {
		struct lw_version_range range;
		const char *part;
	} cases[] = {
		{ { "scan", NULL, NULL }, NULL },
		{ { "scan", "1.2.0-rc1", "1.2.0" }, NULL },
		{ { "scan", "1.2.0", NULL },
		    "command scan is expected in version 1.2.0 or later and is 1.2.0-rc1" },
		{ { "scan", NULL, "1.2.0-rc1" }, "is expected in a version before 1.2.0-rc1" },
		{ { "index", NULL, NULL }, "command index is expected and not there" },
	};
	struct lw_version_range odd = { "odd", "1", NULL };
	struct lw_expectation expected = LW_EXPECTATION_INIT;

	(void)state;
	begin();
	expected.command_count = 1;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		expected.commands = &cases[i].range;
		assert_int_equal(check(&expected), cases[i].part ? LW_E_METADATA : LW_OK);
		if (cases[i].part != NULL)
			EXPECT_TEXT(harness.error.message, cases[i].part);
	}
	expected = (struct lw_expectation)LW_EXPECTATION_INIT;
	expected.lean.below = "4.30";
	assert_int_equal(check(&expected), LW_E_METADATA);
	EXPECT_TEXT(harness.error.message, "lean_version is expected in a version before 4.30");
	expected.lean.below = NULL;
	expected.capabilities = &odd;
	expected.capability_count = 1;
	assert_int_equal(check(&expected), LW_E_METADATA);
	EXPECT_TEXT(harness.error.message, "capability odd has \"?\" in place of a version");
	harness_end(&harness);
}

static void
an_expectation_that_makes_no_sense_is_misuse_and_nothing_is_asked(void **state)
{
	const struct lw_version_range nameless = { NULL, "1", NULL }, bad = { "scan", "new", NULL };
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;
	struct lw_expectation wrong[6];

	(void)state;
	begin();
	for (size_t i = 0; i < 6; i++)
		wrong[i] = (struct lw_expectation)LW_EXPECTATION_INIT;
	wrong[0].struct_size = 8;
	wrong[1].includes = "[1]";
	wrong[2].equals = "{\"a\":1,\"a\":1}";
	wrong[3].commands = &nameless;
	wrong[4].capabilities = &bad;
	wrong[3].command_count = wrong[4].capability_count = wrong[5].command_count = 1;
	for (size_t i = 0; i < 6; i++) {
		harness.code = lw_session_expect_metadata(
		    harness.session, ECHO, &wrong[i], NULL, &harness.error);
		assert_int_equal(harness.code, LW_E_MISUSE);
	}
	assert_int_equal(lw_worker_statistics(harness.worker, &lived), LW_OK);
	assert_int_equal(lived.requests, 0);
	harness_end(&harness);
}

static void
what_was_accepted_is_kept_and_what_was_not_is_not(void **state)
{
	const char *own = "leanworker_fixture_metadata";
	const struct lw_metadata *kept;

	(void)state;
	begin();
	assert_null(lw_session_expected_metadata(harness.session));
	assert_int_equal(
	    lw_session_expect_metadata(harness.session, own, NULL, NULL, &harness.error), LW_OK);
	kept = lw_session_expected_metadata(harness.session);
	assert_non_null(kept);
	assert_string_equal(kept->commands[0].name, "leanworker_fixture_scan");
	harness.code = lw_session_expect_metadata(
	    harness.session, own, INCLUDING("{\"name\":\"other\"}"), NULL, &harness.error);
	EXPECT_FAILURE(&harness, LW_V_METADATA);
	assert_string_equal(harness.error.command, own);
	kept = lw_session_expected_metadata(harness.session);
	assert_non_null(kept);
	assert_int_equal(kept->generation, 1);
	harness_end(&harness);
}

/* ---- Doctor ------------------------------------------------------------------------------------ */

static lw_code
examine(const char *answer, struct lw_doctor_report *ret)
{
	lw_doctor_report_clear(ret);
	harness.code = lw_session_doctor(
	    harness.session, ECHO, lw_text(answer), NULL, ret, &harness.error);
	return harness.code;
}

static void
the_worst_finding_is_the_verdict(void **state)
{
#define FINDING(severity) "{\"severity\":\"" severity "\",\"code\":\"c\",\"message\":\"m\"}"
	static const struct {
		const char *answer;
		lw_severity verdict;
	} cases[] = {
		{ "{\"diagnostics\":[]}", LW_SEVERITY_PASS },
		{ "{\"diagnostics\":[" FINDING("pass") "]}", LW_SEVERITY_PASS },
		{ "{\"diagnostics\":[" FINDING("warning") "," FINDING("pass") "]}",
		    LW_SEVERITY_WARNING },
		{ "{\"diagnostics\":[" FINDING("error") "," FINDING("warning") "],\"metadata\":7}",
		    LW_SEVERITY_ERROR },
	};
	struct lw_doctor_report report = LW_DOCTOR_REPORT_INIT;

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(examine(cases[i].answer, &report), LW_OK);
		assert_int_equal(lw_doctor_verdict(&report), cases[i].verdict);
	}
	assert_memory_equal(report.metadata.at, "7", report.metadata.size);
	assert_string_equal(lw_severity_name(report.findings[1].severity), "warning");
	assert_int_equal(examine("{\"diagnostics\":[" FINDING("Error") "]}", &report), LW_E_DECODE);
	EXPECT_TEXT(harness.error.message,
	    "$.diagnostics[0].severity: expected one of \"pass\", \"warning\", \"error\", found "
	    "\"Error\"");
	assert_int_equal(examine("{}", &report), LW_E_DECODE);
	lw_doctor_report_clear(&report);
	assert_int_equal(lw_doctor_verdict(NULL), LW_SEVERITY_PASS);
	harness_end(&harness);
}

static void
a_doctor_is_asked_only_by_its_call_and_may_report_errors(void **state)
{
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;
	struct lw_doctor_report report = LW_DOCTOR_REPORT_INIT;

	(void)state;
	begin();
	assert_int_equal(lw_worker_statistics(harness.worker, &lived), LW_OK);
	assert_int_equal(lived.requests, 0); /* the session is open, and nothing was run */
	assert_int_equal(lw_session_doctor(harness.session, "leanworker_fixture_doctor",
			     lw_text("{}"), NULL, &report, &harness.error),
	    LW_OK);
	assert_int_equal(report.finding_count, 3);
	assert_string_equal(report.findings[2].code, "made-to-fail");
	assert_memory_equal(report.findings[0].details.at, "{\"module\":\"Interop\"}", 20);
	assert_int_equal(lw_doctor_verdict(&report), LW_SEVERITY_ERROR);
	lw_doctor_report_clear(&report);
	report.struct_size = 1;
	assert_int_equal(
	    lw_session_doctor(harness.session, ECHO, lw_text("{}"), NULL, &report, NULL),
	    LW_E_MISUSE);
	harness_end(&harness);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(metadata_is_taken_apart),
		LW_TEST(metadata_of_another_form_is_refused_with_its_place),
		LW_TEST(many_names_are_compared_in_little_time),
		LW_TEST(a_subset_is_enough_and_the_first_difference_has_a_path),
		LW_TEST(the_whole_may_be_compared),
		LW_TEST(versions_have_ranges),
		LW_TEST(an_expectation_that_makes_no_sense_is_misuse_and_nothing_is_asked),
		LW_TEST(what_was_accepted_is_kept_and_what_was_not_is_not),
		LW_TEST(the_worst_finding_is_the_verdict),
		LW_TEST(a_doctor_is_asked_only_by_its_call_and_may_report_errors),
	};

	return support_run(tests);
}
