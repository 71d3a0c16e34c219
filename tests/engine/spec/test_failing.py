"""Section 6.4.4: errors, and the nulls that they leave."""

import pytest
from graphql import SourceLocation

from engine.on_error import OnError
from tests.engine.both import both, brief
from tests.engine.plots import Hedge, Plot, Raise, Said, Stone, Thing

NO = Raise(ValueError("no"))


@pytest.mark.parametrize(
    "name", ["text", "shout", "label", "plot", "next_plot", "many_plot", "next_many_plot", "kinds"]
)
async def test_nulls_a_field_that_raises_and_nothing_else(name: str) -> None:
    selected = f"{name} {{ name }}" if "plot" in name or name == "kinds" else name
    root = Plot(**{"name": "a", "plot": Plot(**{name: NO}), name: NO})

    answer = await both(f"{{ name a: {selected} count plot {{ {selected} open }} }}", root)

    inner = None if name == "plot" else {name: None, "open": None}
    assert answer.data == {"name": "a", "a": None, "count": None, "plot": inner}
    assert brief(answer)[0] == "no @ a"


async def test_raises_nulls_to_the_nearest_place_that_may_be_null() -> None:
    root = Plot(must_plot=Plot(plot=Plot(must_plot=Plot(must_plot=Plot(must_text=None)))))

    answer = await both("{ must_plot { name plot { must_plot { must_plot { must_text } } } } }", root)

    assert answer.data == {"must_plot": {"name": None, "plot": None}}
    (said,) = brief(answer)
    place = "must_plot.plot.must_plot.must_plot.must_text"
    assert said == f"Cannot return null for non-nullable field Plot.must_text. @ {place}"


@pytest.mark.parametrize("name", ["must_plot", "next_must_plot"])
async def test_raises_a_null_through_the_whole_answer(name: str) -> None:
    root = Plot(**{name: Plot(**{name: Plot(must_count=NO)})}, label="asked")

    answer = await both(f"{{ label {name} {{ {name} {{ must_count }} }} }}", root)

    assert answer.data is None
    assert brief(answer) == [f"no @ {name}.{name}.must_count"]


@pytest.mark.parametrize("prefix", ["", "next_"])
@pytest.mark.parametrize("prefix_below", ["", "next_"])
async def test_raises_nulls_through_lists_by_the_type_of_their_items(prefix: str, prefix_below: str) -> None:
    many, every, must = f"{prefix}many_plot", f"{prefix}every_plot", f"{prefix_below}must_stone"
    good, bad = Plot(**{must: Stone(name="s")}), Plot(**{must: None})
    root = Plot(
        plot=Plot(**{many: [good, bad, good, bad], every: [good, good]}),
        many_plot=[Plot(**{every: [good, bad]})],
    )
    text = f"""
    {{ plot {{ {many} {{ {must} {{ name }} }} {every} {{ {must} {{ name }} }} }}
       x: many_plot {{ {every} {{ {must} {{ name }} }} }} }}
    """

    answer = await both(text, root)

    item = {must: {"name": "s"}}
    assert answer.data == {"plot": {many: [item, None, item, None], every: [item, item]}, "x": [None]}
    assert sorted(brief(answer)) == [
        f"Cannot return null for non-nullable field Plot.{must}. @ plot.{many}.1.{must}",
        f"Cannot return null for non-nullable field Plot.{must}. @ plot.{many}.3.{must}",
        f"Cannot return null for non-nullable field Plot.{must}. @ x.0.{every}.1.{must}",
    ]


async def test_loses_one_position_of_a_batch_to_one_exception() -> None:
    root = Plot(
        next_many_plot=[Plot(label="a", must_label="x"), Plot(label=NO, must_label="y"), Plot(must_label=NO)]
    )

    answer = await both("{ next_many_plot { label must_label } }", root)

    assert answer.data == {
        "next_many_plot": [{"label": "a", "must_label": "x"}, {"label": None, "must_label": "y"}, None]
    }
    assert sorted(brief(answer)) == ["no @ next_many_plot.1.label", "no @ next_many_plot.2.must_label"]


