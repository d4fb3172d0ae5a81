# SPDX-License-Identifier: Apache-2.0
"""A capability that is open in a worker: streams, commands, metadata and doctor."""
import dataclasses
import functools
import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from leanworker import _call, _failures, _records, _structs
from leanworker._abi import Budgets, Restart, SessionFacts, Severity, Verdict
from leanworker._call import Call, CancelToken
from leanworker._error import Error
from leanworker._library import ffi, lib
from leanworker._records import Misfit

if TYPE_CHECKING:
    from leanworker._worker import State, Worker

T = TypeVar("T")
M = TypeVar("M")

# What the rows of a stream are: a type for all, or one for each stream by name (None: each other one).
RowTypes = Any
OnDiagnostic = Callable[[str, str], object]
OnProgress = Callable[[str, int, int | None], object]


# ---- What comes back -----------------------------------------------------------------------------------


class Row(NamedTuple, Generic[T]):
    """Tentative until the request has succeeded."""

    value: T
    stream: str
    sequence: int
    generation: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Summary(Generic[M]):
    """What a success carries."""

    rows: int
    streams: dict[str, int]
    elapsed_ns: int
    metadata: M
    generation: int
    restarted: Restart
    pid: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reply(Generic[M]):
    """What a command answered."""

    value: M
    text: str
    elapsed_ns: int
    generation: int
    restarted: Restart


@dataclasses.dataclass(frozen=True)
class NamedVersion:
    name: str
    version: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a capability says of itself. json: the whole answer."""

    commands: tuple[NamedVersion, ...]
    capabilities: tuple[NamedVersion, ...]
    lean_version: str | None
    extra: Any
    json: Any
    generation: int


@dataclasses.dataclass(frozen=True)
class VersionRange:
    """at_least <= version < below; None: no such bound."""

    name: str = ""
    at_least: str | None = None
    below: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a program relies on: every part that is set must hold. equals, includes: values, or JSON text."""

    equals: Any = None
    includes: Any = None
    commands: Sequence[VersionRange] = ()
    capabilities: Sequence[VersionRange] = ()
    lean: VersionRange = VersionRange()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    severity: Severity
    code: str
    message: str
    details: Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoctorReport:
    """verdict: the worst severity."""

    findings: tuple[Finding, ...]
    verdict: Severity
    metadata: Any
    json: Any
    generation: int


# ---- Decoding ------------------------------------------------------------------------------------------


class RowMisfit(Exception):
    """A row that is not as its type wants it, until more is known of the request."""

    def __init__(self, stream: str, sequence: int, misfit: Misfit):
        self.stream, self.sequence, self.misfit = stream, sequence, misfit


class RowReader:
    def __init__(self, types: RowTypes):
        self.delivered = 0
        self._names: dict[bytes, str] = {}
        self._by_name: dict[str | None, _records.Decode] = {}
        if not isinstance(types, Mapping):
            types = {None: Any if types is None else types}
        for name, kind in types.items():
            self._by_name[name] = _records.decoder(kind)

    def _decoder(self, stream: str) -> _records.Decode:
        found = self._by_name.get(stream) or self._by_name.get(None)
        if found is None:
            raise Misfit("a stream that rows names", f'"{stream}"')
        return found

    def read(self, stream: bytes, sequence: int, payload: bytes, generation: int) -> Row[Any]:
        name = self._names.get(stream)
        if name is None:
            name = self._names[stream] = stream.decode("utf-8", "replace")
        try:
            value = self._decoder(name)(_records.parse(payload))
        except Misfit as misfit:
            raise RowMisfit(name, sequence, misfit) from None
        self.delivered += 1
        return Row(value, name, sequence, generation)


