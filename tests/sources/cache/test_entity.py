"""The entity cache, over each shelf: what it asks its system, what stands in, and whose it never gives."""

import asyncio
import gc
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from sources.cache import Tenant
from sources.cache.entity import EntityCache
from sources.cache.freshness import collected, only_fresh
from sources.cache.shelf import Shelf
from sources.errors import SourceRefusedError, SourceTimeoutError, SourceUnavailableError
from sources.keys import CustomerCode
from tests.sources.cache.kept import ACME, LINES, OF_CUSTOMER, OTHER, SETTINGS, TICKETS, Clock, Kept


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


async def test_what_is_not_known_any_longer_is_not_given_as_an_old_value(shelf: Shelf, clock: Clock) -> None:
    collected()
    kept = Kept(shelf, clock, replace(SETTINGS, unknown_seconds=0.0))
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.upstream.rows.clear()
    clock.now += 10
    assert await kept.ask("T1") == {}
    kept.upstream.error = SourceUnavailableError("ticketing")

    with pytest.raises(SourceUnavailableError):
        await kept.ask("T1")


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


async def test_old_values_stand_in_for_a_system_that_fails_and_the_operation_is_told(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    freshness = collected()
    for key in ("T1", "T2"):
        kept.upstream.write(ACME, key)
        await kept.ask(key)
        kept.clock.now += 5
    kept.upstream.error = SourceUnavailableError("ticketing", "503")

    kept.clock.now += 10
    found = await kept.ask("T1", "T2")

    assert found == {"T1": 1, "T2": 1}
    assert freshness.as_of() == {"ticketing": datetime.fromtimestamp(1_000_000, UTC)}
    assert [each.message for each in caplog.records if each.levelno == logging.WARNING] == [
        "ticketing: 503; older values are given instead"
    ]


async def test_fresh_values_are_given_in_silence_while_the_system_fails(kept: Kept) -> None:
    freshness = collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.upstream.error = SourceUnavailableError("ticketing")

    assert await kept.ask("T1") == {"T1": 1}
    assert freshness.as_of() == {}


async def test_values_that_are_too_old_do_not_stand_in(kept: Kept) -> None:
    collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.upstream.error = SourceUnavailableError("ticketing")

    kept.clock.now += 39.9
    assert await kept.ask("T1") == {"T1": 1}
    kept.clock.now += 0.1
    with pytest.raises(SourceUnavailableError):
        await kept.ask("T1")


async def test_old_values_of_some_do_not_stand_in_for_all(kept: Kept) -> None:
    freshness = collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.clock.now += 20
    kept.upstream.error = SourceUnavailableError("ticketing")

    with pytest.raises(SourceUnavailableError):
        await kept.ask("T1", "T2")
    assert freshness.as_of() == {}


async def test_old_values_do_not_stand_in_for_a_refusal(kept: Kept) -> None:
    collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.clock.now += 20
    kept.upstream.error = SourceRefusedError("ticketing", "403")

    with pytest.raises(SourceRefusedError):
        await kept.ask("T1")


async def test_old_values_are_not_given_to_who_insists_on_fresh_ones(kept: Kept) -> None:
    collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    kept.clock.now += 20
    kept.upstream.error = SourceUnavailableError("ticketing")

    with only_fresh(), pytest.raises(SourceUnavailableError):
        await kept.ask("T1")


async def test_old_values_are_not_given_where_they_were_forgotten(kept: Kept) -> None:
    collected()
    kept.upstream.write(ACME, "T1")
    await kept.ask("T1")
    await kept.cache.forget("ticketing", "troubleTicket")
    kept.upstream.error = SourceUnavailableError("ticketing")

    with pytest.raises(SourceUnavailableError):
        await kept.ask("T1")


async def test_a_value_from_the_future_is_not_believed(kept: Kept) -> None:
    kept.upstream.write(ACME, "T1", 1)
    await kept.ask("T1")
    kept.upstream.write(ACME, "T1", 2)

    kept.clock.now -= 60

    assert await kept.ask("T1") == {"T1": 2}


async def told_of(kept: Kept, *keys: str) -> Mapping[str, datetime]:
    """Give what an operation of its own is told when it asks for *keys*."""
    freshness = collected()
    await kept.ask(*keys)
    return freshness.as_of()


async def test_each_operation_is_told_of_what_it_was_given_itself(kept: Kept) -> None:
    for key in ("T1", "T2"):
        kept.upstream.write(ACME, key)
    await kept.ask("T1")
    kept.clock.now += 20
    await kept.ask("T2")
    kept.upstream.error = SourceUnavailableError("ticketing")

    told = await asyncio.gather(*(told_of(kept, *keys) for keys in (["T1"], ["T1", "T2"], ["T2"], [])))

    old = {"ticketing": datetime.fromtimestamp(1_000_000, UTC)}
    assert told == [old, old, {}, {}]


async def test_what_is_made_of_something_old_is_told_to_all_who_share_it_and_not_kept(kept: Kept) -> None:
    kept.upstream.write(ACME, "T1")
    kept.upstream.gate.clear()
    kept.upstream.made_of = ("inventory", 999_000.0)

    telling = [asyncio.create_task(told_of(kept, "T1")) for _ in range(2)]
    await kept.shelf.until_looked(2)
    kept.upstream.gate.set()
    told = await asyncio.gather(*telling)
    kept.upstream.made_of = None

    assert told == [{"inventory": datetime.fromtimestamp(999_000, UTC)}] * 2
    assert await told_of(kept, "T1") == {}
    assert kept.upstream.asked == [("T1",), ("T1",)]


async def test_who_insists_on_what_is_fresh_shares_no_read_that_may_be_made_of_something_old(
    kept: Kept,
) -> None:
    kept.upstream.write(ACME, "T1")
    kept.upstream.gate.clear()

    first, second = asyncio.create_task(told_of(kept, "T1")), asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(2)
    kept.upstream.gate.set()
    await asyncio.gather(first, second)

    assert kept.upstream.asked == [("T1",), ("T1",)]


async def test_what_is_being_read_at_the_end_is_given_up(kept: Kept) -> None:
    kept.upstream.gate.clear()
    asking = asyncio.create_task(kept.ask("T1"))
    await kept.shelf.until_looked(1)
    await asyncio.sleep(0)

    assert isinstance(kept.cache, EntityCache)
    await kept.cache.close()

    with pytest.raises(SourceUnavailableError, match="given up"):
        await asking
