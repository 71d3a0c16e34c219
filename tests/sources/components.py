"""Components as the tests make them."""

from datetime import UTC, datetime

from msgspec.structs import replace

from sources.inventory import (
    ComponentFilter,
    ComponentKind,
    ComponentOrder,
    ComponentRecord,
    ComponentStatus,
    ManagedBy,
)
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Window

JANUARY = datetime(2025, 1, 1, tzinfo=UTC)
FEBRUARY = datetime(2025, 2, 1, 12, 30, 0, 250_000, tzinfo=UTC)
MARCH = datetime(2025, 3, 1, tzinfo=UTC)


def component(customer: CustomerCode, key: str, **changes: object) -> ComponentRecord:
    """Make a router of the Solution S1."""
    record = ComponentRecord(
        customer=customer,
        id=ComponentId(key),
        kind=ComponentKind.CE_ROUTER,
        raw_kind="PhysicalResource",
        name=f"Component {key}",
        status=ComponentStatus.AVAILABLE,
        raw_status="available",
        solution=SolutionId("S1"),
        managed_by=ManagedBy.OPERATOR,
        updated_at=JANUARY,
    )
    return replace(record, **changes)


def listing(limit: int = 10, **changes: object) -> Listing[ComponentFilter]:
    """Ask for components by name."""
    asked = Listing(filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=Window(limit=limit))
    return replace(asked, **changes)


def different(customer: CustomerCode) -> list[ComponentRecord]:
    """Make C1, known by serial number; C2, a switch; C3, the customer's own and in alarm."""
    first = component(
        customer,
        "C1",
        location=LocationId("L1"),
        serial_number="SN1",
        external_ids=("ext-1", "ext-2"),
        addresses=("192.0.2.1", "198.51.100.0/24"),
    )
    second = component(
        customer,
        "C2",
        kind=ComponentKind.SWITCH,
        service_point=ServicePointId("P1"),
        model="ISR 1100",
        external_ids=("ext-2",),
        addresses=("192.0.2.128/25", "2001:db8::1"),
        updated_at=FEBRUARY,
    )
    third = component(
        customer,
        "C3",
        status=ComponentStatus.ALARM,
        raw_status="alarm",
        solution=SolutionId("S2"),
        managed_by=ManagedBy.CUSTOMER,
        vendor="Juniper",
        updated_at=MARCH,
    )
    return [first, second, third]
