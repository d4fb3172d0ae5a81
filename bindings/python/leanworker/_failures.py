# SPDX-License-Identifier: Apache-2.0
"""From struct lw_error to the exception of its code, and the errors that arise on this side."""
from typing import Any

from leanworker import _structs, exceptions
from leanworker._abi import Code, Verdict
from leanworker._error import Error
from leanworker._library import ffi, lib


def new_error() -> Any:
    made = _structs.new("lw_error")
    made.exit.code = -1  # not known
    return made


def from_struct(struct: Any) -> Error:
    raw = bytes(ffi.buffer(struct))
    return exceptions.BY_CODE.get(Code(struct.code), Error)(raw)


def check(code: int, struct: Any) -> None:
    if code != lib.LW_OK:
        if struct.code != code:  # a call that takes no struct lw_error
            raise misuse("the library refused the call")
        raise from_struct(struct)


def set_text(array: Any, value: str) -> None:
    """Cut to fit, and not within a character."""
    data = value.encode("utf-8", "replace")[: len(array) - 1].decode("utf-8", "ignore").encode()
    ffi.memmove(array, data + b"\0", len(data) + 1)


def make(verdict: Verdict, message: str, base: Any = None, **fields: Any) -> Error:
    """An error of this side; base: a struct lw_error to take everything else from."""
    struct = new_error()
    if base is not None:
        ffi.memmove(struct, base, ffi.sizeof(struct[0]))
    struct.verdict = verdict
    struct.code = lib.lw_verdict_code(verdict)
    set_text(struct.message, message)
    for name, value in fields.items():
        if isinstance(value, str):
            set_text(getattr(struct, name), value)
        else:
            setattr(struct, name, value)
    return from_struct(struct)


def misuse(message: str) -> Error:
    return make(Verdict.MISUSE, message)
