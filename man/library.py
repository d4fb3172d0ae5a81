# SPDX-License-Identifier: Apache-2.0
"""The pages of section 3, from the public headers: a page for each block, or for a whole header."""
import re

import header
from comments import chunks, first_sentence
from mdoc import Page, escape, quote, sentence

# Read as a whole: their parts are of no use alone.
WHOLE = {
    "record.h": ("lw_record", "JSON objects as structs of the program's own"),
    "guest.h": ("lw_guest", "capabilities written in C or C++"),
    "jansson.h": ("lw_jansson", "rows, summaries and replies as values of jansson"),
}
NO_COMMENT = "has no comment"  # which a test does not let pass
WORDS = ("LW_OPTIONAL",)  # macros without arguments that are no constants
MANY = 8  # so many pages that mention a type are no longer worth a list


class Writer:
    def __init__(self, headers, inline, advice):
        self.headers, self.inline, self.advice = headers, inline, advice
        self.tables = {d.name: d for h in headers for b in h.blocks for d in b.declarations
                       if d.kind == "macro" and "\tX(" in d.text}
        self.pages, self.owner = {}, {}  # by name; the name of the page that a name is on
        self.planned = self.plan()

    # --- Which page has what ----------------------------------------------------------------------

    def plan(self):
        """[(header, page name, [blocks])]. What nobody asks for by name is told with what follows."""
        plan = {}
        for head in self.headers:
            carried = []
            for block in head.blocks:
                names = self.names(block)
                if head.name in WHOLE:
                    names = [WHOLE[head.name][0]] + names
                    page = names[0]
                elif not names:
                    carried += [] if self.is_table(block) else [block]
                    continue
                else:
                    name = self.foremost(block, names)
                    page = self.owner.get(name, name)
                plan.setdefault(page, (head, page, []))[2].extend([block] + carried)
                carried = []
                for name in names:
                    self.owner.setdefault(name, page)
        return list(plan.values())

    def names(self, block):
        """What a reader may ask for by `man`."""
        names = []
        for d in block.declarations:
            called = d.kind != "macro" or d.call and d.name != "LW_INIT" or d.name in WORDS
            if called and d.name and d.name not in names + list(self.tables):
                names.append(d.name)
        return names

    def foremost(self, block, names):
        """What a block's page is called: a function, unless that only serves the type beside it."""
        functions = [d.name for d in block.declarations if d.kind == "function"]
        return next((name for name in functions if not name.startswith(names[0] + "_")), names[0])

    def is_table(self, block):
        return any(d.name in self.tables for d in block.declarations)

    # --- A page -----------------------------------------------------------------------------------

    def write(self):
        for head, name, blocks in self.planned:
            page = self.pages[name] = Page(name, 3, self.inline)
            names = [each for each, owner in self.owner.items() if owner == name]
            names.sort(key=lambda each: each != name)
            page.names(names, WHOLE[head.name][1] if head.name in WHOLE else self.summary(blocks))
            self.synopsis(page, head, blocks)
            page.heading("Description")
            if head.name in WHOLE:
                self.comment(page, head.overview, ())
            group = None
            for block in blocks:
                if head.name in WHOLE and block.group != group:
                    page.heading(block.group, 2)
                    group = block.group
                self.block(page, head, block)
            self.returns(page, blocks)
        for _, name, blocks in self.planned:
            self.pages[name].see_also(self.related(name, blocks))

    def summary(self, blocks):
        for block in sorted(blocks, key=lambda b: not any(d.kind == "function" for d in b.declarations)):
            comment = self.comment_of(block.declarations[0])
            if comment and self.names(block):
                return first_sentence(comment)
        return NO_COMMENT

    def comment_of(self, declaration):
        if not declaration.comment and declaration.kind == "enum":
            return self.comment_of(self.tables[self.table_of(declaration)[0]]) if self.table_of(declaration) else []
        return header.comment_lines(declaration.comment) if declaration.comment else []

    def synopsis(self, page, head, blocks):
        page.heading("Synopsis")
        page.macro("In", f"leanworker/{head.name}")
        for declaration in (d for block in blocks for d in block.declarations):
            if declaration.kind == "function" and head.name not in WHOLE:
                page.macro("Ft", declaration.type)
                page.macro("Fo", declaration.name)
                for argument in declaration.arguments:
                    page.macro("Fa", argument)
                page.macro("Fc")
            elif declaration.kind == "typedef" and head.name not in WHOLE:
                page.raw(".Pp", ".Vt " + escape(declaration.text) + " ;")

    def block(self, page, head, block):
        whole = head.name in WHOLE
        several = whole or sum(bool(d.call) or d.kind == "function" for d in block.declarations) > 1
        labels = {"Owns", "Blocks", "Thread", "Errors"}
        for d in block.declarations:
            labels.update(re.sub(r".*\W", "", argument) for argument in d.arguments)
        for index, group in enumerate(self.together(block)):
            titles = [self.title(d) for d in group
                      if d.kind == "macro" or d.kind == "function" and (several or index) or whole]
            titles = [title for title in titles if title]
            if titles:
                page.raw(".Bl -tag -width 4n", *(f".It Li {quote(title)}" for title in titles))
            lines = self.comment_of(group[0])
            self.comment(page, lines if len(lines) != 1 else [sentence(lines[0])], labels)
            for d in group:
                if d.kind in ("struct", "enum"):
                    self.members(page, d)
            if titles:
                page.raw(".El")

    def together(self, block):
        """What one comment is about: the declaration that follows it, and those without one."""
        groups = []
        for d in block.declarations:
            if d.comment or not groups:
                groups.append([d])
            elif not d.name.endswith("_INIT"):
                groups[-1].append(d)
        return groups

    def title(self, d):
        if d.kind in ("struct", "enum"):
            return f"{d.kind} {d.name}" if d.name else ""
        if d.kind == "macro" and not d.call and d.name not in WORDS:
            return f"{d.name} = {re.sub(r'^#define .+?[ ]+|/[*].*', '', d.text).strip()}"
        if d.kind == "macro":
            return d.call or d.name
        return re.sub(r"^(LW_API|static inline) ", "", d.text)

    def comment(self, page, lines, labels):
        listed = None
        for kind, label, text in chunks(lines, labels):
            if kind in ("label", "item"):
                if listed != kind:
                    if listed:
                        page.raw(".El")
                    page.raw(".Bl -tag -width Blocks" if kind == "label" else
                             ".Bl -tag -width 2n -compact" if label else ".Bl -bullet -compact")
                page.raw(f".It Fa {label}" if label[:1].islower() else f".It {label}".rstrip())
                page.raw(*self.inline.lines(sentence(text)))
                listed = kind
                continue
            if listed:
                page.raw(".El")
                listed = None
            if kind == "literal":
                page.literal(text)
            else:
                page.paragraph(text)
        if listed:
            page.raw(".El")

    def members(self, page, d):
        table = self.table_of(d)
        if d.kind == "enum":
            page.gap()
        page.raw(".Bl -tag -width 4n" + ("" if d.kind == "struct" else " -compact"))
        if table:
            self.table(page, *table)
        for text, comment in [] if table else header.members(d.text, ";" if d.kind == "struct" else ","):
            page.raw(".It " + escape(text) if d.kind == "enum" else ".It Vt " + escape(text))
            page.raw(*self.inline.lines(sentence(" ".join(header.comment_lines(comment))) if comment else ""))
        page.raw(".El")

    def comments_of(self, name):
        """{enumerator: its comment}"""
        enum = next(d for h in self.headers for b in h.blocks for d in b.declarations if d.name == name)
        return {text: " ".join(" ".join(header.comment_lines(comment)).split())
                for text, comment in header.members(enum.text, ",")}

    def table_of(self, d):
        """(the table, the prefix) of an enum that a table of X(…) fills in."""
        match = re.search(r"#define X\([^)]*\) (\w+)##\w+,\s*(LW_\w+)\(X\)", d.text)
        return (match[2], match[1]) if match else None

    def table(self, page, name, prefix):
        row = re.compile(r"\tX\((\w+),\s*(?:(\w+),\s*)?\"([^\"]*)\"\)(?:\s*/\*(.*?)\*/)?")
        for first, code, text, comment in row.findall(self.tables[name].text):
            page.raw(f".It {prefix}{first}")
            if code:
                page.raw(f"of LW_{code}:" if code == "OK" else f"of LW_E_{code}:")
            page.raw(*self.inline.lines(text + "." if code else sentence(comment) if comment else ""))
            if code and self.advice.get(first):
                page.raw(*self.inline.lines(self.advice[first]))

    def returns(self, page, blocks):
        functions = [d for block in blocks for d in block.declarations if d.kind == "function"]
        if any(d.type == "lw_code" and any("ret_error" in a for a in d.arguments) for d in functions):
            page.heading("Return values")
            page.paragraph("LW_OK, which is 0, or the class of the failure; *ret_error, if it is not NULL, then says "
                           "everything that is known about it, and other outputs are untouched.")

    def related(self, name, blocks):
        text = " ".join(d.text + d.comment for block in blocks for d in block.declarations)
        mine = {each for each, owner in self.owner.items() if owner == name}
        found = {self.owner[word] for word in re.findall(r"\b[Ll][Ww]_\w+\b", text) if word in self.owner}
        users = {other for _, other, theirs in self.planned if other != name and any(
            mine & set(re.findall(r"\w+", d.text)) for block in theirs for d in block.declarations)}
        if len(users) <= MANY:
            found |= users
        return {(page, 3) for page in found - {name}} | {("leanworker", 3)}

    def links(self):
        """{name: the page that has it} for every other name."""
        return {name: owner for name, owner in self.owner.items() if name != owner}


def advice_of(source):
    """{verdict: what to do}, from the table of src/parent/explain.c."""
    found = re.findall(r"\[LW_V_(\w+)\] =\s*((?:\"(?:\\.|[^\"])*\"\s*)+),", source.read_text())
    return {name: "".join(re.findall(r"\"((?:\\.|[^\"])*)\"", text)) for name, text in found}
