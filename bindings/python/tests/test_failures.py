# SPDX-License-Identifier: Apache-2.0
"""Every failure is an exception that carries its verdict, and the worker works on after it."""
import dataclasses
import pickle
import threading
import time

import pytest
from conftest import TREE, Chaos, _descriptors, wait_until

import leanworker
from leanworker import Budgets, CancelToken, Session, exceptions


def works(session: Session) -> bool:
    return session.run("polite").rows == 0


# ---- What an exception carries


def test_each_code_has_an_exception_of_its_own() -> None:
    classes = {exceptions.BY_CODE[code] for code in leanworker.Code if code != leanworker.Code.OK}
    assert len(classes) == len(leanworker.Code) - 1
    assert all(issubclass(each, leanworker.Error) for each in classes)


def test_a_crash_says_what_is_known(chaos: Chaos) -> None:
    session = chaos("on run@1: rows 3 name=found; say 'last words'; signal SEGV")
    rows = []
    with pytest.raises(leanworker.Died) as caught:
        for row in session.stream("index"):
            rows.append(row)
    error = caught.value
    assert len(rows) == 3 == error.rows
    assert (error.code, error.verdict) == (leanworker.Code.DIED, leanworker.Verdict.SIGNALLED)
    assert (error.command, error.stream, error.sequence) == ("index", "found", 2)
    assert error.generation == 1 and error.exit.signal == 11 and error.exit.known
    assert "last words" in error.log_tail and error.work_started and error.restart == leanworker.Restart.CRASH
    assert str(error).startswith("SIGNALLED: ") and repr(error).startswith("<Died SIGNALLED: ")
    assert "What to do:" in error.explain() and "SIGSEGV" in error.explain()
    assert session.run("polite").generation == 2


def test_an_error_can_be_pickled(session: Session) -> None:
    with pytest.raises(leanworker.StatusError) as caught:
        session.run("leanworker_fixture_status", {"status": 7})
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is leanworker.StatusError and copy.status == 7 == caught.value.status
    assert copy.explain() == caught.value.explain()


def test_without_a_row_there_is_no_sequence(session: Session) -> None:
    with pytest.raises(leanworker.ExportError) as caught:
        session.call("missing")
    assert caught.value.sequence is None and caught.value.stream == ""


def test_what_lean_threw_is_told(session: Session) -> None:
    with pytest.raises(leanworker.Thrown, match="no such thing"):
        session.run("leanworker_fixture_throw", {"message": "no such thing"})


# ---- Time


def test_a_budget_that_runs_out_is_a_timeout(chaos: Chaos) -> None:
    session = chaos("on run: hang")
    with pytest.raises(leanworker.Timeout) as caught:
        session.run("any", budgets=Budgets(request_ms=60))
    assert caught.value.verdict == leanworker.Verdict.REQUEST_TIMEOUT and caught.value.killed
    assert works(session)


def test_a_deadline_is_one_of_the_monotonic_clock(chaos: Chaos) -> None:
    session = chaos("on run: rows 1; hang")
    begin = time.monotonic()
    stream = session.stream("any", deadline=begin + 0.2)
    with pytest.raises(leanworker.Timeout):
        list(stream)
    assert 0.2 <= time.monotonic() - begin < 10
    with pytest.raises(leanworker.Timeout):
        session.call("any", deadline=begin)
    assert works(session)


# ---- Cancelling


def test_another_thread_cancels(chaos: Chaos) -> None:
    session = chaos("on run: rows 1; hang")
    token = CancelToken()
    stream = session.stream("any", cancel=token)
    next(stream)
    canceller = threading.Thread(target=token.cancel)
    canceller.start()
    with pytest.raises(leanworker.Cancelled):
        next(stream)
    canceller.join()
    assert works(session)


def test_a_token_that_is_cancelled_begins_nothing_until_it_is_reset(chaos: Chaos) -> None:
    session, token = chaos(), CancelToken()
    token.cancel()
    for _ in range(2):
        with pytest.raises(leanworker.Cancelled):
            session.run("polite", cancel=token)
    token.reset()
    assert session.run("polite", cancel=token).generation == 1


def test_a_token_serves_several_calls_at_once(chaos: Chaos) -> None:
    token = CancelToken()
    streams = [chaos("on run: rows 1; hang").stream("any", cancel=token) for _ in range(3)]
    for stream in streams:
        next(stream)
    token.cancel()
    for stream in streams:
        with pytest.raises(leanworker.Cancelled):
            next(stream)


