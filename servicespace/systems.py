"""The systems behind the schema: in the embedded store, or where the settings say."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple

from loaders.operation import Systems
from servicespace.recent import Recent
from servicespace.settings import Settings
from servicespace.store import Connection
from servicespace.upstreams.markets import Markets
from servicespace.upstreams.wiring import Known, Wires, open_markets
from sources.billing.sql import SqlBilling
from sources.cache import Cache, Uncached
from sources.inventory.sql import SqlInventory
from sources.maintenance.sql import SqlMaintenance
from sources.ordering.sql import SqlOrdering
from sources.parties.sql import SqlParties
from sources.sql import Database
from sources.ticketing.sql import SqlTicketing


class Opened(NamedTuple):
    """The systems of each market, and the *parties* that customers are in those that are not embedded."""

    markets: Markets
    parties: Known


def embedded(connection: Connection, settings: Settings) -> Systems:
    """Give the systems that live in the embedded store."""
    seconds = settings.source_seconds
    return Systems(
        ordering=SqlOrdering(Database(connection, "ordering", seconds)),
        billing=SqlBilling(Database(connection, "billing", seconds)),
        ticketing=SqlTicketing(Database(connection, "ticketing", seconds)),
        inventory=SqlInventory(Database(connection, "inventory", seconds)),
        maintenance=SqlMaintenance(Database(connection, "maintenance", seconds)),
    )


def parties_in(connection: Connection, settings: Settings) -> SqlParties:
    """Give who customers are in the systems that are not embedded."""
    return SqlParties(Database(connection, "parties", settings.source_seconds))


@asynccontextmanager
async def open_systems(
    connection: Connection, settings: Settings, cache: Cache | None = None
) -> AsyncGenerator[Opened]:
    """Give the systems of the settings, open until the end; what they say is kept in *cache*, if at all."""
    parties: Known = Recent(parties_in(connection, settings).of, settings.user_seconds)
    wires = Wires(embedded(connection, settings), parties, cache or Uncached())
    async with open_markets(wires, settings.upstream, settings.secrets) as markets:
        yield Opened(markets, parties)
