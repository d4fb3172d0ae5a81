/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks a capability what it is, how it is, and one question: its metadata, its doctor, a JSON command.
 *
 *      worker_commands CAPABILITY.json
 */
#include <leanworker/metadata.h>

#include <stdio.h>
#include <stdlib.h>

struct question {
	const char *topic;
	uint32_t limit;
};
LW_RECORD(question, struct question, LW_FIELD(topic), LW_FIELD(limit));

struct answer {
	bool accepted;
	const char *kind, *request;
};
LW_RECORD(answer, struct answer, LW_FIELD(accepted), LW_FIELD(kind), LW_FIELD(request));

static lw_code
show_metadata(lw_session *session, struct lw_error *error)
{
	static const struct lw_version_range capabilities[] = {
		{ "declarations", "1.2", "2" },
	};
	struct lw_expectation expected = LW_EXPECTATION_INIT;
	const struct lw_metadata *metadata;
	lw_code code;

	expected.capabilities = capabilities;
	expected.capability_count = 1;
	code = lw_session_expect_metadata(
	    session, "leanworker_fixture_metadata", &expected, NULL, error);
	if (code != LW_OK)
		return code;
	metadata = lw_session_expected_metadata(session);
	printf("%zu commands\n", metadata->command_count);
	for (size_t i = 0; i < metadata->capability_count; i++)
		printf("capability %s %s\n", metadata->capabilities[i].name,
		    metadata->capabilities[i].version);
	return LW_OK;
}

static lw_code
show_doctor(lw_session *session, struct lw_error *error)
{
	struct lw_doctor_report report = LW_DOCTOR_REPORT_INIT;
	lw_code code = lw_session_doctor(
	    session, "leanworker_fixture_doctor", lw_text("{}"), NULL, &report, error);

	for (size_t i = 0; i < report.finding_count; i++)
		printf("%s %s: %s\n", lw_severity_name(report.findings[i].severity),
		    report.findings[i].code, report.findings[i].message);
	if (code == LW_OK)
		printf("doctor: %s\n", lw_severity_name(lw_doctor_verdict(&report)));
	lw_doctor_report_clear(&report);
	return code;
}

static lw_code
ask(lw_session *session, struct lw_error *error)
{
	const struct question question = { "lemmas about lists", 10 };
	struct answer answer;
	struct lw_reply reply = LW_REPLY_INIT;
	lw_code code;

	reply.into = LW_INTO(answer, &answer);
	code = lw_session_call(session, "leanworker_fixture_json_command",
	    LW_VALUE(question, &question), NULL, &reply, error);
	if (code == LW_OK)
		printf("answer: %s, kind %s, to %s\n", answer.accepted ? "accepted" : "refused",
		    answer.kind, answer.request);
	lw_reply_clear(&reply);
	return code;
}

int
main(int argc, char **argv)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;
	lw_code code;

	if (argc != 2) {
		fprintf(stderr, "usage: worker_commands CAPABILITY.json\n");
		return EXIT_FAILURE;
	}
	code = lw_capability_load(argv[1], &capability, &error);
	if (code == LW_OK)
		code = lw_worker_start(&options, NULL, &worker, &error);
	if (code == LW_OK)
		code = lw_session_open(worker, capability, NULL, &session, &error);
	if (code == LW_OK)
		code = show_metadata(session, &error);
	if (code == LW_OK)
		code = show_doctor(session, &error);
	if (code == LW_OK)
		code = ask(session, &error);
	if (code != LW_OK)
		fprintf(stderr, "%s: %s\n", lw_code_name(code), error.message);
	lw_session_close(&session);
	lw_worker_close(&worker);
	lw_capability_free(&capability);
	return code == LW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
