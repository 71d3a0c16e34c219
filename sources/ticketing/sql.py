"""Ticketing in the embedded database."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tortoise import fields
from tortoise.models import Model

from sources.heirs import Heirs
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
from sources.sql import Database, Row, index
from sources.table import Saved, Table
from sources.ticketing import TICKET_NOTES, NoteOrder, TicketFilter, TicketNoteRecord, TicketRecord


class Ticket(Row, Model):
    """The table of ``TicketRecord``."""

    reference = fields.CharField(128)
    external_id = fields.CharField(256, null=True)
    title = fields.TextField()
    description = fields.TextField(null=True)
    kind = fields.CharField(16)
    raw_kind = fields.TextField(null=True)
    status = fields.CharField(16)
    raw_status = fields.TextField(null=True)
    status_reason = fields.TextField(null=True)
    priority = fields.CharField(16)
    raw_priority = fields.TextField(null=True)
    severity = fields.CharField(16)
    raw_severity = fields.TextField(null=True)
    impact = fields.CharField(16, null=True)
    raw_impact = fields.TextField(null=True)
    opened_by = fields.CharField(16)
    opened_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    expected_resolution_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    solution = fields.CharField(128, null=True)
    service_point = fields.CharField(128, null=True)
    component = fields.CharField(128, null=True)
    location = fields.CharField(128, null=True)
    document = fields.CharField(128, null=True)
    parent = fields.CharField(128, null=True)

    class Meta(Model.Meta):
        app = "ticketing"
        table = "ticketing_ticket"
        unique_together = (("customer", "id"),)
        indexes = (
            index("opened_at"),
            index("updated_at"),
            index("reference"),
            index("external_id"),
            *(
                index(parent, column)
                for parent in ("solution", "component", "service_point", "location")
                for column in ("opened_at", "updated_at", "reference")
            ),
            index("document", "opened_at"),
        )


class TicketNote(Row, Model):
    """The table of ``TicketNoteRecord``."""

    ticket = fields.CharField(128)
    author = fields.TextField(null=True)
    written_at = fields.DatetimeField()
    text = fields.TextField()
    solution = fields.CharField(128, null=True)
    location = fields.CharField(128, null=True)

    class Meta(Model.Meta):
        app = "ticketing"
        table = "ticketing_note"
        unique_together = (("customer", "id"),)
        indexes = (index("ticket", "written_at"),)


class SqlTicketing:
    """``TicketingSource`` in the embedded database, and the way in for tickets and notes."""

    def __init__(self, database: Database) -> None:
        """Speak for ticketing over *database*."""
        self._tickets = Table(database, "ticketing_ticket", TicketRecord)
        self._notes = Table(database, "ticketing_note", TicketNoteRecord)
        self._heirs = Heirs(self._tickets, self._notes, TICKET_NOTES)

    async def tickets(self, scope: Scope, tickets: Collection[TicketId]) -> Mapping[TicketId, TicketRecord]:
        """Give the tickets with these ids."""
        return await self._tickets.by_id(scope, tickets)

    async def tickets_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[TicketFilter]
    ) -> Mapping[CustomerCode, Page[TicketRecord]]:
        """Give a page of each customer's tickets."""
        return await self._tickets.pages(scope, "customer", customers, listing)

    async def tickets_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[TicketFilter]
    ) -> Mapping[SolutionId, Page[TicketRecord]]:
        """Give a page of each Solution's tickets."""
        return await self._tickets.pages(scope, "solution", solutions, listing)

    async def tickets_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[TicketFilter]
    ) -> Mapping[ComponentId, Page[TicketRecord]]:
        """Give a page of each component's tickets."""
        return await self._tickets.pages(scope, "component", components, listing)

    async def tickets_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[TicketFilter]
    ) -> Mapping[ServicePointId, Page[TicketRecord]]:
        """Give a page of each service point's tickets."""
        return await self._tickets.pages(scope, "service_point", service_points, listing)

    async def tickets_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[TicketFilter]
    ) -> Mapping[LocationId, Page[TicketRecord]]:
        """Give a page of each location's tickets."""
        return await self._tickets.pages(scope, "location", locations, listing)

    async def tickets_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[TicketFilter]
    ) -> Mapping[BillingDocumentId, Page[TicketRecord]]:
        """Give a page of the tickets that dispute each billing document."""
        return await self._tickets.pages(scope, "document", documents, listing)

    async def notes_by_ticket(
        self, scope: Scope, tickets: Collection[TicketId]
    ) -> Mapping[TicketId, Sequence[TicketNoteRecord]]:
        """Give all notes on each ticket, oldest first; a ticket without notes is left out."""
        return await self._notes.lists(scope, "ticket", tickets, NoteOrder.WRITTEN_AT_ASC)

    async def known_by_service_point(
        self, customer: CustomerCode, service_points: Collection[ServicePointId]
    ) -> Sequence[TicketRecord]:
        """Give all tickets on these products: for imports, never for an asker."""
        return await self._tickets.having(customer, "service_point", service_points)

    async def known_by_component(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Sequence[TicketRecord]:
        """Give all tickets on these components: for imports, never for an asker."""
        return await self._tickets.having(customer, "component", components)

    async def save_tickets(self, records: Iterable[TicketRecord]) -> Saved:
        """Write tickets over those with the same customer and id; their notes follow."""
        return await self._heirs.save_parents(records)

    async def save_notes(self, records: Iterable[TicketNoteRecord]) -> Saved:
        """Write notes that are new; one that is known stays as it was written, and counts as unchanged."""
        latest = {(each.customer, each.id): each for each in records}
        known = await self._notes.known(latest)
        saved = await self._heirs.save_rows(each for key, each in latest.items() if key not in known)
        return saved + Saved(unchanged=len(known))
