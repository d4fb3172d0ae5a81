/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of exports. Lean's compiler gives a name to each definition and to much of its own; those that
 * somebody chose, by @[export] or in C, are what requests are about.
 */
#ifndef LW_WIRE_NAMES_H
#define LW_WIRE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* The name of a definition, as the compiler mangles it, or of a part of one. */
bool name_is_definition(const char *name);

/* The same, and the initialisers of modules. */
bool name_is_generated(const char *name);

/* Whether the export is chosen, and ends in "_" and the short name. */
bool name_ends_in(const char *export_name, const char *short_name);

/*
 * How many chosen exports of a library begin as one of them does, up to so many bytes. Names that are this
 * package's own, and may be in any library, do not count.
 */
struct name_family {
	const char *name;
	size_t prefix;
	size_t chosen, alike;
};

/* An export may be asked for by what is behind a prefix that at least half of them have. */
void name_family_add(struct name_family *family, const char *export_name);
bool name_family_is_large(const struct name_family *family);

#endif
