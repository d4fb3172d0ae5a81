/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "parent/error.h"
#include "parent/verdict.h"

static void
every_code_has_a_name_of_its_own(void **state)
{
	(void)state;
	assert_string_equal(lw_code_name(LW_OK), "LW_OK");
	for (int a = LW_OK + 1; a <= LW_E_BUG; a++) {
		assert_non_null(lw_code_name((lw_code)a));
		assert_int_equal(strncmp(lw_code_name((lw_code)a), "LW_E_", 5), 0);
		for (int b = LW_OK; b < a; b++)
			assert_string_not_equal(lw_code_name((lw_code)a), lw_code_name((lw_code)b));
	}
}

static void
every_verdict_has_a_name_a_text_and_a_code(void **state)
{
	(void)state;
	for (int a = 0; a < LW_VERDICT_COUNT; a++) {
		lw_verdict verdict = (lw_verdict)a;

		assert_true(strlen(lw_verdict_name(verdict)) > 0);
		assert_true(strlen(lw_verdict_text(verdict)) > 0);
		assert_true(lw_verdict_code(verdict) <= LW_E_BUG);
		assert_int_equal(lw_verdict_code(verdict) == LW_OK, verdict == LW_V_OK);
		for (int b = 0; b < a; b++) {
			assert_string_not_equal(
			    lw_verdict_name(verdict), lw_verdict_name((lw_verdict)b));
			assert_string_not_equal(
			    lw_verdict_text(verdict), lw_verdict_text((lw_verdict)b));
		}
	}
}

static void
every_code_belongs_to_some_verdict(void **state)
{
	(void)state;
	for (int code = LW_OK; code <= LW_E_BUG; code++) {
		bool found = false;

		for (int v = 0; v < LW_VERDICT_COUNT; v++)
			found = found || lw_verdict_code((lw_verdict)v) == (lw_code)code;
		if (!found)
			fail_msg("no verdict leads to %s", lw_code_name((lw_code)code));
	}
}

static void
numbers_outside_of_the_lists_are_answered_too(void **state)
{
	(void)state;
	assert_non_null(lw_code_name((lw_code)(LW_E_BUG + 1)));
	assert_non_null(lw_code_name((lw_code)-1));
	assert_int_equal(lw_verdict_code(LW_VERDICT_COUNT), LW_E_BUG);
	assert_int_equal(lw_verdict_code((lw_verdict)-1), LW_E_BUG);
	assert_non_null(lw_verdict_name(LW_VERDICT_COUNT));
	assert_non_null(lw_verdict_text((lw_verdict)-1));
}

static void
only_the_outcome_ok_is_a_success(void **state)
{
	(void)state;
	for (int outcome = 0; outcome < WIRE_OUTCOME_END; outcome++) {
		lw_verdict verdict = verdict_of_outcome((enum wire_outcome)outcome);

		if ((verdict == LW_V_OK) != (outcome == WIRE_OUTCOME_OK))
			fail_msg("outcome %d becomes %s", outcome, lw_verdict_name(verdict));
	}
}

static void
setting_an_error_starts_it_anew(void **state)
{
	struct lw_error error, blank;

	(void)state;
	memset(&error, 0xee, sizeof error);
	error.struct_size = sizeof error;
	assert_int_equal(error_set(&error, LW_V_MANIFEST, "%s:%d", "a file", 7), LW_E_CAPABILITY);
	assert_int_equal(error.code, LW_E_CAPABILITY);
	assert_int_equal(error.verdict, LW_V_MANIFEST);
	assert_string_equal(error.message, "a file:7");
	assert_int_equal(error.struct_size, sizeof error);
	assert_int_equal(error.exit.code, -1);

	memset(&blank, 0, sizeof blank);
	blank.struct_size = sizeof blank;
	blank.code = LW_E_CAPABILITY;
	blank.verdict = LW_V_MANIFEST;
	blank.exit.code = -1;
	memset(error.message, 0, sizeof error.message);
	assert_memory_equal(&error, &blank, sizeof blank);
}

static void
an_error_that_nobody_wants_still_has_its_code(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, LW_V_REQUEST_TIMEOUT, "%d", 1), LW_E_TIMEOUT);
	assert_int_equal(error_set_errno(NULL, LW_V_SYSTEM_CALL, "x"), LW_E_SYSTEM);
}

static void
a_failed_system_call_keeps_its_number_and_says_what_it_means(void **state)
{
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	errno = ENOENT;
	assert_int_equal(
	    error_set_errno(&error, LW_V_CHILD_NOT_STARTED, "cannot do it"), LW_E_SPAWN);
	assert_int_equal(error.status, ENOENT);
	assert_string_equal(error.message, "cannot do it: No such file or directory");
	errno = 99999; /* as a child could report: no number of this libc */
	assert_int_equal(
	    error_set_errno(&error, LW_V_CHILD_NOT_STARTED, "cannot do it"), LW_E_SPAWN);
	assert_string_equal(error.message, "cannot do it: unknown error");
	assert_string_equal(error_text(-1), "unknown error");
}

static bool
is_utf8(const char *text)
{
	return utf8_valid_prefix(text, strlen(text)) == strlen(text);
}

static void
a_message_that_is_cut_ends_with_a_whole_character(void **state)
{
	static const char *const letters[] = { "x", "\xc3\xa4", "\xe2\x88\x80",
		"\xf0\x9d\x94\xb8" };
	struct lw_error error = LW_ERROR_INIT;
	char text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		for (size_t shift = 0; shift < 4; shift++) {
			size_t n = strlen(letters[i]), at = shift;

			memset(text, '.', shift);
			for (; at + n < sizeof text; at += n)
				memcpy(text + at, letters[i], n);
			text[at] = '\0';
			(void)error_set(&error, LW_V_EXCEPTION, "%s", text);
			assert_true(is_utf8(error.message));
			assert_true(strlen(error.message) >= sizeof error.message - UTF8_MAX);
			assert_memory_equal(error.message, text, strlen(error.message));
		}
}

/* Names of files are any bytes; the message is promised to be UTF-8. */
static void
bytes_that_are_not_utf8_become_question_marks(void **state)
{
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	(void)error_set(&error, LW_V_MANIFEST, "%s: is missing", "/tmp/caf\xe9/\xff\xe2\x88.json");
	assert_string_equal(error.message, "/tmp/caf?/???.json: is missing");
	(void)error_set(&error, LW_V_MANIFEST, "cut\xe2\x88");
	assert_true(is_utf8(error.message));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(every_code_has_a_name_of_its_own),
		LW_TEST(every_verdict_has_a_name_a_text_and_a_code),
		LW_TEST(every_code_belongs_to_some_verdict),
		LW_TEST(numbers_outside_of_the_lists_are_answered_too),
		LW_TEST(only_the_outcome_ok_is_a_success),
		LW_TEST(setting_an_error_starts_it_anew),
		LW_TEST(an_error_that_nobody_wants_still_has_its_code),
		LW_TEST(a_failed_system_call_keeps_its_number_and_says_what_it_means),
		LW_TEST(a_message_that_is_cut_ends_with_a_whole_character),
		LW_TEST(bytes_that_are_not_utf8_become_question_marks),
	};

	return support_run(tests);
}
