/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the harnesses share. A harness is one file with LLVMFuzzerTestOneInput, and is linked either
 * with libFuzzer or with replay.c, which needs no particular compiler.
 */
#ifndef LW_FUZZ_FUZZ_H
#define LW_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The names are libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* What must be true whatever the input is. */
#define FUZZ_MUST(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* Inputs that end early are as if they went on with zeros. */
struct fuzz_feed {
	const uint8_t *at, *end;
};
struct fuzz_feed fuzz_feed(const uint8_t *data, size_t size);
uint8_t fuzz_byte(struct fuzz_feed *feed);
size_t fuzz_take(struct fuzz_feed *feed, size_t most, const uint8_t **ret_at);

/* xorshift: what a harness decides besides its input must follow from its input. */
uint32_t fuzz_random(uint32_t *state);
uint32_t fuzz_below(uint32_t *state, uint32_t limit);

/*
 * Counts this input; the counts are printed at exit. The door is what a reader checks first: an
 * input that does not pass it tests little more than that check.
 */
#define FUZZ_LONG 64
void fuzz_count(size_t size, bool past_door);
/* Another count to print; the name is kept. */
void fuzz_note(const char *name, uint64_t add);

#endif
