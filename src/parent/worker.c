/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/worker.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/environment.h"
#include "parent/error.h"
#include "parent/recipe.h"
#include "parent/resolve.h"
#include "parent/session.h"
#include "wire/protocol.h"

#define ROW_CAP_MAX     (UINT64_C(1) << 32)
#define EVENTS_PER_WAIT 16
#define BURIAL_MS       4000 /* for the warden to do it; a big process takes 0.2 s to die */
#define BURIAL_LAST_MS  1000 /* after that, for the kernel */

/* ---- The engine ---------------------------------------------------------------------------- */

/* Buried children have said all that they had to say. */
static void
drop_buried(struct lw_worker *w)
{
	struct child **link = &w->unburied;

	while (*link != NULL) {
		struct child *c = *link;

		if (c->state == CHILD_BURIED) {
			*link = c->next;
			child_free(&c);
		} else {
			link = &c->next;
		}
	}
}

void
worker_pump(struct lw_worker *w, struct deadline until)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	int count;

	if (w->child != NULL)
		until = deadline_earlier(until, child_due(w->child));
	for (struct child *c = w->unburied; c != NULL; c = c->next)
		until = deadline_earlier(until, child_due(c));
	count = sys_epoll_wait(w->epoll, events, EVENTS_PER_WAIT, deadline_poll_ms(until));
	for (int i = 0; i < count; i++) {
		struct child_source *source = events[i].data.ptr;

		source->on_ready(source->child);
	}
	if (w->child != NULL)
		child_on_due(w->child);
	for (struct child *c = w->unburied; c != NULL; c = c->next)
		child_on_due(c);
}

/* Everything that is ready now, and nothing that is not. */
static void
pump_ready(struct lw_worker *w)
{
	worker_pump(w, (struct deadline){ 0 });
	drop_buried(w);
}

/* ---- Calls --------------------------------------------------------------------------------- */

lw_code
worker_enter(struct lw_worker *w, struct lw_error *ret_error)
{
	if (w == NULL)
		return error_set(ret_error, LW_V_MISUSE, "the worker is NULL");
	if (w->owner != getpid())
		return error_set(ret_error, LW_V_MISUSE,
		    "this worker belongs to process %d; a forked copy of it cannot be used",
		    w->owner);
	if (w->in_call)
		return error_set(ret_error, LW_V_MISUSE,
		    "a callback called back into the worker that is calling it");
	if (w->shut_down)
		return error_set(
		    ret_error, LW_V_MISUSE, "the worker was shut down; start another one");
	w->in_call = true;
	pump_ready(w);
	return LW_OK;
}

void
worker_leave(struct lw_worker *w)
{
	w->in_call = false;
}

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

/* ---- Children ------------------------------------------------------------------------------ */

/* Takes the current child out of service; it is buried in passing. */
static void
set_aside(struct lw_worker *w)
{
	if (w->child == NULL)
		return;
	w->child->next = w->unburied;
	w->unburied = w->child;
	w->child = NULL;
	drop_buried(w);
}

/* Waits until the child has left the state; false when it died or the time is over. */
static bool
wait_past(struct lw_worker *w, enum child_state state, struct deadline until)
{
	while (w->child->state == state && !deadline_passed(until))
		worker_pump(w, until);
	return child_lives(w->child) && w->child->state != state;
}

static lw_code
start_child(struct lw_worker *w, struct lw_error *ret_error)
{
	struct deadline until = deadline_in_ms(w->options.start_ms);
	struct child_options options = {
		.path = w->child_path,
		.environment = w->environment,
		.generation = w->generation + 1,
		.row_cap = w->options.row_cap,
		.containment = w->options.containment,
		.on_log = w->options.on_log,
		.log_context = w->options.log_context,
		.epoll = w->epoll,
	};
	lw_code code = child_start(&options, &w->child, ret_error);

	if (code != LW_OK)
		return code;
	w->generation++;
	if (wait_past(w, CHILD_STARTING, until))
		return LW_OK;
	child_condemn(w->child, LW_V_START_TIMEOUT,
	    "%s did not say HELLO within %u ms; it was killed", w->child_path, w->options.start_ms);
	return worker_child_error(w, ret_error);
}

lw_code
worker_need_child(struct lw_worker *w, struct lw_error *ret_error)
{
	lw_code code;

	if (w->child != NULL && child_lives(w->child))
		return LW_OK;
	set_aside(w);
	code = start_child(w, ret_error);
	if (code != LW_OK)
		set_aside(w);
	return code;
}

static lw_shutdown_outcome
retired_as(const struct child *c)
{
	if (!c->exit.known || c->exit.ordered)
		return LW_SHUTDOWN_KILLED;
	return c->bye && c->exit.code == 0 ? LW_SHUTDOWN_ORDERLY : LW_SHUTDOWN_DIED;
}

