#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What leanworker/record.h refuses to compile, and that C and C++ make the same of what they accept.
#
#   records_test.sh INCLUDE [COMPILER...]
#
# Each case is two texts that differ in what is wrong: the first must compile with the warnings that
# strict users switch on, the second must not compile with all of them off.
set -u -o pipefail
include=$1
shift
[ $# -gt 0 ] || set -- gcc clang g++ clang++
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0 cases=0 compilers=()
for compiler; do
	command -v "$compiler" >/dev/null && compilers+=("$compiler")
done

fail() {
	echo "FAILED: $1"
	sed 's/^/    /' "$folder/out" | head -n 20
	failed=$((failed + 1))
}

compile() { # compiler, source without its suffix, arguments
	case "$1" in
	*++*) "$1" -std=c++17 -I"$include" "${@:3}" "$2.cc" ;;
	*) "$1" -std=c11 -I"$include" "${@:3}" "$2.c" ;;
	esac >"$folder/out" 2>&1
}

write() { # source without its suffix, the text on stdin
	tee "$1.c" >"$1.cc"
}

try() { # what, the good text, the bad one
	local compiler
	cases=$((cases + 1))
	printf '%s\n%s\n' "$prelude" "$2" | write "$folder/good"
	printf '%s\n%s\n' "$prelude" "$3" | write "$folder/bad"
	for compiler in "${compilers[@]}"; do
		compile "$compiler" "$folder/good" -fsyntax-only -Wall -Wextra -Wpedantic -Werror \
			-Wno-unused-function || fail "$1: $compiler does not take what is right"
		compile "$compiler" "$folder/bad" -fsyntax-only -w &&
			fail "$1: $compiler takes what is wrong"
	done
}

prelude='#include <leanworker/leanworker.h>
struct point { int x, y; };
LW_RECORD(point, struct point, LW_FIELD(x), LW_FIELD(y));
struct other { int x, y; };
LW_RECORD(other, struct other, LW_FIELD(x), LW_FIELD(y));
enum level { LOW, HIGH };
static const struct lw_name levels[] = { { "low", LOW }, { "high", HIGH } };
struct graded { enum level level; };
LW_RECORD(graded, struct graded, LW_ENUM(level, levels));'

# --- Members --------------------------------------------------------------------------------------

member() { # what, type and name that are right, that are wrong, field
	try "$1" "struct it { $2; size_t n; bool has; }; LW_RECORD(it, struct it, $4);" \
		"struct it { $3; size_t n; bool has; }; LW_RECORD(it, struct it, $4);"
}

member 'a float' 'double m' 'float m' 'LW_FIELD(m)'
member 'a long double' 'double m' 'long double m' 'LW_FIELD(m)'
member 'a char' 'signed char m' 'char m' 'LW_FIELD(m)'
member 'a string that may be written to' 'const char *m' 'char *m' 'LW_FIELD(m)'
member 'a void pointer' 'const char *m' 'const void *m' 'LW_FIELD(m)'
member 'a struct without a record' 'struct lw_str m' 'struct point m' 'LW_FIELD(m)'
member 'an array as one value' 'int m' 'int m[3]' 'LW_FIELD(m)'
member 'a pointer as one value' 'int m' 'const int *m' 'LW_FIELD(m)'
member 'an enum without names' 'int m' 'enum level *m' 'LW_FIELD(m)'
member 'names for a double' 'enum level m' 'double m' 'LW_ENUM(m, levels)'
member 'names for a string' 'unsigned char m' 'const char *m' 'LW_ENUM(m, levels)'
member 'another nested struct' 'struct point m' 'struct other m' 'LW_NESTED(m, point)'
member 'a nested pointer' 'struct point m' 'struct point *m' 'LW_NESTED(m, point)'
member 'an array that is a pointer' 'int m[3]' 'const int *m' 'LW_ARRAY(m, n)'
member 'an array of floats' 'double m[3]' 'float m[3]' 'LW_ARRAY(m, n)'
member 'an array of arrays' 'int m[3]' 'int m[3][3]' 'LW_ARRAY(m, n)'
member 'an array that is one value' 'int m[1]' 'int m' 'LW_ARRAY(m, n)'
member 'a list that is an array' 'const int *m' 'int m[3]' 'LW_LIST(m, n)'
member 'a list that may be written to' 'const int *m' 'int *m' 'LW_LIST(m, n)'
member 'a list of strings that may be written to' 'const char *const *m' 'const char **m' 'LW_LIST(m, n)'
member 'a list of floats' 'const double *m' 'const float *m' 'LW_LIST(m, n)'
member 'an array of other structs' 'struct point m[2]' 'struct other m[2]' 'LW_ARRAY_OF(m, n, point)'
member 'an array of structs that is a pointer' 'struct point m[2]' 'const struct point *m' 'LW_ARRAY_OF(m, n, point)'
member 'a list of other structs' 'const struct point *m' 'const struct other *m' 'LW_LIST_OF(m, n, point)'
member 'a list of structs that may be written to' 'const struct point *m' 'struct point *m' 'LW_LIST_OF(m, n, point)'
member 'a list of structs that is an array' 'const struct point *m' 'struct point m[2]' 'LW_LIST_OF(m, n, point)'
member 'a count of an array that is no size_t' 'int m[3]; size_t c' 'int m[3]; unsigned c' 'LW_ARRAY(m, c)'
member 'a count of a list that is no size_t' 'const int *m; size_t c' 'const int *m; int c' 'LW_LIST(m, c)'
member 'a count of structs that is no size_t' 'const struct point *m; size_t c' \
	'const struct point *m; long c' 'LW_LIST_OF(m, c, point)'
