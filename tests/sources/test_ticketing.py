"""The contract of ticketing, kept by the fake, by the embedded system on each database, and over TMF621."""

from collections.abc import AsyncGenerator
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

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
from sources.listing import Listing, Page, Window, position
from sources.scope import Scope
from sources.sql import Database
from sources.table import Saved
from sources.ticketing import (
    TicketFilter,
    TicketImpact,
    TicketKind,
    TicketOpener,
    TicketOrder,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from sources.ticketing.sql import SqlTicketing
from tests.fakes.ticketing import FakeTicketing
from tests.sources.conftest import EMBEDDED
from tests.sources.tickets import at, note, ticket
from tests.tmf.ticketing import SavedTicketing, tmf_ticketing, tmf_version

C1, C2 = ComponentId("C1"), ComponentId("C2")
D1, D9 = BillingDocumentId("D1"), BillingDocumentId("D9")
L1, L2 = LocationId("L1"), LocationId("L2")
P1, P2 = ServicePointId("P1"), ServicePointId("P2")
S1, S2 = SolutionId("S1"), SolutionId("S2")
T1, T2, T3, T9 = (TicketId(key) for key in ("T1", "T2", "T3", "T9"))

Ticketing: TypeAlias = FakeTicketing | SqlTicketing | SavedTicketing

TICKETS = Listing(
    filter=TicketFilter(), order=TicketOrder.REFERENCE_ASC, window=Window(limit=10), counted=True
)


@pytest.fixture(params=[*EMBEDDED, "tmf-v4", "tmf-v5"])
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind ticketing."""
    return str(request.param)


@pytest.fixture
async def ticketing(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Ticketing]:
    """Give ticketing, empty of the test's customer."""
    if kept_by.startswith("tmf"):
        async with tmf_ticketing(tmf_version(kept_by)) as over_http:
            yield over_http
    else:
        yield FakeTicketing() if connection is None else SqlTicketing(Database(connection, "ticketing", 10))


async def test_gives_a_ticket_back_as_it_was_saved(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    saved = ticket(
        customer,
        "T1",
        external_id="213-9909",
        description="No dial tone ☎",
        raw_kind="Incident",
        raw_status="InProgress",
        status_reason="Technician sent",
        raw_priority="High",
        raw_severity="moderate",
        impact=TicketImpact.INTERMITTENT,
        raw_impact="intermittent",
        opened_at=at(1, 7, 968_000),
        updated_at=at(2),
        expected_resolution_at=at(3),
        resolved_at=at(4),
        closed_at=at(5, 6, 1),
        solution=S1,
        service_point=P1,
        component=C1,
        location=L1,
        document=D1,
        parent=T9,
    )

    await ticketing.save_tickets([saved])

    assert await ticketing.tickets(everything, [T1, T9]) == {T1: saved}


async def test_says_what_a_save_changed(ticketing: Ticketing, customer: CustomerCode) -> None:
    await ticketing.save_tickets([ticket(customer, "T1"), ticket(customer, "T2")])

    saved = await ticketing.save_tickets(
        [ticket(customer, "T1"), ticket(customer, "T2", status=TicketStatus.HELD), ticket(customer, "T3")]
    )

    assert saved == Saved(taken_in=1, updated=1, unchanged=1)


async def test_never_gives_another_customers_rows(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await ticketing.save_tickets(
        [ticket(other, "T1", solution=S1, component=C1, service_point=P1, location=L1, document=D1)]
    )
    await ticketing.save_notes([note(other, "N1")])

    assert await ticketing.tickets(everything, [T1]) == {}
    assert await ticketing.notes_by_ticket(everything, [T1]) == {}
    assert await ticketing.tickets_by_customer(everything, [other], TICKETS) == {other: Page([], total=0)}
    assert await ticketing.tickets_by_solution(everything, [S1], TICKETS) == {S1: Page([], total=0)}
    assert await ticketing.tickets_by_component(everything, [C1], TICKETS) == {C1: Page([], total=0)}
    assert await ticketing.tickets_by_service_point(everything, [P1], TICKETS) == {P1: Page([], total=0)}
    assert await ticketing.tickets_by_location(everything, [L1], TICKETS) == {L1: Page([], total=0)}
    assert await ticketing.tickets_by_document(everything, [D1], TICKETS) == {D1: Page([], total=0)}


async def test_leaves_out_tickets_and_notes_outside_the_scope(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    inside = ticket(customer, "T1", solution=S1, location=L1)
    elsewhere = ticket(customer, "T2", solution=S1, location=L2)
    nowhere = ticket(customer, "T3", component=C1)
    await ticketing.save_tickets([inside, elsewhere, nowhere])
    await ticketing.save_notes(
        [note(customer, "N1"), note(customer, "N2", ticket=T2), note(customer, "N3", ticket=T3)]
    )
    covered = replace(everything, solutions=frozenset({S1}))
    local = replace(everything, locations=frozenset({L1}))

    solutions = await ticketing.tickets_by_customer(covered, [customer], TICKETS)
    locations = await ticketing.tickets_by_customer(local, [customer], TICKETS)
    notes = await ticketing.notes_by_ticket(covered, [T1, T2, T3])

    assert solutions == {customer: Page([inside, elsewhere], total=2)}
    assert locations == {customer: Page([inside], total=1)}
    assert await ticketing.tickets(local, [T1, T2, T3]) == {T1: inside}
    assert await ticketing.tickets_by_component(covered, [C1], TICKETS) == {C1: Page([], total=0)}
    assert [each.id for many in notes.values() for each in many] == ["T1/N1", "T2/N2"]
    assert await ticketing.notes_by_ticket(local, [T1, T2, T3]) == {
        T1: [note(customer, "N1", solution=S1, location=L1)]
    }


def different(customer: CustomerCode) -> list[TicketRecord]:
    """Make T1, open; T2, closed, grave, of other things; T3, about a bill, in a state that is not known."""
    return [
        ticket(
            customer,
            "T1",
            external_id="X-1",
            title="Router down",
            expected_resolution_at=at(8),
            solution=S1,
            service_point=P1,
            component=C1,
            location=L1,
        ),
        ticket(
            customer,
            "T2",
            description="The ROUTER reboots",
            status=TicketStatus.CLOSED,
            priority=TicketPriority.LOW,
            severity=TicketSeverity.EXTENSIVE,
            impact=TicketImpact.DOWN,
            opened_by=TicketOpener.OPERATOR,
            opened_at=at(2),
            updated_at=at(9),
            expected_resolution_at=at(9),
            resolved_at=at(9),
            solution=S2,
            service_point=P2,
            component=C2,
            location=L2,
        ),
        ticket(customer, "T3", kind=TicketKind.BILLING, status=TicketStatus.UNKNOWN, document=D1),
    ]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (TicketFilter(status=frozenset({TicketStatus.CLOSED, TicketStatus.HELD})), ["T2"]),
        (TicketFilter(open=True), ["T1", "T3"]),
        (TicketFilter(open=False), ["T2"]),
        (TicketFilter(priority=frozenset({TicketPriority.LOW})), ["T2"]),
        (TicketFilter(severity=frozenset({TicketSeverity.EXTENSIVE})), ["T2"]),
        (TicketFilter(impact=frozenset({TicketImpact.DOWN})), ["T2"]),
        (TicketFilter(kind=frozenset({TicketKind.BILLING})), ["T3"]),
        (TicketFilter(opened_by=frozenset({TicketOpener.OPERATOR})), ["T2"]),
        (TicketFilter(solution=frozenset({S1})), ["T1"]),
        (TicketFilter(service_point=frozenset({P1})), ["T1"]),
        (TicketFilter(component=frozenset({C1})), ["T1"]),
        (TicketFilter(location=frozenset({L1})), ["T1"]),
        (TicketFilter(document=frozenset({D1})), ["T3"]),
        (TicketFilter(opened=Range(at(1), at(2))), ["T1", "T3"]),
        (TicketFilter(opened=Range(at(1, 0, 1))), ["T2"]),
        (TicketFilter(updated=Range(at(9), at(10))), ["T2"]),
        (TicketFilter(expected_resolution=Range(None, at(9))), ["T1"]),
        (TicketFilter(resolved=Range()), ["T2"]),
        (TicketFilter(external_id=frozenset({"X-1", "X-9"})), ["T1"]),
        (TicketFilter(text="router"), ["T1", "T2"]),
        (TicketFilter(text="inc-t3"), ["T3"]),
        (TicketFilter(text="router", open=True), ["T1"]),
    ],
)
async def test_gives_the_tickets_that_the_filter_asks_for(
    ticketing: Ticketing,
    customer: CustomerCode,
    everything: Scope,
    asked: TicketFilter,
    kept: list[str],
) -> None:
    await ticketing.save_tickets(different(customer))

    pages = await ticketing.tickets_by_customer(everything, [customer], replace(TICKETS, filter=asked))

    assert [each.id for each in pages[customer].rows] == kept
    assert pages[customer].total == len(kept)


@pytest.mark.parametrize("status", list(TicketStatus))
async def test_counts_a_ticket_as_open_until_its_state_is_final(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope, status: TicketStatus
) -> None:
    await ticketing.save_tickets([ticket(customer, "T1", status=status)])
    asked = replace(TICKETS, filter=TicketFilter(open=True))

    pages = await ticketing.tickets_by_customer(everything, [customer], asked)

    final = status.value in {"CLOSED", "REJECTED", "CANCELLED"}
    assert pages[customer].total == int(not final)
    assert ticket(customer, "T1", status=status).open is not final


@pytest.mark.parametrize(
    ("order", "sorted_ids"),
    [
        (TicketOrder.OPENED_AT_ASC, ["T1", "T3", "T2"]),
        (TicketOrder.OPENED_AT_DESC, ["T2", "T3", "T1"]),
        (TicketOrder.UPDATED_AT_ASC, ["T3", "T2", "T1"]),
        (TicketOrder.UPDATED_AT_DESC, ["T1", "T2", "T3"]),
        (TicketOrder.REFERENCE_ASC, ["T2", "T1", "T3"]),
        (TicketOrder.REFERENCE_DESC, ["T3", "T1", "T2"]),
    ],
)
async def test_sorts_tickets(
    ticketing: Ticketing,
    customer: CustomerCode,
    everything: Scope,
    order: TicketOrder,
    sorted_ids: list[str],
) -> None:
    await ticketing.save_tickets(
        [
            ticket(customer, "T1", reference="2", opened_at=at(1), updated_at=at(9)),
            ticket(customer, "T2", reference="1", opened_at=at(1, 0, 2), updated_at=at(8)),
            ticket(customer, "T3", reference="3", opened_at=at(1, 0, 1), updated_at=at(7)),
        ]
    )

    pages = await ticketing.tickets_by_customer(everything, [customer], replace(TICKETS, order=order))

    assert [each.id for each in pages[customer].rows] == sorted_ids


async def read(ticketing: Ticketing, scope: Scope, window: Window) -> Page[TicketRecord]:
    """Give the page of the customer's tickets in *window*, the last updated first."""
    listing = Listing(filter=TicketFilter(), order=TicketOrder.UPDATED_AT_DESC, window=window)
    return (await ticketing.tickets_by_customer(scope, [scope.customer], listing))[scope.customer]


async def test_reads_tickets_page_by_page_in_both_directions(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    moments = (at(3), at(2, 0, 1), at(2), at(2), at(1))
    rows = [
        ticket(customer, f"T{9 - number}", updated_at=moment)
        for number, moment in enumerate(moments, start=1)
    ]
    await ticketing.save_tickets(rows)
    order = TicketOrder.UPDATED_AT_DESC

    first = await read(ticketing, everything, Window(limit=3))
    second = await read(ticketing, everything, Window(limit=3, after=position(rows[2], order)))
    last = await read(ticketing, everything, Window(limit=2, backward=True))
    before = await read(
        ticketing, everything, Window(limit=5, before=position(rows[3], order), backward=True)
    )

    assert first == Page(rows[:3], has_more=True)
    assert second == Page(rows[3:])
    assert last == Page(rows[3:], has_more=True)
    assert before == Page(rows[:3])


async def test_gives_the_first_tickets_of_each_parent_at_once(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    first = ticket(customer, "T1", solution=S1, component=C1, service_point=P1, location=L1, document=D1)
    second = ticket(customer, "T2", solution=S1, component=C1, service_point=P1, location=L1, document=D1)
    third = ticket(customer, "T3", solution=S2, component=C2, service_point=P2, location=L2, document=D9)
    await ticketing.save_tickets([first, second, third])
    one = replace(TICKETS, window=Window(limit=1))
    many, few = Page([first], has_more=True, total=2), Page([third], total=1)

    assert await ticketing.tickets_by_solution(everything, [S2, S1], one) == {S1: many, S2: few}
    assert await ticketing.tickets_by_component(everything, [C1, C2], one) == {C1: many, C2: few}
    assert await ticketing.tickets_by_service_point(everything, [P1, P2], one) == {P1: many, P2: few}
    assert await ticketing.tickets_by_location(everything, [L1, L2], one) == {L1: many, L2: few}
    assert await ticketing.tickets_by_document(everything, [D1, D9], one) == {D1: many, D9: few}
    assert await ticketing.tickets_by_solution(everything, [SolutionId("S9")], one) == {
        "S9": Page([], total=0)
    }


async def test_gives_the_notes_of_each_ticket_oldest_first(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    notes = [
        note(customer, "N3", written_at=at(2), author=None),
        note(customer, "N1", written_at=at(3)),
        note(customer, "N2", ticket=T2),
    ]
    await ticketing.save_tickets([ticket(customer, "T1"), ticket(customer, "T2"), ticket(customer, "T3")])
    await ticketing.save_notes(notes)

    found = await ticketing.notes_by_ticket(everything, [T1, T2, T3])

    assert found == {T1: notes[:2], T2: notes[2:]}


async def test_keeps_a_note_as_it_was_first_written(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    await ticketing.save_tickets([ticket(customer, "T1")])
    first = await ticketing.save_notes([note(customer, "N1")])

    second = await ticketing.save_notes(
        [note(customer, "N1", text="Never said"), note(customer, "N2", written_at=at(2))]
    )

    assert (first, second) == (Saved(taken_in=1), Saved(taken_in=1, unchanged=1))
    assert await ticketing.notes_by_ticket(everything, [T1]) == {
        T1: [note(customer, "N1"), note(customer, "N2", written_at=at(2))]
    }


async def test_shows_a_note_where_its_ticket_is_shown_whichever_came_first_and_wherever_that_moves(
    ticketing: Ticketing, customer: CustomerCode, everything: Scope
) -> None:
    await ticketing.save_notes([note(customer, "N1", solution=S2, location=L2)])
    alone = await ticketing.notes_by_ticket(replace(everything, solutions=frozenset({S2})), [T1])

    await ticketing.save_tickets([ticket(customer, "T1", solution=S1, location=L1)])
    placed = await ticketing.notes_by_ticket(everything, [T1])
    await ticketing.save_tickets([ticket(customer, "T1", solution=S2, location=L1)])
    moved = await ticketing.notes_by_ticket(everything, [T1])

    assert alone == {}
    assert placed == {T1: [note(customer, "N1", solution=S1, location=L1)]}
    assert moved == {T1: [note(customer, "N1", solution=S2, location=L1)]}
