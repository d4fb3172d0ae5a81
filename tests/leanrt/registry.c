/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c - every object ever made, found by its address.
 *
 * A table and not a magic number before the object: what is not ours must be told apart without
 * reading memory in front of it.  Freed blocks stay in the table while they are in quarantine,
 * a queue bounded in bytes; on leaving it they are checked for writes.
 *
 * DIAGNOSTICS: everything found wrong aborts through leanrt_die().
 * BUGS: a stale pointer is recognized only until its block leaves the quarantine.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt.h"
#include "shadow.h"

#define BUCKETS_FIRST  ((size_t)1 << 12)
#define QUARANTINE_MAX ((size_t)64 << 20)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rt_block **buckets;
static size_t n_buckets;
static size_t n_blocks;
static struct leanrt_counts counts;
static struct rt_block *queue_first, *queue_last;
static size_t queue_bytes;

static struct rt_block **
bucket_of(const lean_object *o)
{
	uint64_t h = (uint64_t)(uintptr_t)o * UINT64_C(0x9e3779b97f4a7c15);

	return &buckets[(h >> 20) & (n_buckets - 1)];
}

static void
table_grow(void)
{
	struct rt_block **old = buckets;
	size_t n_old = n_buckets;

	n_buckets = n_old == 0 ? BUCKETS_FIRST : 2 * n_old;
	buckets = calloc(n_buckets, sizeof *buckets);
	if (buckets == NULL)
		lean_internal_panic_out_of_memory();
	for (size_t i = 0; i < n_old; i++) {
		for (struct rt_block *b = old[i], *next; b != NULL; b = next) {
			struct rt_block **at = bucket_of(rt_object(b));

			next = b->hash_next;
			b->hash_next = *at;
			*at = b;
		}
	}
	free(old);
}

static void
table_add(struct rt_block *b)
{
	struct rt_block **at;

	if (n_blocks >= n_buckets)
		table_grow();
	at = bucket_of(rt_object(b));
	b->hash_next = *at;
	*at = b;
	n_blocks++;
}

static void
table_remove(struct rt_block *b)
{
	struct rt_block **at = bucket_of(rt_object(b));

	while (*at != b)
		at = &(*at)->hash_next;
	*at = b->hash_next;
	n_blocks--;
}

struct rt_block *
rt_find(lean_object *o)
{
	struct rt_block *b = NULL;

	pthread_mutex_lock(&lock);
	if (n_buckets != 0)
		for (b = *bucket_of(o); b != NULL && rt_object(b) != o; b = b->hash_next)
			;
	pthread_mutex_unlock(&lock);
	return b;
}

/* The block of an object that somebody may work on, or a death that says what o is instead. */
struct rt_block *
rt_expect(lean_object *o, const char *doing)
{
	struct rt_block *b = rt_find(o);

	if (b == NULL)
		leanrt_die("%s of %p, which is no object of this runtime", doing, (void *)o);
	if (b->state == RT_FREED)
		leanrt_die("%s of freed %s %p (object %" PRIu64 ")%s", doing, rt_kind(b->tag),
		    (void *)o, b->serial, strcmp(doing, "release") == 0 ? ": double free" : "");
	return b;
}

static bool
all_bytes(const uint8_t *p, size_t n, uint8_t want)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != want)
			return false;
	return true;
}

static uint8_t *
guard_of(struct rt_block *b)
{
	return (uint8_t *)rt_object(b) + b->size;
}

