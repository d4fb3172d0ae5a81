/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker stream: rows as lines of JSON on standard output. Everything else, diagnostics, what
 * the child prints, progress on a terminal, goes to standard error, so that a pipe gets rows only.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define CLEAR_LINE "\r\033[K"

struct stream {
	const char *export_name, *manifest, *request, *child;
	uint32_t timeout_ms; /* 0: the library's own */
	int verbose, help;
	int output_fault;   /* errno: why a row could not be written */
	int terminal;       /* standard error is one: progress is shown there */
	int progress_shown; /* the last line there is ours to overwrite */
	char name[1024];    /* of the last row's stream, and the same in JSON */
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

static void
clear_progress(struct stream *s)
{
	if (s->progress_shown)
		fputs(CLEAR_LINE, stderr);
	s->progress_shown = 0;
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

	clear_progress(s);
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
	clear_progress(context);
	fprintf(stderr, "%s: %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static int
print_progress(void *context, const struct lw_progress *progress)
{
	struct stream *s = context;

	if (!s->terminal)
		return 0;
	fprintf(stderr, CLEAR_LINE "%s %" PRIu64, progress->phase, progress->current);
	if (progress->total != UINT64_MAX)
		fprintf(stderr, " of %" PRIu64, progress->total);
	fflush(stderr);
	s->progress_shown = 1;
	return 0;
}

static void
print_log(void *context, uint32_t generation, const char *text, size_t size)
{
	(void)generation;
	clear_progress(context);
	fwrite(text, 1, size, stderr);
}

/*
 * What serves. Rows that do not come from Lean itself must never be taken for Lean's, so that is
 * said always; the rest is for people, and not for the logs of scripts.
 */
static void
say_runtime(const struct stream *s, lw_worker *worker, const lw_session *session)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_worker_facts process = LW_WORKER_FACTS_INIT;
	int stand_in;

	if (lw_session_facts(session, &facts) != LW_OK ||
	    lw_worker_facts(worker, &process) != LW_OK)
		return;
	stand_in = strcmp(facts.host, "lean") == 0 && strcmp(facts.runtime, "Lean") != 0;
	if (stand_in || s->terminal || s->verbose)
		cli_say("served by %s%s%s", facts.runtime, *facts.lean_version ? " " : "",
		    facts.lean_version);
	if (*facts.warning != '\0' && !stand_in && (s->terminal || s->verbose))
		cli_say("warning: %s", facts.warning);
	if (s->verbose)
		cli_say("process %d of %s", (int)process.pid, process.child_path);
}

static lw_code
run(struct stream *s, const char *request, size_t size, struct lw_error *error)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;
	lw_capability *capability = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;
	lw_code code = lw_capability_load(s->manifest, &capability, error);

	options.child_path = s->child;
	options.budgets.request_ms = s->timeout_ms;
	options.on_log = print_log;
	options.log_context = sinks.context = s;
	sinks.on_row = print_row;
	sinks.on_diagnostic = print_diagnostic;
	sinks.on_progress = print_progress;
	if (code == LW_OK)
		code = lw_worker_start(&options, NULL, &worker, error);
	if (code == LW_OK)
		code = lw_session_open(worker, capability, NULL, &session, error);
	if (code == LW_OK)
		say_runtime(s, worker, session);
	if (code == LW_OK)
		code = lw_session_stream(
		    session, s->export_name, lw_bytes(request, size), &sinks, NULL, NULL, error);
	clear_progress(s);
	lw_session_close(&session);
	lw_worker_close(&worker);
	lw_capability_free(&capability);
	return code;
}

void
cli_stream_help(void)
{
	fputs("usage: leanworker stream EXPORT --capability MANIFEST [OPTION...]\n"
	      "\n"
	      "Runs a streaming export. Each row is a line of JSON on standard output, as soon as "
	      "it\n"
	      "comes; diagnostics, what the child prints, and progress (on a terminal) are on\n"
	      "standard error. Rows are tentative until the exit status is 0.\n"
	      "\n"
	      "  -c, --capability MANIFEST  what to load: a JSON file beside the shared library\n"
	      "  -r, --request TEXT         what the export is given; default {}\n"
	      "  -r, --request @FILE        the same, read from a file\n"
	      "  -r, --request -            the same, read from standard input\n"
	      "  -t, --timeout TIME         how long the request may take: 500ms, 30s, 2m;\n"
	      "                             default 30s\n"
	      "      --child PROGRAM        the child program; default: $LEANWORKER_CHILD, else\n"
	      "                             the leanworker-child that was installed with this\n"
	      "  -v, --verbose              say what serves the request, in which process\n"
	      "  -h, --help                 this text\n"
	      "\n"
	      "Examples:\n"
	      "  leanworker stream my_export --capability my.capability.json\n"
	      "  leanworker stream my_export -c my.capability.json -r '{\"count\":3}' -t 2m\n"
	      "  jq -n '{count: 3}' | leanworker stream my_export -c my.capability.json -r - |\n"
	      "      jq .payload\n"
	      "\n"
	      "Exit status: leanworker --help\n",
	    stdout);
}

/* Takes the options; 0, or the exit status after saying what is wrong with them. */
static int
parse_options(struct stream *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "capability", required_argument, NULL, 'c' },
		{ "request", required_argument, NULL, 'r' },
		{ "timeout", required_argument, NULL, 't' },
		{ "child", required_argument, NULL, 'C' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *fault;
	int option;

	opterr = 0; /* getopt's own messages begin with the verb's name */
	while ((option = getopt_long(argc, argv, ":c:r:t:vh", options, NULL)) != -1)
		switch (option) {
		case 'c':
			s->manifest = optarg;
			break;
		case 'r':
			s->request = optarg;
			break;
		case 't':
			fault = cli_parse_time(optarg, &s->timeout_ms);
			if (fault != NULL)
				return cli_usage("stream", "--timeout \"%s\" %s", optarg, fault);
			break;
		case 'C':
			s->child = optarg;
			break;
		case 'v':
			s->verbose = 1;
			break;
		case 'h':
			s->help = 1;
			return 0;
		case ':':
			return cli_usage("stream", "%s needs a value", argv[optind - 1]);
		default:
			return cli_bad_option("stream", "vh", argv[optind - 1]);
		}
	return 0;
}

static int
parse(struct stream *s, int argc, char **argv)
{
	int status = parse_options(s, argc, argv);

	if (status != 0 || s->help)
		return status;
	if (optind == argc)
		return cli_usage("stream", "which export? Its name is missing");
	if (optind + 1 < argc)
		return cli_usage("stream", "\"%s\" is one argument too many", argv[optind + 1]);
	if (s->manifest == NULL)
		return cli_usage("stream", "--capability is missing: what is to be loaded?");
	s->export_name = argv[optind];
	return 0;
}

int
cli_stream(int argc, char **argv)
{
	struct stream s = { .request = "{}" };
	struct lw_error error = LW_ERROR_INIT;
	int status = parse(&s, argc, argv);
	char *request;
	size_t size;
	lw_code code;

	if (status != 0)
		return status;
	if (s.help) {
		cli_stream_help();
		return 0;
	}
	s.terminal = isatty(STDERR_FILENO);
	(void)setvbuf(stdout, NULL, _IOLBF, 1 << 16); /* rows are live, in a pipe too */
	request = cli_read_text(s.request, &size);
	if (request == NULL)
		return CLI_EXIT_FILE;
	code = run(&s, request, size, &error);
	free(request);
	free(s.name_json);
	if (s.output_fault != 0)
		return cli_fail_output(s.output_fault);
	return code == LW_OK ? 0 : cli_fail(&error);
}
