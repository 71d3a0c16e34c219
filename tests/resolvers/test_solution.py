"""The Solutions that a record belongs to, as far as they cover it."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from auth.coverage import State
from sources.keys import CustomerCode, MaintenanceEventId, SolutionId
from sources.ordering import Market, ProductStatus, SolutionCategory, SolutionRecord
from tests.asking import ask, asked_by, covering
from tests.sources.notices import event, touch
from tests.world import World, user

ACME = CustomerCode("acme")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOLUTIONS = [
    SolutionRecord(
        customer=ACME,
        id=SolutionId(key),
        name=key,
        category=SolutionCategory.SDWAN,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2026, 3, 1),
    )
    for key in ("S1", "S2", "S3")
]


@pytest.fixture
async def world() -> World:
    """Give a maintenance that touches S1, S2, S3, and a Solution that is gone."""
    made = World()
    await made.ordering.save_solutions(SOLUTIONS)
    touches = tuple(touch(key) for key in ("S0", "S1", "S2", "S3"))
    await made.maintenance.save_events([event(ACME, "M1", touches=touches)])
    return made


@pytest.mark.parametrize(
    ("covered", "own", "keys"),
    [
        pytest.param(State.ALL, None, ["S1", "S2", "S3"], id="covered by all"),
        pytest.param({"S1", "S3"}, None, ["S1", "S3"], id="covered by two"),
        pytest.param({"S1", "S3"}, frozenset({"S2", "S3"}), ["S3"], id="covered by two, one of them seen"),
    ],
)
async def test_tells_of_an_event_only_solutions_that_cover_maintenance(
    world: World, covered: State | set[str], own: frozenset[str] | None, keys: list[str]
) -> None:
    context = asked_by(replace(user(1, "ann", "acme"), solutions=own), covering(MAINTENANCE=covered), world)

    found = await ask(context, "{ maintenanceEvents { nodes { solutions { name } } } }")

    assert found.data == {"maintenanceEvents": {"nodes": [{"solutions": [{"name": key} for key in keys]}]}}
    assert found.errors is None


async def test_asks_ordering_once_for_the_solutions_of_all_parents(world: World) -> None:
    event = world.maintenance.event_shelf.records["acme", "M1"]
    await world.maintenance.save_events([replace(event, id=MaintenanceEventId("M2"))])
    context = asked_by(None, covering(MAINTENANCE=State.ALL), world)

    await ask(context, "{ maintenanceEvents { nodes { solutions { id } } } }")

    assert world.calls == ["maintenance.events_by_customer 1", "ordering.solutions 4"]
