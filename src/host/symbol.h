/* SPDX-License-Identifier: Apache-2.0 */
/* What the dynamic linker knows about the symbols of a library that is open. */
#ifndef LW_HOST_SYMBOL_H
#define LW_HOST_SYMBOL_H

#include <stddef.h>

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
