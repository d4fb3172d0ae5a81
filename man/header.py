# SPDX-License-Identifier: Apache-2.0
"""Reads a public header: its blocks, each with the declarations and what the comments say of them.

A block is what stands together between two blank lines. The headers are clang-formatted, and this reads no
more C than they hold; what it does not understand ends it with the place.
"""
import re

BANNER = re.compile(r"^/\* -{3,} (.*?) -+ \*/$")
# Lines that say nothing to a reader: conditions, guards, forward declarations, uses of macros.
NOISE = re.compile(r"^(/\* clang-format o.*|#(ifndef|ifdef|if|else|endif|include|undef)\b.*|extern \"C\".*|\}"
                   r"|#define LEANWORKER_\w+_H|#define LW_API .*|#define (?!LW_)\w+\(.*"
                   r"|struct \w+;|LW_\w+\(.*\);|__attribute__\(\(.*\)\))$")
FUNCTION = re.compile(r"^(?:LW_API|static inline)\s+(.*?[\s*])(lw_\w+)\((.*?)\)\s*[;{]", re.S)
COMMENT = re.compile(r"/\*(.*?)\*/", re.S)


class Declaration:
    """kind: function, struct, enum, typedef, macro, or note: a comment alone. text: as it is declared, but of a
    struct or enum only what is between the braces, and of a macro the whole definition."""

    def __init__(self, kind, name, text, comment):
        self.kind, self.name, self.text, self.comment = kind, name, text, comment
        self.type, self.arguments = "", []  # of a function
        self.call = ""                      # of a macro with arguments: NAME(arguments)


class Block:
    def __init__(self, group, line):
        self.group, self.line, self.declarations = group, line, []


def comment_lines(text):
    """A comment's text without its frame."""
    lines = [re.sub(r"^\s*\* ?", "", each) if i else each for i, each in enumerate(text.split("\n"))]
    lines = [each.rstrip() for each in lines]
    lines[0] = lines[0].strip()
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def split_blocks(text):
    """[(group, line number, text)] between blank lines that are in no comment and in no braces."""
    group, start, current, depth, inside = "", 1, [], 0, False
    for number, line in enumerate(text.split("\n") + [""], 1):
        if not inside and depth == 0 and BANNER.match(line):
            group = BANNER.match(line)[1]
            continue
        if not line.strip() and not inside and depth == 0 and not (current and current[-1].endswith("\\")):
            if current:
                yield group, start, "\n".join(current)
            current = []
            continue
        if not current:
            start = number
        current.append(line)
        plain = re.sub(r"/\*.*?\*/|\"(\\.|[^\"])*\"|'(\\.|[^'])'", "", line)
        if inside:
            inside = "*/" not in line
        elif "/*" in plain:
            inside, plain = True, plain.partition("/*")[0]
        if not inside:
            depth += plain.count("{") - plain.count("}") if not line.startswith('extern "C"') else 0


def declarations(text, where):
    """The declarations of a block; a comment belongs to what follows it, or to what it stands behind."""
    comment, at = "", 0
    while at < len(text):
        rest = text[at:]
        if rest[0] in " \t\n":
            at += 1
        elif rest.startswith("/*"):
            end = text.index("*/", at) + 2
            comment, at = (comment if "clang-format" in text[at:end] else text[at + 2:end - 2]), end
        elif NOISE.match(rest.partition("\n")[0]):
            at += len(rest.partition("\n")[0])
        else:
            found = one_declaration(rest, comment)
            if found is None:
                raise SystemExit(f"{where}: cannot read: {rest.partition(chr(10))[0]}")
            declaration, size = found
            trailing = re.match(r"[ \t]*/\*(.*?)\*/", text[at + size:], re.S)
            if trailing:
                size += trailing.end()
                declaration.comment += trailing[1] if not comment else ""
            at, comment = at + size, ""
            if not declaration.name.endswith("_"):
                yield declaration
    if comment:
        yield Declaration("note", "", "", comment)


