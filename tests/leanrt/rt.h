/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rt.h - what the files of the checking runtime share.
 *
 * Direction: registry.c knows blocks and nothing of what is in them; rc.c knows children; the
 * others use lean.h like any emitted code.
 */
#ifndef LEANRT_RT_H
#define LEANRT_RT_H

#include <lean/lean.h>

enum rt_state {
	RT_LIVE = 1,
	RT_PERSISTENT,
	RT_FREED, /* in quarantine: still ours, filled with RT_FREED_FILL */
};

/*
 * Both fills leave bit 0 clear: a field that was never set, or is read after free, must look
 * like a pointer that goes nowhere and not like a scalar that is silently skipped.
 */
enum {
	RT_FRESH_FILL = 0xa4,
	RT_FREED_FILL = 0xde,
	RT_GUARD_FILL = 0x9b,
	RT_GUARD_SIZE = 16,
};

/* Negative and far from any count: inc and dec both leave their fast paths. */
#define RT_FREED_RC ((int)0xdeadf1ee)

/* Aligned, so that the object behind it is aligned as malloc would. */
struct rt_block {
	_Alignas(16) struct rt_block *hash_next;
	struct rt_block *queue_next; /* quarantine, or the to-do list of a walk */
	size_t size;                 /* of the object that follows */
	uint64_t serial;             /* allocations before this one, plus one */
	enum rt_state state;
	uint8_t tag; /* kept when the header is overwritten */
	bool held;   /* by a persistent reference: set and read by reports */
};

static inline lean_object *
rt_object(struct rt_block *b)
{
	return (lean_object *)(b + 1);
}

/* registry.c: NULL where o is no object of ours, static data included. */
struct rt_block *rt_find(lean_object *o);
struct rt_block *rt_expect(lean_object *o, const char *doing);
void rt_set_persistent(struct rt_block *b);
void rt_release(struct rt_block *b);
void rt_quarantine_check(void);
void rt_counts(struct leanrt_counts *ret_counts);
void rt_each_block(void (*fn)(struct rt_block *, void *), void *arg);

/* rc.c */
typedef void rt_child_fn(lean_object *child, void *arg);
void rt_each_child(lean_object *o, rt_child_fn *fn, void *arg);
void rt_hold(lean_object *ref); /* sets held on what it leads to */

/* big.c */
void rt_mpz_clear(lean_object *o);

/* report.c */
const char *rt_kind(unsigned tag);

/* string.c: a copy of the bytes, checked to be UTF-8; printf into a string. */
lean_object *rt_string(const char *s, size_t size);
lean_object *rt_stringf(const char *format, ...) LEANRT_PRINTF(1, 2);

/* utf8.c */
bool rt_utf8_count(const char *s, size_t size, size_t *ret_length);
unsigned rt_utf8_encode(char *to, uint32_t c);
uint32_t rt_utf8_decode(const char *s, size_t size, size_t at, unsigned *ret_width);

/* init.c: aborts before lean_initialize. */
void rt_must_be_initialized(const char *who);

/* fault.c, stream.c, panic.c: parts of lean_initialize and of printing. */
void rt_fault_install(void);
void rt_streams_make(void);
uint64_t rt_hash(const void *data, size_t size, uint64_t seed);

#endif
