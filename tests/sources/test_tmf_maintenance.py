"""TMF655 ChangeRequest: maintenance."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given

from sources.keys import ComponentId, CustomerCode, LocationId, MaintenanceEventId, ServicePointId, SolutionId
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.maintenance.wire import (
    ChangeRequest,
    ImpactEntity,
    Places,
    event_record,
    impact_records,
    impacted,
    is_maintenance,
    placed_record,
    read_change,
    touched,
)
from sources.placement import Place
from sources.tmf import Characteristic, TmfError, decode
from tests.sources.notices import touch
from tests.sources.wires import things

ACME: Final = CustomerCode("acme")
NIGHT: Final = datetime(2026, 3, 1, 22, tzinfo=UTC)
WINDOW: Final = '"plannedStartTime": "2026-03-01T22:00:00Z", "plannedEndTime": "2026-03-02T02:00Z"'
NOWHERE: Final = Places({}, {}, {})
HERE: Final = Place(
    service_point=ServicePointId("P1"), solution=SolutionId("S1"), location=LocationId("L1"), kind="PE_PORT"
)


def change(text: str) -> ChangeRequest:
    return read_change(decode(f'{{"id": 7, {text}}}'.encode()))


def event(text: str) -> MaintenanceEventRecord:
    return event_record(change(f"{text}, {WINDOW}" if text else WINDOW), ACME)


def places(**kinds: str) -> Places:
    """Give components at P1, S1 and L1, each of a kind, the product P1 and the location L1."""
    components = {
        ComponentId(key): Place(solution=SolutionId("S1"), kind=kind) for key, kind in kinds.items()
    }
    return Places(components, {"P1": HERE}, {LocationId("L1"): Place(location=LocationId("L1"))})


def impacts_of(whole: ChangeRequest, known: Places) -> list[MaintenanceImpactRecord]:
    return impact_records(event_record(whole, ACME), touched(whole), known)


def placed(whole: ChangeRequest, known: Places) -> MaintenanceEventRecord:
    return placed_record(event_record(whole, ACME), touched(whole), known, named=impacted(whole))


def impacting(*entities: Mapping[str, object], **more: object) -> ChangeRequest:
    said = json.dumps({"impactEntity": entities, **more}).removeprefix("{").removesuffix("}")
    return change(f"{WINDOW}, {said}")


def entity(key: str, kind: str = "LogicalResource", **more: object) -> Mapping[str, object]:
    return {"id": key, "role": "impacted", "@referredType": kind, **more}


def test_makes_an_event_of_a_change() -> None:
    made = event(
        """"name": "Line cards", "description": "New line cards\\nin Lyon", "requestType": "Maintenance",
        "status": "scheduled", "requestDate": "2026-02-01T08:00:00+01:00", "priority": "2",
        "externalReference": [{"id": "WO-7", "externalReferenceType": "workOrder"}],
        "changeRequestCharacteristic": [{"name": "revision", "value": 3}, {"name": "reason", "value": "Age"},
        {"name": "provider", "value": "example.com"}, {"name": "account", "value": 137}]"""
    )

    assert made == MaintenanceEventRecord(
        customer=ACME,
        id=MaintenanceEventId("7"),
        reference="WO-7",
        sequence=3,
        kind=MaintenanceKind.PLANNED,
        status=MaintenanceStatus.CONFIRMED,
        raw_status="scheduled",
        title="Line cards",
        description="New line cards\nin Lyon",
        reason="Age",
        starts_at=NIGHT,
        ends_at=NIGHT + timedelta(hours=4),
        announced_at=datetime(2026, 2, 1, 7, tzinfo=UTC),
        provider="example.com",
        account="137",
    )


def test_a_change_that_says_little_is_called_by_its_description_or_its_id() -> None:
    assert (event('"description": " Works \\nin Lyon"').title, event("").title) == ("Works", "7")
    assert (event("").reference, event("").sequence) == ("7", 0)
    assert event("").status is MaintenanceStatus.UNKNOWN


@pytest.mark.parametrize(
    ("text", "maintenance"),
    [
        ('"requestType": "Maintenance"', True),
        ('"requestType": "plannedMaintenance"', True),
        ('"requestType": "EMERGENCY_WORK"', True),
        ('"requestType": "normal", "specification": {"id": "1", "name": "Planned works"}', True),
        ('"requestType": "configuration"', False),
        ('"description": "maintenance"', False),
        ('"status": "scheduled"', False),
    ],
)
def test_only_a_change_of_that_type_is_maintenance(text: str, maintenance: bool) -> None:
    assert is_maintenance(change(text)) is maintenance


def test_the_words_for_maintenance_are_the_operators() -> None:
    made = change('"requestType": "network-change"')

    assert not is_maintenance(made)
    assert is_maintenance(made, "network change|works")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"requestType": "Emergency maintenance"', MaintenanceKind.EXPEDITED),
        ('"requestType": "unplanned maintenance"', MaintenanceKind.EXPEDITED),
        ('"requestType": "plannedMaintenance", "requestDate": "2026-03-01T00:00Z"', MaintenanceKind.PLANNED),
        ('"name": "Urgent: line cards", "requestDate": "2026-01-01"', MaintenanceKind.EXPEDITED),
        ('"requestType": "maintenance", "requestDate": "2026-02-19T22:00Z"', MaintenanceKind.PLANNED),
        ('"requestType": "maintenance", "requestDate": "2026-02-19T22:01Z"', MaintenanceKind.EXPEDITED),
        ('"requestType": "maintenance"', MaintenanceKind.EXPEDITED),
    ],
)
def test_is_planned_by_its_type_or_by_the_time_of_notice(text: str, kind: MaintenanceKind) -> None:
    assert event(text).kind is kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("acknowledged", MaintenanceStatus.TENTATIVE),
        ("requestForAuthorization", MaintenanceStatus.TENTATIVE),
        ("waitForApproval", MaintenanceStatus.TENTATIVE),
        ("Approved ", MaintenanceStatus.CONFIRMED),
        ("scheduled", MaintenanceStatus.CONFIRMED),
        ("inProgress", MaintenanceStatus.IN_PROCESS),
        ("fallbackExecution", MaintenanceStatus.IN_PROCESS),
        ("postImplementationReview", MaintenanceStatus.COMPLETED),
        ("completed", MaintenanceStatus.COMPLETED),
        ("failed", MaintenanceStatus.COMPLETED),
        ("cancelled", MaintenanceStatus.CANCELLED),
        ("canceled", MaintenanceStatus.CANCELLED),
        ("rejected", MaintenanceStatus.CANCELLED),
        ("RE-SCHEDULED", MaintenanceStatus.RE_SCHEDULED),
        ("NO-CHANGE", MaintenanceStatus.UNKNOWN),
        ("thinking", MaintenanceStatus.UNKNOWN),
    ],
)
def test_reads_every_state_of_a_change(text: str, status: MaintenanceStatus) -> None:
    made = event(f'"status": "{text}"')

    assert (made.status, made.raw_status) == (status, text)


def test_lasts_as_long_as_it_did_where_no_plan_is_said() -> None:
    made = event_record(
        change('"actualStartTime": "2026-03-01T22:00Z", "actualEndTime": "2026-03-01T23:00Z"'), ACME
    )

    assert (made.starts_at, made.ends_at) == (NIGHT, NIGHT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"plannedStartTime": "2026-03-01T22:00Z"', "says no start, or no end"),
        ('"plannedEndTime": "2026-03-01T22:00Z"', "says no start, or no end"),
        ('"plannedStartTime": "2026-03-01T22:00Z", "plannedEndTime": "9999-12-31"', "no end"),
        ('"plannedStartTime": "2026-03-01", "plannedEndTime": "2026-02-01"', "is not after its start"),
        ('"plannedStartTime": "soon", "plannedEndTime": "2026-02-01"', "'soon' is no time"),
    ],
)
def test_refuses_a_change_without_a_window(text: str, why: str) -> None:
    with pytest.raises(TmfError, match=why):
        event_record(change(text), ACME)


@pytest.mark.parametrize(
    ("text", "announced_at"),
    [
        ('"requestDate": "2026-02-01"', datetime(2026, 2, 1, tzinfo=UTC)),
        ('"scheduledDate": "2026-02-02", "lastUpdateDate": "2026-02-03"', datetime(2026, 2, 2, tzinfo=UTC)),
        ('"lastUpdateDate": "2026-02-03"', datetime(2026, 2, 3, tzinfo=UTC)),
        (
            '"changeRequestCharacteristic": [{"name": "announcedAt", "value": "2026-02-01"}]',
            datetime(2026, 2, 1, tzinfo=UTC),
        ),
        ('"status": "approved"', NIGHT),
    ],
)
def test_was_announced_when_it_says_so_or_when_it_was_asked_for(text: str, announced_at: datetime) -> None:
    assert event(text).announced_at == announced_at


@pytest.mark.parametrize("value", ['"-1"', "4294967296", '"three"', "true", "null", "[1]"])
def test_a_revision_that_is_no_number_is_the_first(value: str) -> None:
    made = event(f'"changeRequestCharacteristic": [{{"name": "sequence", "value": {value}}}]')

    assert made.sequence == 0


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"impact": "no impact"}, ImpactLevel.NO_IMPACT),
        ({"impact": "Reduced-Redundancy"}, ImpactLevel.REDUCED_REDUNDANCY),
        ({"impact": "DEGRADED"}, ImpactLevel.DEGRADED),
        ({"impact": "lossOfService"}, ImpactLevel.OUTAGE),
        ({"impact": "low"}, ImpactLevel.OUTAGE),
        ({"role": "atRisk"}, ImpactLevel.REDUCED_REDUNDANCY),
        ({}, ImpactLevel.OUTAGE),
    ],
)
def test_what_is_felt_is_an_outage_unless_it_is_said_to_be_less(
    told: Mapping[str, str], level: ImpactLevel
) -> None:
    (made,) = impacts_of(impacting(entity("P1", "Product", **told)), places())

    assert made.level is level


def test_an_entity_says_what_is_felt_before_the_change_does() -> None:
    whole = impacting(
        entity("P1", "Product", impact="none"), entity("L1", "GeographicSite"), impact="degraded"
    )

    levels = {each.object_id: each.level for each in impacts_of(whole, places())}

    assert levels == {"P1": ImpactLevel.NO_IMPACT, "L1": ImpactLevel.DEGRADED}


def test_touches_components_products_and_locations_where_they_stand() -> None:
    known = Places(
        {ComponentId("C1"): HERE}, {"P1": HERE}, {LocationId("L1"): Place(location=LocationId("L1"))}
    )
    whole = impacting(
        entity("C1", "PhysicalResource", name="Port 1"),
        entity("P1", "Product"),
        entity("L1", "GeographicSite"),
    )

    made = impacts_of(whole, known)
    told = placed(whole, known)

    assert [(each.object_id, each.component, each.service_point, each.location) for each in made] == [
        ("Port 1", "C1", "P1", "L1"),
        ("P1", None, "P1", "L1"),
        ("L1", None, None, "L1"),
    ]
    assert len({each.id for each in made}) == 3
    assert told.on_network
    assert told.touches == (
        touch(location="L1"),
        touch("S1", "L1", service_point="P1"),
        touch("S1", "L1", "C1", "P1"),
    )


def test_reads_what_version_5_puts_around_an_entity() -> None:
    whole = impacting(
        {"role": "impacted", "entity": {"id": "P1", "@referredType": "Product", "name": "Lyon"}}
    )

    (made,) = impacts_of(whole, places())

    assert (made.object_id, made.service_point) == ("Lyon", "P1")


@pytest.mark.parametrize("kind", ["Service", "", "PERouter"])
def test_a_thing_of_no_known_type_is_what_the_customer_has_of_that_id(kind: str) -> None:
    known = places(C1="EVC")
    whole = impacting(entity("C1", kind), entity("P1", kind), entity("L1", kind), entity("X", kind))

    made = impacts_of(whole, known)

    assert [(each.component, each.service_point, each.location) for each in made] == [
        ("C1", None, None),
        (None, "P1", "L1"),
        (None, None, "L1"),
    ]


def test_a_thing_of_a_known_type_is_no_other_thing_of_that_id() -> None:
    assert impacts_of(impacting(entity("P1", "PhysicalResource")), places()) == []


@pytest.mark.parametrize(
    ("kind", "segment"),
    [
        ("CE_ROUTER", NetworkSegment.CPE),
        ("ACCESS_LINE", NetworkSegment.TAIL_CIRCUIT),
        ("PE_PORT", NetworkSegment.OPERATOR_NETWORK),
        ("UNKNOWN", NetworkSegment.OPERATOR_NETWORK),
    ],
)
def test_is_told_only_where_it_is_on_the_operators_network(kind: str, segment: NetworkSegment) -> None:
    whole, known = impacting(entity("C1")), places(C1=kind)

    (made,) = impacts_of(whole, known)

    assert made.segment is segment
    assert placed(whole, known).on_network is (segment is NetworkSegment.OPERATOR_NETWORK)


def test_never_tells_of_a_thing_that_is_not_known_to_be_the_customers() -> None:
    whole = impacting(entity("theirs"), entity("P1", "Product"))

    assert [each.object_id for each in impacts_of(whole, places())] == ["P1"]
    assert placed(whole, places()).on_network
    assert not placed(impacting(entity("theirs")), places()).on_network


def test_a_change_that_names_nothing_was_told_for_its_own_sake() -> None:
    told = placed(change(f'{WINDOW}, "impactEntity": [{{}}, null]'), NOWHERE)

    assert (told.on_network, told.touches, told.level) == (True, (), ImpactLevel.NO_IMPACT)


def test_what_is_worked_on_counts_where_nothing_is_said_to_be_impacted() -> None:
    target = entity("P1", "Product")
    worked = change(f'{WINDOW}, "targetEntity": [{json.dumps(target)}, {json.dumps(entity("core"))}]')
    both = impacting(entity("L1", "GeographicSite"), targetEntity=[target])

    assert [each.object_id for each in impacts_of(worked, places())] == ["P1"]
    assert [each.object_id for each in impacts_of(both, places())] == ["L1"]
    # what is worked on is the operator's own as a rule: that it is not known says nothing
    assert placed(worked, NOWHERE).on_network


def test_counts_a_thing_that_is_named_twice_once() -> None:
    whole = impacting(entity("P1", "Product", impact="degraded"), entity("P1", "Product"))

    assert [each.level for each in impacts_of(whole, places())] == [ImpactLevel.DEGRADED]


@given(things(ChangeRequest, ImpactEntity, Characteristic))
def test_a_change_of_junk_is_never_more_than_refused(thing: Mapping[str, Any]) -> None:
    with suppress(TmfError):
        made = read_change(thing)
        is_maintenance(made)
        placed(made, places(x="PE_PORT"))
