# SPDX-License-Identifier: Apache-2.0
"""Lists the declarations of a Lean file: worker_streaming.py FILE.lean CAPABILITY.json"""
import dataclasses
import pathlib
import sys

import leanworker


@dataclasses.dataclass
class Declaration:
    kind: str
    name: str
    line: leanworker.U32


def scan(session: leanworker.Session, source: str) -> None:
    stream = session.stream("leanworker_fixture_scan", {"source": source}, rows={"declarations": Declaration})
    for found, name, sequence, _ in stream:
        print(f"{name} {sequence}: {found.kind} {found.name}, line {found.line}")
    print(stream.summary.rows, "declarations, from generation", stream.summary.generation, file=sys.stderr)


with leanworker.Worker() as worker:
    session = worker.open(sys.argv[2])
    scan(session, pathlib.Path(sys.argv[1]).read_text())
    worker.cycle()  # a fresh process: all memory of the old one is gone
    scan(session, pathlib.Path(sys.argv[1]).read_text())  # the session opens itself again
