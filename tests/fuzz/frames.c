/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of frames, fed in arbitrary pieces.
 *
 * Input: u8 how, u8 seed of the cuts, then the bytes of one lane. The same bytes must mean the same
 * in any pieces, and to a second, plain reader; what was read, written again, must read the same; and
 * the reader's memory grows with what came, never with what was announced.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "fuzz/fuzz.h"
#include "fuzz/lane.h"
#include "wire/bytes.h"

#define HEAD 2

/* Of `how`. */
#define FROM_PARENT 1
#define CAP_SHIFT   1 /* and two bits more */
#define CAP_MASK    3

static const uint64_t caps[] = { 1 << 20, 0, 40, 1000 };

/* What a reading came to, whatever the pieces were. */
struct digest {
	uint64_t messages, hash;
	enum wire_read last;
};

struct reading {
	struct wire_reader reader;
	struct digest digest;
	size_t fed;
	struct buffer *again; /* NULL, or where what was read is written again */
	uint32_t random;
};

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

static void
add_message(struct digest *d, const struct wire_message *m)
{
	d->messages++;
	d->hash = mix(mix(mix(d->hash, m->id), m->request), m->size);
	for (size_t i = 0; i < m->size; i++)
		d->hash = mix(d->hash, m->body[i]);
}

static void
check_message(const struct wire_reader *r, const struct wire_message *m)
{
	const struct wire_rule *rule = wire_rule(m->id);

	FUZZ_MUST(rule != NULL && rule->from == r->from);
	FUZZ_MUST(m->size <= WIRE_BODY_MAX || m->size <= r->cap);
	FUZZ_MUST(m->size <= WIRE_BODY_MAX || (rule->flags & WIRE_CHUNKED));
	FUZZ_MUST(m->size == 0 || m->body != NULL);
}

static void
check_memory(const struct reading *in)
{
	const struct wire_reader *r = &in->reader;

	FUZZ_MUST(r->in.room <= 256 + 4 * in->fed);
	FUZZ_MUST(r->joined.room <= 256 + 4 * in->fed);
	FUZZ_MUST(buffer_size(&r->joined) <= r->cap);
}

static bool
flush_some(void *context, struct buffer *out)
{
	(void)out;
	return fuzz_below(context, 4) != 0;
}

static void
write_without_memory(struct reading *in, const struct wire_message *m)
{
#ifdef LW_DEV
	struct buffer out = BUFFER_EMPTY;
	struct wire_target target = { .out = &out, .generation = LANE_GENERATION };
	bool put, failed;

	lw_fault_arm(1 + fuzz_below(&in->random, 3), false);
	put = wire_put(&target, m->id, m->request, m->body, m->size, NULL, 0);
	(void)lw_fault_disarm(&failed);
	FUZZ_MUST(put == !failed);
	buffer_free(&out);
#else
	(void)in, (void)m;
#endif
}

static void
write_again(struct reading *in, const struct wire_message *m)
{
	size_t head = m->size ? fuzz_below(&in->random, (uint32_t)m->size + 1) : 0;
	const uint8_t *rest = m->size ? m->body + head : NULL;
	struct wire_target target = { .out = in->again, .generation = LANE_GENERATION };
	struct buffer refused = BUFFER_EMPTY;

	FUZZ_MUST(wire_put(&target, m->id, m->request, m->body, head, rest, m->size - head));
	target = (struct wire_target){ &refused, LANE_GENERATION, flush_some, &in->random };
	(void)wire_put(&target, m->id, m->request, m->body, head, rest, m->size - head);
	buffer_free(&refused);
}

/* Reads what is there; false after the first lie. */
static bool
read_all(struct reading *in)
{
	struct wire_message m;

	while ((in->digest.last = wire_next(&in->reader, &m)) == WIRE_MESSAGE) {
		check_message(&in->reader, &m);
		check_memory(in);
		add_message(&in->digest, &m);
		if (in->again == NULL)
			continue;
		write_again(in, &m);
		write_without_memory(in, &m);
	}
	FUZZ_MUST(in->digest.last != WIRE_NO_ROOM);
	check_memory(in);
	return in->digest.last == WIRE_NEED_MORE;
}

static void
feed(struct reading *in, const uint8_t *bytes, size_t size, bool in_pieces)
{
	while (size > 0) {
		size_t n = in_pieces ? 1 + fuzz_below(&in->random, 48) : size;

		n = n < size ? n : size;
		FUZZ_MUST(buffer_append(&in->reader.in, bytes, n));
		in->fed += n;
		bytes += n;
		size -= n;
		if (!read_all(in))
			return;
	}
}

static void
check_why(const struct wire_reader *r)
{
	size_t size = strnlen(r->why, sizeof r->why);

	FUZZ_MUST(size > 0 && size < sizeof r->why);
	for (size_t i = 0; i < size; i++)
		FUZZ_MUST(r->why[i] >= 0x20 && r->why[i] < 0x7f);
}

