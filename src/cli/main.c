/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
	const char *name, *does;
	int (*run)(int argc, char **argv);
	void (*help)(void);
} verbs[] = {
	{ "stream", "run a streaming export; its rows are lines of JSON on standard output",
	    cli_stream, cli_stream_help },
	{ "build", "let Lake build a library, and write the manifest of a capability", cli_build,
	    cli_build_help },
	{ "exports", "list what a capability exports", cli_exports, cli_exports_help },
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static void
help(FILE *out)
{
	fputs("Runs compiled Lean code in a supervised child process.\n"
	      "\n"
	      "usage: leanworker VERB ...\n"
	      "       leanworker VERB --help\n"
	      "       leanworker --help | --version\n"
	      "\n"
	      "Verbs:\n",
	    out);
	for (size_t i = 0; i < VERB_COUNT; i++)
		fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].does);
	fprintf(out,
	    "\n"
	    "Example:\n"
	    "  leanworker stream my_export --capability my.capability.json --request "
	    "'{\"count\":3}'\n"
	    "\n"
	    "Exit status:\n"
	    "   0  success\n"
	    "  %2d  wrong usage\n"
	    "  %2d  the request could not be read, or standard output not be written\n"
	    "  else the failure, by its class, which leanworker/leanworker.h describes:\n",
	    CLI_EXIT_USAGE, CLI_EXIT_FILE);
	for (lw_code code = LW_E_MISUSE; code <= LW_E_BUG; code++)
		fprintf(out, "  %2d  %s\n", CLI_EXIT_FIRST + (int)code, lw_code_name(code));
}

static int
find_verb(const char *name)
{
	for (int i = 0; i < (int)VERB_COUNT; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return i;
	return -1;
}

/* help, help VERB */
static int
run_help(int argc, char **argv)
{
	int verb = argc > 2 ? find_verb(argv[2]) : -1;

	if (argc > 2 && verb < 0)
		return cli_usage("", "there is no verb \"%s\"", argv[2]);
	if (verb >= 0)
		verbs[verb].help();
	else
		help(stdout);
	return 0;
}

static int
is(const char *argument, const char *one, const char *other)
{
	return strcmp(argument, one) == 0 || strcmp(argument, other) == 0;
}

static int
run(int argc, char **argv)
{
	int verb;

	if (argc < 2) {
		help(stderr);
		return CLI_EXIT_USAGE;
	}
	if (is(argv[1], "--help", "-h") || is(argv[1], "help", "help"))
		return run_help(argc, argv);
	if (is(argv[1], "--version", "-V")) {
		printf("leanworker %s\nlibrary %s, protocol %d, Lean package %s\n",
		    LW_COMMAND_VERSION, lw_version(), LW_PROTOCOL_VERSION, LW_LEAN_PACKAGE_VERSION);
		return 0;
	}
	verb = find_verb(argv[1]);
	if (verb < 0)
		return cli_usage(
		    "", "there is no %s \"%s\"", *argv[1] == '-' ? "option" : "verb", argv[1]);
	return verbs[verb].run(argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* A full disk may tell only now; what was said already need not be said again. */
	if (fflush(stdout) != 0 && status == 0)
		status = cli_fail_output(errno);
	return status;
}
