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

# The same, of what the last command wrote on stderr: says TITLE PART, says_not TITLE PART
says() {
	grep -qF -- "$2" "$folder/err" || { echo "FAILED: $1"; cat "$folder/err"; failed=$((failed + 1)); }
}
says_not() {
	! grep -qF -- "$2" "$folder/err" || { echo "FAILED: $1"; cat "$folder/err"; failed=$((failed + 1)); }
}

native() { "$leanworker" stream "$1" --capability "${manifest%/*}/hello.capability.json" "${@:2}"; }
redirected() { # < or >, file, export, arguments
	case "$1" in
	'<') stream "${@:3}" <"$2" ;;
	'>') stream "${@:3}" >"$2" ;;
	esac
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
	'{"stream":"rows","sequence":0,"payload":{"message":"no"}}' "leanworker: EXCEPTION: no" \
	stream throw --request '{"message":"no"}'
says "one row is not rows" "after 1 row (tentative)"
check "a panic has the panic's text" 26 '{"stream":"rows","sequence":0,"payload":{"ordinal":0}}' \
	"was asked to: burn" stream row_then_panic --request burn
check "an unknown export is named" 17 "" "leanworker_fixture_manx" stream manx
says_not "no row is nothing to say" "tentative"
check "a missing manifest is named" 16 "" "/nowhere/m.json" \
	"$leanworker" stream any --capability /nowhere/m.json
check "a missing child is named" 14 "" "/nowhere/child" stream many --child /nowhere/child
check "a timeout is one" 25 '{"stream":"rows","sequence":0,"payload":{"spinning":true}}' "REQUEST_TIMEOUT" \
	stream spin --timeout 500ms
says "a timeout names its budget" "within 500 ms"

# --- The request and the output -------------------------------------------------------------------

check "a missing request file is named" 3 "" \
	"leanworker: cannot read the request from /nowhere/request: No such file" \
	stream many --request @/nowhere/request
check "a folder is not a request" 3 "" "from $folder: Is a directory" stream many --request "@$folder"
check "a standard input that cannot be read" 3 "" "from standard input: Is a directory" \
	redirected '<' "$folder" many --request -
check "a full disk" 3 "" "leanworker: cannot write to standard output: No space left" \
	redirected '>' /dev/full many --request '{"count":2}'
check "a full disk, for a help text" 3 "" "leanworker: cannot write to standard output: No space left" \
	bash -c '"$1" --help >/dev/full' sh "$leanworker"
check "a reader that is gone, where SIGPIPE is ignored" 3 "" \
	"leanworker: cannot write to standard output: Broken pipe" \
	bash -c 'trap "" PIPE; exec 3> >(:); "$1" stream leanworker_fixture_many --capability "$2" \
		--request "{\"count\":20000}" >&3' sh "$leanworker" "$manifest"

# --- What serves ----------------------------------------------------------------------------------

# The fixture runs on Lean or on the checking runtime, which must never be taken for it.
check "what is not Lean says so, asked or not" 0 "$two" "" stream many --request '{"count":2}'
if grep -q '"runtime": "libleanrt.so"' "$manifest"; then
	says "the checking runtime is named" "leanworker: served by leanworker checking runtime (not Lean)"
fi
check "native code in a script says nothing" 0 '{"stream":"numbers","sequence":0,"payload":{"number":1}}' "" \
	native count --request 1
[ ! -s "$folder/err" ] || { echo "FAILED: native code is not silent"; failed=$((failed + 1)); }
check "verbose says what serves" 0 '{"stream":"numbers","sequence":0,"payload":{"number":1}}' \
	"leanworker: served by " native count --request 1 --verbose
says "verbose says in which process" "leanworker-child"

# --- Usage ----------------------------------------------------------------------------------------

