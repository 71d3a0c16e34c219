"""Where the entity cache lies, and how replicas that each have their own hear of what is to be forgotten."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from logging import getLogger
from typing import Any, Final, TypeVar

import msgspec
from valkey.exceptions import ValkeyError

from servicespace.announcements import again_and_again, client_of
from servicespace.beside import beside
from sources.cache import Cache, Kind, Tenant, Uncached
from sources.cache.entity import EntityCache
from sources.cache.memory import MemoryShelf
from sources.cache.settings import CacheSettings
from sources.cache.shelf import Entry, Looked, Stamp
from sources.cache.valkey import ValkeyShelf
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)

CHANNEL: Final = "servicespace:forget"
_SECONDS: Final = 1.0

_log = getLogger(__name__)


@asynccontextmanager
async def open_cache(settings: CacheSettings, valkey: str | None) -> AsyncGenerator[Cache]:
    """Give the entity cache, where the settings say, with the Valkey at the URL *valkey* if there is one."""
    match settings.place:
        case "off":
            yield Uncached()
        case "valkey":
            if valkey is None:
                raise ValueError("the cache has no Valkey to lie in")
            shelf = ValkeyShelf(valkey, most_value_bytes=settings.most_value_bytes)
            async with _opened(EntityCache(shelf, settings)) as cache:
                yield cache
            await shelf.close()
        case "process":
            own = MemoryShelf(
                most_entries=settings.most_entries,
                most_bytes=settings.most_bytes,
                most_value_bytes=settings.most_value_bytes,
            )
            if valkey is None:
                async with _opened(EntityCache(own, settings)) as cache:
                    yield cache
            else:
                async with listening(own, valkey) as spread, _opened(EntityCache(spread, settings)) as cache:
                    yield cache


@asynccontextmanager
async def listening(shelf: MemoryShelf, url: str) -> AsyncGenerator["SpreadShelf"]:
    """Give *shelf* as one that tells the other replicas what to forget, and hears it of them meanwhile."""
    spread = SpreadShelf(shelf, url)
    async with beside([spread.follow()]):
        yield spread


class SpreadShelf:
    """Entries in this process, and replicas that tell one another through Valkey what to forget.

    Whoever cannot be told lives out its entries' time. What was said while nobody listened is not known: who
    listens anew forgets everything.
    """

    def __init__(self, shelf: MemoryShelf, url: str) -> None:
        """Lay things on *shelf*, and speak through the Valkey at *url*."""
        self._shelf = shelf
        self._url = url

    async def look(self, kind: Kind[S], tenant: Tenant, keys: Collection[str]) -> Looked[S]:
        """Look as ``MemoryShelf`` does."""
        return await self._shelf.look(kind, tenant, keys)

    async def lay(
        self,
        kind: Kind[S],
        tenant: Tenant,
        stamp: Stamp,
        entries: Mapping[str, Entry[S]],
        seconds: float,
    ) -> None:
        """Lay as ``MemoryShelf`` does."""
        await self._shelf.lay(kind, tenant, stamp, entries, seconds)

    async def forget(self, source: str, thing: str, customer: CustomerCode | None) -> bool:
        """Forget here, and tell the others; False where that cannot be done."""
        await self._shelf.forget(source, thing, customer)
        try:
            async with asyncio.timeout(_SECONDS), client_of(self._url) as client:
                await client.publish(CHANNEL, msgspec.msgpack.encode((source, thing, customer)))
        except (ValkeyError, OSError) as error:
            _log.warning("other replicas cannot be told what to forget: %r", error)
            return False
        return True

    async def follow(self) -> None:
        """Forget what others say is to be forgotten, until cancelled."""
        await again_and_again("Valkey for the entity cache", self._listen)

    async def _listen(self) -> None:
        async with client_of(self._url) as client, client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async for said in channel.listen():  # the first says that we listen
                await self._hear(said)

    async def _hear(self, said: Mapping[str, Any]) -> None:
        if said["type"] != "message":
            self._shelf.forget_all()
            return
        try:
            named = msgspec.msgpack.decode(said["data"], type=tuple[str, str, CustomerCode | None])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._shelf.forget_all()  # of another release, perhaps
        else:
            await self._shelf.forget(*named)


@asynccontextmanager
async def _opened(cache: EntityCache) -> AsyncGenerator[EntityCache]:
    try:
        yield cache
    finally:
        await cache.close()
