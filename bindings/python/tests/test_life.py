# SPDX-License-Identifier: Apache-2.0
"""Streams that are left early, objects that are forgotten, signals, forks, threads and exits: the worker
stays usable, and nothing is left behind.
"""
import gc
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest
from conftest import CHAOS, MANIFEST, Chaos, Program, is_alive, wait_until

import leanworker
from leanworker import Budgets, Session, Worker
from leanworker._call import Call

Start = Callable[[str], Program]


# ---- Streams that are left early


def test_a_loop_that_is_left_cancels_its_request(session: Session) -> None:
    for row in session.stream("leanworker_fixture_many", {"count": 1_000_000}):
        if row.sequence == 3:
            break
    assert session.call("leanworker_fixture_echo", "1").generation == 1
    assert session.worker.statistics().failures[leanworker.Verdict.CANCELLED] == 1


def test_a_loop_that_is_left_in_silence_cancels_its_request(session: Session) -> None:
    for _ in session.stream("leanworker_fixture_spin", budgets=Budgets(grace_ms=20_000)):
        break
    assert session.call("leanworker_fixture_echo", "1").generation == 1


def test_an_exception_in_a_loop_goes_on_and_the_worker_works(session: Session) -> None:
    with pytest.raises(KeyError):
        for _ in session.stream("leanworker_fixture_many", {"count": 1_000_000}):
            raise KeyError
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_a_stream_is_closed_by_with_and_by_close(session: Session) -> None:
    with session.stream("leanworker_fixture_many", {"count": 1_000_000}) as stream:
        next(stream)
    assert list(stream) == []
    other = session.stream("leanworker_fixture_many", {"count": 1_000_000})
    other.close()
    other.close()
    with pytest.raises(StopIteration):
        next(other)
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_a_stream_in_a_cycle_of_garbage_ends_its_request(session: Session) -> None:
    cycle: list[object] = [session.stream("leanworker_fixture_spin", budgets=Budgets(grace_ms=20_000))]
    cycle.append(cycle)
    with pytest.raises(leanworker.Misuse, match="busy with the stream"):
        session.worker.health()
    del cycle
    gc.collect()
    session.worker.health()
    assert session.worker.facts().generation == 1


def test_a_stream_that_nobody_reads_ends_when_it_is_forgotten(chaos: Chaos) -> None:
    session = chaos()
    session.stream("play", "rows 100000")
    assert session.run("polite").rows == 0


def test_a_stream_that_has_failed_is_at_its_end(chaos: Chaos) -> None:
    session = chaos("on run@1: rows 1; signal SEGV")
    stream = session.stream("any")
    next(stream)
    with pytest.raises(leanworker.Died):
        next(stream)
    assert list(stream) == []
    assert session.run("polite").generation == 2


def test_closing_the_worker_ends_its_stream(session: Session) -> None:
    stream = session.stream("leanworker_fixture_spin")
    next(stream)
    session.worker.close()
    with pytest.raises(leanworker.Cancelled):
        next(stream)


# ---- One call at a time


def test_a_second_call_is_told_which_one_is_running(session: Session) -> None:
    stream = session.stream("leanworker_fixture_spin")
    calls: list[Callable[[], object]] = [session.worker.health, session.worker.facts, session.facts]
    for call in calls:
        with pytest.raises(leanworker.Misuse, match='busy with the stream "leanworker_fixture_spin"'):
            call()
    stream.close()
    session.worker.health()


def test_a_small_stream_holds_the_worker_until_it_is_read(session: Session) -> None:
    """However fast the child is: whether two calls may overlap does not depend on time."""
    stream = session.stream("leanworker_fixture_rows")
    wait_until(lambda: stream._request.call.over, "the end of the request")
    with pytest.raises(leanworker.Misuse, match="busy"):
        session.worker.health()
    assert len(list(stream)) == 2
    session.worker.health()