def _row_error(problem: RowMisfit, request: "_Request") -> Error:
    code, base = request.call.code, request.call.error
    if code == lib.LW_OK:  # the child was done before it could be asked to stop
        base.generation = request.struct.generation
    where = f'stream "{problem.stream}", sequence {problem.sequence}: '
    return _failures.make(
        Verdict.ROW_DECODE,
        where + str(problem.misfit),
        base,
        path="$" + problem.misfit.path,
        stream=problem.stream,
        sequence=problem.sequence,
        has_row=lib.LW_ROW_AT_FAULT,
        command=request.export,
        rows=request.reader.delivered,
        status=0,
    )


def _decode(kind: Any, text: bytes | None, what: str, verdict: Verdict, **fields: Any) -> Any:
    """The text of a reply or of a summary; None: there was none."""
    if text is None and (kind is None or kind is Any or _records.is_optional(kind)):
        return None
    try:
        if text is None:
            raise Misfit("metadata", "none")
        return _records.decoder(Any if kind is None else kind)(_records.parse(text))
    except Misfit as misfit:
        raise _failures.make(verdict, f"{what}: {misfit}", path="$" + misfit.path, **fields) from None


def _json(slice_: Any) -> Any:
    return _records.parse(bytes(ffi.buffer(slice_.at, slice_.size))) if slice_.size else None


# ---- A request -----------------------------------------------------------------------------------------


def _input(request: bytes) -> Any:
    """A struct that is passed by value; the text must be kept by the caller."""
    made = ffi.new("struct lw_input *")
    made.text, made.size = ffi.from_buffer("char[]", request), len(request)
    return made


class _Request:
    """One run of a streaming export."""

    def __init__(
        self, state: "State", session: Any, export: str, request: Any, rows: RowTypes, summary: Any,
        handlers: Mapping[int, Callable[..., object] | None], hold_bytes: int, cancel: CancelToken | None,
    ):
        self.state, self.session = state, session
        self.export, self.kind, self.hold_bytes = export, summary, hold_bytes
        self.reader = RowReader(rows)
        self.text = _records.request_text(request)
        self.name = _structs.text(export)
        given = {kind: handler for kind, handler in handlers.items() if handler is not None}
        self.call = Call(f'the stream "{export}"', given, cancel)
        self.struct = ffi.gc(_structs.new("lw_summary"), lib.lw_summary_clear)

    def work(self, budgets: Budgets | None, deadline: float | None) -> Callable[[Any], Any]:
        call, struct, session, name, text = self.call, self.struct, self.session, self.name, self.text
        sinks = _structs.new("lw_sinks")
        sinks.hold_bytes = self.hold_bytes
        sinks.on_row = _call.on_row
        if _call.DIAGNOSTIC in call.handlers:
            sinks.on_diagnostic = _call.on_diagnostic
        if _call.PROGRESS in call.handlers:
            sinks.on_progress = _call.on_progress

        def work(token: Any) -> Any:
            options = _call.call_options(budgets, deadline, token)
            context, given = ffi.new_handle(call), _input(text)
            sinks.context = context
            code = lib.lw_session_stream(session[0], name, given[0], sinks, options, struct, call.error)
            del context, given
            return code

        return work

    def summary(self) -> Summary[Any]:
        s = self.struct
        text = bytes(ffi.buffer(s.metadata, s.metadata_size)) if s.metadata else None
        return Summary(
            rows=s.rows,
            streams={_structs.string(s.streams[i].stream): s.streams[i].rows for i in range(s.stream_count)},
            elapsed_ns=s.elapsed_ns,
            metadata=_decode(self.kind, text, "the metadata", Verdict.SUMMARY_DECODE,
                             command=self.export, generation=s.generation, rows=s.rows),
            generation=s.generation,
            restarted=Restart(s.restarted),
            pid=s.pid,
        )


def _abandon(request: _Request) -> None:
    """The finalizer of a stream that was not read to its end."""
    call, state = request.call, request.state
    if state.turns.is_forked():
        return
    if call.is_mine():
        call.on_end = functools.partial(state.leave, call)
        call.ask()
    else:
        call.stop()
        state.leave(call)


