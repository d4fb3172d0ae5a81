/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payloads that every contender sends: made anew in each process from a fixed seed, so that
 * nothing large is kept in the tree and both ends know what must have arrived.
 */
#ifndef LW_BENCH_CORPUS_H
#define LW_BENCH_CORPUS_H

#include <stddef.h>
#include <stdint.h>

enum corpus_kind {
	CORPUS_S, /* rows of the scan: {"kind","name","line","ordinal"}; larger: a file of them */
	CORPUS_L, /* one long string: 5 % of its characters escaped, 10 % not ASCII */
	CORPUS_N, /* nested records and numbers */
	CORPUS_KINDS
};

#define CORPUS_SIZES 4
extern const size_t corpus_sizes[CORPUS_SIZES]; /* of a payload, exactly */
extern const char *const corpus_size_names[CORPUS_SIZES];
extern const char corpus_letters[CORPUS_KINDS];

/* What a consumer reads of a payload: one member that is a string, one that is a whole number. */
struct corpus_fields {
	const char *text, *number;
};
extern const struct corpus_fields corpus_fields[CORPUS_KINDS];

struct corpus {
	size_t size; /* of each payload */
	size_t rows; /* different ones; then the first follows again */
	char *bytes;
	uint64_t *read_sum; /* of the first n payloads, what corpus_read gives */
	uint64_t *look_sum; /* the same of corpus_look */
	uint64_t *stop_sum; /* and of the classify pass */
};

/* Made when first asked for, and kept. */
const struct corpus *corpus_get(enum corpus_kind kind, unsigned size_index);

static inline const char *
corpus_row(const struct corpus *c, uint64_t number)
{
	return c->bytes + number % c->rows * c->size;
}

/* What a consumer that parsed adds up, and one that only saw the bytes: proof that all came. */
static inline uint64_t
corpus_read(const char *text, int64_t number)
{
	return (uint64_t)number * 256 + (unsigned char)text[0];
}

static inline uint64_t
corpus_look(const char *payload, size_t size)
{
	return size * 256 + (unsigned char)payload[size / 2];
}

/* The sum over the first `count` rows sent. */
uint64_t corpus_expected(const struct corpus *c, const uint64_t *sums, uint64_t count);

#endif
