"""Section 6.4.3: values into answers, and section 3: what each type gives."""

import json
import math
from collections import deque
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from graphql import Undefined

from tests.engine.both import both, brief
from tests.engine.plots import Hedge, Plot, Raise, Said, Stone, Weed


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Word(Enum):
    ONE = 1


@pytest.mark.parametrize(
    ("leaf", "given", "found"),
    [
        ("text", "x", "x"),
        ("text", Text("x"), "x"),
        ("text", 1, "1"),
        ("text", 1.5, "1.5"),
        ("text", True, "true"),
        ("text", Undefined, None),
        ("id", "x", "x"),
        ("id", 7, "7"),
        ("count", 7, 7),
        ("count", True, 1),
        ("count", 7.0, 7),
        ("count", "7", 7),
        ("count", 2**31 - 1, 2**31 - 1),
        ("count", -(2**31), -(2**31)),
        ("size", 1.5, 1.5),
        ("size", 1, 1.0),
        ("size", Decimal("1.5"), 1.5),
        ("open", False, False),
        ("open", 1, True),
        ("season", 1, "SPRING"),
        ("season", 2, "SUMMER"),
        ("season", 1.0, "SPRING"),
        ("season", "AUTUMN", "AUTUMN"),
        ("day", date(2026, 1, 31), "2026-01-31"),
    ],
)
async def test_serializes_leaves_plain_in_lists_and_in_batches(leaf: str, given: Said, found: Said) -> None:
    root = Plot(
        **{leaf: given, f"some_{leaf}": [] if given is Undefined else [given, given]},
        next_many_plot=[Plot(**{leaf: given}), Plot(**{leaf: given})],
    )

    answer = await both(f"{{ {leaf} some_{leaf} next_many_plot {{ {leaf} }} }}", root)

    assert answer.errors is None
    assert answer.data == {
        leaf: found,
        f"some_{leaf}": [] if given is Undefined else [found, found],
        "next_many_plot": [{leaf: found}, {leaf: found}],
    }


@pytest.mark.parametrize(
    ("leaf", "given"),
    [
        ("text", []),
        ("text", b"x"),
        ("id", True),
        ("count", 2**31),
        ("count", -(2**31) - 1),
        ("count", 1.5),
        ("count", "x"),
        ("size", math.inf),
        ("size", -math.inf),
        ("size", math.nan),
        ("size", "x"),
        ("open", "true"),
        ("season", 3),
        ("season", []),
        ("season", Word.ONE),
        ("day", "2026-01-31"),
        ("day", date(2026, 4, 1)),
        ("text", ValueError("stands as a value")),
        ("day", ValueError("stands as a value")),
        ("season", ValueError("stands as a value")),
    ],
)
async def test_loses_what_does_not_serialize_where_it_stands(leaf: str, given: Said) -> None:
    root = Plot(
        **{leaf: given, f"some_{leaf}": [given], f"must_{leaf}": given},
        plot=Plot(**{f"must_{leaf}": given}),
        many_plot=[Plot(name="a"), Plot(**{leaf: given}), Plot(name="c")],
        next_plot=Plot(**{leaf: given}),
    )
    text = f"""
    {{ {leaf} some_{leaf} plot {{ must_{leaf} }} many_plot {{ name {leaf} }} next_plot {{ {leaf} }} }}
    """

    answer = await both(text, root)

    assert answer.data == {
        leaf: None,
        f"some_{leaf}": None,
        "plot": None,
        "many_plot": [{"name": "a", leaf: None}, {"name": None, leaf: None}, {"name": "c", leaf: None}],
        "next_plot": {leaf: None},
    }
    assert [each.path for each in answer.errors or ()] == [
        [leaf],
        [f"some_{leaf}", 0],
        ["plot", f"must_{leaf}"],
        ["many_plot", 1, leaf],
        ["next_plot", leaf],
    ]


GRIDS: list[Any] = [
    None,
    [],
    [None],
    [[]],
    [[None]],
    [[1]],
    [[1, 2], [3]],
    [[1], None],
    [[1, None], [2]],
    [["x"], [1]],
    5,
]


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("given", GRIDS, ids=map(str, GRIDS))
async def test_completes_lists_of_lists_with_every_combination_of_non_null(number: int, given: Said) -> None:
    outer, middle, inner = (bool(number & bit) for bit in (4, 2, 1))
    names = [f"{prefix}grid{number}" for prefix in ("", "next_")]

    for name in names:
        answer = await both(
            f"{{ name plot {{ {name} }} {name} }}", Plot(plot=Plot(**{name: given}), **{name: given})
        )

        found = grid(given, outer=outer, middle=middle, inner=inner)
        at_root = None if found is LOST else {"name": None, "plot": {name: found}, name: found}
        assert answer.data == at_root


LOST = object()


def grid(given: Said, *, outer: bool, middle: bool, inner: bool) -> Said:
    """Give what a list of lists is by section 6.4.4, or LOST."""
    rows: Said = None
    if isinstance(given, list):
        rows = [row(each, middle=middle, inner=inner) for each in given]  # pyright: ignore[reportUnknownVariableType] - of any items
        rows = None if LOST in rows else rows
    return LOST if rows is None and outer else rows


