# SPDX-License-Identifier: Apache-2.0
"""Takes the comments of the headers apart."""
import re

LABEL = re.compile(r"^([A-Za-z_][\w.]*): +(.*)$")
SHORT = 80  # as long as a description may be


def chunks(lines, labels):
    """A comment as [(kind, label, text)]: text, literal, item, or label (Owns, Errors, an argument)."""
    out, gap = [], True
    for line in lines:
        body = line.lstrip()
        indent = len(line) - len(body)
        match = LABEL.match(body) if indent == 0 else None
        if not body:
            gap = True
            if out and out[-1][0] == "literal":
                out[-1][2].append("")
            continue
        if match and match[1] in labels:
            out.append(("label", match[1], [match[2]]))
        elif re.match(r"(-|\d\.) ", body) and indent <= 2:
            out.append(("item", body[:2].rstrip("- "), [re.sub(r"^(-|\d\.) +", "", body)]))
        elif indent >= 5 and not (not gap and out and out[-1][0] in ("label", "item")):
            if not out or out[-1][0] != "literal":
                out.append(("literal", "", []))
            out[-1][2].append(line)
        elif out and not gap and out[-1][0] != "literal":
            out[-1][2].append(body)
        else:
            out.append(("text", "", [body]))
        gap = False
    return [(kind, label, trimmed(text) if kind == "literal" else " ".join(text)) for kind, label, text in out]


def trimmed(lines):
    while not lines[-1]:
        lines = lines[:-1]
    indent = min(len(line) - len(line.lstrip()) for line in lines if line)
    return "\n".join(line[indent:] for line in lines)


def first_sentence(lines):
    text = " ".join(" ".join(lines).split())
    first = re.split(r"(?<=[\w)\"])[.;:](?: |$)", text)[0]
    if len(first) > SHORT:
        first = first.partition(",")[0]
    word = first.split()[0]
    return first[0].lower() + first[1:] if word[1:].islower() or len(word) == 1 else first
