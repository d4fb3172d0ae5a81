/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The producing process of every contender that is not ours: forked once, before anything large is
 * allocated, pinned, and told what to do by commands. It dies with the bench.
 */
#ifndef LW_BENCH_PEER_H
#define LW_BENCH_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "corpus.h"
#include "ring.h"

enum peer_task { PEER_LINES, PEER_RING, PEER_RING_CLASSIFIED, PEER_PONG, PEER_WAKE };

struct peer {
	pid_t pid;
	int commands; /* to it */
	int lines;    /* from it */
	int pings;    /* both ways */
	int wake;     /* an eventfd that it writes */
	struct ring ring;
	volatile int64_t *woken_at; /* shared: when it wrote that, by now_ns */
};

struct peer_command {
	enum peer_task task;
	enum corpus_kind kind;
	unsigned size_index;
	uint64_t count;
};

void peer_start(struct peer *ret_peer, int core);
void peer_tell(const struct peer *p, const struct peer_command *command);
void peer_end(struct peer *p);

#endif
