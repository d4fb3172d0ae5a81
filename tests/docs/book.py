# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation, taken apart: code blocks with their marks, links, headings, names.
README.md beside this says what a mark is."""
import os
import re

PAGES = ["README.md", "CONTRIBUTING.md", "lean/README.md"]  # and all below docs/
FENCE = re.compile(r"^( *)```(.*)$")
MARK = re.compile(r"^ *<!-- check: (.*?) -->$")
# What a mark may say; each group is what the word takes.
WORDS = {
    "file": r"file (\S+)", "compile": r"compile(?: as (\w+)| (inside))?", "run": r"run(?: (\d+))?",
    "output": r"output(, numbers vary)?", "excerpt": r"excerpt (\S+)", "json": r"json()",
    "by": r"by (\S+)", "none": r"none: (.+)",
}


class Fault(Exception):
    """What is wrong with a page: where, and what to do."""


class Block:
    def __init__(self, page, line, language, text, mark):
        self.page, self.line, self.language, self.text = page, line, language, text
        parts = [mark] if mark and mark.startswith("none") else (mark or "").split("; ")
        self.marks = [word(part, self) for part in parts if part]

    def where(self):
        return f"{self.page}:{self.line}"

    def fault(self, text):
        return Fault(f"{self.where()}: {text}")

    def get(self, name):
        return next((m for m in self.marks if m[0] == name), None)


def word(part, block):
    for name, pattern in WORDS.items():
        found = re.fullmatch(pattern, part)
        if found:
            return (name, *found.groups())
    raise block.fault(f"nobody knows how to check: {part}")


def pages(root):
    found = [p for p in PAGES if os.path.exists(f"{root}/{p}")]
    for folder, _, files in sorted(os.walk(f"{root}/docs")):
        found += sorted(os.path.relpath(f"{folder}/{f}", root) for f in files if f.endswith(".md"))
    return found


def read(root, page):
    with open(f"{root}/{page}", encoding="utf-8") as file:
        return file.read()


def blocks(root, page):
    found, start, before = [], None, ""
    for number, line in enumerate(read(root, page).splitlines(), 1):
        fence = FENCE.match(line)
        if fence and start is None:
            mark = MARK.match(before)
            start, text = (number, len(fence[1]), fence[2].strip(), mark[1] if mark else None), []
        elif fence and not fence[2]:
            found.append(Block(page, start[0], start[2], "".join(f"{t}\n" for t in text), start[3]))
            start = None
        elif start is not None:
            text.append(line[min(start[1], len(line) - len(line.lstrip())):])
        if line.strip():
            before = line
    if start is not None:
        raise Fault(f"{page}:{start[0]}: a code block has no end")
    return found


def prose(root, page):
    """The page without its code blocks, line by line, so that lines keep their numbers."""
    inside, lines = False, []
    for line in read(root, page).splitlines():
        fence = FENCE.match(line)
        lines.append("" if inside or fence else line)
        inside = inside != bool(fence)
    return lines


def anchor(heading):
    """What GitHub calls a heading in a link."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower().replace("`", "")
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(root, page):
    return {anchor(line.lstrip("#")) for line in prose(root, page) if re.match(r"#+ ", line)}


def links(root, page):
    """(line, target) of each link and picture."""
    for number, line in enumerate(prose(root, page), 1):
        plain = re.sub(r"`[^`]*`", lambda m: "`" * len(m[0]), line)
        for target in re.findall(r"\]\(([^)\s]+)\)", plain) + re.findall(
                r'(?:src|srcset|href)="([^"]+)"', plain):
            yield number, target
