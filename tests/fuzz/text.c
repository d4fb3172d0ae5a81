/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/text.h"

#include <string.h>

#include "base/json.h"
#include "fuzz/fuzz.h"

/* A stretch of the text, and what goes there. */
struct change {
	size_t at, gone;
	const void *new;
	size_t size;
};

static size_t
put(uint8_t *data, size_t size, size_t max_size, struct change c)
{
	uint8_t copy[256];

	if (c.size > sizeof copy || size - c.gone + c.size > max_size)
		return size;
	memcpy(copy, c.new, c.size); /* it may lie in the text itself */
	memmove(data + c.at + c.size, data + c.at + c.gone, size - c.at - c.gone);
	memcpy(data + c.at, copy, c.size);
	return size - c.gone + c.size;
}

/* A value somewhere in the text; false when there was none where it looked. */
static bool
find_value(const uint8_t *data, size_t size, uint32_t *random, struct json_slice *ret_raw)
{
	size_t at = fuzz_below(random, (uint32_t)size + 1);
	struct json_cursor c;

	while (at > 0 && at < size && memchr(":,[", data[at - 1], 3) == NULL)
		at++;
	c = jread_cursor((const char *)data + at, size - at);
	return at < size && jread_value(&c, ret_raw);
}

static size_t
replace_value(
    uint8_t *data, size_t size, size_t max_size, const struct text_words *words, uint32_t *random)
{
	const char *word = words->values[fuzz_below(random, (uint32_t)words->value_count)];
	struct json_slice old, new = { word, strlen(word) };

	if (!find_value(data, size, random, &old))
		return size;
	if (fuzz_below(random, 2) == 0)
		(void)find_value(data, size, random, &new);
	return put(data, size, max_size,
	    (struct change){ (size_t)(old.at - (const char *)data), old.size, new.at, new.size });
}

static size_t
put_word(
    uint8_t *data, size_t size, size_t max_size, const struct text_words *words, uint32_t *random)
{
	const char *word = words->words[fuzz_below(random, (uint32_t)words->word_count)];
	size_t at = fuzz_below(random, (uint32_t)size + 1);
	size_t gone = fuzz_below(random, 2) ? 0
					    : fuzz_below(random, (uint32_t)(size - at) + 1) % 16;

	return put(data, size, max_size, (struct change){ at, gone, word, strlen(word) });
}

static size_t
change_text(
    uint8_t *data, size_t size, size_t max_size, const struct text_words *words, uint32_t *random)
{
	uint32_t choice = fuzz_below(random, 16);

	if (choice < 12)
		return replace_value(data, size, max_size, words, random);
	if (choice < 14)
		return put_word(data, size, max_size, words, random);
	return max_size > 0 ? LLVMFuzzerMutate(data, size, max_size) : size;
}

size_t
text_mutate(uint8_t *data, size_t size, size_t max_size, size_t head, size_t door,
    const struct text_words *words, uint32_t *random)
{
	size_t kept = head + (fuzz_below(random, 8) ? door : 0);

	kept = kept < size ? kept : size;
	size = kept + change_text(data + kept, size - kept, max_size - kept, words, random);
	/* White space behind a value is part of the text. */
	while (size < FUZZ_LONG && size < max_size)
		data[size++] = ' ';
	return size;
}
