#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/need with an apt-get, a sudo and an id that only write down how they were called.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0

# A machine: the programs named, and nothing else, in one folder that is the whole PATH.
machine() { # programs…
	rm -rf "$room/bin" "$room/calls"
	mkdir "$room/bin"
	: >"$room/calls"
	local name
	for name in bash env cat tail mktemp rm touch true "$@"; do
		printf '#!/bin/sh\nexec %s "$@"\n' "$(type -P "$name")" >"$room/bin/$name"
	done
	fake apt-get 'exit 0'
	fake id 'echo 0'
	chmod +x "$room"/bin/*
}
fake() { # name, what it does after it has written down its arguments
	printf '#!/bin/sh\n[ %s = id ] || echo "%s $*" >>"%s/calls"\n%s\n' "$1" "$1" "$room" "$2" >"$room/bin/$1"
	chmod +x "$room/bin/$1"
}
need() {
	PATH=$room/bin bash "$here/scripts/need" "$1" >"$room/out" 2>&1 </dev/null
	status=$?
}
expect() { # title, status, how many calls, then patterns: of the output, or of the calls after "calls:"
	local title=$1 pattern file
	[ "$status" -eq "$2" ] || complain "$title" "status $status, not $2"
	[ "$(grep -c . "$room/calls")" -eq "$3" ] || complain "$title" "not $3 calls"
	for pattern in "${@:4}"; do
		file=$room/out
		case "$pattern" in calls:*) file=$room/calls pattern=${pattern#calls:} ;; esac
		grep -qE -- "$pattern" "$file" || complain "$title" "no line like: $pattern"
	done
	echo "checked: $title"
}
complain() {
	bad=1
	printf 'FAILED: %s: %s\n-- output\n%s\n-- calls\n%s\n' "$1" "$2" "$(cat "$room/out")" "$(cat "$room/calls")"
}
all=(gcc make cmake)

machine "${all[@]}"
need demo
expect "nothing missing: no call of apt-get" 0 0
[ ! -s "$room/out" ] || complain "nothing missing" "says something"

machine gcc make
need demo
expect "root: installs only what is missing, without update" 0 1 \
	'calls:^apt-get install -y --no-install-recommends cmake -qq'

machine gcc make
fake apt-get "case \"\$*\" in update*) touch $room/fresh ;; esac; [ -e $room/fresh ]"
need demo
expect "root: no package lists: update, then install" 0 3 'calls:^apt-get update'
rm -f "$room/fresh"

machine gcc make
fake apt-get 'echo "E: no network"; exit 100'
need demo
expect "root: apt-get cannot: status 3, its words, the command" 3 2 'E: no network' \
	'^  sudo apt-get install -y --no-install-recommends cmake$'

machine gcc make
fake id 'echo 1000'
need demo
expect "a user without sudo: status 3 and the one command" 3 0 \
	'^  sudo apt-get install -y --no-install-recommends cmake$'

machine gcc make
fake id 'echo 1000'
fake sudo 'exit 1'
need demo
expect "a user whose sudo asks: status 3, nothing installed" 3 1 'calls:^sudo -n true' \
	'^  sudo apt-get install -y --no-install-recommends cmake$'

machine gcc make
fake id 'echo 1000'
fake sudo 'shift; exec "$@"'
need demo
expect "a user with sudo: installs by it" 0 3 \
	'calls:^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install .*cmake'

machine make cmake
need demo
expect "no compiler: it, and all headers" 0 1 'calls:gcc libc6-dev libjansson-dev libgmp-dev'

machine gcc make
rm "$room/bin/apt-get"
need demo
expect "no apt-get: status 3, says so" 3 0 'There is no apt-get here'

machine "${all[@]}"
need test
expect "tests need more than the demo" 0 1 'calls:valgrind clang g[+][+] clang-format-14 .*spin .*python3 mandoc dpkg-dev'

machine
need lunch
expect "an unknown verb" 2 0 '^usage: '
exit $bad
