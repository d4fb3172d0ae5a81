/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From options to an open session, and what a check says of them, with the stand-in toolchain of
 * tests/toolchain, which is not Lean, and fixtures/inspected in the place of LeanWorkerLean.
 */
#include "worker/harness.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leanworker/capability.h"

static char top[64]; /* of this test's files, without symbolic links */
static char project[128];
static struct lw_open_options options;
static struct lw_build_options build;
static struct lw_worker_options worker;
static struct lw_opened opened;
static struct lw_error error;
static struct lw_check_report report;
static char steps[256]; /* that were begun */

/* ---- Making a project and the package ------------------------------------------------------- */

__attribute__((format(printf, 1, 2))) static void
shell(const char *format, ...)
{
	char command[2048];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

/*
 * The package of this source tree, with fixtures/inspected for LeanWorkerLean; and a project in which two
 * modules are built, one of them with a name that is no identifier.
 */
static void
make_files(void)
{
	shell("mkdir -p '%s/project/.lake/build/lib/lean/My' && cd '%s/project' && "
	      "printf 'name = \"project\"\\n' >lakefile.toml && "
	      "touch .lake/build/lib/lean/My/Module.olean '.lake/build/lib/lean/My/odd name.olean'",
	    top, top);
	shell("cp -r '%s/lean' '%s/package' && cd '%s/package' && rm -rf .lake LeanWorkerLean && "
	      "cp '%s/fixtures/inspected/LeanWorkerLean.lean' . && "
	      "cp '%s/fixtures/inspected/ir/LeanWorkerLean.c' ir/",
	    support_source(), top, top, support_source(), support_source());
}

static void
set_environment(const char *name, const char *below)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s/%s", top, below);
	(void)setenv(name, path, 1);
}

static void
note_step(void *context, lw_step step)
{
	(void)context;
	(void)snprintf(
	    steps + strlen(steps), sizeof steps - strlen(steps), "%s ", lw_step_name(step));
}

static int
begin(void **state)
{
	char template[] = "/tmp/lw_open_XXXXXX";

	if (support_begin(state) != 0)
		return -1;
	support_deadline(60);
	if (mkdtemp(template) == NULL || realpath(template, top) == NULL)
		return -1;
	make_files();
	set_environment("LEANWORKER_PACKAGE", "package");
	set_environment("XDG_CACHE_HOME", "cache");
	(void)snprintf(project, sizeof project, "%s/project", top);
	options = (struct lw_open_options)LW_OPEN_OPTIONS_INIT;
	build = (struct lw_build_options)LW_BUILD_OPTIONS_INIT;
	worker = (struct lw_worker_options)LW_WORKER_OPTIONS_INIT;
	opened = (struct lw_opened)LW_OPENED_INIT;
	error = (struct lw_error)LW_ERROR_INIT;
	report = (struct lw_check_report)LW_CHECK_REPORT_INIT;
	build.project_root = project;
	build.sysroot = support_toolchain();
	worker.child_path = support_child();
	options.build = &build;
	options.worker = &worker;
	options.on_step = note_step;
	*steps = '\0';
	return 0;
}

static int
end(void **state)
{
	lw_opened_close(&opened);
	lw_check_report_clear(&report);
	(void)unsetenv("LEANWORKER_PACKAGE");
	(void)unsetenv("XDG_CACHE_HOME");
	shell("rm -rf '%s'", top);
	return support_end(state);
}

static void
open_it(void)
{
	if (lw_open(&options, NULL, &opened, &error) != LW_OK)
		fail_msg("%s after %s: %s\n%s", lw_verdict_name(error.verdict), steps,
		    error.message, error.log_tail);
}

static void
refuses(lw_verdict verdict, const char *words)
{
	struct lw_opened untouched = LW_OPENED_INIT;
	lw_code code = lw_open(&options, NULL, &untouched, &error);

	assert_string_equal(lw_verdict_name(error.verdict), lw_verdict_name(verdict));
	assert_int_equal(code, lw_verdict_code(verdict));
	EXPECT_TEXT(error.message, words);
	assert_null(untouched.worker);
	assert_null(untouched.session);
}

struct rows {
	char text[4096];
};

