# SPDX-License-Identifier: Apache-2.0
"""JSON to dataclasses and back, by the rules of docs/typed-commands.md: nothing is converted in silence."""
import dataclasses
import enum
import functools
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union

from leanworker import _failures
from leanworker._abi import Verdict

Decode = Callable[[Any], Any]
C = TypeVar("C", bound=type)

FOUND_MAX = 40  # characters of a value that an error quotes


@dataclasses.dataclass(frozen=True)
class Range:
    """What an int may be: Annotated[int, Range(0, 9)]."""

    least: int
    most: int


I32 = Annotated[int, Range(-(2**31), 2**31 - 1)]
I64 = Annotated[int, Range(-(2**63), 2**63 - 1)]
U8 = Annotated[int, Range(0, 2**8 - 1)]
U16 = Annotated[int, Range(0, 2**16 - 1)]
U32 = Annotated[int, Range(0, 2**32 - 1)]
U64 = Annotated[int, Range(0, 2**64 - 1)]


def key(name: str) -> dict[str, str]:
    """The JSON key, where it is not the field's name: field(metadata=key("public"))."""
    return {"leanworker.key": name}


def strict(cls: C) -> C:
    """A dataclass that refuses keys that it does not describe."""
    setattr(cls, "_leanworker_strict", True)
    return cls


# ---- What does not fit -----------------------------------------------------------------------------


class Misfit(Exception):
    """The path is found on the way out."""

    def __init__(self, expected: str, found: str):
        super().__init__()
        self.expected, self.found, self.path = expected, found, ""

    def inside(self, step: str) -> "Misfit":
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        return f"${self.path}: expected {self.expected}, found {self.found}"