member 'presence that is no bool' 'int m; bool p' 'int m; int p' 'LW_FIELD(m, LW_HAS(p))'
member 'a member that does not exist' 'int m' 'int k' 'LW_FIELD(m)'

# --- Modifiers, numbers of fields ------------------------------------------------------------------

fields() { # how many of the same
	local text='LW_FIELD(m)' i
	for ((i = 1; i < $1; i++)); do text+=', LW_FIELD(m)'; done
	echo "struct it { int m; }; LW_RECORD(it, struct it, $text);"
}

try 'more fields than there may be' "$(fields 64)" "$(fields 65)"
try 'three modifiers' 'struct it { int m; }; LW_RECORD(it, struct it, LW_FIELD(m, LW_KEY("k"), LW_OPTIONAL));' \
	'struct it { int m; }; LW_RECORD(it, struct it, LW_FIELD(m, LW_KEY("k"), LW_OPTIONAL, LW_DEFAULT("1")));'
try 'a key that is no literal' 'struct it { int m; }; LW_RECORD(it, struct it, LW_FIELD(m, LW_KEY("k")));' \
	'static const char k[] = "k"; struct it { int m; }; LW_RECORD(it, struct it, LW_FIELD(m, LW_KEY(k)));'

# --- Values, outputs, callbacks --------------------------------------------------------------------

value() { # what, type that is right, that is wrong, expression of `it`
	try "$1" "static void use($2 it) { (void)$4; }" "static void use($3 it) { (void)$4; }"
}

value 'a value of another struct' 'const struct point *' 'const struct other *' 'LW_VALUE(point, it)'
value 'a value of no type' 'struct point *' 'void *' 'LW_VALUE(point, it)'
value 'a value that is no pointer' 'struct point *' 'struct point' 'LW_VALUE(point, it)'
value 'a place that is constant' 'struct point *' 'const struct point *' 'LW_INTO(point, it)'
value 'a place of another struct' 'struct point *' 'struct other *' 'LW_INTO(point, it)'
value 'a place of no type' 'struct point *' 'void *' 'LW_INTO(point, it)'
value 'a copy of another struct' 'const struct point *' 'struct other *' 'LW_COPY(point, it)'
value 'a value by a record of another' 'struct other *' 'struct point *' 'LW_VALUE(other, it)'

callback() { # what, parameters that are right, that are wrong
	local entry='static const struct lw_rows rows[] = { LW_ROWS("s", point, on_row) }; const struct lw_rows *all(void); const struct lw_rows *all(void) { return rows; }'
	try "$1" "static int on_row($2) { (void)c, (void)r, (void)v; return 0; } $entry" \
		"static int on_row($3) { return 0; } $entry"
}

callback 'a callback for another struct' 'void *c, const struct lw_row *r, const struct point *v' \
	'void *c, const struct lw_row *r, const struct other *v'
callback 'a callback that may change the row' 'void *c, const struct lw_row *r, const struct point *v' \
	'void *c, const struct lw_row *r, struct point *v'
callback 'a callback for rows as they come' 'void *c, const struct lw_row *r, const struct point *v' \
	'void *c, const struct lw_row *r'
callback 'a callback for any context' 'void *c, const struct lw_row *r, const struct point *v' \
	'struct point *c, const struct lw_row *r, const struct point *v'

# --- The same table from each compiler ---------------------------------------------------------------

