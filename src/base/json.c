/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <string.h>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/utf8.h"

#define ESCAPE_SIZE  2 /* backslash and letter */
#define UNICODE_SIZE 6 /* backslash, u and four digits */
#define NOT_UNICODE  UINT32_MAX
#define EXPONENT_MAX 1000000 /* whatever is beyond is as good */
#define SPECIAL_RUN  64      /* how far to go byte by byte before blocks are tried again */

static const char expected_value[] = "expected a value";

struct json_cursor
jread_cursor(const char *text, size_t size)
{
	if (size == 0)
		text = "";
	return (struct json_cursor){ .text = text, .at = text, .end = text + size };
}

bool
jread_fault(struct json_cursor *c, const char *at, const char *what)
{
	if (c->fault == NULL) {
		c->fault = what;
		c->fault_offset = (size_t)(at - c->text);
	}
	return false;
}

const char *
json_skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
		at++;
	return at;
}

/* What a step inside of the reader answered becomes the cursor's place. */
static bool
move(struct json_cursor *c, const char *at)
{
	if (at != NULL)
		c->at = at;
	return at != NULL;
}

static bool
take(struct json_cursor *c, char wanted, const char *fault)
{
	return move(c, json_scan_byte(c, c->at, wanted, fault));
}

/* --- Strings: first checked in place, then decoded if need be -------------------------------- */

#define HEX(digit, value)    [(digit)] = (value) + 1
#define LETTER(letter, code) [(letter)] = (code)

/* One more than the value of a hexadecimal digit; 0: it is none. */
static const uint8_t hex_values[256] = { HEX('0', 0), HEX('1', 1), HEX('2', 2), HEX('3', 3),
	HEX('4', 4), HEX('5', 5), HEX('6', 6), HEX('7', 7), HEX('8', 8), HEX('9', 9), HEX('a', 10),
	HEX('b', 11), HEX('c', 12), HEX('d', 13), HEX('e', 14), HEX('f', 15), HEX('A', 10),
	HEX('B', 11), HEX('C', 12), HEX('D', 13), HEX('E', 14), HEX('F', 15) };

/* What the letter of an escape of two bytes stands for; 0: there is no such escape. */
static const char letter_values[256] = { LETTER('"', '"'), LETTER('\\', '\\'), LETTER('/', '/'),
	LETTER('b', '\b'), LETTER('f', '\f'), LETTER('n', '\n'), LETTER('r', '\r'),
	LETTER('t', '\t') };

/* The value of the \uXXXX at `at`, or NOT_UNICODE. */
static uint32_t
unicode_escape(const char *at, const char *end)
{
	uint32_t value = 0, digit;

	if (end - at < UNICODE_SIZE || at[0] != '\\' || at[1] != 'u')
		return NOT_UNICODE;
	for (int i = ESCAPE_SIZE; i < UNICODE_SIZE; i++) {
		digit = hex_values[(unsigned char)at[i]];
		if (digit == 0)
			return NOT_UNICODE;
		value = value << 4 | (digit - 1);
	}
	return value;
}

static bool
is_high_surrogate(uint32_t value)
{
	return value >= 0xd800 && value <= 0xdbff;
}

static bool
is_low_surrogate(uint32_t value)
{
	return value >= 0xdc00 && value <= 0xdfff;
}

/* \uXXXX, or two of them that are a pair: its size in the text, or 0. */
static size_t
read_unicode(const char *at, const char *end, uint32_t *ret_code_point)
{
	uint32_t value = unicode_escape(at, end), second;

	if (value == NOT_UNICODE || is_low_surrogate(value))
		return 0;
	*ret_code_point = value;
	if (!is_high_surrogate(value))
		return UNICODE_SIZE;
	second = unicode_escape(at + UNICODE_SIZE, end);
	if (second == NOT_UNICODE || !is_low_surrogate(second))
		return 0;
	*ret_code_point = 0x10000 + ((value - 0xd800) << 10 | (second - 0xdc00));
	return UNICODE_SIZE * 2;
}

/* The one reader of escapes: its size in the text, or 0. */
static inline size_t
read_escape(const char *at, const char *end, uint32_t *ret_code_point)
{
	char letter = end - at >= ESCAPE_SIZE ? letter_values[(unsigned char)at[1]] : 0;

	if (letter == 0)
		return read_unicode(at, end, ret_code_point);
	*ret_code_point = (unsigned char)letter;
	return ESCAPE_SIZE;
}

