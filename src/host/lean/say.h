/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWL_SAY_H
#define LWL_SAY_H

#include <stddef.h>

#include "host/host.h"

/* Formats into the message; what does not fit is cut between characters. */
__attribute__((format(printf, 2, 3))) void lwl_say(
    struct host_message *message, const char *format, ...);

/* The same for a text of the runtime, which may hold any byte but is shown up to its first NUL. */
void lwl_say_bytes(struct host_message *message, const char *bytes, size_t size);

#endif
