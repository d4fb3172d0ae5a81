# SPDX-License-Identifier: Apache-2.0
"""What the tests share. Capabilities run on the checking runtime (tests/leanrt), which is not Lean, on
native code, or in leanworker-chaos, a child that misbehaves as it is told.
"""
import gc
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import leanworker

BUILD = pathlib.Path(os.environ["LEANWORKER_BUILD"])
TREE = pathlib.Path(__file__).resolve().parents[3]
MANIFEST = BUILD / "lib" / "interop.capability.json"
CHAOS = BUILD / "bin" / "leanworker-chaos"
PATIENCE_S = 60.0


def wait_until(is_so: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.002)


def is_alive(pid: int) -> bool:
    """A zombie is not: who must reap it is not the library, or does so in a moment."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children() -> set[int]:
    found = set()
    for task in pathlib.Path("/proc/self/task").iterdir():
        found |= set(map(int, (task / "children").read_text().split()))
    return found


def _descriptors() -> set[str]:
    found = set()
    for path in pathlib.Path("/proc/self/fd").iterdir():
        try:
            found.add(f"{path.name} {os.readlink(path)}")
        except FileNotFoundError:
            pass  # that of this listing
    return found


def _census() -> tuple[set[str], set[int], int]:
    return _descriptors(), _children(), len(os.listdir("/proc/self/task"))


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Descriptors, processes and threads are after a test what they were before."""
    gc.collect()
    before = _census()
    yield
    gc.collect()
    wait_until(lambda: len(_census()[0]) <= len(before[0]), f"the descriptors of {before}, not {_census()}")
    wait_until(lambda: _census()[1:] == before[1:], f"the processes and threads of {before}, not {_census()}")


@pytest.fixture
def worker() -> Iterator[leanworker.Worker]:
    with leanworker.Worker() as made:
        yield made


@pytest.fixture
def session(worker: leanworker.Worker) -> leanworker.Session:
    """On the checking runtime."""
    return worker.open(MANIFEST)


class Chaos:
    """Workers whose child plays a script (docs/chaos.md)."""

    def __init__(self) -> None:
        self.workers: list[leanworker.Worker] = []

    def __call__(self, script: str = "", **options: Any) -> leanworker.Session:
        worker = leanworker.Worker(child_path=CHAOS, environment={"LEANWORKER_CHAOS": script}, **options)
        self.workers.append(worker)
        return worker.open(leanworker.Capability.create(host="chaos", library="none", module="none"))


@pytest.fixture
def chaos() -> Iterator[Chaos]:
    made = Chaos()
    yield made
    for worker in made.workers:
        worker.close()
    made.workers.clear()


class Program:
    """A Python program of its own, for what ends or forks one."""

    def __init__(self, text: str):
        header = (
            "import os, signal, sys, threading, time, leanworker\n"
            f"manifest, chaos = {str(MANIFEST)!r}, {str(CHAOS)!r}\n"
            "def say(*words): print(*words, flush=True)\n"
            "def play(script, **options):\n"
            "    worker = leanworker.Worker(child_path=chaos, environment={'LEANWORKER_CHAOS': script}, **options)\n"
            "    return worker.open(leanworker.Capability.create(host='chaos', library='none', module='none'))\n"
            "def processes(worker): say(worker.facts().pid, worker.facts().warden_pid)\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-c", header + text],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def pids(self) -> list[int]:
        return [int(word) for word in self.line().split()]

    def end(self) -> tuple[int, str, str]:
        """Status, what else it said, and what it complained of."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@pytest.fixture
def program() -> Iterator[Callable[[str], Program]]:
    started: list[Program] = []

    def start(text: str) -> Program:
        started.append(Program(text))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()
