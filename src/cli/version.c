/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker version: of the parts, and of the child program that the library would start. */
#include <jansson.h>
#include <stdio.h>

#include "cli/options.h"

void
cli_print_versions(void)
{
	printf("leanworker %s\nlibrary    %s, protocol %d, Lean package %s\n", LW_COMMAND_VERSION,
	    lw_version(), LW_PROTOCOL_VERSION, LW_LEAN_PACKAGE_VERSION);
}

static int
print(const struct lw_worker_facts *facts, int as_json)
{
	if (as_json)
		return cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:i}", "leanworker",
		    LW_COMMAND_VERSION, "library", lw_version(), "lean_package",
		    LW_LEAN_PACKAGE_VERSION, "child", facts->build, "protocol",
		    (int)facts->protocol, "child_path", facts->child_path, "containment",
		    (int)facts->containment));
	cli_print_versions();
	printf("child      %s, protocol %u, %s\n", facts->build, (unsigned)facts->protocol,
	    facts->child_path);
	return 0;
}

static int
version(const struct cli_verb *verb, int argc, char **argv)
{
	struct lw_worker_options worker_options = LW_WORKER_OPTIONS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct cli_options options = { .count = 0 };
	struct lw_error error = LW_ERROR_INIT;
	lw_worker *worker = NULL;
	int as_json = 0, count, status;
	char **words;

	cli_flag(&options, 0, "json", "as a line of JSON", &as_json);
	cli_text(&options, 0, "child", "PROGRAM", "the child program; as for leanworker stream",
	    &worker_options.child_path);
	status = cli_parse(verb, &options, argc, argv, 0, &words, &count);
	if (status >= 0)
		return status;
	cli_report_json(as_json);
	if (lw_worker_start(&worker_options, NULL, &worker, &error) != LW_OK)
		return cli_fail(&error);
	(void)lw_worker_facts(worker, &facts);
	lw_worker_close(&worker);
	return print(&facts, as_json);
}

const struct cli_verb cli_version = {
	.name = "version",
	.does = "tell versions, of this and of the child program",
	.usage = "[OPTION...]",
	.about =
	    "Tells the versions of the command, the library, the protocol and the Lake package, "
	    "and,\n"
	    "by starting it, of the child program. `leanworker --version` starts nothing.\n",
	.examples = "  leanworker version\n",
	.run = version,
};
