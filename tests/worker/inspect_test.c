/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What LeanWorkerLean says of itself, as real Lean made it (fixtures/inspect), read by the typed calls:
 * an export that answers its request hands it to them.
 */
#include "leanworker/metadata.h"
#include "worker/harness.h"

#define ECHO "leanworker_fixture_echo"

/* The answer of the nth case of this name; to be freed. */
static char *
kept_answer(const char *name, unsigned nth)
{
	char path[4096], head[64], *line = NULL;
	bool found = false;
	size_t room = 0;
	ssize_t size;
	FILE *in;

	(void)snprintf(path, sizeof path, "%s/fixtures/inspect/expected.txt", support_source());
	(void)snprintf(head, sizeof head, "case %s ", name);
	in = fopen(path, "r");
	assert_non_null(in);
	while ((size = getline(&line, &room, in)) > 0) {
		line[size - 1] = '\0';
		if (found && strncmp(line, "answer ", 7) == 0)
			break;
		if (strncmp(line, head, strlen(head)) == 0)
			found = nth-- == 0;
	}
	(void)fclose(in);
	assert_true(size > 0);
	memmove(line, line + 7, (size_t)size - 7);
	return line;
}

static void
its_metadata_names_every_command_and_the_version_of_lean(void **state)
{
	char *answer = kept_answer("metadata", 0);
	struct lw_metadata metadata = LW_METADATA_INIT;
	struct lw_version_range range = { .name = "leanworker_inspect_declarations",
		.at_least = "0.1.0" };
	struct lw_expectation expected = LW_EXPECTATION_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(
	    lw_session_metadata(h.session, ECHO, lw_text(answer), NULL, &metadata, &h.error),
	    LW_OK);
	assert_int_equal(metadata.command_count, 9);
	assert_int_equal(metadata.capability_count, 2);
	assert_int_equal(strncmp(metadata.lean_version, "4.", 2), 0);
	expected.commands = &range;
	expected.command_count = 1;
	assert_int_equal(lw_metadata_check(&metadata, &expected, &h.error), LW_OK);
	lw_metadata_clear(&metadata);
	free(answer);
	harness_end(&h);
}

static void
expect_findings(struct harness *h, const char *name, unsigned nth, const char *wanted)
{
	struct lw_doctor_report report = LW_DOCTOR_REPORT_INIT;
	char *answer = kept_answer(name, nth), found[256] = "";

	assert_int_equal(
	    lw_session_doctor(h->session, ECHO, lw_text(answer), NULL, &report, &h->error), LW_OK);
	for (size_t i = 0; i < report.finding_count; i++)
		(void)snprintf(found + strlen(found), sizeof found - strlen(found), "%s %s; ",
		    lw_severity_name(report.findings[i].severity), report.findings[i].code);
	assert_string_equal(found, wanted);
	lw_doctor_report_clear(&report);
	free(answer);
}

static void
its_doctor_tells_a_session_from_none_and_a_folder_that_is_missing(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_findings(&h, "closed", 0, "pass lean_version; warning session; ");
	expect_findings(
	    &h, "doctor", 0, "pass lean_version; pass session; pass search_path; pass mapping; ");
	expect_findings(&h, "doctor", 1,
	    "pass lean_version; pass session; warning search_path; pass mapping; ");
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(its_metadata_names_every_command_and_the_version_of_lean),
		LW_TEST(its_doctor_tells_a_session_from_none_and_a_folder_that_is_missing),
	};

	return support_run(tests);
}
