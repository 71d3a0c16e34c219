"""What is kept in this process is bounded."""

import gc
import tracemalloc
from datetime import UTC, datetime

import msgspec
import pytest

from sources.cache import Tenant
from sources.cache.memory import MemoryShelf, weight
from sources.cache.shelf import Entry
from sources.keys import CustomerCode, TicketId
from sources.ticketing import (
    TicketKind,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from tests.sources.cache.kept import ACME, OTHER, TICKETS, Clock, Row


def entry(clock: Clock, *keys: str) -> dict[str, Entry[Row]]:
    return {key: Entry(clock.now, (Row(key, "acme", 1),)) for key in keys}


async def lay(
    shelf: MemoryShelf, clock: Clock, *keys: str, tenant: Tenant = ACME, seconds: float = 100
) -> None:
    stamp = (await shelf.look(TICKETS, tenant, keys)).stamp
    await shelf.lay(TICKETS, tenant, stamp, entry(clock, *keys), seconds)


async def there(shelf: MemoryShelf, *keys: str, tenant: Tenant = ACME) -> set[str]:
    return set((await shelf.look(TICKETS, tenant, keys)).entries)


async def test_those_go_that_nobody_asked_for_the_longest_time(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=3, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    await lay(shelf, clock, "a", "b", "c")

    await there(shelf, "a")
    await lay(shelf, clock, "d")

    assert await there(shelf, "a", "b", "c", "d") == {"a", "c", "d"}
    assert shelf.size[0] == 3


async def test_ids_that_nobody_knows_push_nothing_else_out(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=3, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    stamp = (await shelf.look(TICKETS, ACME, ())).stamp
    unknown: dict[str, Entry[Row]] = {f"?{i}": Entry(clock.now, None) for i in range(10)}

    await shelf.lay(TICKETS, ACME, stamp, {"?": Entry(clock.now, None)}, 5)
    await there(shelf, "?")
    await lay(shelf, clock, "a", "b")
    await shelf.lay(TICKETS, ACME, stamp, unknown, 5)
    await lay(shelf, clock, "c")

    assert await there(shelf, "a", "b", "c", "?", *unknown) == {"a", "b", "c"}


async def test_keeps_about_as_many_bytes_as_it_may(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10**6, most_bytes=100_000, most_value_bytes=10**6, clock=clock)

    for i in range(1_000):
        await lay(shelf, clock, f"T{i}", tenant=(ACME, OTHER)[i % 2])

    entries, size = shelf.size
    assert 90_000 < size <= 100_000
    assert entries == size // weight((Row("T999", "acme", 1),))


async def test_a_value_that_is_too_large_is_not_kept_and_what_was_there_goes(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10_000, clock=clock)
    await lay(shelf, clock, "a")
    large = {"a": Entry(clock.now, tuple(Row(str(i), "acme", 1) for i in range(1_000)))}

    await shelf.lay(TICKETS, ACME, (await shelf.look(TICKETS, ACME, ())).stamp, large, 100)

    assert await there(shelf, "a") == set()
    assert shelf.size == (0, 0)


async def test_nothing_is_there_for_longer_than_its_seconds(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    await lay(shelf, clock, "a", seconds=10)

    clock.now += 9
    before = await there(shelf, "a")
    clock.now += 1

    assert (before, await there(shelf, "a")) == ({"a"}, set())


async def test_what_was_read_before_something_was_forgotten_is_laid_over_nothing(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    before = (await shelf.look(TICKETS, ACME, ())).stamp
    await shelf.forget("ticketing", "troubleTicket", ACME.customer)
    await lay(shelf, clock, "a")

    await shelf.lay(TICKETS, ACME, before, entry(clock, "a"), 100)

    assert await there(shelf, "a") == {"a"}


async def test_customers_of_whom_nothing_is_there_take_no_room(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    await lay(shelf, clock, "a")

    tracemalloc.start()
    for i in range(3_000):
        await lay(shelf, clock, "a", tenant=Tenant(CustomerCode(f"C{i}"), frozenset({f"P{i}"})))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert shelf.size[0] == 10
    assert taken < 200_000


async def test_what_is_over_goes_when_something_new_comes(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    await lay(shelf, clock, "a", "b", seconds=10)

    clock.now += 10
    await lay(shelf, clock, "c")

    assert shelf.size == (1, weight((Row("c", "acme", 1),)))


async def test_a_notification_for_each_of_many_customers_takes_no_room_for_ever(clock: Clock) -> None:
    shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
    await lay(shelf, clock, "a")
    before = (await shelf.look(TICKETS, ACME, ())).stamp

    for i in range(10_001):
        await shelf.forget("ticketing", "troubleTicket", CustomerCode(f"C{i}"))
    await shelf.lay(TICKETS, ACME, before, entry(clock, "b"), 100)

    assert await there(shelf, "a", "b") == set()
    assert shelf.size == (0, 0)


def ticket(i: int) -> TicketRecord:
    """Make a ticket as long as they are."""
    return TicketRecord(
        customer=CustomerCode("acme"),
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


def test_the_size_of_a_value_is_about_what_it_takes() -> None:
    content = msgspec.msgpack.encode(tuple(ticket(i) for i in range(2_000)))
    gc.collect()

    tracemalloc.start()
    rows = msgspec.msgpack.decode(content, type=tuple[TicketRecord, ...])
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert weight(rows) == pytest.approx(taken, rel=0.25)


@pytest.mark.parametrize("rows", [None, ()])
def test_an_entry_without_rows_takes_room_too(rows: tuple[Row, ...] | None) -> None:
    assert weight(rows) == 500
