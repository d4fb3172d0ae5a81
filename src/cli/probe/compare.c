/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another command, and this library used once from beginning to end, in turns: a slow minute of the machine
 * is both's. Each begins with a warm-up that does not count.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

#define GIT_MS 5000

static int
ended_well(const struct probe_end *end)
{
	return !end->timed_out && !end->interrupted && WIFEXITED(end->status) &&
	       WEXITSTATUS(end->status) == 0;
}

/* What git says of the folder in which the command is started; "" where it says nothing. */
static void
find_revision(struct probe_comparison *c, lw_cancel_token *cancel)
{
	struct probe_end end = { .status = 0 };

	if (getcwd(c->folder, sizeof c->folder) == NULL)
		c->folder[0] = '\0';
	if (c->revision != NULL ||
	    probe_run("git describe --always --dirty --tags 2>&-", GIT_MS, cancel, &end) != 0 ||
	    !ended_well(&end))
		return;
	(void)snprintf(c->found_revision, sizeof c->found_revision, "%.*s",
	    (int)strcspn(end.output, "\n"), end.output);
	c->revision = c->found_revision;
}

static void
run_theirs(struct probe *p, int is_warm_up)
{
	struct probe_comparison *c = &p->comparison;
	struct probe_end *end = &c->last;
	int fault = probe_run(c->command, c->timeout_ms, p->target.call.cancel, end);

	c->command_runs += fault == 0;
	if (fault != 0)
		probe_state(p, PROBE_THEIRS, PROBE_FAILED, "sh: %s", strerror(fault));
	else if (end->interrupted)
		probe_state(p, PROBE_THEIRS, PROBE_FAILED, "interrupted");
	else if (end->timed_out)
		probe_state(p, PROBE_THEIRS, PROBE_FAILED,
		    "run %zu had not ended after %.3g s, and was killed", c->command_runs,
		    (double)c->timeout_ms / 1e3);
	else if (WIFSIGNALED(end->status))
		probe_state(p, PROBE_THEIRS, PROBE_FAILED, "run %zu was ended by signal %d",
		    c->command_runs, WTERMSIG(end->status));
	else if (!ended_well(end))
		probe_state(p, PROBE_THEIRS, PROBE_FAILED, "run %zu ended with status %d",
		    c->command_runs, WEXITSTATUS(end->status));
	else if (!is_warm_up)
		probe_add(p, PROBE_THEIRS, timed_ms(end->began_ns, end->ended_ns));
}

static void
run_ours(struct probe *p, int is_warm_up)
{
	struct lw_call_options call = p->target.call;
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_error error = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };
	int64_t began = cli_now_ns();
	lw_code code;

	call.budgets.request_ms = 0;
	code = lw_open(&p->target.open, &call, &opened, &error);
	if (code == LW_OK)
		code = timed_stream(opened.session, p->exports[PROBE_ROLE_STREAM],
		    lw_text(p->requests[PROBE_ROLE_STREAM]), &p->target.call, &timed, &error);
	lw_opened_close(&opened);
	if (code != LW_OK)
		probe_fail(p, PROBE_WHOLE, &error);
	else if (!is_warm_up)
		probe_add(p, PROBE_WHOLE, timed_ms(began, cli_now_ns()));
}

void
probe_compare(struct probe *p)
{
	if (p->comparison.command == NULL) {
		probe_state(p, PROBE_WHOLE, PROBE_NOT_RUN, "no command to compare with");
		probe_state(p, PROBE_THEIRS, PROBE_NOT_RUN, "no command to compare with");
		return;
	}
	find_revision(&p->comparison, p->target.call.cancel);
	for (size_t i = 0; i <= p->runs && !probe_interrupted(p); i++) {
		probe_progress("comparison", i, p->runs + 1);
		if (probe_is_open(p, PROBE_WHOLE))
			run_ours(p, i == 0);
		if (probe_is_open(p, PROBE_THEIRS))
			run_theirs(p, i == 0);
	}
}
