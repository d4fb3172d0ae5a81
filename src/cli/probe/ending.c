/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cancels and deaths. What happens in silence is done by a thread, because the caller's own is in the
 * call; it begins with the export's row, so that the export has begun, and notes the moment itself.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

#define SILENCE_MS    5
#define AT_ROW        10
#define STOP_TRIES_MS 2000

struct act {
	enum { ACT_CANCEL, ACT_STOP_AND_CANCEL, ACT_KILL } kind;
	pid_t pid;
	lw_cancel_token *token;
	pthread_t thread;
	int started;
	int fault;     /* errno of what could not be done */
	int64_t at_ns; /* it was done; 0: it was not */
};

static void
sleep_ms(long ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&span, &span) != 0 && errno == EINTR)
		continue;
}

/* A process that was told to stop still runs for a moment, in which it could see the cancel. */
static int
stop(pid_t pid)
{
	if (kill(pid, SIGSTOP) != 0)
		return errno;
	for (int i = 0; i < STOP_TRIES_MS; i++) {
		if (probe_is_stopped(pid))
			return 0;
		sleep_ms(1);
	}
	return ETIMEDOUT;
}

static void *
act(void *context)
{
	struct act *a = context;

	sleep_ms(SILENCE_MS);
	if (a->kind == ACT_STOP_AND_CANCEL)
		a->fault = stop(a->pid);
	a->at_ns = cli_now_ns();
	if (a->kind == ACT_KILL && kill(a->pid, SIGKILL) != 0)
		a->fault = errno;
	if (a->kind != ACT_KILL ||
	    a->fault != 0) /* what cannot be killed must not go on for ever */
		lw_cancel_token_cancel(a->token);
	return NULL;
}

static int
act_in_silence(void *context, const struct lw_row *row)
{
	struct act *a = context;

	(void)row;
	if (a->started)
		return 0;
	a->fault = pthread_create(&a->thread, NULL, act, a);
	a->started = a->fault == 0;
	return a->fault; /* nonzero ends the request */
}

static int
cancel_here(void *context, const struct lw_row *row)
{
	struct act *a = context;

	if (row->sequence + 1 == AT_ROW) {
		a->at_ns = cli_now_ns();
		lw_cancel_token_cancel(a->token);
	}
	return 0;
}

/* Before a panic: nobody else knows the moment. */
static int
note_last_row(void *context, const struct lw_row *row)
{
	struct act *a = context;

	(void)row;
	a->at_ns = cli_now_ns();
	return 0;
}

/*
 * The session is open, and its child has served something: lw_worker_facts names the process that will
 * serve, and its death does not delay the next start, as that of one does which has served nothing.
 */
static void
settle(struct probe *p)
{
	struct lw_error ignored = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };

	(void)probe_request(p, PROBE_ROLE_STREAM, &timed, &ignored);
}

/* One request, and what is done to it on the way. */
static lw_code
disturb(struct probe *p, enum probe_role role, struct act *a, struct timed *timed,
    struct lw_error *ret_error)
{
	struct lw_call_options call = p->target.call;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_code code;

	(void)lw_worker_facts(p->opened.worker, &facts);
	lw_cancel_token_reset(p->token);
	a->pid = facts.pid;
	a->token = call.cancel = p->token;
	call.budgets.grace_ms = PROBE_GRACE_MS;
	timed->context = a;
	code = timed_stream(p->opened.session, p->exports[role], lw_text(p->requests[role]), &call,
	    timed, ret_error);
	if (a->started)
		(void)pthread_join(a->thread, NULL);
	if (a->kind == ACT_STOP_AND_CANCEL && a->started && !ret_error->killed)
		(void)kill(a->pid, SIGCONT);
	return code;
}

/* ---- Cancels ----------------------------------------------------------------------------------- */

/* 0: it is no figure, and its state says why. */
static int
is_sound(struct probe *p, enum probe_id id, const struct act *a, lw_code code, lw_code wanted,
    const struct lw_error *error)
{
	if (a->fault != 0)
		probe_state(p, id, PROBE_FAILED, "%s", strerror(a->fault));
	else if (code == LW_OK)
		probe_state(p, id, PROBE_FAILED, "the export ended by itself, and well");
	else if (code != wanted)
		probe_fail(p, id, error);
	else if (a->at_ns == 0)
		probe_state(p, id, PROBE_FAILED, "the export ended before its first row");
	return probe_is_open(p, id);
}

