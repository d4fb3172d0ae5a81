/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event lane where it is a ring. The socket beside it carries bells, and says by its end that the
 * child closed the lane. How much is done in one wake is bounded, here as there.
 */
#include <errno.h>

#include "base/sys.h"
#include "parent/child_parts.h"

#define WAKE_BYTES     (4 * RING_PIECE) /* taken in one wake, */
#define WAKE_LOOKS     64               /* in so many pieces */
#define BELLS          512              /* a flood of them is one wake */
#define LINGER_NS      8000             /* about what a sleep and a wake cost both sides together */
#define SLEEPS_WITHOUT 64

static void
relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

bool
child_use_ring(struct child *c)
{
	if (c->io.ring == NULL)
		return false;
	ring_reader_init(&c->ring, c->io.ring, (void *)(uintptr_t)c->io.stop, RING_ROOM);
	ring_sleep(&c->ring);
	c->may_linger = sys_processors() > 1;
	c->through_ring = true;
	return true;
}

void
child_drop_ring(struct child *c)
{
	c->through_ring = false;
	sys_unmap((void *)(uintptr_t)c->io.ring, RING_SIZE(RING_ROOM));
	c->io.ring = NULL;
}

static bool
look(struct child *c, size_t *ret_there)
{
	const char *lie = ring_look(&c->ring, ret_there);

	if (lie != NULL)
		child_fault(c, lie);
	return lie == NULL;
}

/* Copies out, lets a child go on that waited for the room, and only then looks at what it is. */
static bool
take(struct child *c, size_t size)
{
	uint8_t *place;

	size = size < RING_PIECE ? size : RING_PIECE;
	place = buffer_reserve(&c->reader.in, size);
	if (place == NULL) {
		child_condemn(
		    c, LW_V_NO_MEMORY, "no memory to read what the child sends; it was killed");
		return false;
	}
	ring_take(&c->ring, place, size);
	c->look_ms = RING_LOOK_MS;
	if (ring_must_wake(&c->ring)) {
		c->waits++;
		(void)sys_send(c->io.event, "", 1); /* one that is still unread does as well */
	}
	buffer_grow(&c->reader.in, size);
	c->heard = true;
	child_take_messages(c);
	return child_lives(c);
}

/* What comes after the last look comes with a bell, or is seen at the next look. */
static void
rest(struct child *c)
{
	size_t there;

	ring_sleep(&c->ring);
	if (!look(c, &there))
		return;
	c->ring_due = there > 0 ? (struct deadline){ 0 } : deadline_in_ms(c->look_ms);
}

/* False when nothing came in time, or it cannot be said any more. */
static bool
is_next_soon(struct child *c)
{
	int64_t end = sys_monotonic_ns() + LINGER_NS;
	size_t there = 0;

	while (look(c, &there) && there == 0 && sys_monotonic_ns() < end)
		relax();
	return there > 0;
}

/*
 * A next row that comes at once finds us awake, which saves both sides a system call. Where that was in
 * vain twice in a row many sleeps go without: what rows come slower must not cost more for it.
 */
static bool
linger(struct child *c)
{
	if (c->sleeps_without > 0) {
		c->sleeps_without--;
		return false;
	}
	if (is_next_soon(c)) {
		c->in_vain = 0;
		return true;
	}
	if (++c->in_vain >= 2) {
		c->in_vain = 0;
		c->sleeps_without = SLEEPS_WITHOUT;
	}
	return false;
}

static bool
is_more_wanted(const struct child *c)
{
	return c->may_linger && (c->state == CHILD_BUSY || c->state == CHILD_ASKED);
}

/* True when there is something to take. */
static bool
await(struct child *c, size_t *ret_there)
{
	if (!look(c, ret_there))
		return false;
	if (*ret_there == 0 && is_more_wanted(c) && linger(c))
		return look(c, ret_there);
	return *ret_there > 0;
}

void
child_read_ring(struct child *c)
{
	size_t there, left = WAKE_BYTES;

	ring_stay_awake(&c->ring);
	for (int i = 0; i < WAKE_LOOKS && left > 0 && await(c, &there); i++) {
		left -= there < left ? there : left;
		if (!take(c, there))
			return;
	}
	if (child_lives(c))
		rest(c);
}

/* Nobody has rung for some time. */
void
child_look_at_ring(struct child *c)
{
	c->look_ms = ring_next_look_ms(c->look_ms);
	child_read_ring(c);
}

void
child_drain_ring(struct child *c)
{
	size_t there;

	if (!look(c, &there))
		return;
	while (there > 0 && take(c, there))
		there -= there < RING_PIECE ? there : RING_PIECE;
}

/* False when the lane was closed. */
bool
child_hear_bell(struct child *c)
{
	char bells[BELLS];
	ssize_t n = sys_recv(c->io.event, bells, sizeof bells);

	return n > 0 || (n < 0 && errno == EAGAIN);
}
