/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding a toolchain, among folders that look like those of elan and Lean. A program is put where lean
 * and elan belong that would leave a trace: nothing may call it.
 */
#include "support/support.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leanworker/capability.h"

static char top[64]; /* of this test's files, without symbolic links */
static struct lw_toolchain found;
static struct lw_error error;
static char probes[8192];

/* ---- Making folders ------------------------------------------------------------------------- */

static const char *
in_top(const char *path)
{
	static char room[4][512];
	static unsigned turn;
	char *made = room[turn++ % 4];

	(void)snprintf(made, sizeof room[0], "%s/%s", top, path);
	return made;
}

/* A file with its folders. */
static void
put(const char *path, const char *text)
{
	const char *whole = in_top(path);
	char folder[512];
	FILE *file;

	for (size_t i = strlen(top) + 1; whole[i] != '\0'; i++)
		if (whole[i] == '/') {
			(void)snprintf(folder, sizeof folder, "%.*s", (int)i, whole);
			assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
		}
	file = fopen(whole, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(whole, 0755), 0);
}

static void
put_program(const char *path)
{
	char script[256];

	(void)snprintf(script, sizeof script, "#!/bin/sh\ntouch %s/called\n", top);
	put(path, script);
}

static void
put_toolchain(const char *root, const char *version)
{
	char path[256], text[128];

	(void)snprintf(path, sizeof path, "%s/lib/lean/libleanshared.so", root);
	put(path, "");
	(void)snprintf(path, sizeof path, "%s/bin/lean", root);
	put_program(path);
	(void)snprintf(path, sizeof path, "%s/include/lean/version.h", root);
	(void)snprintf(text, sizeof text,
	    "#define LEAN_VERSION_MAJOR 4\n"
	    "#define LEAN_VERSION_STRING \"%s\"\n",
	    version);
	put(path, text);
}

static void
put_elan(const char *toolchain, const char *version)
{
	char root[256];

	put_program("elan/bin/elan");
	put_program("elan/bin/lean");
	(void)snprintf(root, sizeof root, "elan/toolchains/%s", toolchain);
	put_toolchain(root, version);
}

static int
begin(void **state)
{
	char template[] = "/tmp/lw_toolchain_XXXXXX";

	if (support_begin(state) != 0)
		return -1;
	if (mkdtemp(template) == NULL || realpath(template, top) == NULL)
		return -1;
	(void)setenv("ELAN_HOME", in_top("elan"), 1);
	(void)setenv("PATH", in_top("path"), 1);
	(void)unsetenv("LEAN_SYSROOT");
	(void)unsetenv("ELAN_TOOLCHAIN");
	return 0;
}

static int
end(void **state)
{
	char command[128];

	(void)setenv("PATH", "/usr/bin:/bin", 1);
	(void)snprintf(command, sizeof command, "rm -rf '%s'", top);
	assert_int_equal(system(command), 0);
	return support_end(state);
}

/* ---- Finding -------------------------------------------------------------------------------- */

static void
keep_probe(void *context, const char *place, const char *path, const char *result)
{
	size_t size = strlen(probes);

	(void)context;
	(void)snprintf(probes + size, sizeof probes - size, "%s: %s: %s\n", place, path, result);
}

static lw_code
find(const char *sysroot, const char *project)
{
	struct lw_toolchain_options options = LW_TOOLCHAIN_OPTIONS_INIT;
	lw_code code;

	options.sysroot = sysroot;
	options.project_root = project;
	options.on_probe = keep_probe;
	found = (struct lw_toolchain)LW_TOOLCHAIN_INIT;
	error = (struct lw_error)LW_ERROR_INIT;
	*probes = '\0';
	code = lw_toolchain_find(&options, &found, &error);
	assert_int_equal(access(in_top("called"), F_OK), -1); /* nothing was executed */
	return code;
}

static void
expect(lw_toolchain_source source, const char *root, const char *version)
{
	if (strcmp(found.sysroot, in_top(root)) != 0)
		fail_msg("found \"%s\": %s\n%s", found.sysroot, error.message, probes);
	assert_int_equal(found.source, source);
	assert_string_equal(found.version, version);
}

