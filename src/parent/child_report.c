/* SPDX-License-Identifier: Apache-2.0 */
/* The report lane: what the warden says, and its end. */
#include <errno.h>
#include <sys/wait.h>

#include "base/sys.h"
#include "parent/child_parts.h"
#include "parent/error.h"
#include "parent/verdict.h"
#include "wire/warden.h"

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
	c->grace = deadline_in_ms(CHILD_LANE_GRACE_MS);
}

static void
on_exit_record(struct child *c, const struct warden_record *record)
{
	keep_end(c, record);
	child_drain_events(c);
	child_conclude(c);
}

static void
on_record(struct child *c, const struct warden_record *record)
{
	switch (record->kind) {
	case WARDEN_STARTED:
		c->pid = (pid_t)record->value[STARTED_PID];
		c->containment = (lw_containment)record->value[STARTED_CONTAINMENT];
		child_ready_when_both(c);
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

/*
 * A warden that left an order unread (an order to kill is given again while it is at it) is told of
 * first, once, by ECONNRESET. What it had said is still there, and is the end of the child.
 */
static ssize_t
receive(const struct child *c, uint8_t *bytes, size_t room)
{
	ssize_t n;

	if (c->io.report < 0)
		return 0;
	n = sys_recv(c->io.report, bytes, room);
	if (n < 0 && errno == ECONNRESET)
		n = sys_recv(c->io.report, bytes, room);
	return n;
}

/* False when there is nothing more now. */
static bool
read_report(struct child *c)
{
	uint8_t bytes[WARDEN_RECORD_SIZE + 1];
	struct warden_record record;
	ssize_t n = receive(c, bytes, sizeof bytes);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		child_close(c, &c->io.report);
		return false;
	}
	if (warden_record_decode(bytes, (size_t)n, &record))
		on_record(c, &record);
	else
		child_fault(c, "a record of the warden is malformed");
	return true;
}

void
child_on_report(struct child *c)
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

void
child_on_warden_end(struct child *c)
{
	int status = 0;
	bool known = reap_warden(c, &status);

	while (read_report(c))
		;
	child_drain_events(c);
	child_drain_log(c);
	if (c->ended)
		child_conclude(c); /* it had said how the worker ended before it was lost itself */
	if (child_lives(c)) {
		child_note_unread(c);
		verdict_of_warden(c, known ? &status : NULL, &c->cause);
		child_set_condemned(c);
	}
	child_close(c, &c->io.log);
	child_close(c, &c->io.report);
	child_close(c, &c->io.warden_pidfd);
	child_set_state(c, CHILD_BURIED);
}
