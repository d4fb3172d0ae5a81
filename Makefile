# SPDX-License-Identifier: Apache-2.0
#
# The verbs. CMake does the work (CMakePresets.json); this installs what is missing first, so that
# `make demo` and `make test` work on a machine with a compiler, make and apt, and nothing else.

JOBS ?= $(shell nproc)
export JOBS FILE

# What a build says is of interest when it fails; then all of it is shown, and the end comes last.
build = echo building build/$(1); mkdir -p build && { cmake --preset $(1) && cmake --build --preset $(1) -j $(JOBS); } \
	>build/$(1).log 2>&1 || { cat build/$(1).log; exit 1; }

.PHONY: all demo test sweep soak fuzz bench docs packages check-fixtures format lint clean

all:
	@scripts/need build
	@$(call build,release)
	@echo "built build/release: bin/leanworker, bin/leanworker-child, lib/libleanworker.so and .a"

# RUNTIME=lean: only the real thing will do; RUNTIME=checking: do not look for it. FILE=… scans that.
demo:
	@scripts/need demo
	@$(call build,release)
	@scripts/demo build/release $(if $(FILE),"$$FILE")

test:
	@scripts/need test
	@scripts/test

# What the figures mean: docs/performance.md. BENCH="--rounds 3 --only adg": fewer of them, sooner;
# DEATHS="--big-samples 0": the same for the second program.
bench:
	@scripts/need bench
	@$(call build,bench)
	@commit="$$(git describe --always --dirty 2>/dev/null || echo unknown)"; \
	build/bench/bin/bench-rows --json build/bench/rows.json $(BENCH) --commit "$$commit" && \
		build/bench/bin/bench-long build/bench/long.json && \
		build/bench/bin/bench-deaths --json build/bench/deaths.json $(DEATHS) --commit "$$commit"

# Fails every fallible call of the library in every scenario; takes half an hour.
sweep:
	@scripts/need test
	@$(call build,dev)
	@scripts/sweep build/dev

# Faults over workers that live on: SOAK=N of them, 20,000 if not said; SEED=N for the same ones again.
SOAK ?= 20000
soak:
	@scripts/need test
	@$(call build,dev)
	@build/dev/tests/soak --cycles $(SOAK) $(if $(SEED),--seed $(SEED))

# FUZZ="10 session": ten minutes of that harness. docs/testing.md says what they hold.
fuzz:
	@scripts/need fuzz
	@scripts/fuzz $(FUZZ)

# The manual pages, which every build makes where it finds python3; here they are checked too.
docs:
	@scripts/need docs
	@$(call build,release)
	@mandoc -T lint -W warning $$(find build/release/share/man -type f)
	@echo "built build/release/share/man; read them with: man -M build/release/share/man leanworker"

# Debian packages, in build/packages.
packages:
	@scripts/need packages
	@$(call build,packages)
	@rm -f build/packages/*.deb
	@cd build/packages && cpack >cpack.log 2>&1 || { cat cpack.log; exit 1; }
	@echo "built:"; ls build/packages/*.deb

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
