"""Whole queries have the same answers where tickets, components and maintenance are behind TM Forum's APIs.

Solutions, service points, locations and bills stay in the store; what joins them is looked up there.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import pytest

from loaders.operation import Systems
from servicespace.upstreams.placement import SystemsPlacement
from sources.inventory.tmf import TmfInventory
from sources.maintenance import MaintenanceEventRecord
from sources.maintenance.tmf import TmfMaintenance
from sources.ticketing.tmf import TmfTicketing
from sources.tmf.settings import ThingSettings, Version
from tests.operations.test_operations import FOLDER, cases, query
from tests.populace import populated
from tests.tmf.calls import calling
from tests.tmf.changes import Named, change_json
from tests.tmf.resources import resource_json
from tests.tmf.server import TmfServer, serving
from tests.tmf.ticketing import parties
from tests.tmf.tickets import ticket_json
from tests.world import World

NOT_HERE: Final = frozenset({"history"})
"""What TMF655 does not keep."""
EMPTY: Final[Any] = []


@dataclass
class Mixed(World):
    """The small world with systems of its own in front of the fakes."""

    others: Systems | None = None

    @property
    def systems(self) -> Systems:
        return self.others or super().systems


def named(event: MaintenanceEventRecord) -> list[Named]:
    """Give what an event impacts; off the network it is what inventory shows to nobody."""
    if event.on_network:
        return [("PhysicalResource", str(each.component), each.level) for each in event.touches]
    hidden = event.id.replace("O-", "") + "-X1"
    return [("PhysicalResource", hidden, event.level)]


async def sent(world: World, version: Version) -> TmfServer:
    """Give a server with what *world* has."""
    server = TmfServer()
    server.things["resource"] = [
        resource_json(each, version, each.service_point, *await parties(each.customer))
        for each in world.inventory.component_shelf.records.values()
    ]
    server.things["changeRequest"] = [
        change_json(each, named(each), version, *await parties(each.customer))
        for each in world.maintenance.event_shelf.records.values()
    ]
    notes = world.ticketing.note_shelf.records.values()
    server.things["troubleTicket"] = [
        ticket_json(
            each, [one for one in notes if one.ticket == each.id], version, *await parties(each.customer)
        )
        for each in world.ticketing.ticket_shelf.records.values()
    ]
    return server


@asynccontextmanager
async def mixed(version: Version) -> AsyncGenerator[tuple[Mixed, TmfServer]]:
    """Give the small world with three systems behind a server."""
    fakes = await populated()
    world = Mixed(fakes.ordering, fakes.billing, fakes.ticketing, fakes.inventory, fakes.maintenance)
    server = await sent(world, version)
    settings = ThingSettings(version=version)
    placement = SystemsPlacement(lambda: world.systems)
    async with serving(server), calling(server.url) as api:
        world.others = Systems(
            ordering=world.ordering,
            billing=world.billing,
            ticketing=TmfTicketing(api, settings, parties, placement),
            inventory=TmfInventory(api, settings, parties, placement),
            maintenance=TmfMaintenance(api, settings, parties, placement),
        )
        yield world, server


def without(answer: Any, names: frozenset[str]) -> Any:  # noqa: ANN401 - JSON
    """Give *answer* with empty lists under *names*."""
    if isinstance(answer, dict):
        things = cast("dict[str, Any]", answer)
        return {key: without(each, names) if key not in names else EMPTY for key, each in things.items()}
    if isinstance(answer, list):
        several: list[Any] = [*answer]
        return [without(each, names) for each in several]
    return answer


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(("name", "persona"), cases())
async def test_gives_the_recorded_answer(name: str, persona: str, version: Version) -> None:
    recorded = json.loads((FOLDER / f"{name}.{persona}.json").read_text())

    async with mixed(version) as (world, _):
        answer = await world.ask(persona, query(name))

    assert answer == without(recorded, NOT_HERE)


async def test_the_dashboard_costs_four_calls_to_three_systems() -> None:
    async with mixed(Version.V4) as (world, server):
        await world.ask("acme-admin", query("dashboard"))

        asked = sorted(each.partition("=")[0] for each in server.queries)

    assert asked == [
        "/changeRequest?relatedParty.id",
        "/resource?id",  # where maintenance is
        "/resource?relatedParty.id",
        "/troubleTicket?relatedParty.id",
    ]
