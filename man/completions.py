#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the completions of bash, zsh and fish, from what the command says of itself.

    completions.py FOLDER LEANWORKER
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import helptext

FILES = {"FILE", "@FILE", "MANIFEST", "PROGRAM"}
FOLDERS = {"FOLDER"}
TIMES = {"TIME": ["500ms", "30s", "2m"]}
HEAD = "# SPDX-License-Identifier: Apache-2.0\n# Generated from leanworker --help: see man/completions.py.\n"


class Command:
    def __init__(self, program):
        self.verbs, self.operands = [], []  # [(verb, whether files complete it, words that do)]
        for verb, does in helptext.verbs(helptext.ask(program, "--help")):
            text = helptext.ask(program, verb, "--help")
            self.verbs.append((verb, does, unique(text.options)))
            files = bool(text.operands & (FILES | FOLDERS))
            words = helptext.words(program, "explain") if "VERDICT" in text.operands else []
            if files or words:
                self.operands.append((verb, files, words))


def unique(options):
    """An option that the help has several times, once for each form of its value, once."""
    found = {}
    for option in options:
        found.setdefault(option.long or option.short, option)
    return list(found.values())


def names(options):
    return [name for option in options for name in (option.short, option.long) if name]


# --- bash -----------------------------------------------------------------------------------------


def bash_case(verb, options):
    """What completes the value behind an option."""
    wanted = {"compgen -f": FILES, "compgen -d": FOLDERS, "": None}
    wanted.update({f"compgen -W '{' '.join(words)}'": {name} for name, words in TIMES.items()})
    for action, arguments in wanted.items():
        patterns = [f"'{verb} {name}'" for option in options for name in (option.short, option.long)
                    if name and option.argument
                    and (option.argument in arguments if arguments else not known(option.argument))]
        if patterns:
            yield f"\t{' | '.join(patterns)}) values=\"{action}\" ;;\n"


def bash_operand(files, words):
    return "compgen" + " -f" * files + (f" -W '{' '.join(words)}'" if words else "")


def known(argument):
    return argument in FILES | FOLDERS | set(TIMES)


def bash(command):
    cases = "".join(line for verb, _, options in command.verbs for line in bash_case(verb, options))
    words = "".join(f"\t{verb}) options='{' '.join(names(options))}' ;;\n" for verb, _, options in command.verbs)
    verbs = " ".join(verb for verb, _, _ in command.verbs)
    operands = "".join(f"\t\t{verb}) values=\"{bash_operand(*rest)}\" ;;\n" for verb, *rest in command.operands)
    return f"""{HEAD}
_leanworker() {{
	local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} verb=${{COMP_WORDS[1]}}
	local options= values=none

	COMPREPLY=()
	if [ "$word" = = ]; then # --option=value comes as three words
		word=
	elif [ "$before" = = ]; then
		before=${{COMP_WORDS[COMP_CWORD - 2]}}
	fi
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W '{verbs} help --help --version' -- "$word")
		return
	fi
	case "$verb $before" in
{cases}	'help help') values="compgen -W '{verbs}'" ;;
	esac
	if [ "$values" = none ] && [[ $word != -* ]]; then
		case "$verb" in
{operands}		esac
	fi
	if [ "$values" != none ]; then
		case "$values" in *' -f'* | *' -d'*) compopt -o filenames 2>/dev/null ;; esac
		[ -z "$values" ] || mapfile -t COMPREPLY < <(eval "$values" -- '"$word"')
		return
	fi
	case "$verb" in
{words}	esac
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}}
complete -F _leanworker leanworker
"""


# --- zsh ------------------------------------------------------------------------------------------


def zsh_text(text):
    return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def zsh_option(option):
    action = ("_files" if option.argument in FILES else "_files -/" if option.argument in FOLDERS
              else f"({' '.join(TIMES[option.argument])})" if option.argument in TIMES else " ")
    value = f":{option.argument}:{action}" if option.argument else ""
    both = [name for name in (option.short, option.long) if name]
    form = f"'({' '.join(both)})'{{{','.join(both)}}}" if len(both) == 2 else both[0]
    return f"\t\t\t{form}'[{zsh_text(option.does)}]{zsh_text(value).replace(chr(92) + ':', ':')}'"


def zsh_operand(files, words):
    kinds = ["files:file:_files"] * files + [f"words:word:({' '.join(words)})"] * bool(words)
    return "\t\t\t'*: :_alternative " + " ".join(f'"{kind}"' for kind in kinds).replace(":", "\\:") + "'"


def zsh(command):
    verbs = "\n".join(f"\t\t\t'{verb}:{zsh_text(does)}'" for verb, does, _ in command.verbs)
    cases = ""
    for verb, _, options in command.verbs:
        lines = [*map(zsh_option, options), *(zsh_operand(*rest) for name, *rest in command.operands if name == verb)]
        cases += f"\t{verb})\n\t\t_arguments \\\n" + " \\\n".join(lines) + "\n\t\t;;\n"
    return f"""#compdef leanworker
{HEAD}
_leanworker() {{
	local -a verbs=(
{verbs}
	)

	if (( CURRENT == 2 )); then
		_describe -t verbs verb verbs
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
{cases}	esac
}}

if [ "$funcstack[1]" = _leanworker ]; then
	_leanworker "$@"
else
	compdef _leanworker leanworker
fi
"""


# --- fish -----------------------------------------------------------------------------------------


def fish_text(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_option(verb, option):
    words = ["complete -c leanworker -n", fish_text(f"__fish_seen_subcommand_from {verb}")]
    words += [f"-s {option.short[1:]}"] if option.short else []
    words += [f"-l {option.long[2:]}"] if option.long else []
    if option.argument in FILES:
        words.append("-r -F")
    elif option.argument in FOLDERS:
        words.append("-x -a '(__fish_complete_directories)'")
    elif option.argument in TIMES:
        words.append(f"-x -a {fish_text(' '.join(TIMES[option.argument]))}")
    elif option.argument:
        words.append("-x")
    return " ".join(words + ["-d", fish_text(option.does)]) + "\n"


def fish(command):
    lines = [HEAD, "complete -c leanworker -f\n"]
    for verb, does, options in command.verbs:
        lines.append(f"complete -c leanworker -n __fish_use_subcommand -a {verb} -d {fish_text(does)}\n")
        lines += [fish_option(verb, option) for option in options]
    for verb, files, words in command.operands:
        lines.append(f"complete -c leanworker -n '__fish_seen_subcommand_from {verb}'{' -F' * files}"
                     + (f" -a '{' '.join(words)}'" if words else "") + "\n")
    return "".join(lines)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: completions.py FOLDER LEANWORKER")
    command = Command(sys.argv[2])
    for name, write in (("bash/leanworker", bash), ("zsh/_leanworker", zsh), ("fish/leanworker.fish", fish)):
        path = pathlib.Path(sys.argv[1]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write(command))
    return 0


if __name__ == "__main__":
    sys.exit(main())
