/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/version.h"

#include "support/support.h"

/* Each is before the next; the middle of them is the order of Semantic Versioning's own example. */
static const char *const ordered[] = { "0", "0.0.1", "0.9", "1.0.0-alpha", "1.0.0-alpha.1",
	"1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
	"1.0.0.1", "1.2", "1.10", "4.30.0-rc1", "4.30.0-rc2", "v4.30.0",
	"99999999999999999999999.0", "100000000000000000000000.0" };
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void
versions_are_ordered_as_semantic_versioning_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t k = 0; k < COUNT(ordered); k++) {
			int order = version_compare(ordered[i], ordered[k]);

			if ((order < 0) != (i < k) || (order > 0) != (i > k))
				fail_msg("%s and %s: %d", ordered[i], ordered[k], order);
		}
}

static void
versions_that_mean_the_same_are_equal(void **state)
{
	static const char *const same[][2] = { { "1", "1.0.0.0" }, { "v1.2.3", "1.2.3" },
		{ "1.2.3+linux", "1.2.3+debian.7" }, { "1.02", "1.2" },
		{ "1.0-rc1+a", "1.0.0-rc1" } };

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		assert_int_equal(version_compare(same[i][0], same[i][1]), 0);
		assert_int_equal(version_compare(same[i][1], same[i][0]), 0);
	}
}

static void
a_text_that_is_no_version_is_none(void **state)
{
	static const char *const none[] = { "", "v", "vv1", "1.", ".1", "1..2", "1.2.3.4.5", "1.a",
		"1.0-", "1.0-a..b", "1.0-a_b", "1.0+", "1.0 ", " 1.0", "-1", "latest" };

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		assert_true(version_is_one(ordered[i]));
	for (size_t i = 0; i < COUNT(none); i++)
		if (version_is_one(none[i]))
			fail_msg("\"%s\" is taken for a version", none[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(versions_are_ordered_as_semantic_versioning_does),
		LW_TEST(versions_that_mean_the_same_are_equal),
		LW_TEST(a_text_that_is_no_version_is_none),
	};

	return support_run(tests);
}
