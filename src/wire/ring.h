/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event lane as a ring in shared memory: a stream of bytes from the worker to the parent, which
 * carries the frames that the socket would. One side writes, one reads, nobody locks.
 *
 * Two pieces of memory, each with one writer. The ring is the child's: a page with its two words, and
 * then the bytes. The other is the page of the parent, which also asks the child to stop:
 *
 *      ring    0  u64  how many bytes were ever put in
 *             64  u64  the number of the child's sleep on a full ring; 0 while it is awake
 *           4096       the bytes; the n-th that was ever put in is at n modulo the room
 *      page    0  u32  not 0: please stop
 *             64  u64  how many bytes were ever taken out
 *            128  u64  the number of the parent's sleep; 0 while it is awake
 *
 * The parent trusts nothing of it. Its own count is in private memory; what the child wrote is loaded
 * once, judged, and only that copy used; bytes are copied out before they are looked at.
 *
 * Who finds nothing to do says that it sleeps, looks once more, and then waits for a bell: a byte on
 * the socket that was the lane before. Who has done something looks whether the other one sleeps, and
 * rings once for each sleep. A bell is a hint. Whoever waits for one looks again after RING_LOOK_MS,
 * then after twice that, and so on up to RING_LOOK_MOST_MS: a bell that never came is worth no more than
 * that, and a long silence costs next to nothing.
 */
#ifndef LW_WIRE_RING_H
#define LW_WIRE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_PAGE         4096
#define RING_ROOM         ((size_t)1 << 18) /* that the parent offers: bytes under way, at most */
#define RING_PIECE        65536             /* most bytes of one put; a whole frame */
#define RING_SIZE(n)      ((size_t)(n) + RING_PAGE) /* of the shared memory, for a room of n bytes */
#define RING_LOOK_MS      10
#define RING_LOOK_MOST_MS 1000

/* Where the words are, in the ring and in the parent's page. */
enum { RING_PUT = 0, RING_CHILD_SLEEPS = 64, PAGE_TAKEN = 64, PAGE_PARENT_SLEEPS = 128 };

/* How long to wait after a look that came after so many milliseconds, in vain. */
uint32_t ring_next_look_ms(uint32_t last_ms);

/* Two's power, room for two pieces, and no more than an offset can tell. */
bool ring_room_is_sane(uint64_t room);

/* ---- The parent's side ---------------------------------------------------------------------- */

struct ring_reader {
	const uint8_t *ring; /* mapped for reading only */
	uint8_t *page;
	uint64_t room;
	uint64_t seen;  /* the child's count, when last looked at */
	uint64_t taken; /* our own, of which the page has a copy */
	uint64_t sleeps;
	uint64_t woken; /* the last of the child's sleeps that was ended */
};

/* Both mappings are the caller's. Nothing was put in yet. */
void ring_reader_init(struct ring_reader *r, const void *ring, void *page, uint64_t room);

/*
 * Looks how many bytes are there. NULL, or why the child's count cannot be true; then nothing may be
 * taken any more.
 */
const char *ring_look(struct ring_reader *r, size_t *ret_there);

/* Copies bytes out, of those that were there at the last look, and gives their room back. */
void ring_take(struct ring_reader *r, void *ret_bytes, size_t size);

/*
 * Whether the child sleeps on a full ring of which at least half is free again: wake it. True once for
 * each of its sleeps.
 */
bool ring_must_wake(struct ring_reader *r);

/* From here on the child rings, once. What it put in before shows at the next look. */
void ring_sleep(struct ring_reader *r);
/* From here on it need not. */
void ring_stay_awake(struct ring_reader *r);

/* ---- The child's side, which trusts the parent ---------------------------------------------- */

struct ring_writer {
	uint8_t *ring;
	const uint8_t *page;
	uint64_t room;
	uint64_t put;
	uint64_t taken; /* at least so much is free again */
	uint64_t sleeps;
	uint64_t rung; /* the last of the parent's sleeps for which we rang */
};

void ring_writer_init(struct ring_writer *w, void *ring, const void *page, uint64_t room);
/* For at most RING_PIECE bytes. */
bool ring_has_room(struct ring_writer *w, size_t size);
/* Puts in what there is room for. True: the parent sleeps, and a bell is due. */
bool ring_put(struct ring_writer *w, const void *bytes, size_t size);
/* From here on the parent wakes us. Look for room once more before waiting. */
void ring_writer_sleep(struct ring_writer *w);
void ring_writer_stay_awake(struct ring_writer *w);

#endif
