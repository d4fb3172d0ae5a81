/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker probe: the operational check of a capability, in one process and one open session. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

#define RUNS            5
#define RUNS_QUICK      2
#define STREAM_MS       1000
#define STREAM_QUICK_MS 100
#define COMPARE_MS      60000

/* 1 to PROBE_RUNS_MAX; 0: it is none of these. */
static size_t
parse_runs(const char *text)
{
	char *end;
	unsigned long runs = strtoul(text, &end, 10);

	return *text < '0' || *text > '9' || *end != '\0' || runs > PROBE_RUNS_MAX ? 0 : runs;
}

static lw_code
open_session(struct probe *p, struct lw_error *ret_error)
{
	lw_code code;

	/* The deaths are the probe's own doing, and no reason to give up. */
	p->target.worker.restart.max_deaths = LW_NO_LIMIT;
	if (!p->target.verbose) /* and so is what children say of it */
		p->target.worker.on_log = NULL;
	code = lw_cancel_token_create(&p->token, ret_error);
	if (code == LW_OK)
		code = cli_target_open(&p->target, &p->opened, ret_error);
	if (code != LW_OK)
		return code;
	(void)lw_session_facts(p->opened.session, &p->session);
	(void)lw_worker_facts(p->opened.worker, &p->process);
	p->first_start_ms = (double)p->opened.elapsed_ns / 1e6;
	probe_memory(p, "open");
	return LW_OK;
}

static void
measure(struct probe *p)
{
	void (*const parts[])(struct probe *) = { probe_starts, probe_imports, probe_commands,
		probe_streaming, probe_cancels, probe_deaths, probe_cycles, probe_compare };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !probe_interrupted(p); i++)
		parts[i](p);
	(void)lw_worker_statistics(p->opened.worker, &p->statistics);
	probe_summarise(p);
	cli_screen_clear();
}

/* A figure that could not be measured is a finding; the compared command is none of ours. */
static int
status_of(const struct probe *p)
{
	for (int id = 0; id < PROBE_THEIRS; id++)
		if (p->figures[id].state == PROBE_FAILED)
			return CLI_EXIT_FINDINGS;
	return 0;
}

static int
report(const struct probe *p)
{
	int status = 0, fault = p->html ? probe_write_html(p, p->html) : 0;

	if (p->target.json)
		status = probe_print_json(p);
	else
		probe_print_text(p);
	if (fault != 0) {
		cli_say("cannot write %s: %s", p->html, strerror(fault));
		return CLI_EXIT_FILE;
	}
	return status != 0 ? status : status_of(p);
}

static int
run(struct probe *p)
{
	struct lw_error error = LW_ERROR_INIT;
	int interrupted;
	lw_code code;

	p->began_ns = cli_now_ns();
	code = open_session(p, &error);
	if (code == LW_OK)
		measure(p);
	interrupted = probe_interrupted(p);
	cli_target_close(&p->opened);
	lw_cancel_token_free(&p->token);
	if (code != LW_OK)
		return cli_fail(&error);
	if (interrupted) {
		cli_say("interrupted; nothing is reported");
		return CLI_EXIT_FIRST + LW_E_CANCELLED;
	}
	return report(p);
}

struct words {
	struct cli_list exports, requests;
	const char *runs;
};

