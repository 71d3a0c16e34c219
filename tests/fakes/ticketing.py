"""Ticketing in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sources.keys import (
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.listing import Listing, Page
from sources.scope import Scope
from sources.table import Saved
from sources.ticketing import TICKET_NOTES, NoteOrder, TicketFilter, TicketNoteRecord, TicketRecord
from tests.fakes.heirs import save_parents, save_rows
from tests.fakes.shelf import Diary, Shelf


class FakeTicketing:
    """``TicketingSource`` that writes down what it was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self.diary = Diary("ticketing")
        self.ticket_shelf = Shelf[TicketRecord](self.diary)
        self.note_shelf = Shelf[TicketNoteRecord](self.diary)

    async def tickets(self, scope: Scope, tickets: Collection[TicketId]) -> Mapping[TicketId, TicketRecord]:
        return self.ticket_shelf.by_id("tickets", scope, tickets)

    async def tickets_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[TicketFilter]
    ) -> Mapping[CustomerCode, Page[TicketRecord]]:
        return self.ticket_shelf.pages("tickets_by_customer", scope, "customer", customers, listing)

    async def tickets_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[TicketFilter]
    ) -> Mapping[SolutionId, Page[TicketRecord]]:
        return self.ticket_shelf.pages("tickets_by_solution", scope, "solution", solutions, listing)

    async def tickets_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[TicketFilter]
    ) -> Mapping[ComponentId, Page[TicketRecord]]:
        return self.ticket_shelf.pages("tickets_by_component", scope, "component", components, listing)

    async def tickets_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[TicketFilter]
    ) -> Mapping[ServicePointId, Page[TicketRecord]]:
        return self.ticket_shelf.pages(
            "tickets_by_service_point", scope, "service_point", service_points, listing
        )

    async def tickets_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[TicketFilter]
    ) -> Mapping[LocationId, Page[TicketRecord]]:
        return self.ticket_shelf.pages("tickets_by_location", scope, "location", locations, listing)

    async def tickets_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[TicketFilter]
    ) -> Mapping[BillingDocumentId, Page[TicketRecord]]:
        return self.ticket_shelf.pages("tickets_by_document", scope, "document", documents, listing)

    async def notes_by_ticket(
        self, scope: Scope, tickets: Collection[TicketId]
    ) -> Mapping[TicketId, Sequence[TicketNoteRecord]]:
        return self.note_shelf.lists("notes_by_ticket", scope, "ticket", tickets, NoteOrder.WRITTEN_AT_ASC)

    async def save_tickets(self, records: Iterable[TicketRecord]) -> Saved:
        return save_parents(self.ticket_shelf, self.note_shelf, TICKET_NOTES, records)

    async def save_notes(self, records: Iterable[TicketNoteRecord]) -> Saved:
        latest = {(each.customer, each.id): each for each in records}
        fresh = [each for key, each in latest.items() if key not in self.note_shelf.records]
        saved = save_rows(self.ticket_shelf, self.note_shelf, TICKET_NOTES, fresh)
        return saved + Saved(unchanged=len(latest) - len(fresh))
