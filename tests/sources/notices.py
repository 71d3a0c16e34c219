"""Maintenance as the tests of its contract make it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import msgspec
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.keys import (
    CustomerCode,
    MaintenanceEventId,
    MaintenanceImpactId,
    MaintenanceRevisionId,
)
from sources.listing import Listing, Window
from sources.maintenance import (
    TOUCHES,
    ImpactLevel,
    MaintenanceEventFilter,
    MaintenanceEventOrder,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
    NetworkSegment,
    Touch,
)
from sources.maintenance.sql import SqlMaintenance
from sources.sql import Database
from tests.fakes.maintenance import FakeMaintenance
from tests.sources.conftest import EMBEDDED
from tests.tmf.maintenance import SavedMaintenance, tmf_maintenance
from tests.tmf.ticketing import tmf_version

Embedded: TypeAlias = FakeMaintenance | SqlMaintenance
Maintenance: TypeAlias = Embedded | SavedMaintenance

EVERYWHERE: Final = (*EMBEDDED, "tmf-v4", "tmf-v5")
"""What keeps the contract of events; TMF655 has no version 5, but servers with its habits."""

NIGHT = datetime(2025, 6, 1, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
E1, E2, E3 = (MaintenanceEventId(key) for key in ("E1", "E2", "E3"))


@asynccontextmanager
async def keeping(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Maintenance]:
    """Give maintenance, empty of the test's customer."""
    if kept_by.startswith("tmf"):
        async with tmf_maintenance(tmf_version(kept_by)) as over_http:
            yield over_http
    elif connection is None:
        yield FakeMaintenance()
    else:
        yield SqlMaintenance(Database(connection, "maintenance", 10))


def event(customer: CustomerCode, key: str, **changes: object) -> MaintenanceEventRecord:
    """Make an event of one night that takes out the Solution S1."""
    record = MaintenanceEventRecord(
        customer=customer,
        id=MaintenanceEventId(key),
        reference=f"WO-{key}",
        kind=MaintenanceKind.PLANNED,
        status=MaintenanceStatus.CONFIRMED,
        title=f"Event {key}",
        starts_at=NIGHT,
        ends_at=NIGHT + HOUR,
        announced_at=NIGHT - 14 * DAY,
        on_network=True,
        touches=(touch("S1"),),
    )
    made = replace(record, **changes)
    said = made.raw_status or made.status.value
    return replace(made, level=TOUCHES.worst(made.touches), raw_status=said)


def touch(
    solution: str | None = None,
    location: str | None = None,
    component: str | None = None,
    service_point: str | None = None,
    level: ImpactLevel = ImpactLevel.OUTAGE,
) -> Touch:
    """Make a touch of what is named."""
    keys = (solution, location, component, service_point)
    return msgspec.convert((*keys, level.value), Touch)


def impact(customer: CustomerCode, key: str, **changes: object) -> MaintenanceImpactRecord:
    """Make an outage on the operator's network by the event E1."""
    record = MaintenanceImpactRecord(
        customer=customer,
        id=MaintenanceImpactId(key),
        event=E1,
        object_id=f"circuit-{key}",
        segment=NetworkSegment.OPERATOR_NETWORK,
    )
    return replace(record, **changes)


def revision(customer: CustomerCode, key: str, **changes: object) -> MaintenanceRevisionRecord:
    """Make a notice of the event E1."""
    record = MaintenanceRevisionRecord(
        customer=customer,
        id=MaintenanceRevisionId(key),
        event=E1,
        sequence=1,
        stamped_at=NIGHT - DAY,
        status=MaintenanceStatus.CONFIRMED,
        starts_at=NIGHT,
        ends_at=NIGHT + HOUR,
        on_network=True,
    )
    return replace(record, **changes)


def listing(limit: int = 10, **changes: object) -> Listing[MaintenanceEventFilter]:
    """Ask for events by their start."""
    asked = Listing(
        filter=MaintenanceEventFilter(),
        order=MaintenanceEventOrder.STARTS_AT_ASC,
        window=Window(limit=limit),
        counted=True,
    )
    return replace(asked, **changes)