write "$folder/table" <<'END'
#include <leanworker/leanworker.h>
#include <stdio.h>
struct leaf { const char *name; bool has; };
LW_STRICT_RECORD(leaf, struct leaf, LW_FIELD(name, LW_HAS(has)));
enum level { LOW = -1, HIGH = 7 };
static const struct lw_name levels[] = { { "low", LOW }, { "high", HIGH } };
struct all {
	bool b; signed char sc; short s; int i; long l; long long ll; unsigned char uc; unsigned short us;
	unsigned u; unsigned long ul; unsigned long long ull; double d; const char *str; struct lw_str text;
	char word[5]; struct lw_json raw; enum level e; unsigned char ue; struct leaf leaf;
	int few[3]; size_t few_n; double reals[2]; size_t real_n; const char *words[2]; size_t word_n;
	const bool *flags; size_t flag_n; const char *const *names; size_t name_n;
	const struct lw_str *texts; size_t text_n; const struct lw_json *raws; size_t raw_n;
	struct leaf leaves[4]; size_t leaf_n; const struct all *children; size_t child_n;
};
LW_RECORD(all, struct all, LW_FIELD(b), LW_FIELD(sc), LW_FIELD(s), LW_FIELD(i), LW_FIELD(l),
    LW_FIELD(ll), LW_FIELD(uc), LW_FIELD(us), LW_FIELD(u, LW_KEY("a \"b\"")), LW_FIELD(ul),
    LW_FIELD(ull, LW_OPTIONAL), LW_FIELD(d, LW_DEFAULT("0.5"), LW_KEY("D")), LW_FIELD(str),
    LW_FIELD(text), LW_FIELD(word), LW_FIELD(raw), LW_ENUM(e, levels), LW_ENUM(ue, levels, LW_OPTIONAL),
    LW_NESTED(leaf, leaf), LW_ARRAY(few, few_n), LW_ARRAY(reals, real_n, LW_KEY("r")),
    LW_ARRAY(words, word_n), LW_LIST(flags, flag_n), LW_LIST(names, name_n, LW_DEFAULT("[]")),
    LW_LIST(texts, text_n), LW_LIST(raws, raw_n), LW_ARRAY_OF(leaves, leaf_n, leaf),
    LW_LIST_OF(children, child_n, all, LW_OPTIONAL, LW_KEY("more")));

static int on_leaf(void *context, const struct lw_row *row, const struct leaf *value)
{
	printf("%s %s %s\n", (const char *)context, row->stream, value->name);
	return 3;
}
static const struct lw_rows rows[] = { LW_ROWS("s", leaf, on_leaf), LW_ROWS(NULL, leaf, &on_leaf) };

/* In the place of the library's. */
void *lw_copy_(lw_record_fn *record, const void *value)
{
	printf("copy of %s\n", record == leaf_record && value != NULL ? "a leaf" : "something else");
	return NULL;
}

static void print_table(const struct lw_record *r)
{
	printf("%u of %u, %u\n", r->field_count, r->size, r->flags);
	for (uint32_t i = 0; i < r->field_count; i++) {
		const struct lw_field *f = &r->fields[i];
		printf("%s/%u kind %u shape %u at %u size %u room %u count %u names %u %d record %d", f->member,
		    f->member_size, f->kind, f->shape, f->offset, f->size, f->capacity, f->count_offset,
		    f->name_count, f->names == levels, f->record == leaf_record ? 1 : f->record == all_record ? 2 : 0);
		for (int k = 0; k < 2; k++)
			printf(" [%u %u %s]", f->modifiers[k].what, f->modifiers[k].number,
			    f->modifiers[k].text ? f->modifiers[k].text : "-");
		puts("");
	}
}

int main(void)
{
	struct leaf it = { "it", true };
	struct lw_row row = { "stream", 0, "", 0, 1 };
	struct lw_input in = LW_VALUE(leaf, &it), text = lw_text("{}"), none = lw_text(NULL);
	struct lw_output out = LW_INTO(leaf, &it);
	char context[] = "context";

	print_table(all_record());
	print_table(leaf_record());
	printf("%d %d %d\n", in.value == &it && in.record == leaf_record, out.value == &it && out.record == leaf_record,
	    text.size == 2 && none.size == 0 && none.text == NULL);
	for (int i = 0; i < 2; i++)
		printf("%d\n", rows[i].record()->deliver(rows[i].on_row, context, &row, &it));
	return LW_COPY(leaf, &it) != NULL;
}
END

tables=0
for compiler in "${compilers[@]}"; do
	compile "$compiler" "$folder/table" -Wall -Wextra -Wpedantic -Werror -o "$folder/table" ||
		{ fail "the program that uses each macro, with $compiler"; continue; }
	"$folder/table" >"$folder/$compiler.table" || fail "the program that uses each macro, by $compiler"
	tables=$((tables + 1))
	diff "$folder/${compilers[0]}.table" "$folder/$compiler.table" >"$folder/out" ||
		fail "${compilers[0]} and $compiler make different tables"
done
# Kinds and shapes are said in the table of the first; that of `few` is known.
grep -q '^few/3 kind 2 shape 1 .* size 4 room 3 ' "$folder/${compilers[0]}.table" ||
	{ cp "$folder/${compilers[0]}.table" "$folder/out"; fail 'the table is not the known one'; }

echo "$cases cases, ${#compilers[@]} compilers, $tables tables"
[ "$cases" -ge 40 ] || { echo "FAILED: cases are missing"; failed=1; }
[ "${#compilers[@]}" -ge 2 ] || { echo "FAILED: too few compilers"; failed=1; }
[ "$failed" -eq 0 ]
