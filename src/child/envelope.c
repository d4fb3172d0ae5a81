/* SPDX-License-Identifier: Apache-2.0 */
#include "child/envelope.h"

#include <string.h>

#include "base/utf8.h"
#include "wire/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct parse {
	struct json_cursor c;
	struct json_slice key; /* of the member that is being read */
	struct envelope_scratch *scratch;
	struct envelope envelope;
	bool has_kind, no_memory;
};

struct member {
	const char *name;
	size_t size; /* of the name */
	bool (*read)(struct parse *p);
};

#define MEMBER(name, read)                                                                         \
	{                                                                                          \
		name, sizeof(name) - 1, read                                                       \
	}

static bool
fault_at_key(struct parse *p, const char *what)
{
	return jread_fault(&p->c, p->key.at - 1, what);
}

static bool
is_member(const struct member *member, const struct parse *p)
{
	if (p->c.key_escaped)
		return jread_key_is(p->key, member->name);
	return p->key.size == member->size && memcmp(p->key.at, member->name, member->size) == 0;
}

static const struct member *
member_find(const struct member *members, size_t count, const struct parse *p)
{
	for (size_t i = 0; i < count; i++)
		if (is_member(&members[i], p))
			return &members[i];
	return NULL;
}

/* Reads an object; *ret_seen has a bit for each of the members that it had. */
static bool
read_members(struct parse *p, const struct member *members, size_t count, unsigned *ret_seen)
{
	const struct member *member;
	struct json_slice ignored;
	unsigned bit, seen = 0;

	*ret_seen = 0; /* for a compiler that cannot see that a fault answers false */
	if (!jread_object(&p->c))
		return false;
	while (jread_member(&p->c, &p->key)) {
		member = member_find(members, count, p);
		if (member == NULL) {
			(void)jread_value(&p->c, &ignored); /* a fault ends the loop */
			continue;
		}
		bit = 1u << (member - members);
		if (seen & bit)
			return fault_at_key(p, "member given twice");
		seen |= bit;
		if (!member->read(p))
			return false;
	}
	*ret_seen = seen;
	return p->c.fault == NULL;
}

static bool
read_text(struct parse *p, struct buffer *scratch, struct json_slice *ret_text)
{
	struct json_slice raw;
	bool escaped;

	if (!jread_string(&p->c, &raw, &escaped))
		return false;
	if (escaped) {
		buffer_clear(scratch);
		if (!jread_decode(raw, scratch)) {
			p->no_memory = true;
			return fault_at_key(p, "no memory to decode a string");
		}
		raw = (struct json_slice){ (const char *)buffer_front(scratch),
			buffer_size(scratch) };
	}
	*ret_text = raw;
	return true;
}

/* A name is kept only when it is one: what a fault reports must be usable. */
static bool
read_name(struct parse *p, const char *if_empty)
{
	struct json_slice name;

	if (!read_text(p, &p->scratch->name, &name))
		return false;
	if (name.size == 0)
		return fault_at_key(p, if_empty);
	if (memchr(name.at, '\0', name.size) != NULL) /* users get terminated names */
		return fault_at_key(p, "name with a NUL in it");
	p->envelope.name = name;
	return true;
}

/* --- The members of an envelope, and of what is in it ---------------------------------------- */

static bool
claim(struct parse *p, enum envelope_kind kind)
{
	if (p->has_kind && p->envelope.kind != kind)
		return fault_at_key(p, "envelope of two kinds");
	p->has_kind = true;
	p->envelope.kind = kind;
	return true;
}

static bool
read_stream(struct parse *p)
{
	if (!claim(p, ENVELOPE_ROW) || !read_name(p, "empty \"stream\""))
		return false;
	if (p->envelope.name.size <= WIRE_STREAM_NAME_MAX)
		return true;
	p->envelope.name.size = 0;
	return fault_at_key(p, "\"stream\" longer than 255 bytes");
}

static bool
read_payload(struct parse *p)
{
	return claim(p, ENVELOPE_ROW) && jread_value(&p->c, &p->envelope.text);
}

static bool
read_metadata(struct parse *p)
{
	return claim(p, ENVELOPE_METADATA) && jread_value(&p->c, &p->envelope.text);
}

static bool
read_code(struct parse *p)
{
	return read_name(p, "empty \"code\"");
}

static bool
read_message(struct parse *p)
{
	return read_text(p, &p->scratch->text, &p->envelope.text);
}

static bool
read_diagnostic(struct parse *p)
{
	static const struct member members[] = {
		MEMBER("code", read_code),
		MEMBER("message", read_message),
	};
	const char *start = p->key.at - 1;
	unsigned seen;

	if (!claim(p, ENVELOPE_DIAGNOSTIC) || !read_members(p, members, COUNT(members), &seen))
		return false;
	if (!(seen & 1))
		return jread_fault(&p->c, start, "diagnostic has no \"code\"");
	if (!(seen & 2))
		return jread_fault(&p->c, start, "diagnostic has no \"message\"");
	return true;
}

