"""What is kept for a moment: for how long, and what is forgotten."""

import asyncio

from servicespace.recent import NET, Recent
from tests.servicespace.test_snapshots import Clock


class Found:
    """Finds a new value each time it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, key: str) -> int:
        self.asked.append(key)
        await asyncio.sleep(0)
        return len(self.asked)


async def test_keeps_a_value_no_longer_than_its_seconds_while_nobody_tells_of_changes() -> None:
    clock, found = Clock(), Found()
    recent = Recent(found, 1.0, clock=clock)

    assert await recent.of("a") == 1
    clock.now = 1.0
    assert await recent.of("a") == 1
    clock.now = 1.1
    assert await recent.of("a") == 2


async def test_keeps_a_value_as_long_as_the_net_while_it_is_trusted() -> None:
    clock, found = Clock(), Found()
    recent = Recent(found, 1.0, clock=clock)
    recent.trust_until(3.0)

    await recent.of("a")
    clock.now = 2.9
    assert await recent.of("a") == 1
    clock.now = 3.0
    assert await recent.of("a") == 2
    recent.trust_until(100.0)
    clock.now = 3.0 + NET
    assert await recent.of("a") == 2
    clock.now += 0.1
    assert await recent.of("a") == 3


async def test_forgets_what_it_is_told_to_and_nothing_else() -> None:
    found = Found()
    recent = Recent(found, 1.0, clock=Clock())
    assert [await recent.of("a"), await recent.of("b")] == [1, 2]

    recent.forget("a")
    recent.forget("c")

    assert [await recent.of("a"), await recent.of("b")] == [3, 2]
    recent.forget_all()
    assert [await recent.of("a"), await recent.of("b")] == [4, 5]


async def test_does_not_keep_what_was_being_found_when_it_changed() -> None:
    found = Found()
    recent = Recent(found, 1.0, clock=Clock())
    asked = asyncio.create_task(recent.of("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert found.asked == ["a"]

    recent.forget("a")

    assert await recent.of("a") == 2
    assert await asked in {1, 2}
    assert await recent.of("a") == 2
