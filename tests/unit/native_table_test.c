/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "host/native/table.h"

static int
run(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)request;
	(void)size;
	return 0;
}

static struct lw_guest_export exports[LWN_EXPORTS_MAX + 1];
static char names[LWN_EXPORTS_MAX + 1][32];
static struct lw_guest_capability table;
static struct host_message message;

static int
begin(void **state)
{
	(void)state;
	exports[0] = (struct lw_guest_export){ "scan", LW_GUEST_STREAM, run };
	exports[1] = (struct lw_guest_export){ "version", LW_GUEST_COMMAND, run };
	table = (struct lw_guest_capability)LW_GUEST_CAPABILITY("n", "1", exports, NULL, NULL);
	table.export_count = 2;
	memset(&message, 0, sizeof message);
	return 0;
}

static void
expect_fault(const char *words)
{
	assert_int_equal(lwn_table_check(&table, sizeof table, "lib.so", &message),
	    WIRE_OUTCOME_CAPABILITY_LOAD);
	if (strstr(message.text, words) == NULL || strncmp(message.text, "lib.so", 6) != 0)
		fail_msg("\"%s\" does not contain \"%s\"", message.text, words);
}

static void
expect_good(void)
{
	assert_int_equal(
	    lwn_table_check(&table, sizeof table, "lib.so", &message), WIRE_OUTCOME_OK);
	assert_string_equal(message.text, "");
}

static void
a_table_that_is_right_is_taken(void **state)
{
	(void)state;
	expect_good();
	table.struct_size += 8; /* something was added at its end since */
	expect_good();
}

static void
nothing_is_read_that_the_symbol_does_not_cover(void **state)
{
	char *exact = test_malloc(sizeof table);

	(void)state;
	memcpy(exact, &table, sizeof table);
	for (size_t size = 0; size < sizeof table; size++) {
		char *part = test_malloc(size + !size); /* so that a read past it is seen */

		memcpy(part, exact, size);
		assert_int_equal(lwn_table_check((const void *)part, size, "lib.so", &message),
		    WIRE_OUTCOME_CAPABILITY_LOAD);
		test_free(part);
	}
	test_free(exact);
}

static void
another_version_is_told_from_ours(void **state)
{
	(void)state;
	table.abi = 0;
	expect_fault("version 0 of the guest ABI, and this worker serves version 1");
	table.abi = LW_GUEST_ABI;
	table.struct_size = sizeof table - 1;
	expect_fault("LW_GUEST_CAPABILITY");
}

static void
a_capability_has_a_name_and_a_version(void **state)
{
	(void)state;
	table.name = NULL;
	expect_fault("the name in lw_guest_capability is NULL");
	table.name = "";
	expect_fault("the name in lw_guest_capability is empty");
	table.name = "\xc3(";
	expect_fault("is not UTF-8");
	table.name = "n";
	table.version = NULL;
	expect_fault("the version in lw_guest_capability is NULL");
}

static void
a_capability_has_exports(void **state)
{
	(void)state;
	table.export_count = 0;
	expect_fault("has 0 exports");
	table.export_count = LWN_EXPORTS_MAX + 1;
	expect_fault("4097 exports");
	table.export_count = 2;
	table.exports = NULL;
	expect_fault("at NULL");
}

static void
an_export_has_a_name(void **state)
{
	char name[257];

	(void)state;
	memset(name, 'a', 256);
	name[256] = '\0';
	exports[1].name = NULL;
	expect_fault("the name of export 1, counted from 0, is NULL");
	exports[1].name = "";
	expect_fault("is empty");
	exports[1].name = name;
	expect_fault("is longer than 255 bytes");
	exports[1].name = name + 1;
	memset(&message, 0, sizeof message);
	expect_good();
	exports[1].name = "\xff";
	expect_fault("is not UTF-8");
}

static void
an_export_has_a_kind_and_a_function_and_is_there_once(void **state)
{
	(void)state;
	exports[1].kind = (enum lw_guest_kind)0;
	expect_fault("export \"version\" has a kind");
	exports[1].kind = (enum lw_guest_kind)3;
	expect_fault("export \"version\" has a kind");
	exports[1].kind = LW_GUEST_STREAM;
	exports[1].function = NULL;
	expect_fault("export \"version\" has no function");
	exports[1].function = run;
	exports[1].name = "scan";
	expect_fault("export \"scan\" is in the table twice");
}

static void
fill_up(void)
{
	for (int i = 0; i < LWN_EXPORTS_MAX; i++) {
		(void)snprintf(names[i], sizeof names[i], "\xc3\xa4\xc3\xa4xport%d", i);
		exports[i] = (struct lw_guest_export){ names[i], LW_GUEST_STREAM, run };
	}
	table.export_count = LWN_EXPORTS_MAX;
}

static void
as_many_exports_as_fit_are_taken_and_their_list_is_cut(void **state)
{
	const struct lw_guest_export *found = NULL;

	(void)state;
	fill_up();
	expect_good();
	assert_int_equal(lwn_table_find(&table, names[4095], LW_GUEST_STREAM, &found, &message),
	    WIRE_OUTCOME_OK);
	assert_ptr_equal(found, &exports[4095]);
	assert_int_equal(lwn_table_find(&table, "no", LW_GUEST_STREAM, &found, &message),
	    WIRE_OUTCOME_EXPORT_UNKNOWN);
	assert_int_equal(
	    utf8_valid_prefix(message.text, strlen(message.text)), strlen(message.text));
	assert_string_equal(message.text + strlen(message.text) - 5, ", \xe2\x80\xa6");
	assert_in_range(strlen(message.text), 400, 700);
}

static void
an_export_is_found_by_name_and_kind(void **state)
{
	const struct lw_guest_export *found = NULL;

	(void)state;
	assert_int_equal(
	    lwn_table_find(&table, "version", LW_GUEST_COMMAND, &found, &message), WIRE_OUTCOME_OK);
	assert_ptr_equal(found, &exports[1]);
	assert_int_equal(lwn_table_find(&table, "version", LW_GUEST_STREAM, &found, &message),
	    WIRE_OUTCOME_EXPORT_KIND);
	assert_int_equal(lwn_table_find(&table, "vesrion", LW_GUEST_STREAM, &found, &message),
	    WIRE_OUTCOME_EXPORT_UNKNOWN);
	assert_string_equal(message.text,
	    "capability n has no export \"vesrion\". Did you mean \"version\"? "
	    "It has: scan, version");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_table_that_is_right_is_taken),
		TEST(nothing_is_read_that_the_symbol_does_not_cover),
		TEST(another_version_is_told_from_ours),
		TEST(a_capability_has_a_name_and_a_version),
		TEST(a_capability_has_exports),
		TEST(an_export_has_a_name),
		TEST(an_export_has_a_kind_and_a_function_and_is_there_once),
		TEST(as_many_exports_as_fit_are_taken_and_their_list_is_cut),
		TEST(an_export_is_found_by_name_and_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