static int
note_row(void *context, const struct lw_row *row)
{
	struct rows *rows = context;
	size_t used = strlen(rows->text);

	(void)snprintf(rows->text + used, sizeof rows->text - used, "%.*s\n",
	    (int)row->payload_size, row->payload);
	return 0;
}

static void
expect_row(const char *words)
{
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct rows rows = { .text = "" };

	sinks.on_row = note_row;
	sinks.context = &rows;
	if (lw_session_stream(opened.session, "declarations", lw_text("{\"limit\":2}"), &sinks,
		NULL, NULL, &error) != LW_OK)
		fail_msg("%s", error.message);
	EXPECT_TEXT(rows.text, words);
}

/* ---- Opening -------------------------------------------------------------------------------- */

static const char *const my_module[] = { "My.Module", NULL };

static void
a_projects_folder_and_a_module_are_enough(void **state)
{
	char words[2048];

	(void)state;
	options.imports = my_module;
	open_it();
	assert_string_equal(steps, "check build load start health open ");
	(void)snprintf(words, sizeof words,
	    "{\"opened\":{\"imports\":[\"My.Module\"],\"root\":\"%s\",\"sysroot\":\"%s\"},"
	    "\"asked\":{\"limit\":2}}",
	    project, opened.build.toolchain.sysroot);
	expect_row(words);
	EXPECT_TEXT(opened.build.manifest, "/cache/leanworker/" LW_VERSION "/lean-4.28.0-");
	for (int i = LW_STEP_CHECK; i < LW_STEP_METADATA; i++)
		assert_true(opened.step_ns[i] > 0);
	assert_true(opened.step_ns[LW_STEP_METADATA] == 0);
	assert_true(opened.elapsed_ns >= opened.step_ns[LW_STEP_BUILD]);
}

static void
the_project_itself_is_not_touched(void **state)
{
	(void)state;
	options.imports = my_module;
	shell("cd '%s' && find . -newermt '2000-01-01' | sort >../before", project);
	open_it();
	shell("cd '%s' && find . -newermt '2000-01-01' | sort | cmp - ../before", project);
}

static void
a_manifest_opens_without_lake(void **state)
{
	char manifest[1024];

	(void)state;
	open_it();
	(void)snprintf(manifest, sizeof manifest, "%s", opened.build.manifest);
	lw_opened_close(&opened);
	assert_null(opened.session);
	*steps = '\0';
	options.build = NULL;
	options.manifest = manifest;
	options.imports = my_module;
	options.import_root = project;
	options.import_level = "exported";
	open_it();
	assert_string_equal(steps, "check load start health open ");
	expect_row("\"level\":\"exported\"");
	assert_true(opened.step_ns[LW_STEP_BUILD] == 0);
	assert_true(opened.build.struct_size == 0);
}

static void
metadata_is_expected(void **state)
{
	const struct lw_version_range versions[] = { { "declarations", "1.0", "2.0" } };
	struct lw_expectation expected = LW_EXPECTATION_INIT;

	(void)state;
	options.metadata_export = "leanworker_inspect_metadata";
	expected.commands = versions;
	expected.command_count = 1;
	options.expected = &expected;
	open_it();
	EXPECT_TEXT(steps, "open metadata ");
	assert_non_null(lw_session_expected_metadata(opened.session));
	lw_opened_close(&opened);
	expected.lean.at_least = "4.30";
	refuses(LW_V_METADATA, "lean");
}

static void
a_library_of_the_project_brings_its_own_package(void **state)
{
	(void)state;
	shell("cd '%s' && printf 'name = \"project\"\\n' >lakefile.toml && "
	      "printf '{\"version\":\"1.1.0\",\"packagesDir\":\".lake/packages\",\"packages\":"
	      "[{\"type\":\"path\",\"name\":\"leanworker\",\"dir\":\"../package\"}],"
	      "\"name\":\"project\",\"lakeDir\":\".lake\"}' >lake-manifest.json",
	    project);
	build.library = "LeanWorkerLean"; /* of a package that it requires */
	options.imports = my_module;
	open_it();
	expect_row("\"My.Module\"");
	EXPECT_TEXT(
	    opened.build.library, "/package/.lake/build/lib/libleanworker_LeanWorkerLean.so");
	EXPECT_TEXT(opened.build.manifest, project);
}

