/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy: which child serves, when it is replaced, and the loop around the engine. Calls child.h;
 * child.c calls nothing here.
 */
#ifndef LW_PARENT_WORKER_H
#define LW_PARENT_WORKER_H

#include <stdbool.h>

#include "base/deadline.h"
#include "leanworker/leanworker.h"
#include "parent/child.h"

struct lw_worker {
	struct lw_worker_options
	    options; /* with every default filled in; its pointers are not ours */
	char *child_path;
	char **environment;
	pid_t owner; /* the process that made it: a forked copy is refused */
	int epoll;
	bool in_call; /* a callback of ours is on the stack */
	bool shut_down;
	uint32_t generation; /* of the newest child; 0 before the first */
	struct child *child; /* NULL between children */
	struct child *unburied;
	struct lw_session *session;   /* the open one, or NULL */
	struct lw_capability *loaded; /* what the newest child was given to open, or NULL */
};

/*
 * Every public call begins with one and ends with the other. Entering refuses re-entry, a forked
 * copy and a worker that was shut down, and collects what happened since the last call.
 */
lw_code worker_enter(struct lw_worker *w, struct lw_error *ret_error);
void worker_leave(struct lw_worker *w);

/* A living child that has said HELLO; starts one where there is none. */
lw_code worker_need_child(struct lw_worker *w, struct lw_error *ret_error);
/* Sends the child away, orderly, within shutdown_ms; then kills it. There is no child afterwards. */
lw_shutdown_outcome worker_retire(struct lw_worker *w);

/* A living child that has this capability open, and no other. */
lw_code worker_need_open(
    struct lw_worker *w, const lw_capability *capability, struct lw_error *ret_error);

/*
 * Runs one request to its end, or to the child's. The request is judged by the caller: look at
 * request->ended, then at the child.
 */
void worker_run(struct lw_worker *w, struct request *request, const char *export_name,
    const char *text, size_t size, uint32_t budget_ms);

/*
 * The child died before it had read the last question, and without a word: it was dead, or dying,
 * before the call, and another one may be asked the same without harm. Public calls do so once.
 */
bool worker_may_repeat(const struct lw_worker *w);

/* One wait of the engine, at most until the deadline, and all that is ready then. */
void worker_pump(struct lw_worker *w, struct deadline until);

/* The error for a call that ended with its child: the cause, and what is known of the end. */
lw_code worker_child_error(struct lw_worker *w, struct lw_error *ret_error);

#endif
