/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "wire/bytes.h"
#include "wire/warden.h"

static struct warden_record
sample(unsigned kind)
{
	struct warden_record record = { .kind = (enum warden_record_kind)kind };

	for (int i = 0; i < WARDEN_VALUES; i++)
		record.value[i] = UINT64_C(0x0102030405060708) * (unsigned)(i + 1) + kind;
	return record;
}

static void
refused(const uint8_t *bytes, size_t size)
{
	struct warden_record record = sample(WARDEN_EXIT), before = record;
	uint8_t *exact = malloc(size ? size : 1); /* so that a read past the end is seen */

	assert_non_null(exact);
	if (size > 0)
		memcpy(exact, bytes, size);
	assert_false(warden_record_decode(exact, size, &record));
	assert_memory_equal(&record, &before, sizeof before);
	free(exact);
}

static void
every_kind_comes_out_as_it_was_put(void **state)
{
	uint8_t bytes[WARDEN_RECORD_SIZE];
	struct warden_record record = { 0 }, put;

	(void)state;
	for (unsigned kind = 1; kind < WARDEN_RECORD_KINDS; kind++) {
		put = sample(kind);
		warden_record_encode(&put, bytes);
		assert_true(warden_record_decode(bytes, sizeof bytes, &record));
		assert_int_equal(record.kind, kind);
		assert_memory_equal(record.value, put.value, sizeof put.value);
	}
}

static void
the_greatest_values_fit(void **state)
{
	struct warden_record put = { .kind = WARDEN_EXIT }, record = { 0 };
	uint8_t bytes[WARDEN_RECORD_SIZE];

	(void)state;
	memset(put.value, 0xff, sizeof put.value);
	warden_record_encode(&put, bytes);
	assert_true(warden_record_decode(bytes, sizeof bytes, &record));
	assert_memory_equal(record.value, put.value, sizeof put.value);
}

/* A child of another version must be able to read its CONFIGURE. */
static void
the_layout_is_the_one_that_was_promised(void **state)
{
	struct warden_record put = { .kind = WARDEN_CONFIGURE, .value = { 1, 2, 3, 4, 5, 6, 7 } };
	uint8_t bytes[WARDEN_RECORD_SIZE], want[WARDEN_RECORD_SIZE] = { 'L', 'W', 'W', 'R', 1 };

	(void)state;
	for (int i = 0; i < WARDEN_VALUES; i++)
		want[8 + 8 * i] = (uint8_t)(i + 1);
	warden_record_encode(&put, bytes);
	assert_memory_equal(bytes, want, sizeof want);
}

static void
only_the_exact_size_is_a_record(void **state)
{
	struct warden_record put = sample(WARDEN_STARTED);
	uint8_t bytes[2 * WARDEN_RECORD_SIZE] = { 0 };

	(void)state;
	warden_record_encode(&put, bytes);
	for (size_t size = 0; size <= sizeof bytes; size++)
		if (size != WARDEN_RECORD_SIZE)
			refused(bytes, size);
}

static void
every_bit_of_the_magic_counts(void **state)
{
	struct warden_record put = sample(WARDEN_KILL);
	uint8_t bytes[WARDEN_RECORD_SIZE];

	(void)state;
	for (unsigned bit = 0; bit < 32; bit++) {
		warden_record_encode(&put, bytes);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		refused(bytes, sizeof bytes);
	}
}

static void
kinds_outside_of_the_list_are_refused(void **state)
{
	static const uint32_t kinds[] = { 0, WARDEN_RECORD_KINDS, WARDEN_RECORD_KINDS + 1, 0x100,
		0x10001, 0x80000001u, 0xffffffffu };
	struct warden_record put = sample(WARDEN_CONFIGURE);
	uint8_t bytes[WARDEN_RECORD_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		warden_record_encode(&put, bytes);
		wire_store32(bytes + 4, kinds[i]);
		refused(bytes, sizeof bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(every_kind_comes_out_as_it_was_put),
		LW_TEST(the_greatest_values_fit),
		LW_TEST(the_layout_is_the_one_that_was_promised),
		LW_TEST(only_the_exact_size_is_a_record),
		LW_TEST(every_bit_of_the_magic_counts),
		LW_TEST(kinds_outside_of_the_list_are_refused),
	};

	return support_run(tests);
}
