/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds of any record and of any text, tried with many: LWTEST_SEED chooses which, and is said
 * where one fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "parent/record.h"
#include "support/rich.h"

#define ROUNDS    300
#define MUTATIONS 40

static uint64_t seed, state_of_random;

static uint64_t
random_bits(void)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return state_of_random * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t
below(size_t limit)
{
	return (size_t)(random_bits() >> 16) % limit;
}

static bool
coin(void)
{
	return below(2) == 0;
}

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("LWTEST_SEED=%llu: %s", (unsigned long long)seed, #condition);    \
	} while (0)

/* ---- Random values ------------------------------------------------------------------------------ */

static void *
room(struct arena *a, size_t size)
{
	void *place = arena_take(a, size ? size : 1);

	assert_non_null(place);
	return memset(place, 0, size);
}

/* Of all lengths of UTF-8, with what must be escaped; without U+0000 where it is terminated. */
static struct lw_str
random_text(struct arena *a, size_t most, bool terminated)
{
	static const char *const parts[] = { "a", "Z", "\"", "\\", "/", "\n", "\x01", "\x1f",
		"\x7f", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf",
		"0123456789abcdef" };
	size_t count = below(6), size = 0;
	char *text = room(a, most + 1);

	for (size_t i = 0; i < count; i++) {
		const char *part = parts[below(sizeof parts / sizeof *parts)];

		if (size + strlen(part) > most)
			break;
		memcpy(text + size, part, strlen(part));
		size += strlen(part);
	}
	if (!terminated && size < most && coin())
		text[size++] = '\0';
	return (struct lw_str){ text, size };
}

static uint64_t
random_integer(void)
{
	static const uint64_t ends[] = { 0, 1, 127, 128, 255, INT16_MAX, INT32_MAX, UINT32_MAX,
		INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX };

	return coin() ? ends[below(sizeof ends / sizeof *ends)] : random_bits() >> below(64);
}

static double
random_real(void)
{
	uint64_t bits = random_bits();
	double value;

	if (coin())
		return (double)(int64_t)(bits >> below(64)) / (double)(1 + below(1000));
	memcpy(&value, &bits, sizeof value);
	return value - value == 0 ? value : 0.0;
}

static struct lw_json
random_json(void)
{
	static const char *const texts[] = { "null", "true", "[]", "{\"a\":[1,{}]}", "-0.5e+3",
		"\"\\u00e9\\n\"", " [ 1 ]", "12345678901234567890123" };
	const char *text = texts[below(sizeof texts / sizeof *texts)];

	while (*text == ' ')
		text++; /* what comes back has no space around it */
	return (struct lw_json){ text, strlen(text) };
}

static void
fill_leaf(struct arena *a, struct rich_leaf *v)
{
	v->name = random_text(a, 40, true).at;
	v->has_weight = coin();
	v->weight = v->has_weight ? random_real() : 0;
	v->part_count = below(4);
	for (size_t i = 0; i < v->part_count; i++)
		v->parts[i] = random_text(a, 20, false);
}

#define LIST(v, list, count, most, expression)                                                     \
	do {                                                                                       \
		size_t n_ = (v)->count = below((most) + 1);                                        \
		__typeof__(*(v)->list) *made_ = NULL;                                              \
		void *place_ = n_ ? room(a, n_ * sizeof *made_) : NULL;                            \
		for (size_t i_ = 0; i_ < n_; i_++) {                                               \
			__typeof__(expression) one_ = expression;                                  \
			memcpy((char *)place_ + i_ * sizeof one_, &one_, sizeof one_);             \
		}                                                                                  \
		(v)->list = place_;                                                                \
	} while (0)

static void
fill_scalars(struct arena *a, struct rich *v)
{
	static const enum rich_colour colours[] = { RICH_RED, RICH_GREEN, RICH_BLUE };

	v->yes = coin();
	v->i8 = (int8_t)random_integer();
	v->i16 = (int16_t)random_integer();
	v->i32 = (int32_t)random_integer();
	v->i64 = (int64_t)random_integer();
	v->u8 = (uint8_t)random_integer();
	v->u16 = (uint16_t)random_integer();
	v->u32 = (uint32_t)random_integer();
	v->u64 = random_integer();
	v->ll = (long long)random_integer();
	v->real = random_real();
	v->string = coin() ? random_text(a, 100, true).at : NULL;
	v->text = random_text(a, 100, false);
	memcpy(v->word, random_text(a, sizeof v->word - 1, true).at, sizeof v->word);
	v->raw = random_json();
	v->colour = colours[below(3)];
	v->shade = (uint8_t)colours[below(3)];
}

static const struct rich *fill_children(struct arena *a, size_t count, int depth);

