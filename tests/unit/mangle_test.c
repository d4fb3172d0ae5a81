/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names marked "measured" were read in C that the Lean 4.28 compiler emitted. Of the others, those
 * that Lean can parse as a name were compared with what mkModuleInitializationFunctionName of the
 * same version answers; they were the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/lean/mangle.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void
check_names(const char *package, const char *module, const char *prefixed, const char *bare)
{
	struct lwl_initializer names;
	const char *why = lwl_initializer_names(package, module, &names);

	if (why != NULL)
		fail_msg("%s %s", module, why);
	assert_string_equal((const char *)buffer_front(&names.bare), bare);
	if (prefixed == NULL)
		assert_int_equal(buffer_size(&names.prefixed), 0);
	else
		assert_string_equal((const char *)buffer_front(&names.prefixed), prefixed);
	lwl_initializer_release(&names);
}

static void
check_module(const char *module, const char *bare)
{
	check_names("", module, NULL, bare);
}

static void
measured_names_are_spelled_as_the_compiler_does(void **state)
{
	(void)state;
	check_names("", "Cap2", NULL, "initialize_Cap2");
	check_names("my-pkg", "A_b.C1", "initialize_my_x2dpkg_A__b_C1", "initialize_A__b_C1");
	check_names("w2_k", "«my-mod».x1f", "initialize_w2__k_my_x2dmod_00x1f",
	    "initialize_my_x2dmod_00x1f");
}

/* Declarations follow the same rules as modules: measured as lp_w2__k_... */
static void
measured_declarations_are_spelled_as_the_compiler_does(void **state)
{
	(void)state;
	check_names("w2_k", "foo'", "initialize_w2__k_foo_x27", "initialize_foo_x27");
	check_names("w2_k", "αβ", "initialize_w2__k_00_u03b1_u03b2", "initialize_00_u03b1_u03b2");
	check_names("w2_k", "x_.y_", "initialize_w2__k_x___00y__", "initialize_x___00y__");
	check_names("w2_k", "x_.y_._boxed", "initialize_w2__k_x___00y___00__boxed",
	    "initialize_x___00y___00__boxed");
}

static void
letters_digits_and_dots_need_no_escape(void **state)
{
	(void)state;
	check_module("A", "initialize_A");
	check_module("Lean.Elab.Command", "initialize_Lean_Elab_Command");
	check_module("A1.B2c", "initialize_A1_B2c");
}

static void
other_characters_become_hexadecimal_of_fitting_width(void **state)
{
	(void)state;
	check_module("a-b", "initialize_a_x2db");
	check_module("a\x7f", "initialize_a_x7f");
	check_module("a\xc2\x80", "initialize_a_x80");
	check_module("a\xc3\xa9", "initialize_a_xe9");
	check_module("a\xc3\xbf", "initialize_a_xff");
	check_module("a\xc4\x80", "initialize_a_u0100");
	check_module("a\xe2\x82\x81", "initialize_a_u2081");
	check_module("a\xef\xbf\xbf", "initialize_a_uffff");
	check_module("a\xf0\x90\x80\x80", "initialize_a_U00010000");
	check_module("a\xf0\x9d\x94\xb8", "initialize_a_U0001d538");
}

static void
underscores_are_doubled_and_mark_what_follows_them(void **state)
{
	(void)state;
	check_module("a_b", "initialize_a__b");
	check_module("a_.b", "initialize_a___00b");
	check_module("a._b", "initialize_a___b");
	check_module("_a", "initialize___a");
	check_module("a._", "initialize_a_00__");
	check_module("_", "initialize_00__");
	check_module("a__.__b", "initialize_a_____00____b");
}

