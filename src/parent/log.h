/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of what a child wrote to stdout and stderr. The pipe has one reader, the parent's engine;
 * this keeps the last bytes and counts the rest.
 */
#ifndef LW_PARENT_LOG_H
#define LW_PARENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_TAIL_ROOM 4096

struct log_tail {
	char ring[LOG_TAIL_ROOM];
	uint64_t total; /* bytes ever seen */
};

void log_tail_add(struct log_tail *tail, const char *text, size_t size);

/*
 * Writes the tail as text for people: valid UTF-8, control characters but newline and tab replaced,
 * cut at the front to fit, terminated.
 */
void log_tail_copy(const struct log_tail *tail, char *ret_text, size_t room);

/* Whether the tail, as it came, contains the words. */
bool log_tail_has(const struct log_tail *tail, const char *words);

/* Copies the line of the tail that contains the words, made clean as above; false: there is none. */
bool log_tail_line(const struct log_tail *tail, const char *words, char *ret_text, size_t room);

#endif
