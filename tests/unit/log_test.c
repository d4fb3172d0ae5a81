/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "parent/log.h"

#define ROOM LOG_TAIL_ROOM

static struct log_tail tail;
static char copied[ROOM];

static void
add(const char *text)
{
	log_tail_add(&tail, text, strlen(text));
}

static void
start(void)
{
	memset(&tail, 0, sizeof tail);
}

/* Copies into memory of exactly this size, so that a write past the end is seen. */
static const char *
copy(size_t room)
{
	char *exact = malloc(room);

	assert_non_null(exact);
	memset(exact, 0x55, room);
	log_tail_copy(&tail, exact, room);
	assert_non_null(memchr(exact, '\0', room));
	strcpy(copied, exact);
	free(exact);
	return copied;
}

/* The n-th of bytes that do not repeat within a tail's length. */
static char
letter(size_t n)
{
	return (char)('!' + (n * 7 + n / 94) % 94);
}

static void
fill(char *text, size_t from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		text[i] = letter(from + i);
}

static void
a_log_without_text_has_an_empty_tail(void **state)
{
	(void)state;
	start();
	assert_string_equal(copy(ROOM), "");
	assert_string_equal(copy(1), "");
	assert_false(log_tail_has(&tail, "PANIC"));
	log_tail_add(&tail, "", 0);
	assert_int_equal(tail.total, 0);
}

static void
what_was_written_is_there_in_its_order(void **state)
{
	(void)state;
	start();
	add("one\n");
	add("two\tthree\n");
	add("");
	add("f\xc3\xbcnf \xe2\x88\x80 \xf0\x9d\x94\xb8");
	assert_string_equal(
	    copy(ROOM), "one\ntwo\tthree\nf\xc3\xbcnf \xe2\x88\x80 \xf0\x9d\x94\xb8");
	assert_int_equal(tail.total, 4 + 10 + 14);
}

static void
the_ring_wraps_at_every_offset(void **state)
{
	static char text[3 * ROOM], want[ROOM];
	const char *slowness = getenv("LWTEST_SLOWNESS");
	size_t step = slowness != NULL && atoi(slowness) > 1 ? 37 : 1;

	(void)state;
	fill(text, 0, sizeof text);
	for (size_t offset = 0; offset < ROOM; offset += step) {
		size_t total = ROOM + offset;

		start();
		log_tail_add(&tail, text, offset);      /* the seam will be here */
		log_tail_add(&tail, text + offset, 10); /* and across it: */
		log_tail_add(&tail, text + offset + 10, ROOM - 10);
		assert_int_equal(tail.total, total);
		memcpy(want, text + total - (ROOM - 1), ROOM - 1);
		want[ROOM - 1] = '\0';
		assert_string_equal(copy(ROOM), want);
	}
}

static void
text_that_comes_in_pieces_of_any_size_is_the_same_tail(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 63, 64, 1000, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM };
	static char text[4 * ROOM], want[ROOM];

	(void)state;
	fill(text, 5, sizeof text);
	memcpy(want, text + sizeof text - (ROOM - 1), ROOM - 1);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		start();
		for (size_t at = 0; at < sizeof text; at += sizes[i])
			log_tail_add(&tail, text + at,
			    sizes[i] < sizeof text - at ? sizes[i] : sizeof text - at);
		assert_int_equal(tail.total, sizeof text);
		assert_string_equal(copy(ROOM), want);
	}
}

static void
one_text_larger_than_the_room_leaves_its_end(void **state)
{
	static char text[5 * ROOM + 17];

	(void)state;
	start();
	add("before");
	fill(text, 0, sizeof text - 1);
	log_tail_add(&tail, text, sizeof text - 1);
	assert_int_equal(tail.total, 6 + sizeof text - 1);
	assert_string_equal(copy(ROOM), text + sizeof text - ROOM);
	add("!");
	assert_int_equal(copy(3)[0], text[sizeof text - 2]);
	assert_string_equal(copied + 1, "!");
}

static void
a_copy_takes_the_end_that_fits(void **state)
{
	(void)state;
	start();
	add("0123456789");
	assert_string_equal(copy(12), "0123456789");
	assert_string_equal(copy(11), "0123456789");
	assert_string_equal(copy(10), "123456789");
	assert_string_equal(copy(2), "9");
	assert_string_equal(copy(1), "");
}

static void
control_characters_do_not_reach_people(void **state)
{
	char c[2] = { 0 };

	(void)state;
	for (unsigned byte = 0; byte < 0x80; byte++) {
		bool kept = (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\t';

		start();
		c[0] = (char)byte;
		log_tail_add(&tail, c, 1);
		assert_string_equal(copy(ROOM), kept ? c : "?");
	}
	start();
	add("\x1b[31mred\x1b[0m\r\n\a");
	assert_string_equal(copy(ROOM), "?[31mred?[0m?\n?");
	start();
	log_tail_add(&tail, "a\0b", 3);
	assert_string_equal(copy(ROOM), "a?b");
}

/* U+0080 to U+009F are control characters too: U+009B starts a terminal's escape sequence. */
static void
control_characters_of_two_bytes_do_not_either(void **state)
{
	char text[8];

	(void)state;
	for (uint32_t c = 0x80; c < 0xc0; c++) {
		size_t size = utf8_encode(c, text);

		text[size] = '\0';
		start();
		add(text);
		assert_string_equal(copy(ROOM), c < 0xa0 ? "??" : text);
	}
}

static void
bytes_that_are_not_utf8_are_replaced_one_by_one(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "caf\xe9 au lait", "caf? au lait" },
		{ "a\xff\xfe"
		  "b",
		    "a??b" },
		{ "a\xc0\x80"
		  "b",
		    "a??b" }, /* overlong NUL */
		{ "a\xed\xa0\x80"
		  "b",
		    "a???b" }, /* a surrogate */
		{ "a\xf4\x90\x80\x80"
		  "b",
		    "a????b" }, /* above U+10FFFF */
		{ "a\x80"
		  "b",
		    "a?b" },
		{ "cut at the end \xe2\x88", "cut at the end ??" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		start();
		add(cases[i].text);
		assert_string_equal(copy(ROOM), cases[i].want);
	}
}