static void
components_that_read_like_escapes_are_marked(void **state)
{
	(void)state;
	check_module("a.x1f", "initialize_a_00x1f");
	check_module("a.x1g", "initialize_a_x1g");
	check_module("a.x1", "initialize_a_x1");
	check_module("a.x1F", "initialize_a_x1F");
	check_module("a.xab.c", "initialize_a_00xab_c");
	check_module("a.u03b1", "initialize_a_00u03b1");
	check_module("a.u03b", "initialize_a_u03b");
	check_module("a.use", "initialize_a_use");
	check_module("a.ubeef1", "initialize_a_00ubeef1");
	check_module("a.U0001d538", "initialize_a_00U0001d538");
	check_module("a.U0001d53", "initialize_a_U0001d53");
	check_module("x2d", "initialize_00x2d");
	check_module("a._x2d", "initialize_a_00__x2d");
	check_module("a.α", "initialize_a_00_u03b1");
	check_module("a.«-»", "initialize_a_00_x2d");
	check_module("a.2b", "initialize_a_002b");
	check_module("2b", "initialize_002b");
}

static void
digits_alone_are_a_number_unless_they_are_quoted(void **state)
{
	(void)state;
	check_module("A.1", "initialize_A_1_");
	check_module("A.1.B", "initialize_A_1__B");
	check_module("A.1.2.B", "initialize_A_1__2__B");
	check_module("1.A", "initialize_1__A");
	check_module("A.007", "initialize_A_7_");
	check_module("A.0", "initialize_A_0_");
	check_module("A.«1»", "initialize_A_001");
	check_module("A_.1.B_", "initialize_A___1__B__");
}

static void
quotes_make_one_component_of_anything(void **state)
{
	(void)state;
	check_module("«a.b»", "initialize_a_x2eb");
	check_module("«a.b».c", "initialize_a_x2eb_c");
	check_module("A.«my mod».B", "initialize_A_my_x20mod_B");
	check_module("«Abc»", "initialize_Abc");
	check_module("A.«»", "initialize_A_00");
	check_module("«-x»", "initialize_00_x2dx");
}

static void
a_package_is_one_text_without_marks(void **state)
{
	(void)state;
	check_names("2pkg", "A", "initialize_2pkg_A", "initialize_A");
	check_names("a.b", "A", "initialize_a_x2eb_A", "initialize_A");
	check_names("p_", "x1f", "initialize_p___00x1f", "initialize_00x1f");
	check_names("«my-pkg»", "A", "initialize_my_x2dpkg_A", "initialize_A");
	check_names("λ", "A", "initialize__u03bb_A", "initialize_A");
}

static void
names_that_are_none_are_refused(void **state)
{
	static const struct {
		const char *package, *module, *why;
	} cases[] = {
		{ "p", "", "empty" },
		{ "", ".", "component" },
		{ "", "A.", "component" },
		{ "", ".A", "component" },
		{ "", "A..B", "component" },
		{ "", "«A", "component" },
		{ "", "«A»B", "component" },
		{ "", "A.«", "component" },
		{ "", "A\xff", "UTF-8" },
		{ "p\xc3", "A", "UTF-8" },
	};
	struct lwl_initializer names;
	const char *why;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		why = lwl_initializer_names(cases[i].package, cases[i].module, &names);
		assert_non_null(why);
		if (strstr(why, cases[i].why) == NULL)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].module, why, cases[i].why);
		lwl_initializer_release(&names);
	}
}

static void
long_names_are_spelled_whole(void **state)
{
	char module[2001], bare[2100] = "initialize_";

	(void)state;
	memset(module, 'm', sizeof module - 1);
	module[sizeof module - 1] = '\0';
	memcpy(bare + strlen("initialize_"), module, sizeof module);
	check_module(module, bare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured_names_are_spelled_as_the_compiler_does),
		cmocka_unit_test(measured_declarations_are_spelled_as_the_compiler_does),
		cmocka_unit_test(letters_digits_and_dots_need_no_escape),
		cmocka_unit_test(other_characters_become_hexadecimal_of_fitting_width),
		cmocka_unit_test(underscores_are_doubled_and_mark_what_follows_them),
		cmocka_unit_test(components_that_read_like_escapes_are_marked),
		cmocka_unit_test(digits_alone_are_a_number_unless_they_are_quoted),
		cmocka_unit_test(quotes_make_one_component_of_anything),
		cmocka_unit_test(a_package_is_one_text_without_marks),
		cmocka_unit_test(names_that_are_none_are_refused),
		cmocka_unit_test(long_names_are_spelled_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
