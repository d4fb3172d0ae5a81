/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
skip_space(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '|')
		at++;
	return at;
}

/* One past the end of the section; quotes hide what would end it. */
static const char *
section_end(const char *at)
{
	bool quoted = false;

	for (; *at != '\0' && (quoted || (*at != '|' && *at != '\n')); at++)
		if (*at == '\'')
			quoted = !quoted;
	return at;
}

/* Whether "run#2@1" names this occasion; moves *at behind it. */
static bool
fits(const char **at, const char *occasion, unsigned time, uint32_t generation)
{
	size_t size = strlen(occasion);
	const char *p = *at;
	char *end;

	if (strncmp(p, "on ", 3) != 0 || strncmp(p + 3, occasion, size) != 0)
		return false;
	p += 3 + size;
	if (*p == '#') {
		if (strtoul(p + 1, &end, 10) != time)
			return false;
		p = end;
	}
	if (*p == '@') {
		if (strtoul(p + 1, &end, 10) != generation)
			return false;
		p = end;
	}
	*at = p + 1;
	return *p == ':';
}

const char *
script_find(const char *script, const char *occasion, unsigned time, uint32_t generation)
{
	for (const char *at = skip_space(script); *at != '\0'; at = skip_space(section_end(at)))
		if (fits(&at, occasion, time, generation))
			return at;
	return NULL;
}

/* Copies one word to *to, without its quotes; answers where it ended. */
static const char *
copy_word(const char *at, char **to)
{
	bool quoted = false;

	for (;
	     *at != '\0' && (quoted || (!isspace((unsigned char)*at) && *at != ';' && *at != '|'));
	     at++) {
		if (*at == '\'')
			quoted = !quoted;
		else
			*(*to)++ = *at;
	}
	*(*to)++ = '\0';
	return at;
}

bool
script_next(const char **at, struct action *ret)
{
	const char *p = *at;
	char *to = ret->text;

	while (*p == ' ' || *p == ';')
		p++;
	if (*p == '\0' || *p == '|' || *p == '\n')
		return false;
	if ((size_t)(section_end(p) - p) >= sizeof ret->text) {
		fprintf(stderr, "leanworker-chaos: an action is too long\n");
		abort();
	}
	for (ret->words = 0; *p != '\0' && *p != ';' && *p != '|' && *p != '\n'; p += *p == ' ') {
		if (*p == ' ')
			continue;
		if (ret->words == SCRIPT_WORDS_MAX)
			abort();
		ret->word[ret->words++] = to;
		p = copy_word(p, &to);
		if (*p != ' ')
			break;
	}
	*at = p;
	return true;
}

const char *
action_text(const struct action *a, const char *key, const char *otherwise)
{
	size_t size = strlen(key);

	for (unsigned i = 1; i < a->words; i++)
		if (strncmp(a->word[i], key, size) == 0 && a->word[i][size] == '=')
			return a->word[i] + size + 1;
	return otherwise;
}

uint64_t
action_number(const struct action *a, const char *key, uint64_t otherwise)
{
	const char *text = action_text(a, key, NULL);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

uint64_t
action_argument(const struct action *a, unsigned n, uint64_t otherwise)
{
	return n < a->words ? strtoull(a->word[n], NULL, 0) : otherwise;
}
