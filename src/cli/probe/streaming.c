/* SPDX-License-Identifier: Apache-2.0 */
/* The six exports with the names of commands, and rows per second in a session that stays open. */
#include <inttypes.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

lw_code
probe_request(
    struct probe *p, enum probe_role role, struct timed *timed, struct lw_error *ret_error)
{
	return timed_stream(p->opened.session, p->exports[role], lw_text(p->requests[role]),
	    &p->target.call, timed, ret_error);
}

/* ---- Commands ---------------------------------------------------------------------------------- */

static lw_code
call_once(
    struct probe *p, enum probe_role role, struct timed *ret_timed, struct lw_error *ret_error)
{
	struct lw_reply reply = LW_REPLY_INIT;
	lw_code code;

	ret_timed->called_ns = cli_now_ns();
	code = lw_session_call(p->opened.session, p->exports[role], lw_text(p->requests[role]),
	    &p->target.call, &reply, ret_error);
	ret_timed->returned_ns = cli_now_ns();
	ret_timed->rows = 0;
	ret_timed->bytes = reply.size;
	lw_reply_clear(&reply);
	return code;
}

static void
command(struct probe *p, enum probe_role role, enum probe_id id)
{
	struct lw_error error = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };

	/* The first one is the warm-up: a call of an export also finds it. */
	for (size_t i = 0; i <= p->runs && probe_is_open(p, id); i++) {
		lw_code code = probe_role_streams(role) ? probe_request(p, role, &timed, &error)
							: call_once(p, role, &timed, &error);

		if (code != LW_OK)
			probe_fail(p, id, &error);
		else if (i > 0)
			probe_add(p, id, timed_ms(timed.called_ns, timed.returned_ns));
	}
	p->figures[id].rows = timed.rows;
	p->figures[id].bytes = timed.bytes;
}

void
probe_commands(struct probe *p)
{
	for (int i = 0; i <= PROBE_PROBE - PROBE_VERSION && !probe_interrupted(p); i++) {
		probe_progress("commands", (size_t)i, PROBE_PROBE - PROBE_VERSION + 1);
		command(p, (enum probe_role)(PROBE_ROLE_VERSION + i),
		    (enum probe_id)(PROBE_VERSION + i));
	}
	probe_memory(p, "commands");
}

/* ---- Rows per second --------------------------------------------------------------------------- */

/* One run; its requests follow one another without a pause. */
static lw_code
run_stream(struct probe *p, struct lw_error *ret_error)
{
	struct times whole = { .count = 0 }, first = { .count = 0 };
	int64_t began = cli_now_ns(), ended = began;
	struct timed timed = { .rows = 0 };
	uint64_t rows = 0, bytes = 0;

	while (ended - began < p->stream_ms * INT64_C(1000000)) {
		lw_code code = probe_request(p, PROBE_ROLE_STREAM, &timed, ret_error);

		if (code != LW_OK)
			return code;
		ended = timed.returned_ns;
		rows += timed.rows;
		bytes += timed.bytes;
		times_add(&whole, (uint64_t)(ended - timed.called_ns));
		times_add(&p->requests_seen, (uint64_t)(ended - timed.called_ns));
		if (timed.rows > 0)
			times_add(&first, (uint64_t)(timed.first_row_ns - timed.called_ns));
	}
	probe_add(p, PROBE_STREAM_ROWS, (double)rows * 1e9 / (double)(ended - began));
	probe_add(p, PROBE_STREAM_BYTES, (double)bytes * 1e3 / (double)(ended - began));
	probe_add(p, PROBE_STREAM_P50, (double)times_quantile(&whole, 0.5) / 1e6);
	probe_add(p, PROBE_STREAM_P99, (double)times_quantile(&whole, 0.99) / 1e6);
	probe_add(p, PROBE_STREAM_FIRST, (double)times_quantile(&first, 0.5) / 1e6);
	return LW_OK;
}

/* A rate in which a session was opened again would be the rate of something else. */
static void
hold_to_one_session(struct probe *p, const struct lw_worker_statistics *before)
{
	struct lw_worker_statistics after = LW_WORKER_STATISTICS_INIT;

	(void)lw_worker_statistics(p->opened.worker, &after);
	if (after.opens != before->opens || after.generations != before->generations)
		for (int id = PROBE_STREAM_ROWS; id <= PROBE_STREAM_FIRST; id++)
			probe_state(p, (enum probe_id)id, PROBE_FAILED,
			    "the session was opened again in between: %" PRIu64
			    " times, by %" PRIu32 " children",
			    after.opens - before->opens, after.generations - before->generations);
	(void)snprintf(p->figures[PROBE_STREAM_ROWS].note,
	    sizeof p->figures[PROBE_STREAM_ROWS].note,
	    "%" PRIu64 " requests, %" PRIu64 " rows in one session, opened once",
	    p->requests_seen.count, after.rows - before->rows);
}

void
probe_streaming(struct probe *p)
{
	struct lw_worker_statistics before = LW_WORKER_STATISTICS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	struct timed timed = { .rows = 0 };
	lw_code code = probe_request(p, PROBE_ROLE_STREAM, &timed, &error); /* the warm-up */

	(void)lw_worker_statistics(p->opened.worker, &before);
	for (size_t i = 0; i < p->runs && code == LW_OK; i++) {
		probe_progress("streaming", i, p->runs);
		code = run_stream(p, &error);
		probe_memory(p, "streaming");
	}
	for (int id = PROBE_STREAM_ROWS; id <= PROBE_STREAM_FIRST && code != LW_OK; id++)
		probe_fail(p, (enum probe_id)id, &error);
	if (code == LW_OK)
		hold_to_one_session(p, &before);
}
