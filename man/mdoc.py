# SPDX-License-Identifier: Apache-2.0
"""Writes pages in mdoc(7)."""
import os
import re
import textwrap
import time

SENTENCE = re.compile(r"(?<=[a-z0-9)\"'`_\]][.!?]) +(?=[A-Z\"(*])|(?<=[A-Z][A-Z][.!?]) +(?=[A-Z\"(*])")
# What is set in another font: `code`, *emphasis* (not a C pointer), [a link](to it), a function, an output.
INLINE = re.compile(r"`([^`]+)`|(?<![\w*])\*([^\s*][^*]*[^\s*])\*(?!\w)|\[([^\]]+)\]\([^)]+\)"
                    r"|\b(lw_\w+)\b|(?<!\w)(\*?ret_\w+)\b")


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)


def line(text):
    """A line of text, which may not be taken for a macro."""
    return "\\&" + text if text[:1] in (".", "'") else text


def quote(text):
    """One argument of a macro."""
    text = escape(text).replace('"', '""')
    return f'"{text}"' if re.search(r'[\s"]', text) or text == "" else text


def sentence(text):
    """A fragment behind a name, as one that stands alone."""
    text = " ".join(text.split())
    first = text.partition(" ")[0].rstrip(",:;")
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".:" or not text[-1].isalnum() and text[-1] not in ")]}\"`" else text + "."


class Inline:
    """Sets names in their fonts; `functions` are those that have a page."""

    def __init__(self, functions=()):
        self.functions = set(functions)

    def font(self, match):
        code, emphasis, link, function, output = match.groups()
        if code is not None:
            return f"\\fB{escape(code)}\\fR"
        if link is not None:
            return self.text(link)
        if function is not None:
            return f"\\fB{function}\\fR" if function in self.functions else function
        return f"\\fI{escape(emphasis or output)}\\fR"

    def text(self, text):
        out, end = [], 0
        for match in INLINE.finditer(text):
            out += [escape(text[end:match.start()]), self.font(match)]
            end = match.end()
        return "".join(out) + escape(text[end:])

    def lines(self, text):
        """A paragraph; a sentence begins a line."""
        sentences = [self.text(sentence) for sentence in SENTENCE.split(" ".join(text.split())) if sentence]
        return [line(each) for sentence in sentences
                for each in textwrap.wrap(sentence, 79, break_long_words=False, break_on_hyphens=False)]


def date():
    at = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    return time.strftime("%B ", at) + time.strftime("%d, %Y", at).lstrip("0")


class Page:
    def __init__(self, name, section, inline):
        self.name, self.section, self.inline, self.out = name, section, inline, []

    def macro(self, name, *arguments):
        self.out.append(" ".join(["." + name, *map(quote, arguments)]))

    def raw(self, *lines):
        self.out += lines

    def names(self, names, description):
        self.macro("Sh", "NAME")
        for name in names:
            self.raw(f".Nm {name}" + (" ," if name != names[-1] else ""))
        self.raw(".Nd " + self.inline.text(description))

    def heading(self, title, level=1):
        if level == 3:
            self.gap()
            self.raw(f".Sy {quote(title)}")
        else:
            self.macro("Sh" if level == 1 else "Ss", title.upper() if level == 1 else title)

    def gap(self):
        """Space before a paragraph, where a heading or an item does not make it."""
        if self.out and not re.match(r"\.(Sh|Ss|It|Pp|Bl)\b", self.out[-1]):
            self.raw(".Pp")

    def paragraph(self, text):
        self.gap()
        self.raw(*self.inline.lines(text))

    def literal(self, text):
        self.raw(".Bd -literal -offset indent")
        self.raw(*(line(escape(each.expandtabs(4))) for each in text.splitlines()))
        self.raw(".Ed")

    def items(self, kind, rows, width=None):
        """[(tag, [paragraph])] of a list; tags are set already."""
        self.raw(f".Bl -{kind}" + (f" -width {width}" if width else ""))
        for tag, texts in rows:
            self.raw(f".It {tag}".rstrip())
            for index, text in enumerate(texts):
                if index:
                    self.raw(".Pp")
                self.raw(*self.inline.lines(text))
        self.raw(".El")

    def see_also(self, pages):
        """{(name, section)}"""
        self.heading("See also")
        pages = sorted(pages, key=lambda page: (page[1], page[0].lower()))
        for page in pages:
            self.raw(f".Xr {page[0]} {page[1]}" + (" ," if page != pages[-1] else ""))

    def text(self, version):
        head = [".\\\" SPDX-License-Identifier: Apache-2.0",
                ".\\\" Generated: see man/manual.py.",
                f".Dd {date()}", f".Dt {self.name.upper()} {self.section}", f".Os leanworker {version}"]
        return "\n".join(head + self.out) + "\n"
