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

bool
wire_outcome_fits(enum wire_outcome outcome, enum wire_phase phase)
{
	static const unsigned fitting[WIRE_OUTCOME_END] = {
#define X(id, name, phases) [id] = (phases),
		WIRE_OUTCOMES(X)
#undef X
	};

	return (fitting[outcome] & phase) != 0;
}
