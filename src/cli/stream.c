/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker stream: rows as lines of JSON on standard output. Everything else, diagnostics, what
 * the child prints, progress on a terminal, goes to standard error, so that a pipe gets rows only.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/screen.h"
#include "cli/target.h"

#define HELD_MOST ((size_t)1 << 30)

struct stream {
	int output_fault; /* errno: why a row could not be written */
	char name[1024];  /* of the last row's stream, and the same in JSON */
	char *name_json;
};

/* How many bytes come before a line end. */
static size_t
until_line_end(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] != '\n' && text[n] != '\r')
		n++;
	return n;
}

/* Most rows are of the stream of the row before. NULL: no memory. */
static const char *
name_in_json(struct stream *s, const char *name)
{
	json_t *text;

	if (s->name_json != NULL && strcmp(s->name, name) == 0)
		return s->name_json;
	free(s->name_json);
	text = json_string(name);
	s->name_json = json_dumps(text, JSON_ENCODE_ANY);
	json_decref(text);
	(void)snprintf(s->name, sizeof s->name, "%s", name);
	return s->name_json;
}

/* JSON has line ends only between tokens, where a space does as well. */
static void
print_on_one_line(const char *json, size_t size)
{
	for (size_t done = 0; done < size; done++) {
		size_t plain = until_line_end(json + done, size - done);

		fwrite(json + done, 1, plain, stdout);
		done += plain;
		if (done < size)
			putchar(' ');
	}
}

/* Nonzero ends the request: the output takes no more. */
static int
print_row(void *context, const struct lw_row *row)
{
	struct stream *s = context;
	const char *name = name_in_json(s, row->stream);

	cli_screen_clear();
	if (name == NULL) {
		s->output_fault = ENOMEM;
		return 1;
	}
	printf("{\"stream\":%s,\"sequence\":%" PRIu64 ",\"payload\":", name, row->sequence);
	print_on_one_line(row->payload, row->payload_size);
	if (fputs("}\n", stdout) >= 0 && !ferror(stdout))
		return 0;
	s->output_fault = errno;
	return 1;
}

static int
print_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	(void)context;
	cli_screen_clear();
	fprintf(stderr, "%s: %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static int
print_progress(void *context, const struct lw_progress *progress)
{
	(void)context;
	cli_progress(progress);
	return 0;
}

static int
run(struct cli_target *target, const struct cli_request *request, int commit)
{
	struct stream s = { .name_json = NULL };
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_error error = LW_ERROR_INIT;
	size_t size;
	char *text = cli_read_text(request->text, &size);
	lw_code code;

	if (text == NULL)
		return CLI_EXIT_FILE;
	(void)setvbuf(stdout, NULL, _IOLBF, 1 << 16); /* rows are live, in a pipe too */
	sinks.context = &s;
	sinks.on_row = print_row;
	sinks.on_diagnostic = print_diagnostic;
	sinks.on_progress = print_progress;
	sinks.hold_bytes = commit ? HELD_MOST : 0;
	code = cli_target_open(target, &opened, &error);
	if (code == LW_OK)
		code = lw_session_stream(opened.session, request->export_name, lw_bytes(text, size),
		    &sinks, &target->call, NULL, &error);
	cli_target_close(&opened);
	free(text);
	free(s.name_json);
	if (s.output_fault != 0)
		return cli_fail_output(s.output_fault);
	return code == LW_OK ? 0 : cli_fail(&error);
}

static int
stream(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct cli_target target;
	struct cli_request request;
	int commit = 0, status;

	cli_request_begin(&request, &options);
	cli_flag(&options, 0, "commit",
	    "print rows only once the request has succeeded; up to\n1 GiB of them", &commit);
	cli_target_begin(&target, &options);
	status = cli_request_parse(verb, &options, &target, &request, argc, argv);
	return status >= 0 ? status : run(&target, &request, commit);
}

const struct cli_verb cli_stream = {
	.name = "stream",
	.does = "run a streaming export; its rows are lines of JSON on standard output",
	.usage = "EXPORT --capability MANIFEST [OPTION...]\n"
		 "EXPORT --project FOLDER [--library LIBRARY] [OPTION...]",
	.about =
	    "Runs a streaming export. Each row is a line of JSON on standard output, as soon as "
	    "it\n"
	    "comes; diagnostics, what the child prints, and progress (on a terminal) are on\n"
	    "standard error. Rows are tentative until the exit status is 0. An interrupt asks the\n"
	    "export to stop; a second one ends everything.\n",
	.examples =
	    "  leanworker stream my_export --capability my.capability.json\n"
	    "  leanworker stream my_export -c my.capability.json -r '{\"count\":3}' -t 2m\n"
	    "  leanworker stream declarations --project . --import Mathlib.Logic.Basic\n"
	    "  jq -n '{count: 3}' | leanworker stream my_export -c my.capability.json -r - |\n"
	    "      jq .payload\n",
	.run = stream,
};
