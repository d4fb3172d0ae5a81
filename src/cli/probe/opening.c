/* SPDX-License-Identifier: Apache-2.0 */
/* Starts by their steps, first imports, and cycles. */
#include "cli/probe/probe.h"
#include "cli/screen.h"

/* Each in a fresh child, beside the open session. */
static lw_code
open_once(struct probe *p, const char *const *imports, struct lw_opened *ret_opened,
    struct lw_error *ret_error)
{
	struct lw_open_options options = p->target.open;
	struct lw_call_options call = p->target.call;

	options.on_step = NULL;
	options.imports = imports;
	if (imports == NULL)
		options.import_root = options.import_level = NULL;
	call.budgets.request_ms = 0; /* that is for requests */
	return lw_open(&options, &call, ret_opened, ret_error);
}

static void
add_steps(struct probe *p, const struct lw_opened *opened)
{
	static const struct {
		lw_step step;
		enum probe_id id;
	} steps[] = { { LW_STEP_CHECK, PROBE_START_CHECK }, { LW_STEP_BUILD, PROBE_START_BUILD },
		{ LW_STEP_LOAD, PROBE_START_LOAD }, { LW_STEP_START, PROBE_START_START },
		{ LW_STEP_HEALTH, PROBE_START_HEALTH }, { LW_STEP_OPEN, PROBE_START_OPEN } };

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (opened->step_ns[steps[i].step] > 0)
			probe_add(p, steps[i].id, (double)opened->step_ns[steps[i].step] / 1e6);
	probe_add(p, PROBE_START_ALL, (double)opened->elapsed_ns / 1e6);
}

void
probe_starts(struct probe *p)
{
	struct lw_error error = LW_ERROR_INIT;

	for (size_t i = 0; i < p->runs && probe_is_open(p, PROBE_START_ALL); i++) {
		struct lw_opened opened = LW_OPENED_INIT;

		probe_progress("cold start", i, p->runs);
		if (open_once(p, NULL, &opened, &error) == LW_OK)
			add_steps(p, &opened);
		else
			probe_fail(p, PROBE_START_ALL, &error);
		lw_opened_close(&opened);
	}
	for (int id = PROBE_START_CHECK; id < PROBE_START_ALL; id++)
		if (p->figures[id].count == 0)
			probe_state(p, (enum probe_id)id, PROBE_NOT_RUN, "%s",
			    id == PROBE_START_BUILD ? "built before: --capability names a manifest"
						    : "lw_open did not get there");
	probe_memory(p, "starts");
}

void
probe_imports(struct probe *p)
{
	struct lw_error error = LW_ERROR_INIT;

	if (p->target.imports.count == 0) {
		probe_state(p, PROBE_IMPORT_OPEN, PROBE_NOT_RUN, "no imports given");
		probe_state(p, PROBE_IMPORT_ALL, PROBE_NOT_RUN, "no imports given");
		return;
	}
	for (size_t i = 0; i < p->runs && probe_is_open(p, PROBE_IMPORT_OPEN); i++) {
		struct lw_opened opened = LW_OPENED_INIT;

		probe_progress("first import", i, p->runs);
		if (open_once(p, p->target.imports.items, &opened, &error) == LW_OK) {
			probe_add(p, PROBE_IMPORT_OPEN, (double)opened.step_ns[LW_STEP_OPEN] / 1e6);
			probe_add(p, PROBE_IMPORT_ALL, (double)opened.elapsed_ns / 1e6);
		} else {
			probe_fail(p, PROBE_IMPORT_OPEN, &error);
			probe_fail(p, PROBE_IMPORT_ALL, &error);
		}
		lw_opened_close(&opened);
	}
	probe_memory(p, "imports");
}

/* The child that is replaced has served one request, as each before it. */
static void
cycle(struct probe *p)
{
	struct lw_error error = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };
	int64_t called = cli_now_ns(), ready;
	lw_code code = lw_worker_cycle(p->opened.worker, &p->target.call, &error);

	ready = cli_now_ns();
	if (code != LW_OK)
		probe_fail(p, PROBE_CYCLE_READY, &error);
	else
		probe_add(p, PROBE_CYCLE_READY, timed_ms(called, ready));
	if (code == LW_OK)
		code = probe_request(p, PROBE_ROLE_STREAM, &timed, &error);
	if (code != LW_OK)
		probe_fail(p, PROBE_CYCLE_ROW, &error);
	else if (timed.first_row_ns == 0)
		probe_state(p, PROBE_CYCLE_ROW, PROBE_FAILED, "the stream has no row");
	else
		probe_add(p, PROBE_CYCLE_ROW, timed_ms(called, timed.first_row_ns));
}

void
probe_cycles(struct probe *p)
{
	for (size_t i = 0; i < p->runs && probe_is_open(p, PROBE_CYCLE_READY); i++) {
		probe_progress("cycles", i, p->runs);
		cycle(p);
		probe_memory(p, "cycles");
	}
}