static void
every_byte_sequence_becomes_clean_text(void **state)
{
	static char text[2 * ROOM];
	uint32_t seed = 99;

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof text; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = (char)(seed >> 24);
		}
		start();
		log_tail_add(&tail, text, sizeof text - (size_t)round);
		copy(ROOM);
		assert_int_equal(utf8_valid_prefix(copied, strlen(copied)), strlen(copied));
		for (const char *at = copied; *at != '\0'; at++)
			assert_true((unsigned char)*at >= 0x20 || *at == '\n' || *at == '\t');
	}
}

static void
a_character_that_is_cut_at_the_front_is_left_out(void **state)
{
	static const char *const letters[] = { "\xc3\xa4", "\xe2\x88\x80", "\xf0\x9d\x94\xb8" };
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		size_t size = strlen(letters[i]);

		(void)snprintf(text, sizeof text, "%s12", letters[i]);
		start();
		add(text);
		for (size_t room = 3; room < 3 + size; room++)
			assert_string_equal(copy(room), "12");
		assert_string_equal(copy(3 + size), text);
	}
}

/* The same where the ring, and not the reader's room, has cut it. */
static void
a_character_that_the_ring_has_cut_is_left_out(void **state)
{
	static char text[ROOM];

	(void)state;
	memset(text, '.', sizeof text - 1);
	start();
	add("\xf0\x9d\x94\xb8");
	log_tail_add(&tail, text, ROOM - 3);
	assert_int_equal(strlen(copy(ROOM)), ROOM - 3);
	assert_int_equal(copied[0], '.');
}

/* Nothing was cut here: a byte that does not belong is told, not lost. */
static void
stray_bytes_at_the_front_of_a_whole_text_are_replaced(void **state)
{
	(void)state;
	start();
	add("\x80\xbfrest");
	assert_string_equal(copy(ROOM), "??rest");
}

static void
a_flood_of_stray_bytes_is_not_taken_for_one_cut_character(void **state)
{
	static char text[2 * ROOM];

	(void)state;
	memset(text, 0x80, sizeof text);
	start();
	log_tail_add(&tail, text, sizeof text);
	assert_true(strlen(copy(ROOM)) >= ROOM - UTF8_MAX);
}

static void
words_are_found_across_the_seam(void **state)
{
	static const char words[] = "Stack overflow detected";
	static char text[ROOM];

	(void)state;
	memset(text, '.', sizeof text);
	for (size_t before = ROOM - sizeof words - 1; before <= ROOM; before++) {
		start();
		log_tail_add(&tail, text, before);
		assert_false(log_tail_has(&tail, words));
		add(words);
		assert_true(log_tail_has(&tail, words));
		add(" and more");
		assert_true(log_tail_has(&tail, words));
	}
}

static void
words_that_the_ring_has_lost_are_not_found(void **state)
{
	static char text[ROOM];

	(void)state;
	memset(text, '.', sizeof text);
	start();
	add("PANIC at ");
	log_tail_add(&tail, text, ROOM - 9);
	assert_true(log_tail_has(&tail, "PANIC at "));
	add(".");
	assert_false(log_tail_has(&tail, "PANIC at "));
	assert_true(log_tail_has(&tail, "ANIC at "));
	/* The last byte of the ring and the first are no neighbours in what was written. */
	start();
	add("IC at ");
	log_tail_add(&tail, text, ROOM - 9);
	add("PAN");
	assert_false(log_tail_has(&tail, "PANIC at "));
}

static void
words_are_found_as_they_came_and_not_as_they_are_shown(void **state)
{
	(void)state;
	start();
	add("\x1b[1mPANIC at \x01");
	assert_true(log_tail_has(&tail, "\x1b[1mPANIC at \x01"));
	assert_false(log_tail_has(&tail, "?[1m"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_log_without_text_has_an_empty_tail),
		LW_TEST(what_was_written_is_there_in_its_order),
		LW_TEST(the_ring_wraps_at_every_offset),
		LW_TEST(text_that_comes_in_pieces_of_any_size_is_the_same_tail),
		LW_TEST(one_text_larger_than_the_room_leaves_its_end),
		LW_TEST(a_copy_takes_the_end_that_fits),
		LW_TEST(control_characters_do_not_reach_people),
		LW_TEST(control_characters_of_two_bytes_do_not_either),
		LW_TEST(bytes_that_are_not_utf8_are_replaced_one_by_one),
		LW_TEST(every_byte_sequence_becomes_clean_text),
		LW_TEST(a_character_that_is_cut_at_the_front_is_left_out),
		LW_TEST(a_character_that_the_ring_has_cut_is_left_out),
		LW_TEST(stray_bytes_at_the_front_of_a_whole_text_are_replaced),
		LW_TEST(a_flood_of_stray_bytes_is_not_taken_for_one_cut_character),
		LW_TEST(words_are_found_across_the_seam),
		LW_TEST(words_that_the_ring_has_lost_are_not_found),
		LW_TEST(words_are_found_as_they_came_and_not_as_they_are_shown),
	};

	return support_run(tests);
}
