/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "parent/budgets.h"
#include "parent/cancel.h"
#include "parent/error.h"
#include "parent/exchange.h"
#include "parent/memory.h"
#include "parent/recipe.h"
#include "parent/session.h"
#include "parent/statistics.h"
#include "parent/worker.h"

lw_code
worker_child_error(struct lw_worker *w, struct lw_error *ret_error)
{
	const struct child *c = w->child;
	size_t struct_size;

	if (LW_BUG_IF(c == NULL || child_lives(c)))
		return error_set(ret_error, LW_V_BUG, "a call ended without its child");
	if (ret_error != NULL) {
		struct_size = ret_error->struct_size;
		*ret_error = c->cause;
		ret_error->struct_size = struct_size;
		child_describe(c, ret_error);
	}
	return c->cause.code;
}

/* ---- The end of a child's service ---------------------------------------------------------- */

void
worker_count_death(struct lw_worker *w, const struct child *c)
{
	w->statistics.deaths++;
	w->last_end = c->cause.verdict;
	(void)snprintf(w->last_words, sizeof w->last_words, "%.*s", (int)sizeof w->last_words - 1,
	    c->cause.message);
}

static void
account_for_death(struct lw_worker *w, const struct child *c)
{
	worker_count_death(w, c);
	if (w->lost_ns == 0)
		w->lost_ns = c->condemned_ns;
	restarts_note_death(&w->restarts, c->served, c->condemned_ns);
}

void
worker_set_aside(struct lw_worker *w)
{
	struct child *c = w->child;

	if (c == NULL)
		return;
	w->lost = w->ordered ? w->ordered : child_restart(c);
	w->ordered = LW_RESTART_NONE;
	w->needed_ns = child_lives(c) ? sys_monotonic_ns() : c->condemned_ns;
	w->handover_ns = 0;
	if (restart_is_death(w->lost))
		account_for_death(w, c);
	c->next = w->unburied;
	w->unburied = c;
	w->child = NULL;
	worker_drop_buried(w);
}

static bool
retirement_is_over(const struct lw_worker *w)
{
	return w->child->state == CHILD_BURIED || cancelled(w->call.cancel);
}

static lw_shutdown_outcome
retired_as(const struct child *c)
{
	if (c->cause.verdict == LW_V_PROTOCOL)
		return LW_SHUTDOWN_PROTOCOL;
	if (!c->exit.known || c->exit.ordered)
		return LW_SHUTDOWN_KILLED;
	return c->bye && c->exit.code == 0 ? LW_SHUTDOWN_ORDERLY : LW_SHUTDOWN_DIED;
}

lw_shutdown_outcome
worker_retire(struct lw_worker *w, lw_restart reason)
{
	struct deadline until = deadline_earlier(
	    w->call.deadline, budget_end(sys_monotonic_ns(), w->call.budgets.shutdown_ms));
	struct child *c = w->child;

	if (c == NULL || !child_lives(c))
		return LW_SHUTDOWN_ALREADY_DEAD;
	w->ordered = reason;
	if (child_is_free(c)) {
		child_shut_down(c, until);
		(void)worker_wait_until(w, retirement_is_over, until);
	}
	if (child_lives(c))
		child_condemn(
		    c, LW_V_REPLACED, "the child was replaced: %s", lw_restart_name(reason));
	return retired_as(c);
}

void
worker_dismiss(struct lw_worker *w, struct child *c)
{
	if (child_is_free(c))
		child_shut_down(c, budget_end(sys_monotonic_ns(), w->call.budgets.shutdown_ms));
	else
		child_condemn(c, LW_V_REPLACED, "the child is not needed any more");
}

void
worker_replace(struct lw_worker *w, lw_restart reason)
{
	if (w->child == NULL || !child_lives(w->child))
		return;
	if (!worker_has_spare(w)) {
		(void)worker_retire(w, reason);
		return;
	}
	w->ordered = reason;
	worker_dismiss(w, w->child);
	worker_set_aside(w);
}

bool
worker_may_repeat(const struct lw_worker *w)
{
	const struct child *c = w->child;

	return c != NULL && !child_lives(c) && c->unread && !c->heard;
}

bool
worker_shall_repeat(const struct lw_worker *w)
{
	return worker_may_repeat(w) && w->options.restart.replacement != LW_REPLACE_MANUAL &&
	       exchange_may_begin(w, NULL) == LW_OK;
}

/* ---- Starting ------------------------------------------------------------------------------ */

