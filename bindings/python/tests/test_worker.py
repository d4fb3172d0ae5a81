# SPDX-License-Identifier: Apache-2.0
"""The calls of the library, on the checking runtime, which is not Lean, and on native code."""
import dataclasses
import os
import pathlib
import select
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from conftest import BUILD, MANIFEST, TREE, Chaos, wait_until

import leanworker
from leanworker import BuildOptions, Budgets, Capability, Expectation, OpenOptions, Session, Step, Worker, WorkerOptions
from leanworker._call import CREDITS

SOURCE = (TREE / "lean" / "LeanWorker" / "Json.lean").read_text()


@dataclasses.dataclass
class Declaration:
    kind: str
    name: str
    line: leanworker.U32


@dataclasses.dataclass
class Scan:
    lines: int
    declarations: int


@dataclasses.dataclass
class Kind:
    kind: str
    ordinal: int


# ---- Streams


def test_rows_come_as_dataclasses_in_their_order(session: Session) -> None:
    stream = session.stream("leanworker_fixture_scan", {"source": SOURCE}, rows={"declarations": Declaration})
    rows = list(stream)
    assert [row.sequence for row in rows] == list(range(36))
    assert rows[0] == (Declaration("def", "LeanWorker.Json.byteAt", 20), "declarations", 0, 1)


def test_a_summary_follows_the_last_row(session: Session) -> None:
    stream = session.stream("leanworker_fixture_scan", {"source": SOURCE}, rows=Declaration, summary=Scan)
    with pytest.raises(leanworker.Misuse, match="no summary before"):
        stream.summary
    for _ in stream:
        pass
    assert stream.summary.metadata == Scan(344, 36)
    assert (stream.summary.rows, stream.summary.streams) == (36, {"declarations": 36})
    assert stream.summary.generation == 1 and stream.summary.elapsed_ns > 0
    assert list(stream) == []


def test_rows_without_a_type_are_what_json_makes_of_them(session: Session) -> None:
    rows = list(session.stream("leanworker_fixture_rows"))
    assert [row.value for row in rows] == [{"kind": "request", "ordinal": 0}, {"kind": "done", "ordinal": 1}]


def test_more_rows_than_fit_into_the_queue_arrive_all(session: Session) -> None:
    assert [row.value["i"] for row in session.stream("leanworker_fixture_many", {"count": 3000})] == [*range(3000)]


def test_a_row_larger_than_the_queue_arrives(chaos: Chaos) -> None:
    rows = list(chaos().stream("play", f"rows 3 size={9 << 20}"))
    assert [len(str(row.value)) > 9_000_000 for row in rows] == [True, True, True]


def test_a_slow_loop_holds_the_child_back(session: Session, worker: Worker) -> None:
    pid, ticks = worker.facts().pid, list[int]()
    stream = session.stream("leanworker_fixture_many", {"count": 100_000})
    next(stream)
    wait_until(lambda: is_at_rest(pid, ticks), "the child to be blocked by its full queue")
    call = stream._request.call
    assert not call.over and call._events.qsize() <= CREDITS
    assert next(stream).sequence == 1
    stream.close()


