"""Where things stand, as the systems of a market tell one another."""

import pytest
from msgspec.structs import replace

from servicespace.upstreams.placement import SystemsPlacement
from sources.errors import SourceUnavailableError
from sources.keys import BillingAccountId, ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.placement import Place
from tests.populace import populated
from tests.world import World

ACME = CustomerCode("acme-global")
BAKER = CustomerCode("baker-retail")


@pytest.fixture
async def world() -> World:
    world = await populated()
    for diary in world.diaries:
        diary.lines.clear()
    return world


@pytest.fixture
def placement(world: World) -> SystemsPlacement:
    return SystemsPlacement(lambda: world.systems)


async def test_a_product_is_a_service_point_or_a_solution(world: World, placement: SystemsPlacement) -> None:
    places = await placement.products(ACME, ["S-VPN-P1", "S-VPN", "nothing"])

    assert places == {
        "S-VPN-P1": Place(
            service_point=ServicePointId("S-VPN-P1"),
            solution=SolutionId("S-VPN"),
            location=LocationId("L-1"),
        ),
        "S-VPN": Place(solution=SolutionId("S-VPN")),
    }
    assert world.calls == ["ordering.service_points 3", "ordering.solutions 3"]


async def test_a_component_is_at_a_service_point(world: World, placement: SystemsPlacement) -> None:
    places = await placement.components(ACME, [ComponentId("S-VPN-C1"), ComponentId("nothing")])

    assert places == {
        "S-VPN-C1": Place(
            service_point=ServicePointId("S-VPN-P1"),
            solution=SolutionId("S-VPN"),
            location=LocationId("L-1"),
            kind="PE_PORT",
        )
    }
    assert world.calls == ["inventory.components 2"]


async def test_a_location_is_where_it_is(world: World, placement: SystemsPlacement) -> None:
    places = await placement.locations(ACME, [LocationId("L-1"), LocationId("nothing")])

    assert places == {"L-1": Place(location=LocationId("L-1"))}
    assert world.calls == ["ordering.locations 2"]


async def test_an_account_bills_the_solutions_of_its_service_points(
    world: World, placement: SystemsPlacement
) -> None:
    accounts = [BillingAccountId("A-1"), BillingAccountId("A-2"), BillingAccountId("nothing")]

    billed = await placement.accounts(ACME, accounts)

    assert billed == {"A-1": ["S-VPN"], "A-2": ["S-WAN"], "nothing": []}
    assert world.calls == ["ordering.service_points_by_billing_account 3"]


async def test_what_is_shown_to_nobody_has_no_place(world: World, placement: SystemsPlacement) -> None:
    hidden = [each.id for each in world.inventory.component_shelf.records.values() if each.exclusion]

    assert len(hidden) > 1
    assert await placement.components(ACME, hidden) == {}


async def test_another_customers_things_have_no_place(world: World, placement: SystemsPlacement) -> None:
    world.ordering.service_point_shelf.honest = False
    world.ordering.solution_shelf.honest = False
    world.inventory.component_shelf.honest = False

    assert await placement.products(BAKER, ["S-VPN-P1", "S-VPN"]) == {}
    assert await placement.components(BAKER, [ComponentId("S-VPN-C1")]) == {}
    assert await placement.locations(BAKER, [LocationId("nothing")]) == {}
    assert await placement.accounts(BAKER, [BillingAccountId("A-1")]) == {"A-1": ["S-NET"]}


async def test_what_ended_keeps_its_place(world: World, placement: SystemsPlacement) -> None:
    (ended,) = (each for each in world.ordering.solution_shelf.records.values() if each.id == "S-VPN")
    await world.ordering.save_solutions([replace(ended, terminated_on=ended.ordered_on)])

    assert await placement.products(ACME, ["S-VPN"]) == {"S-VPN": Place(solution=SolutionId("S-VPN"))}


async def test_nothing_is_asked_for_nothing(world: World, placement: SystemsPlacement) -> None:
    assert await placement.products(ACME, []) == {}
    assert await placement.components(ACME, []) == {}
    assert await placement.locations(ACME, []) == {}
    assert await placement.accounts(ACME, []) == {}
    assert world.calls == []


async def test_a_system_that_fails_places_nothing(world: World, placement: SystemsPlacement) -> None:
    world.ordering.diary.failing = SourceUnavailableError("ordering")

    with pytest.raises(SourceUnavailableError):
        await placement.products(ACME, ["S-VPN"])
