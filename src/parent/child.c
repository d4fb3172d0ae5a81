/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/child.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "parent/clean.h"
#include "parent/error.h"
#include "parent/verdict.h"
#include "wire/bytes.h"
#include "wire/warden.h"

#define READ_SIZE         (256 * 1024) /* one read, and so the work of one wake */
#define LOG_READ_SIZE     65536
#define EVENT_DRAIN_READS 16 /* far more than a socket holds */
#define LOG_DRAIN_READS   32 /* twice what the pipe holds */
#define ORDER_GRACE_MS    200
#define LANE_GRACE_MS     1000 /* a dying process closes its descriptors before it is dead */

#define BIT(x) (1u << (x))

static const unsigned may_follow[CHILD_STATE_COUNT] = {
	[CHILD_STARTING] = BIT(CHILD_READY) | BIT(CHILD_CONDEMNED),
	[CHILD_READY] = BIT(CHILD_OPENING) | BIT(CHILD_LEAVING) | BIT(CHILD_CONDEMNED),
	[CHILD_OPENING] = BIT(CHILD_IDLE) | BIT(CHILD_CONDEMNED),
	[CHILD_IDLE] = BIT(CHILD_BUSY) | BIT(CHILD_LEAVING) | BIT(CHILD_CONDEMNED),
	[CHILD_BUSY] = BIT(CHILD_ASKED) | BIT(CHILD_IDLE) | BIT(CHILD_CONDEMNED),
	[CHILD_ASKED] = BIT(CHILD_IDLE) | BIT(CHILD_CONDEMNED),
	[CHILD_LEAVING] = BIT(CHILD_CONDEMNED),
	[CHILD_CONDEMNED] = BIT(CHILD_BURIED),
	[CHILD_BURIED] = 0,
};

static const unsigned phases[CHILD_STATE_COUNT] = {
	[CHILD_STARTING] = WIRE_STARTING,
	[CHILD_READY] = WIRE_READY,
	[CHILD_OPENING] = WIRE_OPENING,
	[CHILD_IDLE] = WIRE_IDLE,
	[CHILD_BUSY] = WIRE_BUSY,
	[CHILD_ASKED] = WIRE_BUSY,
	[CHILD_LEAVING] = WIRE_LEAVING,
};

static const char *const state_names[CHILD_STATE_COUNT] = {
	[CHILD_STARTING] = "starting",
	[CHILD_READY] = "ready",
	[CHILD_OPENING] = "opening",
	[CHILD_IDLE] = "idle",
	[CHILD_BUSY] = "busy",
	[CHILD_ASKED] = "asked to stop",
	[CHILD_LEAVING] = "shutting down",
	[CHILD_CONDEMNED] = "condemned",
	[CHILD_BURIED] = "buried",
};

/* What holds in each state; checked at every change. */
static bool
state_holds(const struct child *c)
{
	switch (c->state) {
	case CHILD_STARTING:
	case CHILD_READY:
	case CHILD_OPENING:
	case CHILD_IDLE:
	case CHILD_LEAVING:
		return c->request == NULL && c->cause.verdict == LW_V_OK && c->io.event >= 0;
	case CHILD_BUSY:
	case CHILD_ASKED:
		return c->request != NULL && c->cause.verdict == LW_V_OK && c->io.event >= 0;
	case CHILD_CONDEMNED:
		return c->request == NULL && c->io.event < 0 && c->io.control < 0;
	case CHILD_BURIED:
		return c->request == NULL && c->io.event < 0 && c->io.warden_pidfd < 0;
	case CHILD_STATE_COUNT:
		break;
	}
	return false;
}

static void order_kill(struct child *c);
static void close_lanes(struct child *c);

/* The one setter. In a release a bug of ours ends this child and nothing else. */
static void
set_state(struct child *c, enum child_state state)
{
	bool allowed = may_follow[c->state] & BIT(state);

	c->state = state;
	if (state != CHILD_BUSY && state != CHILD_ASKED)
		c->request = NULL;
	if (LW_BUG_IF(!allowed) || LW_BUG_IF(!state_holds(c))) {
		(void)error_set(
		    &c->cause, LW_V_BUG, "a wrong change to \"%s\"", state_names[state]);
		c->state = state < CHILD_CONDEMNED ? CHILD_CONDEMNED : state;
		close_lanes(c);
		order_kill(c);
	}
}

bool
child_lives(const struct child *c)
{
	return c->state < CHILD_CONDEMNED;
}

/* ---- Descriptors --------------------------------------------------------------------------- */

