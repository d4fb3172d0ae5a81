#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The bench of deaths runs, every sample ends with the verdict that it is about (else it ends with
# status 1), and what it writes is what programs are promised. No figure is looked at.
set -eu -o pipefail
file=$(mktemp)
trap 'rm -f "$file"' EXIT
"$1" --samples 2 --big-samples 1 --big-mib 16 --rounds 1 --commit smoke --json "$file"
python3 - "$file" <<'PY'
import json, sys

found = json.load(open(sys.argv[1]))
assert found["leanworker_bench_deaths"] == 1 and found["commit"] == "smoke", found
assert {"cpu", "kernel", "cores", "load_before", "load_after", "busy"} <= found["machine"].keys()
moments = {m["what"]: m for m in found["moments"]}
assert len(moments) >= 17, moments.keys()
assert all(m["p50_us"] <= m["p99_us"] <= m["max_us"] for m in moments.values()), moments
assert all(("standing" in m) == (m["bound_us"] > 0) for m in moments.values()), moments
PY
