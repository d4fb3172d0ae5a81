# SPDX-License-Identifier: Apache-2.0
"""A supervised child, one generation at a time."""
import dataclasses
import functools
import weakref
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from leanworker import _call, _failures, _structs
from leanworker._abi import (
    Budgets,
    Containment,
    RestartPolicy,
    ShutdownReport,
    WorkerFacts,
    WorkerStatistics,
)
from leanworker._call import Call, CancelToken
from leanworker._capability import Capability, Path
from leanworker._library import ffi, lib
from leanworker._session import Session

OnLog = Callable[[int, bytes], object]
OnOpenProgress = Callable[[int, str, int, int | None], object]

# What a finalizer waits for a call in another thread, whose callback may never return.
PATIENCE_S = 10.0


class State:
    """What belongs to the library. It refers to nothing that users hold: that may be forgotten first."""

    def __init__(self, handlers: _call.Handlers, interruptible: bool):
        self.handlers = handlers
        self.interruptible = interruptible
        self.listener = _call.Listener()
        self.context = ffi.new_handle(self.listener)
        self.worker = ffi.new("lw_worker **")
        self.session = ffi.new("lw_session **")  # the one that was opened last
        self.turns = _call.Turns("the worker")

    def enter(self, call: Call) -> None:
        self.turns.enter(call)
        if self.worker[0] == ffi.NULL and call.what != "start":
            raise _failures.misuse("the worker is closed; start another one")
        call.handlers = {**self.handlers, **call.handlers}
        self.listener.call = call

    def run(
        self, what: str, work: Callable[[Any, Any], Any], cancel: CancelToken | None = None,
        handlers: _call.Handlers | None = None, waits: bool = True,
    ) -> None:
        """One call; work gets the token and the error."""
        call = Call(what, handlers or {}, cancel)
        try:
            self.enter(call)
            call.run(lambda token: work(token, call.error), waits and self.interruptible)
        finally:
            self.leave(call)

    def leave(self, call: Call) -> None:
        if self.turns.current is call:
            self.listener.call = None  # it knows callbacks, and those may know the worker
            self.turns.leave(call)

    def close_session(self, session: Any) -> None:
        """Now, or behind the call that is running."""
        if not self.turns.is_forked():
            self.turns.when_idle(functools.partial(lib.lw_session_close, session))

    def close(self) -> None:
        if not self.turns.is_forked():
            lib.lw_session_close(self.session)
            lib.lw_worker_close(self.worker)


def _forget_worker(state: State) -> None:
    """The finalizer: of a worker that nobody closed, and at exit."""
    call = state.turns.current
    if state.turns.is_forked():
        return
    if call is not None and call.is_mine():
        state.turns.when_idle(state.close)
        return
    if call is not None:
        call.ask()
        if not call.wait(PATIENCE_S):
            return  # what it has started ends with this process
        state.leave(call)
    state.turns.when_idle(state.close)


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """struct lw_worker_options.

    environment: additions to the child's. interruptible: False makes the calls of the main thread there
    and not on a thread of their own; a signal handler, Ctrl-C too, then runs when a callback does or the
    call ends.
    """

    child_path: Path | None = None
    environment: Mapping[str, str] | None = None
    lean_sysroot: Path | None = None
    budgets: Budgets = Budgets()
    restart: RestartPolicy = RestartPolicy()
    row_cap: int = 0
    containment: Containment = Containment.BEST
    on_log: OnLog | None = None
    on_open_progress: OnOpenProgress | None = None
    interruptible: bool = True

    def _state(self) -> State:
        given = {_call.LOG: self.on_log, _call.OPEN_PROGRESS: self.on_open_progress}
        return State({kind: each for kind, each in given.items() if each is not None}, self.interruptible)

    def _struct(self, state: State) -> tuple[Any, list[Any]]:
        """The struct, and what it points to."""
        struct = _structs.new("lw_worker_options")
        additions = None if self.environment is None else [f"{name}={each}" for name, each in self.environment.items()]
        texts = _structs.Texts(additions)
        kept = [_structs.text(self.child_path), _structs.text(self.lean_sysroot), texts]
        struct.child_path, struct.lean_sysroot, struct.environment = kept[0], kept[1], texts.array
        _structs.write(struct.budgets, self.budgets)
        _structs.write(struct.restart, self.restart)
        struct.row_cap, struct.containment = self.row_cap, self.containment
        struct.log_context = struct.open_progress_context = state.context
        struct.on_log = _call.on_log if self.on_log else ffi.NULL
        struct.on_open_progress = _call.on_open_progress if self.on_open_progress else ffi.NULL
        return struct, kept


