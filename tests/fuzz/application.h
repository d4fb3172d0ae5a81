/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An application that uses the public interface with scripted children (peer.h), and checks after
 * every call: one outcome, within its budgets, its deadline, and a moment after a cancel; an error
 * that people can read; what callbacks were given was sent, in order, once, by the generation that it
 * names, and none came after one refused or cancelled; the statistics are what was counted here.
 * Where it likes, and at the end: a plain request succeeds with a good child, as soon as the policy
 * allows one. Then no descriptor, no memory and no child is left.
 */
#ifndef LW_FUZZ_APPLICATION_H
#define LW_FUZZ_APPLICATION_H

#include "fuzz/fuzz.h"
#include "leanworker/metadata.h"

struct application_options {
	bool without_row, without_diagnostic, without_progress, without_metadata;
	bool reversed; /* of what is ready, epoll tells the newest first */
	bool small_cap, close_worker_first;
	bool calls_back;   /* callbacks call the worker that calls them */
	uint8_t refuse_at; /* the number of the callback that refuses; 0 for none */
	uint8_t sink_ms;
	uint8_t fault; /* which fallible call fails; 0 for none */
	bool fault_persists;
	lw_containment containment;
	struct lw_budgets budgets;        /* of the worker; 0: short ones */
	struct lw_restart_policy restart; /* 0 deaths: as many as will; 0 of a back-off: 1 ms */
};

enum action {
	STREAM,
	CALL,
	HEALTH,
	CYCLE,
	LOOK,
	PAUSE,
	CLOSE_SESSION,
	OTHER_CAPABILITY,
	EXPECT_METADATA,
	MISUSE,
	SHUTDOWN,
	RESTART,
	PATIENCE,
	BUDGETS,
	PUMP,
	RECOVER,
	ACTION_COUNT
};

struct application_result {
	uint64_t opened, succeeded, delivered;
};

/*
 * A whole session, from the start of a worker to its close. An action is a byte: what in the low
 * four bits, how in the high ones; behind PATIENCE and BUDGETS more bytes (patience.h). peers_begin
 * comes before it.
 */
struct application_result application_play(
    const struct application_options *options, struct fuzz_feed actions);

#endif
