#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the manual pages: of the functions from the headers, of the command from its own --help, of the
protocol from docs/protocol.md. So none of them says what another place says otherwise.

    manual.py FOLDER LEANWORKER [TREE]
"""
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import command
import header
import library
import markdown
from mdoc import Inline, Page

ORDER = ["leanworker.h", "record.h", "capability.h", "metadata.h", "guest.h", "jansson.h"]


def overview(writer, tree):
    """leanworker(3): what the first header says of all, what there is, and a whole program."""
    page = Page("leanworker", 3, writer.inline)
    page.names(["leanworker"], "run compiled Lean code in a supervised child process")
    page.heading("Synopsis")
    page.raw(".In leanworker/leanworker.h", ".Pp")
    page.raw("cc ... $(pkg\\-config \\-\\-cflags \\-\\-libs leanworker)")
    page.heading("Description")
    writer.comment(page, writer.headers[0].overview[1:], ())
    for other in writer.headers:
        page.heading(f"leanworker/{other.name}", 2)
        page.raw(".Bl -tag -width 4n -compact")
        for name in (name for head, name, _ in writer.planned if head is other):
            page.raw(f".It Xr {name} 3", writer.pages[name].out[writer.pages[name].out.index(".Sh SYNOPSIS") - 1][4:])
        page.raw(".El")
    page.heading("Examples")
    program = (tree / "examples" / "worker_streaming.c").read_text()
    page.literal(program.partition("\n")[2])
    page.see_also({("leanworker", 1), ("leanworker-environment", 7), ("leanworker-protocol", 7)})
    return page


def from_docs(docs, inline):
    """The pages that docs/ has too."""
    yield markdown.write(docs / "protocol.md", "leanworker-protocol", 7, ["leanworker-protocol"],
                         "what a program and its worker say to each other", inline, {("leanworker", 3)})
    yield markdown.write(docs / "environment.md", "leanworker-environment", 7, ["leanworker-environment"],
                         "environment variables of leanworker, and of its children", inline,
                         {("leanworker", 1), ("leanworker", 3)})
    yield markdown.write(docs / "chaos.md", "leanworker-scenario", 1, ["leanworker-scenario", "leanworker-chaos"],
                         "a child that misbehaves on request, and a player of scenarios", inline,
                         {("leanworker", 1), ("leanworker", 3)}, ".Nm leanworker-scenario\n.Ar FILE")


def every_page(tree, program):
    """([page], {other name: page's name} of section 3)"""
    headers = [header.Header(tree / "include" / "leanworker" / name) for name in ORDER]
    functions = [d.name for h in headers for b in h.blocks for d in b.declarations if d.kind == "function"]
    writer = library.Writer(headers, Inline(functions), library.advice_of(tree / "src/parent/explain.c"))
    writer.write()
    pages = [*writer.pages.values(), overview(writer, tree), *from_docs(tree / "docs", writer.inline),
             *command.pages(program, Inline(), writer.comments_of("lw_code"))]
    return pages, writer.links()


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: manual.py FOLDER LEANWORKER [TREE]")
    folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    tree = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else pathlib.Path(__file__).resolve().parent.parent)
    version = re.search(r'LW_VERSION +"(.*)"', (tree / "include/leanworker/version.h").read_text())[1]
    pages, links = every_page(tree, program)
    links = {**{f"man3/{name}.3": page + ".3" for name, page in links.items()},
             "man1/leanworker-chaos.1": "leanworker-scenario.1"}
    shutil.rmtree(folder, ignore_errors=True)
    for section in {page.section for page in pages}:
        (folder / f"man{section}").mkdir(parents=True)
    for page in pages:
        (folder / f"man{page.section}" / f"{page.name}.{page.section}").write_text(page.text(version))
    for name, target in links.items():
        (folder / name).symlink_to(target)
    return 0


sys.exit(main())
