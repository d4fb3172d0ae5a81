/* SPDX-License-Identifier: Apache-2.0 */
#include "base/near.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint16_t row[NEAR_NAME_MAX + 1];

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The row of a[i], from the rows of a[i - 1] and a[i - 2]; answers its least entry. */
static unsigned
fill(const char *a, size_t i, const char *b, size_t size, const uint16_t *last,
    const uint16_t *before, uint16_t *ret)
{
	unsigned lowest = ret[0] = (uint16_t)i;

	for (size_t k = 1; k <= size; k++) {
		unsigned d = least(last[k], ret[k - 1]) + 1u;

		d = least(d, last[k - 1] + (a[i - 1] != b[k - 1]));
		if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
			d = least(d, before[k - 2] + 1u);
		ret[k] = (uint16_t)d;
		lowest = least(lowest, d);
	}
	return lowest;
}

unsigned
near_distance(const char *a, const char *b, unsigned limit)
{
	size_t a_size = strnlen(a, NEAR_NAME_MAX + 1), b_size = strnlen(b, NEAR_NAME_MAX + 1);
	row rows[3];

	if (a_size > NEAR_NAME_MAX || b_size > NEAR_NAME_MAX || a_size > b_size + limit ||
	    b_size > a_size + limit)
		return limit + 1;
	for (size_t k = 0; k <= b_size; k++)
		rows[0][k] = (uint16_t)k;
	for (size_t i = 1; i <= a_size; i++)
		if (fill(a, i, b, b_size, rows[(i + 2) % 3], rows[(i + 1) % 3], rows[i % 3]) >
		    limit)
			return limit + 1;
	return least(rows[a_size % 3][b_size], limit + 1);
}

void
near_begin(struct near *n, const char *wanted)
{
	n->wanted = wanted;
	n->count = 0;
}

void
near_offer(struct near *n, const char *name)
{
	unsigned limit = 1 + (unsigned)(strlen(n->wanted) / 4);
	unsigned distance = near_distance(n->wanted, name, limit);
	size_t at = n->count;

	while (at > 0 && n->best[at - 1].distance > distance)
		at--;
	if (distance > limit || at == NEAR_MAX)
		return;
	n->count += n->count < NEAR_MAX;
	memmove(&n->best[at + 1], &n->best[at], (n->count - at - 1) * sizeof n->best[0]);
	n->best[at].distance = distance;
	(void)snprintf(n->best[at].name, sizeof n->best[at].name, "%s", name);
}

void
near_words(const struct near *n, char ret_words[NEAR_WORDS_MAX])
{
	size_t size = 0;

	ret_words[0] = '\0';
	for (size_t i = 0; i < n->count; i++)
		size += (size_t)snprintf(ret_words + size, NEAR_WORDS_MAX - size, "%s\"%s\"",
		    i == 0 ? "Did you mean " : " or ", n->best[i].name);
	if (n->count > 0)
		(void)snprintf(ret_words + size, NEAR_WORDS_MAX - size, "? ");
}
