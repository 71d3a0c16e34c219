"""The entity cache, over each shelf: what it asks its system, what stands in, and whose it never gives."""

import asyncio
import gc

import pytest

from sources.cache import Tenant
from sources.cache.entity import EntityCache
from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.keys import CustomerCode
from tests.sources.cache.kept import ACME, LINES, OF_CUSTOMER, OTHER, TICKETS, Kept


async def test_asks_the_system_for_what_is_not_kept_only(kept: Kept) -> None:
    kept.upstream.write(ACME, "T1")
    kept.upstream.write(ACME, "T2", 2)

    first = await kept.ask("T1")
    second = await kept.ask("T1", "T2", "T1")

    assert (first, second) == ({"T1": 1}, {"T1": 1, "T2": 2})
    assert kept.upstream.asked == [("T1",), ("T2",)]


async def test_asks_nothing_for_no_keys(kept: Kept) -> None:
    assert await kept.ask() == {}
    assert kept.upstream.asked == []


async def test_keeps_a_value_for_its_seconds_and_no_longer(kept: Kept) -> None:
    kept.upstream.write(ACME, "T1", 1)
    await kept.ask("T1")
    kept.upstream.write(ACME, "T1", 2)

    kept.clock.now += 9.9
    before = await kept.ask("T1")
    kept.clock.now += 0.1
    after = await kept.ask("T1")

    assert (before, after) == ({"T1": 1}, {"T1": 2})


async def test_keeps_for_a_moment_that_a_key_is_unknown(kept: Kept) -> None:
    await kept.ask("T1")
    kept.upstream.write(ACME, "T1")

    kept.clock.now += 4.9
    before = await kept.ask("T1")
    kept.clock.now += 0.1
    after = await kept.ask("T1")

    assert (before, after) == ({}, {"T1": 1})


async def test_keeps_a_list_that_is_empty_as_long_as_any(kept: Kept) -> None:
    kept.upstream.rows[ACME, "acme"] = ()

    first = await kept.ask("acme", kind=OF_CUSTOMER)
    kept.clock.now += 9
    second = await kept.ask("acme", kind=OF_CUSTOMER)

    assert (first, second) == ({"acme": 0}, {"acme": 0})
    assert kept.upstream.asked == [("acme",)]


@pytest.mark.parametrize("thing", ["product", "neverNamed"])
async def test_does_not_keep_what_has_no_time_to_live(kept: Kept, thing: str) -> None:
    kind = TICKETS.__class__("ticketing", thing, TICKETS.rows)
    kept.upstream.write(ACME, "T1")

    await kept.ask("T1", kind=kind)
    await kept.ask("T1", kind=kind)

    assert kept.upstream.asked == [("T1",), ("T1",)]


@pytest.mark.parametrize(
    "tenant",
    [
        OTHER,
        Tenant(OTHER.customer, ACME.parties),
        Tenant(ACME.customer, OTHER.parties),
        Tenant(CustomerCode("acmeP-1"), frozenset({"P-2"})),
        Tenant(ACME.customer, frozenset({"P-1P-2"})),
    ],
    ids=["another", "same parties", "called otherwise", "run together", "parties run together"],
)
async def test_gives_nothing_that_was_kept_for_another_tenant(kept: Kept, tenant: Tenant) -> None:
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")

    found = await kept.ask("T1", tenant=tenant)

    assert found == {}
    assert kept.upstream.asked == [("T1",), ("T1",)]


async def test_keeps_apart_what_is_asked_by_other_keys(kept: Kept) -> None:
    kept.upstream.write(ACME, "acme")
    await kept.ask("acme")
    kept.upstream.write(ACME, "acme", 2)

    assert await kept.ask("acme", kind=OF_CUSTOMER) == {"acme": 2}


@pytest.mark.parametrize("key", ["a" * 100_000, "a:b\0c", "é\ud800", "", "*", "\r\nFLUSHALL\r\n"])
async def test_a_hostile_key_is_a_key(kept: Kept, key: str) -> None:
    kept.upstream.rows[ACME, key] = kept.upstream.write(ACME, "T1")

    assert [await kept.ask(key), await kept.ask(key)] == [{key: 1}, {key: 1}]
    assert kept.upstream.asked == [(key,)]


async def test_who_asks_for_the_same_at_once_shares_one_read(kept: Kept) -> None:
    kept.upstream.gate.clear()
    for key in ("T1", "T2", "T3"):
        kept.upstream.write(ACME, key)

    asking = [asyncio.create_task(kept.ask(*keys)) for keys in (("T1", "T2"), ("T2", "T3"), ("T1", "T3"))]
    await kept.shelf.until_looked(3)
    kept.upstream.gate.set()

    assert await asyncio.gather(*asking) == [{"T1": 1, "T2": 1}, {"T2": 1, "T3": 1}, {"T1": 1, "T3": 1}]
    assert kept.upstream.asked == [("T1", "T2"), ("T3",)]