static void
what_is_missing_is_said_before_anything_is_started(void **state)
{
	const char *const missing[] = { "My.Module", "My.Other", NULL };
	const char *const strange[] = { "My..Module", NULL };
	const char *const toolchains[] = { "Init.Gone", NULL };
	const char *const bytes[] = { "My.\xff", NULL };

	(void)state;
	options.imports = missing;
	refuses(LW_V_IMPORT, "My.Other is not built");
	EXPECT_TEXT(error.message, "`lake build My.Other` in ");
	options.imports = strange;
	refuses(LW_V_IMPORT, "\"My..Module\" is not the name of a module");
	options.imports = bytes;
	refuses(LW_V_IMPORT, "is not the name of a module");
	options.imports = toolchains;
	refuses(LW_V_IMPORT, "It is the toolchain's own");
	options.imports = NULL;
	worker.child_path = "/none";
	refuses(LW_V_CHILD_NOT_FOUND, "/none");
	worker.child_path = support_child();
	build.sysroot = top;
	refuses(LW_V_TOOLCHAIN_NOT_FOUND, "there is no lib/lean/libleanshared.so");
	(void)setenv("LEANWORKER_PACKAGE", "/none", 1);
	refuses(LW_V_PACKAGE_NOT_FOUND, "/none, which LEANWORKER_PACKAGE names");
	assert_string_equal(steps, "check check check check check check check ");
}

static void
a_workspace_whose_path_is_not_utf8_is_named(void **state)
{
	const char *const imports[] = { "My.Module", NULL };
	char root[128];

	(void)state;
	(void)snprintf(root, sizeof root, "%s/\xff", top);
	shell("cp -r '%s' '%s'", project, root);
	options.imports = imports;
	options.import_root = root;
	refuses(LW_V_IMPORT, "the path is not UTF-8");
}

static void
a_cache_is_needed(void **state)
{
	const char *home = getenv("HOME");
	char kept[512];

	(void)state;
	(void)snprintf(kept, sizeof kept, "%s", home ? home : "");
	(void)setenv("XDG_CACHE_HOME", "relative", 1);
	(void)unsetenv("HOME");
	refuses(LW_V_BUILD_OUTPUT, "set XDG_CACHE_HOME or HOME");
	(void)setenv("XDG_CACHE_HOME", "/proc/none", 1);
	refuses(LW_V_BUILD_OUTPUT, "cannot be copied to /proc/none/leanworker/");
	if (home != NULL)
		(void)setenv("HOME", kept, 1);
}

/* As in Lean: the first folder that has anything of My decides, here the project's. */
static void
modules_are_looked_for_as_lean_does(void **state)
{
	const char *const shadowed[] = { "My.Hidden", NULL };

	(void)state;
	shell(
	    "cd '%s' && mkdir -p ../other/.lake/build/lib/lean/My && "
	    "touch ../other/.lake/build/lib/lean/My/Hidden.olean && "
	    "printf '{\"packages\":[{\"type\":\"path\",\"name\":\"other\",\"dir\":\"../other\"}]}' "
	    ">lake-manifest.json",
	    project);
	options.imports = shadowed;
	refuses(LW_V_IMPORT, "My.Hidden is not built");
	shell("rm -r '%s/.lake/build/lib/lean/My'", project);
	open_it();
}

static void
misuse_is_said(void **state)
{
	const char *const none[] = { NULL }, *const some[] = { "My.Module", NULL };
	struct lw_expectation expected = LW_EXPECTATION_INIT;

	(void)state;
	options.manifest = "x";
	refuses(LW_V_MISUSE, "one of build and manifest");
	options.manifest = NULL;
	options.build = NULL;
	refuses(LW_V_MISUSE, "one of build and manifest");
	options.build = &build;
	options.imports = none;
	refuses(LW_V_MISUSE, "imports names no module");
	options.imports = NULL;
	options.import_root = project;
	refuses(LW_V_MISUSE, "of no use without imports");
	options.import_root = NULL;
	options.imports = some;
	options.import_level = "public";
	refuses(LW_V_MISUSE, "import_level must be");
	options.import_level = NULL;
	options.imports = NULL;
	options.expected = &expected;
	refuses(LW_V_MISUSE, "metadata_export");
	expected.struct_size = 1;
	refuses(LW_V_MISUSE, "must begin as");
	options.expected = NULL;
	build.library = "My";
	build.project_root = NULL;
	refuses(LW_V_MISUSE, "project_root");
	assert_int_equal(lw_open(NULL, NULL, &opened, &error), LW_E_MISUSE);
	options.struct_size = 0;
	refuses(LW_V_MISUSE, "LW_OPEN_OPTIONS_INIT");
	assert_string_equal(steps, "");
	assert_string_equal(lw_step_name((lw_step)99), "?");
	lw_opened_close(NULL);
}

