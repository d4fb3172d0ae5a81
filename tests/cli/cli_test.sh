#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The command as a user runs it: rows on stdout and nothing else there, exit statuses, where the
# request comes from, a reader that goes away.
#
#   cli_test.sh LEANWORKER MANIFEST
set -u -o pipefail
leanworker=$1 manifest=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# check TITLE STATUS STDOUT STDERR-PART COMMAND...
check() {
	local title=$1 status=$2 out=$3 err=$4 got
	shift 4
	"$@" >"$folder/out" 2>"$folder/err" </dev/null
	got=$?
	if [ "$got" -ne "$status" ] || [ "$(cat "$folder/out")" != "$out" ] ||
		{ [ -n "$err" ] && ! grep -qF -- "$err" "$folder/err"; }; then
		echo "FAILED: $title: exit status $got"
		cat "$folder/out" "$folder/err"
		failed=$((failed + 1))
	fi
}

stream() { "$leanworker" stream "leanworker_fixture_$1" --capability "$manifest" "${@:2}"; }

two='{"stream":"rows","sequence":0,"payload":{"i":0}}
{"stream":"rows","sequence":1,"payload":{"i":1}}'
printf '{"count":2}' >"$folder/request"

check "rows are lines of JSON" 0 "$two" "" stream many --request '{"count":2}'
check "a request comes from a file" 0 "$two" "" stream many --request "@$folder/request"
check "a request comes from standard input" 0 "$two" "" \
	bash -c "$(declare -f stream); leanworker=$leanworker manifest=$manifest; stream many --request - <'$folder/request'"
check "what Lean prints is not on stdout" 0 \
	'{"stream":"rows","sequence":0,"payload":{"ordinal":0}}
{"stream":"rows","sequence":1,"payload":{"ordinal":1}}' "a line on stdout" stream println
check "an error of the export has its text and its status" 19 \
	'{"stream":"rows","sequence":0,"payload":{"message":"no"}}' "EXCEPTION: no" \
	stream throw --request '{"message":"no"}'
check "a panic has the panic's text" 25 '{"stream":"rows","sequence":0,"payload":{"ordinal":0}}' \
	"was asked to: burn" stream row_then_panic --request burn
check "an unknown export is named" 17 "" "leanworker_fixture_manx" stream manx
check "a missing manifest is named" 16 "" "/nowhere/m.json" \
	"$leanworker" stream any --capability /nowhere/m.json
check "a missing child is named" 14 "" "/nowhere/child" stream many --child /nowhere/child
check "a missing request file is named" 64 "" "@/nowhere/request" stream many --request @/nowhere/request
check "a timeout is one" 24 '{"stream":"rows","sequence":0,"payload":{"spinning":true}}' "REQUEST_TIMEOUT" \
	stream spin --timeout 500
check "a wrong verb is usage" 64 "" 'no verb "strean"' "$leanworker" strean
check "no capability is usage" 64 "" "usage:" "$leanworker" stream any
check "the version" 0 "leanworker 0.1.0" "" "$leanworker" --version

# A payload may be printed over several lines, by whichever line end; here it is one line.
printf '{"leanworker_capability":1,"host":"native","library":"%s/libnative_guest.so"}' \
	"$(dirname "$manifest")" >"$folder/native.json"
check "a row of several lines is one line" 0 '{"stream":"rows","sequence":0,"payload":0}
{"stream":"rows","sequence":1,"payload":{   "a": [      1, 2   ]  }}
{"stream":"rows","sequence":2,"payload":2}' "" \
	"$leanworker" stream rows --capability "$folder/native.json" --request $'{\n  "a": [\r\n    1,\r2\n  ]\n\n}'

# head closes the pipe after one line; nobody may be left, and nothing may hang.
one=$(timeout 20 bash -c "$(declare -f stream); leanworker=$leanworker manifest=$manifest; stream many --request '{\"count\":200000}' 2>/dev/null | head -n 1")
[ "$one" = '{"stream":"rows","sequence":0,"payload":{"i":0}}' ] || { echo "FAILED: a reader that goes away: $one"; failed=$((failed + 1)); }

[ "$failed" -eq 0 ]
