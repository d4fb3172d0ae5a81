/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/clean.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* How many bytes of one safe character stand here; 0 for one that people should not be sent. */
static size_t
safe_character(const char *at, const char *end)
{
	size_t size = utf8_sequence(at, end);
	uint32_t c = size ? utf8_code_point(at, size) : 0;
	bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);

	return control && c != '\n' && c != '\t' ? 0 : size;
}

size_t
clean_copy(char *ret, size_t room, const char *text, size_t size)
{
	size_t to = 0;

	for (size_t from = 0; from < size;) {
		size_t n = safe_character(text + from, text + size);

		if (to + (n ? n : 1) >= room)
			break;
		memmove(ret + to, n ? text + from : "?", n ? n : 1);
		to += n ? n : 1;
		from += n ? n : 1;
	}
	ret[to] = '\0';
	return to;
}
