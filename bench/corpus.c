/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"

#define CACHED    (256 * 1024) /* of payloads: a working set that stays near, for every contender */
#define ROWS_MAX  2048
#define TAIL_ROOM 256 /* kept free for the longest piece and what closes a payload */

const size_t corpus_sizes[CORPUS_SIZES] = { 64, 4096, 65536, 1048576 };
const char *const corpus_size_names[CORPUS_SIZES] = { "64 B", "4 KiB", "64 KiB", "1 MiB" };
const char corpus_letters[CORPUS_KINDS] = { 'S', 'L', 'N' };
const struct corpus_fields corpus_fields[CORPUS_KINDS] = {
	[CORPUS_S] = { "kind", "line" },
	[CORPUS_L] = { "text", "id" },
	[CORPUS_N] = { "name", "id" },
};

/* A payload under way; its size is fixed beforehand. */
struct writer {
	char *at, *end;
	uint64_t random;
	/* What a consumer will read. */
	char text_first;
	int64_t number;
};

static uint32_t
draw(struct writer *w, uint32_t below)
{
	uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) >> 32) % below;
}

static size_t
left(const struct writer *w)
{
	return (size_t)(w->end - w->at);
}

static void
put(struct writer *w, const char *text)
{
	size_t size = strlen(text);

	if (size > left(w))
		abort();
	memcpy(w->at, text, size);
	w->at += size;
}

static void
put_letters(struct writer *w, size_t count)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.___";

	while (count-- > 0)
		*w->at++ = letters[draw(w, sizeof letters - 1)];
}

/* One row of the scan in exactly `size` bytes: the name takes what the rest leaves. */
static void
put_declaration(struct writer *w, size_t size)
{
	static const char *const kinds[] = { "def", "theorem", "instance", "structure", "abbrev",
		"inductive" };
	const char *kind = kinds[draw(w, sizeof kinds / sizeof kinds[0])];
	char head[64], tail[64];
	int64_t line = 1 + draw(w, 9999);
	int used;

	used = snprintf(head, sizeof head, "{\"kind\":\"%s\",\"name\":\"", kind);
	used += snprintf(
	    tail, sizeof tail, "\",\"line\":%lld,\"ordinal\":%u}", (long long)line, draw(w, 1000));
	put(w, head);
	put_letters(w, size - (size_t)used);
	put(w, tail);
	w->text_first = kind[0];
	w->number = line;
}

static void
make_s(struct writer *w)
{
	int64_t line = 1 + draw(w, 9999);
	char head[96];
	size_t size;

	if (left(w) < TAIL_ROOM) {
		put_declaration(w, left(w));
		return;
	}
	(void)snprintf(head, sizeof head,
	    "{\"kind\":\"file\",\"name\":\"LeanWorker.Json\",\"line\":%lld,\"ordinal\":%u,"
	    "\"declarations\":[",
	    (long long)line, draw(w, 1000));
	put(w, head);
	while (left(w) > TAIL_ROOM) {
		size = 64 + draw(w, 47);
		put_declaration(w, size);
		put(w, ",");
	}
	put_declaration(w, left(w) - 2);
	put(w, "]}");
	w->text_first = 'f';
	w->number = line;
}

static void
put_character(struct writer *w)
{
	static const char *const escapes[] = { "\\n", "\\\"", "\\\\", "\\t", "\\u00e9" };
	static const char *const others[] = { "é", "λ", "→", "∀", "ℕ", "𝔸" };
	uint32_t lot = draw(w, 100);

	if (lot < 5)
		put(w, escapes[draw(w, sizeof escapes / sizeof escapes[0])]);
	else if (lot < 15)
		put(w, others[draw(w, sizeof others / sizeof others[0])]);
	else
		put_letters(w, 1);
}

static void
make_l(struct writer *w)
{
	char head[48];

	w->number = 1 + draw(w, 999999);
	(void)snprintf(head, sizeof head, "{\"id\":%lld,\"text\":\"a", (long long)w->number);
	put(w, head);
	while (left(w) >= sizeof "\\u00e9" - 1 + 2)
		put_character(w);
	put_letters(w, left(w) - 2);
	put(w, "\"}");
	w->text_first = 'a';
}

static void
put_record(struct writer *w)
{
	static const uint32_t below[8] = { 1000, 100, 9, 9, 10, 1000, 100000, 2 };
	uint32_t n[8]; /* drawn in an order that every compiler keeps */
	char record[128];

	for (int i = 0; i < 8; i++)
		n[i] = draw(w, below[i]);
	(void)snprintf(record, sizeof record,
	    "{\"p\":{\"x\":%u.%02u,\"y\":-%ue%u},\"n\":[%u,%u,%u],\"ok\":%s,\"of\":null},", n[0],
	    n[1], 1 + n[2], n[3], n[4], n[5], n[6], n[7] ? "true" : "false");
	put(w, record);
}

static void
make_n(struct writer *w)
{
	uint32_t n[3] = { draw(w, 100), 0, 0 };
	char piece[48];

	n[1] = draw(w, 10);
	n[2] = draw(w, 100);
	w->number = 1 + draw(w, 9999);
	(void)snprintf(piece, sizeof piece, "{\"id\":%lld,\"of\":[", (long long)w->number);
	put(w, piece);
	while (left(w) > TAIL_ROOM)
		put_record(w);
	(void)snprintf(
	    piece, sizeof piece, "{\"x\":-%u.5,\"n\":[%u,%u]}],\"name\":\"b", n[0], n[1], n[2]);
	put(w, piece);
	put_letters(w, left(w) - 2);
	put(w, "\"}");
	w->text_first = 'b';
}

static void
corpus_make(struct corpus *c, enum corpus_kind kind, size_t size)
{
	static void (*const make[CORPUS_KINDS])(struct writer *) = { make_s, make_l, make_n };
	struct writer w = { .random = kind * 1000003u + size };
	size_t rows = CACHED / size;

	c->rows = rows < 2 ? 2 : rows > ROWS_MAX ? ROWS_MAX : rows;
	c->size = size;
	c->bytes = malloc(c->rows * size);
	c->read_sum = calloc(c->rows + 1, sizeof *c->read_sum);
	c->look_sum = calloc(c->rows + 1, sizeof *c->look_sum);
	c->stop_sum = calloc(c->rows + 1, sizeof *c->stop_sum);
	if (c->bytes == NULL || c->read_sum == NULL || c->look_sum == NULL || c->stop_sum == NULL)
		abort();
	for (size_t i = 0; i < c->rows; i++) {
		const char *row = c->bytes + i * size;

		w.at = c->bytes + i * size;
		w.end = w.at + size;
		make[kind](&w);
		if (w.at != w.end)
			abort();
		c->read_sum[i + 1] = c->read_sum[i] + corpus_read(&w.text_first, w.number);
		c->look_sum[i + 1] = c->look_sum[i] + corpus_look(row, size);
		c->stop_sum[i + 1] = c->stop_sum[i] + classify(row, size);
	}
}

const struct corpus *
corpus_get(enum corpus_kind kind, unsigned size_index)
{
	static struct corpus kept[CORPUS_KINDS][CORPUS_SIZES];
	struct corpus *c = &kept[kind][size_index];

	if (c->bytes == NULL)
		corpus_make(c, kind, corpus_sizes[size_index]);
	return c;
}

uint64_t
corpus_expected(const struct corpus *c, const uint64_t *sums, uint64_t count)
{
	return count / c->rows * sums[c->rows] + sums[count % c->rows];
}
