/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/worker.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/budgets.h"
#include "parent/environment.h"
#include "parent/error.h"
#include "parent/exchange.h"
#include "parent/graveyard.h"
#include "parent/recipe.h"
#include "parent/resolve.h"
#include "parent/session.h"
#include "wire/protocol.h"

#define ROW_CAP_MAX      (UINT64_C(1) << 32)
#define MEMORY_SAMPLE_MS 100
#define BURIAL_MS        4000 /* for the warden to do it; a big process takes 0.2 s to die */
#define BURIAL_LAST_MS   1000 /* after that, for the kernel */

/* ---- Calls --------------------------------------------------------------------------------- */

enum worker_access
worker_access(struct lw_worker *w)
{
	uintptr_t self = (uintptr_t)pthread_self(), caller = 0;

	if (w->owner != getpid())
		return WORKER_DENIED;
	if (atomic_compare_exchange_strong(&w->caller, &caller, self))
		return WORKER_TAKEN;
	return caller == self ? WORKER_INSIDE : WORKER_DENIED;
}

void
worker_release(struct lw_worker *w)
{
	atomic_store(&w->caller, 0);
}

static lw_code
begin_call(struct lw_worker *w, const struct lw_call_options *call,
    const struct lw_budgets *budgets, struct lw_error *ret_error)
{
	lw_code code;

	if (w->shut_down)
		return error_set(
		    ret_error, LW_V_MISUSE, "the worker was shut down; start another one");
	w->call = (struct call_scope){ .deadline = DEADLINE_NEVER,
		.too_late = LW_V_REQUEST_TIMEOUT };
	if (call != NULL && call->struct_size != sizeof *call)
		return error_set(ret_error, LW_V_MISUSE,
		    "call options must begin as LW_CALL_OPTIONS_INIT (struct_size %zu, not %zu)",
		    sizeof *call, call->struct_size);
	if (call != NULL) {
		code = budgets_check(&call->budgets, ret_error);
		if (code != LW_OK)
			return code;
		w->call.budgets = call->budgets;
		w->call.cancel = call->cancel;
		if (call->deadline_ns != 0)
			w->call.deadline.mono_ns = call->deadline_ns;
	}
	if (budgets != NULL)
		budgets_widen(&w->call.budgets, budgets);
	budgets_widen(&w->call.budgets, &w->budgets);
	if (!worker_watch_cancel(w))
		return error_set_errno(
		    ret_error, LW_V_SYSTEM_CALL, "cannot watch the cancel token");
	return LW_OK;
}

lw_code
worker_enter(struct lw_worker *w, const struct lw_call_options *call,
    const struct lw_budgets *budgets, struct lw_error *ret_error)
{
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (w == NULL)
		return error_set(ret_error, LW_V_MISUSE, "the worker is NULL");
	if (w->owner != getpid())
		return error_set(ret_error, LW_V_MISUSE,
		    "this worker belongs to process %d; a forked copy of it cannot be used",
		    w->owner);
	switch (worker_access(w)) {
	case WORKER_INSIDE:
		return error_set(ret_error, LW_V_MISUSE,
		    "a callback called back into the worker that is calling it");
	case WORKER_DENIED:
		return error_set(
		    ret_error, LW_V_MISUSE, "another thread is in a call of this worker");
	case WORKER_TAKEN:
		break;
	}
	code = begin_call(w, call, budgets, ret_error);
	if (code == LW_OK)
		worker_pump_ready(w);
	else
		worker_release(w);
	return code;
}

void
worker_leave(struct lw_worker *w)
{
	worker_unwatch_cancel(w);
	worker_prepare_ahead(w);
	worker_release(w);
}

/* ---- Burials ------------------------------------------------------------------------------- */

static bool
nobody_is_left(const struct lw_worker *w)
{
	return w->unburied == NULL;
}

/* The last wait: without their wardens. Answers how many workers may have outlasted theirs. */
static uint32_t
bury_by_force(struct lw_worker *w)
{
	uint32_t before = w->unseen_ends;

	for (struct child *c = w->unburied; c != NULL; c = c->next)
		child_kill_warden(c);
	(void)worker_wait_until(w, nobody_is_left, deadline_in_ms(BURIAL_LAST_MS));
	return w->unseen_ends - before;
}

/* Waits until nothing of any child is left, as far as the kernel allows; answers of how many it is. */
static uint32_t
bury_all(struct lw_worker *w, struct deadline until)
{
	uint32_t unreaped = 0;

	if (!worker_wait_until(w, nobody_is_left, until))
		unreaped = bury_by_force(w);
	while (w->unburied != NULL) {
		struct child *c = w->unburied;

		w->unburied = c->next;
		unreaped++;
		child_leave(c);
		child_free(&c);
	}
	return unreaped;
}

