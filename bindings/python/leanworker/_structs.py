# SPDX-License-Identifier: Apache-2.0
"""Between C structs and dataclasses, and between C strings and str."""
import dataclasses
import enum
import functools
import os
import typing
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from leanworker._library import ffi

T = TypeVar("T")


def new(name: str) -> Any:
    """A struct that says its own size, all else zero."""
    made = ffi.new(f"struct {name} *")
    made.struct_size = ffi.sizeof(made[0])
    return made


def string(value: Any) -> str:
    """Of a char array, or of a pointer; "" for NULL."""
    return str(ffi.string(value), "utf-8", "replace") if value else ""


def optional(value: Any) -> str | None:
    return string(value) if value else None


def encoded(value: str | os.PathLike[str]) -> bytes:
    data = os.fsencode(value)
    if b"\0" in data:
        raise ValueError(f"embedded null character in {value!r}")
    return data


def text(value: str | os.PathLike[str] | None) -> Any:
    """A C string; who gives it to the library keeps it."""
    return ffi.NULL if value is None else ffi.new("char[]", encoded(value))


class Texts:
    """An array of C strings that ends with NULL, or NULL for none at all."""

    def __init__(self, values: Iterable[str | os.PathLike[str]] | None):
        self._each = [text(value) for value in values or ()]
        self.array = ffi.new("char *[]", [*self._each, ffi.NULL]) if values is not None else ffi.NULL


def _reader(kind: Any) -> Callable[[Any], Any]:
    if kind is str:
        return string
    if typing.get_origin(kind) is dict:
        keys = typing.get_args(kind)[0]
        return lambda value: {key: value[key] for key in keys}
    if typing.get_origin(kind) is tuple:
        return tuple
    if dataclasses.is_dataclass(kind):
        return lambda value: read(kind, value)
    if isinstance(kind, type) and issubclass(kind, (int, enum.Enum)):
        return kind
    return int  # int | None


@functools.cache
def _readers(cls: type) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(name, _reader(kind)) for name, kind in typing.get_type_hints(cls).items()]


def members(cls: type, struct: Any) -> dict[str, Any]:
    """What the struct has of each annotated name of the class."""
    return {name: reader(getattr(struct, name)) for name, reader in _readers(cls)}


def read(cls: type[T], struct: Any) -> T:
    return cls(**members(cls, struct))


def write(struct: Any, value: Any) -> None:
    """Sets each member that the dataclass has."""
    for field in dataclasses.fields(value):
        try:
            setattr(struct, field.name, getattr(value, field.name))
        except (OverflowError, TypeError) as error:
            raise type(error)(f"{type(value).__name__}.{field.name}: {error}") from None