async def test_loses_a_whole_batch_for_each_of_its_parents() -> None:
    plots = [Plot(batch_label=NO, name="a") for _ in range(2)]

    answer = await both("{ next_many_plot { name label } }", Plot(next_many_plot=plots))

    assert answer.data == {"next_many_plot": [{"name": "a", "label": None}] * 2}
    assert brief(answer) == ["no @ next_many_plot.0.label", "no @ next_many_plot.1.label"]


async def one_too_many(parents: list[Thing], *_: object, **__: object) -> Said:
    return [*parents, None]


async def a_text(*_: object, **__: object) -> Said:
    return "x"


async def a_mapping(*_: object, **__: object) -> Said:
    return {0: "x"}


async def nothing(*_: object, **__: object) -> Said:
    return None


@pytest.mark.parametrize("wrong", [one_too_many, a_text, a_mapping, nothing])
async def test_loses_only_the_field_whose_batch_gives_the_wrong_number_of_values(wrong: Said) -> None:
    root = Plot(batch_label=wrong, next_plot=Plot(name="a", batch_must_label=wrong), text="t")

    answer = await both("{ label next_plot { name must_label } text }", root)

    assert answer.data == {"label": None, "next_plot": None, "text": "t"}
    assert {each.original_error.__class__.__name__ for each in answer.errors or ()} == {"BatchLengthError"}
    assert sorted(brief(answer)) == [
        "of_name was asked for 1 parents and did not give a value for each @ label",
        "of_name was asked for 1 parents and did not give a value for each @ next_plot.must_label",
    ]


async def test_locates_an_error_at_all_the_places_that_were_merged() -> None:
    text = "{\n  plot { must_text }\n  ...F\n}\nfragment F on Query { plot {\n must_text x: must_text } }"

    answer = await both(text, Plot(plot=Plot(must_text=NO)))

    locations = [each.locations for each in answer.errors or ()]
    assert locations == [[SourceLocation(2, 10), SourceLocation(6, 2)]]


async def test_gives_paths_with_aliases_and_places_in_lists_of_lists() -> None:
    hedges = [Hedge(height=1), Hedge(height=NO)]
    root = Plot(next_many_thing=[Stone(), Plot(many_named=hedges, grid0=[[1], [2, "x"]])])
    text = "{ a: next_many_thing { ... on Plot { b: many_named { ... on Hedge { c: height } } d: grid0 } } }"

    answer = await both(text, root)

    assert answer.data == {"a": [{}, {"b": [{"c": 1}, None], "d": [[1], [2, None]]}]}
    assert brief(answer) == ["no @ a.1.b.1.c", "Int cannot represent non-integer value: 'x' @ a.1.d.1.1"]


async def test_gives_an_original_error_and_not_the_one_that_carries_it() -> None:
    answer = await both("{ text label }", Plot(text=NO, label=NO))

    assert [each.original_error for each in answer.errors or ()] == [NO.error, NO.error]


async def test_leaves_a_null_where_it_is_when_asked_to() -> None:
    text = "{ must_plot { name must_text next_many_plot { must_label must_count } every_stone { weight } } }"
    root = Plot(
        must_plot=Plot(
            name="a",
            must_text=None,
            next_many_plot=[Plot(must_label=NO, must_count=1), Plot(must_label="x", must_count=NO)],
            every_stone=[Stone(weight=1.0), None],
        )
    )

    answer = await both(text, root, on_error=OnError.NULL)

    assert answer.data == {
        "must_plot": {
            "name": "a",
            "must_text": None,
            "next_many_plot": [
                {"must_label": None, "must_count": 1},
                {"must_label": "x", "must_count": None},
            ],
            "every_stone": [{"weight": 1.0}, None],
        }
    }
    assert len(answer.errors or ()) == 4
