/* SPDX-License-Identifier: Apache-2.0 */
#include "child/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "base/utf8.h"
#include "child/emit.h"
#include "host/host.h"
#include "leanworker/version.h"
#include "wire/bytes.h"
#include "wire/fds.h"
#include "wire/frame.h"

#define READ_SIZE 65536

struct server {
	struct wire_reader reader;
	struct wire_target target;
	struct buffer out;
	struct emission emission;
	const volatile uint32_t *stop_flag;
	const struct host *host; /* NULL until a capability is open */
	uint32_t request;        /* that is being answered */
	int64_t began_ns;
};

static const struct host *const hosts[] = { &host_lean, &host_native };

/* A parent that is gone, or lies, leaves nothing to do; the warden clears up behind us. */
static _Noreturn void
leave(const char *why)
{
	if (why != NULL)
		fprintf(stderr, "%s: %s\n", CHILD_PROGRAM, why);
	(void)fflush(NULL);
	_exit(why ? EXIT_FAILURE : EXIT_SUCCESS);
}

static bool
flush(void *context, struct buffer *out)
{
	if (!lane_send(context, buffer_front(out), buffer_size(out)))
		leave(NULL);
	buffer_clear(out);
	return true;
}

static void
say(struct server *s, enum wire_message_id id, const struct buffer *body)
{
	if (!wire_put(&s->target, id, s->request, body ? buffer_front(body) : NULL,
		body ? buffer_size(body) : 0, NULL, 0))
		leave("out of memory");
}

static void
say_hello(struct server *s)
{
	struct lane *lane = s->target.context;
	struct buffer body = BUFFER_EMPTY;

	if (!wire_put32(&body, WIRE_HELLO_MAGIC) || !wire_put32(&body, WIRE_PROTOCOL_VERSION) ||
	    !wire_put32(&body, WIRE_PROTOCOL_VERSION) ||
	    !wire_put32(&body, lane->has_ring ? WIRE_FEATURE_RING : 0) ||
	    !wire_put_text(&body, CHILD_PROGRAM, strlen(CHILD_PROGRAM)) ||
	    !wire_put_text(&body, LW_VERSION, strlen(LW_VERSION)))
		leave("out of memory");
	say(s, WIRE_HELLO, &body);
	lane->through_ring = lane->has_ring;
	buffer_free(&body);
}

static void
say_end(struct server *s, enum wire_outcome outcome, uint32_t status, const char *message)
{
	const struct emission *e = &s->emission;
	struct buffer body = BUFFER_EMPTY;

	(void)fflush(NULL); /* what the export printed comes before its end */
	if (!wire_put32(&body, outcome) || !wire_put32(&body, status) ||
	    !wire_put64(&body, e->rows) ||
	    !wire_put64(&body, (uint64_t)(sys_monotonic_ns() - s->began_ns)) ||
	    !wire_put32(&body, e->fault_stream) || !wire_put32(&body, 0) ||
	    !wire_put64(&body, e->fault_sequence) || !wire_put64(&body, e->fault_offset) ||
	    !buffer_append(&body, message, utf8_valid_prefix(message, strlen(message))))
		leave("out of memory");
	say(s, WIRE_END, &body);
	buffer_free(&body);
}

/* Copies a text of the recipe; the process keeps it, as it keeps everything of a capability. */
static const char *
keep_text(struct wire_cursor *c)
{
	struct wire_text text = wire_get_text(c);
	char *kept = sys_alloc(text.size + 1);

	if (kept == NULL)
		leave("out of memory");
	memcpy(kept, text.at, text.size);
	return kept;
}

static const char *const *
keep_texts(struct wire_cursor *c, size_t count)
{
	const char **kept;

	if (count > (size_t)(c->end - c->at)) /* each takes at least four bytes */
		leave("the parent's OPEN is malformed");
	kept = sys_alloc(count * sizeof *kept);
	if (kept == NULL)
		leave("out of memory");
	for (size_t i = 0; i < count; i++)
		kept[i] = keep_text(c);
	return kept;
}

