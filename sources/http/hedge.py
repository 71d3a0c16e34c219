"""A read that takes longer than usual is asked a second time, and the first answer counts."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

from sources.errors import SourceError
from sources.http import Answer

Ask: TypeAlias = Callable[[], Coroutine[Any, Any, Answer]]

LATEST: Final = 100
"""How many answers are looked back upon."""
ENOUGH: Final = 20
"""How many must be known: of fewer, nobody knows what is usual."""
USUAL: Final = 0.95


class Latencies:
    """How long the latest answers took."""

    def __init__(self) -> None:
        """Begin with none."""
        self._seconds: deque[float] = deque(maxlen=LATEST)

    def add(self, seconds: float) -> None:
        """Take down one more."""
        self._seconds.append(seconds)

    @property
    def usual(self) -> float | None:
        """How many seconds 95 % of them stayed below, None where too few are known."""
        if len(self._seconds) < ENOUGH:
            return None
        return sorted(self._seconds)[int(USUAL * len(self._seconds))]


async def hedged(ask: Ask, seconds: float, may: Callable[[], bool]) -> Answer:
    """Give the first answer of *ask*, begun again after *seconds* if it then *may*; the other is cancelled.

    Where one fails the other is waited for; where both do, the error of the first to fail is raised.
    """
    tasks = [asyncio.create_task(ask())]
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds)
        if not done and may():
            tasks.append(asyncio.create_task(ask()))
        failures: list[SourceError] = []
        for each in asyncio.as_completed(tasks):
            try:
                return await each
            except SourceError as error:
                failures.append(error)
        raise failures[0]
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
