/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between the parent and the worker, as one table. docs/protocol.md describes the
 * bytes; a test holds the two together.
 *
 * A message travels as one frame, or, where its row says CHUNKED, as several: all but the last
 * carry WIRE_MORE, and their bodies are joined. A frame is a header of WIRE_HEADER_SIZE bytes and a
 * body of at most WIRE_BODY_MAX:
 *
 *      0  u32  size of the body
 *      4  u8   message id
 *      5  u8   flags
 *      6  u16  zero
 *      8  u32  generation of the child
 *     12  u32  the request that this belongs to; an answer repeats the number of its question
 */
#ifndef LW_WIRE_PROTOCOL_H
#define LW_WIRE_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "leanworker/version.h"

/* Tests build a child that speaks another version by defining it. */
#ifndef WIRE_PROTOCOL_VERSION
#define WIRE_PROTOCOL_VERSION LW_PROTOCOL_VERSION
#endif
#define WIRE_HELLO_MAGIC UINT32_C(0x314b574c) /* "LWK1" */

/* Features of HELLO. */
#define WIRE_FEATURE_RING 1 /* what the worker says after this HELLO comes through the ring */

#define WIRE_HEADER_SIZE 16
#define WIRE_FRAME_MAX   65536 /* a bounded piece of work for every reader */
#define WIRE_BODY_MAX    (WIRE_FRAME_MAX - WIRE_HEADER_SIZE)
#define WIRE_ROW_HEAD    16 /* u32 stream, u32 zero, u64 sequence; then the payload */

#define WIRE_STREAMS_MAX     1024 /* per request */
#define WIRE_STREAM_NAME_MAX 255
#define WIRE_ROW_CAP_DEFAULT (UINT64_C(64) << 20)
#define WIRE_REQUEST_MAX     (UINT64_C(1) << 30) /* parent -> worker, which trusts the parent */
#define WIRE_NO_STREAM       UINT32_MAX
#define WIRE_NO_TOTAL        UINT64_MAX

enum wire_side { WIRE_PARENT, WIRE_WORKER };

/* When a message may be sent, seen from the parent's record of the child. */
enum wire_phase {
	WIRE_STARTING = 1 << 0,
	WIRE_READY = 1 << 1, /* said HELLO, nothing opened */
	WIRE_OPENING = 1 << 2,
	WIRE_IDLE = 1 << 3, /* opened, no request */
	WIRE_BUSY = 1 << 4,
	WIRE_CHECKED = 1 << 5, /* asked for HEALTH */
	WIRE_LEAVING = 1 << 6, /* asked to shut down */
};

enum wire_rule_flag {
	WIRE_CHUNKED = 1 << 0,
	WIRE_ONCE = 1 << 1, /* at most once for a request number */
};

#define WIRE_MORE 1 /* frame flag: the message goes on in the next frame */

/* clang-format off */
/*
 *  id  name        from    phases                   flags         body, in order
 */
