/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker-child --inspect FILE: what a shared object exports and needs, as JSON on standard output.
 * It is never opened as a library, so nothing of it runs. A process of its own, because the file is a
 * stranger's: whatever is wrong with it ends this process and no other.
 */
#ifndef LW_CHILD_INSPECT_H
#define LW_CHILD_INSPECT_H

#include <stdio.h>

#include "child/elf.h"

/*
 * Writes the JSON; false when there would be more than the cap, or no memory. Of what it wrote then
 * nothing may be used.
 */
bool inspect_write(const struct elf *elf, const char *file, bool brief, FILE *out);

int inspect_main(const char *file, bool brief); /* the program's exit status */

#endif
