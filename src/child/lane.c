/* SPDX-License-Identifier: Apache-2.0 */
#include "child/lane.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/sys.h"
#include "wire/fds.h"

#define BELLS 256 /* taken at once; one is the rule */

void
lane_open(struct lane *lane, uint64_t room, const void *page)
{
	const char *named = getenv("LEANWORKER_LANE");
	void *ring;

	*lane = (struct lane){ 0 };
	if (!ring_room_is_sane(room) || (named != NULL && strcmp(named, "socket") == 0))
		return;
	ring = sys_map(WIRE_FD_RING, RING_SIZE(room), PROT_READ | PROT_WRITE);
	if (ring == NULL)
		return;
	sys_keep_from_forks(ring, RING_SIZE(room));
	ring_writer_init(&lane->ring, ring, page, room);
	lane->has_ring = true;
}

/* False when the parent is gone. */
static bool
hear_bell(void)
{
	char bells[BELLS];

	return sys_recv(WIRE_FD_EVENT, bells, sizeof bells) > 0;
}

static bool
wait_for_room(struct lane *lane, size_t size)
{
	struct pollfd bell = { .fd = WIRE_FD_EVENT, .events = POLLIN };
	uint32_t ms = RING_LOOK_MS;
	bool there = true;

	while (there && !ring_has_room(&lane->ring, size)) {
		ring_writer_sleep(&lane->ring);
		if (!ring_has_room(&lane->ring, size) && sys_poll(&bell, 1, (int)ms) > 0)
			there = hear_bell();
		ring_writer_stay_awake(&lane->ring);
		ms = ring_next_look_ms(ms);
	}
	return there;
}

static bool
send_piece(struct lane *lane, const uint8_t *bytes, size_t size)
{
	if (!wait_for_room(lane, size))
		return false;
	return !ring_put(&lane->ring, bytes, size) || sys_send(WIRE_FD_EVENT, "", 1) == 1;
}

/* How much of it was sent; -1: the parent is gone. */
static ssize_t
send_some(struct lane *lane, const uint8_t *bytes, size_t size)
{
	if (!lane->through_ring)
		return sys_send(WIRE_FD_EVENT, bytes, size);
	size = size < RING_PIECE ? size : RING_PIECE;
	return send_piece(lane, bytes, size) ? (ssize_t)size : -1;
}

bool
lane_send(struct lane *lane, const void *bytes, size_t size)
{
	const uint8_t *at = bytes, *end = at + size;
	ssize_t n = 0;

	while (at < end && (n = send_some(lane, at, (size_t)(end - at))) >= 0)
		at += n;
	return n >= 0;
}