static const struct host *
host_find(struct wire_text name)
{
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (strlen(hosts[i]->name) == name.size &&
		    memcmp(hosts[i]->name, name.at, name.size) == 0)
			return hosts[i];
	return NULL;
}

static void
say_opened(struct server *s, const struct host *host, const struct host_facts *facts)
{
	struct buffer body = BUFFER_EMPTY;

	if (!wire_put_text(&body, host->name, strlen(host->name)) ||
	    !wire_put_text(&body, facts->runtime, strlen(facts->runtime)) ||
	    !wire_put_text(&body, facts->version, strlen(facts->version)) ||
	    !wire_put_text(&body, facts->warning, strlen(facts->warning)))
		leave("out of memory");
	(void)fflush(NULL);
	say(s, WIRE_OPENED, &body);
	buffer_free(&body);
}

/* A fault of the emission comes first, as in a request; but an opening has fewer ways to end. */
static enum wire_outcome
judge_opening(const struct emission *e, enum wire_outcome outcome, struct host_message *message)
{
	if (e->fault == WIRE_OUTCOME_OK)
		return outcome;
	*message = e->fault_message;
	return e->fault == WIRE_OUTCOME_NO_MEMORY ? e->fault : WIRE_OUTCOME_IMPORT;
}

static void
keep_recipe(struct wire_cursor *c, struct host_recipe *ret)
{
	ret->runtime = keep_text(c);
	ret->library = keep_text(c);
	ret->package = keep_text(c);
	ret->module = keep_text(c);
	ret->imports = keep_text(c);
	ret->dependency_count = wire_get32(c);
	ret->dependencies = keep_texts(c, ret->dependency_count);
	if (!wire_get_end(c))
		leave("the parent's OPEN is malformed");
}

static void
on_open(struct server *s, struct wire_cursor *c)
{
	const struct host *host = host_find(wire_get_text(c));
	struct host_emitter emitter = {
		.emit = emission_take, .emit_parts = emission_take_parts, .context = &s->emission
	};
	struct host_recipe recipe = { .stop_flag = s->stop_flag, .emitter = &emitter };
	struct host_facts facts = { 0 };
	struct host_message message = { 0 };
	enum wire_outcome outcome;

	keep_recipe(c, &recipe);
	emission_begin_opening(&s->emission, s->request);
	if (host == NULL) {
		say_end(s, WIRE_OUTCOME_HOST_UNKNOWN, 0,
		    "this worker has no such host; it has: lean, native");
		return;
	}
	outcome = host->open(&recipe, &facts, &message);
	outcome = judge_opening(&s->emission, outcome, &message);
	if (outcome != WIRE_OUTCOME_OK) {
		say_end(s, outcome, 0, message.text);
		return;
	}
	s->host = host;
	say_opened(s, host, &facts);
}

/*
 * A nonzero status is a stop only if it is what the callback had answered, or the stop status of an
 * export that saw the flag itself. A zero is one if an envelope was refused: rows are missing.
 */
static bool
is_stop(const struct server *s, uint8_t status)
{
	const struct emission *e = &s->emission;

	if (e->refused)
		return status == 0 || status == e->said;
	return status == HOST_EMIT_STOPPED && *s->stop_flag != 0;
}

/*
 * What the request came to. A fault of the emission comes first: the export may have returned
 * anything after it.
 */
static void
judge(struct server *s, enum wire_outcome outcome, uint8_t status, const char *message)
{
	const struct emission *e = &s->emission;

	if (e->fault != WIRE_OUTCOME_OK)
		say_end(s, e->fault, status, e->fault_message.text);
	else if (outcome != WIRE_OUTCOME_OK)
		say_end(s, outcome, status, message);
	else if (is_stop(s, status))
		say_end(s, WIRE_OUTCOME_STOPPED, status, "the export stopped when asked");
	else if (status != 0)
		say_end(
		    s, WIRE_OUTCOME_EXPORT_STATUS, status, "the export returned a nonzero status");
	else
		say_end(s, WIRE_OUTCOME_OK, 0, "");
}

