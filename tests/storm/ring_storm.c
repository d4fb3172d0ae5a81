/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring-storm: a thread in the place of the child writes rows into a ring and, between them and at any
 * moment, over every byte that is shared; the real parent side reads. Under AddressSanitizer and
 * UndefinedBehaviorSanitizer nothing may be touched that is not the parent's, and no row may reach a
 * callback that is not JSON.
 *
 *      ring-storm [--frames N] [--seed N] [--calm N]     N rows; one misdeed in so many rows
 *
 * After each condemnation comes a new child with a new ring, as it would from the warden.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sys.h"
#include "parent/child_parts.h"
#include "wire/bytes.h"

#define REQUEST 1

static struct {
	/* The child's. */
	pthread_t thread;
	uint8_t *ring;
	const uint8_t *page;
	struct ring_writer writer;
	int bells;
	uint64_t random, calm, misdeeds;
	/* Between the two. */
	atomic_bool pause, paused, over;
	/* The parent's. */
	struct child child;
	struct request request;
	uint8_t *stop;
	uint64_t rows, lies, wanted;
	uint32_t generation;
} the = { .wanted = 300000, .random = 1, .calm = 300 };

static _Noreturn void
broken(const char *what)
{
	fprintf(stderr, "ring-storm: %s (generation %" PRIu32 ")\n", what, the.generation);
	abort();
}

/* ---- The child -------------------------------------------------------------------------------- */

static uint64_t
any(uint64_t limit)
{
	the.random ^= the.random << 13;
	the.random ^= the.random >> 7;
	the.random ^= the.random << 17;
	return the.random % limit;
}

static void
store(size_t at, uint64_t value)
{
	atomic_store((_Atomic uint64_t *)(void *)(the.ring + at), value);
}

static void
misdeed(void)
{
	size_t at = any(RING_SIZE(RING_ROOM));

	the.misdeeds++;
	switch (any(8)) {
	case 0:
		store(RING_PUT, the.writer.put + any(UINT64_C(1) << any(63)));
		break;
	case 1:
		store(RING_PUT, the.writer.put - any(UINT64_C(1) << any(63)));
		break;
	case 2:
		store(RING_CHILD_SLEEPS, any(1 << 20));
		break;
	case 3:
		(void)madvise(the.ring + RING_PAGE, RING_ROOM, MADV_REMOVE);
		break;
	case 4:
		(void)!send(the.bells, &the, 200, MSG_NOSIGNAL | MSG_DONTWAIT);
		break;
	case 5:
		for (size_t i = 0; i < 64 && at + i < RING_SIZE(RING_ROOM); i++)
			the.ring[at + i] = (uint8_t)any(256);
		break;
	default: /* what the parent is about to read, or is just reading */
		at = (size_t)((the.writer.put - any(2000)) % RING_ROOM);
		the.ring[RING_PAGE + at] ^= (uint8_t)(1 << any(8));
	}
}

static void
pause_if_asked(void)
{
	if (!atomic_load(&the.pause))
		return;
	atomic_store(&the.paused, true);
	while (atomic_load(&the.pause))
		(void)sched_yield();
	atomic_store(&the.paused, false);
}

