/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event lane where it is a ring. The socket beside it carries bells, and says by its end that the
 * child closed the lane. How much is done in one wake is bounded, here as there.
 */
#include <errno.h>

#include "base/sys.h"
#include "parent/child_parts.h"

#define WAKE_PIECES 4   /* taken in one wake, of at most RING_PIECE bytes */
#define BELLS       512 /* a flood of them is one wake */

static const struct deadline at_once = { 0 };

bool
child_use_ring(struct child *c)
{
	if (c->io.ring == NULL)
		return false;
	ring_reader_init(&c->ring, c->io.ring, (void *)(uintptr_t)c->io.stop, RING_ROOM);
	ring_sleep(&c->ring);
	c->ring_due = at_once;
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
	c->ring_due = there > 0 ? at_once : deadline_in_ms(RING_LOOK_MS);
}

void
child_read_ring(struct child *c)
{
	size_t there;

	ring_stay_awake(&c->ring);
	for (int i = 0; i < WAKE_PIECES && look(c, &there) && there > 0; i++)
		if (!take(c, there))
			return;
	if (child_lives(c))
		rest(c);
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