static void
a_deadline_and_a_token_are_for_all_steps(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct lw_opened untouched = LW_OPENED_INIT;
	lw_cancel_token *token;

	(void)state;
	call.deadline_ns = 1;
	assert_int_equal(lw_open(&options, &call, &untouched, &error), LW_E_TIMEOUT);
	call.deadline_ns = 0;
	assert_int_equal(lw_cancel_token_create(&token, &error), LW_OK);
	lw_cancel_token_cancel(token);
	call.cancel = token;
	assert_int_equal(lw_open(&options, &call, &untouched, &error), LW_E_CANCELLED);
	call.struct_size = 0;
	assert_int_equal(lw_open(&options, &call, &untouched, &error), LW_E_MISUSE);
	assert_null(untouched.worker);
	lw_cancel_token_free(&token);
}

/* ---- Checking ------------------------------------------------------------------------------- */

static void
check(int quick)
{
	lw_check_report_clear(&report);
	*steps = '\0';
	if (lw_capability_check(&options, quick, NULL, &report, &error) != LW_OK)
		fail_msg("%s", error.message);
}

static const struct lw_check_finding *
finding(const char *code)
{
	for (size_t i = 0; i < report.finding_count; i++)
		if (strcmp(report.findings[i].code, code) == 0)
			return &report.findings[i];
	fail_msg("there is no finding \"%s\"", code);
	return NULL;
}

static void
finds(const char *code, lw_severity severity, lw_verdict verdict, const char *words)
{
	const struct lw_check_finding *f = finding(code);

	assert_string_equal(lw_severity_name(f->severity), lw_severity_name(severity));
	assert_string_equal(lw_verdict_name(f->verdict), lw_verdict_name(verdict));
	EXPECT_TEXT(f->message, words);
	assert_int_equal(*f->advice == '\0', severity == LW_SEVERITY_PASS);
}

static void
a_quick_check_starts_nothing(void **state)
{
	(void)state;
	options.imports = my_module;
	check(1);
	assert_string_equal(steps, "check ");
	finds("child", LW_SEVERITY_PASS, LW_V_OK, "found");
	finds("package", LW_SEVERITY_PASS, LW_V_OK, "LeanWorkerLean");
	finds("toolchain", LW_SEVERITY_WARNING, LW_V_OK, "4.28.0");
	finds("lake", LW_SEVERITY_PASS, LW_V_OK, "found");
	finds("import", LW_SEVERITY_PASS, LW_V_OK, "My/Module.olean");
	assert_int_equal(lw_check_verdict(&report), LW_SEVERITY_WARNING);
	assert_true(report.step_ns[LW_STEP_CHECK] > 0);
	assert_true(report.step_ns[LW_STEP_START] == 0);
	shell("test ! -e '%s/cache'", top);
}

static void
a_whole_check_opens_and_closes(void **state)
{
	(void)state;
	options.imports = my_module;
	options.metadata_export = "metadata";
	check(0);
	assert_string_equal(steps, "check build load start health open metadata ");
	finds("metadata", LW_SEVERITY_PASS, LW_V_OK, " ms");
	assert_true(report.step_ns[LW_STEP_METADATA] > 0);
	assert_int_equal(lw_check_verdict(&report), LW_SEVERITY_WARNING);
	options.metadata_export = "nothing";
	check(0);
	finds("open", LW_SEVERITY_PASS, LW_V_OK, " ms");
	finds("metadata", LW_SEVERITY_ERROR, LW_V_EXPORT_UNKNOWN, "nothing");
}

