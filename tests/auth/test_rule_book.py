from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from auth.feature import Feature
from auth.rule_book import PLACES, DatedRule, Place, RuleBook, shipped_book
from auth.rule_change import Block, Step, blocks, changes
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, Level, load_rules

SPRING = date(2026, 3, 1)
SUMMER = date(2026, 6, 1)
AUTUMN = date(2026, 9, 1)
DAY = timedelta(days=1)
PLACE = Place(Feature.MAINTENANCE, "MOBILE", "INTL", "STANDARD")


def rule(level: str, since: date | None = None, until: date | None = None, place: Place = PLACE) -> DatedRule:
    return DatedRule(
        feature=place.feature,
        category=place.category,
        market=place.market,
        portal_option=place.portal_option,
        level=Level[level],
        valid_from=since,
        valid_to=until,
    )


def level(book: RuleBook, day: date) -> str:
    return book.at(day).level(*PLACE).value


def test_has_the_level_of_the_period_in_which_a_day_lies() -> None:
    book = RuleBook(7, [rule("FULL", SUMMER), rule("NONE", None, SPRING), rule("READ", SPRING, SUMMER)])

    levels = [level(book, day) for day in (SPRING - DAY, SPRING, SUMMER - DAY, SUMMER, AUTUMN)]

    assert book.version == 7
    assert book.boundaries == (SPRING, SUMMER)
    assert levels == ["NONE", "READ", "READ", "FULL", "FULL"]
    assert [each.level.value for each in book.rules] == ["NONE", "READ", "FULL"]


def test_gives_one_object_for_all_days_between_two_boundaries() -> None:
    book = RuleBook(1, [rule("READ", None, SPRING), rule("FULL", SPRING)])

    assert book.at(SPRING) is book.at(AUTUMN)
    assert book.at(SPRING - DAY) is book.at(date.min)
    assert book.at(SPRING) is not book.at(SPRING - DAY)


def test_keeps_the_rules_of_a_bounded_number_of_periods_those_last_asked_for() -> None:
    days = [SPRING + DAY * number for number in range(12)]
    levels = ["READ", "FULL"] * 6
    periods = zip(levels, days, [*days[1:], None], strict=True)
    book = RuleBook(1, [rule(each, since, until) for each, since, until in periods])
    first, second = book.at(days[0]), book.at(days[1])

    for day in days[2:9]:
        book.at(days[0])
        book.at(day)

    assert book.at(days[0]) is first
    assert book.at(days[1]) is not second


