"""The audit log of a customer, for its administrators."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from auth.audit import AuditAction, AuditError, AuditLine
from resolvers.connection import MAXIMUM_SIZE
from resolvers.context import Info
from resolvers.errors import BadUserInputError
from sources.errors import SourceUnavailableError


class AuditDetail(NamedTuple):
    """More about an entry."""

    name: str
    value: str


class AuditEntry(NamedTuple):
    """An entry of the log."""

    id: str
    at: datetime
    action: AuditAction
    actor: str | None
    subject: str | None
    source: str | None
    details: Sequence[AuditDetail]


async def of_customer(
    parents: Sequence[None], info: Info, first: int, before: str | None = None
) -> Sequence[Sequence[AuditEntry]]:
    """Give what happened to the asker's customer, newest first, before the entry *before*.

    Raises ``BadUserInputError`` for a number that is none of an entry, and for too many at once.
    """
    if not 1 <= first <= MAXIMUM_SIZE:
        raise BadUserInputError(f"`first` must be from 1 to {MAXIMUM_SIZE}.", ["first"], "PAGE_SIZE")
    if before is not None and not (before.isascii() and before.isdecimal() and len(before) < 19):  # noqa: PLR2004 - digits of 64 bits
        raise BadUserInputError("`before` must be the id of an entry.", ["before"], "UNKNOWN_ID")
    context = info.context
    if context.registry is None:
        raise SourceUnavailableError("audit", "this service has no accounts of its own")
    try:
        lines = await context.registry.audit.newest(
            context.customer, None if before is None else int(before), first
        )
    except AuditError as error:
        raise SourceUnavailableError("audit", str(error)) from error
    return [[_entry(each) for each in lines] for _ in parents]


def _entry(line: AuditLine) -> AuditEntry:
    event = line.event
    return AuditEntry(
        id=str(line.id),
        at=line.at,
        action=event.action,
        actor=event.actor or None,
        subject=event.subject or None,
        source=event.source or None,
        details=_details(event.details),
    )


def _details(details: Mapping[str, str]) -> Sequence[AuditDetail]:
    return [AuditDetail(name, value) for name, value in sorted(details.items())]
