"""Maintenance over TMF655: which changes are told of, to whom, and what of them."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.keys import ComponentId, CustomerCode, LocationId, MaintenanceEventId, ServicePointId, SolutionId
from sources.listing import Page
from sources.maintenance import ImpactLevel, MaintenanceEventRecord, NetworkSegment
from sources.maintenance.tmf import TmfMaintenance
from sources.placement import Place
from sources.scope import ALL, Scope
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.sources.notices import E1, E2, E3, event, listing, touch
from tests.tmf.deaf import Deaf
from tests.tmf.estate import KnownEstate
from tests.tmf.maintenance import SavedMaintenance, tmf_maintenance
from tests.tmf.server import Habits
from tests.tmf.ticketing import parties

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
COVERED: Final = replace(WHOLE, solutions=frozenset({"S1"}))
NOTHING: Final = Page[MaintenanceEventRecord]([], total=0)


@pytest.fixture
async def maintenance() -> AsyncGenerator[SavedMaintenance]:
    """Give maintenance over a server that does what it is asked, where C1 to C4 are ACME's."""
    async with tmf_maintenance(ThingSettings()) as found:
        kinds = {"C1": "PE_PORT", "C2": "CE_ROUTER", "C3": "ACCESS_LINE", "C4": "EVC"}
        for key, kind in kinds.items():
            found.estate.of_components[ACME, key] = Place(
                service_point=ServicePointId(f"P-{key}"), solution=SolutionId("S1"), kind=kind
            )
        found.estate.of_products[ACME, "P2"] = Place(
            service_point=ServicePointId("P2"), solution=SolutionId("S2"), location=LocationId("L2")
        )
        found.estate.of_components[OTHER, "theirs"] = Place(solution=SolutionId("S9"), kind="PE_PORT")
        yield found


def change(key: str, *impacted: Mapping[str, object], **more: object) -> dict[str, Any]:
    """Make a maintenance of one night of which ACME is told."""
    return {
        "id": key,
        "requestType": "maintenance",
        "requestDate": "2026-01-01",
        "plannedStartTime": "2026-03-01T22:00:00Z",
        "plannedEndTime": "2026-03-02T02:00:00Z",
        "relatedParty": [
            {"id": "party of acme", "role": "customer"},
            {"id": "party of other", "role": "customer"},
        ],
        "impactEntity": list(impacted),
        **more,
    }


def on(key: str, kind: str = "PhysicalResource", **more: object) -> dict[str, object]:
    return {"id": key, "role": "impacted", "@referredType": kind, **more}


def deaf(rows: list[dict[str, Any]]) -> Deaf:
    """Give an API that gives *rows*, whatever it is asked."""
    return Deaf({"changeRequest": rows}, "maintenance")


async def shown(maintenance: TmfMaintenance, scope: Scope = WHOLE) -> list[str]:
    """Give the ids of all events that are listed."""
    pages = await maintenance.events_by_customer(scope, [ACME], listing(100))
    return [each.id for each in pages[ACME].rows]


