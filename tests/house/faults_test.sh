#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That faults.py can fail: each breach is made in a copy of what it reads, and must be named.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python=${1:-python3}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0

breach() { # title, words that the output has, the command that makes it
	rm -rf "$room/docs" "$room/tests"
	mkdir "$room/docs"
	cp "$here/docs/faults.md" "$room/docs"
	cp -r "$here/tests" "$room/tests"
	(cd "$room" && eval "$3")
	local status=0 wanted=1 out
	[ -n "$2" ] || wanted=0
	out=$("$python" -B "$here/tests/house/faults.py" "$room") || status=1
	if [ "$status" -eq "$wanted" ] && [[ "$out" == *"$2"* ]]; then
		echo "checked: $1"
	else
		bad=1
		printf 'FAILED: %s: status %d\n%s\n' "$1" "$status" "$out"
	fi
}

breach "the tree as it is" "" ":"
breach "a row is missing" "fault 40 has 0 rows" "sed -i '/^| 40 |/d' docs/faults.md"
breach "a row comes twice" "fault 40 has 2 rows" "sed -i '/^| 40 |/p' docs/faults.md"
breach "a row is cut" "not a row of four cells" "sed -i 's/^| 40 | /| 40 /' docs/faults.md"
breach "a fault without a test" "fault 40 has no test" "sed -i '/^| 40 |/s/\`//g' docs/faults.md"
breach "a fault that is left out" "fault 40 may not be left out" "sed -Ei '/^[|] 40 [|]/s/[^|]*[|]$/ left out: no time |/' docs/faults.md"
breach "no reason" "fault 64 is left out without a reason" "sed -Ei '/^[|] 64 [|]/s/left out: .*/left out: |/' docs/faults.md"
breach "nothing that is seen" "fault 8: nothing says" "sed -i 's/| \`START_TIMEOUT\` |/| |/' docs/faults.md"
breach "a scenario is gone" "fault 62: there is no test fault-062-eats-descriptors" "rm tests/scenarios/fault-062-*"
breach "a case is no longer run" "fault 95: there is no test a_process_that" "sed -i '/LW_TEST(a_process_that_got/d' tests/worker/faults_parent_test.c"
breach "a test of ctest is gone" "fault 93: there is no test house.clock" "sed -i '/lw_house_test(clock/d' tests/CMakeLists.txt"
breach "a scenario that no row names" "fault-001-new is not in the row" "touch tests/scenarios/fault-001-new.scenario"
exit $bad
