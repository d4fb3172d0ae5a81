/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the ring, whose memory is the input. A script of strokes changes what the child
 * may change, and the parent looks, takes and parses between them: after each of its steps, and so
 * between the look at a count and its use, comes the next stroke. Whatever was not copied by then is
 * another one.
 *
 * Turns of: a stroke, a look, a stroke, u8 in how many pieces to take what is there (below 128 small
 * ones), and a stroke behind each and in each message. Stroke: u8; its low three bits say which, the
 * others how much.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/lane.h"
#include "wire/bytes.h"
#include "wire/ring.h"

#define ROOM ((uint64_t)2 * RING_PIECE)

static struct {
	_Alignas(RING_PAGE) uint8_t ring[RING_SIZE(ROOM)];
	_Alignas(RING_PAGE) uint8_t page[RING_PAGE];
	struct fuzz_feed feed;
	struct ring_reader reader;
	struct wire_reader wire;
	uint64_t put; /* where an honest child would go on */
	uint64_t messages;
} the;

static uint64_t
word(const uint8_t *memory, size_t at)
{
	return wire_load64(memory + at);
}

/* ---- What the child does ---------------------------------------------------------------------- */

static void
write_bytes(unsigned how)
{
	const uint8_t *bytes;
	size_t size = fuzz_take(&the.feed, how == 31 ? 400 : 1 + how, &bytes);

	for (size_t i = 0; i < size; i++)
		the.ring[RING_PAGE + (the.put + i) % ROOM] = bytes[i];
	the.put += size;
	wire_store64(the.ring + RING_PUT, the.put);
}

/* One byte anywhere behind what was taken, many of them far ahead. */
static void
overwrite(unsigned how)
{
	uint64_t at = the.reader.taken + fuzz_byte(&the.feed);

	the.ring[RING_PAGE + at % ROOM] ^= (uint8_t)(1 + how);
}

static void
move_count(unsigned how)
{
	uint64_t by = (uint64_t)(fuzz_byte(&the.feed) + 1) << (how & 15);

	wire_store64(the.ring + RING_PUT, how & 16 ? word(the.ring, RING_PUT) - by : the.put + by);
}

static void
stroke(void)
{
	uint8_t byte = fuzz_byte(&the.feed);
	unsigned how = byte >> 3;

	switch (byte & 7) {
	case 0:
		break;
	case 1:
	case 2:
	case 3:
		write_bytes(how);
		break;
	case 4:
		overwrite(how);
		break;
	case 5:
		move_count(how);
		break;
	case 6:
		wire_store64(the.ring + RING_CHILD_SLEEPS, how < 16 ? how : fuzz_byte(&the.feed));
		break;
	default:
		if (how == 0) /* a hole */
			memset(the.ring + RING_PAGE, 0, ROOM);
		else /* what the parent published is for the child alone */
			wire_store64(the.page + PAGE_TAKEN, how);
	}
}

/* ---- What the parent does --------------------------------------------------------------------- */

static uint64_t
hash(const uint8_t *bytes, size_t size)
{
	uint64_t value = size;

	for (size_t i = 0; i < size; i++)
		value = (value ^ bytes[i]) * UINT64_C(0x100000001b3);
	return value;
}

/* The verdict, said again: once loaded, the count is what it was, whatever became of the word. */
static bool
look(size_t *ret_there)
{
	uint64_t count = word(the.ring, RING_PUT), seen = the.reader.seen;
	bool lie = count < seen || count - the.reader.taken > ROOM;
	const char *said = ring_look(&the.reader, ret_there);

	FUZZ_MUST((said != NULL) == lie);
	FUZZ_MUST(the.reader.seen == (lie ? seen : count));
	FUZZ_MUST(lie || *ret_there == count - the.reader.taken);
	return !lie;
}

/* What is copied is what is there now; what becomes of it afterwards is nothing to the copy. */
static void
take(size_t size)
{
	static uint8_t expected[RING_PIECE];
	uint64_t before = the.reader.taken;
	uint8_t *place = buffer_reserve(&the.wire.in, size);

	FUZZ_MUST(place != NULL);
	for (size_t i = 0; i < size; i++)
		expected[i] = the.ring[RING_PAGE + (before + i) % ROOM];
	ring_take(&the.reader, place, size);
	buffer_grow(&the.wire.in, size);
	FUZZ_MUST(the.reader.taken == before + size);
	FUZZ_MUST(word(the.page, PAGE_TAKEN) == before + size);
	stroke();
	FUZZ_MUST(memcmp(place, expected, size) == 0);
}

/* False after a violation. */
static bool
parse(void)
{
	struct wire_message m;
	enum wire_read read;

	while ((read = wire_next(&the.wire, &m)) == WIRE_MESSAGE) {
		uint64_t first = hash(m.body, m.size);

		the.messages++;
		stroke();
		FUZZ_MUST(hash(m.body, m.size) == first);
	}
	return read == WIRE_NEED_MORE;
}

static void
wake(void)
{
	uint64_t sleeps = word(the.ring, RING_CHILD_SLEEPS), woken = the.reader.woken;
	bool wanted = sleeps != 0 && sleeps != woken &&
		      the.reader.seen - the.reader.taken <= ROOM / 2;

	FUZZ_MUST(ring_must_wake(&the.reader) == wanted);
	FUZZ_MUST(!ring_must_wake(&the.reader)); /* twice for one sleep */
}

static bool
turn(void)
{
	size_t there;

	stroke();
	if (!look(&there))
		return false;
	stroke();
	for (size_t most = fuzz_byte(&the.feed); there > 0 && most > 0; most--) {
		size_t size = there < RING_PIECE ? there : RING_PIECE;

		size = most < 128 && size > most ? most : size;

		take(size);
		wake();
		if (!parse())
			return false;
		there -= size;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(&the.ring, 0, sizeof the.ring);
	memset(&the.page, 0, sizeof the.page);
	the.feed = fuzz_feed(data, size);
	the.put = the.messages = 0;
	ring_reader_init(&the.reader, the.ring, the.page, ROOM);
	wire_reader_init(&the.wire, WIRE_WORKER, LANE_GENERATION, 1 << 20);
	while (the.feed.at < the.feed.end && turn())
		;
	fuzz_count(size, the.messages > 0);
	fuzz_note("messages", the.messages);
	fuzz_note("lies found", the.feed.at < the.feed.end);
	wire_reader_free(&the.wire);
	return 0;
}

/* A whole frame as one stroke, or any bytes. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed;
	uint8_t frame[1 + WIRE_HEADER_SIZE + 16] = { 0 };
	unsigned body = fuzz_below(&random, 16);
	size_t whole = 1 + WIRE_HEADER_SIZE + body;
	size_t at = fuzz_below(&random, (uint32_t)size + 1);

	if (fuzz_below(&random, 2) == 0 || size + whole > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	frame[0] = (uint8_t)(1 | (WIRE_HEADER_SIZE + body - 1) << 3);
	wire_store32(frame + 1, body);
	frame[5] = WIRE_PROGRESS;
	wire_store32(frame + 9, LANE_GENERATION);
	wire_store32(frame + 13, LANE_REQUEST);
	memmove(data + at + whole, data + at, size - at);
	memcpy(data + at, frame, whole);
	return size + whole;
}
