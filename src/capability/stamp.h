/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether anything has changed since a build, without asking Lake.
 *
 * A stamp lists every file of the project and of its packages, but for what is in .lake and other hidden
 * folders, with size, inode and both times to the nanosecond, and then the files that were built. It is
 * compared as a whole. The time of the last change of the inode is the kernel's: no program sets it, so
 * that an edit which keeps the size and sets back the time of the contents still shows. File times are as
 * coarse as the kernel's clock, and so a stamp with a file that was changed a moment before it was taken
 * is not kept; "now" is what the file system says, which may be another machine. Content is not read: a stamp of Mathlib takes some ten milliseconds.
 *
 * It errs to the safe side only: a copied or newly checked-out project asks Lake, which then has nothing
 * to do.
 */
#ifndef LW_CAPABILITY_STAMP_H
#define LW_CAPABILITY_STAMP_H

#include <stdbool.h>
#include <time.h>

#include "base/buffer.h"
#include "capability/workspace.h"

struct stamp {
	struct buffer text;
	size_t entries;      /* looked at: files, folders, links to nothing */
	struct timespec now; /* of the file system */
	const char *except;  /* a path that is left out */
	bool usable;         /* false: too many entries, or one that was changed just now */
	bool no_memory;
};

/*
 * Begins with what the build depends on besides files: one line, without a newline. The clock is a file
 * of ours, which is touched.
 */
void stamp_begin(struct stamp *s, const char *conditions, const char *except, int clock);
void stamp_add_tree(struct stamp *s, const char *folder);
void stamp_add_output(struct stamp *s, const char *path);
void stamp_release(struct stamp *s);

/*
 * Whether the stamp that was kept at this path begins with this one, and what it lists behind that, the
 * outputs, is as it was. Else ret_reason says what is different.
 */
bool stamp_holds(const struct stamp *s, const char *path, char *ret_reason, size_t room);

#endif
