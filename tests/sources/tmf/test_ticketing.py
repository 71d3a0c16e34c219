"""Ticketing over TMF621 gives what ticketing in memory gives, whatever a system's habits."""

from itertools import product

import pytest

from sources.condition import Range
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
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketingSource, TicketOrder, TicketRecord, TicketStatus
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.fakes.ticketing import FakeTicketing
from tests.sources.tickets import at, note, ticket
from tests.tmf.server import GOOD, Habits, Total
from tests.tmf.ticketing import tmf_ticketing

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
SOME = Scope(customer=ACME, solutions=frozenset({"S1"}), accounts=ALL, locations=ALL, ended=frozenset({"S2"}))
LOCAL = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=frozenset({"L0", "L2"}))
LISTINGS = [
    Listing(filter=TicketFilter(), order=TicketOrder.UPDATED_AT_DESC, window=Window(limit=4), counted=True),
    Listing(
        filter=TicketFilter(open=True, updated=Range(at(2), at(9))),
        order=TicketOrder.REFERENCE_ASC,
        window=Window(limit=3, backward=True),
    ),
]
HABITS = [
    GOOD,
    Habits(filters=False, total=Total.OF_THE_COLLECTION),
    Habits(filters=False, total=Total.ZERO, cap=7, status=206),
    Habits(total=Total.NEGATIVE, cap=3, status=206),
    Habits(total=Total.NONE),
]
COMPONENTS = [ComponentId(f"C{number}") for number in range(4)]


def records(customer: CustomerCode, many: int = 25) -> list[TicketRecord]:
    """Make tickets about this and that, in all states; another customer's are about the same."""
    return [
        ticket(
            customer,
            f"{customer}-{number}",
            status=list(TicketStatus)[number % 9],
            updated_at=at(1 + number % 11, number % 5),
            service_point=ServicePointId(f"P{number % 6}") if number % 4 else None,
            solution=SolutionId(f"S{number % 3}") if number % 4 else None,
            component=COMPONENTS[number % 3] if number % 2 else None,
            location=LocationId(f"L{number % 3}") if number % 5 else None,
            document=BillingDocumentId("D1") if number % 7 == 0 else None,
        )
        for number in range(many)
    ]


async def answers(ticketing: TicketingSource, scope: Scope) -> list[object]:
    """Ask everything that can be asked."""
    ids = [TicketId(f"{customer}-{number}") for customer in (ACME, OTHER) for number in (0, 1, 7, 99)]
    found: list[object] = [
        sorted((await ticketing.tickets(scope, ids)).items()),
        await ticketing.notes_by_ticket(scope, ids),
    ]
    for listing in LISTINGS:
        found += [
            await ticketing.tickets_by_customer(scope, [ACME, OTHER], listing),
            await ticketing.tickets_by_solution(scope, [SolutionId("S1"), SolutionId("S2")], listing),
            await ticketing.tickets_by_component(scope, COMPONENTS, listing),
            await ticketing.tickets_by_service_point(scope, [ServicePointId("P1")], listing),
            await ticketing.tickets_by_location(scope, [LocationId("L1"), LocationId("L2")], listing),
            await ticketing.tickets_by_document(scope, [BillingDocumentId("D1")], listing),
        ]
    return found


@pytest.mark.parametrize(("version", "strategy"), list(product(Version, Strategy)))
@pytest.mark.parametrize("habits", HABITS)
async def test_gives_the_same_whatever_the_habits_of_a_system_and_however_it_is_asked(
    habits: Habits, version: Version, strategy: Strategy
) -> None:
    memory = FakeTicketing()
    settings = ThingSettings(version=version, strategy=strategy, page_size=10)
    notes = [note(ACME, "N1", ticket=TicketId("acme-1")), note(OTHER, "N1", ticket=TicketId("other-1"))]

    async with tmf_ticketing(settings, habits) as over_http:
        for each in (memory, over_http):
            await each.save_tickets([*records(OTHER), *records(ACME)])
            await each.save_notes(notes)

        for scope in (WHOLE, SOME, LOCAL):
            assert await answers(over_http, scope) == await answers(memory, scope)
