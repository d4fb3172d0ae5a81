# SPDX-License-Identifier: Apache-2.0
"""How a call of the library is made: it blocks in C, and Python stays in charge.

A signal handler of Python runs on the main thread, between two steps of Python code, and so never while
that thread is in the library. A call of the main thread is therefore made by a thread of its own, and the
main thread waits for it in Python; what the library reports meanwhile comes through a bounded queue, and
callbacks run where the call was made. When that wait is left by an exception (Ctrl-C is one), the call is
cancelled and its end awaited before the exception goes on. A call of another thread is made directly.

Queue and waits are made of locks and SimpleQueue, which are C and not to be interrupted halfway.
"""
import _thread
import collections
import functools
import os
import queue
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from leanworker import _failures, _structs
from leanworker._abi import Budgets, Step
from leanworker._library import ffi, lib

# Of the queue, in credits of so many bytes: what may be on its way to a slow consumer.
CREDITS = 256
CREDIT_BYTES = 16384

ROW, DIAGNOSTIC, PROGRESS, LOG, OPEN_PROGRESS, PROBE, BUILD_LOG, STEP = range(8)

Event = tuple[Any, ...]
Handlers = dict[int, Callable[..., Any]]


# ---- Cancelling --------------------------------------------------------------------------------------


def new_token() -> Any:
    """A pointer to the token's pointer: C frees it, and no step of Python, which may be interrupted."""
    made, error = ffi.new("lw_cancel_token **"), _failures.new_error()
    _failures.check(lib.lw_cancel_token_create(made, error), error)
    return ffi.gc(made, lib.lw_cancel_token_free)


class CancelToken:
    """Cancels the calls that were given it, from any thread and from signal handlers.

    It stays cancelled until it is reset. Each call has a token of the library's of its own: what ends a
    call from inside, such as Ctrl-C, never cancels this one.
    """

    def __init__(self) -> None:
        self._cancelled = False
        self._calls: dict[int, Any] = {}

    def cancel(self) -> None:
        self._cancelled = True
        for token in self._calls.copy().values():
            lib.lw_cancel_token_cancel(token[0])

    def reset(self) -> None:
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def _attach(self, token: Any) -> None:
        self._calls[id(token)] = token  # first: a cancel from here on finds it
        if self._cancelled:
            lib.lw_cancel_token_cancel(token[0])

    def _detach(self, token: Any) -> None:
        self._calls.pop(id(token), None)


def call_options(budgets: Budgets | None, deadline: float | None, token: Any) -> Any:
    call = _structs.new("lw_call_options")
    if budgets is not None:
        _structs.write(call.budgets, budgets)
    if deadline is not None:
        call.deadline_ns = max(1, int(deadline * 1e9))
    call.cancel = token[0]
    return call


def _raise(kept: list[BaseException]) -> None:
    """No frame keeps it: an exception knows the frames that it came through, and they what users hold."""
    raise kept.pop()


class _Frame:
    """Lives as long as a frame does."""


def _nobody() -> None:
    return None


# ---- One call ----------------------------------------------------------------------------------------


