/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record with a field of every kind and shape, for what holds of any: random values, and the
 * fuzzer. It contains a list of itself.
 */
#ifndef LWTEST_RICH_H
#define LWTEST_RICH_H

#include "leanworker/leanworker.h"

enum rich_colour { RICH_RED, RICH_GREEN = 7, RICH_BLUE = -1 };

static const struct lw_name rich_colours[] = { { "red", RICH_RED }, { "green", RICH_GREEN },
	{ "blue \"\\\n\xc3\xa9", RICH_BLUE } };

struct rich_leaf {
	const char *name;
	double weight;
	bool has_weight;
	struct lw_str parts[3];
	size_t part_count;
};

struct rich {
	bool yes;
	int8_t i8;
	int16_t i16;
	int32_t i32;
	int64_t i64;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	long long ll;
	double real;
	const char *string;
	struct lw_str text;
	char word[8];
	struct lw_json raw;
	enum rich_colour colour;
	uint8_t shade;
	struct rich_leaf leaf, spare;
	int32_t numbers[4];
	size_t number_count;
	const double *reals;
	size_t real_count;
	const char *const *strings;
	size_t string_count;
	const struct lw_json *raws;
	size_t raw_count;
	const bool *flags;
	size_t flag_count;
	struct rich_leaf leaves[2];
	size_t leaf_count;
	const struct rich *children;
	size_t child_count;
};

LW_RECORD(rich_leaf, struct rich_leaf, LW_FIELD(name), LW_FIELD(weight, LW_HAS(has_weight)),
    LW_ARRAY(parts, part_count, LW_OPTIONAL));

/* The shortest text of it is "{}" with the few that must be there. */
LW_RECORD(rich, struct rich, LW_FIELD(yes), LW_FIELD(i8, LW_DEFAULT("-128")),
    LW_FIELD(i16, LW_OPTIONAL), LW_FIELD(i32, LW_OPTIONAL), LW_FIELD(i64, LW_OPTIONAL),
    LW_FIELD(u8, LW_OPTIONAL), LW_FIELD(u16, LW_OPTIONAL), LW_FIELD(u32, LW_OPTIONAL),
    LW_FIELD(u64, LW_KEY("u 64"), LW_OPTIONAL), LW_FIELD(ll, LW_OPTIONAL),
    LW_FIELD(real, LW_DEFAULT("0.5")), LW_FIELD(string, LW_OPTIONAL), LW_FIELD(text, LW_OPTIONAL),
    LW_FIELD(word, LW_OPTIONAL), LW_FIELD(raw, LW_OPTIONAL),
    LW_ENUM(colour, rich_colours, LW_DEFAULT("\"green\"")),
    LW_ENUM(shade, rich_colours, LW_OPTIONAL),
    LW_NESTED(leaf, rich_leaf, LW_DEFAULT("{\"name\":\"none\",\"parts\":[\"\\u00e9\"]}")),
    LW_NESTED(spare, rich_leaf, LW_OPTIONAL), LW_ARRAY(numbers, number_count, LW_DEFAULT("[1,2]")),
    LW_LIST(reals, real_count, LW_OPTIONAL), LW_LIST(strings, string_count, LW_OPTIONAL),
    LW_LIST(raws, raw_count, LW_OPTIONAL), LW_LIST(flags, flag_count, LW_OPTIONAL),
    LW_ARRAY_OF(leaves, leaf_count, rich_leaf, LW_OPTIONAL),
    LW_LIST_OF(children, child_count, rich, LW_OPTIONAL));

#endif