def test_a_request_that_stops_when_asked_keeps_its_child(session: Session) -> None:
    token = CancelToken()
    with pytest.raises(leanworker.Cancelled) as caught:
        for _ in session.stream("leanworker_fixture_spin", cancel=token, budgets=Budgets(grace_ms=20_000)):
            token.cancel()
    assert not caught.value.killed
    assert session.call("leanworker_fixture_echo", "1").generation == 1


# ---- Exceptions in callbacks


SOURCE = (TREE / "lean" / "LeanWorker" / "Json.lean").read_text()


class Mine(Exception):
    pass


def refuse(*_: object) -> None:
    raise Mine


@pytest.mark.parametrize("where", ["on_row", "on_diagnostic", "on_progress"])
@pytest.mark.parametrize("thread", ["main", "another"])
def test_an_exception_in_a_callback_comes_out_of_the_call(session: Session, where: str, thread: str) -> None:
    export = "leanworker_fixture_scan" if where == "on_progress" else "leanworker_fixture_rows"
    caught: list[BaseException] = []

    def run() -> None:
        try:
            session.run(export, {"source": SOURCE}, **{where: refuse})  # type: ignore[arg-type]
        except BaseException as error:
            caught.append(error)

    if thread == "main":
        run()
    else:
        other = threading.Thread(target=run)
        other.start()
        other.join()
    assert [type(each) for each in caught] == [Mine]
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_an_exception_in_a_callback_of_a_stream_comes_out_of_the_loop(session: Session) -> None:
    with pytest.raises(Mine):
        list(session.stream("leanworker_fixture_rows", on_diagnostic=refuse))
    assert session.call("leanworker_fixture_echo", "1").value == 1


@pytest.mark.parametrize("interruptible", [True, False])
def test_an_exception_for_a_log_ends_the_request(chaos: Chaos, interruptible: bool) -> None:
    heard: list[int] = []

    def first_refused(*_: object) -> None:
        heard.append(1)
        if len(heard) == 1:
            raise Mine

    session = chaos("on run@1: say hello; hang", on_log=first_refused, interruptible=interruptible)
    with pytest.raises(Mine):
        session.run("any")
    assert works(session)


def test_a_callback_may_not_call_the_worker(session: Session) -> None:
    def call_again(_: object) -> None:
        session.worker.health()

    with pytest.raises(leanworker.Misuse, match='busy with the stream "leanworker_fixture_rows"'):
        session.run("leanworker_fixture_rows", on_row=call_again)
    with pytest.raises(leanworker.Misuse, match="in a callback"):
        session.run("leanworker_fixture_rows", on_row=lambda _: session.worker.close())
    assert session.call("leanworker_fixture_echo", "1").value == 1


# ---- Rows that do not fit


@dataclasses.dataclass
class Small:
    kind: str
    ordinal: leanworker.U8


@dataclasses.dataclass
class Chosen:
    i: leanworker.U8


@pytest.mark.parametrize("way", ["stream", "run", "run elsewhere"])
def test_a_row_that_does_not_fit_names_its_place(session: Session, way: str) -> None:
    seen: list[object] = []
    caught: list[leanworker.DecodeError] = []

    def run() -> None:
        try:
            if way == "stream":
                seen.extend(session.stream("leanworker_fixture_many", {"count": 10_000}, rows={"rows": Chosen}))
            else:
                session.run("leanworker_fixture_many", {"count": 10_000}, rows={"rows": Chosen}, on_row=seen.append)
        except leanworker.DecodeError as error:
            caught.append(error)

    if way == "run elsewhere":
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    elif way == "stream":
        stream = session.stream("leanworker_fixture_many", {"count": 10_000}, rows={"rows": Chosen})
        with pytest.raises(leanworker.DecodeError) as error:
            for row in stream:
                seen.append(row)
        caught.append(error.value)
    else:
        run()
    (found,) = caught
    assert len(seen) == 256
    assert found.verdict == leanworker.Verdict.ROW_DECODE and found.code == leanworker.Code.DECODE
    assert (found.command, found.stream, found.sequence) == ("leanworker_fixture_many", "rows", 256)
    assert found.exit.code == -1 and not found.killed
    assert found.path == "$.i" and found.generation == 1
    assert found.message == 'stream "rows", sequence 256: $.i: expected a whole number from 0 to 255, found 256'
    assert "$.i" in found.explain()
    assert session.call("leanworker_fixture_echo", "1").value == 1


