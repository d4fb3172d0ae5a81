/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A main for a harness without libFuzzer, for any compiler.
 *
 *      fuzz-frames [-mutations=N] [-seed=N] [-max_len=N] [-keep=FILE] FILE|FOLDER...
 *
 * Runs every input as it is, then N mutations of them, the same ones for the same seed. It is not
 * guided by coverage: that is what libFuzzer is for. This holds what libFuzzer found.
 *
 * After a crash, the same command with -keep leaves the input that crashed in FILE.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#define MOST_EDITS 4

struct input {
	uint8_t *bytes;
	size_t size;
};

static struct input *inputs;
static size_t input_count;
static const char *keep_path;
static uint32_t random_state = 1;

/* Harnesses may have none. */
__attribute__((weak)) size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	(void)seed;
	return LLVMFuzzerMutate(data, size, max_size);
}

_Noreturn static void
give_up(const char *what)
{
	perror(what);
	exit(2);
}

static void *
must(void *memory)
{
	if (memory == NULL)
		give_up("memory");
	return memory;
}

static void
add_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	struct input input = { .bytes = must(malloc(size + 1)), .size = size };

	if (file == NULL || fread(input.bytes, 1, size, file) != size)
		give_up(path);
	(void)fclose(file);
	inputs = must(realloc(inputs, (input_count + 1) * sizeof *inputs));
	inputs[input_count++] = input;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_path(const char *path);

/* Sorted, so that a seed means the same on every machine. */
static void
add_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);
	char below[4096];

	if (count < 0)
		give_up(path);
	for (int i = 0; i < count; i++) {
		(void)snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
		add_path(below);
		free(entries[i]);
	}
	free(entries);
}

static void
add_path(const char *path)
{
	struct stat facts;

	if (stat(path, &facts) < 0)
		give_up(path);
	if (S_ISDIR(facts.st_mode))
		add_folder(path);
	else
		add_file(path, (size_t)facts.st_size);
}

/* ---- Mutations that know nothing ----------------------------------------------------------- */

static size_t
insert(uint8_t *data, size_t size, size_t max_size)
{
	size_t at = fuzz_below(&random_state, (uint32_t)size + 1);
	size_t length = 1 + fuzz_below(&random_state, 8);
	uint8_t fill = (uint8_t)fuzz_random(&random_state);

	if (size + length > max_size)
		return size;
	memmove(data + at + length, data + at, size - at);
	memset(data + at, fill, length);
	return size + length;
}

static size_t
erase(uint8_t *data, size_t size)
{
	size_t at = fuzz_below(&random_state, (uint32_t)size);
	size_t length = 1 + fuzz_below(&random_state, (uint32_t)(size - at));

	memmove(data + at, data + at + length, size - at - length);
	return size - length;
}

static void
copy_within(uint8_t *data, size_t size)
{
	size_t from = fuzz_below(&random_state, (uint32_t)size);
	size_t to = fuzz_below(&random_state, (uint32_t)size);
	size_t length = fuzz_below(&random_state, (uint32_t)(size - (from > to ? from : to))) + 1;

	memmove(data + to, data + from, length);
}

static size_t
splice(uint8_t *data, size_t size, size_t max_size)
{
	const struct input *other = &inputs[fuzz_below(&random_state, (uint32_t)input_count)];
	size_t at = fuzz_below(&random_state, (uint32_t)size + 1);
	size_t from = fuzz_below(&random_state, (uint32_t)other->size + 1);
	size_t length = other->size - from < max_size - at ? other->size - from : max_size - at;

	memcpy(data + at, other->bytes + from, length);
	return at + length;
}

size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	static const int8_t steps[] = { 1, -1, 16, -16, 127, -127 };
	uint32_t choice = size == 0 ? 0 : fuzz_below(&random_state, 8);
	size_t at = size == 0 ? 0 : fuzz_below(&random_state, (uint32_t)size);

	switch (choice) {
	case 0:
		return insert(data, size, max_size);
	case 1:
		return erase(data, size);
	case 2:
		return splice(data, size, max_size);
	case 3:
		copy_within(data, size);
		return size;
	case 4:
		data[at] = (uint8_t)fuzz_random(&random_state);
		return size;
	case 5:
		data[at] = (uint8_t)(data[at] + steps[fuzz_below(&random_state, 6)]);
		return size;
	default:
		data[at] ^= (uint8_t)(1 << fuzz_below(&random_state, 8));
		return size;
	}
}

/* ---- Running ------------------------------------------------------------------------------- */

static void
keep(const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(keep_path, "wb");

	if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
		give_up(keep_path);
}

/* In a block of its size, so that a sanitizer sees a read behind its end. */
static void
run(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = must(malloc(size ? size : 1));

	if (keep_path != NULL)
		keep(bytes, size);
	memcpy(exact, bytes, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void
run_mutation(uint8_t *room, size_t max_size)
{
	const struct input *from = &inputs[fuzz_below(&random_state, (uint32_t)input_count)];
	size_t size = from->size < max_size ? from->size : max_size;

	memcpy(room, from->bytes, size);
	for (uint32_t edits = 1 + fuzz_below(&random_state, MOST_EDITS); edits > 0; edits--)
		size = LLVMFuzzerCustomMutator(room, size, max_size, fuzz_random(&random_state));
	run(room, size);
}

static unsigned long
option(const char *argument, const char *name, unsigned long otherwise)
{
	size_t size = strlen(name);

	return strncmp(argument, name, size) == 0 ? strtoul(argument + size, NULL, 10) : otherwise;
}

int
main(int count, char **arguments)
{
	unsigned long mutations = 0, max_size = 4096;
	uint8_t *room;

	for (int i = 1; i < count; i++) {
		mutations = option(arguments[i], "-mutations=", mutations);
		max_size = option(arguments[i], "-max_len=", max_size);
		random_state = (uint32_t)option(arguments[i], "-seed=", random_state);
		if (strncmp(arguments[i], "-keep=", 6) == 0)
			keep_path = arguments[i] + 6;
		if (arguments[i][0] != '-')
			add_path(arguments[i]);
	}
	for (size_t i = 0; i < input_count; i++)
		run(inputs[i].bytes, inputs[i].size);
	room = must(malloc(max_size));
	for (unsigned long i = 0; i < mutations && input_count > 0; i++)
		run_mutation(room, max_size);
	printf("%zu inputs and %lu mutations\n", input_count, input_count > 0 ? mutations : 0);
	for (size_t i = 0; i < input_count; i++)
		free(inputs[i].bytes);
	free(inputs);
	free(room);
	return input_count > 0 ? 0 : 2;
}