static void
expect_none(lw_verdict verdict, const char *words)
{
	assert_string_equal(lw_verdict_name(error.verdict), lw_verdict_name(verdict));
	if (strstr(error.message, words) == NULL)
		fail_msg("\"%s\" is not in: %s", words, error.message);
}

static void
a_named_one_is_taken_and_no_other(void **state)
{
	(void)state;
	put_toolchain("one", "4.30.0");
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	put("project/lean-toolchain", "leanprover/lean4:v4.31.0\n");
	assert_int_equal(find(in_top("one"), in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_EXPLICIT, "one", "4.30.0");
	assert_string_equal(found.runtime, in_top("one/lib/lean/libleanshared.so"));
	assert_string_equal(found.warning, "");
	assert_int_equal(find(in_top("none"), in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "none: No such file or directory");
	assert_int_equal(find(in_top("project"), NULL), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "there is no lib/lean/libleanshared.so in it");
	(void)setenv("LEAN_SYSROOT", in_top("one"), 1);
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_ENVIRONMENT, "one", "4.30.0");
	(void)setenv("LEAN_SYSROOT", in_top("none"), 1);
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
}

static void
a_project_names_one_of_elans(void **state)
{
	(void)state;
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	put_elan("leanprover--lean4-nightly---nightly-2026-03-01", "4.32.0-nightly-2026-03-01");
	put("project/sub/Main.lean", "");
	put("project/lean-toolchain", " leanprover/lean4:v4.31.0 \r\nmore\n");
	assert_int_equal(find(NULL, in_top("project/sub")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("project/lean-toolchain", "4.31.0");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("project/lean-toolchain", "nightly-2026-03-01");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT,
	    "elan/toolchains/leanprover--lean4-nightly---nightly-2026-03-01",
	    "4.32.0-nightly-2026-03-01");
	(void)setenv("ELAN_TOOLCHAIN", "v4.31.0", 1);
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
}

static void
a_project_names_one_by_path_or_link(void **state)
{
	(void)state;
	put_toolchain("own", "4.30.0");
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	assert_int_equal(symlink(in_top("own"), in_top("elan/toolchains/mine")), 0);
	put("project/lean-toolchain", "mine\n");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "own", "4.30.0");
	put("project/lean-toolchain", "../own\n");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "own", "4.30.0");
	put("lean-toolchain", "own\n"); /* seen from the file's folder */
	assert_int_equal(find(NULL, in_top("elan")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "own", "4.30.0");
}

static void
a_channel_is_the_newest_that_is_here(void **state)
{
	(void)state;
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	put_elan("leanprover--lean4---v4.9.0", "4.9.0");
	put_elan("leanprover--lean4---v4.33.0-rc1", "4.33.0-rc1");
	put("project/lean-toolchain", "stable");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("project/lean-toolchain", "leanprover/lean4:beta");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(
	    LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.33.0-rc1", "4.33.0-rc1");
	put_elan("somebody--lean4---v4.34.0", "4.34.0"); /* who has channels of their own */
	put("project/lean-toolchain", "stable");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("project/lean-toolchain", "somebody/lean4:stable");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PROJECT, "elan/toolchains/somebody--lean4---v4.34.0", "4.34.0");
	put("project/lean-toolchain", "nightly");
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "a channel of which elan has no toolchain installed");
	put_elan("leanprover--lean4-nightly---nightly", "4.34.0"); /* as older elans call it */
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(
	    LW_TOOLCHAIN_PROJECT, "elan/toolchains/leanprover--lean4-nightly---nightly", "4.34.0");
}

