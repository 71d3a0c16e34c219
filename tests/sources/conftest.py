"""The databases on which the embedded systems keep their contract."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import uuid4

import pytest

from loaders.operation import Systems
from servicespace.store import Connection, StoreSettings, open_store
from sources.billing.sql import SqlBilling
from sources.inventory.sql import SqlInventory
from sources.keys import CustomerCode
from sources.maintenance.sql import SqlMaintenance
from sources.ordering.sql import SqlOrdering
from sources.scope import ALL, Scope
from sources.sql import Database
from sources.ticketing.sql import SqlTicketing
from tests.sources.methods import pour, whole_world


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> StoreSettings:
    """Give a SQLite file for this run; its first user migrates it."""
    return StoreSettings(file=str(tmp_path_factory.mktemp("sqlite") / "store.db"))


EMBEDDED: Final = ("fake", "sqlite", "postgres")


@pytest.fixture(params=EMBEDDED)
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind a system; a suite that runs over TM Forum's APIs as well has its own."""
    return str(request.param)


@pytest.fixture
async def connection(kept_by: str, request: pytest.FixtureRequest) -> AsyncGenerator[Connection | None]:
    """Give the database under a system, or None where there is none."""
    if kept_by not in {"sqlite", "postgres"}:
        yield None
        return
    settings: StoreSettings = request.getfixturevalue(kept_by)
    async with open_store(settings) as opened:
        yield opened


@pytest.fixture
def customer() -> CustomerCode:
    """Give a customer that no other test uses."""
    return CustomerCode(f"c-{uuid4().hex[:12]}")


@pytest.fixture
def everything(customer: CustomerCode) -> Scope:
    """Give the scope of a User who sees all of the customer."""
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)


@pytest.fixture
async def systems(connection: Connection | None) -> Systems:
    """Give all systems with the small world in them."""
    world = await whole_world()
    if connection is None:
        return world.systems
    found = Systems(
        ordering=SqlOrdering(Database(connection, "ordering")),
        billing=SqlBilling(Database(connection, "billing")),
        ticketing=SqlTicketing(Database(connection, "ticketing")),
        inventory=SqlInventory(Database(connection, "inventory")),
        maintenance=SqlMaintenance(Database(connection, "maintenance")),
    )
    await pour(world, found)
    return found
