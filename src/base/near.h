/* SPDX-License-Identifier: Apache-2.0 */
/* The names that somebody may have meant by one that does not exist. */
#ifndef LW_BASE_NEAR_H
#define LW_BASE_NEAR_H

#include <stddef.h>

#define NEAR_MAX       3
#define NEAR_NAME_MAX  255 /* longer names are near nothing */
#define NEAR_WORDS_MAX (NEAR_MAX * (NEAR_NAME_MAX + 4) + 32)

struct near {
	const char *wanted;
	size_t count;
	struct {
		unsigned distance;
		char name[NEAR_NAME_MAX + 1];
	} best[NEAR_MAX]; /* nearest first */
};

/* How many letters to add, drop, change or swap with a neighbour; limit + 1 for more than limit. */
unsigned near_distance(const char *a, const char *b, unsigned limit);

void near_begin(struct near *n, const char *wanted); /* which lives as long as n is used */
void near_offer(struct near *n, const char *name);
/* "Did you mean "a" or "b"? " with the space behind it, or "" where nothing is near. */
void near_words(const struct near *n, char ret_words[NEAR_WORDS_MAX]);

#endif
