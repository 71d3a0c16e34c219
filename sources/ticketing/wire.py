"""Ticketing as TM Forum tells it: TMF621 TroubleTicket and its notes, versions 4 and 5."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sources.keys import (
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    NoteId,
    ServicePointId,
    TicketId,
)
from sources.ticketing import (
    TicketImpact,
    TicketKind,
    TicketNoteRecord,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from sources.tmf import (
    Characteristic,
    ExternalIdentifier,
    Id,
    Owned,
    Ref,
    Related,
    TmfError,
    Wire,
    Wording,
    convert,
    fold,
    key,
    many,
    matched,
    meant,
    moment,
    named,
    optional_key,
)

KINDS: Final[Wording[TicketKind]] = (
    ("bill|billing|invoice|charge|dispute|refund", TicketKind.BILLING),
    ("incident|fault|outage|failure|trouble|alarm", TicketKind.INCIDENT),
    ("request|change|order|installation|assistance", TicketKind.REQUEST),
    ("question|inquiry|enquiry|information|complain|complaint", TicketKind.QUESTION),
)
"""What TMF621's and MEF's ticket types mean, which are free text."""

OPENERS: Final[Wording[TicketOpener]] = (
    ("proactive|monitoring|supervision|noc|alarm", TicketOpener.OPERATOR),
)
"""The channels through which the operator opens tickets on its own account."""

_SEVERITIES: Final = {"critical": TicketSeverity.EXTENSIVE, "major": TicketSeverity.SIGNIFICANT}
"""TMF621's words, folded, in MEF's; the others are the same."""

_CHILD_OF: Final = frozenset({"ischild", "ischildof", "ischiled", "childof", "child", "parent", "hasparent"})
"""Relations to the ticket that this one is part of, folded (TMF621 has them misspelt)."""

_EXTERNAL_LENGTH: Final = 256

_BILLS: Final = frozenset({"customerbill"})
_PRODUCTS: Final = frozenset({"product"})
_RESOURCES: Final = frozenset({"resource", "physicalresource", "logicalresource"})
_PLACES: Final = frozenset({"place", "geographicsite", "geographicaddress", "geographiclocation"})


class Note(Wire, frozen=True, kw_only=True):
    """TMF621 Note; its id counts within its ticket only."""

    id: Id | None = None
    author: str | None = None
    date: str | None = None
    text: str | None = None


class StatusChange(Wire, frozen=True, kw_only=True):
    """When a ticket came into a state: version 4 calls it ``changeDate``."""

    status: str | None = None
    change_date: str | None = None
    status_change_date: str | None = None


class TicketRelationship(Ref, frozen=True, kw_only=True):
    """How a ticket stands to another."""

    relationship_type: str | None = None


class TroubleTicket(Owned, frozen=True, kw_only=True):
    """TMF621 TroubleTicket; ``observedImpact`` is MEF's.

    TMF621 has no number but the id: systems that have one say it in an attribute of their own, or as a
    characteristic (version 5).
    """

    description: str | None = None
    external_id: Id | None = None
    external_identifier: ExternalIdentifier | list[ExternalIdentifier | None] | None = None
    ticket_type: str | None = None
    status: str | None = None
    status_change_reason: str | None = None
    priority: str | None = None
    severity: str | None = None
    observed_impact: str | None = None
    creation_date: str | None = None
    last_update: str | None = None
    expected_resolution_date: str | None = None
    resolution_date: str | None = None
    status_change_date: str | None = None
    status_change: StatusChange | list[StatusChange | None] | None = None
    status_change_history: StatusChange | list[StatusChange | None] | None = None
    channel: Ref | None = None
    note: Note | list[Note | None] | None = None
    place: Related | list[Related | None] | None = None
    related_entity: Related | list[Related | None] | None = None
    ticket_reference: Id | None = None
    trouble_ticket_characteristic: Characteristic | list[Characteristic | None] | None = None
    trouble_ticket_relationship: TicketRelationship | list[TicketRelationship | None] | None = None


def read_ticket(thing: Mapping[str, Any]) -> TroubleTicket:
    """Give *thing* as a trouble ticket; raises ``TmfError``."""
    ticket = convert(thing, TroubleTicket)
    key(ticket.id)
    return ticket


def ticket_record(ticket: TroubleTicket, customer: CustomerCode) -> TicketRecord:
    """Give *ticket* without what others say of it: its Solution.

    ``service_point`` is the product that it is about, a Solution or not. Raises ``TmfError`` where no time of
    creation is said.
    """
    own, opened_at, parent = key(ticket.id), _opened_at(ticket), _parent(ticket)
    status = matched(ticket.status, TicketStatus, {"canceled": TicketStatus.CANCELLED}, TicketStatus.UNKNOWN)
    about = _about(ticket)
    document, component, product = about.get("document"), about.get("component"), about.get("product")
    return TicketRecord(
        customer=customer,
        id=TicketId(own),
        reference=_reference(ticket) or own,
        external_id=_external_id(ticket),
        title=ticket.name or ticket.description or own,
        description=ticket.description,
        kind=meant([ticket.ticket_type], KINDS, TicketKind.UNKNOWN),
        raw_kind=ticket.ticket_type,
        status=status,
        raw_status=ticket.status,
        status_reason=ticket.status_change_reason,
        priority=matched(ticket.priority, TicketPriority, {}, TicketPriority.UNKNOWN),
        raw_priority=ticket.priority,
        severity=matched(ticket.severity, TicketSeverity, _SEVERITIES, TicketSeverity.UNKNOWN),
        raw_severity=ticket.severity,
        impact=_impact(ticket.observed_impact),
        raw_impact=ticket.observed_impact,
        opened_by=_opener(ticket.channel),
        opened_at=opened_at,
        updated_at=moment(ticket.last_update) or moment(ticket.status_change_date) or opened_at,
        expected_resolution_at=moment(ticket.expected_resolution_date),
        resolved_at=moment(ticket.resolution_date) or _reached(ticket, TicketStatus.RESOLVED, status),
        closed_at=_reached(ticket, TicketStatus.CLOSED, status),
        service_point=ServicePointId(product) if product else None,
        component=ComponentId(component) if component else None,
        location=LocationId(about["location"]) if "location" in about else None,
        document=BillingDocumentId(document) if document else None,
        parent=TicketId(parent) if parent else None,
    )


def note_records(ticket: TroubleTicket, customer: CustomerCode) -> list[TicketNoteRecord]:
    """Give the notes on *ticket* that say something; one without a date is as old as the ticket."""
    own, opened_at = key(ticket.id), _opened_at(ticket)
    return [
        TicketNoteRecord(
            customer=customer,
            id=_note_id(own, each),
            ticket=TicketId(own),
            author=each.author,
            written_at=moment(each.date) or opened_at,
            text=each.text,
        )
        for each in many(ticket.note)
        if each.text
    ]


def _impact(text: str | None) -> TicketImpact | None:
    return None if text is None else matched(text, TicketImpact, {}, TicketImpact.UNKNOWN)


def _opener(channel: Ref | None) -> TicketOpener:
    return meant([channel.name if channel else None], OPENERS, TicketOpener.CUSTOMER)


def _opened_at(ticket: TroubleTicket) -> datetime:
    opened_at = moment(ticket.creation_date)
    if opened_at is None:
        raise TmfError("has no creationDate")
    return opened_at


def _reached(ticket: TroubleTicket, wanted: TicketStatus, status: TicketStatus) -> datetime | None:
    changes = [*many(ticket.status_change), *many(ticket.status_change_history)]
    times = [
        moment(each.change_date or each.status_change_date)
        for each in changes
        if matched(each.status, TicketStatus, {}, TicketStatus.UNKNOWN) is wanted
    ]
    said = [each for each in times if each is not None]
    if said:
        return max(said)
    return moment(ticket.status_change_date) if status is wanted else None


def _about(ticket: TroubleTicket) -> dict[str, str]:
    """Give what the ticket is about: by what it is to us, the first of its kind."""
    kinds = (("document", _BILLS), ("product", _PRODUCTS), ("component", _RESOURCES), ("location", _PLACES))
    found: dict[str, str] = {}
    for each in many(ticket.related_entity):
        target = each.target
        folded = fold(target.at_referred_type or target.at_type or "")
        for name, types in kinds:
            if folded in types and (other := optional_key(target.id)):
                found.setdefault(name, other)
    for each in many(ticket.place):
        if other := optional_key(each.target.id):
            found.setdefault("location", other)
    return found


def _parent(ticket: TroubleTicket) -> str | None:
    relations = many(ticket.trouble_ticket_relationship)
    others = (optional_key(each.id) for each in relations if fold(each.relationship_type or "") in _CHILD_OF)
    return next((each for each in others if each), None)


def _external_id(ticket: TroubleTicket) -> str | None:
    said = (ticket.external_id, *(each.id for each in many(ticket.external_identifier)))
    found = next((text for each in said if each is not None and (text := str(each).strip())), None)
    if found and len(found) > _EXTERNAL_LENGTH:
        raise TmfError(f"the external id {found[:20]}… has more than {_EXTERNAL_LENGTH} characters")
    return found


def _reference(ticket: TroubleTicket) -> str | None:
    said = named(many(ticket.trouble_ticket_characteristic)).get("ticketreference")
    return optional_key(ticket.ticket_reference) or optional_key(said if isinstance(said, str) else None)


def _note_id(ticket: str, note: Note) -> NoteId:
    own = optional_key(note.id)
    text = (
        own
        or sha256("\0".join((note.author or "", note.date or "", note.text or "")).encode()).hexdigest()[:16]
    )
    return NoteId(key(f"{ticket}/{text}"))