static const char *
escape_fault(const char *at, const char *end)
{
	if (end - at < ESCAPE_SIZE)
		return "string without an end";
	if (unicode_escape(at, end) != NOT_UNICODE)
		return "surrogate escape without its pair";
	return at[1] == 'u' ? "expected four hexadecimal digits after \\u" : "unknown escape";
}

/* One character that is not plain, inside of a string. */
static const char *
scan_special(struct json_cursor *c, const char *at, bool *escaped)
{
	uint32_t code_point;
	size_t size;

	if (at == c->end)
		return json_scan_fault(c, at, "string without an end");
	if (*at == '\\') {
		*escaped = true;
		size = read_escape(at, c->end, &code_point);
		return size ? at + size : json_scan_fault(c, at, escape_fault(at, c->end));
	}
	if ((unsigned char)*at < 0x20)
		return json_scan_fault(c, at, "control character in a string");
	size = utf8_sequence(at, c->end);
	return size ? at + size : json_scan_fault(c, at, "not UTF-8");
}

static inline const char *
skip_text(const char *at, const char *end, bool *escaped)
{
#ifdef JSON_PORTABLE
	(void)end, (void)escaped;
	return at;
#else
	return json_skip_text(at, end, escaped);
#endif
}

/* Where blocks of the whole text stop, characters are looked at, and then blocks again. */
const char *
json_scan_rest(struct json_cursor *c, const char *at, bool *escaped)
{
	const char *again = at;

	for (;;) {
		if (at >= again && c->end - at >= JSON_TEXT_BLOCK) {
			at = skip_text(at, c->end, escaped);
			again = at + SPECIAL_RUN;
		}
		at = json_skip_plain(at, c->end);
		if (at < c->end && *at == '"')
			return at;
		at = scan_special(c, at, escaped);
		if (at == NULL)
			return NULL;
	}
}

bool
jread_string(struct json_cursor *c, struct json_slice *ret_raw, bool *ret_escaped)
{
	bool escaped = false;
	const char *start, *end;

	if (c->fault != NULL || !take(c, '"', "expected a string"))
		return false;
	start = c->at;
	end = json_scan_string(c, start, &escaped);
	if (end == NULL)
		return false;
	*ret_raw = (struct json_slice){ start, (size_t)(end - start) };
	*ret_escaped = escaped;
	c->at = end + 1;
	return true;
}

/* The escape at *at of a string that was checked, as UTF-8; moves behind it. */
static inline size_t
decode_escape(const char **at, const char *end, char ret_bytes[UTF8_MAX])
{
	uint32_t code_point = 0;

	ret_bytes[0] = letter_values[(unsigned char)(*at)[1]];
	if (ret_bytes[0] != 0) {
		*at += ESCAPE_SIZE;
		return 1;
	}
	*at += read_unicode(*at, end, &code_point);
	return utf8_encode(code_point, ret_bytes);
}

/* Copies what stands before the next escape, blockwise: there is as much room as text. */
static inline size_t
copy_plain(const char *at, const char *end, char *place)
{
	const char *start = at;
	json_block block;
	uint64_t escapes;

	for (; end - at >= JSON_BLOCK; at += JSON_BLOCK, place += JSON_BLOCK) {
		block = json_block_load(at);
		json_block_store(place, block);
		escapes = json_block_escapes(block);
		if (escapes != 0)
			return (size_t)(at - start) + json_mask_first(escapes);
	}
	for (; at < end && *at != '\\'; at++)
		*place++ = *at;
	return (size_t)(at - start);
}

size_t
jread_decode_to(struct json_slice raw, char *place)
{
	const char *at = raw.at, *end = raw.at + raw.size;
	char *to = place;
	size_t size;

	for (;;) {
		size = copy_plain(at, end, to);
		at += size;
		to += size;
		if (at == end)
			return (size_t)(to - place);
		to += decode_escape(&at, end, to);
	}
}

bool
jread_decode(struct json_slice raw, struct buffer *out)
{
	uint8_t *place = buffer_reserve(out, raw.size);

	if (place == NULL)
		return raw.size == 0;
	buffer_grow(out, jread_decode_to(raw, (char *)place));
	return true;
}

bool
jread_key_is(struct json_slice raw, const char *name)
{
	const char *at = raw.at, *end = raw.at + raw.size;
	char bytes[UTF8_MAX];
	size_t size;

	if (raw.size > 0 && *raw.at != '\\' && *raw.at != *name) /* most keys are another one */
		return false;
	if (memchr(raw.at, '\\', raw.size) == NULL)
		return raw.size == strlen(name) && memcmp(raw.at, name, raw.size) == 0;
	while (at < end) {
		bytes[0] = *at;
		size = *at == '\\' ? decode_escape(&at, end, bytes) : (at++, 1);
		if (strncmp(name, bytes, size) != 0 || memchr(bytes, '\0', size) != NULL)
			return false;
		name += size;
	}
	return *name == '\0';
}