/* ---- Options ------------------------------------------------------------------------------- */

static lw_code
check_restart(const struct lw_restart_policy *p, struct lw_error *ret_error)
{
	if ((unsigned)p->replacement > LW_REPLACE_MANUAL)
		return error_set(
		    ret_error, LW_V_MISUSE, "there is no replacement %d", p->replacement);
	if (p->max_deaths > RESTART_DEATHS_MAX && p->max_deaths != LW_NO_LIMIT)
		return error_set(ret_error, LW_V_MISUSE,
		    "max_deaths is %u; at most %d, or LW_NO_LIMIT", p->max_deaths,
		    RESTART_DEATHS_MAX);
	if (p->spare > 1)
		return error_set(ret_error, LW_V_MISUSE,
		    "spare is %u; a worker has one spare child, or none", p->spare);
	if (p->refuse_other > 1 || (p->refuse_other == 1 && p->spare == 1))
		return error_set(ret_error, LW_V_MISUSE,
		    "refuse_other must be 0 or 1, and 0 together with a spare");
	return LW_OK;
}

static lw_code
check_options(const struct lw_worker_options *o, struct lw_error *ret_error)
{
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (o == NULL)
		return error_set(ret_error, LW_V_MISUSE,
		    "options is NULL; LW_WORKER_OPTIONS_INIT is a struct of all defaults");
	if (o->struct_size != sizeof *o)
		return error_set(ret_error, LW_V_MISUSE,
		    "options must begin as LW_WORKER_OPTIONS_INIT (struct_size %zu, not %zu)",
		    sizeof *o, o->struct_size);
	if (o->row_cap > ROW_CAP_MAX)
		return error_set(ret_error, LW_V_MISUSE, "row_cap is %llu bytes; at most %llu",
		    (unsigned long long)o->row_cap, (unsigned long long)ROW_CAP_MAX);
	if ((unsigned)o->containment > LW_CONTAINMENT_SUBREAPER)
		return error_set(
		    ret_error, LW_V_MISUSE, "there is no containment %d", o->containment);
	for (size_t i = 0; o->environment != NULL && o->environment[i] != NULL; i++)
		if (strchr(o->environment[i], '=') == NULL)
			return error_set(ret_error, LW_V_MISUSE,
			    "environment entry \"%s\" is not NAME=VALUE", o->environment[i]);
	code = budgets_check(&o->budgets, ret_error);
	return code == LW_OK ? check_restart(&o->restart, ret_error) : code;
}

static lw_code
prepare(struct lw_worker *w, const struct lw_worker_options *options, struct lw_error *ret_error)
{
	lw_code code = resolve_child(options->child_path, &w->child_path, ret_error);

	if (code != LW_OK)
		return code;
	w->environment = environment_make(options->environment, options->lean_sysroot);
	if (w->environment == NULL)
		return error_set(
		    ret_error, LW_V_NO_MEMORY, "no memory for the child's environment");
	w->epoll = sys_raise_fd(sys_epoll_create(), SPAWN_FD_MIN);
	if (w->epoll < 0)
		return error_set_errno(
		    ret_error, LW_V_SYSTEM_CALL, "cannot make an epoll descriptor");
	w->options = *options;
	w->options.child_path = w->options.lean_sysroot = NULL; /* the caller's, and used up */
	w->options.environment = NULL;
	w->budgets = options->budgets;
	budgets_widen(&w->budgets, &budgets_built_in);
	if (w->options.row_cap == 0)
		w->options.row_cap = WIRE_ROW_CAP_DEFAULT;
	if (w->options.restart.memory_sample_ms == 0)
		w->options.restart.memory_sample_ms = MEMORY_SAMPLE_MS;
	if (!restarts_init(
		&w->restarts, &options->restart, (uint64_t)sys_monotonic_ns() ^ (uintptr_t)w))
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a worker");
	return LW_OK;
}

/* ---- The public calls ---------------------------------------------------------------------- */

