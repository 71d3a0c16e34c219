"""What maintenance knows: events, their impacts, and the notices that told of them.

The facts are those of maintenance notices (NANOG BCOP draft "maintnote" on iCalendar).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final

import msgspec

from sources.code import Code
from sources.condition import AnyOf, AskedColumn, Equal, Link, OneOf, Paths
from sources.keys import (
    ComponentId,
    LocationId,
    MaintenanceEventId,
    MaintenanceImpactId,
    MaintenanceRevisionId,
    ServicePointId,
    SolutionId,
)
from sources.part import AnyPart, Parts
from sources.record import Record

REVISION_SOLUTIONS: Final = Link("maintenance_revision_solution", "revision", "solution")
REVISION_LOCATIONS: Final = Link("maintenance_revision_location", "revision", "location")


class MaintenanceKind(Code):
    """Whether there was time to plan (terms of use, 1.2)."""

    PLANNED = "PLANNED"
    EXPEDITED = "EXPEDITED"


class MaintenanceStatus(Code):
    """Where an event stands (X-MAINTNOTE-STATUS); NO_CHANGE is said only by a notice, never of an event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    RE_SCHEDULED = "RE_SCHEDULED"
    IN_PROCESS = "IN_PROCESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    NO_CHANGE = "NO_CHANGE"
    UNKNOWN = "UNKNOWN"


class ImpactLevel(Code):
    """What is felt of a maintenance (X-MAINTNOTE-IMPACT), from the mildest to the worst."""

    NO_IMPACT = "NO_IMPACT"
    REDUCED_REDUNDANCY = "REDUCED_REDUNDANCY"
    DEGRADED = "DEGRADED"
    OUTAGE = "OUTAGE"

    @property
    def rank(self) -> int:
        """How bad it is, 0 the mildest."""
        return _RANKS[self]

    @property
    def at_least(self) -> "frozenset[ImpactLevel]":
        """This level and the worse ones."""
        return frozenset(each for each in ImpactLevel if each.rank >= self.rank)


_RANKS: Final = {each: rank for rank, each in enumerate(ImpactLevel)}


class NetworkSegment(Code):
    """Whose network a touched object belongs to; only the operator's is told of (terms of use, 1.1)."""

    OPERATOR_NETWORK = "OPERATOR_NETWORK"
    TAIL_CIRCUIT = "TAIL_CIRCUIT"
    PUBLIC_NETWORK = "PUBLIC_NETWORK"
    CPE = "CPE"


class Touch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a maintenance does to one thing: all that is known of where it is, and how bad it is."""

    solution: SolutionId | None = None
    location: LocationId | None = None
    component: ComponentId | None = None
    service_point: ServicePointId | None = None
    level: ImpactLevel = ImpactLevel.OUTAGE

    @property
    def rank(self) -> int:
        """How bad it is, 0 the mildest."""
        return self.level.rank


TOUCHES: Final = Parts(
    column="touches",
    table="maintenance_touch",
    owner="event",
    keys=("solution", "location", "component", "service_point"),
    paths=(("solutions", "solution"), ("locations", "location")),
    level="level",
    mildest=ImpactLevel.NO_IMPACT,
    sorts=("starts_at",),
)
EVENT_SOLUTIONS: Final = AnyPart("solutions", "solution", TOUCHES)
EVENT_LOCATIONS: Final = AnyPart("locations", "location", TOUCHES)
EVENT_COMPONENTS: Final = AnyPart("components", "component", TOUCHES)
EVENT_SERVICE_POINTS: Final = AnyPart("service_points", "service_point", TOUCHES)


class MaintenanceEventRecord(Record, frozen=True):
    """A maintenance as its standing notice tells it.

    ``on_network``, ``touches``, sorted and distinct, and ``level``, the worst of them, come from its impacts
    on the operator's network (``sources.maintenance.impact.touching``). ``announced_at`` is the stamp of its
    first notice, ``account`` the provider's name for the customer.
    """

    paths: ClassVar[Paths] = {"solutions": EVENT_SOLUTIONS, "locations": EVENT_LOCATIONS}
    parts: ClassVar[Parts | None] = TOUCHES
    shown: ClassVar[tuple[AskedColumn, ...]] = ((Equal("on_network"), True),)
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = dict.fromkeys(
        ("solutions", "locations", "components", "service_points"), ("touches",)
    )

    id: MaintenanceEventId
    reference: str
    kind: MaintenanceKind
    status: MaintenanceStatus
    title: str
    starts_at: datetime
    ends_at: datetime
    announced_at: datetime
    uid: str | None = None
    sequence: int = 0
    raw_status: str | None = None
    description: str | None = None
    reason: str | None = None
    provider: str | None = None
    organizer: str | None = None
    account: str | None = None
    level: ImpactLevel = ImpactLevel.NO_IMPACT
    on_network: bool = False
    touches: tuple[Touch, ...] = ()

    @property
    def solutions(self) -> tuple[SolutionId, ...]:
        """The Solutions that it touches, sorted and distinct, as are all that follow."""
        return tuple(sorted({each.solution for each in self.touches if each.solution is not None}))

    @property
    def locations(self) -> tuple[LocationId, ...]:
        """The locations at which it touches something."""
        return tuple(sorted({each.location for each in self.touches if each.location is not None}))

    @property
    def components(self) -> tuple[ComponentId, ...]:
        """The components that it touches."""
        return tuple(sorted({each.component for each in self.touches if each.component is not None}))

    @property
    def service_points(self) -> tuple[ServicePointId, ...]:
        """The service points that it touches."""
        return tuple(sorted({each.service_point for each in self.touches if each.service_point is not None}))


class MaintenanceImpactRecord(Record, frozen=True, kw_only=True):
    """What a maintenance does to one object; ``object_id`` is the notice's name for it.

    A notice that says no level means an outage. ``expected_duration`` is in seconds.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "locations": OneOf("location")}
    shown: ClassVar[tuple[AskedColumn, ...]] = ((OneOf("segment"), (NetworkSegment.OPERATOR_NETWORK,)),)
    essential: ClassVar[frozenset[str]] = Record.essential | {"level"}

    id: MaintenanceImpactId
    event: MaintenanceEventId
    object_id: str
    component: ComponentId | None = None
    service_point: ServicePointId | None = None
    location: LocationId | None = None
    solution: SolutionId | None = None
    level: ImpactLevel = ImpactLevel.OUTAGE
    expected_duration: int | None = None
    redundant_path: bool | None = None
    segment: NetworkSegment


class MaintenanceRevisionRecord(Record, frozen=True, kw_only=True):
    """One notice of an event; its id is the notice's digest.

    ``on_network``, ``solutions`` and ``locations`` are what this notice itself touched: who sees an event
    sees of its history only what was about them.
    """

    paths: ClassVar[Paths] = {
        "solutions": AnyOf("solutions", REVISION_SOLUTIONS),
        "locations": AnyOf("locations", REVISION_LOCATIONS),
    }
    shown: ClassVar[tuple[AskedColumn, ...]] = ((Equal("on_network"), True),)
    essential: ClassVar[frozenset[str]] = Record.essential | {"sequence", "stamped_at", "status"}

    id: MaintenanceRevisionId
    event: MaintenanceEventId
    sequence: int
    stamped_at: datetime
    status: MaintenanceStatus
    raw_status: str | None = None
    starts_at: datetime
    ends_at: datetime
    on_network: bool
    solutions: tuple[SolutionId, ...] = ()
    locations: tuple[LocationId, ...] = ()
