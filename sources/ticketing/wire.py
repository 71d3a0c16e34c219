"""Ticketing as TM Forum tells it: TMF621 TroubleTicket and its notes, versions 4 and 5."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, TypedDict, cast

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
    Time,
    TmfError,
    Wire,
    Wording,
    fold,
    identified,
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

_SORTS: Final = {
    "document": frozenset({"customerbill"}),
    "product": frozenset({"product"}),
    "component": frozenset({"resource", "physicalresource", "logicalresource"}),
    "location": frozenset({"place", "geographicsite", "geographicaddress", "geographiclocation"}),
}
"""What things are to us, by their types, folded."""

_ENDS: Final = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})


class Note(Wire, frozen=True, kw_only=True):
    """TMF621 Note; its id counts within its ticket only."""

    id: Id | None = None
    author: str | None = None
    date: str | None = None
    text: str | None = None


class StatusChange(Wire, frozen=True, kw_only=True):
    """When a ticket came into a state: version 4 calls it ``changeDate``."""

    status: str | None = None
    change_date: Time | None = None
    status_change_date: Time | None = None


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
    creation_date: Time | None = None
    last_update: Time | None = None
    expected_resolution_date: Time | None = None
    resolution_date: Time | None = None
    status_change_date: Time | None = None
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
    return identified(thing, TroubleTicket)


def ticket_record(ticket: TroubleTicket, customer: CustomerCode) -> TicketRecord:
    """Give *ticket* without what others say of it: its Solution.

    ``service_point`` is the product that it is about, a Solution or not. Raises ``TmfError`` where no time of
    creation is said.
    """
    own, opened_at = TicketId(key(ticket.id)), _opened_at(ticket)
    status, about = _status(ticket.status), _about(ticket)
    reached = _reached(ticket, status)
    return TicketRecord(  # by position: of more than fifteen names Python makes a dict, for each ticket
        customer,
        own,
        _reference(ticket) or own,
        ticket.name or ticket.description or own,  # title
        _kind(ticket.ticket_type),
        status,
        _priority(ticket.priority),
        _severity(ticket.severity),
        _opener(ticket.channel.name if ticket.channel else None),
        opened_at,
        moment(ticket.last_update) or moment(ticket.status_change_date) or opened_at,  # updated_at
        _external_id(ticket),
        ticket.description,
        ticket.ticket_type,
        ticket.status,
        ticket.status_change_reason,
        ticket.priority,
        ticket.severity,
        _impact(ticket.observed_impact),
        ticket.observed_impact,
        moment(ticket.expected_resolution_date),
        moment(ticket.resolution_date) or reached.get(TicketStatus.RESOLVED),
        reached.get(TicketStatus.CLOSED),
        None,  # solution
        about.get("product"),  # service_point
        about.get("component"),
        about.get("location"),
        about.get("document"),
        _parent(ticket),
    )


def note_records(ticket: TroubleTicket, customer: CustomerCode) -> list[TicketNoteRecord]:
    """Give the notes on *ticket* that say something; one without a date is as old as the ticket."""
    own = TicketId(key(ticket.id))
    return [
        TicketNoteRecord(
            customer=customer,
            id=_note_id(own, each),
            ticket=own,
            author=each.author,
            written_at=moment(each.date) or _opened_at(ticket),
            text=each.text,
        )
        for each in many(ticket.note)
        if each.text
    ]


@lru_cache(maxsize=500)
def _kind(text: str | None) -> TicketKind:
    return meant([text], KINDS, TicketKind.UNKNOWN)


@lru_cache(maxsize=500)
def _status(text: str | None) -> TicketStatus:
    return matched(text, TicketStatus, {"canceled": TicketStatus.CANCELLED}, TicketStatus.UNKNOWN)


@lru_cache(maxsize=500)
def _priority(text: str | None) -> TicketPriority:
    return matched(text, TicketPriority, {}, TicketPriority.UNKNOWN)


@lru_cache(maxsize=500)
def _severity(text: str | None) -> TicketSeverity:
    return matched(text, TicketSeverity, _SEVERITIES, TicketSeverity.UNKNOWN)


@lru_cache(maxsize=500)
def _impact(text: str | None) -> TicketImpact | None:
    return None if text is None else matched(text, TicketImpact, {}, TicketImpact.UNKNOWN)


@lru_cache(maxsize=500)
def _opener(channel: str | None) -> TicketOpener:
    return meant([channel], OPENERS, TicketOpener.CUSTOMER)


def _opened_at(ticket: TroubleTicket) -> datetime:
    opened_at = moment(ticket.creation_date)
    if opened_at is None:
        raise TmfError("has no creationDate")
    return opened_at


def _reached(ticket: TroubleTicket, status: TicketStatus) -> dict[TicketStatus, datetime]:
    """Give when the ticket, whose status is *status*, was last resolved and last closed."""
    found: dict[TicketStatus, datetime] = {}
    for changes in (ticket.status_change, ticket.status_change_history):
        for each in many(changes):
            reached = _status(each.status)
            if reached in _ENDS and (at := moment(each.change_date or each.status_change_date)):
                found[reached] = max(at, found.get(reached, at))
    if status in _ENDS and status not in found and (at := moment(ticket.status_change_date)):
        found[status] = at
    return found


class _About(TypedDict, total=False):
    """What a ticket is about, by what that is to us."""

    product: ServicePointId
    component: ComponentId
    location: LocationId
    document: BillingDocumentId


def _about(ticket: TroubleTicket) -> _About:
    """Give what the ticket is about, the first of its kind."""
    found: dict[str, str] = {}
    for each in many(ticket.related_entity):
        target = each.target
        name = _sort(target.at_referred_type or target.at_type)
        if name and name not in found and (other := optional_key(target.id)):
            found[name] = other
    for each in many(ticket.place):
        if other := optional_key(each.target.id):
            found.setdefault("location", other)
    return cast("_About", found)


@lru_cache(maxsize=500)
def _sort(referred: str | None) -> str | None:
    """Give what a thing of this type is to us."""
    return next((name for name, types in _SORTS.items() if fold(referred or "") in types), None)


def _parent(ticket: TroubleTicket) -> TicketId | None:
    for each in many(ticket.trouble_ticket_relationship):
        if fold(each.relationship_type or "") in _CHILD_OF and (other := optional_key(each.id)):
            return TicketId(other)
    return None


def _external_id(ticket: TroubleTicket) -> str | None:
    several = [each.id for each in many(ticket.external_identifier)]
    for said in [ticket.external_id, *several] if several else [ticket.external_id]:
        text = "" if said is None else str(said).strip()
        if len(text) > _EXTERNAL_LENGTH:
            raise TmfError(f"the external id {text[:20]}… has more than {_EXTERNAL_LENGTH} characters")
        if text:
            return text
    return None


def _reference(ticket: TroubleTicket) -> str | None:
    if ticket.ticket_reference is not None or not ticket.trouble_ticket_characteristic:
        return optional_key(ticket.ticket_reference)
    said = named(many(ticket.trouble_ticket_characteristic)).get("ticketreference")
    return optional_key(said) if isinstance(said, str) else None


def _note_id(ticket: TicketId, note: Note) -> NoteId:
    own = optional_key(note.id)
    if own is None:
        text = "\0".join((note.author or "", note.date or "", note.text or ""))
        own = sha256(text.encode()).hexdigest()[:16]
    return NoteId(key(f"{ticket}/{own}"))
