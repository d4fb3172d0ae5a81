/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker metadata, leanworker doctor: what a capability says of itself. */
#include <jansson.h>
#include <stdio.h>

#include "cli/findings.h"
#include "cli/target.h"

/* ---- What both take -------------------------------------------------------------------------- */

struct question {
	struct cli_target target;
	const char *export_name;
	int whole; /* the answer as it came */
};

/* -1, or the exit status. */
static int
parse(struct question *q, const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	int count, status;
	char **words;

	cli_flag(&options, 'a', "answer", "the answer as it came, a line of JSON", &q->whole);
	cli_target_begin(&q->target, &options);
	q->export_name = verb->name;
	status = cli_parse(verb, &options, argc, argv, 1, &words, &count);
	if (status >= 0)
		return status;
	if (count > 0)
		q->export_name = words[0];
	return cli_target_check(verb, &q->target);
}

/* ---- Metadata -------------------------------------------------------------------------------- */

static void
print_versions(const char *what, const struct lw_named_version *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%-10s %s %s\n", what, list[i].name, list[i].version);
}

static int
metadata(const struct cli_verb *verb, int argc, char **argv)
{
	struct question q = { .whole = 0 };
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_metadata m = LW_METADATA_INIT;
	struct lw_error error = LW_ERROR_INIT;
	int status = parse(&q, verb, argc, argv);
	lw_code code;

	if (status >= 0)
		return status;
	code = cli_target_open(&q.target, &opened, &error);
	if (code == LW_OK)
		code = lw_session_metadata(
		    opened.session, q.export_name, lw_text("{}"), &q.target.call, &m, &error);
	cli_target_close(&opened);
	if (code != LW_OK)
		return cli_fail(&error);
	if (q.whole) {
		puts(m.json);
	} else {
		if (m.lean_version != NULL)
			printf("%-10s %s\n", "lean", m.lean_version);
		print_versions("command", m.commands, m.command_count);
		print_versions("capability", m.capabilities, m.capability_count);
	}
	lw_metadata_clear(&m);
	return 0;
}

const struct cli_verb cli_metadata = {
	.name = "metadata",
	.does = "ask a capability for its commands and their versions",
	.usage = "[EXPORT] --capability MANIFEST [OPTION...]\n"
		 "[EXPORT] --project FOLDER [--library LIBRARY] [OPTION...]",
	.about = "Asks the metadata export for the commands and capabilities that it has, each "
		 "with its\n"
		 "version. Without a name it is the export \"metadata\".\n",
	.examples =
	    "  leanworker metadata -c my.capability.json\n"
	    "  leanworker metadata my_metadata -c my.capability.json --answer | jq .extra\n",
	.run = metadata,
};

/* ---- Doctor ---------------------------------------------------------------------------------- */

static int
doctor(const struct cli_verb *verb, int argc, char **argv)
{
	struct question q = { .whole = 0 };
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_doctor_report report = LW_DOCTOR_REPORT_INIT;
	struct lw_error error = LW_ERROR_INIT;
	int status = parse(&q, verb, argc, argv);
	lw_code code;

	if (status >= 0)
		return status;
	code = cli_target_open(&q.target, &opened, &error);
	if (code == LW_OK)
		code = lw_session_doctor(
		    opened.session, q.export_name, lw_text("{}"), &q.target.call, &report, &error);
	cli_target_close(&opened);
	if (code != LW_OK)
		return cli_fail(&error);
	if (q.whole)
		puts(report.json);
	for (size_t i = 0; i < report.finding_count && !q.whole; i++)
		findings_print(report.findings[i].severity, report.findings[i].code, "",
		    report.findings[i].message, "");
	status = findings_status(lw_doctor_verdict(&report));
	lw_doctor_report_clear(&report);
	return status;
}

const struct cli_verb cli_doctor = {
	.name = "doctor",
	.does = "let a capability look at itself and its surroundings",
	.usage = "[EXPORT] --capability MANIFEST [OPTION...]\n"
		 "[EXPORT] --project FOLDER [--library LIBRARY] [OPTION...]",
	.about =
	    "Runs the doctor export, and prints its findings. Without a name it is the export\n"
	    "\"doctor\". What would keep a capability from opening at all is for `leanworker "
	    "check`.\n",
	.examples = "  leanworker doctor -c my.capability.json\n"
		    "  leanworker doctor -p . -i Mathlib.Logic.Basic\n",
	.run = doctor,
};
