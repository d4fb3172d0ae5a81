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

#include "host/host.h"

struct envelope_fault {
	const char *what;         /* "row has no \"stream\"", … */
	size_t offset;            /* in the callback string, or in the part at fault */
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

/*
 * Parts that no parser has seen, held to the same rules. JSON above the cap is not read: whoever
 * sends it refuses it for its size.
 */
bool envelope_check(const struct envelope *parts, uint64_t cap, struct envelope_fault *ret_fault);

#endif
