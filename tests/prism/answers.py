"""What a system gives to every question of its protocol."""

from collections.abc import Mapping
from typing import Any, get_type_hints

from sources.errors import SourceRefusedError
from sources.http import Answer, Api, Query
from sources.listing import Filter
from sources.record import Record
from tests.sources.methods import METHODS, SOURCES, WHOLE, inner, listing, rows_of

Ids = Mapping[str, Mapping[str, list[str]]]
"""By method, then key: the ids that it gave, in their order."""


class Several:
    """The APIs of one system, each at its own address, told apart by their collections."""

    def __init__(self, apis: Mapping[str, Api]) -> None:
        """Take the API of each collection."""
        self._apis = dict(apis)

    @property
    def system(self) -> str:
        """The system's name."""
        return next(iter(self._apis.values())).system

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Read *path* where it is."""
        api = self._apis.get(path.partition("/")[0])
        if api is None:
            raise SourceRefusedError(self.system, path)
        return await api.get(path, query)


async def ids_of(source: object, system: str, keys: set[str], without: frozenset[str] = frozenset()) -> Ids:
    """Ask *source* every question of *system* but those named *without*, for *keys* of all kinds."""
    names = [name for of, name in METHODS if of == system and name not in without]
    return {name: await _ask(source, system, name, keys) for name in names}


async def _ask(source: object, system: str, name: str, keys: set[str]) -> Mapping[str, list[str]]:
    hints = get_type_hints(vars(SOURCES[system])[name])
    asked: list[Any] = [keys]
    if "listing" in hints:
        asked.append(listing(inner(hints["return"], Record), inner(hints["listing"], Filter)))
    found = await getattr(source, name)(WHOLE, *asked)
    ids = {key: [row.id for row in rows_of(rows)] for key, rows in found.items()}
    return {key: rows for key, rows in ids.items() if rows}
