import pytest

from engine.mask import Mask, Opening, admits_all
from tests.engine.both import both, brief
from tests.engine.plots import Plot, Said, Stone


def admits_first(_gate: object, parent: Said) -> bool:
    return bool(parent.name == "first")


def fails_to_admit(_gate: object, _parent: object) -> bool:
    raise LookupError("cannot tell")


def test_a_gate_that_is_not_named_is_open_and_so_is_none() -> None:
    mask = Mask(closed=frozenset("a"), partial=frozenset("b"))

    assert [mask.opening(each) for each in ("a", "b", "c", None)] == [
        Opening.NONE,
        Opening.SOME,
        Opening.ALL,
        Opening.ALL,
    ]
    assert mask == Mask(frozenset("a"), frozenset("b"))
    assert hash(mask) == hash(Mask(frozenset("a"), frozenset("b")))


async def test_nulls_what_is_closed_as_a_check_before_each_resolver_does() -> None:
    mask = Mask(closed=frozenset({"label", "next_plot", "next_many_named"}))
    root = Plot(label="hidden", next_plot=Plot(name="hidden"), next_many_named=[Stone()], text="shown")
    text = "{ label text next_plot { name next_plot { name } } next_many_named { name } plot { label } }"

    answer = await both(text, root, mask=mask)

    assert answer.errors is None
    assert answer.data == {
        "label": None,
        "text": "shown",
        "next_plot": None,
        "next_many_named": None,
        "plot": None,
    }


async def test_nulls_what_is_partly_open_for_parents_that_are_not_admitted() -> None:
    mask = Mask(partial=frozenset({"label"}))
    plots = [Plot(name="first", label="a"), Plot(name="second", label="b"), Plot(name="first", label="c")]

    answer = await both(
        "{ next_many_plot { label } }", Plot(next_many_plot=plots), mask=mask, admits=admits_first
    )

    assert answer.data == {"next_many_plot": [{"label": "a"}, {"label": None}, {"label": "c"}]}


@pytest.mark.parametrize(
    "mask", [Mask(closed=frozenset({"must_label"})), Mask(partial=frozenset({"must_label"}))]
)
async def test_raises_the_null_of_a_closed_field_that_may_not_be_null(mask: Mask) -> None:
    root = Plot(next_plot=Plot(must_label="hidden", name="second"), text="t")

    answer = await both("{ text next_plot { name must_label } }", root, mask=mask, admits=admits_first)

    assert answer.data == {"text": "t", "next_plot": None}
    assert brief(answer) == [
        "Cannot return null for non-nullable field Plot.must_label. @ next_plot.must_label"
    ]


async def test_loses_a_field_of_which_it_cannot_be_told_whether_its_parent_is_admitted() -> None:
    mask = Mask(partial=frozenset({"label"}))
    root = Plot(next_plot=Plot(label="a", text="t"))

    answer = await both("{ next_plot { label text } }", root, mask=mask, admits=fails_to_admit)

    assert answer.data == {"next_plot": {"label": None, "text": "t"}}
    assert brief(answer) == ["cannot tell @ next_plot.label"]


def test_admits_everyone_by_default() -> None:
    assert admits_all("gate", None)
