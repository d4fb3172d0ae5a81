/* SPDX-License-Identifier: Apache-2.0 */
/* This library as a user has it: the shared library, the installed child, a capability in it. */
#ifndef LW_BENCH_OURS_H
#define LW_BENCH_OURS_H

#include <leanworker/leanworker.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus.h"

struct ours {
	lw_worker *worker;
	lw_session *session;
	struct lw_session_facts facts;
	pid_t pid; /* of the worker process that was started */
};

enum ours_sink {
	OURS_RAW,     /* looks at each payload, as it came */
	OURS_TYPED,   /* each payload is decoded, all of it, into a struct */
	OURS_COUNT,   /* no callback: the library counts */
	OURS_SLEEPY,  /* as raw, and sleeps a millisecond after every 8192 rows */
	OURS_JANSSON, /* parses each payload with jansson, as a user would who wants its members */
};

enum ours_host {
	OURS_NATIVE,
	OURS_LEAN, /* on the checking runtime: rows come as envelopes, which the worker takes apart */
};

bool ours_contained(lw_containment containment); /* whether this one works here */

/* Starts a worker and opens the bench's capability: the child is ready to run exports. */
void ours_start(struct ours *ret_ours, enum ours_host host, lw_containment containment);
/* The same, its events by the socket, as without shared memory. */
void ours_start_by_socket(struct ours *ret_ours);
void ours_cycle(struct ours *o); /* until the new child has answered its first request */
void ours_end(struct ours *o);

/* What the sink added up; corpus_expected says what it should be. OURS_COUNT: the count. */
uint64_t ours_receive(struct ours *o, enum corpus_kind kind, unsigned size_index, uint64_t count,
    enum ours_sink sink);
void ours_call(struct ours *o); /* the empty command: {} is asked, {} is answered */
/* A row to a sleeping consumer, `count` times: nanoseconds from before it was emitted. */
void ours_wake(struct ours *o, double *ret_ns, size_t count);

#endif
