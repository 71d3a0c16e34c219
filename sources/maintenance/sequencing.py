"""Which of an event's notices stands, whatever the order in which they came."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from sources.maintenance.records import MaintenanceKind, MaintenanceStatus

NOTICE: Final = timedelta(days=10)
"""How long before its start a maintenance is announced to be a planned one (the notice norms of carriers)."""

_EXPEDITED: Final = re.compile(r"\b(?:emergency|urgent|expedited|unplanned)\b", re.IGNORECASE)
"""Words by which real notices say that there was no time to plan."""


class WindowError(ValueError):
    """A maintenance that ends before it has begun, or at once."""


class Revision(Protocol):
    """What of a notice decides whether it stands; a ``MaintenanceRevisionRecord`` has it all."""

    @property
    def id(self) -> str:
        """The digest of the notice."""
        ...

    @property
    def sequence(self) -> int:
        """The notice's SEQUENCE (RFC 5545, 3.8.7.4)."""
        ...

    @property
    def stamped_at(self) -> datetime:
        """The notice's DTSTAMP (RFC 5545, 3.8.7.2)."""
        ...

    @property
    def status(self) -> MaintenanceStatus:
        """What the notice says of the event's state."""
        ...


V = TypeVar("V", bound=Revision)


def newest_first(revisions: Iterable[V]) -> list[V]:
    """Give *revisions* by SEQUENCE, then stamp, then digest, the standing one first.

    A cancellation comes before all others of its SEQUENCE: only a higher one takes it back.
    """
    return sorted(revisions, key=_precedence, reverse=True)


def standing(revisions: Iterable[V]) -> V:
    """Give the notice that stands; at least one is needed."""
    return max(revisions, key=_precedence)


def status_of(revisions: Iterable[Revision]) -> MaintenanceStatus:
    """Give the state of the event: the newest that a notice says, UNKNOWN where none says one."""
    said = (each.status for each in newest_first(revisions))
    return next((each for each in said if each is not MaintenanceStatus.NO_CHANGE), MaintenanceStatus.UNKNOWN)


def kind_of(announced_at: datetime, starts_at: datetime) -> MaintenanceKind:
    """Give the kind of a maintenance whose notices do not say it: planned if announced ten days ahead."""
    return MaintenanceKind.PLANNED if starts_at - announced_at >= NOTICE else MaintenanceKind.EXPEDITED


def kind_told(title: str, announced_at: datetime, starts_at: datetime) -> MaintenanceKind:
    """Give the kind of a maintenance: expedited where its title says so, else by the time of notice."""
    return MaintenanceKind.EXPEDITED if _EXPEDITED.search(title) else kind_of(announced_at, starts_at)


def check_window(starts_at: datetime, ends_at: datetime) -> None:
    """Raise ``WindowError`` unless a maintenance ends after it begins."""
    if ends_at <= starts_at:
        raise WindowError(
            f"ends at {ends_at.isoformat()}, which is not after its start at {starts_at.isoformat()}"
        )


def _precedence(revision: Revision) -> tuple[int, bool, datetime, str]:
    cancelled = revision.status is MaintenanceStatus.CANCELLED
    return revision.sequence, cancelled, revision.stamped_at, revision.id
