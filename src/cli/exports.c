/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker exports: what a capability exports, a name in each line, or one line of JSON. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "leanworker/capability.h"

struct listing {
	const char *manifest, *library, *child, *name;
	int all, json;
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
	else if (l->json)
		status = cli_print_json(describe(l, &exports));
	else
		status = print_names(l, &exports);
	lw_exports_clear(&exports);
	return status;
}

static int
exports(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct listing l = { .all = 0 };
	int count, status;
	char **words;

	cli_text(
	    &options, 'c', "capability", "MANIFEST", "of a capability of host lean", &l.manifest);
	cli_text(
	    &options, 'l', "library", "FILE", "any shared library, x86-64 or AArch64", &l.library);
	cli_flag(&options, 'a', "all", "names that Lean's compiler made, too", &l.all);
	cli_flag(
	    &options, 0, "json", "with kinds and facts of the build, as one line of JSON", &l.json);
	cli_text(&options, 0, "child", "PROGRAM", "as for leanworker stream", &l.child);
	status = cli_parse(verb, &options, argc, argv, 1, &words, &count);
	if (status >= 0)
		return status;
	if ((l.manifest == NULL) == (l.library == NULL))
		return cli_usage(verb->name, "of what? Give --capability or --library");
	l.name = count > 0 ? words[0] : NULL;
	return run(&l);
}

const struct cli_verb cli_exports = {
	.name = "exports",
	.does = "list what a capability exports",
	.usage = "--capability MANIFEST [NAME] [OPTION...]\n"
		 "--library FILE [NAME] [OPTION...]",
	.about =
	    "Lists what a capability's shared library exports. The file is only read, by a "
	    "process\n"
	    "of its own: nothing in it runs. With NAME, the one export that a request means by "
	    "it:\n"
	    "the export of that name, else the one that ends in _NAME and begins as most of the\n"
	    "library's do.\n",
	.examples = "  leanworker exports --capability my.capability.json\n"
		    "  leanworker exports -c my.capability.json declarations\n",
	.run = exports,
};
