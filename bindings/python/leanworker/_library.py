# SPDX-License-Identifier: Apache-2.0
"""Finds libleanworker, opens it, and makes sure that it is the one that _abi.py describes."""
import os
import pathlib
import sysconfig
from collections.abc import Iterator
from typing import Any

try:
    import cffi  # type: ignore[import]
except ImportError as error:
    raise ImportError("leanworker needs cffi: apt-get install python3-cffi") from error

from leanworker import _abi

SONAME = "libleanworker.so.0"

ffi: Any = cffi.FFI()
ffi.cdef(_abi.CDEF)

# All types that are named anywhere, read now: cffi's parser does not survive an interrupt.
_OTHERS = ("char[]", "char *[]", "int *", "lw_cancel_token **", "lw_capability **", "lw_session **",
           "lw_worker **", "const struct lw_export **", "struct lw_version_range[]")
for _name in (*(f"struct {name} *" for name in _abi.STRUCTS), *_OTHERS):
    ffi.typeof(_name)


def _places() -> Iterator[str]:
    """Where it may be, in the order in which it is looked for; the last is the dynamic linker's."""
    named = os.environ.get("LEANWORKER_LIBRARY")
    if named:
        yield named
        return
    prefix = pathlib.Path(__file__).resolve().parents[4]  # of lib/python3/dist-packages/leanworker
    for folder in ("lib", "lib64", f"lib/{sysconfig.get_config_var('MULTIARCH')}"):
        yield str(prefix / folder / SONAME)
    yield SONAME


def _open() -> tuple[Any, str]:
    tried = []
    for place in _places():
        try:
            return ffi.dlopen(place), place
        except OSError as error:
            tried.append(str(error).removeprefix(f"cannot load library '{place}': "))
    raise ImportError(
        f"{SONAME} was not found; LEANWORKER_LIBRARY can name it. Tried:\n  " + "\n  ".join(tried)
    )


def _names_differ(library: Any, kind: type[_abi.Verdict | _abi.Restart | _abi.Code]) -> str | None:
    """The first member of an enum that the library calls otherwise."""
    function = getattr(library, f"lw_{kind.__name__.lower()}_name")
    for member in kind:
        name = ffi.string(function(member)).decode()
        if name.removeprefix("LW_").removeprefix("E_").upper() != member.name:
            return f"{kind.__name__} {member.value} is {name} there and {member.name} here"
    return None


def _difference(library: Any) -> str | None:
    """What shows that the library is another one than these declarations are of."""
    try:
        version, size_of = ffi.string(library.lw_version()).decode(), library.lw_struct_size
    except AttributeError as error:
        return str(error)
    if version != _abi.VERSION:
        return f"it is version {version}, and the package is {_abi.VERSION}"
    for name in _abi.STRUCTS:
        there, here = size_of(name.encode()), ffi.sizeof(f"struct {name}")
        if there != here:
            return f"struct {name} has {there} bytes there and {here} here"
    return (
        _names_differ(library, _abi.Code)
        or _names_differ(library, _abi.Verdict)
        or _names_differ(library, _abi.Restart)
    )


def _load() -> tuple[Any, str]:
    library, place = _open()
    difference = _difference(library)
    if difference:
        raise ImportError(
            f"{place} is not the libleanworker that this package was made for: {difference}. "
            "Install both from one version; LEANWORKER_LIBRARY names another library."
        )
    for name in dir(library):  # bound now, for the same reason
        getattr(library, name)
    return library, place


lib: Any
lib, path = _load()
