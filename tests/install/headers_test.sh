#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every public header stands alone and every LW_..._INIT of it is clean, for each compiler that is
# here, in C11, C17 and C++17, with the warnings that strict users switch on.
#
#   headers_test.sh INCLUDE [COMPILER...]
#
# The name of an initialiser is that of its struct in capitals, so that no list has to be kept.
set -u -o pipefail
include=$1
shift
[ $# -gt 0 ] || set -- gcc clang g++ clang++
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0 checked=0

fail() {
	echo "FAILED: $1"
	sed 's/^/    /' "$folder/out" | head -n 20
	failed=$((failed + 1))
}

# A program that uses each initialiser as users do: global, local, with a neighbour, assigned.
program() { # header
	local name kind type
	printf '#include <leanworker/%s>\n#include <stdio.h>\n' "$1"
	[ "$1" != guest.h ] || printf '%s\n' \
		'static int run(struct lw_guest_call call, const char *request, size_t size)' \
		'{ (void)size; return lw_guest_fail(call, "%s", request); }' \
		'static const struct lw_guest_export exports[] = { { "run", LW_GUEST_STREAM, run } };' \
		'const struct lw_guest_capability lw_guest_capability =' \
		'LW_GUEST_CAPABILITY("it", "1", exports, NULL, NULL);'
	for name in $(initialisers "$1"); do
		kind=${name%_INIT}
		printf 'static struct %s global_%s = %s;\n' "${kind,,}" "$kind" "$name"
	done
	printf 'int main(void)\n{\n\tint bad = 0;\n'
	for name in $(initialisers "$1"); do
		kind=${name%_INIT} type="struct ${name%_INIT}"
		type=${type,,}
		printf '\t{\n\t\t%s one = %s, two = %s;\n\n' "$type" "$name" "$name"
		[ "$kind" = LW_GUEST_JSON ] || # the one that has no size, and needs none
			printf '\t\tbad += one.struct_size != sizeof two || global_%s.struct_size != sizeof one;\n' "$kind"
		printf '\t\ttwo = one;\n\t\t(void)two;\n\t\t(void)global_%s;\n\t}\n' "$kind"
	done
	printf '\tif (bad)\n\t\tputs("wrong struct_size");\n\treturn bad;\n}\n'
}

initialisers() { sed -nE 's/^#define (LW_[A-Z_]+_INIT)( .*)?$/\1/p' "$include/leanworker/$1"; }

try() { # compiler, language, standard, header, further arguments
	local source=$folder/program.$2
	"$1" -std="$3" -Wall -Wextra -Wpedantic -Werror -I"$include" "${@:5}" \
		-o "$folder/program" "$source" >"$folder/out" 2>&1 || { fail "$4 with $1 -std=$3"; return; }
	[ "${*:5}" = -c ] || "$folder/program" >"$folder/out" 2>&1 || fail "$4, compiled by $1 -std=$3, at run time"
	checked=$((checked + 1))
}

initialised=0
for header in "$include"/leanworker/*.h; do
	header=${header##*/}
	initialised=$((initialised + $(initialisers "$header" | wc -l)))
	program "$header" | tee "$folder/program.c" >"$folder/program.cc"
	for compiler in "$@"; do
		command -v "$compiler" >/dev/null || continue
		case "$compiler" in
		*++*) try "$compiler" cc c++17 "$header" ;;
		*)
			try "$compiler" c c11 "$header"
			try "$compiler" c c17 "$header"
			;;
		esac
	done
	# Some C++ programs wrap whatever is C.
	printf 'extern "C" {\n%s\n}\n' "#include <leanworker/$header>" >"$folder/program.cc"
	for compiler in "$@"; do
		case "$compiler" in
		*++*) command -v "$compiler" >/dev/null && try "$compiler" cc c++17 "$header in extern C" -c ;;
		esac
	done
done

echo "$checked programs, $initialised initialisers"
[ "$initialised" -ge 10 ] || { echo "FAILED: the initialisers were not found"; failed=1; }
[ "$checked" -ge 9 ] || { echo "FAILED: too few compilers"; failed=1; }
[ "$failed" -eq 0 ]
