/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the running request has sent, and the callbacks through which it sends: envelope in, message
 * of the event lane out. The first fault ends the emission; every later call answers "stopped".
 */
#ifndef LW_CHILD_EMIT_H
#define LW_CHILD_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child/envelope.h"
#include "host/host.h"
#include "wire/frame.h"

struct emission_stream {
	char *name;
	size_t size;
	uint64_t next; /* sequence of its next row */
};

struct emission {
	const struct wire_target *target;
	const volatile uint32_t *stop_flag;
	uint64_t row_cap;
	uint32_t request;
	bool opening; /* it is an OPEN, which sends progress only */
	struct envelope_scratch scratch;
	struct emission_stream *streams;
	uint32_t stream_count;
	uint64_t rows;
	bool refused;               /* an envelope was answered with "stopped" and not sent */
	enum host_emit_status said; /* the last answer that was not OK */
	enum wire_outcome fault;    /* OK, or why the emission ended */
	uint32_t fault_stream;      /* or WIRE_NO_STREAM */
	uint64_t fault_sequence, fault_offset;
	struct host_message fault_message;
};

void emission_begin(struct emission *e, uint32_t request);
void emission_begin_opening(struct emission *e, uint32_t request);
enum host_emit_status emission_take(void *emission, const char *text, size_t size);
enum host_emit_status emission_take_parts(void *emission, const struct envelope *parts);

#endif
