/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/mangle.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define QUOTE_OPEN  "«"
#define QUOTE_CLOSE "»"
#define QUOTE_SIZE  (sizeof QUOTE_OPEN - 1)

static const char no_memory[] = "cannot be spelled: no memory";

struct component {
	const char *at;
	size_t size;
	bool numeric;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_plain(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
starts_with(const char *at, const char *end, const char *prefix)
{
	size_t size = strlen(prefix);

	return (size_t)(end - at) >= size && memcmp(at, prefix, size) == 0;
}

static bool
put_code_point(struct buffer *out, uint32_t c)
{
	char text[sizeof "_Uxxxxxxxx"];

	if (is_plain(c))
		snprintf(text, sizeof text, "%c", (char)c);
	else if (c == '_')
		snprintf(text, sizeof text, "__");
	else if (c < 0x100)
		snprintf(text, sizeof text, "_x%02x", (unsigned)c);
	else if (c < 0x10000)
		snprintf(text, sizeof text, "_u%04x", (unsigned)c);
	else
		snprintf(text, sizeof text, "_U%08x", (unsigned)c);
	return buffer_append_text(out, text);
}

static bool
put_mangled(struct buffer *out, const char *at, size_t size)
{
	const char *end = at + size;
	size_t step;

	for (; at < end; at += step) {
		step = utf8_sequence(at, end);
		if (!put_code_point(out, utf8_code_point(at, step)))
			return false;
	}
	return true;
}

static bool
is_lower_hex(const char *at, size_t count)
{
	while (count > 0 && (is_digit(*at) || (*at >= 'a' && *at <= 'f'))) {
		at++;
		count--;
	}
	return count == 0;
}

/* Whether a reader of the mangled text would take its start for something else than a component. */
static bool
is_ambiguous(const char *mangled)
{
	while (*mangled == '_')
		mangled++;
	switch (*mangled) {
	case '\0':
		return true;
	case 'x':
		return is_lower_hex(mangled + 1, 2);
	case 'u':
		return is_lower_hex(mangled + 1, 4);
	case 'U':
		return is_lower_hex(mangled + 1, 8);
	default:
		return is_digit(*mangled);
	}
}

static bool
ends_in_underscore(const struct component *c)
{
	return c != NULL && !c->numeric && c->size > 0 && c->at[c->size - 1] == '_';
}

static bool
put_number(struct buffer *out, const struct component *c, bool first)
{
	return (first || buffer_append_text(out, "_")) && buffer_append(out, c->at, c->size) &&
	       buffer_append_text(out, "_");
}

static bool
put_component(struct buffer *out, const struct component *c, const struct component *before)
{
	struct buffer part = BUFFER_EMPTY;
	const char *joint = before == NULL ? "" : "_";
	bool done;

	if (c->numeric)
		return put_number(out, c, before == NULL);
	done = put_mangled(&part, c->at, c->size) && buffer_append(&part, "", 1);
	if (done) {
		if (ends_in_underscore(before) || is_ambiguous((const char *)buffer_front(&part)))
			joint = before == NULL ? "00" : "_00";
		done = buffer_append_text(out, joint) &&
		       buffer_append_text(out, (const char *)buffer_front(&part));
	}
	buffer_free(&part);
	return done;
}

static const char *
quoted_component(const char *at, const char *end, struct component *ret)
{
	const char *stop = at + QUOTE_SIZE;

	while (stop < end && !starts_with(stop, end, QUOTE_CLOSE))
		stop++;
	if (stop == end)
		return NULL;
	*ret = (struct component){ at + QUOTE_SIZE, (size_t)(stop - at) - QUOTE_SIZE, false };
	return stop + QUOTE_SIZE;
}

/* Digits alone are a number, which Lean keeps as a number: leading zeros are gone. */
static const char *
plain_component(const char *at, const char *end, struct component *ret)
{
	const char *stop = at;
	bool numeric = true;

	while (stop < end && *stop != '.')
		numeric &= is_digit(*stop++);
	while (numeric && stop - at > 1 && *at == '0')
		at++;
	*ret = (struct component){ at, (size_t)(stop - at), numeric };
	return stop == at ? NULL : stop;
}

/* Behind the component at `at`, or NULL if there is none. */
static const char *
read_component(const char *at, const char *end, struct component *ret)
{
	const char *stop;

	if (starts_with(at, end, QUOTE_OPEN))
		stop = quoted_component(at, end, ret);
	else
		stop = plain_component(at, end, ret);
	return stop != NULL && (stop == end || *stop == '.') ? stop : NULL;
}

static const char *
put_module(struct buffer *out, const char *module)
{
	const char *at = module, *end = module + strlen(module);
	struct component now, before;
	bool first = true;

	for (;;) {
		at = read_component(at, end, &now);
		if (at == NULL)
			return "has an empty component or a « without its »";
		if (!put_component(out, &now, first ? NULL : &before))
			return no_memory;
		if (at == end)
			return NULL;
		at++;
		before = now;
		first = false;
	}
}

/*
 * A package is one text, dots and all. Lake's manifests write a name that is no identifier in «»,
 * which are not part of it.
 */
static bool
put_package(struct buffer *out, const char *package)
{
	const char *at = package, *end = package + strlen(package);
	size_t step;

	for (; at < end; at += step) {
		step = utf8_sequence(at, end);
		if (starts_with(at, end, QUOTE_OPEN) || starts_with(at, end, QUOTE_CLOSE))
			continue;
		if (!put_mangled(out, at, step))
			return false;
	}
	return true;
}

static const char *
put_names(const char *package, const char *module, struct lwl_initializer *names)
{
	struct buffer *whole = &names->prefixed;
	struct buffer stem = BUFFER_EMPTY;
	const char *why = put_module(&stem, module);

	if (why == NULL && !buffer_append(&stem, "", 1))
		why = no_memory;
	if (why == NULL &&
	    (!buffer_append_text(&names->bare, "initialize_") ||
		!buffer_append(&names->bare, buffer_front(&stem), buffer_size(&stem))))
		why = no_memory;
	if (why == NULL && *package != '\0' &&
	    (!buffer_append_text(whole, "initialize_") || !put_package(whole, package) ||
		!buffer_append_text(whole, "_") ||
		!buffer_append(whole, buffer_front(&stem), buffer_size(&stem))))
		why = no_memory;
	buffer_free(&stem);
	return why;
}

const char *
lwl_initializer_names(const char *package, const char *module, struct lwl_initializer *ret_names)
{
	*ret_names = (struct lwl_initializer){ BUFFER_EMPTY, BUFFER_EMPTY };
	if (*module == '\0')
		return "is empty";
	if (!utf8_is_text(module) || !utf8_is_text(package))
		return "is not UTF-8, or its package is not";
	return put_names(package, module, ret_names);
}

void
lwl_initializer_release(struct lwl_initializer *names)
{
	buffer_free(&names->prefixed);
	buffer_free(&names->bare);
}