def test_has_none_where_no_rule_holds_yet_and_where_there_is_none() -> None:
    book = RuleBook(1, [rule("READ", SPRING)])

    assert level(book, SPRING - DAY) == "NONE"
    assert book.at(SPRING).level(Feature.BILLING, "MOBILE", "INTL", "STANDARD") is Level.NONE


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([rule("READ", None, SPRING)], "nothing follows 2026-03-01"),
        ([rule("READ", None, SPRING), rule("FULL", SUMMER)], "2026-06-01 does not follow 2026-03-01"),
        ([rule("READ", None, SUMMER), rule("FULL", SPRING)], "2026-03-01 does not follow 2026-06-01"),
        ([rule("READ"), rule("FULL", SPRING)], "2026-03-01 does not follow None"),
        ([rule("READ"), rule("READ")], "None does not follow None"),
        ([rule("READ", SPRING, SPRING)], "2026-03-01 is not after 2026-03-01"),
        ([rule("READ", place=PLACE._replace(category="FAX"))], "there is no place MAINTENANCE, FAX, INTL"),
    ],
)
def test_refuses_periods_that_do_not_follow_one_another_for_good(rules: list[DatedRule], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        RuleBook(1, rules)


def test_replaces_everything_from_the_first_day_on_and_keeps_what_held_before() -> None:
    book = RuleBook(1, [rule("NONE", None, SPRING), rule("READ", SPRING, AUTUMN), rule("FULL", AUTUMN)])

    changed = book.changed([rule("PAID", SUMMER)])

    assert changed.version == 2
    assert list(changed.rules) == [
        rule("NONE", None, SPRING),
        rule("READ", SPRING, SUMMER),
        rule("PAID", SUMMER),
    ]
    assert list(book.rules)[1:] == [rule("READ", SPRING, AUTUMN), rule("FULL", AUTUMN)]


def test_leaves_out_boundaries_at_which_nothing_changes() -> None:
    book = RuleBook(1, [rule("READ", None, SPRING), rule("FULL", SPRING)])

    changed = book.changed([rule("FULL", SUMMER, AUTUMN), rule("NONE", AUTUMN)])

    assert changed.boundaries == (SPRING, AUTUMN)
    assert changed.changed_from(book) == [PLACE]
    assert book.changed([rule("FULL", SUMMER)]).changed_from(book) == []


def test_begins_where_there_was_nothing() -> None:
    book = RuleBook(0, [])

    changed = book.changed([rule("READ", SPRING)])

    assert list(changed.rules) == [rule("NONE", None, SPRING), rule("READ", SPRING)]
    assert changed.changed_from(book) == [PLACE]
    assert book.changed([rule("NONE", SPRING)]).changed_from(book) == []


def test_takes_a_change_since_ever_for_the_whole_of_a_place() -> None:
    book = RuleBook(1, [rule("READ", None, SPRING), rule("FULL", SPRING)])

    assert list(book.changed([rule("PAID")]).rules) == [rule("PAID")]


def test_tells_what_differs_between_books_and_when() -> None:
    there = [PLACE, PLACE._replace(category="SDWAN"), PLACE._replace(category="SECURITY")]
    before = RuleBook(1, [rule("READ", place=place) for place in there])

    after = before.changed(
        [
            *(rule("FULL", SPRING, SUMMER, place) for place in there[:2]),
            *(rule("READ", SUMMER, AUTUMN, place) for place in there[:2]),
            *(rule("NONE", AUTUMN, None, place) for place in there[:2]),
        ]
    )

    block = Block(Feature.MAINTENANCE, ("SDWAN", "MOBILE"), ("INTL",), ("STANDARD",))
    steps = (Step(SPRING, SUMMER, Level.READ, Level.FULL), Step(AUTUMN, None, Level.READ, Level.NONE))
    assert list(changes(before, after)) == [(block, steps)]


def test_takes_places_together_and_loses_none() -> None:
    some = [place for number, place in enumerate(PLACES) if number % 5 and place.market != "FR"]

    found = blocks([*some, Place(Feature.BILLING, "MOBILE", "FR", "LITE")])

    told = [
        Place(block.feature, category, market, option)
        for block in found
        for category in block.categories
        for market in block.markets
        for option in block.portal_options
    ]
    assert sorted(told, key=PLACES.__getitem__) == sorted(
        [*some, Place(Feature.BILLING, "MOBILE", "FR", "LITE")], key=PLACES.__getitem__
    )
    assert list(blocks(place for place in PLACES if place.feature is Feature.BILLING)) == [
        Block(Feature.BILLING, CATEGORIES, MARKETS, PORTAL_OPTIONS)
    ]


def test_ships_the_tables_as_rules_since_ever() -> None:
    book = shipped_book()
    tables = load_rules()

    assert (book.version, book.boundaries, len(book.rules)) == (1, (), len(PLACES))
    assert [each.place for each in book.rules] == list(PLACES)
    assert all(book.at(SPRING).level(*place) is tables.level(*place) for place in PLACES)


def test_gives_its_rules_in_one_order_however_they_came() -> None:
    rules = list(shipped_book().rules)

    assert list(RuleBook(1, reversed(rules)).rules) == rules
    assert rules[0] == replace(
        rule(rules[0].level.value),
        feature=Feature.QUOTES_ORDERS,
        category="BUSINESS_VPN",
        portal_option="LITE",
    )