class Stream(Generic[T, M], Iterator[Row[T]]):
    """The rows of a request that is running. Closing it early cancels the request; the worker stays usable."""

    def __init__(self, owner: object, request: _Request, work: Callable[[Any], Any]):
        self._owner = owner  # keeps session and worker
        self._request = request
        self._summary: Summary[M] | None = None
        self._done = False
        call = request.call
        call.keeper = weakref.ref(self)
        self._finalizer = weakref.finalize(self, _abandon, request)
        try:
            request.state.enter(call)
            call.begin(work)
        except BaseException:
            call.stop()
            request.state.leave(call)
            raise

    def __next__(self) -> Row[T]:
        request = self._request
        if self._done:
            raise StopIteration
        if request.state.turns.is_forked():
            raise _failures.misuse("this stream belongs to the process that this one was forked from")
        try:
            while (event := request.call.next()) is not None:
                if event[0] == _call.ROW:
                    return request.reader.read(*event[1:])
                request.call.handle(event)
            self._end()
        except RowMisfit as problem:
            self.close()
            raise _row_error(problem, request) from None
        except BaseException:
            self.close()
            raise
        raise StopIteration

    def _end(self) -> None:
        self._request.call.check()
        self._summary = self._request.summary()
        self.close()

    @property
    def summary(self) -> Summary[M]:
        """Once the stream has been read to its end."""
        if self._summary is None:
            raise _failures.misuse("there is no summary before the stream has been read to its end in success")
        return self._summary

    def close(self) -> None:
        """Ends the request if it is running. Rows that have not been read are dropped."""
        if self._request.call.is_in_callback():
            raise _failures.misuse("a stream is closed in a callback of its own; raise an exception instead")
        self._done = True
        _abandon(self._request)
        self._finalizer.detach()

    def __enter__(self) -> "Stream[T, M]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# ---- Session -------------------------------------------------------------------------------------------


def _forget_session(state: "State", session: Any) -> None:
    state.close_session(session)


