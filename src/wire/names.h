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
bool name_ends_in(const char *export_name, const char *short_name);

/*
 * What all chosen exports of a library begin with, in whole words: its "my_library_". Names that are this
 * package's own, and may be in any library, do not count. Begins as NAME_FAMILY_NONE.
 */
struct name_family {
	char prefix[256]; /* with its "_"; "": they have nothing in common */
	bool begun;
};
#define NAME_FAMILY_NONE                                                                           \
	{                                                                                          \
		.begun = false                                                                     \
	}
void name_family_add(struct name_family *family, const char *export_name);

/* Whether the export is of the family, and the short name what follows the prefix. */
bool name_is_short_for(
    const struct name_family *family, const char *short_name, const char *export_name);

#endif