static struct digest
read_lane(uint8_t how, uint8_t seed, const uint8_t *bytes, size_t size, bool in_pieces,
    struct buffer *again)
{
	struct reading in = { .again = again, .random = seed };

	wire_reader_init(&in.reader, how & FROM_PARENT ? WIRE_PARENT : WIRE_WORKER, LANE_GENERATION,
	    caps[how >> CAP_SHIFT & CAP_MASK]);
	feed(&in, bytes, size, in_pieces);
	if (in.digest.last == WIRE_VIOLATION)
		check_why(&in.reader);
	wire_reader_free(&in.reader);
	return in.digest;
}

/* ---- The same, said plainly ------------------------------------------------------------------ */

/* A second reader, which has all bytes at once and joins in an array. */
struct plain {
	uint8_t how;
	struct digest digest;
	uint8_t *joined;
	size_t size;
	uint8_t open_id;
	uint32_t open_request;
};

static bool
plain_header_is_good(const struct plain *p, const uint8_t *h)
{
	const struct wire_rule *rule = wire_rule(h[4]);
	enum wire_side from = p->how & FROM_PARENT ? WIRE_PARENT : WIRE_WORKER;
	uint32_t size = wire_load32(h);

	if (rule == NULL || rule->from != from || size > WIRE_BODY_MAX || h[5] > 1 || h[6] || h[7])
		return false;
	if (wire_load32(h + 8) != LANE_GENERATION)
		return false;
	if (h[5] && (!(rule->flags & WIRE_CHUNKED) || size == 0))
		return false;
	return p->open_id == 0 || (p->open_id == h[4] && p->open_request == wire_load32(h + 12));
}

static enum wire_read
plain_frame(struct plain *p, const uint8_t *h)
{
	size_t size = wire_load32(h);
	bool of_many = h[5] || p->open_id != 0;

	if (of_many && p->size + size > caps[p->how >> CAP_SHIFT & CAP_MASK])
		return WIRE_VIOLATION;
	if (size > 0)
		memcpy(p->joined + p->size, h + WIRE_HEADER_SIZE, size);
	p->size += size;
	p->open_id = h[5] ? h[4] : 0;
	p->open_request = wire_load32(h + 12);
	if (h[5])
		return WIRE_NEED_MORE;
	add_message(&p->digest, &(struct wire_message){ (enum wire_message_id)h[4], p->open_request,
				    p->joined, p->size });
	p->size = 0;
	return WIRE_NEED_MORE;
}

static struct digest
read_plainly(uint8_t how, const uint8_t *bytes, size_t size)
{
	struct plain p = { .how = how, .joined = malloc(size + 1) };

	FUZZ_MUST(p.joined != NULL);
	while (p.digest.last == WIRE_NEED_MORE && size >= WIRE_HEADER_SIZE) {
		size_t whole = WIRE_HEADER_SIZE + (size_t)wire_load32(bytes);

		if (!plain_header_is_good(&p, bytes))
			p.digest.last = WIRE_VIOLATION;
		else if (whole > size)
			break;
		else
			p.digest.last = plain_frame(&p, bytes);
		bytes += whole < size ? whole : size;
		size -= whole < size ? whole : size;
	}
	free(p.joined);
	return p.digest;
}

static bool
same(struct digest a, struct digest b)
{
	return a.messages == b.messages && a.hash == b.hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_feed in = fuzz_feed(data, size);
	uint8_t how = fuzz_byte(&in), seed = fuzz_byte(&in);
	enum wire_side from = how & FROM_PARENT ? WIRE_PARENT : WIRE_WORKER;
	size_t left = (size_t)(in.end - in.at);
	struct buffer again = BUFFER_EMPTY;
	struct digest whole, pieces, plain, second;

	whole = read_lane(how, seed, in.at, left, false, &again);
	pieces = read_lane(how, seed, in.at, left, true, NULL);
	plain = read_plainly(how, in.at, left);
	FUZZ_MUST(same(whole, pieces) && whole.last == pieces.last);
	FUZZ_MUST(same(whole, plain) && whole.last == plain.last);
	second = read_lane(how, seed, buffer_front(&again), buffer_size(&again), false, NULL);
	FUZZ_MUST(same(whole, second));
	buffer_free(&again);
	fuzz_count(size, lane_past_door(in.at, left, from));
	fuzz_note("messages", whole.messages);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed;

	if (fuzz_below(&random, 16) == 0 && size > HEAD)
		data[fuzz_below(&random, HEAD)] = (uint8_t)fuzz_random(&random);
	return lane_mutate(data, size, max_size, HEAD,
	    size > 0 && data[0] & FROM_PARENT ? WIRE_PARENT : WIRE_WORKER, &random);
}
