"""How ids are asked for, hostile ones among them; domain.md section 5, trap 24: a comma means or."""

from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.tmf.asking import apart, askable, chunks, path_of, query_for
from sources.tmf.settings import Strategy

IDS = st.text(min_size=1, max_size=140) | st.sampled_from([".", "..", " ", "a/../b", "a?b=c", "a#b", "%2e"])


@pytest.mark.parametrize("own", ["", " ", ".", "..", "a\0b", "a\nb", "x" * 129, "\ud800", "\u202e"])
def test_an_id_that_no_thing_has_or_that_leads_elsewhere_is_not_asked_for(own: str) -> None:
    assert askable([own, "T1", "T1"]) == ["T1"]


@given(IDS)
def test_an_id_never_leaves_its_place_in_a_path(own: str) -> None:
    for each in askable([own]):
        path = path_of("ticket", each)
        parts = urlsplit(f"https://x/base/{path}")
        assert parts.path == f"/base/ticket/{quote(each, safe='')}"
        assert parts.path.count("/") == 3
        assert (parts.query, parts.fragment) == ("", "")


def test_an_id_with_a_comma_is_asked_for_by_itself_where_commas_mean_or() -> None:
    assert apart(["a", "b,c", "d'e"], Strategy.COMMA_OR) == (["a", "d'e"], ["b,c"])


def test_an_id_that_cannot_be_quoted_is_asked_for_by_itself_in_jsonpath() -> None:
    ids = ["a", "b,c", "d'e", 'f"g', "h\\i"]

    assert apart(ids, Strategy.JSONPATH) == (["a", "b,c"], ["d'e", 'f"g', "h\\i"])


def test_each_id_is_asked_for_by_itself_where_nothing_else_is_agreed() -> None:
    assert apart(["a", "b"], Strategy.PARALLEL) == ([], ["a", "b"])


def test_asks_for_several_ids_in_one_parameter() -> None:
    assert query_for(["a", "b"], Strategy.COMMA_OR) == ("id", "a,b")
    assert query_for(["a", "b"], Strategy.JSONPATH) == ("filter", "$[?(@.id=='a' || @.id=='b')]")


@given(st.lists(st.text(min_size=1, max_size=128), unique=True, max_size=200), st.sampled_from(Strategy))
def test_every_url_stays_below_4_kb_and_every_id_is_in_one(ids: list[str], strategy: Strategy) -> None:
    several, alone = apart(askable(ids), strategy)
    several = [each for each in several if len(quote(each, safe="")) < 1_000]

    found = list(chunks(several, 100, strategy))

    assert [each for chunk in found for each in chunk] == several
    assert all(len(quote(query_for(chunk, strategy)[1], safe="")) < 3_900 for chunk in found)
    assert set(several).isdisjoint(alone)
