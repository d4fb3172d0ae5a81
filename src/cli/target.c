/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include <signal.h>
#include <string.h>

#include "cli/screen.h"

/* ---- Interrupts ------------------------------------------------------------------------------ */

static lw_cancel_token *interrupted;

static void
interrupt(int signal)
{
	(void)signal;
	lw_cancel_token_cancel(interrupted);
}

/* The first one asks; by then the default is back, and the second one ends us. */
lw_cancel_token *
cli_interrupt_begin(void)
{
	struct sigaction action = { .sa_handler = interrupt,
		.sa_flags = (int)SA_RESETHAND | SA_RESTART }; /* a row is not torn */

	if (interrupted == NULL && lw_cancel_token_create(&interrupted, NULL) == LW_OK) {
		(void)sigaction(SIGINT, &action, NULL);
		(void)sigaction(SIGTERM, &action, NULL);
	}
	return interrupted;
}

void
cli_interrupt_end(void)
{
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	lw_cancel_token_free(&interrupted);
}

/* ---- Options --------------------------------------------------------------------------------- */

static void
show_log(void *context, uint32_t generation, const char *text, size_t size)
{
	(void)context;
	(void)generation;
	cli_log(text, size);
}

static void
show_open_progress(void *context, uint32_t generation, const struct lw_progress *progress)
{
	(void)context;
	(void)generation;
	cli_progress(progress);
}

static void
show_build_progress(void *context, const struct lw_progress *progress)
{
	(void)context;
	cli_progress(progress);
}

static void
show_build_log(void *context, const char *text, size_t size)
{
	const int *verbose = context;

	if (*verbose)
		cli_log(text, size);
}

static void
show_probe(void *context, const char *place, const char *path, const char *result)
{
	const int *verbose = context;

	if (*verbose)
		cli_say("toolchain: %s: %s: %s", place, path, result);
}

void
cli_watch_build(struct lw_build_options *build, const int *verbose)
{
	build->on_log = show_build_log;
	build->on_probe = show_probe;
	build->context = (void *)verbose;
}

static void
show_step(void *context, lw_step step)
{
	const struct cli_target *t = context;

	if (t->verbose)
		cli_say("%s", lw_step_name(step));
}

void
cli_target_begin(struct cli_target *t, struct cli_options *o)
{
	memset(t, 0, sizeof *t);
	t->build = (struct lw_build_options)LW_BUILD_OPTIONS_INIT;
	t->worker = (struct lw_worker_options)LW_WORKER_OPTIONS_INIT;
	t->open = (struct lw_open_options)LW_OPEN_OPTIONS_INIT;
	t->call = (struct lw_call_options)LW_CALL_OPTIONS_INIT;
	cli_text(o, 'c', "capability", "MANIFEST",
	    "what to load: a JSON file beside the shared library;\n`leanworker build` writes it",
	    &t->manifest);
	cli_text(o, 'p', "project", "FOLDER",
	    "a Lake project, instead: what --library names is built\nand loaded", &t->project);
	cli_text(o, 'l', "library", "LIBRARY",
	    "a lean_lib of it, or of a package that it requires;\ndefault: LeanWorkerLean, which "
	    "inspects what is imported\nand is built in your cache, not in the project",
	    &t->build.library);
	cli_list(o, 'i', "import", "MODULE",
	    "import a module before the first request; may come\nagain", &t->imports);
	cli_text(o, 0, "import-root", "FOLDER",
	    "the Lake workspace of the modules; default: --project", &t->open.import_root);
	cli_text(o, 0, "import-level", "LEVEL",
	    "how much of them: private (all), server, exported;\ndefault private",
	    &t->open.import_level);
	cli_text(o, 0, "sysroot", "FOLDER",
	    "of the toolchain; default: $LEAN_SYSROOT, else what the\nproject's lean-toolchain "
	    "names, "
	    "else lean on the PATH",
	    &t->build.sysroot);
	cli_flag(o, 0, "fetch", "let Lake fetch packages that are missing", &t->fetch);
	cli_text(o, 0, "child", "PROGRAM",
	    "the child program; default: $LEANWORKER_CHILD, else\nthe one that was installed with "
	    "this",
	    &t->worker.child_path);
	cli_time(o, 't', "timeout", "how long the request may take: 500ms, 30s, 2m;\ndefault 30s",
	    &t->timeout_ms);
	cli_flag(o, 0, "json", "a failure as a line of JSON, for `leanworker explain`", &t->json);
	cli_flag(o, 'v', "verbose", "say each step, and what serves the request", &t->verbose);
}

