"""Whose network an impact is on, and what it makes of its event."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from sources.inventory import ComponentKind
from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    MaintenanceImpactId,
    ServicePointId,
    SolutionId,
)
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.maintenance.impact import touching, worst_first
from sources.maintenance.segment import CPE_KINDS, TAIL_CIRCUIT_KINDS, segment_of
from tests.sources.notices import touch

NIGHT = datetime(2025, 6, 1, 22, tzinfo=UTC)
EVENT = MaintenanceEventRecord(
    customer=CustomerCode("acme"),
    id=MaintenanceEventId("E1"),
    reference="WO-1",
    kind=MaintenanceKind.PLANNED,
    status=MaintenanceStatus.CONFIRMED,
    title="Line cards",
    starts_at=NIGHT,
    ends_at=NIGHT + timedelta(hours=1),
    announced_at=NIGHT,
)


def impact(key: str, **changes: object) -> MaintenanceImpactRecord:
    """Make an outage on the operator's network."""
    record = MaintenanceImpactRecord(
        customer=CustomerCode("acme"),
        id=MaintenanceImpactId(key),
        event=MaintenanceEventId("E1"),
        object_id=key,
        segment=NetworkSegment.OPERATOR_NETWORK,
    )
    return replace(record, **changes)


@pytest.mark.parametrize("kind", ["CE_ROUTER", "SWITCH", "WIFI_AP", "FIREWALL", "SDWAN_EDGE"])
def test_takes_equipment_on_the_premises_for_cpe(kind: str) -> None:
    assert segment_of(kind) is NetworkSegment.CPE


def test_takes_an_access_line_for_a_tail_circuit() -> None:
    assert segment_of("ACCESS_LINE") is NetworkSegment.TAIL_CIRCUIT


@pytest.mark.parametrize("kind", ["PE_PORT", "EVC", "VPN_SITE", "INTERNET_ACCESS", "VOICE_TRUNK", "UNKNOWN"])
def test_takes_all_else_for_the_operators_network(kind: str) -> None:
    assert segment_of(kind) is NetworkSegment.OPERATOR_NETWORK


@pytest.mark.parametrize("kind", ["PE_PORT", "CE_ROUTER", "ACCESS_LINE"])
def test_takes_what_is_public_for_a_public_network_whatever_its_kind(kind: str) -> None:
    assert segment_of(kind, public=True) is NetworkSegment.PUBLIC_NETWORK


def test_names_kinds_as_inventory_does() -> None:
    assert {each.value for each in ComponentKind} >= CPE_KINDS | TAIL_CIRCUIT_KINDS


def test_counts_a_level_and_the_worse_ones() -> None:
    assert ImpactLevel.REDUCED_REDUNDANCY.at_least == {
        ImpactLevel.REDUCED_REDUNDANCY,
        ImpactLevel.DEGRADED,
        ImpactLevel.OUTAGE,
    }
    assert ImpactLevel.OUTAGE.at_least == {ImpactLevel.OUTAGE}


def test_takes_an_impact_without_a_level_for_an_outage() -> None:
    assert impact("I1").level is ImpactLevel.OUTAGE


def test_puts_the_worst_first_and_keeps_the_order_of_equals() -> None:
    weak, first, second = impact("I0", level=ImpactLevel.DEGRADED), impact("I2"), impact("I1")

    assert worst_first([weak, first, second]) == [first, second, weak]


def test_says_of_an_event_what_its_impacts_on_the_network_say() -> None:
    impacts = [
        impact(
            "I1",
            level=ImpactLevel.NO_IMPACT,
            solution=SolutionId("S2"),
            location=LocationId("L2"),
            component=ComponentId("C2"),
            service_point=ServicePointId("P2"),
        ),
        impact("I2", level=ImpactLevel.DEGRADED, solution=SolutionId("S1"), location=LocationId("L1")),
        impact("I3", level=ImpactLevel.REDUCED_REDUNDANCY, solution=SolutionId("S2")),
        impact("I5", level=ImpactLevel.REDUCED_REDUNDANCY, solution=SolutionId("S2")),
        impact("I4", solution=SolutionId("S3"), component=ComponentId("C3"), segment=NetworkSegment.CPE),
    ]

    told = touching(EVENT, impacts)

    assert told == replace(
        EVENT,
        on_network=True,
        level=ImpactLevel.DEGRADED,
        touches=(
            touch("S1", "L1", level=ImpactLevel.DEGRADED),
            touch("S2", level=ImpactLevel.REDUCED_REDUNDANCY),
            touch("S2", "L2", "C2", "P2", ImpactLevel.NO_IMPACT),
        ),
    )
    assert told.solutions == ("S1", "S2")
    assert told.locations == ("L1", "L2")
    assert told.components == ("C2",)
    assert told.service_points == ("P2",)


def test_forgets_what_an_event_said_before_its_impacts_left_the_network() -> None:
    before = touching(EVENT, [impact("I1", solution=SolutionId("S1"))])

    assert touching(before, [impact("I1", segment=NetworkSegment.TAIL_CIRCUIT)]) == EVENT
