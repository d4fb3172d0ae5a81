/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "leanworker/leanworker.h"

static void
expect_text(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" does not contain \"%s\"", text, part);
}

static struct lw_error
crash(void)
{
	struct lw_error e = LW_ERROR_INIT;

	e.code = LW_E_DIED;
	e.verdict = LW_V_SIGNALLED;
	e.generation = 3;
	e.restart = LW_RESTART_CRASH;
	e.work_started = 1;
	e.has_row = LW_ROW_LAST;
	e.sequence = 41;
	e.rows = 42;
	e.elapsed_ns = 1500000000;
	e.exit = (struct lw_exit){ .known = 1, .code = -1, .signal = 11, .peak_kib = 2048 };
	(void)snprintf(e.command, sizeof e.command, "scan");
	(void)snprintf(e.stream, sizeof e.stream, "rows");
	(void)snprintf(e.message, sizeof e.message, "it crashed");
	(void)snprintf(e.log_tail, sizeof e.log_tail, "last words");
	return e;
}

static void
a_crash_is_told_with_its_evidence_and_with_advice(void **state)
{
	struct lw_error e = crash();
	char text[4096];

	(void)state;
	(void)lw_verdict_explain(&e, text, sizeof text);
	expect_text(text, "SIGNALLED (LW_E_DIED): a signal ended the worker process.\n");
	expect_text(text, "it crashed\n");
	expect_text(text, "export scan, generation 3, 1500 ms");
	expect_text(text, "42 rows were delivered, which are tentative");
	expect_text(text, "The last one: stream \"rows\", sequence 41.");
	expect_text(text, "ended by signal 11 (SIGSEGV)");
	expect_text(text, "memory at most 2 MiB");
	expect_text(text, "will be replaced (crash)");
	expect_text(text, "What to do: ");
	expect_text(text, "last words\n");
}

static void
every_verdict_has_advice(void **state)
{
	char text[2048];

	(void)state;
	for (int v = 0; v < LW_VERDICT_COUNT; v++) {
		struct lw_error e = LW_ERROR_INIT;
		const char *advice;

		e.verdict = (lw_verdict)v;
		e.code = lw_verdict_code(e.verdict);
		(void)lw_verdict_explain(&e, text, sizeof text);
		advice = strstr(text, "What to do: ");
		assert_non_null(advice);
		if (strlen(advice) < 30 || strstr(advice, "(null)") != NULL)
			fail_msg("%s: %s", lw_verdict_name(e.verdict), advice);
	}
}

static void
what_does_not_fit_is_cut_and_terminated(void **state)
{
	struct lw_error e = crash();
	char whole[4096], part[100];
	size_t size = lw_verdict_explain(&e, whole, sizeof whole);

	(void)state;
	assert_int_equal(size, strlen(whole));
	assert_int_equal(lw_verdict_explain(&e, part, sizeof part), size);
	assert_int_equal(strlen(part), sizeof part - 1);
	assert_memory_equal(part, whole, sizeof part - 1);
	assert_int_equal(lw_verdict_explain(&e, NULL, 0), size);
}

static void
a_childs_control_characters_are_not_told(void **state)
{
	struct lw_error e = crash();
	char text[4096];

	(void)state;
	(void)snprintf(e.stream, sizeof e.stream, "\x1b[2Jna\xc3\xafve\xc2\x9b");
	(void)lw_verdict_explain(&e, text, sizeof text);
	expect_text(text, "stream \"?[2Jna\xc3\xafve??\", sequence 41.");
}

static void
no_character_is_cut_in_two(void **state)
{
	struct lw_error e = crash();
	char text[4096];

	(void)state;
	(void)snprintf(e.message, sizeof e.message, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
	for (size_t room = 1; room < 120; room++) {
		(void)lw_verdict_explain(&e, text, room);
		assert_int_equal(utf8_valid_prefix(text, strlen(text)), strlen(text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_crash_is_told_with_its_evidence_and_with_advice),
		LW_TEST(every_verdict_has_advice),
		LW_TEST(what_does_not_fit_is_cut_and_terminated),
		LW_TEST(a_childs_control_characters_are_not_told),
		LW_TEST(no_character_is_cut_in_two),
	};

	return support_run(tests);
}
