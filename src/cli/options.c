/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/screen.h"

#define HELP_COLUMN 29
#define LONG_FIRST  256 /* what getopt answers for an option without a letter */

/* ---- The table ------------------------------------------------------------------------------- */

static void
add(struct cli_options *o, struct cli_option option)
{
	if (o->count < CLI_OPTIONS_MAX)
		o->list[o->count++] = option;
}

void
cli_flag(struct cli_options *o, char letter, const char *name, const char *help, int *into)
{
	add(o, (struct cli_option){ letter, name, NULL, help, CLI_FLAG, into });
}

void
cli_text(struct cli_options *o, char letter, const char *name, const char *value, const char *help,
    const char **into)
{
	add(o, (struct cli_option){ letter, name, value, help, CLI_TEXT, into });
}

void
cli_time(struct cli_options *o, char letter, const char *name, const char *help, uint32_t *into)
{
	add(o, (struct cli_option){ letter, name, "TIME", help, CLI_TIME, into });
}

void
cli_list(struct cli_options *o, char letter, const char *name, const char *value, const char *help,
    struct cli_list *into)
{
	add(o, (struct cli_option){ letter, name, value, help, CLI_LIST, into });
}

void
cli_describe(struct cli_options *o, const char *name, const char *help)
{
	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->list[i].name, name) == 0)
			o->list[i].help = help;
}

/* ---- The help -------------------------------------------------------------------------------- */

static void
print_option(const struct cli_option *option)
{
	int column = printf(option->letter ? "  -%c, " : "      ", option->letter);

	column += printf(
	    "--%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
	for (const char *line = option->help; line != NULL;) {
		size_t size = strcspn(line, "\n");

		if (column > HELP_COLUMN - 2) /* two spaces tell it from the option */
			column = printf("\n") - 1;
		printf("%*s%.*s\n", HELP_COLUMN - column, "", (int)size, line);
		line = line[size] == '\n' ? line + size + 1 : NULL;
		column = 0;
	}
}

static int
print_help(const struct cli_verb *verb, const struct cli_options *o)
{
	const char *usage = verb->usage;

	for (const char *word = "usage:"; usage != NULL; word = "      ") {
		size_t size = strcspn(usage, "\n");

		printf("%s leanworker %s%s%.*s\n", word, verb->name, size > 0 ? " " : "", (int)size,
		    usage);
		usage = usage[size] == '\n' ? usage + size + 1 : NULL;
	}
	printf("\n%s\n", verb->about);
	for (size_t i = 0; i < o->count; i++)
		print_option(&o->list[i]);
	printf("\nExamples:\n%s\nExit status: leanworker --help\n", verb->examples);
	return 0;
}

/* ---- Parsing --------------------------------------------------------------------------------- */

int
cli_usage(const char *verb, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	cli_say("%s; see leanworker %s%s--help", text, verb, *verb ? " " : "");
	return CLI_EXIT_USAGE;
}

const char *
cli_parse_time(const char *text, uint32_t *ret_ms)
{
	static const struct {
		const char *name;
		uint32_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 } };
	const char *unit = text + strspn(text, "0123456789");
	uint64_t number = 0;

	if (unit == text || *unit == '.')
		return "must be a whole number with its unit: 500ms, 30s or 2m";
	for (const char *digit = text; digit < unit; digit++)
		if (number <= UINT32_MAX) /* once it is more it stays more */
			number = number * 10 + (uint64_t)(*digit - '0');
	if (*unit == '\0')
		return "has no unit; write 500ms, 30s or 2m";
	if (number == 0)
		return "must be more than 0";
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(unit, units[i].name) == 0) {
			if (number > UINT32_MAX / units[i].ms)
				return "is too long; 71582m, 49 days, is the longest";
			*ret_ms = (uint32_t)number * units[i].ms;
			return NULL;
		}
	return "has an unknown unit; the units are ms, s and m (minutes)";
}

static int
take(const struct cli_verb *verb, const struct cli_option *option, const char *value)
{
	struct cli_list *list = option->into;
	const char *fault;

	switch (option->kind) {
	case CLI_FLAG:
		*(int *)option->into = 1;
		break;
	case CLI_TEXT:
		*(const char **)option->into = value;
		break;
	case CLI_LIST:
		if (list->count == CLI_LIST_MAX)
			return cli_usage(verb->name, "--%s comes more than %d times", option->name,
			    CLI_LIST_MAX);
		list->items[list->count++] = value;
		break;
	case CLI_TIME:
		fault = cli_parse_time(value, option->into);
		if (fault != NULL)
			return cli_usage(verb->name, "--%s \"%s\" %s", option->name, value, fault);
		break;
	}
	return -1;
}

/*
 * What getopt would not take. It leaves in optopt a letter that is none; 0 for a word that is none; or
 * is given a value and takes none: then what it answers for that option.
 */
static int
say_bad(const struct cli_verb *verb, const struct cli_options *o, const char *word)
{
	int is_ours = optopt >= LONG_FIRST || optopt == 0;

	for (size_t i = 0; i < o->count; i++)
		is_ours = is_ours || o->list[i].letter == optopt;
	if (is_ours)
		return cli_usage(verb->name, "%s is not an option", word);
	return cli_usage(verb->name, "there is no option -%c", optopt);
}

/* The two forms in which getopt wants the table. */
static void
for_getopt(const struct cli_options *o, struct option *ret_long, char *ret_letters)
{
	*ret_letters++ = ':';
	for (size_t i = 0; i < o->count; i++) {
		const struct cli_option *option = &o->list[i];
		int has = option->value ? required_argument : no_argument;

		ret_long[i] = (struct option){ option->name, has, NULL,
			option->letter ? option->letter : LONG_FIRST + (int)i };
		if (option->letter) {
			*ret_letters++ = option->letter;
			if (option->value)
				*ret_letters++ = ':';
		}
	}
	ret_long[o->count] = (struct option){ NULL, 0, NULL, 0 };
	*ret_letters = '\0';
}

static const struct cli_option *
find(const struct cli_options *o, int answer)
{
	for (size_t i = 0; i < o->count; i++)
		if (answer == (o->list[i].letter ? o->list[i].letter : LONG_FIRST + (int)i))
			return &o->list[i];
	return NULL;
}

int
cli_parse(const struct cli_verb *verb, struct cli_options *o, int argc, char **argv, int most,
    char ***ret_words, int *ret_count)
{
	struct option longs[CLI_OPTIONS_MAX + 1];
	char letters[2 * CLI_OPTIONS_MAX + 2];
	int answer, help = 0, status = -1;

	cli_flag(o, 'h', "help", "this text", &help);
	for_getopt(o, longs, letters);
	opterr = 0; /* getopt's own messages begin with the verb's name */
	while (
	    status < 0 && !help && (answer = getopt_long(argc, argv, letters, longs, NULL)) != -1)
		if (answer == ':')
			status = cli_usage(verb->name, "%s needs a value", argv[optind - 1]);
		else if (find(o, answer) == NULL)
			status = say_bad(verb, o, argv[optind - 1]);
		else
			status = take(verb, find(o, answer), optarg);
	if (help)
		return print_help(verb, o);
	*ret_words = argv + optind;
	*ret_count = argc - optind;
	if (status < 0 && *ret_count > most)
		return cli_usage(verb->name, "\"%s\" is one argument too many", (*ret_words)[most]);
	return status;
}
