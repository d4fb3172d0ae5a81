/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's account of one request, given any messages of a worker in any order.
 *
 * Input: u8 how, u8 which callback refuses, u8 which allocation fails, then the bytes of an event
 * lane. What callbacks are given must be whole and in sequence, and what the account says at the end
 * must be what they were given.
 */
#include <string.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/lane.h"
#include "parent/request.h"
#include "wire/bytes.h"

#define HEAD 3

/* Of `how`. */
#define CALL         1
#define NO_SINKS     2
#define NO_CALLBACKS 4
#define LATE         8
#define SMALL_CAP    16
#define ANY_MESSAGE  32 /* also those that the table does not allow in a request */

#define STREAMS_SEEN 32
#define END_HEAD     48 /* of an END, before its message */

struct account {
	struct request *request;
	uint64_t rows, calls, refuse_at;
	bool refused;
	struct {
		char name[WIRE_STREAM_NAME_MAX + 1];
		uint64_t rows;
	} streams[STREAMS_SEEN];
};

static int
answer(struct account *a)
{
	FUZZ_MUST(!a->refused);
	a->refused = ++a->calls == a->refuse_at;
	return a->refused ? 7 : 0;
}

static void
check_text(const char *text)
{
	FUZZ_MUST(utf8_valid_prefix(text, strlen(text)) == strlen(text));
}

/* Counts for itself which sequence is next, as long as there are few streams. */
static void
check_sequence(struct account *a, const struct lw_row *row)
{
	int i = 0;

	while (i < STREAMS_SEEN && a->streams[i].name[0] != '\0' &&
	       strcmp(a->streams[i].name, row->stream) != 0)
		i++;
	if (i == STREAMS_SEEN)
		return;
	(void)strcpy(a->streams[i].name, row->stream);
	FUZZ_MUST(row->sequence == a->streams[i].rows++);
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct account *a = context;
	const char *fault;
	size_t offset;

	FUZZ_MUST(row->stream[0] != '\0' && strlen(row->stream) <= WIRE_STREAM_NAME_MAX);
	check_text(row->stream);
	check_sequence(a, row);
	FUZZ_MUST(row->payload_size <= a->request->cap);
	FUZZ_MUST(jread_validate(row->payload, row->payload_size, &offset, &fault));
	a->rows++;
	return answer(a);
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	FUZZ_MUST(diagnostic->code[0] != '\0');
	check_text(diagnostic->code);
	check_text(diagnostic->message);
	return answer(context);
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	FUZZ_MUST(progress->phase[0] != '\0');
	check_text(progress->phase);
	return answer(context);
}

static void
check_kept(const struct buffer *kept)
{
	size_t size = buffer_size(kept);

	FUZZ_MUST(size > 0 && buffer_front(kept)[size - 1] == '\0');
}

static void
check_ended(const struct request *r)
{
	FUZZ_MUST(r->ended && r->end.rows == r->rows + r->dropped);
	FUZZ_MUST(r->end.stream == WIRE_NO_STREAM || r->end.stream < r->stream_count);
	FUZZ_MUST(memchr(r->end.message, '\0', sizeof r->end.message) != NULL);
	check_text(r->end.message);
	if (r->end.outcome == WIRE_OUTCOME_OK && r->kind == WIRE_KIND_CALL)
		check_kept(&r->reply);
	if (r->has_metadata)
		check_kept(&r->metadata);
}

/* False when the request is over. */
static bool
take(struct request *r, const struct wire_message *m, bool may_fail)
{
	switch (request_take(r, m)) {
	case REQUEST_GOES_ON:
		return true;
	case REQUEST_MUTED:
		FUZZ_MUST(r->refusal == LW_V_SINK && r->sink_code == 7);
		return true;
	case REQUEST_LATE:
		FUZZ_MUST(r->deadline.mono_ns == 0);
		return true; /* the child would be condemned; the account goes on */
	case REQUEST_ENDED:
		check_ended(r);
		return false;
	case REQUEST_LIE:
		FUZZ_MUST(r->why[0] != '\0' && memchr(r->why, '\0', sizeof r->why) != NULL);
		return false;
	case REQUEST_NO_MEMORY:
		FUZZ_MUST(may_fail);
		return false;
	}
	return false;
}

static bool
belongs(const struct wire_message *m, uint8_t how)
{
	return (how & ANY_MESSAGE) || (wire_rule(m->id)->phases & WIRE_BUSY);
}

