/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parent/environment.h"

static char **made;

static void
make(const char *const *additions, const char *sysroot)
{
	environment_free(made);
	made = environment_make(additions, sysroot);
	assert_non_null(made);
}

/* How many entries have this name; *ret_value (optional) is the last one's value. */
static unsigned
count(const char *name, const char **ret_value)
{
	size_t size = strlen(name);
	unsigned found = 0;

	for (size_t i = 0; made[i] != NULL; i++)
		if (strncmp(made[i], name, size) == 0 && made[i][size] == '=') {
			found++;
			if (ret_value != NULL)
				*ret_value = made[i] + size + 1;
		}
	return found;
}

static void
expect(const char *name, const char *value)
{
	const char *got = NULL;

	if (count(name, &got) != 1)
		fail_msg("%s is there %u times", name, count(name, NULL));
	assert_string_equal(got, value);
}

static void
expect_none(const char *name)
{
	if (count(name, NULL) != 0)
		fail_msg("%s is there", name);
}

static void
expect_no_duplicates(void)
{
	for (size_t i = 0; made[i] != NULL; i++)
		for (size_t j = i + 1; made[j] != NULL; j++) {
			size_t size = strcspn(made[i], "=");

			if (size == strcspn(made[j], "=") && strncmp(made[i], made[j], size) == 0)
				fail_msg("%s and %s", made[i], made[j]);
		}
}

static int
begin(void **state)
{
	static const char *const ours[] = { "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ",
		"LEAN_PATH", "LEAN_NUM_THREADS" };

	(void)clearenv();
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		(void)setenv(ours[i], ours[i], 1);
	return support_begin(state);
}

static int
end(void **state)
{
	environment_free(made);
	made = NULL;
	return support_end(state);
}

static void
what_the_list_allows_is_passed_on(void **state)
{
	static const char *const allowed[] = { "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ",
		"LEAN_PATH", "LEAN_NUM_THREADS" };

	(void)state;
	make(NULL, NULL);
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		expect(allowed[i], allowed[i]);
}

static void
what_is_not_set_is_not_invented(void **state)
{
	(void)state;
	(void)unsetenv("TMPDIR");
	(void)setenv("TZ", "", 1);
	make(NULL, NULL);
	expect_none("TMPDIR");
	expect("TZ", "");
	expect_none("LEAN_SYSROOT");
	expect_none("LD_LIBRARY_PATH");
}

static void
no_secret_reaches_the_child(void **state)
{
	static const char *const secrets[] = { "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN",
		"PGPASSWORD", "SSH_AUTH_SOCK", "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT",
		"LEAN_SYSROOT", "LEANWORKER_CHILD", "PATHX", "PAT", "HOME_", "LC_MESSAGES", "LANG",
		"path" };

	(void)state;
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		(void)setenv(secrets[i], "hunter2", 1);
	make(NULL, NULL);
	for (size_t i = 0; made[i] != NULL; i++)
		if (strstr(made[i], "hunter2") != NULL)
			fail_msg("passed on: %s", made[i]);
	assert_int_equal(count("PATH", NULL), 1);
}

static void
what_lean_needs_is_set_whatever_the_parent_has(void **state)
{
	(void)state;
	(void)setenv("LEAN_ABORT_ON_PANIC", "0", 1);
	(void)setenv("LEAN_BACKTRACE", "1", 1);
	(void)setenv("LC_ALL", "tr_TR.ISO-8859-9", 1);
	make(NULL, NULL);
	expect("LEAN_ABORT_ON_PANIC", "1");
	expect("LEAN_BACKTRACE", "0");
	expect("LC_ALL", "C.UTF-8");
}

static void
a_sysroot_is_named_and_its_libraries_are_found(void **state)
{
	(void)state;
	(void)setenv("LD_LIBRARY_PATH", "/elsewhere", 1);
	make(NULL, "/opt/lean 4");
	expect("LEAN_SYSROOT", "/opt/lean 4");
	expect("LD_LIBRARY_PATH", "/opt/lean 4/lib/lean");
}

static void
a_long_sysroot_is_not_cut(void **state)
{
	static char sysroot[6000], libraries[sizeof sysroot + 16];

	(void)state;
	memset(sysroot, 's', sizeof sysroot - 1);
	(void)snprintf(libraries, sizeof libraries, "%s/lib/lean", sysroot);
	make(NULL, sysroot);
	expect("LEAN_SYSROOT", sysroot);
	expect("LD_LIBRARY_PATH", libraries);
}

static void
additions_win_over_everything(void **state)
{
	static const char *const additions[] = { "PATH=/mine", "LEAN_ABORT_ON_PANIC=0",
		"LD_LIBRARY_PATH=/libraries", "NEW=1=2", "EMPTY=", NULL };

	(void)state;
	make(additions, "/opt/lean");
	expect("PATH", "/mine");
	expect("LEAN_ABORT_ON_PANIC", "0");
	expect("LD_LIBRARY_PATH", "/libraries");
	expect("LEAN_SYSROOT", "/opt/lean");
	expect("NEW", "1=2");
	expect("EMPTY", "");
	expect_no_duplicates();
}

static void
the_last_of_two_additions_of_one_name_wins(void **state)
{
	static const char *const additions[] = { "AB=2", "AB=4", "A=1", "A=3", "A=5", NULL };

	(void)state;
	make(additions, NULL);
	expect("A", "5");
	expect("AB", "4");
	expect_no_duplicates();
}

static void
a_value_may_be_long(void **state)
{
	static char entry[100000];
	const char *const additions[] = { entry, NULL };

	(void)state;
	memset(entry, 'v', sizeof entry - 1);
	memcpy(entry, "LONG=", 5);
	(void)setenv("LEAN_PATH", entry, 1);
	make(additions, NULL);
	expect("LONG", entry + 5);
	expect("LEAN_PATH", entry);
}

static void
the_list_is_the_callers_to_change(void **state)
{
	char entry[] = "A=1";
	const char *const additions[] = { entry, NULL };

	(void)state;
	make(additions, NULL);
	entry[2] = '2';
	expect("A", "1");
	environment_free(NULL);
}

/* The kernel's limit is of bytes, and its own to tell. */
static void
there_may_be_many_entries(void **state)
{
	enum { MANY = 3000 };
	static char text[MANY][16];
	static const char *additions[MANY + 1];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(text[i], sizeof text[i], "V%zu=1", i);
		additions[i] = text[i];
	}
	make(additions, "/opt/lean");
	expect("V0", "1");
	expect("V2999", "1");
	expect("LD_LIBRARY_PATH", "/opt/lean/lib/lean");
}

#define TEST(function)                                                                             \
	cmocka_unit_test_prestate_setup_teardown(function, begin, end, support_name(#function))

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_list_allows_is_passed_on),
		TEST(what_is_not_set_is_not_invented),
		TEST(no_secret_reaches_the_child),
		TEST(what_lean_needs_is_set_whatever_the_parent_has),
		TEST(a_sysroot_is_named_and_its_libraries_are_found),
		TEST(a_long_sysroot_is_not_cut),
		TEST(additions_win_over_everything),
		TEST(the_last_of_two_additions_of_one_name_wins),
		TEST(a_value_may_be_long),
		TEST(the_list_is_the_callers_to_change),
		TEST(there_may_be_many_entries),
	};

	return support_run(tests);
}
