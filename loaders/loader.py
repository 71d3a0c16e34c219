"""The base of every loader, on aiodataloader: one call for many keys, every row verified."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeAlias, TypeVar, cast

from aiodataloader import DataLoader
from msgspec.structs import replace

from sources.listing import F, Listing, Page
from sources.record import R, admitted, partly_seen
from sources.scope import Scope

K = TypeVar("K")
V = TypeVar("V")

Found: TypeAlias = Mapping[K, V | Exception]
"""What keys are worth; an exception is raised for its key alone."""

log = logging.getLogger(__name__)


class LoadCancelledError(Exception):
    """A call was cancelled by somebody else than those who wait for it, so its keys have no value."""


class Loader(ABC, Generic[K, V]):
    """One call for all the keys asked for in one round of the event loop, at most once for each key.

    A subclass fetches a mapping and says what a key that is not in it is worth; the order of the keys is kept
    here, once. Keys that are asked for together travel together, as one bundle: aiodataloader gathers
    bundles, not keys. Two hazards of shared futures are cured (docs/decisions): an awaiter that is cancelled
    takes neither its keys nor its neighbours with it, and an error reaches every awaiter of its key and
    nobody else.
    """

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._gathering: DataLoader[tuple[K, ...], Found[K, V]] | None = None
        self._known: dict[K, V] = {}
        self._has_failed = False
        self._under_way: dict[K, asyncio.Future[Found[K, V]]] = {}

    @abstractmethod
    async def fetch(self, keys: Sequence[K]) -> Mapping[K, V | Exception]:
        """Give what *keys*, each distinct, are worth; an exception is raised for that key alone."""

    @abstractmethod
    def missing(self, key: K) -> V:
        """Give what *key* is worth when ``fetch`` left it out."""

    async def load(self, key: K) -> V:
        """Give what *key* is worth."""
        (value,) = await self.load_many((key,))
        return value

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        """Give what each of *keys* is worth, in their order; raises the first key's error if there is one."""
        named, known = list(keys), self._known
        bundle = tuple(dict.fromkeys(key for key in named if key not in known))
        if not bundle:
            return [known[key] for key in named]
        found = await self._waiter(bundle)
        values = [found[key] if key in found else known[key] for key in named]
        if self._has_failed:
            for each in values:
                if isinstance(each, Exception):
                    raise each
        return cast("list[V]", values)

    async def load_present(self, keys: Iterable[K | None]) -> list[V | None]:
        """Give what each of *keys* is worth, in their order, and None for None."""
        named = list(keys)
        present = [key for key in named if key is not None]
        found = await self.load_many(present)
        if len(present) == len(named):
            return [*found]
        given = iter(found)
        return [None if key is None else next(given) for key in named]

    def _waiter(self, bundle: tuple[K, ...]) -> "asyncio.Future[Found[K, V]]":
        if self._gathering is None:
            self._gathering = DataLoader(self._batch, cache=False)
        shared = self._gathering.load(bundle)
        own: asyncio.Future[Found[K, V]] = asyncio.get_running_loop().create_future()
        shared.add_done_callback(partial(_pass_on, own))
        return own

    async def _batch(self, bundles: list[tuple[K, ...]]) -> list["Found[K, V]"]:
        # The library's loader knows us. We must not know it any longer, or the circle would keep all that was
        # loaded until the garbage collector comes.
        self._gathering = None
        wanted = dict.fromkeys(key for bundle in bundles for key in bundle)
        if not self._known and not self._under_way:
            return [await self._call(list(wanted))] * len(bundles)
        before = {self._under_way[key] for key in wanted if key in self._under_way}
        new = [key for key in wanted if key not in self._known and key not in self._under_way]
        found: dict[K, V | Exception] = {key: self._known[key] for key in wanted if key in self._known}
        if new:
            found |= await self._call(new)
        for each in before:
            found |= await each
        return [found] * len(bundles)

    async def _call(self, keys: Sequence[K]) -> "Found[K, V]":
        """Fetch *keys*, for those who ask for them in the meantime as well; an error is not kept."""
        under_way: asyncio.Future[Found[K, V]] = asyncio.get_running_loop().create_future()
        self._under_way |= dict.fromkeys(keys, under_way)
        found: dict[K, V | Exception] = {}
        try:
            fetched = await self.fetch(keys)
            found = {key: fetched[key] if key in fetched else self.missing(key) for key in keys}
        except asyncio.CancelledError as error:  # on which the library would leave everybody waiting for ever
            cancelled = LoadCancelledError(type(self).__name__)
            cancelled.__cause__ = error
            found = dict.fromkeys(keys, cancelled)
        except Exception as error:  # noqa: BLE001 - raised again for each of these keys
            found = dict.fromkeys(keys, error)
        for key in keys:
            del self._under_way[key]
        worth = {key: each for key, each in found.items() if not isinstance(each, Exception)}
        self._has_failed |= len(worth) < len(found)
        self._known |= worth
        under_way.set_result(found)
        return found


def _pass_on(own: asyncio.Future[V], shared: asyncio.Future[V]) -> None:
    error = shared.exception()
    if own.done():
        return
    if error is None:
        own.set_result(shared.result())
    else:
        own.set_exception(error)


