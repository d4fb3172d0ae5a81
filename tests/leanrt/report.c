/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.c - who this is, what is still alive, and the way out when a check fails.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rt.h"

#define SAMPLES_MAX 10
#define PREVIEW_MAX 40

const char *
leanrt_name(void)
{
	return "leanworker checking runtime (not Lean)";
}

void
leanrt_die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	dprintf(STDERR_FILENO, "leanrt: ");
	vdprintf(STDERR_FILENO, format, ap);
	dprintf(STDERR_FILENO, "\n");
	va_end(ap);
	abort();
}

void
leanrt_unsupported(const char *name)
{
	leanrt_die("unsupported: %s", name);
}

static const char *const kind_names[] = {
	[LWL_TAG_PROMISE - LWL_TAG_PROMISE] = "promise",
	[LWL_TAG_CLOSURE - LWL_TAG_PROMISE] = "closure",
	[LWL_TAG_ARRAY - LWL_TAG_PROMISE] = "array",
	[LWL_TAG_STRUCT_ARRAY - LWL_TAG_PROMISE] = "struct array",
	[LWL_TAG_SARRAY - LWL_TAG_PROMISE] = "scalar array",
	[LWL_TAG_STRING - LWL_TAG_PROMISE] = "string",
	[LWL_TAG_MPZ - LWL_TAG_PROMISE] = "bignum",
	[LWL_TAG_THUNK - LWL_TAG_PROMISE] = "thunk",
	[LWL_TAG_TASK - LWL_TAG_PROMISE] = "task",
	[LWL_TAG_REF - LWL_TAG_PROMISE] = "reference",
	[LWL_TAG_EXTERNAL - LWL_TAG_PROMISE] = "external",
	[LWL_TAG_RESERVED - LWL_TAG_PROMISE] = "freed object",
};

const char *
rt_kind(unsigned tag)
{
	return tag <= LWL_TAG_MAX_CTOR ? "constructor" : kind_names[tag - LWL_TAG_PROMISE];
}

void
leanrt_bad_kind(lean_object *o, const char *want, const char *who)
{
	struct rt_block *b;

	if (o == NULL || lwl_is_scalar(o))
		leanrt_die("%s: expected %s, got %s %p", who, want, o == NULL ? "NULL" : "scalar",
		    (void *)o);
	b = rt_find(o);
	if (b != NULL && b->state == RT_FREED)
		leanrt_die("%s: use of freed %s %p (object %" PRIu64 ")", who, rt_kind(b->tag),
		    (void *)o, b->serial);
	leanrt_die("%s: expected %s, got %s %p (tag %u)", who, want, rt_kind(o->m_tag), (void *)o,
	    o->m_tag);
}

void
leanrt_bad_index(lean_object *o, size_t i, size_t n, const char *who)
{
	leanrt_die("%s: index %zu is outside of the %zu of %s %p", who, i, n, rt_kind(o->m_tag),
	    (void *)o);
}

static void
hold_block(struct rt_block *b, void *unused)
{
	(void)unused;
	if (b->state == RT_PERSISTENT && rt_object(b)->m_tag == LWL_TAG_REF)
		rt_hold(rt_object(b));
}

static void
unhold_block(struct rt_block *b, void *unused)
{
	(void)unused;
	b->held = false;
}

static void
count_held(struct rt_block *b, void *held)
{
	*(uint64_t *)held += b->held;
}

/* What a module's own reference holds at the end is its state, not a leak. */
void
leanrt_counts(struct leanrt_counts *ret_counts)
{
	struct leanrt_counts c;
	uint64_t held = 0;

	rt_each_block(unhold_block, NULL);
	rt_each_block(hold_block, NULL);
	rt_each_block(count_held, &held);
	rt_counts(&c);
	c.live -= held;
	*ret_counts = c;
}

size_t
leanrt_live(void)
{
	struct leanrt_counts c;

	leanrt_counts(&c);
	return c.live;
}

struct leaks {
	int fd;
	unsigned of_tag[256];
	unsigned samples;
};

static bool
is_leak(const struct rt_block *b)
{
	return b->state == RT_LIVE && !b->held;
}

static void
leak_count(struct rt_block *b, void *arg)
{
	struct leaks *l = arg;
	unsigned tag = rt_object(b)->m_tag;

	if (is_leak(b))
		l->of_tag[tag <= LWL_TAG_MAX_CTOR ? 0 : tag]++;
}

static void
preview(lean_object *o, char to[static PREVIEW_MAX + 3])
{
	const char *s = lwl_string_bytes(o);
	size_t n = lwl_string_size(o) < PREVIEW_MAX ? lwl_string_size(o) : PREVIEW_MAX;
	char *at = to;

	*at++ = '"';
	for (size_t i = 0; i < n; i++)
		*at++ = (unsigned char)s[i] < ' ' ? '.' : s[i];
	*at++ = '"';
	*at = '\0';
}

static void
leak_sample(struct rt_block *b, void *arg)
{
	struct leaks *l = arg;
	lean_object *o = rt_object(b);
	char text[PREVIEW_MAX + 3] = "";

	if (!is_leak(b) || l->samples == SAMPLES_MAX)
		return;
	l->samples++;
	if (o->m_tag == LWL_TAG_STRING)
		preview(o, text);
	dprintf(l->fd, "leanrt: leaked %s %p tag %u count %d object %" PRIu64 " of %zu bytes %s\n",
	    rt_kind(o->m_tag), (void *)o, o->m_tag, o->m_rc, b->serial, b->size, text);
}

int
leanrt_report(int fd)
{
	struct leaks l = { .fd = fd };
	struct leanrt_counts c;

	rt_quarantine_check();
	leanrt_counts(&c);
	dprintf(fd,
	    "leanrt: live objects %" PRIu64 ", allocated %" PRIu64 ", freed %" PRIu64
	    ", persistent %" PRIu64 "\n",
	    c.live, c.allocated, c.freed, c.persistent);
	rt_each_block(leak_count, &l);
	for (unsigned tag = 0; tag < 256; tag++)
		if (l.of_tag[tag] != 0)
			dprintf(fd, "leanrt: leaked %u %s\n", l.of_tag[tag], rt_kind(tag));
	rt_each_block(leak_sample, &l);
	return c.live > INT_MAX ? INT_MAX : (int)c.live;
}