/* --- Numbers and words ----------------------------------------------------------------------- */

/* Eight digits at once: their value, if all eight are digits. */
static bool
eight_digits(const char *at, uint64_t *ret_value)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	if ((((word + JSON_EACH(0x46)) | (word - JSON_EACH('0'))) & JSON_EACH(0x80)) != 0)
		return false;
	word = (word & JSON_EACH(0x0f)) * (10 * 256 + 1) >> 8;                  /* pairs */
	word = (word & UINT64_C(0x00ff00ff00ff00ff)) * (100 * 65536 + 1) >> 16; /* fours */
	word = (word & UINT64_C(0x0000ffff0000ffff)) * (UINT64_C(10000) * 4294967296 + 1) >> 32;
	*ret_value = word;
	return true;
}

const char *
json_scan_long_digits(const char *at, const char *end, uint64_t *value)
{
	uint64_t eight;

	for (; end - at >= 8 && eight_digits(at, &eight); at += 8)
		*value = *value * 100000000 + eight;
	for (; at < end && json_is_digit(*at); at++)
		*value = *value * 10 + (unsigned)(*at - '0');
	return at;
}

/* The grammar of numbers is written once. A NULL for what they are worth is known where this is inlined. */

static inline const char *
scan_digits(const char *at, const char *end, uint64_t *value)
{
	if (value != NULL)
		return json_scan_digits(at, end, value);
	while (at < end && json_is_digit(*at))
		at++;
	return at;
}

static inline const char *
scan_whole(struct json_cursor *c, const char *at, uint64_t *value)
{
	const char *behind = scan_digits(at, c->end, value);

	if (behind == at)
		return json_scan_fault(c, at, "expected a digit");
	if (*at == '0' && behind > at + 1)
		return json_scan_fault(c, at + 1, "number with a leading zero");
	return behind;
}

/* Behind the e or E; adds to *exponent, which stays within some millions of what it was. */
static inline const char *
scan_exponent(struct json_cursor *c, const char *at, int64_t *exponent)
{
	bool negative = at < c->end && *at == '-';
	int64_t value = 0;
	const char *digits;

	at += at < c->end && (*at == '-' || *at == '+');
	for (digits = at; at < c->end && json_is_digit(*at); at++)
		if (exponent != NULL && value < EXPONENT_MAX)
			value = value * 10 + (*at - '0');
	if (at == digits)
		return json_scan_fault(c, at, "expected a digit in the exponent");
	if (exponent != NULL)
		*exponent += negative ? -value : value;
	return at;
}

/* From the point or the e or E that is there. */
static inline const char *
scan_fraction(struct json_cursor *c, const char *at, struct json_number *n)
{
	const char *point;

	if (*at == '.') {
		point = at + 1;
		at = scan_digits(point, c->end, n ? &n->digits : NULL);
		if (at == point)
			return json_scan_fault(c, at, "expected a digit after the point");
		if (n != NULL)
			n->exponent = point - at;
	}
	if (at < c->end && (*at == 'e' || *at == 'E'))
		return scan_exponent(c, at + 1, n ? &n->exponent : NULL);
	return at;
}

static inline bool
goes_on(const struct json_cursor *c, const char *at)
{
	return at < c->end && (*at == '.' || *at == 'e' || *at == 'E');
}

const char *
json_scan_number(struct json_cursor *c, const char *at, struct json_number *ret)
{
	const char *start = at;

	*ret = (struct json_number){ .negative = *at == '-', .whole = true };
	at = scan_whole(c, at + ret->negative, &ret->digits);
	if (at != NULL && goes_on(c, at)) {
		ret->whole = false;
		at = scan_fraction(c, at, ret);
	}
	ret->exact = at != NULL && at - start <= JSON_DIGITS_MAX;
	return at;
}

static inline const char *
pass_number(struct json_cursor *c, const char *at)
{
	at = scan_whole(c, at + (*at == '-'), NULL);
	return at != NULL && goes_on(c, at) ? scan_fraction(c, at, NULL) : at;
}