/* Answers whether it has been opened now. */
static bool
note_times(struct lw_worker *w, struct child *c)
{
	bool opened = c->open_took_ns >= 0;

	if (c->start_took_ns >= 0)
		histogram_add(&w->statistics.spawn, c->start_took_ns);
	if (opened) {
		w->statistics.opens++;
		histogram_add(&w->statistics.open, c->open_took_ns);
	}
	c->start_took_ns = c->open_took_ns = -1; /* each is counted once */
	return opened;
}

void
worker_note_progress(struct lw_worker *w)
{
	if (w->spare != NULL && note_times(w, w->spare))
		worker_sample_spare(w);
	if (w->child == NULL)
		return;
	(void)note_times(w, w->child);
	if (w->handover_ns != 0 && child_is_open(w->child)) {
		histogram_add(&w->statistics.handover, sys_monotonic_ns() - w->handover_ns);
		w->handover_ns = 0;
	}
}

static bool
is_started(const struct child *c)
{
	return c->state != CHILD_STARTING;
}

lw_code
worker_launch(struct lw_worker *w, struct child **ret_child, struct lw_error *ret_error)
{
	struct child_options options = {
		.path = w->child_path,
		.environment = w->environment,
		.generation = w->statistics.generations + 1,
		.row_cap = w->options.row_cap,
		.containment = w->options.containment,
		.on_log = w->options.on_log,
		.log_context = w->options.log_context,
		.on_open_progress = w->options.on_open_progress,
		.open_progress_context = w->options.open_progress_context,
		.epoll = w->epoll,
	};
	lw_code code = child_start(&options, ret_child, ret_error);

	if (code == LW_OK)
		w->statistics.generations++;
	return code;
}

/* The spare, ready or not, before another one. */
static lw_code
begin_child(struct lw_worker *w, struct lw_error *ret_error)
{
	lw_code code = LW_OK;

	if (worker_has_spare(w))
		worker_hand_over(w);
	else
		code = worker_launch(w, &w->child, ret_error);
	if (code != LW_OK)
		return code;
	w->generation = w->child->options.generation;
	w->call.restarted = w->lost;
	if (w->lost != LW_RESTART_NONE)
		w->statistics.restarts[w->lost]++;
	worker_note_progress(w);
	return LW_OK;
}

static lw_code
wait_for_start(struct lw_worker *w, struct lw_error *ret_error)
{
	struct exchange x = {
		.worker = w,
		.is_done = is_started,
		.what = "the start of a child",
		.began_ns = sys_monotonic_ns(),
		.budget_ms = w->call.budgets.start_ms,
		.late = LW_V_START_TIMEOUT,
		.killable_only = true,
	};

	exchange_run(&x);
	if (!child_lives(w->child))
		return worker_child_error(w, ret_error);
	return LW_OK;
}

static lw_code
gave_up(const struct lw_worker *w, int64_t until_ns, struct lw_error *ret_error)
{
	uint32_t retry_ms = (uint32_t)((until_ns - sys_monotonic_ns()) / NS_PER_MS + 1);
	lw_code code = error_set(ret_error, LW_V_GAVE_UP,
	    "%llu children have died, and the next is started in %u ms at the earliest; the last "
	    "one: %s: %s",
	    (unsigned long long)w->statistics.deaths, retry_ms, lw_verdict_name(w->last_end),
	    w->last_words);

	if (ret_error != NULL) {
		ret_error->retry_ms = retry_ms;
		ret_error->restart = w->lost;
		ret_error->generation = w->generation;
	}
	return code;
}

static bool
call_is_cancelled(const struct lw_worker *w)
{
	return cancelled(w->call.cancel);
}

/*
 * Waits for the next attempt after a child that had never served, if it comes within the call's
 * time. A full window is not waited for: it may be a minute.
 */
static lw_code
wait_for_attempt(struct lw_worker *w, struct lw_error *ret_error)
{
	int64_t until_ns = restarts_gave_up_until(&w->restarts, sys_monotonic_ns());
	struct deadline attempt = { w->restarts.not_before };
	struct deadline patience = deadline_earlier(
	    w->call.deadline, budget_end(sys_monotonic_ns(), w->call.budgets.request_ms));

	if (until_ns != 0)
		return gave_up(w, until_ns, ret_error);
	if (deadline_passed(attempt) || attempt.mono_ns == 0)
		return LW_OK;
	if (patience.mono_ns < attempt.mono_ns)
		return gave_up(w, attempt.mono_ns, ret_error);
	(void)worker_wait_until(w, call_is_cancelled, attempt);
	return exchange_may_begin(w, ret_error);
}