async def test_tells_of_no_change_that_is_not_maintenance(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [
        change("E1", on("C1"), requestType="configuration"),
        change("E2", on("C1"), requestType=None),
        change("E3", on("C1")),
    ]

    assert list(await maintenance.events(WHOLE, [E1, E2, E3])) == [E3]
    assert await shown(maintenance) == [E3]
    assert list(await maintenance.impacts_by_event(WHOLE, [E1, E2, E3])) == [E3]


async def test_what_is_called_maintenance_is_set_by_the_operator(maintenance: SavedMaintenance) -> None:
    rows = [change("E1", on("C1"), requestType="Network change"), change("E2", on("C1"))]
    other = TmfMaintenance(
        deaf(rows),
        ThingSettings(),
        parties,
        maintenance.estate,
        words="network change|works",
    )

    assert await shown(other) == [E1]


async def test_tells_of_what_is_impacted_on_the_operators_network_worst_first(
    maintenance: SavedMaintenance,
) -> None:
    maintenance.server.things["changeRequest"] = [
        change(
            "E1",
            on("C4", impact="degraded"),
            on("C1", name="Port 1"),
            on("C2"),
            on("C3"),
            on("P2", "Product", name="Lyon"),
        )
    ]

    impacts = (await maintenance.impacts_by_event(WHOLE, [E1, E2]))[E1]

    assert [(each.object_id, each.level, each.component, each.service_point) for each in impacts] == [
        ("Lyon", ImpactLevel.OUTAGE, None, "P2"),
        ("Port 1", ImpactLevel.OUTAGE, "C1", "P-C1"),
        ("C4", ImpactLevel.DEGRADED, "C4", "P-C4"),
    ]
    assert {each.segment for each in impacts} == {NetworkSegment.OPERATOR_NETWORK}
    assert len({each.id for each in impacts}) == 3
    assert (await maintenance.impacts_by_event(WHOLE, [E1]))[E1] == impacts


async def test_tells_of_the_impacts_that_the_scope_covers_only(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [change("E1", on("C1"), on("P2", "Product"))]

    impacts = await maintenance.impacts_by_event(COVERED, [E1])
    found = await maintenance.events(COVERED, [E1])

    assert [each.object_id for each in impacts[E1]] == ["C1"]
    assert found[E1].seen(COVERED).touches == (touch("S1", component="C1", service_point="P-C1"),)
    assert await maintenance.impacts_by_event(replace(WHOLE, solutions=frozenset({"S3"})), [E1]) == {}


async def test_never_tells_of_another_customers_things_of_one_and_the_same_change(
    maintenance: SavedMaintenance,
) -> None:
    maintenance.server.things["changeRequest"] = [
        change("E1", on("C1"), on("theirs", name="Their port")),
        change("E2", on("theirs")),
    ]

    impacts = await maintenance.impacts_by_event(WHOLE, [E1, E2])

    assert {key: [each.object_id for each in many] for key, many in impacts.items()} == {E1: ["C1"]}
    assert await shown(maintenance) == [E1]
    assert await maintenance.events_by_component(WHOLE, [ComponentId("theirs")], listing()) == {
        "theirs": NOTHING
    }


@pytest.mark.parametrize("impacted", [[on("C2")], [on("C3"), on("C2")], [on("nobody's")]])
async def test_tells_of_no_change_beyond_the_operators_network(
    maintenance: SavedMaintenance, impacted: list[dict[str, object]]
) -> None:
    maintenance.server.things["changeRequest"] = [change("E1", *impacted)]

    assert await maintenance.events(WHOLE, [E1]) == {}
    assert await shown(maintenance) == []
    assert await maintenance.impacts_by_event(WHOLE, [E1]) == {}


async def test_tells_of_a_change_only_whom_it_names(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [
        change("E1", on("C1"), relatedParty=[{"id": "party of other", "role": "customer"}]),
        change("E2", on("C1"), relatedParty=[{"id": "party of acme", "role": "implementer"}]),
        change("E3", on("C1"), relatedParty=None),
    ]

    assert await maintenance.events(WHOLE, [E1, E2, E3]) == {}
    assert await maintenance.impacts_by_event(WHOLE, [E1, E2, E3]) == {}


async def test_asks_each_system_once_for_what_all_changes_touch(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [
        change("E1", on("C1"), on("P2", "Product")),
        change("E2", on("C1"), on("C4"), on("L1", "GeographicSite")),
    ]

    assert await shown(maintenance) == [E1, E2]
    assert maintenance.server.queries == ["/changeRequest?relatedParty.id=party of acme"]
    assert sorted(maintenance.estate.lines) == ["components 2", "locations 1", "products 1"]


async def test_asks_for_no_place_where_nothing_is_named(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [change("E1")]

    assert await shown(maintenance) == [E1]
    assert maintenance.estate.lines == []


async def test_there_is_no_history_of_a_change(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [change("E1", on("C1"))]

    assert await maintenance.history_by_event(WHOLE, [E1]) == {}
    assert maintenance.server.queries == []


async def test_a_change_that_cannot_be_read_takes_no_other_with_it(maintenance: SavedMaintenance) -> None:
    maintenance.server.things["changeRequest"] = [
        change("E1", on("C1"), plannedEndTime="2026-02-01"),
        change("E2", on("C1"), plannedStartTime="soon"),
        {"requestType": "maintenance"},
        change("E3", on("C1")),
    ]

    assert await shown(maintenance) == [E3]


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("strategy", Strategy)
async def test_gives_the_same_whatever_the_system_makes_of_what_it_is_asked(
    version: Version, strategy: Strategy
) -> None:
    rows = [event(ACME, key, touches=(touch("S1", component="C1"),)) for key in ("E1", "E2")]
    settings = ThingSettings(version=version, strategy=strategy)
    for habits in (Habits(), Habits(filters=False), Habits(filters=False, pages=False)):
        async with tmf_maintenance(settings, habits) as found:
            await found.save_events([*rows, event(OTHER, "E3", touches=(touch("S1", component="C1"),))])

            assert await found.events(WHOLE, [E1, E3]) == {E1: rows[0]}
            assert await found.events_by_component(WHOLE, [ComponentId("C1")], listing()) == {
                "C1": Page(rows, total=2)
            }


OWN: Final = {"C1": "PE_PORT", "C2": "CE_ROUTER"}
ENTITIES: Final = st.sampled_from(["C1", "C2", "theirs", "nobody's", "P2"])


@st.composite
def made(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Give changes of this customer, of others and of nobody, that touch the things of all of them."""
    owners = st.sampled_from(["party of acme", "party of other", "nobody"])
    return [
        change(
            f"E{number}",
            *(
                on(each, draw(st.sampled_from(["PhysicalResource", "Product", "", "Service"])))
                for each in draw(st.lists(ENTITIES, max_size=3))
            ),
            relatedParty=[{"id": draw(owners), "role": draw(st.sampled_from(["customer", "noc"]))}],
        )
        for number in range(draw(st.integers(0, 4)))
    ]


@settings(deadline=None)
@given(made())
async def test_never_gives_a_thing_that_is_not_the_customers(rows: list[dict[str, Any]]) -> None:
    estate = KnownEstate()
    for key, kind in OWN.items():
        estate.of_components[ACME, key] = Place(solution=SolutionId("S1"), kind=kind)
    estate.of_components[OTHER, "theirs"] = Place(solution=SolutionId("S9"), kind="PE_PORT")
    maintenance = TmfMaintenance(deaf(rows), ThingSettings(), parties, estate)
    own = {
        each["id"]
        for each in rows
        for party in each["relatedParty"]
        if party == {"id": "party of acme", "role": "customer"}
    }

    pages = await maintenance.events_by_customer(WHOLE, [ACME], listing(100))
    impacts = await maintenance.impacts_by_event(WHOLE, [MaintenanceEventId(each["id"]) for each in rows])

    events = pages[ACME].rows
    assert {each.id for each in events} <= own
    assert set(impacts) <= own
    assert {component for each in events for component in each.components} <= {"C1"}
    assert {each.object_id for many in impacts.values() for each in many} <= {"C1"}