int
cli_target_check(const struct cli_verb *verb, struct cli_target *t)
{
	cli_report_json(t->json);
	if (t->manifest == NULL && t->project == NULL)
		return cli_usage(
		    verb->name, "--capability or --project is missing: what is to be loaded?");
	if (t->manifest != NULL && (t->project != NULL || t->build.library != NULL))
		return cli_usage(verb->name, "--capability is built already: it goes without %s",
		    t->project != NULL ? "--project" : "--library");
	if (t->imports.count == 0 && (t->open.import_root || t->open.import_level))
		return cli_usage(verb->name, "--import is missing: which module?");
	t->open.manifest = t->manifest;
	if (t->project != NULL)
		t->open.build = &t->build;
	if (t->imports.count > 0)
		t->open.imports = t->imports.items;
	t->build.project_root = t->project;
	t->build.allow_fetch = (uint8_t)t->fetch;
	t->build.on_progress = show_build_progress;
	cli_watch_build(&t->build, &t->verbose);
	t->worker.on_log = show_log;
	t->worker.on_open_progress = show_open_progress;
	t->open.worker = &t->worker;
	t->open.on_step = show_step;
	t->open.context = t;
	return -1;
}

void
cli_request_begin(struct cli_request *r, struct cli_options *o)
{
	*r = (struct cli_request){ .text = "{}" };
	cli_text(o, 'r', "request", "TEXT",
	    "what the export is given; default {};\n@FILE: read from a file; -: from standard "
	    "input",
	    &r->text);
}

int
cli_request_parse(const struct cli_verb *verb, struct cli_options *o, struct cli_target *t,
    struct cli_request *r, int argc, char **argv)
{
	int count, status;
	char **words;

	status = cli_parse(verb, o, argc, argv, 1, &words, &count);
	if (status >= 0)
		return status;
	if (count == 0)
		return cli_usage(verb->name, "which export? Its name is missing");
	r->export_name = words[0];
	return cli_target_check(verb, t);
}

/* ---- Opening --------------------------------------------------------------------------------- */

/*
 * What serves. Rows that do not come from Lean itself must never be taken for Lean's, so that is
 * said always; the rest is for people, and not for the logs of scripts.
 */
static void
say_runtime(const struct cli_target *t, const struct lw_opened *opened)
{
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_worker_facts process = LW_WORKER_FACTS_INIT;
	int stand_in, asked = cli_screen_is_terminal() || t->verbose;

	if (lw_session_facts(opened->session, &facts) != LW_OK ||
	    lw_worker_facts(opened->worker, &process) != LW_OK)
		return;
	stand_in = strcmp(facts.host, "lean") == 0 && strcmp(facts.runtime, "Lean") != 0;
	if (stand_in || asked)
		cli_say("served by %s%s%s", facts.runtime, *facts.lean_version ? " " : "",
		    facts.lean_version);
	if (*facts.warning != '\0' && !stand_in && asked)
		cli_say("warning: %s", facts.warning);
	if (t->verbose)
		cli_say("process %d of %s", (int)process.pid, process.child_path);
}

lw_code
cli_target_open(struct cli_target *t, struct lw_opened *ret_opened, struct lw_error *ret_error)
{
	lw_code code;

	t->call.cancel = cli_interrupt_begin();
	code = lw_open(&t->open, &t->call, ret_opened, ret_error);
	t->call.budgets.request_ms = t->timeout_ms;
	cli_screen_clear();
	if (code == LW_OK)
		say_runtime(t, ret_opened);
	return code;
}

void
cli_target_close(struct lw_opened *opened)
{
	cli_screen_clear();
	lw_opened_close(opened);
	cli_interrupt_end();
}
