/* SPDX-License-Identifier: Apache-2.0 */
#include "child/emit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "wire/bytes.h"

static void
streams_free(struct emission *e)
{
	for (uint32_t i = 0; i < e->stream_count; i++)
		sys_free(e->streams[i].name);
	sys_free(e->streams);
	e->streams = NULL;
	e->stream_count = 0;
}

void
emission_begin(struct emission *e, uint32_t request)
{
	streams_free(e);
	e->request = request;
	e->opening = false;
	e->rows = 0;
	e->refused = false;
	e->said = HOST_EMIT_OK;
	e->fault = WIRE_OUTCOME_OK;
	e->fault_stream = WIRE_NO_STREAM;
	e->fault_sequence = e->fault_offset = 0;
	e->fault_message.text[0] = '\0';
}

void
emission_begin_opening(struct emission *e, uint32_t request)
{
	emission_begin(e, request);
	e->opening = true;
}

__attribute__((format(printf, 3, 4))) static bool
fault(struct emission *e, enum wire_outcome outcome, const char *format, ...)
{
	va_list arguments;

	e->fault = outcome;
	va_start(arguments, format);
	(void)vsnprintf(e->fault_message.text, sizeof e->fault_message.text, format, arguments);
	va_end(arguments);
	return false;
}

static bool
send_message(struct emission *e, enum wire_message_id id, const void *head, size_t head_size,
    struct json_slice rest)
{
	if (wire_put(e->target, id, e->request, head, head_size, rest.at, rest.size))
		return true;
	return fault(e, WIRE_OUTCOME_NO_MEMORY,
	    "the worker has no memory for a message of %zu bytes", head_size + rest.size);
}

static uint32_t
stream_find(const struct emission *e, struct json_slice name)
{
	for (uint32_t i = 0; i < e->stream_count; i++)
		if (e->streams[i].size == name.size &&
		    memcmp(e->streams[i].name, name.at, name.size) == 0)
			return i;
	return WIRE_NO_STREAM;
}

static bool
stream_add(struct emission *e, struct json_slice name)
{
	struct emission_stream *streams;
	uint8_t number[4];

	if (e->stream_count == WIRE_STREAMS_MAX)
		return fault(e, WIRE_OUTCOME_ROW_MALFORMED, "the request uses more than %d streams",
		    WIRE_STREAMS_MAX);
	streams = sys_realloc(e->streams, (e->stream_count + 1) * sizeof *streams);
	if (streams == NULL)
		return fault(e, WIRE_OUTCOME_NO_MEMORY, "the worker has no memory for a stream");
	e->streams = streams;
	streams += e->stream_count;
	*streams = (struct emission_stream){ .name = sys_alloc(name.size), .size = name.size };
	if (streams->name == NULL)
		return fault(e, WIRE_OUTCOME_NO_MEMORY, "the worker has no memory for a stream");
	memcpy(streams->name, name.at, name.size);
	wire_store32(number, e->stream_count++);
	return send_message(e, WIRE_STREAM, number, sizeof number, name);
}

static bool
send_row(struct emission *e, const struct envelope *envelope)
{
	uint32_t stream = stream_find(e, envelope->name);
	uint8_t head[WIRE_ROW_HEAD] = { 0 };

	if (stream == WIRE_NO_STREAM) {
		if (!stream_add(e, envelope->name))
			return false;
		stream = e->stream_count - 1;
	}
	e->fault_stream = stream; /* whatever goes wrong from here on is this row's */
	e->fault_sequence = e->streams[stream].next;
	if (envelope->text.size > e->row_cap)
		return fault(e, WIRE_OUTCOME_ROW_TOO_LARGE,
		    "a payload of %zu bytes is larger than the cap of %llu; raise row_cap or send "
		    "smaller rows",
		    envelope->text.size, (unsigned long long)e->row_cap);
	wire_store32(head, stream);
	wire_store64(head + 8, e->fault_sequence);
	if (!send_message(e, WIRE_ROW, head, sizeof head, envelope->text))
		return false;
	e->streams[stream].next++;
	e->rows++;
	e->fault_stream = WIRE_NO_STREAM;
	return true;
}

static bool
send_diagnostic(struct emission *e, const struct envelope *envelope)
{
	struct buffer head = BUFFER_EMPTY;
	bool sent;

	if (!wire_put_text(&head, envelope->name.at, envelope->name.size))
		sent = fault(e, WIRE_OUTCOME_NO_MEMORY, "the worker has no memory for a code");
	else
		sent = send_message(
		    e, WIRE_DIAGNOSTIC, buffer_front(&head), buffer_size(&head), envelope->text);
	buffer_free(&head);
	return sent;
}

