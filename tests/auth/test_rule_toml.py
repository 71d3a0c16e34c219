from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from auth.feature import Feature
from auth.rule_book import PLACES, DatedRule, Place, RuleBook, shipped_book
from auth.rule_file import parse_rules
from auth.rule_toml import as_toml
from auth.rules import Level

TODAY = date(2026, 11, 20)
SOME = [place for place in PLACES if place.feature is Feature.MAINTENANCE]
DAYS = st.integers(-6, 6).map(lambda days: TODAY + timedelta(days=days))


def rule(place: Place, level: Level, since: date | None, until: date | None = None) -> DatedRule:
    return DatedRule(
        feature=place.feature,
        category=place.category,
        market=place.market,
        portal_option=place.portal_option,
        level=level,
        valid_from=since,
        valid_to=until,
    )


@st.composite
def changes(draw: st.DrawFn) -> list[DatedRule]:
    """Make what a file may say: periods that follow one another, for some places."""
    begins = sorted(draw(st.sets(DAYS, min_size=1, max_size=3)))
    levels = draw(st.lists(st.sampled_from(Level), min_size=len(begins), max_size=len(begins)))
    places = draw(st.sets(st.sampled_from(SOME), min_size=1, max_size=12))
    periods = list(zip(levels, begins, [*begins[1:], None], strict=True))
    return [rule(place, *period) for place in places for period in periods]


@given(st.lists(changes(), max_size=4), DAYS)
@settings(max_examples=60, deadline=None)
def test_writes_what_changes_nothing_when_it_is_applied(files: list[list[DatedRule]], day: date) -> None:
    book = RuleBook(1, [rule(place, Level.READ, None) for place in SOME])
    for each in files:
        book = book.changed(each)

    written = as_toml(book, SOME, day, TODAY)

    again = parse_rules("again.toml", written.encode(), TODAY)
    assert {each.place for each in again} == set(SOME)
    assert book.changed(again).changed_from(book) == []


@given(changes(), changes())
@settings(max_examples=60, deadline=None)
def test_writes_what_brings_another_book_to_the_same_rules(
    first: list[DatedRule], second: list[DatedRule]
) -> None:
    begin = RuleBook(1, [rule(place, Level.READ, None) for place in SOME])
    book, other = begin.changed(first), begin.changed(second)

    written = as_toml(book, SOME, TODAY, TODAY)

    other = other.changed(parse_rules("again.toml", written.encode(), TODAY))
    later = [TODAY + timedelta(days=days) for days in range(10)]
    assert [[other.at(day).level(*place) for place in SOME] for day in later] == [
        [book.at(day).level(*place) for place in SOME] for day in later
    ]


def test_writes_the_shipped_rules_in_few_tables() -> None:
    book = shipped_book()

    written = as_toml(book, PLACES, TODAY, TODAY)

    assert written.startswith(
        "# The coverage rules of version 1 that hold on 2026-11-20 or later.\n\n[[rule]]\n"
    )
    assert written.count("[[rule]]") < 100
    assert '[[rule]]\nfeature = "CONTACTS"\nlevel = "FULL"\n' in written
    assert book.changed(parse_rules("again.toml", written.encode(), TODAY)).changed_from(book) == []


def test_says_the_first_day_of_what_began_and_none_of_what_holds_since_ever() -> None:
    begin, end = date(2026, 11, 1), date(2026, 12, 1)
    place = SOME[0]
    book = RuleBook(
        1,
        [
            rule(place, Level.READ, None, begin),
            rule(place, Level.FULL, begin, end),
            rule(place, Level.NONE, end),
        ],
    )

    now = as_toml(book, [place], TODAY, TODAY)
    before = as_toml(book, [place], date(2026, 10, 1), TODAY)

    assert now.split("\n\n", 1)[1] == (
        '[[rule]]\nfeature = "MAINTENANCE"\ncategories = ["BUSINESS_VPN"]\nmarkets = ["INTL"]\n'
        'portal_options = ["LITE"]\nlevel = "FULL"\nvalid_from = 2026-11-01\nvalid_to = 2026-12-01\n\n'
        '[[rule]]\nfeature = "MAINTENANCE"\ncategories = ["BUSINESS_VPN"]\nmarkets = ["INTL"]\n'
        'portal_options = ["LITE"]\nlevel = "NONE"\nvalid_from = 2026-12-01\n'
    )
    assert 'level = "READ"\nvalid_from = 2026-10-01\nvalid_to = 2026-11-01\n' in before