static void
add_options(struct cli_options *o, struct probe *p, struct words *w)
{
	cli_text(o, 'n', "repeat", "N", "so many runs of each; 1 to 100, default 5", &w->runs);
	cli_flag(o, 'q', "quick", "few and short runs: does it all work?", &p->quick);
	cli_text(o, 0, "html", "FILE", "write the report with its plots, too", &p->html);
	cli_list(o, 0, "export", "ROLE=EXPORT",
	    "which export has a role; may come again. Roles:\nversion, doctor, extract, features, "
	    "index, probe: what\nthey are called; stream (default: index), for\nthroughput and "
	    "recovery; many (default: many), of rows\nwithout an end; silent (default: spin): a "
	    "row, then\nsilence; panic (default: row_then_panic)",
	    &w->exports);
	cli_list(o, 0, "request", "ROLE=TEXT", "what that export is given", &w->requests);
	cli_text(o, 0, "compare", "COMMAND",
	    "run it with sh beside all this, as often; default:\n$LEANWORKER_COMPARE_COMMAND",
	    &p->comparison.command);
	cli_text(o, 0, "compare-revision", "TEXT",
	    "what of it was compared; default: what git describes\nthis folder as",
	    &p->comparison.revision);
	cli_time(
	    o, 0, "compare-timeout", "of each run of it; default 60s", &p->comparison.timeout_ms);
	cli_target_begin(&p->target, o);
	cli_describe(
	    o, "json", "the report as a line of JSON; a failure too, for\n`leanworker explain`");
}

/* -1, or the exit status. */
static int
settle_words(const struct cli_verb *verb, struct probe *p, const struct words *w)
{
	const char *compared = getenv("LEANWORKER_COMPARE_COMMAND");
	int status = cli_target_check(verb, &p->target);

	if (status >= 0)
		return status;
	p->runs = w->runs ? parse_runs(w->runs) : p->quick ? RUNS_QUICK : RUNS;
	p->stream_ms = p->quick ? STREAM_QUICK_MS : STREAM_MS;
	if (p->runs == 0)
		return cli_usage(verb->name, "--repeat \"%s\" is not a number from 1 to %d",
		    w->runs, PROBE_RUNS_MAX);
	if (p->comparison.command == NULL && compared != NULL && *compared != '\0')
		p->comparison.command = compared;
	if (p->comparison.command != NULL && *p->comparison.command == '\0')
		return cli_usage(verb->name, "--compare is empty: which command?");
	return probe_roles(verb, p, &w->exports, &w->requests);
}

static int
probe(const struct cli_verb *verb, int argc, char **argv)
{
	static struct probe p; /* its samples and buckets are much for a stack */
	struct cli_options options = { .count = 0 };
	struct words words = { .runs = NULL };
	int count, status;
	char **rest;

	p.opened = (struct lw_opened)LW_OPENED_INIT;
	p.session = (struct lw_session_facts)LW_SESSION_FACTS_INIT;
	p.process = (struct lw_worker_facts)LW_WORKER_FACTS_INIT;
	p.statistics = (struct lw_worker_statistics)LW_WORKER_STATISTICS_INIT;
	p.comparison.timeout_ms = COMPARE_MS;
	add_options(&options, &p, &words);
	status = cli_parse(verb, &options, argc, argv, 0, &rest, &count);
	if (status < 0)
		status = settle_words(verb, &p, &words);
	return status >= 0 ? status : run(&p);
}

const struct cli_verb cli_probe = {
	.name = "probe",
	.does = "measure starts, throughput, cancels, deaths and cycles of a capability",
	.usage = "--capability MANIFEST [OPTION...]\n"
		 "--project FOLDER [--library LIBRARY] [OPTION...]",
	.about =
	    "Opens a capability, and measures what using it is like here: a cold start by its "
	    "steps,\n"
	    "first imports, six commands, rows per second in a session that stays open, how long "
	    "it\n"
	    "takes to cancel, to get over a death, and to replace the child, and memory all "
	    "along.\n"
	    "It cancels and kills children of its own. What the capability lacks is \"not "
	    "there\"; the\n"
	    "exit status is 4 where a figure could not be measured. An envelope check, and no\n"
	    "benchmark of anything else.\n",
	.examples =
	    "  leanworker probe -c my.capability.json --html probe.html\n"
	    "  leanworker probe -c my.capability.json --export stream=my_rows --json | jq "
	    ".figures\n"
	    "  leanworker probe -c my.capability.json --compare 'my-tool --json file.lean'\n",
	.run = probe,
};
