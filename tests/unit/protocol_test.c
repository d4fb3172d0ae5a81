/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of the protocol, and docs/protocol.md, which describes its bytes: each message must
 * have a section there that begins with its side, and each outcome a row.
 */
#include "support/support.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "wire/protocol.h"

#define COUNT(array)    (sizeof(array) / sizeof(array)[0])
#define ANSWER_PHASES   (WIRE_STARTING | WIRE_OPENING | WIRE_BUSY | WIRE_CHECKED | WIRE_LEAVING)
#define QUESTION_PHASES (WIRE_READY | WIRE_IDLE)

static const unsigned ids[] = {
#define X(id, name, from, phases, flags) (id),
	WIRE_MESSAGES(X)
#undef X
};

static const struct {
	unsigned id;
	const char *name;
} outcomes[] = {
#define X(id, name, phases) { (id), #name },
	WIRE_OUTCOMES(X)
#undef X
};

static void
ids_are_dense_and_in_order(void **state)
{
	(void)state;
	assert_null(wire_rule(0));
	for (unsigned i = 0; i < COUNT(ids); i++)
		assert_int_equal(ids[i], i + 1);
	assert_int_equal(WIRE_MESSAGE_END, COUNT(ids) + 1);
	assert_true(WIRE_MESSAGE_END <= 32); /* a bit for each in the parent's record */
}

static void
ids_that_the_table_does_not_have_have_no_rule(void **state)
{
	(void)state;
	for (unsigned id = WIRE_MESSAGE_END; id < 1000; id++)
		assert_null(wire_rule(id));
	assert_null(wire_rule(0x80000000u));
	assert_null(wire_rule(0xffffffffu));
}

static void
every_message_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned a = 1; a < WIRE_MESSAGE_END; a++) {
		const char *name = wire_rule(a)->name;

		assert_true(strlen(name) > 0);
		for (const char *at = name; *at != '\0'; at++)
			assert_true(isupper((unsigned char)*at));
		for (unsigned b = a + 1; b < WIRE_MESSAGE_END; b++)
			assert_string_not_equal(name, wire_rule(b)->name);
	}
}

static void
every_message_comes_from_one_side_and_has_its_phases(void **state)
{
	(void)state;
	for (unsigned id = 1; id < WIRE_MESSAGE_END; id++) {
		const struct wire_rule *rule = wire_rule(id);
		unsigned allowed = rule->from == WIRE_PARENT ? QUESTION_PHASES : ANSWER_PHASES;

		assert_true(rule->from == WIRE_PARENT || rule->from == WIRE_WORKER);
		assert_true(rule->phases != 0);
		if (rule->phases & ~allowed)
			fail_msg("%s has a phase in which its side may not speak", rule->name);
		assert_int_equal(rule->flags & ~(unsigned)(WIRE_CHUNKED | WIRE_ONCE), 0);
	}
}

static void
every_question_is_asked_once_for_its_number(void **state)
{
	(void)state;
	for (unsigned id = 1; id < WIRE_MESSAGE_END; id++)
		if (wire_rule(id)->from == WIRE_PARENT)
			assert_true(wire_rule(id)->flags & WIRE_ONCE);
}

static void
outcomes_are_dense_and_each_has_a_name_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(WIRE_OUTCOME_END, COUNT(outcomes));
	for (unsigned a = 0; a < COUNT(outcomes); a++) {
		assert_int_equal(outcomes[a].id, a);
		for (unsigned b = a + 1; b < COUNT(outcomes); b++)
			assert_string_not_equal(outcomes[a].name, outcomes[b].name);
	}
}

static void
the_sizes_agree_with_each_other(void **state)
{
	(void)state;
	assert_int_equal(WIRE_FRAME_MAX, WIRE_HEADER_SIZE + WIRE_BODY_MAX);
	assert_true(WIRE_STREAM_NAME_MAX + 4 < WIRE_BODY_MAX);
	assert_true(WIRE_ROW_CAP_DEFAULT > WIRE_BODY_MAX);
}

/* ---- docs/protocol.md ---------------------------------------------------------------------- */

static bool
read_documentation(char *ret_text, size_t room)
{
	char path[4096];
	FILE *file;
	size_t size;

	(void)snprintf(path, sizeof path, "%s/docs/protocol.md", support_source());
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	size = fread(ret_text, 1, room - 1, file);
	ret_text[size] = '\0';
	assert_true(feof(file));
	(void)fclose(file);
	return true;
}

/* What follows the first line that is, or begins with, these words. */
static const char *
after_line(const char *text, const char *words)
{
	char wanted[128];
	const char *found;

	(void)snprintf(wanted, sizeof wanted, "\n%s", words);
	found = strstr(text, wanted);
	return found ? found + strlen(wanted) : NULL;
}

static void
check_section(const char *text, const struct wire_rule *rule)
{
	const char *side = rule->from == WIRE_PARENT ? "Parent" : "Worker", *body;
	char heading[64];

	(void)snprintf(heading, sizeof heading, "### %s\n", rule->name);
	body = after_line(text, heading);
	if (body == NULL)
		fail_msg("docs/protocol.md has no section \"%s\"", rule->name);
	else if (strncmp(body, side, strlen(side)) != 0)
		fail_msg("the section \"%s\" does not begin with \"%s\"", rule->name, side);
}

static void
the_documentation_has_a_place_for_every_message_and_outcome(void **state)
{
	static char text[1 << 17];
	char row[64];

	(void)state;
	if (!read_documentation(text, sizeof text)) {
		print_message("docs/protocol.md is not there: nothing to compare with\n");
		skip();
	}
	for (unsigned id = 1; id < WIRE_MESSAGE_END; id++)
		check_section(text, wire_rule(id));
	for (unsigned i = 0; i < COUNT(outcomes); i++) {
		(void)snprintf(row, sizeof row, "| %u | %s |", outcomes[i].id, outcomes[i].name);
		if (after_line(text, row) == NULL)
			fail_msg("docs/protocol.md has no row \"%s\"", row);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(ids_are_dense_and_in_order),
		LW_TEST(ids_that_the_table_does_not_have_have_no_rule),
		LW_TEST(every_message_has_a_name_of_its_own),
		LW_TEST(every_message_comes_from_one_side_and_has_its_phases),
		LW_TEST(every_question_is_asked_once_for_its_number),
		LW_TEST(outcomes_are_dense_and_each_has_a_name_of_its_own),
		LW_TEST(the_sizes_agree_with_each_other),
		LW_TEST(the_documentation_has_a_place_for_every_message_and_outcome),
	};

	return support_run(tests);
}