static bool
watch(struct child *c, struct child_source *source, int fd, void (*on_ready)(struct child *),
    uint32_t events)
{
	*source = (struct child_source){ .child = c, .on_ready = on_ready };
	return sys_epoll_control(c->options.epoll, EPOLL_CTL_ADD, fd, events, source) == 0;
}

/* A forked copy of this process may hold the description open: closing would not unwatch it. */
static void
unwatch_close(struct child *c, int *fd)
{
	if (*fd >= 0)
		(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, *fd, 0, NULL);
	sys_close(fd);
}

static void
close_lanes(struct child *c)
{
	unwatch_close(c, &c->io.event);
	unwatch_close(c, &c->io.control);
	buffer_free(&c->out);
}

/* ---- The log ------------------------------------------------------------------------------- */

/* Takes what is there, at most one read; false when there is nothing more now. */
static bool
read_log(struct child *c)
{
	char text[LOG_READ_SIZE];
	ssize_t n = c->io.log >= 0 ? sys_read(c->io.log, text, sizeof text) : 0;

	if (n > 0) {
		log_tail_add(&c->log, text, (size_t)n);
		if (c->options.on_log != NULL)
			c->options.on_log(
			    c->options.log_context, c->options.generation, text, (size_t)n);
		return true;
	}
	if (n == 0 || errno != EAGAIN)
		unwatch_close(c, &c->io.log);
	return false;
}

static void
on_log(struct child *c)
{
	(void)read_log(c);
}

void
child_drain_log(struct child *c)
{
	for (int i = 0; i < LOG_DRAIN_READS && read_log(c); i++)
		;
}

/* ---- The end ------------------------------------------------------------------------------- */

/*
 * To a warden that cannot be told: an end of file, at which it ends everybody. Otherwise an order to
 * kill that was lost would be waited for as long as a close waits.
 */
static void
send_record(struct child *c, const struct warden_record *record)
{
	uint8_t bytes[WARDEN_RECORD_SIZE];

	warden_record_encode(record, bytes);
	if (c->io.report >= 0 && sys_send(c->io.report, bytes, sizeof bytes) < 0)
		sys_end_sending(c->io.report);
}

/*
 * A warden that something stopped is continued, so that it can obey. A program from which no warden
 * has spoken yet may not be ours, and not know the order: it gets a moment, then child_on_due.
 */
static void
order_kill(struct child *c)
{
	send_record(c, &(struct warden_record){ .kind = WARDEN_KILL });
	if (c->io.warden_pidfd >= 0)
		(void)sys_pidfd_kill(c->io.warden_pidfd, SIGCONT);
	c->grace = deadline_in_ms(ORDER_GRACE_MS);
}

void
child_kill_warden(struct child *c)
{
	c->forced = true;
	if (c->io.warden_pidfd >= 0)
		(void)sys_pidfd_kill(c->io.warden_pidfd, SIGKILL);
}

/* The child is over; its cause is fixed. What is left to do needs the warden only. */
static void
set_condemned(struct child *c)
{
	close_lanes(c);
	if (child_lives(c))
		set_state(c, CHILD_CONDEMNED);
}

void
child_condemn(struct child *c, lw_verdict verdict, const char *format, ...)
{
	char message[sizeof((struct lw_error *)0)->message];
	va_list arguments;

	if (c->state == CHILD_BURIED)
		return;
	if (child_lives(c)) {
		va_start(arguments, format);
		(void)vsnprintf(message, sizeof message, format, arguments);
		va_end(arguments);
		(void)error_set(&c->cause, verdict, "%s", message);
		set_condemned(c);
	}
	order_kill(c);
}

/*
 * A socket whose peer closed it with bytes unread says ECONNRESET. A worker begins a request only
 * when it has read it whole, so this is proof that no work was begun.
 */
static void
note_unread(struct child *c)
{
	c->unread = c->unread || buffer_size(&c->out) > 0 ||
		    sys_socket_error(c->io.control) == ECONNRESET;
}

/* It ended without our order: what was sent before still counts, then the facts say why. */
static void
conclude(struct child *c)
{
	child_drain_log(c);
	if (child_lives(c)) {
		note_unread(c);
		verdict_of_exit(c, &c->cause);
		set_condemned(c);
	}
}

/* ---- Messages ------------------------------------------------------------------------------ */

static void
protocol_fault(struct child *c, const char *why)
{
	if (c->state == CHILD_STARTING)
		child_condemn(c, LW_V_WRONG_PROGRAM,
		    "%s does not speak the protocol of leanworker-child: %s", c->options.path, why);
	else
		child_condemn(c, LW_V_PROTOCOL,
		    "the child broke the protocol while %s: %s; it was killed",
		    state_names[c->state], why);
}

