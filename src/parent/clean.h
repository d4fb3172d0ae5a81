/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_CLEAN_H
#define LW_PARENT_CLEAN_H

#include <stddef.h>

/*
 * Copies text for people's eyes: what is not UTF-8, and control characters but newline and tab,
 * become '?'; what does not fit is cut between characters. Terminates; answers the size.
 * ret may be text itself.
 */
size_t clean_copy(char *ret, size_t room, const char *text, size_t size);

#endif
