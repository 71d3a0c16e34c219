"""Old values stand in for a system that fails, over each shelf, and whoever is given them is told."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from sources.cache.freshness import collected, only_fresh
from sources.cache.shelf import Shelf
from sources.errors import SourceRefusedError, SourceUnavailableError
from tests.sources.cache.kept import ACME, SETTINGS, Clock, Kept


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