def row(given: Said, *, middle: bool, inner: bool) -> Said:
    cells: Said = None
    if isinstance(given, list):
        cells = [each if isinstance(each, int) else LOST if inner else None for each in given]  # pyright: ignore[reportUnknownVariableType] - of any items
        cells = None if LOST in cells else cells
    return LOST if cells is None and middle else cells


@pytest.mark.parametrize(
    "given",
    [
        [Plot(name="a")],
        (Plot(name="a"),),
        deque([Plot(name="a")]),
        {1: Plot(name="a")}.values(),
        {Plot(name="a")},
    ],
)
async def test_takes_any_iterable_for_a_list(given: Said) -> None:
    answer = await both(
        "{ many_plot { name } next_many_plot { name } }", Plot(many_plot=given, next_many_plot=given)
    )

    assert answer.data == {"many_plot": [{"name": "a"}], "next_many_plot": [{"name": "a"}]}


@pytest.mark.parametrize("given", ["ab", b"ab", {"a": 1}, 7, Plot()])
async def test_loses_a_list_that_is_none(given: Said) -> None:
    root = Plot(many_plot=given, next_many_plot=given, some_text=given)

    answer = await both("{ many_plot { __typename } next_many_plot { __typename } some_text }", root)

    assert answer.data == {"many_plot": None, "next_many_plot": None, "some_text": None}
    assert brief(answer) == [
        f"Expected Iterable, but did not find one for field 'Query.{name}'. @ {name}"
        for name in ("many_plot", "next_many_plot", "some_text")
    ]


class Fresh(Plot):
    """A plot whose own plot is another one, with an unused generator, each time."""

    def __getattr__(self, name: str) -> Said:
        if name == "plot":
            return Plot(text=[], some_count=(each for each in (1, 2)))
        return super().__getattr__(name)


async def test_goes_through_a_generator_once() -> None:
    answer = await both("{ plot { some_count text } }", Fresh())

    assert answer.data == {"plot": {"some_count": [1, 2], "text": None}}


async def test_gives_empty_lists_and_asks_nothing_below_them() -> None:
    root = Plot(many_plot=[], next_every_plot=[], kinds=[], every_thing=[])
    text = """
    { many_plot { label } next_every_plot { label plot { label } } kinds { name kinds { name } }
      every_thing { __typename } }
    """

    answer = await both(text, root)

    assert (
        json.dumps(answer.data) == '{"many_plot": [], "next_every_plot": [], "kinds": [], "every_thing": []}'
    )


WRAPPED = ("", "must_", "many_", "every_")


@pytest.mark.parametrize("prefix", ["", "next_"])
@pytest.mark.parametrize("wrapping", WRAPPED)
@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("plot", Stone()),
        ("plot", Weed()),
        ("stone", ValueError("stands as a value")),
        ("stone", 7),
        ("named", Weed()),
        ("living", Stone()),
        ("thing", Hedge()),
        ("thing", ValueError("stands as a value")),
        ("named", Stone(kin=Raise(ValueError("its type cannot be told")))),
    ],
)
async def test_loses_an_object_that_is_not_of_its_type(
    prefix: str, wrapping: str, kind: str, wrong: Said
) -> None:
    name = f"{prefix}{wrapping}{kind}"
    right = {"plot": Plot, "stone": Stone, "named": Stone, "living": Hedge, "thing": Plot}[kind](name="r")
    given = [right, wrong, right] if wrapping in {"many_", "every_"} else wrong

    answer = await both(
        f"{{ plot {{ {name} {{ __typename ... on Named {{ name kinds {{ name }} }} }} }} }}",
        Plot(plot=Plot(**{name: given})),
    )

    item = {"__typename": type(right).__name__, "name": "r", "kinds": None}
    found = {"": {name: None}, "must_": None, "many_": {name: [item, None, item]}, "every_": None}[wrapping]
    assert answer.data == {"plot": found}
    assert len(answer.errors or ()) == 1


async def test_completes_objects_of_many_types_in_one_list() -> None:
    root = Plot(
        next_every_named=[
            Stone(name="s", weight=1.5, next_plot=Plot(name="of s")),
            Hedge(name="h", height=2, plot=Plot(label="of h")),
            Plot(name="p", kinds=[Stone(name="of p")]),
            Stone(name="t"),
        ]
    )
    text = """
    { next_every_named { name
        ... on Stone { weight next_plot { name } }
        ... on Living { height }
        ... on Hedge { plot { label } }
        kinds { name } } }
    """

    answer = await both(text, root)

    assert answer.errors is None
    assert answer.data == {
        "next_every_named": [
            {"name": "s", "weight": 1.5, "next_plot": {"name": "of s"}, "kinds": None},
            {"name": "h", "height": 2, "plot": {"label": "of h"}, "kinds": None},
            {"name": "p", "kinds": [{"name": "of p"}]},
            {"name": "t", "weight": None, "next_plot": None, "kinds": None},
        ]
    }


async def test_loses_a_scalar_that_serializes_to_nothing_among_others_that_do_not() -> None:
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)]

    answer = await both("{ next_many_plot { day } }", Plot(next_many_plot=[Plot(day=each) for each in days]))

    assert answer.data == {"next_many_plot": [{"day": "2026-03-31"}, {"day": None}, {"day": "2026-04-02"}]}
    assert [each.path for each in answer.errors or ()] == [["next_many_plot", 1, "day"]]