static void
run(struct request *r, uint8_t how, const uint8_t *bytes, size_t size, uint8_t fault)
{
	struct wire_reader reader;
	struct wire_message m;
	bool failed;

	wire_reader_init(&reader, WIRE_WORKER, LANE_GENERATION, 1 << 20);
	FUZZ_MUST(buffer_append(&reader.in, bytes, size));
#ifdef LW_DEV
	if (fault != 0)
		lw_fault_arm(fault, false);
#endif
	while (wire_next(&reader, &m) == WIRE_MESSAGE)
		if (!belongs(&m, how) || !take(r, &m, fault != 0))
			break;
#ifdef LW_DEV
	(void)lw_fault_disarm(&failed);
#endif
	(void)failed;
	wire_reader_free(&reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_feed in = fuzz_feed(data, size);
	uint8_t how = fuzz_byte(&in), refuse_at = fuzz_byte(&in), fault = fuzz_byte(&in);
	size_t left = (size_t)(in.end - in.at);
	struct request r;
	struct account a = { .request = &r, .refuse_at = refuse_at };
	struct lw_sinks sinks = LW_SINKS_INIT;

	sinks.context = &a;
	if (!(how & NO_CALLBACKS)) {
		sinks.on_row = on_row;
		sinks.on_diagnostic = on_diagnostic;
		sinks.on_progress = on_progress;
	}
	request_init(&r, how & CALL ? WIRE_KIND_CALL : WIRE_KIND_STREAM, LANE_GENERATION,
	    how & NO_SINKS ? NULL : &sinks, how & LATE ? (struct deadline){ 0 } : DEADLINE_NEVER);
	r.cap = how & SMALL_CAP ? 16 : 1 << 20;
	run(&r, how, in.at, left, fault);
	if (!(how & (NO_SINKS | NO_CALLBACKS)))
		FUZZ_MUST(a.rows == r.rows && a.refused == (r.refusal != LW_V_OK));
	fuzz_count(size, lane_past_door(in.at, left, WIRE_WORKER));
	fuzz_note("rows", r.rows);
	fuzz_note("ended", r.ended);
	request_free(&r);
	return 0;
}

/* ---- A mutator that tells mostly the truth -------------------------------------------------- */

struct story {
	uint32_t streams;
	uint64_t rows, next[STREAMS_SEEN];
};

static void
mend_row(struct story *s, uint8_t *body, size_t size)
{
	uint32_t stream = s->streams ? wire_load32(body) % s->streams % STREAMS_SEEN : 0;
	const char *fault;
	size_t offset;

	wire_store32(body, stream);
	wire_store32(body + 4, 0);
	wire_store64(body + 8, s->next[stream]++);
	s->rows++;
	if (size == WIRE_ROW_HEAD || jread_validate((const char *)body + WIRE_ROW_HEAD,
					 size - WIRE_ROW_HEAD, &offset, &fault))
		return;
	memset(body + WIRE_ROW_HEAD, ' ', size - WIRE_ROW_HEAD);
	body[WIRE_ROW_HEAD] = '1';
}

static void
mend_end(const struct story *s, uint8_t *body)
{
	if (wire_load32(body) >= WIRE_OUTCOME_END)
		wire_store32(body, WIRE_OUTCOME_OK);
	wire_store64(body + 8, s->rows);
	if (wire_load32(body + 24) >= s->streams)
		wire_store32(body + 24, WIRE_NO_STREAM);
	wire_store32(body + 28, 0);
}

/* Numbers of streams, sequences and counts as a child that does not lie would send them. */
static void
mend_message(struct story *s, uint8_t id, uint8_t *body, size_t size)
{
	if (id == WIRE_STREAM && size > 4)
		wire_store32(body, s->streams++);
	else if (id == WIRE_ROW && size >= WIRE_ROW_HEAD)
		mend_row(s, body, size);
	else if (id == WIRE_END && size >= END_HEAD)
		mend_end(s, body);
}

static void
mend_story(uint8_t *data, size_t size)
{
	struct story s = { 0 };

	while (size >= WIRE_HEADER_SIZE) {
		size_t body = wire_load32(data), whole = WIRE_HEADER_SIZE + body;

		if (body > size - WIRE_HEADER_SIZE)
			return;
		mend_message(&s, data[4], data + WIRE_HEADER_SIZE, body);
		data += whole;
		size -= whole;
	}
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed;

	if (fuzz_below(&random, 16) == 0 && size > HEAD)
		data[fuzz_below(&random, HEAD)] = (uint8_t)fuzz_random(&random);
	size = lane_mutate(data, size, max_size, HEAD, WIRE_WORKER, &random);
	if (fuzz_below(&random, 8) != 0)
		mend_story(data + HEAD, size > HEAD ? size - HEAD : 0);
	return size;
}
