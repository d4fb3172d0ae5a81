/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of shared objects: every name that it gives out lies in the file and ends there, whatever
 * the file says, and what is told of it is one JSON value within the cap.
 *
 * Input: the file. The kept ones were made by gcc and binutils of two lines of C.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "child/inspect.h"
#include "fuzz/fuzz.h"
#include "wire/inspection.h"

#define TOLD_MOST 4096 /* with more symbols, every one of them is looked at and none is written */

static void
check_text(const struct elf *e, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	if (text == NULL)
		return;
	FUZZ_MUST(at >= e->bytes && at < e->bytes + e->size);
	FUZZ_MUST(memchr(at, '\0', (size_t)(e->bytes + e->size - at)) != NULL);
	FUZZ_MUST(strlen(text) < ELF_NAME_MAX);
}

static void
check_facts(const struct elf *e)
{
	FUZZ_MUST(e->machine != NULL && e->needed_count <= ELF_NEEDED_MAX);
	check_text(e, e->soname);
	check_text(e, e->runpath);
	for (size_t i = 0; i < e->needed_count; i++) {
		FUZZ_MUST(e->needed[i] != NULL);
		check_text(e, e->needed[i]);
	}
	FUZZ_MUST(e->build_id == NULL ||
		  (e->build_id >= e->bytes && e->build_id_size <= ELF_BUILD_ID_MAX &&
		      e->build_id + e->build_id_size <= e->bytes + e->size));
}

/* How many of them are of concern for others. */
static size_t
check_symbols(const struct elf *e)
{
	size_t count = e->tables.symbol_count, known = 0;

	FUZZ_MUST(count <= ELF_SYMBOLS_MAX && count <= e->size / 24);
	for (size_t i = 0; i < count; i++) {
		struct elf_symbol s = elf_symbol(e, i);

		if (s.role == ELF_LOCAL)
			continue;
		FUZZ_MUST(s.name != NULL && *s.name != '\0');
		check_text(e, s.name);
		known++;
	}
	FUZZ_MUST(elf_symbol(e, count).role == ELF_LOCAL);
	FUZZ_MUST(elf_symbol(e, SIZE_MAX).role == ELF_LOCAL);
	return known;
}

static void
check_told(const struct elf *e)
{
	char *text = NULL;
	size_t size = 0, offset;
	FILE *out = open_memstream(&text, &size);
	const char *fault;

	FUZZ_MUST(
	    out != NULL && inspect_write(e, "a \"file\"", e->size % 2, out) && fclose(out) == 0);
	FUZZ_MUST(size <= INSPECTION_CAP && jread_validate(text, size, &offset, &fault));
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1); /* so that a read past the end is seen */
	const char *fault;
	struct elf elf;
	size_t known = 0;

	FUZZ_MUST(exact != NULL);
	memcpy(exact, size ? data : (const uint8_t *)"", size);
	fault = elf_open(&elf, exact, size);
	FUZZ_MUST(fault == NULL || *fault != '\0');
	if (fault == NULL) {
		check_facts(&elf);
		known = check_symbols(&elf);
		if (known < TOLD_MOST)
			check_told(&elf);
	}
	free(exact);
	fuzz_count(size, fault == NULL);
	fuzz_note("symbols", known);
	return 0;
}

/* Half of the time an aligned number of the file becomes one that is on some border. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static const uint64_t borders[] = { 0, 1, 2, 8, 24, 64, 0x7fffffff, 0xffffffff, INT64_MAX,
		UINT64_MAX, UINT64_MAX - 8 };
	uint32_t random = seed | 1;
	uint64_t value = borders[fuzz_below(&random, sizeof borders / sizeof *borders)];
	size_t width = (size_t)2 << fuzz_below(&random, 3), at;

	if (fuzz_below(&random, 2) == 0 || size < 64)
		return LLVMFuzzerMutate(data, size, max_size);
	if (fuzz_below(&random, 3) == 0)
		value = size - fuzz_below(&random, 64);
	at = fuzz_below(&random, (uint32_t)(size / width)) * width;
	memcpy(data + at, &value, width);
	return size;
}
