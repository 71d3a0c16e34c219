"""A store from before touches keeps what it knew of maintenance."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from servicespace.store import APPS, Connection, StoreSettings, open_store, run
from sources.keys import ComponentId, CustomerCode, LocationId, MaintenanceEventId, ServicePointId, SolutionId
from sources.listing import Page
from sources.maintenance import ImpactLevel, MaintenanceEventRecord, MaintenanceImpactRecord, NetworkSegment
from sources.maintenance.impact import touching
from sources.maintenance.sql import SqlMaintenance
from sources.scope import ALL, Scope
from sources.sql import Database
from sources.table import Saved
from tests.sources.notices import E1, E2, E3, NIGHT, event, impact, listing

ACME: Final = CustomerCode("acme")
ONLY: Final = {"maintenance": APPS["maintenance"]}
OLD_EVENT: Final = """
    INSERT INTO maintenance_event (
        customer, id, reference, sequence, kind, status, title, starts_at, ends_at, announced_at,
        level, on_network, solutions, locations, components, service_points
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
OLD_TABLES: Final = ("solution", "location", "component", "service_point")


@pytest.fixture(params=["sqlite", "postgres"])
async def before(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Connection]:
    """Give a store with maintenance as it first was."""
    settings = StoreSettings(file=str(tmp_path / "old.db"))
    if request.param == "postgres":
        server: StoreSettings = request.getfixturevalue("postgres")
        settings = replace(server, database=f"old_{uuid4().hex[:12]}")
        async with open_store(server) as connection:
            await run(connection, f"CREATE DATABASE {settings.database}")
    async with TortoiseContext() as context:
        await context.init(config={"connections": {"default": settings.connection()}, "apps": ONLY})
        connection = context.db()
        first = MigrationTarget("maintenance", "0001_initial")
        await MigrationExecutor(connection, ONLY).migrate([first])
        yield connection


IMPACTS: Final[list[MaintenanceImpactRecord]] = [
    impact(ACME, "I1", solution=SolutionId("S2"), location=LocationId("L1"), level=ImpactLevel.DEGRADED),
    impact(ACME, "I2", solution=SolutionId("S1"), component=ComponentId("C1"), level=ImpactLevel.NO_IMPACT),
    impact(ACME, "I3", solution=SolutionId("S1"), component=ComponentId("C1"), level=ImpactLevel.NO_IMPACT),
    impact(ACME, "I4", solution=SolutionId("S1"), component=ComponentId("c1"), level=ImpactLevel.OUTAGE),
    impact(ACME, "I5", service_point=ServicePointId("P1"), level=ImpactLevel.REDUCED_REDUNDANCY),
    impact(ACME, "I6", solution=SolutionId("S3"), segment=NetworkSegment.CPE),
    impact(ACME, "I7", event=E3, solution=SolutionId("S3"), segment=NetworkSegment.CPE),
]


def stored() -> dict[MaintenanceEventId, MaintenanceEventRecord]:
    """Give the events as they should come out: one with impacts, one without, one off the network."""
    rows = {key: replace(event(ACME, key), raw_status=None) for key in (E1, E2, E3)}
    return {key: touching(row, [each for each in IMPACTS if each.event == key]) for key, row in rows.items()}


async def fill(connection: Connection) -> None:
    """Write the events as they were once written, and their impacts."""
    database = Database(connection, "maintenance", 10)
    await SqlMaintenance(database).save_impacts(IMPACTS)
    for each in stored().values():
        keys = (each.solutions, each.locations, each.components, each.service_points)
        told = (each.reference, each.sequence, each.kind, each.status, each.title)
        times = (each.starts_at, each.ends_at, each.announced_at)
        row = (ACME, each.id, *told, *times, each.level, each.on_network, *keys)
        await database.write(OLD_EVENT, [row])
        for name, many in zip(OLD_TABLES, keys, strict=True):
            await database.write(
                f"INSERT INTO maintenance_event_{name} (customer, event, {name}, starts_at) "  # noqa: S608 - names are ours
                "VALUES (?, ?, ?, ?)",
                [(ACME, each.id, key, NIGHT) for key in many],
            )


async def test_makes_touches_of_the_impacts_that_are_stored(before: Connection) -> None:
    await fill(before)
    maintenance = SqlMaintenance(Database(before, "maintenance", 10))
    everything = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
    known = stored()
    page = Page([known[E1]], total=1)

    await MigrationExecutor(before, ONLY).migrate()

    assert await maintenance.known(ACME, known) == known
    assert await maintenance.events(everything, known) == {E1: known[E1], E2: known[E2]}
    assert await maintenance.events_by_component(everything, [ComponentId("C1")], listing()) == {"C1": page}
    assert await maintenance.events_by_solution(
        replace(everything, locations=frozenset({"L1"})), [SolutionId("S1"), SolutionId("S2")], listing()
    ) == {"S1": Page([], total=0), "S2": page}
    # What is saved anew finds its rows, and changes nothing.
    assert await maintenance.save_events(known.values()) == Saved(unchanged=3)
    moved = [replace(each, sequence=9) for each in known.values()]
    assert await maintenance.save_events(moved) == Saved(updated=3)
    assert await maintenance.events_by_component(everything, [ComponentId("C1")], listing()) == {
        "C1": Page([moved[0]], total=1)
    }
