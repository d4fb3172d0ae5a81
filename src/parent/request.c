/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "wire/bytes.h"

void
request_init(struct request *r, enum wire_kind kind, uint32_t generation,
    const struct lw_sinks *sinks, struct deadline deadline)
{
	memset(r, 0, sizeof *r);
	r->kind = kind;
	r->generation = generation;
	r->sinks = sinks;
	rows_init(&r->sink, sinks);
	r->deadline = deadline;
	r->cap = UINT64_MAX;
	r->began_ns = r->event_ns = sys_monotonic_ns();
}

void
request_free(struct request *r)
{
	for (uint32_t i = 0; i < r->stream_count; i++)
		sys_free(r->streams[i].name);
	sys_free(r->streams);
	buffer_free(&r->metadata);
	buffer_free(&r->reply);
	buffer_free(&r->scratch);
	rows_free(&r->sink);
}

__attribute__((format(printf, 2, 3))) static enum request_take
lie(struct request *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(r->why, sizeof r->why, format, arguments);
	va_end(arguments);
	return REQUEST_LIE;
}

static enum request_take
too_large(struct request *r, const char *what, size_t size)
{
	return lie(r, "a %s of %zu bytes, over the cap of %llu that the child was told", what, size,
	    (unsigned long long)r->cap);
}

/* Text that callbacks get as a C string: well-formed, and whole to whoever reads up to the NUL. */
static bool
text_is_clean(struct wire_text text)
{
	return utf8_valid_prefix(text.at, text.size) == text.size &&
	       memchr(text.at, '\0', text.size) == NULL;
}

static bool
text_keep(struct buffer *b, struct wire_text text)
{
	buffer_clear(b);
	return buffer_append(b, text.at, text.size) && buffer_append(b, "", 1);
}

bool
request_heed_cancel(struct request *r)
{
	if (r->cancelled || !cancelled(r->cancel))
		return false;
	r->muted = r->cancelled = true;
	return true;
}

/* Whether this event is kept from the sinks, and why now. */
static bool
is_withheld(struct request *r, enum request_take *ret)
{
	*ret = request_heed_cancel(r) ? REQUEST_MUTED : REQUEST_GOES_ON;
	if (r->muted)
		r->withheld++;
	return r->muted;
}

/* A sink that takes its time lets the clock tick; of those that do not, thousands return in one tick. */
static bool
is_late(struct request *r)
{
	int64_t tick_ns = sys_coarse_ns();

	if (tick_ns == r->tick_ns)
		return false;
	r->tick_ns = tick_ns;
	return deadline_passed(r->deadline);
}

/* What a callback's answer means for the request. */
static enum request_take
after_sink(struct request *r, int answer)
{
	if (answer != 0) {
		r->muted = true;
		r->refusal = LW_V_SINK;
		r->sink_code = answer;
		return REQUEST_MUTED;
	}
	return is_late(r) ? REQUEST_LATE : REQUEST_GOES_ON;
}

static bool
is_known(const struct request *r, struct wire_text name)
{
	for (uint32_t i = 0; i < r->stream_count; i++)
		if (strlen(r->streams[i].name) == name.size &&
		    memcmp(r->streams[i].name, name.at, name.size) == 0)
			return true;
	return false;
}

static enum request_take
take_stream(struct request *r, struct wire_cursor c)
{
	uint32_t number = wire_get32(&c);
	struct wire_text name = wire_get_rest(&c);
	struct request_stream *streams;
	char *copy;

	if (!wire_get_end(&c) || number != r->stream_count || number >= WIRE_STREAMS_MAX)
		return lie(r, "stream number %u after %u streams", number, r->stream_count);
	if (name.size == 0 || name.size > WIRE_STREAM_NAME_MAX || !text_is_clean(name))
		return lie(r, "the name of stream %u is not one", number);
	if (is_known(r, name))
		return lie(r, "stream number %u has the name of an earlier one", number);
	streams = sys_realloc(r->streams, (number + 1) * sizeof *streams);
	if (streams == NULL)
		return REQUEST_NO_MEMORY;
	r->streams = streams;
	copy = sys_alloc(name.size + 1);
	if (copy == NULL)
		return REQUEST_NO_MEMORY;
	memcpy(copy, name.at, name.size);
	r->streams[r->stream_count++] = (struct request_stream){ .name = copy,
		.entry = rows_entry(r->sinks, copy) };
	return REQUEST_GOES_ON;
}

/* The row is seen and not taken: no other is wanted. */
static enum request_take
refuse_row(struct request *r, lw_verdict verdict, const struct lw_row *row, uint32_t number)
{
	r->dropped++;
	r->muted = true;
	r->refusal = verdict;
	r->refused_stream = number;
	r->refused_sequence = row->sequence;
	return REQUEST_MUTED;
}

static bool
holds(const struct request *r)
{
	return r->sinks != NULL && r->sinks->hold_bytes != 0;
}

static void
count_delivery(struct request *r, const struct lw_row *row, uint32_t number)
{
	r->delivered++;
	r->row_bytes += row->payload_size;
	r->last_stream = number;
	r->last_sequence = row->sequence;
}