/* Whether the application wants to say itself when another child is started. */
static bool
waits_for_cycle(const struct lw_worker *w)
{
	return w->options.restart.replacement == LW_REPLACE_MANUAL && restart_is_death(w->lost);
}

static lw_code
start_child(struct lw_worker *w, struct lw_error *ret_error)
{
	lw_code code = LW_OK;

	if (waits_for_cycle(w))
		return error_set(ret_error, LW_V_SESSION_LOST,
		    "the child ended (%s: %s), and this worker replaces none by itself; call "
		    "lw_worker_cycle",
		    lw_verdict_name(w->last_end), w->last_words);
	code = wait_for_attempt(w, ret_error);
	return code == LW_OK ? begin_child(w, ret_error) : code;
}

lw_code
worker_need_child(struct lw_worker *w, struct lw_error *ret_error)
{
	lw_code code = exchange_may_begin(w, ret_error);

	if (code != LW_OK)
		return code;
	if (w->child != NULL && !child_lives(w->child))
		worker_set_aside(w);
	if (w->child == NULL)
		code = start_child(w, ret_error);
	if (code == LW_OK && w->child->state == CHILD_STARTING)
		code = wait_for_start(w, ret_error);
	return code;
}

/* ---- Opening ------------------------------------------------------------------------------- */

static bool
is_opened(const struct child *c)
{
	return c->state != CHILD_OPENING || c->open_stopped;
}

/* It stopped when it was asked; a child that is half open is of no use to anybody. */
static void
end_stopped_opening(const struct exchange *x)
{
	char words[128];

	if (x->stop == EXCHANGE_CANCELLED)
		(void)snprintf(words, sizeof words, "the caller cancelled %s", x->what);
	else if (x->stopped_by.of_call)
		(void)snprintf(
		    words, sizeof words, "%s was not over at the call's deadline", x->what);
	else
		exchange_limit_words(&x->stopped_by, x->what, words, sizeof words);
	child_condemn(x->worker->child,
	    x->stop == EXCHANGE_CANCELLED ? LW_V_CANCELLED : x->stopped_by.verdict,
	    "%s; it stopped when asked, and its child was killed", words);
}

void
worker_begin_opening(
    struct child *c, struct lw_capability **loaded, const lw_capability *capability)
{
	lw_capability_free(loaded);
	*loaded = capability_hold(capability);
	child_open(c, &capability->recipe);
}

static lw_code
wait_for_opening(struct lw_worker *w, struct lw_error *ret_error)
{
	struct exchange x = {
		.worker = w,
		.is_done = is_opened,
		.what = "opening the capability",
		.began_ns = sys_monotonic_ns(),
		.budget_ms = w->call.budgets.open_ms,
		.late = LW_V_OPEN_TIMEOUT,
	};

	exchange_run(&x);
	if (child_lives(w->child) && w->child->open_stopped)
		end_stopped_opening(&x);
	if (!child_lives(w->child))
		return worker_child_error(w, ret_error);
	return LW_OK;
}

/* Nothing is ever unloaded: another capability needs another process. */
static bool
holds_another(const struct lw_worker *w, const lw_capability *capability)
{
	return w->child != NULL && child_lives(w->child) && w->child->state >= CHILD_OPENING &&
	       !capability_same(w->loaded, capability);
}

lw_code
worker_need_open(struct lw_worker *w, const lw_capability *capability, struct lw_error *ret_error)
{
	lw_code code = exchange_may_begin(w, ret_error);

	if (code != LW_OK)
		return code;
	if (holds_another(w, capability) && w->options.restart.refuse_other)
		return error_set(ret_error, LW_V_OTHER_OPEN,
		    "the child has %s open%s; the worker refuses another",
		    w->loaded->recipe.library, *w->loaded->recipe.imports ? ", with imports" : "");
	if (holds_another(w, capability))
		worker_replace(w, LW_RESTART_CAPABILITY);
	code = worker_need_child(w, ret_error);
	if (code != LW_OK)
		return code;
	if (w->child->state == CHILD_READY)
		worker_begin_opening(w->child, &w->loaded, capability);
	return w->child->state == CHILD_IDLE ? LW_OK : wait_for_opening(w, ret_error);
}

/* ---- The restart policy -------------------------------------------------------------------- */