static void
copy_text(char *ret, size_t room, struct wire_text text)
{
	(void)clean_copy(ret, room, text.at, text.size);
}

/* The worker's HELLO and the warden's record of it come on two lanes, in any order. */
static void
ready_when_both(struct child *c)
{
	if (c->state == CHILD_STARTING && c->pid != 0 && c->protocol != 0)
		set_state(c, CHILD_READY);
}

static void
on_hello(struct child *c, struct wire_cursor in)
{
	uint32_t magic = wire_get32(&in);
	uint32_t lowest = wire_get32(&in);
	uint32_t highest = wire_get32(&in);

	(void)wire_get32(&in); /* features: this version has none */
	copy_text(c->program, sizeof c->program, wire_get_text(&in));
	copy_text(c->build, sizeof c->build, wire_get_text(&in));
	if (!wire_get_end(&in) || magic != WIRE_HELLO_MAGIC) {
		protocol_fault(c, "its HELLO is malformed");
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
	c->protocol = WIRE_PROTOCOL_VERSION;
	ready_when_both(c);
}

static void
on_opened(struct child *c, struct wire_cursor in)
{
	copy_text(c->host, sizeof c->host, wire_get_text(&in));
	copy_text(c->runtime, sizeof c->runtime, wire_get_text(&in));
	copy_text(c->lean_version, sizeof c->lean_version, wire_get_text(&in));
	copy_text(c->warning, sizeof c->warning, wire_get_text(&in));
	if (!wire_get_end(&in))
		protocol_fault(c, "its OPENED is malformed");
	else
		set_state(c, CHILD_IDLE);
}

static void
on_open_end(struct child *c, const struct wire_message *m)
{
	struct request_end end;

	if (!request_end_decode(m, &end) || !wire_outcome_fits(end.outcome, WIRE_OPENING))
		protocol_fault(c, "its END of an opening is malformed");
	else
		child_condemn(c, verdict_of_outcome(end.outcome), "%s", end.message);
}

static void
on_request(struct child *c, const struct wire_message *m)
{
	switch (request_take(c->request, m)) {
	case REQUEST_GOES_ON:
		break;
	case REQUEST_ENDED:
		if (c->request->end.outcome == WIRE_OUTCOME_STOPPED && c->state != CHILD_ASKED) {
			c->request->ended = false; /* nothing that it said counts */
			protocol_fault(c, "it says that it was asked to stop, which it was not");
		} else {
			set_state(c, CHILD_IDLE);
		}
		break;
	case REQUEST_SINK_FAILED:
		child_ask_stop(c);
		break;
	case REQUEST_LATE:
		child_condemn(c, LW_V_REQUEST_TIMEOUT,
		    "the request's deadline passed while a callback of the caller was busy; the "
		    "child was killed");
		break;
	case REQUEST_LIE:
		protocol_fault(c, c->request->why);
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
		c->checked = false;
		c->healthy = true;
		break;
	case WIRE_OPENED:
		on_opened(c, in);
		break;
	case WIRE_BYE:
		c->bye = true; /* its exit follows */
		break;
	default:
		if (c->state == CHILD_OPENING)
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
	protocol_fault(c, why);
	return false;
}

static void
take_messages(struct child *c)
{
	struct wire_message m;

	while (child_lives(c)) {
		switch (wire_next(&c->reader, &m)) {
		case WIRE_MESSAGE:
			if (admit(c, &m))
				on_message(c, &m);
			break;
		case WIRE_NEED_MORE:
			return;
		case WIRE_VIOLATION:
			protocol_fault(c, c->reader.why);
			return;
		case WIRE_NO_ROOM:
			child_condemn(
			    c, LW_V_NO_MEMORY, "no memory for what the child sent; it was killed");
			return;
		}
	}
}

/* One read of the event lane and all that is in it; false when there is nothing more now. */
static bool
read_events(struct child *c)
{
	uint8_t *place;
	ssize_t n;

	if (!child_lives(c) || c->lane_closed)
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
		take_messages(c);
		return true;
	}
	if (n == 0 || errno != EAGAIN) {
		c->lane_closed = true;
		if (!c->ended)
			c->grace = deadline_in_ms(LANE_GRACE_MS);
		(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, c->io.event, 0, NULL);
	}
	return false;
}

/* What was sent before an end still counts; bounded, because a stranger may hold the lane. */
static void
drain_events(struct child *c)
{
	for (int i = 0; i < EVENT_DRAIN_READS && read_events(c); i++)
		;
}

static void
on_event(struct child *c)
{
	(void)read_events(c);
}

struct deadline
child_due(const struct child *c)
{
	bool closed = child_lives(c) && (c->lane_closed || c->deaf || c->ended);
	bool unknown = c->state == CHILD_CONDEMNED && c->pid == 0 && !c->forced;

	return closed || unknown ? c->grace : DEADLINE_NEVER;
}

void
child_on_due(struct child *c)
{
	if (!deadline_passed(child_due(c)))
		return;
	if (child_lives(c) && c->ended) {
		drain_events(c);
		conclude(c);
	} else if (child_lives(c))
		protocol_fault(c, c->deaf ? "it closed its control lane and lived on"
					  : "it closed its event lane and lived on");
	else
		child_kill_warden(c);
}

/* ---- The warden ---------------------------------------------------------------------------- */

static void
on_failed_record(struct child *c, const struct warden_record *record)
{
#define X(name, words) [WARDEN_STEP_##name] = (words),
	static const char *const steps[WARDEN_STEP_COUNT] = { WARDEN_STEPS(X) };
#undef X
	uint64_t step = record->value[FAILED_STEP];

	child_condemn(c, LW_V_CHILD_NOT_CONTAINED, "the warden failed at %s: %s",
	    step < WARDEN_STEP_COUNT ? steps[step] : "an unknown step",
	    error_text((int)record->value[FAILED_ERRNO]));
}

static void
keep_end(struct child *c, const struct warden_record *record)
{
	int status = (int)record->value[EXIT_STATUS];

	c->exit = (struct lw_exit){
		.known = 1,
		.ordered = record->value[EXIT_ORDERED] != 0,
		.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		.survivors = (uint32_t)record->value[EXIT_SURVIVORS],
		.containment = (lw_containment)record->value[EXIT_CONTAINMENT],
		.user_us = record->value[EXIT_USER_US],
		.system_us = record->value[EXIT_SYSTEM_US],
		.peak_kib = record->value[EXIT_PEAK_KIB],
	};
}

/* The worker is dead. Its descendants are given a moment to be counted, no more. */
static void
on_ended_record(struct child *c, const struct warden_record *record)
{
	keep_end(c, record);
	c->ended = true;
	c->grace = deadline_in_ms(LANE_GRACE_MS);
}

static void
on_exit_record(struct child *c, const struct warden_record *record)
{
	keep_end(c, record);
	drain_events(c);
	conclude(c);
}

static void
on_record(struct child *c, const struct warden_record *record)
{
	switch (record->kind) {
	case WARDEN_STARTED:
		c->pid = (pid_t)record->value[STARTED_PID];
		c->containment = (lw_containment)record->value[STARTED_CONTAINMENT];
		ready_when_both(c);
		break;
	case WARDEN_FAILED:
		on_failed_record(c, record);
		break;
	case WARDEN_ENDED:
		on_ended_record(c, record);
		break;
	case WARDEN_EXIT:
		on_exit_record(c, record);
		break;
	default:
		child_condemn(
		    c, LW_V_PROTOCOL, "the warden sent a record of kind %d", record->kind);
	}
}

/* False when there is nothing more now. */
static bool
read_report(struct child *c)
{
	uint8_t bytes[WARDEN_RECORD_SIZE + 1];
	struct warden_record record;
	ssize_t n = c->io.report >= 0 ? sys_recv(c->io.report, bytes, sizeof bytes) : 0;

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		unwatch_close(c, &c->io.report);
		return false;
	}
	if (warden_record_decode(bytes, (size_t)n, &record))
		on_record(c, &record);
	else
		protocol_fault(c, "a record of the warden is malformed");
	return true;
}

