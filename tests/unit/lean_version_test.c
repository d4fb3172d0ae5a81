/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/lean_version.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void
versions_are_read_in_every_form_that_lean_prints(void **state)
{
	static const struct {
		const char *text;
		unsigned minor, patch;
	} cases[] = {
		{ "4.28.0", 28, 0 },
		{ "4.33.1", 33, 1 },
		{ "4.34.0-rc2", 34, 0 },
		{ "4.35.0-pre, commit 0123456789abcdef", 35, 0 },
		{ "4.30.0-nightly-2026-03-01, commit 0123", 30, 0 },
		{ "4.28.0, commit 0123", 28, 0 },
		{ "4.28.0+local", 28, 0 },
	};
	struct lean_version version;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(lean_version_parse(cases[i].text, &version));
		assert_int_equal(version.major, 4);
		assert_int_equal(version.minor, cases[i].minor);
		assert_int_equal(version.patch, cases[i].patch);
	}
}

static void
texts_that_are_no_version_are_told_apart(void **state)
{
	static const char *const texts[] = { "", "4", "4.", "4.28", "4.28.", "v4.28.0", " 4.28.0",
		"4.28.x", "4.-28.0", "4.28.0.1", "4.28.0rc1", "4. 28.0", "+4.28.0", "4.9999999.0",
		"Lean" };
	struct lean_version version = { 9, 9, 9 };
	char warning[256];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_false(lean_version_parse(texts[i], &version));
		assert_int_equal(version.major, 9);
		assert_int_equal(
		    lean_version_judge(texts[i], warning, sizeof warning), LEAN_VERSION_UNKNOWN);
		assert_non_null(strstr(warning, LEAN_VERSION_WINDOW));
	}
}

static void
the_window_has_exact_edges(void **state)
{
	static const struct {
		const char *text;
		enum lean_support support;
	} cases[] = {
		{ "3.51.1", LEAN_VERSION_REFUSED },
		{ "4.0.0", LEAN_VERSION_REFUSED },
		{ "4.22.0", LEAN_VERSION_REFUSED },
		{ "4.25.9", LEAN_VERSION_REFUSED },
		{ "4.26.0-rc1", LEAN_VERSION_OLDER },
		{ "4.26.0", LEAN_VERSION_OLDER },
		{ "4.28.0-pre, commit 01", LEAN_VERSION_OLDER },
		{ "4.29.1", LEAN_VERSION_OLDER },
		{ "4.30.0-rc1", LEAN_VERSION_SERVED },
		{ "4.30.0", LEAN_VERSION_SERVED },
		{ "4.34.0-rc2", LEAN_VERSION_SERVED },
		{ "4.34.7", LEAN_VERSION_SERVED },
		{ "4.35.0-pre, commit 01", LEAN_VERSION_NEWER },
		{ "4.100.0", LEAN_VERSION_NEWER },
		{ "5.0.0", LEAN_VERSION_NEWER },
	};
	char warning[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (lean_version_judge(cases[i].text, warning, sizeof warning) != cases[i].support)
			fail_msg(
			    "%s: got another answer than %d", cases[i].text, (int)cases[i].support);
}

static void
a_warning_names_the_version_and_the_window(void **state)
{
	static const char *const warned[] = { "4.28.0", "4.35.0-pre" };
	char warning[256];

	(void)state;
	for (size_t i = 0; i < COUNT(warned); i++) {
		(void)lean_version_judge(warned[i], warning, sizeof warning);
		assert_non_null(strstr(warning, warned[i]));
		assert_non_null(strstr(warning, LEAN_VERSION_WINDOW));
		assert_true(strlen(warning) < sizeof warning - 1);
	}
	(void)lean_version_judge("4.32.0", warning, sizeof warning);
	assert_string_equal(warning, "");
}

static void
a_long_version_does_not_outgrow_the_warning(void **state)
{
	char text[600], warning[64];

	(void)state;
	memset(text, 'c', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	memcpy(text, "4.28.0-", 7);
	assert_int_equal(lean_version_judge(text, warning, sizeof warning), LEAN_VERSION_OLDER);
	assert_int_equal(strlen(warning), sizeof warning - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_read_in_every_form_that_lean_prints),
		cmocka_unit_test(texts_that_are_no_version_are_told_apart),
		cmocka_unit_test(the_window_has_exact_edges),
		cmocka_unit_test(a_warning_names_the_version_and_the_window),
		cmocka_unit_test(a_long_version_does_not_outgrow_the_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
