#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/check-toolchain itself: on the stand-in, which is not Lean, and that it can fail.
#
#   check_test.sh BUILD
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0
export LC_ALL=C.UTF-8
unset LEAN_SYSROOT ELAN_TOOLCHAIN RUNTIME

cp -R "$here/lean" "$room/package"
rm -rf "$room/package/.lake" "$room/package/LeanWorkerLean"
cp "$here/fixtures/inspected/LeanWorkerLean.lean" "$room/package/"
cp "$here/fixtures/inspected/ir/LeanWorkerLean.c" "$room/package/ir/"
mkdir -p "$room/project/.lake/build/lib/lean"
printf 'name = "project"\n' >"$room/project/lakefile.toml"
touch "$room/project/.lake/build/lib/lean/My.olean"

run() { # status, text, settings and arguments
	env "${@:3}" >"$room/out" 2>&1
	local status=$?
	[ "$status" -eq "$1" ] && grep -qF -- "$2" "$room/out" && return
	echo "FAILED: ${*:3}: exit status $status"
	cat "$room/out"
	failed=$((failed + 1))
}
check=$here/scripts/check-toolchain
export LEANWORKER_PACKAGE=$room/package PROJECT=$room/project MODULE=My
run 0 "ok: the inspector's doctor" SERVED="leanworker checking runtime" "$check" "$build" "$build/toolchain"
run 1 "FAILED: it runs without Lake" "$check" "$build" "$build/toolchain"
run 77 "no Lean toolchain here" HOME="$room" PATH=/usr/bin:/bin "$check" "$build"
run 1 "TOOLCHAIN_NOT_FOUND" HOME="$room" PATH=/usr/bin:/bin RUNTIME=lean "$check" "$build"
exit "$failed"
