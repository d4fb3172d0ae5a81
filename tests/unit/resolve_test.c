/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where leanworker-child is looked for. The places are what the build and the kernel say; so that a
 * test can choose them, this file is compiled with resolve.c in it, and the library's is not linked.
 */
#include "support/support.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"

static char folder[64], beside_child[128], installed_child[128], built_child[128], named_child[128],
    executable[128], loaded_from[128], moved_child[128];

static ssize_t
our_readlink(const char *path, char *ret, size_t room)
{
	size_t size = strlen(executable);

	assert_string_equal(path, "/proc/self/exe");
	if (size == 0) {
		errno = ENOENT;
		return -1;
	}
	assert_true(size < room);
	memcpy(ret, executable, size);
	return (ssize_t)size;
}

static int
our_dladdr1(const void *address, Dl_info *ret_facts, void **ret_map, int flags)
{
	static struct link_map map;

	assert_non_null(address);
	assert_int_equal(flags, RTLD_DL_LINKMAP);
	(void)ret_facts;
	map.l_name = loaded_from;
	*ret_map = &map;
	return 1;
}

#undef LW_LIBEXEC_CHILD
#undef LW_LIBEXEC_FROM_LIBRARY
#undef LW_BUILD_TREE_CHILD
#define LW_LIBEXEC_CHILD        installed_child
#define LW_BUILD_TREE_CHILD     built_child
#define LW_LIBEXEC_FROM_LIBRARY "../libexec-child"
#define readlink                our_readlink
#define dladdr1                 our_dladdr1
#include "parent/resolve.c"
#undef dladdr1
#undef readlink

static void
make_file(const char *path, mode_t mode)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	(void)fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void
remove_all(void)
{
	const char *const paths[] = { beside_child, installed_child, built_child, named_child,
		moved_child };

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (*paths[i] != '\0' && unlink(paths[i]) < 0)
			(void)rmdir(paths[i]);
}

static int
begin(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)unsetenv("LEANWORKER_CHILD");
	(void)snprintf(folder, sizeof folder, "%s/lw_resolve_XXXXXX",
	    where != NULL && strlen(where) < 40 ? where : "/tmp");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(executable, sizeof executable, "%s/some-program", folder);
	loaded_from[0] = '\0'; /* as in a program that the library is linked into */
	(void)snprintf(beside_child, sizeof beside_child, "%s/leanworker-child", folder);
	(void)snprintf(installed_child, sizeof installed_child, "%s/installed-child", folder);
	(void)snprintf(built_child, sizeof built_child, "%s/built-child", folder);
	(void)snprintf(moved_child, sizeof moved_child, "%s/libexec-child", folder);
	(void)snprintf(named_child, sizeof named_child, "%s/named-child", folder);
	return support_begin(state);
}

static int
end(void **state)
{
	remove_all();
	(void)unsetenv("LEANWORKER_CHILD");
	return rmdir(folder) < 0 ? -1 : support_end(state);
}

static void
found_at(const char *explicit_path, const char *want)
{
	struct lw_error error = LW_ERROR_INIT;
	char *path = NULL;

	if (resolve_child(explicit_path, &path, &error) != LW_OK)
		fail_msg("not found: %s", error.message);
	assert_string_equal(path, want);
	sys_free(path);
}

static struct lw_error
not_found(const char *explicit_path)
{
	struct lw_error error = LW_ERROR_INIT;
	char *path = named_child;

	assert_int_equal(resolve_child(explicit_path, &path, &error), LW_E_SPAWN);
	assert_int_equal(error.verdict, LW_V_CHILD_NOT_FOUND);
	assert_ptr_equal(path, named_child); /* untouched */
	assert_int_equal(resolve_child(explicit_path, &path, NULL), LW_E_SPAWN);
	return error;
}

static void
says(const struct lw_error *error, const char *words)
{
	if (strstr(error->message, words) == NULL)
		fail_msg("want \"%s\", got \"%s\"", words, error->message);
}

static void
an_explicit_path_comes_before_everything(void **state)
{
	(void)state;
	make_file(named_child, 0755);
	make_file(beside_child, 0755);
	make_file(installed_child, 0755);
	(void)setenv("LEANWORKER_CHILD", installed_child, 1);
	found_at(named_child, named_child);
}

static void
an_explicit_path_is_final(void **state)
{
	struct lw_error error;

	(void)state;
	make_file(beside_child, 0755);
	make_file(installed_child, 0755);
	make_file(built_child, 0755);
	(void)setenv("LEANWORKER_CHILD", installed_child, 1);
	error = not_found(named_child);
	says(&error, named_child);
	says(&error, "child_path");
	says(&error, "No such file");
	says(&error, "only place tried");
}

