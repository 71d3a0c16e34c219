"""Tickets: incidents, requests, billing queries and questions."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import strawberry

from auth.feature import ALWAYS, Detail, Feature
from resolvers import component, invoice, location, service_point, solution, ticket
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.node import Node, record_type
from schema.range import DateTimeRange
from sources import ticketing
from sources.ticketing import (
    TicketImpact,
    TicketKind,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)

if TYPE_CHECKING:
    from schema.component import Component
    from schema.invoice import BillingDocument
    from schema.location import Location
    from schema.service_point import ServicePoint
    from schema.solution import Solution

UNKNOWN = "A word that this schema does not know; the raw field has its text."

_DETAILS: Final = Detail(Feature.INCIDENTS)
"""What was said about a ticket is a detail of it."""

described(
    TicketKind,
    "What a ticket is about (TMF621 ticketType).",
    ALWAYS,
    INCIDENT="Something does not work as it should.",
    REQUEST="Something is asked for.",
    BILLING="An invoice or a credit note is in question.",
    QUESTION="Something is not clear.",
    UNKNOWN=UNKNOWN,
)

described(
    TicketStatus,
    "The life of a ticket (TMF621).",
    ALWAYS,
    ACKNOWLEDGED="Taken in.",
    IN_PROGRESS="Being worked on.",
    PENDING="Waiting for the customer.",
    HELD="Waiting for something else.",
    RESOLVED="Solved, and to be confirmed.",
    CLOSED="Done.",
    REJECTED="Not accepted.",
    CANCELLED="Withdrawn.",
    UNKNOWN=UNKNOWN,
)

described(
    TicketPriority,
    "How soon a ticket is dealt with.",
    ALWAYS,
    CRITICAL="At once.",
    HIGH="Before others.",
    MEDIUM="In its turn.",
    LOW="When there is time.",
    UNKNOWN=UNKNOWN,
)

described(
    TicketSeverity,
    "How much is affected.",
    ALWAYS,
    EXTENSIVE="All or nearly all.",
    SIGNIFICANT="A great part.",
    MODERATE="Some.",
    MINOR="Little.",
    UNKNOWN=UNKNOWN,
)

described(
    TicketImpact,
    "How the service behaves.",
    ALWAYS,
    DEGRADED="Worse than it should.",
    INTERMITTENT="Now and then not at all.",
    DOWN="Not at all.",
    UNKNOWN=UNKNOWN,
)

described(
    TicketOpener,
    "Who opened a ticket.",
    ALWAYS,
    CUSTOMER="The customer.",
    OPERATOR="The operator, before the customer said anything.",
)

ordered(
    ticketing.TicketOrder,
    "tickets",
    ALWAYS,
    OPENED_AT="when it was opened",
    UPDATED_AT="when it last changed",
    REFERENCE="reference",
)


@input_of(ticketing.TicketFilter, "What tickets may be asked by; all parts must hold.", Feature.INCIDENTS)
class TicketFilter:
    """The filter of tickets."""

    status: list[TicketStatus] | None = input_field("In one of these states.", Feature.INCIDENTS)
    open: bool | None = input_field("Still open (true), or in a final state (false).", Feature.INCIDENTS)
    priority: list[TicketPriority] | None = input_field("Of one of these priorities.", Feature.INCIDENTS)
    severity: list[TicketSeverity] | None = input_field("Of one of these severities.", Feature.INCIDENTS)
    impact: list[TicketImpact] | None = input_field("With one of these impacts.", Feature.INCIDENTS)
    kind: list[TicketKind] | None = input_field("Of one of these kinds.", Feature.INCIDENTS)
    opened_by: list[TicketOpener] | None = input_field("Opened by one of these.", Feature.INCIDENTS)
    solution: list[strawberry.ID] | None = input_field(
        "About one of these Solutions.", Feature.INCIDENTS, node="Solution"
    )
    service_point: list[strawberry.ID] | None = input_field(
        "About one of these service points.", Feature.INCIDENTS, node="ServicePoint"
    )
    component: list[strawberry.ID] | None = input_field(
        "About one of these components.", Feature.INVENTORY, node="Component"
    )
    location: list[strawberry.ID] | None = input_field(
        "About something at one of these locations.", Feature.INCIDENTS, node="Location"
    )
    opened: DateTimeRange | None = input_field("Opened in this range of time.", Feature.INCIDENTS)
    updated: DateTimeRange | None = input_field("Last changed in this range of time.", Feature.INCIDENTS)
    expected_resolution: DateTimeRange | None = input_field(
        "Expected to be solved in this range of time.", Feature.INCIDENTS
    )
    resolved: DateTimeRange | None = input_field("Solved in this range of time.", Feature.INCIDENTS)
    external_id: list[str] | None = input_field("With one of these numbers of your own.", Feature.INCIDENTS)
    text: str | None = input_field(
        "A part of the reference, your own number, the title or the description, whatever its case.",
        _DETAILS,
    )


TICKETS = Lists(
    TicketFilter,
    ticketing.TicketOrder,
    ticketing.TicketOrder.OPENED_AT_DESC,
    TicketRecord,
    ticketing.TicketFilter,
    "tickets",
)


@record_type(ticketing.TicketNoteRecord, "What was said about a ticket (TMF621 Note).", _DETAILS)
class TicketNote:
    """A note."""

    author: str | None = field("Who wrote it.", _DETAILS)
    written_at: datetime = field("When it was written.", _DETAILS)
    text: str = field("What it says.", _DETAILS)


@record_type(
    TicketRecord, "An incident, a request, a billing query or a question (TMF621).", Feature.INCIDENTS
)
class Ticket(Node):
    """A ticket."""

    reference: str = field("The number by which people know it.", Feature.INCIDENTS)
    external_id: str | None = field("The number in your own system.", Feature.INCIDENTS)
    title: str = field("What it is about, in a few words.", Feature.INCIDENTS)
    description: str | None = field("What it is about.", _DETAILS)
    kind: TicketKind = field("What kind of ticket it is.", Feature.INCIDENTS)
    raw_kind: str | None = field("The kind as the ticketing system words it.", Feature.INCIDENTS)
    status: TicketStatus = field("Where it is in its life.", Feature.INCIDENTS)
    raw_status: str | None = field("The status as the ticketing system words it.", Feature.INCIDENTS)
    status_reason: str | None = field("Why it is there.", Feature.INCIDENTS)
    open: bool = field("Whether its state is not final.", Feature.INCIDENTS)
    priority: TicketPriority = field("How soon it is dealt with.", Feature.INCIDENTS)
    raw_priority: str | None = field("The priority as the ticketing system words it.", Feature.INCIDENTS)
    severity: TicketSeverity = field("How much is affected.", Feature.INCIDENTS)
    raw_severity: str | None = field("The severity as the ticketing system words it.", Feature.INCIDENTS)
    impact: TicketImpact | None = field("How the service behaves.", Feature.INCIDENTS)
    opened_by: TicketOpener = field("Who opened it.", Feature.INCIDENTS)
    opened_at: datetime = field("When it was opened.", Feature.INCIDENTS)
    updated_at: datetime = field("When it last changed.", Feature.INCIDENTS)
    expected_resolution_at: datetime | None = field("When it should be solved.", Feature.INCIDENTS)
    resolved_at: datetime | None = field("When it was solved.", Feature.INCIDENTS)
    closed_at: datetime | None = field("When it was closed.", Feature.INCIDENTS)
    notes: list[TicketNote] | None = field(
        "What was said about it, oldest first.", _DETAILS, batch=ticket.notes
    )
    parent: Annotated["Ticket", strawberry.lazy("schema.ticket")] | None = field(
        "The ticket that it is part of.", Feature.INCIDENTS, batch=ticket.parents
    )
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that it is about.", ALWAYS, batch=solution.of_parents
    )
    service_point: Annotated["ServicePoint", strawberry.lazy("schema.service_point")] | None = field(
        "The service point that it is about.", ALWAYS, batch=service_point.of_parents
    )
    location: Annotated["Location", strawberry.lazy("schema.location")] | None = field(
        "Where it is.", ALWAYS, batch=location.of_parents
    )
    component: Annotated["Component", strawberry.lazy("schema.component")] | None = field(
        "The component that it is about.", Feature.INVENTORY, batch=component.of_parents
    )
    document: Annotated["BillingDocument", strawberry.lazy("schema.invoice")] | None = field(
        "The invoice or credit note that it disputes.", Feature.BILLING, batch=invoice.of_parents
    )
