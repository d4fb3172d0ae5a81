/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children that play a script, without any process: spawn_child (parent/spawn.h) gives out
 * descriptors of virtual.h with one of these behind them. The script is the fuzzer's input; peer.c
 * says what its bytes mean. Most of them say something well-formed and true, in an order that need
 * not be.
 */
#ifndef LW_FUZZ_PEER_H
#define LW_FUZZ_PEER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fuzz/fuzz.h"
#include "fuzz/virtual.h"

struct peer;

/* ---- For the harness ----------------------------------------------------------------------- */

/* Without lives every child plays the whole script. */
void peers_begin(struct fuzz_feed script, bool with_lives);
/* Children that are started while this is so have no script: they do what they are asked to. */
void peers_behave(bool from_now_on);
/* Whether another one can be started. */
bool peers_have_room(void);
/* What must be true of every child when nothing of the parent is left. */
void peers_check_gone(void);

/* What a child can be held to; zeros where there was none. */
struct peer_claim {
	uint32_t generation;
	bool plain;   /* it has sent nothing that the script did not understand itself */
	bool behaves; /* it has no script */
	bool said_ok; /* to the last request: END with success, and no lie before it */
	uint64_t rows, rows_so_far; /* that it sent before that END; whether or not it did */
	unsigned requests;          /* that it was given */
	int64_t asked_ns;           /* when the last of them began to come */
	int64_t life_ns;   /* when the parent has read the last whole message of a plain one */
	bool memory_known; /* it lives, and has told its pid */
	uint64_t memory_kib, memory_peak_kib;
	int64_t memory_ns;            /* since when it has so much */
	unsigned oom_kills, children; /* of all so far */
};
/* Of the newest child of this generation; 0 for the newest of all. */
struct peer_claim peers_claim(uint32_t generation);
/* Whether one of this generation that is plain sent this as its row number `index`, before any lie. */
bool peers_sent_row(uint32_t generation, uint64_t index, const char *payload, size_t size);
/* A step of some child that is not waiting for the parent; false if there is none. */
bool peers_step(void);

/* ---- For virtual.c ------------------------------------------------------------------------- */

void peers_storm(void);   /* the parent is about to make a call: rings of some change */
int64_t peers_wake(void); /* when a child does something by itself; INT64_MAX for never */
uint32_t peer_ready(struct peer *p, enum virtual_kind kind);
ssize_t peer_read(struct peer *p, enum virtual_kind kind, void *buffer, size_t size);
ssize_t peer_write(struct peer *p, enum virtual_kind kind, const void *buffer, size_t size);
int peer_socket_error(const struct peer *p);
void peer_hang_up(struct peer *p);
/* What /proc has at this path; 0 for nothing. */
size_t peers_file(const char *path, char *ret_text, size_t room);
bool peer_unmap(const void *address); /* false if it is none of ours */
int peer_kill(struct peer *p, int signal);
int peer_reap(struct peer *p, siginfo_t *ret_info);
int peer_exit_status(const struct peer *p, int *ret_status);

#endif
