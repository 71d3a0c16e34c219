"""Sections 6.3.2 and 5.3: which fields an object's answer has, and in which order."""

import json
from typing import Any

import pytest

from tests.engine.both import both
from tests.engine.plots import Hedge, Plot, Stone


async def data(text: str, root: object, variables: dict[str, Any] | None = None) -> str:
    answer = await both(text, root, variables)
    assert answer.errors is None
    return json.dumps(answer.data)


async def test_answers_under_aliases_in_the_order_of_the_document() -> None:
    root = Plot(name="a", count=2, label="l")

    found = await data("{ z: count label y: name name x: label }", root)

    assert found == '{"z": 2, "label": "l", "y": "a", "name": "a", "x": "l"}'


async def test_merges_what_is_selected_twice_where_it_was_selected_first() -> None:
    root = Plot(plot=Plot(name="a", count=2, open=True), count=1)

    found = await data(
        "{ plot { name } count plot { count name } ...F } fragment F on Query { plot { open } }", root
    )

    assert found == '{"plot": {"name": "a", "count": 2, "open": true}, "count": 1}'


async def test_merges_three_levels_of_siblings_in_different_fragments() -> None:
    root = Plot(next_plot=Plot(plot=Plot(next_plot=Plot(name="d", text="t", count=4))))
    text = """
    { ...A ... { next_plot { plot { next_plot { count } } } } ...B }
    fragment A on Query { next_plot { plot { next_plot { name } } } }
    fragment B on Query { next_plot { ...C plot { ... on Plot { next_plot { name text } } } } }
    fragment C on Plot { plot { next_plot { text } } }
    """

    found = await data(text, root)

    assert found == '{"next_plot": {"plot": {"next_plot": {"name": "d", "count": 4, "text": "t"}}}}'


async def test_merges_the_same_key_of_different_types_by_the_type_of_the_object() -> None:
    root = Plot(every_named=[Stone(name="s", weight=1.5), Plot(name="p", size=2.5)])

    found = await data("{ every_named { ... on Stone { x: weight } ... on Plot { x: size } } }", root)

    assert found == '{"every_named": [{"x": 1.5}, {"x": 2.5}]}'


@pytest.mark.parametrize(
    ("selected", "found"),
    [
        ("... { name }", '{"name": "s"}'),
        ("... on Stone { name }", '{"name": "s"}'),
        ("... on Named { name }", '{"name": "s"}'),
        ("... on Living { name }", "{}"),
        ("... on Any { ... on Stone { weight } }", '{"weight": 1.5}'),
        ("... on Plot { count } name", '{"name": "s"}'),
        ("...F ...F name ...F", '{"weight": 1.5, "name": "s"}'),
        ("... on Named { ... on Stone { ... on Named { ...F } } }", '{"weight": 1.5}'),
        ("...G", '{"__typename": "Stone", "weight": 1.5}'),
    ],
)
async def test_applies_fragments_by_their_type_condition(selected: str, found: str) -> None:
    used = "".join(f"...{each} " for each in "FG")
    text = f"""
    {{ named {{ {selected} }} off: named @skip(if: true) {{ {used} }} }}
    fragment F on Stone {{ weight }}
    fragment G on Named {{ __typename ...F }}
    """

    assert await data(text, Plot(named=Stone(name="s", weight=1.5))) == f'{{"named": {found}}}'


async def test_takes_fields_of_an_interface_that_implements_another() -> None:
    root = Plot(named=Hedge(name="h", height=3), living=Hedge(name="i", height=4))
    text = (
        "{ named { ... on Living { height ... on Named { name } } } living { ... on Named { name } height } }"
    )

    found = await data(text, root)

    assert found == '{"named": {"height": 3, "name": "h"}, "living": {"name": "i", "height": 4}}'


async def test_names_the_type_at_the_root_of_objects_and_of_what_is_abstract() -> None:
    root = Plot(plot=Plot(), thing=Stone(), next_many_thing=[Plot(), None, Stone()], kinds=[Hedge()])
    text = """
    { __typename plot { t: __typename } thing { __typename } next_many_thing { __typename }
      kinds { __typename } }
    """

    found = await data(text, root)

    assert json.loads(found) == {
        "__typename": "Query",
        "plot": {"t": "Plot"},
        "thing": {"__typename": "Stone"},
        "next_many_thing": [{"__typename": "Plot"}, None, {"__typename": "Stone"}],
        "kinds": [{"__typename": "Hedge"}],
    }