bool
json_whole_value(struct json_slice digits, uint64_t *ret_value)
{
	uint64_t value = 0;
	unsigned digit;

	for (size_t i = 0; i < digits.size; i++) {
		digit = (unsigned)(digits.at[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}

bool
jread_u64(struct json_cursor *c, uint64_t *ret_value)
{
	static const char not_whole[] = "expected a whole number that is not negative";
	const char *start = c->at, *at;
	uint64_t value = 0;
	int first;

	if (c->fault != NULL)
		return false;
	first = json_scan_peek(c, &start);
	if (first < '0' || first > '9')
		return jread_fault(c, start, not_whole);
	at = scan_whole(c, start, &value);
	if (at == NULL)
		return false;
	if (goes_on(c, at))
		return jread_fault(c, start, not_whole);
	if (!json_whole_value((struct json_slice){ start, (size_t)(at - start) }, &value))
		return jread_fault(c, start, "number that does not fit 64 bits");
	c->at = at;
	*ret_value = value;
	return true;
}

static inline const char *
scan_word(struct json_cursor *c, const char *at, const char *word, size_t size)
{
	if ((size_t)(c->end - at) < size || memcmp(at, word, size) != 0)
		return json_scan_fault(c, at, expected_value);
	return at + size;
}

/* From its first byte, which is there. */
static inline const char *
scan_scalar(struct json_cursor *c, const char *at, int first)
{
	if (first == '"') {
		bool escaped = false;

		at = json_scan_string(c, at + 1, &escaped);
		return at == NULL ? NULL : at + 1;
	}
	if (first == '-' || (first >= '0' && first <= '9'))
		return pass_number(c, at);
	if (first == 't')
		return scan_word(c, at, "true", 4);
	if (first == 'f')
		return scan_word(c, at, "false", 5);
	if (first == 'n')
		return scan_word(c, at, "null", 4);
	return json_scan_fault(c, at, expected_value);
}

/* --- Values of any depth, without recursion: a bit for each level says which bracket closes it  */

struct nest {
	uint64_t objects[JSON_DEPTH_MAX / 64];
	unsigned depth;
	bool object; /* the innermost level is one */
};

static inline const char *
nest_enter(struct json_cursor *c, const char *at, struct nest *nest, bool object)
{
	uint64_t bit = UINT64_C(1) << (nest->depth % 64);

	if (c->depth + nest->depth >= JSON_DEPTH_MAX)
		return json_scan_fault(c, at, JSON_TOO_DEEP);
	if (object)
		nest->objects[nest->depth / 64] |= bit;
	else
		nest->objects[nest->depth / 64] &= ~bit;
	nest->depth++;
	nest->object = object;
	return at + 1;
}

static inline void
nest_leave(struct nest *nest)
{
	unsigned level = --nest->depth - 1;

	if (nest->depth > 0)
		nest->object = nest->objects[level / 64] >> (level % 64) & 1;
}

/* From what should be the opening quote of a key to the closing one. */
static inline const char *
scan_key(struct json_cursor *c, const char *at, const char **ret_start, bool *escaped)
{
	if (json_scan_peek(c, &at) != '"')
		return json_scan_fault(c, at, "expected a key");
	*ret_start = at + 1;
	return json_scan_string(c, at + 1, escaped);
}

static inline const char *
scan_colon(struct json_cursor *c, const char *at)
{
	return json_scan_byte(c, at, ':', "expected a colon");
}

static inline const char *
pass_key(struct json_cursor *c, const char *at)
{
	const char *start;
	bool escaped = false;

	at = scan_key(c, at, &start, &escaped);
	return at == NULL ? NULL : scan_colon(c, at + 1);
}

/* Behind a value: closes what ends here, until depth is 0 or another key or value follows. */
static inline const char *
ascend(struct json_cursor *c, const char *at, struct nest *nest)
{
	int next;

	while (nest->depth > 0) {
		next = json_scan_peek(c, &at);
		if (next == ',')
			return at + 1;
		if (next != (nest->object ? '}' : ']'))
			return json_scan_fault(
			    c, at, nest->object ? "expected , or }" : "expected , or ]");
		nest_leave(nest);
		at++;
	}
	return at;
}

/* A key where one is due; then either into a level, or a value without levels and what it closes. */
static inline const char *
scan_step(struct json_cursor *c, const char *at, struct nest *nest)
{
	int first;

	if (nest->object && (at = pass_key(c, at)) == NULL)
		return NULL;
	first = json_scan_peek(c, &at);
	if (first == '{' || first == '[') {
		at = nest_enter(c, at, nest, first == '{');
		if (at == NULL || json_scan_peek(c, &at) != (first == '{' ? '}' : ']'))
			return at;
		return ascend(c, at, nest);
	}
	at = scan_scalar(c, at, first);
	return at == NULL ? NULL : ascend(c, at, nest);
}

bool
jread_value(struct json_cursor *c, struct json_slice *ret_raw)
{
	const char *at = c->at;
	struct nest nest;

	if (c->fault != NULL)
		return false;
	nest.depth = 0;
	nest.object = false;
	(void)json_scan_peek(c, &at);
	c->at = at;
	do
		at = scan_step(c, at, &nest);
	while (at != NULL && nest.depth > 0);
	if (at == NULL)
		return false;
	*ret_raw = (struct json_slice){ c->at, (size_t)(at - c->at) };
	c->at = at;
	return true;
}

/* --- Members one by one ---------------------------------------------------------------------- */

bool
jread_object(struct json_cursor *c)
{
	return c->fault == NULL && take(c, '{', "expected an object");
}

/* No value ends in an opening brace: the byte before tells the first member from the others. */
bool
jread_member(struct json_cursor *c, struct json_slice *ret_key)
{
	const char *at = c->at, *start;
	int next;

	if (c->fault != NULL)
		return false;
	next = json_scan_peek(c, &at);
	if (next == '}') {
		c->at = at + 1;
		return false;
	}
	if (c->at[-1] != '{') {
		if (next != ',')
			return jread_fault(c, at, "expected , or }");
		at++;
	}
	c->key_escaped = false;
	at = scan_key(c, at, &start, &c->key_escaped);
	if (at == NULL)
		return false;
	*ret_key = (struct json_slice){ start, (size_t)(at - start) };
	return move(c, scan_colon(c, at + 1));
}

bool
jread_array(struct json_cursor *c)
{
	return c->fault == NULL && take(c, '[', "expected an array");
}

/* As jread_member: no value ends in an opening bracket. */
bool
jread_element(struct json_cursor *c)
{
	const char *at = c->at;
	int next;

	if (c->fault != NULL)
		return false;
	next = json_scan_peek(c, &at);
	if (next == ']') {
		c->at = at + 1;
		return false;
	}
	if (c->at[-1] == '[') {
		c->at = at;
		return true;
	}
	return take(c, ',', "expected , or ]");
}

int
jread_peek(struct json_cursor *c)
{
	return json_scan_peek(c, &c->at);
}

bool
jread_at_end(struct json_cursor *c)
{
	if (c->fault != NULL)
		return false;
	if (json_scan_peek(c, &c->at) != JSON_NO_BYTE)
		return jread_fault(c, c->at, "text after the value");
	return true;
}

bool
jread_validate(const char *text, size_t size, size_t *ret_offset, const char **ret_fault)
{
	struct json_cursor c = jread_cursor(text, size);
	struct json_slice raw;

	if (jread_value(&c, &raw) && jread_at_end(&c))
		return true;
	*ret_offset = c.fault_offset;
	*ret_fault = c.fault;
	return false;
}

/* --- Writing --------------------------------------------------------------------------------- */

static bool
put_control(struct buffer *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "btn\0fr"; /* for 0x08 to 0x0d; there is none for 0x0b */
	char text[UNICODE_SIZE] = { '\\', 'u', '0', '0' };

	if (c >= '\b' && c <= '\r' && c != '\v') {
		text[1] = letters[c - '\b'];
		return buffer_append(out, text, ESCAPE_SIZE);
	}
	text[4] = hex[c >> 4];
	text[5] = hex[c & 15];
	return buffer_append(out, text, UNICODE_SIZE);
}

/* One character that is not plain; moves behind it. */
static bool
put_special(struct buffer *out, const char **at, const char *end)
{
	const char *from = *at;
	size_t size = utf8_sequence(from, end);
	const char escaped[ESCAPE_SIZE] = { '\\', *from };

	*at += size ? size : 1;
	if (size == 0)
		return buffer_append_text(out, UTF8_REPLACEMENT);
	if (*from == '"' || *from == '\\')
		return buffer_append(out, escaped, sizeof escaped);
	if ((unsigned char)*from < 0x20)
		return put_control(out, (unsigned char)*from);
	return buffer_append(out, from, size);
}

static bool
put_characters(struct buffer *out, const char *text, size_t size)
{
	const char *at = text, *end = text + size, *stop;

	for (;;) {
		stop = json_skip_plain(at, end);
		if (!buffer_append(out, at, (size_t)(stop - at)))
			return false;
		if (stop == end)
			return true;
		at = stop;
		if (!put_special(out, &at, end))
			return false;
	}
}

bool
jread_put_string(struct buffer *out, const char *text, size_t size)
{
	size_t before = buffer_size(out);

	if (size == 0)
		text = "";
	if (buffer_append(out, "\"", 1) && put_characters(out, text, size) &&
	    buffer_append(out, "\"", 1))
		return true;
	out->end -= buffer_size(out) - before;
	return false;
}
