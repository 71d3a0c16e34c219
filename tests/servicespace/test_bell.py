"""Being woken before it is time to look."""

import asyncio
from time import perf_counter

from servicespace.bell import Bell


async def test_wakes_everybody_who_waits() -> None:
    bell = Bell()
    waiting = [asyncio.create_task(bell.wait(bell.rings, 60)) for _ in range(3)]
    await asyncio.sleep(0)

    bell.ring()

    await asyncio.wait_for(asyncio.gather(*waiting), 1)


async def test_a_ring_while_nobody_waited_is_not_lost() -> None:
    bell = Bell()
    heard = bell.rings
    bell.ring()

    await asyncio.wait_for(bell.wait(heard, 60), 1)


async def test_waits_no_longer_than_it_was_told() -> None:
    bell, began = Bell(), perf_counter()

    await bell.wait(bell.rings, 0.05)

    assert 0.04 < perf_counter() - began < 1


async def test_an_old_ring_wakes_nobody() -> None:
    bell = Bell()
    bell.ring()
    waiting = asyncio.create_task(bell.wait(bell.rings, 60))

    done, _ = await asyncio.wait([waiting], timeout=0.05)

    assert not done
    waiting.cancel()