static void
count_row(struct request *r, const struct lw_row *row, uint32_t number)
{
	r->rows++;
	if (!holds(r))
		count_delivery(r, row, number);
}

static enum request_take
not_json(struct request *r, const struct lw_row *row)
{
	return lie(r, "stream \"%s\", sequence %llu: the payload is not JSON at byte %zu: %s",
	    row->stream, (unsigned long long)row->sequence, r->sink.fault.offset,
	    r->sink.fault.expected);
}

/* A row that is wanted: checked, and then delivered or kept. */
static enum request_take
pass_row(struct request *r, const struct lw_row *row, uint32_t number)
{
	if (r->first_row_ns == 0)
		r->first_row_ns = sys_monotonic_ns();
	switch (rows_take(&r->sink, r->streams[number].entry, row, number)) {
	case ROWS_NOT_JSON:
		return not_json(r, row);
	case ROWS_UNFIT:
		return refuse_row(r, LW_V_ROW_DECODE, row, number);
	case ROWS_OVER_LIMIT:
		return refuse_row(r, LW_V_HOLD_LIMIT, row, number);
	case ROWS_NO_MEMORY:
		return REQUEST_NO_MEMORY;
	case ROWS_TAKEN:
	case ROWS_REFUSED:
		break;
	}
	count_row(r, row, number);
	return after_sink(r, r->sink.answer);
}

/* Nobody gets it; it is no less a lie if it is not JSON. */
static enum request_take
drop_row(struct request *r, const struct lw_row *row, enum request_take take)
{
	if (rows_validate(&r->sink, row) != ROWS_TAKEN)
		return not_json(r, row);
	r->dropped++;
	return take;
}

static enum request_take
take_row(struct request *r, struct wire_cursor c)
{
	uint32_t number = wire_get32(&c);
	uint32_t zero = wire_get32(&c);
	uint64_t sequence = wire_get64(&c);
	struct wire_text payload = wire_get_rest(&c);
	struct request_stream *stream;
	enum request_take take;
	struct lw_row row;

	if (!wire_get_end(&c) || zero != 0 || number >= r->stream_count)
		return lie(
		    r, "a row of stream number %u, of which there are %u", number, r->stream_count);
	stream = &r->streams[number];
	if (payload.size > r->cap)
		return too_large(r, "payload", payload.size);
	if (sequence != stream->rows)
		return lie(r, "stream \"%s\": sequence %llu where %llu was next", stream->name,
		    (unsigned long long)sequence, (unsigned long long)stream->rows);
	row = (struct lw_row){ stream->name, sequence, payload.at, payload.size, r->generation };
	take = is_withheld(r, &take) ? drop_row(r, &row, take) : pass_row(r, &row, number);
	if (take != REQUEST_LIE)
		stream->rows++;
	return take;
}

enum request_take
request_hand_over(struct request *r)
{
	struct lw_row row = { .generation = r->generation };
	enum rows_take take;
	uint32_t number;

	while (rows_next_held(&r->sink, &row, &number)) {
		row.stream = r->streams[number].name;
		take = rows_hand_over(&r->sink, r->streams[number].entry, &row);
		if (take == ROWS_NO_MEMORY)
			return REQUEST_NO_MEMORY;
		if (take != ROWS_TAKEN && take != ROWS_REFUSED) /* a decoder changed its mind */
			return refuse_row(r, LW_V_ROW_DECODE, &row, number);
		count_delivery(r, &row, number);
		if (take == ROWS_REFUSED) {
			r->refusal = LW_V_SINK;
			r->sink_code = r->sink.answer;
			return REQUEST_MUTED;
		}
	}
	return REQUEST_ENDED;
}

static enum request_take
take_diagnostic(struct request *r, struct wire_cursor c)
{
	struct wire_text code = wire_get_text(&c);
	struct wire_text message = wire_get_rest(&c);
	size_t message_at = code.size + 1;
	struct lw_diagnostic diagnostic;
	enum request_take take;

	if (!wire_get_end(&c) || code.size == 0 || !text_is_clean(code) || !text_is_clean(message))
		return lie(r, "a malformed diagnostic");
	if (is_withheld(r, &take))
		return take;
	if (r->sinks == NULL || r->sinks->on_diagnostic == NULL)
		return REQUEST_GOES_ON;
	if (!text_keep(&r->scratch, code) ||
	    !buffer_append(&r->scratch, message.at, message.size) ||
	    !buffer_append(&r->scratch, "", 1))
		return REQUEST_NO_MEMORY;
	diagnostic.code = (const char *)buffer_front(&r->scratch);
	diagnostic.message = diagnostic.code + message_at;
	return after_sink(r, r->sinks->on_diagnostic(r->sinks->context, &diagnostic));
}