static void
on_report(struct child *c)
{
	(void)read_report(c);
}

/* The wait status of the warden; false when somebody else took it and the kernel cannot say. */
static bool
reap_warden(struct child *c, int *ret_status)
{
	siginfo_t info = { 0 };

	if (sys_pidfd_wait(c->io.warden_pidfd, &info, WEXITED) == 0) {
		*ret_status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
		return true;
	}
	return sys_pidfd_exit_status(c->io.warden_pidfd, ret_status) == 0;
}

static void
on_warden_end(struct child *c)
{
	int status = 0;
	bool known = reap_warden(c, &status);

	while (read_report(c))
		;
	drain_events(c);
	child_drain_log(c);
	if (child_lives(c)) {
		note_unread(c);
		verdict_of_warden(c, known ? &status : NULL, &c->cause);
		set_condemned(c);
	}
	unwatch_close(c, &c->io.log);
	unwatch_close(c, &c->io.report);
	unwatch_close(c, &c->io.warden_pidfd);
	set_state(c, CHILD_BURIED);
}

/* ---- What is sent -------------------------------------------------------------------------- */

static void flush_control(struct child *c);

static void
on_control(struct child *c)
{
	flush_control(c);
}

/* Watched only while something waits: epoll would tell of a hang-up again and again. */
static void
watch_control(struct child *c, bool wanted)
{
	if (c->out_watched == wanted)
		return;
	c->out_watched = wanted;
	if (!wanted)
		(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, c->io.control, 0, NULL);
	else if (!watch(c, &c->on_control, c->io.control, on_control, EPOLLOUT))
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
			/* It is gone or going, and the warden will say how; or it closed the lane. */
			buffer_clear(&c->out);
			c->unread = c->deaf = true;
			c->grace = deadline_in_ms(LANE_GRACE_MS);
			break;
		}
		buffer_consume(&c->out, (size_t)n);
	}
	if (buffer_size(&c->out) == 0 && c->out.room > WIRE_FRAME_MAX)
		buffer_free(&c->out);
	watch_control(c, buffer_size(&c->out) > 0);
}

