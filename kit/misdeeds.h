/* SPDX-License-Identifier: Apache-2.0 */
/* What a misbehaving child does to itself and to its system, without a word on any lane. */
#ifndef LW_KIT_MISDEEDS_H
#define LW_KIT_MISDEEDS_H

#include <stddef.h>

#include "script.h"

/* Plays the action if it is one of these; false if it is not. */
bool misdeed(const struct action *a);

/* What this process is, as a JSON object: what a worker was given, and what was taken from it. */
void misdeed_self(char *ret_json, size_t room);

#endif
