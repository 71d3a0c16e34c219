"""What demo customers ordered, and the components of it, hang together."""

from collections import Counter
from ipaddress import ip_address

import pytest

from servicespace.demo.plan import Plan
from servicespace.demo.skew import shares
from sources.inventory.exclusion import Exclusion, exclusion_of
from sources.ordering import ENDED, SolutionCategory
from tests.servicespace.made import MEDIUM, each_plan, made


@each_plan
def test_has_as_much_of_everything_as_its_profile_says(plan: Plan) -> None:
    profile = plan.profile

    found = made(plan)

    assert len(found.estate.locations) == profile.sites
    assert len(found.estate.solutions) == profile.solutions
    assert len(found.estate.service_points) == profile.service_points
    assert len(found.accounts) == profile.billing_accounts
    assert len(found.shown) == profile.components


@each_plan
def test_gives_no_two_things_one_id(plan: Plan) -> None:
    found = made(plan)
    estate = found.estate

    ids = Counter[str](
        each.id
        for kind in (
            estate.locations,
            estate.solutions,
            estate.service_points,
            found.components,
            found.accounts,
            found.lines,
        )
        for each in kind
    )

    assert ids.most_common(1)[0][1] == 1


@each_plan
def test_puts_every_service_point_at_a_location_into_a_solution_and_on_an_account(plan: Plan) -> None:
    found = made(plan)
    points = found.estate.service_points

    assert {each.solution for each in points} == {each.id for each in found.estate.solutions}
    assert {each.location for each in points} == {each.id for each in found.estate.locations}
    assert {each.billing_account for each in points} == {each.id for each in found.accounts}


@each_plan
def test_activates_nothing_before_its_solution(plan: Plan) -> None:
    found = made(plan)
    since = {each.id: each.activated_on or plan.today for each in found.estate.solutions}

    early = [
        each
        for each in found.estate.service_points
        if (each.activated_on or plan.today) < since[each.solution]
    ]

    assert early == []
    assert all(each.ordered_on < since[each.id] < plan.today for each in found.estate.solutions)


@each_plan
def test_keeps_each_component_where_its_service_point_is(plan: Plan) -> None:
    found = made(plan)
    points = found.service_points

    tied = [each for each in found.components if each.service_point is not None]

    for each in tied:
        assert each.service_point is not None
        point = points[each.service_point]
        assert (each.solution, each.location) == (point.solution, point.location)
        assert point.status not in ENDED
    assert {each.exclusion for each in found.components if each.service_point is None} <= {
        Exclusion.CASCADED_ROUTER
    }


@each_plan
def test_reaches_components_through_components_that_exist(plan: Plan) -> None:
    known = {each.id: each for each in made(plan).components}

    parents = {each.id: each.parent for each in known.values() if each.parent is not None}

    assert set(parents.values()) <= known.keys()
    assert all(
        known[child].location == known[parent].location or known[parent].exclusion
        for child, parent in parents.items()
    )


@each_plan
def test_excludes_what_the_terms_exclude_and_nothing_else(plan: Plan) -> None:
    found = made(plan)
    known = {each.id: each for each in found.components}

    said = {
        each.id: exclusion_of(
            each,
            known,
            core_network=each.raw_kind == "P_ROUTER",
            public_gateway=each.raw_kind == "PUBLIC_GATEWAY",
        )
        for each in found.components
    }

    assert said == {each.id: each.exclusion for each in found.components}
    assert {Exclusion.CORE_NETWORK, Exclusion.PUBLIC_GATEWAY, Exclusion.DIAL} <= set(said.values())


@each_plan
def test_gives_components_valid_addresses_of_their_own(plan: Plan) -> None:
    shown = made(plan).shown

    addresses = [ip_address(each) for component in shown for each in component.addresses]

    assert len(addresses) == len(set(addresses))


def test_gives_acme_solutions_of_three_categories_and_some_options() -> None:
    solutions = made(MEDIUM).estate.solutions

    assert Counter(each.category for each in solutions) == {
        SolutionCategory.BUSINESS_VPN: 2,
        SolutionCategory.SDWAN: 2,
        SolutionCategory.BUSINESS_TALK: 2,
    }
    assert {option for each in solutions for option in each.options} == {"DOCUMENTS", "REPORT_ENHANCED_IP"}


def test_puts_two_fifths_of_the_components_at_a_twentieth_of_the_sites() -> None:
    found = made(MEDIUM)
    by_site = Counter(each.location for each in found.shown)

    biggest = sum(count for _, count in by_site.most_common(MEDIUM.profile.sites // 20))

    assert 0.35 <= biggest / len(found.shown) <= 0.45


def test_puts_sites_into_many_countries_and_time_zones() -> None:
    locations = made(MEDIUM).estate.locations

    assert len({each.country for each in locations}) == 20
    assert {"Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Dubai"} <= {
        each.time_zone for each in locations
    }


def test_writes_names_from_right_to_left_and_with_emoji() -> None:
    names = "".join(each.name for each in made(MEDIUM).estate.locations)

    assert "دبي" in names
    assert "תל אביב" in names
    assert "☕" in names


def test_cuts_shares_that_sum_to_the_whole() -> None:
    assert shares(10, [3.0, 1.0, 1.0]) == [6, 2, 2]
    assert shares(11, [1.0, 1.0, 1.0], least=3) == [4, 4, 3]


def test_cannot_give_everybody_something_of_too_little() -> None:
    with pytest.raises(ValueError, match="2 is not enough for 1 for each of 3"):
        shares(2, [1.0, 1.0, 1.0], least=1)
