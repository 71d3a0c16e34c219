"""What the GraphQL peers in Python share: one batch for each field of a request, over aiodataloader."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from aiodataloader import DataLoader
from starlette.requests import Request

from bench.rows import Rows
from bench.wire import Row

Makers: TypeAlias = Mapping[str, Callable[[Row], Any]]
"""What a peer makes of a row, by the statement that gave it."""


class Batches:
    """Who asks, and the loaders of one request; each kind of row is made into the peer's own by *makers*."""

    def __init__(self, rows: Rows, user: Row, makers: Makers) -> None:
        """Load from *rows* what belongs to the customer of *user*."""
        self.user = user
        self.customer: str = user["customer"]
        self.rows = rows
        self._makers = makers
        self._lists: dict[tuple[str, int], DataLoader[str, list[Any]]] = {}
        self._locations: DataLoader[str, Any] = DataLoader(self._load_locations)

    @classmethod
    async def of(cls, rows: Rows, request: Request, makers: Makers) -> "Batches":
        """Let the asker of *request* in, and give it its loaders."""
        return cls(rows, await rows.user(request.headers["authorization"]), makers)

    async def under(self, name: str, solution: str, first: int) -> list[Any]:
        """Give the first rows of a Solution by the statement *name*."""
        loader = self._lists.get((name, first))
        if loader is None:
            loader = self._lists[name, first] = DataLoader(partial(self._load, name, first))
        return await loader.load(solution)

    async def location(self, key: str | None) -> Any:  # noqa: ANN401 - whatever the peer makes of it
        """Give the location with that id."""
        return None if key is None else await self._locations.load(key)

    async def _load(self, name: str, first: int, keys: list[str]) -> list[list[Any]]:
        make = self._makers[name]
        found = await self.rows.under(name, self.customer, keys, first)
        return [[make(row) for row in found[key]] for key in keys]

    async def _load_locations(self, keys: list[str]) -> list[Any]:
        make = self._makers["locations"]
        found = await self.rows.locations(self.customer, keys)
        return [make(found[key]) if key in found else None for key in keys]


def moment(row: Row, column: str) -> str:
    """Give a time of *row* as text, in UTC."""
    text: str = row[column].isoformat()
    return text.replace("+00:00", "Z")
