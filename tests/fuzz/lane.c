/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/lane.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "wire/bytes.h"

/* A frame of the input, or what is left of one at its end. */
struct piece {
	size_t at, size;
};

#define PIECES_MAX 64

static size_t
body_size(const uint8_t *data, size_t left)
{
	size_t size = left >= 4 ? wire_load32(data) : 0;
	size_t room = left > WIRE_HEADER_SIZE ? left - WIRE_HEADER_SIZE : 0;

	return size < room ? size : room;
}

static size_t
cut_pieces(const uint8_t *data, size_t size, struct piece pieces[PIECES_MAX])
{
	size_t count = 0;

	for (size_t at = 0; at + WIRE_HEADER_SIZE <= size && count < PIECES_MAX; count++) {
		pieces[count].at = at;
		pieces[count].size = WIRE_HEADER_SIZE + body_size(data + at, size - at);
		at += pieces[count].size;
	}
	return count;
}

static uint8_t
any_id(enum wire_side from, uint32_t *random)
{
	uint8_t id;

	do
		id = (uint8_t)fuzz_below(random, WIRE_MESSAGE_END);
	while (wire_rule(id) == NULL || wire_rule(id)->from != from);
	return id;
}

static void
mend_header(uint8_t *data, size_t left, enum wire_side from, uint32_t *random)
{
	const struct wire_rule *rule = wire_rule(data[4]);

	wire_store32(data, (uint32_t)body_size(data, left));
	if (rule == NULL || rule->from != from)
		data[4] = any_id(from, random);
	data[5] &= wire_rule(data[4])->flags & WIRE_CHUNKED ? WIRE_MORE : 0;
	data[6] = data[7] = 0;
	wire_store32(data + 8, LANE_GENERATION);
	wire_store32(data + 12, LANE_REQUEST);
}

/* An empty frame behind another; its body grows by later mutations. */
static size_t
add_frame(
    uint8_t *data, size_t size, size_t max_size, size_t at, enum wire_side from, uint32_t *random)
{
	size_t body = 4 * fuzz_below(random, 16), whole = WIRE_HEADER_SIZE + body;

	if (size + whole > max_size)
		return size;
	memmove(data + at + whole, data + at, size - at);
	memset(data + at, 0, whole);
	wire_store32(data + at, (uint32_t)body);
	data[at + 4] = any_id(from, random);
	data[at + 5] = (uint8_t)(fuzz_below(random, 4) == 0);
	return size + whole;
}

static size_t
repeat_frame(uint8_t *data, size_t size, size_t max_size, struct piece p)
{
	if (size + p.size > max_size)
		return size;
	memmove(data + p.at + p.size, data + p.at, size - p.at);
	return size + p.size;
}

static size_t
drop_frame(uint8_t *data, size_t size, struct piece p)
{
	memmove(data + p.at, data + p.at + p.size, size - p.at - p.size);
	return size - p.size;
}

/* Mutates a body in place of it, and says its new size in the header. */
static size_t
change_body(uint8_t *data, size_t size, size_t max_size, struct piece p)
{
	static uint8_t tail[1 << 17];
	size_t end = p.at + p.size, after = size - end, body = p.size - WIRE_HEADER_SIZE;
	size_t room = max_size - after - p.at - WIRE_HEADER_SIZE;

	if (after > sizeof tail || body > room || room == 0) /* libFuzzer writes at least a byte */
		return size;
	memcpy(tail, data + end, after);
	body = LLVMFuzzerMutate(data + p.at + WIRE_HEADER_SIZE, body, room);
	wire_store32(data + p.at, (uint32_t)body);
	memcpy(data + p.at + WIRE_HEADER_SIZE + body, tail, after);
	return p.at + WIRE_HEADER_SIZE + body + after;
}

static size_t
change_frames(uint8_t *data, size_t size, size_t max_size, enum wire_side from, uint32_t *random)
{
	struct piece pieces[PIECES_MAX];
	size_t count = cut_pieces(data, size, pieces);
	struct piece p = count ? pieces[fuzz_below(random, (uint32_t)count)] : (struct piece){ 0 };

	if (count == 0)
		return add_frame(data, size, max_size, 0, from, random);
	switch (fuzz_below(random, 8)) {
	case 0:
		return LLVMFuzzerMutate(data, size, max_size);
	case 1:
		return add_frame(data, size, max_size, p.at + p.size, from, random);
	case 2:
		return repeat_frame(data, size, max_size, p);
	case 3:
		return count > 1 ? drop_frame(data, size, p) : size;
	case 4:
		data[p.at + 4] = any_id(from, random);
		return size;
	default:
		return change_body(data, size, max_size, p);
	}
}

static void
mend_frames(uint8_t *data, size_t size, enum wire_side from, uint32_t *random)
{
	struct piece pieces[PIECES_MAX];
	size_t count = cut_pieces(data, size, pieces);

	for (size_t i = 0; i < count; i++)
		mend_header(data + pieces[i].at, size - pieces[i].at, from, random);
}

size_t
lane_mutate(
    uint8_t *data, size_t size, size_t max_size, size_t head, enum wire_side from, uint32_t *random)
{
	if (max_size < 2 * FUZZ_LONG)
		return LLVMFuzzerMutate(data, size, max_size);
	if (size < head) {
		memset(data + size, 0, head - size);
		size = head;
	}
	size = head + change_frames(data + head, size - head, max_size - head, from, random);
	while (size < FUZZ_LONG)
		size = head + add_frame(data + head, size - head, max_size - head, size - head,
				  from, random);
	if (fuzz_below(random, 8) != 0)
		mend_frames(data + head, size - head, from, random);
	return size;
}

bool
lane_past_door(const uint8_t *data, size_t size, enum wire_side from)
{
	const struct wire_rule *rule = size >= WIRE_HEADER_SIZE ? wire_rule(data[4]) : NULL;

	return rule != NULL && rule->from == from && wire_load32(data) <= WIRE_BODY_MAX &&
	       (data[5] & ~WIRE_MORE) == 0 && data[6] == 0 && data[7] == 0 &&
	       (!(data[5] & WIRE_MORE) ||
		   ((rule->flags & WIRE_CHUNKED) && wire_load32(data) > 0)) &&
	       wire_load32(data + 8) == LANE_GENERATION;
}
