/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries: opening them, and what the dynamic linker knows about their symbols. */
#ifndef LW_HOST_SYMBOL_H
#define LW_HOST_SYMBOL_H

#include <stddef.h>

#include "host/host.h"

/*
 * Opens with RTLD_NOW and this scope, for ever. NULL with a message that begins with the role; the
 * advice is for a library that needs a symbol which nobody defines.
 */
void *host_open_library(const char *role, const char *path, int scope, const char *advice,
    struct host_message *ret_message);

enum host_symbol_kind { HOST_SYMBOL_UNKNOWN, HOST_SYMBOL_FUNCTION, HOST_SYMBOL_DATA };

struct host_symbol {
	const char *owner; /* NULL, or the path of the other library that defines it */
	enum host_symbol_kind kind;
	size_t size; /* of what it names; 0 where nobody knows */
};

/* Walks every symbol of the library: not for the hot path. */
struct host_symbol host_symbol_look(void *library, void *address);

/* Offers the name of each function that the library defines and exports, of at most 2^20 symbols. */
void host_symbol_each(void *library, void (*offer)(void *context, const char *name), void *context);

#endif
