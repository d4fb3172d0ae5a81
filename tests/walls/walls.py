#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tree and a build of it to the table of walls.

walls.py --table TABLE --source TREE [--build BUILD --objects LIST]

LIST has a line "ROOM OBJECT" for each object file of the build. Without a build only #include lines
are read. Prints a line for each breach; the exit status is 1 if there is any.
"""
import argparse
import fnmatch
import functools
import pathlib
import re
import subprocess
import sys

# Made by the compiler or the linker, for any code.
FREE = {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "__stack_chk_guard", "__dso_handle"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)


class Table:
    def __init__(self, path):
        self.rooms, self.libraries, self.programs, self.direct = {}, {}, {}, {}
        self.guarded = set()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            word, _, rest = line.partition(" ")
            if not word or word.startswith("#"):
                continue
            if word == "guarded":
                self.guarded.update(rest.split())
                continue
            name, _, fields = rest.partition(":")
            fields = [field.strip() for field in fields.split(";")]
            lists = [[] if field == "-" else field.split() for field in fields]
            if word == "room" and len(fields) == 3:
                self.rooms[name] = lists
            elif word == "library" and len(fields) == 2:
                self.libraries[name] = lists
            elif word == "program" and len(fields) == 2:
                self.programs[name] = lists
            elif word == "direct" and len(fields) == 2 and fields[1]:
                self.direct[name] = (lists[0], fields[1])
            else:
                sys.exit(f"{path}:{number}: cannot read: {line}")


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


# --- Includes -------------------------------------------------------------------------------------


def include_allowed(table, room, bracket, header):
    uses, headers, libraries = table.rooms[room]
    if bracket == "<":
        return any(matches(header, table.libraries[name][0]) for name in libraries)
    first, slash, _ = header.partition("/")
    if ".." in header or not slash:
        return False  # a quoted include names its room, so that a reader sees where it goes
    return first in [room] + uses or matches(header, headers)


def check_includes(table, source):
    breaches, files = [], 0
    folders = {path.name for path in (source / "src").iterdir() if path.is_dir()}
    for name in sorted(folders ^ set(table.rooms)):
        breaches.append(f"src/{name}: a room of the table or of the tree, but not of both")
    for room in sorted(folders & set(table.rooms)):
        for path in sorted((source / "src" / room).rglob("*.[ch]")):
            files += 1
            text = COMMENT.sub(blank, path.read_text())
            for match in INCLUDE.finditer(text):
                if not include_allowed(table, room, *match.groups()):
                    where = f"{path.relative_to(source)}:{line_of(text, match.start())}"
                    breaches.append(f"{where}: room {room} may not include {match.group(2)}")
    for path in sorted((source / "src").glob("*.[ch]")):
        breaches.append(f"{path.relative_to(source)}: in no room")
    return breaches, files


# --- Symbols --------------------------------------------------------------------------------------


def nm(*arguments):
    command = ["nm", "--format=posix", *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"walls: {' '.join(command)}: {answer.stderr.strip()} (is the build complete?)")
    output = answer.stdout
    rows = [line.split() for line in output.splitlines() if not line.endswith(":")]
    return [(row[0].partition("@")[0], row[1]) for row in rows if len(row) >= 2]


@functools.cache
def library_symbols(name):
    command = ["cc", f"-print-file-name={name}"]
    path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    if "/" not in path:
        return set()  # not on this machine: of another architecture
    dynamic = ["-D"] if ".so" in name else []
    return {symbol for symbol, _ in nm(*dynamic, "--defined-only", path)}


def plain(symbol):
    """The name in the table of what the compiler or libc made of it: __read_chk, open64, __getdelim."""
    return re.sub(r"(64)?(_2|_chk)?$", "", symbol.lstrip("_"))


def source_of(object_path):
    """…/lw_base.dir/src/base/sys.c.o -> src/base/sys.c; the tree itself may lie in a src/"""
    match = re.search(r"^(?:.*/)?(src/.+)\.o$", object_path)
    return match.group(1) if match else object_path


def check_symbols(table, objects):
    breaches, defined, undefined = [], {room: set() for room in table.rooms}, {}
    for room, path in objects:
        for symbol, kind in nm("-g", path):
            if kind in "Uwv":
                undefined.setdefault((room, path), []).append(symbol)
            else:
                defined[room].add(symbol)
    for room in table.rooms:
        if not any(owner == room for owner, _ in objects):
            breaches.append(f"room {room} has no object")
    owners = {}
    for room, symbols in defined.items():
        for symbol in symbols:
            owners.setdefault(symbol, []).append(room)
    of_library = {name: set().union(*map(library_symbols, files))
                  for name, (_, files) in table.libraries.items()}
    for (room, path), symbols in undefined.items():
        uses, headers, libraries = table.rooms[room]
        # Outside of every room that makes the library: it has what the library exports.
        public = "leanworker/*" in headers and not uses
        source = source_of(path)
        direct, _ = table.direct.get(source, ([], ""))
        for symbol in sorted(set(symbols) - FREE):
            if public and symbol.startswith("lw_"):
                continue
            rooms, known = owners.get(symbol, []), [n for n in of_library if symbol in of_library[n]]
            near = [name for name in rooms if name in {room, *uses}]
            if near and set(known) & set(libraries):
                breaches.append(f"{source}: {symbol} of room {near[0]} hides that of {known[0]}")
            elif near:
                continue
            elif not set(known) & set(libraries):
                of = ([f" of room {name}" for name in rooms] + [f" of library {n}" for n in known]
                      + [", which nobody defines"])[0]
                breaches.append(f"{source}: room {room} may not use {symbol}{of}")
            elif plain(symbol) in table.guarded and not matches(plain(symbol), direct):
                breaches.append(f"{source}: calls {plain(symbol)} directly; use base/sys.h")
    return breaches


def check_exceptions(table, objects):
    """An exception that nothing needs is a hole that nobody watches."""
    breaches, needed = [], {}
    for _, path in objects:
        needed[source_of(path)] = {plain(symbol) for symbol, _ in nm("-u", path)}
    for name, (symbols, _) in table.direct.items():
        for symbol in symbols:
            if symbol != "*" and symbol not in needed.get(name, ()):
                breaches.append(f"{name}: does not call {symbol}: take the exception away")
            if symbol != "*" and symbol not in table.guarded:
                breaches.append(f"{name}: {symbol} is not guarded: it needs no exception")
    return breaches


def check_programs(table, build):
    breaches = []
    for name, (exports, needs) in table.programs.items():
        path = build / name
        if not path.exists():
            breaches.append(f"{name}: missing from the build")
            continue
        for symbol, kind in nm("-D", "--defined-only", path):
            if not matches(symbol, exports):
                breaches.append(f"{name}: exports {symbol}")
        dynamic = subprocess.run(["readelf", "-d", str(path)], check=True, capture_output=True,
                                 text=True).stdout
        for library in re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic):
            if library not in needs:
                breaches.append(f"{name}: needs {library}")
    return breaches


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--objects", type=pathlib.Path)
    arguments = parser.parse_args()
    table = Table(arguments.table)
    breaches, files = check_includes(table, arguments.source)
    objects = []
    if arguments.objects:
        objects = [tuple(line.split(" ", 1)) for line in arguments.objects.read_text().splitlines()]
        breaches += check_symbols(table, objects)
        breaches += check_exceptions(table, objects)
    if arguments.build:
        breaches += check_programs(table, arguments.build)
    for breach in breaches:
        print(breach)
    print(f"walls: {files} files, {len(objects)} objects, {len(breaches)} breaches")
    return 1 if breaches or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
