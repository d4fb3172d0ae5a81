/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/screen.h"

static const struct cli_verb *const verbs[] = { &cli_stream, &cli_call, &cli_metadata, &cli_doctor,
	&cli_check, &cli_exports, &cli_build, &cli_probe, &cli_bench, &cli_explain, &cli_version };
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
		fprintf(out, "  %-8s %s\n", verbs[i]->name, verbs[i]->does);
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
	    "  %2d  a check, a doctor or a probe has found an error\n"
	    "  else the failure, by its class, which `leanworker explain` lists:\n",
	    CLI_EXIT_USAGE, CLI_EXIT_FILE, CLI_EXIT_FINDINGS);
	for (lw_code code = LW_E_MISUSE; code <= LW_E_BUG; code++)
		fprintf(out, "  %2d  %s\n", CLI_EXIT_FIRST + (int)code, lw_code_name(code));
}

static const struct cli_verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

/* help, help VERB */
static int
run_help(int argc, char **argv)
{
	const struct cli_verb *verb = argc > 2 ? find_verb(argv[2]) : NULL;
	char asked[] = "--help";
	char *arguments[] = { argc > 2 ? argv[2] : NULL, asked, NULL };

	if (argc > 2 && verb == NULL)
		return cli_usage("", "there is no verb \"%s\"", argv[2]);
	if (verb != NULL)
		return verb->run(verb, 2, arguments);
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
	const struct cli_verb *verb;

	if (argc < 2) {
		help(stderr);
		return CLI_EXIT_USAGE;
	}
	if (is(argv[1], "--help", "-h") || is(argv[1], "help", "help"))
		return run_help(argc, argv);
	if (is(argv[1], "--version", "-V")) {
		cli_print_versions();
		return 0;
	}
	verb = find_verb(argv[1]);
	if (verb == NULL)
		return cli_usage(
		    "", "there is no %s \"%s\"", *argv[1] == '-' ? "option" : "verb", argv[1]);
	return verb->run(verb, argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	int status;

	cli_screen_begin();
	status = run(argc, argv);
	cli_screen_clear();
	/* A full disk may tell only now; what was said already need not be said again. */
	if (fflush(stdout) != 0 && status == 0)
		status = cli_fail_output(errno);
	return status;
}
