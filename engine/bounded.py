"""What is kept for the next time it is asked for, as much of it as is allowed."""

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Values by key, of at most *most* sizes together, the least recently asked forgotten first.

    For one event loop; no locks.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        """Give the number of values kept."""
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Give the value of *key*, None where none is kept."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: K, value: V, size: int) -> None:
        """Keep the *value* of a *key* that has none, unless it is larger than all that is allowed."""
        if size > self._most:
            return
        self._kept[key] = (value, size)
        self._size += size
        while self._size > self._most:
            _, (_, forgotten) = self._kept.popitem(last=False)
            self._size -= forgotten
