# SPDX-License-Identifier: Apache-2.0
"""What can be said of the documentation without running it: every code block has a mark, excerpts are
excerpts, JSON is JSON, links lead somewhere, and names that pages use exist.

    words.py SOURCE LEANWORKER
"""
import json
import os
import re
import subprocess
import sys

import book
from book import Fault

# Pages for those who change leanworker may name what is inside of it; the others only what users see.
INSIDE = {"CONTRIBUTING.md", "docs/architecture.md", "docs/chaos.md", "docs/faults.md",
          "docs/packaging.md", "docs/performance.md", "docs/protocol.md", "docs/testing.md", "docs/probe.md"}
TREE = "src|tests|docs|scripts|fixtures|examples|lean|include/leanworker|kit|bench|cmake"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def tokens(root, folders):
    found = set()
    for folder in folders:
        for where, _, files in os.walk(f"{root}/{folder}"):
            for name in files:
                if name.endswith((".h", ".c", ".cc", ".cpp", ".txt", ".cmake", ".py", ".lean")):
                    found.update(re.findall(r"\w+", read(f"{where}/{name}")))
    return found


def public_names(root):
    """Names in the public headers, and those that their lists are expanded to."""
    names = tokens(root, ["include"])
    header = read(f"{root}/include/leanworker/leanworker.h")
    for prefix, macro in (("LW_V_", "LW_VERDICTS"), ("LW_RESTART_", "LW_RESTARTS")):
        body = header.split(f"#define {macro}(X)")[1].split("clang-format on")[0]
        names.update(prefix + name for name in re.findall(r"\bX\((\w+)", body))
    return names


def unlisted(root):
    """What docs/reference.md does not list: functions, structs, and macros that are for users."""
    page = book.read(root, "docs/reference.md")
    for header in sorted(os.listdir(f"{root}/include/leanworker")):
        text = read(f"{root}/include/leanworker/{header}")
        names = re.findall(r"^LW_API [^;(]*?\b(lw_\w+)\(", text, re.M)
        names += re.findall(r"^struct (lw_\w+) \{", text, re.M) + re.findall(r"^\} (lw_\w+);", text, re.M)
        names += re.findall(r"^(lw_guest_\w+)\(", text, re.M)
        names += [n for n in re.findall(r"^#define (LW_\w+)", text, re.M)
                  if not re.search(r"_INIT$|_H$|^LW_(API|INIT|VERDICTS|RESTARTS|STEPS)$|_(SIZE|BUCKETS)$", n)]
        for name in names:
            if not name.endswith("_") and not re.search(rf"\b{name}\b", page):
                yield Fault(f"docs/reference.md does not list {name} of {header}")


def unmarked(blocks):
    for block in blocks:
        if not block.marks:
            yield block.fault("a code block without a mark of how it is checked")
        if block.language == "json" and not block.get("none"):
            try:
                json.loads(block.text)
            except ValueError as error:
                yield block.fault(f"not JSON: {error}")


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_excerpt(part, whole):
    """Whether the lines of part stand together in whole; a line that is … leaves some out."""
    lines, at = lines_of(whole), 0
    for piece in re.split(r"^\s*(?:…|--\s*…|/\*\s*…\s*\*/|#\s*…)\s*$", part, flags=re.M):
        wanted = lines_of(piece)
        while at + len(wanted) <= len(lines) and lines[at:at + len(wanted)] != wanted:
            at += 1
        if at + len(wanted) > len(lines):
            return False
        at += len(wanted)
    return True


def elsewhere(root, blocks):
    for block in blocks:
        for name, argument, *_ in block.marks:
            if name in ("by", "excerpt") and not os.path.isfile(f"{root}/{argument}"):
                yield block.fault(f"{argument} does not exist")
            elif name == "by" and block.page not in read(f"{root}/{argument}"):
                yield block.fault(f"{argument} does not mention {block.page}")
            elif name == "excerpt" and not is_excerpt(block.text, read(f"{root}/{argument}")):
                yield block.fault(f"is no excerpt of {argument}")


