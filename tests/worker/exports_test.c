/* SPDX-License-Identifier: Apache-2.0 */
/* What a library exports, read by an inspecting process; and what a request means by a name. */
#include "worker/harness.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leanworker/capability.h"

static struct lw_exports exports = LW_EXPORTS_INIT;
static struct lw_error error = LW_ERROR_INIT;

static const struct lw_export *
get(const char *name)
{
	for (size_t i = 0; i < exports.export_count; i++)
		if (strcmp(exports.exports[i].name, name) == 0)
			return &exports.exports[i];
	fail_msg("no export is called %s", name);
	return NULL;
}

static void
read_fixture(void)
{
	lw_exports_clear(&exports);
	if (lw_library_exports(support_library(), support_child(), NULL, &exports, &error) != LW_OK)
		fail_msg("%s", error.message);
}

static void
exports_are_read_with_their_kinds(void **state)
{
	lw_capability *capability = NULL;

	(void)state;
	assert_int_equal(lw_capability_load(support_manifest(), &capability, &error), LW_OK);
	assert_int_equal(
	    lw_capability_exports(capability, support_child(), NULL, &exports, &error), LW_OK);
	assert_int_equal(get("leanworker_fixture_many")->kind, LW_SYMBOL_FUNCTION);
	assert_false(get("leanworker_fixture_many")->generated);
	assert_int_equal(get("leanworker_fixture_data")->kind, LW_SYMBOL_DATA);
	assert_true(get("initialize_leanworker_x2dfixture_Interop")->generated);
	assert_true(exports.undefined_count > 0);
	assert_true(exports.size > 0);
	for (size_t i = 1; i < exports.export_count; i++)
		assert_true(strcmp(exports.exports[i - 1].name, exports.exports[i].name) < 0);
	lw_capability_free(&capability);
	lw_exports_clear(&exports);
	assert_null(exports.exports);
	lw_exports_clear(&exports);
	lw_exports_clear(NULL);
}

static void
a_name_may_be_the_end_of_an_exports(void **state)
{
	const struct lw_export *found = NULL;

	(void)state;
	read_fixture();
	assert_int_equal(lw_exports_find(&exports, "many", &found, &error), LW_OK);
	assert_string_equal(found->name, "leanworker_fixture_many");
	assert_int_equal(
	    lw_exports_find(&exports, "leanworker_fixture_data", &found, &error), LW_OK);
	assert_int_equal(found->kind, LW_SYMBOL_DATA); /* by its whole name it is found */
	found = NULL;
	assert_int_equal(lw_exports_find(&exports, "command", &found, &error), LW_E_EXPORT);
	EXPECT_TEXT(error.message,
	    "These end so: leanworker_fixture_json_command, leanworker_fixture_throw_command");
	/* It is the end of one only, and not what is behind the fixture's own name. */
	assert_int_equal(lw_exports_find(&exports, "row", &found, &error), LW_E_EXPORT);
	EXPECT_TEXT(error.message, "leanworker_fixture_slow_after_row");
	assert_int_equal(lw_exports_find(&exports, "any", &found, &error), LW_E_EXPORT);
	assert_int_equal(lw_exports_find(&exports, "", &found, &error), LW_E_EXPORT);
	assert_int_equal(lw_exports_find(&exports, "Interop", &found, &error), LW_E_EXPORT);
	assert_null(found);
	assert_int_equal(lw_exports_find(&exports, NULL, &found, &error), LW_E_MISUSE);
	lw_exports_clear(&exports);
}

/* The same in the worker, where the request is served. */
static void
requests_follow_the_same_rule(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_reply reply = LW_REPLY_INIT;

	(void)state;
	harness_open_fixture(&h);
	assert_int_equal(harness_stream(&h, "many", "{\"count\":2}"), LW_OK);
	assert_int_equal(h.summary.rows, 2);
	assert_int_equal(harness_stream(&h, "many", "{\"count\":1}"), LW_OK); /* remembered */
	/* libc has a function of this name. */
	(void)harness_stream(&h, "index", "{}");
	assert_int_not_equal(h.code, LW_E_EXPORT);
	assert_true(h.error.work_started);
	assert_int_equal(harness_stream(&h, "exit", "{}"), LW_E_EXPORT);
	EXPECT_TEXT(h.error.message, "the capability ");
	assert_int_equal(
	    lw_session_call(h.session, "json_command", lw_text("{}"), NULL, &reply, &h.error),
	    LW_OK);
	lw_reply_clear(&reply);
	assert_int_equal(harness_stream(&h, "command", "{}"), LW_E_EXPORT);
	EXPECT_FAILURE(&h, LW_V_EXPORT_UNKNOWN);
	EXPECT_TEXT(h.error.message, "leanworker_fixture_json_command");
	EXPECT_TEXT(h.error.message, "leanworker_fixture_throw_command");
	assert_int_equal(harness_stream(&h, "row", "{}"), LW_E_EXPORT);
	EXPECT_TEXT(h.error.message, "These end so: leanworker_fixture_slow_after_row");
	assert_int_equal(harness_stream(&h, "man", "{}"), LW_E_EXPORT);
	harness_expect_usable(&h);
	harness_end(&h);
}

