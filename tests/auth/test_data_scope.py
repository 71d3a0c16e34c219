import pytest

from auth.data_scope import NOTHING, DataScopes, common, decoded, encoded, is_beyond

ALL = DataScopes()
FIRST = DataScopes(accounts=frozenset({"BA-1"}))
BOTH = DataScopes(accounts=frozenset({"BA-1", "BA-2"}))
SECOND = DataScopes(accounts=frozenset({"BA-2"}), locations=frozenset({"L-1"}))


@pytest.mark.parametrize(
    ("before", "after", "beyond"),
    [
        ([ALL], ALL, False),
        ([ALL], NOTHING, False),
        ([NOTHING], NOTHING, False),
        ([NOTHING], FIRST, True),
        ([FIRST], FIRST, False),
        ([FIRST], BOTH, True),
        ([FIRST], ALL, True),
        ([BOTH], SECOND, False),
        ([SECOND], FIRST, True),
        ([FIRST, SECOND], BOTH, False),
        ([], NOTHING, False),
        ([], FIRST, True),
    ],
)
def test_tells_what_shows_more(before: list[DataScopes], after: DataScopes, *, beyond: bool) -> None:
    assert is_beyond(before, after) is beyond


def test_gives_what_both_show() -> None:
    assert common(BOTH, SECOND) == SECOND
    assert common(FIRST, SECOND) == DataScopes(accounts=frozenset(), locations=frozenset({"L-1"}))
    assert common(ALL, FIRST) == FIRST
    assert common(FIRST, NOTHING) == NOTHING


def test_stores_ids_in_order_and_tells_none_from_all() -> None:
    scopes = DataScopes(accounts=frozenset({"BA-2", "BA-1"}), locations=frozenset())

    assert encoded(scopes) == '{"accounts":["BA-1","BA-2"],"locations":[],"solutions":null}'
    assert decoded(encoded(scopes)) == scopes


def test_takes_no_scope_that_is_missing_for_all() -> None:
    with pytest.raises(KeyError):
        decoded('{"accounts":null,"locations":null}')
