"""What ordered Solutions cover by the rules."""

from collections.abc import Iterable
from datetime import date
from itertools import product

import pytest
from msgspec.structs import replace

from auth.coverage import (
    Coverage,
    FeatureCoverage,
    Reason,
    State,
)
from auth.entitlement import compute_coverage
from auth.feature import ALWAYS, NEVER_GATED, Feature, Full
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, CoverageRule, CoverageRules, Level, load_rules
from auth.standing import LINGERING, Grace, OrderedSolution, end_of_grace

RULES = load_rules()


def ordered(
    number: str, category: str, market: str = "INTL", *, terminated: bool = False, options: Iterable[str] = ()
) -> OrderedSolution:
    return OrderedSolution(
        id=number, category=category, market=market, terminated=terminated, options=frozenset(options)
    )


def own_rules(levels: dict[tuple[str, str, str], Level]) -> CoverageRules:
    """Give rules for MAINTENANCE alone, by category, market and portal option."""
    return CoverageRules(
        CoverageRule(
            feature=Feature.MAINTENANCE, category=category, market=market, portal_option=option, level=level
        )
        for (category, market, option), level in levels.items()
    )


def test_covers_all_if_every_solution_covers() -> None:
    solutions = [ordered("S1", "BUSINESS_VPN"), ordered("S2", "SDWAN")]

    found = compute_coverage(RULES, solutions, "STANDARD", "INTL").of(Feature.INVENTORY)

    assert found == FeatureCoverage(
        feature=Feature.INVENTORY,
        state=State.ALL,
        level=Level.FULL,
        solutions=frozenset({"S1", "S2"}),
        reason=None,
        covered_by=tuple(sorted(CATEGORIES)),
    )


def test_covers_some_if_one_solution_does_not() -> None:
    solutions = [ordered("S1", "BUSINESS_VPN"), ordered("S2", "MOBILE")]

    found = compute_coverage(RULES, solutions, "STANDARD", "INTL").of(Feature.MAINTENANCE)

    assert (found.state, found.solutions, found.reason) == (State.SOME, frozenset({"S1"}), Reason.NOT_ORDERED)
    assert found.covered_by == (
        "BUSINESS_TALK",
        "BUSINESS_VPN",
        "BVPN_GALERIE",
        "COLLAB_UC",
        "CONTACT_CENTER",
        "ETHERNET",
        "INTERNET_ACCESS",
        "MAIL_IP_MESSAGING",
        "SDWAN",
        "SECURITY",
    )


def test_reads_only_if_one_covering_solution_reads_only() -> None:
    solutions = [ordered("S1", "BUSINESS_VPN"), ordered("S2", "CONTACT_CENTER"), ordered("S3", "MOBILE")]

    found = compute_coverage(RULES, solutions, "STANDARD", "INTL").of(Feature.MAINTENANCE)

    assert (found.state, found.level, found.solutions) == (State.SOME, Level.READ, frozenset({"S1", "S2"}))


def test_does_not_count_terminated_solutions() -> None:
    solutions = [ordered("S1", "BUSINESS_VPN", terminated=True), ordered("S2", "MOBILE")]

    coverage = compute_coverage(RULES, solutions, "STANDARD", "INTL")

    assert coverage.state(Feature.MAINTENANCE) is State.NONE
    assert coverage.of(Feature.REPORT_USAGE).solutions == {"S2"}


def test_covers_what_is_never_gated_and_nothing_else_without_solutions() -> None:
    coverage = compute_coverage(RULES, [], "STANDARD", "INTL")

    found = {each for each in Feature if coverage.state(each) is State.ALL}
    assert found == NEVER_GATED
    assert {coverage.state(each) for each in Feature if each not in NEVER_GATED} == {State.NONE}


def test_never_gates_under_rules_that_cover_nothing() -> None:
    coverage = compute_coverage(CoverageRules([]), [ordered("S1", "MOBILE")], "LITE", "FR")

    found = coverage.of(Feature.ONLINE_HELP)

    assert (found.state, found.level, found.solutions) == (State.ALL, Level.FULL, frozenset({"S1"}))


