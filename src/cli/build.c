/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker build: one line on standard output, the manifest's path or a JSON object; everything else,
 * progress, what Lake and the compiler say, is on standard error.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "leanworker/capability.h"

#define CLEAR_LINE "\r\033[K"

struct build {
	struct lw_build_options options;
	int json, verbose, help;
	int terminal, progress_shown;
};

static lw_cancel_token *interrupted;

static void
interrupt(int signal)
{
	(void)signal;
	lw_cancel_token_cancel(interrupted);
}

static void
clear_progress(struct build *b)
{
	if (b->progress_shown)
		fputs(CLEAR_LINE, stderr);
	b->progress_shown = 0;
}

static void
print_progress(void *context, const struct lw_progress *progress)
{
	struct build *b = context;

	if (!b->terminal || b->verbose)
		return;
	fprintf(stderr, CLEAR_LINE "[%" PRIu64, progress->current);
	if (progress->total != UINT64_MAX)
		fprintf(stderr, "/%" PRIu64, progress->total);
	fprintf(stderr, "] %s", progress->phase);
	fflush(stderr);
	b->progress_shown = 1;
}

static void
print_log(void *context, const char *text, size_t size)
{
	struct build *b = context;

	if (b->verbose)
		fwrite(text, 1, size, stderr);
}

static void
print_probe(void *context, const char *place, const char *path, const char *result)
{
	struct build *b = context;

	if (b->verbose)
		cli_say("toolchain: %s: %s: %s", place, path, result);
}

static int
print_json(const struct lw_build *built)
{
	json_t *root = json_pack("{s:s, s:s, s:i, s:b, s:s, s:s, s:s, s:f}", "manifest",
	    built->manifest, "library", built->library, "dependencies", (int)built->dependencies,
	    "up_to_date", built->up_to_date, "lean_version", built->toolchain.version, "sysroot",
	    built->toolchain.sysroot, "warning", built->toolchain.warning, "milliseconds",
	    (double)built->elapsed_ns / 1e6);
	char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;

	if (text != NULL)
		puts(text);
	json_decref(root);
	free(text);
	return text ? 0 : cli_fail_output(ENOMEM);
}

static int
say_built(const struct build *b, const struct lw_build *built)
{
	if (*built->toolchain.warning != '\0')
		cli_say("warning: %s", built->toolchain.warning);
	if (b->verbose)
		cli_say("%s, with Lean %s of %s", built->up_to_date ? "up to date" : built->reason,
		    built->toolchain.version, built->toolchain.sysroot);
	if (b->json)
		return print_json(built);
	puts(built->manifest);
	return 0;
}

static int
say_failed(const struct build *b, const struct lw_error *error)
{
	int status = cli_fail(error);

	if (!b->verbose && *error->log_tail != '\0')
		fprintf(stderr, "The end of what Lake said:\n%s\n", error->log_tail);
	return status;
}

/* An interrupt ends Lake and all that it started, and then us. */
static int
run(struct build *b)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct lw_build built = LW_BUILD_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_code code = lw_cancel_token_create(&interrupted, &error);

	if (code == LW_OK) {
		(void)sigaction(SIGINT, &action, NULL);
		(void)sigaction(SIGTERM, &action, NULL);
		b->options.cancel = interrupted;
		code = lw_build(&b->options, &built, &error);
		(void)signal(SIGINT, SIG_DFL);
		(void)signal(SIGTERM, SIG_DFL);
	}
	lw_cancel_token_free(&interrupted);
	clear_progress(b);
	return code == LW_OK ? say_built(b, &built) : say_failed(b, &error);
}