static void
run_stream(struct server *s, const char *export_name, struct wire_text request)
{
	struct host_emitter emitter = {
		.emit = emission_take, .emit_parts = emission_take_parts, .context = &s->emission
	};
	struct host_message message = { 0 };
	uint8_t status = 0;
	enum wire_outcome outcome;

	outcome = s->host->stream(
	    export_name, request.at, request.size, &emitter, &status, &message);
	judge(s, outcome, status, message.text);
}

static void
run_call(struct server *s, const char *export_name, struct wire_text request)
{
	struct buffer reply = BUFFER_EMPTY;
	struct host_message message = { 0 };
	uint8_t status = 0;
	enum wire_outcome outcome;

	outcome = s->host->call(export_name, request.at, request.size, &reply, &status, &message);
	if (outcome == WIRE_OUTCOME_OK && buffer_size(&reply) > s->emission.row_cap) {
		outcome = WIRE_OUTCOME_ROW_TOO_LARGE;
		(void)snprintf(message.text, sizeof message.text,
		    "a reply of %zu bytes is larger than the row cap of %llu", buffer_size(&reply),
		    (unsigned long long)s->emission.row_cap);
	}
	if (outcome == WIRE_OUTCOME_OK && status == 0)
		say(s, WIRE_REPLY, &reply);
	judge(s, outcome, status, message.text);
	buffer_free(&reply);
}

static void
on_run(struct server *s, struct wire_cursor *c)
{
	uint32_t kind = wire_get32(c);
	struct wire_text name = wire_get_text(c);
	struct wire_text request = wire_get_rest(c);
	char export_name[256];

	if (!wire_get_end(c) || name.size >= sizeof export_name || s->host == NULL)
		leave("the parent's RUN is malformed");
	memcpy(export_name, name.at, name.size);
	export_name[name.size] = '\0';
	emission_begin(&s->emission, s->request);
	if (kind == WIRE_KIND_STREAM)
		run_stream(s, export_name, request);
	else
		run_call(s, export_name, request);
}

static _Noreturn void
on_shutdown(struct server *s)
{
	if (s->host != NULL)
		s->host->close();
	(void)fflush(NULL);
	say(s, WIRE_BYE, NULL);
	leave(NULL);
}

static void
handle(struct server *s, const struct wire_message *m)
{
	struct wire_cursor c = wire_cursor(m->body, m->size);

	s->request = m->request;
	s->began_ns = sys_monotonic_ns();
	switch (m->id) {
	case WIRE_HEALTH:
		say(s, WIRE_HEALTHY, NULL);
		break;
	case WIRE_OPEN:
		on_open(s, &c);
		break;
	case WIRE_RUN:
		on_run(s, &c);
		break;
	case WIRE_SHUTDOWN:
		on_shutdown(s);
	default:
		leave("the parent sent a message that it never sends");
	}
}

/* Blocks for more bytes of the control lane. */
static void
fill(struct wire_reader *r)
{
	uint8_t *place = buffer_reserve(&r->in, READ_SIZE);
	ssize_t n;

	if (place == NULL)
		leave("out of memory");
	n = sys_recv(WIRE_FD_CONTROL, place, READ_SIZE);
	if (n <= 0)
		leave(NULL);
	buffer_grow(&r->in, (size_t)n);
}

void
serve(const struct child_configuration *configuration, const volatile uint32_t *stop_flag,
    struct lane *lane)
{
	static struct server s; /* static: the main stack belongs to the capability */
	struct wire_message message;

	s.stop_flag = stop_flag;
	s.target = (struct wire_target){ .out = &s.out,
		.generation = configuration->generation,
		.flush = flush,
		.context = lane };
	s.emission.target = &s.target;
	s.emission.stop_flag = stop_flag;
	s.emission.row_cap = configuration->row_cap;
	wire_reader_init(&s.reader, WIRE_PARENT, configuration->generation, WIRE_REQUEST_MAX);
	say_hello(&s);
	for (;;) {
		enum wire_read read = wire_next(&s.reader, &message);

		if (read == WIRE_MESSAGE)
			handle(&s, &message);
		else if (read == WIRE_NEED_MORE)
			fill(&s.reader);
		else
			leave(read == WIRE_VIOLATION ? s.reader.why : "out of memory");
	}
}
