/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard error, the only one there is: messages, progress in a line that is overwritten, and what the
 * child prints. On a terminal rows come on the same screen, so that each of these ends its line.
 */
#ifndef LW_CLI_SCREEN_H
#define LW_CLI_SCREEN_H

#include <stdint.h>

#include "leanworker/metadata.h"

/* Asks what standard error is: progress and colours are for terminals, and NO_COLOR is heeded. */
void cli_screen_begin(void);
int cli_screen_is_terminal(void);

/* The command's only clock: nanoseconds of CLOCK_MONOTONIC, which no date changes. */
int64_t cli_now_ns(void);

/* One line with the prefix that everything of ours there has. */
__attribute__((format(printf, 1, 2))) void cli_say(const char *format, ...);

/* The same in the colour of a severity, and text to come in it; "" where there are no colours. */
const char *cli_color(lw_severity severity);
const char *cli_plain(void);

/* How far it is, with rate and time left where that can be told; nothing where there is no terminal. */
void cli_progress(const struct lw_progress *progress);
/* Before anything else is written, on standard output too. */
void cli_screen_clear(void);

/* Bytes of the child's; on a terminal without its control characters. */
void cli_log(const char *text, size_t size);

#endif
