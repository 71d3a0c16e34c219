"""A list read to its end, page by page, from systems whose counts and limits cannot be relied on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from sources.errors import SourceRefusedError, SourceUnavailableError
from sources.http import Answer, Api, Query
from sources.tmf import Ref, TmfError, key
from sources.tmf.page import Reader, Things
from sources.tmf.settings import ThingSettings

W = TypeVar("W", bound=Ref)
T = TypeVar("T")

_NOT_FOUND = 404


async def together(calls: Sequence[Callable[[], Awaitable[T]]], most: int) -> list[T]:
    """Give what *calls* give, in their order, *most* of them at a time; the first that fails ends all."""
    gate = asyncio.Semaphore(most)
    tasks = [asyncio.create_task(_through(gate, each)) for each in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for each in tasks:
            each.cancel()


async def _through(gate: asyncio.Semaphore, call: Callable[[], Awaitable[T]]) -> T:
    async with gate:
        return await call()


@dataclass(frozen=True, slots=True)
class _Page(Generic[W]):
    """A page: its things, what was said of the total, and a mark that the same page would have again."""

    things: Things[W]
    total: int | None = None
    mark: int = 0


@dataclass
class _Reading(Generic[W]):
    """How far a list has been read: its things, each once (pages shift meanwhile), and what was sent.

    Two that differ may yet have one id: whose each is, only who reads them can tell. ``asks`` is how many
    rows a page was asked to have, ``step`` how many the first one had.
    """

    asks: int
    rows: list[W] = field(default_factory=list[W])
    ids: dict[str, W] = field(default_factory=dict[str, W])
    marks: set[int] = field(default_factory=set[int])
    broken: int = 0
    reached: int = 0
    pages: int = 0
    step: int = 0
    total: int | None = None
    ended: bool = False

    def take(self, pages: Sequence[_Page[W]]) -> None:
        """Take *pages* in that follow one another, and see whether they are the last.

        A page that brings nothing new is the last: it is empty, or the system gives the same for ever. A
        shorter one is the last too, unless the total says otherwise. The first may be short because the
        system's own limit is smaller: there the total must say that it is all, or one more page is read.
        """
        first = self.pages == 0
        news = [self._new(each) for each in pages]
        last = pages[-1].things.sent
        self.total = pages[-1].total
        self.step = self.step or last
        if last == 0 or not any(news):
            self.ended = True
        elif last < (self.asks if first else self.step):
            self.ended = self.total == self.reached if first else (self.total or 0) <= self.reached

    def _new(self, page: _Page[W]) -> bool:
        """Take *page* in, and tell whether it brought a thing, or things that cannot be read."""
        before, things = len(self.ids), page.things
        self.reached += things.sent
        self.pages += 1
        if page.mark in self.marks:
            return False
        self.marks.add(page.mark)
        for each in things.rows:
            own = key(each.id)
            if own not in self.ids or self.ids[own] != each:
                self.ids[own] = each
                self.rows.append(each)
        self.broken += things.sent - len(things.rows)
        return len(self.ids) > before or not things.rows

    def next(self, at_once: int) -> list[int]:
        """Give the offsets of the pages to read next, none where the list has ended.

        Several where the total says that they exist, once a page was full: it may count what is not ours.
        """
        if self.ended:
            return []
        full = self.reached == self.step * self.pages and (self.pages > 1 or self.step >= self.asks)
        if self.total is None or self.total <= self.reached or not full:
            return [self.reached]
        return list(range(self.reached, self.total, self.step))[:at_once]


@dataclass(frozen=True, slots=True)
class Lists(Generic[W]):
    """The lists of one kind of thing behind an API: ``read`` reads a body.

    Answers are read by their rows alone: 206 is a success like 200, a total is a hint, and ``Link`` is never
    followed (domain.md section 5, traps 2, 3, 22 and 25).
    """

    api: Api
    path: str
    read: Reader[W]
    settings: ThingSettings

    async def every(
        self, query: Query, wanted: frozenset[str] | None = None, *, most_rows: int | None = None
    ) -> Things[W]:
        """Give all things that *query* finds, each once; where ids are *wanted*, only until all were met.

        Raises ``SourceRefusedError`` where there are too many, ``SourceUnavailableError`` where an answer is
        no list of things. A total of more than *most_rows* is believed: nothing more is read then.
        """
        reading: _Reading[W] = _Reading(self.settings.page_size)
        offsets = [0]
        while offsets and (wanted is None or not wanted <= reading.ids.keys()):
            pages = await together(
                [partial(self._page, query, each) for each in offsets], self.settings.at_once
            )
            reading.take(pages)
            self._bound(reading)
            if most_rows is not None and max(len(reading.rows), reading.total or 0) > most_rows:
                raise SourceRefusedError(
                    self.api.system, f"{self.path}: a list of more than {most_rows} rows"
                )
            offsets = reading.next(self.settings.at_once)
        return Things(reading.rows, len(reading.rows) + reading.broken)

    async def one(self, path: str) -> Things[W]:
        """Give the thing at *path*, nothing where there is none."""
        answer = await self.api.get(path)
        return Things([], 0) if answer.status == _NOT_FOUND else self._things(answer)

    async def _page(self, query: Query, offset: int) -> _Page[W]:
        window = (("offset", str(offset)), ("limit", str(self.settings.page_size)))
        answer = await self.api.get(self.path, (*query, *window))
        if answer.status == _NOT_FOUND and offset == 0:
            raise SourceUnavailableError(self.api.system, f"{self.path}: there is no such collection")
        if answer.status == _NOT_FOUND:
            return _Page(Things([], 0))
        return _Page(self._things(answer), answer.total, hash(answer.body))

    def _things(self, answer: Answer) -> Things[W]:
        try:
            return self.read(answer.body)
        except TmfError:
            raise SourceUnavailableError(self.api.system, f"{self.path}: no list of things") from None

    def _bound(self, reading: _Reading[W]) -> None:
        most = self.settings.most_rows
        if reading.reached > most or reading.pages > 2 * most // self.settings.page_size + 10:
            raise SourceRefusedError(self.api.system, f"{self.path}: a list of more than {most} rows")
