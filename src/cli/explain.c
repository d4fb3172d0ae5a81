/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker explain: a failure that was saved, or a verdict by its name, and what to do about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/failure.h"
#include "cli/options.h"
#include "cli/screen.h"

static int
list_all(void)
{
	for (int verdict = 0; verdict < LW_VERDICT_COUNT; verdict++)
		printf("%-20s %-16s %s\n", lw_verdict_name((lw_verdict)verdict),
		    lw_code_name(lw_verdict_code((lw_verdict)verdict)),
		    lw_verdict_text((lw_verdict)verdict));
	return 0;
}

static int
print(const struct lw_error *error)
{
	char text[16384];

	(void)lw_verdict_explain(error, text, sizeof text);
	fputs(text, stdout);
	return 0;
}

/* Logs have other lines, too: the last one that is a failure counts. */
static int
explain_text(const char *name, const char *text, size_t size)
{
	struct lw_error error = LW_ERROR_INIT;
	const char *fault = "it has no line of JSON";
	json_t *json = json_loadb(text, size, 0, NULL);

	for (size_t start = 0, end; json == NULL && start < size; start = end + 1) {
		const char *line_end = memchr(text + start, '\n', size - start);

		end = line_end ? (size_t)(line_end - text) : size;
		if (text[start] == '{')
			json = json_loadb(text + start, end - start, 0, NULL);
	}
	if (json != NULL)
		fault = failure_from_json(json, &error);
	json_decref(json);
	if (fault == NULL)
		return print(&error);
	cli_say("%s is no failure that --json has written: %s", name, fault);
	return CLI_EXIT_FILE;
}

static int
explain_file(const char *name)
{
	char argument[4097];
	size_t size;
	char *text;
	int status;

	(void)snprintf(argument, sizeof argument, "%s%s", strcmp(name, "-") == 0 ? "" : "@", name);
	text = cli_read_text(argument, &size);
	if (text == NULL)
		return CLI_EXIT_FILE;
	status = explain_text(strcmp(name, "-") == 0 ? "standard input" : name, text, size);
	free(text);
	return status;
}

static int
explain(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct lw_error error = LW_ERROR_INIT;
	int count, verdict, status;
	char **words;

	status = cli_parse(verb, &options, argc, argv, 1, &words, &count);
	if (status >= 0)
		return status;
	if (count == 0)
		return list_all();
	verdict = failure_find_verdict(words[0]);
	if (verdict < 0)
		return explain_file(words[0]);
	error.verdict = (lw_verdict)verdict;
	error.code = lw_verdict_code(error.verdict);
	return print(&error);
}

const struct cli_verb cli_explain = {
	.name = "explain",
	.does = "explain a failure, and what to do about it",
	.usage = "\n"
		 "VERDICT\n"
		 "FILE",
	.about = "Without an argument, all verdicts, each with its class. With the name of one, "
		 "what it means\n"
		 "and what to do. With a file, or - for standard input, the failure that another "
		 "verb has\n"
		 "written there with --json.\n",
	.examples = "  leanworker explain REQUEST_TIMEOUT\n"
		    "  leanworker stream rows -c my.capability.json --json 2>failure || leanworker "
		    "explain failure\n",
	.run = explain,
};
