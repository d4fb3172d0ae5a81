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
			w->statistics.log_bytes += c->log.total;
			w->statistics.lane_waits += c->waits;
			w->unseen_ends += c->pid != 0 && !c->exit.known;
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

	if (w->spare != NULL)
		due = deadline_earlier(due, worker_spare_end(w));
	for (const struct child *c = w->unburied; c != NULL; c = c->next)
		due = deadline_earlier(due, child_due(c));
	return due;
}

/* Its descriptor stays readable for as long as it is cancelled, so it is watched until then. */
bool
worker_watch_cancel(struct lw_worker *w)
{
	const lw_cancel_token *token = w->call.cancel;

	if (token == NULL || cancelled(token))
		return true;
	w->call.cancel_watched = sys_epoll_control(w->epoll, EPOLL_CTL_ADD, token->eventfd, EPOLLIN,
				     &w->on_cancel) == 0;
	return w->call.cancel_watched;
}

void
worker_unwatch_cancel(struct lw_worker *w)
{
	if (w->call.cancel_watched)
		(void)sys_epoll_control(w->epoll, EPOLL_CTL_DEL, w->call.cancel->eventfd, 0, NULL);
	w->call.cancel_watched = false;
}

/* The wait is over, and whoever waited looks at the token: every wait, once. */
static void
on_cancel(struct lw_worker *w)
{
	if (cancel_woke(w->call.cancel))
		worker_unwatch_cancel(w);
}

bool
worker_pump(struct lw_worker *w, struct deadline until)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	int count;

	until = deadline_earlier(until, worker_due(w));
	count = sys_epoll_wait(w->epoll, events, EVENTS_PER_WAIT, deadline_poll_ms(until));
	for (int i = 0; i < count; i++) {
		struct child_source *source = events[i].data.ptr;

		if (source == &w->on_cancel)
			on_cancel(w);
		else
			source->on_ready(source->child);
	}
	if (w->child != NULL && count >= 0) /* after a stop the time has to be looked at first */
		child_on_due(w->child);
	if (w->spare != NULL)
		worker_tend_spare(w);
	worker_note_progress(w);
	for (struct child *c = w->unburied; c != NULL; c = c->next)
		child_on_due(c);
	return count > 0;
}

void
worker_pump_ready(struct lw_worker *w)
{
	(void)worker_pump(w, (struct deadline){ 0 });
	worker_drop_buried(w);
}

bool
worker_wait_until(
    struct lw_worker *w, bool (*holds)(const struct lw_worker *w), struct deadline until)
{
	while (worker_drop_buried(w), !holds(w)) {
		if (deadline_passed(until))
			return false;
		(void)worker_pump(w, until);
	}
	return true;
}
