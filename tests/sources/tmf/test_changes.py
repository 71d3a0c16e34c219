"""An event is the same after it was rendered as TMF655 has it and read again."""

from datetime import timedelta
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from sources.keys import CustomerCode
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceKind,
    MaintenanceStatus,
)
from sources.maintenance.tmf import Told, told
from sources.maintenance.wire import MAINTENANCE, read_change
from sources.tmf import decode
from sources.tmf.settings import Version
from tests.sources.notices import NIGHT, event, touch
from tests.tmf.changes import change_json
from tests.tmf.maintenance import named_by

ACME: Final = CustomerCode("acme")


def read_again(record: MaintenanceEventRecord, version: Version) -> Told:
    thing = change_json(record, map(named_by, record.touches), version, "42")
    return told(read_change(decode(msgspec.json.encode(thing))), ACME, MAINTENANCE)


def untouched(record: MaintenanceEventRecord) -> MaintenanceEventRecord:
    """Give *record* as a change says it, before anybody knows where what it touches stands."""
    return replace(record, touches=(), level=ImpactLevel.NO_IMPACT, on_network=False)


@pytest.fixture(params=Version)
def version(request: pytest.FixtureRequest) -> Version:
    found: Version = request.param
    return found


def test_an_event_with_all_that_it_can_say_is_the_same(version: Version) -> None:
    record = event(
        ACME,
        "E1",
        uid="42",
        sequence=3,
        description="Line cards",
        reason="Defect",
        provider="example.com",
        organizer="mailto:noc@example.com",
        account="137.035999173",
        announced_at=NIGHT - timedelta(days=3, microseconds=250_000),
    )

    made = read_again(record, version)

    assert made.event == untouched(record)
    assert made.named


@pytest.mark.parametrize("kind", MaintenanceKind)
def test_a_kind_is_the_same(kind: MaintenanceKind, version: Version) -> None:
    made = read_again(event(ACME, "E1", kind=kind), version)

    assert made.event is not None
    assert made.event.kind is kind


@pytest.mark.parametrize(
    "status", [each for each in MaintenanceStatus if each is not MaintenanceStatus.NO_CHANGE]
)
@pytest.mark.parametrize("said", [True, False])
def test_a_state_is_the_same(status: MaintenanceStatus, said: bool, version: Version) -> None:
    record = replace(event(ACME, "E1", status=status), raw_status=status.value if said else None)

    made = read_again(record, version)

    assert made.event is not None
    assert made.event.status is status


@pytest.mark.parametrize("level", ImpactLevel)
def test_what_is_felt_is_the_same(level: ImpactLevel, version: Version) -> None:
    record = event(ACME, "E1", touches=(touch("S1", component="C1", level=level),))

    (thing,) = read_again(record, version).things

    assert (thing.id, thing.level) == ("C1", level)


def test_an_event_that_touches_nothing_names_nothing_that_it_impacts(version: Version) -> None:
    made = read_again(event(ACME, "E1", touches=()), version)

    assert not made.named
    assert [each.id for each in made.things] == ["core-1"]


def test_what_is_kept_of_a_change_is_kept_as_it_is(version: Version) -> None:
    made = read_again(event(ACME, "E1", touches=(touch("S1", component="C1"), touch("S2"))), version)

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Told) == made