lw_shutdown_outcome
worker_retire(struct lw_worker *w)
{
	struct child *c = w->child;
	struct deadline until = deadline_in_ms(w->options.shutdown_ms);
	lw_shutdown_outcome outcome = LW_SHUTDOWN_ALREADY_DEAD;

	if (c != NULL && child_lives(c)) {
		child_shut_down(c);
		while (c->state != CHILD_BURIED && !deadline_passed(until))
			worker_pump(w, until);
		if (child_lives(c))
			child_condemn(c, LW_V_SESSION_LOST, "the worker was replaced");
		outcome = retired_as(c);
	}
	return outcome;
}

/* Waits until nothing of any child is left, as far as the kernel allows. */
static void
bury_all(struct lw_worker *w)
{
	struct deadline until = deadline_in_ms(BURIAL_MS);

	while (drop_buried(w), w->unburied != NULL && !deadline_passed(until))
		worker_pump(w, until);
	until = deadline_in_ms(BURIAL_LAST_MS);
	for (struct child *c = w->unburied; c != NULL; c = c->next)
		child_kill_warden(c);
	while (drop_buried(w), w->unburied != NULL && !deadline_passed(until))
		worker_pump(w, until);
	while (w->unburied != NULL) {
		struct child *c = w->unburied;

		w->unburied = c->next;
		child_free(&c);
	}
}

bool
worker_may_repeat(const struct lw_worker *w)
{
	const struct child *c = w->child;

	return c != NULL && !child_lives(c) && c->unread && !c->heard;
}

/* ---- Opening and running ------------------------------------------------------------------- */

static lw_code
open_child(struct lw_worker *w, const lw_capability *capability, struct lw_error *ret_error)
{
	struct deadline until = deadline_in_ms(w->options.open_ms);

	lw_capability_free(&w->loaded);
	w->loaded = capability_hold(capability);
	child_open(w->child, &capability->recipe);
	if (wait_past(w, CHILD_OPENING, until))
		return LW_OK;
	child_condemn(w->child, LW_V_OPEN_TIMEOUT,
	    "%s did not open within %u ms; the child was killed", capability->recipe.library,
	    w->options.open_ms);
	return worker_child_error(w, ret_error);
}

lw_code
worker_need_open(struct lw_worker *w, const lw_capability *capability, struct lw_error *ret_error)
{
	lw_code code;

	/* Nothing is ever unloaded: another capability needs another process. */
	if (w->child != NULL && w->child->state == CHILD_IDLE &&
	    !capability_same(w->loaded, capability))
		(void)worker_retire(w);
	code = worker_need_child(w, ret_error);
	if (code == LW_OK && w->child->state == CHILD_READY)
		code = open_child(w, capability, ret_error);
	return code;
}

/* The child is asked to stop this long before it is killed. */
static uint32_t
ask_ahead(const struct lw_worker *w, uint32_t budget_ms)
{
	return w->options.ask_ms < budget_ms / 10 ? w->options.ask_ms : budget_ms / 10;
}

void
worker_run(struct lw_worker *w, struct request *request, const char *export_name, const char *text,
    size_t size, uint32_t budget_ms)
{
	struct child *c = w->child;
	struct deadline ask = deadline_in_ms(budget_ms - ask_ahead(w, budget_ms));
	struct deadline grace = DEADLINE_NEVER;

	request->deadline = deadline_in_ms(budget_ms);
	child_run(c, request, export_name, text, size);
	while (child_lives(c) && !request->ended) {
		if (request->sink_failed && grace.mono_ns == DEADLINE_NEVER.mono_ns)
			grace = deadline_in_ms(w->options.grace_ms);
		if (deadline_passed(grace)) {
			child_condemn(c, LW_V_SINK,
			    "a callback returned %d, and the child did not stop within %u ms; it "
			    "was killed",
			    request->sink_code, w->options.grace_ms);
		} else if (deadline_passed(request->deadline)) {
			child_condemn(c, LW_V_REQUEST_TIMEOUT,
			    "the request did not end within %u ms, and did not stop when asked; "
			    "the child was killed",
			    budget_ms);
		} else if (c->state == CHILD_BUSY && deadline_passed(ask)) {
			child_ask_stop(c);
		} else {
			worker_pump(w, deadline_earlier(deadline_earlier(grace, request->deadline),
					   c->state == CHILD_BUSY ? ask : DEADLINE_NEVER));
		}
	}
	child_drain_log(c);
}

/* ---- Options ------------------------------------------------------------------------------- */

static void
fill(uint32_t *value, uint32_t otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

static void
fill_defaults(struct lw_worker_options *o)
{
	fill(&o->start_ms, 10000);
	fill(&o->open_ms, 600000);
	fill(&o->request_ms, 30000);
	fill(&o->shutdown_ms, 2000);
	fill(&o->ask_ms, 100);
	fill(&o->grace_ms, 100);
	if (o->row_cap == 0)
		o->row_cap = WIRE_ROW_CAP_DEFAULT;
}

static lw_code
check_options(const struct lw_worker_options *o, struct lw_error *ret_error)
{
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
	return LW_OK;
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
	fill_defaults(&w->options);
	return LW_OK;
}

/* ---- The public calls ---------------------------------------------------------------------- */

lw_code
lw_worker_start(
    const struct lw_worker_options *options, lw_worker **ret_worker, struct lw_error *ret_error)
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
	if (code == LW_OK) {
		w->in_call = true;
		code = worker_need_child(w, ret_error);
		worker_leave(w);
	}
	if (code == LW_OK)
		*ret_worker = w;
	else
		lw_worker_close(&w);
	return code;
}

