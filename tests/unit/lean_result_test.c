/* SPDX-License-Identifier: Apache-2.0 */
/* Results are made by hand and counted; the runtime is a few functions that do what Lean's do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/lean/result.h"

#define USER_ERROR 18

static int live;

static lwl_object *
new_object(size_t size, unsigned tag, unsigned fields)
{
	lwl_object *o = calloc(1, size);

	assert_non_null(o);
	*o = (lwl_object){ .m_rc = 1, .m_other = (uint8_t)fields, .m_tag = (uint8_t)tag };
	live++;
	return o;
}

static lwl_object *
new_ctor(unsigned tag, unsigned fields, lwl_object *first)
{
	lwl_object *o = new_object(sizeof(lwl_ctor) + fields * sizeof(lwl_object *), tag, fields);

	for (unsigned i = 0; i < fields; i++)
		((lwl_ctor *)o)->m_objs[i] = i == 0 ? first : lwl_box(0);
	return o;
}

static lwl_object *
new_string(const char *text)
{
	size_t size = strlen(text);
	lwl_object *o = new_object(sizeof(lwl_string) + size + 1, LWL_TAG_STRING, 0);
	lwl_string *string = (lwl_string *)o;

	string->m_size = string->m_capacity = size + 1;
	string->m_length = size;
	memcpy(string->m_data, text, size + 1);
	return o;
}

static void
free_at_zero(lwl_object *o)
{
	assert_int_equal(o->m_rc, 1);
	if (o->m_tag <= LWL_TAG_MAX_CTOR)
		for (unsigned i = 0; i < o->m_other; i++)
			lwl_dec(lwl_ctor_get(o, i), free_at_zero);
	free(o);
	live--;
}

static lwl_object *
error_to_string(lwl_object *error)
{
	lwl_object *text;

	if (lwl_is_scalar(error))
		return new_string("end of file");
	text = lwl_ctor_get(error, 0);
	lwl_inc(text, lwl_inc_shared);
	lwl_dec(error, free_at_zero);
	return text;
}

static const struct lwl_runtime runtime = {
	.dec_ref_cold = free_at_zero,
	.io_error_to_string = error_to_string,
};

static int
nothing_is_left(void **state)
{
	(void)state;
	return live;
}

static void
check_foreign(lwl_object *result, const char *want)
{
	struct host_message message;
	lwl_object *value;

	assert_int_equal(lwl_result_take(&runtime, result, &value, &message), LWL_RESULT_FOREIGN);
	assert_string_equal(message.text, want);
}

static void
check_error(lwl_object *result, const char *want)
{
	struct host_message message;
	lwl_object *value;

	assert_int_equal(lwl_result_take(&runtime, result, &value, &message), LWL_RESULT_ERROR);
	assert_string_equal(message.text, want);
}

static void
an_io_result_gives_its_value_and_is_released(void **state)
{
	struct host_message message;
	lwl_object *text = new_string("x"), *value = NULL;

	(void)state;
	assert_int_equal(
	    lwl_result_take(&runtime, new_ctor(0, 1, text), &value, &message), LWL_RESULT_OK);
	assert_ptr_equal(value, text);
	assert_int_equal(live, 1);
	assert_int_equal(text->m_rc, 1);
	lwl_release(&runtime, value);
}

static void
a_number_in_an_io_result_is_not_counted(void **state)
{
	struct host_message message;
	lwl_object *value = NULL;

	(void)state;
	assert_int_equal(
	    lwl_result_take(&runtime, new_ctor(0, 1, lwl_box(4)), &value, &message), LWL_RESULT_OK);
	assert_int_equal(lwl_unbox(value), 4);
	lwl_release(&runtime, value);
}

static void
a_result_with_the_token_of_older_versions_is_read_too(void **state)
{
	struct host_message message;
	lwl_object *value = NULL;

	(void)state;
	assert_int_equal(
	    lwl_result_take(&runtime, new_ctor(0, 2, lwl_box(7)), &value, &message), LWL_RESULT_OK);
	assert_int_equal(lwl_unbox(value), 7);
	check_error(new_ctor(1, 2, new_ctor(USER_ERROR, 1, new_string("old"))), "old");
}

static void
a_persistent_value_is_left_as_it_is(void **state)
{
	struct host_message message;
	lwl_object *text = new_string("constant"), *value = NULL;

	(void)state;
	text->m_rc = 0;
	assert_int_equal(
	    lwl_result_take(&runtime, new_ctor(0, 1, text), &value, &message), LWL_RESULT_OK);
	lwl_release(&runtime, value);
	assert_int_equal(text->m_rc, 0);
	free(text);
	live--;
}

static void
a_value_that_threads_share_keeps_its_negative_count(void **state)
{
	struct host_message message;
	lwl_object *text = new_string("shared"), *value = NULL;
	lwl_object *result = new_ctor(0, 1, text);

	(void)state;
	result->m_rc = 2; /* somebody else keeps the result, and so the value */
	text->m_rc = -1;
	assert_int_equal(lwl_result_take(&runtime, result, &value, &message), LWL_RESULT_OK);
	assert_int_equal(text->m_rc, -2);
	assert_int_equal(result->m_rc, 1);
	text->m_rc = 1;
	lwl_release(&runtime, result);
}

