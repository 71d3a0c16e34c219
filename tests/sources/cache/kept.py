"""What the tests of the entity cache keep, and the system that it comes from."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

import msgspec

from sources.cache import Cache, Kind, Tenant
from sources.cache.entity import EntityCache
from sources.cache.settings import CacheSettings
from sources.cache.shelf import Looked, Shelf
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)


class Row(msgspec.Struct, frozen=True):
    """A row with what rows have: an id, whose it is, a time, an amount, and how often it was changed."""

    id: str
    customer: str
    change: int
    at: datetime = datetime(2026, 11, 23, 14, tzinfo=UTC)
    amount: Decimal = Decimal("12.50")


TICKETS = Kind("ticketing", "troubleTicket", Row)
OF_CUSTOMER = Kind("ticketing", "troubleTicket", Row, by="customer")
LINES = Kind("billing", "appliedCustomerBillingRate", Row, also=("customerBill",))
ACME = Tenant(CustomerCode("acme"), frozenset({"P-1", "P-2"}))
OTHER = Tenant(CustomerCode("other"), frozenset({"P-3"}))

SETTINGS = CacheSettings(
    seconds={"troubleTicket": 10, "appliedCustomerBillingRate": 100, "agreement": 0},
    stale_seconds=30,
    unknown_seconds=5,
)


class Clock:
    """Time that a test sets, in seconds since 1970."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Upstream:
    """A system that knows rows, writes down what it is asked, and waits and fails when it is told to."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Tenant, str], tuple[Row, ...]] = {}
        self.asked: list[tuple[str, ...]] = []
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    def write(self, tenant: Tenant, key: str, change: int = 1) -> tuple[Row, ...]:
        """Have a row, and give what its key is worth."""
        self.rows[tenant, key] = found = (Row(key, tenant.customer, change),)
        return found

    async def fetch(self, tenant: Tenant, keys: Sequence[str]) -> Mapping[str, tuple[Row, ...]]:
        """Give what is known of *keys* now, as soon as the gate opens."""
        self.asked.append(tuple(keys))
        known = {key: self.rows[tenant, key] for key in keys if (tenant, key) in self.rows}
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return known


class Watched:
    """A shelf that counts how often it was looked at."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._looks = 0
        self._came = asyncio.Event()
        self.lay = shelf.lay
        self.forget = shelf.forget

    async def look(self, kind: Kind[S], tenant: Tenant, keys: Collection[str]) -> Looked[S]:
        """Look, and count it."""
        found = await self._shelf.look(kind, tenant, keys)
        self._looks += 1
        self._came.set()
        return found

    async def until_looked(self, times: int) -> None:
        """Wait until this was looked at that often: who did so shares a read, or has begun one."""
        async with asyncio.timeout(10):
            while self._looks < times:
                self._came.clear()
                await self._came.wait()


class Kept:
    """An entity cache, the clock that it goes by, and the system behind it."""

    def __init__(self, shelf: Shelf, clock: Clock, settings: CacheSettings = SETTINGS) -> None:
        self.clock = clock
        self.upstream = Upstream()
        self.shelf = Watched(shelf)
        self.cache: Cache = EntityCache(self.shelf, settings, clock)

    async def ask(self, *keys: str, tenant: Tenant = ACME, kind: Kind[Row] = TICKETS) -> Mapping[str, int]:
        """Give how often the rows of *keys* were changed, without what is unknown."""
        found = await self.cache.found(kind, tenant, keys, partial(self.upstream.fetch, tenant))
        return {key: sum(each.change for each in rows) for key, rows in found.items()}
