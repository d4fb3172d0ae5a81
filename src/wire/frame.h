/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames into messages and back. Reading is the one place where bytes of the other side become
 * lengths: nothing is allocated for a declared size, only for bytes that arrived.
 */
#ifndef LW_WIRE_FRAME_H
#define LW_WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "wire/protocol.h"

struct wire_message {
	enum wire_message_id id;
	uint32_t request;
	const uint8_t *body; /* valid until the reader is fed or asked again */
	size_t size;
};

/* Reads what one side sends. Fill `in`, then call wire_next until it says WIRE_NEED_MORE. */
struct wire_reader {
	struct buffer in;
	struct buffer joined; /* the bodies of a chunked message, as far as they came */
	enum wire_side from;  /* who wrote these bytes */
	uint32_t generation;
	uint64_t cap;    /* of a joined message */
	size_t consumed; /* of `in`, by the message last returned */
	uint8_t open_id; /* the chunked message under way, or 0 */
	uint32_t open_request;
	char why[128]; /* after WIRE_VIOLATION: what was wrong, for people */
};

enum wire_read { WIRE_NEED_MORE, WIRE_MESSAGE, WIRE_VIOLATION, WIRE_NO_ROOM };

void wire_reader_init(
    struct wire_reader *r, enum wire_side from, uint32_t generation, uint64_t cap);
void wire_reader_free(struct wire_reader *r);
enum wire_read wire_next(struct wire_reader *r, struct wire_message *ret_message);

struct wire_target {
	struct buffer *out;
	uint32_t generation;
	/* Called after each frame, so that a long message need not be held; may be NULL. */
	bool (*flush)(void *context, struct buffer *out);
	void *context;
};

/*
 * Appends one message, its body given in two parts, to target->out as frames. False when there is
 * no memory or flush said so; what was appended before that stays.
 */
bool wire_put(const struct wire_target *target, enum wire_message_id id, uint32_t request,
    const void *head, size_t head_size, const void *rest, size_t rest_size);

#endif
