# SPDX-License-Identifier: Apache-2.0
"""All the way from a project or a manifest to an open session, and what would be in that way."""
import dataclasses
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from leanworker import _call, _failures, _structs
from leanworker._abi import Budgets, Build, CheckFinding, Severity, Step
from leanworker._call import Call, CancelToken
from leanworker._capability import BuildOptions, Path
from leanworker._library import ffi, lib
from leanworker._session import Expectation, Session, _expectation
from leanworker._worker import State, Worker, WorkerOptions


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenOptions:
    """struct lw_open_options: one of build and manifest."""

    build: BuildOptions | None = None
    manifest: Path | None = None
    imports: Sequence[str] | None = None
    import_root: Path | None = None
    import_level: str | None = None
    worker: WorkerOptions = WorkerOptions()
    metadata_export: str | None = None
    expected: Expectation | None = None
    on_step: Callable[[Step], object] | None = None

    def _call(self, what: str, state: State, cancel: CancelToken | None) -> Call:
        handlers = {**state.handlers, **(self.build._handlers() if self.build else {})}
        if self.on_step is not None:
            handlers[_call.STEP] = self.on_step
        return Call(what, handlers, cancel)

    def _struct(self, state: State) -> tuple[Any, list[Any]]:
        """The struct, without context, and what it points to."""
        struct, imports = _structs.new("lw_open_options"), _structs.Texts(self.imports)
        worker, below = self.worker._struct(state)
        kept: list[Any] = [imports, worker, below]
        for name in ("manifest", "import_root", "import_level", "metadata_export"):
            kept.append(_structs.text(getattr(self, name)))
            setattr(struct, name, kept[-1])
        struct.imports, struct.worker = imports.array, worker
        if self.build is not None:
            build, below = self.build._struct()
            struct.build = build
            kept += [build, below]  # and not struct.build: a pointer that is read back keeps nothing
        if self.expected is not None:
            expected, below = _expectation(self.expected)
            struct.expected = expected
            kept += [expected, below]
        struct.on_step = _call.on_step if self.on_step else ffi.NULL
        return struct, kept


@dataclasses.dataclass(frozen=True, kw_only=True)
class Opened:
    """An open session, its worker, and what it took. build: None where nothing was to be built."""

    worker: Worker
    session: Session
    build: Build | None
    step_ns: dict[Step, int]
    elapsed_ns: int

    def __enter__(self) -> "Opened":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.worker.__exit__(kind, error, trace)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckReport:
    """verdict: the worst severity."""

    findings: tuple[CheckFinding, ...]
    verdict: Severity
    step_ns: dict[Step, int]


def _run(
    what: str, options: OpenOptions, state: State, function: Callable[[Any, Any, Any], Any],
    budgets: Budgets | None, deadline: float | None, cancel: CancelToken | None,
) -> None:
    """One call of the library with the options, the call's own, and the error."""
    struct, kept = options._struct(state)
    call = options._call(what, state, cancel)
    state.listener.call = call

    def work(token: Any) -> Any:
        struct.context = context = ffi.new_handle(call)
        if options.build is not None:
            struct.build.context = context
        code = function(struct, _call.call_options(budgets, deadline, token), call.error)
        del context
        return code

    try:
        call.run(work, state.interruptible)
    finally:
        state.listener.call = None
    del kept


def open_session(
    options: OpenOptions,
    *,
    budgets: Budgets | None = None,
    deadline: float | None = None,
    cancel: CancelToken | None = None,
) -> Opened:
    """lw_open"""
    state, opened = options.worker._state(), _structs.new("lw_opened")
    try:
        _run("open_session", options, state, lambda struct, call, error: lib.lw_open(struct, call, opened, error),
             budgets, deadline, cancel)
    except BaseException:
        lib.lw_opened_close(opened)  # Ctrl-C may come when it has been opened
        raise
    session = ffi.new("lw_session **", opened.session)
    state.worker[0], state.session = opened.worker, session
    worker = Worker.__new__(Worker)
    worker._adopt(state)
    return Opened(
        worker=worker,
        session=Session(worker, state, session),
        build=_structs.read(Build, opened.build) if opened.build.struct_size else None,
        step_ns={step: opened.step_ns[step] for step in Step},
        elapsed_ns=opened.elapsed_ns,
    )


def check(
    options: OpenOptions,
    *,
    quick: bool = False,
    budgets: Budgets | None = None,
    deadline: float | None = None,
    cancel: CancelToken | None = None,
) -> CheckReport:
    """lw_capability_check: all that open_session would find in its way, good or bad."""
    struct = ffi.gc(_structs.new("lw_check_report"), lib.lw_check_report_clear)
    _run("check", options, options.worker._state(),
         lambda made, call, error: lib.lw_capability_check(made, quick, call, struct, error),
         budgets, deadline, cancel)
    return CheckReport(
        findings=tuple(_structs.read(CheckFinding, struct.findings[i]) for i in range(struct.finding_count)),
        verdict=Severity(lib.lw_check_verdict(struct)),
        step_ns={step: struct.step_ns[step] for step in Step},
    )