/* ---- What is no library, and who does not tell ---------------------------------------------- */

static void
refuses(const char *library, const char *child, const struct lw_call_options *call,
    lw_verdict verdict, const char *words)
{
	struct lw_exports untouched = LW_EXPORTS_INIT;
	lw_code code = lw_library_exports(library, child, call, &untouched, &error);

	assert_string_equal(lw_verdict_name(error.verdict), lw_verdict_name(verdict));
	assert_int_equal(code, lw_verdict_code(verdict));
	EXPECT_TEXT(error.message, words);
	assert_null(untouched.exports);
}

static void
what_is_no_library_is_said(void **state)
{
	(void)state;
	refuses("/none.so", support_child(), NULL, LW_V_INSPECTION,
	    "/none.so: No such file or directory");
	refuses("/", support_child(), NULL, LW_V_INSPECTION, "not a regular file");
	refuses("/dev/null", support_child(), NULL, LW_V_INSPECTION, "not a regular file");
	refuses(support_manifest(), support_child(), NULL, LW_V_INSPECTION, "not an ELF file");
	refuses(support_library(), "/none", NULL, LW_V_CHILD_NOT_FOUND, "/none");
	refuses(NULL, NULL, NULL, LW_V_MISUSE, "must be given");
}

static char script[64];

/* A program in the place of leanworker-child. */
static const char *
program(const char *text)
{
	FILE *file;

	(void)snprintf(script, sizeof script, "/tmp/lw_exports_%d", (int)getpid());
	file = fopen(script, "we");
	assert_non_null(file);
	assert_true(fprintf(file, "#!/bin/sh\n%s\n", text) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(script, 0755), 0);
	return script;
}

static void
a_strange_inspector_is_survived(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	lw_cancel_token *token = NULL;

	(void)state;
	refuses(support_library(), program("exit 0"), NULL, LW_V_INSPECTION, "of this version?");
	refuses(support_library(), program("echo '{\"a\":1}'"), NULL, LW_V_INSPECTION,
	    "of this version?");
	refuses(
	    support_library(), program("kill -11 $$"), NULL, LW_V_INSPECTION, "ended by signal 11");
	refuses(support_library(), program("echo no, thanks >&2; exit 1"), NULL, LW_V_INSPECTION,
	    "no, thanks");
	refuses(support_library(), program("exec cat /dev/zero"), NULL, LW_V_INSPECTION,
	    "there is more to tell of it");
	call.budgets.request_ms = 200;
	refuses(support_library(), program("exec sleep 1000"), &call, LW_V_INSPECT_TIMEOUT,
	    "not inspected in time");
	call.budgets.request_ms = LW_NO_LIMIT;
	call.deadline_ns = 1;
	refuses(support_library(), script, &call, LW_V_INSPECT_TIMEOUT, "not inspected in time");
	assert_int_equal(lw_cancel_token_create(&token, &error), LW_OK);
	lw_cancel_token_cancel(token);
	call.deadline_ns = 0;
	call.cancel = token;
	refuses(support_library(), script, &call, LW_V_CANCELLED, "cancelled");
	lw_cancel_token_free(&token);
	assert_int_equal(unlink(script), 0);
}

/* An application that ignores SIGCHLD never learns how a child ended, and need not. */
static int
read_with_sigchld_ignored(void)
{
	struct harness nobody = HARNESS_INIT;

	(void)signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 5; i++) {
		lw_exports_clear(&exports);
		if (lw_library_exports(
			support_library(), support_child(), NULL, &exports, &nobody.error) != LW_OK)
			return harness_broken(&nobody, "exports are not read");
	}
	lw_exports_clear(&exports);
	return 0;
}

static void
nothing_depends_on_who_reaps(void **state)
{
	(void)state;
	HARNESS_APART(read_with_sigchld_ignored);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(exports_are_read_with_their_kinds),
		LW_TEST(a_name_may_be_the_end_of_an_exports),
		LW_TEST(requests_follow_the_same_rule),
		LW_TEST(what_is_no_library_is_said),
		LW_TEST(a_strange_inspector_is_survived),
		LW_TEST(nothing_depends_on_who_reaps),
	};

	return support_run(tests);
}
