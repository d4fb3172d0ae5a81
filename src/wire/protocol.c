/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/protocol.h"

#include <stddef.h>

static const struct wire_rule rules[WIRE_MESSAGE_END] = {
#define X(id, text, side, when, how)                                                               \
	[id] = { .name = #text, .from = WIRE_##side, .phases = (when), .flags = (how) },
	WIRE_MESSAGES(X)
#undef X
};

const struct wire_rule *
wire_rule(unsigned id)
{
	return id < WIRE_MESSAGE_END && rules[id].name != NULL ? &rules[id] : NULL;
}
