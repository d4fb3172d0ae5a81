/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs that are JSON: a mutator that knows values and words.
 */
#ifndef LW_FUZZ_TEXT_H
#define LW_FUZZ_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text_words {
	const char *const *values; /* whole ones, which take the place of others */
	size_t value_count;
	const char *const *words; /* parts, which go anywhere */
	size_t word_count;
};

/* Leaves the first `head` bytes alone, and most of the time also the `door` bytes behind them. */
size_t text_mutate(uint8_t *data, size_t size, size_t max_size, size_t head, size_t door,
    const struct text_words *words, uint32_t *random);

#endif