static enum request_take
take_progress(struct request *r, struct wire_cursor c)
{
	struct lw_progress progress;
	struct wire_text phase;
	enum request_take take;

	progress.current = wire_get64(&c);
	progress.total = wire_get64(&c);
	phase = wire_get_rest(&c);
	if (!wire_get_end(&c) || phase.size == 0 || !text_is_clean(phase))
		return lie(r, "a malformed progress message");
	if (is_withheld(r, &take))
		return take;
	if (r->sinks == NULL || r->sinks->on_progress == NULL)
		return REQUEST_GOES_ON;
	if (!text_keep(&r->scratch, phase))
		return REQUEST_NO_MEMORY;
	progress.phase = (const char *)buffer_front(&r->scratch);
	return after_sink(r, r->sinks->on_progress(r->sinks->context, &progress));
}

/* Keeps a JSON text for the end of the request. */
static enum request_take
take_json(struct request *r, struct wire_cursor c, struct buffer *keep, bool *ret_has)
{
	struct wire_text text = wire_get_rest(&c);
	const char *fault;
	size_t offset;

	if (text.size > r->cap)
		return too_large(r, "metadata", text.size);
	if (!jread_validate(text.at, text.size, &offset, &fault))
		return lie(r, "metadata is not JSON at byte %zu: %s", offset, fault);
	*ret_has = true;
	return text_keep(keep, text) ? REQUEST_GOES_ON : REQUEST_NO_MEMORY;
}

/* Any text: whether it is JSON is the export's affair, and judged after success. */
static enum request_take
take_reply(struct request *r, struct wire_cursor c)
{
	struct wire_text text = wire_get_rest(&c);

	if (text.size > r->cap)
		return too_large(r, "reply", text.size);
	r->has_reply = true;
	return text_keep(&r->reply, text) ? REQUEST_GOES_ON : REQUEST_NO_MEMORY;
}

bool
request_end_decode(const struct wire_message *m, struct request_end *ret_end)
{
	struct wire_cursor c = wire_cursor(m->body, m->size);
	uint32_t outcome = wire_get32(&c), zero;
	struct wire_text message;

	ret_end->status = wire_get32(&c);
	ret_end->rows = wire_get64(&c);
	ret_end->elapsed_ns = wire_get64(&c);
	ret_end->stream = wire_get32(&c);
	zero = wire_get32(&c);
	ret_end->sequence = wire_get64(&c);
	ret_end->offset = wire_get64(&c);
	message = wire_get_rest(&c);
	if (!wire_get_end(&c) || outcome >= WIRE_OUTCOME_END || zero != 0 ||
	    message.size >= sizeof ret_end->message || !text_is_clean(message))
		return false;
	ret_end->outcome = (enum wire_outcome)outcome;
	memcpy(ret_end->message, message.at, message.size);
	ret_end->message[message.size] = '\0';
	return true;
}

static enum request_take
take_end(struct request *r, const struct wire_message *m)
{
	if (!request_end_decode(m, &r->end))
		return lie(r, "a malformed END");
	if (r->end.rows != r->rows + r->dropped)
		return lie(r, "the child says that it sent %llu rows; %llu came",
		    (unsigned long long)r->end.rows, (unsigned long long)(r->rows + r->dropped));
	if (r->end.stream != WIRE_NO_STREAM && r->end.stream >= r->stream_count)
		return lie(r, "END blames stream number %u, of which there are %u", r->end.stream,
		    r->stream_count);
	if (!wire_outcome_fits(r->end.outcome, WIRE_BUSY))
		return lie(r, "outcome %d cannot end a request", r->end.outcome);
	if (r->end.outcome == WIRE_OUTCOME_OK && r->has_reply != (r->kind == WIRE_KIND_CALL))
		return lie(r, "a success without a reply, or with one that was not asked for");
	r->ended = true;
	return REQUEST_ENDED;
}

static enum request_take
take_message(struct request *r, const struct wire_message *m)
{
	struct wire_cursor c = wire_cursor(m->body, m->size);

	switch (m->id) {
	case WIRE_STREAM:
		return take_stream(r, c);
	case WIRE_ROW:
		return take_row(r, c);
	case WIRE_DIAGNOSTIC:
		return take_diagnostic(r, c);
	case WIRE_PROGRESS:
		return take_progress(r, c);
	case WIRE_METADATA:
		return take_json(r, c, &r->metadata, &r->has_metadata);
	case WIRE_REPLY:
		return take_reply(r, c);
	case WIRE_END:
		return take_end(r, m);
	default:
		return lie(r, "%s does not belong to a request", wire_rule(m->id)->name);
	}
}

/* What is no row is rare: its time is taken, so that the clock of the first row can stand still. */
enum request_take
request_take(struct request *r, const struct wire_message *m)
{
	bool of_call = m->id == WIRE_REPLY;
	enum request_take take;
	int64_t began_ns;

	if (m->id != WIRE_END && of_call != (r->kind == WIRE_KIND_CALL))
		return lie(r, "%s does not belong to this kind of request", wire_rule(m->id)->name);
	if (m->id == WIRE_ROW)
		return take_message(r, m);
	began_ns = sys_monotonic_ns();
	take = take_message(r, m);
	if (r->first_row_ns == 0)
		r->sink_ns += sys_monotonic_ns() - began_ns;
	return take;
}
