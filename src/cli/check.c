/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker check: what would keep a capability from opening, all of it. */
#include <jansson.h>
#include <stdio.h>

#include "cli/findings.h"
#include "cli/screen.h"
#include "cli/target.h"

struct check {
	struct cli_target target;
	const char *metadata_export;
	int quick, report;
};

static json_t *
describe(const struct lw_check_finding *f)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "severity",
	    lw_severity_name(f->severity), "code", f->code, "verdict", lw_verdict_name(f->verdict),
	    "subject", f->subject, "message", f->message, "advice", f->advice);
}

static int
print_report(const struct lw_check_report *report)
{
	json_t *findings = json_array(), *times = json_object();

	for (size_t i = 0; i < report->finding_count; i++)
		(void)json_array_append_new(findings, describe(&report->findings[i]));
	for (int i = 0; i < LW_STEP_COUNT; i++)
		if (report->step_ns[i] != 0)
			(void)json_object_set_new(times, lw_step_name((lw_step)i),
			    json_real((double)report->step_ns[i] / 1e6));
	return cli_print_json(
	    json_pack("{s:s, s:o, s:o}", "verdict", lw_severity_name(lw_check_verdict(report)),
		"findings", findings, "milliseconds", times));
}

static int
run(struct check *c)
{
	struct lw_check_report report = LW_CHECK_REPORT_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_code code;
	int status = 0;

	c->target.open.metadata_export = c->metadata_export;
	c->target.call.cancel = cli_interrupt_begin();
	code = lw_capability_check(&c->target.open, c->quick, &c->target.call, &report, &error);
	cli_interrupt_end();
	cli_screen_clear();
	if (code != LW_OK)
		return cli_fail(&error);
	if (c->report)
		status = print_report(&report);
	for (size_t i = 0; i < report.finding_count && !c->report; i++) {
		const struct lw_check_finding *f = &report.findings[i];

		findings_print(f->severity, f->code, f->subject, f->message, f->advice);
	}
	if (status == 0)
		status = findings_status(lw_check_verdict(&report));
	lw_check_report_clear(&report);
	return status;
}

static int
check(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct check c = { .quick = 0 };
	int count, status;
	char **words;

	cli_flag(&options, 'q', "quick", "look only: start no process", &c.quick);
	cli_text(&options, 'm', "metadata", "EXPORT", "ask it for its metadata, too",
	    &c.metadata_export);
	cli_flag(&options, 0, "report", "the findings as a line of JSON", &c.report);
	cli_target_begin(&c.target, &options);
	status = cli_parse(verb, &options, argc, argv, 0, &words, &count);
	if (status < 0)
		status = cli_target_check(verb, &c.target);
	return status >= 0 ? status : run(&c);
}

const struct cli_verb cli_check = {
	.name = "check",
	.does = "look for what would keep a capability from opening",
	.usage = "--capability MANIFEST [OPTION...]\n"
		 "--project FOLDER [--library LIBRARY] [OPTION...]",
	.about = "Looks at everything that is needed to open a capability, and tells all that it "
		 "finds, good\n"
		 "or bad, with what to do. Unless something is wrong already it is then built, "
		 "opened and\n"
		 "closed again. The exit status is 4 where there is an error among the findings.\n",
	.examples = "  leanworker check --project . --import Mathlib.Logic.Basic --quick\n"
		    "  leanworker check -c my.capability.json --report | jq .findings\n",
	.run = check,
};
