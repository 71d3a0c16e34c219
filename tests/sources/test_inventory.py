"""The contract of inventory, kept by the fake, by the embedded system on each database, and over TMF639."""

from collections.abc import AsyncGenerator
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.condition import Range
from sources.inventory import (
    AdminState,
    ComponentFilter,
    ComponentKind,
    ComponentOrder,
    ComponentRecord,
    ComponentStatus,
    Exclusion,
    ManagedBy,
    OperationalState,
    UsageState,
)
from sources.inventory.sql import SqlInventory
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Page, Window, position
from sources.scope import Scope
from sources.sql import Database
from sources.table import Saved
from tests.fakes.inventory import FakeInventory
from tests.sources.components import FEBRUARY, JANUARY, MARCH, component, different, listing
from tests.sources.conftest import EMBEDDED
from tests.tmf.inventory import SavedInventory, tmf_inventory
from tests.tmf.ticketing import tmf_version

Inventory: TypeAlias = FakeInventory | SqlInventory | SavedInventory


@pytest.fixture(params=[*EMBEDDED, "tmf-v4", "tmf-v5"])
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind inventory."""
    return str(request.param)


@pytest.fixture
async def inventory(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Inventory]:
    """Give inventory, empty of the test's customer."""
    if kept_by.startswith("tmf"):
        async with tmf_inventory(tmf_version(kept_by)) as over_http:
            yield over_http
    else:
        yield FakeInventory() if connection is None else SqlInventory(Database(connection, "inventory", 10))