wrong() { # title, words on stderr, arguments
	check "$1" 2 "" "leanworker: $2" "$leanworker" "${@:3}"
}
timeout_wrong() { # TIME, words
	wrong "a timeout of \"$1\"" "--timeout \"$1\" $2" stream any --capability "$manifest" --timeout "$1"
}
timeout_wrong abc "must be a whole number with its unit"
timeout_wrong "" "must be a whole number"
timeout_wrong -5s "must be a whole number"
timeout_wrong 1.5s "must be a whole number"
timeout_wrong 500 "has no unit"
timeout_wrong 0 "has no unit"
timeout_wrong 0s "must be more than 0"
timeout_wrong 3h "has an unknown unit"
timeout_wrong 4294967296ms "is too long"
timeout_wrong 71583m "is too long"
timeout_wrong 99999999999999999999s "is too long"
check "the longest timeout" 0 "$two" "" stream many --request '{"count":2}' --timeout 71582m
check "minutes and seconds" 0 "$two" "" stream many --request '{"count":2}' -t 1m -t 9s

wrong "a wrong verb" 'there is no verb "strean"; see leanworker --help' strean
wrong "a wrong first option" 'there is no option "--frob"' --frob
wrong "help for a wrong verb" 'there is no verb "frob"' help frob
wrong "no export" "which export?" stream
wrong "no capability" "--capability or --project is missing" stream any
wrong "a manifest and a project" "--capability is built already: it goes without --project" stream any --capability "$manifest" --project .
wrong "a root of no import" "--import is missing" stream any --capability "$manifest" --import-root .
wrong "two exports" '"other" is one argument too many' stream any other --capability "$manifest"
wrong "an unknown option" "--frob=1 is not an option; see leanworker stream --help" stream any --frob=1
wrong "an unknown letter" "there is no option -q" stream any -vq
wrong "an unknown letter behind an option" "there is no option -q" stream any --verbose -qv
wrong "an option without its value" "--timeout needs a value" stream any --timeout
wrong "a value for an option that takes none" "--verbose=2 is not an option" stream any --verbose=2

check "nothing at all" 2 "" "usage: leanworker" "$leanworker"
check "the versions" 0 "leanworker 0.1.0
library    0.1.0, protocol 1, Lean package 0.1.0" "" "$leanworker" --version

# A help text is on stdout, and names every option that the verb takes.
helps() { # title, arguments
	"$leanworker" "${@:2}" >"$folder/out" 2>"$folder/err" </dev/null && [ ! -s "$folder/err" ] ||
		{ echo "FAILED: $1"; failed=$((failed + 1)); }
}
for way in --help -h help; do
	helps "leanworker $way" "$way"
	grep -q "  stream " "$folder/out" && grep -q "25  LW_E_TIMEOUT" "$folder/out" ||
		{ echo "FAILED: leanworker $way is not the help"; failed=$((failed + 1)); }
done
for way in "stream --help" "stream -h" "stream any -h" "help stream"; do
	# shellcheck disable=SC2086 # they are words
	helps "leanworker $way" $way
	for option in --capability --request --timeout --child --verbose --help; do
		grep -q -- "$option" "$folder/out" ||
			{ echo "FAILED: leanworker $way: no $option"; failed=$((failed + 1)); }
	done
done

# A payload may be printed over several lines, by whichever line end; here it is one line.
printf '{"leanworker_capability":1,"host":"native","library":"%s/libnative_guest.so"}' \
	"$(dirname "$manifest")" >"$folder/native.json"
check "a row of several lines is one line" 0 '{"stream":"rows","sequence":0,"payload":0}
{"stream":"rows","sequence":1,"payload":{   "a": [      1, 2   ]  }}
{"stream":"rows","sequence":2,"payload":2}' "" \
	"$leanworker" stream rows --capability "$folder/native.json" --request $'{\n  "a": [\r\n    1,\r2\n  ]\n\n}'

"$leanworker" stream colours --capability "$folder/native.json" 2>"$folder/err"
grep -qF 'at stream "?[31mred ?1m λ", sequence 0' "$folder/err" && ! grep -q $'\033' "$folder/err" ||
	{ echo "FAILED: a name of a stream that would colour the terminal"; cat -v "$folder/err"; failed=$((failed + 1)); }

# head closes the pipe after one line; nobody may be left, and nothing may hang.
one=$(timeout 20 bash -c "$(declare -f stream); leanworker=$leanworker manifest=$manifest; stream many --request '{\"count\":200000}' 2>/dev/null | head -n 1")
[ "$one" = '{"stream":"rows","sequence":0,"payload":{"i":0}}' ] || { echo "FAILED: a reader that goes away: $one"; failed=$((failed + 1)); }

[ "$failed" -eq 0 ]
