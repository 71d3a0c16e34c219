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


@dataclass
class _Reading(Generic[W]):
    """How far a list has been read: its things, each once (pages shift meanwhile), and what was sent."""

    found: dict[str, W] = field(default_factory=dict[str, W])
    broken: int = 0
    reached: int = 0
    pages: int = 0
    step: int = 0
    total: int | None = None
    ended: bool = False

    def take(self, pages: Sequence[tuple[Things[W], int | None]], full: int) -> None:
        """Take *pages* in that follow one another, and see whether they are the last.

        *full* is how many rows a page may have. A page that brings nothing new is the last: it is empty, or
        the system gives the same for ever. A shorter one is the last too, unless the total says otherwise;
        only of the first it may be the system's own, smaller limit, which the total must deny.
        """
        before, first = len(self.found) + self.broken, self.pages == 0
        for page, total in pages:
            self.found.update((key(each.id), each) for each in page.rows)
            self.broken += page.sent - len(page.rows)
            self.reached += page.sent
            self.total = total
        self.pages += len(pages)
        last = pages[-1][0].sent
        self.step = self.step or last
        self.ended = last == 0 or len(self.found) + self.broken == before
        if not self.ended and last < (full if first else self.step):
            self.ended = self.total == self.reached if first else (self.total or 0) <= self.reached

    def next(self, at_once: int) -> list[int]:
        """Give the offsets of the pages to read next: of several where the total says that they exist."""
        if self.total is None or self.total <= self.reached or self.reached % self.step:
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

    async def every(self, query: Query, wanted: frozenset[str] | None = None) -> Things[W]:
        """Give all things that *query* finds, each once; where ids are *wanted*, only until all were met.

        Raises ``SourceRefusedError`` where there are too many, ``SourceUnavailableError`` where an answer is
        no list of things.
        """
        reading: _Reading[W] = _Reading()
        offsets = [0]
        while not reading.ended and (wanted is None or not wanted <= reading.found.keys()):
            pages = await together(
                [partial(self._page, query, each) for each in offsets], self.settings.at_once
            )
            reading.take(pages, self.settings.page_size)
            self._bound(reading)
            offsets = reading.next(self.settings.at_once) if reading.step else []
        return Things(list(reading.found.values()), len(reading.found) + reading.broken)

    async def one(self, path: str) -> Things[W]:
        """Give the thing at *path*, nothing where there is none."""
        answer = await self.api.get(path)
        return Things([], 0) if answer.status == _NOT_FOUND else self._things(answer)

    async def _page(self, query: Query, offset: int) -> tuple[Things[W], int | None]:
        window = (("offset", str(offset)), ("limit", str(self.settings.page_size)))
        answer = await self.api.get(self.path, (*query, *window))
        if answer.status == _NOT_FOUND:  # some systems say so of an empty list
            return Things([], 0), None
        return self._things(answer), answer.total

    def _things(self, answer: Answer) -> Things[W]:
        try:
            return self.read(answer.body)
        except TmfError:
            raise SourceUnavailableError(self.api.system, f"{self.path}: no list of things") from None

    def _bound(self, reading: _Reading[W]) -> None:
        most = self.settings.most_rows
        if reading.reached > most or reading.pages > 2 * most // self.settings.page_size + 10:
            raise SourceRefusedError(self.api.system, f"{self.path}: a list of more than {most} rows")
