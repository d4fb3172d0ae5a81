#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/demo on machines with every kind of toolchain: none, a working one, broken ones, elan's.
#
#   demo_test.sh BUILD
#
# The toolchains are copies of the stand-in (tests/toolchain), on the checking runtime. So this tests the
# demo's way to real Lean, not Lean.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=

# A tree of its own: Lake writes into the sources, the demo into the build.
mkdir -p "$room/tree/fixtures" "$room/build" "$room/home"
cp -R "$here/scripts" "$here/lean" "$room/tree"
cp -R "$here/fixtures/interop" "$room/tree/fixtures"
rm -rf "$room/tree/lean/.lake" "$room/tree/fixtures/interop/.lake"
ln -s "$build/bin" "$room/build/bin"
ln -s "$build/lib" "$room/build/lib"

toolchain() { # folder: a lean and a lake that work
	mkdir -p "${1%/*}"
	cp -R "$build/toolchain" "$1"
}
program() { # file, body
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod +x "$1"
}
elan() { # folder: elan and its proxies, which only write down that they were called
	mkdir -p "$1/bin" "$1/toolchains"
	program "$1/bin/elan" "touch '$room/downloaded'; exit 1"
	cp "$1/bin/elan" "$1/bin/lake"
	cp "$1/bin/elan" "$1/bin/lean"
}

file= # to scan; "": what the demo scans by itself
demo() { # in front of PATH ("" for nothing), then settings NAME=value…
	local path=/usr/bin:/bin
	[ -z "$1" ] || path=$1:$path
	rm -rf "$room/tree/lean/.lake" "$room/tree/fixtures/interop/.lake" "$room/build/lean.capability.json"
	env -i PATH="$path" HOME="$room/home" "${@:2}" "$room/tree/scripts/demo" "$room/build" ${file:+"$file"} \
		>"$room/out" 2>&1 </dev/null
	status=$?
}
complain() { # once for each title, with all but the rows
	[ "$failed" != "$1" ] || return 0
	failed=$1
	printf 'FAILED: %s: %s\n' "$1" "$2"
	grep -v '^declarations ' "$room/out" | sed 's/^/    /' | cut -c1-200
}
expect() { # title, status, lines that must be there; with status 0 also rows and a fresh child
	local pattern pids
	[ "$status" -eq "$2" ] || complain "$1" "status $status, not $2"
	for pattern in "${@:3}"; do
		grep -qE -- "$pattern" "$room/out" || complain "$1" "no line like: $pattern"
	done
	if [ "$2" -eq 0 ]; then
		[ "$(grep -cE '^declarations [0-9]+: (def|theorem|structure|inductive) [^ ]+, line [0-9]+$' "$room/out")" -ge 20 ] ||
			complain "$1" "fewer than 20 rows"
		pids=$(sed -nE 's/^.* from generation [12], process ([0-9]+)$/\1/p' "$room/out" | sort -u | wc -l)
		[ "$pids" -eq 2 ] || complain "$1" "not two processes"
		grep -q ' from generation 2, ' "$room/out" || complain "$1" "no generation 2"
	fi
	[ ! -e "$room/downloaded" ] || complain "$1" "a proxy of elan was called"
	echo "checked: $1"
}

demo "" RUNTIME=checking
expect "asked for the checking runtime" 0 '^as asked: .*which is not Lean$' '^runtime: .*not Lean'

file=$room/"with a space.lean"
cp "$here/lean/LeanWorker/Json.lean" "$file"
demo "" RUNTIME=checking
expect "a file with spaces in its name" 0 "^scanning $file$"
file=$room/"none such.lean"
demo "" RUNTIME=checking
expect "a file that is not there" 1 "^$file: No such file"
# The same through make, in a tree where everything that it runs only says how it was called.
mkdir -p "$room/made/scripts" "$room/made/bin"
program "$room/made/bin/cmake" exit
program "$room/made/scripts/need" exit
program "$room/made/scripts/demo" 'printf "<%s>" "$@"'
for name in "My File.lean" "it's \"quoted\" & (odd); *.lean"; do
	made=$(PATH=$room/made/bin:$PATH make -s -C "$room/made" -f "$here/Makefile" demo FILE="$name" 2>&1)
	[ "${made##*$'\n'}" = "<build/release><$name>" ] || complain "make demo FILE='$name'" "gives $made"
done
made=$(PATH=$room/made/bin:$PATH make -s -C "$room/made" -f "$here/Makefile" demo 2>&1)
[ "${made##*$'\n'}" = "<build/release>" ] || complain "make demo" "gives $made"
file=

