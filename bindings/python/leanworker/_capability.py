# SPDX-License-Identifier: Apache-2.0
"""From a Lake project to a capability, and what a capability exports."""
import dataclasses
import os
from collections.abc import Callable, Iterable
from typing import Any

from leanworker import _call, _failures, _records, _structs
from leanworker._abi import Budgets, Build, Export, Toolchain
from leanworker._call import Call, CancelToken
from leanworker._library import ffi, lib

Path = str | os.PathLike[str]
# A place that was looked at, its path, and what was found there.
OnProbe = Callable[[str, str, str], object]


# ---- Toolchain and build -------------------------------------------------------------------------------


def find_toolchain(
    *, sysroot: Path | None = None, project_root: Path | None = None, on_probe: OnProbe | None = None
) -> Toolchain:
    """lw_toolchain_find: a Lean toolchain that is on this machine."""
    options, found = _structs.new("lw_toolchain_options"), _structs.new("lw_toolchain")
    strings = [_structs.text(sysroot), _structs.text(project_root)]
    options.sysroot, options.project_root = strings
    call = Call("find_toolchain", {_call.PROBE: on_probe} if on_probe else {})

    def work(token: Any) -> Any:
        options.context = context = ffi.new_handle(call)
        options.on_probe = _call.on_probe if on_probe else ffi.NULL
        code = lib.lw_toolchain_find(options, found, call.error)
        del context
        return code

    call.run(work)
    return _structs.read(Toolchain, found)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """struct lw_build_options, but for the cancel token"""

    project_root: Path | None = None
    library: str | None = None
    module: str | None = None
    sysroot: Path | None = None
    manifest: Path | None = None
    child_path: Path | None = None
    build_ms: int = 0
    always: bool = False
    allow_fetch: bool = False
    on_progress: Callable[[str, int, int | None], object] | None = None
    on_log: Callable[[bytes], object] | None = None
    on_probe: OnProbe | None = None

    def _handlers(self) -> _call.Handlers:
        given = {_call.PROGRESS: self.on_progress, _call.BUILD_LOG: self.on_log, _call.PROBE: self.on_probe}
        return {kind: handler for kind, handler in given.items() if handler is not None}

    def _struct(self) -> tuple[Any, list[Any]]:
        """The struct, without token and context, and what it points to."""
        struct, kept = _structs.new("lw_build_options"), []
        for name in ("project_root", "library", "module", "sysroot", "manifest", "child_path"):
            kept.append(_structs.text(getattr(self, name)))
            setattr(struct, name, kept[-1])
        struct.build_ms, struct.always, struct.allow_fetch = self.build_ms, self.always, self.allow_fetch
        struct.on_progress = _call.on_build_progress if self.on_progress else ffi.NULL
        struct.on_log = _call.on_build_log if self.on_log else ffi.NULL
        struct.on_probe = _call.on_probe if self.on_probe else ffi.NULL
        return struct, kept


def build(options: BuildOptions, *, cancel: CancelToken | None = None) -> Build:
    """lw_build: lets Lake build a library of a project, and writes its manifest."""
    struct, kept = options._struct()
    made, call = _structs.new("lw_build"), Call("build", options._handlers(), cancel)

    def work(token: Any) -> Any:
        struct.cancel, struct.context = token[0], (context := ffi.new_handle(call))
        code = lib.lw_build(struct, made, call.error)
        del context
        return code

    call.run(work)
    del kept
    return _structs.read(Build, made)


# ---- Exports -------------------------------------------------------------------------------------------


class Exports:
    """What a shared library says of itself."""

    def __init__(self, struct: Any):
        self._struct = ffi.gc(struct, lib.lw_exports_clear)
        each = [struct.exports[i] for i in range(struct.export_count)]
        self.exports = tuple(_structs.read(Export, one) for one in each)
        self.undefined = self._strings(struct.undefined, struct.undefined_count)
        self.needed = self._strings(struct.needed, struct.needed_count)
        self.machine = _structs.string(struct.machine)
        self.build_id = _structs.string(struct.build_id)
        self.size = int(struct.size)

    @staticmethod
    def _strings(array: Any, count: int) -> tuple[str, ...]:
        return tuple(_structs.string(array[i]) for i in range(count))

    def find(self, name: str) -> Export:
        """The export that a request means by this name."""
        found, error, string = ffi.new("const struct lw_export **"), _failures.new_error(), _structs.text(name)
        _failures.check(lib.lw_exports_find(self._struct, string, found, error), error)
        return _structs.read(Export, found[0])


def _exports(
    function: Any,
    subject: Any,
    child_path: Path | None,
    budgets: Budgets | None,
    deadline: float | None,
    cancel: CancelToken | None,
) -> Exports:
    found, child, call = _structs.new("lw_exports"), _structs.text(child_path), Call("exports", {}, cancel)
    call.run(
        lambda token: function(subject, child, _call.call_options(budgets, deadline, token), found, call.error)
    )
    return Exports(found)


def library_exports(
    library: Path,
    *,
    child_path: Path | None = None,
    budgets: Budgets | None = None,
    deadline: float | None = None,
    cancel: CancelToken | None = None,
) -> Exports:
    """lw_library_exports: what any shared library exports. It is read, and never opened."""
    return _exports(lib.lw_library_exports, _structs.text(library), child_path, budgets, deadline, cancel)


# ---- Capability ----------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Capability:
    """What to load. Immutable; workers and threads may share it."""

    _box: Any = dataclasses.field(repr=False)

    @property
    def _handle(self) -> Any:
        return self._box[0]

    @classmethod
    def _make(cls, function: Callable[[Any, Any], Any]) -> "Capability":
        made, error = ffi.new("lw_capability **"), _failures.new_error()
        _failures.check(function(made, error), error)
        return cls(ffi.gc(made, lib.lw_capability_free))

    @classmethod
    def load(cls, manifest: Path) -> "Capability":
        """lw_capability_load: reads a manifest."""
        path = _structs.text(manifest)
        return cls._make(lambda made, error: lib.lw_capability_load(path, made, error))

    @classmethod
    def create(
        cls,
        *,
        host: str,
        library: Path,
        runtime: Path | None = None,
        package: str | None = None,
        module: str | None = None,
        dependencies: Iterable[Path] | None = None,
        imports: Any = None,
        lean_version: str | None = None,
    ) -> "Capability":
        """lw_capability_create: without a manifest. imports: a dict, or JSON text."""
        options, others = _structs.new("lw_capability_options"), _structs.Texts(dependencies)
        request = None if imports is None else _records.request_text(imports).decode()
        names = ("host", "library", "runtime", "package", "module", "imports", "lean_version")
        strings = list(map(_structs.text, (host, library, runtime, package, module, request, lean_version)))
        for name, string in zip(names, strings):
            setattr(options, name, string)
        options.dependencies = others.array
        return cls._make(lambda made, error: lib.lw_capability_create(options, made, error))

    def with_imports(self, imports: Any) -> "Capability":
        """lw_capability_with_imports: the same one, and what each child imports. A dict, or JSON text."""
        string = _structs.text(_records.request_text(imports).decode())
        return self._make(lambda made, error: lib.lw_capability_with_imports(self._handle, string, made, error))

    def exports(
        self,
        *,
        child_path: Path | None = None,
        budgets: Budgets | None = None,
        deadline: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Exports:
        """lw_capability_exports"""
        return _exports(lib.lw_capability_exports, self._handle, child_path, budgets, deadline, cancel)
