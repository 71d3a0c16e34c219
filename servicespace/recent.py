"""What was found out a moment ago, kept for as long as it may still be believed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key, each at most ``seconds`` old; the longest unasked of more than *most* are forgotten.

    Many who ask for one key at once make one call, and a call that fails is not kept.
    """

    def __init__(
        self,
        find: Callable[[K], Awaitable[V]],
        seconds: float,
        *,
        most: int = 10_000,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Find a value by *find*; *clock* tells the time in seconds."""
        self._find = find
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[K, tuple[float, asyncio.Task[V]]] = OrderedDict()

    async def of(self, key: K) -> V:
        """Give the value of *key*; raises whatever finding it raises."""
        made, task = self._kept.get(key, (None, None))
        now = self._clock()
        if task is None or made is None or now - made > self._seconds or _failed(task):
            task = asyncio.ensure_future(self._found(key))
            self._kept[key] = (now, task)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return task.result() if task.done() else await asyncio.shield(task)

    async def _found(self, key: K) -> V:
        return await self._find(key)


def _failed(task: asyncio.Task[V]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
