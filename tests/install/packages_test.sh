#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The Debian packages: built as `make packages` builds them, installed in a throw-away root, and used there:
# the command runs a capability that was compiled against the installed headers. Root installs with dpkg
# and its checks, against the packages of this machine; other users unpack.
#
#   packages_test.sh SOURCE
set -u -o pipefail
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
failed=0
unset LEANWORKER_CHILD LD_LIBRARY_PATH PKG_CONFIG_PATH DESTDIR

fail() {
	echo "FAILED: $1"
	sed 's/^/    /' "$work/out" 2>/dev/null | cut -c1-200 | tail -n 25
	failed=$((failed + 1))
}
check() { # title, command…
	"${@:2}" >"$work/out" 2>&1 && echo "checked: $1" || fail "$1"
}
build() {
	(cd "$source" && cmake --preset packages -B "$work/build") && cmake --build "$work/build" -j "$(nproc)" && (cd "$work/build" && cpack)
}
has() { # package, files…: it has these
	local file
	dpkg-deb -c "$work"/build/"$1"_*.deb >"$work/files" || return 1
	for file in "${@:2}"; do
		grep -qE " \./usr/$file( |\$)" "$work/files" || { echo "$1 has no $file"; return 1; }
	done
}
contents() {
	has libleanworker0 "lib/[^/]+/libleanworker\.so\.0" share/doc/libleanworker0/copyright &&
		has libleanworker-dev include/leanworker/leanworker.h "lib/[^/]+/libleanworker\.(so|a)" \
			"lib/[^/]+/pkgconfig/leanworker.pc" "lib/[^/]+/cmake/leanworker/leanworker-config.cmake" \
			share/man/man3/lw_session_stream.3.gz share/man/man7/leanworker-protocol.7.gz &&
		has leanworker-tools bin/leanworker bin/leanworker-scenario libexec/leanworker/leanworker-child \
			libexec/leanworker/leanworker-chaos share/man/man1/leanworker-stream.1.gz \
			share/bash-completion/completions/leanworker &&
		has python3-leanworker lib/python3/dist-packages/leanworker/__init__.py
}
relations() {
	local build=$work/build version
	version=$(dpkg-deb -f "$build"/libleanworker0_*.deb Version)
	dpkg-deb -f "$build"/libleanworker0_*.deb Depends | grep -E 'libc6 .*libjansson4' &&
		dpkg-deb -f "$build"/libleanworker0_*.deb Recommends | grep -F "leanworker-tools (= $version)" &&
		dpkg-deb -f "$build"/libleanworker-dev_*.deb Depends | grep -F "libleanworker0 (= $version)" &&
		dpkg-deb -f "$build"/leanworker-tools_*.deb Depends | grep -F "libleanworker0 (= $version)" &&
		dpkg-deb -f "$build"/python3-leanworker_*_all.deb Depends | grep -F "python3-cffi, libleanworker0 (= $version)" &&
		dpkg-deb -I "$build"/libleanworker0_*.deb triggers | grep -F ldconfig &&
		dpkg-deb -I "$build"/libleanworker0_*.deb shlibs | grep "^libleanworker 0 libleanworker0 (>= "
}
with_dpkg() {
	mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers}
	cp /var/lib/dpkg/status "$root/var/lib/dpkg/status" # what the packages depend on must be here
	dpkg --root="$root" --log=/dev/null -i "$work"/build/*.deb
}
unpacked() {
	local package
	mkdir "$root"
	for package in "$work"/build/*.deb; do dpkg-deb -x "$package" "$root" || return 1; done
}
purge() {
	dpkg --root="$root" --log=/dev/null -P python3-leanworker leanworker-tools libleanworker-dev libleanworker0 || return 1
	find "$root" -path "$root/var" -prune -o ! -type d -print >"$work/left"
	[ ! -s "$work/left" ] || { cat "$work/left"; return 1; }
}
# The loader's folder is not searched in another root.
run() { LD_LIBRARY_PATH=$libraries "$root/usr/bin/$1" "${@:2}"; }
versions() { run leanworker --version | grep -q "^library  *$(dpkg-deb -f "$work"/build/libleanworker0_*.deb Version | cut -d- -f1),"; }
stream() {
	run leanworker stream lines --capability "$work/counter.capability.json" --request $'a\nb\nc\n' --verbose >"$work/rows" &&
		[ "$(wc -l <"$work/rows")" -eq 3 ]
}
own_child() { stream 2>&1 | grep "of $root/usr/.*libexec/leanworker/leanworker-child"; }
scenario() {
	LEANWORKER_CHAOS_CHILD=$root/usr/libexec/leanworker/leanworker-chaos \
		run leanworker-scenario "$source/tests/scenarios/c01-rows.scenario"
}
consumer() { # the project of docs/packaging.md
	mkdir "$work/consumer"
	cp "$source/examples/worker_streaming.c" "$work/consumer"
	sed -n '/^```cmake$/,/^```$/{/^```/!p}' "$source/docs/packaging.md" >"$work/consumer/CMakeLists.txt"
	cmake -S "$work/consumer" -B "$work/consumer/build" -DCMAKE_PREFIX_PATH="$root/usr" &&
		cmake --build "$work/consumer/build" && ldd "$work/consumer/build/mine" | grep -F "$libraries/libleanworker.so.0"
}
in_python() {
	PYTHONPATH=$root/usr/lib/python3/dist-packages /usr/bin/python3 -B -c '
import leanworker, sys
with leanworker.Worker() as worker:
    print(sum(1 for row in worker.open(sys.argv[1]).stream("lines", "a\nb\nc\n")), "rows of", worker.facts().child_path)
' "$work/counter.capability.json" | grep "^3 rows of $root/usr/.*libexec/leanworker/leanworker-child"
}
page() { man -M "$root/usr/share/man" "$1" | grep -qF "$2"; }
clean() { lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$work"/build/*.deb; }

for program in cpack dpkg-deb dpkg-shlibdeps file gzip python3; do
	command -v "$program" >/dev/null || { echo "not checked: $program is not here"; exit 77; }
done
check "the packages are built" build
[ "$failed" -eq 0 ] || exit 1
check "each has its files" contents
check "each says what it needs" relations
if [ "$(id -u)" -eq 0 ]; then
	check "dpkg installs them" with_dpkg
else
	check "they unpack (who is not root does not install)" unpacked
fi
libraries=$(dirname "$(find "$root" -name libleanworker.so.0)")
export PKG_CONFIG_PATH=$libraries/pkgconfig
check "the command and its library are of one version" versions
check "a capability compiles against the installed headers" cc -shared -fPIC -o "$work/libcounter.so" \
	"$source/fixtures/native/counter.c" $(pkg-config --cflags leanworker)
printf '{"leanworker_capability": 1, "host": "native", "library": "libcounter.so"}\n' >"$work/counter.capability.json"
check "it runs" stream
check "in the installed child" own_child
if /usr/bin/python3 -c 'import cffi' 2>/dev/null; then
	check "the Python module runs it" in_python
fi
check "find_package finds them" consumer
check "the kit plays a scenario" scenario
if command -v man >/dev/null; then
	check "man lw_session_stream" page lw_session_stream "Runs a streaming export"
	check "man lw_summary_clear, which is on another page" page lw_summary_clear "carries"
fi
if command -v lintian >/dev/null; then
	check "lintian has no error and no warning" clean
else
	echo "not checked: lintian is not here"
fi
[ "$(id -u)" -ne 0 ] || check "purging leaves nothing" purge
[ "$failed" -eq 0 ]
