"""What becomes of things while the system fails that knows where they stand."""

import re
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest
from msgspec.structs import replace

from servicespace.upstreams.placement import SystemsPlacement
from sources.cache import Uncached
from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.inventory import ComponentFilter, ComponentOrder
from sources.inventory.tmf import TmfInventory
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId, TicketId
from sources.listing import Listing, Window
from sources.maintenance import MaintenanceEventFilter, MaintenanceEventOrder
from sources.maintenance.tmf import TmfMaintenance
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketOrder
from sources.ticketing.tmf import TmfTicketing
from sources.tmf.settings import ThingSettings
from sources.unplaced import collected, only_placed
from tests.populace import populated
from tests.servicespace.upstreams.several import Several
from tests.sources.http.faulty import Behaviour, answer, hang
from tests.sources.tickets import ticket
from tests.tmf.calls import calling
from tests.tmf.parts import party
from tests.tmf.server import TmfServer, serving
from tests.tmf.ticketing import parties
from tests.tmf.tickets import ticket_json
from tests.world import World

ACME: Final = CustomerCode("acme-global")
OPEN: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
TICKETS: Final = "{ tickets(first: 50, orderBy: OPENED_AT_DESC) { totalCount nodes { reference } } }"


@dataclass
class Placed:
    """Systems that TM Forum's APIs give, placed by those of the small world."""

    world: World
    server: TmfServer
    ticketing: TmfTicketing
    inventory: TmfInventory
    maintenance: TmfMaintenance

    async def tickets(self, **scope: Any) -> set[str]:  # noqa: ANN401 - any field of Scope
        """Give which of the customer's tickets an asker sees."""
        listing = Listing(
            filter=TicketFilter(), order=TicketOrder.OPENED_AT_DESC, window=Window(limit=50), counted=True
        )
        found = await self.ticketing.tickets_by_customer(replace(OPEN, **scope), [ACME], listing)
        assert found[ACME].total == len(found[ACME].rows)
        return {each.id for each in found[ACME].rows}

    async def events(self, **scope: Any) -> set[str]:  # noqa: ANN401 - any field of Scope
        """Give which of the customer's maintenance an asker sees."""
        listing = Listing(
            filter=MaintenanceEventFilter(),
            order=MaintenanceEventOrder.STARTS_AT_ASC,
            window=Window(limit=50),
            counted=True,
        )
        found = await self.maintenance.events_by_customer(replace(OPEN, **scope), [ACME], listing)
        return {each.id for each in found[ACME].rows}


@asynccontextmanager
async def placed() -> AsyncGenerator[Placed]:
    world = await populated()
    placement = SystemsPlacement(lambda: world.systems)
    (party_id,) = await parties(ACME)
    about: dict[str, dict[str, Any]] = {
        "product": {"service_point": ServicePointId("S-VPN-P1"), "location": LocationId("L-1")},
        "both": {"service_point": ServicePointId("S-VPN-P1"), "component": ComponentId("S-WAN-C1")},
        "component": {"component": ComponentId("S-WAN-C1")},
        "nothing": {},
    }
    tickets = [
        ticket_json(ticket(ACME, name, **keys), (), ThingSettings().version, party_id)
        for name, keys in about.items()
    ]
    changes = [
        change("of a product", party_id, impactEntity=[entity("S-VPN-P1", "Product")]),
        change("of a component", party_id, impactEntity=[entity("S-WAN-C1", "Resource")]),
        change("of something", party_id, impactEntity=[entity("S-VPN-P1", None)]),
        change("aimed at a component", party_id, targetEntity=[entity("S-WAN-C1", "Resource")]),
        change("of nothing", party_id),
    ]
    server = TmfServer(things={"troubleTicket": tickets, "changeRequest": changes})
    async with serving(server), calling(server.url) as api:
        wired = (api, ThingSettings(), parties, placement, Uncached())
        yield Placed(world, server, TmfTicketing(*wired), TmfInventory(*wired), TmfMaintenance(*wired))


