/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/exchange.h"

#include <stdio.h>

#include "base/sys.h"
#include "parent/budgets.h"
#include "parent/cancel.h"
#include "parent/error.h"

#define LAST_LOOK_WAITS 16
#define LAST_LOOK_MS    20

/* ---- Limits -------------------------------------------------------------------------------- */

static struct exchange_limit
budget_limit(const struct exchange *x, int64_t began_ns, uint32_t budget_ms, lw_verdict verdict)
{
	return (struct exchange_limit){
		.ask = budget_ask(began_ns, budget_ms, x->worker->call.budgets.ask_ms),
		.end = budget_end(began_ns, budget_ms),
		.budget_ms = budget_ms,
		.verdict = verdict,
	};
}

/* An absolute deadline is asked for ahead of as if the whole of it were one budget. */
static struct exchange_limit
call_limit(const struct exchange *x)
{
	struct exchange_limit limit = { .ask = DEADLINE_NEVER, .end = DEADLINE_NEVER };
	struct deadline end = x->worker->call.deadline;
	int64_t budget_ms = (end.mono_ns - x->began_ns) / NS_PER_MS;

	if (end.mono_ns == DEADLINE_NEVER.mono_ns)
		return limit;
	if (budget_ms < 0)
		budget_ms = 0;
	if (budget_ms >= LW_NO_LIMIT)
		budget_ms = LW_NO_LIMIT - 1;
	limit = budget_limit(x, x->began_ns, (uint32_t)budget_ms, x->late);
	limit.end = end;
	limit.of_call = true;
	return limit;
}

static struct exchange_limit
nearer(struct exchange_limit a, struct exchange_limit b)
{
	return b.end.mono_ns < a.end.mono_ns ? b : a;
}

/* The limit that ends first now: those of first row and silence move. */
static struct exchange_limit
nearest_limit(const struct exchange *x)
{
	const struct lw_budgets *b = &x->worker->call.budgets;
	const struct request *r = x->request;
	struct exchange_limit limit = nearer(
	    budget_limit(x, x->began_ns, x->budget_ms, x->late), call_limit(x));

	if (r == NULL || r->kind != WIRE_KIND_STREAM)
		return limit;
	if (r->first_row_ns == 0 && b->first_row_ms != LW_NO_LIMIT)
		limit = nearer(limit, budget_limit(x, r->began_ns + r->sink_ns, b->first_row_ms,
					  LW_V_FIRST_ROW_TIMEOUT));
	if (b->idle_ms != LW_NO_LIMIT)
		limit = nearer(limit, budget_limit(x, r->event_ns, b->idle_ms, LW_V_IDLE_TIMEOUT));
	return limit;
}

/* ---- Asking and killing -------------------------------------------------------------------- */

static void
ask_stop(struct exchange *x, enum exchange_stop stop)
{
	if (x->asked_ns == 0) {
		x->asked_ns = sys_monotonic_ns();
		child_ask_stop(x->worker->child);
	}
	if (stop > x->stop)
		x->stop = stop;
	if (stop != EXCHANGE_LATE) {
		struct deadline grace = budget_end(
		    sys_monotonic_ns(), x->killable_only ? 0 : x->worker->call.budgets.grace_ms);

		x->kill = deadline_earlier(x->kill, grace);
	}
}

/* A cancel and a refusal are looked for here, wherever they were noticed first. */
static void
note_stops(struct exchange *x)
{
	struct request *r = x->request;

	if (x->stop < EXCHANGE_REFUSED && r != NULL && r->refusal != LW_V_OK)
		ask_stop(x, EXCHANGE_REFUSED);
	if (x->stop < EXCHANGE_CANCELLED && cancelled(x->worker->call.cancel)) {
		if (r != NULL)
			(void)request_heed_cancel(r);
		ask_stop(x, EXCHANGE_CANCELLED);
	}
}

void
exchange_limit_words(
    const struct exchange_limit *limit, const char *what, char *ret_text, size_t room)
{
	if (limit->verdict == LW_V_FIRST_ROW_TIMEOUT)
		(void)snprintf(ret_text, room, "no row came within %u ms", limit->budget_ms);
	else if (limit->verdict == LW_V_IDLE_TIMEOUT)
		(void)snprintf(
		    ret_text, room, "the export emitted nothing for %u ms", limit->budget_ms);
	else
		(void)snprintf(
		    ret_text, room, "%s did not end within %u ms", what, limit->budget_ms);
}