/* What the project wants is not here: no other is taken in its place, and nothing is fetched. */
static void
what_a_project_wants_is_not_replaced(void **state)
{
	(void)state;
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	put("elan/settings.toml", "version = \"12\"\ndefault_toolchain = \"v4.31.0\"\n");
	put_toolchain("system", "4.32.0");
	put("project/lean-toolchain", "leanprover/lean4:v4.33.0\n");
	(void)setenv("PATH", in_top("elan/bin"), 1);
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "elan toolchain install leanprover/lean4:v4.33.0");
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "leanprover--lean4---v4.33.0: No such file");
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "elan's proxy, which is not called");
	(void)setenv("PATH", in_top("system/bin"), 1);
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "not taken, because the project wants");
	put("project/lean-toolchain", "leanprover/lean4:v4.32.0\n");
	assert_int_equal(find(NULL, in_top("project")), LW_OK);
	expect(LW_TOOLCHAIN_PATH, "system", "4.32.0");
	put("project/lean-toolchain", "no such name!\n");
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "is not the name of a toolchain");
	assert_null(strstr(error.message, "elan toolchain install"));
	put("project/lean-toolchain", "../nothing\n");
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	assert_null(strstr(error.message, "elan toolchain install"));
}

static void
without_a_home_elan_has_no_folder(void **state)
{
	char home[512] = "";

	(void)state;
	if (getenv("HOME") != NULL)
		(void)snprintf(home, sizeof home, "%s", getenv("HOME"));
	(void)unsetenv("ELAN_HOME");
	(void)unsetenv("HOME");
	put("project/lean-toolchain", "leanprover/lean4:v4.31.0\n");
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	(void)setenv("HOME", home, 1);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "neither ELAN_HOME nor HOME says");
}

static void
a_toolchain_that_is_too_old_is_not_to_be_installed_again(void **state)
{
	(void)state;
	put_elan("leanprover--lean4---v4.20.0", "4.20.0");
	put("project/lean-toolchain", "leanprover/lean4:v4.20.0\n");
	assert_int_equal(find(NULL, in_top("project")), LW_E_CAPABILITY);
	expect_none(LW_V_RUNTIME_TOO_OLD, "4.26 is the oldest");
	assert_null(strstr(error.message, "elan toolchain install"));
}

static void
lean_on_the_path_is_followed_to_its_toolchain(void **state)
{
	char path[1024];

	(void)state;
	put_toolchain("system", "4.32.0");
	put("bin/other", "");
	assert_int_equal(symlink(in_top("system/bin/lean"), in_top("bin/lean")), 0);
	put("folder/lean/x", ""); /* a folder of that name is no program */
	(void)snprintf(path, sizeof path, "relative:%s::%s:%s", in_top("nowhere"), in_top("folder"),
	    in_top("bin"));
	(void)setenv("PATH", path, 1);
	assert_int_equal(find(NULL, NULL), LW_OK);
	expect(LW_TOOLCHAIN_PATH, "system", "4.32.0");
	assert_int_equal(find(NULL, in_top("bin")), LW_OK); /* a project that names none */
	expect(LW_TOOLCHAIN_PATH, "system", "4.32.0");
}

