/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy: which child serves, when it is replaced, and the loop around the engine. Calls child.h;
 * a child calls nothing here.
 *
 *      worker.c    the public calls
 *      service.c   children: start, open, replace, send away
 *      spare.c     the child that is opened before it is needed
 *      exchange.c  one question to a child, and the patience for its answer
 *      engine.c    the one wait
 */
#ifndef LW_PARENT_WORKER_H
#define LW_PARENT_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"
#include "leanworker/leanworker.h"
#include "parent/child.h"
#include "parent/restart.h"

/* The call in progress. */
struct call_scope {
	struct lw_budgets budgets; /* of every scope, made one */
	struct deadline deadline;  /* over everything that the call does */
	lw_verdict too_late;       /* where that had passed before: what the call is for */
	lw_cancel_token *cancel;   /* or NULL */
	bool cancel_watched;       /* its descriptor is in our epoll */
	lw_restart restarted;      /* why the call had to start a child */
};

struct lw_worker {
	struct lw_worker_options
	    options; /* with every default filled in; its pointers are not ours */
	char *child_path;
	char **environment;
	pid_t owner; /* the process that made it: a forked copy is refused */
	int epoll;
	atomic_uintptr_t caller; /* the thread (pthread_t) whose call is in progress; 0: none */
	bool shut_down;
	uint32_t generation; /* of the child, or of the last one; 0 before the first */
	struct child *child; /* NULL between children */
	struct child *spare; /* to follow it, in any state; or NULL */
	struct child *unburied;
	uint32_t unseen_ends;               /* buried children whose worker's end nobody told */
	struct lw_session *session;         /* the open one, or NULL */
	struct lw_capability *loaded;       /* what the last child was given to open, or NULL */
	struct lw_capability *spare_loaded; /* what the spare was, or NULL */

	struct call_scope call;
	struct child_source on_cancel;
	struct lw_budgets budgets; /* the worker's scope */
	struct restarts restarts;
	lw_restart ordered; /* why the current child is being sent away; NONE: it is not */
	lw_restart lost;    /* why there is no child, or will be none; NONE before the first */
	int64_t lost_ns;    /* since when, if nobody ordered it; 0 after the next success */
	int64_t needed_ns;  /* when the last child was over, or was to be replaced */
	int64_t
	    handover_ns; /* the same of a child that was a spare not yet open; 0: it can serve */
	lw_verdict last_end; /* the cause of the last end that nobody ordered, and its words */
	char last_words[512];
	struct lw_worker_statistics statistics;
};

/*
 * Every public call begins with one and ends with the other. Entering refuses re-entry, a forked
 * copy and a worker that was shut down, and collects what happened since the last call. `budgets`
 * are a session's, or NULL; `call` may be NULL.
 */
lw_code worker_enter(struct lw_worker *w, const struct lw_call_options *call,
    const struct lw_budgets *budgets, struct lw_error *ret_error);
void worker_leave(struct lw_worker *w);

enum worker_access {
	WORKER_TAKEN,  /* no call was in progress, and now this one is: worker_release */
	WORKER_INSIDE, /* this is a callback of the call in progress: reading is fine */
	WORKER_DENIED  /* another thread is at it, or this is a forked copy */
};

/* For calls that only look, and closes: as entering, without an error and without collecting. */
enum worker_access worker_access(struct lw_worker *w);
void worker_release(struct lw_worker *w);

/* ---- service.c ---- */

/* A living child that has said HELLO; starts one where there is none. */
lw_code worker_need_child(struct lw_worker *w, struct lw_error *ret_error);

/* A living child that has this capability open, and no other. */
lw_code worker_need_open(
    struct lw_worker *w, const lw_capability *capability, struct lw_error *ret_error);

/* Takes a sample of the child's memory into the statistics; false when it cannot be had. */
bool worker_sample_memory(struct lw_worker *w);

/* Replaces a child that the restart policy no longer wants, before work is begun in it. */
void worker_apply_policy(struct lw_worker *w);

