"""Inventory over TMF639: what is asked of whom, and what nobody is shown."""

import json
from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.errors import SourceTimeoutError
from sources.inventory import ComponentKind, Exclusion
from sources.inventory.tmf import UNDATED, TmfInventory
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Page
from sources.placement import Place
from sources.scope import ALL, Scope
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.shared import shared_files
from tests.sources.components import component, listing
from tests.tmf.deaf import Deaf
from tests.tmf.estate import KnownEstate
from tests.tmf.inventory import SavedInventory, tmf_inventory
from tests.tmf.server import Habits, Json
from tests.tmf.ticketing import parties

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
C1, C2, C3, C4 = (ComponentId(f"C{number}") for number in range(1, 5))
P1, S1, L1 = ServicePointId("P1"), SolutionId("S1"), LocationId("L1")
BY_PARTY: Final = "/resource?relatedParty.id=party of acme"


@pytest.fixture
async def inventory() -> AsyncGenerator[SavedInventory]:
    """Give inventory over a server that does what it is asked, version 4."""
    async with tmf_inventory(ThingSettings()) as found:
        yield found


def resource(key: str, kind: str = "CE router", **more: object) -> dict[str, Any]:
    """Make a resource of ACME's."""
    party = {"id": "party of acme", "role": "user"}
    return {"id": key, "category": kind, "relatedParty": [party], **more}


def contains(*keys: str) -> list[Json]:
    return [{"relationshipType": "contains", "resource": {"id": key}} for key in keys]


def relies_on(key: str) -> list[Json]:
    return [{"relationshipType": "reliesOn", "resource": {"id": key}}]


def product(key: str) -> list[Json]:
    return [{"name": "installedOffer", "value": key}]


def deaf(rows: list[dict[str, Any]]) -> Deaf:
    """Give an API that gives *rows*, whatever it is asked."""
    return Deaf({"resource": rows}, "inventory")


class Unplaced(KnownEstate):
    """A placement that fails."""

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        raise SourceTimeoutError("ordering")


async def ids(inventory: TmfInventory, *keys: ComponentId) -> list[str]:
    """Give the ids of those of *keys* that are shown."""
    return list(await inventory.components(WHOLE, keys))


async def listed(inventory: TmfInventory) -> list[str]:
    """Give the ids of all components that are listed."""
    pages = await inventory.components_by_customer(WHOLE, [ACME], listing(100))
    return [each.id for each in pages[ACME].rows]


async def test_a_component_is_of_the_service_point_and_the_solution_of_its_product(
    inventory: SavedInventory,
) -> None:
    inventory.server.things["resource"] = [
        resource("C1", resourceCharacteristic=product("P1")),
        resource("C2", "switch", resourceCharacteristic=product("S1"), place={"id": "L2"}),
        resource("C3", "switch", resourceCharacteristic=product("theirs")),
    ]
    inventory.estate.of_products[ACME, "P1"] = Place(service_point=P1, solution=S1, location=L1)
    inventory.estate.of_products[ACME, "S1"] = Place(solution=S1)
    inventory.estate.of_products[OTHER, "theirs"] = Place(solution=SolutionId("S9"))

    found = await inventory.components(WHOLE, [C1, C2, C3])

    places = {key: (each.service_point, each.solution, each.location) for key, each in found.items()}
    assert places == {C1: (P1, S1, L1), C2: (None, S1, "L2"), C3: (None, None, None)}
    assert inventory.estate.lines == ["products 3"]


async def test_asks_once_for_many_components_and_once_for_their_products(inventory: SavedInventory) -> None:
    await inventory.save_components(
        [component(ACME, f"C{number}", service_point=ServicePointId(f"P{number}")) for number in range(3)]
    )

    assert await ids(inventory, ComponentId("C0"), C1, C2) == ["C0", "C1", "C2"]
    assert inventory.server.queries == ["/resource?id=C0,C1,C2"]
    assert inventory.estate.lines == ["products 3"]


async def test_asks_once_for_each_level_above_routers_that_may_be_cascaded(
    inventory: SavedInventory,
) -> None:
    inventory.server.things["resource"] = [
        resource("R1", "CE router", resourceRelationship=relies_on("S1")),
        resource("R2", "CE router", resourceRelationship=relies_on("S2")),
        resource("S1", "switch", resourceRelationship=relies_on("F1")),
        resource("S2", "switch", resourceRelationship=relies_on("A1")),
        resource("F1", "firewall", resourceRelationship=relies_on("R3")),
        resource("R3", "CE router"),
        resource("A1", "access line"),
    ]

    shown = await ids(inventory, ComponentId("R1"), ComponentId("R2"), ComponentId("S1"))

    assert sorted(shown) == ["R2", "S1"]
    assert inventory.server.queries == [
        "/resource?id=R1,R2,S1",
        "/resource?id=F1,S2",
        "/resource?id=A1,R3",
    ]