async def test_who_is_cancelled_takes_nobody_with_it_and_what_was_read_is_kept(kept: Kept) -> None:
    kept.upstream.gate.clear()
    kept.upstream.write(ACME, "T1")
    first, second = asyncio.create_task(kept.ask("T1")), asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(2)

    first.cancel()
    await asyncio.wait([first])
    kept.upstream.gate.set()

    assert await second == {"T1": 1}
    assert await kept.ask("T1") == {"T1": 1}
    assert first.cancelled()
    assert kept.upstream.asked == [("T1",)]


async def test_a_failed_read_is_raised_to_its_askers_and_not_kept(kept: Kept) -> None:
    kept.upstream.gate.clear()
    kept.upstream.error = SourceTimeoutError("ticketing")
    asking = [asyncio.create_task(kept.ask("T1")) for _ in range(3)]
    await kept.shelf.until_looked(3)
    kept.upstream.gate.set()
    found = await asyncio.gather(*asking, return_exceptions=True)

    kept.upstream.error = None
    kept.upstream.write(ACME, "T1")

    assert [type(each) for each in found] == [SourceTimeoutError] * 3
    assert await kept.ask("T1") == {"T1": 1}
    assert kept.upstream.asked == [("T1",), ("T1",)]


async def test_a_failure_that_nobody_waits_for_any_longer_is_quiet(kept: Kept) -> None:
    kept.upstream.gate.clear()
    kept.upstream.error = SourceTimeoutError("ticketing")
    asking = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(1)

    asking.cancel()
    kept.upstream.gate.set()
    await asyncio.wait([asking])

    assert asking.cancelled()


async def test_so_is_one_that_nobody_began_to_wait_for(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    kept.upstream.gate.clear()
    kept.upstream.error = SourceTimeoutError("ticketing")
    first = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(1)
    second = asyncio.create_task(kept.ask("T1", "T2"))  # waits for T1 first
    await kept.shelf.until_looked(2)
    await asyncio.sleep(0)

    second.cancel()
    kept.upstream.gate.set()
    await asyncio.wait([first, second])
    await asyncio.sleep(0)
    gc.collect()

    assert isinstance(first.exception(), SourceTimeoutError)
    assert kept.upstream.asked == [("T1",), ("T2",)]
    assert "never retrieved" not in caplog.text


async def test_what_is_forgotten_is_asked_for_anew(kept: Kept) -> None:
    for tenant in (ACME, OTHER):
        kept.upstream.write(tenant, "T1", 1)
        await kept.ask("T1", tenant=tenant)
        kept.upstream.write(tenant, "T1", 2)

    assert await kept.cache.forget("billing", "troubleTicket")
    assert await kept.cache.forget("ticketing", "customerBill")
    assert await kept.cache.forget("ticketing", "troubleTicket", ACME.customer)

    assert await kept.ask("T1") == {"T1": 2}
    assert await kept.ask("T1", tenant=OTHER) == {"T1": 1}
    assert await kept.cache.forget("ticketing", "troubleTicket")
    assert await kept.ask("T1", tenant=OTHER) == {"T1": 2}


async def test_what_hangs_on_a_thing_is_forgotten_with_it(kept: Kept) -> None:
    kept.upstream.write(ACME, "L1", 1)
    await kept.ask("L1", kind=LINES)
    kept.upstream.write(ACME, "L1", 2)

    await kept.cache.forget("billing", "customerBill", ACME.customer)

    assert await kept.ask("L1", kind=LINES) == {"L1": 2}


async def test_a_read_that_began_before_something_was_forgotten_is_neither_shared_nor_kept(
    kept: Kept,
) -> None:
    kept.upstream.gate.clear()
    kept.upstream.write(ACME, "T1", 1)
    before = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(1)
    await asyncio.sleep(0)

    kept.upstream.write(ACME, "T1", 2)
    await kept.cache.forget("ticketing", "troubleTicket", ACME.customer)
    after = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(2)
    kept.upstream.gate.set()

    assert (await before, await after) == ({"T1": 1}, {"T1": 2})
    assert await kept.ask("T1") == {"T1": 2}


async def test_a_value_from_the_future_is_not_believed(kept: Kept) -> None:
    kept.upstream.write(ACME, "T1", 1)
    await kept.ask("T1")
    kept.upstream.write(ACME, "T1", 2)

    kept.clock.now -= 60

    assert await kept.ask("T1") == {"T1": 2}


async def test_what_is_being_read_at_the_end_is_given_up(kept: Kept) -> None:
    kept.upstream.gate.clear()
    asking = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(1)
    await asyncio.sleep(0)

    assert isinstance(kept.cache, EntityCache)
    await kept.cache.close()

    with pytest.raises(SourceUnavailableError, match="given up"):
        await asking
