"""What is kept in this process."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from time import time
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import msgspec

from sources.cache import Kind, Tenant
from sources.cache.shelf import Entry, Looked, Stamp
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)

_SAMPLE: Final = 16
"""Of how many rows the size is taken."""
_IN_MEMORY: Final = 1.5
"""How many bytes a row takes for each byte of it as MessagePack (``tests/sources/cache/test_memory.py``)."""
_EMPTY: Final = 500
"""How many bytes an entry takes without its rows."""
_MARKS: Final = 10_000


class _Room:
    """Where the entries of one kind and one tenant lie: hashed by what it is, once for all its keys."""

    __slots__ = ("entries", "named")

    def __init__(self, named: tuple[Kind[Any], Tenant]) -> None:
        self.named = named
        self.entries = 0


_Place: TypeAlias = tuple[_Room, str]


class _Kept(NamedTuple):
    stamp: Stamp
    entry: Entry[Any]
    until: float
    size: int


class MemoryShelf:
    """Entries in this process: unknown ones go first, then those that nobody asked for the longest time.

    At most ``most_entries``, and about ``most_bytes``; a value that takes more than ``most_value_bytes`` is
    not kept.
    """

    def __init__(
        self,
        *,
        most_entries: int,
        most_bytes: int,
        most_value_bytes: int,
        clock: Callable[[], float] = time,
    ) -> None:
        """Start empty; *clock* tells the time in seconds since 1970."""
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._most_value_bytes = most_value_bytes
        self._clock = clock
        self._kept: OrderedDict[_Place, _Kept] = OrderedDict()
        self._rooms: dict[tuple[Kind[Any], Tenant], _Room] = {}
        self._bytes = 0
        self._forgotten = 0
        self._marks: dict[tuple[str, str, CustomerCode | None], int] = {}
        self._all_forgotten = 0

    @property
    def size(self) -> tuple[int, int]:
        """How many entries there are, and about how many bytes they take."""
        return len(self._kept), self._bytes

    async def look(self, kind: Kind[S], tenant: Tenant, keys: Collection[str]) -> Looked[S]:
        """Give what lies here of *keys* and was not forgotten."""
        stamp, now, entries = self._stamp(kind, tenant), self._clock(), dict[str, Entry[S]]()
        room = self._rooms.get((kind, tenant))
        if room is None:
            return Looked(stamp, entries)
        for key in keys:
            place = (room, key)
            kept = self._kept.get(place)
            if kept is None:
                continue
            if kept.stamp != stamp or kept.until <= now:
                self._drop(place)
                continue
            if kept.entry.rows is not None:
                self._kept.move_to_end(place)
            entries[key] = kept.entry
        return Looked(stamp, entries)

    async def lay(
        self,
        kind: Kind[S],
        tenant: Tenant,
        stamp: Stamp,
        entries: Mapping[str, Entry[S]],
        seconds: float,
    ) -> None:
        """Lay *entries* here, and let those go for which there is no room any longer."""
        if stamp != self._stamp(kind, tenant):
            return
        now = self._clock()
        for key, entry in entries.items():
            size = weight(entry.rows)
            room = self._rooms.get((kind, tenant))
            if room is not None:
                self._drop((room, key))
            if size <= self._most_value_bytes:
                self._put((kind, tenant), key, _Kept(stamp, entry, now + seconds, size))
        while self._kept and (self._is_full() or next(iter(self._kept.values())).until <= now):
            self._drop(next(iter(self._kept)))

    async def forget(self, source: str, thing: str, customer: CustomerCode | None) -> bool:
        """Forget what is kept of *thing*; it takes room until somebody asks for it, or something else."""
        self._forgotten += 1
        self._marks[source, thing, customer] = self._forgotten
        if len(self._marks) > _MARKS:
            self.forget_all()
        return True

    def forget_all(self) -> None:
        """Forget everything."""
        self._forgotten += 1
        self._all_forgotten = self._forgotten
        self._marks.clear()
        self._kept.clear()
        self._rooms.clear()
        self._bytes = 0

    def _stamp(self, kind: Kind[Any], tenant: Tenant) -> Stamp:
        marks, source, customer = self._marks, kind.source, tenant.customer
        if not marks:
            return (self._all_forgotten,)
        named = [(source, each, who) for each in (kind.thing, *kind.also) for who in (None, customer)]
        return (max(self._all_forgotten, *(marks.get(each, 0) for each in named)),)

    def _is_full(self) -> bool:
        return len(self._kept) > self._most_entries or self._bytes > self._most_bytes

    def _put(self, named: tuple[Kind[Any], Tenant], key: str, kept: _Kept) -> None:
        room = self._rooms.get(named)
        if room is None:
            room = self._rooms[named] = _Room(named)
        room.entries += 1
        self._kept[room, key] = kept
        self._bytes += kept.size
        if kept.entry.rows is None:  # whoever asks for ids that nobody knows pushes nothing else out
            self._kept.move_to_end((room, key), last=False)

    def _drop(self, place: _Place) -> None:
        kept = self._kept.pop(place, None)
        if kept is None:
            return
        self._bytes -= kept.size
        room = place[0]
        room.entries -= 1
        if not room.entries:
            del self._rooms[room.named]


def weight(rows: tuple[msgspec.Struct, ...] | None) -> int:
    """Give about how many bytes *rows* take, from a sample of them."""
    if not rows:
        return _EMPTY
    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    encoded = len(msgspec.msgpack.encode(sample))
    return _EMPTY + int(_IN_MEMORY * encoded * len(rows) / len(sample))