def _describe(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= FOUND_MAX else written[:FOUND_MAX] + " and so on"


def _misfit(expected: str, value: Any) -> Misfit:
    return Misfit(expected, _describe(value))


# ---- Texts -----------------------------------------------------------------------------------------


class Doubled(dict[str, Any]):
    """An object in which a key comes twice."""

    def __init__(self, pairs: list[tuple[str, Any]]):
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.keys_twice = [name for name in self if names.count(name) > 1]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(pairs)


_parse = json.JSONDecoder(object_pairs_hook=_object).decode


def parse(text: bytes) -> Any:
    try:
        return _parse(text.decode())
    except ValueError as error:  # such as a whole number of more digits than Python reads
        raise Misfit("JSON that Python can read", str(error)) from None


def _refuse_twice(value: Doubled, names: Any) -> None:
    for name in value.keys_twice:
        if name in names:
            raise Misfit(f'the key "{name}" once', "it again").inside(f".{name}")


# ---- Decoding --------------------------------------------------------------------------------------


def _decode_any(value: Any) -> Any:
    if isinstance(value, dict):
        if type(value) is Doubled:
            _refuse_twice(value, value)
        for name, item in value.items():
            _within(f".{name}", _decode_any, item)
    elif type(value) is list:
        for at, item in enumerate(value):
            _within(f"[{at}]", _decode_any, item)
    elif type(value) is float:
        _decode_float(value)
    return value


def _within(step: str, decode: Decode, value: Any) -> Any:
    try:
        return decode(value)
    except Misfit as misfit:
        raise misfit.inside(step)


def _decode_bool(value: Any) -> bool:
    if value is not True and value is not False:
        raise _misfit("true or false", value)
    return value


def _decode_int(value: Any) -> int:
    if type(value) is not int:
        raise _misfit("a whole number", value)
    return value


def _decode_float(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise _misfit("a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        raise Misfit("a number in the range of a double", "one beyond it")
    return number


def _decode_str(value: Any) -> str:
    if type(value) is not str:
        raise _misfit("a string", value)
    return value


def _decode_null(value: Any) -> None:
    if value is not None:
        raise _misfit("null", value)


_PLAIN: dict[Any, Decode] = {
    Any: _decode_any,
    object: _decode_any,
    bool: _decode_bool,
    int: _decode_int,
    float: _decode_float,
    str: _decode_str,
    type(None): _decode_null,
}


def _range(limits: Range) -> Decode:
    def decode(value: Any) -> int:
        if type(value) is not int or not limits.least <= value <= limits.most:
            raise _misfit(f"a whole number from {limits.least} to {limits.most}", value)
        return value

    return decode


def _choice(values: Mapping[Any, Any]) -> Decode:
    """By the JSON value; true is not 1."""
    by_type = {(type(name), name): value for name, value in values.items()}
    expected = "one of " + ", ".join(_describe(name) for name in values)

    def decode(value: Any) -> Any:
        try:
            return by_type[type(value), value]
        except (KeyError, TypeError):
            raise _misfit(expected, value) from None

    return decode


def _list(item: Decode, make: Callable[[list[Any]], Any]) -> Decode:
    def decode(value: Any) -> Any:
        if type(value) is not list:
            raise _misfit("an array", value)
        made = []
        try:
            for each in value:
                made.append(item(each))
        except Misfit as misfit:
            raise misfit.inside(f"[{len(made)}]")
        return make(made)

    return decode


def _dict(item: Decode) -> Decode:
    def decode(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _misfit("an object", value)
        if type(value) is Doubled:
            _refuse_twice(value, value)
        return {name: _within(f".{name}", item, each) for name, each in value.items()}

    return decode


def _optional(item: Decode) -> Decode:
    return lambda value: None if value is None else item(value)


@dataclasses.dataclass
class _Field:
    name: str  # of the argument
    key: str
    decode: Decode
    optional: bool  # null is a value of it
    defaulted: bool


def is_optional(kind: Any) -> bool:
    return kind is type(None) or type(None) in typing.get_args(kind)


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _fields(cls: Any, known: dict[Any, Decode]) -> list[_Field]:
    hints = typing.get_type_hints(cls, include_extras=True)
    made = []
    for field in dataclasses.fields(cls):
        if field.init:
            kind = hints[field.name]
            decode = _build(kind, known, f"{cls.__name__}.{field.name}")
            optional = is_optional(kind) or decode is _decode_any
            name = field.metadata.get("leanworker.key", field.name)
            made.append(_Field(field.name, name, decode, optional, _has_default(field)))
    names = [field.key for field in made]
    if len(set(names)) < len(names):
        raise TypeError(f"{cls.__name__}: two fields have one key")
    return made


def _take(field: _Field, value: dict[str, Any], arguments: dict[str, Any]) -> None:
    """One field of an object: its value, or nothing where its default holds."""
    try:
        item = value[field.key]
    except KeyError:
        if field.defaulted:
            return
        if not field.optional or field.decode is _decode_any:
            raise Misfit(f'the key "{field.key}"', "an object without it") from None
        item = None
    if item is None and field.defaulted and not field.optional:
        return
    arguments[field.name] = field.decode(item)


def _dataclass(cls: Any, known: dict[Any, Decode]) -> Decode:
    fields: list[_Field] = []
    names: set[str] = set()
    refuses = getattr(cls, "_leanworker_strict", False)

    def decode(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _misfit("an object", value)
        if type(value) is Doubled:
            _refuse_twice(value, value if refuses else names)
        arguments: dict[str, Any] = {}
        for field in fields:
            try:
                _take(field, value, arguments)
            except Misfit as misfit:
                raise misfit.inside(f".{field.key}")
        if refuses and len(value) > len(arguments):
            for name in value:
                if name not in names:
                    raise Misfit("no other key", f'the key "{name[:FOUND_MAX]}"')
        return cls(**arguments)

    known[cls] = decode  # before its fields: one may lead back here
    fields += _fields(cls, known)
    names |= {field.key for field in fields}
    return decode


def _generic(kind: Any, known: dict[Any, Decode], where: str) -> Decode | None:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        ranges = [extra for extra in arguments[1:] if isinstance(extra, Range)]
        return _range(ranges[0]) if ranges else _build(arguments[0], known, where)
    if origin is Literal:
        return _choice({value: value for value in arguments})
    if origin is list:
        return _list(_build(arguments[0], known, where), list)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _list(_build(arguments[0], known, where), tuple)
    if origin is dict and arguments[0] is str:
        return _dict(_build(arguments[1], known, where))
    if origin in (Union, types.UnionType):
        others = [each for each in arguments if each is not type(None)]
        if len(others) == 1 < len(arguments):
            return _optional(_build(others[0], known, where))
    return None


def _build(kind: Any, known: dict[Any, Decode], where: str) -> Decode:
    made = known.get(kind) or _generic(kind, known, where)
    if made is None and isinstance(kind, type):
        if issubclass(kind, enum.Enum):
            made = _choice({member.value: member for member in kind})
        elif dataclasses.is_dataclass(kind):
            made = _dataclass(kind, known)
        elif kind in (list, dict):
            made = _build(list[Any] if kind is list else dict[str, Any], known, where)
    if made is None:
        raise TypeError(f"{where}: {kind!r} has no meaning in JSON; docs/python.md lists what has")
    return made


@functools.cache
def decoder(kind: Any) -> Decode:
    """What makes a value of this type of parsed JSON, or raises Misfit."""
    return _build(kind, dict(_PLAIN), getattr(kind, "__name__", str(kind)))


# ---- Encoding --------------------------------------------------------------------------------------


def _plain_fields(value: Any) -> dict[str, Any]:
    made = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if item is not None:  # absent and null are one
            name = field.metadata.get("leanworker.key", field.name)
            made[name] = _within(f".{name}", _plain, item)
    return made


def _plain(value: Any) -> Any:
    """What json writes as it stands."""
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
            raise Misfit("a string of Unicode", "a lone surrogate")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Misfit("a number", "infinity" if math.isinf(value) else "NaN")
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, Mapping):
        return {_plain_key(name): _within(f".{name}", _plain, each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_within(f"[{at}]", _plain, each) for at, each in enumerate(value)]
    raise Misfit("a value that JSON has", f"an object of the class {type(value).__name__}")


def _plain_key(name: Any) -> str:
    if not isinstance(name, str):
        raise Misfit("a string as key", repr(name))
    return name


def dump(value: Any, what: str = "the request") -> bytes:
    """The JSON of a value: dataclasses, dicts, lists and what they hold."""
    try:
        return json.dumps(_plain(value), ensure_ascii=False).encode()
    except Misfit as misfit:
        raise _failures.make(Verdict.ENCODE, f"{what}: {misfit}", path="$" + misfit.path) from None


def request_text(value: Any) -> bytes:
    """str and bytes are the text itself."""
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if isinstance(value, (bytes, bytearray)) else dump(value)
