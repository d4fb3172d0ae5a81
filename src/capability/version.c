/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/version.h"

#include <string.h>

#define DIGITS      "0123456789"
#define IDENTIFIERS DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"
#define NUMBERS_MAX 4

/* A run of bytes of a version: a number or an identifier. */
struct part {
	const char *at;
	size_t size;
};

static const char *
skip_v(const char *text)
{
	return text + (*text == 'v');
}

/* Behind the dotted parts that begin at `at`; NULL if one is empty or has other characters. */
static const char *
skip_parts(const char *at, const char *allowed, int most)
{
	for (int count = 1;; count++) {
		size_t size = strspn(at, allowed);

		if (size == 0 || count > most)
			return NULL;
		at += size;
		if (*at != '.')
			return at;
		at++;
	}
}

bool
version_is_one(const char *text)
{
	const char *at = skip_parts(skip_v(text), DIGITS, NUMBERS_MAX);

	if (at != NULL && *at == '-')
		at = skip_parts(at + 1, IDENTIFIERS, 64);
	if (at != NULL && *at == '+')
		at = skip_parts(at + 1, IDENTIFIERS, 64);
	return at != NULL && *at == '\0';
}

/* The next part, and moves behind it and its dot; size 0: there is none. */
static struct part
next_part(const char **at, const char *allowed)
{
	struct part part = { *at, strspn(*at, allowed) };

	*at += part.size;
	if (part.size > 0 && **at == '.')
		(*at)++;
	return part;
}

static int
sign(long long difference)
{
	return (difference > 0) - (difference < 0);
}

/* By their digits: they may be longer than any integer. */
static int
compare_numbers(struct part a, struct part b)
{
	for (; a.size > 1 && *a.at == '0'; a.at++)
		a.size--;
	for (; b.size > 1 && *b.at == '0'; b.at++)
		b.size--;
	if (a.size != b.size)
		return sign((long long)a.size - (long long)b.size);
	return sign(memcmp(a.at, b.at, a.size));
}

static bool
is_number(struct part part)
{
	return strspn(part.at, DIGITS) >= part.size;
}

/* Numbers come before words; less before more. */
static int
compare_identifiers(struct part a, struct part b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order;

	if (a.size == 0 || b.size == 0)
		return sign((long long)a.size - (long long)b.size);
	if (is_number(a) != is_number(b))
		return is_number(a) ? -1 : 1;
	if (is_number(a))
		return compare_numbers(a, b);
	order = sign(memcmp(a.at, b.at, common));
	return order != 0 ? order : sign((long long)a.size - (long long)b.size);
}

static int
compare_releases(const char **a, const char **b)
{
	static const struct part zero = { "0", 1 };

	for (int i = 0; i < NUMBERS_MAX; i++) {
		struct part left = next_part(a, DIGITS), right = next_part(b, DIGITS);
		int order = compare_numbers(left.size ? left : zero, right.size ? right : zero);

		if (order != 0)
			return order;
	}
	return 0;
}

int
version_compare(const char *a, const char *b)
{
	int order;

	a = skip_v(a);
	b = skip_v(b);
	order = compare_releases(&a, &b);
	if (order != 0)
		return order;
	if ((*a == '-') != (*b == '-'))
		return *a == '-' ? -1 : 1; /* what leads to a release is before it */
	if (*a != '-')
		return 0;
	a++;
	b++;
	do {
		struct part left = next_part(&a, IDENTIFIERS), right = next_part(&b, IDENTIFIERS);

		order = compare_identifiers(left, right);
		if (order == 0 && left.size == 0)
			break;
	} while (order == 0);
	return order;
}
