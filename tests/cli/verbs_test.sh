#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# From a project's folder to rows, and every verb but build and exports, with the stand-in toolchain, which
# is not Lean, and fixtures/inspected in the place of LeanWorkerLean.
#
#   verbs_test.sh LEANWORKER MANIFEST TOOLCHAIN SOURCE
set -u -o pipefail
leanworker=$1 manifest=$2 toolchain=$3 source=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
export LC_ALL=C.UTF-8 XDG_CACHE_HOME=$folder/cache LEANWORKER_PACKAGE=$folder/package
unset LEAN_SYSROOT ELAN_TOOLCHAIN

wrong() {
	echo "FAILED: $1"
	cat -v "$folder/out" "$folder/err"
	failed=$((failed + 1))
}

# check TITLE STATUS STDOUT-PART STDERR-PART COMMAND...; "-" for nothing on stdout
check() {
	local title=$1 status=$2 out=$3 err=$4 got
	shift 4
	"$@" >"$folder/out" 2>"$folder/err" </dev/null
	got=$?
	if [ "$got" -ne "$status" ] || { [ "$out" = - ] && [ -s "$folder/out" ]; } ||
		{ [ "$out" != - ] && ! grep -qF -- "$out" "$folder/out"; } ||
		{ [ -n "$err" ] && ! grep -qF -- "$err" "$folder/err"; }; then
		wrong "$title: exit status $got"
	fi
}
class() { "$leanworker" --help | awk -v name="LW_E_$1" '$2 == name { print $1 }'; }

mkdir -p "$folder/project/.lake/build/lib/lean/My"
printf 'name = "project"\n' >"$folder/project/lakefile.toml"
touch "$folder/project/.lake/build/lib/lean/My/Module.olean"
cp -r "$source/lean" "$folder/package"
rm -rf "$folder/package/.lake" "$folder/package/LeanWorkerLean"
cp "$source/fixtures/inspected/LeanWorkerLean.lean" "$folder/package/"
cp "$source/fixtures/inspected/ir/LeanWorkerLean.c" "$folder/package/ir/"

on_project() { "$leanworker" "$1" "${@:2}" --project "$folder/project" --sysroot "$toolchain"; }
on_fixture() { "$leanworker" "$1" "${@:2}" --capability "$manifest"; }

# ---- From a project's folder

check "declarations of a project" 0 '{"opened":{"imports":["My.Module"],"root":"'"$folder"'/project"' \
	"served by leanworker checking runtime" on_project stream declarations --import My.Module
check "a level" 0 '"level":"exported"' "" on_project stream declarations -i My.Module --import-level exported
check "a module that is not built" "$(class CAPABILITY)" - "IMPORT: My.Other is not built" \
	on_project stream declarations --import My.Module --import My.Other
check "a toolchain that is none" "$(class TOOLCHAIN)" - "TOOLCHAIN_NOT_FOUND" \
	"$leanworker" stream declarations --project "$folder/project" --sysroot "$folder"
check "steps, when asked for" 0 declarations "leanworker: health" on_project stream declarations -v
check "metadata of a project" 0 "command    declarations 1.0.0" "" on_project metadata
check "doctor of a project" 0 "warning  session     nothing was imported" "" on_project doctor
check "doctor with imports" 0 "pass     session     imported" "" on_project doctor -i My.Module

# ---- call, metadata, doctor

check "a command's answer" 0 '{"accepted":true' "" on_fixture call json_command
check "a request on standard input" 0 '"request":"{}\n"' "" \
	bash -c 'echo "{}" | "$0" call leanworker_fixture_json_command -r - -c "$1"' "$leanworker" "$manifest"