def change(name: str, owner: str, **about: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Make a change request that is maintenance."""
    return {
        "id": name,
        "description": name,
        "requestType": "Planned maintenance",
        "status": "approved",
        "plannedStartTime": "2026-04-01T01:00:00Z",
        "plannedEndTime": "2026-04-01T05:00:00Z",
        "relatedParty": [party(owner, "customer", ThingSettings().version)],
        **about,
    }


def entity(own: str, kind: str | None) -> dict[str, Any]:
    """Make what a change names."""
    reference = {"id": own, "@referredType": kind}
    return {"entity": reference, **reference}


NARROW: Final[Mapping[str, Mapping[str, Any]]] = {
    "all": {},
    "one Solution": {"solutions": frozenset({"S-VPN"})},
    "one location": {"locations": frozenset({"L-1"})},
    "one that ended": {"ended": frozenset({"S-WAN"})},
    "one of which only what is final is given": {"settled": frozenset({"S-WAN"})},
}


@pytest.mark.parametrize("system", ["inventory", "ordering"])
@pytest.mark.parametrize("scope", NARROW.values(), ids=NARROW.keys())
async def test_nothing_is_seen_that_is_hidden_while_all_is_well(
    scope: Mapping[str, Any], system: str
) -> None:
    async with placed() as systems:
        collected()
        tickets, events = await systems.tickets(**scope), await systems.events(**scope)
        getattr(systems.world, system).diary.failing = SourceTimeoutError(system)

        assert await systems.tickets(**scope) <= tickets
        assert await systems.events(**scope) <= events


@pytest.mark.parametrize(
    ("scope", "whole", "left"),
    [
        ("all", {"product", "both", "component", "nothing"}, {"product", "both", "component", "nothing"}),
        ("one Solution", {"product", "both"}, {"product", "both"}),
        ("one location", {"product", "both", "component"}, {"product"}),
        ("one that ended", {"product", "both", "nothing"}, {"product", "both", "nothing"}),
    ],
)
async def test_a_ticket_stays_whose_place_is_known_without_inventory(
    scope: str, whole: set[str], left: set[str]
) -> None:
    async with placed() as systems:
        unplaced = collected()
        before = await systems.tickets(**NARROW[scope])
        systems.world.inventory.diary.failing = SourceTimeoutError("inventory")
        after = await systems.tickets(**NARROW[scope])

    assert (before, after) == (whole, left)
    assert [str(each) for each in unplaced.errors] == ["inventory"]


async def test_a_ticket_is_not_placed_by_its_component_while_its_product_cannot_be_told() -> None:
    async with placed() as systems:
        collected()
        systems.world.ordering.diary.failing = SourceUnavailableError("ordering")

        found = await systems.ticketing.tickets(OPEN, [TicketId("both"), TicketId("component")])
        narrow = await systems.tickets(solutions=frozenset({"S-WAN"}))

    assert found[TicketId("both")].solution is None
    assert found[TicketId("both")].service_point == "S-VPN-P1"
    assert found[TicketId("component")].solution == "S-WAN"
    assert narrow == {"component"}


async def test_a_change_of_things_that_cannot_be_told_is_shown_to_nobody() -> None:
    async with placed() as systems:
        collected()
        before = await systems.events()
        systems.world.inventory.diary.failing = SourceTimeoutError("inventory")
        after = await systems.events()

    assert before == {"of a product", "of a component", "of something", "aimed at a component", "of nothing"}
    assert after == {"of a product", "of nothing"}


async def test_a_component_without_its_product_is_given_only_where_no_solution_is_hidden() -> None:
    async with placed() as systems:
        (owner,) = await parties(ACME)
        characteristic = [{"name": "servicePoint", "value": "S-VPN-P1"}]
        systems.server.things["resource"] = [
            {
                "id": "C",
                "name": "c",
                "category": "PE_PORT",
                "resourceCharacteristic": characteristic,
                "characteristic": characteristic,
                "relatedParty": [party(owner, "user", ThingSettings().version)],
            }
        ]
        listing = Listing(filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=Window(limit=5))
        whole = await systems.inventory.components(OPEN, [ComponentId("C")])
        unplaced = collected()
        systems.world.ordering.diary.failing = SourceUnavailableError("ordering")
        bare = await systems.inventory.components_by_customer(OPEN, [ACME], listing)

        for hiding in (NARROW["one that ended"], NARROW["one Solution"]):
            with pytest.raises(SourceUnavailableError):
                await systems.inventory.components(replace(OPEN, **hiding), [ComponentId("C")])

    assert whole[ComponentId("C")].solution == SolutionId("S-VPN")
    assert [each.solution for each in bare[ACME].rows] == [None]
    assert [each.system for each in unplaced.errors] == ["ordering"]


async def test_where_nobody_can_be_told_the_error_goes_through() -> None:
    async with placed() as systems:
        systems.world.inventory.diary.failing = SourceTimeoutError("inventory")
        collected()

        with only_placed(), pytest.raises(SourceTimeoutError):
            await systems.tickets()


@pytest.fixture(scope="module")
def served(deployed: Several) -> Generator[Several]:
    with deployed.served() as found:
        yield found


@pytest.fixture
def by_component(served: Several) -> Generator[Several]:
    """Give the deployment, with tickets of which two in three say their component alone."""
    served.mend()
    whole = served.sound.things["troubleTicket"]
    served.sound.things["troubleTicket"] = [
        each if "-1" in each["id"] and "VPN" in each["id"] else _without_product(each) for each in whole
    ]
    yield served
    served.sound.things["troubleTicket"] = whole


def _without_product(thing: Mapping[str, Any]) -> dict[str, Any]:
    kept = [each for each in thing["relatedEntity"] if each["@referredType"] == "Resource"]
    return {**thing, "relatedEntity": kept}


@pytest.mark.parametrize(
    ("behaviour", "code", "message"),
    [
        (hang, "SOURCE_TIMEOUT", "did not answer in time"),
        (answer({"reason": "secret"}, 500), "SOURCE_UNAVAILABLE", "is not available"),
    ],
)
def test_who_asks_for_tickets_is_told_that_inventory_cannot_place_some(
    by_component: Several,
    behaviour: Behaviour,
    code: str,
    message: str,
) -> None:
    query = "{ solutions(first: 5) { nodes { id tickets(first: 5) { nodes { reference } } } } }"
    whole = by_component.ask(query)
    by_component.fail("inventory", behaviour)

    told = by_component.ask(query)
    every = by_component.ask(TICKETS)

    assert whole.errors == []
    assert [len(each["nodes"]) for each in whole.values("tickets")] == [2, 2, 2]
    assert [len(each["nodes"]) for each in told.values("tickets")] == [0, 1, 0]
    assert every.said["data"]["tickets"]["totalCount"] == 6
    for each in (told, every):
        (error,) = each.errors
        assert error["message"] == (
            f"The system inventory {message}. What only it can place is without its place, or left out."
        )
        assert (error["extensions"]["code"], error["extensions"]["source"]) == (code, "inventory")
        assert error.keys() == {"message", "extensions"}
        assert "secret" not in each.text


def test_a_failure_is_one_line_in_the_log_however_many_parts_it_takes(
    served: Several, caplog: pytest.LogCaptureFixture
) -> None:
    served.fail("inventory", answer({}, 500))

    told = served.ask()

    (line,) = (each.getMessage() for each in caplog.records if each.name == "servicespace.errors")
    (named,) = {each["extensions"]["requestId"] for each in told.errors}
    assert re.fullmatch(rf"inventory: GET resource: status 500 \(request {named}, parts: 3\)", line)
