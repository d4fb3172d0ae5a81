/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checking the text of a JSON string 64 bytes at a time, escapes and UTF-8 included: AVX2 where the
 * machine has it, NEON on AArch64. It only ever says what is right: whoever calls reads on from where
 * it stopped, and finds what is wrong, and where.
 */
#ifndef LW_BASE_JSON_TEXT_H
#define LW_BASE_JSON_TEXT_H

#include <stdbool.h>

#define JSON_TEXT_BLOCK 64 /* less than this it does not read */

/*
 * From `at`, which is inside of a string and begins a character or an escape, to its closing quote, or
 * to another beginning before that: there is a fault, a surrogate or the end near, or no such way on
 * this machine. *escaped is set if it has met an escape: passed it, or stopped at it.
 */
const char *json_skip_text(const char *at, const char *end, bool *escaped);

/* Which way this machine takes, for people: "AVX2", "NEON" or "none". */
const char *json_text_way(void);

#endif
