"""What the operator did, does and will do to the network under a demo customer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from servicespace.demo.notices import Notice, ending, notices_of
from servicespace.demo.ordering import Estate
from servicespace.demo.plan import Plan
from servicespace.demo.profiles import YEARS
from servicespace.demo.skew import around
from sources.inventory import ComponentRecord
from sources.keys import LocationId, MaintenanceEventId, MaintenanceImpactId, MaintenanceRevisionId
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.maintenance.impact import touching
from sources.maintenance.segment import segment_of
from sources.maintenance.sequencing import kind_of, standing, status_of

_MANY: Final = 400
"""How many components the widest maintenance touches, in the largest customers."""
_WORK: Final = (
    ("Line card replacement", "A card reports memory errors."),
    ("Router software upgrade", "The release in use is at its end of support."),
    ("Fibre rerouting", "Road works cross our duct."),
    ("Power supply works", "The building's feed is renewed."),
    ("Capacity extension", "More bandwidth between two nodes."),
    ("Emergency repair", "A fault was found that must not wait."),
)


@dataclass(frozen=True, slots=True)
class Work:
    """A maintenance event with its impacts and the notices that told of it."""

    event: MaintenanceEventRecord
    impacts: Sequence[MaintenanceImpactRecord]
    revisions: Sequence[MaintenanceRevisionRecord]


def works(plan: Plan, estate: Estate, components: Sequence[ComponentRecord]) -> Iterator[Work]:
    """Give the maintenance of two years past, what is running all of today, and what is to come.

    The first that is to come is the widest. One in twenty touches no network of the operator's: such a one
    is stored, and shown to nobody. ``components`` are those that may be shown.
    """
    crew = _Crew(plan, estate, components)
    yearly = plan.profile.maintenance_per_year
    for index in range(yearly * YEARS):
        yield crew.work(plan.now - timedelta(days=crew.random.randint(3, YEARS * 365)), index)
    for index in range(max(1, yearly // 100)):
        yield crew.running(index)
    for index in range(max(4, yearly // 10)):
        yield crew.work(plan.now + timedelta(days=crew.random.randint(1, 60)), index, wide=index == 0)
