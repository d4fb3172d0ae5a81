#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That scripts/check-tree can fail: each breach is made in a tree of its own, and must be named.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0
licence='/* SPDX-License-Identifier: Apache-2.0 */'

tree() { # rule, expected status, file, its lines…
	rm -rf "$room/tree"
	mkdir -p "$room/tree/src/base"
	cp "$here/.clang-format" "$room/tree"
	printf '%s\nint x;\n' "$licence" >"$room/tree/src/base/x.c"
	mkdir -p "$room/tree/$(dirname "$3")"
	printf '%s\n' "${@:4}" >"$room/tree/$3"
	local status=0 out
	out=$(TREE=$room/tree "$here/scripts/check-tree" "--$1" 2>&1) || status=1
	if [ "$status" -ne "$2" ]; then
		bad=1
		printf 'FAILED: %s of %s: status %d\n%s\n' "$1" "$*" "$status" "$out"
	elif [ "$status" -ne 0 ] && [[ "$out" != *"$3"* ]]; then
		bad=1
		printf 'FAILED: %s does not name %s\n%s\n' "$1" "$3" "$out"
	else
		echo "checked: --$1 with $3"
	fi
}
up=.. # so that this file does not climb out of the tree

tree spdx 0 src/y.c "$licence"
tree spdx 1 src/y.c '/* nobody */'
tree spdx 1 README.md '# leanworker'
tree spdx 0 fixtures/x/lake-manifest.json '{}'
tree spdx 0 fixtures/x/ir/X.c '// emitted'

tree paths 0 src/base/y.c '#include "base/sys.h"' "/* $up/wire is a neighbour, /proc/self is no machine's */"
tree paths 1 src/base/y.c "/* see $up/$up/$up/elsewhere/notes */"
tree paths 1 notes.md "$up/shar""ed/DESIGN"
tree paths 1 notes.md "/wor""k/main is where I sit"
tree paths 1 notes.md 'as in /roo''t/.elan'
tree paths 1 notes.md 'as in /hom''e/ann/lean'

tree format 0 src/y.c "$licence" 'int y;'
tree format 1 src/y.c "$licence" 'int  y ;'
tree format 0 fixtures/x/ir/X.c 'int  y ;'
exit $bad