static void
cancels(struct probe *p, enum probe_id id, enum probe_role role, int kind, const char *phase)
{
	struct probe_figure *f = &p->figures[id];

	for (size_t i = 0; i < p->runs && probe_is_open(p, id) && !probe_interrupted(p); i++) {
		struct timed timed = { .on_row = id == PROBE_CANCEL_ROW ? cancel_here
									: act_in_silence };
		struct lw_error error = LW_ERROR_INIT;
		struct act a = { .kind = kind };
		lw_code code;

		probe_progress(phase, i, p->runs);
		settle(p);
		code = disturb(p, role, &a, &timed, &error);
		if (!is_sound(p, id, &a, code, LW_E_CANCELLED, &error))
			break;
		probe_add(p, id, timed_ms(a.at_ns, timed.returned_ns));
		f->kept += !error.killed;
	}
	if (f->state == PROBE_MEASURED)
		(void)snprintf(
		    f->note, sizeof f->note, "child kept in %u of %zu", f->kept, f->count);
}

void
probe_cancels(struct probe *p)
{
	cancels(p, PROBE_CANCEL_ROW, PROBE_ROLE_MANY, ACT_CANCEL, "cancels at a row");
	probe_memory(p, "cancels");
	cancels(p, PROBE_CANCEL_SILENT, PROBE_ROLE_SILENT, ACT_CANCEL, "cancels in silence");
	probe_memory(p, "cancels");
	cancels(p, PROBE_CANCEL_DEAF, PROBE_ROLE_SILENT, ACT_STOP_AND_CANCEL, "cancels ignored");
	probe_memory(p, "kills");
}

/* ---- Deaths ------------------------------------------------------------------------------------ */

static void
recover(struct probe *p, enum probe_id id, int64_t died_ns)
{
	struct lw_error error = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };

	if (probe_request(p, PROBE_ROLE_STREAM, &timed, &error) != LW_OK)
		probe_fail(p, id, &error);
	else if (timed.first_row_ns == 0)
		probe_state(p, id, PROBE_FAILED, "the stream has no row");
	else
		probe_add(p, id, timed_ms(died_ns, timed.first_row_ns));
}

/* verdict, and the figure behind it: its recovery. */
static void
die(struct probe *p, enum probe_id verdict, enum probe_role role, struct act *a,
    struct timed *timed)
{
	struct lw_error error = LW_ERROR_INIT;
	struct probe_figure *f = &p->figures[verdict];
	lw_code code = disturb(p, role, a, timed, &error);

	if (!is_sound(p, verdict, a, code, LW_E_DIED, &error)) {
		probe_state(p, (enum probe_id)(verdict + 1), f->state, "%s", f->why);
		return;
	}
	probe_add(p, verdict, timed_ms(a->at_ns, timed->returned_ns));
	(void)snprintf(f->note, sizeof f->note, "%s", lw_verdict_name(error.verdict));
	recover(p, (enum probe_id)(verdict + 1), timed->returned_ns);
}

void
probe_deaths(struct probe *p)
{
	settle(p);
	for (size_t i = 0; i < p->runs && !probe_interrupted(p); i++) {
		struct timed killed = { .on_row = act_in_silence },
			     panicked = { .on_row = note_last_row };
		struct act kills = { .kind = ACT_KILL }, nothing = { .kind = ACT_CANCEL };

		probe_progress("fatal exits", i, p->runs);
		if (probe_is_open(p, PROBE_DEATH_VERDICT))
			die(p, PROBE_DEATH_VERDICT, PROBE_ROLE_SILENT, &kills, &killed);
		if (probe_is_open(p, PROBE_PANIC_VERDICT))
			die(p, PROBE_PANIC_VERDICT, PROBE_ROLE_PANIC, &nothing, &panicked);
		probe_memory(p, "recoveries");
	}
}
