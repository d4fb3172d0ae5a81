# SPDX-License-Identifier: Apache-2.0
"""The pages that are also in docs/: the part of Markdown that is used there, as mdoc(7)."""
import re

from mdoc import Page, sentence


def chunks(text):
    """[(kind, lines)]: heading, code, table, list, text."""
    lines, out, at = text.split("\n"), [], 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = next(i for i in range(at + 1, len(lines)) if lines[i].startswith("```"))
            out.append(("code", lines[at + 1:end]))
            at = end + 1
            continue
        kind = ("heading" if line.startswith("#") else "table" if line.startswith("|")
                else "list" if re.match(r"(-|\d+\.) ", line) else "text" if line.strip() else "")
        if kind == "text" and out and out[-1][0] in ("text", "list") and lines[at - 1].strip():
            out[-1][1].append(line)
        elif kind and out and out[-1][0] == kind in ("table", "list") and lines[at - 1].strip():
            out[-1][1].append(line)
        elif kind and not line.startswith("<!--"):
            out.append((kind, [line]))
        at += 1
    return out


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def table(page, lines):
    """A list: the first cell names an item, the others are said of it; where they are several, each under the
    name of its column."""
    head = cells(lines[0])
    page.raw(".Bl -tag -width Ds")
    for line in lines[2:]:
        row = [cell.replace("\\|", "|") for cell in cells(line)]
        named = 2 if head[1] == "name" else 1
        page.raw(".It " + page.inline.text(" ".join(row[:named])))
        for name, cell in zip(head[named:], row[named:]):
            label = f"{name}: " if len(row) - named > 1 else ""
            page.raw(*page.inline.lines(sentence(label + cell)) if cell else "")
    page.raw(".El")


def bullets(page, lines):
    items = []
    for line in lines:
        if re.match(r"(-|\d+\.) ", line):
            items.append(re.sub(r"^(-|\d+\.) +", "", line))
        else:
            items[-1] += " " + line.strip()
    page.items("bullet", [("", [item]) for item in items])


def write(path, name, section, names, description, inline, related, synopsis=""):
    page = Page(name, section, inline)
    page.names(names, description)
    if synopsis:
        page.heading("Synopsis")
        page.raw(*synopsis.split("\n"))
    page.heading("Description")
    for kind, lines in chunks(path.read_text()):
        if kind == "heading" and lines[0].startswith("# "):
            continue
        if kind == "heading":
            page.heading(lines[0].lstrip("# "), 2 if lines[0].startswith("## ") else 3)
        elif kind == "code":
            page.literal("\n".join(lines))
        elif kind == "table":
            table(page, lines)
        elif kind == "list":
            bullets(page, lines)
        else:
            page.paragraph(" ".join(lines))
    page.see_also(related)
    return page
