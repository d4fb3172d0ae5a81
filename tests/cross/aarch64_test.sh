#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The tests of what has a way of its own on AArch64, and of what is close to it, compiled for that and
# run under qemu: base, wire, records and envelopes. With -O2, as users build them.
set -u -o pipefail
export LC_ALL=C
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
compiler=aarch64-linux-gnu-gcc
tests='json json_portable json_conformance json_text buffer arena near lean_version frame warden_record
	record record_property rows envelope ring'
# As an archive, so that a test is linked with what it needs.
rooms='base wire parent child'

[ "$(uname -m)" != aarch64 ] || { echo "SKIPPED: on this machine all tests are that"; exit 77; }
for program in "$compiler" qemu-aarch64; do
	command -v "$program" >/dev/null || { echo "SKIPPED: there is no $program"; exit 77; }
done
cd "$top" || exit 1
# shellcheck disable=SC2046,SC2086  # lists of words
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export room
compile="$compiler -std=c17 -O2 -D_GNU_SOURCE -DLW_DEV=1 -Wall -Wextra -Werror -Itests/cross -Isrc -Iinclude -Itests"
if ! echo 'int main(void) { return 0; }' | $compiler -static -x c -o "$room/runs" - 2>"$room/why"; then
	echo "SKIPPED: $compiler compiles nothing: $(head -n 1 "$room/why")"
	exit 77
fi

printf '%s\n' $(printf 'src/%s/*.c ' $rooms) tests/cross/cmocka.c |
	xargs -P 2 -I{} sh -c 'exec '"$compile"' -c -o "$room/$(echo {} | tr / _).o" {}' &&
	aarch64-linux-gnu-ar rcs "$room/rooms.a" "$room"/*.o || exit 1
printf '%s\n' $tests | xargs -P 2 -I{} sh -c \
	'exec '"$compile"' -static -o "$room/{}" tests/unit/{}_test.c "$room/rooms.a" -lm' || exit 1

bad=0
for test in $tests; do
	if qemu-aarch64 "$room/$test" >"$room/log" 2>&1; then
		echo "passed $test: $(grep -c ^passed "$room/log") cases$(sed -n 's/^# /, /p' "$room/log")"
	else
		bad=1
		echo "FAILED $test"
		grep -v ^passed "$room/log" | head -n 20
	fi
done
exit $bad
