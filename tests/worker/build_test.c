/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a Lake project to rows, with the stand-in toolchain of tests/toolchain, which is not Lean. Small
 * projects are made here; the fixture is copied, and run in the end without Lake.
 */
#include "worker/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leanworker/capability.h"

static char top[64]; /* of this test's files, without symbolic links */
static char log_path[128];
static struct lw_build_options options;
static struct lw_build built;
static struct lw_error error;
static char phases[4096]; /* what Lake said it had done */

/* ---- Making projects ------------------------------------------------------------------------ */

static const char *
in_top(const char *path)
{
	static _Thread_local char room[4][512];
	static _Thread_local unsigned turn;
	char *made = room[turn++ % 4];

	(void)snprintf(made, sizeof room[0], "%s/%s", top, path);
	return made;
}

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
}

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

/* A library of one project that needs one of another. */
static void
put_project(void)
{
	put("small/lakefile.toml", "name = \"small-project\"\n\n[[require]]\nname = \"other\"\n"
				   "path = \"../other\"\n\n[[lean_lib]]\nname = \"Small\"\n");
	put("small/lake-manifest.json",
	    "{\"version\": \"1.1.0\", \"packagesDir\": \".lake/packages\", \"packages\":\n"
	    " [{\"type\": \"path\", \"name\": \"other\", \"dir\": \"../other\"}],\n"
	    " \"name\": \"\xc2\xabsmall-project\xc2\xbb\", \"lakeDir\": \".lake\"}\n");
	put("small/Small.lean", "import Other\n");
	put("small/ir/Small.c", "extern void *initialize_other_Other(unsigned char);\n"
				"void *initialize_small_x2dproject_Small(unsigned char b)\n"
				"{ return initialize_other_Other(b); }\n"
				"int small_declarations(void) { return 1; }\n");
	put("other/lakefile.lean", "package other where\n\nlean_lib Other\n");
	put("other/Other.lean", "-- nothing\n");
	put("other/ir/Other.c", "void *initialize_other_Other(unsigned char b)\n"
				"{ (void)b; return 0; }\n");
}

static void
keep_phase(void *context, const struct lw_progress *progress)
{
	size_t size = strlen(phases);

	(void)context;
	(void)snprintf(phases + size, sizeof phases - size, "%d/%d %s\n", (int)progress->current,
	    (int)progress->total, progress->phase);
}

static int
begin(void **state)
{
	char template[] = "/tmp/lw_build_XXXXXX";

	if (support_begin(state) != 0)
		return -1;
	support_deadline(60);
	if (mkdtemp(template) == NULL || realpath(template, top) == NULL)
		return -1;
	(void)snprintf(log_path, sizeof log_path, "%s/log", top);
	(void)setenv("STAND_IN_LOG", log_path, 1);
	(void)setenv("LC_ALL", "C.UTF-8", 1); /* as on most machines: Lake's icons */
	put("log", "");
	put_project();
	options = (struct lw_build_options)LW_BUILD_OPTIONS_INIT;
	built = (struct lw_build)LW_BUILD_INIT;
	error = (struct lw_error)LW_ERROR_INIT;
	options.project_root = strdup(in_top("small"));
	options.library = "Small";
	options.sysroot = support_toolchain();
	options.child_path = support_child();
	options.on_progress = keep_phase;
	*phases = '\0';
	return 0;
}

static int
end(void **state)
{
	free((char *)options.project_root);
	(void)unsetenv("STAND_IN_LAKE");
	(void)unsetenv("STAND_IN_LOG");
	shell("rm -rf '%s'", top);
	return support_end(state);
}

static void
build(void)
{
	if (lw_build(&options, &built, &error) != LW_OK)
		fail_msg(
		    "%s: %s\n%s", lw_verdict_name(error.verdict), error.message, error.log_tail);
}

static void
refuses(lw_verdict verdict, const char *words)
{
	struct lw_build untouched = LW_BUILD_INIT;
	lw_code code = lw_build(&options, &untouched, &error);

	assert_string_equal(lw_verdict_name(error.verdict), lw_verdict_name(verdict));
	assert_int_equal(code, lw_verdict_code(verdict));
	EXPECT_TEXT(error.message, words);
	assert_string_equal(untouched.manifest, "");
}

