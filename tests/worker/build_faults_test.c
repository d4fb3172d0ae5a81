/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every fallible call of finding, building and inspecting fails, one in each run: whatever fails, nothing
 * is left behind (the census sees to that), an error says so, and the next call succeeds. Lake's own run
 * takes long, so that of the points of a whole build only some are tried.
 */
#include "worker/harness.h"

#include <unistd.h>

#include "base/fault.h"
#include "leanworker/capability.h"

#define WHOLE_BUILD_STEP 29

static char top[64];
static struct lw_error error = LW_ERROR_INIT;

__attribute__((format(printf, 1, 2))) static void
shell(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static uint8_t up_to_date; /* what the last build found */

static lw_code
build(uint8_t always)
{
	static char project[128];
	struct lw_build_options options = LW_BUILD_OPTIONS_INIT;
	struct lw_build built = LW_BUILD_INIT;
	lw_code code;

	(void)snprintf(project, sizeof project, "%s/other", top);
	options.project_root = project;
	options.library = "Other";
	options.sysroot = support_toolchain();
	options.child_path = support_child();
	options.always = always;
	code = lw_build(&options, &built, &error);
	up_to_date = built.up_to_date;
	return code;
}

static lw_code
build_if_need_be(void)
{
	return build(0);
}

static lw_code
build_all(void)
{
	return build(1);
}

static lw_code
read_exports(void)
{
	struct lw_exports exports = LW_EXPORTS_INIT;
	lw_code code = lw_library_exports(
	    support_library(), support_child(), NULL, &exports, &error);

	lw_exports_clear(&exports);
	return code;
}

#ifdef LW_DEV
/* How many points failed a call. */
static unsigned
sweep(lw_code (*call)(void), uint64_t step)
{
	unsigned failures = 0;
	bool failed = true;

	for (uint64_t n = 1; failed; n += step) {
		lw_code code;

		error = (struct lw_error)LW_ERROR_INIT;
		lw_fault_arm(n, false);
		code = call();
		(void)lw_fault_disarm(&failed);
		if (code != LW_OK) {
			assert_true(failed);
			assert_int_equal(error.code, code);
			assert_int_not_equal(error.message[0], 0);
			failures++;
		}
	}
	assert_int_equal(call(), LW_OK);
	return failures;
}

static void
inspecting_survives_every_fault(void **state)
{
	(void)state;
	support_deadline(100);
	assert_true(sweep(read_exports, 17) > 10); /* a point for each name */
}

static void
a_look_whether_there_is_something_to_do_survives_every_fault(void **state)
{
	(void)state;
	support_deadline(100);
	do /* file times must be older than a tick for a stamp to be kept */
		assert_int_equal(build_if_need_be(), LW_OK);
	while (!up_to_date);
	assert_true(sweep(build_if_need_be, 1) > 0);
}

static void
a_build_survives_faults(void **state)
{
	(void)state;
	support_deadline(100);
	assert_true(sweep(build_all, WHOLE_BUILD_STEP) > 0);
}
#endif

static int
make_project(void **state)
{
	char template[] = "/tmp/lw_faults_XXXXXX";

	(void)state;
	if (mkdtemp(template) == NULL || realpath(template, top) == NULL)
		return -1;
	shell(
	    "mkdir -p %s/other/ir && cd %s/other && printf 'package other where\nlean_lib Other\n' "
	    ">lakefile.lean && echo >Other.lean && "
	    "echo 'void *initialize_other_Other(unsigned char b) { return 0; }' >ir/Other.c",
	    top, top);
	return build_all() == LW_OK && read_exports() == LW_OK ? 0 : -1;
}

static int
remove_project(void **state)
{
	(void)state;
	shell("rm -rf %s", top);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef LW_DEV
		LW_TEST(inspecting_survives_every_fault),
		LW_TEST(a_look_whether_there_is_something_to_do_survives_every_fault),
		LW_TEST(a_build_survives_faults),
#endif
	};

	support_start();
	return cmocka_run_group_tests(tests, make_project, remove_project);
}
