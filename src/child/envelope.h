/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One callback string is one envelope: a JSON object that is a row {"stream","payload"}, a
 * {"diagnostic"}, a {"progress"} or a {"metadata"}, and exactly one of them. Other keys are ignored.
 */
#ifndef LW_CHILD_ENVELOPE_H
#define LW_CHILD_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/json.h"

enum envelope_kind {
	ENVELOPE_ROW,
	ENVELOPE_DIAGNOSTIC,
	ENVELOPE_PROGRESS,
	ENVELOPE_METADATA,
};

struct envelope {
	enum envelope_kind kind;
	struct json_slice name;  /* row: stream; diagnostic: code; progress: phase. Decoded. */
	struct json_slice text;  /* row, metadata: the JSON as it came; diagnostic: decoded */
	uint64_t current, total; /* progress; total is WIRE_NO_TOTAL where none was given */
};

struct envelope_fault {
	const char *what;         /* "row has no \"stream\"", … */
	size_t offset;            /* in the callback string */
	struct json_slice stream; /* of the row at fault, if it got that far; else empty */
	bool no_memory;           /* ours: the envelope may well be right */
};

/* Where decoded strings live; grows to the longest and is reused from call to call. */
struct envelope_scratch {
	struct buffer name, text;
};

/* Slices of *ret point into the text or into scratch: they die with the next call. */
bool envelope_parse(const char *text, size_t size, struct envelope_scratch *scratch,
    struct envelope *ret_envelope, struct envelope_fault *ret_fault);

#endif
