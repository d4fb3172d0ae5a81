/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that touches the shared words. */
#include "wire/ring.h"

#include <stdalign.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the words are little-endian");
_Static_assert(sizeof(_Atomic uint64_t) == 8 && alignof(_Atomic uint64_t) == 8, "one access each");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock in shared memory would be the other side's");

/* The const is cast away because C11 loads through none; what is mapped for reading is only loaded. */
static _Atomic uint64_t *
word(const uint8_t *memory, size_t at)
{
	return (_Atomic uint64_t *)(uintptr_t)(memory + at);
}

/*
 * Sequentially consistent, all of them: each side stores one word and then loads another ("I have put
 * something in": "do you sleep?"; "I sleep": "is something there?"), and one of the two must see what
 * the other one stored.
 */
static uint64_t
load(const uint8_t *memory, size_t at)
{
	return atomic_load(word(memory, at));
}

static void
store(uint8_t *memory, size_t at, uint64_t value)
{
	atomic_store(word(memory, at), value);
}

uint32_t
ring_next_look_ms(uint32_t last_ms)
{
	return 2 * last_ms < RING_LOOK_MOST_MS ? 2 * last_ms : RING_LOOK_MOST_MS;
}

bool
ring_room_is_sane(uint64_t room)
{
	return room >= 2 * RING_PIECE && room <= UINT64_C(1) << 30 && (room & (room - 1)) == 0;
}

/* Where the n-th byte is, and how many of `size` lie before the end. */
static size_t
place(uint64_t n, uint64_t room, size_t size, size_t *ret_straight)
{
	size_t at = (size_t)(n & (room - 1)), straight = (size_t)room - at;

	*ret_straight = size < straight ? size : straight;
	return RING_PAGE + at;
}

/* ---- The parent's side ---------------------------------------------------------------------- */

void
ring_reader_init(struct ring_reader *r, const void *ring, void *page, uint64_t room)
{
	*r = (struct ring_reader){ .ring = ring, .page = page, .room = room };
}

const char *
ring_look(struct ring_reader *r, size_t *ret_there)
{
	uint64_t put = load(r->ring, RING_PUT);

	if (put < r->seen)
		return "the count of its ring went backwards";
	if (put - r->taken > r->room)
		return "its ring holds more than it has room for";
	r->seen = put;
	*ret_there = (size_t)(put - r->taken);
	return NULL;
}

/*
 * The child may write meanwhile. The copy is then neither the one nor the other, which is a lie of its
 * own making; the barrier keeps the compiler from reading the original again where the copy is meant.
 */
void
ring_take(struct ring_reader *r, void *ret_bytes, size_t size)
{
	size_t straight, at = place(r->taken, r->room, size, &straight);

	memcpy(ret_bytes, r->ring + at, straight);
	memcpy((uint8_t *)ret_bytes + straight, r->ring + RING_PAGE, size - straight);
	__asm__ volatile("" ::: "memory");
	r->taken += size;
	store(r->page, PAGE_TAKEN, r->taken);
}

bool
ring_must_wake(struct ring_reader *r)
{
	uint64_t sleeps = load(r->ring, RING_CHILD_SLEEPS);

	if (sleeps == 0 || sleeps == r->woken || r->seen - r->taken > r->room / 2)
		return false;
	r->woken = sleeps;
	return true;
}

void
ring_sleep(struct ring_reader *r)
{
	store(r->page, PAGE_PARENT_SLEEPS, ++r->sleeps);
}

void
ring_stay_awake(struct ring_reader *r)
{
	store(r->page, PAGE_PARENT_SLEEPS, 0);
}

/* ---- The child's side ----------------------------------------------------------------------- */

void
ring_writer_init(struct ring_writer *w, void *ring, const void *page, uint64_t room)
{
	*w = (struct ring_writer){ .ring = ring, .page = page, .room = room };
}

bool
ring_has_room(struct ring_writer *w, size_t size)
{
	if (w->put + size - w->taken > w->room)
		w->taken = load(w->page, PAGE_TAKEN);
	return w->put + size - w->taken <= w->room;
}

bool
ring_put(struct ring_writer *w, const void *bytes, size_t size)
{
	size_t straight, at = place(w->put, w->room, size, &straight);
	uint64_t sleeps;

	memcpy(w->ring + at, bytes, straight);
	memcpy(w->ring + RING_PAGE, (const uint8_t *)bytes + straight, size - straight);
	w->put += size;
	store(w->ring, RING_PUT, w->put);
	sleeps = load(w->page, PAGE_PARENT_SLEEPS);
	if (sleeps == 0 || sleeps == w->rung)
		return false;
	w->rung = sleeps;
	return true;
}

void
ring_writer_sleep(struct ring_writer *w)
{
	store(w->ring, RING_CHILD_SLEEPS, ++w->sleeps);
}

void
ring_writer_stay_awake(struct ring_writer *w)
{
	store(w->ring, RING_CHILD_SLEEPS, 0);
}
