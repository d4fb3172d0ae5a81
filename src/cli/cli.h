/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command `leanworker`, over the public headers alone: a verb per file, and what they share.
 *
 *      options.h   what a verb takes: one table that is parsed, and is the help
 *      screen.h    standard error: messages, progress, what the child prints
 *      target.h    what is to be opened, from a manifest or a project
 */
#ifndef LW_CLI_CLI_H
#define LW_CLI_CLI_H

#include <stddef.h>
#include <stdint.h>

#include "leanworker/leanworker.h"

/* Exit statuses, which --help tells. None is 1 or above 125: shells and their like use those. */
#define CLI_EXIT_USAGE    2
#define CLI_EXIT_FILE     3  /* the request could not be read, or standard output not be written */
#define CLI_EXIT_FINDINGS 4  /* a check, a doctor or a probe has found an error */
#define CLI_EXIT_FIRST    10 /* a failure of code c exits with this and c */

/* One verb: its help begins with the texts here, and ends with its options. */
struct cli_verb {
	const char *name;
	const char *does;     /* a line, for the list of verbs */
	const char *usage;    /* what follows the name, in one or more lines */
	const char *about;    /* whole lines */
	const char *examples; /* the same */
	int (*run)(const struct cli_verb *verb, int argc, char **argv); /* argv[0]: the verb */
};

extern const struct cli_verb cli_stream, cli_call, cli_metadata, cli_doctor, cli_check, cli_exports,
    cli_build, cli_probe, cli_bench, cli_explain, cli_version;

/* What --version prints: versions of what is compiled in or linked. */
void cli_print_versions(void);

/* Failures as JSON on standard error, as `leanworker explain` reads them. */
void cli_report_json(int wanted);

/* Says a failure of the library, and answers the exit status for it. */
int cli_fail(const struct lw_error *error);

/* Says that standard output could not be written, and answers the exit status for it. */
int cli_fail_output(int number);

/* Prints what jansson has made of a value, in a line, and frees it; NULL is a lack of memory. */
int cli_print_json(void *json);

/* The text of an argument TEXT, @FILE or - (stdin), to be freed; NULL after saying why not. */
char *cli_read_text(const char *argument, size_t *ret_size);

#endif
