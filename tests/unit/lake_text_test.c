/* SPDX-License-Identifier: Apache-2.0 */
/* What Lake says, in the forms of its sources (docs/toolchains.md), and in forms that are none of them. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capability/lake_text.h"
#include "wire/names.h"

static char heard[1024];

static void
hear(void *context, const struct lw_progress *progress)
{
	size_t size = strlen(heard);

	(void)context;
	(void)snprintf(heard + size, sizeof heard - size, "%llu/%llu %s;",
	    (unsigned long long)progress->current, (unsigned long long)progress->total,
	    progress->phase);
}

/* In pieces of this many bytes: a pipe cuts anywhere. */
static struct lake_text
said(const char *text, size_t piece)
{
	struct lake_text t = { .on_progress = hear };

	*heard = '\0';
	for (size_t at = 0; at < strlen(text); at += piece)
		lake_text_add(&t, text + at, strlen(text) - at < piece ? strlen(text) - at : piece);
	lake_text_end(&t);
	return t;
}

static void
progress_is_heard(void **state)
{
	static const char text[] = "\xe2\x9c\x94 [1/10] Built A (1.2s)\n"
				   "\xe2\x9a\xa0 [2/10] Replayed B.C\nwarning: B/C.lean:1:0: x\n"
				   "[3/x] no\nno [4/5] either\n\xe2\x84\xb9 [5/10]glued\n"
				   "\xe2\x9c\x94 [10/10] Built L:shared";

	(void)state;
	for (size_t piece = 1; piece < sizeof text; piece += 7) {
		struct lake_text t = said(text, piece);

		assert_string_equal(
		    heard, "1/10 Built A (1.2s);2/10 Replayed B.C;10/10 Built L:shared;");
		assert_int_equal(t.error_size, 0);
	}
}

static void
the_first_error_with_a_place_is_kept(void **state)
{
	struct lake_text t = said("\xe2\x9c\x96 [2/4] Building A\n"
				  "trace: .> LEAN_PATH=x lean A.lean\n"
				  "warning: A.lean:1:0: unused\n"
				  "error: external command 'lean' exited with code 1\n"
				  "error: A.lean:3:5: type mismatch\n  x\nhas type\n  Nat\n"
				  "error: A.lean:9:0: another\n  of its own\n"
				  "error: Lean exited with code 1\n"
				  "Some required targets logged failures:\n- A\n"
				  "error: build failed\n",
	    5);

	(void)state;
	assert_string_equal(t.error, "A.lean:3:5: type mismatch\n  x\nhas type\n  Nat");
	assert_false(t.no_target);
	t = said("error: build failed\nmore\n", 3);
	assert_string_equal(t.error, "build failed\nmore");
	t = said("info: fine\n\nnothing: here\n", 3);
	assert_string_equal(t.error, "");
}

static void
a_missing_target_is_known(void **state)
{
	(void)state;
	assert_true(said("error: unknown target `Nope`\n", 9).no_target);
	assert_true(said("error: package 'p' has no target 'Nope'", 9).no_target);
	assert_true(said("error: unknown executable facet `shared`", 9).no_target);
	assert_true(said("error: invalid facet `shared`; target x has no facets", 9).no_target);
	assert_false(said("error: A.lean:1:0: unknown x facet `shared`\n", 9).no_target);
	assert_false(said("error: A.lean:1:0: unknown target `x`\n", 9).no_target);
	assert_false(said("unknown target `x`\n", 9).no_target);
}

static void
any_bytes_are_borne(void **state)
{
	char *text = malloc(100000);
	struct lake_text t;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 99999);
	memcpy(text, "error: A.lean:1:0: ", 19);
	text[99999] = '\0';
	t = said(text, 4096);
	assert_true(t.error_size < sizeof t.error);
	assert_int_equal(strlen(t.error), t.error_size);
	for (size_t i = 0; i < 99999; i++)
		text[i] = (char)(i % 7 == 0 ? '\n' : 128 + i % 100);
	(void)said(text, 1000);
	t = said("\xe2\x9c\x94 [99999999999999999999/1] far\n[1/", 2);
	free(text);
}

static void
chosen_names_are_told_from_made_ones(void **state)
{
	(void)state;
	assert_true(name_is_definition("lp_pkg_Mod_fn"));
	assert_true(name_is_definition("l_Nat_foo"));
	assert_true(name_is_definition("my_export___boxed"));
	assert_false(name_is_definition("initialize_pkg_Mod"));
	assert_true(name_is_generated("initialize_pkg_Mod"));
	assert_true(name_is_generated("meta_initialize_pkg_Mod"));
	assert_false(name_is_generated("my_export"));
	assert_true(name_ends_in("my_rows", "rows"));
	assert_true(name_ends_in("a_my_rows", "my_rows"));
	assert_false(name_ends_in("rows", "rows"));
	assert_false(name_ends_in("_rows", "rows"));
	assert_false(name_ends_in("arrows", "rows"));
	assert_false(name_ends_in("a_", ""));
	assert_false(name_ends_in("initialize_pkg_Mod", "Mod"));
}

/* Whether "NAME" may be asked for by what is behind its last so many bytes. */
static bool
is_family(const char *const *exports, const char *name, const char *short_name)
{
	struct name_family family = { .name = name, .prefix = strlen(name) - strlen(short_name) };

	assert_true(name_ends_in(name, short_name));
	for (; *exports != NULL; exports++)
		name_family_add(&family, *exports);
	return name_family_is_large(&family);
}

static void
a_short_name_is_what_follows_the_librarys_own(void **state)
{
	const char *const many[] = { "my_lib_rows", "my_lib_row_count", "initialize_pkg_Mod",
		"leanworker_session_open", "my_lib_rows___boxed", "_fini", "zlib_version", NULL };
	const char *const one[] = { "my_rows", NULL };
	const char *const strangers[] = { "a_rows", "b_rows", "c_rows", NULL };

	(void)state;
	assert_true(is_family(many, "my_lib_rows", "rows")); /* a stranger does not matter */
	assert_true(is_family(many, "my_lib_row_count", "row_count"));
	assert_false(is_family(many, "my_lib_row_count", "count"));
	assert_false(is_family(many, "zlib_version", "version"));
	assert_true(is_family(one, "my_rows", "rows"));
	assert_false(is_family(strangers, "a_rows", "rows"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(progress_is_heard),
		LW_TEST(the_first_error_with_a_place_is_kept),
		LW_TEST(a_missing_target_is_known),
		LW_TEST(any_bytes_are_borne),
		LW_TEST(chosen_names_are_told_from_made_ones),
		LW_TEST(a_short_name_is_what_follows_the_librarys_own),
	};

	return support_run(tests);
}
