#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That abi.py can fail: each change is made in a copy of what it reads, and must be named.
#
#   abi_test.sh LIBRARY
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
library=$1
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0

change() { # title, words that the output has, the command that makes it
	rm -rf "$room/tree"
	mkdir -p "$room/tree/src" "$room/tree/tests"
	cp -r "$here/include" "$room/tree"
	cp -r "$here/tests/abi" "$room/tree/tests"
	cp "$here/src/libleanworker.map" "$room/tree/src"
	(cd "$room/tree" && eval "$3")
	local status=0 wanted=1 out
	[ "$2" != "as kept" ] || wanted=0
	out=$(python3 -B "$here/tests/abi/abi.py" check "$library" "$room/tree" 2>&1) || status=1
	if [ "$status" -eq "$wanted" ] && [[ "$out" == *"$2"* ]]; then
		echo "checked: $1"
	else
		bad=1
		printf 'FAILED: %s: status %d\n%s\n' "$1" "$status" "$out"
	fi
}
header=include/leanworker/leanworker.h

change "the tree as it is" "as kept" ":"
change "a comment is no interface" "as kept" "sed -i 's/Blocks:/Waits:/' $header"
change "a member is wider" "programs that were compiled before may break" "sed -i 's/uint32_t first_row_ms;/uint64_t first_row_ms;/' $header"
change "a member has moved" "+      12     4  open_ms: uint32_t" "sed -i '/uint32_t open_ms; /d; s,^\tuint32_t first_row_ms.*,&\n\tuint32_t open_ms;,' $header"
change "a new value in the middle of an enum" "may break" "sed -i 's/^\tLW_E_SPAWN,.*/\tLW_E_NEW,\n&/' $header"
change "a constant" "-constant LW_LOG_TAIL_SIZE: 4096" "sed -i 's/LOG_TAIL_SIZE 4096/LOG_TAIL_SIZE 8192/' $header"
change "another argument" "-function lw_version: const char *(void)" "sed -i 's/lw_version(void)/lw_version(int kind)/' $header"
change "a new function is not listed" "lw_new is not listed in src/libleanworker.map" "sed -i 's/^LW_API const char .lw_version.*/&\nLW_API int lw_new(void);/' $header"
change "a new function" "has grown. If that is meant, run scripts/update-abi" "sed -i 's/^LW_API const char .lw_version.*/&\nLW_API int lw_new(void);/' $header"
change "a function that is listed and not there" "lw_new is declared, and the library does not export it" \
	"sed -i 's/^LW_API const char .lw_version.*/&\nLW_API int lw_new(void);/' $header; python3 -B tests/abi/abi.py update - ."
change "a function that no header declares" "lw_version is exported or listed in the map, and no public header" "sed -i '/^LW_API const char .lw_version/d' $header"
change "a symbol of another version" 'lw_version has the version "LEANWORKER_0", and in the map LEANWORKER_1' "sed -i '/lw_version;/d; \$a LEANWORKER_1 {\n\tlw_version;\n} LEANWORKER_0;' src/libleanworker.map"
change "another SONAME" "the library is called libleanworker.so.0, and LW_ABI_VERSION is 1" "sed -i 's/LW_ABI_VERSION 0/LW_ABI_VERSION 1/' include/leanworker/version.h"
exit $bad
