"""A system that speaks TM Forum's APIs over real HTTP, with the habits of those that were met."""

import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias, cast
from urllib.parse import unquote_plus

from aiohttp import web

Json: TypeAlias = Mapping[str, Any]

_WINDOW: Final = {"offset", "limit", "filter", "fields", "sort"}


class Total(Enum):
    """What is said of how many rows there are."""

    RIGHT = "right"
    OF_THE_COLLECTION = "of the collection"
    ZERO = "zero"
    NEGATIVE = "negative"
    NONE = "none"


@dataclass(frozen=True)
class Habits:
    """How a system keeps what the specifications say.

    ``filters`` false ignores what it is asked by; ``pages`` false gives the same rows whatever the offset;
    ``cap`` is how many rows it gives at most, ``status`` what it answers with.
    """

    filters: bool = True
    pages: bool = True
    total: Total = Total.RIGHT
    cap: int | None = None
    status: int = 200


GOOD: Final = Habits()


@dataclass
class TmfServer:
    """Things by the name of their collection, and what was asked."""

    habits: Habits = GOOD
    things: dict[str, Sequence[Json]] = field(default_factory=dict[str, Sequence[Json]])
    asked: list[str] = field(default_factory=list[str])
    url: str = ""

    async def collection(self, request: web.Request) -> web.Response:
        """Give a page of a collection."""
        self.asked.append(request.path_qs)
        rows, headers = self.page(request.match_info["collection"], request.query)
        return web.json_response(rows, status=self.habits.status, headers=headers)

    def page(self, collection: str, query: Mapping[str, str]) -> tuple[Sequence[Json], Mapping[str, str]]:
        """Give the rows that *query* asks for, and the headers that say how many there are."""
        every = self.things.get(collection, ())
        found = [each for each in every if not self.habits.filters or _matches(each, query)]
        start = int(query.get("offset", "0")) if self.habits.pages else 0
        limit = min(int(query.get("limit", "1000")), self.habits.cap or 1000)
        totals = {
            Total.RIGHT: len(found),
            Total.OF_THE_COLLECTION: len(every),
            Total.ZERO: 0,
            Total.NEGATIVE: -1,
        }
        total = totals.get(self.habits.total)
        said = {} if total is None else {"X-Total-Count": str(total), "Link": '"<http://x/?a=1?b=2>'}
        return found[start : start + limit], said

    async def thing(self, request: web.Request) -> web.Response:
        """Give one thing, or 404."""
        self.asked.append(request.path_qs)
        for each in self.things.get(request.match_info["collection"], ()):
            if str(each.get("id")) == request.match_info["id"]:
                return web.json_response(each)
        return web.json_response({"code": "60", "reason": "not found"}, status=404)

    @property
    def queries(self) -> list[str]:
        """What was asked since the last look, not escaped, without the window of pages."""
        said = [unquote_plus(re.sub(r"[?&](offset|limit)=\d+", "", each)) for each in self.asked]
        self.asked.clear()
        return said


@asynccontextmanager
async def serving(server: TmfServer) -> AsyncGenerator[TmfServer]:
    """Serve *server* on loopback, and say where in its ``url``, which ends with a slash."""
    application = web.Application()
    application.router.add_get("/{collection}", server.collection)
    application.router.add_get("/{collection}/{id}", server.thing)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield server
    finally:
        await runner.cleanup()


def _matches(thing: Json, query: Mapping[str, str]) -> bool:
    """Tell whether *thing* is as *query* asks: a comma means or; JSONPath knows ids only."""
    if "filter" in query:
        wanted = re.findall(r"@\.id=='([^']*)'", query["filter"])
        if thing["id"] not in wanted:
            return False
    asked = {name: set(value.split(",")) for name, value in query.items() if name not in _WINDOW}
    return all(not wanted.isdisjoint(_at(thing, name.split("."))) for name, wanted in asked.items())


def _at(value: object, path: Sequence[str]) -> Iterator[str]:
    """Give the texts at *path*, through lists."""
    if isinstance(value, list):
        for each in cast("Iterable[object]", value):
            yield from _at(each, path)
    elif not path:
        yield str(value)
    elif isinstance(value, dict):
        yield from _at(cast("dict[str, object]", value).get(path[0]), path[1:])
