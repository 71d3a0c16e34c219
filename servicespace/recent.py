"""What was found out a moment ago, kept for as long as it may still be believed."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


NET: Final = 30.0
"""Seconds after which a value is found anew although nobody said that it changed."""


class Recent(Generic[K, V]):
    """Values by key, each at most ``seconds`` old; the longest unasked of more than *most* are forgotten.

    Where somebody tells of changes (``forget``, ``trust_until``), a value may be as old as ``NET``. Many who
    ask for one key at once make one call, and a call that fails is not kept.
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
        self._trusted_until = -math.inf
        self._kept: OrderedDict[K, tuple[float, asyncio.Task[V]]] = OrderedDict()

    async def of(self, key: K) -> V:
        """Give the value of *key*; raises whatever finding it raises."""
        made, task = self._kept.get(key, (None, None))
        now = self._clock()
        lifetime = NET if now < self._trusted_until else self._seconds
        if task is None or made is None or now - made > lifetime or _failed(task):
            task = asyncio.ensure_future(self._found(key))
            self._kept[key] = (now, task)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return task.result() if task.done() else await asyncio.shield(task)

    def forget(self, key: K) -> None:
        """Find the value of *key* anew when it is asked for again, even if somebody is just finding it."""
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        """Find every value anew when it is asked for again."""
        self._kept.clear()

    def trust_until(self, moment: float) -> None:
        """Believe values older than ``seconds`` until *moment* on the clock: who says so tells of changes."""
        self._trusted_until = moment

    async def _found(self, key: K) -> V:
        return await self._find(key)


def _failed(task: asyncio.Task[V]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
