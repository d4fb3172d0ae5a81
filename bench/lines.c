/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

#define READ_SIZE (256 * 1024) /* as one read of ours */
#define ROOM      (4 << 20)    /* for the longest line, and to move the rest of one rarely */

bool
lines_make(int ret_pipe[2])
{
	return pipe2(ret_pipe, O_CLOEXEC) == 0 &&
	       fcntl(ret_pipe[1], F_SETPIPE_SZ, LINES_PIPE) >= LINES_PIPE;
}

/* ---- The printing side --------------------------------------------------------------------- */

struct printer {
	int fd;
	size_t size;
	char block[LINES_BLOCK];
};

static void
print_out(struct printer *p)
{
	for (size_t at = 0; at < p->size;) {
		ssize_t n = write(p->fd, p->block + at, p->size - at);

		if (n < 0)
			fail("write: %s", strerror(errno));
		at += (size_t)n;
	}
	p->size = 0;
}

static void
print(struct printer *p, const char *bytes, size_t size)
{
	while (size > 0) {
		size_t room = sizeof p->block - p->size, n = size < room ? size : room;

		memcpy(p->block + p->size, bytes, n);
		p->size += n;
		bytes += n;
		size -= n;
		if (p->size == sizeof p->block)
			print_out(p);
	}
}

static void
print_number(struct printer *p, uint64_t number)
{
	char digits[20], *at = digits + sizeof digits;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	print(p, at, (size_t)(digits + sizeof digits - at));
}

void
lines_send(int fd, const struct corpus *c, uint64_t count)
{
	static const char head[] = "{\"stream\":\"rows\",\"sequence\":", middle[] = ",\"payload\":";
	static struct printer p;

	p.fd = fd;
	for (uint64_t i = 0; i < count; i++) {
		print(&p, head, sizeof head - 1);
		print_number(&p, i);
		print(&p, middle, sizeof middle - 1);
		print(&p, corpus_row(c, i), c->size);
		print(&p, "}\n", 2);
	}
	print_out(&p);
}

/* ---- The reading side ---------------------------------------------------------------------- */

struct line_reader {
	int fd;
	size_t start, looked, end;
	char *bytes;
};

static void
read_more(struct line_reader *r)
{
	ssize_t n;

	if (r->start == r->end)
		r->start = r->looked = r->end = 0;
	if (ROOM - r->end < READ_SIZE) {
		memmove(r->bytes, r->bytes + r->start, r->end - r->start);
		r->looked -= r->start;
		r->end -= r->start;
		r->start = 0;
	}
	n = read(r->fd, r->bytes + r->end, READ_SIZE);
	if (n <= 0)
		fail("the pipe ended early");
	r->end += (size_t)n;
}

/* In place, without its newline; valid until the next one is asked for. */
static const char *
next_line(struct line_reader *r, size_t *ret_size)
{
	const char *line, *newline;

	for (;;) {
		newline = memchr(r->bytes + r->looked, '\n', r->end - r->looked);
		if (newline != NULL)
			break;
		r->looked = r->end;
		read_more(r);
	}
	line = r->bytes + r->start;
	*ret_size = (size_t)(newline - line);
	r->start = r->looked = (size_t)(newline + 1 - r->bytes);
	return line;
}

static uint64_t
with_jansson(const char *line, size_t size, uint64_t sequence, const struct corpus_fields *fields)
{
	json_t *envelope = json_loadb(line, size, 0, NULL);
	const json_t *payload = json_object_get(envelope, "payload");
	const char *text = json_string_value(json_object_get(payload, fields->text));
	const json_t *number = json_object_get(payload, fields->number);
	uint64_t read;

	if (json_string_value(json_object_get(envelope, "stream")) == NULL || text == NULL ||
	    json_integer_value(json_object_get(envelope, "sequence")) != (json_int_t)sequence)
		fail("jansson: line %llu is not what was sent", (unsigned long long)sequence);
	read = corpus_read(text, json_integer_value(number));
	json_decref(envelope);
	return read;
}

static uint64_t
with_cjson(const char *line, size_t size, uint64_t sequence, const struct corpus_fields *fields)
{
	cJSON *envelope = cJSON_ParseWithLength(line, size);
	const cJSON *payload = cJSON_GetObjectItemCaseSensitive(envelope, "payload");
	const char *text = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(payload, fields->text));
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(payload, fields->number);
	const cJSON *seen = cJSON_GetObjectItemCaseSensitive(envelope, "sequence");
	uint64_t read;

	if (cJSON_GetObjectItemCaseSensitive(envelope, "stream") == NULL || text == NULL ||
	    number == NULL || seen == NULL || (uint64_t)seen->valuedouble != sequence)
		fail("cJSON: line %llu is not what was sent", (unsigned long long)sequence);
	read = corpus_read(text, (int64_t)number->valuedouble);
	cJSON_Delete(envelope);
	return read;
}

static uint64_t
with_nothing(const char *line, size_t size, size_t payload_size)
{
	return corpus_look(line + size - 1 - payload_size, payload_size);
}

uint64_t
lines_receive(
    int fd, enum corpus_kind kind, const struct corpus *c, uint64_t count, enum lines_parser parser)
{
	static struct line_reader r; /* keeps its place in memory that was touched before */
	const struct corpus_fields *fields = &corpus_fields[kind];
	uint64_t sum = 0;

	if (r.bytes == NULL && (r.bytes = malloc(ROOM)) == NULL)
		fail("no memory");
	r.fd = fd;
	for (uint64_t i = 0; i < count; i++) {
		size_t size;
		const char *line = next_line(&r, &size);

		switch (parser) {
		case LINES_JANSSON:
			sum += with_jansson(line, size, i, fields);
			break;
		case LINES_CJSON:
			sum += with_cjson(line, size, i, fields);
			break;
		case LINES_NONE:
			sum += with_nothing(line, size, c->size);
			break;
		}
	}
	return sum;
}