async def test_asks_nothing_of_what_is_above_a_router_of_a_service_point(inventory: SavedInventory) -> None:
    router = component(ACME, "C1", service_point=P1, parent=C2)
    await inventory.save_components([router, component(ACME, "C2")])

    assert await inventory.components(WHOLE, [C1]) == {C1: router}
    assert inventory.server.queries == ["/resource?id=C1"]


async def test_reads_the_whole_list_for_a_router_that_says_nothing_of_what_it_is_reached_through(
    inventory: SavedInventory,
) -> None:
    inventory.server.things["resource"] = [
        resource("C1"),
        resource("C2"),
        resource("C3", resourceRelationship=contains("C1")),
    ]

    assert await ids(inventory, C1, C2, C3) == ["C2", "C3"]
    assert inventory.server.queries == ["/resource?id=C1,C2,C3", BY_PARTY]


async def test_reads_the_whole_list_where_many_stand_one_behind_another(inventory: SavedInventory) -> None:
    chain = [
        resource(f"N{number}", "switch", resourceRelationship=relies_on(f"N{number + 1}"))
        for number in range(10)
    ]
    inventory.server.things["resource"] = [
        resource("C1", resourceRelationship=relies_on("N0")),
        *chain,
        resource("N10"),
    ]

    assert await ids(inventory, C1) == []
    assert inventory.server.queries[-1] == BY_PARTY


async def test_a_router_behind_equipment_that_is_not_the_customers_is_shown(
    inventory: SavedInventory,
) -> None:
    foreign = {**resource("C2"), "relatedParty": [{"id": "another party", "role": "user"}]}
    inventory.server.things["resource"] = [resource("C1", resourceRelationship=relies_on("C2")), foreign]

    assert await ids(inventory, C1, C2) == ["C1"]
    assert await listed(inventory) == ["C1"]


async def test_lists_what_a_resource_contains_as_reached_through_it(inventory: SavedInventory) -> None:
    inventory.server.things["resource"] = [
        resource("C1", "switch", resourceRelationship=contains("C2", "C3", "C9")),
        resource("C2", "PE port"),
        resource("C3", "PE port", resourceRelationship=relies_on("C2")),
    ]

    pages = await inventory.components_by_parent(WHOLE, [C1, C2], listing())

    assert {key: [each.id for each in page.rows] for key, page in pages.items()} == {C1: ["C2"], C2: ["C3"]}


@pytest.mark.parametrize(
    ("more", "exclusion"),
    [
        ({"resourceSpecification": {"name": "Backbone router"}}, Exclusion.CORE_NETWORK),
        ({"name": "Public gateway Paris"}, Exclusion.PUBLIC_GATEWAY),
        ({"characteristic": [{"name": "accessType", "value": "Dial-up"}]}, Exclusion.DIAL),
        ({"resourceRelationship": relies_on("C2")}, Exclusion.CASCADED_ROUTER),
    ],
)
async def test_shows_nobody_what_the_terms_exclude_however_it_is_asked_for(
    inventory: SavedInventory, more: Mapping[str, Any], exclusion: Exclusion
) -> None:
    hidden = resource("C1", externalId="ext", place={"id": "L1"}, **more)
    inventory.server.things["resource"] = [hidden, resource("C2")]
    nothing = Page[Any]([], total=0)
    asked = listing(counted=True)

    assert await ids(inventory, C1, C2) == ["C2"], exclusion
    assert await listed(inventory) == ["C2"]
    assert await inventory.components_by_location(WHOLE, [L1], asked) == {L1: nothing}
    assert await inventory.components_by_parent(WHOLE, [C2], asked) == {C2: nothing}
    assert await inventory.components_by_external_id(WHOLE, ["ext"]) == {}


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("strategy", Strategy)
async def test_gives_the_same_whatever_the_system_makes_of_what_it_is_asked(
    version: Version, strategy: Strategy
) -> None:
    rows = [component(ACME, key, parent=C4, service_point=P1) for key in ("C1", "C2")]
    settings = ThingSettings(version=version, strategy=strategy)
    for habits in (Habits(), Habits(filters=False), Habits(filters=False, pages=False)):
        async with tmf_inventory(settings, habits) as found:
            await found.save_components([*rows, component(OTHER, "C3", parent=C4, service_point=P1)])

            assert await found.components(WHOLE, [C1, C3]) == {C1: rows[0]}
            assert await found.components_by_parent(WHOLE, [C4], listing()) == {C4: Page(rows)}