#define WIRE_MESSAGES(X) \
	/* u32 magic, u32 lowest and u32 highest protocol, u32 features, text program, text build. \
	 * This layout never changes: it is how two versions tell each other apart. */ \
	X( 1, HELLO,      WORKER, WIRE_STARTING,           WIRE_ONCE) \
	/* nothing; asks for HEALTHY */ \
	X( 2, HEALTH,     PARENT, WIRE_READY | WIRE_IDLE,  WIRE_ONCE) \
	/* nothing */ \
	X( 3, HEALTHY,    WORKER, WIRE_CHECKED,            WIRE_ONCE) \
	/* text host, runtime, library, package, module, imports; u32 count; count texts: \
	 * dependencies */ \
	X( 4, OPEN,       PARENT, WIRE_READY,              WIRE_ONCE | WIRE_CHUNKED) \
	/* text host, runtime in use, live Lean version, warning */ \
	X( 5, OPENED,     WORKER, WIRE_OPENING,            WIRE_ONCE) \
	/* u32 kind (enum wire_kind), text export; the rest is the request text */ \
	X( 6, RUN,        PARENT, WIRE_IDLE,               WIRE_ONCE | WIRE_CHUNKED) \
	/* u32 number, counted from 0 in a request; the rest is the name, 1 to 255 bytes */ \
	X( 7, STREAM,     WORKER, WIRE_BUSY,               0) \
	/* u32 stream, u32 zero, u64 sequence; the rest is the payload */ \
	X( 8, ROW,        WORKER, WIRE_BUSY,               WIRE_CHUNKED) \
	/* text code; the rest is the message */ \
	X( 9, DIAGNOSTIC, WORKER, WIRE_BUSY,               WIRE_CHUNKED) \
	/* u64 current, u64 total or WIRE_NO_TOTAL; the rest is the phase */ \
	X(10, PROGRESS,   WORKER, WIRE_OPENING | WIRE_BUSY, WIRE_CHUNKED) \
	/* the JSON text; the last one of a request counts */ \
	X(11, METADATA,   WORKER, WIRE_BUSY,               WIRE_CHUNKED) \
	/* the text that a JSON command answered */ \
	X(12, REPLY,      WORKER, WIRE_BUSY,               WIRE_ONCE | WIRE_CHUNKED) \
	/* u32 outcome, u32 status of the export, u64 rows sent, u64 elapsed ns; the row that is to \
	 * blame: u32 stream or WIRE_NO_STREAM, u32 zero, u64 sequence, u64 offset in what the \
	 * callback was given; the rest is a message for people */ \
	X(13, END,        WORKER, WIRE_OPENING | WIRE_BUSY, WIRE_ONCE) \
	/* nothing; asks for BYE and an orderly end */ \
	X(14, SHUTDOWN,   PARENT, WIRE_READY | WIRE_IDLE,  WIRE_ONCE) \
	/* nothing; the last message of a child */ \
	X(15, BYE,        WORKER, WIRE_LEAVING,            WIRE_ONCE)

enum wire_message_id {
#define X(id, name, from, phases, flags) WIRE_##name = (id),
	WIRE_MESSAGES(X)
#undef X
	WIRE_MESSAGE_END
};

/* What RUN asks for; the host tells kinds apart by what the export returns. */
enum wire_kind { WIRE_KIND_STREAM = 1, WIRE_KIND_CALL = 2 };

/* How a request or an opening ended, as the child states it; and which of the two may end so. */
#define WIRE_OUTCOMES(X) \
	X( 0, OK,                WIRE_BUSY) \
	X( 1, STOPPED,           WIRE_OPENING | WIRE_BUSY) /* the export stopped because it was asked to */ \
	X( 2, EXPORT_STATUS,     WIRE_BUSY)    /* it returned a nonzero status of its own */ \
	X( 3, EXCEPTION,         WIRE_BUSY)    /* it threw; the message is its text */ \
	X( 4, EXPORT_UNKNOWN,    WIRE_BUSY) \
	X( 5, EXPORT_DATA,       WIRE_BUSY)    /* the name is a data symbol, not a function */ \
	X( 6, EXPORT_KIND,       WIRE_BUSY)    /* what it returned does not fit the kind of request */ \
	X( 7, ROW_MALFORMED,     WIRE_BUSY) \
	X( 8, ROW_TOO_LARGE,     WIRE_BUSY) \
	X( 9, HOST_UNKNOWN,      WIRE_OPENING) \
	X(10, RUNTIME_LOAD,      WIRE_OPENING) \
	X(11, RUNTIME_TOO_OLD,   WIRE_OPENING) \
	X(12, CAPABILITY_LOAD,   WIRE_OPENING) \
	X(13, INITIALIZER,       WIRE_OPENING) \
	X(14, NO_MEMORY,         WIRE_OPENING | WIRE_BUSY) \
	X(15, REQUEST_MALFORMED, 0)            /* not UTF-8; the parent checks, so it is never true */ \
	X(16, IMPORT,            WIRE_OPENING) /* the export that opens imports failed, or is missing */

enum wire_outcome {
#define X(id, name, phases) WIRE_OUTCOME_##name = (id),
	WIRE_OUTCOMES(X)
#undef X
	WIRE_OUTCOME_END
};
/* clang-format on */

struct wire_rule {
	const char *name; /* NULL where the table has no such id */
	enum wire_side from;
	unsigned phases;
	unsigned flags;
};

/* Whether an END in this phase may state this outcome. */
bool wire_outcome_fits(enum wire_outcome outcome, enum wire_phase phase);

/* The table's row, or NULL for an id that it does not have. */
const struct wire_rule *wire_rule(unsigned id);

#endif
