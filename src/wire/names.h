/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of exports. Lean's compiler gives a name to each definition and to much of its own; those that
 * somebody chose, by @[export] or in C, are what requests are about.
 */
#ifndef LW_WIRE_NAMES_H
#define LW_WIRE_NAMES_H

#include <stdbool.h>

/* The name of a definition, as the compiler mangles it, or of a part of one. */
bool name_is_definition(const char *name);

/* The same, and the initialisers of modules. */
bool name_is_generated(const char *name);

/* Whether the export is chosen, and ends in "_" and the short name. */
bool name_is_short_for(const char *short_name, const char *export_name);

#endif