@pytest.mark.parametrize(
    ("category", "feature", "reason"),
    [
        ("BUSINESS_VPN", Feature.DOCUMENTS, Reason.OPTION),
        ("BUSINESS_VPN", Feature.REPORT_ENHANCED_IP, Reason.PAID),
        ("MOBILE", Feature.REPORT_ENHANCED_IP, Reason.NOT_ORDERED),
    ],
)
def test_names_the_order_that_would_cover(category: str, feature: Feature, reason: Reason) -> None:
    found = compute_coverage(RULES, [ordered("S1", category)], "PREMIUM", "INTL").of(feature)

    assert (found.state, found.level, found.reason) == (State.NONE, Level.NONE, reason)


@pytest.mark.parametrize("feature", [Feature.DOCUMENTS, Feature.REPORT_ENHANCED_IP])
def test_covers_an_option_or_paid_line_for_the_solutions_that_ordered_it(feature: Feature) -> None:
    solutions = [ordered("S1", "BUSINESS_VPN", options=[feature.value]), ordered("S2", "SDWAN")]

    found = compute_coverage(RULES, solutions, "PREMIUM", "INTL").of(feature)

    assert (found.state, found.level, found.solutions) == (State.SOME, Level.FULL, frozenset({"S1"}))


def test_an_ordered_option_opens_no_other_feature() -> None:
    solutions = [ordered("S1", "MOBILE", options=["MAINTENANCE", "REPORT_ENHANCED_IP"])]

    coverage = compute_coverage(RULES, solutions, "PREMIUM", "INTL")

    assert coverage.state(Feature.MAINTENANCE) is State.NONE
    assert coverage.state(Feature.REPORT_ENHANCED_IP) is State.NONE


@pytest.mark.parametrize(
    ("category", "feature", "portal_option"),
    [
        ("BUSINESS_VPN", Feature.MAINTENANCE, "LITE"),
        ("BUSINESS_VPN", Feature.REPORT_ENHANCED_IP, "STANDARD"),
        ("MOBILE", Feature.DOCUMENTS, "LITE"),
    ],
)
def test_names_the_portal_option_that_stands_in_the_way(
    category: str, feature: Feature, portal_option: str
) -> None:
    found = compute_coverage(RULES, [ordered("S1", category)], portal_option, "INTL").of(feature)

    assert (found.state, found.reason, found.covered_by) == (State.NONE, Reason.PORTAL_OPTION, ())


def test_says_not_offered_where_no_order_would_cover() -> None:
    found = compute_coverage(RULES, [ordered("S1", "MOBILE")], "LITE", "INTL").of(Feature.MAINTENANCE)

    assert (found.reason, found.covered_by) == (Reason.NOT_OFFERED, ())


def test_says_not_offered_in_a_market_where_it_is_not() -> None:
    rules = own_rules({("SDWAN", "INTL", "PREMIUM"): Level.FULL, ("SDWAN", "FR", "PREMIUM"): Level.NONE})

    found = compute_coverage(rules, [ordered("S1", "SDWAN", "FR")], "PREMIUM", "FR").of(Feature.MAINTENANCE)

    assert (found.state, found.reason) == (State.NONE, Reason.NOT_OFFERED)


def test_judges_each_solution_in_its_own_market() -> None:
    rules = own_rules({("SDWAN", "INTL", "PREMIUM"): Level.FULL})
    solutions = [ordered("S1", "SDWAN", "INTL"), ordered("S2", "SDWAN", "FR")]

    found = compute_coverage(rules, solutions, "PREMIUM", "INTL").of(Feature.MAINTENANCE)

    assert (found.state, found.solutions, found.covered_by) == (State.SOME, frozenset({"S1"}), ("SDWAN",))


def test_covers_nothing_gated_under_an_unknown_portal_option() -> None:
    found = compute_coverage(RULES, [ordered("S1", "SDWAN")], "GOLD", "INTL").of(Feature.BILLING)

    assert (found.state, found.reason) == (State.NONE, Reason.NOT_OFFERED)


