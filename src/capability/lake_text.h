/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Lake says while it builds, line by line: progress, and the first error. The forms are those of
 * Lake 4.26 to 4.34 (docs/toolchains.md); a line of another form is passed over.
 */
#ifndef LW_CAPABILITY_LAKE_TEXT_H
#define LW_CAPABILITY_LAKE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "leanworker/leanworker.h"

struct lake_text {
	void (*on_progress)(void *context, const struct lw_progress *progress); /* or NULL */
	void *context;
	char line[4096]; /* the one that is coming; a longer one is cut */
	size_t line_size;
	char error[640]; /* the first error of the compiler, with what follows it; else the first */
	size_t error_size;
	bool error_has_place; /* it says which line of which file */
	bool error_open;      /* lines that belong to it may follow */
	bool no_target;       /* there is no such library */
};

void lake_text_add(struct lake_text *t, const char *text, size_t size);
void lake_text_end(struct lake_text *t); /* a last line without its newline */

#endif
