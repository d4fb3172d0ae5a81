/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fixture's exports send, through the production host on the checking runtime, is byte for
 * byte what real Lean sent for the same calls (fixtures/truth). In this process, so that memcheck and
 * the sanitizers see the host, the emitted C and the runtime together.
 */
#include <dlfcn.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "host/host.h"
#include "support/support.h"

#define PREFIX "leanworker_fixture_"

/* One case of expected.txt. */
struct truth {
	char *name, *request;  /* parts of line */
	unsigned limit;        /* so many emissions are accepted; 0: all */
	char *line, *expected; /* the envelopes and the end, as the file has them */
};

/* What the callback was given. */
struct record {
	FILE *out;
	unsigned limit, count;
};

static enum host_emit_status
record_envelope(void *context, const char *text, size_t size)
{
	struct record *r = context;

	fwrite(text, 1, size, r->out);
	fputc('\n', r->out);
	return ++r->count == r->limit ? HOST_EMIT_STOPPED : HOST_EMIT_OK;
}

static char *
read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t n;

	if (file == NULL)
		fail_msg("%s cannot be read", path);
	n = getdelim(&text, &room, '\0', file);
	(void)fclose(file);
	*ret_size = n > 0 ? (size_t)n : 0;
	return text;
}

/* "@FILE" stands for a scan of that file. */
static char *
make_request(const char *written)
{
	char path[4096], *text, *request;
	json_t *object;
	size_t size;

	if (*written != '@')
		return strdup(written);
	(void)snprintf(path, sizeof path, "%s/fixtures/truth/%s", support_source(), written + 1);
	text = read_file(path, &size);
	object = json_pack("{s:s%}", "source", text, size);
	request = json_dumps(object, 0);
	json_decref(object);
	free(text);
	return request;
}

static void
put_error(FILE *out, const char *message)
{
	struct buffer text = BUFFER_EMPTY;

	assert_true(jread_put_string(&text, message, strlen(message)));
	fprintf(out, "error %.*s\n", (int)buffer_size(&text), (const char *)buffer_front(&text));
	buffer_free(&text);
}

/* The end of a call, as expected.txt writes it. */
static void
put_end(FILE *out, enum wire_outcome outcome, const char *word, const char *text,
    const struct host_message *message)
{
	if (outcome == WIRE_OUTCOME_OK)
		fprintf(out, "%s %s\n", word, text);
	else if (outcome == WIRE_OUTCOME_EXCEPTION)
		put_error(out, message->text);
	else
		fail_msg("outcome %d: %s", outcome, message->text);
}

static bool
is_command(const char *name)
{
	static const char *const commands[] = { "metadata", "echo", "throw_command", "json_command",
		"version", "doctor" };

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(name, commands[i]) == 0)
			return true;
	return false;
}

static void
run_command(const char *export_name, const char *request, FILE *out)
{
	struct host_message message = { 0 };
	struct buffer reply = BUFFER_EMPTY;
	enum wire_outcome outcome;
	uint8_t status;

	outcome = host_lean.call(export_name, request, strlen(request), &reply, &status, &message);
	assert_true(buffer_append(&reply, "", 1));
	put_end(out, outcome, "answer", (const char *)buffer_front(&reply), &message);
	buffer_free(&reply);
}

static void
run_stream(const char *export_name, const char *request, unsigned limit, FILE *out)
{
	struct record record = { .out = out, .limit = limit };
	struct host_emitter emitter = { .emit = record_envelope, .context = &record };
	struct host_message message = { 0 };
	enum wire_outcome outcome;
	uint8_t status = 0;
	char number[8];

	outcome = host_lean.stream(
	    export_name, request, strlen(request), &emitter, &status, &message);
	(void)snprintf(number, sizeof number, "%u", status);
	put_end(out, outcome, "status", number, &message);
}

/* A message is a C string for its users, so what Lean threw behind a NUL is not in it. */
static bool
same(const char *sent, const char *expected)
{
	const char *nul = strstr(expected, "error \"<\\u0000");

	return nul == NULL
		   ? strcmp(sent, expected) == 0
		   : strncmp(sent, expected, (size_t)(nul - expected) + strlen("error \"<")) == 0;
}

static void
check(const struct truth *t)
{
	char export_name[128], *request = make_request(t->request), *sent = NULL;
	size_t size;
	FILE *out = open_memstream(&sent, &size);

	(void)snprintf(export_name, sizeof export_name, PREFIX "%s", t->name);
	if (is_command(t->name))
		run_command(export_name, request, out);
	else
		run_stream(export_name, request, t->limit, out);
	(void)fclose(out);
	if (!same(sent, t->expected))
		fail_msg("case %s %u %s\nsent:\n%s\nreal Lean sent:\n%s", t->name, t->limit,
		    t->request, sent, t->expected);
	free(sent);
	free(request);
}

/* Cuts the next case off *at; false at the end. */
static bool
next_case(char **at, struct truth *ret)
{
	char *end;

	if (*at == NULL || strncmp(*at, "case ", 5) != 0)
		return false;
	ret->name = *at + 5;
	end = strstr(ret->name, "\ncase ");
	*at = end ? end + 1 : NULL;
	if (end != NULL)
		end[1] = '\0';
	ret->expected = strchr(ret->name, '\n');
	*ret->expected++ = '\0';
	ret->limit = (unsigned)strtoul(strchr(ret->name, ' '), &ret->request, 10);
	*strchr(ret->name, ' ') = '\0';
	ret->request++;
	return true;
}

/* next_case ends a case by overwriting the first letter of the next: put it back. */
static void
run_all(char *text, unsigned *ret_count)
{
	struct truth t;
	char *at = text;

	while (next_case(&at, &t)) {
		check(&t);
		(*ret_count)++;
		if (at != NULL)
			*at = 'c';
	}
}

/* The checking runtime counts; the host opened it for everybody to see. */
static size_t
live_objects(void)
{
	size_t (*live)(void) = (size_t(*)(void))dlsym(RTLD_DEFAULT, "leanrt_live");

	assert_non_null(live);
	return live();
}

static void
every_call_sends_what_real_lean_sent(void **state)
{
	const char *const dependencies[] = { support_dependency() };
	static const uint32_t stop_flag;
	struct host_recipe recipe = {
		.runtime = support_runtime(),
		.library = support_library(),
		.package = "leanworker-fixture",
		.module = "Interop",
		.imports = "",
		.dependencies = dependencies,
		.dependency_count = 1,
		.stop_flag = &stop_flag,
	};
	struct host_message message = { 0 };
	struct host_facts facts;
	char path[4096], *text;
	unsigned count = 0;
	size_t size;

	(void)state;
	support_deadline(300);
	assert_int_equal(host_lean.open(&recipe, &facts, &message), WIRE_OUTCOME_OK);
	(void)snprintf(path, sizeof path, "%s/fixtures/truth/expected.txt", support_source());
	text = read_file(path, &size);
	run_all(strstr(text, "case "), &count);
	free(text);
	assert_int_equal(live_objects(), 0);
	assert_int_equal(count, 163); /* all that the file has: a lost one would pass unseen */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_sends_what_real_lean_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
