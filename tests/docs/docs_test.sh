#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That the tests of the documentation can fail: each breach is made in a copy of the pages, and must be named.
#
#   docs_test.sh SOURCE BUILD LEANWORKER PYTHON
set -u
source=$1 build=$2 leanworker=$3 python=$4
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0

copy() {
	rm -rf "$room/tree"
	mkdir "$room/tree"
	for name in "$source"/*; do
		ln -s "$name" "$room/tree/${name##*/}"
	done
	for name in README.md CONTRIBUTING.md docs; do
		rm "$room/tree/$name"
		cp -r "$source/$name" "$room/tree"
	done
}
breach() { # title, words that the output has ("": it succeeds), the command that makes it, the check
	local status=0 wanted=1 out
	[ -n "$2" ] || wanted=0
	copy
	(cd "$room/tree" && eval "$3")
	out=$("$python" -B "$source/tests/docs/${@:4:1}" "$room/tree" "${@:5}" 2>&1) || status=1
	if [ "$status" -eq "$wanted" ] && [[ "$out" == *"$2"* ]]; then
		echo "checked: $1"
	else
		bad=1
		printf 'FAILED: %s: status %d\n%s\n' "$1" "$status" "$out"
	fi
}
words() { breach "$1" "$2" "$3" words.py "$leanworker"; }
verdicts() { breach "$1" "$2" "$3" verdicts.py "$leanworker"; }
page() { # a page of its own, which is the third argument
	printf '%s\n' "$3" >"$room/page.md"
	breach "$1" "$2" "cp '$room/page.md' docs/mine.md" page.py "$build" docs/mine.md
}
fence='```'

words "the tree as it is" "" ":"
words "a block without a mark" "a code block without a mark" \
	"sed -i '0,/^<!-- check/{/^<!-- check/d}' docs/life.md"
words "a mark that nobody knows" "nobody knows how to check: perhaps" \
	"sed -i '0,/check: compile inside/s//check: perhaps/' docs/life.md"
words "a block without an end" "a code block has no end" "echo '$fence' >>docs/life.md"
words "an excerpt of another text" "is no excerpt of examples/primes.c" \
	"sed -i 's/struct prime { /struct primes { /' README.md"
words "an excerpt of nothing" "examples/none.c does not exist" \
	"sed -i 's,excerpt examples/primes.c,excerpt examples/none.c,' README.md"
words "another test that knows nothing of the page" "tests/demo/demo_test.sh does not mention docs/life.md" \
	"sed -i '0,/check: compile inside/s//check: by tests\/demo\/demo_test.sh/' docs/life.md"
words "a dead link" "a link to nowhere.md, which is not there" "echo '[x](nowhere.md)' >>docs/life.md"
words "a dead link to a heading" "docs/life.md has no heading #none" "echo '[x](life.md#none)' >>docs/verdicts.md"
words "a page that nobody links to" "docs/lone.md: no link leads here" "echo '# Lone' >docs/lone.md"
words "a function that is none" "lw_session_strema does not exist" "echo '\`lw_session_strema\`' >>docs/life.md"
words "a macro that is none" "LW_E_TIMEOUTS does not exist" "echo '\`LW_E_TIMEOUTS\`' >>docs/life.md"
words "a header that is none" "there is no header leanworker/pool.h" "echo 'leanworker/pool.h' >>docs/life.md"
words "a file that is none" "src/parent/gone.c does not exist" "echo '\`src/parent/gone.c\`' >>docs/architecture.md"
words "a verb that is none" "leanworker has no verb dream" "echo '\`leanworker dream\`' >>docs/life.md"
words "a target of make that is none" "make has no target tea" "echo '\`make tea\`' >>docs/life.md"
words "a function that is not listed" "does not list lw_worker_fd" "sed -i 's/lw_worker_fd/it/' docs/reference.md"
words "JSON that is none" "not JSON: " "sed -i 's/^{\"leanworker_capability\": 1/{/' docs/toolchains.md"
verdicts "the table as it is" "" ":"
verdicts "a verdict that is missing" "PANIC" "sed -i '/^| .PANIC/d' docs/verdicts.md"
verdicts "another class" "STACK_OVERFLOW" "sed -i '/^| .STACK_OVERFLOW/s/DIED/BUG/' docs/verdicts.md"
verdicts "another exit status" "| 26 |" "sed -i 's/^| 26 |/| 62 |/' docs/verdicts.md"

page "a page that is right" "" "<!-- check: run -->
${fence}sh
echo 12 apples
$fence
<!-- check: output, numbers vary -->
$fence
3 apples
$fence"
page "C that does not compile" "docs/mine.md:2: gcc does not take it" "<!-- check: compile -->
${fence}c
int main(void) { return none; }
$fence"
page "lines of C that do not compile" "docs/mine.md:3:" "<!-- check: compile inside -->
${fence}c
code = lw_worker_health(worker, NULL);
$fence"
page "a command that fails" "docs/mine.md:2: exit status 1, not 0" "<!-- check: run -->
${fence}sh
false
true
$fence"
page "a command that does not fail" "docs/mine.md:2: exit status 0, not 26" "<!-- check: run 26 -->
${fence}sh
true
$fence"
page "another output" "docs/mine.md:6: the output is another" "<!-- check: run -->
${fence}sh
echo pears
$fence
<!-- check: output -->
$fence
apples
$fence"
page "an output of nothing" "the output of what?" "<!-- check: output -->
$fence
apples
$fence"
exit $bad
