#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That docs.py can fail: each breach is made in a copy of what it reads, and must be named.
#
#   docs_test.sh LEANWORKER MAN
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
leanworker=$1 man=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
bad=0

# The command, whose words pass through what `says` holds for sed.
cat >"$room/leanworker" <<END
#!/bin/sh
[ -s "$room/says" ] || exec "$leanworker" "\$@"
"$leanworker" "\$@" >"$room/said" 2>"$room/erred"
status=\$?
sed "\$(cat "$room/says")" "$room/said"
sed "\$(cat "$room/says")" "$room/erred" >&2
exit \$status
END
chmod +x "$room/leanworker"

breach() { # part of the check, title, words that the output has, the command that makes it
	rm -rf "$room/tree" "$room/man"
	mkdir -p "$room/tree/src/wire" "$room/tree/docs" "$room/tree/lean"
	cp -r "$here/include" "$room/tree"
	cp "$here/src/wire/protocol.h" "$room/tree/src/wire"
	cp "$here/docs/protocol.md" "$room/tree/docs"
	cp "$here/lean/lakefile.lean" "$room/tree/lean"
	cp -r "$man" "$room/man"
	: >"$room/says"
	(cd "$room" && eval "$4")
	local status=0 wanted=1 out
	[ -n "$3" ] || wanted=0
	out=$(python3 -B "$here/tests/house/docs.py" "$room/tree" "$room/leanworker" "$room/man" $1) || status=1
	if [ "$status" -eq "$wanted" ] && [[ "$out" == *"$3"* ]]; then
		echo "checked: $2"
	else
		bad=1
		printf "FAILED: %s: status %d\n%s\n" "$2" "$status" "$(tail -n 8 <<<"$out")"
	fi
}
# Fewer verbs are sooner asked.
few='/^  \(stream\|call\|metadata\|doctor\|check\) /d'
header=tree/include/leanworker/leanworker.h

breach "" "the tree as it is" "" ":"
breach functions "a function without a page" "lw_worker_start has no manual page" "rm man/man3/lw_worker_start.3"
breach functions "a function that its page does not name" "lw_worker_cycle is not named on its page" "ln -sf lw_code.3 man/man3/lw_worker_cycle.3"
breach functions "a new function" "lw_new has no manual page" "sed -i 's/^LW_API const char .lw_version.*/&\nLW_API int lw_new(void);/' $header"
breach command "a verb without a page" "leanworker build has no manual page" "rm man/man1/leanworker-build.1"
breach command "an option that says nothing" "leanworker build --always has no help text" "echo \"\$few\" >says; echo 's/\(-B, --always\).*/\1/' >>says"
breach command "an option that is not taken" "leanworker build --often does not take what its help says" "echo \"\$few\" >says; echo 's/-B, --always/-B, --often/' >>says"
breach command "an option that needs a value and does not say so" "leanworker build --output does not take" "echo \"\$few\" >says; echo 's/--output FILE/--output     /' >>says"
breach protocol "a message without a section" "message HEALTHY has no section" "sed -i 's/^### HEALTHY/### WELL/' tree/docs/protocol.md"
breach protocol "an outcome without a row" "outcome 13 INITIALIZER has no row" "sed -i '/^| 13 |/d' tree/docs/protocol.md"
breach verdicts "a code without a comment" "LW_E_SINK has no comment" "sed -i 's,^\(\tLW_E_SINK\,\).*,\1,' $header"
breach verdicts "a verdict without a text" "verdict PANIC has no text" "sed -i 's/\"Lean code panicked\"/\"\"/' $header"
breach verdicts "a verdict that its page does not explain" "LW_V_PANIC is not explained in lw_verdict(3)" "sed -i 's/^.It LW_V_PANIC/.It LW_V_PANICKED/' man/man3/lw_verdict.3"
breach advice "a verdict without advice" "lw_verdict_explain has no advice for PANIC" "echo '/Lean function was used/s/What to do: .*/What to do: /' >says"
breach versions "another Lake package" "and lean/lakefile.lean says 0.9.9" "sed -i 's/v![^ ]*/v!\"0.9.9\"/' tree/lean/lakefile.lean"
breach versions "numbers of another version" "and its numbers are 0.7.0" "sed -i 's/_MINOR 1/_MINOR 7/' tree/include/leanworker/version.h"
breach versions "another protocol" "docs/protocol.md is not of version 8" "sed -i 's/PROTOCOL_VERSION 1/PROTOCOL_VERSION 8/' tree/include/leanworker/version.h"
breach pages "a link to nothing" "lw_summary_clear.3 is a link to nothing" "ln -sf lw_nothing.3 man/man3/lw_summary_clear.3"
breach pages "a page without a description" "lw_row has no comment in its header" "sed -i 's/^.Nd .*/.Nd has no comment/' man/man3/lw_row.3"
breach pages "a reference to nothing" "lw_row.3 refers to lw_nowhere(3)" "echo '.Xr lw_nowhere 3' >>man/man3/lw_row.3"
if command -v mandoc >/dev/null; then
	breach pages "a page that is no good mdoc" "ERROR" "echo '.El' >>man/man3/lw_row.3"
fi
exit $bad
