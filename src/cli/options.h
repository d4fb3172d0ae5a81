/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb takes. One table is parsed, and printed as the help: neither can lack an option. */
#ifndef LW_CLI_OPTIONS_H
#define LW_CLI_OPTIONS_H

#include "cli/cli.h"

#define CLI_OPTIONS_MAX 32
#define CLI_LIST_MAX    256

/* The values of an option that may come again and again; ends with NULL. */
struct cli_list {
	const char *items[CLI_LIST_MAX + 1];
	size_t count;
};

struct cli_options {
	struct cli_option {
		char letter; /* 0: it has none */
		const char *name;
		const char *value; /* NULL: it is a flag */
		const char *help;  /* lines apart by \n */
		enum { CLI_FLAG, CLI_TEXT, CLI_TIME, CLI_LIST } kind;
		void *into; /* int, const char *, uint32_t of milliseconds, struct cli_list */
	} list[CLI_OPTIONS_MAX];
	size_t count;
};

/* letter: 0 for none. */
void cli_flag(struct cli_options *o, char letter, const char *name, const char *help, int *into);
void cli_text(struct cli_options *o, char letter, const char *name, const char *value,
    const char *help, const char **into);
void cli_time(
    struct cli_options *o, char letter, const char *name, const char *help, uint32_t *into);
void cli_list(struct cli_options *o, char letter, const char *name, const char *value,
    const char *help, struct cli_list *into);

/* Another help for an option that others have added. */
void cli_describe(struct cli_options *o, const char *name, const char *help);

/*
 * Takes the options, adding --help. *ret_words: what is left, so many; at most `most`. Answers -1, or
 * the exit status with which the verb ends: the help was printed, or something is wrong, and was said.
 */
int cli_parse(const struct cli_verb *verb, struct cli_options *o, int argc, char **argv, int most,
    char ***ret_words, int *ret_count);

/* One line on standard error for wrong usage, which points to the verb's help; answers the exit status. */
__attribute__((format(printf, 2, 3))) int cli_usage(const char *verb, const char *format, ...);

/* A time as people write it: 500ms, 30s, 2m. NULL, or what is wrong with it. */
const char *cli_parse_time(const char *text, uint32_t *ret_ms);

#endif
