"""Wakes those who look for changes, before it is time to look again."""

import asyncio
from contextlib import suppress


class Bell:
    """Rung by whoever hears of a change; what is rung while somebody looks is not lost."""

    def __init__(self) -> None:
        """Start unrung."""
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self.rings += 1
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait(self, heard: int, seconds: float) -> None:
        """Wait until more than *heard* rings were rung, at most *seconds*."""
        if self.rings == heard:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._next.wait(), seconds)
