# SPDX-License-Identifier: Apache-2.0
"""JSON to dataclasses and back: nothing is converted in silence, and what does not fit says where."""
import dataclasses
import enum
import json
from dataclasses import field
from typing import Annotated, Any, Literal, Optional

import pytest

import leanworker
from leanworker import _records


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


@dataclasses.dataclass
class Point:
    x: int
    y: leanworker.I32 = 0


@dataclasses.dataclass
class Tree:
    name: str
    children: list["Tree"] = field(default_factory=list)


@dataclasses.dataclass
class Everything:
    truth: bool
    number: float
    text: str
    colour: Colour
    kind: Literal["def", "theorem", 7]
    point: Point
    points: list[Point]
    pair: tuple[int, ...]
    named: dict[str, Point]
    anything: Any
    maybe: Optional[Point]
    maybe_not: int | None = None
    is_public: bool = field(default=False, metadata=leanworker.key("public"))


FULL = {
    "truth": True,
    "number": 2,
    "text": "é\u0000",
    "colour": "green",
    "kind": 7,
    "point": {"x": 1},
    "points": [{"x": 1, "y": -5}],
    "pair": [1, 2],
    "named": {"a": {"x": 3}},
    "anything": [None, {"b": 1.5}],
    "maybe": None,
    "public": True,
    "unknown": "is skipped",
}


def decode(kind: Any, value: Any) -> Any:
    text = value if isinstance(value, str) and value[:1] in '{["0123456789-tfn' else json.dumps(value)
    return _records.decoder(kind)(_records.parse(text.encode()))


def refusal(kind: Any, value: Any) -> str:
    with pytest.raises(_records.Misfit) as caught:
        decode(kind, value)
    return str(caught.value)


def test_each_kind_of_member_is_decoded() -> None:
    assert decode(Everything, FULL) == Everything(
        truth=True,
        number=2.0,
        text="é\0",
        colour=Colour.GREEN,
        kind=7,
        point=Point(1),
        points=[Point(1, -5)],
        pair=(1, 2),
        named={"a": Point(3)},
        anything=[None, {"b": 1.5}],
        maybe=None,
        is_public=True,
    )
    assert type(decode(Everything, FULL).number) is float


def test_a_type_may_lead_back_to_itself() -> None:
    assert decode(Tree, {"name": "a", "children": [{"name": "b"}]}) == Tree("a", [Tree("b")])
    assert refusal(Tree, {"name": "a", "children": [{"name": 1}]}) == "$.children[0].name: expected a string, found 1"


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"truth": 1}, "$.truth: expected true or false, found 1"),
        ({"truth": None}, "$.truth: expected true or false, found null"),
        ({"number": "2"}, '$.number: expected a number, found "2"'),
        ({"number": True}, "$.number: expected a number, found true"),
        ({"text": 1}, "$.text: expected a string, found 1"),
        ({"colour": "blue"}, '$.colour: expected one of "red", "green", found "blue"'),
        ({"kind": True}, '$.kind: expected one of "def", "theorem", 7, found true'),
        ({"kind": []}, '$.kind: expected one of "def", "theorem", 7, found an array'),
        ({"point": []}, "$.point: expected an object, found an array"),
        ({"point": {}}, '$.point.x: expected the key "x", found an object without it'),
        ({"points": {}}, "$.points: expected an array, found an object"),
        ({"points": [{"x": 1}, {"x": 1.0}]}, "$.points[1].x: expected a whole number, found 1.0"),
        ({"points": [{"x": 1, "y": 2**31}]},
         "$.points[0].y: expected a whole number from -2147483648 to 2147483647, found 2147483648"),
        ({"pair": [1, None]}, "$.pair[1]: expected a whole number, found null"),
        ({"named": {"a": 1}}, "$.named.a: expected an object, found 1"),
        ({"maybe": 0}, "$.maybe: expected an object, found 0"),
        ({"text": ["x"] * 2}, "$.text: expected a string, found an array"),
        ({"truth": "x" * 100}, f'$.truth: expected true or false, found "{"x" * 39} and so on'),
    ],
)
def test_what_does_not_fit_says_where_and_what(change: dict[str, Any], expected: str) -> None:
    assert refusal(Everything, {**FULL, **change}) == expected


