# SPDX-License-Identifier: Apache-2.0
"""Holds the tables of docs/verdicts.md to what the library and the command say, and to what the scenarios
expect.

    verdicts.py SOURCE LEANWORKER              compare
    verdicts.py SOURCE LEANWORKER --update     write the tables anew

Verdict, class, meaning and advice are the library's own words. What becomes of the child is said here; a scenario
that expects something else makes this fail.
"""
import difflib
import glob
import re
import subprocess
import sys

STAYS, GOES, ASKED, NONE = "kept", "replaced", "kept, if it stops when asked; else replaced", "–"
EITHER = "kept, or replaced: `lw_error.restart` tells"
BY_CLASS = {"MISUSE": NONE, "SYSTEM": EITHER, "UNSUPPORTED": NONE, "CAPABILITY": GOES, "SPAWN": NONE,
            "HANDSHAKE": NONE, "DIED": GOES, "TIMEOUT": ASKED, "PROTOCOL": GOES, "EXPORT": STAYS,
            "STATUS": STAYS, "EXCEPTION": STAYS, "ROW": STAYS, "DECODE": STAYS, "CANCELLED": ASKED,
            "SINK": ASKED, "METADATA": STAYS, "SESSION": NONE, "GAVE_UP": "none, for a while",
            "TOOLCHAIN": NONE, "BUILD": NONE, "BUG": GOES}
BY_VERDICT = {"OK": STAYS, "MANIFEST": NONE, "INSPECTION": NONE, "START_TIMEOUT": GOES,
              "OPEN_TIMEOUT": GOES, "BUILD_TIMEOUT": NONE, "INSPECT_TIMEOUT": NONE, "HOLD_LIMIT": ASKED,
              "ROW_DECODE": ASKED, "CHILD_NO_MEMORY": STAYS, "OTHER_OPEN": STAYS, "REPLACED": GOES}
VERDICTS = "| verdict | class | the child | what it means, and what to do |\n| --- | --- | --- | --- |\n"
STATUSES = "| status | class | what it says |\n| ---: | --- | --- |\n"


def explain(leanworker, *what):
    return subprocess.run([leanworker, "explain", *what], capture_output=True, text=True,
                          check=True).stdout


def verdicts(leanworker):
    """(name, class, meaning) of each, in the library's order."""
    return [line.split(None, 2) for line in explain(leanworker).splitlines()]


def fate(name, code):
    return BY_VERDICT[name] if name in BY_VERDICT else BY_CLASS[code.removeprefix("LW_E_")]


def sentence(text):
    """With a capital, unless it begins with the name of a program."""
    first = text.split()[0]
    return (text if "-" in first else text[0].upper() + text[1:]).rstrip(".") + "."


def table(leanworker):
    rows = VERDICTS
    for name, code, meaning in verdicts(leanworker):
        advice = explain(leanworker, name).split("What to do: ")
        advice = f" {advice[1].strip()}" if len(advice) == 2 and name != "OK" else ""
        text = f"{sentence(meaning)}{advice}".replace("|", "\\|")
        text = re.sub(r"(@\[export …\])", r"`\1`", text)
        rows += f"| `{name}` | `{code}` | {fate(name, code)} | {text} |\n"
    return rows


def statuses(source, leanworker):
    with open(f"{source}/include/leanworker/leanworker.h", encoding="utf-8") as file:
        said = dict(re.findall(r"^\t(LW_E_\w+),?\s*/\* (.*?) \*/", file.read(), re.M))
    text = subprocess.run([leanworker, "--help"], capture_output=True, text=True, check=True).stdout
    rows = STATUSES
    for number, what in re.findall(r"^ *(\d+)  (.+)$", text.split("Exit status:")[1], re.M):
        name, means = (f"`{what}`", sentence(said[what])) if what in said else ("", sentence(what))
        rows += f"| {number} | {name} | {means} |\n"
    return rows


def contradictions(source, codes):
    """Scenarios say of some failures whether the library killed the child, and why it is replaced."""
    for path in sorted(glob.glob(f"{source}/tests/scenarios/*.scenario")):
        with open(path, encoding="utf-8") as file:
            expected = re.findall(r"-> (\w+)(.*)", file.read())
        for name, facts in expected:
            gone = "killed=1" in facts or re.search(r"restart=(?!none)", facts) is not None
            stays = "restart=none" in facts
            said = fate(name, codes[name]) if name in codes else EITHER
            if (gone and said == STAYS) or (stays and said == GOES):
                yield f"{path}: {name}{facts}: but the page says {said}"


def main():
    source, leanworker, update = sys.argv[1], sys.argv[2], "--update" in sys.argv
    path = f"{source}/docs/verdicts.md"
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    wanted = kept
    for name, made in (("verdicts", table(leanworker)), ("statuses", statuses(source, leanworker))):
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
        wanted = wanted.split(begin)[0] + begin + made + end + wanted.split(end)[1]
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(wanted)
        return 0
    failures = list(contradictions(source, {name: code for name, code, _ in verdicts(leanworker)}))
    failures += difflib.unified_diff(kept.splitlines(), wanted.splitlines(), "docs/verdicts.md",
                                     "what the library says", n=0, lineterm="")
    print("\n".join(failures) or f"{len(verdicts(leanworker))} verdicts")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
