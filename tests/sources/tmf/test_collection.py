"""How a system is asked: for many ids, for a customer's things, for those about a thing, through a cache."""

from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Any, TypeVar

import msgspec
import pytest
from msgspec.structs import replace

from sources.cache import Fetch, Kind, Tenant, Uncached
from sources.keys import (
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.listing import Listing, Window
from sources.placement import Place
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketOrder
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.sources.tickets import ticket
from tests.tmf.server import Habits, Total
from tests.tmf.ticketing import SavedTicketing, tmf_ticketing

S = TypeVar("S", bound=msgspec.Struct)

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
C1, C2 = ComponentId("C1"), ComponentId("C2")
D1 = BillingDocumentId("D1")
T1, T2, T3, T9 = (TicketId(key) for key in ("T1", "T2", "T3", "T9"))
EVERY = Listing(filter=TicketFilter(), order=TicketOrder.REFERENCE_ASC, window=Window(limit=10), counted=True)
PARTY = "relatedParty.id=party of acme"


async def filled(ticketing: SavedTicketing) -> SavedTicketing:
    """Give *ticketing* with T1 to T3 of ACME, and T9 of another customer."""
    await ticketing.save_tickets(
        [
            ticket(ACME, "T1", component=C1, document=D1, service_point=ServicePointId("P1")),
            ticket(ACME, "T2", component=C2, location=LocationId("L1")),
            ticket(ACME, "T3", component=C1),
            ticket(OTHER, "T9", component=C1, document=D1),
        ]
    )
    return ticketing


@pytest.fixture
async def ticketing() -> AsyncGenerator[SavedTicketing]:
    """Give ticketing over version 4 of a good server."""
    async with tmf_ticketing(ThingSettings()) as opened:
        yield await filled(opened)


@pytest.mark.parametrize(
    ("strategy", "asked"),
    [
        (Strategy.COMMA_OR, ["/troubleTicket?id=T1,T9,T3"]),
        (Strategy.JSONPATH, ["/troubleTicket?filter=$[?(@.id=='T1' || @.id=='T9' || @.id=='T3')]"]),
        (Strategy.PARALLEL, ["/troubleTicket/T1", "/troubleTicket/T3", "/troubleTicket/T9"]),
        (Strategy.LIST, [f"/troubleTicket?{PARTY}"]),
    ],
)
async def test_asks_for_many_ids_as_the_settings_say_and_gives_those_of_the_customer(
    strategy: Strategy, asked: list[str]
) -> None:
    async with tmf_ticketing(ThingSettings(strategy=strategy)) as opened:
        ticketing = await filled(opened)

        found = await ticketing.tickets(WHOLE, [T1, T9, T3])

        assert found.keys() == {T1, T3}
        assert sorted(ticketing.server.queries) == asked


async def test_asks_for_an_id_with_a_comma_by_itself(ticketing: SavedTicketing) -> None:
    both = TicketId("T1,T3")
    await ticketing.save_tickets([ticket(ACME, both)])

    found = await ticketing.tickets(WHOLE, [T2, both])

    assert found.keys() == {T2, both}
    assert sorted(ticketing.server.queries) == ["/troubleTicket/T1,T3", "/troubleTicket?id=T2"]


async def test_gives_nothing_that_was_not_asked_for_though_the_system_does() -> None:
    async with tmf_ticketing(ThingSettings(), Habits(filters=False, total=Total.ZERO)) as opened:
        ticketing = await filled(opened)

        assert (await ticketing.tickets(WHOLE, [T1, T9])).keys() == {T1}


@pytest.mark.parametrize(
    ("version", "parameters"),
    [
        (Version.V4, "relatedParty.id=party of acme&relatedEntity.id=C1,C2"),
        (Version.V5, "relatedParty.partyOrPartyRole.id=party of acme&relatedEntity.entity.id=C1,C2"),
    ],
)
async def test_asks_for_the_tickets_about_components_by_what_the_tickets_say(
    version: Version, parameters: str
) -> None:
    async with tmf_ticketing(ThingSettings(version=version)) as opened:
        ticketing = await filled(opened)

        pages = await ticketing.tickets_by_component(WHOLE, [C1, C2], EVERY)

        assert {key: [each.id for each in page.rows] for key, page in pages.items()} == {
            C1: [T1, T3],
            C2: [T2],
        }
        assert ticketing.server.queries == [f"/troubleTicket?{parameters}"]


async def test_reads_all_of_a_customers_tickets_for_what_other_systems_say_of_them(
    ticketing: SavedTicketing,
) -> None:
    pages = await ticketing.tickets_by_service_point(WHOLE, [ServicePointId("P1")], EVERY)

    assert [each.id for each in pages[ServicePointId("P1")].rows] == [T1]
    assert ticketing.server.queries == [f"/troubleTicket?{PARTY}"]


async def test_reads_all_of_a_customers_tickets_where_a_parents_id_has_a_comma(
    ticketing: SavedTicketing,
) -> None:
    odd = ComponentId("C1,C2")

    pages = await ticketing.tickets_by_component(WHOLE, [odd], EVERY)

    assert (pages[odd].rows, pages[odd].total) == ([], 0)
    assert ticketing.server.queries == [f"/troubleTicket?{PARTY}"]


async def test_asks_by_the_parameter_that_the_settings_name() -> None:
    async with tmf_ticketing(ThingSettings(party_parameter="customer")) as opened:
        ticketing = await filled(opened)

        await ticketing.tickets_by_customer(WHOLE, [ACME], EVERY)

        assert ticketing.server.queries == ["/troubleTicket?customer=party of acme"]


async def test_asks_nothing_for_another_customers_list(ticketing: SavedTicketing) -> None:
    pages = await ticketing.tickets_by_customer(WHOLE, [OTHER], EVERY)

    assert pages[OTHER].rows == []
    assert ticketing.server.queries == []


async def test_places_a_ticket_by_its_component_where_its_product_does_not_say() -> None:
    async with tmf_ticketing(ThingSettings()) as opened:
        place = Place(
            service_point=ServicePointId("P7"), solution=SolutionId("S7"), location=LocationId("L7")
        )
        opened.component_places[C1] = place
        ticketing = await filled(opened)

        found = await ticketing.tickets(WHOLE, [T1, T2, T3])

        assert [(each.service_point, each.solution, each.location) for each in found.values()] == [
            ("P1", "S7", "L7"),
            (None, None, "L1"),
            ("P7", "S7", "L7"),
        ]


async def test_a_ticket_that_names_its_party_by_too_long_an_id_is_left_out_alone(
    ticketing: SavedTicketing,
) -> None:
    sent = [dict(each) for each in ticketing.server.things["troubleTicket"]]
    sent[1]["relatedParty"] = [{"id": "x" * 200, "role": "customer"}, *sent[1]["relatedParty"]]
    ticketing.server.things["troubleTicket"] = sent

    pages = await ticketing.tickets_by_customer(WHOLE, [ACME], EVERY)

    assert [each.id for each in pages[ACME].rows] == [T1, T3]


async def test_asks_once_for_what_is_kept_and_never_for_another_tenant() -> None:
    kept = Kept()
    async with tmf_ticketing(ThingSettings(), cache=kept) as opened:
        ticketing = await filled(opened)
        await ticketing.tickets(WHOLE, [T1, T2])

        again = await ticketing.tickets(WHOLE, [T2, T3])
        notes = await ticketing.notes_by_ticket(WHOLE, [T1])
        other = await ticketing.tickets(replace(WHOLE, customer=OTHER), [T1, T9])

        assert (set(again), notes, set(other)) == ({T2, T3}, {}, {T9})
        assert ticketing.server.queries == [
            "/troubleTicket?id=T1,T2",
            "/troubleTicket?id=T3",
            "/troubleTicket?id=T1,T9",
        ]


class Kept(Uncached):
    """A ``Cache`` that forgets nothing."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.rows: dict[object, Any] = {}

    async def found(
        self, kind: Kind[S], tenant: Tenant, keys: Collection[str], fetch: Fetch[S]
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what is kept, and fetch the rest."""
        missing = [each for each in keys if (kind, tenant, each) not in self.rows]
        if missing:
            self.rows |= {(kind, tenant, key): each for key, each in (await fetch(missing)).items()}
        return {each: self.rows[kind, tenant, each] for each in keys if (kind, tenant, each) in self.rows}