demo ""
expect "no toolchain" 0 '^leanworker: TOOLCHAIN_NOT_FOUND: ' \
	'^no Lean here: .*\(tests/leanrt\), which is not Lean$'

# What the README shows is what comes, in this order; "…" stands for anything, numbers of a run too.
of_any_run() {
	sed -E 's/in [0-9.]+ ms/in N ms/; s/process [0-9]+$/process N/; s,^scanning .*/lean/,scanning …/lean/,'
}
sample=$(sed -n '/^building build\/release$/,/^```$/p' "$here/README.md" | grep -vxE 'building build/release|```|…')
[ "$(wc -l <<<"$sample")" -ge 6 ] || complain "the README's sample" "is not there"
awk 'NR == FNR { wanted[n++] = $0; next } $0 == wanted[i + 0] { i++ } END { exit i != n }' \
	<(of_any_run <<<"$sample") <(of_any_run <"$room/out") || complain "the README's sample" "is not what comes"

demo "" RUNTIME=lean
expect "no toolchain, and real Lean wanted" 1 'TOOLCHAIN_NOT_FOUND' '^  PATH: lean: there is none$' \
	"elan toolchain install $(cat "$here/fixtures/interop/lean-toolchain")" \
	'^RUNTIME=checking needs no toolchain.$'

demo "" RUNTIME=linear
expect "a runtime that does not exist" 2 'must be lean or checking'

wanted=$(cat "$here/fixtures/interop/lean-toolchain")
of_stand_in=v4.28.0
# What is on the PATH must be the version that is wanted; here it may say of itself what it likes.
of_wanted() { sed -i "s/4\.28\.0/${wanted##*:v}/" "$1/include/lean/version.h"; }

toolchain "$room/lean"
of_wanted "$room/lean"
demo "$room/lean/bin" RUNTIME=lean
expect "a toolchain that works" 0 "^running on Lean of $room/lean$"
grep -q "fixtures/interop/.lake/build/lib/lib" "$room/build/lean.capability.json" ||
	complain "a toolchain that works" "the manifest does not name Lake's library"
demo "" RUNTIME=lean LEAN_SYSROOT="$room/lean"
expect "a toolchain that is named" 0 "^running on Lean of $room/lean$"

toolchain "$room/broken"
of_wanted "$room/broken"
program "$room/broken/bin/lake" 'echo "error: nothing works here" >&2; exit 1'
demo "$room/broken/bin"
expect "lake fails: said, then the checking runtime" 0 'BUILD_FAILED: nothing works here' \
	'running on the checking runtime'
demo "$room/broken/bin" RUNTIME=lean
expect "lake fails, and real Lean wanted" 1 'BUILD_FAILED: nothing works here'

toolchain "$room/headless"
rm "$room/headless/lib/lean/libleanshared.so"
demo "$room/headless/bin"
expect "a toolchain without its library" 0 "PATH: $room/headless: there is no lib/lean/libleanshared.so"

toolchain "$room/torn"
of_wanted "$room/torn"
rm "$room/torn/lib/lean/libleanshared.so"
echo "not a library" >"$room/torn/lib/lean/libleanshared.so"
demo "$room/torn/bin"
expect "a library that does not load" 0 '^the example failed on it$' 'running on the checking runtime'
demo "$room/torn/bin" RUNTIME=lean
expect "a library that does not load, and real Lean wanted" 1 '^LW_E_CAPABILITY'

elan "$room/elan"
demo "$room/elan/bin" ELAN_HOME="$room/elan"
expect "elan without the toolchain: nothing downloaded" 0 "no Lean toolchain was found for a project that wants $wanted"
elan "$room/home/.elan"
demo ""
expect "elan in its usual place, not in PATH" 0 "no Lean toolchain was found for a project that wants $wanted"

toolchain "$room/elan/toolchains/leanprover--lean4---$of_stand_in"
demo "$room/elan/bin" ELAN_HOME="$room/elan" RUNTIME=lean
expect "elan with another toolchain" 0 "^elan has no $wanted; taking its newest release$" \
	"^running on Lean of .*---$of_stand_in$"
demo "$room/elan/bin" ELAN_HOME="$room/elan" ELAN_TOOLCHAIN=leanprover/lean4:v4.33.0
expect "elan told to take one that is not there" 0 'leanprover/lean4:v4.33.0'

name=${wanted//\//--}
toolchain "$room/elan/toolchains/${name//:/---}"
demo "$room/elan/bin" ELAN_HOME="$room/elan" RUNTIME=lean
expect "elan with the toolchain" 0 "^running on Lean of $room/elan/toolchains/${name//:/---}$"
[ -z "$failed" ]