static void
a_check_tells_all_that_it_finds(void **state)
{
	const char *const modules[] = { "My.Module", "My.\xc2\xabodd name\xc2\xbb", "Gone", NULL };
	size_t imports = 0, errors = 0;

	(void)state;
	shell("printf '{\"packages\":[{\"type\":\"git\",\"name\":\"far\",\"url\":\"x\"}]}' "
	      ">'%s/lake-manifest.json'",
	    project);
	build.library = "Some";
	worker.child_path = "/none";
	options.imports = modules;
	check(0);
	assert_string_equal(steps, "check "); /* nothing is started in vain */
	finds("child", LW_SEVERITY_ERROR, LW_V_CHILD_NOT_FOUND, "/none");
	finds("project", LW_SEVERITY_PASS, LW_V_OK, "a Lake project");
	finds("packages", LW_SEVERITY_ERROR, LW_V_BUILD_PACKAGES, "far");
	for (size_t i = 0; i < report.finding_count; i++) {
		imports += strcmp(report.findings[i].code, "import") == 0;
		errors += report.findings[i].severity == LW_SEVERITY_ERROR;
	}
	assert_int_equal(imports, 3);
	assert_int_equal(errors, 2); /* Gone may yet be built with the library */
	assert_int_equal(lw_check_verdict(&report), LW_SEVERITY_ERROR);
	build.allow_fetch = 1;
	check(1);
	finds("packages", LW_SEVERITY_WARNING, LW_V_OK, "far");
}

static void
the_files_of_a_manifest_are_looked_at(void **state)
{
	char manifest[128];

	(void)state;
	(void)snprintf(manifest, sizeof manifest, "%s/m.json", top);
	shell("cd '%s' && echo text >text.so && cp /bin/true program && mkfifo pipe && "
	      "printf '{\"leanworker_capability\":1,\"host\":\"lean\",\"library\":\"text.so\","
	      "\"dependencies\":[\"gone.so\",\"pipe\",\"program\",\"./program\"],\"module\":\"M\","
	      "\"runtime\":\"%s\",\"lean_version\":\"4.30.0\"}' >m.json",
	    top, support_runtime());
	options.build = NULL;
	options.manifest = manifest;
	check(0);
	finds("manifest", LW_SEVERITY_PASS, LW_V_OK, "of host lean");
	finds("runtime", LW_SEVERITY_PASS, LW_V_OK, "a shared library");
	finds("library", LW_SEVERITY_ERROR, LW_V_CAPABILITY_LOAD, "not an ELF file");
	finds("dependency", LW_SEVERITY_ERROR, LW_V_CAPABILITY_LOAD, "gone.so: No such file");
	EXPECT_TEXT(finding("dependency")[1].message, "pipe: not a regular file");
	finds("version", LW_SEVERITY_PASS, LW_V_OK, "built with");
	EXPECT_TEXT(report.findings[report.finding_count - 2].message, "listed twice");
	shell("echo '{' >'%s'", manifest);
	check(0);
	finds("manifest", LW_SEVERITY_ERROR, LW_V_MANIFEST, manifest);
	assert_int_equal(lw_check_verdict(NULL), LW_SEVERITY_PASS);
	assert_int_equal(lw_capability_check(&options, 0, NULL, NULL, &error), LW_E_MISUSE);
	lw_check_report_clear(NULL);
}

#define FOLDER_TEST(function)                                                                      \
	cmocka_unit_test_prestate_setup_teardown(function, begin, end, support_name(#function))

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_projects_folder_and_a_module_are_enough),
		FOLDER_TEST(the_project_itself_is_not_touched),
		FOLDER_TEST(a_manifest_opens_without_lake),
		FOLDER_TEST(metadata_is_expected),
		FOLDER_TEST(a_library_of_the_project_brings_its_own_package),
		FOLDER_TEST(what_is_missing_is_said_before_anything_is_started),
		FOLDER_TEST(a_workspace_whose_path_is_not_utf8_is_named),
		FOLDER_TEST(a_cache_is_needed),
		FOLDER_TEST(modules_are_looked_for_as_lean_does),
		FOLDER_TEST(misuse_is_said),
		FOLDER_TEST(a_deadline_and_a_token_are_for_all_steps),
		FOLDER_TEST(a_quick_check_starts_nothing),
		FOLDER_TEST(a_whole_check_opens_and_closes),
		FOLDER_TEST(a_check_tells_all_that_it_finds),
		FOLDER_TEST(the_files_of_a_manifest_are_looked_at),
	};

	return support_run(tests);
}
