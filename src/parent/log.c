/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/log.h"

#include <string.h>

#include "base/utf8.h"
#include "parent/clean.h"

void
log_tail_add(struct log_tail *tail, const char *text, size_t size)
{
	if (size > LOG_TAIL_ROOM) {
		tail->total += size - LOG_TAIL_ROOM;
		text += size - LOG_TAIL_ROOM;
		size = LOG_TAIL_ROOM;
	}
	while (size > 0) {
		size_t at = tail->total % LOG_TAIL_ROOM;
		size_t n = size < LOG_TAIL_ROOM - at ? size : LOG_TAIL_ROOM - at;

		memcpy(tail->ring + at, text, n);
		tail->total += n;
		text += n;
		size -= n;
	}
}

/* Unrolls the ring into linear; answers how much it holds. */
static size_t
unroll(const struct log_tail *tail, char linear[LOG_TAIL_ROOM])
{
	size_t at = tail->total % LOG_TAIL_ROOM;

	if (tail->total < LOG_TAIL_ROOM) {
		memcpy(linear, tail->ring, at);
		return at;
	}
	memcpy(linear, tail->ring + at, LOG_TAIL_ROOM - at);
	memcpy(linear + LOG_TAIL_ROOM - at, tail->ring, at);
	return LOG_TAIL_ROOM;
}

/* Where text that was cut at `from` goes on with a whole character. */
static size_t
skip_cut_character(const char *text, size_t from, size_t end)
{
	size_t stop = end - from < UTF8_MAX ? end : from + UTF8_MAX - 1;

	while (from < stop && ((unsigned char)text[from] & 0xc0) == 0x80)
		from++;
	return from;
}

void
log_tail_copy(const struct log_tail *tail, char *ret_text, size_t room)
{
	char linear[LOG_TAIL_ROOM];
	size_t held = unroll(tail, linear), from = held >= room ? held - room + 1 : 0;

	if (from > 0 || tail->total > held)
		from = skip_cut_character(linear, from, held);
	(void)clean_copy(ret_text, room, linear + from, held - from);
}

bool
log_tail_has(const struct log_tail *tail, const char *words)
{
	char linear[LOG_TAIL_ROOM];
	size_t held = unroll(tail, linear);

	return memmem(linear, held, words, strlen(words)) != NULL;
}

bool
log_tail_line(const struct log_tail *tail, const char *words, char *ret_text, size_t room)
{
	char linear[LOG_TAIL_ROOM];
	size_t held = unroll(tail, linear);
	const char *at = memmem(linear, held, words, strlen(words)), *end;

	if (at == NULL)
		return false;
	end = memchr(at, '\n', held - (size_t)(at - linear));
	while (at > linear && at[-1] != '\n')
		at--;
	(void)clean_copy(
	    ret_text, room, at, end ? (size_t)(end - at) : held - (size_t)(at - linear));
	return true;
}
