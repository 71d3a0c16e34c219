"""Sections 6.1.2 and 6.4.1: the values of variables and arguments."""

from typing import Any

import pytest

from tests.engine.both import both, brief
from tests.engine.plots import Plot, Said


def told(**arguments: Said) -> str:
    return repr(sorted(arguments.items()))


ROOT = Plot(label=told)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", {"text": "none", "times": 1}),
        ('(text: "x" times: 2)', {"text": "x", "times": 2}),
        ("(text: null)", {"text": None, "times": 1}),
        ("(season: SUMMER)", {"text": "none", "times": 1, "season": 2}),
        ("(season: null)", {"text": "none", "times": 1, "season": None}),
        ("(filter: { names: [] })", {"text": "none", "times": 1, "filter": {"names": [], "most": 3}}),
        ('(filter: { names: "one" })', {"text": "none", "times": 1, "filter": {"names": ["one"], "most": 3}}),
        (
            "(filter: { inner: { season: SPRING most: 1 } })",
            {"text": "none", "times": 1, "filter": {"most": 3, "inner": {"season": 1, "most": 1}}},
        ),
        ("(grid: 1)", {"text": "none", "times": 1, "grid": [[1]]}),
        ("(grid: [[1, 2], null])", {"text": "none", "times": 1, "grid": [[1, 2], None]}),
    ],
)
async def test_gives_resolvers_the_values_of_literals_and_defaults(arguments: str, found: Said) -> None:
    answer = await both(f"{{ label{arguments} }}", ROOT)

    assert answer.errors is None
    assert answer.data is not None
    assert dict(eval(answer.data["label"])) == found  # noqa: S307 - what told() wrote


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, {"text": "none", "times": 7, "filter": {"names": ["d"], "most": 3}}),
        ({"text": "x"}, {"text": "x", "times": 7, "filter": {"names": ["d"], "most": 3}}),
        ({"text": None}, {"text": None, "times": 7, "filter": {"names": ["d"], "most": 3}}),
        ({"times": 3}, {"text": "none", "times": 3, "filter": {"names": ["d"], "most": 3}}),
        ({"name": "n"}, {"text": "none", "times": 7, "filter": {"names": ["n"], "most": 3}}),
        (
            {"season": "LATE"},
            {"text": "none", "times": 7, "season": 2, "filter": {"names": ["d"], "most": 3}},
        ),
        (
            {"season": None},
            {"text": "none", "times": 7, "season": None, "filter": {"names": ["d"], "most": 3}},
        ),
        ({"unknown": 1}, {"text": "none", "times": 7, "filter": {"names": ["d"], "most": 3}}),
    ],
)
async def test_gives_resolvers_the_values_of_variables(variables: dict[str, Any], found: Said) -> None:
    text = """
    query ($text: String, $times: Int = 7, $season: Season, $name: String! = "d") {
      label(text: $text, times: $times, season: $season, filter: { names: [$name] })
    }
    """

    answer = await both(text, ROOT, variables)

    assert answer.errors is None
    assert answer.data is not None
    assert dict(eval(answer.data["label"])) == found  # noqa: S307 - what told() wrote


async def test_fails_the_field_to_whose_argument_a_variable_gives_a_null_it_may_not_have() -> None:
    text = "query ($times: Int = 1) { a: label(times: $times) b: label }"

    answer = await both(text, ROOT, {"times": None})

    assert answer.data == {"a": None, "b": "[('text', 'none'), ('times', 1)]"}
    (error,) = brief(answer)
    assert error.endswith("@ a")


@pytest.mark.parametrize(
    "variables",
    [{}, {"times": None}, {"times": "x"}, {"times": 1, "season": "WINTER"}, {"times": 2**31}],
)
async def test_runs_nothing_where_a_variable_is_wrong(variables: dict[str, Any]) -> None:
    text = "query ($times: Int!, $season: Season) { label(times: $times, season: $season) }"

    answer = await both(text, ROOT, variables)

    assert answer.data is None
    assert [each.path for each in answer.errors or ()] == [None]


async def test_gives_the_same_field_other_arguments_under_another_alias() -> None:
    answer = await both(
        'query ($x: String) { label a: label(text: "a") b: label(text: $x) }', ROOT, {"x": "b"}
    )

    assert answer.data == {
        "label": "[('text', 'none'), ('times', 1)]",
        "a": "[('text', 'a'), ('times', 1)]",
        "b": "[('text', 'b'), ('times', 1)]",
    }
