#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# From sources to rows by the command alone, with the stand-in toolchain, which is not Lean.
#
#   build_test.sh LEANWORKER TOOLCHAIN SOURCE
set -u -o pipefail
leanworker=$1 toolchain=$2 source=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
export STAND_IN_LOG=$folder/log LC_ALL=C.UTF-8
unset LEAN_SYSROOT ELAN_TOOLCHAIN

# check TITLE STATUS STDOUT-PART STDERR-PART COMMAND...; "-" for nothing on stdout
check() {
	local title=$1 status=$2 out=$3 err=$4 got
	shift 4
	"$@" >"$folder/out" 2>"$folder/err" </dev/null
	got=$?
	if [ "$got" -ne "$status" ] || { [ "$out" = - ] && [ -s "$folder/out" ]; } ||
		{ [ "$out" != - ] && ! grep -qF -- "$out" "$folder/out"; } ||
		{ [ -n "$err" ] && ! grep -qF -- "$err" "$folder/err"; }; then
		echo "FAILED: $title: exit status $got"
		cat "$folder/out" "$folder/err"
		failed=$((failed + 1))
	fi
}

# The exit status of a class of failures, as the command itself tells it.
class() { "$leanworker" --help | awk -v name="LW_E_$1" '$2 == name { print $1 }'; }

mkdir -p "$folder/fixtures"
cp -r "$source/fixtures/interop" "$folder/fixtures/"
cp -r "$source/lean" "$folder/lean"
rm -rf "$folder/lean/.lake" "$folder/fixtures/interop/.lake"
project=$folder/fixtures/interop
manifest=$project/.lake/build/leanworker/Interop.capability.json
build() { "$leanworker" build --sysroot "$toolchain" --project "$project" "$@"; }
exports() { "$leanworker" exports "$@"; }

check "a project is built" 0 "Interop.capability.json" "older than" build Interop
check "the manifest is the whole of stdout" 0 "$(realpath "$manifest")" "" build Interop
check "what Lake says comes when it is asked for" 0 .json "toolchain: sysroot: " build Interop -v -B
grep -q "Built Interop:shared\|with Lean 4.28.0" "$folder/err" ||
	{ echo "FAILED: no word of Lake's"; failed=$((failed + 1)); }
check "as JSON" 0 '"dependencies":1,' "" build Interop --json
python3 -m json.tool "$folder/out" >/dev/null || failed=$((failed + 1))

check "rows come from what was built" 0 '{"stream":"rows","sequence":1,"payload":{"i":1}}' \
	"served by leanworker checking runtime" \
	"$leanworker" stream leanworker_fixture_many -c "$manifest" -r '{"count":2}'
check "a request may name the end of an export's name" 0 \
	'{"stream":"rows","sequence":1,"payload":{"i":1}}' "" \
	"$leanworker" stream many -c "$manifest" -r '{"count":2}'

check "exports are listed" 0 leanworker_fixture_many "" exports -c "$manifest"
! grep -q "^lp_" "$folder/out" || { echo "FAILED: generated names"; failed=$((failed + 1)); }
check "all of them" 0 "lp_leanworker_x2dfixture_Interop" "" exports -c "$manifest" --all
check "as JSON" 0 '{"name":"leanworker_fixture_many","kind":"function"}' "" \
	exports -c "$manifest" --json
check "one by the end of its name" 0 leanworker_fixture_many "" exports -c "$manifest" many
check "one that is none" "$(class EXPORT)" - 'Did you mean "leanworker_fixture_many"' \
	exports -c "$manifest" leanworker_fixture_manu
check "of any library" 0 leanworker_fixture_many "" \
	exports -l "$project/.lake/build/lib/libleanworker_x2dfixture_Interop.so"
check "of no library" "$(class CAPABILITY)" - "it is not an ELF file" exports -l "$0"

check "no such library" "$(class BUILD)" - 'knows no library "Nope"' build Nope
check "no such project" "$(class BUILD)" - "PROJECT_NOT_FOUND" "$leanworker" build X -p "$folder" --sysroot "$toolchain"
check "no toolchain" "$(class TOOLCHAIN)" - "TOOLCHAIN_NOT_FOUND" "$leanworker" build X -p "$project" --sysroot "$folder"
echo '#stand_in_error type mismatch' >>"$project/Interop.lean"
check "the first error is in front" "$(class BUILD)" - "BUILD_FAILED: Interop.lean:" build Interop
grep -q "The end of what Lake said:" "$folder/err" || failed=$((failed + 1))
check "time runs out" "$(class TIMEOUT)" - "BUILD_TIMEOUT" env STAND_IN_LAKE=hang "$leanworker" build Interop \
	--sysroot "$toolchain" -p "$project" --timeout 1s

for verb in build exports; do
	check "help of $verb" 0 "usage: leanworker $verb" "" "$leanworker" "$verb" --help
	check "an option of $verb that is none" 2 - "there is no option -x" "$leanworker" "$verb" -x
	check "a value of $verb that is missing" 2 - "needs a value" "$leanworker" "$verb" --child
done
check "build what?" 2 - "which library?" "$leanworker" build
check "build too much" 2 - "one argument too many" "$leanworker" build A B
check "a bad time" 2 - "has no unit" "$leanworker" build A -t 5
check "exports of what?" 2 - "of what?" "$leanworker" exports
[ "$failed" -eq 0 ] || { echo "$failed failed"; exit 1; }