def dead_links(root, page):
    for number, target in book.links(root, page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, part = target.partition("#")
        whole = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(f"{root}/{whole}"):
            yield Fault(f"{page}:{number}: a link to {target}, which is not there")
        elif part and whole.endswith(".md") and part not in book.anchors(root, whole):
            yield Fault(f"{page}:{number}: {whole} has no heading #{part}")


def unknown_names(root, page, known):
    for number, line in enumerate(book.read(root, page).splitlines(), 1):
        for name in re.findall(r"\b(?:lw|LW)_\w+", line):
            name = name.removesuffix("_struct")  # LW_RECORD makes those
            exists = name in known or (name.endswith("_") and any(k.startswith(name) for k in known))
            if not exists:
                yield Fault(f"{page}:{number}: {name} does not exist")
    for number, line in enumerate(book.prose(root, page), 1):
        for path in re.findall(rf"`((?:{TREE})/[\w./+-]*)`", line):
            if not os.path.exists(f"{root}/{path}") and not re.search(r"\b[A-Z]{4,}\b", path):
                yield Fault(f"{page}:{number}: {path} does not exist")
        for header in re.findall(r"\bleanworker/\w+\.h\b", line):
            if not os.path.exists(f"{root}/include/{header}"):
                yield Fault(f"{page}:{number}: there is no header {header}")


def unknown_verbs(root, page, blocks, verbs):
    commands = [(b.where(), b.text) for b in blocks if b.language == "sh"]
    commands += [(f"{page}:{number}", code) for number, line in enumerate(book.prose(root, page), 1)
                 for code in re.findall(r"`([^`]*)`", line)]
    for where, text in commands:
        for verb in re.findall(r"(?:^|[&|(] *)leanworker ([a-z]+)\b", text, re.M):
            if verb not in verbs:
                yield Fault(f"{where}: leanworker has no verb {verb}")


def unknown_targets(root, page, blocks):
    known = set(re.findall(r"^([a-z-]+):", read(f"{root}/Makefile"), re.M))
    commands = [(b.where(), b.text) for b in blocks if re.match(r"make|sh", b.language or b.text)]
    commands += [(f"{page}:{number}", code) for number, line in enumerate(book.prose(root, page), 1)
                 for code in re.findall(r"`(make [^`]*)`", line)]
    for where, text in commands:
        for target in re.findall(r"(?:^|&& )make ([a-z][a-z-]*)\b", text, re.M):
            if target not in known:
                yield Fault(f"{where}: make has no target {target}")


def unreachable(root, pages):
    """Pages that no way leads to from the README."""
    seen, ahead = set(), ["README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page not in pages:
            continue
        seen.add(page)
        for _, target in book.links(root, page):
            ahead.append(os.path.normpath(os.path.join(os.path.dirname(page), target.partition("#")[0])))
    return [Fault(f"{page}: no link leads here from README.md") for page in pages if page not in seen]


def faults(root, verbs):
    pages = book.pages(root)
    public = public_names(root)
    everything = public | tokens(root, ["src", "kit", "tests", "cmake", "bench"]) | set(
        re.findall(r"\w+", read(f"{root}/CMakeLists.txt")))
    found, count = [], 0
    for page in pages:
        try:
            blocks = book.blocks(root, page)
        except Fault as fault:
            found.append(fault)
            continue
        count += len(blocks)
        found += [*unmarked(blocks), *elsewhere(root, blocks), *dead_links(root, page)]
        found += unknown_names(root, page, everything if page in INSIDE else public)
        found += [*unknown_verbs(root, page, blocks, verbs), *unknown_targets(root, page, blocks)]
    return found + [*unreachable(root, pages), *unlisted(root)], f"{len(pages)} pages, {count} blocks"


def verbs_of(leanworker):
    text = subprocess.run([leanworker, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  (\w+) ", text.split("Verbs:")[1].split("\n\n")[0], re.M))


def main():
    found, what = faults(sys.argv[1], verbs_of(sys.argv[2]))
    for fault in found:
        print(fault)
    print(what)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