/* How often Lake was called. */
static int
calls(void)
{
	FILE *file = fopen(log_path, "re");
	char line[512];
	int count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		count += strncmp(line, "lake ", 5) == 0;
	assert_int_equal(fclose(file), 0);
	return count;
}

/* Sources that were edited just now are not trusted: Lake is asked until they are old enough. */
static void
build_until_up_to_date(void)
{
	int64_t until = harness_now_ms() + 20000;

	do {
		build();
		assert_true(harness_now_ms() < until);
	} while (!built.up_to_date);
}

/* ---- Building ------------------------------------------------------------------------------- */

static void
a_library_is_built_and_its_manifest_names_what_it_needs(void **state)
{
	lw_capability *capability = NULL;
	char text[1024];
	FILE *file;

	(void)state;
	build();
	assert_string_equal(
	    built.manifest, in_top("small/.lake/build/leanworker/Small.capability.json"));
	assert_string_equal(
	    built.library, in_top("small/.lake/build/lib/libsmall_x2dproject_Small.so"));
	assert_int_equal(built.dependencies, 1);
	assert_false(built.up_to_date);
	assert_string_equal(built.toolchain.version, "4.28.0");
	assert_true(built.elapsed_ns > 0);
	EXPECT_TEXT(phases, "1/2 Built Other:shared (");
	EXPECT_TEXT(phases, "2/2 Built Small:shared (");
	file = fopen(built.manifest, "re");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	assert_int_equal(fclose(file), 0);
	EXPECT_TEXT(text, "\"library\": \"../lib/libsmall_x2dproject_Small.so\"");
	EXPECT_TEXT(text, "\"../../"
			  "../../other/.lake/build/lib/libother_Other.so\"");
	EXPECT_TEXT(text, "\"package\": \"\xc2\xabsmall-project\xc2\xbb\"");
	EXPECT_TEXT(text, "\"module\": \"Small\"");
	EXPECT_TEXT(text, "\"lean_version\": \"4.28.0\"");
	assert_int_equal(lw_capability_load(built.manifest, &capability, &error), LW_OK);
	lw_capability_free(&capability);
}

static void
a_manifest_goes_where_it_is_wanted(void **state)
{
	char path[256];

	(void)state;
	(void)snprintf(path, sizeof path, "%s", in_top("my.json"));
	options.manifest = path;
	options.module = "Small.Root";
	build();
	assert_string_equal(built.manifest, path);
	shell("grep -q '\"small/.lake/build/lib/' '%s' && grep -q Small.Root '%s'", path, path);
	(void)snprintf(path, sizeof path, "%s", in_top("no/such/folder.json"));
	refuses(LW_V_BUILD_OUTPUT, "No such file or directory");
}

static void
nothing_changed_asks_nobody(void **state)
{
	int asked;

	(void)state;
	build_until_up_to_date();
	asked = calls();
	build();
	assert_true(built.up_to_date);
	assert_int_equal(built.dependencies, 1);
	assert_string_equal(
	    built.library, in_top("small/.lake/build/lib/libsmall_x2dproject_Small.so"));
	assert_int_equal(calls(), asked);
	options.always = 1;
	build();
	assert_false(built.up_to_date);
	assert_int_equal(calls(), asked + 1);
}

static void
expect_asked(const char *words)
{
	build();
	if (built.up_to_date || strstr(built.reason, words) == NULL)
		fail_msg("want \"%s\", got \"%s\"", words, built.reason);
	build_until_up_to_date();
}