def test_a_row_that_does_not_fit_where_all_have_come_knows_its_child(session: Session) -> None:
    stream = session.stream("leanworker_fixture_rows", rows=Chosen)
    wait_until(lambda: stream._request.call.over, "the end of the request")
    with pytest.raises(leanworker.DecodeError) as caught:
        next(stream)
    assert caught.value.generation == 1 and caught.value.sequence == 0 and caught.value.exit.code == -1


def test_a_stream_that_rows_does_not_name_is_refused(session: Session) -> None:
    with pytest.raises(leanworker.DecodeError, match='expected a stream that rows names, found "rows"'):
        list(session.stream("leanworker_fixture_rows", rows={"others": Small}))
    named = session.stream("leanworker_fixture_rows", rows={"others": int, None: Small})
    assert [row.value.ordinal for row in named] == [0, 1]


def test_a_reply_and_a_summary_that_do_not_fit_are_named(session: Session) -> None:
    with pytest.raises(leanworker.DecodeError) as reply:
        session.call("leanworker_fixture_echo", {"kind": "x"}, reply=Small)
    assert reply.value.verdict == leanworker.Verdict.REPLY_DECODE and reply.value.path == "$.ordinal"
    with pytest.raises(leanworker.DecodeError) as summary:
        session.run("leanworker_fixture_rows", summary=Small)
    assert summary.value.verdict == leanworker.Verdict.SUMMARY_DECODE
    with pytest.raises(leanworker.DecodeError, match="found none"):
        session.run("leanworker_fixture_many", {"count": 1}, summary=Small)
    assert session.call("leanworker_fixture_echo", "1").generation == 1


def test_a_type_without_meaning_in_json_is_refused_before_anything_runs(session: Session) -> None:
    with pytest.raises(TypeError, match="set"):
        session.stream("leanworker_fixture_rows", rows=set)
    assert session.worker.statistics().requests == 0


def test_a_request_that_cannot_be_written_is_refused(session: Session) -> None:
    with pytest.raises(leanworker.Misuse) as caught:
        session.call("leanworker_fixture_echo", {"a": [1.0, float("nan")]})
    assert caught.value.verdict == leanworker.Verdict.ENCODE
    assert caught.value.message == "the request: $.a[1]: expected a number, found NaN"


# ---- Again and again


def test_too_many_deaths_give_up_and_say_for_how_long(chaos: Chaos) -> None:
    session = chaos("on run: exit 3", restart=leanworker.RestartPolicy(max_deaths=1, window_ms=60_000, backoff_ms=1))
    for _ in range(2):
        with pytest.raises(leanworker.Died) as died:
            session.run("any")
        assert died.value.exit.code == 3
    with pytest.raises(leanworker.GaveUp) as caught:
        session.run("any")
    assert 0 < caught.value.retry_ms <= 60_000


def test_a_manual_worker_waits_for_a_cycle(chaos: Chaos) -> None:
    policy = leanworker.RestartPolicy(replacement=leanworker.Replacement.MANUAL)
    session = chaos("on run@1: exit 3", restart=policy)
    with pytest.raises(leanworker.Died):
        session.run("any")
    with pytest.raises(leanworker.SessionError):
        session.run("any")
    session.worker.cycle()
    assert works(session)


def test_a_lie_of_the_child_is_a_protocol_error(chaos: Chaos) -> None:
    session = chaos("on run@1: row stream=9")
    with pytest.raises(leanworker.ProtocolError):
        session.run("any")
    assert works(session)


def test_failures_leave_nothing_behind(chaos: Chaos) -> None:
    """Descriptors stay as many over failures of each kind."""
    session = chaos(restart=leanworker.RestartPolicy(max_deaths=leanworker.NO_LIMIT))
    counts = []
    for _ in range(5):
        for script, failure in (("hang", leanworker.Timeout), ("rows 2; signal SEGV", leanworker.Died)):
            with pytest.raises(failure):
                list(session.stream("play", script, budgets=Budgets(request_ms=60)))
        assert works(session)
        wait_until(lambda: (session.worker.pump(), session.worker.statistics().unburied)[1] == 0, "the burials")
        counts.append(len(_descriptors()))
    assert len(set(counts[1:])) == 1
