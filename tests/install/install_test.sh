#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An installed tree, and what the documentation says of it, done as written: the example, statically
# linked too, the page on native capabilities, the test kit. The tree is moved first: everything in it
# must find the rest by itself.
#
#   install_test.sh BUILD SOURCE
set -u -o pipefail
build=$1 source=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0
unset LEANWORKER_CHILD LD_LIBRARY_PATH PKG_CONFIG_PATH
export HOME=$room/home

fail() {
	echo "FAILED: $1"
	sed 's/^/    /' "$room/out" "$room/err" 2>/dev/null | cut -c1-200 | tail -n 20
	failed=$((failed + 1))
}
# Code blocks of a page: block PAGE LANGUAGE PATTERN prints the first that has a line like the pattern.
block() {
	awk -v wanted="$2" -v pattern="$3" '
		!/^```/ { text = text $0 "\n"; next }
		!inside { inside = 1; language = substr($0, 4); text = ""; next }
		{ inside = 0 }
		language == wanted && text ~ pattern { printf "%s", text; exit }' "$source/$1"
}
# Runs the block as a user would who stands in a checkout, after what has been run before.
run() { # title, page, pattern, what must be on standard output
	local text
	text=$(block "$2" sh "$3")
	if [ -z "$text" ]; then
		echo "FAILED: $1: $2 has no block like: $3"
		failed=$((failed + 1))
	elif ! (cd "$room/tree" && printf 'set -e\n%s\n%s\n' "$settings" "$text" | bash) >"$room/out" 2>"$room/err"; then
		fail "$1: status of the commands"
	elif [ -n "$4" ] && ! grep -qE -- "$4" "$room/out"; then
		fail "$1: no line like: $4"
	else
		echo "checked: $1"
	fi
}

mkdir -p "$room/home" "$room/tree/build/release" "$room/hello"
ln -s "$source/examples" "$source/lean" "$source/tests" "$room/tree"
ln -s "$build/lib" "$room/tree/build/release/lib"

cmake --install "$build" --prefix "$room/first" >"$room/out" 2>"$room/err" || fail "cmake --install"
mv "$room/first" "$room/home/leanworker"

# What the README exports holds for all that follows.
settings=$(block README.md sh 'export PATH=' | grep '^export ')
eval "$settings"
[ -n "$settings" ] || fail "the README exports nothing"

run "the example, linked with the shared library" README.md 'export PATH=' 'declarations 0: '
grep -q "36 declarations in .* from generation 2" "$room/err" || fail "the example's last line"
run "the example, linked statically" docs/recipes.md 'libleanworker\.a' 'declarations 0: '
ldd "$room/tree/build/worker_streaming" | grep -q leanworker && fail "the static one needs the shared library"
run "the C++ example" docs/typed-commands.md 'worker_records' '^row of kind done$'
# The page's C, in the order in which it stands there, makes a program.
{
	printf '#include <leanworker/metadata.h>\n#include <stdio.h>\n#include <stdlib.h>\n'
	for pattern in 'struct scan_request' 'report[(]void' 'scan[(]lw_session'; do
		block docs/typed-commands.md c "$pattern"
	done
	sed -n '/^int$/,/^}$/p' "$source/examples/worker_commands.c" |
		sed 's/show_metadata(/scan(/; s/show_doctor(.*)/LW_OK/; s/ask(.*)/LW_OK/'
} >"$room/typed.c"
cc -Wall -Wextra -Werror -o "$room/typed" "$room/typed.c" $(pkg-config --cflags --libs leanworker) \
	-Wl,-rpath,"$(pkg-config --variable=libdir leanworker)" >"$room/out" 2>"$room/err" &&
	"$room/typed" "$build/lib/interop.capability.json" >"$room/out" 2>"$room/err" &&
	grep -q '^2 rows of interop: ok$' "$room/out" || fail "the C of docs/typed-commands.md"

# find_package: the page's project, the same with the static library, and a version that there is not.
consumer() { # what sed changes in the project
	rm -rf "$room/consumer"
	mkdir "$room/consumer"
	block docs/packaging.md cmake find_package | sed "$1" >"$room/consumer/CMakeLists.txt"
	cp "$source/examples/worker_streaming.c" "$room/consumer"
	cmake -S "$room/consumer" -B "$room/consumer/build" -DCMAKE_PREFIX_PATH="$HOME/leanworker" >"$room/out" 2>"$room/err" &&
		cmake --build "$room/consumer/build" >"$room/out" 2>"$room/err"
}
scans() {
	"$room/consumer/build/mine" "$source/lean/LeanWorker/Json.lean" "$build/lib/interop.capability.json" \
		>"$room/out" 2>"$room/err" && grep -q 'declarations 0: ' "$room/out"
}
consumer '' && scans || fail "find_package, shared"
readelf -d "$room/consumer/build/mine" | grep -q 'NEEDED.*libleanworker\.so\.0' || fail "not linked with the shared library"
consumer 's/leanworker::leanworker/leanworker::static/' &&
	LEANWORKER_CHILD="$HOME/leanworker/libexec/leanworker/leanworker-child" scans || fail "find_package, static"
readelf -d "$room/consumer/build/mine" | grep -q leanworker && fail "the static one needs the shared library"
consumer 's/leanworker 0.1/leanworker 0.0/' && fail "find_package takes a version with another interface"
consumer 's/leanworker 0.1/leanworker 9.1/' && fail "find_package takes a newer version"
grep -q "version: $(pkg-config --modversion leanworker)" "$room/err" || fail "and does not say which one is there"

if /usr/bin/python3 -c 'import cffi' 2>/dev/null; then
	run "the Python example" docs/python.md 'dist-packages' 'declarations 0: '
	grep -q "36 declarations, from generation 2" "$room/err" || fail "the Python example's last line"
else
	echo "SKIPPED: the Python example: there is no python3-cffi"
fi
run "a scenario with the installed kit" docs/chaos.md 'leanworker-scenario' ''

# The page on native capabilities, in a folder of its own.
block docs/native-capabilities.md c 'lw_guest_capability =' >"$room/hello/hello.c"
block docs/native-capabilities.md json '"native"' >"$room/hello/hello.capability.json"
rm -rf "$room/tree"
mv "$room/hello" "$room/tree"
run "the page's capability compiles" docs/native-capabilities.md '-shared' ''
run "the page's capability runs" docs/native-capabilities.md 'leanworker stream count' '^'
block docs/native-capabilities.md '' '"stream":"numbers"' | diff - "$room/out" >"$room/err" ||
	fail "the page's output is another"

# The tree uses its own parts, not those of the build that it came from.
(cd "$room/tree" && leanworker stream count --capability hello.capability.json --request 1 --verbose) \
	>"$room/out" 2>"$room/err" || fail "leanworker"
grep -q "process .* of $room/home/leanworker/" "$room/err" || fail "leanworker does not find its own child"
leanworker --version | grep -q "^library  *$(pkg-config --modversion leanworker), protocol " || fail "two versions"
for program in leanworker leanworker-scenario; do
	ldd "$room/home/leanworker/bin/$program" | grep -qE "not found|$build" && fail "libraries of $program"
done
[ "$failed" -eq 0 ]
