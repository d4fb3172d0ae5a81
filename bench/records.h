/* SPDX-License-Identifier: Apache-2.0 */
/* The corpora as records: every member of every payload. */
#ifndef LW_BENCH_RECORDS_H
#define LW_BENCH_RECORDS_H

#include <leanworker/leanworker.h>

struct declaration {
	struct lw_str kind, name;
	uint32_t line, ordinal;
};
LW_RECORD(declaration, struct declaration, LW_FIELD(kind), LW_FIELD(name), LW_FIELD(line),
    LW_FIELD(ordinal));

struct file {
	struct lw_str kind, name;
	uint32_t line, ordinal;
	const struct declaration *declarations;
	size_t declaration_count;
};
LW_RECORD(file, struct file, LW_FIELD(kind), LW_FIELD(name), LW_FIELD(line), LW_FIELD(ordinal),
    LW_LIST_OF(declarations, declaration_count, declaration, LW_OPTIONAL));

struct text {
	uint32_t id;
	struct lw_str text;
};
LW_RECORD(text, struct text, LW_FIELD(id), LW_FIELD(text));

struct point {
	double x, y;
};
LW_RECORD(point, struct point, LW_FIELD(x), LW_FIELD(y));

struct number {
	struct point p;
	double x;
	const uint32_t *n;
	size_t n_count;
	bool ok;
	struct lw_json of;
};
LW_RECORD(number, struct number, LW_NESTED(p, point, LW_OPTIONAL), LW_LIST(n, n_count),
    LW_FIELD(ok, LW_OPTIONAL), LW_FIELD(of, LW_OPTIONAL), LW_FIELD(x, LW_OPTIONAL));

struct numbers {
	uint32_t id;
	const struct number *of;
	size_t of_count;
	struct lw_str name;
};
LW_RECORD(numbers, struct numbers, LW_FIELD(id), LW_LIST_OF(of, of_count, number), LW_FIELD(name));

#endif