static void
the_environments_path_comes_next_and_is_final(void **state)
{
	struct lw_error error;

	(void)state;
	make_file(beside_child, 0755);
	(void)setenv("LEANWORKER_CHILD", named_child, 1);
	error = not_found(NULL);
	says(&error, named_child);
	says(&error, "LEANWORKER_CHILD");
	says(&error, "only place tried");
	make_file(named_child, 0755);
	found_at(NULL, named_child);
}

static void
an_empty_setting_is_a_setting(void **state)
{
	(void)state;
	make_file(beside_child, 0755);
	(void)setenv("LEANWORKER_CHILD", "", 1);
	(void)not_found(NULL);
	(void)not_found("");
}

/* What is wrong with a file that the caller named is for exec to say. */
static void
a_named_file_need_not_be_a_program(void **state)
{
	(void)state;
	make_file(named_child, 0644);
	found_at(named_child, named_child);
	(void)setenv("LEANWORKER_CHILD", named_child, 1);
	found_at(NULL, named_child);
}

static void
other_places_are_tried_in_their_order(void **state)
{
	(void)state;
	make_file(built_child, 0755);
	found_at(NULL, built_child);
	make_file(installed_child, 0755);
	found_at(NULL, installed_child);
	make_file(beside_child, 0755);
	found_at(NULL, beside_child);
}

/* A tree that was installed and then moved has its own program, whatever the build had in mind. */
static void
a_moved_library_has_its_program_with_it(void **state)
{
	char path[256], want[256];

	(void)state;
	(void)snprintf(path, sizeof path, "%s/lib", folder);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(loaded_from, sizeof loaded_from, "%s/lib/libleanworker.so.0", folder);
	(void)snprintf(want, sizeof want, "%s/lib/../libexec-child", folder);
	make_file(installed_child, 0755);
	found_at(NULL, installed_child);
	make_file(moved_child, 0755);
	found_at(NULL, want);
	memmove(loaded_from, loaded_from + 1, strlen(loaded_from));
	found_at(NULL, installed_child); /* a relative name says nothing */
	make_file(beside_child, 0755);
	found_at(NULL, beside_child);
	assert_int_equal(rmdir(path), 0);
}

static void
what_cannot_be_executed_is_passed_over(void **state)
{
	(void)state;
	make_file(beside_child, 0644);
	assert_int_equal(mkdir(installed_child, 0755), 0);
	make_file(built_child, 0755);
	found_at(NULL, built_child);
}

static void
an_error_lists_every_place_and_why_it_was_none(void **state)
{
	struct lw_error error;

	(void)state;
	assert_int_equal(mkdir(installed_child, 0755), 0);
	make_file(built_child, 0644);
	error = not_found(NULL);
	says(&error, "beside the executable: ");
	says(&error, beside_child);
	says(&error, ": No such file");
	says(&error, "installed with the library: -");
	says(&error, "installed: ");
	says(&error, installed_child);
	says(&error, ": Is a directory");
	says(&error, "build tree: ");
	says(&error, built_child);
	says(&error, ": Permission denied");
	says(&error, "Set LEANWORKER_CHILD or child_path");
}

static void
an_installed_library_has_no_build_tree(void **state)
{
	struct lw_error error;

	(void)state;
	built_child[0] = '\0';
	error = not_found(NULL);
	says(&error, "build tree: -: this build has none");
}

static void
a_system_without_proc_is_survived(void **state)
{
	struct lw_error error;

	(void)state;
	executable[0] = '\0';
	error = not_found(NULL);
	says(&error, "beside the executable: -");
	make_file(built_child, 0755);
	found_at(NULL, built_child);
}

#define TEST(function)                                                                             \
	cmocka_unit_test_prestate_setup_teardown(function, begin, end, support_name(#function))

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_explicit_path_comes_before_everything),
		TEST(an_explicit_path_is_final),
		TEST(the_environments_path_comes_next_and_is_final),
		TEST(an_empty_setting_is_a_setting),
		TEST(a_named_file_need_not_be_a_program),
		TEST(other_places_are_tried_in_their_order),
		TEST(a_moved_library_has_its_program_with_it),
		TEST(what_cannot_be_executed_is_passed_over),
		TEST(an_error_lists_every_place_and_why_it_was_none),
		TEST(an_installed_library_has_no_build_tree),
		TEST(a_system_without_proc_is_survived),
	};

	return support_run(tests);
}
