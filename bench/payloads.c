/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one row costs each side apart from the wire, in this process: the payload is checked (as the
 * parts of a native row are, and as every payload of a raw sink is), an envelope is taken apart (as
 * those of Lean code are), a payload is decoded into structs.
 *
 *   bench-payloads            nanoseconds per row and per byte, the best of several rounds
 *   bench-payloads --once     each case once, and how many rows it has; under callgrind, dumps its
 *                             counts for each. What they depend on comes first
 */
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "child/envelope.h"
#include "corpus.h"
#include "fail.h"
#include "parent/record.h"
#include "records.h"
#include "series.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) (void)(name)
#endif

#define CASE_ROWS  64
#define ROUNDS     15
#define ROUND_NS   5e6
#define ENVELOPE   "{\"stream\":\"rows\",\"payload\":"
#define VALUE_ROOM 256

/* The payloads of a case, each by itself on the heap: what is read behind one is somebody else's. */
struct texts {
	enum corpus_kind kind;
	size_t count, size;
	char *at[CASE_ROWS];
	size_t sizes[CASE_ROWS];
};

static struct arena arena = { .limit = RECORD_DECODED_MAX };
static struct envelope_scratch scratch;

static void
check(const struct texts *t, size_t i)
{
	struct envelope parts = { ENVELOPE_ROW, { "rows", 4 }, { t->at[i], t->sizes[i] }, 0, 0 };
	struct envelope_fault why;

	if (!envelope_check(&parts, SIZE_MAX, &why))
		fail("check: %s at %zu", why.what, why.offset);
}

static void
take_apart(const struct texts *t, size_t i)
{
	struct envelope parts;
	struct envelope_fault why;

	if (!envelope_parse(t->at[i], t->sizes[i], &scratch, &parts, &why))
		fail("parse: %s at %zu", why.what, why.offset);
}

static void
decode(const struct texts *t, size_t i)
{
	static lw_record_fn *const records[CORPUS_KINDS] = { file_record, text_record,
		numbers_record };
	union {
		char bytes[VALUE_ROOM];
		long double aligned;
	} value;
	struct record_fault fault;

	arena_reset(&arena);
	if (!record_decode(records[t->kind](), t->at[i], t->sizes[i], &arena, &value, &fault))
		fail("decode: %s: expected %s at %zu", fault.path, fault.expected, fault.offset);
}

static const struct way {
	const char *name, *before, *after;
	void (*run)(const struct texts *t, size_t i);
} ways[] = {
	{ "check", "", "", check },
	{ "parse", ENVELOPE, "}", take_apart },
	{ "decode", "", "", decode },
};

static struct texts
texts_make(const struct way *way, enum corpus_kind kind, unsigned size_index)
{
	const struct corpus *c = corpus_get(kind, size_index);
	struct texts t = { .kind = kind, .size = c->size };
	size_t before = strlen(way->before), after = strlen(way->after);

	t.count = c->rows < CASE_ROWS ? c->rows : CASE_ROWS;
	for (size_t i = 0; i < t.count; i++) {
		t.sizes[i] = before + c->size + after;
		t.at[i] = malloc(t.sizes[i]);
		if (t.at[i] == NULL)
			abort();
		memcpy(t.at[i], way->before, before);
		memcpy(t.at[i] + before, corpus_row(c, i), c->size);
		memcpy(t.at[i] + before + c->size, way->after, after);
	}
	return t;
}

static void
texts_free(struct texts *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->at[i]);
}

/* ---- Once, counted --------------------------------------------------------------------------- */

#ifdef __clang__
#define COMPILER "clang-" __clang_version__
#else
#define COMPILER "gcc-" __VERSION__
#endif
#ifdef LW_DEV
#define BUILD "dev"
#else
#define BUILD "release"
#endif

static void
print_key(void)
{
	printf("key %s_glibc-%s_%s_%s\n", COMPILER, gnu_get_libc_version(), json_text_way(), BUILD);
}

/* Once before, so that memory is there and tables are read. */
static void
count(const struct way *way, const struct texts *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		way->run(t, i);
	CALLGRIND_ZERO_STATS;
	for (size_t i = 0; i < t->count; i++)
		way->run(t, i);
	CALLGRIND_DUMP_STATS_AT(name);
	printf("rows %zu %s\n", t->count, name);
}

/* ---- Timed ----------------------------------------------------------------------------------- */

static double
round_ns(const struct way *way, const struct texts *t)
{
	int64_t began = now_ns(), ended = began;
	double rows = 0;

	for (; (double)(ended - began) < ROUND_NS; ended = now_ns()) {
		for (size_t i = 0; i < t->count; i++)
			way->run(t, i);
		rows += (double)t->count;
	}
	return (double)(ended - began) / rows;
}

static void
clock_it(const struct way *way, const struct texts *t, const char *name)
{
	double best = round_ns(way, t), next;

	for (int i = 1; i < ROUNDS; i++) {
		next = round_ns(way, t);
		best = next < best ? next : best;
	}
	printf("%-20s %10.1f ns/row %8.3f ns/B\n", name, best, best / (double)t->size);
}

int
main(int argc, char **argv)
{
	bool once = argc == 2 && strcmp(argv[1], "--once") == 0;
	struct texts texts;
	char name[64];

	if (argc > 1 && !once)
		fail("usage: bench-payloads [--once]");
	if (once)
		print_key();
	for (int kind = 0; kind < CORPUS_KINDS; kind++)
		for (unsigned size = 0; size < CORPUS_SIZES - (once ? 1 : 0); size++)
			for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
				(void)snprintf(name, sizeof name, "%s %c %s", ways[i].name,
				    corpus_letters[kind], corpus_size_names[size]);
				texts = texts_make(&ways[i], (enum corpus_kind)kind, size);
				if (once)
					count(&ways[i], &texts, name);
				else
					clock_it(&ways[i], &texts, name);
				texts_free(&texts);
			}
	return 0;
}
