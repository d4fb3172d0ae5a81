/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leanworker/leanworker.h"
#include "parent/recipe.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HEAD         "{\"leanworker_capability\":1,\"host\":\"lean\",\"module\":\"M\","
#define GOOD         HEAD "\"library\":\"lib.so\"}"

static char folder[64], file[128];
static lw_capability *capability;

static int
make_folder(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/lw_manifest_XXXXXX",
	    where != NULL && strlen(where) < 40 ? where : "/tmp");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(file, sizeof file, "%s/a.json", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(file);
	return rmdir(folder);
}

static void
write_manifest(const char *text, size_t size)
{
	FILE *f = fopen(file, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static const struct child_recipe *
loaded(const char *text)
{
	struct lw_error error = LW_ERROR_INIT;

	lw_capability_free(&capability);
	write_manifest(text, strlen(text));
	if (lw_capability_load(file, &capability, &error) != LW_OK)
		fail_msg("refused: %s", error.message);
	return &capability->recipe;
}

static void
says(const struct lw_error *error, const char *words)
{
	if (strstr(error->message, words) == NULL)
		fail_msg("want \"%s\", got \"%s\"", words, error->message);
}

static struct lw_error
refused_text(const char *text, size_t size)
{
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *untouched = (lw_capability *)(uintptr_t)&error;

	write_manifest(text, size);
	assert_int_equal(lw_capability_load(file, &untouched, &error), LW_E_CAPABILITY);
	assert_int_equal(error.verdict, LW_V_MANIFEST);
	assert_ptr_equal(untouched, &error);
	assert_int_equal(lw_capability_load(file, &untouched, NULL), LW_E_CAPABILITY);
	says(&error, file); /* every message names the file */
	return error;
}

static void
refused(const char *text, const char *words)
{
	struct lw_error error = refused_text(text, strlen(text));

	says(&error, words);
}

/* The path as it is expected for a name that is relative to the manifest. */
static const char *
in_folder(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void
a_whole_manifest_is_read(void **state)
{
	const struct child_recipe *r = loaded(
	    "{\"leanworker_capability\": 1, \"host\": \"lean\",\n"
	    " \"library\": \"libinterop.so\",\n"
	    " \"dependencies\": [\"libone.so\", \"sub/two.so\"],\n"
	    " \"package\": \"leanworker-fixture\",\n"
	    " \"module\": \"Interop.\xc2\xabodd name\xc2\xbb\",\n"
	    " \"runtime\": \"libleanshared.so\"}\n");

	(void)state;
	assert_string_equal(r->host, "lean");
	assert_string_equal(r->module, "Interop.\xc2\xabodd name\xc2\xbb");
	assert_string_equal(r->package, "leanworker-fixture");
	assert_string_equal(r->library, in_folder("libinterop.so"));
	assert_string_equal(r->runtime, in_folder("libleanshared.so"));
	assert_int_equal(r->dependency_count, 2);
	assert_string_equal(r->dependencies[0], in_folder("libone.so"));
	assert_string_equal(r->dependencies[1], in_folder("sub/two.so"));
	assert_null(r->dependencies[2]);
	lw_capability_free(&capability);
	assert_null(capability);
	lw_capability_free(&capability);
}

static void
what_is_optional_may_be_left_out(void **state)
{
	const struct child_recipe *r = loaded(GOOD);

	(void)state;
	assert_string_equal(r->package, "");
	assert_string_equal(r->runtime, "");
	assert_int_equal(r->dependency_count, 0);
	r = loaded(HEAD "\"library\":\"lib.so\",\"dependencies\":[]}");
	assert_int_equal(r->dependency_count, 0);
	lw_capability_free(&capability);
}

/* A key that somebody mistyped must not be passed over. */
static void
a_key_that_is_none_is_refused(void **state)
{
	(void)state;
	refused(HEAD "\"library\":\"lib.so\",\"runtimes\":\"r.so\"}",
	    "a manifest has no key \"runtimes\". Did you mean \"runtime\"? ");
	refused(
	    HEAD "\"library\":\"lib.so\",\"dependencys\":[]}", "Did you mean \"dependencies\"? ");
	refused(HEAD "\"libary\":\"lib.so\"}", "Did you mean \"library\"? ");
	refused(HEAD "\"library\":\"lib.so\",\"Package\":\"p\"}", "Did you mean \"package\"? ");
	refused(HEAD "\"library\":\"lib.so\",\"comment\":\"of no use\"}",
	    "no key \"comment\". It has host, library");
	refused(HEAD "\"library\":\"lib.so\",\"\":1}", "no key \"\". It has");
}

/* What else is wrong depends on the host. */
static void
an_unknown_host_is_told_first(void **state)
{
	(void)state;
	refused("{\"leanworker_capability\":1,\"host\":\"leen\"}",
	    "\"host\" is \"leen\"; must be \"lean\", or \"native\"");
	refused(
	    "{\"leanworker_capability\":1,\"host\":\"Lean\",\"frob\":1}", "\"host\" is \"Lean\"");
	refused("{\"leanworker_capability\":1,\"frob\":1}", "\"host\" is missing");
}

static void
absolute_paths_are_taken_as_they_are(void **state)
{
	const struct child_recipe *r = loaded(
	    HEAD "\"library\":\"/opt/a b/lib.so\",\"runtime\":\"/lean/libleanshared.so\","
		 "\"dependencies\":[\"/x/one.so\",\"two.so\",\"../three.so\"]}");

	(void)state;
	assert_string_equal(r->library, "/opt/a b/lib.so");
	assert_string_equal(r->runtime, "/lean/libleanshared.so");
	assert_string_equal(r->dependencies[0], "/x/one.so");
	assert_string_equal(r->dependencies[1], in_folder("two.so"));
	assert_string_equal(r->dependencies[2], in_folder("../three.so"));
	lw_capability_free(&capability);
}

static void
a_manifest_named_without_a_folder_is_relative_to_here(void **state)
{
	struct lw_error error = LW_ERROR_INIT;
	char here[4096], expected[4200];
	lw_code code;

	(void)state;
	write_manifest(GOOD, strlen(GOOD));
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(folder), 0);
	code = lw_capability_load("a.json", &capability, &error);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(code, LW_OK);
	(void)snprintf(expected, sizeof expected, "%s/lib.so", folder);
	assert_string_equal(capability->recipe.library, expected);
	lw_capability_free(&capability);
}

static void
a_file_that_is_not_there_is_named(void **state)
{
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	assert_int_equal(
	    lw_capability_load("/nonexistent/a.json", &capability, &error), LW_E_CAPABILITY);
	assert_int_equal(error.verdict, LW_V_MANIFEST);
	says(&error, "/nonexistent/a.json");
	says(&error, "No such file");
	assert_int_equal(lw_capability_load(folder, &capability, &error), LW_E_CAPABILITY);
	says(&error, folder);
	says(&error, "is a folder; name the manifest in it");
	assert_int_equal(lw_capability_load("/dev/zero", &capability, &error), LW_E_CAPABILITY);
	says(&error, "/dev/zero: ");
	says(&error, "File too large");
	assert_null(capability);
}

static void
a_call_without_its_arguments_is_misuse(void **state)
{
	static char path[5000];
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	assert_int_equal(lw_capability_load(NULL, &capability, &error), LW_E_MISUSE);
	assert_int_equal(lw_capability_load(file, NULL, &error), LW_E_MISUSE);
	memset(path, 'p', sizeof path - 1);
	assert_int_equal(lw_capability_load(path, &capability, &error), LW_E_MISUSE);
}

static void
bad_json_is_located(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", ":1:0: " },
		{ "{", ":1:1: " },
		{ "{\n  \"host\": lean\n}", ":2:14: " },
		{ "{\"a\":1,\n\n\"b\" 2}", ":3:5: " },
		{ GOOD "x", ":1:" },
		{ "\xff", ":1:" },
		{ "{\"host\":\"\xff\"}", ":1:" },
		{ "{\"host\":\"a\\u0000b\"}", ":1:" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		refused(cases[i].text, cases[i].words);
	(void)refused_text(GOOD "\0", sizeof GOOD);
}

static void
a_name_that_comes_twice_is_refused(void **state)
{
	(void)state;
	refused(HEAD "\"library\":\"a\",\"library\":\"b\"}", "duplicate");
	refused(HEAD "\"library\":\"a\",\"x\":1,\"x\":1}", "duplicate");
}

static void
only_an_object_is_a_manifest(void **state)
{
	(void)state;
	refused("[]", "not a JSON object");
	refused("[" GOOD "]", "not a JSON object");
}

static void
the_manifest_says_its_version(void **state)
{
	static const char *const members[] = { "", "\"leanworker_capability\":0,",
		"\"leanworker_capability\":2,", "\"leanworker_capability\":-1,",
		"\"leanworker_capability\":1.0,", "\"leanworker_capability\":\"1\",",
		"\"leanworker_capability\":true,", "\"leanworker_capability\":[1],",
		"\"leanworker_capability\":4294967297,", "\"Leanworker_capability\":1," };
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(members); i++) {
		(void)snprintf(text, sizeof text,
		    "{%s\"host\":\"lean\",\"module\":\"M\",\"library\":\"l\"}", members[i]);
		refused(text, "\"leanworker_capability\"");
	}
}

static void
what_is_required_is_there(void **state)
{
	(void)state;
	refused("{\"leanworker_capability\":1,\"module\":\"M\",\"library\":\"l\"}",
	    "\"host\" is missing");
	refused("{\"leanworker_capability\":1,\"host\":\"lean\",\"library\":\"l\"}",
	    "\"module\" is missing");
	refused("{\"leanworker_capability\":1,\"host\":\"lean\",\"module\":\"M\"}",
	    "\"library\" is missing");
}

static void
texts_are_texts_and_not_empty(void **state)
{
	static const char *const names[] = { "host", "module", "library", "package", "runtime" };
	static const char *const values[] = { "\"\"", "1", "null", "true", "[\"x\"]", "{}" };
	char text[512], words[64];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		for (size_t j = 0; j < COUNT(values); j++) {
			size_t n = (size_t)snprintf(
			    text, sizeof text, "{\"leanworker_capability\":1");

			for (size_t k = 0; k < COUNT(names); k++)
				n += (size_t)snprintf(text + n, sizeof text - n, ",\"%s\":%s",
				    names[k],
				    k == i ? values[j]
				    : k    ? "\"good\""
					   : "\"lean\"");
			(void)snprintf(text + n, sizeof text - n, "}");
			(void)snprintf(words, sizeof words, "\"%s\" must be a text", names[i]);
			refused(text, words);
		}
}

static void
dependencies_are_an_array_of_paths(void **state)
{
	static const char *const values[] = { "\"one.so\"", "null", "{}", "7", "[1]",
		"[\"one.so\",null]", "[[\"one.so\"]]", "[\"\"]", "[\"one.so\",\"\"]" };
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		(void)snprintf(
		    text, sizeof text, HEAD "\"library\":\"l\",\"dependencies\":%s}", values[i]);
		refused(text, "\"dependencies\" must be an array");
	}
}

static void
write_many(char *text, size_t room, int count)
{
	size_t n = (size_t)snprintf(text, room, HEAD "\"library\":\"l\",\"dependencies\":[");

	for (int i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, room - n, "%s\"d%d.so\"", i ? "," : "", i);
	(void)snprintf(text + n, room - n, "]}");
}

static void
a_capability_has_256_dependencies_and_no_more(void **state)
{
	static char text[8192];
	const struct child_recipe *r;

	(void)state;
	write_many(text, sizeof text, 256);
	r = loaded(text);
	assert_int_equal(r->dependency_count, 256);
	assert_string_equal(r->dependencies[255], in_folder("d255.so"));
	lw_capability_free(&capability);
	write_many(text, sizeof text, 257);
	refused(text, "\"dependencies\" must be an array of at most 256");
}

static void
a_manifest_that_is_cut_anywhere_is_refused(void **state)
{
	static const char text[] = GOOD;

	(void)state;
	for (size_t size = 0; size < sizeof text - 1; size++)
		(void)refused_text(text, size);
}

static void
a_capability_is_shared_and_the_last_to_leave_frees_it(void **state)
{
	lw_capability *second;

	(void)state;
	(void)loaded(GOOD);
	second = capability_hold(capability);
	assert_ptr_equal(second, capability);
	lw_capability_free(&capability);
	assert_string_equal(second->recipe.module, "M");
	lw_capability_free(&second);
}

static void
capabilities_are_the_same_when_every_part_is(void **state)
{
	static const char *const others[] = {
		"{\"leanworker_capability\":1,\"host\":\"native\",\"module\":\"M\",\"library\":"
		"\"lib.so\"}",
		"{\"leanworker_capability\":1,\"host\":\"lean\",\"module\":\"N\",\"library\":\"lib."
		"so\"}",
		HEAD "\"library\":\"other.so\"}",
		HEAD "\"library\":\"lib.so\",\"package\":\"p\"}",
		HEAD "\"library\":\"lib.so\",\"runtime\":\"r\"}",
		HEAD "\"library\":\"lib.so\",\"dependencies\":[\"d\"]}",
	};
	lw_capability *first;

	(void)state;
	(void)loaded(GOOD);
	first = capability;
	capability = NULL;
	(void)loaded(" " GOOD);
	assert_true(capability_same(first, capability));
	for (size_t i = 0; i < COUNT(others); i++) {
		(void)loaded(others[i]);
		assert_false(capability_same(first, capability));
		assert_false(capability_same(capability, first));
	}
	lw_capability_free(&first);
	lw_capability_free(&capability);
}

static void
the_same_can_be_made_without_a_file(void **state)
{
	const char *const dependencies[] = { "one.so", NULL };
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	struct lw_error error = LW_ERROR_INIT;

	(void)state;
	assert_int_equal(lw_capability_create(NULL, &capability, &error), LW_E_MISUSE);
	says(&error, "options is NULL");
	assert_int_equal(lw_capability_create(&options, NULL, &error), LW_E_MISUSE);
	says(&error, "ret_capability is NULL");
	assert_int_equal(lw_capability_create(&options, &capability, &error), LW_E_MISUSE);
	options.host = "lean";
	options.module = "M";
	options.library = "lib.so";
	options.dependencies = dependencies;
	options.struct_size--;
	assert_int_equal(lw_capability_create(&options, &capability, &error), LW_E_MISUSE);
	options.struct_size++;
	assert_null(capability);
	assert_int_equal(lw_capability_create(&options, &capability, &error), LW_OK);
	assert_string_equal(capability->recipe.library, "lib.so");
	assert_int_equal(capability->recipe.dependency_count, 1);
	assert_string_equal(capability->recipe.dependencies[0], "one.so");
	lw_capability_free(&capability);
}

#define LEAN_RS                                                                                    \
	"{\"schema_version\":2,\"target_name\":\"Cap\",\"package\":\"pkg\",\"module\":\"Cap\","    \
	"\"primary_dylib\":\"/x/libcap.so\",\"exports\":[],\"search_dirs\":[],"

static void
a_manifest_of_lean_rs_is_read(void **state)
{
	const struct child_recipe *r = loaded(
	    LEAN_RS "\"toolchain_fingerprint\":{\"resolved_version\":\"4.30.0\"},"
		    "\"build_toolchain\":{\"source\":\"elan\",\"sysroot\":\"/t/lean\"},"
		    "\"dependencies\":[{\"name\":\"d\",\"dylib_path\":\"/x/libdep.so\","
		    "\"export_symbols_for_dependents\":true,\"initializer\":null}]}");

	(void)state;
	assert_string_equal(r->host, "lean");
	assert_string_equal(r->library, "/x/libcap.so");
	assert_string_equal(r->package, "pkg");
	assert_string_equal(r->module, "Cap");
	assert_int_equal(r->dependency_count, 1);
	assert_string_equal(r->dependencies[0], "/x/libdep.so");
	assert_string_equal(r->runtime, "/t/lean/lib/lean/libleanshared.so");
	assert_string_equal(capability->lean_version, "4.30.0");
	(void)setenv("LEAN_SYSROOT", "/other", 1);
	r = loaded(LEAN_RS "\"build_toolchain\":null}");
	(void)unsetenv("LEAN_SYSROOT");
	assert_string_equal(r->runtime, "/other/lib/lean/libleanshared.so");
	assert_int_equal(r->dependency_count, 0);
	lw_capability_free(&capability);
}

static void
a_manifest_of_lean_rs_that_lacks_something_is_refused(void **state)
{
	(void)state;
	(void)unsetenv("LEAN_SYSROOT");
	refused("{\"schema_version\":1}", "\"schema_version\" must be 2");
	refused("{\"schema_version\":2}", "\"primary_dylib\" is missing");
	refused("{\"schema_version\":2,\"primary_dylib\":7}", "\"primary_dylib\" must be a text");
	refused(LEAN_RS "\"dependencies\":7}", "\"dependencies\" must be an array");
	refused(LEAN_RS "\"dependencies\":[{}]}", "without \"dylib_path\"");
	refused(LEAN_RS "\"dependencies\":[]}", "set LEAN_SYSROOT to the toolchain");
}

/* The toolchain was replaced, as elan does with a channel. */
static void
a_runtime_of_another_version_is_refused(void **state)
{
	char text[512], path[256];

	(void)state;
	(void)snprintf(path, sizeof path, "%s/lib/lean/libleanshared.so", support_toolchain());
	(void)snprintf(text, sizeof text,
	    HEAD "\"library\":\"lib.so\",\"lean_version\":\"4.29.0\",\"runtime\":\"%s\"}", path);
	refused(text, "built with Lean 4.29.0, and ");
	refused(text, "is of Lean 4.28.0 now");
	(void)snprintf(text, sizeof text,
	    HEAD "\"library\":\"lib.so\",\"lean_version\":\"4.28.0\",\"runtime\":\"%s\"}", path);
	assert_string_equal(loaded(text)->runtime, path);
	assert_string_equal(capability->lean_version, "4.28.0");
	(void)loaded(
	    HEAD "\"library\":\"l\",\"lean_version\":\"4.29.0\",\"runtime\":\"/no/r.so\"}");
	lw_capability_free(&capability);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_whole_manifest_is_read),
		LW_TEST(what_is_optional_may_be_left_out),
		LW_TEST(a_key_that_is_none_is_refused),
		LW_TEST(an_unknown_host_is_told_first),
		LW_TEST(absolute_paths_are_taken_as_they_are),
		LW_TEST(a_manifest_named_without_a_folder_is_relative_to_here),
		LW_TEST(a_file_that_is_not_there_is_named),
		LW_TEST(a_call_without_its_arguments_is_misuse),
		LW_TEST(bad_json_is_located),
		LW_TEST(a_name_that_comes_twice_is_refused),
		LW_TEST(only_an_object_is_a_manifest),
		LW_TEST(the_manifest_says_its_version),
		LW_TEST(what_is_required_is_there),
		LW_TEST(texts_are_texts_and_not_empty),
		LW_TEST(dependencies_are_an_array_of_paths),
		LW_TEST(a_capability_has_256_dependencies_and_no_more),
		LW_TEST(a_manifest_that_is_cut_anywhere_is_refused),
		LW_TEST(a_capability_is_shared_and_the_last_to_leave_frees_it),
		LW_TEST(capabilities_are_the_same_when_every_part_is),
		LW_TEST(the_same_can_be_made_without_a_file),
		LW_TEST(a_manifest_of_lean_rs_is_read),
		LW_TEST(a_manifest_of_lean_rs_that_lacks_something_is_refused),
		LW_TEST(a_runtime_of_another_version_is_refused),
	};

	support_start();
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
