"""Ticketing: incidents, requests, billing queries and questions, and what was said about them.

Records and protocol. The facts are TM Forum's (TMF621 TroubleTicket and Note); severity and impact are MEF's
(W124).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final, Protocol

from sources.code import Code
from sources.condition import Among, AskedColumn, Between, Conditions, Contains, OneOf, Paths, Range
from sources.keys import (
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    NoteId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.listing import Filter, Listing, Order, Page
from sources.record import Inherited, Record
from sources.scope import Scope


class TicketKind(Code):
    """What a ticket is about (TMF621 ticketType, free text)."""

    INCIDENT = "INCIDENT"
    REQUEST = "REQUEST"
    BILLING = "BILLING"
    QUESTION = "QUESTION"
    UNKNOWN = "UNKNOWN"


class TicketStatus(Code):
    """The life of a ticket (TMF621 TroubleTicketStatusType)."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_PROGRESS = "IN_PROGRESS"
    PENDING = "PENDING"
    HELD = "HELD"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


OPEN: Final = frozenset(TicketStatus) - {TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED}
"""The states that are not final (TMF621 life cycle); a state that is not known may be one."""


class TicketPriority(Code):
    """How soon the operator deals with a ticket (TMF621 priority)."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    UNKNOWN = "UNKNOWN"


class TicketSeverity(Code):
    """How much is affected (MEF W124 severity; TMF621 has free text)."""

    EXTENSIVE = "EXTENSIVE"
    SIGNIFICANT = "SIGNIFICANT"
    MODERATE = "MODERATE"
    MINOR = "MINOR"
    UNKNOWN = "UNKNOWN"


class TicketImpact(Code):
    """How the service behaves (MEF W124 observed impact)."""

    DEGRADED = "DEGRADED"
    INTERMITTENT = "INTERMITTENT"
    DOWN = "DOWN"
    UNKNOWN = "UNKNOWN"


class TicketOpener(Code):
    """Who opened a ticket: the customer, or the operator on its own account."""

    CUSTOMER = "CUSTOMER"
    OPERATOR = "OPERATOR"


class TicketRecord(Record, frozen=True):
    """A ticket (TMF621 TroubleTicket).

    ``reference`` is the number that people use, ``external_id`` that of the customer's own system.
    ``document`` is the billing document that is disputed, ``parent`` the ticket that this one is part of.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "locations": OneOf("location")}
    final: ClassVar[AskedColumn | None] = (Among("status", OPEN), False)
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"open": ("status",)}

    id: TicketId
    reference: str
    title: str
    kind: TicketKind
    status: TicketStatus
    priority: TicketPriority
    severity: TicketSeverity
    opened_by: TicketOpener
    opened_at: datetime
    updated_at: datetime
    external_id: str | None = None
    description: str | None = None
    raw_kind: str | None = None
    raw_status: str | None = None
    status_reason: str | None = None
    raw_priority: str | None = None
    raw_severity: str | None = None
    impact: TicketImpact | None = None
    raw_impact: str | None = None
    expected_resolution_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    solution: SolutionId | None = None
    service_point: ServicePointId | None = None
    component: ComponentId | None = None
    location: LocationId | None = None
    document: BillingDocumentId | None = None
    parent: TicketId | None = None

    @property
    def open(self) -> bool:
        """Whether the ticket's state is not final."""
        return self.status in OPEN


