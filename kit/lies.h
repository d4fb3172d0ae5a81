/* SPDX-License-Identifier: Apache-2.0 */
/* What a lying child does to the ring that it shares with its parent. */
#ifndef LW_KIT_LIES_H
#define LW_KIT_LIES_H

#include "child/lane.h"
#include "script.h"

/* Plays the action if it is one of these; false if it is not. Without a ring it has no effect. */
bool lie(struct lane *lane, const struct action *a);

/* Puts bytes into the ring and rings for nobody, if it was told so; false if it was not. */
bool lie_by_silence(struct lane *lane, const void *bytes, size_t size);

#endif
