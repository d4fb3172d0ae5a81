/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/child_parts.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "parent/error.h"
#include "parent/graveyard.h"
#include "parent/memory.h"
#include "parent/restart.h"
#include "parent/verdict.h"
#include "wire/bytes.h"
#include "wire/warden.h"

#define LOG_READ_SIZE   65536
#define LOG_DRAIN_READS 32 /* twice what the pipe holds */
#define ORDER_GRACE_MS  200
#define FORCE_NS        INT64_C(10000000000)

static const char *const state_names[CHILD_STATE_COUNT] = {
#define X(name, words) [CHILD_##name] = (words),
	CHILD_STATES(X)
#undef X
};

static bool
is_edge(enum child_state from, enum child_state to)
{
#define X(a, b, function)                                                                          \
	if (from == CHILD_##a && to == CHILD_##b)                                                  \
		return true;
	CHILD_EDGES(X)
#undef X
	return false;
}

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

/* The one setter. In a release a bug of ours ends this child and nothing else. */
void
child_set_state(struct child *c, enum child_state state)
{
	bool allowed = is_edge(c->state, state);

	c->state = state;
	if (state != CHILD_BUSY && state != CHILD_ASKED)
		c->request = NULL;
	if (state == CHILD_IDLE || state == CHILD_READY)
		c->idle_ns = sys_monotonic_ns();
	if (state == CHILD_CONDEMNED)
		c->condemned_ns = sys_monotonic_ns();
	if (LW_BUG_IF(!allowed) || LW_BUG_IF(!state_holds(c))) {
		(void)error_set(
		    &c->cause, LW_V_BUG, "a wrong change to \"%s\"", state_names[state]);
		c->state = state < CHILD_CONDEMNED ? CHILD_CONDEMNED : state;
		child_close_lanes(c);
		order_kill(c);
	}
}

bool
child_lives(const struct child *c)
{
	return c->state < CHILD_CONDEMNED;
}

bool
child_is_free(const struct child *c)
{
	return c->state == CHILD_READY || c->state == CHILD_IDLE;
}

bool
child_is_open(const struct child *c)
{
	return c->state == CHILD_IDLE || c->state == CHILD_BUSY || c->state == CHILD_ASKED;
}

/* ---- Descriptors --------------------------------------------------------------------------- */

bool
child_watch(struct child *c, struct child_source *source, int fd, void (*on_ready)(struct child *),
    uint32_t events)
{
	*source = (struct child_source){ .child = c, .on_ready = on_ready };
	return sys_epoll_control(c->options.epoll, EPOLL_CTL_ADD, fd, events, source) == 0;
}

/* A forked copy of this process may hold the description open: closing would not unwatch it. */
void
child_close(struct child *c, int *fd)
{
	if (*fd >= 0)
		(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, *fd, 0, NULL);
	sys_close(fd);
}

void
child_close_lanes(struct child *c)
{
	child_close(c, &c->io.event);
	child_close(c, &c->io.control);
	child_drop_ring(c);
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
		child_close(c, &c->io.log);
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
void
child_send_record(struct child *c, const struct warden_record *record)
{
	uint8_t bytes[WARDEN_RECORD_SIZE];

	warden_record_encode(record, bytes);
	if (c->io.report >= 0 && sys_send(c->io.report, bytes, sizeof bytes) < 0)
		sys_end_sending(c->io.report);
}

/*
 * A warden that something stopped is continued, so that it can obey; child_on_due looks whether it
 * did.
 */
static void
order_kill(struct child *c)
{
	child_send_record(c, &(struct warden_record){ .kind = WARDEN_KILL });
	if (c->io.warden_pidfd >= 0)
		(void)sys_pidfd_kill(c->io.warden_pidfd, SIGCONT);
	c->grace = deadline_in_ms(ORDER_GRACE_MS);
}

void
child_kill_warden(struct child *c)
{
	c->forced = true;
	if (c->io.warden_pidfd < 0)
		return;
	if (c->pid != 0)
		graveyard_take_children(c->io.warden, c->io.warden_pidfd);
	(void)sys_pidfd_kill(c->io.warden_pidfd, SIGKILL);
}

/* The child is over; its cause is fixed. What is left to do needs the warden only. */
void
child_set_condemned(struct child *c)
{
	child_close_lanes(c);
	if (child_lives(c))
		child_set_state(c, CHILD_CONDEMNED);
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
		c->killed = !c->ended;
		child_set_condemned(c);
	}
	order_kill(c);
}

/*
 * A socket whose peer closed it with bytes unread says ECONNRESET. A worker begins a request only
 * when it has read it whole, so this is proof that no work was begun.
 */
void
child_note_unread(struct child *c)
{
	c->unread = c->unread || buffer_size(&c->out) > 0 ||
		    sys_socket_error(c->io.control) == ECONNRESET;
}

/* It ended without our order: what was sent before still counts, then the facts say why. */
void
child_conclude(struct child *c)
{
	child_drain_log(c);
	if (child_lives(c)) {
		child_note_unread(c);
		verdict_of_exit(c, &c->cause);
		child_set_condemned(c);
	}
}

void
child_fault(struct child *c, const char *why)
{
	if (c->state == CHILD_STARTING)
		child_condemn(c, LW_V_WRONG_PROGRAM,
		    "%s does not speak the protocol of leanworker-child: %s", c->options.path, why);
	else
		child_condemn(c, LW_V_PROTOCOL,
		    "the child broke the protocol while %s: %s; it was killed",
		    state_names[c->state], why);
}

/* The worker's HELLO and the warden's record of it come on two lanes, in any order. */
void
child_ready_when_both(struct child *c)
{
	if (c->state != CHILD_STARTING || c->pid == 0 || c->protocol == 0)
		return;
	c->start_took_ns = sys_monotonic_ns() - c->began_ns;
	child_set_state(c, CHILD_READY);
}

static bool
is_answering(const struct child *c)
{
	return c->state == CHILD_OPENING || c->state == CHILD_BUSY || c->state == CHILD_ASKED ||
	       c->state == CHILD_LEAVING || c->checked;
}

/* What it says without ringing is found by looking. */
static struct deadline
due_look(const struct child *c)
{
	return c->through_ring && is_answering(c) ? c->ring_due : DEADLINE_NEVER;
}

static struct deadline
due_grace(const struct child *c)
{
	bool closed = child_lives(c) && (c->lane_closed || c->deaf || c->ended);
	bool ordered = c->state == CHILD_CONDEMNED && !c->forced;

	if (closed || ordered)
		return c->grace;
	return c->state == CHILD_LEAVING ? c->leave : DEADLINE_NEVER;
}

/*
 * No warden has answered an order to kill. One that has never spoken may not be ours; one that the
 * worker stops again and again is continued as often, and loses its place in the end.
 */
static void
urge_warden(struct child *c)
{
	bool silent = c->pid == 0 || sys_monotonic_ns() - c->condemned_ns > FORCE_NS;

	if (silent && !c->ended)
		child_kill_warden(c);
	else
		order_kill(c);
}

struct deadline
child_due(const struct child *c)
{
	return deadline_earlier(due_look(c), due_grace(c));
}

void
child_on_due(struct child *c)
{
	if (deadline_passed(due_look(c)))
		child_look_at_ring(c);
	if (!deadline_passed(due_grace(c)))
		return;
	if (!child_lives(c)) {
		urge_warden(c);
	} else if (c->ended) {
		child_drain_events(c);
		child_conclude(c);
	} else if (!c->deaf && !c->lane_closed) {
		child_condemn(
		    c, LW_V_REPLACED, "the child was asked to leave, and did not in time");
	} else {
		child_fault(c, c->deaf ? "it closed its control lane and lived on"
				       : "it closed its event lane and lived on");
	}
}

/* ---- Life ---------------------------------------------------------------------------------- */

static bool
watch_all(struct child *c)
{
	return child_watch(c, &c->on_log, c->io.log, on_log, EPOLLIN) &&
	       child_watch(c, &c->on_control, c->io.control, child_on_control, 0) &&
	       child_watch(c, &c->on_event, c->io.event, child_on_event, EPOLLIN) &&
	       child_watch(c, &c->on_report, c->io.report, child_on_report, EPOLLIN) &&
	       child_watch(c, &c->on_warden, c->io.warden_pidfd, child_on_warden_end, EPOLLIN);
}

static void
send_configure(struct child *c)
{
	struct warden_record record = { .kind = WARDEN_CONFIGURE };

	record.value[CONFIGURE_GENERATION] = c->options.generation;
	record.value[CONFIGURE_ROW_CAP] = c->options.row_cap;
	record.value[CONFIGURE_CONTAINMENT] = c->options.containment;
	record.value[CONFIGURE_RING_ROOM] = c->io.ring != NULL ? RING_ROOM : 0;
	child_send_record(c, &record);
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
	c->began_ns = sys_monotonic_ns();
	c->start_took_ns = c->open_took_ns = -1;
	c->oom_known = memory_oom_kills(&c->oom_kills);
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
		while (sys_pidfd_wait(c->io.warden_pidfd, &(siginfo_t){ 0 }, WEXITED) < 0 &&
		       errno == EINTR)
			;
		child_free(&c);
		return code;
	}
	send_configure(c);
	*ret_child = c;
	return LW_OK;
}

