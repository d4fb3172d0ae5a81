/* SPDX-License-Identifier: Apache-2.0 */
#include "leanworker/capability.h"
#include "leanworker/metadata.h"
#include "support/support.h"

static void
a_struct_of_each_header_has_its_size(void **state)
{
	(void)state;
	assert_int_equal(lw_struct_size("lw_error"), sizeof(struct lw_error));
	assert_int_equal(lw_struct_size("lw_build"), sizeof(struct lw_build));
	assert_int_equal(lw_struct_size("lw_metadata"), sizeof(struct lw_metadata));
}

static void
the_library_has_the_version_of_its_header(void **state)
{
	(void)state;
	assert_string_equal(lw_version(), LW_VERSION);
}

static void
what_is_no_struct_of_them_has_none(void **state)
{
	(void)state;
	assert_int_equal(lw_struct_size("lw_worker"), 0);
	assert_int_equal(lw_struct_size("lw_err"), 0);
	assert_int_equal(lw_struct_size(""), 0);
	assert_int_equal(lw_struct_size(NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_struct_of_each_header_has_its_size),
		LW_TEST(the_library_has_the_version_of_its_header),
		LW_TEST(what_is_no_struct_of_them_has_none),
	};

	return support_run(tests);
}