async def test_gives_a_component_back_as_it_was_saved(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    saved = component(
        customer,
        "C1",
        kind=ComponentKind.UNKNOWN,
        raw_kind="Toaster",
        external_ids=("ext-1", "ext-2"),
        serial_number="SN1",
        model="ISR 1100",
        vendor="Cisco",
        raw_status="available",
        admin_state=AdminState.SHUTTING_DOWN,
        operational_state=OperationalState.DISABLED,
        usage_state=UsageState.BUSY,
        service_point=ServicePointId("P1"),
        location=LocationId("L1"),
        parent=ComponentId("C2"),
        managed_by=ManagedBy.CUSTOMER,
        addresses=("192.0.2.1", "2001:db8::/48"),
        bandwidth=100_000_000_000,
        access_type="fibre",
        end_of_support=date(2030, 12, 31),
        updated_at=FEBRUARY,
    )

    await inventory.save_components([saved])

    assert await inventory.components(everything, [ComponentId("C1"), ComponentId("C9")]) == {"C1": saved}


async def test_says_what_a_save_changed(inventory: Inventory, customer: CustomerCode) -> None:
    await inventory.save_components([component(customer, "C1"), component(customer, "C2")])

    saved = await inventory.save_components(
        [component(customer, "C1"), component(customer, "C2", serial_number="SN2"), component(customer, "C3")]
    )

    assert saved == Saved(taken_in=1, updated=1, unchanged=1)


async def test_never_gives_another_customers_components(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await inventory.save_components(
        [component(other, "C1", external_ids=("ext-1",), addresses=("192.0.2.1",))]
    )
    asked = listing(filter=ComponentFilter(address=IPv4Network("192.0.2.0/24")), counted=True)

    assert await inventory.components(everything, [ComponentId("C1")]) == {}
    assert await inventory.components_by_customer(everything, [other, customer], asked) == {
        other: Page([], total=0),
        customer: Page([], total=0),
    }
    assert await inventory.components_by_external_id(everything, ["ext-1"]) == {}
    assert await inventory.known(customer, [ComponentId("C1")]) == {}
    assert await inventory.known_by_external_id(customer, ["ext-1"]) == []


@pytest.mark.parametrize("exclusion", list(Exclusion))
async def test_shows_an_excluded_component_to_nobody(
    inventory: Inventory,
    customer: CustomerCode,
    everything: Scope,
    exclusion: Exclusion,
) -> None:
    excluded = component(
        customer,
        "C1",
        exclusion=exclusion,
        external_ids=("ext",),
        parent=ComponentId("C2"),
        service_point=ServicePointId("P1"),
        location=LocationId("L1"),
    )
    await inventory.save_components([excluded])
    nothing = Page[ComponentRecord]([], total=0)
    asked = listing(counted=True)

    assert await inventory.components(everything, [ComponentId("C1")]) == {}
    assert await inventory.components_by_customer(everything, [customer], asked) == {customer: nothing}
    assert await inventory.components_by_solution(everything, [SolutionId("S1")], asked) == {"S1": nothing}
    assert await inventory.components_by_service_point(everything, [ServicePointId("P1")], asked) == {
        "P1": nothing
    }
    assert await inventory.components_by_location(everything, [LocationId("L1")], asked) == {"L1": nothing}
    assert await inventory.components_by_parent(everything, [ComponentId("C2")], asked) == {"C2": nothing}
    assert await inventory.components_by_external_id(everything, ["ext"]) == {}


async def test_tells_of_excluded_components_what_takes_records_in(
    inventory: Inventory, customer: CustomerCode
) -> None:
    excluded = component(customer, "C1", exclusion=Exclusion.DIAL, external_ids=("ext",))
    await inventory.save_components([excluded, component(customer, "C2")])

    assert await inventory.known(customer, [ComponentId("C1"), ComponentId("C9")]) == {"C1": excluded}
    assert await inventory.known_by_external_id(customer, ["ext", "other"]) == [excluded]


async def test_leaves_out_components_outside_the_scope(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    here = component(
        customer, "C1", solution=SolutionId("S2"), location=LocationId("L1"), external_ids=("ext",)
    )
    elsewhere = component(customer, "C2", solution=SolutionId("S2"), location=LocationId("L2"))
    uncovered = component(customer, "C3", location=LocationId("L1"), external_ids=("ext",))
    loose = component(customer, "C4", solution=None, location=LocationId("L1"))
    nowhere = component(customer, "C5", solution=SolutionId("S2"))
    rows = [here, elsewhere, uncovered, loose, nowhere]
    await inventory.save_components(rows)
    covered = replace(everything, solutions=frozenset({"S2"}))
    local = replace(covered, locations=frozenset({"L1"}))
    asked = listing(counted=True)

    assert await inventory.components(local, [each.id for each in rows]) == {"C1": here}
    assert await inventory.components_by_customer(covered, [customer], asked) == {
        customer: Page([here, elsewhere, nowhere], total=3)
    }
    assert await inventory.components_by_customer(local, [customer], asked) == {
        customer: Page([here], total=1)
    }
    assert await inventory.components_by_location(local, [LocationId("L1"), LocationId("L2")], asked) == {
        "L1": Page([here], total=1),
        "L2": Page([], total=0),
    }
    assert await inventory.components_by_external_id(local, ["ext"]) == {"ext": [here]}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (ComponentFilter(kind=frozenset({ComponentKind.SWITCH, ComponentKind.PE_PORT})), ["C2"]),
        (ComponentFilter(status=frozenset({ComponentStatus.ALARM})), ["C3"]),
        (ComponentFilter(solution=frozenset({SolutionId("S1")})), ["C1", "C2"]),
        (ComponentFilter(location=frozenset({LocationId("L1")})), ["C1"]),
        (ComponentFilter(service_point=frozenset({ServicePointId("P1")})), ["C2"]),
        (ComponentFilter(managed_by=frozenset({ManagedBy.CUSTOMER})), ["C3"]),
        (ComponentFilter(serial_number=frozenset({"SN1", "SN9"})), ["C1"]),
        (ComponentFilter(external_id=frozenset({"ext-2"})), ["C1", "C2"]),
        (ComponentFilter(external_id=frozenset({"ext"})), []),
        (ComponentFilter(address=IPv4Network("192.0.2.1/32")), ["C1"]),
        (ComponentFilter(address=IPv4Network("192.0.2.0/24")), ["C1", "C2"]),
        (ComponentFilter(address=IPv4Network("192.0.2.128/26")), []),
        (ComponentFilter(address=IPv6Network("2001:db8::/32")), ["C2"]),
        (ComponentFilter(address=IPv6Network("::/0")), ["C2"]),
        (ComponentFilter(updated=Range(JANUARY, MARCH)), ["C1", "C2"]),
        (ComponentFilter(updated=Range(FEBRUARY, None)), ["C2", "C3"]),
        (ComponentFilter(text="sn1"), ["C1"]),
        (ComponentFilter(text="ISR"), ["C2"]),
        (ComponentFilter(text="jUNi"), ["C3"]),
        (ComponentFilter(text="component c"), ["C1", "C2", "C3"]),
        (ComponentFilter(text="SN1", kind=frozenset({ComponentKind.SWITCH})), []),
    ],
)
async def test_gives_what_the_filter_asks_for(
    inventory: Inventory,
    customer: CustomerCode,
    everything: Scope,
    asked: ComponentFilter,
    kept: list[str],
) -> None:
    await inventory.save_components(different(customer))

    pages = await inventory.components_by_customer(
        everything, [customer], listing(filter=asked, counted=True)
    )

    assert [each.id for each in pages[customer].rows] == kept
    assert pages[customer].total == len(kept)


async def test_finds_a_component_by_its_present_addresses_and_names_only(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    before = component(customer, "C1", addresses=("192.0.2.1", "192.0.2.1/32"), external_ids=("old", "old"))
    now = component(customer, "C1", addresses=("198.51.100.1",), external_ids=("new",))
    await inventory.save_components([before])
    await inventory.save_components([now])
    old = listing(filter=ComponentFilter(address=IPv4Network("192.0.2.0/24")))
    new = listing(filter=ComponentFilter(address=IPv4Network("198.51.100.0/24")))

    assert await inventory.components_by_customer(everything, [customer], old) == {customer: Page([])}
    assert await inventory.components_by_customer(everything, [customer], new) == {customer: Page([now])}
    assert await inventory.components_by_external_id(everything, ["old", "new"]) == {"new": [now]}


async def test_gives_all_components_of_each_external_id(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    both = component(customer, "C1", external_ids=("a", "b"))
    one = component(customer, "C2", external_ids=("b", "c"))
    await inventory.save_components([one, both])

    found = await inventory.components_by_external_id(everything, ["a", "b", "d"])

    assert found == {"a": [both], "b": [both, one]}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (ComponentOrder.NAME_ASC, ["C3", "C1", "C2"]),
        (ComponentOrder.NAME_DESC, ["C2", "C1", "C3"]),
        (ComponentOrder.UPDATED_AT_ASC, ["C1", "C3", "C2"]),
        (ComponentOrder.UPDATED_AT_DESC, ["C2", "C3", "C1"]),
        (ComponentOrder.KIND_ASC, ["C2", "C1", "C3"]),
        (ComponentOrder.KIND_DESC, ["C3", "C1", "C2"]),
    ],
)
async def test_reads_every_order_to_its_end_row_by_row(
    inventory: Inventory,
    customer: CustomerCode,
    everything: Scope,
    order: ComponentOrder,
    ids: list[str],
) -> None:
    rows = {
        "C1": component(customer, "C1", name="b", kind=ComponentKind.SWITCH),
        "C2": component(customer, "C2", name="c", updated_at=FEBRUARY),
        "C3": component(customer, "C3", name="a", kind=ComponentKind.SWITCH),
    }
    await inventory.save_components(rows.values())
    places = [None, *(position(rows[key], order) for key in ids)]

    pages = [
        await inventory.components_by_customer(
            everything, [customer], listing(order=order, window=Window(limit=1, after=place))
        )
        for place in places
    ]

    assert [page[customer] for page in pages] == [
        Page([rows[ids[0]]], has_more=True),
        Page([rows[ids[1]]], has_more=True),
        Page([rows[ids[2]]]),
        Page([]),
    ]


async def test_gives_the_first_components_of_each_solution_and_service_point_at_once(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    rows = [
        component(
            customer, f"C{number}", solution=SolutionId(f"S{number % 2}"), service_point=ServicePointId("P1")
        )
        for number in range(5)
    ]
    await inventory.save_components(rows)
    asked = listing(2, counted=True)

    assert await inventory.components_by_solution(
        everything, [SolutionId("S1"), SolutionId("S0"), SolutionId("S9")], asked
    ) == {
        "S1": Page([rows[1], rows[3]], total=2),
        "S0": Page([rows[0], rows[2]], has_more=True, total=3),
        "S9": Page([], total=0),
    }
    assert await inventory.components_by_service_point(
        everything, [ServicePointId("P1"), ServicePointId("P2")], asked
    ) == {"P1": Page(rows[:2], has_more=True, total=5), "P2": Page([], total=0)}


async def test_gives_the_children_of_components_that_are_one_anothers_parents(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    # switches: over TMF639, where exclusion is decided on reading, two routers would be cascaded ones
    one = component(customer, "C1", kind=ComponentKind.SWITCH, parent=ComponentId("C2"))
    two = component(customer, "C2", kind=ComponentKind.SWITCH, parent=ComponentId("C1"))
    await inventory.save_components([one, two])

    children = await inventory.components_by_parent(everything, [one.id, two.id], listing())

    assert children == {"C1": Page([two]), "C2": Page([one])}


@pytest.mark.parametrize("kept_by", EMBEDDED)  # TMF639: nothing is reached through itself
async def test_gives_a_component_that_is_its_own_parent_as_its_own_child(
    inventory: Inventory, customer: CustomerCode, everything: Scope
) -> None:
    own = component(customer, "C1", parent=ComponentId("C1"))
    await inventory.save_components([own])

    assert await inventory.components_by_parent(everything, [own.id], listing()) == {"C1": Page([own])}
