/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spare: one more child, which opens what the session has open while the worker's child serves,
 * and takes its place when that ends. It is started where nobody waits, at the end of a call or in a
 * pump, and from then on driven by every wait. Whatever becomes of it before its turn is told by the
 * statistics alone.
 */
#include "base/sys.h"
#include "parent/memory.h"
#include "parent/recipe.h"
#include "parent/session.h"
#include "parent/worker.h"

bool
worker_has_spare(const struct lw_worker *w)
{
	return w->spare != NULL && child_lives(w->spare);
}

/* ---- Its end ------------------------------------------------------------------------------- */

static void
leave_to_burial(struct lw_worker *w)
{
	w->spare->next = w->unburied;
	w->unburied = w->spare;
	w->spare = NULL;
	w->statistics.spare_kib = 0;
	lw_capability_free(&w->spare_loaded);
}

/* The child that serves knows nothing of it, and is not made to wait when it is lost itself. */
static void
account_for_end(struct lw_worker *w)
{
	const struct child *c = w->spare;
	bool died = restart_is_death(child_restart(c));

	if (died)
		worker_count_death(w, c);
	w->statistics.spare_failures++;
	restarts_note_spare_lost(&w->restarts, died, c->condemned_ns);
}

static void
settle(struct lw_worker *w)
{
	if (w->spare == NULL || child_lives(w->spare))
		return;
	account_for_end(w);
	leave_to_burial(w);
}

void
worker_drop_spare(struct lw_worker *w)
{
	settle(w);
	if (w->spare == NULL)
		return;
	worker_dismiss(w, w->spare);
	leave_to_burial(w);
}

void
worker_keep_spare_for(struct lw_worker *w, const lw_capability *capability)
{
	if (w->spare_loaded != NULL && !capability_same(w->spare_loaded, capability))
		worker_drop_spare(w);
}

/* ---- Its beginning ------------------------------------------------------------------------- */

/* One opening at a time: first the child that serves. */
static bool
is_wanted(const struct lw_worker *w)
{
	return w->options.restart.spare != 0 && !w->shut_down && w->session != NULL &&
	       w->spare == NULL && w->child != NULL && child_is_open(w->child);
}

struct deadline
worker_spare_due(const struct lw_worker *w)
{
	int64_t from_ns = w->restarts.no_spare_before, until_ns;

	if (!is_wanted(w))
		return DEADLINE_NEVER;
	until_ns = restarts_gave_up_until(&w->restarts, sys_monotonic_ns());
	return (struct deadline){ until_ns > from_ns ? until_ns : from_ns };
}

static void
start(struct lw_worker *w)
{
	if (worker_launch(w, &w->spare, NULL) != LW_OK) {
		w->statistics.spare_failures++;
		restarts_note_spare_lost(&w->restarts, false, sys_monotonic_ns());
		return;
	}
	/* Nobody has asked for this opening, so nobody is told how far it is. */
	w->spare->options.on_open_progress = NULL;
}

void
worker_prepare_spare(struct lw_worker *w)
{
	settle(w);
	if (deadline_passed(worker_spare_due(w)))
		start(w);
}

struct deadline
worker_spare_end(const struct lw_worker *w)
{
	return deadline_earlier(child_due(w->spare), worker_ahead_end(w, w->spare));
}

void
worker_tend_spare(struct lw_worker *w)
{
	child_on_due(w->spare);
	worker_end_overdue(w, w->spare);
	if (w->spare->state == CHILD_READY && w->session != NULL)
		worker_begin_opening(w->spare, &w->spare_loaded, session_capability(w->session));
}

void
worker_sample_spare(struct lw_worker *w)
{
	uint64_t kib;

	w->statistics.spare_kib = 0;
	if (worker_has_spare(w) && memory_of(w->spare->pid, w->spare->io.warden, &kib))
		w->statistics.spare_kib = kib;
}

/* ---- Its turn ------------------------------------------------------------------------------ */

void
worker_hand_over(struct lw_worker *w)
{
	struct child *c = w->spare;

	lw_capability_free(&w->loaded);
	w->loaded = w->spare_loaded;
	w->spare_loaded = NULL;
	w->spare = NULL;
	w->child = c;
	c->options.on_open_progress = w->options.on_open_progress;
	c->idle_ns = sys_monotonic_ns(); /* it has not waited for work so far */
	w->handover_ns = w->needed_ns;
	w->statistics.handovers++;
	w->statistics.spare_kib = 0;
	restarts_note_spare_used(&w->restarts);
}