/* Same size, and the time of its contents set back to what it was. */
static void
edit_unseen(const char *path, const char *text)
{
	struct stat before, after;
	struct timespec times[2];

	assert_int_equal(stat(in_top(path), &before), 0);
	put(path, text);
	times[0] = before.st_atim;
	times[1] = before.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, in_top(path), times, 0), 0);
	assert_int_equal(stat(in_top(path), &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_memory_equal(&after.st_mtim, &before.st_mtim, sizeof after.st_mtim);
}

static void
what_has_changed_is_seen(void **state)
{
	(void)state;
	build_until_up_to_date();
	edit_unseen("other/Other.lean", "-- another\n");
	expect_asked("other/Other.lean is new, or has changed");
	put("small/Small/New.lean", "");
	expect_asked("small/Small/New.lean is new, or has changed");
	assert_int_equal(unlink(in_top("small/Small/New.lean")), 0);
	expect_asked("small/Small");
	assert_int_equal(unlink(in_top("other/.lake/build/lib/libother_Other.so")), 0);
	expect_asked("libother_Other.so is not what was built");
	put("small/.lake/build/leanworker/Small.capability.json", "{}");
	expect_asked("Small.capability.json is not what was built");
	shell("cp -r '%s' '%s'", support_toolchain(), in_top("toolchain"));
	options.sysroot = in_top("toolchain");
	build();
	EXPECT_TEXT(built.reason, "the toolchain, or what was asked for, is another");
}

/* ---- Failing -------------------------------------------------------------------------------- */

static void
the_first_error_comes_first(void **state)
{
	(void)state;
	put("small/Small.lean", "import Other\n\n#stand_in_error unknown identifier 'x'\n");
	refuses(
	    LW_V_BUILD_FAILED, "Small.lean:3:0: unknown identifier 'x'\n  this belongs to it\n");
	assert_int_equal(strncmp(error.message, "Small.lean:3:0", 14), 0);
	EXPECT_TEXT(error.log_tail, "error: build failed");
	assert_true(error.log_bytes > 0);
	put("small/Small.lean", "import Other\n");
	build();
}

static void
each_lack_has_its_words(void **state)
{
	char bare[256];

	(void)state;
	options.library = "Nope";
	refuses(LW_V_BUILD_TARGET, "knows no library \"Nope\"");
	options.library = "--help";
	refuses(LW_V_MISUSE, "is not the name of a lean_lib");
	options.library = "Small";
	options.sysroot = in_top("none");
	refuses(LW_V_TOOLCHAIN_NOT_FOUND, "none: No such file or directory");
	(void)snprintf(bare, sizeof bare, "%s", in_top("bare"));
	shell("cp -r '%s' '%s' && rm '%s/bin/lake'", support_toolchain(), bare, bare);
	options.sysroot = bare;
	refuses(LW_V_LAKE_NOT_FOUND, "bare/bin/lake: No such file or directory");
	shell("echo nonsense >'%s/bin/lake' && chmod +x '%s/bin/lake'", bare, bare);
	refuses(LW_V_LAKE_NOT_FOUND, "could not be executed");
	EXPECT_TEXT(error.log_tail, "Exec format error");
	options.sysroot = support_toolchain();
	free((char *)options.project_root);
	options.project_root = strdup(in_top("other/ir"));
	refuses(LW_V_PROJECT_NOT_FOUND, "has no lakefile.lean and no lakefile.toml");
	options.child_path = "/none";
	free((char *)options.project_root);
	options.project_root = strdup(in_top("small"));
	refuses(LW_V_CHILD_NOT_FOUND, "/none");
}

static void
packages_are_not_fetched_unasked(void **state)
{
	(void)state;
	put("small/lake-manifest.json",
	    "{\"packages\": [{\"type\": \"git\", \"name\": \"\xc2\xab"
	    "far-away\xc2\xbb\","
	    " \"url\": \"https://example.invalid/x\"}], \"name\": \"s\"}");
	refuses(LW_V_BUILD_PACKAGES, "small/.lake/packages/far-away");
	assert_int_equal(calls(), 0);
	options.allow_fetch = 1;
	refuses(LW_V_BUILD_FAILED, "would clone .lake/packages/far-away");
	put("small/lake-manifest.json",
	    "{\"packages\": [{\"type\": \"svn\", \"name\": \"odd\"}], \"name\": \"s\"}");
	refuses(LW_V_PROJECT_NOT_FOUND, "package \"odd\" is of a type that is not known");
	put("small/lake-manifest.json",
	    "{\"packages\": [{\"type\": \"path\", \"name\": \"odd\"}], \"name\": \"s\"}");
	refuses(LW_V_PROJECT_NOT_FOUND, "package \"odd\" of type path has no \"dir\"");
	options.allow_fetch = 0;
	shell("rm '%s'", in_top("small/lake-manifest.json"));
	refuses(LW_V_BUILD_PACKAGES, "has no lake-manifest.json yet. Run `lake update`");
	put("small/lake-manifest.json", "{\"packages\": [}");
	refuses(LW_V_PROJECT_NOT_FOUND, "lake-manifest.json:1:");
}

static void
a_strange_lake_is_understood(void **state)
{
	char moved[256];

	(void)state;
	(void)setenv("STAND_IN_LAKE", "crash", 1);
	refuses(LW_V_BUILD_FAILED, "ended with status 139");
	(void)setenv("STAND_IN_LAKE", "silent", 1);
	refuses(LW_V_BUILD_OUTPUT, "did not say where it is");
	(void)setenv("STAND_IN_LAKE", "lies", 1);
	refuses(LW_V_BUILD_OUTPUT, "there is no such file");
	(void)unsetenv("STAND_IN_LAKE");
	(void)snprintf(moved, sizeof moved, "%s", in_top("\xff"));
	shell("cp -r '%s' '%s'", support_toolchain(), moved);
	options.sysroot = moved;
	refuses(LW_V_BUILD_OUTPUT, "libleanshared.so: the path is not UTF-8");
	options.sysroot = support_toolchain();
	build();
}

/* Two copies of a module in one process would be two worlds. */
static void
a_module_in_two_libraries_is_refused(void **state)
{
	(void)state;
	build();
	shell("cp '%s' '%s'", in_top("other/.lake/build/lib/libother_Other.so"),
	    in_top("other/.lake/build/lib/libOther.so"));
	options.always = 1;
	refuses(LW_V_BUILD_OUTPUT, "both define initialize_other_Other");
	shell("echo 'INPUT(x)' >'%s'", in_top("other/.lake/build/lib/libOther.so"));
	build(); /* a text for the linker is no library */
}

static void
a_library_that_nobody_built_is_missed(void **state)
{
	(void)state;
	put("small/ir/Small.c", "extern void *initialize_gone_Gone(unsigned char);\n"
				"extern void *initialize_Init(unsigned char);\n"
				"void *initialize_small_x2dproject_Small(unsigned char b)\n"
				"{ initialize_Init(b); return initialize_gone_Gone(b); }\n");
	refuses(LW_V_BUILD_OUTPUT, "needs initialize_gone_Gone, which no shared library");
}

/* ---- Ending early --------------------------------------------------------------------------- */

/* The process that the hanging Lake has started, once it has; it left its session. */
static pid_t
stray(void)
{
	FILE *file = fopen(log_path, "re");
	char line[512];
	int pid = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		(void)sscanf(line, "stray %d", &pid);
	assert_int_equal(fclose(file), 0);
	return (pid_t)pid;
}

static void
expect_nobody_left(void)
{
	pid_t pid = stray();

	assert_true(pid > 0);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void
a_build_ends_at_its_time_with_all_that_it_started(void **state)
{
	int64_t began = harness_now_ms();

	(void)state;
	(void)setenv("STAND_IN_LAKE", "hang", 1);
	options.build_ms = 1500;
	refuses(LW_V_BUILD_TIMEOUT, "were ended");
	assert_true(harness_now_ms() - began < 10000);
	EXPECT_TEXT(phases, "1/2 Built the hang");
	expect_nobody_left();
}

/* A copy of this process, forked while Lake runs, has every descriptor that this has, and lives on. */
static void
fork_at_progress(void *context, const struct lw_progress *progress)
{
	pid_t *copy = context;

	(void)progress;
	if (*copy != 0)
		return;
	*copy = fork();
	if (*copy == 0) {
		(void)pause();
		_exit(0);
	}
}

static void
a_forked_copy_of_the_application_holds_nothing_up(void **state)
{
	int64_t began = harness_now_ms();
	pid_t copy = 0;

	(void)state;
	(void)setenv("STAND_IN_LAKE", "hang", 1);
	options.build_ms = 1500;
	options.on_progress = fork_at_progress;
	options.context = &copy;
	refuses(LW_V_BUILD_TIMEOUT, "were ended");
	assert_true(copy > 0);
	assert_true(harness_now_ms() - began < 4500); /* nobody waited for the copy's end */
	expect_nobody_left();
	assert_int_equal(kill(copy, SIGKILL), 0);
	assert_int_equal(waitpid(copy, NULL, 0), copy);
}

static void
cancel_at_progress(void *context, const struct lw_progress *progress)
{
	(void)progress;
	lw_cancel_token_cancel(context);
}

static void
a_build_can_be_cancelled(void **state)
{
	lw_cancel_token *token = NULL;

	(void)state;
	assert_int_equal(lw_cancel_token_create(&token, &error), LW_OK);
	(void)setenv("STAND_IN_LAKE", "hang", 1);
	options.cancel = token;
	options.on_progress = cancel_at_progress;
	options.context = token;
	refuses(LW_V_CANCELLED, "were ended");
	expect_nobody_left();
	(void)unsetenv("STAND_IN_LAKE");
	refuses(LW_V_CANCELLED, "cancelled"); /* from the first step on */
	lw_cancel_token_free(&token);
}

/* ---- Two at once ---------------------------------------------------------------------------- */

static void *
build_slowly(void *context)
{
	struct lw_build_options mine = options;
	struct lw_build result = LW_BUILD_INIT;

	mine.on_progress = NULL;
	*(lw_code *)context = lw_build(&mine, &result, NULL);
	return NULL;
}

static void
go_when_waiting(void *context, const struct lw_progress *progress)
{
	if (strcmp(progress->phase, "waiting for another build") != 0)
		return;
	put("go", "");
	++*(int *)context;
}

static void
builds_wait_for_each_other(void **state)
{
	lw_code code = LW_E_BUG;
	pthread_t thread;
	int waited = 0;

	(void)state;
	(void)setenv("STAND_IN_LAKE", "slow", 1);
	(void)setenv("STAND_IN_GO", in_top("go"), 1);
	assert_int_equal(pthread_create(&thread, NULL, build_slowly, &code), 0);
	while (calls() == 0)
		(void)usleep(1000);
	options.build_ms = 100;
	refuses(LW_V_BUILD_TIMEOUT, "another build of");
	options.build_ms = 0;
	options.on_progress = go_when_waiting;
	options.context = &waited;
	build();
	assert_int_equal(waited, 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(code, LW_OK);
}

/* ---- From sources to rows ------------------------------------------------------------------- */

static void
copy_fixture(void)
{
	shell("mkdir -p '%s/t/fixtures' && cp -r '%s/fixtures/interop' '%s/t/fixtures/' && "
	      "cp -r '%s/lean' '%s/t/lean' && rm -rf '%s/t/lean/.lake' "
	      "'%s/t/fixtures/interop/.lake'",
	    top, support_source(), top, support_source(), top, top, top);
}

/* The whole way, and then without Lake: moved elsewhere, with nothing on the PATH. */
static void
a_built_fixture_runs_where_it_was_moved_without_lake(void **state)
{
	struct harness h = HARNESS_INIT;
	lw_capability *capability = NULL;
	char manifest[512], path[4096];

	(void)state;
	copy_fixture();
	free((char *)options.project_root);
	options.project_root = strdup(in_top("t/fixtures/interop"));
	options.library = "Interop";
	build();
	assert_int_equal(built.dependencies, 1);
	EXPECT_TEXT(phases, "Built LeanWorker:shared");
	shell("mv '%s/t' '%s/moved'", top, top);
	(void)snprintf(manifest, sizeof manifest,
	    "%s/moved/fixtures/interop/.lake/build/leanworker/Interop.capability.json", top);
	(void)snprintf(path, sizeof path, "%s", getenv("PATH"));
	(void)setenv("PATH", "", 1);
	harness_start(&h);
	if (lw_capability_load(manifest, &capability, &h.error) != LW_OK ||
	    lw_session_open(h.worker, capability, NULL, &h.session, &h.error) != LW_OK)
		fail_msg("%s", h.error.message);
	lw_capability_free(&capability);
	assert_int_equal(harness_stream(&h, "leanworker_fixture_many", "{\"count\":2}"), LW_OK);
	assert_int_equal(h.summary.rows, 2);
	harness_end(&h);
	(void)setenv("PATH", path, 1);
}

/* Two links in a circle double the ways with every level; nothing in them is a file that would be counted. */
static void
links_in_circles_end_the_look_at_the_sources(void **state)
{
	(void)state;
	put("small/d/x", "");
	shell("cd %s/small/d && rm x && ln -s . one && ln -s . other", top);
	build();
	assert_false(built.up_to_date);
}

static void *
build_own_package(void *together)
{
	struct lw_build_options own = LW_BUILD_OPTIONS_INIT;
	struct lw_build made = LW_BUILD_INIT;
	struct lw_error why = LW_ERROR_INIT;
	lw_code code;

	own.sysroot = support_toolchain();
	own.child_path = support_child();
	(void)pthread_barrier_wait(together);
	code = lw_build(&own, &made, &why);
	if (code != LW_OK)
		print_error("%s: %s\n", lw_verdict_name(why.verdict), why.message);
	return (void *)(uintptr_t)code;
}

/* The package is copied before there is a project whose lock could be taken. */
static void
threads_may_begin_with_an_empty_cache_at_once(void **state)
{
	pthread_t threads[8];
	pthread_barrier_t together;
	void *code;

	(void)state;
	(void)setenv("XDG_CACHE_HOME", in_top("cache"), 1);
	shell("cp -r '%s/lean' '%s/package' && rm -rf '%s/package/.lake'", support_source(), top,
	    top);
	(void)setenv("LEANWORKER_PACKAGE", in_top("package"), 1);
	assert_int_equal(pthread_barrier_init(&together, NULL, 8), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, build_own_package, &together), 0);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], &code), 0);
		assert_null(code);
	}
	assert_int_equal(pthread_barrier_destroy(&together), 0);
	(void)unsetenv("XDG_CACHE_HOME");
	(void)unsetenv("LEANWORKER_PACKAGE");
}

