/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/near.h"

static void
expect_distance(const char *a, const char *b, unsigned distance)
{
	for (unsigned limit = 0; limit < 12; limit++) {
		unsigned wanted = distance > limit ? limit + 1 : distance;

		assert_int_equal(near_distance(a, b, limit), wanted);
		assert_int_equal(near_distance(b, a, limit), wanted);
	}
}

static void
distances_count_letters(void **state)
{
	(void)state;
	expect_distance("", "", 0);
	expect_distance("scan", "scan", 0);
	expect_distance("", "abc", 3);
	expect_distance("scan", "scann", 1);
	expect_distance("scan", "can", 1);
	expect_distance("scan", "span", 1);
	expect_distance("scan", "sacn", 1);
	expect_distance("kitten", "sitting", 3);
	expect_distance("ca", "abc", 3);
	expect_distance("abcdef", "badcfe", 3);
}

static void
names_that_are_too_long_are_near_nothing(void **state)
{
	char longest[257], longer[257];

	(void)state;
	memset(longest, 'a', sizeof longest);
	memcpy(longer, longest, sizeof longer);
	longest[255] = longer[256] = '\0';
	assert_int_equal(near_distance(longest, longest, 5), 0);
	assert_int_equal(near_distance(longer, longer, 5), 6);
	assert_int_equal(near_distance(longest, longer, 5), 6);
}

static void
expect_words(const char *wanted, const char *const *names, const char *words)
{
	char said[NEAR_WORDS_MAX];
	struct near near;

	near_begin(&near, wanted);
	for (; *names != NULL; names++)
		near_offer(&near, *names);
	near_words(&near, said);
	assert_string_equal(said, words);
}

static void
the_nearest_three_come_first(void **state)
{
	static const char *const names[] = { "indexed", "in", "idnex", "probe", "inndexes", "index",
		"indx", NULL };

	(void)state;
	expect_words("index", names, "Did you mean \"index\" or \"idnex\" or \"indx\"? ");
	expect_words("versions", names, "");
	expect_words("prob", names, "Did you mean \"probe\"? ");
}

static void
the_longest_words_fit(void **state)
{
	char a[256], b[256], c[256], words[NEAR_WORDS_MAX];
	struct near near;

	(void)state;
	memset(a, 'x', 255);
	a[255] = '\0';
	memcpy(b, a, 256);
	memcpy(c, a, 256);
	near_begin(&near, a);
	near_offer(&near, a);
	near_offer(&near, b);
	near_offer(&near, c);
	near_offer(&near, c);
	near_words(&near, words);
	assert_int_equal(strlen(words), strlen("Did you mean ") + 3 * 257 + 2 * 4 + 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_count_letters),
		cmocka_unit_test(names_that_are_too_long_are_near_nothing),
		cmocka_unit_test(the_nearest_three_come_first),
		cmocka_unit_test(the_longest_words_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