@pytest.mark.parametrize("skip", ["true", "false", "$yes", "$no", None])
@pytest.mark.parametrize("include", ["true", "false", "$yes", "$no", None])
async def test_skips_and_includes_fields_and_fragments(skip: str | None, include: str | None) -> None:
    stays = skip in {"false", "$no", None} and include in {"true", "$yes", None}
    directives = f"{f'@skip(if: {skip})' if skip else ''} {f'@include(if: {include})' if include else ''}"
    text = f"""
    query ($yes: Boolean!, $no: Boolean = false) {{
      id @skip(if: $yes) @include(if: $no)
      name {directives}
      label {directives}
      plot {{ count {directives} open }}
      ... {directives} {{ text }}
      ... on Query {directives} {{ size }}
      ...F {directives}
      ...F {directives}
    }}
    fragment F on Query {{ day }}
    """
    root = Plot(plot=Plot(count=1, open=True), label="l", name="n", text="t", size=1.0)

    found = await data(text, root, {"yes": True})

    plot = '{"count": 1, "open": true}'
    whole = f'{{"name": "n", "label": "l", "plot": {plot}, "text": "t", "size": 1.0, "day": null}}'
    assert found == (whole if stays else '{"plot": {"open": true}}')


async def test_fails_where_a_switch_is_null_as_the_stock_executor_does() -> None:
    text = "query ($on: Boolean = true) { name plot { count @include(if: $on) } }"

    answer = await both(text, Plot(name="a", plot=Plot()), {"on": None}, planned=False)

    assert answer.data == {"name": "a", "plot": None}
    assert [each.path for each in answer.errors or ()] == [["plot"]]


async def test_runs_the_operation_that_is_named() -> None:
    text = "query A { name } query B($x: Boolean!) { count ...F } fragment F on Query { id @skip(if: $x) }"
    root = Plot(name="a", count=1, id="i")

    first = await both(text, root, name="A")
    second = await both(text, root, {"x": False}, name="B")

    assert (first.data, second.data) == ({"name": "a"}, {"count": 1, "id": "i"})


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } name }",
        '{ name __type(name: "Plot") { name } }',
        "mutation { count text }",
    ],
)
async def test_leaves_introspection_and_mutations_to_the_stock_executor(text: str) -> None:
    answer = await both(text, Plot(name="a", count=1), planned=False)

    assert answer.errors is None


async def test_answers_objects_within_objects_thirty_levels_deep() -> None:
    names = [("plot", "next_plot", "must_plot", "plot")[level % 4] for level in range(30)]
    root, found = Plot(name="end"), dict[str, Any](name="end")
    for name in reversed(names):
        root, found = Plot(**{name: root}), {name: found}

    answer = await both(f"{{ {' { '.join(names)} {{ name {'}' * 31}", root)

    assert answer.data == found


async def test_answers_nothing_selected_by_an_object_without_fields() -> None:
    found = await data("{ plot { ... on Plot @skip(if: true) { name } } }", Plot(plot=Plot()))

    assert found == '{"plot": {}}'


async def test_selects_by_the_type_of_the_object_around_it() -> None:
    inner = Stone(name="a", weight=1.5)
    root = Plot(kinds=[Stone(kinds=[inner]), Hedge(kinds=[inner]), Plot(kinds=[inner])])
    text = """
    { kinds {
        ... on Stone { kinds { name } }
        ... on Hedge { kinds { ... on Stone { weight } } }
        kinds { __typename } } }
    """

    found = await data(text, root)

    assert json.loads(found) == {
        "kinds": [
            {"kinds": [{"name": "a", "__typename": "Stone"}]},
            {"kinds": [{"weight": 1.5, "__typename": "Stone"}]},
            {"kinds": [{"__typename": "Stone"}]},
        ]
    }
