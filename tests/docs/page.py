# SPDX-License-Identifier: Apache-2.0
"""Does what a page of the documentation says: its files are written, its C compiled, its commands run and
their output compared, in the order of the page, as a user would who has installed leanworker as README.md
says and stands in a checkout.

    page.py SOURCE BUILD PAGE
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import book

HERE = os.path.dirname(os.path.abspath(__file__))
COMPILERS = {"c": [["gcc", "-std=gnu11"], ["clang", "-std=gnu11"]], "cpp": [["g++", "-std=c++17"]]}
ACTS = ("compile", "file", "run", "output")
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-Wno-unused-function"]
# What is on a shell's mind is kept for the next block: its folder and what it has exported.
SHELL = """cd "$(cat "$ROOM/folder")" && . "$ROOM/exports"
trap 'pwd >"$ROOM/folder"; export -p >"$ROOM/exports"' EXIT
set -e
"""


def run(command, input="", **more):
    return subprocess.run(command, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=120, check=False, **more)


class Reader:
    """A user who follows a page."""

    def __init__(self, source, build, room):
        self.source, self.build, self.room = source, build, room
        self.home, self.output, self.done = f"{room}/home", None, 0
        self.install()
        self.checkout()

    def install(self):
        prefix, toolchain = f"{self.home}/leanworker", f"{self.room}/toolchain"
        os.makedirs(self.home)
        made = run(["cmake", "--install", self.build, "--prefix", prefix])
        if made.returncode != 0:
            raise book.Fault(f"cmake --install: {made.stdout}")
        # The stand-in, called a version that is fully supported: it is not that, nor is it Lean.
        shutil.copytree(f"{self.build}/toolchain", toolchain, symlinks=True)
        run(["sed", "-i", "s/4.28.0/4.30.0/", f"{toolchain}/include/lean/version.h"])
        self.environment = {
            "PATH": f"{prefix}/bin:{toolchain}/bin:{os.environ['PATH']}", "HOME": self.home, "ROOM": self.room,
            "PKG_CONFIG_PATH": f"{prefix}/lib/pkgconfig", "LC_ALL": "C.UTF-8",
            "LEAN_SYSROOT": toolchain, "TMPDIR": self.room}

    def checkout(self):
        """Where the reader stands at the beginning: the sources, and a build in its place."""
        stand = f"{self.room}/checkout"
        os.makedirs(f"{stand}/build/release")
        for name in ("examples", "lean", "tests", "fixtures", "include", "docs", "scripts"):
            os.symlink(f"{self.source}/{name}", f"{stand}/{name}")
        for name in ("bin", "lib"):
            os.symlink(f"{self.build}/{name}", f"{stand}/build/release/{name}")
        self.remember(stand)

    def remember(self, folder):
        with open(f"{self.room}/folder", "w", encoding="utf-8") as file:
            file.write(folder)
        with open(f"{self.room}/exports", "w", encoding="utf-8"):
            pass

    def folder(self):
        with open(f"{self.room}/folder", encoding="utf-8") as file:
            return file.read().strip()

    def write(self, block, name):
        path = f"{self.folder()}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(block.text)
        kept = block.get("excerpt")
        if kept and os.path.isdir(f"{self.source}/{os.path.dirname(kept[1])}/ir"):  # what Lean made of it
            shutil.copytree(f"{self.source}/{os.path.dirname(kept[1])}/ir",
                            f"{self.folder()}/ir", dirs_exist_ok=True)

    def run(self, block, status):
        done = run(["bash", "-c", SHELL + block.text], env=self.environment, cwd=self.room)
        self.output = done.stdout
        if done.returncode != int(status or 0):
            raise block.fault(f"exit status {done.returncode}, not {status or 0}:\n{done.stdout}")

    def compare(self, block, vary):
        if self.output is None:
            raise block.fault("the output of what? no block before it was run")
        if not re.fullmatch(pattern(block.text, vary), self.output):
            raise block.fault(f"the output is another:\n{self.output}")

    def compile(self, language, text, where):
        kind = ["-x", "c++" if language == "cpp" else "c", "-"]
        for compiler in COMPILERS[language]:
            done = run([*compiler, *WARNINGS, f"-I{self.source}/include", *kind], input=text)
            if done.returncode != 0:
                raise book.Fault(f"{where}: {compiler[0]} does not take it:\n{done.stdout}")


def pattern(text, vary):
    """… stands for anything within a line, and alone on a line for any lines."""
    out = ""
    for line in text.splitlines(True):
        if line.strip() == "…":
            out += r"(?:.*\n)*?"
            continue
        piece = ".*?".join(re.escape(p) for p in line.split("…"))
        out += re.sub(r"\d+(?:\\\.\d+)?", r"[0-9.]+", piece) if vary else piece
    return out


def sources(blocks):
    """(language, text, where) of what is to be compiled; blocks of one name are one text."""
    with open(f"{HERE}/inside.c", encoding="utf-8") as file:
        head, tail = file.read().split("BLOCK;")
    named = {}
    for block in blocks:
        mark = block.get("compile")
        if mark and mark[2]:
            yield block.language, f"{head}\n#line {block.line + 1} \"{block.page}\"\n{block.text}{tail}", block.where()
        elif mark and mark[1]:
            named.setdefault((block.language, mark[1]), []).append(block)
        elif mark:
            yield block.language, block.text, block.where()
    for (language, _), parts in named.items():
        text = head.split("/* ---- */")[0] + "".join(
            f"#line {b.line + 1} \"{b.page}\"\n{b.text}" for b in parts)
        yield language, text, parts[0].where()


def follow(reader, page):
    blocks = book.blocks(reader.source, page)
    for language, text, where in sources(blocks):
        reader.compile(language, text, where)
        reader.done += 1
    for block in blocks:
        for name, *what in block.marks:
            act = {"file": reader.write, "run": reader.run, "output": reader.compare}.get(name)
            if act:
                act(block, what[0])
                reader.done += 1


def main():
    source, build = (os.path.abspath(a) for a in sys.argv[1:3])
    if not any(b.get(name) for b in book.blocks(source, sys.argv[3]) for name in ACTS):
        print(f"{sys.argv[3]}: nothing to do")
        return 0
    with tempfile.TemporaryDirectory() as room:
        try:
            reader = Reader(source, build, room)
            follow(reader, sys.argv[3])
        except (book.Fault, subprocess.TimeoutExpired) as fault:
            print(fault)
            return 1
        print(f"{sys.argv[3]}: {reader.done} blocks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