async def test_asks_nothing_for_a_customer_that_the_system_does_not_know(inventory: SavedInventory) -> None:
    await inventory.save_components([component(ACME, "C1")])
    stranger = TmfInventory(deaf([resource("C1")]), ThingSettings(), _nobody, KnownEstate())

    assert await stranger.components(WHOLE, [C1]) == {}
    assert await listed(stranger) == []


async def _nobody(customer: CustomerCode) -> frozenset[str]:
    del customer
    return frozenset()


async def test_a_resource_that_says_no_time_was_updated_at_the_same_time_always(
    inventory: SavedInventory,
) -> None:
    inventory.server.things["resource"] = [
        resource("C1"),
        resource("C2", startOperatingDate="2020-03-04T00:00.000Z"),
    ]

    found = await inventory.components(WHOLE, [C1, C2])

    assert [found[key].updated_at.date().isoformat() for key in (C1, C2)] == ["1970-01-01", "2020-03-04"]
    assert found[C1].updated_at == UNDATED


async def test_gives_nothing_where_what_is_above_or_where_it_stands_cannot_be_told() -> None:
    rows = [resource("C1", resourceCharacteristic=product("P1"))]
    inventory = TmfInventory(deaf(rows), ThingSettings(), parties, Unplaced())

    with pytest.raises(SourceTimeoutError):
        await inventory.components(WHOLE, [C1])
    with pytest.raises(SourceTimeoutError):
        await inventory.components_by_customer(WHOLE, [ACME], listing())


@pytest.mark.parametrize("path", shared_files("tmf/samples/TMF639/*.json"), ids=lambda path: path.stem)
async def test_gives_the_official_samples_that_are_json_to_whom_they_name(path: Any) -> None:  # noqa: ANN401 - a path
    text = path.read_text().replace('"456"', '"party of acme"').replace('"42"', '"party of acme"')
    try:
        rows = [json.loads(text)]
    except json.JSONDecodeError:
        assert path.stem == "PhysicalResource.value"  # domain.md section 5, trap 21
        return
    inventory = TmfInventory(deaf(rows), ThingSettings(), parties, KnownEstate())

    pages = await inventory.components_by_customer(WHOLE, [ACME], listing())

    assert [each.kind for each in pages[ACME].rows] == [ComponentKind.SIM]


KEYS: Final = ["A", "B", "C", "D"]
KINDS: Final = ["CE router", "switch", "firewall", "access line", "PE port"]


@st.composite
def estates(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Give four resources that rely on and contain one another by chance, some of them of a product."""
    rows: list[dict[str, Any]] = []
    for key in KEYS:
        above = draw(st.sampled_from([None, *KEYS]))
        below = draw(st.lists(st.sampled_from(KEYS), max_size=1))
        relations = [*contains(*below), *(relies_on(above) if above else [])]
        made = resource(key, draw(st.sampled_from(KINDS)), resourceRelationship=relations)
        if draw(st.booleans()):
            made["resourceCharacteristic"] = product("P1")
        if draw(st.integers(0, 5)) == 0:
            made["relatedParty"] = [{"id": "another party", "role": "user"}]
        rows.append(made)
    return rows


@settings(deadline=None)
@given(estates(), st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
async def test_shows_by_id_what_it_shows_in_lists(rows: list[dict[str, Any]], asked: list[str]) -> None:
    estate = KnownEstate(of_products={(ACME, "P1"): Place(service_point=P1, solution=S1)})
    inventory = TmfInventory(deaf(rows), ThingSettings(), parties, estate)

    by_id = await inventory.components(WHOLE, [ComponentId(each) for each in asked])
    every = (await inventory.components_by_customer(WHOLE, [ACME], listing()))[ACME].rows

    own = {each["id"] for each in rows if each["relatedParty"][0]["id"] == "party of acme"}
    assert {each.id for each in every} <= own
    assert sorted(by_id) == sorted(each.id for each in every if each.id in asked)
    # who contains a component is known where lists are read (``TmfInventory``)
    assert {key: replace(each, parent=None) for key, each in by_id.items()} == {
        each.id: replace(each, parent=None) for each in every if each.id in asked
    }