@pytest.mark.parametrize("text", ["1.0", "1e2", "1E0", "-1.5"])
def test_a_whole_number_has_no_fraction_and_no_exponent(text: str) -> None:
    assert refusal(int, text).startswith("$: expected a whole number, found ")


def test_numbers_beyond_a_range_are_refused() -> None:
    assert decode(leanworker.U64, str(2**64 - 1)) == 2**64 - 1
    assert "to 18446744073709551615, found 18446744073709551616" in refusal(leanworker.U64, str(2**64))
    assert decode(Annotated[int, leanworker.Range(3, 5)], "5") == 5
    assert "from 3 to 5" in refusal(Annotated[int, leanworker.Range(3, 5)], "6")
    assert "in the range of a double" in refusal(float, "1e400")
    assert "in the range of a double" in refusal(float, "1" + "0" * 400)
    assert "in the range of a double" in refusal(Any, "[1e400]")
    assert "expected JSON that Python can read" in refusal(int, "1" * 5000)


def test_absent_and_null_are_what_the_field_says() -> None:
    @dataclasses.dataclass
    class Row:
        needed: int
        maybe: int | None
        defaulted: int = 7
        both: int | None = 8

    assert decode(Row, {"needed": 1}) == Row(1, None, 7, 8)
    assert decode(Row, {"needed": 1, "maybe": None, "defaulted": None, "both": None}) == Row(1, None, 7, None)
    assert "found null" in refusal(Row, {"needed": None})
    assert 'the key "needed"' in refusal(Row, {})


def test_anything_must_be_there_too() -> None:
    @dataclasses.dataclass
    class Row:
        value: Any

    assert decode(Row, {"value": None}) == Row(None)
    assert 'the key "value"' in refusal(Row, {})


def test_a_key_that_comes_twice_is_refused_where_it_is_described() -> None:
    assert decode(Point, '{"x": 1, "z": 1, "z": 2}') == Point(1)
    assert refusal(Point, '{"x": 1, "x": 1}') == '$.x: expected the key "x" once, found it again'
    assert refusal(list[Point], '[{"x": 1, "x": 1}]') == '$[0].x: expected the key "x" once, found it again'
    assert refusal(Any, '{"a": [{"z": 1, "z": 2}]}') == '$.a[0].z: expected the key "z" once, found it again'
    assert refusal(dict[str, int], '{"z": 1, "z": 2}') == '$.z: expected the key "z" once, found it again'


def test_a_strict_class_refuses_other_keys() -> None:
    @leanworker.strict
    @dataclasses.dataclass
    class Strict:
        x: int
        y: int = 0

    assert decode(Strict, {"x": 1}) == Strict(1)
    assert refusal(Strict, {"x": 1, "z": 2}) == '$: expected no other key, found the key "z"'
    assert 'the key "z"' in refusal(Strict, {"x": 1, "y": None, "z": 2})


def test_types_without_meaning_are_refused_with_their_field() -> None:
    @dataclasses.dataclass
    class Row:
        data: bytes

    @dataclasses.dataclass
    class Doubled:
        a: int
        b: int = field(metadata=leanworker.key("a"))

    for kind, where in [(Row, "Row.data"), (list[set[int]], "set"), (int | str, "int | str"), (Doubled, "one key")]:
        for _ in range(2):  # nothing half made is kept
            with pytest.raises(TypeError, match=where.replace("|", r"\|")):
                _records.decoder(kind)


def test_what_is_encoded_decodes_to_the_same() -> None:
    value = decode(Everything, FULL)
    assert decode(Everything, _records.dump(value).decode()) == value
    assert json.loads(_records.dump(value))["public"] is True
    assert "maybe" not in json.loads(_records.dump(value))


def test_what_json_has_not_is_refused_with_its_path() -> None:
    for value, expected in [
        ({"a": [1.0, float("nan")]}, "the request: $.a[1]: expected a number, found NaN"),
        (Point(float("inf")), "the request: $.x: expected a number, found infinity"),  # type: ignore[arg-type]
        ({1: 2}, "the request: $: expected a string as key, found 1"),
        ({"a": b"x"}, "the request: $.a: expected a value that JSON has, found an object of the class bytes"),
        (["\ud800"], "the request: $[0]: expected a string of Unicode, found a lone surrogate"),
    ]:
        with pytest.raises(leanworker.Misuse) as caught:
            _records.dump(value)
        assert caught.value.message == expected
        assert caught.value.verdict == leanworker.Verdict.ENCODE