class ScopedLoader(Loader[K, V], Generic[K, V]):
    """A loader that asks under a Scope, and holds every row that comes back against it."""

    def __init__(self, scope: Scope, asker: Scope | None = None) -> None:
        """Load under *scope*, for an *asker* with another one where it is narrower than theirs."""
        super().__init__()
        self.scope = scope
        self.asker = asker or scope

    def changed(self, rows: Collection[R]) -> Mapping[int, R | None]:
        """Give what *rows* come to that are not given as they are, by identity.

        None for those outside the Scope, counted and logged: a source that ignores the predicate it was sent
        must not show. A row that the asker sees in part only comes to what they see of it.
        """
        kept = admitted(rows, self.scope)
        partly = partly_seen(kept, self.asker)
        if len(kept) == len(rows):
            return partly
        kind = type(next(iter(rows))).__name__
        log.error("dropped %d of %d %ss outside the scope", len(rows) - len(kept), len(rows), kind)
        refused = {id(row) for row in rows}.difference(map(id, kept))
        return {**partly, **dict.fromkeys(refused)}


class RecordLoader(ScopedLoader[K, R | None], Generic[K, R]):
    """The record of an id, None where the source does not know it or the Scope leaves it out."""

    def __init__(self, scope: Scope, ask: Callable[[Scope, Collection[K]], Awaitable[Mapping[K, R]]]) -> None:
        """Load under *scope* by *ask*, a source's method."""
        super().__init__(scope)
        self._ask = ask

    def inside(self, other: Scope) -> "RecordLoader[K, R]":
        """Give a loader of what is within *other*'s Solutions too."""
        scope = self.scope.inside(other)
        return self if scope == self.scope else RecordLoader(scope, self._ask)

    def missing(self, key: K) -> None:
        """Give None."""

    async def fetch(self, keys: Sequence[K]) -> Mapping[K, R | Exception | None]:
        """Give the records that pass verification."""
        found = await self._ask(self.scope, keys)
        changed = self.changed(found.values())
        return {key: changed.get(id(row), row) for key, row in found.items()} if changed else found


class ListLoader(ScopedLoader[K, Sequence[R]], Generic[K, R]):
    """All children of a parent, an empty list where there are none."""

    def __init__(
        self, scope: Scope, ask: Callable[[Scope, Collection[K]], Awaitable[Mapping[K, Sequence[R]]]]
    ) -> None:
        """Load under *scope* by *ask*, a source's method."""
        super().__init__(scope)
        self._ask = ask

    def missing(self, key: K) -> Sequence[R]:  # noqa: ARG002 - every key is worth the same
        """Give an empty list."""
        return ()

    async def fetch(self, keys: Sequence[K]) -> Mapping[K, Sequence[R] | Exception]:
        """Give the children that pass verification."""
        found = await self._ask(self.scope, keys)
        changed = self.changed([row for rows in found.values() for row in rows])
        return {key: _kept(rows, changed) for key, rows in found.items()} if changed else found


class PageLoader(Generic[K, F, R]):
    """Pages of parents' children: a loader for each listing that is asked for."""

    def __init__(
        self, scope: Scope, ask: Callable[[Scope, Collection[K], Listing[F]], Awaitable[Mapping[K, Page[R]]]]
    ) -> None:
        """Load under *scope* by *ask*, a source's method."""
        self.scope = scope
        self._ask = ask
        self._loaders: dict[Listing[F], ListedLoader[K, F, R]] = {}

    def of(self, listing: Listing[F]) -> "ListedLoader[K, F, R]":
        """Give the loader of the pages that *listing* asks for."""
        found = self._loaders.get(listing)
        if found is None:
            scope = self.scope.narrowed(listing.solutions, listing.ended)
            found = self._loaders[listing] = ListedLoader(scope, self._ask, listing, self.scope)
        return found


class ListedLoader(ScopedLoader[K, Page[R]], Generic[K, F, R]):
    """The page of a parent's children that one listing asks for: one call for all parents."""

    def __init__(
        self,
        scope: Scope,
        ask: Callable[[Scope, Collection[K], Listing[F]], Awaitable[Mapping[K, Page[R]]]],
        listing: Listing[F],
        asker: Scope | None = None,
    ) -> None:
        """Load under *scope* by *ask*, a source's method, what *listing* asks for, and show it to *asker*."""
        super().__init__(scope, asker)
        self._ask = ask
        self._listing = listing

    def missing(self, key: K) -> Page[R]:  # noqa: ARG002 - every key is worth the same
        """Give an empty page."""
        return Page((), total=0 if self._listing.counted else None)

    async def fetch(self, keys: Sequence[K]) -> Mapping[K, Page[R] | Exception]:
        """Give the pages, each row verified."""
        found = await self._ask(self.scope, keys, self._listing)
        changed = self.changed([row for page in found.values() for row in page.rows])
        return {parent: _given(page, changed) for parent, page in found.items()} if changed else found


def _kept(rows: Collection[R], changed: Mapping[int, R | None]) -> Sequence[R]:
    """Give what *rows* come to, without those that come to nothing."""
    return [own for row in rows if (own := changed.get(id(row), row)) is not None]


def _given(page: Page[R], changed: Mapping[int, R | None]) -> Page[R]:
    """Give *page* with what its rows come to; where some are refused, the source's count says nothing."""
    kept = _kept(page.rows, changed)
    return replace(page, rows=kept, total=page.total if len(kept) == len(page.rows) else None)
