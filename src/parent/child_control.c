/* SPDX-License-Identifier: Apache-2.0 */
/* The control lane: what is asked of the worker. */
#include <errno.h>
#include <string.h>

#include "base/sys.h"
#include "parent/child_parts.h"
#include "wire/bytes.h"

/* It is gone or going, and the warden will say how; or it closed the lane. Told once. */
static void
lose_control(struct child *c)
{
	child_note_unread(c);
	buffer_clear(&c->out);
	c->deaf = true;
	c->grace = deadline_in_ms(CHILD_LANE_GRACE_MS);
	(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, c->io.control, 0, NULL);
}

/* That it can be written is told only while something waits; a hang-up always is. */
static void
watch_writable(struct child *c, bool wanted)
{
	if (c->out_watched == wanted || c->deaf)
		return;
	c->out_watched = wanted;
	if (sys_epoll_control(c->options.epoll, EPOLL_CTL_MOD, c->io.control, wanted ? EPOLLOUT : 0,
		&c->on_control) != 0)
		child_condemn(c, LW_V_SYSTEM_CALL, "cannot wait until the child reads");
}

/* Writes what the lane takes now; epoll tells when it takes more. */
static void
flush_control(struct child *c)
{
	while (buffer_size(&c->out) > 0) {
		ssize_t n = sys_send(c->io.control, buffer_front(&c->out), buffer_size(&c->out));

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			lose_control(c);
			break;
		}
		buffer_consume(&c->out, (size_t)n);
	}
	if (buffer_size(&c->out) == 0 && c->out.room > WIRE_FRAME_MAX)
		buffer_free(&c->out);
	watch_writable(c, buffer_size(&c->out) > 0);
}

/* Without anything to write it is the hang-up. */
void
child_on_control(struct child *c)
{
	if (!child_lives(c) || c->deaf)
		return; /* told of together with what ended it */
	if (buffer_size(&c->out) > 0)
		flush_control(c);
	else
		lose_control(c);
}

static void
ask(struct child *c, enum wire_message_id id, const struct buffer *head, const void *rest,
    size_t rest_size)
{
	struct wire_target target = { .out = &c->out, .generation = c->options.generation };

	c->question++;
	c->asked_ns = sys_monotonic_ns();
	c->answered = 0;
	c->unread = c->heard = false;
	c->look_ms = RING_LOOK_MS;
	c->ring_due = deadline_in_ms(c->look_ms);
	if (!wire_put(&target, id, c->question, head ? buffer_front(head) : NULL,
		head ? buffer_size(head) : 0, rest, rest_size)) {
		child_condemn(c, LW_V_NO_MEMORY, "no memory for a message of %zu bytes", rest_size);
		return;
	}
	flush_control(c);
}

void
child_check_health(struct child *c)
{
	c->checked = true;
	c->healthy = false;
	ask(c, WIRE_HEALTH, NULL, NULL, 0);
}

static bool
put_text(struct buffer *b, const char *text)
{
	return wire_put_text(b, text, strlen(text));
}

static bool
put_recipe(struct buffer *b, const struct child_recipe *r)
{
	bool put = put_text(b, r->host) && put_text(b, r->runtime) && put_text(b, r->library) &&
		   put_text(b, r->package) && put_text(b, r->module) && put_text(b, r->imports) &&
		   wire_put32(b, (uint32_t)r->dependency_count);

	for (size_t i = 0; put && i < r->dependency_count; i++)
		put = put_text(b, r->dependencies[i]);
	return put;
}

void
child_open(struct child *c, const struct child_recipe *recipe)
{
	struct buffer body = BUFFER_EMPTY;

	*c->io.stop = 0;
	if (put_recipe(&body, recipe)) {
		child_set_state(c, CHILD_OPENING);
		ask(c, WIRE_OPEN, &body, NULL, 0);
	} else {
		child_condemn(c, LW_V_NO_MEMORY, "no memory for a recipe");
	}
	buffer_free(&body);
}

void
child_run(struct child *c, struct request *request, const char *export_name, const char *text,
    size_t size)
{
	struct buffer head = BUFFER_EMPTY;

	*c->io.stop = 0;
	if (wire_put32(&head, request->kind) && put_text(&head, export_name)) {
		c->request = request;
		c->requests++;
		child_set_state(c, CHILD_BUSY);
		ask(c, WIRE_RUN, &head, text, size);
	} else {
		child_condemn(c, LW_V_NO_MEMORY, "no memory for a request");
	}
	buffer_free(&head);
}

void
child_shut_down(struct child *c, struct deadline until)
{
	c->leave = until;
	child_set_state(c, CHILD_LEAVING);
	ask(c, WIRE_SHUTDOWN, NULL, NULL, 0);
}

void
child_ask_stop(struct child *c)
{
	*c->io.stop = 1;
	if (c->state == CHILD_BUSY)
		child_set_state(c, CHILD_ASKED);
}
