/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script of a misbehaving child: what to do on which occasion.
 *
 *      on run#2@1: rows 3; signal SEGV | on shutdown: hang
 *
 * reads: on the second RUN of generation 1 send three rows and die of SIGSEGV; never leave when asked
 * to. Sections end at "|" or a new line, actions at ";". Without #n every time, without @g in every
 * generation; the first section that fits is taken. docs/chaos.md lists occasions and actions.
 */
#ifndef LW_KIT_SCRIPT_H
#define LW_KIT_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#define SCRIPT_ACTION_MAX 4096
#define SCRIPT_WORDS_MAX  8

/* One action, cut into words; a word may be quoted with ' to hold spaces and semicolons. */
struct action {
	char text[SCRIPT_ACTION_MAX];
	char *word[SCRIPT_WORDS_MAX]; /* word[0] is the verb */
	unsigned words;
};

/* The actions of the section for this occasion; NULL where the script has none. */
const char *script_find(
    const char *script, const char *occasion, unsigned time, uint32_t generation);

/* Cuts the next action off *at. False at the end of the section; aborts on one that is too long. */
bool script_next(const char **at, struct action *ret);

/* The number after "key=" among the words, or otherwise. */
uint64_t action_number(const struct action *a, const char *key, uint64_t otherwise);
/* The text after "key=", or otherwise. */
const char *action_text(const struct action *a, const char *key, const char *otherwise);
/* The n-th word as a number, or otherwise. */
uint64_t action_argument(const struct action *a, unsigned n, uint64_t otherwise);

#endif