lean_object *
lean_alloc_object(size_t size)
{
	struct rt_block *b;

	rt_must_be_initialized("an object made");
	if (size < sizeof(lean_object))
		leanrt_die("an object of %zu bytes has no room for its header", size);
	if (size > PTRDIFF_MAX - sizeof *b - RT_GUARD_SIZE)
		lean_internal_panic_out_of_memory();
	b = malloc(sizeof *b + size + RT_GUARD_SIZE);
	if (b == NULL)
		lean_internal_panic_out_of_memory();
	*b = (struct rt_block){ .size = size, .state = RT_LIVE };
	memset(rt_object(b), RT_FRESH_FILL, size);
	memset(guard_of(b), RT_GUARD_FILL, RT_GUARD_SIZE);
	shadow_hide(guard_of(b), RT_GUARD_SIZE);
	shadow_undefined(rt_object(b), size);

	pthread_mutex_lock(&lock);
	b->serial = ++counts.allocated;
	counts.live++;
	table_add(b);
	pthread_mutex_unlock(&lock);
	return rt_object(b);
}

void
rt_set_persistent(struct rt_block *b)
{
	rt_object(b)->m_rc = 0;
	b->tag = rt_object(b)->m_tag;
	b->state = RT_PERSISTENT;
	pthread_mutex_lock(&lock);
	counts.persistent++;
	counts.live--;
	pthread_mutex_unlock(&lock);
}

static void
check_unwritten(struct rt_block *b)
{
	lean_object *o = rt_object(b);
	uint8_t *body = (uint8_t *)(o + 1);
	size_t n = b->size - sizeof *o;

	shadow_show(body, n);
	if (o->m_rc != RT_FREED_RC || !all_bytes(body, n, RT_FREED_FILL))
		leanrt_die("write to freed %s %p (object %" PRIu64 ")", rt_kind(b->tag), (void *)o,
		    b->serial);
	shadow_hide(body, n);
}

static void
queue_trim(void)
{
	while (queue_bytes > QUARANTINE_MAX) {
		struct rt_block *b = queue_first;

		queue_first = b->queue_next;
		queue_bytes -= b->size;
		table_remove(b);
		check_unwritten(b);
		shadow_show(rt_object(b), b->size);
		free(b);
	}
}

static void
queue_push(struct rt_block *b)
{
	b->queue_next = NULL;
	if (queue_first == NULL)
		queue_first = b;
	else
		queue_last->queue_next = b;
	queue_last = b;
	queue_bytes += b->size;
}

/* Takes the shell only; what it referred to is the caller's. */
void
rt_release(struct rt_block *b)
{
	lean_object *o = rt_object(b);

	if (b->state == RT_LIVE)
		b->tag = o->m_tag;
	shadow_show(guard_of(b), RT_GUARD_SIZE);
	if (!all_bytes(guard_of(b), RT_GUARD_SIZE, RT_GUARD_FILL))
		leanrt_die("write past the end of %s %p of %zu bytes (object %" PRIu64 ")",
		    rt_kind(b->tag), (void *)o, b->size, b->serial);
	memset(o, RT_FREED_FILL, b->size);
	o->m_rc = RT_FREED_RC;
	o->m_tag = LWL_TAG_RESERVED;
	b->state = RT_FREED;
	/* The header stays readable, so that our own checks name the object. */
	shadow_hide(o + 1, b->size - sizeof *o);

	pthread_mutex_lock(&lock);
	counts.freed++;
	counts.live--;
	queue_push(b);
	queue_trim();
	pthread_mutex_unlock(&lock);
}

void
rt_quarantine_check(void)
{
	pthread_mutex_lock(&lock);
	for (struct rt_block *b = queue_first; b != NULL; b = b->queue_next)
		check_unwritten(b);
	pthread_mutex_unlock(&lock);
}

void
rt_each_block(void (*fn)(struct rt_block *, void *), void *arg)
{
	for (size_t i = 0; i < n_buckets; i++)
		for (struct rt_block *b = buckets[i]; b != NULL; b = b->hash_next)
			fn(b, arg);
}

void
rt_counts(struct leanrt_counts *ret_counts)
{
	pthread_mutex_lock(&lock);
	*ret_counts = counts;
	pthread_mutex_unlock(&lock);
}

size_t
lean_object_byte_size(lean_object *o)
{
	return rt_expect(o, "size")->size;
}
