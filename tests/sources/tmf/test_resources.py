"""A component is the same after it was rendered as TMF639 has it and read again."""

from datetime import UTC, date, datetime
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

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
from sources.inventory.tmf import RESOURCES, Told, told
from sources.inventory.wire import read_resource
from sources.keys import ComponentId, CustomerCode, LocationId
from sources.tmf import decode
from sources.tmf.settings import Version
from tests.sources.components import component
from tests.tmf.resources import resource_json

ACME: Final = CustomerCode("acme")


def read_again(record: ComponentRecord, version: Version, product: str | None = None) -> Told:
    thing = resource_json(record, version, product, "42")
    return told(read_resource(decode(msgspec.json.encode(thing))), ACME)


@pytest.fixture(params=Version)
def version(request: pytest.FixtureRequest) -> Version:
    found: Version = request.param
    return found


def test_a_component_with_all_that_it_can_say_is_the_same(version: Version) -> None:
    record = component(
        ACME,
        "C1",
        solution=None,
        external_ids=("a", "b", "c"),
        serial_number="SN1",
        model="ISR 1100",
        vendor="Cisco",
        location=LocationId("L1"),
        parent=ComponentId("C2"),
        managed_by=ManagedBy.CUSTOMER,
        addresses=("192.0.2.1", "2001:db8::/48"),
        bandwidth=100_000_000_000,
        access_type="fibre",
        end_of_support=date(2030, 12, 31),
        updated_at=datetime(2025, 2, 1, 12, 30, 0, 250_000, tzinfo=UTC),
    )

    assert read_again(record, version) == Told(customer=ACME, id="C1", component=record)


@pytest.mark.parametrize("odd", [b"resourceCharacteristic", b"characteristic", b"lastUpdate", b"@type"])
def test_a_page_in_odd_case_is_the_same(odd: bytes, version: Version) -> None:
    whole = component(ACME, "C1", bandwidth=10, addresses=("192.0.2.1",), location=LocationId("L1"))
    page = msgspec.json.encode([resource_json(whole, version, "P1", "42")])

    even, uneven = RESOURCES.read(page), RESOURCES.read(page.replace(odd, odd.upper()))

    assert [told(each, ACME) for each in uneven.rows] == [told(each, ACME) for each in even.rows]
    assert told(even.rows[0], ACME).component == replace(whole, solution=None)


@pytest.mark.parametrize("unit", ["units", "UNITS"])
def test_a_value_in_odd_case_is_the_same(unit: str) -> None:
    value = {"name": "bandwidth", "value": {"Amount": 10.5, unit: "Mbps"}}
    product = {"name": "product", "value": {"ID": "P1"}}
    page = msgspec.json.encode([{"id": "C1", "resourceCharacteristic": [value, product]}])

    made = told(RESOURCES.read(page).rows[0], ACME)

    assert (made.component.bandwidth, made.product) == (10_500_000, "P1")


@pytest.mark.parametrize("kind", ComponentKind)
def test_a_kind_is_the_same(kind: ComponentKind, version: Version) -> None:
    assert read_again(component(ACME, "C1", kind=kind), version).component.kind is kind


@pytest.mark.parametrize("status", ComponentStatus)
def test_a_status_is_the_same(status: ComponentStatus, version: Version) -> None:
    record = component(ACME, "C1", status=status, raw_status=None)

    assert read_again(record, version).component.status is status


@pytest.mark.parametrize(
    "states",
    [
        *({"admin_state": each} for each in AdminState),
        *({"operational_state": each} for each in OperationalState),
        *({"usage_state": each} for each in UsageState),
        {},
    ],
)
def test_states_are_the_same(states: dict[str, object], version: Version) -> None:
    record = replace(component(ACME, "C1", solution=None), **states)

    assert read_again(record, version).component == record


@pytest.mark.parametrize(
    ("exclusion", "mark"),
    [
        (Exclusion.CORE_NETWORK, Exclusion.CORE_NETWORK),
        (Exclusion.PUBLIC_GATEWAY, Exclusion.PUBLIC_GATEWAY),
        (Exclusion.DIAL, None),
        (None, None),
    ],
)
def test_equipment_is_marked_as_it_was(
    exclusion: Exclusion | None, mark: Exclusion | None, version: Version
) -> None:
    assert read_again(component(ACME, "C1", exclusion=exclusion), version).mark is mark


def test_what_is_kept_of_a_resource_is_kept_as_it_is(version: Version) -> None:
    whole = component(ACME, "C1", end_of_support=date(2030, 1, 1), addresses=("::1",))

    made = read_again(whole, version, "P1")

    assert made.product == "P1"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Told) == made
