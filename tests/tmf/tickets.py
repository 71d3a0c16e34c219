"""Tickets as TM Forum's TMF621 has them, versions 4 and 5: the inverse of ``sources.ticketing.wire``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sources.code import Code
from sources.ticketing import TicketNoteRecord, TicketOpener, TicketRecord
from sources.tmf.settings import Version
from tests.tmf.parts import dropped, entities, party, said

_CHANNELS: Final = {TicketOpener.CUSTOMER: "self service", TicketOpener.OPERATOR: "proactive monitoring"}


def word(code: Code) -> str:
    """Give a code as TMF621 writes it: ``inProgress``."""
    first, *rest = str(code.value).split("_")
    return first.lower() + "".join(each.title() for each in rest)


def ticket_json(
    ticket: TicketRecord, notes: Iterable[TicketNoteRecord], version: Version, owner: str
) -> dict[str, Any]:
    """Render *ticket* with its *notes* as a thing of the party *owner*.

    What TMF621 has no place for stands where real systems put it: the number that people use as an attribute
    of their own in version 4, as a characteristic in version 5.
    """
    v4 = version is Version.V4
    return dropped(
        {
            "@type": "TroubleTicket",
            "id": ticket.id,
            "href": f"https://serverRoot/tmf-api/troubleTicket/{version.value}/troubleTicket/{ticket.id}",
            "name": ticket.title,
            "description": ticket.description,
            **_names(ticket, version),
            **_words(ticket),
            **_times(ticket),
            "statusChangeReason": ticket.status_reason,
            "channel": {"id": "8774", "name": _CHANNELS[ticket.opened_by], "@type": "Channel"},
            "statusChange" if v4 else "statusChangeHistory": _changes(ticket.closed_at, version),
            "note": [_note(each) for each in notes],
            "relatedEntity": entities(_about(ticket), version),
            "relatedParty": [party(owner, "customer", version)],
            "troubleTicketRelationship": _relations(ticket),
        }
    )


def _words(ticket: TicketRecord) -> dict[str, str | None]:
    return {
        "ticketType": ticket.raw_kind or word(ticket.kind),
        "status": ticket.raw_status or word(ticket.status),
        "priority": ticket.raw_priority or word(ticket.priority),
        "severity": ticket.raw_severity or word(ticket.severity),
        "observedImpact": ticket.raw_impact or (word(ticket.impact) if ticket.impact else None),
    }


def _times(ticket: TicketRecord) -> dict[str, str | None]:
    return {
        "creationDate": said(ticket.opened_at),
        "lastUpdate": said(ticket.updated_at),
        "expectedResolutionDate": said(ticket.expected_resolution_at),
        "resolutionDate": said(ticket.resolved_at),
    }


def _about(ticket: TicketRecord) -> list[tuple[str, str | None]]:
    return [
        ("Product", ticket.service_point or ticket.solution),
        ("Resource", ticket.component),
        ("CustomerBill", ticket.document),
        ("GeographicSite", ticket.location),
    ]


def _relations(ticket: TicketRecord) -> list[dict[str, str]]:
    return [{"id": ticket.parent, "relationshipType": "isChildOf"}] if ticket.parent else []


def _names(ticket: TicketRecord, version: Version) -> dict[str, Any]:
    if version is Version.V4:
        return {"externalId": ticket.external_id, "ticketReference": ticket.reference}
    external = [{"id": ticket.external_id, "owner": "us"}] if ticket.external_id else []
    return {
        "externalIdentifier": external,
        "troubleTicketCharacteristic": [
            {"name": "ticketReference", "value": ticket.reference, "@type": "StringCharacteristic"}
        ],
    }


def _changes(closed_at: datetime | None, version: Version) -> list[dict[str, Any]]:
    if closed_at is None:
        return []
    name = "changeDate" if version is Version.V4 else "statusChangeDate"
    return [{"status": "closed", name: said(closed_at)}]


def _note(note: TicketNoteRecord) -> dict[str, Any]:
    return dropped(
        {
            "id": note.id.partition("/")[2] or note.id,
            "author": note.author,
            "date": said(note.written_at),
            "text": note.text,
        }
    )
