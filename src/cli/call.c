/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker call: a JSON command, and what it answered on standard output. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/target.h"

static int
run(struct cli_target *target, const struct cli_request *request)
{
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_error error = LW_ERROR_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	size_t size;
	char *text = cli_read_text(request->text, &size);
	lw_code code;

	if (text == NULL)
		return CLI_EXIT_FILE;
	code = cli_target_open(target, &opened, &error);
	if (code == LW_OK)
		code = lw_session_call(opened.session, request->export_name, lw_bytes(text, size),
		    &target->call, &reply, &error);
	cli_target_close(&opened);
	free(text);
	if (code != LW_OK)
		return cli_fail(&error);
	fwrite(reply.text, 1, reply.size, stdout);
	putchar('\n');
	lw_reply_clear(&reply);
	return 0;
}

static int
call(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct cli_target target;
	struct cli_request request;
	int status;

	cli_request_begin(&request, &options);
	cli_target_begin(&target, &options);
	status = cli_request_parse(verb, &options, &target, &request, argc, argv);
	return status >= 0 ? status : run(&target, &request);
}

const struct cli_verb cli_call = {
	.name = "call",
	.does = "run a JSON command, and print what it answers",
	.usage = "EXPORT --capability MANIFEST [OPTION...]\n"
		 "EXPORT --project FOLDER [--library LIBRARY] [OPTION...]",
	.about = "Runs a JSON command. What it answers, checked JSON, is on standard output, what "
		 "the child\n"
		 "prints on standard error.\n",
	.examples = "  leanworker call my_command -c my.capability.json -r '{\"name\":\"x\"}'\n"
		    "  leanworker call type -p . -i Init -r '{\"term\":\"Nat.succ\"}'\n",
	.run = call,
};