class TicketNoteRecord(Record, frozen=True, kw_only=True):
    """A note on a ticket (TMF621 Note); once written it stays.

    ``solution`` and ``location`` are the ticket's, whatever a save says: who may see one may see the other.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "locations": OneOf("location")}

    id: NoteId
    ticket: TicketId
    author: str | None = None
    written_at: datetime
    text: str
    solution: SolutionId | None = None
    location: LocationId | None = None


TICKET_NOTES: Final = Inherited("ticket", {"solution": "solution", "location": "location"})
"""What notes have from their ticket."""


class TicketFilter(Filter, frozen=True):
    """What tickets may be asked by; ``open`` false asks for those in a final state."""

    conditions: ClassVar[Conditions] = {
        "status": OneOf("status"),
        "open": Among("status", OPEN),
        "priority": OneOf("priority"),
        "severity": OneOf("severity"),
        "impact": OneOf("impact"),
        "kind": OneOf("kind"),
        "opened_by": OneOf("opened_by"),
        "solution": OneOf("solution"),
        "service_point": OneOf("service_point"),
        "component": OneOf("component"),
        "location": OneOf("location"),
        "document": OneOf("document"),
        "opened": Between("opened_at"),
        "updated": Between("updated_at"),
        "expected_resolution": Between("expected_resolution_at"),
        "resolved": Between("resolved_at"),
        "external_id": OneOf("external_id"),
        "text": Contains(("id", "reference", "external_id", "title", "description")),
    }

    status: frozenset[TicketStatus] | None = None
    open: bool | None = None
    priority: frozenset[TicketPriority] | None = None
    severity: frozenset[TicketSeverity] | None = None
    impact: frozenset[TicketImpact] | None = None
    kind: frozenset[TicketKind] | None = None
    opened_by: frozenset[TicketOpener] | None = None
    solution: frozenset[SolutionId] | None = None
    service_point: frozenset[ServicePointId] | None = None
    component: frozenset[ComponentId] | None = None
    location: frozenset[LocationId] | None = None
    document: frozenset[BillingDocumentId] | None = None
    opened: Range[datetime] | None = None
    updated: Range[datetime] | None = None
    expected_resolution: Range[datetime] | None = None
    resolved: Range[datetime] | None = None
    external_id: frozenset[str] | None = None
    text: str | None = None


class TicketOrder(Order):
    """The orders of tickets."""

    OPENED_AT_ASC = "opened_at"
    OPENED_AT_DESC = "-opened_at"
    UPDATED_AT_ASC = "updated_at"
    UPDATED_AT_DESC = "-updated_at"
    REFERENCE_ASC = "reference"
    REFERENCE_DESC = "-reference"


class NoteOrder(Order):
    """The order of notes."""

    WRITTEN_AT_ASC = "written_at"


class TicketingSource(Protocol):
    """What the loaders may ask of ticketing.

    Each method takes the Scope of the asker, then many keys, and gives a mapping; a key that ticketing does
    not know, or the Scope leaves out, is left out of look-ups and has an empty page in lists. A failing
    system raises ``SourceError``.
    """

    async def tickets(self, scope: Scope, tickets: Collection[TicketId]) -> Mapping[TicketId, TicketRecord]:
        """Give the tickets with these ids."""
        ...

    async def tickets_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[TicketFilter]
    ) -> Mapping[CustomerCode, Page[TicketRecord]]:
        """Give a page of each customer's tickets."""
        ...

    async def tickets_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[TicketFilter]
    ) -> Mapping[SolutionId, Page[TicketRecord]]:
        """Give a page of each Solution's tickets."""
        ...

    async def tickets_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[TicketFilter]
    ) -> Mapping[ComponentId, Page[TicketRecord]]:
        """Give a page of each component's tickets."""
        ...

    async def tickets_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[TicketFilter]
    ) -> Mapping[ServicePointId, Page[TicketRecord]]:
        """Give a page of each service point's tickets."""
        ...

    async def tickets_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[TicketFilter]
    ) -> Mapping[LocationId, Page[TicketRecord]]:
        """Give a page of each location's tickets."""
        ...

    async def tickets_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[TicketFilter]
    ) -> Mapping[BillingDocumentId, Page[TicketRecord]]:
        """Give a page of the tickets that dispute each billing document."""
        ...

    async def notes_by_ticket(
        self, scope: Scope, tickets: Collection[TicketId]
    ) -> Mapping[TicketId, Sequence[TicketNoteRecord]]:
        """Give all notes on each ticket, oldest first; a ticket without notes is left out."""
        ...
