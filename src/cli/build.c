/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker build: one line on standard output, the manifest's path or a JSON object; everything else,
 * progress, what Lake and the compiler say, is on standard error.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "cli/screen.h"
#include "cli/target.h"

struct build {
	struct lw_build_options options;
	int json, verbose, always, fetch;
};

static void
print_progress(void *context, const struct lw_progress *progress)
{
	const int *verbose = context;

	if (!*verbose)
		cli_progress(progress);
}

static json_t *
describe(const struct lw_build *built)
{
	return json_pack("{s:s, s:s, s:i, s:b, s:s, s:s, s:s, s:f}", "manifest", built->manifest,
	    "library", built->library, "dependencies", (int)built->dependencies, "up_to_date",
	    built->up_to_date, "lean_version", built->toolchain.version, "sysroot",
	    built->toolchain.sysroot, "warning", built->toolchain.warning, "milliseconds",
	    (double)built->elapsed_ns / 1e6);
}

static int
say_built(const struct build *b, const struct lw_build *built)
{
	if (*built->toolchain.warning != '\0')
		cli_say("warning: %s", built->toolchain.warning);
	if (b->verbose)
		cli_say("%s, with Lean %s of %s", built->up_to_date ? "up to date" : built->reason,
		    built->toolchain.version, built->toolchain.sysroot);
	if (b->json)
		return cli_print_json(describe(built));
	puts(built->manifest);
	return 0;
}

static int
say_failed(const struct build *b, const struct lw_error *error)
{
	int status = cli_fail(error);

	if (!b->verbose && !b->json && *error->log_tail != '\0')
		fprintf(stderr, "The end of what Lake said:\n%s\n", error->log_tail);
	return status;
}

/* An interrupt ends Lake and all that it started, and then us. */
static int
run(struct build *b)
{
	struct lw_build built = LW_BUILD_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_code code;

	cli_report_json(b->json);
	b->options.always = (uint8_t)b->always;
	b->options.allow_fetch = (uint8_t)b->fetch;
	b->options.on_progress = print_progress;
	cli_watch_build(&b->options, &b->verbose);
	b->options.cancel = cli_interrupt_begin();
	code = lw_build(&b->options, &built, &error);
	cli_interrupt_end();
	cli_screen_clear();
	return code == LW_OK ? say_built(b, &built) : say_failed(b, &error);
}

static void
add_options(struct cli_options *o, struct build *b)
{
	cli_text(o, 'p', "project", "FOLDER", "with lakefile.lean or lakefile.toml; default .",
	    &b->options.project_root);
	cli_text(o, 'm', "module", "MODULE",
	    "the library's root module; default: the library's name", &b->options.module);
	cli_text(o, 'o', "output", "FILE",
	    "where the manifest goes; default\n.lake/build/leanworker/LIBRARY.capability.json",
	    &b->options.manifest);
	cli_text(o, 0, "sysroot", "FOLDER",
	    "of the toolchain; default: $LEAN_SYSROOT, else what the\nproject's lean-toolchain "
	    "names, "
	    "else lean on the PATH",
	    &b->options.sysroot);
	cli_time(
	    o, 't', "timeout", "how long it may take: 30s, 10m; default 10m", &b->options.build_ms);
	cli_flag(o, 'B', "always", "ask Lake although nothing has changed", &b->always);
	cli_flag(o, 0, "fetch", "let Lake fetch packages that are missing", &b->fetch);
	cli_flag(o, 0, "json", "what was built, or the failure, as one line of JSON", &b->json);
	cli_text(o, 0, "child", "PROGRAM", "as for leanworker stream", &b->options.child_path);
	cli_flag(
	    o, 'v', "verbose", "what Lake says, and where a toolchain was looked for", &b->verbose);
}

static int
build(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli_options options = { .count = 0 };
	struct build b = { .options = LW_BUILD_OPTIONS_INIT };
	int count, status;
	char **words;

	b.options.project_root = ".";
	add_options(&options, &b);
	status = cli_parse(verb, &options, argc, argv, 1, &words, &count);
	if (status >= 0)
		return status;
	if (count == 0)
		return cli_usage(verb->name, "which library? Its name is missing");
	b.options.library = words[0];
	return run(&b);
}

const struct cli_verb cli_build = {
	.name = "build",
	.does = "let Lake build a library, and write the manifest of a capability",
	.usage = "LIBRARY [OPTION...]",
	.about =
	    "Builds the shared library of a lean_lib of a Lake project, finds the libraries that "
	    "it\n"
	    "needs, and writes a manifest for `leanworker stream --capability`. Its path is on\n"
	    "standard output. Where nothing has changed since, Lake is not asked. Nothing is\n"
	    "downloaded: neither a toolchain nor, without --fetch, a package.\n",
	.examples =
	    "  leanworker build Interop\n"
	    "  leanworker stream my_export -c \"$(leanworker build Interop -p my/project)\"\n",
	.run = build,
};
