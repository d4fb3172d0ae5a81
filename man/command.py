# SPDX-License-Identifier: Apache-2.0
"""The pages of section 1, from what the command says of itself."""
import re

import helptext
from mdoc import Page, escape, sentence

TITLES = {"Examples": "Examples", "Example": "Examples", "Exit status": "Exit status"}
LATER = ("Environment", "Files", "Exit status", "Examples", "Example")  # the order of mdoc(7)


def tag(option):
    """An option as .It sets it."""
    words = []
    for index, name in enumerate(name for name in (option.short, option.long) if name):
        words += ([","] if index else []) + ["Fl", escape(name[1:])]
    return " ".join(words) + (f" Ar {escape(option.argument)}" if option.argument else "")


def usage(page, lines):
    page.heading("Synopsis")
    for text in lines:
        words = [f"\\fI{escape(word)}\\fR" if re.fullmatch(r"\W*[A-Z]{2,}\W*", word) else
                 f"\\fB{escape(word)}\\fR" if re.match(r"\W*--?\w", word) else escape(word) for word in text.split()]
        page.raw(".Nm " + words[0].replace("\\fB", "").replace("\\fR", ""), " ".join(words[1:]))


def body(page, text):
    for kind, content in text.parts:
        if kind == "text":
            page.paragraph(content)
        elif kind == "literal":
            page.literal(content)
        else:
            page.raw(".Pp", "The options are:")
            page.items("tag", [(tag(option), [sentence(option.does)]) for option in content], "Ds")


def section(page, title, lines, codes):
    page.heading(TITLES.get(title, title))
    if title == "Exit status" and len(lines) == 1:
        page.raw("The exit statuses are those of", ".Xr leanworker 1 .")
    elif lines and helptext.OPTION.match(lines[0]):
        page.items("tag", [(tag(option), [sentence(option.does)]) for option in helptext.options(lines)], "Ds")
    elif title == "Exit status" or helptext.ENTRY.match(lines[0]) and title not in TITLES:
        entries(page, lines, codes)
    else:
        page.literal("\n".join(line[2:] if line.startswith("  ") else line for line in lines))


def entries(page, lines, codes):
    """Words and what they mean, in columns; a line of another form is text between them."""
    open_list = False
    for line in lines:
        match = helptext.ENTRY.match(line)
        if bool(match) != open_list and (match or line[:5].strip()):
            page.raw(".Bl -tag -width Ds -compact" if match else ".El")
            open_list = not open_list
        if match:
            page.raw(".It " + escape(match[1]))
            page.raw(*page.inline.lines(sentence(match[2] + (": " + codes[match[2]] if match[2] in codes else ""))))
        elif open_list:
            page.raw(*page.inline.lines(line))
        else:
            page.paragraph(sentence(line).replace("Else", "Else,"))
            page.gap()
    if open_list:
        page.raw(".El")


def write_top(name, top, inline, codes):
    page = Page(name, 1, inline)
    kind, first = top.parts[0]
    page.names([name], first[0].lower() + first.rstrip(".")[1:])
    usage(page, top.usage)
    page.heading("Description")
    body(page, top)
    page.paragraph("Each verb has a page of its own:")
    page.raw(".Bl -tag -width Ds")
    for verb, does in helptext.verbs(top):
        page.raw(f".It Xr {name}\\-{verb} 1", *inline.lines(does[0].upper() + does[1:] + "."))
    page.raw(".El")
    for title, lines in sorted((each for each in top.sections if each[0] != "Verbs"), key=order):
        section(page, title, lines, codes)
    page.see_also({(f"{name}-{verb}", 1) for verb, does in helptext.verbs(top)}
                  | {("leanworker", 3), ("leanworker-environment", 7)})
    return page


def write_verb(name, verb, does, text, inline):
    page = Page(f"{name}-{verb}", 1, inline)
    page.names([f"{name}-{verb}"], does)
    usage(page, text.usage)
    page.heading("Description")
    body(page, text)
    for title, lines in sorted(text.sections, key=order):
        section(page, title, lines, {})
    page.see_also({(name, 1), ("leanworker-environment", 7)})
    return page


def order(each):
    return LATER.index(each[0]) if each[0] in LATER else -1


def pages(program, inline, codes):
    """codes: {name of a code: what the header says of it}"""
    top = helptext.ask(program, "--help")
    yield write_top("leanworker", top, inline, codes)
    for verb, does in helptext.verbs(top):
        yield write_verb("leanworker", verb, does, helptext.ask(program, verb, "--help"), inline)
