#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the headers and the shared library to the kept description of their binary interface.

    abi.py check|update LIBRARY [TREE]

tests/abi/libleanworker.abi describes it: each exported function and its type, each public struct with its
offsets, each enum with its values, each constant. src/libleanworker.map lists the symbols for the linker.
`update` writes both anew: scripts/update-abi.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FOR_TESTS = {"lw_fault_arm", "lw_fault_disarm"}  # of development builds; no header declares them
HEAD = """# SPDX-License-Identifier: Apache-2.0
# The binary interface of libleanworker: what compiled programs and capabilities rely on. Offsets and sizes
# in bytes. Written by scripts/update-abi; house.abi compares.
"""
MAP_HEAD = """/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The symbols of libleanworker.so, by the version that they came with. scripts/update-abi adds what is new to
 * the last version. Nothing is made local here: all but LW_API is hidden already, and so a function that is
 * not listed yet still links, and house.abi names it.
 */
"""


class Public:
    """What the public headers declare."""

    def __init__(self, tree):
        self.headers = sorted((tree / "include" / "leanworker").glob("*.h"))
        text = "\n".join(COMMENT.sub("", path.read_text()) for path in self.headers)
        self.functions = sorted(set(re.findall(r"^LW_API [^;(]*?\b(lw_\w+)\(", text, re.M)))
        self.structs = sorted(set(re.findall(r"\bstruct (lw_\w+)\b", text)) - {"lw_init"})
        self.enums = sorted(set(re.findall(r"\benum (lw_\w+) \{", text)))
        named = re.findall(r"^typedef [^;{]*?\(\*(lw_\w+)\)", text, re.M)
        named += re.findall(r"^typedef (?!struct)[^;{(]*\b(lw_\w+)\(", text, re.M)
        self.typedefs = sorted(set(named))
        constants = re.findall(r"^#define (LW_\w*[A-Z0-9]) +([^\s(\\].*)$", text, re.M)
        self.constants = sorted((name, value.strip()) for name, value in constants
                                if not name.endswith("_INIT") and name != "LW_API"
                                and "VERSION" not in name.split("_"))

    def names(self):
        return ([f"function {name}" for name in self.functions]
                + [f"struct {name}" for name in self.structs]
                + [f"enum {name}" for name in self.enums]
                + [f"typedef {name}" for name in self.typedefs])


def run(*command, **more):
    try:
        answer = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    except FileNotFoundError:
        sys.exit(f"abi: {command[0]} is not here; scripts/need test installs it")
    if answer.returncode != 0:
        sys.exit(f"abi: {' '.join(map(str, command))}: {answer.stderr.strip()}")
    return answer.stdout


def describe(public, tree):
    """The description, from the headers alone: how the library was built does not matter."""
    with tempfile.TemporaryDirectory() as folder:
        probe = pathlib.Path(folder) / "probe.c"
        probe.write_text("".join(f"#include <leanworker/{path.name}>\n" for path in public.headers)
                         + "".join(f"__typeof__({name}) *probe_{name};\n" for name in public.functions))
        run("gcc", "-std=c17", "-g", "-w", "-fno-eliminate-unused-debug-types", f"-I{tree / 'include'}", "-c",
            "-o", probe.with_suffix(".o"), probe)
        text = run("gdb", "-batch", "-nx", "-ex", "set debuginfod enabled off", "-ex", "set width 0", "-ex",
                   f"python names = {public.names()}", "-x", HERE / "layout.py", probe.with_suffix(".o"),
                   env={**os.environ, "LC_ALL": "C", "HOME": folder})
    constants = "".join(f"constant {name}: {value}\n" for name, value in public.constants)
    return HEAD + text + constants


def read_map(path):
    """[(version, [symbol])], the oldest first."""
    text = COMMENT.sub("", path.read_text()) if path.exists() else "LEANWORKER_0 { };"
    return [(version, re.findall(r"(\w+);", body))
            for version, body in re.findall(r"(\w+)\s*\{([^}]*)\}", text)]


def write_map(path, versions, public):
    known = {symbol for _, symbols in versions for symbol in symbols}
    new = [name for name in public.functions if name not in known]
    versions[-1] = (versions[-1][0], versions[-1][1] + new)
    text, before = MAP_HEAD, ""
    for version, symbols in versions:
        lines = "".join(f"\t{name};\n" for name in sorted(symbols) if name in public.functions)
        text += f"\n{version} {{\n{lines}}}{before};\n"
        before = " " + version
    path.write_text(text)


def check_symbols(public, versions, library):
    """Breaches between what headers declare, what the map lists and what the library exports."""
    listed = {symbol: version for version, symbols in versions for symbol in symbols}
    exported = {}
    for line in run("nm", "-D", "--defined-only", "--with-symbol-versions", library).splitlines():
        symbol, _, version = line.split()[-1].partition("@@")
        if symbol not in dict(versions) and symbol not in FOR_TESTS:
            exported[symbol] = version
    for symbol in sorted(set(public.functions) | set(listed) | set(exported)):
        if symbol not in public.functions:
            yield f"{symbol} is exported or listed in the map, and no public header declares it"
        elif symbol not in listed:
            yield f"{symbol} is not listed in src/libleanworker.map"
        elif symbol not in exported:
            yield f"{symbol} is declared, and the library does not export it"
        elif exported[symbol] != listed[symbol]:
            yield f"{symbol} has the version \"{exported[symbol]}\", and in the map {listed[symbol]}"


def check_soname(public, library):
    wanted = re.search(r"LW_ABI_VERSION (\d+)", (public.headers[0].parent / "version.h").read_text())[1]
    soname = re.search(r"\(SONAME\).*\[(.+)\]", run("readelf", "-dW", library))
    if not soname or soname[1] != f"libleanworker.so.{wanted}":
        yield f"the library is called {soname and soname[1]}, and LW_ABI_VERSION is {wanted}"


def check_description(kept, now):
    lines = list(difflib.unified_diff(kept.splitlines(), now.splitlines(), "kept", "now", "", "", 2, ""))
    if not lines:
        return
    yield from lines[2:]
    if any(line.startswith("-") and not line.startswith("---") for line in lines):
        yield ("The binary interface has changed: programs that were compiled before may break. If that is "
               "meant, raise LW_ABI_VERSION (from 1.0 on) and run scripts/update-abi.")
    else:
        yield "The binary interface has grown. If that is meant, run scripts/update-abi."


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("check", "update"):
        sys.exit("usage: abi.py check|update LIBRARY [TREE]")
    library = sys.argv[2]
    tree = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else HERE.parent.parent)
    public = Public(tree)
    symbol_map, kept = tree / "src/libleanworker.map", tree / "tests/abi/libleanworker.abi"
    now = describe(public, tree)
    if sys.argv[1] == "update":
        write_map(symbol_map, read_map(symbol_map), public)
        kept.write_text(now)
        print(f"wrote {symbol_map.relative_to(tree)} and {kept.relative_to(tree)}")
        return 0
    breaches = list(check_symbols(public, read_map(symbol_map), library))
    breaches += check_soname(public, library)
    breaches += check_description(kept.read_text(), now)
    for breach in breaches:
        print(breach)
    print(f"abi: {len(public.functions)} functions, {len(public.structs)} structs, {len(public.enums)} enums, "
          f"{len(public.constants)} constants; {'it differs' if breaches else 'as kept'}")
    return 1 if breaches else 0


sys.exit(main())
