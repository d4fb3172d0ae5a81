/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_MAX 128

static uint64_t inputs, long_inputs, past_doors;
static struct {
	const char *name;
	uint64_t count;
} notes[NOTES_MAX];

void
fuzz_broken(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
	abort();
}

struct fuzz_feed
fuzz_feed(const uint8_t *data, size_t size)
{
	return (struct fuzz_feed){ data, size ? data + size : data };
}

uint8_t
fuzz_byte(struct fuzz_feed *feed)
{
	return feed->at < feed->end ? *feed->at++ : 0;
}

size_t
fuzz_take(struct fuzz_feed *feed, size_t most, const uint8_t **ret_at)
{
	size_t left = (size_t)(feed->end - feed->at), size = most < left ? most : left;

	*ret_at = feed->at;
	if (size > 0)
		feed->at += size;
	return size;
}

uint32_t
fuzz_random(uint32_t *state)
{
	uint32_t x = *state ? *state : 0x9e3779b9;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

uint32_t
fuzz_below(uint32_t *state, uint32_t limit)
{
	return (uint32_t)((uint64_t)fuzz_random(state) * limit >> 32);
}

static void
print_counts(void)
{
	fprintf(stderr, "inputs: %" PRIu64 ", of at least %d bytes: %" PRIu64, inputs, FUZZ_LONG,
	    long_inputs);
	fprintf(stderr, ", of these past the door: %" PRIu64 "\n", past_doors);
	for (int i = 0; i < NOTES_MAX && notes[i].name != NULL; i++)
		fprintf(stderr, "%s: %" PRIu64 "\n", notes[i].name, notes[i].count);
}

void
fuzz_count(size_t size, bool past_door)
{
	if (inputs++ == 0)
		(void)atexit(print_counts);
	if (size < FUZZ_LONG)
		return;
	long_inputs++;
	past_doors += past_door;
}

void
fuzz_note(const char *name, uint64_t add)
{
	int i = 0;

	while (notes[i].name != NULL && notes[i].name != name)
		i++;
	FUZZ_MUST(i < NOTES_MAX - 1);
	notes[i].name = name;
	notes[i].count += add;
}
