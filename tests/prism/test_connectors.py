"""Every connector against Prism, which serves the official specifications and ignores what it is asked by."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from sources.http import Api
from sources.tmf.settings import Strategy, ThingSettings
from sources.tmf.settings import Version as Spoken
from tests.prism.answers import Several, ids_of
from tests.prism.server import prism
from tests.prism.specification import Rows, Version, specification, with_rows
from tests.sources.methods import every_key, shelves, whole_world
from tests.tmf.billing import SavedBilling
from tests.tmf.calls import calling
from tests.tmf.inventory import SavedInventory
from tests.tmf.maintenance import SavedMaintenance
from tests.tmf.ordering import SavedOrdering
from tests.tmf.server import TmfServer, serving
from tests.tmf.ticketing import SavedTicketing
from tests.world import World

APIS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ordering": {"TMF637": ("product",), "TMF620": ("productOffering",)},
    "billing": {"TMF678": ("customerBill", "appliedCustomerBillingRate"), "TMF666": ("billingAccount",)},
    "ticketing": {"TMF621": ("troubleTicket",)},
    "inventory": {"TMF639": ("resource",)},
    "maintenance": {"TMF655": ("changeRequest",)},
}
"""The APIs of each system, with the collections that each has."""

CONNECTED: Final[Mapping[str, Callable[[Api, TmfServer, ThingSettings], Any]]] = {
    "ordering": SavedOrdering,
    "billing": SavedBilling,
    "ticketing": SavedTicketing,
    "inventory": SavedInventory,
    "maintenance": SavedMaintenance,
}

ONE_BY_ONE: Final = frozenset({"lines"})
"""What no list has: Prism gives the same one for every id."""

SLOW: Final = 60.0
"""How long Prism may take to answer: it holds large examples against recursive specifications."""

CASES: Final = [
    (system, version)
    for system in APIS
    for version in Spoken
    if (system, version) != ("maintenance", Spoken.V5)  # there is no such specification
]


@asynccontextmanager
async def served(
    program: Path, system: str, version: Version, folder: Path, rows: Rows | None
) -> AsyncGenerator[Mapping[str, str]]:
    """Serve the specifications of *system*, with *rows* where some are given; give where collections are."""
    addresses: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        for api, collections in APIS[system].items():
            official = specification(api, version)
            if rows is not None:
                official = with_rows(official, {each: rows[each] for each in collections})
            address = stack.enter_context(prism(program, official, folder))
            addresses |= dict.fromkeys(collections, address)
        yield addresses


@asynccontextmanager
async def connected(
    system: str, addresses: Mapping[str, str], settings: ThingSettings
) -> AsyncGenerator[tuple[Any, TmfServer]]:
    """Give the connector of *system* over *addresses*, and what it would be served by another server."""
    async with AsyncExitStack() as stack:
        apis = {
            each: await stack.enter_async_context(calling(address, system, SLOW))
            for each, address in addresses.items()
        }
        server = TmfServer()
        yield CONNECTED[system](Several(apis), server, settings), server


async def fill(world: World, system: str, connector: object) -> None:
    """Have *connector* know what is in *world*: what TM Forum's API does not say, it looks up there."""
    for name, shelf in shelves(world, system).items():
        saves = {"account_shelf": "billing_accounts"}.get(name, f"{name.removesuffix('_shelf')}s")
        save = getattr(connector, f"save_{saves}", None)
        if save is not None:  # else it is a part of what is saved
            await save(shelf.records.values())


@pytest.mark.parametrize(("system", "version"), CASES)
async def test_says_of_our_rows_what_a_system_that_heeds_its_questions_says(
    program: Path, tmp_path: Path, system: str, version: Spoken
) -> None:
    world = await whole_world()
    heeding = ThingSettings(version=version)
    deaf = ThingSettings(version=version, strategy=Strategy.LIST)
    async with serving(TmfServer()) as server, calling(server.url, system) as api:
        heard = CONNECTED[system](api, server, heeding)
        await fill(world, system, heard)
        expected = await ids_of(heard, system, every_key(world), ONE_BY_ONE)
    async with (
        served(program, system, version.value, tmp_path, server.things) as addresses,
        connected(system, addresses, deaf) as (connector, _),
    ):
        await fill(world, system, connector)

        found = await ids_of(connector, system, every_key(world), ONE_BY_ONE)

        assert found == expected
        assert sum(len(rows) for of in found.values() for rows in of.values())


@pytest.mark.parametrize(("system", "version"), CASES)
async def test_the_official_examples_break_nothing(
    program: Path, tmp_path: Path, system: str, version: Spoken
) -> None:
    world = await whole_world()
    async with served(program, system, version.value, tmp_path, None) as addresses:
        for strategy in Strategy:
            settings = ThingSettings(version=version, strategy=strategy)
            async with connected(system, addresses, settings) as (connector, _):
                await fill(world, system, connector)

                await ids_of(connector, system, {*every_key(world), "string", "1"})