/* False when the parent wants another child. */
static bool
say(enum wire_message_id id, const void *head, size_t head_size, const void *rest, size_t rest_size)
{
	static struct buffer out;
	const struct wire_target target = { .out = &out, .generation = the.generation };

	buffer_clear(&out);
	if (!wire_put(&target, id, REQUEST, head, head_size, rest, rest_size))
		broken("no memory");
	while (!ring_has_room(&the.writer, buffer_size(&out))) {
		if (atomic_load(&the.pause))
			return false;
		(void)sched_yield();
	}
	if (ring_put(&the.writer, buffer_front(&out), buffer_size(&out)))
		(void)!send(the.bells, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (any(the.calm) == 0)
		misdeed();
	return !atomic_load(&the.pause);
}

static bool
say_row(uint64_t sequence)
{
	char payload[300];
	uint8_t head[WIRE_ROW_HEAD] = { 0 };
	int size = snprintf(payload, sizeof payload, "{\"row\":%" PRIu64 ",\"of\":\"%.*s\"}",
	    sequence, (int)any(200),
	    "................................................................................."
	    "................................................................................."
	    "......................................................");

	wire_store64(head + 8, sequence);
	return say(WIRE_ROW, head, sizeof head, payload, (size_t)size);
}

static void *
be_child(void *nothing)
{
	while (!atomic_load(&the.over)) {
		bool goes_on = say(WIRE_STREAM, "\0\0\0\0", 4, "rows", 4);

		for (uint64_t i = 0; goes_on; i++)
			goes_on = say_row(i);
		while (!atomic_load(&the.pause) && !atomic_load(&the.over))
			(void)sched_yield();
		pause_if_asked();
	}
	return nothing;
}

/* ---- The parent ------------------------------------------------------------------------------- */

static int
on_row(void *context, const struct lw_row *row)
{
	const char *expected;
	size_t at;

	(void)context;
	if (!jread_validate(row->payload, row->payload_size, &at, &expected))
		broken("a row that is not JSON reached a callback");
	the.rows++;
	return 0;
}

static struct lw_sinks sinks = LW_SINKS_INIT;

/* Two mappings with two rights, as spawn.c makes them. */
static void
make_shared(struct child *c)
{
	int ring = sys_memfd("storm-ring", RING_SIZE(RING_ROOM)), pair[2];

	if (ring < 0 || sys_socketpair(SOCK_STREAM, pair) < 0 || sys_set_nonblocking(pair[0]) < 0)
		broken("no descriptors");
	c->io.event = pair[0];
	the.bells = pair[1];
	the.ring = sys_map(ring, RING_SIZE(RING_ROOM), PROT_READ | PROT_WRITE);
	c->io.ring = sys_map(ring, RING_SIZE(RING_ROOM), PROT_READ);
	if (the.ring == NULL || c->io.ring == NULL)
		broken("no memory");
	sys_close(&ring);
	memset(the.stop, 0, RING_PAGE);
	ring_writer_init(&the.writer, the.ring, the.stop, RING_ROOM);
}

static void
begin_generation(void)
{
	struct child *c = &the.child;

	*c = (struct child){ .state = CHILD_BUSY,
		.options = { .epoll = -1, .path = "storm", .generation = ++the.generation },
		.io = { .event = -1, .control = -1, .report = -1, .log = -1, .warden_pidfd = -1 },
		.question = REQUEST,
		.cause = LW_ERROR_INIT };
	make_shared(c);
	c->io.stop = (volatile uint32_t *)(void *)the.stop;
	wire_reader_init(&c->reader, WIRE_WORKER, the.generation, 1 << 20);
	request_init(&the.request, WIRE_KIND_STREAM, the.generation, &sinks, DEADLINE_NEVER);
	c->request = &the.request;
	if (!child_use_ring(c))
		broken("no ring");
}

static void
end_generation(void)
{
	the.lies += the.child.cause.verdict == LW_V_PROTOCOL;
	child_close_lanes(&the.child);
	wire_reader_free(&the.child.reader);
	request_free(&the.request);
	sys_unmap(the.ring, RING_SIZE(RING_ROOM));
	sys_close(&the.bells);
}

/* Until it is condemned, or has said something from which nothing follows and is silent. */
static void
serve_generation(void)
{
	uint64_t before, idle = 0;

	while (child_lives(&the.child) && the.child.state == CHILD_BUSY && idle < 2000) {
		before = the.child.ring.taken;
		if (!child_hear_bell(&the.child))
			broken("the socket has ended");
		child_read_ring(&the.child);
		idle = the.child.ring.taken == before ? idle + 1 : 0;
		if (idle > 0)
			(void)sched_yield();
	}
}

static void
storm(void)
{
	sinks.on_row = on_row;
	the.stop = aligned_alloc(RING_PAGE, RING_PAGE);
	begin_generation();
	if (pthread_create(&the.thread, NULL, be_child, NULL) != 0)
		broken("no thread");
	while (the.rows < the.wanted) {
		serve_generation();
		atomic_store(&the.pause, true);
		while (!atomic_load(&the.paused))
			(void)sched_yield();
		end_generation();
		begin_generation();
		atomic_store(&the.pause, false);
		while (atomic_load(&the.paused))
			(void)sched_yield();
	}
	atomic_store(&the.over, true);
	atomic_store(&the.pause, true);
	while (!atomic_load(&the.paused))
		(void)sched_yield();
	atomic_store(&the.pause, false);
	(void)pthread_join(the.thread, NULL);
	end_generation();
	free(the.stop);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = { { "frames", 1, NULL, 'f' },
		{ "seed", 1, NULL, 's' }, { "calm", 1, NULL, 'c' }, { NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return 2;
		*(option == 'f'     ? &the.wanted
		    : option == 's' ? &the.random
				    : &the.calm) = strtoull(optarg, NULL, 10) | (option == 's');
	}
	the.calm += the.calm == 0;
	storm();
	printf("%" PRIu64 " rows, %" PRIu64 " misdeeds, %" PRIu32 " children, %" PRIu64
	       " of them condemned for a lie\n",
	    the.rows, the.misdeeds, the.generation, the.lies);
	return the.lies > 0 ? 0 : 1;
}
