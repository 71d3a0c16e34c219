"""Maintenance of the operator's network: planned and expedited events, and what they touch."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import strawberry

from auth.feature import ALWAYS, Detail, Feature
from resolvers import component, location, maintenance, service_point, solution
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.node import Node, record_type
from schema.range import DateTimeRange
from sources import maintenance as records
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
)

if TYPE_CHECKING:
    from schema.component import Component
    from schema.location import Location
    from schema.service_point import ServicePoint
    from schema.solution import Solution

_DETAILS: Final = Detail(Feature.MAINTENANCE)
"""What an event does to what, why, and how it was told."""

described(
    MaintenanceKind,
    "How a maintenance came about (terms of use 1.2).",
    ALWAYS,
    PLANNED="Announced with time to prepare.",
    EXPEDITED="Could not wait.",
)

described(
    MaintenanceStatus,
    "Where a maintenance stands.",
    ALWAYS,
    TENTATIVE="Announced, may still change.",
    CONFIRMED="Settled.",
    RE_SCHEDULED="Moved to another time.",
    IN_PROCESS="Going on.",
    COMPLETED="Over.",
    CANCELLED="It does not take place.",
    NO_CHANGE="A notice that changed nothing; only in a history.",
    UNKNOWN="A state that this schema does not know; `rawStatus` has its text.",
)

described(
    ImpactLevel,
    "What a maintenance does to an object.",
    ALWAYS,
    NO_IMPACT="Nothing that is felt.",
    REDUCED_REDUNDANCY="A spare path is missing.",
    DEGRADED="It works worse than it should.",
    OUTAGE="It does not work.",
)

ordered(
    records.MaintenanceEventOrder,
    "maintenance events",
    ALWAYS,
    STARTS_AT="when it starts",
    ANNOUNCED_AT="when it was announced",
)


@input_of(
    records.MaintenanceEventFilter,
    "What maintenance events may be asked by; all parts must hold.",
    Feature.MAINTENANCE,
)
class MaintenanceEventFilter:
    """The filter of maintenance events."""

    window: DateTimeRange | None = input_field("Going on at some moment of this range.", Feature.MAINTENANCE)
    starts: DateTimeRange | None = input_field("Starting in this range of time.", Feature.MAINTENANCE)
    ends: DateTimeRange | None = input_field("Ending in this range of time.", Feature.MAINTENANCE)
    announced: DateTimeRange | None = input_field("Announced in this range of time.", Feature.MAINTENANCE)
    kind: list[MaintenanceKind] | None = input_field("Of one of these kinds.", Feature.MAINTENANCE)
    status: list[MaintenanceStatus] | None = input_field("In one of these states.", Feature.MAINTENANCE)
    level: list[ImpactLevel] | None = input_field("Whose worst impact is one of these.", Feature.MAINTENANCE)
    solution: list[strawberry.ID] | None = input_field(
        "Touching one of these Solutions.", Feature.MAINTENANCE, node="Solution"
    )
    location: list[strawberry.ID] | None = input_field(
        "Touching something at one of these locations.", Feature.MAINTENANCE, node="Location"
    )
    component: list[strawberry.ID] | None = input_field(
        "Touching one of these components.", Feature.INVENTORY, node="Component"
    )
    service_point: list[strawberry.ID] | None = input_field(
        "Touching one of these service points.", Feature.MAINTENANCE, node="ServicePoint"
    )
    text: str | None = input_field(
        "A part of the reference, title, description or reason, whatever its case.", _DETAILS
    )


MAINTENANCE_EVENTS = Lists(
    MaintenanceEventFilter,
    records.MaintenanceEventOrder,
    records.MaintenanceEventOrder.STARTS_AT_DESC,
    MaintenanceEventRecord,
    records.MaintenanceEventFilter,
    "maintenance events",
)


@record_type(MaintenanceImpactRecord, "What a maintenance does to one object.", _DETAILS)
class MaintenanceImpact:
    """An impact."""

    object_id: str = field("The object as the notice names it.", _DETAILS)
    level: ImpactLevel = field("What it does.", _DETAILS)
    expected_duration: int | None = field("For how long, in seconds.", _DETAILS)
    redundant_path: bool | None = field("Whether another path takes over.", _DETAILS)
    component: Annotated["Component", strawberry.lazy("schema.component")] | None = field(
        "The component that it touches.", Feature.INVENTORY, batch=component.of_parents
    )
    service_point: Annotated["ServicePoint", strawberry.lazy("schema.service_point")] | None = field(
        "The service point that it touches.", ALWAYS, batch=service_point.of_parents
    )
    location: Annotated["Location", strawberry.lazy("schema.location")] | None = field(
        "The location that it touches.", ALWAYS, batch=location.of_parents
    )
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that it touches.", ALWAYS, batch=solution.of_parents
    )


@record_type(MaintenanceRevisionRecord, "A notice that told of a maintenance.", _DETAILS)
class MaintenanceRevision:
    """A revision."""

    sequence: int = field("The notice's place in the history; the greatest stands.", _DETAILS)
    stamped_at: datetime = field("When the notice was written.", _DETAILS)
    status: MaintenanceStatus = field("The state that it told of.", _DETAILS)
    raw_status: str | None = field("The state as the notice words it.", _DETAILS)
    starts_at: datetime = field("The start that it told of.", _DETAILS)
    ends_at: datetime = field("The end that it told of.", _DETAILS)


@record_type(
    MaintenanceEventRecord,
    "A maintenance of the operator's network that touches the customer's (terms of use 1.2).",
    Feature.MAINTENANCE,
)
class MaintenanceEvent(Node):
    """A maintenance event."""

    reference: str = field("The number by which people know it.", Feature.MAINTENANCE)
    sequence: int = field("How often it was announced anew.", Feature.MAINTENANCE)
    kind: MaintenanceKind = field("How it came about.", Feature.MAINTENANCE)
    status: MaintenanceStatus = field("Where it stands.", Feature.MAINTENANCE)
    raw_status: str | None = field("The status as the notice words it.", Feature.MAINTENANCE)
    title: str = field("What it is, in a few words.", Feature.MAINTENANCE)
    description: str | None = field("What it is.", _DETAILS)
    reason: str | None = field("Why it takes place.", _DETAILS)
    starts_at: datetime = field("When it starts.", Feature.MAINTENANCE)
    ends_at: datetime = field("When it ends.", Feature.MAINTENANCE)
    announced_at: datetime = field("When it was first announced.", Feature.MAINTENANCE)
    provider: str | None = field("Who carries it out.", Feature.MAINTENANCE)
    level: ImpactLevel = field("Its worst impact.", Feature.MAINTENANCE)
    impacts: list[MaintenanceImpact] | None = field(
        "What it does to what, worst first.", _DETAILS, batch=maintenance.impacts
    )
    history: list[MaintenanceRevision] | None = field(
        "The notices that told of it, newest first.", _DETAILS, batch=maintenance.history
    )
    solutions: list[Annotated["Solution", strawberry.lazy("schema.solution")]] | None = field(
        "The Solutions that it touches.", ALWAYS, batch=solution.all_of_parents
    )