check "a stream is no command" "$(class EXPORT)" - "EXPORT_" on_fixture call manx
check "what a command throws" "$(class EXCEPTION)" - "EXCEPTION" on_fixture call throw_command -r '{"message":"no"}'
check "a command that is not named" 2 - "which export?" "$leanworker" call -c "$manifest"
check "metadata" 0 "command " "" on_fixture metadata
check "metadata as it came" 0 '"commands"' "" on_fixture metadata --answer
python3 -m json.tool "$folder/out" >/dev/null || wrong "metadata is JSON"
check "a doctor's findings" 4 "pass     fixture-answers the fixture is loaded" "" on_fixture doctor
grep -q "^error    made-to-fail" "$folder/out" || wrong "a doctor's error"

# ---- check

check "a quick check" 0 "pass     library" "" on_fixture check --quick
grep -q "open" "$folder/out" && wrong "a quick check opens nothing"
check "a whole check" 0 "pass     health" "" on_fixture check
check "a check that asks for metadata" 0 "pass     metadata" "" on_fixture check --metadata metadata
check "a check with errors" 4 "error    import      My.Other is not built" "" \
	on_project check --import My.Other --quick
grep -q "lake build My.Other" "$folder/out" || wrong "what to do about it"
check "a check as JSON" 4 '"verdict":"error"' "" on_project check --import My.Other --quick --report
python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))
finding = [f for f in report["findings"] if f["code"] == "import"][0]
assert finding["verdict"] == "IMPORT" and finding["advice"], finding
assert report["milliseconds"]["check"] > 0' "$folder/out" || wrong "the report's members"
check "a check of nothing" 2 - "what is to be loaded?" "$leanworker" check

# ---- Failures as JSON, and explained

check "a failure is a line of JSON" "$(class DIED)" '"sequence":0' '"verdict":"PANIC"' \
	on_fixture stream row_then_panic --json -r burn
cp "$folder/err" "$folder/failure"
check "it is explained" 0 "PANIC (LW_E_DIED)" "" "$leanworker" explain "$folder/failure"
grep -q "exited with status\|ended by signal" "$folder/out" || wrong "how the process ended"
grep -q "What to do: " "$folder/out" || wrong "what to do"
check "from standard input" 0 "PANIC (LW_E_DIED)" "" bash -c '"$0" explain - <"$1"' "$leanworker" "$folder/failure"
check "a verdict by its name" 0 "REQUEST_TIMEOUT (LW_E_TIMEOUT)" "" "$leanworker" explain REQUEST_TIMEOUT
check "all verdicts" 0 "ROW_DECODE           LW_E_DECODE" "" "$leanworker" explain
check "a file that is none" 3 - "No such file" "$leanworker" explain /nowhere
echo "no JSON" >"$folder/other"
check "a file of something else" 3 - "it has no line of JSON" "$leanworker" explain "$folder/other"
echo '{"verdict":"NOPE"}' >"$folder/other"
check "a verdict that is none" 3 - 'its "verdict" is none' "$leanworker" explain "$folder/other"

# ---- Rows only after success

check "rows of a success" 0 '{"stream":"rows","sequence":1,"payload":{"i":1}}' "" \
	on_fixture stream many --commit -r '{"count":2}'
check "no row of a failure" "$(class EXCEPTION)" - "EXCEPTION" \
	on_fixture stream throw --commit -r '{"message":"no"}'

# ---- version

check "versions" 0 "protocol " "" "$leanworker" version
check "versions as JSON" 0 '"leanworker":"' "" "$leanworker" version --json
check "a child that is none" "$(class SPAWN)" - "/nowhere" "$leanworker" version --child /nowhere

# ---- Interrupts, and a terminal

python3 "$source/tests/cli/terminal.py" "$leanworker" "$manifest" || failed=$((failed + 1))

for verb in stream call metadata doctor check explain version; do
	check "help of $verb" 0 "usage: leanworker $verb" "" "$leanworker" "$verb" --help
	check "help, asked otherwise" 0 "usage: leanworker $verb" "" "$leanworker" help "$verb"
	check "an option of $verb that is none" 2 - "there is no option -x" "$leanworker" "$verb" -x
done
[ "$failed" -eq 0 ] || { echo "$failed failed"; exit 1; }