static void
fill(struct arena *a, struct rich *v, int depth)
{
	memset(v, 0, sizeof *v);
	fill_scalars(a, v);
	fill_leaf(a, &v->leaf);
	if (coin())
		fill_leaf(a, &v->spare);
	v->number_count = below(5);
	for (size_t i = 0; i < v->number_count; i++)
		v->numbers[i] = (int32_t)random_integer();
	LIST(v, reals, real_count, 20, random_real());
	LIST(v, strings, string_count, 20, random_text(a, 30, true).at);
	LIST(v, raws, raw_count, 5, random_json());
	LIST(v, flags, flag_count, 9, coin());
	v->leaf_count = below(3);
	for (size_t i = 0; i < v->leaf_count; i++)
		fill_leaf(a, &v->leaves[i]);
	v->child_count = depth > 0 ? below(3) : 0;
	v->children = fill_children(a, v->child_count, depth - 1);
}

static const struct rich *
fill_children(struct arena *a, size_t count, int depth)
{
	struct rich *children = count ? room(a, count * sizeof *children) : NULL;

	for (size_t i = 0; i < count; i++)
		fill(a, &children[i], depth);
	return children;
}

/* ---- Equality, written out by hand -------------------------------------------------------------- */

static bool
same_string(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_text(struct lw_str a, struct lw_str b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static bool
same_json(struct lw_json a, struct lw_json b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static bool
same_real(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static bool
same_leaf(const struct rich_leaf *a, const struct rich_leaf *b)
{
	bool same = same_string(a->name, b->name) && a->has_weight == b->has_weight &&
		    same_real(a->weight, b->weight) && a->part_count == b->part_count;

	for (size_t i = 0; same && i < a->part_count; i++)
		same = same_text(a->parts[i], b->parts[i]);
	return same;
}

static bool
same_scalars(const struct rich *a, const struct rich *b)
{
	return a->yes == b->yes && a->i8 == b->i8 && a->i16 == b->i16 && a->i32 == b->i32 &&
	       a->i64 == b->i64 && a->u8 == b->u8 && a->u16 == b->u16 && a->u32 == b->u32 &&
	       a->u64 == b->u64 && a->ll == b->ll && same_real(a->real, b->real) &&
	       same_string(a->string, b->string) && same_text(a->text, b->text) &&
	       same_string(a->word, b->word) && same_json(a->raw, b->raw) &&
	       a->colour == b->colour && a->shade == b->shade;
}

static bool
same_lists(const struct rich *a, const struct rich *b)
{
	bool same = a->number_count == b->number_count && a->real_count == b->real_count &&
		    a->string_count == b->string_count && a->raw_count == b->raw_count &&
		    a->flag_count == b->flag_count;

	for (size_t i = 0; same && i < a->number_count; i++)
		same = a->numbers[i] == b->numbers[i];
	for (size_t i = 0; same && i < a->real_count; i++)
		same = same_real(a->reals[i], b->reals[i]);
	for (size_t i = 0; same && i < a->string_count; i++)
		same = same_string(a->strings[i], b->strings[i]);
	for (size_t i = 0; same && i < a->raw_count; i++)
		same = same_json(a->raws[i], b->raws[i]);
	for (size_t i = 0; same && i < a->flag_count; i++)
		same = a->flags[i] == b->flags[i];
	return same;
}

static bool
same(const struct rich *a, const struct rich *b)
{
	bool equal = same_scalars(a, b) && same_lists(a, b) && same_leaf(&a->leaf, &b->leaf) &&
		     same_leaf(&a->spare, &b->spare) && a->leaf_count == b->leaf_count &&
		     a->child_count == b->child_count;

	for (size_t i = 0; equal && i < a->leaf_count; i++)
		equal = same_leaf(&a->leaves[i], &b->leaves[i]);
	for (size_t i = 0; equal && i < a->child_count; i++)
		equal = same(&a->children[i], &b->children[i]);
	return equal;
}

/* ---- What holds --------------------------------------------------------------------------------- */

/* The JSON of a random value, in `out`. */
static void
write_random(struct arena *made, struct rich *v, struct buffer *out)
{
	struct record_fault fault;

	arena_reset(made);
	fill(made, v, 3);
	buffer_consume(out, buffer_size(out));
	if (!record_encode(rich_record(), v, out, &fault))
		fail_msg("LWTEST_SEED=%llu: %s: %s, %s", (unsigned long long)seed, fault.path,
		    fault.expected, fault.found);
}

struct workshop {
	struct arena made, read;
	struct buffer text;
};

static void
workshop_begin(struct workshop *w)
{
	*w = (struct workshop){ ARENA_OF(SIZE_MAX), ARENA_OF(SIZE_MAX), BUFFER_EMPTY };
	state_of_random = seed * 2 + 1;
	for (int i = 0; i < 16; i++)
		(void)random_bits();
}

static void
workshop_end(struct workshop *w)
{
	arena_free(&w->made);
	arena_free(&w->read);
	buffer_free(&w->text);
}

static void
what_is_written_is_json_and_reads_back_equal(void **state)
{
	struct record_fault fault;
	struct workshop w;
	struct rich v, back;
	const char *why;
	size_t offset;

	(void)state;
	workshop_begin(&w);
	for (int i = 0; i < ROUNDS; i++) {
		write_random(&w.made, &v, &w.text);
		arena_reset(&w.read);
		memset(&back, 0xa5, sizeof back);
		MUST(jread_validate(
		    (const char *)buffer_front(&w.text), buffer_size(&w.text), &offset, &why));
		MUST(record_decode(rich_record(), (const char *)buffer_front(&w.text),
		    buffer_size(&w.text), &w.read, &back, &fault));
		MUST(same(&v, &back));
	}
	workshop_end(&w);
}

static void
a_copy_is_equal_and_outlives_what_it_was_copied_from(void **state)
{
	struct record_fault fault;
	struct workshop w;
	struct rich v, original, *copy;

	(void)state;
	workshop_begin(&w);
	for (int i = 0; i < ROUNDS; i++) {
		write_random(&w.made, &v, &w.text);
		MUST(record_decode(rich_record(), (const char *)buffer_front(&w.text),
		    buffer_size(&w.text), &w.read, &original, &fault));
		copy = LW_COPY(rich, &original);
		MUST(copy != NULL);
		arena_free(&w.read);
		memset((char *)w.text.bytes, 'x', w.text.room);
		MUST(same(&v, copy));
		lw_free(copy);
	}
	workshop_end(&w);
}

static size_t
take_out(char *text, size_t size, size_t at, size_t length)
{
	if (length == size)
		length--;
	memmove(text + at, text + at + length, size - at - length);
	return size - length;
}

static size_t
write_twice(char *text, size_t size, size_t at, size_t length)
{
	memmove(text + at + length, text + at, size - at);
	return size + length;
}

/* A few bytes of it changed, removed, put in or written twice; answers its size, which is not 0. */
static size_t
mutate(char *text, size_t size, size_t most)
{
	static const char marks[] = "{}[]\":,\\u0e+-.ntf19 \x80\xff";
	size_t at = below(size), length = 1 + below(size - at), free_bytes = most - size;

	switch (below(5)) {
	case 0:
		text[at] = (char)random_bits();
		return size;
	case 1:
		text[at] = marks[below(sizeof marks)];
		return size;
	case 2:
		return coin() ? at + 1 : take_out(text, size, at, length);
	case 3:
		size = free_bytes ? write_twice(text, size, at, 1) : size;
		text[at] = marks[below(sizeof marks)];
		return size;
	default:
		return write_twice(text, size, at, length < free_bytes ? length : free_bytes);
	}
}

/* On the heap at exactly this size, so that ASan and valgrind see a read past the end. */
static void
check_text(struct workshop *w, const char *bytes, size_t size)
{
	struct record_fault fault;
	const char *why;
	size_t offset;
	struct rich v;
	char *text = malloc(size);

	assert_non_null(text);
	memcpy(text, bytes, size);
	arena_reset(&w->read);
	if (record_decode(rich_record(), text, size, &w->read, &v, &fault)) {
		MUST(jread_validate(text, size, &offset, &why));
	} else {
		MUST(fault.offset <= size && !fault.no_memory && fault.path[0] == '$');
		MUST(fault.expected[0] != '\0');
		MUST(fault.malformed == !jread_validate(text, size, &offset, &why));
		MUST(!fault.malformed || fault.offset == offset);
	}
	free(text);
}

static void
a_text_that_was_changed_is_read_or_refused_where_it_is_wrong(void **state)
{
	struct workshop w;
	struct rich v;
	size_t size, most;
	char *text;

	(void)state;
	workshop_begin(&w);
	for (int i = 0; i < ROUNDS / 4; i++) {
		write_random(&w.made, &v, &w.text);
		size = buffer_size(&w.text);
		most = 2 * size;
		text = malloc(most);
		assert_non_null(text);
		memcpy(text, buffer_front(&w.text), size);
		for (int k = 0; k < MUTATIONS; k++) {
			size = mutate(text, size, most);
			check_text(&w, text, size);
			if (below(3) == 0) { /* from the start */
				size = buffer_size(&w.text);
				memcpy(text, buffer_front(&w.text), size);
			}
		}
		free(text);
	}
	workshop_end(&w);
}

static void
choose_seed(void)
{
	const char *chosen = getenv("LWTEST_SEED");

	seed = chosen != NULL ? strtoull(chosen, NULL, 10) : 1;
	print_message("LWTEST_SEED=%llu\n", (unsigned long long)seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_json_and_reads_back_equal),
		cmocka_unit_test(a_copy_is_equal_and_outlives_what_it_was_copied_from),
		cmocka_unit_test(a_text_that_was_changed_is_read_or_refused_where_it_is_wrong),
	};

	choose_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