static void
ask(struct child *c, enum wire_message_id id, const struct buffer *head, const void *rest,
    size_t rest_size)
{
	struct wire_target target = { .out = &c->out, .generation = c->options.generation };

	c->question++;
	c->answered = 0;
	c->unread = c->heard = false;
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
		   put_text(b, r->package) && put_text(b, r->module) &&
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
		set_state(c, CHILD_OPENING);
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
		set_state(c, CHILD_BUSY);
		ask(c, WIRE_RUN, &head, text, size);
	} else {
		child_condemn(c, LW_V_NO_MEMORY, "no memory for a request");
	}
	buffer_free(&head);
}

void
child_shut_down(struct child *c)
{
	set_state(c, CHILD_LEAVING);
	ask(c, WIRE_SHUTDOWN, NULL, NULL, 0);
}

void
child_ask_stop(struct child *c)
{
	*c->io.stop = 1;
	if (c->state == CHILD_BUSY)
		set_state(c, CHILD_ASKED);
}

/* ---- Life ---------------------------------------------------------------------------------- */

static bool
watch_all(struct child *c)
{
	return watch(c, &c->on_log, c->io.log, on_log, EPOLLIN) &&
	       watch(c, &c->on_event, c->io.event, on_event, EPOLLIN) &&
	       watch(c, &c->on_report, c->io.report, on_report, EPOLLIN) &&
	       watch(c, &c->on_warden, c->io.warden_pidfd, on_warden_end, EPOLLIN);
}

static void
send_configure(struct child *c)
{
	struct warden_record record = { .kind = WARDEN_CONFIGURE };

	record.value[CONFIGURE_GENERATION] = c->options.generation;
	record.value[CONFIGURE_ROW_CAP] = c->options.row_cap;
	record.value[CONFIGURE_CONTAINMENT] = c->options.containment;
	send_record(c, &record);
}

lw_code
child_start(
    const struct child_options *options, struct child **ret_child, struct lw_error *ret_error)
{
	struct child *c = sys_alloc(sizeof *c);
	lw_code code;

	if (c == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a child");
	c->options = *options;
	c->cause = (struct lw_error)LW_ERROR_INIT;
	c->exit.code = -1;
	code = spawn_child(options->path, options->environment, &c->io, ret_error);
	if (code != LW_OK) {
		sys_free(c);
		return code;
	}
	wire_reader_init(
	    &c->reader, WIRE_WORKER, options->generation, options->row_cap + WIRE_FRAME_MAX);
	if (!watch_all(c)) {
		code = error_set_errno(ret_error, LW_V_SYSTEM_CALL, "cannot watch the child");
		child_kill_warden(c); /* it was not configured, so it is all that there is */
		(void)sys_pidfd_wait(c->io.warden_pidfd, &(siginfo_t){ 0 }, WEXITED);
		child_free(&c);
		return code;
	}
	send_configure(c);
	*ret_child = c;
	return LW_OK;
}

void
child_free(struct child **child)
{
	struct child *c = *child;

	*child = NULL;
	close_lanes(c);
	unwatch_close(c, &c->io.log);
	unwatch_close(c, &c->io.report);
	unwatch_close(c, &c->io.warden_pidfd);
	sys_unmap((void *)c->io.stop, SPAWN_STOP_PAGE);
	wire_reader_free(&c->reader);
	sys_free(c);
}

void
child_describe(const struct child *c, struct lw_error *error)
{
	if (error == NULL)
		return;
	error->generation = c->options.generation;
	error->exit = c->exit;
	error->log_bytes = c->log.total;
	log_tail_copy(&c->log, error->log_tail, sizeof error->log_tail);
}
