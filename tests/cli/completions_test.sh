#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The completions, in the shells themselves: bash sources its file and completes lines; fish and zsh too,
# where they are.
#
#   completions_test.sh FOLDER LEANWORKER
set -u -o pipefail
folder=$(cd "$1" && pwd) leanworker=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/home" "$room/here"
cd "$room/here"
mkdir sub && touch sub/it.json file.json
failed=0 checked=0

expect() { # shell, line, what it completes to, what it did
	checked=$((checked + 1))
	[ "$3" = "$4" ] && return
	printf 'FAILED: %s: "%s" completes to "%s", not to "%s"\n' "$1" "$2" "$4" "$3"
	failed=$((failed + 1))
}
# What each shell must do. A line is what was typed; a space at its end begins a new word.
lines() { # the command that completes one
	"$1" 'leanworker st' 'stream'
	"$1" 'leanworker stream --cap' '--capability'
	"$1" 'leanworker build --ti' '--timeout'
	"$1" 'leanworker stream -t 3' '30s'
	"$1" 'leanworker stream -c fi' 'file.json'
	"$1" 'leanworker exports --capability sub/' 'sub/it.json'
	"$1" 'leanworker build -p ' 'sub'
	"$1" 'leanworker build --fe' '--fetch'
	"$1" 'leanworker exports --fe' ''
	"$1" 'leanworker explain REQUEST' 'REQUEST_TIMEOUT'
	"$1" 'leanworker explain file' 'file.json'
}

# --- bash -----------------------------------------------------------------------------------------

# shellcheck source=/dev/null
source "$folder/bash/leanworker"

complete_in_bash() { # line
	local -a COMP_WORDS
	local COMP_CWORD
	read -ra COMP_WORDS <<<"$1"
	case "$1" in *' ') COMP_WORDS+=('') ;; esac
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	"$(complete -p leanworker | sed -E 's/.* -F (\S+) .*/\1/')" leanworker
}
in_bash() { # line, words it completes to
	complete_in_bash "$1"
	expect bash "$1" "$2" "${COMPREPLY[*]}"
}
lines in_bash
in_bash 'leanworker stream --timeout = 2' '2m' # readline's own splitting of --timeout=2
in_bash 'leanworker help bu' 'build'
# Each option of each verb's help, whatever they are.
while read -r verb; do
	while read -r option; do
		complete_in_bash "leanworker $verb $option"
		case " ${COMPREPLY[*]} " in
		*" $option "*) checked=$((checked + 1)) ;;
		*) expect bash "leanworker $verb $option" "$option" "${COMPREPLY[*]}" ;;
		esac
	done < <("$leanworker" "$verb" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+')
done < <("$leanworker" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p')

# --- fish -----------------------------------------------------------------------------------------

in_fish() {
	expect fish "$1" "$2" "$(HOME=$room/home fish --no-config -c '
		source $argv[1]; complete -C $argv[2]' "$folder/fish/leanworker.fish" "$1" | cut -f1 | sed 's,/$,,' | xargs)"
}
if command -v fish >/dev/null; then lines in_fish; else echo "not checked: fish is not here"; fi

# --- zsh ------------------------------------------------------------------------------------------

in_zsh() {
	expect zsh "$1" "$2" "$(HOME=$room/home timeout 20 zsh -f one.zsh "$1" 2>&1)"
}
# A terminal in which the key for completing is pressed; each match goes to a file too.
cat >setup <<END
PS1=
fpath=("$folder/zsh" \$fpath)
autoload -Uz compinit
compinit -u -d "$room/here/dump"
compadd() {
	local -a found
	if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
		builtin compadd -A found "\$@"
		print -rl -- \$found >>"$room/here/matches"
	fi
	builtin compadd "\$@"
}
completed() { : >"$room/here/done" }
zle -N completed
bindkey '^I' complete-word
bindkey '^O' completed
: >"$room/here/ready"
END
cat >one.zsh <<'END'
zmodload zsh/zpty zsh/zselect
await() { until [[ -e $1 ]]; do zpty -r -t terminal text; zselect -t 1; done }
zpty terminal zsh -f -i
zpty -w terminal "source $PWD/setup"
await ready
zpty -w -n terminal "$1"$'\t\C-O'
await done
[[ ! -e matches ]] || print -r -- ${(u)$(<matches)}
END
if command -v zsh >/dev/null; then
	for line in 'leanworker st|stream' 'leanworker stream --cap|--capability' 'leanworker build --fe|--fetch' \
		'leanworker stream -t 3|30s' 'leanworker stream -c fi|file.json' \
		'leanworker explain REQUEST|REQUEST_TIMEOUT' 'leanworker explain file|file.json'; do
		rm -f ready done matches
		in_zsh "${line%|*}" "${line#*|}"
	done
else
	echo "not checked: zsh is not here"
fi

echo "$checked lines"
[ "$checked" -gt 30 ] && [ "$failed" -eq 0 ]
