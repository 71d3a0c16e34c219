"""Tickets as the tests make them."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from sources.keys import CustomerCode, NoteId, TicketId
from sources.ticketing import (
    TicketKind,
    TicketNoteRecord,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from tests.tmf.tickets import word


def at(day: int, hour: int = 0, microsecond: int = 0) -> datetime:
    """Give a moment of January 2026."""
    return datetime(2026, 1, day, hour, 0, 0, microsecond, tzinfo=UTC)


def ticket(customer: CustomerCode, key: str, **changes: Any) -> TicketRecord:  # noqa: ANN401 - any field
    """Make an incident that the customer opened on 1 January, in progress; its words are TMF621's."""
    record = TicketRecord(
        customer=customer,
        id=TicketId(key),
        reference=f"INC-{key}",
        title=f"Ticket {key}",
        kind=TicketKind.INCIDENT,
        status=TicketStatus.IN_PROGRESS,
        priority=TicketPriority.HIGH,
        severity=TicketSeverity.MODERATE,
        opened_by=TicketOpener.CUSTOMER,
        opened_at=at(1),
        updated_at=at(1),
    )
    made = replace(record, **changes)
    words = {
        "raw_kind": word(made.kind),
        "raw_status": word(made.status),
        "raw_priority": word(made.priority),
        "raw_severity": word(made.severity),
        "raw_impact": word(made.impact) if made.impact else None,
    }
    return replace(made, **{name: said for name, said in words.items() if name not in changes})


def note(customer: CustomerCode, key: str, **changes: Any) -> TicketNoteRecord:  # noqa: ANN401 - any field
    """Make a note of 1 January on the ticket T1; its id is the ticket's with *key*."""
    record = TicketNoteRecord(
        customer=customer,
        id=NoteId(f"{changes.get('ticket', 'T1')}/{key}"),
        ticket=TicketId("T1"),
        author="Jo",
        written_at=at(1),
        text=f"Note {key}",
    )
    return replace(record, **changes)
