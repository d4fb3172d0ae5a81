# SPDX-License-Identifier: Apache-2.0
from typing import Any

from leanworker import _abi, _structs
from leanworker._library import ffi, lib


class Error(_abi.ErrorFields, Exception):
    """Why a call did not succeed, with all that struct lw_error says of it.

    There is one subclass for each code. Programs catch those; people read `message` and `explain()`.
    """

    def __init__(self, raw: bytes):
        self._raw = raw
        struct = self._struct()
        for name, value in _structs.members(_abi.ErrorFields, struct[0]).items():
            setattr(self, name, value)
        if self.has_row == lib.LW_ROW_NONE:
            self.sequence = None
        super().__init__(self.message)

    def _struct(self) -> Any:
        struct = ffi.new("struct lw_error *")
        ffi.memmove(struct, self._raw, ffi.sizeof(struct[0]))
        return struct

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._raw,)

    def __str__(self) -> str:
        return f"{self.verdict.name}: {self.message}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def explain(self) -> str:
        """What happened, the evidence, and what to do next: some paragraphs."""
        struct = self._struct()
        size = lib.lw_verdict_explain(struct, ffi.NULL, 0) + 1
        room = ffi.new("char[]", size)
        lib.lw_verdict_explain(struct, room, size)
        return _structs.string(room)
