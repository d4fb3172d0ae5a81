/* SPDX-License-Identifier: Apache-2.0 */
/* The event lane: what the worker says. */
#include <errno.h>
#include <stdio.h>

#include "base/sys.h"
#include "parent/child_parts.h"
#include "parent/clean.h"
#include "parent/verdict.h"
#include "wire/bytes.h"

#define BIT(x)            (1u << (x))
#define READ_SIZE         (256 * 1024) /* one read, and so the work of one wake */
#define EVENT_DRAIN_READS 16           /* far more than a socket holds */

static const unsigned phases[CHILD_STATE_COUNT] = {
	[CHILD_STARTING] = WIRE_STARTING,
	[CHILD_READY] = WIRE_READY,
	[CHILD_OPENING] = WIRE_OPENING,
	[CHILD_IDLE] = WIRE_IDLE,
	[CHILD_BUSY] = WIRE_BUSY,
	[CHILD_ASKED] = WIRE_BUSY,
	[CHILD_LEAVING] = WIRE_LEAVING,
};

static void
copy_text(char *ret, size_t room, struct wire_text text)
{
	(void)clean_copy(ret, room, text.at, text.size);
}

/* Of what the socket carried nothing may be left: the two lanes have no order. */
static bool
change_lane(struct child *c)
{
	bool empty = buffer_size(&c->reader.in) == c->reader.consumed;

	if (!empty)
		child_fault(c, "it said more than HELLO before it changed to its ring");
	else if (!child_use_ring(c))
		child_fault(c, "it speaks through a ring that it was not given");
	return child_lives(c);
}

static void
on_hello(struct child *c, struct wire_cursor in)
{
	uint32_t magic = wire_get32(&in);
	uint32_t lowest = wire_get32(&in);
	uint32_t highest = wire_get32(&in);
	uint32_t features = wire_get32(&in); /* those that are unknown are none of ours */

	copy_text(c->program, sizeof c->program, wire_get_text(&in));
	copy_text(c->build, sizeof c->build, wire_get_text(&in));
	if (!wire_get_end(&in) || magic != WIRE_HELLO_MAGIC) {
		child_fault(c, "its HELLO is malformed");
		return;
	}
	if (lowest > WIRE_PROTOCOL_VERSION || highest < WIRE_PROTOCOL_VERSION) {
		child_condemn(c, LW_V_WRONG_VERSION,
		    "%s is %s %s and speaks protocol %u to %u; this library is %s and speaks "
		    "protocol %d. "
		    "Install both from one release",
		    c->options.path, c->program, c->build, lowest, highest, LW_VERSION,
		    WIRE_PROTOCOL_VERSION);
		return;
	}
	if ((features & WIRE_FEATURE_RING) && !change_lane(c))
		return;
	c->protocol = WIRE_PROTOCOL_VERSION;
	child_ready_when_both(c);
}

static void
on_healthy(struct child *c, struct wire_cursor in)
{
	if (!wire_get_end(&in)) {
		child_fault(c, "its HEALTHY is not empty");
		return;
	}
	c->checked = false;
	c->healthy = c->served = true;
}

static void
on_opened(struct child *c, struct wire_cursor in)
{
	copy_text(c->host, sizeof c->host, wire_get_text(&in));
	copy_text(c->runtime, sizeof c->runtime, wire_get_text(&in));
	copy_text(c->lean_version, sizeof c->lean_version, wire_get_text(&in));
	copy_text(c->warning, sizeof c->warning, wire_get_text(&in));
	if (!wire_get_end(&in))
		child_fault(c, "its OPENED is malformed");
	else {
		c->served = true;
		c->open_took_ns = sys_monotonic_ns() - c->asked_ns;
		child_set_state(c, CHILD_IDLE);
	}
}

static void
on_open_progress(struct child *c, struct wire_cursor in)
{
	struct lw_progress progress = { 0 };
	struct wire_text words;
	char phase[256];

	progress.current = wire_get64(&in);
	progress.total = wire_get64(&in);
	words = wire_get_rest(&in);
	if (!wire_get_end(&in) || words.size == 0) {
		child_fault(c, "its PROGRESS is malformed");
		return;
	}
	copy_text(phase, sizeof phase, words);
	progress.phase = phase;
	if (c->options.on_open_progress != NULL)
		c->options.on_open_progress(
		    c->options.open_progress_context, c->options.generation, &progress);
}

static void
on_open_end(struct child *c, const struct wire_message *m)
{
	struct request_end end;

	if (!request_end_decode(m, &end) || !wire_outcome_fits(end.outcome, WIRE_OPENING))
		child_fault(c, "its END of an opening is malformed");
	else if (end.outcome == WIRE_OUTCOME_STOPPED && *c->io.stop == 0)
		child_fault(c, "it says that it was asked to stop, which it was not");
	else if (end.outcome == WIRE_OUTCOME_STOPPED)
		c->open_stopped = true; /* who asked knows why */
	else
		child_condemn(c, verdict_of_outcome(end.outcome), "%s", end.message);
}

