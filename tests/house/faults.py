#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds docs/faults.md to its word: every fault number has one row, every test that a row names
exists, what must be proved is not left out, and what is left out has a reason.

    faults.py [TREE]
"""
import pathlib
import re
import sys

LAST = 114
# May be left out, with a reason: no sandbox yet, no ring, nothing of ours to test.
MAY_BE_LEFT_OUT = {10, 11, 12, 27, 55, 64, 65, 66, 67, 68, 92}
ROW = re.compile(r"^\| (\d+) \|(.*)\|(.*)\|(.*)\|$")


def known_tests(tree):
    """Names of scenarios, of cases, and of ctest's tests that CMake names."""
    tests = tree / "tests"
    names = {path.stem for path in (tests / "scenarios").glob("*.scenario")}
    for path in tests.rglob("*_test.c"):
        names.update(re.findall(r"^\s*(?:LW|FOLDER)_TEST\((\w+)\)", path.read_text(), re.M))
    cmake = (tests / "CMakeLists.txt").read_text()
    names.update(re.findall(r"add_test\(NAME ([\w.]+)", cmake))
    names.update("house." + name for name in re.findall(r"lw_house_test\((\w+)", cmake))
    return names


def read_rows(page):
    rows = []
    for line in page.read_text().splitlines():
        match = ROW.match(line)
        if match:
            fault, seen, proof = (cell.strip() for cell in match.groups()[1:])
            rows.append((int(match[1]), fault, seen, proof))
        elif line.startswith("|") and not re.match(r"^\| (#|---) \|", line):
            rows.append((0, line, "", ""))
    return rows


def check_row(number, fault, seen, proof, tests):
    if number == 0:
        yield f"not a row of four cells: {fault}"
        return
    if not fault:
        yield f"fault {number} is not described"
    if proof.startswith("left out:"):
        if number not in MAY_BE_LEFT_OUT:
            yield f"fault {number} may not be left out"
        if len(proof) < len("left out: for"):
            yield f"fault {number} is left out without a reason"
        return
    if not seen:
        yield f"fault {number}: nothing says what the application gets"
    named = re.findall(r"`([^`]*)`", proof)
    if not named:
        yield f"fault {number} has no test"
    for name in named:
        if name not in tests:
            yield f"fault {number}: there is no test {name}"


def check(tree):
    rows = read_rows(tree / "docs" / "faults.md")
    tests = known_tests(tree)
    numbers = [row[0] for row in rows if row[0]]
    for number in range(1, LAST + 1):
        if numbers.count(number) != 1:
            yield f"fault {number} has {numbers.count(number)} rows"
    for row in rows:
        yield from check_row(*row, tests)
    for name in sorted(tests):
        match = re.match(r"fault-(\d{3})-", name)
        if match and not any(row[0] == int(match[1]) and f"`{name}`" in row[3] for row in rows):
            yield f"{name} is not in the row of its fault"


def main():
    tree = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    breaches = list(check(tree))
    for breach in breaches:
        print(f"docs/faults.md: {breach}")
    rows = read_rows(tree / "docs" / "faults.md")
    left = sum(row[3].startswith("left out:") for row in rows)
    print(f"faults: {len(rows) - left} proved, {left} left out, {len(breaches)} breaches")
    return 1 if breaches else 0


sys.exit(main())