static void
kill_late(struct exchange *x, const struct exchange_limit *limit)
{
	const char *kept = x->asked_ns && !x->killable_only ? ", and did not stop when asked" : "";
	char words[128];

	if (limit->verdict == LW_V_START_TIMEOUT)
		child_condemn(x->worker->child, limit->verdict,
		    "%s did not say HELLO within %u ms; it was killed", x->worker->child_path,
		    limit->budget_ms);
	else if (limit->of_call)
		child_condemn(x->worker->child, limit->verdict,
		    "%s was not over at the call's deadline%s; the child was killed", x->what,
		    kept);
	else {
		exchange_limit_words(limit, x->what, words, sizeof words);
		child_condemn(
		    x->worker->child, limit->verdict, "%s%s; the child was killed", words, kept);
	}
}

static void
kill_stopped(struct exchange *x)
{
	uint32_t grace_ms = x->worker->call.budgets.grace_ms;

	if (x->stop == EXCHANGE_REFUSED)
		child_condemn(x->worker->child, LW_V_SINK,
		    "no more rows were wanted (%s), and the child did not stop within %u ms; it "
		    "was killed",
		    lw_verdict_name(x->request->refusal), grace_ms);
	else if (x->killable_only)
		child_condemn(x->worker->child, LW_V_CANCELLED,
		    "the caller cancelled %s; the child was killed", x->what);
	else
		child_condemn(x->worker->child, LW_V_CANCELLED,
		    "the caller cancelled %s, which did not stop within %u ms; the child was "
		    "killed",
		    x->what, grace_ms);
}

/* ---- Memory -------------------------------------------------------------------------------- */

static void
sample_memory(struct exchange *x)
{
	const struct lw_restart_policy *policy = &x->worker->options.restart;
	struct lw_worker_statistics *s = &x->worker->statistics;
	const struct child *c = x->worker->child;

	if (x->request == NULL || policy->memory_limit_kib == 0 || !deadline_passed(x->sample))
		return;
	x->sample = deadline_in_ms(policy->memory_sample_ms);
	if (!worker_sample_memory(x->worker))
		return;
	if (s->memory_kib > policy->memory_limit_kib)
		child_condemn(x->worker->child, LW_V_MEMORY_LIMIT,
		    "process %d has grown to %llu KiB, over the limit of %llu KiB; it was killed",
		    c->pid, (unsigned long long)s->memory_kib,
		    (unsigned long long)policy->memory_limit_kib);
}

/* ---- The wait ------------------------------------------------------------------------------ */

static bool
is_over(const struct exchange *x)
{
	return !child_lives(x->worker->child) || x->is_done(x->worker->child);
}

/*
 * The process may have been stopped or starved past the limit, with the answer waiting: what is there
 * is taken, and given a moment, before anybody is killed.
 */
static void
look_once_more(struct exchange *x)
{
	struct deadline moment = deadline_in_ms(LAST_LOOK_MS), end = DEADLINE_NEVER;

	x->looked = true;
	if (x->request != NULL) {
		end = x->request->deadline;
		x->request->deadline = moment;
	}
	for (int i = 0; i < LAST_LOOK_WAITS && !is_over(x) && !deadline_passed(moment); i++)
		if (!worker_pump(x->worker, (struct deadline){ 0 }))
			break;
	if (x->request != NULL)
		x->request->deadline = end;
}

static void
wait_a_while(struct exchange *x, const struct exchange_limit *limit)
{
	struct deadline until = deadline_earlier(x->kill, limit->end);

	x->looked = false;
	if (x->asked_ns == 0 && !x->killable_only)
		until = deadline_earlier(until, limit->ask);
	if (x->request != NULL && x->worker->options.restart.memory_limit_kib != 0)
		until = deadline_earlier(until, x->sample);
	(void)worker_pump(x->worker, until);
}

void
exchange_run(struct exchange *x)
{
	x->kill = DEADLINE_NEVER;
	while (!is_over(x)) {
		struct exchange_limit limit = nearest_limit(x);

		sample_memory(x);
		note_stops(x);
		if (is_over(x))
			break;
		if (deadline_passed(x->kill)) {
			kill_stopped(x);
		} else if (deadline_passed(limit.end)) {
			if (x->looked)
				kill_late(x, &limit);
			else
				look_once_more(x);
		} else if (x->asked_ns == 0 && !x->killable_only && deadline_passed(limit.ask)) {
			x->stopped_by = limit;
			ask_stop(x, EXCHANGE_LATE);
		} else {
			wait_a_while(x, &limit);
		}
	}
}

lw_code
exchange_may_begin(const struct lw_worker *w, struct lw_error *ret_error)
{
	if (cancelled(w->call.cancel))
		return error_set(ret_error, LW_V_CANCELLED,
		    "the caller had cancelled before anything was begun");
	if (deadline_passed(w->call.deadline))
		return error_set(ret_error, w->call.too_late,
		    "the call's deadline had passed before anything was begun");
	return LW_OK;
}
