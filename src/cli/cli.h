/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command `leanworker`: a verb per file, over the public headers alone.
 */
#ifndef LW_CLI_CLI_H
#define LW_CLI_CLI_H

#include <stddef.h>
#include <stdint.h>

#include "leanworker/leanworker.h"

/* Exit statuses, which --help tells. None is 1 or above 125: shells and their like use those. */
#define CLI_EXIT_USAGE 2
#define CLI_EXIT_FILE  3  /* the request could not be read, or standard output not be written */
#define CLI_EXIT_FIRST 10 /* a failure of code c exits with this and c */

/* The verbs, and their helps on standard output. */
int cli_stream(int argc, char **argv);
void cli_stream_help(void);
int cli_build(int argc, char **argv);
void cli_build_help(void);
int cli_exports(int argc, char **argv);
void cli_exports_help(void);

/* One line on standard error, with the prefix that everything of ours there has. */
__attribute__((format(printf, 1, 2))) void cli_say(const char *format, ...);

/* The same for wrong usage: points to the verb's help, and answers the exit status for it. */
__attribute__((format(printf, 2, 3))) int cli_usage(const char *verb, const char *format, ...);

/*
 * What getopt would not take. flags: the letters of options without a value. getopt leaves in optopt a
 * letter that is none; 0 for a word that is none; or is given a value and takes none: then the
 * option's own.
 */
int cli_bad_option(const char *verb, const char *flags, const char *word);

/* Says a failure of the library, and answers the exit status for it. */
int cli_fail(const struct lw_error *error);

/* Says that standard output could not be written, and answers the exit status for it. */
int cli_fail_output(int number);

/* The text of an argument TEXT, @FILE or - (stdin), to be freed; NULL after saying why not. */
char *cli_read_text(const char *argument, size_t *ret_size);

/* A time as people write it: 500ms, 30s, 2m. NULL, or what is wrong with it. */
const char *cli_parse_time(const char *text, uint32_t *ret_ms);

#endif
