#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what bench-rows has measured: throughput by payload for each corpus, and times, as one SVG.

    plot.py ROWS.json >FILE.svg

By CPU time of the dearer side, which neighbours disturb least: it bounds the rate on an idle machine.
Contenders whose sides spin while they wait have no such time, and are drawn by their best rate.
"""
import html
import json
import math
import sys

SIZES = [64, 4096, 65536, 1048576]
SIZE_NAMES = ["64 B", "4 KiB", "64 KiB", "1 MiB"]
CORPORA = {"S": "S: rows of a scan", "L": "L: long strings", "N": "N: nested, numbers"}
DRAWN = {  # contender: its name in the picture, colour, dashes
    "(a) JSON lines, jansson": ("JSON lines, jansson", "#d1495b", ""),
    "(b) JSON lines, cJSON": ("JSON lines, cJSON", "#edae49", ""),
    "(e) ours, typed decode": ("leanworker, typed", "#00798c", ""),
    "(e) ours, raw sink": ("leanworker, raw", "#30638e", "6 3"),
    "(g) ring and a pass each": ("a copy and a pass (no product)", "#8d99ae", "2 3"),
}
SPINS = {"(g) ring and a pass each"}
WIDTH, PANEL, TOP, HEIGHT, LEFT = 960, 250, 60, 230, 70
LOW, HIGH = 1, 5  # powers of ten of MB/s

STYLE = """
  text { font: 12px sans-serif; fill: #222; } .title { font-size: 15px; font-weight: bold; }
  .grid { stroke: #ccc; stroke-width: 1; } .bar { fill: #00798c; } .bare { fill: #8d99ae; }
  .back { fill: #fff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; } .grid { stroke: #444; } .back { fill: #16181d; }
  }
"""


def megabytes(row):
    """Of one cell, per second."""
    rate = row["rows_per_second"]
    if row["contender"] not in SPINS:
        rate = 1e9 / max(row["consumer_ns"], row["producer_ns"], 1e-9)
    return rate * row["payload"] / 1e6


def text(x, y, words, anchor="start", kind=""):
    attribute = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{attribute}>{html.escape(words)}</text>'


def height_of(value):
    share = (math.log10(max(value, 10**LOW)) - LOW) / (HIGH - LOW)
    return TOP + HEIGHT * (1 - min(share, 1))


def draw_panel(rows, corpus, left):
    out = [text(left, TOP - 14, CORPORA[corpus], kind="title")]
    for power in range(LOW, HIGH + 1):
        y = height_of(10**power)
        out.append(f'<line class="grid" x1="{left}" x2="{left + PANEL}" y1="{y:.0f}" y2="{y:.0f}"/>')
        if left == LEFT:
            name = f"{10 ** power} MB/s" if power < 3 else f"{10 ** (power - 3)} GB/s"
            out.append(text(left - 6, y + 4, name, "end"))
    step = PANEL / (len(SIZES) - 1)
    for i, name in enumerate(SIZE_NAMES):
        out.append(text(left + i * step, TOP + HEIGHT + 18, name, "middle"))
    for contender, (_, color, dashes) in DRAWN.items():
        points = {r["payload"]: megabytes(r) for r in rows
                  if r["corpus"] == corpus and r["contender"] == contender}
        line = " ".join(f"{left + i * step:.0f},{height_of(points[s]):.0f}"
                        for i, s in enumerate(SIZES) if s in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2.5" '
                   f'stroke-dasharray="{dashes}"/>')
    return out


def draw_legend():
    out, x = [], LEFT
    for name, color, dashes in DRAWN.values():
        y = TOP + HEIGHT + 42
        out.append(f'<line x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="2.5" '
                   f'stroke-dasharray="{dashes}"/>')
        out.append(text(x + 32, y + 4, name))
        x += 50 + 7 * len(name)
    return out


def draw_times(times, top):
    out = [text(LEFT, top, "Times, microseconds (best median)", kind="title")]
    longest = max(t["microseconds"] for t in times)
    for i, t in enumerate(times):
        y = top + 14 + 20 * i
        wide = 420 * t["microseconds"] / longest
        bare = "bare" in t["what"] or "/bin/true" in t["what"]
        out.append(text(330, y + 11, t["what"], "end"))
        out.append(f'<rect class="{"bare" if bare else "bar"}" x="338" y="{y}" width="{wide:.1f}" height="14"/>')
        out.append(text(344 + wide, y + 11, f'{t["microseconds"]:.0f}'))
    return out, top + 14 + 20 * len(times)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        bench = json.load(file)
    body = []
    for i, corpus in enumerate(CORPORA):
        body += draw_panel(bench["rows"], corpus, LEFT + i * (PANEL + 40))
    body += draw_legend()
    times, bottom = draw_times(bench["times"], TOP + HEIGHT + 86)
    body += times
    note = f'commit {bench["commit"]}, {bench["date"]}, {bench["machine"]["cpu"]}; by CPU time of the dearer side'
    body.append(text(LEFT, bottom + 26, note))
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 44}" role="img" '
          f'aria-label="Throughput by payload, and times">')
    print("<!-- SPDX-License-Identifier: Apache-2.0 -->")
    print(f"<style>{STYLE}</style>")
    print(f'<rect class="back" width="{WIDTH}" height="{bottom + 44}"/>')
    print("\n".join(body))
    print("</svg>")


main()