lw_code
lw_worker_start(const struct lw_worker_options *options, const struct lw_call_options *call,
    lw_worker **ret_worker, struct lw_error *ret_error)
{
	lw_code code = check_options(options, ret_error);
	lw_worker *w;

	if (code == LW_OK && ret_worker == NULL)
		code = error_set(ret_error, LW_V_MISUSE, "ret_worker is NULL");
	if (code != LW_OK)
		return code;
	w = sys_alloc(sizeof *w);
	if (w == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a worker");
	w->epoll = -1;
	w->owner = getpid();
	code = prepare(w, options, ret_error);
	if (code == LW_OK)
		code = worker_enter(w, call, NULL, ret_error);
	if (code == LW_OK) {
		w->call.too_late = LW_V_START_TIMEOUT;
		code = worker_need_child(w, ret_error);
		worker_unwatch_cancel(w); /* and nothing is prepared for a worker that failed */
		worker_release(w);
	}
	graveyard_sweep();
	if (code == LW_OK)
		*ret_worker = w;
	else
		lw_worker_close(&w);
	return code;
}

lw_code
lw_worker_set_budgets(
    lw_worker *worker, const struct lw_budgets *budgets, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, NULL, NULL, ret_error);

	if (code != LW_OK)
		return code;
	if (budgets == NULL)
		code = error_set(ret_error, LW_V_MISUSE, "budgets is NULL");
	else
		code = budgets_check(budgets, ret_error);
	if (code == LW_OK) {
		worker->budgets = *budgets;
		budgets_widen(&worker->budgets, &budgets_built_in);
	}
	worker_leave(worker);
	return code;
}

static bool
is_healthy(const struct child *c)
{
	return c->healthy;
}

static lw_code
check_health(lw_worker *w, struct lw_error *ret_error)
{
	lw_code code = worker_need_child(w, ret_error);
	struct exchange x = {
		.worker = w,
		.is_done = is_healthy,
		.what = "the sign of life",
		.budget_ms = w->call.budgets.request_ms,
		.late = LW_V_REQUEST_TIMEOUT,
		.killable_only = true,
	};

	if (code != LW_OK)
		return code;
	if (!child_is_free(w->child)) /* it opens the capability ahead: a sign of life */
		return LW_OK;
	x.began_ns = sys_monotonic_ns();
	child_check_health(w->child);
	exchange_run(&x);
	return child_lives(w->child) ? LW_OK : worker_child_error(w, ret_error);
}

lw_code
lw_worker_health(lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, call, NULL, ret_error);

	if (code != LW_OK)
		return code;
	code = check_health(worker, ret_error);
	if (code != LW_OK && worker_shall_repeat(worker))
		code = check_health(worker, ret_error);
	worker_leave(worker);
	return code;
}

lw_code
lw_worker_cycle(lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, call, NULL, ret_error);
	int64_t began;

	if (code != LW_OK)
		return code;
	worker->call.too_late = LW_V_START_TIMEOUT;
	code = exchange_may_begin(worker, ret_error);
	if (code == LW_OK) {
		began = sys_monotonic_ns();
		worker_replace(worker, LW_RESTART_EXPLICIT);
		worker_set_aside(worker);
		/* Whatever it was: a manual replacement ends here. */
		worker->lost = LW_RESTART_EXPLICIT;
		worker->needed_ns = began;
		code = worker_need_child(worker, ret_error);
	}
	worker_leave(worker);
	return code;
}

int
lw_worker_fd(const lw_worker *worker)
{
	return worker != NULL && !worker->shut_down ? worker->epoll : -1;
}

lw_code
lw_worker_pump(lw_worker *worker, int *ret_again_ms, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, NULL, NULL, ret_error);

	if (code != LW_OK)
		return code;
	worker_prepare_ahead(worker);
	if (ret_again_ms != NULL)
		*ret_again_ms = deadline_poll_ms(
		    deadline_earlier(worker_due(worker), worker_due_ahead(worker)));
	worker_release(worker);
	return LW_OK;
}

/* What each child counts for itself, until it is buried. */
static void
count_child(const struct child *c, struct lw_worker_statistics *ret)
{
	ret->log_bytes += c->log.total;
	ret->lane_waits += c->waits;
}

static void
copy_statistics(const lw_worker *w, struct lw_worker_statistics *ret)
{
	*ret = w->statistics;
	ret->struct_size = sizeof *ret;
	if (w->child != NULL)
		count_child(w->child, ret);
	if (w->spare != NULL)
		count_child(w->spare, ret);
	for (const struct child *c = w->unburied; c != NULL; c = c->next) {
		ret->unburied++;
		count_child(c, ret);
	}
}

static void
copy_facts(const lw_worker *w, struct lw_worker_facts *ret)
{
	const struct child *c = w->child;

	*ret = (struct lw_worker_facts)LW_WORKER_FACTS_INIT;
	ret->generation = w->generation;
	(void)snprintf(ret->child_path, sizeof ret->child_path, "%s", w->child_path);
	if (worker_has_spare(w)) {
		ret->spare_generation = w->spare->options.generation;
		ret->spare_pid = w->spare->pid;
		ret->spare_ready = child_is_open(w->spare);
	}
	if (c == NULL || !child_lives(c))
		return;
	ret->pid = c->pid;
	ret->warden_pid = c->io.warden;
	ret->containment = c->containment;
	ret->protocol = c->protocol;
	(void)snprintf(ret->build, sizeof ret->build, "%s", c->build);
}

