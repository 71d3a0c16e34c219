"""What is kept in Valkey, where all replicas share it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from functools import lru_cache, partial
from hashlib import blake2b
from logging import getLogger
from time import monotonic
from typing import Any, Final, Generic, TypeVar, cast
from uuid import uuid4

import msgspec
import valkey.asyncio
from valkey.exceptions import ValkeyError

from sources.cache import Kind, Tenant
from sources.cache.shelf import Entry, Looked, Stamp
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)
T = TypeVar("T")

PREFIX: Final = "servicespace:cache"
DEADLINE: Final = 0.05
"""Seconds that anybody waits for Valkey."""
QUIET: Final = 1.0
"""Seconds for which Valkey is not asked after it failed."""
_CONNECTING: Final = 5.0
_MARKED: Final = 7 * 86_400
"""Seconds that a mark lies there; without its mark an entry is forgotten."""

_log = getLogger(__name__)


class _Laid(msgspec.Struct, Generic[S], frozen=True, array_like=True):
    """An entry as it lies there; ``customer`` is held against the one that is asked for."""

    customer: str
    stamp: tuple[str, ...]
    at: float
    rows: tuple[S, ...] | None


class ValkeyShelf:
    """Entries in Valkey, in one round trip for all keys that are asked for.

    To forget is to mark anew: a mark is a random word for a thing of a source, and another one for that thing
    of a customer; an entry counts under the marks that it was laid under. So nothing is searched for, and a
    read that began before something was forgotten lays nothing that counts. A Valkey that fails, or takes
    longer than ``DEADLINE``, is as if empty, and left alone for ``QUIET``.
    """

    def __init__(self, url: str, *, most_value_bytes: int, clock: Callable[[], float] = monotonic) -> None:
        """Use the Valkey at *url*; values that take more than *most_value_bytes* are not kept."""
        self.client: Any = cast("Any", valkey.asyncio).from_url(
            url, socket_connect_timeout=_CONNECTING, socket_timeout=_CONNECTING
        )
        self._most_value_bytes = most_value_bytes
        self._clock = clock
        self._quiet_until = 0.0
        self._is_lost = False
        self._asking: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Let all connections go."""
        for each in self._asking:
            each.cancel()
        await self.client.aclose()

    async def look(self, kind: Kind[S], tenant: Tenant, keys: Collection[str]) -> Looked[S]:
        """Give what lies there of *keys* and was not forgotten."""
        marks, named = _marks(kind, tenant.customer), list(keys)
        names = _names(kind, tenant, named)
        found = await self._within(partial(self.client.mget, [*marks, *names]))
        if found is None:
            return Looked((), {})
        stamp = await self._stamp(marks, found[: len(marks)])
        decoder = _decoder(cast("Any", kind.rows))
        entries: dict[str, Entry[S]] = {}
        for key, sent in zip(named, found[len(marks) :], strict=True):
            laid = None if sent is None else _read(decoder, sent)
            if laid is not None and (laid.stamp, laid.customer) == (stamp, tenant.customer):
                entries[key] = Entry(laid.at, laid.rows)
        return Looked(stamp, entries)

    async def lay(
        self,
        kind: Kind[S],
        tenant: Tenant,
        stamp: Stamp,
        entries: Mapping[str, Entry[S]],
        seconds: float,
    ) -> None:
        """Lay *entries* there; what was forgotten since *stamp* does not count any longer."""
        if not stamp:
            return
        words = tuple(str(each) for each in stamp)
        lifetime = max(1, int(seconds * 1000))
        pipeline = self.client.pipeline(transaction=False)
        for entry, name in zip(entries.values(), _names(kind, tenant, list(entries)), strict=True):
            laid = _Laid(tenant.customer, words, entry.at, entry.rows)
            content = msgspec.msgpack.encode(laid)
            if len(content) <= self._most_value_bytes:
                pipeline.set(name, content, px=lifetime)
            else:
                pipeline.unlink(name)
        await self._within(pipeline.execute)

    async def forget(self, source: str, thing: str, customer: CustomerCode | None) -> bool:
        """Mark *thing* anew; False where Valkey cannot be told."""
        self._quiet_until = 0.0  # this matters more than a moment of waiting
        mark = _mark(source, thing, customer)
        return await self._within(partial(self.client.set, mark, _word(), ex=_MARKED)) is not None

    async def _stamp(self, marks: Sequence[str], found: Sequence[bytes | None]) -> Stamp:
        """Give the words of *marks*, each made where it is missing; nothing where that cannot be done."""
        if None not in found:
            return tuple(each.decode() for each in found if each is not None)
        own = _word()
        pipeline = self.client.pipeline(transaction=False)
        for each in marks:
            pipeline.set(each, own, nx=True, get=True, ex=_MARKED)
        words: Sequence[bytes | None] | None = await self._within(pipeline.execute)
        return () if words is None else tuple(own if each is None else each.decode() for each in words)

    async def _within(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Give what Valkey answers, None where it does not in time; nobody waits for what still comes."""
        if self._clock() < self._quiet_until:
            return None
        task = asyncio.ensure_future(ask())
        self._asking.add(task)
        task.add_done_callback(self._end)
        done, _ = await asyncio.wait([task], timeout=DEADLINE)
        try:
            if not done:
                raise TimeoutError(f"no answer within {DEADLINE:g} s")
            found = task.result()
        except (ValkeyError, OSError) as error:
            self._lose(error)
            return None
        if self._is_lost:
            self._is_lost = False
            _log.info("the Valkey of the entity cache is back")
        return found

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._asking.discard(task)
        if not task.cancelled():
            task.exception()

    def _lose(self, error: Exception) -> None:
        self._quiet_until = self._clock() + QUIET
        if not self._is_lost:  # told once, not at each read
            _log.warning("the Valkey of the entity cache is as if empty: %r", error)
        self._is_lost = True


def _word() -> str:
    return uuid4().hex


def _mark(source: str, thing: str, customer: CustomerCode | None) -> str:
    whose = "" if customer is None else _digest(customer)
    return f"{PREFIX}:mark:{source}:{thing}:{whose}"


def _marks(kind: Kind[Any], customer: CustomerCode) -> Sequence[str]:
    return [_mark(kind.source, each, who) for each in (kind.thing, *kind.also) for who in (None, customer)]


def _names(kind: Kind[Any], tenant: Tenant, keys: Sequence[str]) -> Sequence[str]:
    """Give the names under which entries lie; customers and keys are not read from them.

    Another release whose rows are made otherwise has names of its own.
    """
    rows: Any = kind.rows
    before = f"{PREFIX}:{kind.source}:{kind.thing}:{kind.by}:{_fingerprint(rows)}"
    whose = _digest(tenant.customer, *sorted(tenant.parties))
    return [f"{before}:{whose}:{_digest(each)}" for each in keys]


def _digest(*texts: str) -> str:
    """Give a text of fixed length for *texts*; hostile ones may hold half a surrogate pair."""
    digest = blake2b(digest_size=16)
    for each in texts:
        content = each.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8) + content)
    return digest.hexdigest()


@lru_cache(maxsize=200)
def _fingerprint(rows: type[msgspec.Struct]) -> str:
    """Give a word for how *rows* are made: their fields, with their types and those that they consist of."""
    made = msgspec.json.encode([rows.__qualname__, msgspec.json.schema(rows)], order="sorted")
    return blake2b(made, digest_size=8).hexdigest()


@lru_cache(maxsize=200)
def _decoder(rows: Hashable) -> "msgspec.msgpack.Decoder[_Laid[Any]]":
    kind: Any = _Laid
    return msgspec.msgpack.Decoder(kind[rows])


def _read(decoder: "msgspec.msgpack.Decoder[_Laid[Any]]", content: bytes) -> _Laid[Any] | None:
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # somebody else wrote it, or half of it
        return None
