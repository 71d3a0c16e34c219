"""What a replica forgets, and for how long it believes the rest."""

import logging

import pytest

from servicespace.follower import TRUST, Follower
from sources.changes import Changes
from sources.errors import SourceUnavailableError
from tests.servicespace.test_snapshots import Clock


class Kept:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def forget(self, key: str) -> None:
        self.told.append(key)

    def forget_all(self) -> None:
        self.told.append(all)

    def trust_until(self, moment: float) -> None:
        self.told.append(moment)


class Store:
    """A store whose changes a test makes."""

    def __init__(self) -> None:
        self.made: list[str] = ["before"]
        self.failing = False

    async def changes(self, after: int | None) -> Changes:
        if self.failing:
            raise SourceUnavailableError("ordering")
        return Changes(len(self.made), [] if after is None else self.made[after:])


async def test_forgets_what_changed_and_trusts_the_rest() -> None:
    store, kept, clock = Store(), Kept(), Clock()
    follower = Follower(store.changes, kept, clock=clock)

    await follower.look()
    clock.now = 1.0
    await follower.look()
    store.made += ["acme", "baker"]
    clock.now = 2.0
    await follower.look()

    assert kept.told == [all, TRUST, 1.0 + TRUST, "acme", "baker", 2.0 + TRUST]


async def test_trusts_nothing_while_it_cannot_look_and_misses_nothing_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, kept, clock = Store(), Kept(), Clock()
    follower = Follower(store.changes, kept, clock=clock)
    await follower.look()
    kept.told.clear()

    store.failing = True
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with pytest.raises(SourceUnavailableError):
                await follower.look()
    store.made.append("acme")
    store.failing = False
    await follower.look()

    assert kept.told == ["acme", TRUST]
    assert [each.message for each in caplog.records] == [
        "changes cannot be followed: SourceUnavailableError('ordering')"
    ]
