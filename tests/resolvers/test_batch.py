"""One call of a resolver for all parents of a field."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, cast

import pytest
import strawberry
from graphql import ExecutionResult

from auth.feature import ALWAYS
from engine.execute import BatchLengthError
from resolvers.context import Info
from schema.field import argument, field
from schema.node import object_type
from tests.asking import ask, asked_by


@dataclass
class Asked:
    """What the resolvers of this file were asked."""

    calls: list[tuple[list[int], int]] = attribute(default_factory=list[tuple[list[int], int]])


ASKED = Asked()


@dataclass(frozen=True)
class Row:
    """A parent."""

    number: int


async def rows(parents: Sequence[None], _: Info) -> Sequence[Sequence[Row]]:
    return [[Row(1), Row(2), Row(3)] for _ in parents]


async def doubled(parents: Sequence[Row], _: Info, plus: int) -> Sequence[int]:
    ASKED.calls.append(([each.number for each in parents], plus))
    return [2 * each.number + plus for each in parents]


async def second_fails(parents: Sequence[Row], _: Info) -> Sequence[int | Exception]:
    return [ValueError(f"row {each.number}") if each.number == 2 else each.number for each in parents]


async def too_few(parents: Sequence[Row], _: Info) -> Sequence[int]:
    return [each.number for each in parents[1:]]


async def by_number(parents: Sequence[Row], _: Info) -> Sequence[int]:
    return cast("Sequence[int]", {each.number: each.number for each in parents})


async def fails(_: Sequence[Row], __: Info) -> Sequence[int]:
    raise ValueError("down")


@object_type("A parent.")
class Parent:
    """A parent."""

    number: int = field("Its number.", ALWAYS)
    doubled: int | None = field(
        "Twice the number.", ALWAYS, batch=doubled, arguments=[argument("plus", int, "And more.", ALWAYS, 0)]
    )
    second_fails: int | None = field("Fails for the second.", ALWAYS, batch=second_fails)
    too_few: int | None = field("Too few values.", ALWAYS, batch=too_few)
    by_number: int | None = field("Values in no order.", ALWAYS, batch=by_number)
    fails: int | None = field("Fails.", ALWAYS, batch=fails)


@object_type("The root.")
class Root:
    """The root."""

    rows: list[Parent] | None = field("Three parents.", ALWAYS, batch=rows)


TYPES: Any = getattr(strawberry.Schema(query=Root), "_schema")  # noqa: B009 - no public name


async def answer(query: str) -> ExecutionResult:
    ASKED.calls.clear()
    return await ask(asked_by(), query, types=TYPES)


async def test_asks_once_for_all_parents() -> None:
    found = await answer("{ rows { doubled } }")

    assert found.data == {"rows": [{"doubled": 2}, {"doubled": 4}, {"doubled": 6}]}
    assert ASKED.calls == [([1, 2, 3], 0)]


async def test_asks_once_for_each_field_of_the_operation_with_its_own_arguments() -> None:
    found = await answer("{ rows { one: doubled(plus: 1) two: doubled(plus: 2) } }")

    assert found.data == {"rows": [{"one": 3, "two": 4}, {"one": 5, "two": 6}, {"one": 7, "two": 8}]}
    assert sorted(ASKED.calls) == [([1, 2, 3], 1), ([1, 2, 3], 2)]


async def test_asks_once_for_a_field_that_is_named_twice() -> None:
    found = await answer("{ rows { doubled ...again } } fragment again on Parent { doubled }")

    assert found.data == {"rows": [{"doubled": 2}, {"doubled": 4}, {"doubled": 6}]}
    assert ASKED.calls == [([1, 2, 3], 0)]


async def test_an_error_in_one_place_is_that_parents_alone() -> None:
    found = await answer("{ rows { number secondFails } }")

    assert found.data == {
        "rows": [
            {"number": 1, "secondFails": 1},
            {"number": 2, "secondFails": None},
            {"number": 3, "secondFails": 3},
        ]
    }
    assert [(each.path, str(each.original_error)) for each in found.errors or ()] == [
        (["rows", 1, "secondFails"], "row 2")
    ]


async def test_a_resolver_that_fails_fails_for_each_parent() -> None:
    found = await answer("{ rows { number fails } }")

    assert found.data == {"rows": [{"number": number, "fails": None} for number in (1, 2, 3)]}
    assert [(each.path, str(each.original_error)) for each in found.errors or ()] == [
        (["rows", place, "fails"], "down") for place in (0, 1, 2)
    ]


@pytest.mark.parametrize(("name", "resolver"), [("tooFew", "too_few"), ("byNumber", "by_number")])
async def test_refuses_anything_but_one_value_for_each_parent(name: str, resolver: str) -> None:
    found = await answer(f"{{ rows {{ {name} }} }}")

    assert found.data == {"rows": [{name: None}] * 3}
    assert [type(each.original_error) for each in found.errors or ()] == [BatchLengthError] * 3
    assert {each.message for each in found.errors or ()} == {
        f"{resolver} was asked for 3 parents and did not give a value for each"
    }