/* Both may be called in callbacks, and then do not collect anything first. */
lw_code
lw_worker_statistics(lw_worker *worker, struct lw_worker_statistics *ret_statistics)
{
	enum worker_access access;

	if (worker == NULL || ret_statistics == NULL ||
	    ret_statistics->struct_size != sizeof *ret_statistics)
		return LW_E_MISUSE;
	access = worker_access(worker);
	if (access == WORKER_DENIED)
		return LW_E_MISUSE;
	copy_statistics(worker, ret_statistics);
	if (access == WORKER_TAKEN)
		worker_release(worker);
	return LW_OK;
}

lw_code
lw_worker_facts(lw_worker *worker, struct lw_worker_facts *ret_facts)
{
	enum worker_access access;

	if (worker == NULL || ret_facts == NULL || ret_facts->struct_size != sizeof *ret_facts)
		return LW_E_MISUSE;
	access = worker_access(worker);
	if (access == WORKER_DENIED)
		return LW_E_MISUSE;
	if (access == WORKER_TAKEN && !worker->shut_down) {
		worker_pump_ready(worker);
		worker_prepare_ahead(worker);
	}
	copy_facts(worker, ret_facts);
	if (access == WORKER_TAKEN)
		worker_release(worker);
	return LW_OK;
}

static bool
child_is_over(const struct lw_worker *w)
{
	return w->child == NULL || w->child->state == CHILD_BURIED;
}

/* Of those that were asked to leave, and that nobody has waited for. */
static bool
nobody_is_leaving(const struct lw_worker *w)
{
	for (const struct child *c = w->unburied; c != NULL; c = c->next)
		if (child_lives(c))
			return false;
	return true;
}

static void
condemn_leaving(struct lw_worker *w)
{
	for (struct child *c = w->unburied; c != NULL; c = c->next)
		if (child_lives(c))
			child_condemn(c, LW_V_REPLACED, "the worker was closed");
}

/* Ends the child, and tells how. */
static void
end_child(lw_worker *w, struct lw_shutdown_report *ret)
{
	int64_t began = sys_monotonic_ns();
	struct deadline orderly = budget_end(began, w->call.budgets.shutdown_ms);
	struct deadline until; /* one for both waits: what does not end is not waited for twice */

	worker_drop_spare(w);
	ret->outcome = worker_retire(w, LW_RESTART_EXPLICIT);
	ret->asked_ns = (uint64_t)(sys_monotonic_ns() - began);
	(void)worker_wait_until(w, nobody_is_leaving, orderly);
	condemn_leaving(w);
	until = deadline_in_ms(BURIAL_MS);
	(void)worker_wait_until(w, child_is_over, until);
	ret->exit = w->child ? w->child->exit : (struct lw_exit){ .code = -1 };
	ret->generations = w->statistics.generations;
	worker_set_aside(w);
	ret->unreaped = bury_all(w, until);
	ret->elapsed_ns = (uint64_t)(sys_monotonic_ns() - began);
}

lw_code
lw_worker_shutdown(
    lw_worker *worker, struct lw_shutdown_report *ret_report, struct lw_error *ret_error)
{
	struct lw_shutdown_report report = LW_SHUTDOWN_REPORT_INIT;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_report != NULL && ret_report->struct_size != sizeof *ret_report)
		return error_set(
		    ret_error, LW_V_MISUSE, "the report must begin as LW_SHUTDOWN_REPORT_INIT");
	code = worker_enter(worker, NULL, NULL, ret_error);
	if (code != LW_OK)
		return code;
	end_child(worker, &report);
	if (ret_report != NULL)
		*ret_report = report;
	worker->shut_down = true;
	worker_leave(worker);
	return LW_OK;
}

static void
condemn_all(struct lw_worker *w)
{
	if (w->child != NULL)
		child_condemn(w->child, LW_V_REPLACED, "the worker was closed");
	worker_set_aside(w);
	worker_drop_spare(w);
	condemn_leaving(w);
}

void
lw_worker_close(lw_worker **worker)
{
	lw_worker *w = worker != NULL ? *worker : NULL;

	if (w == NULL || (w->owner == getpid() && worker_access(w) != WORKER_TAKEN))
		return;
	*worker = NULL;
	if (w->session != NULL)
		session_orphan(w->session);
	if (w->epoll >= 0 && w->owner == getpid()) {
		condemn_all(w);
		(void)bury_all(w, deadline_in_ms(BURIAL_MS));
	}
	if (w->owner == getpid())
		graveyard_sweep();
	sys_close(&w->epoll);
	restarts_free(&w->restarts);
	lw_capability_free(&w->loaded);
	environment_free(w->environment);
	sys_free(w->child_path);
	sys_free(w);
}
