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

/* Offers the name of each function of a library; the texts stay where they are. */
typedef void name_each(
    void *library, void (*offer)(void *context, const char *name), void *context);

#define NAME_CANDIDATES_MAX 16

/* What a short name may mean: the exports that end so, and the only one whose family is large. */
struct name_candidates {
	const char *list[NAME_CANDIDATES_MAX];
	size_t count;
	const char *meant; /* NULL: none, or more than one */
};
void name_find(const char *short_name, name_each *each, void *library, struct name_candidates *ret);
/* The first of them, at most so many, with commas between; cut to fit. */
void name_list(const struct name_candidates *c, size_t most, char *ret_text, size_t room);

#endif