static void
a_proxy_stands_for_elans_default(void **state)
{
	(void)state;
	put_elan("leanprover--lean4---v4.31.0", "4.31.0");
	(void)setenv("PATH", in_top("elan/bin"), 1);
	assert_int_equal(find(NULL, NULL), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "elan's default");
	put("elan/settings.toml", "default_toolchain = \"stable\"\n[overrides]\n");
	assert_int_equal(find(NULL, NULL), LW_OK);
	expect(LW_TOOLCHAIN_DEFAULT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("bin/x", ""); /* a link to the proxy from elsewhere */
	assert_int_equal(symlink(in_top("elan/bin/lean"), in_top("bin/lean")), 0);
	(void)setenv("PATH", in_top("bin"), 1);
	assert_int_equal(find(NULL, NULL), LW_OK);
	expect(LW_TOOLCHAIN_DEFAULT, "elan/toolchains/leanprover--lean4---v4.31.0", "4.31.0");
	put("elan/settings.toml", "[overrides]\ndefault_toolchain = \"stable\"\n");
	assert_int_equal(find(NULL, NULL), LW_E_TOOLCHAIN);
}

static void
versions_decide_what_is_taken(void **state)
{
	static const char olean[] = "olean\x02\x01"
				    "4.31.0-rc1";
	char text[128];
	FILE *file;

	(void)state;
	put_toolchain("old", "4.25.2");
	assert_int_equal(find(in_top("old"), NULL), LW_E_CAPABILITY);
	expect_none(LW_V_RUNTIME_TOO_OLD, "Lean 4.25.2, which is too old");
	put_toolchain("older", "4.28.0");
	assert_int_equal(find(in_top("older"), NULL), LW_OK);
	assert_non_null(strstr(found.warning, "older than"));
	put_toolchain("newer", "4.99.0");
	assert_int_equal(find(in_top("newer"), NULL), LW_OK);
	assert_non_null(strstr(found.warning, "newer than"));
	put("newer/include/lean/version.h", "#define LEAN_VERSION_MAJOR 4\n"
					    "#define LEAN_VERSION_MINOR 31\n"
					    "#define LEAN_VERSION_PATCH 2\n");
	assert_int_equal(find(in_top("newer"), NULL), LW_OK);
	assert_string_equal(found.version, "4.31.2");
	assert_int_equal(unlink(in_top("newer/include/lean/version.h")), 0);
	assert_int_equal(find(in_top("newer"), NULL), LW_OK);
	assert_string_equal(found.version, "");
	assert_non_null(strstr(found.warning, "no version"));
	memset(text, 0, sizeof text); /* the header of an .olean tells it, too */
	memcpy(text, olean, sizeof olean);
	file = fopen(in_top("newer/lib/lean/Init.olean"), "we");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof text, file), sizeof text);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(find(in_top("newer"), NULL), LW_OK);
	assert_string_equal(found.version, "4.31.0-rc1");
}

static void
a_failure_lists_every_place(void **state)
{
	char *save = NULL;

	(void)state;
	put("project/Main.lean", "");
	assert_int_equal(find(NULL, in_top("project")), LW_E_TOOLCHAIN);
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "lean-toolchain: ");
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "PATH: lean: there is none");
	expect_none(LW_V_TOOLCHAIN_NOT_FOUND, "elan's default: ");
	for (char *at = strtok_r(probes, "\n", &save); at; at = strtok_r(NULL, "\n", &save))
		expect_none(LW_V_TOOLCHAIN_NOT_FOUND, at);
}

static void
a_wrong_call_is_refused(void **state)
{
	struct lw_toolchain_options options = LW_TOOLCHAIN_OPTIONS_INIT;
	struct lw_toolchain untouched = { .struct_size = 1 };

	(void)state;
	assert_int_equal(lw_toolchain_find(&options, NULL, NULL), LW_E_MISUSE);
	assert_int_equal(lw_toolchain_find(&options, &untouched, NULL), LW_E_MISUSE);
	options.struct_size = 0;
	found = (struct lw_toolchain)LW_TOOLCHAIN_INIT;
	assert_int_equal(lw_toolchain_find(&options, &found, NULL), LW_E_MISUSE);
}

#define FOLDER_TEST(function)                                                                      \
	cmocka_unit_test_prestate_setup_teardown(function, begin, end, support_name(#function))

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_named_one_is_taken_and_no_other),
		FOLDER_TEST(a_project_names_one_of_elans),
		FOLDER_TEST(a_project_names_one_by_path_or_link),
		FOLDER_TEST(a_channel_is_the_newest_that_is_here),
		FOLDER_TEST(what_a_project_wants_is_not_replaced),
		FOLDER_TEST(without_a_home_elan_has_no_folder),
		FOLDER_TEST(a_toolchain_that_is_too_old_is_not_to_be_installed_again),
		FOLDER_TEST(lean_on_the_path_is_followed_to_its_toolchain),
		FOLDER_TEST(a_proxy_stands_for_elans_default),
		FOLDER_TEST(versions_decide_what_is_taken),
		FOLDER_TEST(a_failure_lists_every_place),
		LW_TEST(a_wrong_call_is_refused),
	};

	return support_run(tests);
}
