/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of a warden: read, written again, and sent to the parent in any order while a polite
 * worker serves it.
 *
 * Input: u8 how, then packets: u8 size, that many bytes. A size above that of a record counts as its
 * size.
 */
#include <string.h>

#include "fuzz/application.h"
#include "fuzz/peer.h"
#include "wire/bytes.h"
#include "wire/warden.h"

#define HEAD        1
#define PACKET_ROOM (1 + WARDEN_RECORD_SIZE)
#define SCRIPT_ROOM 8192
#define MAGIC       UINT32_C(0x5257574c)

/* Of `how`: when the packets come, and whether the parent sees them one by one. */
#define AFTER_START 1
#define WHILE_BUSY  2
#define TOGETHER    4
#define REVERSED    8

/* Acts of peer.c. */
#define POLITE       0
#define POLITE_ALONG (0 | 1 << 5)
#define WAIT         4
#define PACKET       22
#define BATCH        28

static size_t
packet_size(uint8_t size)
{
	return size < WARDEN_RECORD_SIZE ? size : WARDEN_RECORD_SIZE;
}

/* Whether it is a record; if so, writing it must give the same bytes. */
static bool
check_record(const uint8_t *bytes, size_t size)
{
	struct warden_record record = { 0 };
	uint8_t again[WARDEN_RECORD_SIZE];

	if (!warden_record_decode(bytes, size, &record)) {
		FUZZ_MUST(record.kind == 0);
		return false;
	}
	FUZZ_MUST(
	    size == WARDEN_RECORD_SIZE && record.kind > 0 && record.kind < WARDEN_RECORD_KINDS);
	warden_record_encode(&record, again);
	FUZZ_MUST(memcmp(again, bytes, size) == 0);
	return true;
}

struct script {
	uint8_t bytes[SCRIPT_ROOM];
	size_t size;
};

static void
add(struct script *s, const void *bytes, size_t size)
{
	if (SCRIPT_ROOM - s->size < size)
		return;
	memcpy(s->bytes + s->size, bytes, size);
	s->size += size;
}

static void
add_packet(struct script *s, const uint8_t *bytes, size_t size)
{
	const uint8_t act = PACKET, sized[2] = { PACKET | 7 << 5, (uint8_t)size };

	if (size == WARDEN_RECORD_SIZE)
		add(s, &act, 1);
	else
		add(s, sized, 2);
	add(s, bytes, size);
}

/* Answers whether the first packet was a record. */
static bool
write_script(struct script *s, uint8_t how, struct fuzz_feed in)
{
	static const uint8_t before[] = { POLITE, WAIT, POLITE, WAIT };
	const uint8_t batch = BATCH | 7 << 5, last = POLITE_ALONG, *bytes;
	bool first = true, is_record = false;

	add(s, before, how & WHILE_BUSY ? sizeof before : how & AFTER_START ? 1 : 0);
	if (how & TOGETHER)
		add(s, &batch, 1);
	for (; in.at < in.end; first = false) {
		size_t size = fuzz_take(&in, packet_size(fuzz_byte(&in)), &bytes);
		bool good = check_record(bytes, size);

		is_record = first ? good : is_record;
		add_packet(s, bytes, size);
	}
	add(s, &last, 1);
	return is_record;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t actions[] = { STREAM, HEALTH, LOOK };
	struct fuzz_feed in = fuzz_feed(data, size);
	uint8_t how = fuzz_byte(&in);
	struct application_options options = { .reversed = how & REVERSED };
	struct script script = { .size = 0 };
	bool past_door = write_script(&script, how, in);

	peers_begin(fuzz_feed(script.bytes, script.size), false);
	(void)application_play(&options, fuzz_feed(actions, sizeof actions));
	fuzz_count(size, past_door);
	return 0;
}

/* ---- The mutator --------------------------------------------------------------------------- */

static size_t
add_record(uint8_t *data, size_t size, size_t max_size)
{
	if (size + PACKET_ROOM > max_size)
		return size;
	memset(data + size, 0, PACKET_ROOM);
	data[size] = WARDEN_RECORD_SIZE;
	return size + PACKET_ROOM;
}

static void
mend(uint8_t *packet, uint32_t *random)
{
	uint32_t kind = wire_load32(packet + 5);

	packet[0] = WARDEN_RECORD_SIZE;
	wire_store32(packet + 1, MAGIC);
	if (kind == 0 || kind >= WARDEN_RECORD_KINDS)
		wire_store32(packet + 5, 1 + fuzz_below(random, WARDEN_RECORD_KINDS - 1));
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed;

	if (max_size <= HEAD + PACKET_ROOM)
		return LLVMFuzzerMutate(data, size, max_size);
	if (fuzz_below(&random, 8) != 0)
		size = LLVMFuzzerMutate(data, size, max_size);
	else
		size = add_record(data, size, max_size);
	while (size < HEAD + PACKET_ROOM)
		size = add_record(data, size, max_size);
	if (fuzz_below(&random, 16) == 0)
		return size;
	for (size_t at = HEAD; at + PACKET_ROOM <= size; at += PACKET_ROOM)
		mend(data + at, &random);
	return size;
}
