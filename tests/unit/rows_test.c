/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where rows go, without a child: the memory that their records take, and decoders of the caller's
 * own, whose values are released once each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "parent/rows.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct word {
	const char *text;
};
LW_RECORD(word, struct word, LW_FIELD(text));
struct wide {
	char text[4000];
};
LW_RECORD(wide, struct wide, LW_FIELD(text));

static struct {
	char last[64];
	unsigned calls, opened, released;
	int answer;
} seen;

static int
on_word(void *context, const struct lw_row *row, const struct word *value)
{
	(void)context, (void)row;
	(void)snprintf(seen.last, sizeof seen.last, "%s", value->text);
	seen.calls++;
	return seen.answer;
}

static int
on_wide(void *context, const struct lw_row *row, const struct wide *value)
{
	(void)context, (void)row;
	(void)snprintf(seen.last, sizeof seen.last, "%.20s", value->text);
	seen.calls++;
	return seen.answer;
}

/* A decoder of the caller's own, which keeps count. */
static bool
own_decode(const char *json, size_t size, void *ret_value, const char **ret_why, size_t *ret_offset)
{
	(void)size;
	*ret_why = "not a number";
	*ret_offset = 0;
	*(int *)ret_value = *json - '0';
	if (*json < '0' || *json > '9')
		return false;
	seen.opened++;
	return true;
}

static void
own_release(void *value)
{
	assert_in_range(*(int *)value, 0, 9);
	seen.released++;
}

static int
own_deliver(lw_any_fn *on_row, void *context, const struct lw_row *row, const void *value)
{
	(void)on_row, (void)context, (void)row;
	(void)snprintf(seen.last, sizeof seen.last, "%d", *(const int *)value);
	seen.calls++;
	return seen.answer;
}

static const struct lw_record *
own(void)
{
	static const struct lw_record record = { .struct_size = sizeof record,
		.field_size = sizeof(struct lw_field),
		.size = sizeof(int),
		.deliver = own_deliver,
		.decode = own_decode,
		.release = own_release };

	return &record;
}

static void
nothing(void)
{
}

static const struct lw_rows entries[] = { LW_ROWS("words", word, on_word),
	LW_ROWS("wide", wide, on_wide), { "own", own, nothing } };

static struct lw_sinks sinks;
static struct rows rows;

static int
begin(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof seen);
	sinks = (struct lw_sinks)LW_SINKS_INIT;
	sinks.rows = entries;
	sinks.rows_count = COUNT(entries);
	rows_init(&rows, &sinks);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	rows_free(&rows);
	return 0;
}

static enum rows_take
take(const char *stream, const char *payload)
{
	struct lw_row row = { stream, 0, payload, strlen(payload), 1 };

	return rows_take(&rows, rows_entry(&sinks, stream), &row, 0);
}

static void
a_row_is_decoded_by_the_record_of_its_stream(void **state)
{
	(void)state;
	assert_int_equal(take("words", "{\"text\":\"a\"}"), ROWS_TAKEN);
	assert_string_equal(seen.last, "a");
	assert_int_equal(take("wide", "{\"text\":\"b\"}"), ROWS_TAKEN);
	assert_string_equal(seen.last, "b");
	assert_int_equal(take("own", "7"), ROWS_TAKEN);
	assert_string_equal(seen.last, "7");
	assert_int_equal(take("words", "{}"), ROWS_UNFIT);
	assert_int_equal(take("words", "{\"text\":1"), ROWS_NOT_JSON);
	assert_int_equal(take("own", "true"), ROWS_UNFIT);
	assert_int_equal(take("own", "7 7"), ROWS_NOT_JSON);
	assert_int_equal(take("none", "7"), ROWS_UNFIT);
	assert_int_equal(take("none", "7 7"), ROWS_NOT_JSON);
	assert_int_equal(seen.calls, 3);
}

static void
what_a_decoder_opened_is_released_once(void **state)
{
	(void)state;
	assert_int_equal(take("own", "1"), ROWS_TAKEN);
	seen.answer = 9;
	assert_int_equal(take("own", "2"), ROWS_REFUSED);
	assert_int_equal(rows.answer, 9);
	assert_int_equal(take("own", "null"), ROWS_UNFIT);
	assert_int_equal(seen.opened, 2);
	assert_int_equal(seen.released, 2);
}