void
cli_build_help(void)
{
	fputs("usage: leanworker build LIBRARY [OPTION...]\n"
	      "\n"
	      "Builds the shared library of a lean_lib of a Lake project, finds the libraries that "
	      "it\n"
	      "needs, and writes a manifest for `leanworker stream --capability`. Its path is on\n"
	      "standard output. Where nothing has changed since, Lake is not asked. Nothing is\n"
	      "downloaded: neither a toolchain nor, without --fetch, a package.\n"
	      "\n"
	      "  -p, --project FOLDER  with lakefile.lean or lakefile.toml; default .\n"
	      "  -m, --module MODULE   the library's root module; default: the library's name\n"
	      "  -o, --output FILE     where the manifest goes; default\n"
	      "                        .lake/build/leanworker/LIBRARY.capability.json\n"
	      "      --sysroot FOLDER  of the toolchain; default: $LEAN_SYSROOT, else what the\n"
	      "                        project's lean-toolchain names, else lean on the PATH\n"
	      "  -t, --timeout TIME    how long it may take: 30s, 10m; default 10m\n"
	      "  -B, --always          ask Lake although nothing has changed\n"
	      "      --fetch           let Lake fetch packages that are missing\n"
	      "      --json            what was built, as one line of JSON\n"
	      "      --child PROGRAM   as for leanworker stream\n"
	      "  -v, --verbose         what Lake says, and where a toolchain was looked for\n"
	      "  -h, --help            this text\n"
	      "\n"
	      "Examples:\n"
	      "  leanworker build Interop\n"
	      "  leanworker stream my_export -c \"$(leanworker build Interop -p my/project)\"\n"
	      "\n"
	      "Exit status: leanworker --help\n",
	    stdout);
}

enum { LONG_SYSROOT = 256, LONG_FETCH, LONG_JSON, LONG_CHILD };

static const struct option long_options[] = {
	{ "project", required_argument, NULL, 'p' },
	{ "module", required_argument, NULL, 'm' },
	{ "output", required_argument, NULL, 'o' },
	{ "sysroot", required_argument, NULL, LONG_SYSROOT },
	{ "timeout", required_argument, NULL, 't' },
	{ "always", no_argument, NULL, 'B' },
	{ "fetch", no_argument, NULL, LONG_FETCH },
	{ "json", no_argument, NULL, LONG_JSON },
	{ "child", required_argument, NULL, LONG_CHILD },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* 0, or the exit status after saying what is wrong with the option. */
static int
take_option(struct build *b, int option, const char *word)
{
	struct lw_build_options *o = &b->options;
	const char *fault;

	switch (option) {
	case 'p':
		o->project_root = optarg;
		return 0;
	case 'm':
		o->module = optarg;
		return 0;
	case 'o':
		o->manifest = optarg;
		return 0;
	case LONG_SYSROOT:
		o->sysroot = optarg;
		return 0;
	case LONG_CHILD:
		o->child_path = optarg;
		return 0;
	case 't':
		fault = cli_parse_time(optarg, &o->build_ms);
		return fault ? cli_usage("build", "--timeout \"%s\" %s", optarg, fault) : 0;
	case 'B':
		o->always = 1;
		return 0;
	case LONG_FETCH:
		o->allow_fetch = 1;
		return 0;
	case LONG_JSON:
		b->json = 1;
		return 0;
	case 'v':
		b->verbose = 1;
		return 0;
	case 'h':
		b->help = 1;
		return 0;
	case ':':
		return cli_usage("build", "%s needs a value", word);
	default:
		return cli_bad_option("build", "Bvh", word);
	}
}

static int
parse(struct build *b, int argc, char **argv)
{
	int option, status = 0;

	opterr = 0;
	while (status == 0 && !b->help &&
	       (option = getopt_long(argc, argv, ":p:m:o:t:Bvh", long_options, NULL)) != -1)
		status = take_option(b, option, argv[optind - 1]);
	if (status != 0 || b->help)
		return status;
	if (optind == argc)
		return cli_usage("build", "which library? Its name is missing");
	if (optind + 1 < argc)
		return cli_usage("build", "\"%s\" is one argument too many", argv[optind + 1]);
	b->options.library = argv[optind];
	return 0;
}

int
cli_build(int argc, char **argv)
{
	struct build b = { .options = LW_BUILD_OPTIONS_INIT };
	int status;

	b.options.project_root = ".";
	status = parse(&b, argc, argv);
	if (status != 0)
		return status;
	if (b.help) {
		cli_build_help();
		return 0;
	}
	b.terminal = isatty(STDERR_FILENO);
	b.options.on_progress = print_progress;
	b.options.on_log = print_log;
	b.options.on_probe = print_probe;
	b.options.context = &b;
	return run(&b);
}