def test_a_call_whose_end_was_interrupted_does_not_keep_the_worker(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal handler may raise between any two steps, the last ones of a call too."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session._state, "leave", interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.worker.health()
    session.worker.health()
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_another_thread_is_refused_while_a_call_runs_and_served_after_it(chaos: Chaos) -> None:
    session = chaos("on run: rows 1; hang")
    running, token = threading.Event(), leanworker.CancelToken()

    def run() -> None:
        with pytest.raises(leanworker.Cancelled):
            session.run("any", on_row=lambda _: running.set(), cancel=token)

    thread = threading.Thread(target=run)
    thread.start()
    assert running.wait(30)
    with pytest.raises(leanworker.Misuse, match='busy with the stream "any"'):
        session.worker.facts()
    token.cancel()
    thread.join()
    session.worker.health()


def test_workers_run_beside_each_other(chaos: Chaos) -> None:
    sessions = [chaos() for _ in range(3)]
    streams = [session.stream("play", "rows 500") for session in sessions]
    assert [sum(1 for _ in stream) for stream in streams] == [500, 500, 500]


def test_closing_from_another_thread_ends_the_call(chaos: Chaos) -> None:
    session = chaos("on run: rows 1; hang")
    running, caught = threading.Event(), []

    def run() -> None:
        try:
            session.run("any", on_row=lambda _: running.set())
        except leanworker.Error as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert running.wait(30)
    session.worker.close()
    thread.join()
    assert [type(error) for error in caught] == [leanworker.Cancelled]


# ---- Objects that are forgotten


def test_a_forgotten_worker_is_closed() -> None:
    worker = Worker()
    pids = worker.facts().pid, worker.facts().warden_pid
    worker.open(MANIFEST)
    del worker
    gc.collect()
    assert not any(map(is_alive, pids))


def test_a_forgotten_worker_with_a_running_stream_is_closed() -> None:
    worker = Worker()
    pids = worker.facts().pid, worker.facts().warden_pid
    stream = worker.open(MANIFEST).stream("leanworker_fixture_spin")
    next(stream)
    del worker, stream
    gc.collect()
    assert not any(map(is_alive, pids))


def test_a_forgotten_session_makes_room_for_another(worker: Worker) -> None:
    worker.open(MANIFEST)
    gc.collect()
    assert worker.open(MANIFEST).call("leanworker_fixture_echo", "1").value == 1


def test_a_worker_that_is_garbage_in_its_own_callback_is_closed_behind_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The collector runs in the thread that is in the library, which can wait for nothing."""
    in_library, forgotten, collected = threading.Event(), threading.Event(), threading.Event()
    emit = Call.emit

    def emit_and_collect(call: Call, event: tuple[object, ...], size: int = 0) -> int:
        in_library.set()
        assert forgotten.wait(30)
        gc.collect()
        collected.set()
        return emit(call, event, size)

    monkeypatch.setattr(Call, "emit", emit_and_collect)
    worker = Worker()
    pids = worker.facts().pid, worker.facts().warden_pid
    cycle: list[object] = [worker, worker.open(MANIFEST).stream("leanworker_fixture_many", {"count": 1_000_000})]
    cycle.append(cycle)
    gc.disable()
    try:
        assert in_library.wait(30)
        del worker, cycle
        forgotten.set()
        assert collected.wait(30)
    finally:
        gc.enable()
    wait_until(lambda: not any(map(is_alive, pids)), "the end of the worker")


# ---- Signals


INTERRUPTED = """
def ready(*_): say("ready")
try:
    {call}
except KeyboardInterrupt:
    say("interrupted")
say(session.run("polite").rows)
"""


@pytest.mark.parametrize(
    "call",
    [
        "session.run('play', 'say hello; hang')",
        "session.call('play', 'say hello; hang')",
        "[row for row in session.stream('play', 'say hello; hang')]",
    ],
)
def test_an_interrupt_ends_a_silent_call_promptly(program: Start, call: str) -> None:
    running = program(f"session = play('', on_log=lambda *_: say('ready'))\n{INTERRUPTED.format(call=call)}")
    assert running.line() == "ready"
    running.process.send_signal(signal.SIGINT)
    assert running.line() == "interrupted"
    assert running.end() == (0, "0\n", "")


@pytest.mark.parametrize("call", ["session.worker.health", "session.worker.cycle"])
def test_an_interrupt_ends_other_calls_too(program: Start, call: str) -> None:
    running = program(
        f"session = play('on health@1: say hello; hang | on shutdown@1: say hello; hang', on_log=lambda *_: say('ready'),"
        f" budgets=leanworker.Budgets(request_ms=60_000, shutdown_ms=60_000))\n{INTERRUPTED.format(call=call + '()')}"
    )
    assert running.line() == "ready"
    running.process.send_signal(signal.SIGINT)
    assert running.line() == "interrupted"
    assert running.end()[0] == 0


def test_an_interrupt_between_rows_comes_out_of_the_loop(session: Session) -> None:
    with pytest.raises(KeyboardInterrupt):
        for row in session.stream("leanworker_fixture_many", {"count": 1_000_000}):
            if row.sequence == 10:
                signal.raise_signal(signal.SIGINT)
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_a_handler_that_does_not_raise_lets_the_call_go_on(chaos: Chaos) -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))
    try:
        session = chaos("on run@1: rows 1; sleep 50; rows 1 name=other")
        summary = session.run("any", on_row=lambda _: signal.raise_signal(signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert summary.rows == 2 and seen == [signal.SIGUSR1] * 2


STORM = """
session = play('', restart=leanworker.RestartPolicy(max_deaths=leanworker.NO_LIMIT, backoff_ms=1))
token, armed, interrupts = leanworker.CancelToken(), 0, 0
def handler(*_):
    global armed, interrupts
    if armed:  # at most two in a round: as many as are caught
        armed -= 1
        interrupts += 1
        raise KeyboardInterrupt
signal.signal(signal.SIGINT, handler)
say('ready')
while interrupts < 100:
    try:
        try:
            armed = 2
            session.run('play', 'rows 50; sleep 3', cancel=token)
            for row in session.stream('play', 'rows 600'): pass
            session.worker.health()
            armed = 0
        except KeyboardInterrupt:
            armed = 0
    except KeyboardInterrupt:
        pass
signal.signal(signal.SIGINT, signal.SIG_IGN)
say(session.run('polite').rows)
until = time.monotonic() + 30
while len(os.listdir('/proc/self/task')) > 1 and time.monotonic() < until: pass
say(len(os.listdir('/proc/self/task')))
"""


def test_a_storm_of_interrupts_leaves_a_worker_that_works(program: Start) -> None:
    """They come at any step of a call, and none leaves the worker taken or a thread behind. What comes
    while a stream is being collected Python reports on stderr and ignores.
    """
    running = program(STORM)
    assert running.line() == "ready"
    pauses = itertools.cycle((0.0005, 0.003, 0.0005, 0.008, 0.015))
    until = time.monotonic() + 60
    while running.process.poll() is None and time.monotonic() < until:
        running.process.send_signal(signal.SIGINT)
        time.sleep(next(pauses))  # the storm's own pace: nothing waits for it
    status, said, errors = running.end()
    assert (status, said) == (0, "0\n1\n"), errors
    assert errors == "" or errors.startswith("Exception ignored "), errors


def test_a_handler_may_cancel_a_token(program: Start) -> None:
    running = program(
        "token = leanworker.CancelToken()\n"
        "signal.signal(signal.SIGTERM, lambda *_: token.cancel())\n"
        "session = play('', on_log=lambda *_: say('ready'))\n"
        "try:\n    session.run('play', 'say hello; hang', cancel=token)\n"
        "except leanworker.Cancelled as error:\n    say(error.verdict.name)\n"
    )
    assert running.line() == "ready"
    running.process.send_signal(signal.SIGTERM)
    assert running.end() == (0, "CANCELLED\n", "")


def test_without_a_thread_an_interrupt_comes_in_a_callback(program: Start) -> None:
    running = program(
        "session = play('', interruptible=False)\n"
        "def row(each):\n"
        "    assert len(os.listdir('/proc/self/task')) == 1\n"
        "    if each.sequence == 0: say('ready'); signal.raise_signal(signal.SIGINT)\n"
        "try:\n    session.run('play', 'rows 5; hang', on_row=row)\n"
        "except KeyboardInterrupt:\n    say('interrupted')\n"
        "say(session.run('polite').rows)\n"
    )
    assert running.end() == (0, "ready\ninterrupted\n0\n", "")


# ---- Exits


EXITS = {
    "with an open worker": "",
    "in a stream": "stream = session.stream('play', 'rows 1; hang'); next(stream)",
    "in a stream that is full": "stream = session.stream('play', 'rows 100000'); next(stream)",
    "by an exception in a loop": "for row in session.stream('play', 'rows 1; hang'): raise SystemExit(3)",
    "by SystemExit": "sys.exit(3)",
    "with a call in a daemon thread": (
        "started = threading.Event()\n"
        "def run():\n"
        "    try: session.run('play', 'rows 1; hang', on_row=lambda _: started.set())\n"
        "    except leanworker.Cancelled: pass  # its traceback would race with the end of stderr\n"
        "threading.Thread(target=run, daemon=True).start()\n"
        "started.wait()"
    ),
    "without any ceremony": "os._exit(3)",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("way", EXITS)
def test_a_program_that_ends_leaves_no_process(program: Start, way: str) -> None:
    ended = program(f"session = play('')\nprocesses(session.worker)\n{EXITS[way]}\n")
    pids = ended.pids()
    status, _, errors = ended.end()
    assert status in (0, 3, -signal.SIGKILL)
    assert errors == "" and len(pids) == 2
    wait_until(lambda: not any(map(is_alive, pids)), "the end of the worker")


# ---- Forks


def test_a_forked_copy_is_refused_and_harms_nothing(program: Start) -> None:
    forked = program(
        "session = play('')\n"
        "stream = session.stream('play', 'rows 3'); next(stream)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    for call in (session.worker.health, session.worker.facts, lambda: next(stream), lambda: session.run('polite')):\n"
        "        try: call()\n"
        "        except leanworker.Misuse as error: say('forked' in str(error))\n"
        "    stream.close(); session.close(); session.worker.close()\n"
        "    sys.exit(0)\n"
        "assert os.waitpid(pid, 0)[1] == 0\n"
        "say([row.sequence for row in stream], session.run('polite').generation)\n"
    )
    assert forked.end() == (0, "True\n" * 4 + "[1, 2] 1\n", "")


def test_a_forked_copy_that_ends_in_a_stream_waits_for_nothing(program: Start) -> None:
    forked = program(
        "session = play('')\n"
        "stream = session.stream('play', 'rows 1; hang'); next(stream)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    signal.alarm(5)  # which ends it, if it waits\n"
        "    sys.exit(0)\n"
        "say(os.waitpid(pid, 0)[1])\n"
        "stream.close(); say(session.run('polite').rows)\n"
    )
    assert forked.end() == (0, "0\n0\n", "")


def test_a_forked_copy_that_ends_or_forgets_harms_nothing(program: Start) -> None:
    forked = program(
        "import multiprocessing\n"
        "session = play('')\n"
        "def forget():\n"
        "    global session\n"
        "    session = None\n"
        "other = multiprocessing.get_context('fork').Process(target=forget)\n"
        "other.start(); other.join()\n"
        "assert other.exitcode == 0\n"
        "pid = os.fork()\n"
        "if pid == 0: sys.exit(0)\n"
        "assert os.waitpid(pid, 0)[1] == 0\n"
        "say(session.run('polite').generation)\n"
    )
    assert forked.end() == (0, "1\n", "")


# ---- The census itself


def test_the_census_sees_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import conftest

    before = conftest._census()
    left = os.open(os.devnull, os.O_RDONLY)
    worker = Worker(child_path=CHAOS)
    after = conftest._census()
    assert len(after[0]) > len(before[0]) + 1 and len(after[1]) == len(before[1]) + 1
    os.close(left)
    worker.close()
