/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What LeanWorkerLean sends, as real Lean made it (fixtures/inspect), in the hands of those that take it
 * here: every envelope is one, every answer is JSON, and the documented members are there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "child/envelope.h"
#include "support/support.h"

struct counts {
	unsigned cases, rows, progress, metadata, answers, errors, statuses;
};

static const char *const declaration_members[] = { "name", "kind", "module", "range", "doc", NULL };
static const char *const module_members[] = { "module", "imports", "constants", "is_module", NULL };
static const char *const import_members[] = { "module", "import", "all", "exported", "meta", NULL };

/* The members of an object are these, in this order; more may follow. */
static void
expect_members(const char *text, size_t size, const char *const *wanted)
{
	struct json_cursor c = jread_cursor(text, size);
	struct json_slice key, value;

	assert_true(jread_object(&c));
	for (; *wanted != NULL; wanted++) {
		if (!jread_member(&c, &key) || !jread_key_is(key, *wanted))
			fail_msg("no \"%s\" in its place: %.*s", *wanted, (int)size, text);
		assert_true(jread_value(&c, &value));
	}
}

static void
check_row(const struct envelope *e)
{
	const struct json_slice *s = &e->name;

	if (strncmp(s->at, "declarations", s->size) == 0)
		expect_members(e->text.at, e->text.size, declaration_members);
	else if (strncmp(s->at, "modules", s->size) == 0)
		expect_members(e->text.at, e->text.size, module_members);
	else if (strncmp(s->at, "imports", s->size) == 0)
		expect_members(e->text.at, e->text.size, import_members);
	else
		fail_msg("stream %.*s is not documented", (int)s->size, s->at);
}

static void
check_envelope(const char *line, struct envelope_scratch *scratch, struct counts *counts)
{
	static const char *const members[] = { "rows", "complete", NULL };
	struct envelope_fault fault = { 0 };
	struct envelope e;

	if (!envelope_parse(line, strlen(line), scratch, &e, &fault))
		fail_msg("%s at byte %zu of %s", fault.what, fault.offset, line);
	switch (e.kind) {
	case ENVELOPE_ROW:
		counts->rows++;
		check_row(&e);
		break;
	case ENVELOPE_PROGRESS:
		counts->progress++;
		break;
	case ENVELOPE_METADATA:
		counts->metadata++;
		expect_members(e.text.at, e.text.size, members);
		break;
	case ENVELOPE_DIAGNOSTIC:
		fail_msg("none is documented: %s", line);
	}
}

static void
check_json(const char *text)
{
	const char *fault;
	size_t offset;

	if (!jread_validate(text, strlen(text), &offset, &fault))
		fail_msg("%s at byte %zu of %s", fault, offset, text);
}

/* Which command answered, told by its case, decides what must be in the answer. */
static void
check_answer(const char *name, const char *text)
{
	static const struct {
		const char *name;
		const char *members[10];
	} answers[] = {
		{ "metadata", { "commands", "capabilities", "lean_version", "extra" } },
		{ "doctor", { "diagnostics", "metadata" } },
		{ "closed", { "diagnostics", "metadata" } },
		{ "check", { "ok", "commands", "messages" } },
		{ "type", { "ok" } },
		{ "statistics", { "imports", "level", "modules", "constants", "regions",
				    "bytes_mapped", "bytes_copied", "elapsed_ms", "search_path" } },
	};

	check_json(text);
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (strncmp(name, answers[i].name, strlen(answers[i].name)) == 0) {
			expect_members(text, strlen(text), answers[i].members);
			return;
		}
	fail_msg("case %s answers, and is no command", name);
}

static bool
begins(const char *line, const char *word, const char **ret_rest)
{
	*ret_rest = line + strlen(word);
	return strncmp(line, word, strlen(word)) == 0;
}

static void
check_line(const char *line, struct envelope_scratch *scratch, struct counts *counts)
{
	static char name[64];
	const char *rest;

	if (begins(line, "case ", &rest)) {
		counts->cases++;
		(void)snprintf(name, sizeof name, "%s", rest);
	} else if (begins(line, "answer ", &rest)) {
		counts->answers++;
		check_answer(name, rest);
	} else if (begins(line, "error ", &rest)) {
		counts->errors++;
		check_json(rest);
	} else if (begins(line, "status ", &rest)) {
		counts->statuses++;
		assert_true(strcmp(rest, "0") == 0 || strcmp(rest, "4") == 0);
	} else if (*line == '{') {
		check_envelope(line, scratch, counts);
	} else if (begins(line, "token ", &rest)) {
		assert_string_equal(rest, "true true false"); /* asked before, meanwhile, never */
	} else if (*line != '#' && strcmp(line, "end") != 0) {
		fail_msg("what is this: %s", line);
	}
}

static void
what_real_lean_sent_is_what_is_documented(void **state)
{
	struct envelope_scratch scratch = { { 0 }, { 0 } };
	struct counts counts = { 0 };
	char path[4096], *line = NULL;
	size_t room = 0;
	ssize_t size;
	FILE *in;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/fixtures/inspect/expected.txt", support_source());
	in = fopen(path, "r");
	assert_non_null(in);
	while ((size = getline(&line, &room, in)) > 0) {
		if (line[size - 1] == '\n')
			line[size - 1] = '\0';
		check_line(line, &scratch, &counts);
	}
	(void)fclose(in);
	free(line);
	buffer_free(&scratch.name);
	buffer_free(&scratch.text);
	assert_int_equal(counts.cases, counts.answers + counts.errors + counts.statuses);
	assert_true(counts.cases > 50); /* a file that lost them would pass unseen */
	assert_true(counts.rows > 50 && counts.metadata > 10 && counts.progress > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(what_real_lean_sent_is_what_is_documented),
	};

	return support_run(tests);
}