static bool
send_progress(struct emission *e, const struct envelope *envelope)
{
	uint8_t head[16];

	wire_store64(head, envelope->current);
	wire_store64(head + 8, envelope->total);
	return send_message(e, WIRE_PROGRESS, head, sizeof head, envelope->name);
}

/* Everything but rows, whose fault names the row: the parent takes no longer message of any kind. */
static bool
check_size(struct emission *e, const struct envelope *envelope)
{
	static const char *const kinds[] = {
		[ENVELOPE_DIAGNOSTIC] = "a diagnostic",
		[ENVELOPE_PROGRESS] = "a progress message",
		[ENVELOPE_METADATA] = "metadata",
	};
	size_t size = envelope->name.size + envelope->text.size;

	return size <= e->row_cap ||
	       fault(e, WIRE_OUTCOME_ROW_TOO_LARGE,
		   "%s of %zu bytes is larger than the row cap of %llu", kinds[envelope->kind],
		   size, (unsigned long long)e->row_cap);
}

static bool
send_envelope(struct emission *e, const struct envelope *envelope)
{
	if (e->opening && envelope->kind != ENVELOPE_PROGRESS)
		return fault(e, WIRE_OUTCOME_IMPORT,
		    "while a session is opened there is progress to send, and nothing else");
	if (envelope->kind != ENVELOPE_ROW && !check_size(e, envelope))
		return false;
	switch (envelope->kind) {
	case ENVELOPE_ROW:
		return send_row(e, envelope);
	case ENVELOPE_DIAGNOSTIC:
		return send_diagnostic(e, envelope);
	case ENVELOPE_PROGRESS:
		return send_progress(e, envelope);
	case ENVELOPE_METADATA:
		return send_message(e, WIRE_METADATA, NULL, 0, envelope->text);
	}
	return false;
}

/*
 * The row that could not be read, as far as it can be told: the next one of its stream, which the
 * parent learns of here if it is the first. Where that fails too the row stays unnamed.
 */
static void
blame_next(struct emission *e, struct json_slice name)
{
	uint32_t stream = stream_find(e, name);

	if (stream == WIRE_NO_STREAM && stream_add(e, name))
		stream = e->stream_count - 1;
	if (stream == WIRE_NO_STREAM)
		return;
	e->fault_stream = stream;
	e->fault_sequence = e->streams[stream].next;
}

static bool
malformed(struct emission *e, const struct envelope_fault *why)
{
	if (why->no_memory)
		return fault(e, WIRE_OUTCOME_NO_MEMORY, "%s", why->what);
	if (why->stream.size > 0 && !e->opening)
		blame_next(e, why->stream);
	e->fault_offset = why->offset;
	return fault(e, WIRE_OUTCOME_ROW_MALFORMED, "%s", why->what);
}

static bool
take(struct emission *e, const char *text, size_t size)
{
	struct envelope envelope;
	struct envelope_fault why = { 0 };

	if (!envelope_parse(text, size, &e->scratch, &envelope, &why))
		return malformed(e, &why);
	/* The parent hands messages out as C strings; U+0000 would end one early. */
	if (envelope.kind == ENVELOPE_DIAGNOSTIC &&
	    memchr(envelope.text.at, '\0', envelope.text.size) != NULL)
		return fault(e, WIRE_OUTCOME_ROW_MALFORMED, "message with a NUL in it");
	return send_envelope(e, &envelope);
}

static bool
take_parts(struct emission *e, const struct envelope *parts)
{
	struct envelope_fault why = { 0 };

	return envelope_check(parts, e->row_cap, &why) ? send_envelope(e, parts)
						       : malformed(e, &why);
}

static bool
is_over(struct emission *e)
{
	if (e->fault == WIRE_OUTCOME_OK && *e->stop_flag == 0)
		return false;
	e->refused = true;
	return true;
}

static enum host_emit_status
answer(struct emission *e, bool sent)
{
	return sent ? HOST_EMIT_OK : (e->said = HOST_EMIT_STOPPED);
}

enum host_emit_status
emission_take(void *emission, const char *text, size_t size)
{
	struct emission *e = emission;

	return answer(e, !is_over(e) && take(e, text, size));
}

enum host_emit_status
emission_take_parts(void *emission, const struct envelope *parts)
{
	struct emission *e = emission;

	return answer(e, !is_over(e) && take_parts(e, parts));
}
