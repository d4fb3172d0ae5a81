#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds documentation to completeness: every public function has a manual page, every option of the command
says what it does and takes what it says, every message and outcome of the protocol has its place in
docs/protocol.md, every code and verdict is explained, the versions are those of leanworker/version.h; and the
pages are good mdoc, whose references exist.

    docs.py TREE LEANWORKER MAN [functions|command|protocol|verdicts|advice|versions|pages]
"""
import pathlib
import re
import shutil
import subprocess
import sys


def run(*command):
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return answer.returncode, answer.stdout, answer.stderr


# --- Functions ------------------------------------------------------------------------------------


def check_functions(tree, man):
    headers = sorted((tree / "include" / "leanworker").glob("*.h"))
    functions = [name for path in headers
                 for name in re.findall(r"^LW_API [^;(]*?\b(lw_\w+)\(", path.read_text(), re.M)]
    if len(functions) < 50:
        yield f"only {len(functions)} functions were found in the headers"
    for name in functions:
        page = man / "man3" / f"{name}.3"
        if name.endswith("_"):
            continue  # behind a macro, which has the page
        if not page.exists():
            yield f"{name} has no manual page"
        elif not re.search(rf"^\.Nm {name}\b", page.read_text(), re.M):
            yield f"{name} is not named on its page, {page.resolve().name}"


# --- The command ----------------------------------------------------------------------------------


def options_of(text):
    """[(words, value, what it does)] of a help."""
    found = []
    for line in text.splitlines():
        match = re.match(r"^ {2,6}((?:-\w, )?--[\w-]+|-\w)(?: (\S+))?(?: {2,}(.*))?$", line)
        if match:
            found.append([match[1].split(", "), match[2] or "", match[3] or ""])
        elif found and re.match(r"^ {20,}\S", line):
            found[-1][2] += line.strip()
    return found


def check_option(leanworker, verb, words, value, does):
    if not does:
        yield f"leanworker {verb} {words[-1]} has no help text"
    for word in words if words[-1] != "--help" else []:
        if value:
            status, _, said = run(leanworker, verb, word)
            wanted = "needs a value"
        else:  # it is taken, and the word behind it is what is complained of
            status, _, said = run(leanworker, verb, word, "--no-such-option")
            wanted = "--no-such-option is not an option"
        if status != 2 or wanted not in said:
            yield f"leanworker {verb} {word} does not take what its help says: {said.strip()}"


def check_command(leanworker, man):
    listed = run(leanworker, "--help")[1].partition("Verbs:")[2].partition("\n\n")[0]
    verbs = re.findall(r"^  (\w+) +\S", listed, re.M)
    if len(verbs) < 3:
        yield "leanworker --help lists no verbs"
    for verb in verbs:
        if not (man / "man1" / f"leanworker-{verb}.1").exists():
            yield f"leanworker {verb} has no manual page"
        options = options_of(run(leanworker, verb, "--help")[1])
        if not any("--help" in words for words, _, _ in options):
            yield f"leanworker {verb} --help does not list its options"
        for words, value, does in options:
            yield from check_option(leanworker, verb, words, value, does)


# --- The protocol ---------------------------------------------------------------------------------


def check_protocol(tree):
    table = (tree / "src/wire/protocol.h").read_text()
    page = (tree / "docs/protocol.md").read_text()
    messages = re.findall(r"^\s*X\( ?(\d+), (\w+),\s+(?:PARENT|WORKER)", table, re.M)
    outcomes = re.findall(r"^\s*X\( ?(\d+), (\w+),\s+(?:WIRE_|0)", table, re.M)
    if len(messages) < 10 or len(outcomes) < 10:
        yield "the table of src/wire/protocol.h was not understood"
    for _, name in messages:
        if not re.search(rf"^### {name}\n\w", page, re.M):
            yield f"message {name} has no section in docs/protocol.md"
    for number, name in outcomes:
        if not re.search(rf"^\| {number} \| {name} \| \w", page, re.M):
            yield f"outcome {number} {name} has no row in docs/protocol.md"


# --- Codes and verdicts ---------------------------------------------------------------------------


def verdicts_of(text):
    return re.findall(r"^\tX\((\w+), +(\w+), +\"([^\"]*)\"\)", text, re.M)


def check_advice(tree, leanworker):
    for name, _, _ in verdicts_of((tree / "include/leanworker/leanworker.h").read_text()):
        status, said, _ = run(leanworker, "explain", name)
        if status != 0 or not re.search(r"^What to do: \w.+\.$", said, re.M):
            yield f"lw_verdict_explain has no advice for {name}"


def check_verdicts(tree, man):
    text = (tree / "include/leanworker/leanworker.h").read_text()
    verdicts = verdicts_of(text)
    codes = re.findall(r"^\t(LW_E_\w+),? +/\* *(.*?) \*/", text, re.M)
    pages = {name: (man / "man3" / f"{name}.3").read_text() if (man / "man3" / f"{name}.3").exists() else ""
             for name in ("lw_code", "lw_verdict")}
    if len(verdicts) < 50 or len(codes) < 20:
        yield "the verdicts or codes of leanworker.h were not understood"
    for name in re.findall(r"^\t(LW_E_\w+)\b", text, re.M):
        if name not in dict(codes):
            yield f"{name} has no comment"
        if not re.search(rf"^\.It {name}\n\w", pages["lw_code"], re.M):
            yield f"{name} is not explained in lw_code(3)"
    for name, _, meaning in verdicts:
        if not meaning:
            yield f"verdict {name} has no text"
        if not re.search(rf"^\.It LW_V_{name}\n(.+\n){{3}}", pages["lw_verdict"], re.M):
            yield f"LW_V_{name} is not explained in lw_verdict(3), with what to do"


# --- Versions -------------------------------------------------------------------------------------


def check_versions(tree):
    text = (tree / "include/leanworker/version.h").read_text()
    of = dict(re.findall(r'^#define (LW_\w+) +"?([\d.]+)"?$', text, re.M))
    numbers = ".".join(of.get("LW_VERSION_" + part, "?") for part in ("MAJOR", "MINOR", "PATCH"))
    if of.get("LW_VERSION") != numbers:
        yield f"LW_VERSION is {of.get('LW_VERSION')}, and its numbers are {numbers}"
    lake = re.search(r'version := v!"(.*)"', (tree / "lean/lakefile.lean").read_text())[1]
    if of.get("LW_LEAN_PACKAGE_VERSION") != lake:
        yield f"LW_LEAN_PACKAGE_VERSION is {of.get('LW_LEAN_PACKAGE_VERSION')}, and lean/lakefile.lean says {lake}"
    page = re.search(r"^Version (\d+)\.", (tree / "docs/protocol.md").read_text(), re.M)
    if page is None or page[1] != of.get("LW_PROTOCOL_VERSION"):
        yield f"docs/protocol.md is not of version {of.get('LW_PROTOCOL_VERSION')}"


# --- The pages ------------------------------------------------------------------------------------


def check_pages(man):
    pages = sorted(path for path in man.rglob("*.[0-9]") if not path.is_symlink())
    names = {path.name for path in man.rglob("*.[0-9]")}
    for path in man.rglob("*.[0-9]"):
        if not path.exists():
            yield f"{path.name} is a link to nothing"
    for page in pages:
        if ".Nd has no comment" in page.read_text():
            yield f"{page.stem} has no comment in its header, and so its page no description"
        for name, section in re.findall(r"^\.(?:It )?Xr (\S+) (\d)", page.read_text(), re.M):
            if f"{name}.{section}".replace("\\-", "-") not in names:
                yield f"{page.name} refers to {name}({section}), which is not there"
    if shutil.which("mandoc") is None:
        print("not checked: mandoc is not here")
        return
    for said in run("mandoc", "-T", "lint", "-W", "warning", *pages)[1].splitlines():
        if "referenced manual not found" not in said:
            yield said


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit("usage: docs.py TREE LEANWORKER MAN [PART]")
    tree, leanworker, man = map(pathlib.Path, sys.argv[1:4])
    parts = {"functions": lambda: check_functions(tree, man), "command": lambda: check_command(leanworker, man),
             "protocol": lambda: check_protocol(tree), "verdicts": lambda: check_verdicts(tree, man),
             "advice": lambda: check_advice(tree, leanworker),
             "versions": lambda: check_versions(tree), "pages": lambda: check_pages(man)}
    breaches = [breach for part in sys.argv[4:] or parts for breach in parts[part]()]
    for breach in breaches:
        print(breach)
    print(f"docs: {sum(1 for _ in man.rglob('*.[0-9]'))} pages, {len(breaches)} breaches")
    return 1 if breaches else 0


sys.exit(main())
