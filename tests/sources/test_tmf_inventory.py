"""TMF639 Resource: components."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from sources.inventory import (
    AdminState,
    ComponentKind,
    ComponentRecord,
    ComponentStatus,
    Exclusion,
    ManagedBy,
    OperationalState,
    UsageState,
)
from sources.inventory.wire import Relationship, Resource, component_record, read_resource
from sources.keys import ComponentId, CustomerCode, LocationId
from sources.tmf import Characteristic, Related, TmfError, decode
from tests.sources.wires import things

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)


def resource(text: str) -> Resource:
    return read_resource(decode(text.encode()))


def component(text: str) -> ComponentRecord:
    return component_record(resource(text), CustomerCode("acme"), NOW)


def with_values(**values: str) -> ComponentRecord:
    said = ", ".join(f'{{"name": "{name}", "value": {value}}}' for name, value in values.items())
    return component(f'{{"id": 1, "resourceCharacteristic": [{said}]}}')


def test_makes_a_component_of_a_resource_of_version_4() -> None:
    made = component(
        """{"id": 8044, "@type": "MSISDN", "name": "MobileNumber xx", "value": "0170112231",
        "category": "Premium", "administrativeState": "locked", "operationalState": "enable",
        "usageState": "active", "resourceStatus": "reserved", "endOperatingDate": "2022-07-04T08:00.000Z",
        "place": {"id": "9912", "@referredType": "GeographicAddress"}, "externalId": "X9",
        "resourceSpecification": {"id": "4", "name": "Number"}, "resourceRelationship": [{}]}"""
    )

    assert made == ComponentRecord(
        customer=CustomerCode("acme"),
        id=ComponentId("8044"),
        kind=ComponentKind.SIM,
        raw_kind="MSISDN",
        name="MobileNumber xx",
        external_ids=("0170112231", "X9"),
        model="Number",
        status=ComponentStatus.RESERVED,
        raw_status="reserved",
        admin_state=AdminState.LOCKED,
        operational_state=OperationalState.ENABLED,
        usage_state=UsageState.ACTIVE,
        location=LocationId("9912"),
        managed_by=ManagedBy.OPERATOR,
        updated_at=NOW,
    )


def test_makes_a_component_of_a_resource_of_version_5() -> None:
    made = component(
        """{"id": "ca239a70", "@type": "PhysicalResource", "name": "Router", "serialNumber": "SN1",
        "administrativeState": "shuttingDown", "operationalState": "disabled",
        "availabilityStatus": "online", "standbyStatus": "providingService",
        "lastUpdate": "2025-05-13T00:00:00.000Z", "supportingResource": [{"id": "e451"}],
        "place": [{"role": "installationAddress", "place": {"id": "859a"}}],
        "externalIdentifier": [{"id": "B-AGB-6414-X", "owner": "Supplier-B"}]}"""
    )

    assert made == ComponentRecord(
        customer=CustomerCode("acme"),
        id=ComponentId("ca239a70"),
        kind=ComponentKind.CE_ROUTER,
        raw_kind="PhysicalResource",
        name="Router",
        external_ids=("B-AGB-6414-X",),
        serial_number="SN1",
        status=ComponentStatus.AVAILABLE,
        raw_status="providingService, online",
        admin_state=AdminState.SHUTTING_DOWN,
        operational_state=OperationalState.DISABLED,
        location=LocationId("859a"),
        parent=ComponentId("e451"),
        managed_by=ManagedBy.OPERATOR,
        updated_at=datetime(2025, 5, 13, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "status", "raw_status"),
    [
        ('"resourceStatus": "Alarm "', ComponentStatus.ALARM, "Alarm "),
        ('"resourceStatus": "broken"', ComponentStatus.UNKNOWN, "broken"),
        ('"alarmStatus": ["critical", "major"]', ComponentStatus.ALARM, "critical, major"),
        ('"standbyStatus": "hotStandby"', ComponentStatus.STANDBY, "hotStandby"),
        ('"availabilityStatus": ["degraded"]', ComponentStatus.AVAILABLE, "degraded"),
        ('"availabilityStatus": "failed"', ComponentStatus.UNKNOWN, "failed"),
        ('"allocationStatus": "reserved"', ComponentStatus.RESERVED, "reserved"),
        ('"allocationStatus": "allocated"', ComponentStatus.AVAILABLE, "allocated"),
        (
            '"availabilityStatus": "failed", "allocationStatus": "allocated"',
            ComponentStatus.UNKNOWN,
            "failed",
        ),
        (
            '"controlStatus": "suspended", "availabilityStatus": "online"',
            ComponentStatus.SUSPENDED,
            "suspended, online",
        ),
        ('"controlStatus": "subjectToTest"', ComponentStatus.UNKNOWN, "subjectToTest"),
        ('"unknownStatus": true, "availabilityStatus": "online"', ComponentStatus.UNKNOWN, "unknown"),
        (
            '"unknownStatus": false, "availabilityStatus": "online"',
            ComponentStatus.AVAILABLE,
            "online",
        ),
        ('"name": "no status"', ComponentStatus.UNKNOWN, None),
    ],
)
def test_reads_the_status_of_both_versions(
    text: str, status: ComponentStatus, raw_status: str | None
) -> None:
    made = component(f'{{"id": 1, {text}}}')

    assert (made.status, made.raw_status) == (status, raw_status)


def test_the_samples_unlock_means_unlocked() -> None:
    assert component('{"id": 1, "administrativeState": "unlock"}').admin_state is AdminState.UNLOCKED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"@type": "AccessLine"', ComponentKind.ACCESS_LINE),
        ('"@type": "PEPort", "category": "PE port"', ComponentKind.PE_PORT),
        ('"category": "Wi-Fi access point"', ComponentKind.WIFI_AP),
        ('"name": "SD-WAN edge 4"', ComponentKind.SDWAN_EDGE),
        ('"resourceSpecification": {"id": 1, "name": "Managed Switch"}', ComponentKind.SWITCH),
        ('"@type": "LogicalResource", "name": "SIP trunk"', ComponentKind.VOICE_TRUNK),
        ('"name": "thing"', ComponentKind.UNKNOWN),
    ],
)
def test_a_resource_is_of_the_kind_that_its_words_mean(text: str, kind: ComponentKind) -> None:
    assert component(f'{{"id": 1, {text}}}').kind is kind


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('"category": "Core network"', Exclusion.CORE_NETWORK),
        ('"@type": "PERouter", "name": "PE router 7"', Exclusion.CORE_NETWORK),
        ('"name": "Public gateway Paris"', Exclusion.PUBLIC_GATEWAY),
        ('"name": "CE router 7"', None),
    ],
)
def test_tells_what_is_never_shown(text: str, marked: Exclusion | None) -> None:
    assert resource(f'{{"id": 1, {text}}}').marked is marked


@pytest.mark.parametrize("relation", ["reliesOn", "requires", "isContainedIn", "connectedTo"])
def test_is_reached_through_what_it_relies_on(relation: str) -> None:
    made = component(
        f'{{"id": 1, "resourceRelationship": {{"relationshipType": "{relation}", "resource": {{"id": 2}}}}}}'
    )

    assert made.parent == "2"


def test_reads_the_samples_type_of_a_relation() -> None:
    made = component('{"id": 1, "resourceRelationship": [{"type": "requires", "resource": {"id": "46"}}]}')

    assert made.parent == "46"


def test_nothing_is_reached_through_itself() -> None:
    text = '{"id": 1, "resourceRelationship": [{"relationshipType": "%s", "resource": {"id": "1"}}]}'

    assert component(text % "reliesOn").parent is None
    assert resource(text % "contains").contained == []


def test_tells_what_it_contains() -> None:
    found = resource(
        """{"id": 1, "resourceRelationship": [{"relationshipType": "contains", "resource": {"id": "44"}},
        {"relationshipType": "contains"}, {"relationshipType": "bundled", "resource": {"id": 45}}]}"""
    )

    assert found.contained == ["44", "45"]


def test_reads_what_characteristics_say() -> None:
    made = with_values(
        IPAddress='"192.0.2.1, 2001:db8::/32"',
        subnet='["198.51.100.0/24"]',
        bandwidth='{"amount": 10, "units": "Mbps"}',
        vendor='"Cisco"',
        model='"C1111"',
        accessType='"fibre"',
        managedBy='"Customer"',
        endOfSupport='"2030-01-01"',
    )

    assert made.addresses == ("192.0.2.1", "2001:db8::/32", "198.51.100.0/24")
    assert (made.bandwidth, made.vendor, made.model) == (10_000_000, "Cisco", "C1111")
    assert (made.access_type, made.managed_by) == ("fibre", ManagedBy.CUSTOMER)
    assert made.end_of_support == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("values", "product"),
    [
        ('{"name": "servicePoint", "value": "P1"}', "P1"),
        ('{"name": "Installed Offer ID", "value": 12}', "12"),
        ('{"name": "product", "value": {"id": "P2", "href": "http://elsewhere/9"}}', "P2"),
        ('{"name": "product", "value": "P2"}, {"name": "servicePoint", "value": "P1"}', "P1"),
        ('{"name": "product", "value": "P2"}, {"name": "servicePoint", "value": " "}', "P2"),
        ('{"name": "product", "value": ["P2"]}', None),
        (f'{{"name": "product", "value": "{"9" * 129}"}}', None),
        ('{"name": "colour", "value": "red"}', None),
    ],
)
def test_says_of_which_product_it_is_a_part(values: str, product: str | None) -> None:
    assert resource(f'{{"id": 1, "resourceCharacteristic": [{values}]}}').product == product


def test_an_address_that_is_not_fixed_is_none() -> None:
    assert with_values(IPAddress='"DHCP"', managementIP='"N/A"').addresses == ()


def test_refuses_an_address_that_is_none() -> None:
    with pytest.raises(TmfError, match=r"'192.0.2.999' is neither an IP address nor a prefix"):
        with_values(IPAddress='"192.0.2.999"')


def test_refuses_a_serial_number_that_no_store_keeps() -> None:
    with pytest.raises(TmfError, match=r"the serial number 9{20}… has more than 128 characters"):
        component(f'{{"id": 1, "serialNumber": "{"9" * 129}"}}')


def test_a_resource_without_a_name_is_called_by_its_value_or_id() -> None:
    assert component('{"id": 1, "value": 4711}').name == "4711"
    assert component('{"id": 1, "value": {"deep": 1}}').name == "1"


@given(things(Resource, Relationship, Related, Characteristic))
def test_a_resource_of_junk_is_never_more_than_refused(thing: Mapping[str, Any]) -> None:
    with suppress(TmfError):
        made = read_resource(thing)
        assert made.marked in {None, *Exclusion}
        assert made.id not in made.contained
        assert made.product != ""
        component_record(made, CustomerCode("acme"), NOW)