class Worker:
    """A worker belongs to one call at a time: a second one, of another thread too, raises Misuse.

    The arguments are those of WorkerOptions; start_budgets, deadline and cancel are for the start.
    """

    def __init__(
        self,
        *,
        child_path: Path | None = None,
        environment: Mapping[str, str] | None = None,
        lean_sysroot: Path | None = None,
        budgets: Budgets = Budgets(),
        restart: RestartPolicy = RestartPolicy(),
        row_cap: int = 0,
        containment: Containment = Containment.BEST,
        on_log: OnLog | None = None,
        on_open_progress: OnOpenProgress | None = None,
        interruptible: bool = True,
        start_budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ):
        chosen = WorkerOptions(
            child_path=child_path,
            environment=environment,
            lean_sysroot=lean_sysroot,
            budgets=budgets,
            restart=restart,
            row_cap=row_cap,
            containment=containment,
            on_log=on_log,
            on_open_progress=on_open_progress,
            interruptible=interruptible,
        )
        self._adopt(chosen._state())
        struct, kept = chosen._struct(self._state)
        try:
            self._state.run("start", lambda token, error: lib.lw_worker_start(
                struct, _call.call_options(start_budgets, deadline, token), self._state.worker, error), cancel)
        except BaseException:
            self.close()
            raise
        del kept

    def _adopt(self, state: State) -> None:
        self._state = state
        self._finalizer = weakref.finalize(self, _forget_worker, state)

    # ---- Calls

    def open(
        self,
        capability: Capability | Path,
        *,
        budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Session:
        """lw_session_open; a path is that of a manifest."""
        chosen = capability if isinstance(capability, Capability) else Capability.load(capability)
        state, session = self._state, ffi.new("lw_session **")
        try:
            state.run("open", lambda token, error: lib.lw_session_open(
                state.worker[0], chosen._handle, _call.call_options(budgets, deadline, token),
                session, error), cancel)
        except BaseException:
            state.close_session(session)  # Ctrl-C may come when it has been opened
            raise
        state.session = session
        return Session(self, state, session)

    def set_budgets(self, budgets: Budgets) -> None:
        """lw_worker_set_budgets"""
        struct = ffi.new("struct lw_budgets *")
        _structs.write(struct, budgets)
        self._now("set_budgets", lambda error: lib.lw_worker_set_budgets(self._state.worker[0], struct, error))

    def health(
        self, *, budgets: Budgets | None = None, deadline: float | None = None, cancel: CancelToken | None = None
    ) -> None:
        """lw_worker_health: a sign of life."""
        self._state.run("health", lambda token, error: lib.lw_worker_health(
            self._state.worker[0], _call.call_options(budgets, deadline, token), error), cancel)

    def cycle(
        self, *, budgets: Budgets | None = None, deadline: float | None = None, cancel: CancelToken | None = None
    ) -> None:
        """lw_worker_cycle: another process; sessions stay open."""
        self._state.run("cycle", lambda token, error: lib.lw_worker_cycle(
            self._state.worker[0], _call.call_options(budgets, deadline, token), error), cancel)

    # ---- Between calls

    def _now(self, what: str, work: Callable[[Any], Any]) -> None:
        """A call that does not wait."""
        self._state.run(what, lambda token, error: work(error), waits=False)

    def fileno(self) -> int:
        """lw_worker_fd: readable when pump has something to do; -1 after shutdown."""
        found = -1

        def work(error: Any) -> int:
            nonlocal found
            found = lib.lw_worker_fd(self._state.worker[0])
            return 0

        self._now("fileno", work)
        return found

    def pump(self) -> float | None:
        """lw_worker_pump: the seconds until it should be called again, or None."""
        again = ffi.new("int *")
        self._now("pump", lambda error: lib.lw_worker_pump(self._state.worker[0], again, error))
        return None if again[0] < 0 else again[0] / 1000

    def facts(self) -> WorkerFacts:
        """lw_worker_facts"""
        struct = _structs.new("lw_worker_facts")
        self._now("facts", lambda error: lib.lw_worker_facts(self._state.worker[0], struct))
        return _structs.read(WorkerFacts, struct)

    def statistics(self) -> WorkerStatistics:
        """lw_worker_statistics"""
        struct = _structs.new("lw_worker_statistics")
        self._now("statistics", lambda error: lib.lw_worker_statistics(self._state.worker[0], struct))
        return _structs.read(WorkerStatistics, struct)

    # ---- The end

    def shutdown(self) -> ShutdownReport:
        """lw_worker_shutdown: asks the child to end, and kills it if it does not in time."""
        report = _structs.new("lw_shutdown_report")
        self._state.run("shutdown", lambda token, error: lib.lw_worker_shutdown(
            self._state.worker[0], report, error))
        return _structs.read(ShutdownReport, report)

    def close(self) -> None:
        """Cancels a call that is running, kills the child, and waits until every process is gone."""
        state = self._state
        call = state.turns.current
        if call is not None and call.is_in_callback():
            raise _failures.misuse(f"the worker is closed in a callback of {call.what}; raise an exception instead")
        if not state.turns.is_forked():
            if call is not None:
                call.stop()
                state.leave(call)
            state.turns.when_idle(state.close)
        self._finalizer.detach()

    @property
    def closed(self) -> bool:
        return bool(self._state.worker[0] == ffi.NULL)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """In good order by shutdown, else by close alone."""
        try:
            if kind is None and not self.closed and not self._state.turns.current:
                self.shutdown()
        finally:
            self.close()
