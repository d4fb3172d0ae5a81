/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <string.h>

#include "base/json_skip.h"
#include "base/utf8.h"

#define NO_BYTE      (-1)
#define ESCAPE_SIZE  2 /* backslash and letter */
#define UNICODE_SIZE 6 /* backslash, u and four digits */
#define NOT_HEX      UINT32_MAX

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

static int
peek(const struct json_cursor *c)
{
	return c->at < c->end ? (unsigned char)*c->at : NO_BYTE;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
skip_space(struct json_cursor *c)
{
	while (c->at < c->end && is_space(*c->at))
		c->at++;
	return peek(c);
}

/* Most writers leave no space. */
static inline int
peek_token(struct json_cursor *c)
{
	if (c->at < c->end && (unsigned char)*c->at > ' ')
		return (unsigned char)*c->at;
	return skip_space(c);
}

static bool
take(struct json_cursor *c, char wanted, const char *fault)
{
	if (peek_token(c) != wanted)
		return jread_fault(c, c->at, fault);
	c->at++;
	return true;
}

/* --- Strings: first checked in place, then decoded if need be -------------------------------- */

static uint32_t
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint32_t)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (uint32_t)(c - 'A' + 10);
	return NOT_HEX;
}

/* The value of the \uXXXX at `at`, or NOT_HEX. */
static uint32_t
unicode_escape(const char *at, const char *end)
{
	uint32_t value = 0, digit;

	if (end - at < UNICODE_SIZE || at[0] != '\\' || at[1] != 'u')
		return NOT_HEX;
	for (int i = ESCAPE_SIZE; i < UNICODE_SIZE; i++) {
		digit = hex_digit(at[i]);
		if (digit == NOT_HEX)
			return NOT_HEX;
		value = value << 4 | digit;
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

/* The letter that a two-character escape stands for, or NO_BYTE. */
static int
letter_escape(char letter)
{
	switch (letter) {
	case '"':
	case '\\':
	case '/':
		return letter;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return NO_BYTE;
	}
}

/* The one reader of escapes: its size in the text, or 0. */
static size_t
read_escape(const char *at, const char *end, uint32_t *ret_code_point)
{
	uint32_t value = unicode_escape(at, end), second;
	int letter;

	if (value == NOT_HEX) {
		letter = end - at >= ESCAPE_SIZE ? letter_escape(at[1]) : NO_BYTE;
		*ret_code_point = (uint32_t)letter;
		return letter == NO_BYTE ? 0 : ESCAPE_SIZE;
	}
	if (is_low_surrogate(value))
		return 0;
	*ret_code_point = value;
	if (!is_high_surrogate(value))
		return UNICODE_SIZE;
	second = unicode_escape(at + UNICODE_SIZE, end);
	if (second == NOT_HEX || !is_low_surrogate(second))
		return 0;
	*ret_code_point = 0x10000 + ((value - 0xd800) << 10 | (second - 0xdc00));
	return UNICODE_SIZE * 2;
}

static const char *
escape_fault(const char *at, const char *end)
{
	if (end - at < ESCAPE_SIZE)
		return "string without an end";
	if (unicode_escape(at, end) != NOT_HEX)
		return "surrogate escape without its pair";
	return at[1] == 'u' ? "expected four hexadecimal digits after \\u" : "unknown escape";
}

/* One character that is not plain, inside of a string. */
static bool
check_special(struct json_cursor *c, bool *ret_escaped)
{
	uint32_t code_point;
	size_t size;

	if (c->at == c->end)
		return jread_fault(c, c->at, "string without an end");
	if (*c->at == '\\') {
		*ret_escaped = true;
		size = read_escape(c->at, c->end, &code_point);
		if (size == 0)
			return jread_fault(c, c->at, escape_fault(c->at, c->end));
	} else {
		if ((unsigned char)*c->at < 0x20)
			return jread_fault(c, c->at, "control character in a string");
		size = utf8_sequence(c->at, c->end);
		if (size == 0)
			return jread_fault(c, c->at, "not UTF-8");
	}
	c->at += size;
	return true;
}

bool
jread_string(struct json_cursor *c, struct json_slice *ret_raw, bool *ret_escaped)
{
	const char *start;
	bool escaped = false;

	if (c->fault != NULL || !take(c, '"', "expected a string"))
		return false;
	start = c->at;
	while ((c->at = json_skip_plain(c->at, c->end)) == c->end || *c->at != '"')
		if (!check_special(c, &escaped))
			return false;
	*ret_raw = (struct json_slice){ start, (size_t)(c->at - start) };
	*ret_escaped = escaped;
	c->at++;
	return true;
}

/* The character at *at of a string that was checked, as UTF-8. */
static size_t
decode_one(const char **at, const char *end, char ret_bytes[UTF8_MAX])
{
	uint32_t code_point = (unsigned char)**at;

	if (**at != '\\') {
		ret_bytes[0] = *(*at)++;
		return 1;
	}
	*at += read_escape(*at, end, &code_point);
	return utf8_encode(code_point, ret_bytes);
}

size_t
jread_decode_to(struct json_slice raw, char *place)
{
	const char *at = raw.at, *end = raw.at + raw.size, *escape;
	char bytes[UTF8_MAX];
	size_t size, total = 0;

	while (at < end) {
		escape = memchr(at, '\\', (size_t)(end - at));
		size = (size_t)((escape ? escape : end) - at);
		memcpy(place + total, at, size);
		total += size;
		at += size;
		if (escape != NULL) {
			size = decode_one(&at, end, bytes);
			memcpy(place + total, bytes, size);
			total += size;
		}
	}
	return total;
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

	if (memchr(raw.at, '\\', raw.size) == NULL)
		return raw.size == strlen(name) && memcmp(raw.at, name, raw.size) == 0;
	while (at < end) {
		size = decode_one(&at, end, bytes);
		if (strncmp(name, bytes, size) != 0 || memchr(bytes, '\0', size) != NULL)
			return false;
		name += size;
	}
	return *name == '\0';
}

/* --- Numbers and words ----------------------------------------------------------------------- */

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
skip_digits(struct json_cursor *c, const char *fault)
{
	if (!is_digit(peek(c)))
		return jread_fault(c, c->at, fault);
	while (is_digit(peek(c)))
		c->at++;
	return true;
}

static bool
skip_whole(struct json_cursor *c)
{
	if (peek(c) != '0')
		return skip_digits(c, "expected a digit");
	c->at++;
	if (is_digit(peek(c)))
		return jread_fault(c, c->at, "number with a leading zero");
	return true;
}

static bool
skip_number(struct json_cursor *c)
{
	if (peek(c) == '-')
		c->at++;
	if (!skip_whole(c))
		return false;
	if (peek(c) == '.') {
		c->at++;
		if (!skip_digits(c, "expected a digit after the point"))
			return false;
	}
	if (peek(c) == 'e' || peek(c) == 'E') {
		c->at++;
		if (peek(c) == '+' || peek(c) == '-')
			c->at++;
		return skip_digits(c, "expected a digit in the exponent");
	}
	return true;
}

bool
jread_u64(struct json_cursor *c, uint64_t *ret_value)
{
	static const char not_whole[] = "expected a whole number that is not negative";
	const char *start;
	uint64_t value = 0;
	unsigned digit;

	if (c->fault != NULL)
		return false;
	if (!is_digit(peek_token(c)))
		return jread_fault(c, c->at, not_whole);
	start = c->at;
	if (!skip_whole(c))
		return false;
	if (peek(c) == '.' || peek(c) == 'e' || peek(c) == 'E')
		return jread_fault(c, start, not_whole);
	for (const char *at = start; at < c->at; at++) {
		digit = (unsigned)(*at - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return jread_fault(c, start, "number that does not fit 64 bits");
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}

static bool
skip_word(struct json_cursor *c, const char *word)
{
	const char *start = c->at;

	for (; *word != '\0'; word++, c->at++)
		if (peek(c) != *word)
			return jread_fault(c, start, expected_value);
	return true;
}

static bool
skip_scalar(struct json_cursor *c)
{
	struct json_slice raw;
	bool escaped;
	int first = peek_token(c);

	switch (first) {
	case '"':
		return jread_string(c, &raw, &escaped);
	case 't':
		return skip_word(c, "true");
	case 'f':
		return skip_word(c, "false");
	case 'n':
		return skip_word(c, "null");
	default:
		if (first == '-' || is_digit(first))
			return skip_number(c);
		return jread_fault(c, c->at, expected_value);
	}
}

/* --- Values of any depth, without recursion: a bit for each level says which bracket closes it  */

struct nest {
	uint64_t objects[JSON_DEPTH_MAX / 64];
	unsigned depth;
};

static bool
in_object(const struct nest *nest)
{
	unsigned level = nest->depth - 1;

	return nest->objects[level / 64] >> (level % 64) & 1;
}

static bool
check_depth(struct json_cursor *c, unsigned depth)
{
	return depth < JSON_DEPTH_MAX || jread_fault(c, c->at, "nested too deeply");
}

static bool
nest_enter(struct json_cursor *c, struct nest *nest, bool object)
{
	uint64_t bit = UINT64_C(1) << (nest->depth % 64);

	if (!check_depth(c, c->depth + nest->depth))
		return false;
	if (object)
		nest->objects[nest->depth / 64] |= bit;
	else
		nest->objects[nest->depth / 64] &= ~bit;
	nest->depth++;
	c->at++;
	return true;
}

static bool
read_key(struct json_cursor *c, struct json_slice *ret_key)
{
	bool escaped;

	if (peek_token(c) != '"')
		return jread_fault(c, c->at, "expected a key");
	return jread_string(c, ret_key, &escaped) && take(c, ':', "expected a colon");
}

static bool
leave_if_closed(struct json_cursor *c, struct nest *nest)
{
	if (peek_token(c) != (in_object(nest) ? '}' : ']'))
		return false;
	c->at++;
	nest->depth--;
	return true;
}

/* Down to the first value that contains no other, which is read. */
static bool
descend(struct json_cursor *c, struct nest *nest)
{
	struct json_slice key;
	int first;

	while ((first = peek_token(c)) == '{' || first == '[') {
		if (!nest_enter(c, nest, first == '{'))
			return false;
		if (leave_if_closed(c, nest))
			return true;
		if (first == '{' && !read_key(c, &key))
			return false;
	}
	return skip_scalar(c);
}

/* Behind a value: closes what ends here; *ret_more if another value follows. */
static bool
ascend(struct json_cursor *c, struct nest *nest, bool *ret_more)
{
	struct json_slice key;

	*ret_more = false;
	while (nest->depth > 0 && leave_if_closed(c, nest))
		;
	if (nest->depth == 0)
		return true;
	*ret_more = true;
	if (in_object(nest))
		return take(c, ',', "expected , or }") && read_key(c, &key);
	return take(c, ',', "expected , or ]");
}

bool
jread_value(struct json_cursor *c, struct json_slice *ret_raw)
{
	struct nest nest;
	const char *start;
	bool more = true;

	if (c->fault != NULL)
		return false;
	nest.depth = 0;
	(void)peek_token(c);
	start = c->at;
	while (more)
		if (!descend(c, &nest) || !ascend(c, &nest, &more))
			return false;
	*ret_raw = (struct json_slice){ start, (size_t)(c->at - start) };
	return true;
}

/* --- Members one by one ---------------------------------------------------------------------- */

bool
jread_enter(struct json_cursor *c)
{
	if (!check_depth(c, c->depth))
		return false;
	c->depth++;
	return true;
}

void
jread_leave(struct json_cursor *c)
{
	c->depth--;
}

bool
jread_object(struct json_cursor *c)
{
	return c->fault == NULL && take(c, '{', "expected an object");
}

/* No value ends in an opening brace: the byte before tells the first member from the others. */
bool
jread_member(struct json_cursor *c, struct json_slice *ret_key)
{
	bool first = c->fault == NULL && c->at[-1] == '{';

	if (c->fault != NULL)
		return false;
	if (peek_token(c) == '}') {
		c->at++;
		return false;
	}
	if (!first && !take(c, ',', "expected , or }"))
		return false;
	return read_key(c, ret_key);
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
	bool first = c->fault == NULL && c->at[-1] == '[';

	if (c->fault != NULL)
		return false;
	if (peek_token(c) == ']') {
		c->at++;
		return false;
	}
	return first || take(c, ',', "expected , or ]");
}

int
jread_peek(struct json_cursor *c)
{
	return peek_token(c);
}

bool
jread_at_end(struct json_cursor *c)
{
	if (c->fault != NULL)
		return false;
	if (peek_token(c) != NO_BYTE)
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