/* Whether a request of this kind of end may be true: only who was asked can stop for it. */
static bool
end_is_true(const struct child *c)
{
	return c->request->end.outcome != WIRE_OUTCOME_STOPPED || c->state == CHILD_ASKED;
}

static void
on_request(struct child *c, const struct wire_message *m)
{
	switch (request_take(c->request, m)) {
	case REQUEST_GOES_ON:
		break;
	case REQUEST_ENDED:
		if (end_is_true(c)) {
			c->served = true;
			child_set_state(c, CHILD_IDLE);
		} else {
			c->request->ended = false; /* nothing that it said counts */
			child_fault(c, "it says that it was asked to stop, which it was not");
		}
		break;
	case REQUEST_MUTED:
		child_ask_stop(c);
		break;
	case REQUEST_LATE:
		child_condemn(c, LW_V_REQUEST_TIMEOUT,
		    "the request's time was over while a callback of the caller was busy; the "
		    "child was killed");
		break;
	case REQUEST_LIE:
		child_fault(c, c->request->why);
		break;
	case REQUEST_NO_MEMORY:
		child_condemn(
		    c, LW_V_NO_MEMORY, "no memory for what the child sent; it was killed");
		break;
	}
}

static void
on_message(struct child *c, const struct wire_message *m)
{
	struct wire_cursor in = wire_cursor(m->body, m->size);

	switch (m->id) {
	case WIRE_HELLO:
		on_hello(c, in);
		break;
	case WIRE_HEALTHY:
		on_healthy(c, in);
		break;
	case WIRE_OPENED:
		on_opened(c, in);
		break;
	case WIRE_BYE:
		c->bye = wire_get_end(&in); /* its exit follows */
		if (!c->bye)
			child_fault(c, "its BYE is not empty");
		break;
	default:
		if (c->state == CHILD_OPENING && m->id == WIRE_PROGRESS)
			on_open_progress(c, in);
		else if (c->state == CHILD_OPENING)
			on_open_end(c, m);
		else
			on_request(c, m);
	}
}

/* The table decides whether a message may come now. */
static bool
admit(struct child *c, const struct wire_message *m)
{
	const struct wire_rule *rule = wire_rule(m->id);
	unsigned now = phases[c->state] | (c->checked ? WIRE_CHECKED : 0);
	char why[96];

	if (!(rule->phases & now))
		(void)snprintf(why, sizeof why, "%s has no place there", rule->name);
	else if (m->request != c->question)
		(void)snprintf(why, sizeof why, "%s answers request %u, not %u", rule->name,
		    m->request, c->question);
	else if ((rule->flags & WIRE_ONCE) && (c->answered & BIT(m->id)))
		(void)snprintf(why, sizeof why, "%s came twice", rule->name);
	else {
		c->answered |= BIT(m->id);
		return true;
	}
	child_fault(c, why);
	return false;
}

void
child_take_messages(struct child *c)
{
	struct wire_message m;
	bool any = false; /* a part of a message is no sign of life */

	while (child_lives(c)) {
		switch (wire_next(&c->reader, &m)) {
		case WIRE_MESSAGE:
			if (admit(c, &m))
				on_message(c, &m);
			any = true;
			break;
		case WIRE_NEED_MORE:
			if (any && c->request != NULL)
				c->request->event_ns = sys_monotonic_ns();
			return;
		case WIRE_VIOLATION:
			child_fault(c, c->reader.why);
			return;
		case WIRE_NO_ROOM:
			child_condemn(
			    c, LW_V_NO_MEMORY, "no memory for what the child sent; it was killed");
			return;
		}
	}
}

static void
lose_lane(struct child *c)
{
	c->lane_closed = true;
	if (!c->ended)
		c->grace = deadline_in_ms(CHILD_LANE_GRACE_MS);
	(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, c->io.event, 0, NULL);
}

/* One read of the event lane and all that is in it; false when there is nothing more now. */
static bool
read_events(struct child *c)
{
	uint8_t *place;
	ssize_t n;

	if (!child_lives(c) || c->lane_closed || c->through_ring)
		return false;
	place = buffer_reserve(&c->reader.in, READ_SIZE);
	if (place == NULL) {
		child_condemn(
		    c, LW_V_NO_MEMORY, "no memory to read what the child sends; it was killed");
		return false;
	}
	n = sys_recv(c->io.event, place, READ_SIZE);
	if (n > 0) {
		buffer_grow(&c->reader.in, (size_t)n);
		c->heard = true;
		child_take_messages(c);
		return true;
	}
	if (n == 0 || errno != EAGAIN)
		lose_lane(c);
	return false;
}

/* What was sent before an end still counts; bounded, because a stranger may hold the lane. */
void
child_drain_events(struct child *c)
{
	for (int i = 0; i < EVENT_DRAIN_READS && read_events(c); i++)
		;
	if (c->through_ring)
		child_drain_ring(c);
}

void
child_on_event(struct child *c)
{
	if (!c->through_ring) {
		(void)read_events(c);
		return;
	}
	if (!child_hear_bell(c))
		lose_lane(c);
	child_read_ring(c);
}
