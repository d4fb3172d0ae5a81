/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command `leanworker`: a verb per file, over the public headers alone.
 */
#ifndef LW_CLI_CLI_H
#define LW_CLI_CLI_H

#include "leanworker/leanworker.h"

#define CLI_EXIT_USAGE 64
#define CLI_EXIT_FIRST 10 /* a failure of code c exits with this and c */

int cli_stream(int argc, char **argv);

/* Prints a failure on stderr, with the child's last words, and answers the exit status for it. */
int cli_fail(const struct lw_error *error);

/* The text of an argument TEXT, @FILE or - (stdin), to be freed; NULL after saying why not. */
char *cli_read_text(const char *argument, size_t *ret_size);

#endif