class Session:
    """A worker has one at a time. worker.open makes it."""

    def __init__(self, worker: "Worker", state: "State", session: Any):
        self.worker = worker
        self._state, self._session = state, session
        self._finalizer = weakref.finalize(self, _forget_session, state, session)

    # ---- Streams

    @overload
    def stream(
        self, export: str, request: Any = ..., *, rows: type[T], summary: type[M],
        on_diagnostic: OnDiagnostic | None = ..., on_progress: OnProgress | None = ..., hold_bytes: int = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Stream[T, M]: ...
    @overload
    def stream(
        self, export: str, request: Any = ..., *, rows: Mapping[str, type[T]], summary: type[M],
        on_diagnostic: OnDiagnostic | None = ..., on_progress: OnProgress | None = ..., hold_bytes: int = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Stream[T, M]: ...
    @overload
    def stream(
        self, export: str, request: Any = ..., *, rows: type[T], summary: Any = ...,
        on_diagnostic: OnDiagnostic | None = ..., on_progress: OnProgress | None = ..., hold_bytes: int = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Stream[T, Any]: ...
    @overload
    def stream(
        self, export: str, request: Any = ..., *, rows: Mapping[str, type[T]], summary: Any = ...,
        on_diagnostic: OnDiagnostic | None = ..., on_progress: OnProgress | None = ..., hold_bytes: int = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Stream[T, Any]: ...
    @overload
    def stream(
        self, export: str, request: Any = ..., *, rows: RowTypes = ..., summary: Any = ...,
        on_diagnostic: OnDiagnostic | None = ..., on_progress: OnProgress | None = ..., hold_bytes: int = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Stream[Any, Any]: ...

    def stream(
        self,
        export: str,
        request: Any = "{}",
        *,
        rows: RowTypes = None,
        summary: Any = None,
        on_diagnostic: OnDiagnostic | None = None,
        on_progress: OnProgress | None = None,
        hold_bytes: int = 0,
        budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Stream[Any, Any]:
        """lw_session_stream, as an iterator: the request runs on a thread of its own, a bounded number of
        rows ahead of the loop. Callbacks are made while the next row is waited for, where that is done.
        """
        handlers = {_call.DIAGNOSTIC: on_diagnostic, _call.PROGRESS: on_progress}
        made = _Request(
            self._state, self._session, export, request, rows, summary, handlers, hold_bytes, cancel
        )
        return Stream(self, made, made.work(budgets, deadline))

    def run(
        self,
        export: str,
        request: Any = "{}",
        *,
        on_row: Callable[[Row[Any]], object] | None = None,
        rows: RowTypes = None,
        summary: Any = None,
        on_diagnostic: OnDiagnostic | None = None,
        on_progress: OnProgress | None = None,
        hold_bytes: int = 0,
        budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Summary[Any]:
        """lw_session_stream, with callbacks: they run where this is called. An exception in one ends the
        request and comes out of this call; the worker stays usable.
        """
        handlers = {_call.DIAGNOSTIC: on_diagnostic, _call.PROGRESS: on_progress}
        made = _Request(
            self._state, self._session, export, request, rows, summary, handlers, hold_bytes, cancel
        )

        def take(*event: Any) -> None:
            row = made.reader.read(*event)
            if on_row is not None:
                on_row(row)

        made.call.handlers[_call.ROW] = take
        self._run(made.call, made.work(budgets, deadline), made)
        return made.summary()

    def _run(self, call: Call, work: Callable[[Any], Any], request: _Request) -> None:
        try:
            self._state.enter(call)
            call.run(work, self._state.interruptible)
        except RowMisfit as problem:
            raise _row_error(problem, request) from None
        finally:
            self._state.leave(call)

    # ---- Commands

    @overload
    def call(
        self, export: str, request: Any = ..., *, reply: type[M],
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Reply[M]: ...
    @overload
    def call(
        self, export: str, request: Any = ..., *, reply: Any = ...,
        budgets: Budgets | None = ..., deadline: float | None = ..., cancel: CancelToken | None = ...,
    ) -> Reply[Any]: ...

    def call(
        self,
        export: str,
        request: Any = "{}",
        *,
        reply: Any = None,
        budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Reply[Any]:
        """lw_session_call: a JSON command. reply: the type of its answer."""
        struct = ffi.gc(_structs.new("lw_reply"), lib.lw_reply_clear)
        self._ask(lib.lw_session_call, export, request, struct, budgets, deadline, cancel)
        text = bytes(ffi.buffer(struct.text, struct.size))
        value = _decode(reply, text, "the reply", Verdict.REPLY_DECODE, command=export, generation=struct.generation)
        return Reply(
            value=value,
            text=text.decode(),
            elapsed_ns=struct.elapsed_ns,
            generation=struct.generation,
            restarted=Restart(struct.restarted),
        )

    def _ask(
        self, function: Any, export: str, request: Any, struct: Any,
        budgets: Budgets | None, deadline: float | None, cancel: CancelToken | None,
    ) -> None:
        text, name, session = _records.request_text(request), _structs.text(export), self._session
        given = _input(text)
        self._state.run(f'"{export}"', lambda token, error: function(
            session[0], name, given[0], _call.call_options(budgets, deadline, token), struct, error), cancel)

    # ---- Metadata and doctor

    def metadata(
        self, export: str, request: Any = "{}", *,
        budgets: Budgets | None = None, deadline: float | None = None, cancel: CancelToken | None = None,
    ) -> Metadata:
        """lw_session_metadata"""
        struct = ffi.gc(_structs.new("lw_metadata"), lib.lw_metadata_clear)
        self._ask(lib.lw_session_metadata, export, request, struct, budgets, deadline, cancel)
        return _metadata(struct)

    def expect_metadata(
        self, export: str, expected: Expectation | None = None, *,
        budgets: Budgets | None = None, deadline: float | None = None, cancel: CancelToken | None = None,
    ) -> Metadata:
        """lw_session_expect_metadata: asks, and raises MetadataError where it is not as expected."""
        session, name = self._session, _structs.text(export)
        wanted, kept = _expectation(expected or Expectation())
        self._state.run("expect_metadata", lambda token, error: lib.lw_session_expect_metadata(
            session[0], name, wanted, _call.call_options(budgets, deadline, token), error), cancel)
        del kept
        return _metadata(lib.lw_session_expected_metadata(session[0]))

    def doctor(
        self, export: str, request: Any = "{}", *,
        budgets: Budgets | None = None, deadline: float | None = None, cancel: CancelToken | None = None,
    ) -> DoctorReport:
        """lw_session_doctor"""
        struct = ffi.gc(_structs.new("lw_doctor_report"), lib.lw_doctor_report_clear)
        self._ask(lib.lw_session_doctor, export, request, struct, budgets, deadline, cancel)
        return _doctor(struct)

    # ---- The rest

    def facts(self) -> SessionFacts:
        """lw_session_facts"""
        struct = _structs.new("lw_session_facts")
        self._state.run("facts", lambda token, error: lib.lw_session_facts(self._session[0], struct), waits=False)
        return _structs.read(SessionFacts, struct)

    def set_budgets(self, budgets: Budgets) -> None:
        """lw_session_set_budgets"""
        struct = ffi.new("struct lw_budgets *")
        _structs.write(struct, budgets)
        self._state.run("set_budgets", lambda token, error: lib.lw_session_set_budgets(
            self._session[0], struct, error), waits=False)

    def close(self) -> None:
        """Forgets the session; the child keeps the capability loaded. Behind a call that is running."""
        self._finalizer()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# ---- Metadata and doctor, read --------------------------------------------------------------------------


def _named(array: Any, count: int) -> tuple[NamedVersion, ...]:
    return tuple(
        NamedVersion(_structs.string(array[i].name), _structs.string(array[i].version)) for i in range(count)
    )


def _metadata(struct: Any) -> Metadata:
    return Metadata(
        commands=_named(struct.commands, struct.command_count),
        capabilities=_named(struct.capabilities, struct.capability_count),
        lean_version=_structs.optional(struct.lean_version),
        extra=_json(struct.extra),
        json=_records.parse(bytes(ffi.buffer(struct.json, struct.json_size))),
        generation=struct.generation,
    )


def _doctor(struct: Any) -> DoctorReport:
    each = [struct.findings[i] for i in range(struct.finding_count)]
    return DoctorReport(
        findings=tuple(
            Finding(
                severity=Severity(finding.severity),
                code=_structs.string(finding.code),
                message=_structs.string(finding.message),
                details=_json(finding.details),
            )
            for finding in each
        ),
        verdict=Severity(lib.lw_doctor_verdict(struct)),
        metadata=_json(struct.metadata),
        json=_records.parse(bytes(ffi.buffer(struct.json, struct.json_size))),
        generation=struct.generation,
    )


def _set_range(struct: Any, given: VersionRange, kept: list[Any]) -> None:
    for name in ("name", "at_least", "below"):
        string = _structs.text(getattr(given, name))
        kept.append(string)
        setattr(struct, name, string)


def _ranges(given: Sequence[VersionRange], kept: list[Any]) -> Any:
    array = ffi.new("struct lw_version_range[]", len(given))
    for i, each in enumerate(given):
        _set_range(array[i], each, kept)
    kept.append(array)
    return array


def _expectation(given: Expectation) -> tuple[Any, list[Any]]:
    """The struct, and what it points to."""
    struct, kept = _structs.new("lw_expectation"), []
    for name in ("equals", "includes"):
        value = getattr(given, name)
        string = _structs.text(None if value is None else _records.request_text(value).decode())
        kept.append(string)
        setattr(struct, name, string)
    struct.commands, struct.command_count = _ranges(given.commands, kept), len(given.commands)
    struct.capabilities, struct.capability_count = _ranges(given.capabilities, kept), len(given.capabilities)
    _set_range(struct.lean, given.lean, kept)
    return struct, kept