static void
a_held_row_is_decoded_when_it_comes_and_when_it_is_handed_over(void **state)
{
	struct lw_row row = { .stream = "own" };
	uint32_t stream = 9;

	(void)state;
	sinks.hold_bytes = 2 * (24 + 1);
	assert_int_equal(take("own", "1"), ROWS_TAKEN);
	assert_int_equal(take("own", "2"), ROWS_TAKEN);
	assert_int_equal(take("own", "3"), ROWS_OVER_LIMIT);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(seen.opened, 3);
	assert_int_equal(seen.released, 3);
	for (const char *wanted = "12"; *wanted != '\0'; wanted++) {
		assert_true(rows_next_held(&rows, &row, &stream));
		assert_int_equal(stream, 0);
		assert_int_equal(rows_hand_over(&rows, &entries[2], &row), ROWS_TAKEN);
		assert_int_equal(seen.last[0], *wanted);
	}
	assert_false(rows_next_held(&rows, &row, &stream));
	assert_int_equal(seen.released, 5);
}

static void
without_sinks_rows_are_only_checked(void **state)
{
	struct lw_row row = { "any", 0, "[1]", 3, 1 };
	struct rows unwanted;

	(void)state;
	rows_init(&unwanted, NULL);
	assert_null(rows_entry(NULL, "any"));
	assert_int_equal(rows_take(&unwanted, NULL, &row, 0), ROWS_TAKEN);
	row.payload_size = 2;
	assert_int_equal(rows_take(&unwanted, NULL, &row, 0), ROWS_NOT_JSON);
	rows_free(&unwanted);
	sinks.rows_count = 0; /* nor with sinks that have no callback for them */
	assert_int_equal(take("words", "[]"), ROWS_TAKEN);
}

#ifdef LW_DEV
/* Every allocation fails once: it is said, and what is held stays in order. */
static void
a_row_costs_no_allocation_once_its_like_was_seen(void **state)
{
	bool failed;

	(void)state;
	assert_int_equal(take("words", "{\"text\":\"a long\\ttext\"}"), ROWS_TAKEN);
	lw_fault_arm(0, false);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(take("words", "{\"text\":\"a\\tb\"}"), ROWS_TAKEN);
	assert_int_equal(lw_fault_disarm(&failed), 0);
}

static void
a_row_without_memory_is_neither_delivered_nor_held(void **state)
{
	static const char payload[] = "{\"text\":\"a text in the arena\"}";
	bool fired = true;

	(void)state;
	for (int held = 0; held < 2; held++) {
		fired = true;
		for (unsigned n = 1; fired; n++) {
			enum rows_take took;

			rows_free(&rows);
			(void)begin(NULL);
			sinks.hold_bytes = held ? 1000 : 0;
			lw_fault_arm(n, false);
			took = take("words", payload);
			(void)lw_fault_disarm(&fired);
			assert_int_equal(took, fired ? ROWS_NO_MEMORY : ROWS_TAKEN);
			assert_int_equal(seen.calls, !fired && !held);
		}
	}
}

static void
a_large_row_without_memory_is_not_held(void **state)
{
	static char payload[5000];
	bool fired;

	(void)state;
	memset(payload, ' ', sizeof payload - 1);
	payload[0] = '7';
	sinks.hold_bytes = SIZE_MAX;
	assert_int_equal(take("own", "1"), ROWS_TAKEN);
	lw_fault_arm(1, false);
	assert_int_equal(take("own", payload), ROWS_NO_MEMORY);
	(void)lw_fault_disarm(&fired);
	assert_true(fired);
}

static void
a_held_row_without_memory_to_decode_it_again_is_not_handed_over(void **state)
{
	struct lw_row row = { "words", 0, "{\"text\":\"a\"}", 12, 1 };
	bool fired;

	(void)state;
	lw_fault_arm(1, false);
	assert_int_equal(rows_hand_over(&rows, &entries[0], &row), ROWS_NO_MEMORY);
	(void)lw_fault_disarm(&fired);
	assert_true(fired);
	assert_int_equal(seen.calls, 0);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_row_is_decoded_by_the_record_of_its_stream, begin, end),
		cmocka_unit_test_setup_teardown(what_a_decoder_opened_is_released_once, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_held_row_is_decoded_when_it_comes_and_when_it_is_handed_over, begin, end),
		cmocka_unit_test_setup_teardown(without_sinks_rows_are_only_checked, begin, end),
#ifdef LW_DEV
		cmocka_unit_test_setup_teardown(
		    a_row_costs_no_allocation_once_its_like_was_seen, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_row_without_memory_is_neither_delivered_nor_held, begin, end),
		cmocka_unit_test_setup_teardown(a_large_row_without_memory_is_not_held, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_held_row_without_memory_to_decode_it_again_is_not_handed_over, begin, end),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