void
child_leave(struct child *c)
{
	if (c->io.warden_pidfd < 0)
		return;
	(void)sys_epoll_control(c->options.epoll, EPOLL_CTL_DEL, c->io.warden_pidfd, 0, NULL);
	graveyard_take(&c->io.warden_pidfd);
}

void
child_free(struct child **child)
{
	struct child *c = *child;

	*child = NULL;
	child_close_lanes(c);
	child_close(c, &c->io.log);
	child_close(c, &c->io.report);
	child_close(c, &c->io.warden_pidfd);
	sys_unmap((void *)c->io.stop, SPAWN_STOP_PAGE);
	wire_reader_free(&c->reader);
	sys_free(c);
}

lw_restart
child_restart(const struct child *c)
{
	lw_restart reason = restart_of(c->cause.verdict);

	return reason == LW_RESTART_CRASH && c->protocol == 0 ? LW_RESTART_START_FAILED : reason;
}

void
child_describe(const struct child *c, struct lw_error *error)
{
	if (error == NULL)
		return;
	error->generation = c->options.generation;
	error->exit = c->exit;
	error->killed = c->killed;
	error->restart = child_restart(c);
	error->log_bytes = c->log.total;
	log_tail_copy(&c->log, error->log_tail, sizeof error->log_tail);
}
