"""Since and until when coverage is as it is."""

from datetime import date

from auth.feature import Feature
from auth.history import Span, alone, spans
from auth.rule_book import DatedRule, RuleBook
from auth.rules import Level
from auth.standing import OrderedSolution, Standing

TODAY = date(2026, 11, 23)


def rule(level: Level, since: date | None = None, until: date | None = None, **where: str) -> DatedRule:
    """Make a rule of INVENTORY for SDWAN."""
    place = {"category": "SDWAN", "market": "INTL", "portal_option": "STANDARD", **where}
    return DatedRule(feature=Feature.INVENTORY, level=level, valid_from=since, valid_to=until, **place)


def solution(key: str, ordered_on: date | None = None, ended: date | None = None) -> OrderedSolution:
    return OrderedSolution(
        id=key,
        category="SDWAN",
        market="INTL",
        terminated=ended is not None,
        options=frozenset(),
        ordered_on=ordered_on,
        terminated_on=ended,
    )


def standing(*solutions: OrderedSolution, rules: tuple[DatedRule, ...] = (rule(Level.FULL),)) -> Standing:
    return Standing(RuleBook(1, rules), solutions, "STANDARD", "INTL", TODAY, 6)


def of(found: Standing, feature: Feature = Feature.INVENTORY) -> Span:
    return spans(found)[feature]


def test_has_been_so_since_the_first_solution_that_covers_was_ordered() -> None:
    found = standing(solution("S1", date(2026, 3, 1)), solution("S2", date(2026, 5, 1)))

    assert of(found) == Span(date(2026, 3, 1), None)


def test_has_always_been_so_where_nothing_that_is_known_changed_it() -> None:
    assert of(standing(solution("S1"))) == Span(None, None)
    assert of(standing(), Feature.BILLING) == Span(None, None)


def test_a_rule_changes_it_on_its_first_day() -> None:
    turns = (
        rule(Level.NONE, None, date(2026, 10, 1)),
        rule(Level.FULL, date(2026, 10, 1), date(2026, 12, 24)),
        rule(Level.READ, date(2026, 12, 24)),
    )

    assert of(standing(solution("S1"), rules=turns)) == Span(date(2026, 10, 1), date(2026, 12, 24))


def test_a_rule_that_begins_today_counts_from_today_on() -> None:
    turns = (rule(Level.NONE, None, TODAY), rule(Level.FULL, TODAY))

    assert of(standing(solution("S1"), rules=turns)) == Span(TODAY, None)


def test_a_rule_of_elsewhere_changes_nothing() -> None:
    elsewhere = (
        rule(Level.FULL, None, date(2026, 12, 1), market="FR"),
        rule(Level.NONE, date(2026, 12, 1), market="FR"),
    )

    assert of(standing(solution("S1"), rules=(rule(Level.FULL), *elsewhere))) == Span(None, None)


def test_what_ended_covered_until_then() -> None:
    found = standing(solution("S1", date(2026, 1, 1), date(2026, 2, 1)))

    assert of(found) == Span(date(2026, 2, 1), None)


def test_the_time_of_grace_has_an_end() -> None:
    billing = DatedRule(
        feature=Feature.BILLING,
        category="SDWAN",
        market="INTL",
        portal_option="STANDARD",
        level=Level.FULL,
    )
    found = standing(solution("S1", date(2026, 1, 1), date(2026, 7, 1)), rules=(billing,))

    assert of(found, Feature.BILLING) == Span(date(2026, 7, 1), date(2027, 1, 1))


def test_one_solution_stands_by_itself() -> None:
    found = standing(solution("S1", date(2026, 3, 1)), solution("S2", date(2026, 5, 1)))

    assert of(alone(found, "S2")) == Span(date(2026, 5, 1), None)
