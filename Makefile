# SPDX-License-Identifier: Apache-2.0
#
# The verbs. CMake does the work (CMakePresets.json); this installs what is missing first, so that
# `make demo` and `make test` work on a machine with a compiler, make and apt, and nothing else.

JOBS ?= $(shell nproc)
export JOBS

.PHONY: all demo test sweep fuzz bench check-fixtures format lint clean

all:
	@scripts/need build
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)

# RUNTIME=lean: only the real thing will do; RUNTIME=checking: do not look for it. FILE=… scans that.
demo:
	@scripts/need demo
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) >build/release/build.log 2>&1 || \
		{ cat build/release/build.log; exit 1; }
	@scripts/demo build/release $(FILE)

test:
	@scripts/need test
	@scripts/test

# What the figures mean: docs/performance.md. BENCH="--rounds 3 --only adg": fewer of them, sooner.
bench:
	@scripts/need bench
	@cmake --preset bench >/dev/null
	@cmake --build --preset bench -j $(JOBS) >build/bench/build.log 2>&1 || \
		{ cat build/bench/build.log; exit 1; }
	@build/bench/bin/bench-rows --json build/bench/rows.json $(BENCH) --commit \
		"$$(git describe --always --dirty 2>/dev/null || echo unknown)"

# Fails every fallible call of the library in every scenario; takes half an hour.
sweep:
	@scripts/need test
	@cmake --preset dev >/dev/null && cmake --build --preset dev -j $(JOBS) >/dev/null
	@scripts/sweep build/dev

# FUZZ="10 session": ten minutes of that harness. docs/testing.md says what they hold.
fuzz:
	@scripts/need fuzz
	@scripts/fuzz $(FUZZ)

# Compiles the Lean sources again and compares with the C kept beside them; needs that Lean.
check-fixtures:
	@scripts/check-fixtures

format:
	@scripts/need format
	@scripts/check-tree --format-files | xargs clang-format-14 -i

lint:
	@scripts/need lint
	@scripts/lint

clean:
	rm -rf build