@pytest.mark.parametrize(
    ("solutions", "covered"),
    [
        (frozenset({"S1"}), True),
        (frozenset({"S2", "S1"}), True),
        (frozenset({"S2"}), False),
        (frozenset[str](), False),
        (None, False),
    ],
)
def test_opens_rows_of_covering_solutions_where_only_some_cover(
    solutions: frozenset[str] | None, *, covered: bool
) -> None:
    both = [ordered("S1", "BUSINESS_VPN"), ordered("S2", "MOBILE")]
    coverage = compute_coverage(RULES, both, "STANDARD", "INTL")

    assert coverage.covers(Feature.MAINTENANCE, solutions) is covered


@pytest.mark.parametrize("solutions", [frozenset({"S1"}), frozenset[str](), None])
def test_opens_every_row_where_all_cover_and_none_where_none_covers(solutions: frozenset[str] | None) -> None:
    coverage = compute_coverage(RULES, [ordered("S1", "MOBILE")], "STANDARD", "INTL")

    assert coverage.covers(Feature.REPORT_USAGE, solutions) is True
    assert coverage.covers(Feature.MAINTENANCE, solutions) is False
    assert coverage.covers(ALWAYS, solutions) is True


def test_covers_always_wholly() -> None:
    coverage = compute_coverage(CoverageRules([]), [], "LITE", "FR")

    assert coverage.state(ALWAYS) is State.ALL
    assert coverage.of(ALWAYS).reason is None


def test_does_not_cover_a_feature_that_is_not_named() -> None:
    coverage = Coverage(epoch="0", features={})

    assert coverage.state(Feature.BILLING) is State.NONE
    assert coverage.covers(Feature.BILLING, {"S1"}) is False


def test_cannot_be_changed() -> None:
    coverage = compute_coverage(RULES, [], "LITE", "FR")

    with pytest.raises(TypeError):
        coverage.features[Feature.BILLING] = coverage.of(ALWAYS)  # type: ignore[index] # pyright: ignore[reportIndexIssue] - what is tested


@pytest.mark.parametrize("portal_option", PORTAL_OPTIONS)
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("category", CATEGORIES)
def test_gives_a_reason_exactly_where_not_all_is_covered(
    category: str, market: str, portal_option: str
) -> None:
    solutions = [ordered("S1", category, market), ordered("S2", "MOBILE", market)]

    coverage = compute_coverage(RULES, solutions, portal_option, market)

    for found in coverage.features.values():
        assert (found.reason is None) is (found.state is State.ALL)
        assert (found.level is Level.NONE) is (found.state is State.NONE)
        assert (found.reason is Reason.NOT_OFFERED) <= (found.covered_by == ())


ENDED = date(2026, 3, 31)


def past(number: str, category: str, terminated_on: date | None = ENDED) -> OrderedSolution:
    """Give a Solution that is no longer provided."""
    gone = ordered(number, category, terminated=True)
    return replace(gone, terminated_on=terminated_on)


def on(day: date, *solutions: OrderedSolution, portal_option: str = "STANDARD") -> Coverage:
    return compute_coverage(RULES, solutions, portal_option, "INTL", Grace(day, 6))


def test_bills_and_closed_tickets_of_what_ended_stay_readable_for_some_months() -> None:
    coverage = on(date(2026, 9, 29), past("S1", "BUSINESS_VPN"), ordered("S2", "MOBILE"))

    for feature in LINGERING:
        assert coverage.of(feature).past == {"S1"}
        assert coverage.of(feature).solutions == {"S2"}
        assert coverage.covers(feature, ["S1"])
    assert coverage.of(Feature.REPORT_USAGE).past == frozenset()
    assert not coverage.covers(Feature.REPORT_USAGE, ["S1"])


@pytest.mark.parametrize(
    ("day", "readable"),
    [(date(2026, 9, 29), True), (date(2026, 9, 30), False), (date(2026, 10, 1), False)],
)
def test_the_time_of_grace_ends_on_the_same_day_of_a_later_month(day: date, *, readable: bool) -> None:
    coverage = on(day, past("S1", "BUSINESS_VPN"), ordered("S2", "MOBILE"))

    assert coverage.covers(Feature.BILLING, ["S1"]) is readable
    assert coverage.gone(Feature.BILLING) == (frozenset() if readable else {"S1"})


