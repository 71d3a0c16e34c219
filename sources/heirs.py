"""Columns that a row has from the row it hangs on, kept in step whichever of the two is saved."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from sources.record import Inherited, R, Record
from sources.table import Saved, Table

P = TypeVar("P", bound=Record)


class Heirs(Generic[P, R]):
    """Two tables, the second with columns from the first; call its saves inside a transaction."""

    def __init__(self, parents: Table[P], rows: Table[R], inherited: Inherited) -> None:
        """Keep *inherited* in step between *parents* and *rows*."""
        self._parents = parents
        self._rows = rows
        self._inherited = inherited

    async def save_parents(self, records: Iterable[P]) -> Saved:
        """Write parents, and hand down what rows have from those that are new or changed in it."""
        latest = {(each.customer, each.id): each for each in records}
        known = await self._parents.known(latest)
        saved = await self._parents.save(latest.values())
        values = self._inherited.values
        changed = [
            each for key, each in latest.items() if key not in known or values(known[key]) != values(each)
        ]
        await self._rows.assign(
            self._inherited.parent,
            list(self._inherited.columns),
            [[*values(each), each.customer, each.id] for each in changed],
        )
        return saved

    async def save_rows(self, records: Iterable[R]) -> Saved:
        """Write rows, each with what it has from its parent as that is stored, whatever it says itself."""
        named = [((each.customer, getattr(each, self._inherited.parent)), each) for each in records]
        known = await self._parents.known(key for key, _ in named)
        return await self._rows.save(self._inherited.under(each, known.get(key)) for key, each in named)
