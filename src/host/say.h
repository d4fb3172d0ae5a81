/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_HOST_SAY_H
#define LW_HOST_SAY_H

#include <stddef.h>

#include "host/host.h"

/* Formats into the message; what does not fit is cut between characters. */
__attribute__((format(printf, 2, 3))) void host_say(
    struct host_message *message, const char *format, ...);

/* The same for a text of the runtime, which may hold any byte but is shown up to its first NUL. */
void host_say_bytes(struct host_message *message, const char *bytes, size_t size);

#endif
