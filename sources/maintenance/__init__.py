"""Maintenance: what the operator does to its network, when, and what of the customer's that touches.

Protocol, and the records that it gives.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from sources.condition import Between, Conditions, Contains, OneOf, Overlaps, Range
from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Filter, Listing, Order, Page
from sources.maintenance.records import (
    EVENT_COMPONENTS,
    EVENT_LOCATIONS,
    EVENT_SERVICE_POINTS,
    EVENT_SOLUTIONS,
    REVISION_LOCATIONS,
    REVISION_SOLUTIONS,
    TOUCHES,
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
    NetworkSegment,
    Touch,
)
from sources.part import WorstPart
from sources.scope import Scope

__all__ = [
    "EVENT_COMPONENTS",
    "EVENT_LOCATIONS",
    "EVENT_SERVICE_POINTS",
    "EVENT_SOLUTIONS",
    "REVISION_LOCATIONS",
    "REVISION_SOLUTIONS",
    "TOUCHES",
    "ImpactLevel",
    "MaintenanceEventFilter",
    "MaintenanceEventOrder",
    "MaintenanceEventRecord",
    "MaintenanceImpactOrder",
    "MaintenanceImpactRecord",
    "MaintenanceKind",
    "MaintenanceRevisionOrder",
    "MaintenanceRevisionRecord",
    "MaintenanceSource",
    "MaintenanceStatus",
    "NetworkSegment",
    "Touch",
]


class MaintenanceEventFilter(Filter, frozen=True):
    """What maintenance events may be asked by; ``level`` by ``ImpactLevel.at_least``."""

    conditions: ClassVar[Conditions] = {
        "window": Overlaps("starts_at", "ends_at"),
        "starts": Between("starts_at"),
        "ends": Between("ends_at"),
        "announced": Between("announced_at"),
        "kind": OneOf("kind"),
        "status": OneOf("status"),
        "level": WorstPart("level", TOUCHES),
        "solution": EVENT_SOLUTIONS,
        "location": EVENT_LOCATIONS,
        "component": EVENT_COMPONENTS,
        "service_point": EVENT_SERVICE_POINTS,
        "text": Contains(("id", "reference", "title", "description", "reason")),
    }

    window: Range[datetime] | None = None
    starts: Range[datetime] | None = None
    ends: Range[datetime] | None = None
    announced: Range[datetime] | None = None
    kind: frozenset[MaintenanceKind] | None = None
    status: frozenset[MaintenanceStatus] | None = None
    level: frozenset[ImpactLevel] | None = None
    solution: frozenset[SolutionId] | None = None
    location: frozenset[LocationId] | None = None
    component: frozenset[ComponentId] | None = None
    service_point: frozenset[ServicePointId] | None = None
    text: str | None = None


class MaintenanceEventOrder(Order):
    """The orders of maintenance events."""

    STARTS_AT_ASC = "starts_at"
    STARTS_AT_DESC = "-starts_at"
    ANNOUNCED_AT_ASC = "announced_at"
    ANNOUNCED_AT_DESC = "-announced_at"


class MaintenanceImpactOrder(Order):
    """The order in which an event's impacts are read, before the worst come first."""

    OBJECT_ID_ASC = "object_id"


class MaintenanceRevisionOrder(Order):
    """The order in which an event's revisions are read, before those of one SEQUENCE are told apart."""

    SEQUENCE_DESC = "-sequence"


class MaintenanceSource(Protocol):
    """What the loaders may ask of maintenance.

    Each method takes the Scope of the asker, then many keys, and gives a mapping; a key that maintenance does
    not know, or the Scope leaves out, is left out of look-ups and has an empty page in lists. What does not
    touch the operator's network is in none of them. A failing system raises ``SourceError``.
    """

    async def events(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        """Give the events with these ids."""
        ...

    async def events_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[CustomerCode, Page[MaintenanceEventRecord]]:
        """Give a page of each customer's events."""
        ...

    async def events_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[SolutionId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each Solution."""
        ...

    async def events_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[ComponentId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each component."""
        ...

    async def events_by_service_point(
        self,
        scope: Scope,
        service_points: Collection[ServicePointId],
        listing: Listing[MaintenanceEventFilter],
    ) -> Mapping[ServicePointId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each service point."""
        ...

    async def events_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[LocationId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each location."""
        ...

    async def impacts_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceImpactRecord]]:
        """Give each event's impacts, worst first; an event without any is left out."""
        ...

    async def history_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceRevisionRecord]]:
        """Give each event's revisions, newest first; an event without any is left out."""
        ...
