/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's account of one request: it checks what the child says against its own counts, hands
 * rows to the sinks, and keeps what a success carries. It knows no process and no descriptor.
 */
#ifndef LW_PARENT_REQUEST_H
#define LW_PARENT_REQUEST_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "leanworker/leanworker.h"
#include "parent/cancel.h"
#include "parent/rows.h"
#include "wire/frame.h"

struct request_stream {
	char *name;
	uint64_t rows;               /* seen: the next sequence */
	const struct lw_rows *entry; /* of the sinks, or NULL */
};

/* How the child says that it ended. */
struct request_end {
	enum wire_outcome outcome;
	uint32_t status;
	uint64_t rows, elapsed_ns;
	uint32_t stream; /* of the row at fault, or WIRE_NO_STREAM */
	uint64_t sequence, offset;
	char message[2048];
};

struct request {
	enum wire_kind kind;
	uint32_t generation;
	struct rows sink;
	const struct lw_sinks *sinks;  /* or NULL */
	const lw_cancel_token *cancel; /* or NULL */
	struct deadline deadline; /* no callback is begun after it, but for a tick of the clock */
	uint64_t cap;             /* bytes of a payload, a reply, metadata; no limit at first */

	struct request_stream *streams;
	uint32_t stream_count;
	uint64_t rows;        /* taken: delivered, or kept, or counted where there is no sink */
	uint64_t delivered;   /* of them; fewer while rows are kept */
	uint64_t row_bytes;   /* of the payloads delivered */
	uint64_t dropped;     /* rows seen after it was muted */
	uint64_t withheld;    /* all events seen after it was muted */
	uint32_t last_stream; /* of the last row delivered */
	uint64_t last_sequence;

	int64_t tick_ns; /* the coarse clock, when the deadline was last looked at */
	int64_t began_ns;
	int64_t first_row_ns; /* when the first row came; 0: none has */
	int64_t event_ns;     /* when the last event was done with, sinks included */
	int64_t sink_ns;      /* spent in sinks before the first row */
	struct buffer metadata, reply, scratch;
	bool has_metadata, has_reply;

	bool ended; /* the child said END */
	struct request_end end;
	bool muted;         /* no other callback is made: */
	lw_verdict refusal; /* SINK, ROW_DECODE or HOLD_LIMIT; LW_V_OK: nothing was refused; */
	bool cancelled;     /* or the caller cancelled */
	int sink_code;
	uint32_t refused_stream; /* after ROW_DECODE and HOLD_LIMIT, with its sequence */
	uint64_t refused_sequence;
	char why[512]; /* after REQUEST_LIE: has room for the longest name of a stream */
};

enum request_take {
	REQUEST_GOES_ON,
	REQUEST_ENDED,
	REQUEST_MUTED, /* just now: nothing more is wanted of it */
	REQUEST_LATE,  /* its deadline passed while a sink was busy */
	REQUEST_LIE,   /* the message cannot be true; `why` says what */
	REQUEST_NO_MEMORY
};

void request_init(struct request *r, enum wire_kind kind, uint32_t generation,
    const struct lw_sinks *sinks, struct deadline deadline);
void request_free(struct request *r);

/* Looks at the token; true when this mutes it, the first time. */
bool request_heed_cancel(struct request *r);

/* Takes one message that the table allows in a request. */
enum request_take request_take(struct request *r, const struct wire_message *m);

/* Hands over the rows that were kept, after success; a refusal ends it. */
enum request_take request_hand_over(struct request *r);

/* Decodes an END; false if it is malformed. */
bool request_end_decode(const struct wire_message *m, struct request_end *ret_end);

#endif
