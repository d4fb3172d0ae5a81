#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The bench runs, every contender's rows arrive whole (it ends with status 1 if not), and what it
# writes is what programs are promised. No figure is looked at.
set -eu -o pipefail
file=$(mktemp)
trap 'rm -f "$file"' EXIT
"$1" --rounds 1 --ms 1 --commit smoke --json "$file"
python3 - "$file" <<'EOF'
import json, sys

found = json.load(open(sys.argv[1]))
assert found["leanworker_bench"] == 1 and found["commit"] == "smoke", found
assert {"cpu", "kernel", "compiler", "cores", "load_before"} <= found["machine"].keys()
rows = found["rows"]
cells = {(r["corpus"], r["payload"], r["contender"]) for r in rows}
assert len(cells) == len(rows) == 3 * 4 * 11, len(rows)
assert all(r["rows_per_second"] > 0 and r["spread"] >= 1 and r["rounds"] == 1 for r in rows)
times = {t["what"]: t["microseconds"] for t in found["times"]}
assert len(times) >= 7 and all(t > 0 for t in times.values()), times
standings = {t["standing"] for t in found["targets"]}
assert found["targets"] and standings <= {"pass", "short", "not measurable here"}, standings
EOF
