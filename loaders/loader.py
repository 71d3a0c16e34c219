"""The base of every loader, on aiodataloader: one call for many keys, every row verified."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar, cast

from aiodataloader import DataLoader
from msgspec.structs import replace

from sources.listing import F, Listing, Page
from sources.record import R
from sources.scope import Scope

K = TypeVar("K")
V = TypeVar("V")

log = logging.getLogger(__name__)


class LoadCancelledError(Exception):
    """A call was cancelled by somebody else than those who wait for it, so its keys have no value."""


class Loader(ABC, Generic[K, V]):
    """One call for all the keys asked for in one round of the event loop, at most once for each key.

    A subclass fetches a mapping and says what a key that is not in it is worth; the order of the keys is kept
    here, once. Two hazards of shared futures are cured (docs/decisions): an awaiter that is cancelled takes
    neither its key nor its neighbours with it, and an error reaches every awaiter of its key and nobody else.
    """

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._shared: DataLoader[K, V] | None = None

    @abstractmethod
    async def fetch(self, keys: Sequence[K]) -> Mapping[K, V | Exception]:
        """Give what *keys*, each distinct, are worth; an exception is raised for that key alone."""

    @abstractmethod
    def missing(self, key: K) -> V:
        """Give what *key* is worth when ``fetch`` left it out."""

    async def load(self, key: K) -> V:
        """Give what *key* is worth."""
        return await self._waiter(key)

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        """Give what each of *keys* is worth, in their order; raises the first key's error if there is one."""
        waiters = [self._waiter(key) for key in keys]
        try:
            if waiters:
                await asyncio.wait(waiters)
        except asyncio.CancelledError:
            for each in waiters:
                each.cancel()
            raise
        errors = [error for each in waiters if (error := each.exception())]
        if errors:
            raise errors[0]
        return [each.result() for each in waiters]

    async def load_present(self, keys: Iterable[K | None]) -> list[V | None]:
        """Give what each of *keys* is worth, in their order, and None for None."""
        named = list(keys)
        found = iter(await self.load_many(key for key in named if key is not None))
        return [None if key is None else next(found) for key in named]

    def _waiter(self, key: K) -> asyncio.Future[V]:
        if self._shared is None:
            self._shared = DataLoader(cast("Callable[[list[K]], Coroutine[Any, Any, list[V]]]", self._batch))
        shared = self._shared.load(key)
        own: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        shared.add_done_callback(partial(_pass_on, own))
        return own

    async def _batch(self, keys: list[K]) -> list[V | Exception]:
        try:
            found = await self.fetch(keys)
        except asyncio.CancelledError as error:  # on which the library leaves everybody waiting for ever
            raise LoadCancelledError(type(self).__name__) from error
        return [found[key] if key in found else self.missing(key) for key in keys]


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

    def __init__(self, scope: Scope) -> None:
        """Load under *scope*."""
        super().__init__()
        self.scope = scope

    def verified(self, rows: Collection[R]) -> Sequence[R]:
        """Give those of *rows* that lie within the Scope; the others are dropped, counted and logged.

        A source that ignores the predicate it was sent must not show: its rows end here.
        """
        kept = [row for row in rows if row.within(self.scope)]
        if len(kept) < len(rows):
            kind = type(next(iter(rows))).__name__
            log.error("dropped %d of %d %ss outside the scope", len(rows) - len(kept), len(rows), kind)
        return kept


class RecordLoader(ScopedLoader[K, R | None], Generic[K, R]):
    """The record of an id, None where the source does not know it or the Scope leaves it out."""

    def __init__(self, scope: Scope, ask: Callable[[Scope, Collection[K]], Awaitable[Mapping[K, R]]]) -> None:
        """Load under *scope* by *ask*, a source's method."""
        super().__init__(scope)
        self._ask = ask

    def missing(self, key: K) -> None:
        """Give None."""

    async def fetch(self, keys: Sequence[K]) -> Mapping[K, R | Exception | None]:
        """Give the records that pass verification."""
        found = await self._ask(self.scope, keys)
        kept = {id(row) for row in self.verified(list(found.values()))}
        return {key: row for key, row in found.items() if id(row) in kept}


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
        return {key: self.verified(rows) for key, rows in (await self._ask(self.scope, keys)).items()}


class PageLoader(ScopedLoader[tuple[K, Listing[F]], Page[R]], Generic[K, F, R]):
    """A page of a parent's children; keys are a parent with what is asked of its list.

    One call to the source for all parents of whom the same is asked.
    """

    def __init__(
        self, scope: Scope, ask: Callable[[Scope, Collection[K], Listing[F]], Awaitable[Mapping[K, Page[R]]]]
    ) -> None:
        """Load under *scope* by *ask*, a source's method."""
        super().__init__(scope)
        self._ask = ask

    def missing(self, key: tuple[K, Listing[F]]) -> Page[R]:
        """Give an empty page."""
        return Page((), total=0 if key[1].counted else None)

    async def fetch(
        self, keys: Sequence[tuple[K, Listing[F]]]
    ) -> Mapping[tuple[K, Listing[F]], Page[R] | Exception]:
        """Give the pages, each row verified; a listing whose call fails fails alone."""
        parents: defaultdict[Listing[F], list[K]] = defaultdict(list)
        for parent, listing in keys:
            parents[listing].append(parent)
        found: dict[tuple[K, Listing[F]], Page[R] | Exception] = {}
        for some in await asyncio.gather(*(self._pages(many, listing) for listing, many in parents.items())):
            found |= some
        return found

    async def _pages(
        self, parents: Sequence[K], listing: Listing[F]
    ) -> dict[tuple[K, Listing[F]], Page[R] | Exception]:
        try:
            found = await self._ask(self.scope, parents, listing)
        except Exception as error:  # noqa: BLE001 - raised again for each key of this call
            return {(parent, listing): error for parent in parents}
        return {(parent, listing): self._page(page) for parent, page in found.items()}

    def _page(self, page: Page[R]) -> Page[R]:
        kept = self.verified(page.rows)
        return page if len(kept) == len(page.rows) else replace(page, rows=kept, total=None)
