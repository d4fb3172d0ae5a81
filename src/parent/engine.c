/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sys.h"
#include "parent/cancel.h"
#include "parent/worker.h"

#define EVENTS_PER_WAIT 16

void
worker_drop_buried(struct lw_worker *w)
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

struct deadline
worker_due(const struct lw_worker *w)
{
	struct deadline due = w->child != NULL ? child_due(w->child) : DEADLINE_NEVER;

	for (const struct child *c = w->unburied; c != NULL; c = c->next)
		due = deadline_earlier(due, child_due(c));
	return due;
}

void
worker_pump(struct lw_worker *w, struct deadline until)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	int count;

	until = deadline_earlier(until, worker_due(w));
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

void
worker_pump_ready(struct lw_worker *w)
{
	worker_pump(w, (struct deadline){ 0 });
	worker_drop_buried(w);
}

bool
worker_wait_until(
    struct lw_worker *w, bool (*holds)(const struct lw_worker *w), struct deadline until)
{
	while (worker_drop_buried(w), !holds(w)) {
		if (deadline_passed(until))
			return false;
		worker_pump(w, until);
	}
	return true;
}

/* The wait is over, and whoever waited looks at the token. */
static void
on_cancel(struct child *none)
{
	(void)none;
}

/*
 * Its descriptor stays readable for as long as it is cancelled, and longer where a reset met a cancel
 * half-way: edge-triggered, or a wait that looks at no token would be a busy loop.
 */
void
worker_watch_cancel(struct lw_worker *w)
{
	const lw_cancel_token *token = w->call.cancel;

	w->on_cancel = (struct child_source){ .on_ready = on_cancel };
	w->call.cancel_watched = token != NULL && !cancelled(token) &&
				 sys_epoll_control(w->epoll, EPOLL_CTL_ADD, token->eventfd,
				     EPOLLIN | EPOLLET, &w->on_cancel) == 0;
}

void
worker_unwatch_cancel(struct lw_worker *w)
{
	if (w->call.cancel_watched)
		(void)sys_epoll_control(w->epoll, EPOLL_CTL_DEL, w->call.cancel->eventfd, 0, NULL);
	w->call.cancel_watched = false;
}
