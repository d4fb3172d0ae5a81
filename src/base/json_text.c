/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_text.h"

#include <stddef.h>
#include <stdint.h>

#include "base/json_vector.h"

#ifdef WAY

/* --- Blocks: each mask has a bit for each byte ------------------------------------------------ */

struct block {
	vector v[VECTORS];
};

PART struct block
block_load(const char *at)
{
	struct block b;

	EACH_VECTOR (i)
		b.v[i] = vector_load(at + i * (JSON_TEXT_BLOCK / VECTORS));
	return b;
}

PART uint64_t
block_equal(const struct block *b, uint8_t byte)
{
	vector found[VECTORS];

	EACH_VECTOR (i)
		found[i] = vector_equal(b->v[i], byte);
	return block_mask(found);
}

/* A small letter, or the capital of it. */
PART uint64_t
block_equal_letter(const struct block *b, uint8_t letter)
{
	vector found[VECTORS];

	EACH_VECTOR (i)
		found[i] = vector_equal(vector_bits(b->v[i], 0xdf), letter & 0xdf);
	return block_mask(found);
}

PART uint64_t
block_at_most(const struct block *b, uint8_t byte)
{
	vector found[VECTORS];

	EACH_VECTOR (i)
		found[i] = vector_at_most(b->v[i], byte);
	return block_mask(found);
}

/* --- UTF-8: three tables say what is wrong with two bytes in a row ----------------------------- */

enum {
	CUT = 1,         /* a lead byte without what must follow */
	EXTRA = 2,       /* ASCII, and then what may only follow a lead byte */
	OVERLONG_2 = 4,  /* C0 and C1 */
	OVERLONG_3 = 8,  /* E0, then less than A0 */
	SURROGATE = 16,  /* ED, then A0 or more */
	ABOVE = 32,      /* F4, then 90 or more; and whatever begins with F5 or more */
	OVERLONG_4 = 64, /* F0, then less than 90; and F5 or more, then less than 90 */
	FOLLOWERS =
	    128, /* two that follow: right where a lead byte of three or four stands before */
	ALWAYS = CUT | EXTRA | FOLLOWERS, /* whatever the low half of the first byte is */
	FOLLOWER = EXTRA | FOLLOWERS | OVERLONG_2
};

static const uint8_t by_first_high[16] = { EXTRA, EXTRA, EXTRA, EXTRA, EXTRA, EXTRA, EXTRA, EXTRA,
	FOLLOWERS, FOLLOWERS, FOLLOWERS, FOLLOWERS, CUT | OVERLONG_2, CUT,
	CUT | OVERLONG_3 | SURROGATE, CUT | ABOVE | OVERLONG_4 };

static const uint8_t by_first_low[16] = { ALWAYS | OVERLONG_2 | OVERLONG_3 | OVERLONG_4,
	ALWAYS | OVERLONG_2, ALWAYS, ALWAYS, ALWAYS | ABOVE, ALWAYS | ABOVE | OVERLONG_4,
	ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4,
	ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4,
	ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4 | SURROGATE,
	ALWAYS | ABOVE | OVERLONG_4, ALWAYS | ABOVE | OVERLONG_4 };

static const uint8_t by_second_high[16] = { CUT, CUT, CUT, CUT, CUT, CUT, CUT, CUT,
	FOLLOWER | OVERLONG_3 | OVERLONG_4, FOLLOWER | OVERLONG_3 | ABOVE,
	FOLLOWER | SURROGATE | ABOVE, FOLLOWER | SURROGATE | ABOVE, CUT, CUT, CUT, CUT };

/* Bytes that are not 0 are where something is wrong; what begins in v and ends behind it is right. */
PART vector
utf8_wrong(vector before, vector v)
{
	vector first = vector_back(before, v, 1);
	vector kinds = vector_and(vector_look_up(by_first_high, vector_high_half(first)),
	    vector_look_up(by_first_low, vector_low_half(first)));
	vector third = vector_beyond(vector_back(before, v, 2), 0xe0 - 0x80);
	vector fourth = vector_beyond(vector_back(before, v, 3), 0xf0 - 0x80);

	kinds = vector_and(kinds, vector_look_up(by_second_high, vector_high_half(v)));
	return vector_differ(kinds, vector_bits(vector_or(third, fourth), FOLLOWERS));
}

PART uint64_t
block_not_utf8(const struct block *b)
{
	vector before = vector_zero(), any = before, wrong[VECTORS];

	EACH_VECTOR (i) {
		wrong[i] = utf8_wrong(before, b->v[i]);
		any = vector_or(any, wrong[i]);
		before = b->v[i];
	}
	if (vector_is_zero(any))
		return 0;
	EACH_VECTOR (i)
		wrong[i] = vector_equal(wrong[i], 0);
	return ~block_mask(wrong);
}

/* Whether the end of a block, which is UTF-8 else, cuts a character. */
PART bool
cuts_character(const char *end)
{
	return ((unsigned char)end[-1] >= 0xc0) | ((unsigned char)end[-2] >= 0xe0) |
	       ((unsigned char)end[-3] >= 0xf0);
}

/* --- Escapes ----------------------------------------------------------------------------------- */

#define EVEN       UINT64_C(0x5555555555555555)
#define BIT(place) (UINT64_C(1) << (place))

enum {                /* by the high half of a letter, so that its low half decides the rest */
	LETTER_2 = 1, /* " / */
	LETTER_5 = 2, /* \ */
	LETTER_6 = 4, /* b f n */
	LETTER_7 = 8, /* r t u */
	DIGIT = 16,   /* 0 to 9 */
	A_TO_F = 32,
	LETTERS = LETTER_2 | LETTER_5 | LETTER_6 | LETTER_7
};

