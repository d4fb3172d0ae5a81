#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks a model with Spin, and that each mistake seeded in it is found. docs/testing.md says what
# the models hold.
#
#   tests/model/check.sh child|cancel|ring
#
# After a failure the trace is printed by:  cd DIRECTORY && SETTINGS spin -t -p -g model.pml
set -u -o pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$here/../..
compiler=${CC:-cc}
case "${1-}" in child | cancel | ring) model=$1 ;; *) sed -n '6s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;; esac

for program in spin "$compiler"; do
	command -v "$program" >/dev/null || { echo "SKIPPED: there is no $program"; exit 77; }
done
room=$(mktemp -d)
bad=0
trap '[ $bad -ne 0 ] || rm -rf "$room"' EXIT
cd "$room" || exit 1
fail() { bad=1; echo "FAILED: $* (in $room)"; }

# The tables of the code, as the preprocessor knows them, go in front of the model.
"$compiler" -E -dM -D_GNU_SOURCE -I "$top/src" -I "$top/include" -x c "$top/src/parent/child.h" |
	grep -E '^#define (CHILD_STATES|CHILD_EDGES|WIRE_MESSAGES)\(' >tables.h &&
	[ "$(wc -l <tables.h)" -eq 3 ] &&
	"$compiler" -E -P -x c -include tables.h "$here/$model.pml" >model.pml &&
	spin -a model.pml >spin.log || { cat spin.log; fail "the model is not Promela"; exit 1; }

compile() { # program, options
	"$compiler" -Og -w "${@:2}" -o "$1" pan.c || fail "the checker $1 does not compile"
}

expect() { # title, what the checker must say, then its command
	local said
	said=$("${@:3}" -m100000 2>&1) || true
	grep -E '^edge ' <<<"$said" >>edges
	if grep -qF -- "$2" <<<"$said" && ! grep -q 'max search depth too small' <<<"$said"; then
		printf '%9d states  %s\n' "$(sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' <<<"$said")" "$1"
	else
		fail "$1: the checker did not say \"$2\":"
		grep -vE '^edge |^$' <<<"$said" | head -n 25
	fi
}
holds='errors: 0'

check_child() {
	local edges
	compile safety -DSAFETY -DNOREDUCE -DNOCLAIM &
	compile liveness -DNOREDUCE -DNFAIR=3
	wait
	./safety -m100000 >hostile 2>&1 & # the longest, beside all others
	expect 'an honest worker' "$holds" env HONEST=1 ./safety
	expect 'two generations' "$holds" env TWO=1 ./safety -E
	expect 'a spare of a hostile worker' "$holds" env TWO=1 SPARE=1 ./safety -E
	expect 'a spare of an honest worker' "$holds" env HONEST=1 TWO=1 SPARE=1 ./safety -E
	expect 'a condemned child is buried' "$holds" env FOREVER=1 ./liveness -a -f -E

	expect 'found: rows after a lie' 'ordered)' env BUG=1 ./safety
	expect 'found: two causes' 'cause==' env BUG=2 ./safety
	expect 'found: a kill that is not repeated' 'acceptance cycle' env FOREVER=1 BUG=3 ./liveness -a -f -E
	expect 'found: an edge that is not in the table' 'edge>0' env BUG=4 ./safety
	expect 'found: work done twice' 'taken' env BUG=5 ./safety
	expect 'found: an end that was told, and forgotten' 'ended' env HONEST=1 BUG=6 ./safety
	expect 'found: a stop that reaches the spare' 'spare' env TWO=1 SPARE=1 BUG=8 ./safety -E
	expect 'found: an answer lost in a death' 'ended_said' env HONEST=1 BUG=7 ./safety

	wait
	expect 'a hostile worker' "$holds" sh -c 'cat hostile'

	# Every edge of the code's table is one that the model goes.
	edges=$(grep CHILD_EDGES tables.h | grep -o 'X([A-Z]' | wc -l)
	echo "$(sort -u edges | wc -l) of $edges edges"
	[ "$(sort -u edges | wc -l)" -eq "$edges" ] || fail "an edge of the table is never taken"
}

check_cancel() {
	compile safety -DSAFETY
	expect 'a token, two who cancel, two calls' "$holds" ./safety
	expect 'found: a busy loop' 'told)' env BUG=1 ./safety
	expect 'found: a cancel that wakes nobody' 'waits&&flag' env BUG=2 ./safety
	expect 'found: a success with rows missing' 'withheld' env BUG=3 ./safety
	expect 'found: a callback after the cancel' 'muted' env BUG=4 ./safety
}

check_ring() {
	compile safety -DSAFETY
	expect 'an honest child, which may die anywhere' "$holds" ./safety
	expect 'a child that writes anything' "$holds" env LIAR=1 ./safety
	expect 'found: a parent that does not look before it sleeps' 'invalid end state' env BUG=1 ./safety
	expect 'found: a child that looks before it puts in' 'invalid end state' env BUG=2 ./safety
	expect 'found: a child that does not look before it sleeps' 'invalid end state' env BUG=3 ./safety
	expect 'found: a wake before there is room' 'invalid end state' env BUG=4 ./safety
	expect 'found: a death without a last look' 'taken==put' env BUG=5 ./safety
	expect 'found: a bell for the first sleep alone' 'invalid end state' env BUG=6 ./safety
	expect 'found: a bell that is read after the look' 'invalid end state' env BUG=7 ./safety
	expect 'found: a count that is loaded twice' '(seen-taken)<=2' env LIAR=1 BUG=8 ./safety
}

check_"$model"
exit $bad