def is_at_rest(pid: int, ticks: list[int]) -> bool:
    """It sleeps, and has used no processor time in the last ten looks."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks.append(int(fields[11]) + int(fields[12]))
    return fields[0] == "S" and len(ticks) > 10 and ticks[-1] == ticks[-10]


def test_diagnostics_progress_and_log_are_told_where_the_loop_is(session: Session) -> None:
    told: list[tuple[object, ...]] = []
    list(session.stream("leanworker_fixture_rows", on_diagnostic=lambda *each: told.append(each)))
    assert told == [("started", "the fixture has started"), ("finished", "the fixture has finished")]
    progress: list[tuple[object, ...]] = []
    list(session.stream("leanworker_fixture_scan", {"source": SOURCE}, on_progress=lambda *each: progress.append(each)))
    assert progress and progress[0][0] == "scan" and progress[0][2] == 344


def test_what_the_child_prints_is_told_as_bytes() -> None:
    told = []
    with Worker(on_log=lambda generation, data: told.append((generation, data))) as worker:
        list(worker.open(MANIFEST).stream("leanworker_fixture_println"))
    assert b"a line on stdout" in b"".join(data for _, data in told)
    assert {generation for generation, _ in told} == {1}


def test_run_calls_back_and_answers_the_summary(session: Session) -> None:
    rows: list[leanworker.Row[Kind]] = []
    summary = session.run("leanworker_fixture_rows", on_row=rows.append, rows={"rows": Kind})
    assert [row.value for row in rows] == [Kind("request", 0), Kind("done", 1)]
    assert summary.metadata == {"fixture": "interop", "ok": True}


def test_rows_may_be_held_until_success(chaos: Chaos) -> None:
    session = chaos("on run@1: rows 3; signal SEGV")
    rows: list[leanworker.Row[object]] = []
    with pytest.raises(leanworker.Died):
        session.run("any", on_row=rows.append, hold_bytes=1 << 20)
    assert rows == []
    assert session.run("play", "rows 2", on_row=rows.append, hold_bytes=1 << 20).rows == 2
    assert len(rows) == 2


# ---- Commands, metadata, doctor


def test_a_command_answers(session: Session) -> None:
    reply = session.call("leanworker_fixture_echo", {"a": [1, None, "é"]})
    assert reply.value == {"a": [1, None, "é"]} and reply.generation == 1
    typed = session.call("leanworker_fixture_echo", Kind("k", 7), reply=Kind)
    assert typed.value == Kind("k", 7)
    assert session.call("leanworker_fixture_echo", '{"as": "it stands"}').text == '{"as": "it stands"}'


def test_metadata_is_read_and_expected(session: Session) -> None:
    metadata = session.metadata("leanworker_fixture_metadata")
    assert leanworker.NamedVersion("declarations", "1.2.0") in metadata.capabilities
    assert metadata.json["name"] == "leanworker-fixture" and metadata.extra == {"fixture": "interop"}
    expected = leanworker.Expectation(
        includes={"name": "leanworker-fixture"},
        capabilities=[leanworker.VersionRange("declarations", "1.2", "2")],
        commands=[leanworker.VersionRange("leanworker_fixture_scan")],
    )
    assert session.expect_metadata("leanworker_fixture_metadata", expected) == metadata


def test_metadata_that_is_not_as_expected_says_what_differs(session: Session) -> None:
    expected = leanworker.Expectation(capabilities=[leanworker.VersionRange("declarations", "9")])
    with pytest.raises(leanworker.MetadataError, match="declarations"):
        session.expect_metadata("leanworker_fixture_metadata", expected)


def test_a_doctor_reports(session: Session) -> None:
    report = session.doctor("leanworker_fixture_doctor")
    assert report.verdict == leanworker.Severity.ERROR
    assert report.verdict == max(finding.severity for finding in report.findings)
    assert len(report.json["diagnostics"]) == len(report.findings)


# ---- The worker


def test_cycle_replaces_the_process_and_keeps_the_session(session: Session, worker: Worker) -> None:
    before = worker.facts()
    worker.cycle()
    assert worker.facts().generation == 2 and worker.facts().pid != before.pid
    assert session.call("leanworker_fixture_echo", "1").generation == 2


def test_facts_and_statistics_are_dataclasses(session: Session, worker: Worker) -> None:
    worker.health()
    session.call("leanworker_fixture_echo", "1")
    with pytest.raises(leanworker.ExportError):
        session.call("no such export")
    statistics = worker.statistics()
    assert (statistics.requests, statistics.successes, statistics.opens) == (2, 1, 1)
    assert statistics.failures[leanworker.Verdict.EXPORT_UNKNOWN] == 1
    assert sum(statistics.failures.values()) == 1
    assert statistics.restarts[leanworker.Restart.EXPLICIT] == 0
    assert statistics.spawn.count == 1 == sum(statistics.spawn.bucket)
    assert session.facts().runtime == "leanworker checking runtime (not Lean)"
    assert worker.facts().child_path.endswith("/leanworker-child")


def test_shutdown_reports_how_it_ended() -> None:
    worker = Worker()
    report = worker.shutdown()
    assert report.outcome == leanworker.ShutdownOutcome.ORDERLY
    assert report.exit.code == 0 and report.generations == 1
    worker.close()


def test_with_ends_a_worker_in_good_order_and_an_exception_at_once() -> None:
    native = Capability.create(host="native", library=BUILD / "lib" / "libnative_guest.so")
    for error, orderly in ((None, True), (KeyError(), False)):
        log: list[bytes] = []
        try:
            with Worker(on_log=lambda _, data: log.append(data)) as worker:
                worker.open(native)
                if error is not None:
                    raise error
        except KeyError:
            pass
        assert worker.closed and (b"native guest: the end" in b"".join(log)) is orderly


def test_a_restart_policy_is_kept(chaos: Chaos) -> None:
    session = chaos(restart=leanworker.RestartPolicy(max_requests=1))
    assert [session.run("polite").generation for _ in range(3)] == [1, 2, 3]
    assert session.run("polite").restarted == leanworker.Restart.MAX_REQUESTS


def test_budgets_have_scopes(chaos: Chaos) -> None:
    session = chaos("on run: hang", budgets=Budgets(request_ms=60_000))
    session.worker.set_budgets(Budgets(request_ms=50_000))
    session.set_budgets(Budgets(request_ms=40_000))
    with pytest.raises(leanworker.Timeout):
        session.run("any", budgets=Budgets(request_ms=50))


def test_a_budget_that_no_struct_can_hold_is_named() -> None:
    with pytest.raises(OverflowError, match="Budgets.request_ms"):
        Worker(budgets=Budgets(request_ms=2**32))


def test_an_event_loop_learns_of_an_end(chaos: Chaos) -> None:
    worker = chaos().worker
    os.kill(worker.facts().pid, 9)
    poll = select.poll()
    poll.register(worker, select.POLLIN)
    until = time.monotonic() + 30
    while worker.facts().pid and time.monotonic() < until:
        poll.poll(1000)
        worker.pump()
    assert worker.facts().pid == 0


def test_a_closed_worker_says_so(session: Session, worker: Worker) -> None:
    worker.close()
    worker.close()
    assert worker.closed
    calls: list[Callable[[], object]] = [worker.health, worker.facts, session.facts]
    for call in calls:
        with pytest.raises(leanworker.Misuse, match="closed"):
            call()


def test_a_session_can_be_closed_and_another_opened(worker: Worker) -> None:
    with worker.open(MANIFEST) as first:
        with pytest.raises(leanworker.Misuse, match="open session"):
            worker.open(MANIFEST)
    second = worker.open(MANIFEST)
    with pytest.raises(leanworker.Misuse):
        first.facts()
    assert second.facts().generation == 1


# ---- Capabilities


def test_a_native_capability_streams(worker: Worker) -> None:
    native = Capability.create(host="native", library=BUILD / "lib" / "libnative_guest.so")
    session = worker.open(native)
    assert [row.value for row in session.stream("events", '"x"')] == [[1, 2], None, "x"]
    assert session.call("guest_echo", [1]).value == [1]


def test_a_capability_is_created_without_a_manifest(worker: Worker) -> None:
    lib = BUILD / "lib"
    made = Capability.create(
        host="lean",
        library=lib / "libleanworker_x2dfixture_Interop.so",
        runtime=lib / "libleanrt.so",
        package="leanworker-fixture",
        module="Interop",
        dependencies=[lib / "libleanworker_LeanWorker.so"],
    )
    assert worker.open(made).call("leanworker_fixture_echo", "7").value == 7


def test_imports_are_opened_and_their_progress_told() -> None:
    lib = BUILD / "lib"
    plain = Capability.create(
        host="lean",
        library=lib / "libleanworker_x2dimports_Imports.so",
        runtime=lib / "libleanrt.so",
        package="leanworker-imports",
        module="Imports",
        dependencies=[lib / "libleanworker_LeanWorker.so"],
    )
    told: list[tuple[object, ...]] = []
    with Worker(on_open_progress=lambda *each: told.append(each)) as worker:
        session = worker.open(plain.with_imports({"imports": ["A", "B"], "ticks": 2}))
        answer = session.call("leanworker_imports_opened").value
    assert answer["opened"] == {"imports": ["A", "B"], "ticks": 2}
    assert [generation for generation, *_ in told] == [1, 1]


def test_a_manifest_that_is_none_is_named(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{}")
    with pytest.raises(leanworker.CapabilityError, match="bad.json"):
        Capability.load(path)


def test_exports_are_read(tmp_path: pathlib.Path) -> None:
    exports = Capability.load(MANIFEST).exports()
    assert exports.find("leanworker_fixture_scan").kind == leanworker.SymbolKind.FUNCTION
    assert "leanworker_fixture_scan" in {export.name for export in exports.exports}
    with pytest.raises(leanworker.ExportError):
        exports.find("no_such_function")
    assert "lw_guest_capability" in {
        export.name for export in leanworker.library_exports(BUILD / "lib" / "libnative_guest.so").exports
    }
    with pytest.raises(leanworker.CapabilityError):
        leanworker.library_exports(tmp_path / "missing.so")


def test_a_toolchain_is_found_and_its_places_told() -> None:
    """A stand-in for a toolchain: tests/toolchain."""
    places: list[object] = []
    found = leanworker.find_toolchain(sysroot=BUILD / "toolchain", on_probe=lambda *each: places.append(each))
    assert found.version == "4.28.0" and found.source == leanworker.ToolchainSource.EXPLICIT
    assert places
    with pytest.raises(leanworker.ToolchainError):
        leanworker.find_toolchain(sysroot=BUILD / "no toolchain")


def tiny_project(folder: pathlib.Path) -> pathlib.Path:
    (folder / "lakefile.toml").write_text('name = "tiny"\n\n[[lean_lib]]\nname = "Tiny"\n')
    (folder / "Tiny.lean").write_text("-- nothing\n")
    (folder / "ir").mkdir()
    (folder / "ir" / "Tiny.c").write_text(
        "#include <lean/lean.h>\n"
        "int tiny_rows(void) { return 1; }\n"
        "lean_object *initialize_tiny_Tiny(uint8_t builtin) { return lean_io_result_mk_ok(lean_box(0)); }\n"
    )
    return folder


def test_lake_builds_a_library_and_tells_of_it(tmp_path: pathlib.Path) -> None:
    """The stand-in for Lake builds it."""
    phases: list[str] = []
    log: list[bytes] = []
    options = BuildOptions(
        project_root=tiny_project(tmp_path),
        library="Tiny",
        sysroot=BUILD / "toolchain",
        on_progress=lambda phase, current, total: phases.append(phase),
        on_log=log.append,
    )
    built = leanworker.build(options)
    assert built.toolchain.version == "4.28.0"
    assert Capability.load(built.manifest).exports().find("tiny_rows").generated in (True, False)
    assert built.reason.startswith("it was not built before") and log and phases


def test_a_build_that_has_no_project_says_so(tmp_path: pathlib.Path) -> None:
    with pytest.raises(leanworker.BuildError, match=str(tmp_path)):
        leanworker.build(BuildOptions(project_root=tmp_path, library="Interop", sysroot=BUILD / "toolchain"))


def test_a_session_is_opened_from_a_manifest_in_steps() -> None:
    steps: list[Step] = []
    log: list[bytes] = []
    options = OpenOptions(
        manifest=MANIFEST,
        worker=WorkerOptions(on_log=lambda _, data: log.append(data)),
        metadata_export="leanworker_fixture_metadata",
        expected=Expectation(includes={"name": "leanworker-fixture"}),
        on_step=steps.append,
    )
    with leanworker.open_session(options) as opened:
        assert opened.session.call("leanworker_fixture_echo", "1").value == 1
        list(opened.session.stream("leanworker_fixture_println"))
        assert opened.build is None and opened.worker.facts().generation == 1
        assert opened.step_ns[Step.OPEN] > 0 == opened.step_ns[Step.BUILD]
    assert opened.worker.closed and b"a line on stdout" in b"".join(log)
    assert steps == [Step.CHECK, Step.LOAD, Step.START, Step.HEALTH, Step.OPEN, Step.METADATA]


def test_a_session_is_opened_from_a_project(tmp_path: pathlib.Path) -> None:
    """The stand-in for Lake builds a library whose C asks for nothing but the runtime."""
    build = BuildOptions(project_root=tiny_project(tmp_path), library="Tiny", sysroot=BUILD / "toolchain")
    with leanworker.open_session(OpenOptions(build=build)) as opened:
        assert opened.build is not None and opened.build.toolchain.version == "4.28.0"
        assert opened.session.facts().runtime == "leanworker checking runtime (not Lean)"


def test_what_does_not_open_leaves_nothing_and_says_at_which_step(tmp_path: pathlib.Path) -> None:
    steps: list[Step] = []
    with pytest.raises(leanworker.MetadataError):
        leanworker.open_session(
            OpenOptions(
                manifest=MANIFEST,
                metadata_export="leanworker_fixture_metadata",
                expected=Expectation(equals={}),
                on_step=steps.append,
            )
        )
    assert steps[-1] == Step.METADATA
    with pytest.raises(leanworker.Misuse, match="one of build and manifest"):
        leanworker.open_session(OpenOptions())


def test_an_exception_between_two_steps_ends_the_opening() -> None:
    def refuse(step: Step) -> None:
        if step == Step.OPEN:
            raise KeyError

    with pytest.raises(KeyError):
        leanworker.open_session(OpenOptions(manifest=MANIFEST, on_step=refuse))


@pytest.mark.parametrize("quick", [True, False])
def test_a_check_tells_what_is_in_the_way(tmp_path: pathlib.Path, quick: bool) -> None:
    good = leanworker.check(OpenOptions(manifest=MANIFEST), quick=quick)
    assert good.verdict < leanworker.Severity.ERROR and good.findings
    assert (good.step_ns[Step.START] == 0) is quick
    bad = leanworker.check(OpenOptions(manifest=tmp_path / "none.json"), quick=quick)
    assert bad.verdict == leanworker.Severity.ERROR
    (found,) = [finding for finding in bad.findings if finding.severity == leanworker.Severity.ERROR]
    assert found.verdict == leanworker.Verdict.MANIFEST and "none.json" in found.subject + found.message


def test_the_place_of_a_child_that_is_missing_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(leanworker.SpawnError, match="missing-child"):
        Worker(child_path=tmp_path / "missing-child")


def test_text_with_a_null_character_is_refused() -> None:
    with pytest.raises(ValueError, match="null character"):
        Worker(child_path="a\0b")


def test_the_example_lists_the_declarations_twice() -> None:
    done = subprocess.run(
        [sys.executable, "-B", TREE / "examples/worker_streaming.py", TREE / "lean/LeanWorker/Json.lean", MANIFEST],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("declarations 0: def LeanWorker.Json.byteAt, line 20\n") == 2
    assert "36 declarations, from generation 2\n" in done.stderr
