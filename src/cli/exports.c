/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker exports: what a capability exports, a name in each line, or one line of JSON. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "leanworker/capability.h"

struct listing {
	const char *manifest, *library, *child, *name;
	int all, json, help;
};

static const char *
kind_name(lw_symbol_kind kind)
{
	static const char *const names[] = {
		[LW_SYMBOL_OTHER] = "other",
		[LW_SYMBOL_FUNCTION] = "function",
		[LW_SYMBOL_DATA] = "data",
	};

	return names[kind];
}

static int
is_listed(const struct listing *l, const struct lw_export *e)
{
	return l->all || !e->generated;
}

static json_t *
describe(const struct listing *l, const struct lw_exports *x)
{
	json_t *list = json_array(), *needed = json_array();

	for (size_t i = 0; i < x->export_count; i++)
		if (is_listed(l, &x->exports[i]))
			(void)json_array_append_new(
			    list, json_pack("{s:s, s:s}", "name", x->exports[i].name, "kind",
				      kind_name(x->exports[i].kind)));
	for (size_t i = 0; i < x->needed_count; i++)
		(void)json_array_append_new(needed, json_string(x->needed[i]));
	return json_pack("{s:s, s:s, s:I, s:o, s:o}", "machine", x->machine, "build_id",
	    x->build_id, "size", (json_int_t)x->size, "needed", needed, "exports", list);
}

static int
print_json(const struct listing *l, const struct lw_exports *x)
{
	json_t *root = describe(l, x);
	char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

	if (text != NULL)
		puts(text);
	json_decref(root);
	free(text);
	return text ? 0 : cli_fail_output(ENOMEM);
}

static int
print_names(const struct listing *l, const struct lw_exports *x)
{
	for (size_t i = 0; i < x->export_count; i++) {
		const struct lw_export *e = &x->exports[i];

		if (!is_listed(l, e))
			continue;
		printf("%s%s\n", e->name, e->kind == LW_SYMBOL_DATA ? "\tdata: not callable" : "");
	}
	return 0;
}

static int
print_one(const struct listing *l, const struct lw_exports *x)
{
	struct lw_error error = LW_ERROR_INIT;
	const struct lw_export *found;

	if (lw_exports_find(x, l->name, &found, &error) != LW_OK)
		return cli_fail(&error);
	puts(found->name);
	return 0;
}

static int
run(const struct listing *l)
{
	struct lw_exports exports = LW_EXPORTS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;
	lw_code code;
	int status;

	if (l->library != NULL) {
		code = lw_library_exports(l->library, l->child, NULL, &exports, &error);
	} else {
		code = lw_capability_load(l->manifest, &capability, &error);
		if (code == LW_OK)
			code = lw_capability_exports(capability, l->child, NULL, &exports, &error);
		lw_capability_free(&capability);
	}
	if (code != LW_OK)
		return cli_fail(&error);
	if (l->name != NULL)
		status = print_one(l, &exports);
	else
		status = l->json ? print_json(l, &exports) : print_names(l, &exports);
	lw_exports_clear(&exports);
	return status;
}

void
cli_exports_help(void)
{
	fputs("usage: leanworker exports --capability MANIFEST [NAME] [OPTION...]\n"
	      "       leanworker exports --library FILE [NAME] [OPTION...]\n"
	      "\n"
	      "Lists what a capability's shared library exports. The file is only read, by a "
	      "process\n"
	      "of its own: nothing in it runs. With NAME, the one export that a request means by "
	      "it:\n"
	      "the export of that name, else the only one that ends in _NAME.\n"
	      "\n"
	      "  -c, --capability MANIFEST  of a capability of host lean\n"
	      "  -l, --library FILE         any shared library, x86-64 or AArch64\n"
	      "  -a, --all                  names that Lean's compiler made, too\n"
	      "      --json                 with kinds and facts of the build, as one line of "
	      "JSON\n"
	      "      --child PROGRAM        as for leanworker stream\n"
	      "  -h, --help                 this text\n"
	      "\n"
	      "Examples:\n"
	      "  leanworker exports --capability my.capability.json\n"
	      "  leanworker exports -c my.capability.json declarations\n"
	      "\n"
	      "Exit status: leanworker --help\n",
	    stdout);
}

enum { LONG_JSON = 256, LONG_CHILD };

static const struct option long_options[] = {
	{ "capability", required_argument, NULL, 'c' },
	{ "library", required_argument, NULL, 'l' },
	{ "all", no_argument, NULL, 'a' },
	{ "json", no_argument, NULL, LONG_JSON },
	{ "child", required_argument, NULL, LONG_CHILD },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
parse_options(struct listing *l, int argc, char **argv)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:l:ah", long_options, NULL)) != -1)
		switch (option) {
		case 'c':
			l->manifest = optarg;
			break;
		case 'l':
			l->library = optarg;
			break;
		case 'a':
			l->all = 1;
			break;
		case LONG_JSON:
			l->json = 1;
			break;
		case LONG_CHILD:
			l->child = optarg;
			break;
		case 'h':
			l->help = 1;
			return 0;
		case ':':
			return cli_usage("exports", "%s needs a value", argv[optind - 1]);
		default:
			return cli_bad_option("exports", "ah", argv[optind - 1]);
		}
	return 0;
}

int
cli_exports(int argc, char **argv)
{
	struct listing l = { .all = 0 };
	int status = parse_options(&l, argc, argv);

	if (status != 0)
		return status;
	if (l.help) {
		cli_exports_help();
		return 0;
	}
	if ((l.manifest == NULL) == (l.library == NULL))
		return cli_usage("exports", "of what? Give --capability or --library");
	if (optind + 1 < argc)
		return cli_usage("exports", "\"%s\" is one argument too many", argv[optind + 1]);
	l.name = argv[optind]; /* NULL where there is none */
	return run(&l);
}
