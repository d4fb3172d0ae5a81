/* SPDX-License-Identifier: Apache-2.0 */
#include "ring.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "classify.h"

#define LINE       64
#define WORDS_SIZE 65536 /* a multiple of every page size */
#define SPINS      2000 /* then the core is lent to others: a machine may have less than two idle */
#define HEAD       sizeof(uint64_t)

struct ring_words {
	_Alignas(LINE) _Atomic uint64_t written;
	_Alignas(LINE) _Atomic uint64_t taken;
};

bool
ring_make(struct ring *ret_ring)
{
	int protection = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_FIXED;
	int fd = memfd_create("bench-ring", MFD_CLOEXEC);
	char *place;
	bool made;

	if (fd < 0)
		return false;
	place = mmap(
	    NULL, WORDS_SIZE + 2 * RING_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	made = ftruncate(fd, WORDS_SIZE + RING_BYTES) == 0 && place != MAP_FAILED &&
	       mmap(place, WORDS_SIZE + RING_BYTES, protection, flags, fd, 0) != MAP_FAILED &&
	       mmap(place + WORDS_SIZE + RING_BYTES, RING_BYTES, protection, flags, fd,
		   WORDS_SIZE) != MAP_FAILED;
	(void)close(fd);
	if (!made)
		return false;
	memset(place, 0, WORDS_SIZE + RING_BYTES); /* no page fault later */
	ret_ring->words = (struct ring_words *)(void *)place;
	ret_ring->bytes = place + WORDS_SIZE;
	return true;
}

static void
relax(unsigned *spins)
{
	if (++*spins % SPINS == 0)
		(void)sched_yield();
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static size_t
record_size(size_t piece)
{
	return (HEAD + piece + HEAD - 1) / HEAD * HEAD;
}

/* One side's view: what it has done, and how far the other was when last looked at. */
struct side {
	uint64_t own, other;
};

static void
send_piece(struct ring *r, struct side *side, const char *piece, uint64_t size)
{
	size_t record = record_size(size);
	unsigned spins = 0;
	char *place;

	while (side->own + record - side->other > RING_BYTES) {
		side->other = atomic_load_explicit(&r->words->taken, memory_order_acquire);
		if (side->own + record - side->other > RING_BYTES)
			relax(&spins);
	}
	place = r->bytes + side->own % RING_BYTES;
	memcpy(place, &size, HEAD);
	memcpy(place + HEAD, piece, size);
	side->own += record;
	atomic_store_explicit(&r->words->written, side->own, memory_order_release);
}

static size_t
receive_piece(struct ring *r, struct side *side, char *into)
{
	unsigned spins = 0;
	uint64_t size;
	char *place;

	while (side->own == side->other) {
		side->other = atomic_load_explicit(&r->words->written, memory_order_acquire);
		if (side->own == side->other)
			relax(&spins);
	}
	place = r->bytes + side->own % RING_BYTES;
	memcpy(&size, place, HEAD);
	memcpy(into, place + HEAD, size);
	side->own += record_size(size);
	atomic_store_explicit(&r->words->taken, side->own, memory_order_release);
	return size;
}

static size_t
piece_at(const struct corpus *c, size_t at)
{
	return c->size - at < RING_PIECE ? c->size - at : RING_PIECE;
}

void
ring_send(struct ring *r, const struct corpus *c, uint64_t count, bool classified)
{
	static volatile uint64_t seen; /* a pass whose result nobody wants would be left out */
	struct side side = { atomic_load(&r->words->written), atomic_load(&r->words->taken) };
	uint64_t stops = 0;

	for (uint64_t i = 0; i < count; i++) {
		const char *row = corpus_row(c, i);

		if (classified)
			stops += classify(row, c->size);
		for (size_t at = 0; at < c->size; at += RING_PIECE)
			send_piece(r, &side, row + at, piece_at(c, at));
	}
	seen = stops;
	(void)seen;
}

uint64_t
ring_receive(struct ring *r, const struct corpus *c, uint64_t count, bool classified)
{
	static char row[1 << 20];
	struct side side = { .own = atomic_load(&r->words->taken) };
	uint64_t sum = 0;
	size_t size;

	side.other = side.own;
	for (uint64_t i = 0; i < count; i++) {
		for (size = 0; size < c->size;)
			size += receive_piece(r, &side, row + size);
		sum += classified ? classify(row, size) : corpus_look(row, size);
	}
	return sum;
}
