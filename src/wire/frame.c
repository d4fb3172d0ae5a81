/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/frame.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/bytes.h"

struct header {
	uint32_t size;
	uint8_t id;
	uint8_t flags;
	uint16_t zero;
	uint32_t generation;
	uint32_t request;
};

void
wire_reader_init(struct wire_reader *r, enum wire_side from, uint32_t generation, uint64_t cap)
{
	memset(r, 0, sizeof *r);
	r->from = from;
	r->generation = generation;
	r->cap = cap;
}

void
wire_reader_free(struct wire_reader *r)
{
	buffer_free(&r->in);
	buffer_free(&r->joined);
}

static struct header
header_load(const uint8_t *at)
{
	return (struct header){
		.size = wire_load32(at),
		.id = at[4],
		.flags = at[5],
		.zero = (uint16_t)(at[6] | at[7] << 8),
		.generation = wire_load32(at + 8),
		.request = wire_load32(at + 12),
	};
}

static void
header_store(uint8_t *at, const struct header *h)
{
	wire_store32(at, h->size);
	at[4] = h->id;
	at[5] = h->flags;
	at[6] = at[7] = 0;
	wire_store32(at + 8, h->generation);
	wire_store32(at + 12, h->request);
}

__attribute__((format(printf, 2, 3))) static enum wire_read
violation(struct wire_reader *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(r->why, sizeof r->why, format, arguments);
	va_end(arguments);
	return WIRE_VIOLATION;
}

static enum wire_read
header_check(struct wire_reader *r, const struct header *h)
{
	const struct wire_rule *rule = wire_rule(h->id);

	if (rule == NULL || rule->from != r->from)
		return violation(r, "message id %u is not one of this side", h->id);
	if (h->size > WIRE_BODY_MAX)
		return violation(
		    r, "%s declares %u bytes, more than %d", rule->name, h->size, WIRE_BODY_MAX);
	if (h->zero != 0 || (h->flags & ~WIRE_MORE))
		return violation(r, "%s has unknown flags %#x %#x", rule->name, h->flags, h->zero);
	if (h->generation != r->generation)
		return violation(r, "%s of generation %u in generation %u", rule->name,
		    h->generation, r->generation);
	if ((h->flags & WIRE_MORE) && !(rule->flags & WIRE_CHUNKED))
		return violation(r, "%s cannot be longer than one frame", rule->name);
	if ((h->flags & WIRE_MORE) && h->size == 0)
		return violation(r, "%s has an empty frame with more to come", rule->name);
	if (r->open_id != 0 && (h->id != r->open_id || h->request != r->open_request))
		return violation(
		    r, "%s of request %u inside an unfinished message", rule->name, h->request);
	return WIRE_MESSAGE;
}

/* Adds a frame to the chunked message under way; WIRE_MESSAGE when it was the last. */
static enum wire_read
join(struct wire_reader *r, const struct header *h, const uint8_t *body)
{
	if (buffer_size(&r->joined) + h->size > r->cap)
		return violation(r, "%s is longer than %llu bytes", wire_rule(h->id)->name,
		    (unsigned long long)r->cap);
	if (!buffer_append(&r->joined, body, h->size))
		return WIRE_NO_ROOM;
	r->open_id = h->flags & WIRE_MORE ? h->id : 0;
	r->open_request = h->request;
	buffer_consume(&r->in, WIRE_HEADER_SIZE + h->size);
	return r->open_id ? WIRE_NEED_MORE : WIRE_MESSAGE;
}

/* Gives back what the message returned last time lay in. */
static void
release_last(struct wire_reader *r)
{
	buffer_consume(&r->in, r->consumed);
	r->consumed = 0;
	if (r->open_id != 0)
		return;
	if (r->joined.room > WIRE_FRAME_MAX)
		buffer_free(&r->joined);
	buffer_clear(&r->joined);
}

static enum wire_read
next_frame(struct wire_reader *r, struct wire_message *ret)
{
	struct header h;
	const uint8_t *body;
	enum wire_read read;

	if (buffer_size(&r->in) < WIRE_HEADER_SIZE)
		return WIRE_NEED_MORE;
	h = header_load(buffer_front(&r->in));
	read = header_check(r, &h);
	if (read != WIRE_MESSAGE)
		return read;
	if (buffer_size(&r->in) - WIRE_HEADER_SIZE < h.size)
		return WIRE_NEED_MORE;
	body = buffer_front(&r->in) + WIRE_HEADER_SIZE;
	*ret = (struct wire_message){
		.id = h.id, .request = h.request, .body = body, .size = h.size
	};
	if (r->open_id == 0 && !(h.flags & WIRE_MORE)) {
		r->consumed = WIRE_HEADER_SIZE + h.size;
		return WIRE_MESSAGE;
	}
	read = join(r, &h, body);
	ret->body = buffer_front(&r->joined);
	ret->size = buffer_size(&r->joined);
	return read;
}

enum wire_read
wire_next(struct wire_reader *r, struct wire_message *ret_message)
{
	struct wire_message message;
	enum wire_read read;

	release_last(r);
	do {
		size_t before = buffer_size(&r->in);

		read = next_frame(r, &message);
		if (read == WIRE_NEED_MORE && buffer_size(&r->in) == before)
			return read;
	} while (read == WIRE_NEED_MORE);
	if (read == WIRE_MESSAGE)
		*ret_message = message;
	return read;
}

/* Cuts up to size bytes off a part of the body. */
static size_t
cut(const uint8_t **at, size_t *left, size_t size, const uint8_t **ret_piece)
{
	size_t n = *left < size ? *left : size;

	*ret_piece = *at;
	if (n > 0)
		*at += n;
	*left -= n;
	return n;
}

static uint8_t *
put_piece(uint8_t *place, const uint8_t *piece, size_t size)
{
	if (size > 0)
		memcpy(place, piece, size);
	return place + size;
}

bool
wire_put(const struct wire_target *target, enum wire_message_id id, uint32_t request,
    const void *head, size_t head_size, const void *rest, size_t rest_size)
{
	const uint8_t *head_at = head, *rest_at = rest, *piece[2];
	uint8_t *place;
	size_t n[2];

	do {
		n[0] = cut(&head_at, &head_size, WIRE_BODY_MAX, &piece[0]);
		n[1] = cut(&rest_at, &rest_size, WIRE_BODY_MAX - n[0], &piece[1]);
		place = buffer_reserve(target->out, WIRE_HEADER_SIZE + n[0] + n[1]);
		if (place == NULL)
			return false;
		header_store(place, &(struct header){ .size = (uint32_t)(n[0] + n[1]),
					.id = (uint8_t)id,
					.flags = head_size + rest_size > 0 ? WIRE_MORE : 0,
					.generation = target->generation,
					.request = request });
		place = put_piece(place + WIRE_HEADER_SIZE, piece[0], n[0]);
		(void)put_piece(place, piece[1], n[1]);
		buffer_grow(target->out, WIRE_HEADER_SIZE + n[0] + n[1]);
		if (target->flush != NULL && !target->flush(target->context, target->out))
			return false;
	} while (head_size + rest_size > 0);
	return true;
}