static bool
read_phase(struct parse *p)
{
	return read_name(p, "empty \"phase\"");
}

static bool
read_current(struct parse *p)
{
	return jread_u64(&p->c, &p->envelope.current);
}

static bool
read_total(struct parse *p)
{
	struct json_slice raw;

	if (!jread_value(&p->c, &raw))
		return false;
	if (raw.size == 4 && memcmp(raw.at, "null", 4) == 0)
		return true;
	p->c.at = raw.at;
	return jread_u64(&p->c, &p->envelope.total);
}

static bool
read_progress(struct parse *p)
{
	static const struct member members[] = {
		MEMBER("phase", read_phase),
		MEMBER("current", read_current),
		MEMBER("total", read_total),
	};
	const char *start = p->key.at - 1;
	unsigned seen;

	p->envelope.total = WIRE_NO_TOTAL;
	if (!claim(p, ENVELOPE_PROGRESS) || !read_members(p, members, COUNT(members), &seen))
		return false;
	if (!(seen & 1))
		return jread_fault(&p->c, start, "progress has no \"phase\"");
	if (!(seen & 2))
		return jread_fault(&p->c, start, "progress has no \"current\"");
	return true;
}

static bool
read_envelope(struct parse *p)
{
	static const struct member members[] = {
		MEMBER("stream", read_stream),
		MEMBER("payload", read_payload),
		MEMBER("diagnostic", read_diagnostic),
		MEMBER("progress", read_progress),
		MEMBER("metadata", read_metadata),
	};
	struct json_cursor *c = &p->c;
	unsigned seen;

	if (!read_members(p, members, COUNT(members), &seen) || !jread_at_end(c))
		return false;
	if (!p->has_kind)
		return jread_fault(
		    c, c->text, "envelope is no row, diagnostic, progress or metadata");
	if (p->envelope.kind == ENVELOPE_ROW && !(seen & 1))
		return jread_fault(c, c->text, "row has no \"stream\"");
	if (p->envelope.kind == ENVELOPE_ROW && !(seen & 2))
		return jread_fault(c, c->text, "row has no \"payload\"");
	return true;
}

bool
envelope_parse(const char *text, size_t size, struct envelope_scratch *scratch,
    struct envelope *ret_envelope, struct envelope_fault *ret_fault)
{
	struct parse p = { .c = jread_cursor(text, size), .scratch = scratch };

	if (read_envelope(&p)) {
		*ret_envelope = p.envelope;
		return true;
	}
	*ret_fault = (struct envelope_fault){
		.what = p.c.fault, .offset = p.c.fault_offset, .no_memory = p.no_memory
	};
	if (p.has_kind && p.envelope.kind == ENVELOPE_ROW)
		ret_fault->stream = p.envelope.name;
	return false;
}

/* --- Parts that come as such ----------------------------------------------------------------- */

static bool
part_fault(struct envelope_fault *ret, const char *what, size_t offset)
{
	ret->what = what;
	ret->offset = offset;
	return false;
}

/* Parts have no quotes around them: the fault's text says which part its offset is in. */
static bool
check_text(
    struct json_slice text, const char *not_utf8, const char *has_nul, struct envelope_fault *ret)
{
	size_t valid = utf8_valid_prefix(text.at, text.size);
	const char *nul = memchr(text.at, '\0', valid);

	if (nul != NULL)
		return part_fault(ret, has_nul, (size_t)(nul - text.at));
	return valid == text.size || part_fault(ret, not_utf8, valid);
}

static bool
check_name(const struct envelope *e, struct envelope_fault *ret)
{
	if (e->kind == ENVELOPE_METADATA)
		return true;
	if (e->name.size == 0)
		return part_fault(ret, "empty name of a stream, code or phase", 0);
	if (e->kind == ENVELOPE_ROW && e->name.size > WIRE_STREAM_NAME_MAX)
		return part_fault(
		    ret, "name of a stream longer than 255 bytes", WIRE_STREAM_NAME_MAX);
	return check_text(e->name, "name that is not UTF-8", "name with a NUL in it", ret);
}

static bool
check_json(struct json_slice text, uint64_t cap, struct envelope_fault *ret)
{
	return text.size > cap || jread_validate(text.at, text.size, &ret->offset, &ret->what);
}

bool
envelope_check(const struct envelope *e, uint64_t cap, struct envelope_fault *ret_fault)
{
	struct envelope_fault why = { 0 };
	bool good = check_name(e, &why);

	if (good && e->kind == ENVELOPE_ROW)
		why.stream = e->name;
	if (good && (e->kind == ENVELOPE_ROW || e->kind == ENVELOPE_METADATA))
		good = check_json(e->text, cap, &why);
	else if (good && e->kind == ENVELOPE_DIAGNOSTIC)
		good = check_text(
		    e->text, "message that is not UTF-8", "message with a NUL in it", &why);
	if (!good)
		*ret_fault = why;
	return good;
}