def one_declaration(rest, comment):
    """(the declaration at the start of the text, how long it is), or None."""
    if rest.startswith("#define"):
        text = re.match(r"(?:.*\\\n)*.*", rest)[0]
        name = re.match(r"#define (\w+)(\([^)]*\))?", text)
        made = Declaration("macro", name[1], text, comment)
        made.call = name[1] + name[2] if name[2] else ""
        return made, len(text)
    match = FUNCTION.match(rest)
    if match:
        text = " ".join(match[0].rstrip("{;").split()).replace("( ", "(")
        made = Declaration("function", match[2], text, comment)
        made.type = " ".join(match[1].split())
        made.arguments = [" ".join(each.split()) for each in re.split(r",(?![^(]*\))", match[3])]
        return made, end_of_body(rest) if match[0].endswith("{") else match.end()
    match = re.match(r"(typedef )?(struct|enum) ?(\w*) \{", rest)
    if match:
        end = end_of_body(rest)
        tail = re.match(r"[^;]*;", rest[end:])[0]
        name = match[3] or tail.strip(" ;")
        return Declaration(match[2], name, rest[match.end():end - 1], comment), end + len(tail)
    match = re.match(r"[^;{#]*;", rest)
    if match:
        name = re.search(r"\(\*(lw_\w+)\)|\b(lw_\w+)\(|\b(\w+)(?:\[.*\])?;$", match[0])
        text = " ".join(match[0].rstrip(";").split())
        return Declaration("typedef", next(filter(None, name.groups())), text, comment), match.end()
    return None


def end_of_body(text):
    depth = 0
    for match in re.finditer(r"/\*.*?\*/|\"(?:\\.|[^\"])*\"|'(?:\\.|[^'])'|[{}]", text, re.S):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == "}" and depth == 0:
            return match.end()
    raise SystemExit(f"braces that do not match: {text[:60]}")


def members(text, end):
    """[(declaration, comment)] of a struct (end ";") or an enum (","): a comment behind a member is its own,
    one on lines of its own is of the next."""
    out, pending = [], ""
    text = re.sub(r"^[ \t]*/\* clang-format.*\n", "", text, flags=re.M)
    for match in re.finditer(r"/\*(.*?)\*/|[^/;,{}]*?\([^;]*?(?:;|\Z)|[^/" + end + r"]+" + end + "?", text, re.S):
        piece = match[0]
        if piece.startswith("/*"):
            before = text[:match.start()].rpartition("\n")[2]
            if before.strip() and out:
                out[-1] = (out[-1][0], out[-1][1] + "\n" + piece[2:-2])
            else:
                pending = piece[2:-2]
        elif piece.strip(" \t\n" + end):
            out.append((" ".join(piece.strip().rstrip(end).split()), pending))
            pending = ""
    return out


class Header:
    """overview: the lines of the comment at the top; blocks: those with a declaration or a note."""

    def __init__(self, path):
        text = path.read_text()
        self.path, self.name = path, path.name
        body = text[text.index("*/") + 2:]  # behind the licence
        self.overview = []
        if body.lstrip().startswith("/*"):
            comment = COMMENT.search(body)
            self.overview = comment_lines(comment[1])
            body = body[:comment.start()] + "\n" * comment[0].count("\n") + body[comment.end():]
        first = text.count("\n") - body.count("\n")
        body = re.sub(r"^/\* -+ [^\n]*nothing below is for users.*", "", body, flags=re.M | re.S)
        body = re.sub(r"^#ifdef __cplusplus\n.*?^#endif\n", blank, body, flags=re.M | re.S)
        self.blocks = []
        for group, line, block in split_blocks(body):
            made = Block(group, line + first)
            made.declarations = list(declarations(block, f"{path.name}:{line + first}"))
            if made.declarations:
                self.blocks.append(made)


def blank(match):
    """C++'s variant of something; where C has one behind #else, that stays."""
    kept = match[0].partition("#else\n")[2].removesuffix("#endif\n")
    return "\n" * (match[0].count("\n") - kept.count("\n")) + kept
