# SPDX-License-Identifier: Apache-2.0
"""Reads what `leanworker --help` and `leanworker VERB --help` print: usage, paragraphs, options, sections.

The command's own text is the source of its manual pages and of the completions, so they cannot disagree. Its
form: lines of usage; a blank line; paragraphs at the margin; options indented by two; sections that begin
with `Title:` at the margin, indented below or on the same line.
"""
import re
import subprocess

OPTION = re.compile(r"^ {2,6}(-\S.*?)(?: {2,}(\S.*))?$")
ENTRY = re.compile(r"^ {2,4}(\S+)  +(\S.*)$")


class Option:
    """short: "-c" or ""; long: "--capability" or ""; argument: "MANIFEST" or ""."""

    def __init__(self, text, does):
        self.text, self.does = text, does
        words = re.findall(r"-[\w-]+", text.replace("=", " "))
        self.short = next((word for word in words if re.fullmatch(r"-\w", word)), "")
        self.long = next((word for word in words if word.startswith("--")), "")
        rest = re.sub(r"^(-\w(, )?)?\s*(--[\w-]+)?[ =]?", "", text)
        self.argument = rest.strip()


class Help:
    """usage: [line]; parts: [(kind, content)], kind text, literal, options, or a section's title."""

    def __init__(self, text):
        self.usage, self.parts, self.sections = [], [], []
        for chunk in re.split(r"\n\n+", text.strip("\n")):
            self.chunk(chunk.split("\n"))

    def chunk(self, lines):
        title = re.match(r"^([A-Z][a-z ]+):(?: +(.*))?$", lines[0])
        if lines[0].startswith("usage: "):
            self.usage += [line[7:].strip() for line in lines]
        elif title:
            self.sections.append((title[1], ([title[2]] if title[2] else []) + lines[1:]))
        elif all(line.startswith("  ") for line in lines) and OPTION.match(lines[0]):
            self.parts.append(("options", options(lines)))
        elif all(line.startswith("  ") for line in lines):
            self.parts.append(("literal", "\n".join(line[2:] for line in lines)))
        else:
            self.parts.append(("text", " ".join(lines)))

    def section(self, title):
        return next((lines for name, lines in self.sections if name == title), [])

    @property
    def operands(self):
        """The words of the usage that stand for themselves and not for an option's value."""
        words = " ".join(self.usage).replace("[", "").replace("]", "").split()
        return {word for before, word in zip([""] + words, words) if word.isupper() and not before.startswith("-")}

    @property
    def options(self):
        found = [option for kind, content in self.parts if kind == "options" for option in content]
        for title, lines in self.sections:
            if lines and OPTION.match(lines[0]):
                found += options(lines)
        return found


def options(lines):
    found = []
    for line in lines:
        match = OPTION.match(line)
        if match:
            found.append(Option(match[1], match[2] or ""))
        elif found:
            found[-1].does = (found[-1].does + " " + line.strip()).strip()
    return found


def ask(program, *words):
    answer = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    return Help(answer.stdout)


def words(program, *arguments):
    """The first word of each line."""
    answer = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in answer.stdout.splitlines()]


def verbs(top):
    """[(verb, what it does)]"""
    return [tuple(line.strip().split(None, 1)) for line in top.section("Verbs")]
