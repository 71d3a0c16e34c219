"""A system that hangs holds up so many calls and no more."""

import asyncio
from types import TracebackType


class FullError(Exception):
    """All connections were in use for as long as a call may wait for one."""


class Bulkhead:
    """Lets so many calls of one API be under way at once; the others wait in turn, but not for long."""

    def __init__(self, connections: int, seconds: float) -> None:
        """Let *connections* in at once, and others wait for *seconds*."""
        self._seconds = seconds
        self._free = asyncio.Semaphore(connections)

    @property
    def is_full(self) -> bool:
        """Whether a call would have to wait."""
        return self._free.locked()

    async def __aenter__(self) -> None:
        """Take a connection; raises ``FullError`` where none becomes free in time."""
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise FullError from None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back."""
        self._free.release()