def test_of_a_customer_whose_solutions_all_ended_the_bills_stay() -> None:
    billing = on(date(2026, 4, 1), past("S1", "BUSINESS_VPN")).of(Feature.BILLING)

    assert (billing.state, billing.level, billing.reason) == (State.SOME, Level.READ, Reason.TERMINATED)
    assert (billing.solutions, billing.past) == (frozenset(), frozenset({"S1"}))


def test_what_ended_never_covers_changes() -> None:
    coverage = on(date(2026, 4, 1), past("S1", "BUSINESS_VPN"))

    assert coverage.state(Full(Feature.BILLING)) is State.NONE
    assert coverage.of(Full(Feature.BILLING)).reason is Reason.TERMINATED


@pytest.mark.parametrize(
    ("category", "terminated_on"), [("BUSINESS_VPN", None), ("BUSINESS_VPN", date(2020, 1, 1))]
)
def test_there_is_no_grace_without_an_end_or_long_after_it(category: str, terminated_on: date | None) -> None:
    coverage = on(date(2026, 4, 1), past("S1", category, terminated_on))

    assert coverage.state(Feature.BILLING) is State.NONE
    assert coverage.of(Feature.BILLING).reason is Reason.TERMINATED


def test_there_is_no_grace_for_what_the_rules_never_opened() -> None:
    rules = CoverageRules([])

    coverage = compute_coverage(rules, [past("S1", "SDWAN")], "STANDARD", "INTL", Grace(ENDED, 6))

    assert coverage.of(Feature.BILLING).past == frozenset()
    assert coverage.of(Feature.BILLING).reason is Reason.NOT_OFFERED


@pytest.mark.parametrize(
    ("ended", "months", "day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 14, date(2028, 1, 15)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_counts_months(ended: date, months: int, day: date) -> None:
    assert end_of_grace(ended, months) == day


def test_full_is_covered_only_by_what_allows_changes() -> None:
    solutions = [ordered("S1", "BUSINESS_VPN"), ordered("S2", "MOBILE")]

    coverage = compute_coverage(RULES, solutions, "STANDARD", "INTL")

    assert coverage.state(Feature.INCIDENTS) is State.ALL
    assert coverage.of(Feature.INCIDENTS).level is Level.READ
    full = coverage.of(Full(Feature.INCIDENTS))
    assert (full.state, full.level, full.solutions) == (State.SOME, Level.FULL, frozenset({"S1"}))
    assert "MOBILE" not in full.covered_by
    assert coverage.covers(Full(Feature.INCIDENTS), ["S1"])
    assert not coverage.covers(Full(Feature.INCIDENTS), ["S2"])


def test_full_is_never_covered_more_than_reading() -> None:
    for category, option in product(CATEGORIES, PORTAL_OPTIONS):
        coverage = compute_coverage(RULES, [ordered("S1", category)], option, "INTL")
        for each in Feature:
            assert coverage.of(Full(each)).solutions <= coverage.of(each).solutions
            assert (coverage.state(Full(each)) is State.ALL) <= (coverage.state(each) is State.ALL)


def test_is_named_by_what_it_says() -> None:
    first = compute_coverage(RULES, [ordered("S1", "SDWAN"), ordered("S2", "MOBILE")], "LITE", "FR")
    again = compute_coverage(RULES, [ordered("S2", "MOBILE"), ordered("S1", "SDWAN")], "LITE", "FR")
    other = compute_coverage(RULES, [ordered("S1", "SDWAN"), ordered("S3", "MOBILE")], "LITE", "FR")
    ended = compute_coverage(
        RULES, [ordered("S1", "SDWAN"), ordered("S2", "MOBILE"), past("S3", "SDWAN")], "LITE", "FR"
    )

    assert first.epoch == again.epoch
    assert len({first.epoch, other.epoch, ended.epoch}) == 3