/* Without it Lake might write another lean-toolchain, and let elan install that. */
static void
lake_is_told_to_keep_the_toolchain(void **state)
{
	(void)state;
	build();
	shell("grep -q -e '^lake query .*--keep-toolchain' %s", log_path);
}

#define FOLDER_TEST(function)                                                                      \
	cmocka_unit_test_prestate_setup_teardown(function, begin, end, support_name(#function))

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_library_is_built_and_its_manifest_names_what_it_needs),
		FOLDER_TEST(a_manifest_goes_where_it_is_wanted),
		FOLDER_TEST(nothing_changed_asks_nobody),
		FOLDER_TEST(what_has_changed_is_seen),
		FOLDER_TEST(links_in_circles_end_the_look_at_the_sources),
		FOLDER_TEST(threads_may_begin_with_an_empty_cache_at_once),
		FOLDER_TEST(lake_is_told_to_keep_the_toolchain),
		FOLDER_TEST(the_first_error_comes_first),
		FOLDER_TEST(each_lack_has_its_words),
		FOLDER_TEST(packages_are_not_fetched_unasked),
		FOLDER_TEST(a_strange_lake_is_understood),
		FOLDER_TEST(a_module_in_two_libraries_is_refused),
		FOLDER_TEST(a_library_that_nobody_built_is_missed),
		FOLDER_TEST(a_build_ends_at_its_time_with_all_that_it_started),
		FOLDER_TEST(a_forked_copy_of_the_application_holds_nothing_up),
		FOLDER_TEST(a_build_can_be_cancelled),
		FOLDER_TEST(builds_wait_for_each_other),
		FOLDER_TEST(a_built_fixture_runs_where_it_was_moved_without_lake),
	};

	return support_run(tests);
}
