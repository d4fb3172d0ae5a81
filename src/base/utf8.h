/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Well-formed UTF-8 as Unicode defines it (table 3-7): no overlong forms, no surrogates, nothing
 * above U+10FFFF.
 */
#ifndef LW_BASE_UTF8_H
#define LW_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX         4 /* bytes of one code point */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/* How many bytes the sequence at `at` takes, 1 to 4; 0 if it is not well-formed or cut by the end.
 */
size_t utf8_sequence(const char *at, const char *end);
/* What a sequence that utf8_sequence measured stands for. */
uint32_t utf8_code_point(const char *at, size_t size);
/* Writes a code point that is no surrogate; answers its size. */
size_t utf8_encode(uint32_t code_point, char ret_bytes[UTF8_MAX]);
/* How many bytes from the start on are well-formed: the size, or the offset of the first fault. */
size_t utf8_valid_prefix(const char *text, size_t size);
bool utf8_is_text(const char *text); /* all of it is */

#endif
