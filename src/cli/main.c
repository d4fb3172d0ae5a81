/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "stream", cli_stream },
};

static void
usage(FILE *out)
{
	fprintf(out,
	    "usage: leanworker stream EXPORT --capability MANIFEST [--request TEXT|@FILE|-]\n"
	    "       leanworker --version\n"
	    "\n"
	    "Runs compiled Lean code in a supervised child process.\n"
	    "\n"
	    "  stream   run a streaming export; its rows are lines of JSON on standard output\n"
	    "\n"
	    "Exit status: 0 success, %d wrong usage, else %d and more, by the class of the "
	    "failure:\n",
	    CLI_EXIT_USAGE, CLI_EXIT_FIRST);
	for (lw_code code = LW_E_MISUSE; code <= LW_E_BUG; code++)
		fprintf(out, "  %2d %s%s", CLI_EXIT_FIRST + (int)code, lw_code_name(code),
		    code % 3 == 0 || code == LW_E_BUG ? "\n" : "\t");
}

int
main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, verb) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	if (strcmp(verb, "--version") == 0) {
		printf("leanworker %s\n", LW_VERSION);
		return 0;
	}
	if (strcmp(verb, "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (*verb != '\0')
		fprintf(stderr, "leanworker: there is no verb \"%s\"\n", verb);
	usage(stderr);
	return CLI_EXIT_USAGE;
}
