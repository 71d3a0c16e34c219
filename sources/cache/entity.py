"""The entity cache: who asks for the same at once shares a read; old values stand in for failing systems."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from logging import getLogger
from time import time
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from sources.cache import Fetch, Kind, Tenant
from sources.cache.freshness import collected, told
from sources.cache.settings import CacheSettings
from sources.cache.shelf import Entry, Looked, Shelf, Stamp
from sources.errors import SourceError, SourceRefusedError, SourceUnavailableError
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)

_log = getLogger(__name__)


class _Asked(NamedTuple, Generic[S]):
    """What is asked for: under which stamp, and whether old values may stand in for what it is made of."""

    kind: Kind[S]
    tenant: Tenant
    stamp: Stamp
    takes_old: bool


class _Read(NamedTuple, Generic[S]):
    """What a read gave, and of which other systems it has what is no longer fresh, since when."""

    values: Mapping[str, tuple[S, ...]]
    oldest: Mapping[str, float]


_Flight: TypeAlias = asyncio.Task[_Read[Any]]


class EntityCache:
    """Values on a shelf, each for the time that the settings give its kind; a kind without one is not kept.

    A read is a task of its own: whoever is cancelled takes nobody with it, and what was read is kept all the
    same. Old values are given in place of a ``SourceError`` that is no refusal, and only to who can be told.
    """

    def __init__(self, shelf: Shelf, settings: CacheSettings, clock: Callable[[], float] = time) -> None:
        """Keep things on *shelf*; *clock* tells the time in seconds since 1970."""
        self._shelf = shelf
        self._settings = settings
        self._clock = clock
        self._under_way: dict[tuple[_Asked[Any], str], _Flight] = {}

    async def found(
        self, kind: Kind[S], tenant: Tenant, keys: Collection[str], fetch: Fetch[S]
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what *keys* are worth as ``Cache.found`` does."""
        wanted, lifetime = list(dict.fromkeys(keys)), self._settings.lifetime(kind.thing)
        if not wanted or not lifetime:
            return await fetch(wanted) if wanted else {}
        looked = await self._shelf.look(kind, tenant, wanted)
        now, found, missing = self._clock(), dict[str, tuple[S, ...]](), list[str]()
        for key in wanted:
            entry = looked.entries.get(key)
            if entry is None or not self._is_within(entry, now, lifetime):
                missing.append(key)
            elif entry.rows is not None:
                found[key] = entry.rows
        if missing:
            asked = _Asked(kind, tenant, looked.stamp, told() is not None)
            for flight, own in self._flights(asked, missing, fetch):
                found |= await self._landed(asked, flight, own, looked)
        return found

    async def forget(self, source: str, thing: str, customer: CustomerCode | None = None) -> bool:
        """Forget what is kept of such things as ``Cache.forget`` does."""
        return await self._shelf.forget(source, thing, customer)

    async def close(self) -> None:
        """Give up what is being read."""
        flights = set(self._under_way.values())
        for each in flights:
            each.cancel()
        if flights:
            await asyncio.wait(flights)

    def _is_within(self, entry: Entry[Any], now: float, seconds: float) -> bool:
        """Tell whether *entry* may be believed; one from the future may not: somebody's clock is wrong."""
        most = self._settings.unknown_seconds if entry.rows is None else seconds
        return 0 <= now - entry.at < most

    def _flights(
        self, asked: _Asked[S], keys: Sequence[str], fetch: Fetch[S]
    ) -> Sequence[tuple[_Flight, Sequence[str]]]:
        """Give the reads that bring *keys*: those under way, and one for all others."""
        new = [key for key in keys if (asked, key) not in self._under_way]
        if new:
            flight = asyncio.create_task(self._read(asked, new, fetch))
            self._under_way |= {(asked, key): flight for key in new}
            flight.add_done_callback(partial(self._end, asked, new))
        flights: dict[_Flight, list[str]] = {}
        for key in keys:
            flights.setdefault(self._under_way[asked, key], []).append(key)
        return list(flights.items())

    async def _read(self, asked: _Asked[S], keys: Sequence[str], fetch: Fetch[S]) -> _Read[S]:
        """Fetch *keys* and keep them, unless they are made of what is old itself."""
        freshness = collected() if asked.takes_old else None
        at = self._clock()
        fetched = await fetch(keys)
        oldest: Mapping[str, float] = {} if freshness is None else freshness.oldest
        if not oldest:
            lifetime = self._settings.lifetime(asked.kind.thing)
            known = {key: Entry(at, fetched[key]) for key in keys if key in fetched}
            seconds = lifetime + self._settings.stale_seconds
            if known:
                await self._shelf.lay(asked.kind, asked.tenant, asked.stamp, known, seconds)
            unknown = {key: Entry[S](at, None) for key in keys if key not in fetched}
            if unknown:  # in place of what was known of them before, however shortly
                seconds = self._settings.unknown_seconds
                await self._shelf.lay(asked.kind, asked.tenant, asked.stamp, unknown, seconds)
        return _Read(fetched, oldest)

    def _end(self, asked: _Asked[Any], keys: Sequence[str], flight: _Flight) -> None:
        for key in keys:
            del self._under_way[asked, key]
        if not flight.cancelled():
            flight.exception()  # nobody may be left to hear of it

    async def _landed(
        self, asked: _Asked[S], flight: _Flight, keys: Sequence[str], looked: Looked[S]
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what *flight* brings of *keys*; what is old where it fails."""
        try:
            read = await asyncio.shield(flight)
        except asyncio.CancelledError:
            if not flight.cancelled():
                raise
            raise SourceUnavailableError(asked.kind.source, "the read was given up") from None
        except SourceRefusedError:
            raise
        except SourceError as error:
            old = self._old(asked, keys, looked)
            if old is None:
                raise
            _log.warning("%s; older values are given instead", error)
            return old
        freshness = told()
        for system, at in read.oldest.items():
            assert freshness is not None  # noqa: S101 - who takes nothing old shares no such read
            freshness.note(system, at)
        return {key: read.values[key] for key in keys if key in read.values}

    def _old(
        self, asked: _Asked[S], keys: Sequence[str], looked: Looked[S]
    ) -> Mapping[str, tuple[S, ...]] | None:
        """Give what *keys* were worth before, and tell of it; None where one of them cannot be told."""
        freshness, now = told(), self._clock()
        seconds = self._settings.lifetime(asked.kind.thing) + self._settings.stale_seconds
        found: dict[str, tuple[S, ...]] = {}
        oldest = now
        for key in keys:
            entry = looked.entries.get(key)
            if entry is None or entry.rows is None or not self._is_within(entry, now, seconds):
                return None
            found[key] = entry.rows
            oldest = min(oldest, entry.at)
        if freshness is None:
            return None
        freshness.note(asked.kind.source, oldest)
        return found
