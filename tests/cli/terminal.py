#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command on a terminal: progress, colours, what a child prints; and interrupts in two stages.

  terminal.py LEANWORKER MANIFEST
"""
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

LEANWORKER, MANIFEST = sys.argv[1], sys.argv[2]
DEADLINE_S = 30
failed = 0


def fail(title, seen):
    global failed
    failed += 1
    print(f"FAILED: {title}\n{seen!r}")


def start(arguments, environment=None, interrupts=signal.SIG_DFL):
    """The command with standard error on a terminal of its own, and standard output in a pipe."""
    terminal, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **(environment or {})}
    process = subprocess.Popen(
        [LEANWORKER, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, env=env,
        preexec_fn=lambda: signal.signal(signal.SIGINT, interrupts))
    os.close(theirs)
    return process, terminal


def read_terminal(terminal, until=None):
    """All that is written there up to the end, or until a text has come."""
    seen, end = b"", time.monotonic() + DEADLINE_S
    while time.monotonic() < end and (until is None or until not in seen):
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    return seen


def finish(process, terminal):
    seen = read_terminal(terminal)
    os.close(terminal)
    rows = process.stdout.read()
    return process.wait(DEADLINE_S), rows, seen


def on_fixture(verb, *arguments, **keywords):
    return start([verb, *arguments, "--capability", MANIFEST], **keywords)


try:
    os.close(pty.openpty()[0])
except OSError as lack:
    print(f"SKIPPED: there is no terminal to be had: {lack}")
    sys.exit(0)

# What serves is said on a terminal; rows are where they belong.
status, rows, seen = finish(*on_fixture("stream", "many", "--request", '{"count":2}'))
if status != 0 or rows.count(b"\n") != 2 or b"served by" not in seen or b"\x1b[31m" in seen:
    fail("rows on a terminal", seen)

# A failure is coloured, unless colours are not wanted.
status, rows, seen = finish(*on_fixture("stream", "manx"))
if b"\x1b[31mEXPORT_UNKNOWN\x1b[0m" not in seen:
    fail("a failure is red", seen)
for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
    status, rows, seen = finish(*on_fixture("stream", "manx", environment=plain))
    if b"EXPORT_UNKNOWN" not in seen or b"\x1b[31m" in seen:
        fail(f"no colours with {plain}", seen)

# What the child prints ends its line before anything else is said.
status, rows, seen = finish(*on_fixture("stream", "println"))
if b"a line on stdout" not in seen:
    fail("what the child prints", seen)

# The first interrupt asks the export, which stops.
process, terminal = on_fixture("stream", "spin", "--timeout", "60s")
read_terminal(terminal, b"served by")
process.send_signal(signal.SIGINT)
status, rows, seen = finish(process, terminal)
if b"CANCELLED" not in seen or status < 10:
    fail("an interrupt cancels", (status, seen))

def wait_for(condition):
    end = time.monotonic() + DEADLINE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    return condition()


def unread(pipe):
    room = bytearray(4)
    fcntl.ioctl(pipe.fileno(), termios.FIONREAD, room)
    return int.from_bytes(room, sys.byteorder)


def is_stuck(process, seen):
    """It has filled the pipe, and for many looks neither the pipe nor its CPU time has changed."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        times = file.read().rsplit(")", 1)[1].split()[11:13]
    now = (unread(process.stdout), times)
    seen.append(now)
    return now[0] > 60000 and len(seen) > 50 and all(s == now for s in seen[-50:])


def catches_interrupts(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        caught = next(line for line in file if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)


# The second one ends the command, also where the first cannot be heeded: nobody reads its rows.
process, terminal = on_fixture("stream", "many", "--request", '{"count":200000}', "--timeout", "60s")
looks = []
full = wait_for(lambda: is_stuck(process, looks))
process.send_signal(signal.SIGINT)
heard = wait_for(lambda: not catches_interrupts(process.pid))
process.send_signal(signal.SIGINT)
status, rows, seen = finish(process, terminal)
if not full or not heard or status != -signal.SIGINT:
    fail("two interrupts", (full, heard, status, seen))

sys.exit(1 if failed else 0)