bool
worker_sample_memory(struct lw_worker *w)
{
	struct lw_worker_statistics *s = &w->statistics;
	uint64_t kib;

	worker_sample_spare(w);
	if (!memory_of(w->child->pid, w->child->io.warden, &kib)) {
		s->memory_misses++;
		return false;
	}
	s->memory_samples++;
	s->memory_kib = kib;
	if (kib > s->memory_peak_kib)
		s->memory_peak_kib = kib;
	return true;
}

static lw_restart
policy_reason(struct lw_worker *w)
{
	const struct lw_restart_policy *p = &w->options.restart;
	const struct child *c = w->child;

	if (p->max_requests != 0 && c->requests >= p->max_requests)
		return LW_RESTART_MAX_REQUESTS;
	if (p->max_idle_ms != 0 && deadline_passed(budget_end(c->idle_ns, p->max_idle_ms)))
		return LW_RESTART_IDLE_AGE;
	if (p->memory_ceiling_kib != 0 && worker_sample_memory(w) &&
	    w->statistics.memory_kib > p->memory_ceiling_kib)
		return LW_RESTART_MEMORY_CEILING;
	return LW_RESTART_NONE;
}

void
worker_apply_policy(struct lw_worker *w)
{
	lw_restart reason;

	if (w->child == NULL || !child_is_free(w->child) || exchange_may_begin(w, NULL) != LW_OK)
		return;
	reason = policy_reason(w);
	if (reason != LW_RESTART_NONE)
		worker_replace(w, reason);
}

/* A worker with a spare is eager, unless the application wants to say itself when. */
static bool
is_eager(const struct lw_worker *w)
{
	const struct lw_restart_policy *p = &w->options.restart;

	return p->replacement == LW_REPLACE_EAGER ||
	       (p->replacement == LW_REPLACE_LAZY && p->spare != 0);
}

/*
 * An opening that failed, or a start that this process could not make, would fail again, and again
 * in every pump: the next call shall say so.
 */
static bool
starts_ahead(const struct lw_worker *w)
{
	return is_eager(w) && !w->shut_down && w->lost != LW_RESTART_OPEN_FAILED &&
	       w->lost != LW_RESTART_OPEN_TIMEOUT && w->lost != LW_RESTART_SYSTEM;
}

/* A child that is prepared ahead has the budgets of any other, though nobody waits for it. */
struct deadline
worker_ahead_end(const struct lw_worker *w, const struct child *c)
{
	if (c->state == CHILD_STARTING)
		return budget_end(c->began_ns, w->budgets.start_ms);
	if (c->state == CHILD_OPENING)
		return budget_end(c->asked_ns, w->budgets.open_ms);
	return DEADLINE_NEVER;
}

void
worker_end_overdue(const struct lw_worker *w, struct child *c)
{
	bool opening = c->state == CHILD_OPENING;

	if (deadline_passed(worker_ahead_end(w, c)))
		child_condemn(c, opening ? LW_V_OPEN_TIMEOUT : LW_V_START_TIMEOUT,
		    "a child that was prepared ahead did not %s in time; it was killed",
		    opening ? "open the capability" : "start");
}

static struct deadline
child_due_ahead(const struct lw_worker *w)
{
	int64_t until_ns = restarts_gave_up_until(&w->restarts, sys_monotonic_ns());

	if (w->child != NULL)
		return worker_ahead_end(w, w->child);
	if (!starts_ahead(w))
		return DEADLINE_NEVER;
	return (struct deadline){ until_ns > w->restarts.not_before ? until_ns
								    : w->restarts.not_before };
}

struct deadline
worker_due_ahead(const struct lw_worker *w)
{
	return deadline_earlier(child_due_ahead(w), worker_spare_due(w));
}

static void
replace_ahead(struct lw_worker *w)
{
	if (w->child != NULL)
		worker_end_overdue(w, w->child);
	if (w->child != NULL && !child_lives(w->child))
		worker_set_aside(w);
	if (w->child == NULL && deadline_passed(child_due_ahead(w)) &&
	    begin_child(w, NULL) != LW_OK)
		w->lost = LW_RESTART_SYSTEM;
	if (w->child != NULL && w->child->state == CHILD_READY && w->session != NULL)
		worker_begin_opening(w->child, &w->loaded, session_capability(w->session));
}

void
worker_prepare_ahead(struct lw_worker *w)
{
	if (w->shut_down)
		return;
	if (is_eager(w))
		replace_ahead(w);
	worker_prepare_spare(w);
}