/* Eager replacement: begins what the next call will need, and waits for nothing. */
void worker_prepare_ahead(struct lw_worker *w);
/* When that can go on, where only the time is in its way. */
struct deadline worker_due_ahead(const struct lw_worker *w);

/* Counts starts, openings and hand-overs, once each; they may end in any wait. */
void worker_note_progress(struct lw_worker *w);

/* Starts a child, with the next number of them all. */
lw_code worker_launch(struct lw_worker *w, struct child **ret_child, struct lw_error *ret_error);
/* Gives a child the capability to open; *loaded is what it holds from now on. */
void worker_begin_opening(
    struct child *c, struct lw_capability **loaded, const lw_capability *capability);
/* When a start or an opening that nobody waits for has had its time; and that is its end. */
struct deadline worker_ahead_end(const struct lw_worker *w, const struct child *c);
void worker_end_overdue(const struct lw_worker *w, struct child *c);
/* Counts a death that nobody ordered, and keeps its words. */
void worker_count_death(struct lw_worker *w, const struct child *c);

/* Sends the child away, orderly, within shutdown_ms; then kills it. It stays the worker's child. */
lw_shutdown_outcome worker_retire(struct lw_worker *w, lw_restart reason);
/* The same for the sake of the next one; where that is there already, nobody waits for the old. */
void worker_replace(struct lw_worker *w, lw_restart reason);
/* Asks a child to leave, or kills one that cannot be asked, and waits for nothing. */
void worker_dismiss(struct lw_worker *w, struct child *c);

/*
 * Takes the current child out of service, and accounts for its end; it is buried in passing. One that
 * was dismissed may still be leaving.
 */
void worker_set_aside(struct lw_worker *w);

/*
 * The child died before it had read the last question, and without a word: it was dead, or dying,
 * before the call, and another one may be asked the same without harm. Public calls do so once.
 */
bool worker_may_repeat(const struct lw_worker *w);
/* It may, and the call has time left and a child to expect. */
bool worker_shall_repeat(const struct lw_worker *w);

/* The error for a call that ended with its child: the cause, and what is known of the end. */
lw_code worker_child_error(struct lw_worker *w, struct lw_error *ret_error);

/* ---- spare.c ---- */

/* One is at hand, ready or not. */
bool worker_has_spare(const struct lw_worker *w);
/* It becomes the worker's child, as far as it is. */
void worker_hand_over(struct lw_worker *w);
/* Accounts for one that has ended, and starts one that is due. Waits for nothing. */
void worker_prepare_spare(struct lw_worker *w);
/* When that can be done, where only the time is in its way. */
struct deadline worker_spare_due(const struct lw_worker *w);
/* Drives it: for every wait, and so for no call in particular. There is one. */
void worker_tend_spare(struct lw_worker *w);
struct deadline worker_spare_end(const struct lw_worker *w);
/* Sends it away if it has another capability. */
void worker_keep_spare_for(struct lw_worker *w, const lw_capability *capability);
void worker_drop_spare(struct lw_worker *w);
void worker_sample_spare(struct lw_worker *w);

/* ---- engine.c ---- */

/* One wait, at most until the deadline, and all that is ready then; false when nothing was. */
bool worker_pump(struct lw_worker *w, struct deadline until);
/* Everything that is ready now, and nothing that is not. */
void worker_pump_ready(struct lw_worker *w);
/* When it has something to do that no descriptor tells. */
struct deadline worker_due(const struct lw_worker *w);
/* Waits until this holds; false when the time was over first. */
bool worker_wait_until(
    struct lw_worker *w, bool (*holds)(const struct lw_worker *w), struct deadline until);
/* Frees the children that are buried: they have said all that they had to say. */
void worker_drop_buried(struct lw_worker *w);

/* False when a cancel of this call could not be noticed. */
bool worker_watch_cancel(struct lw_worker *w);
void worker_unwatch_cancel(struct lw_worker *w);

#endif