static const uint8_t class_by_high[16] = { [2] = LETTER_2,
	[3] = DIGIT,
	[4] = A_TO_F,
	[5] = LETTER_5,
	[6] = LETTER_6 | A_TO_F,
	[7] = LETTER_7 };

static const uint8_t class_by_low[16] = {
	[0x0] = DIGIT,
	[0x1] = DIGIT | A_TO_F,
	[0x2] = DIGIT | A_TO_F | LETTER_2 | LETTER_6 | LETTER_7,
	[0x3] = DIGIT | A_TO_F,
	[0x4] = DIGIT | A_TO_F | LETTER_7,
	[0x5] = DIGIT | A_TO_F | LETTER_7,
	[0x6] = DIGIT | A_TO_F | LETTER_6,
	[0x7] = DIGIT,
	[0x8] = DIGIT,
	[0x9] = DIGIT,
	[0xc] = LETTER_5,
	[0xe] = LETTER_6,
	[0xf] = LETTER_2,
};

PART void
block_classes(const struct block *b, uint64_t *ret_letters, uint64_t *ret_hex)
{
	vector class, no_letter[VECTORS], no_hex[VECTORS];

	EACH_VECTOR (i) {
		class = vector_and(vector_look_up(class_by_high, vector_high_half(b->v[i])),
		    vector_look_up(class_by_low, vector_low_half(b->v[i])));
		no_letter[i] = vector_equal(vector_bits(class, LETTERS), 0);
		no_hex[i] = vector_at_most(class, LETTERS);
	}
	*ret_letters = ~block_mask(no_letter);
	*ret_hex = ~block_mask(no_hex);
}

/*
 * The backslashes that begin an escape: in a row of them every other one. A one added where a row
 * begins runs through it, so the rows that begin at an even place are known by their vanishing.
 */
static inline uint64_t
beginnings(uint64_t backslash)
{
	uint64_t begins = backslash & ~(backslash << 1);
	uint64_t odd = backslash & (backslash + (begins & EVEN));

	return ((backslash ^ odd) & EVEN) | (odd & ~EVEN);
}

/* D800 to DFFF: they come in pairs, which is for somebody else to check. */
PART uint64_t
surrogates(const struct block *b, uint64_t u)
{
	uint64_t d = block_equal_letter(b, 'd') & u << 1;

	return d == 0 ? 0 : d << 1 & ~block_at_most(b, '7');
}

struct escapes {
	uint64_t escaped, wrong;
	uint64_t cut; /* where an escape begins, or has its u, that the end of the block cuts */
};

PART struct escapes
block_escapes(const struct block *b, uint64_t backslash)
{
	uint64_t begins = beginnings(backslash), escaped = begins << 1;
	uint64_t u = escaped & block_equal(b, 'u'), letters, hex;
	uint64_t digits = u << 1 | u << 2 | u << 3 | u << 4;
	struct escapes e = { .escaped = escaped };

	block_classes(b, &letters, &hex);
	e.wrong = (escaped & ~letters) | (digits & ~hex);
	e.wrong |= surrogates(b, u);
	e.cut = (begins & BIT(63)) | (u & (BIT(60) | BIT(61) | BIT(62) | BIT(63)));
	return e;
}

/* --- Text -------------------------------------------------------------------------------------- */

/* How many bytes before the end of a block begin what it cuts. */
__attribute__((noinline)) static int
cut_size(uint64_t escape, const char *end)
{
	if (escape & BIT(63))
		return end[-1] == 'u' ? 2 : 1;
	if (escape != 0)
		return 65 - __builtin_ctzll(escape);
	return (unsigned char)end[-1] >= 0xc0 ? 1 : (unsigned char)end[-2] >= 0xe0 ? 2 : 3;
}

/*
 * A block that cuts something is followed by one that begins with it. That it does is a branch, which
 * is guessed, and no subtraction that the next block would have to wait for.
 */
WAY static const char *
skip_text(const char *at, const char *end, bool *escaped)
{
	uint64_t quote, backslash, wrong, until;
	struct escapes e;
	struct block b;
	bool cut;

	for (; end - at >= JSON_TEXT_BLOCK; at += JSON_TEXT_BLOCK) {
		b = block_load(at);
		quote = block_equal(&b, '"');
		backslash = block_equal(&b, '\\');
		wrong = block_at_most(&b, 0x1f);
		e = (struct escapes){ 0 };
		if (backslash != 0)
			e = block_escapes(&b, backslash);
		cut = e.cut != 0;
		if (block_mask(b.v) != 0) {
			wrong |= block_not_utf8(&b);
			cut |= cuts_character(at + JSON_TEXT_BLOCK);
		}
		quote &= ~e.escaped;
		until = quote ^ (quote - 1); /* all of them where there is no quote */
		if (((wrong | e.wrong) & until) != 0)
			return at;
		*escaped |= (backslash & until) != 0;
		if (quote != 0)
			return at + __builtin_ctzll(quote);
		if (cut)
			at -= cut_size(e.cut, at + JSON_TEXT_BLOCK);
	}
	return at;
}

#endif

const char *
json_skip_text(const char *at, const char *end, bool *escaped)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return skip_text(at, end, escaped);
#elif defined(WAY)
	return skip_text(at, end, escaped);
#endif
	(void)end, (void)escaped;
	return at;
}

const char *
json_text_way(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") ? WAY_NAME : "none";
#elif defined(WAY)
	return WAY_NAME;
#else
	return "none";
#endif
}