static lw_code
check_health(lw_worker *w, struct lw_error *ret_error)
{
	struct deadline until = deadline_in_ms(w->options.request_ms);
	lw_code code = worker_need_child(w, ret_error);

	if (code != LW_OK)
		return code;
	child_check_health(w->child);
	while (child_lives(w->child) && !w->child->healthy && !deadline_passed(until))
		worker_pump(w, until);
	if (child_lives(w->child) && w->child->healthy)
		return LW_OK;
	child_condemn(w->child, LW_V_REQUEST_TIMEOUT,
	    "the child gave no sign of life within %u ms; it was killed", w->options.request_ms);
	return worker_child_error(w, ret_error);
}

lw_code
lw_worker_health(lw_worker *worker, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, ret_error);

	if (code != LW_OK)
		return code;
	code = check_health(worker, ret_error);
	if (code != LW_OK && worker_may_repeat(worker))
		code = check_health(worker, ret_error);
	worker_leave(worker);
	return code;
}

lw_code
lw_worker_cycle(lw_worker *worker, struct lw_error *ret_error)
{
	lw_code code = worker_enter(worker, ret_error);

	if (code != LW_OK)
		return code;
	(void)worker_retire(worker);
	code = worker_need_child(worker, ret_error);
	worker_leave(worker);
	return code;
}

lw_code
lw_worker_facts(lw_worker *worker, struct lw_worker_facts *ret_facts)
{
	const struct child *c;

	if (worker == NULL || ret_facts == NULL || ret_facts->struct_size != sizeof *ret_facts)
		return LW_E_MISUSE;
	if (!worker->in_call && worker->owner == getpid()) {
		worker->in_call = true;
		pump_ready(worker);
		worker->in_call = false;
	}
	c = worker->child;
	memset(ret_facts, 0, sizeof *ret_facts);
	ret_facts->struct_size = sizeof *ret_facts;
	ret_facts->generation = worker->generation;
	(void)snprintf(
	    ret_facts->child_path, sizeof ret_facts->child_path, "%s", worker->child_path);
	if (c == NULL || !child_lives(c))
		return LW_OK;
	ret_facts->pid = c->pid;
	ret_facts->warden_pid = c->io.warden;
	ret_facts->containment = c->containment;
	ret_facts->protocol = c->protocol;
	(void)snprintf(ret_facts->build, sizeof ret_facts->build, "%s", c->build);
	return LW_OK;
}

lw_code
lw_worker_shutdown(
    lw_worker *worker, struct lw_shutdown_report *ret_report, struct lw_error *ret_error)
{
	int64_t began = sys_monotonic_ns();
	struct deadline until;
	lw_shutdown_outcome outcome;
	lw_code code;

	if (ret_report != NULL && ret_report->struct_size != sizeof *ret_report)
		return error_set(
		    ret_error, LW_V_MISUSE, "the report must begin as LW_SHUTDOWN_REPORT_INIT");
	code = worker_enter(worker, ret_error);
	if (code != LW_OK)
		return code;
	outcome = worker_retire(worker);
	until = deadline_in_ms(BURIAL_MS);
	while (worker->child != NULL && worker->child->state != CHILD_BURIED &&
	       !deadline_passed(until))
		worker_pump(worker, until);
	if (ret_report != NULL) {
		ret_report->outcome = outcome;
		ret_report->exit = worker->child ? worker->child->exit
						 : (struct lw_exit){ .code = -1 };
		ret_report->generations = worker->generation;
		ret_report->elapsed_ns = (uint64_t)(sys_monotonic_ns() - began);
	}
	set_aside(worker);
	bury_all(worker);
	worker->shut_down = true;
	worker_leave(worker);
	return LW_OK;
}

void
lw_worker_close(lw_worker **worker)
{
	lw_worker *w = *worker;

	if (w == NULL || (w->in_call && w->owner == getpid()))
		return;
	w->in_call = true;
	*worker = NULL;
	if (w->session != NULL)
		session_orphan(w->session);
	if (w->child != NULL && w->owner == getpid()) {
		child_condemn(w->child, LW_V_SESSION_LOST, "the worker was closed");
		set_aside(w);
	}
	if (w->epoll >= 0 && w->owner == getpid())
		bury_all(w);
	sys_close(&w->epoll);
	lw_capability_free(&w->loaded);
	environment_free(w->environment);
	sys_free(w->child_path);
	sys_free(w);
}