static void
an_io_error_gives_its_text(void **state)
{
	(void)state;
	check_error(
	    new_ctor(1, 1, new_ctor(USER_ERROR, 1, new_string("no such thing"))), "no such thing");
	check_error(new_ctor(1, 1, new_ctor(USER_ERROR, 1, new_string(""))), "");
}

static void
the_error_without_fields_is_a_number(void **state)
{
	(void)state;
	check_error(new_ctor(1, 1, lwl_box(17)), "end of file");
}

static void
a_string_that_is_thrown_is_its_own_text(void **state)
{
	(void)state;
	check_error(new_ctor(1, 1, new_string("thrown")), "thrown");
}

static void
a_long_error_is_cut_between_characters(void **state)
{
	struct host_message message;
	lwl_object *value, *text;
	char long_text[3001];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof long_text; i += 3)
		memcpy(long_text + i, "\xe2\x86\x92", 3);
	long_text[sizeof long_text - 1] = '\0';
	text = new_ctor(1, 1, new_ctor(USER_ERROR, 1, new_string(long_text)));
	assert_int_equal(lwl_result_take(&runtime, text, &value, &message), LWL_RESULT_ERROR);
	assert_int_equal(strlen(message.text), (sizeof message.text - 1) / 3 * 3);
}

static void
errors_that_are_none_are_foreign(void **state)
{
	static const char want[] = "an error that is no IO.Error";

	(void)state;
	check_foreign(new_ctor(1, 1, lwl_box(0)), want);
	check_foreign(new_ctor(1, 1, lwl_box(18)), want);
	check_foreign(new_ctor(1, 1, new_ctor(19, 1, lwl_box(0))), want);
	check_foreign(new_ctor(1, 1, new_object(sizeof(lwl_array), LWL_TAG_ARRAY, 0)), want);
}

static void
a_result_that_holds_no_object_is_not_released(void **state)
{
	lwl_object *result = new_ctor(0, 1, NULL);

	(void)state;
	check_foreign(result, "an IO result that holds no object");
	((lwl_ctor *)result)->m_objs[0] = lwl_box(0);
	lwl_release(&runtime, result);
}

static void
what_is_no_object_is_not_read(void **state)
{
	(void)state;
	check_foreign(NULL, "the raw value 0, not an object");
	check_foreign(lwl_box(1), "the raw value 0x3, not an object");
	check_foreign((lwl_object *)(uintptr_t)8, "the raw value 0x8, not an object");
	check_foreign((lwl_object *)(uintptr_t)0xfff8, "the raw value 0xfff8, not an object");
	check_foreign(
	    (lwl_object *)(uintptr_t)0x7f0000000004, "the raw value 0x7f0000000004, not an object");
}

static void
objects_that_are_no_io_results_are_named_and_released(void **state)
{
	(void)state;
	check_foreign(new_string("pure"), "a String");
	check_foreign(new_object(sizeof(lwl_array), LWL_TAG_ARRAY, 0), "an Array");
	check_foreign(new_object(sizeof(lwl_closure), LWL_TAG_CLOSURE, 0), "a function");
	check_foreign(
	    new_object(sizeof(lwl_external), LWL_TAG_EXTERNAL, 0), "an object with tag 254");
	check_foreign(new_ctor(2, 1, lwl_box(0)), "constructor 2 with 1 object fields");
	check_foreign(new_ctor(0, 0, NULL), "constructor 0 with 0 object fields");
	check_foreign(new_ctor(0, 3, lwl_box(0)), "constructor 0 with 3 object fields");
}

static void
values_are_described_in_the_same_words(void **state)
{
	struct host_message message;
	lwl_object *text = new_string("x");

	(void)state;
	lwl_describe(lwl_box(256), &message);
	assert_string_equal(message.text, "the number 256");
	lwl_describe(text, &message);
	assert_string_equal(message.text, "a String");
	lwl_describe(NULL, &message);
	assert_string_equal(message.text, "no object (0)");
	lwl_release(&runtime, text);
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_io_result_gives_its_value_and_is_released),
		TEST(a_number_in_an_io_result_is_not_counted),
		TEST(a_result_with_the_token_of_older_versions_is_read_too),
		TEST(a_persistent_value_is_left_as_it_is),
		TEST(a_value_that_threads_share_keeps_its_negative_count),
		TEST(an_io_error_gives_its_text),
		TEST(the_error_without_fields_is_a_number),
		TEST(a_string_that_is_thrown_is_its_own_text),
		TEST(a_long_error_is_cut_between_characters),
		TEST(errors_that_are_none_are_foreign),
		TEST(a_result_that_holds_no_object_is_not_released),
		TEST(what_is_no_object_is_not_read),
		TEST(objects_that_are_no_io_results_are_named_and_released),
		TEST(values_are_described_in_the_same_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