class Call:
    """One call, from its begin until its outcome is known.

    work makes it and answers its lw_code; it is given the token. Nothing here refers to the objects that
    users hold, so that they can be forgotten while the call is running.
    """

    def __init__(self, what: str, handlers: Handlers, cancel: CancelToken | None = None):
        self.what = what
        self.handlers = handlers
        self.token = new_token()
        self.error = _failures.new_error()
        self.code = 0
        self.over = False  # the library has returned
        # Who will end its turn, while there is somebody: the frame that runs it, or a stream.
        self.keeper: Callable[[], object] | None = None
        self.on_end: Callable[[], None] | None = None
        self._cancel = cancel
        self._raised: BaseException | None = None
        self._stopping = False
        self._threaded = False
        self._begun = False
        self._thread = 0
        self._handling = 0  # the thread that is in a callback of the user's
        self._gate = threading.Lock()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._credits: queue.SimpleQueue[None] = queue.SimpleQueue()

    # ---- Where the library is

    def _work(self, work: Callable[[Any], Any]) -> None:
        self._thread = threading.get_ident()
        if self._cancel is not None:
            self._cancel._attach(self.token)
        token = self.token
        try:
            self.code = work(token)
        except BaseException as error:  # before the library was called
            self._raised = self._raised or error
        finally:
            try:
                if self._cancel is not None:
                    self._cancel._detach(token)
                # Its descriptor goes now, and not when an exception that knows this frame is forgotten.
                self.token = token = None
            finally:
                self._thread, self.over = 0, True
                self._events.put(None)
                self._gate.release()
            if self.on_end is not None:
                self.on_end()

    def emit(self, event: Event, size: int = 0) -> int:
        """What the library reports: nonzero refuses it."""
        if self._raised is not None:
            return 1
        if not self._threaded:
            return self._emit_here(event)
        price = min(CREDITS, 1 + size // CREDIT_BYTES)
        if not self._stopping:
            for _ in range(price):
                self._credits.get()
        if self._stopping:
            return 0  # cancelled: nobody reads any more
        self._events.put((price, *event))
        return 0

    def _emit_here(self, event: Event) -> int:
        try:
            self.handle(event)
        except BaseException as error:
            self.refuse(error)
            return 1
        return 0

    def refuse(self, error: BaseException) -> None:
        """Ends the call; the error is raised where the call was made."""
        if self._raised is None:
            self._raised = error
        self._cancel_it()

    def _cancel_it(self) -> None:
        token = self.token
        if token is not None:
            lib.lw_cancel_token_cancel(token[0])

    # ---- Where the call was made

    def begin(self, work: Callable[[Any], Any]) -> None:
        """On a thread of its own. A daemon: at exit, finalizers end the call, and nothing waits for it."""
        self._threaded = True
        self._gate.acquire()
        for _ in range(CREDITS):
            self._credits.put(None)
        self._begun = True  # no signal is looked at between this and the start
        try:
            _thread.start_new_thread(self._work, (work,))
        except RuntimeError:
            self.over = True
            raise

    def run(self, work: Callable[[Any], Any], interruptible: bool = True) -> None:
        """To its end; raises what went wrong."""
        frame = _Frame()
        self.keeper = weakref.ref(frame)
        self._run(work, interruptible)
        self.check()

    def _run(self, work: Callable[[Any], Any], interruptible: bool) -> None:
        if interruptible and threading.current_thread() is threading.main_thread():
            try:
                self.begin(work)
                while (event := self.next()) is not None:
                    self.handle(event)
            except BaseException:
                self.stop()
                raise
        else:
            self._gate.acquire()
            self._begun = True
            self._work(work)

    def next(self) -> Event | None:
        """The next event; None at the end, however often it is asked."""
        event = self._events.get()
        if event is None:
            self._events.put(None)
            return None
        for _ in range(event[0]):
            self._credits.put(None)
        return event[1:]

    def handle(self, event: Event) -> Any:
        handler = self.handlers.get(event[0])
        if handler is None:
            return None
        self._handling = threading.get_ident()
        try:
            return handler(*event[1:])
        finally:
            self._handling = 0

    def check(self) -> None:
        raised, self._raised = self._raised, None
        if raised is not None:
            _raise([raised])
        _failures.check(self.code, self.error)

    def stop(self) -> None:
        """Cancels the call and waits for its end. A second Ctrl-C is raised behind that, not in front of it."""
        interrupt: BaseException | None = None
        while not self.over:
            try:
                self.ask()
                if not self._begun:
                    break
                self.wait()
            except BaseException as error:
                interrupt = error
        if interrupt is not None:
            kept, interrupt = [interrupt], None
            _raise(kept)

    def ask(self) -> None:
        self._stopping = True
        self._cancel_it()
        for _ in range(CREDITS):
            self._credits.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Until the library has returned, or not so long."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self.over and (until is None or time.monotonic() < until):
            if self._gate.acquire(timeout=1 if until is None else max(0, until - time.monotonic())):
                self._gate.release()  # for others who wait
        return self.over

    def is_mine(self) -> bool:
        """This thread is the one in the library: the collector asks, in a callback."""
        return self._thread == threading.get_ident()

    def is_stale(self) -> bool:
        """Nobody will end its turn: an exception came in between."""
        return self.keeper is not None and self.keeper() is None

    def is_running(self) -> bool:
        return self._begun and not self.over

    def is_in_callback(self) -> bool:
        return self._handling == threading.get_ident()


# ---- One call at a time ------------------------------------------------------------------------------


class _Closing:
    """Takes a turn for what was put off."""

    what = "closing"

    def is_stale(self) -> bool:
        return False


class Turns:
    """Who may call a worker now: one at a time, in the process that started it.

    A slot and no lock, and it keeps nobody alive: an exception that a signal handler raises can come
    between any two steps, also the last ones of a call. Who holds the slot then tells whether it is stale.
    """

    def __init__(self, name: str):
        self.name = name
        self.pid = os.getpid()
        self._slot: dict[str, Callable[[], Call | _Closing | None]] = {}
        self._later: collections.deque[Callable[[], None]] = collections.deque()

    def is_forked(self) -> bool:
        return os.getpid() != self.pid

    @property
    def current(self) -> Call | None:
        holder = self._slot.get("holder", lambda: None)()
        return holder if isinstance(holder, Call) else None

    def enter(self, call: Call) -> None:
        if self.is_forked():
            raise _failures.misuse(f"{self.name} belongs to process {self.pid}; this one was forked from it")
        ticket = weakref.ref(call)
        while (taken := self._slot.setdefault("holder", ticket)) is not ticket:
            holder = taken()
            if holder is not None and not holder.is_stale():
                raise _failures.misuse(
                    f"{self.name} is busy with {holder.what}: it serves one call at a time. End that one (close "
                    "a stream that is not read to its end), or start another worker"
                )
            if isinstance(holder, Call):
                holder.stop()
            if self._slot.get("holder") is taken:
                del self._slot["holder"]

    def leave(self, call: Call) -> None:
        """Once for each call, however often it is called."""
        if self.current is not call:
            return
        if call.is_running():  # an exception came in front of its stop
            call.keeper = _nobody
            call.on_end = functools.partial(self.leave, call)
            call.ask()
        if not call.is_running():
            self._vacate()

    def when_idle(self, action: Callable[[], None]) -> None:
        """Now, or behind the call that is running; never waits."""
        self._later.append(action)
        closing = _Closing()
        ticket = weakref.ref(closing)
        if self._slot.setdefault("holder", ticket) is ticket:
            self._vacate()

    def _vacate(self) -> None:
        while True:
            while self._later:
                self._later.popleft()()
            self._slot.pop("holder", None)
            if not self._later or "holder" in self._slot:
                return
            closing = _Closing()
            self._slot["holder"] = weakref.ref(closing)


# ---- Callbacks of the library ------------------------------------------------------------------------
#
# The context is a handle: of the call for the sinks, of its worker's listener for what comes in any call.


class Listener:
    """Whom a worker's log and progress of opening go to."""

    def __init__(self) -> None:
        self.call: Call | None = None

    def emit(self, event: Event, size: int = 0) -> None:
        if self.call is not None:
            self.call.emit(event, size)

    def refuse(self, error: BaseException) -> None:
        if self.call is not None:
            self.call.refuse(error)


def _lost(kind: Any, error: Any, traceback: Any) -> None:
    """An exception that arose before emit was reached: a signal handler's, or want of memory."""
    frame = traceback.tb_frame if traceback is not None else None
    context = frame.f_locals.get("context") if frame is not None else None
    if context is not None:
        ffi.from_handle(context).refuse(error)


def _bytes(at: Any, size: int) -> bytes:
    return bytes(ffi.buffer(at, size)) if size > 0 else b""


@ffi.callback("int(void *, const struct lw_row *)", error=1, onerror=_lost)  # type: ignore[misc]
def on_row(context: Any, row: Any) -> int:
    size = row.payload_size
    event = (ROW, ffi.string(row.stream), row.sequence, _bytes(row.payload, size), row.generation)
    return ffi.from_handle(context).emit(event, size)  # type: ignore[no-any-return]


@ffi.callback("int(void *, const struct lw_diagnostic *)", error=1, onerror=_lost)  # type: ignore[misc]
def on_diagnostic(context: Any, diagnostic: Any) -> int:
    event = (DIAGNOSTIC, _structs.string(diagnostic.code), _structs.string(diagnostic.message))
    return ffi.from_handle(context).emit(event)  # type: ignore[no-any-return]


def _progress(progress: Any) -> tuple[str, int, int | None]:
    total = progress.total
    return _structs.string(progress.phase), progress.current, None if total == 2**64 - 1 else total


@ffi.callback("int(void *, const struct lw_progress *)", error=1, onerror=_lost)  # type: ignore[misc]
def on_progress(context: Any, progress: Any) -> int:
    return ffi.from_handle(context).emit((PROGRESS, *_progress(progress)))  # type: ignore[no-any-return]


@ffi.callback("void(void *, const struct lw_progress *)", onerror=_lost)  # type: ignore[misc]
def on_build_progress(context: Any, progress: Any) -> None:
    ffi.from_handle(context).emit((PROGRESS, *_progress(progress)))


@ffi.callback("void(void *, uint32_t, const struct lw_progress *)", onerror=_lost)  # type: ignore[misc]
def on_open_progress(context: Any, generation: int, progress: Any) -> None:
    ffi.from_handle(context).emit((OPEN_PROGRESS, generation, *_progress(progress)))


@ffi.callback("void(void *, uint32_t, const char *, size_t)", onerror=_lost)  # type: ignore[misc]
def on_log(context: Any, generation: int, text: Any, size: int) -> None:
    ffi.from_handle(context).emit((LOG, generation, _bytes(text, size)), size)


@ffi.callback("void(void *, const char *, size_t)", onerror=_lost)  # type: ignore[misc]
def on_build_log(context: Any, text: Any, size: int) -> None:
    ffi.from_handle(context).emit((BUILD_LOG, _bytes(text, size)), size)


@ffi.callback("void(void *, const char *, const char *, const char *)", onerror=_lost)  # type: ignore[misc]
def on_probe(context: Any, place: Any, path: Any, result: Any) -> None:
    ffi.from_handle(context).emit((PROBE, *map(_structs.string, (place, path, result))))


@ffi.callback("void(void *, lw_step)", onerror=_lost)  # type: ignore[misc]
def on_step(context: Any, step: int) -> None:
    ffi.from_handle(context).emit((STEP, Step(step)))
